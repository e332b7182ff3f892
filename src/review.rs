//! Looking back: from a log to days, weeks, streaks and strength. All of it works on plain dates.

mod pattern;
mod week;
mod year;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::Weekday;
use serde::Serialize;

use crate::calendar::{self, Day, Week};
use crate::journal::Log;

pub use pattern::{MANY, Pattern, Suggest};
pub use week::{CategoryWeek, Note, PersonCount, Review, SpareDays, needs_from, reads_from, review};
pub use year::{CategoryCount, WeekStrength, Year, year};

/// How many days [`Days::last_28`] covers.
const SHORT: u32 = 28;
/// How many weeks the chart shows.
const WEEKS: u32 = 12;

/// What a week asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// How many days with something done make a full week, 1 to 7.
    pub days_per_week: u32,
    /// The weekday on which a week begins.
    pub week_starts: Weekday,
}

impl Goal {
    /// The missed days that a week forgives.
    pub fn spare_days(self) -> u32 {
        7_u32.saturating_sub(self.days_per_week)
    }
}

/// What became of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// At least one gesture was done.
    Done,
    /// Missed, and forgiven by its week.
    Spare,
    /// Nothing was done, and the week's spare days were used up.
    Missed,
    /// Covered by a planned rest.
    Rest,
    /// Today, while nothing is done yet.
    Open,
    /// Still to come.
    Future,
    /// Before the first `done` of all.
    Before,
}

/// A day, what became of it, and how many gestures were done on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DayState {
    /// The day.
    pub day: Day,
    /// What became of it.
    pub state: State,
    /// Gestures done.
    pub done: u32,
}

/// Days done in a row, passing over spare, rest and open days, and weeks kept in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Streak {
    /// Days on which something was done.
    pub days: u32,
    /// Weeks that were kept.
    pub weeks: u32,
}

/// The last days as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LastDays {
    /// Days on which something was done.
    pub done: u32,
    /// Days that count: not rest, not before the first entry, not today while it is open.
    pub of: u32,
}

/// What was done, day by day, and the rests.
pub struct Days {
    /// Days of rest, each as its first and last day; in order, and none touches another.
    rests: Vec<(Day, Day)>,
    today: Day,
    goal: Goal,
    /// How many gestures were done on each day.
    done: BTreeMap<Day, u32>,
}

impl Days {
    /// From what a log says was done, and its rests.
    pub fn new(log: &Log, today: Day, goal: Goal) -> Self {
        let mut done = BTreeMap::new();
        for (event, _) in log.dones() {
            *done.entry(event.day).or_insert(0) += 1;
        }
        Self::of(done, log, today, goal)
    }

    /// From the number of gestures done on each day, and the rests of a log.
    pub fn of(done: BTreeMap<Day, u32>, log: &Log, today: Day, goal: Goal) -> Self {
        let mut rests: Vec<(Day, Day)> = log.rests().filter(|(from, until)| from <= until).collect();
        rests.sort_unstable();
        rests.dedup_by(|next, last| {
            // A rest that begins on the day after another continues it.
            let goes_on = next.0 <= calendar::forward(last.1, 1);
            if goes_on {
                last.1 = last.1.max(next.1);
            }
            goes_on
        });
        Self { rests, today, goal, done }
    }

    /// The earliest day with a `done`.
    pub fn first(&self) -> Option<Day> {
        self.done.keys().next().copied()
    }

    /// How many gestures were done on a day.
    pub fn done(&self, day: Day) -> u32 {
        self.done.get(&day).copied().unwrap_or(0)
    }

    /// What became of each day of a week, oldest first.
    pub fn week(&self, week: Week) -> Vec<DayState> {
        let mut spare = self.goal.spare_days();
        week.days()
            .map(|day| {
                let mut state = self.alone(day);
                if state == State::Missed && spare > 0 {
                    spare -= 1;
                    state = State::Spare;
                }
                DayState { day, state, done: self.done(day) }
            })
            .collect()
    }

    /// What became of a day, before its week forgives it.
    fn alone(&self, day: Day) -> State {
        if self.done(day) > 0 {
            State::Done
        } else if self.first().map_or(day < self.today, |first| day < first) {
            State::Before
        } else if self.rests_on(day) {
            State::Rest
        } else if day > self.today {
            State::Future
        } else if day == self.today {
            State::Open
        } else {
            State::Missed
        }
    }

    fn rests_on(&self, day: Day) -> bool {
        self.rests_until(day).is_some()
    }

    /// The last day of the rest that covers a day.
    fn rests_until(&self, day: Day) -> Option<Day> {
        let begun = self.rests.partition_point(|(from, _)| *from <= day);
        self.rests[..begun].last().map(|(_, until)| *until).filter(|until| day <= *until)
    }

    /// The last day of the rest that today lies in, if nothing was done today.
    pub fn resting_until(&self) -> Option<Day> {
        self.rests_until(self.today).filter(|_| self.done(self.today) == 0)
    }

    fn week_of(&self, day: Day) -> Week {
        Week::of(day, self.goal.week_starts)
    }

    /// Whether a week was kept, that is, has no missed day. `None` for the current week until it is decided, and for
    /// weeks before the first entry or still to come.
    pub fn kept(&self, week: Week) -> Option<bool> {
        let days = self.week(week);
        let count = |wanted: State| days.iter().filter(|day| day.state == wanted).count();
        let running = week.first <= self.today && self.today <= week.last();
        if count(State::Missed) > 0 {
            Some(false)
        } else if running {
            let enough = count(State::Done) + count(State::Rest) >= self.goal.days_per_week as usize;
            (enough && count(State::Done) > 0).then_some(true)
        } else {
            (count(State::Done) + count(State::Rest) + count(State::Spare) > 0 && week.last() < self.today)
                .then_some(true)
        }
    }

    /// The streak up to a day, as far as the log reaches back: see [`Days::streak_ends`].
    pub fn streak(&self, as_of: Day) -> Streak {
        let mut streak = Streak::default();
        let Some(first) = self.first() else {
            return streak;
        };
        let mut week = self.week_of(as_of);
        while week.last() >= first {
            let until = self.week(week).into_iter().rev().filter(|day| day.day <= as_of);
            let unbroken = until.take_while(|day| day.state != State::Missed);
            let done = unbroken.filter(|day| day.state == State::Done).count();
            // Seven at most.
            streak.days += u32::try_from(done).unwrap_or(7);
            match self.kept(week) {
                Some(true) if done > 0 => streak.weeks += 1,
                Some(false) => break,
                _ => {}
            }
            week = week.back(1);
        }
        streak
    }

    /// Whether the streak up to a day began after `log_from`, so that a log from that day on is enough to count it.
    pub fn streak_ends(&self, as_of: Day, log_from: Day) -> bool {
        let mut week = self.week_of(as_of);
        while week.first >= log_from {
            if self.week(week).iter().any(|day| day.day <= as_of && day.state == State::Missed) {
                return true;
            }
            week = week.back(1);
        }
        false
    }

    /// The longest streaks on any day of a span up to today, counting the days before the span on which they began.
    pub fn longest(&self, span: RangeInclusive<Day>) -> Streak {
        let (mut longest, mut running) = (Streak::default(), Streak::default());
        let until = self.today.min(*span.end());
        let Some(first) = self.first().filter(|_| *span.start() <= until) else {
            return longest;
        };
        let mut week = self.week_of(first);
        while week.first <= until {
            let mut done = 0;
            for DayState { day, state, .. } in self.week(week).into_iter().filter(|day| day.day <= until) {
                match state {
                    State::Done => (running.days, done) = (running.days + 1, done + 1),
                    State::Missed => running.days = 0,
                    _ => {}
                }
                if span.contains(&day) {
                    longest.days = longest.days.max(running.days);
                }
            }
            match self.kept(week) {
                Some(true) if done > 0 => running.weeks += 1,
                Some(false) => running.weeks = 0,
                _ => {}
            }
            if week.last() >= *span.start() {
                longest.weeks = longest.weeks.max(running.weeks);
            }
            week = Week { first: calendar::forward(week.first, 7) };
        }
        longest
    }

    /// Days with something done among the 28 up to a day, not counting days that are rest, before the first entry, or
    /// open.
    pub fn last_28(&self, as_of: Day) -> LastDays {
        let (mut done, mut of) = (0, 0);
        for day in calendar::days(calendar::back(as_of, SHORT - 1), as_of) {
            match self.alone(day) {
                State::Done => (done, of) = (done + 1, of + 1),
                State::Missed | State::Spare => of += 1,
                State::Rest | State::Before | State::Open | State::Future => {}
            }
        }
        LastDays { done, of }
    }

    /// Days with something done in each of the last twelve weeks, the week of `as_of` last.
    pub fn twelve_weeks(&self, as_of: Day) -> Vec<u32> {
        let last = self.week_of(as_of);
        (0..WEEKS).rev().map(|back| self.done_days(last.back(back))).collect()
    }

    fn done_days(&self, week: Week) -> u32 {
        // Seven at most.
        u32::try_from(self.done.range(week.first..=week.last()).count()).unwrap_or(7)
    }

    /// The strength of the habit after each day from the first `done` to `as_of`, from 0 to 1.
    ///
    /// It is the score of Loop Habit Tracker, an exponential moving average whose half-life is `13 / √f` days for a
    /// habit of frequency `f = days_per_week / 7`. Each day `s = s·m + v·(1 − m)`, with `m = 0.5^(√f / 13)` and `v =
    /// min(1, d / days_per_week)`, where `d` is the number of the last seven days on which something was done. A rest
    /// day leaves it as it is, and so does today until something is done.
    pub fn strength(&self, as_of: Day) -> Vec<(Day, f64)> {
        let Some(first) = self.first() else {
            return Vec::new();
        };
        let per_week = f64::from(self.goal.days_per_week);
        let keep = half_to_the((per_week / 7.0).sqrt() / 13.0);
        let mut strength = 0.0;
        calendar::days(first, as_of)
            .map(|day| {
                if !matches!(self.alone(day), State::Rest | State::Open | State::Future) {
                    let week = self.done.range(calendar::back(day, 6)..=day).count();
                    // Seven at most.
                    let done = f64::from(u8::try_from(week).unwrap_or(7));
                    strength = strength * keep + (done / per_week).min(1.0) * (1.0 - keep);
                }
                (day, strength)
            })
            .collect()
    }
}

/// 0.5 to the power of `x`, which is from 0 to 1, as the series of e^(−x·ln 2), whose terms after the twentieth are too
/// small to change the sum. The function of the C library would be looked for, with all of its mathematics, at every start.
fn half_to_the(x: f64) -> f64 {
    let step = -x * std::f64::consts::LN_2;
    let add = |(sum, term): (f64, f64), n: u32| (sum + term, term * step / f64::from(n + 1));
    (0..20).fold((0.0, 1.0), add).0
}

#[cfg(test)]
mod tests;
