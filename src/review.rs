//! The look back: a log to days, weeks, streaks and strength. All on plain dates.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use chrono::Weekday;

use crate::calendar::{self, Day, Week};
use crate::journal::Log;

/// How many days the short look back takes in.
const SHORT: u32 = 28;
/// How many weeks the chart shows.
const WEEKS: u32 = 12;
/// A category is quiet after so many days without a `done`, a person after [`QUIET_PERSON`].
const QUIET_CATEGORY: u32 = 14;
const QUIET_PERSON: u32 = 21;
/// A person is suggested only after so many gestures.
const KNOWN_PERSON: usize = 3;

/// What a week asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    pub days_per_week: u32,
    pub week_starts: Weekday,
}

impl Goal {
    /// The missed days that a week forgives.
    pub fn spare_days(self) -> u32 {
        7_u32.saturating_sub(self.days_per_week)
    }
}

/// What became of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Done,
    /// Missed, and forgiven by its week.
    Spare,
    Missed,
    Rest,
    /// Today, while nothing is done yet.
    Open,
    Future,
    /// Before the first `done` of all.
    Before,
}

impl State {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Spare => "spare",
            Self::Missed => "missed",
            Self::Rest => "rest",
            Self::Open => "open",
            Self::Future => "future",
            Self::Before => "before",
        }
    }
}

/// Days done in a row, spare, rest and open days let through, and weeks kept in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    pub days: u32,
    pub weeks: u32,
}

/// What was done, seen as days.
pub struct Days {
    /// Days of rest, each as its first and last day.
    rests: Vec<(Day, Day)>,
    today: Day,
    goal: Goal,
    /// How many gestures were done on each day.
    done: BTreeMap<Day, u32>,
}

impl Days {
    pub fn new(log: &Log, plans: &Log, today: Day, goal: Goal) -> Self {
        let mut done = BTreeMap::new();
        for (event, _) in log.dones() {
            *done.entry(event.day).or_insert(0) += 1;
        }
        Self::of(done, plans, today, goal)
    }

    /// Of the number of gestures done on each day.
    pub fn of(done: BTreeMap<Day, u32>, plans: &Log, today: Day, goal: Goal) -> Self {
        Self { rests: plans.rests().collect(), today, goal, done }
    }

    /// The earliest day with a `done`.
    pub fn first(&self) -> Option<Day> {
        self.done.keys().next().copied()
    }

    /// How many gestures were done on a day.
    pub fn done(&self, day: Day) -> u32 {
        self.done.get(&day).copied().unwrap_or(0)
    }

    /// What became of each day of a week.
    pub fn week(&self, week: Week) -> Vec<(Day, State)> {
        let mut spare = self.goal.spare_days();
        week.days()
            .map(|day| {
                let state = self.alone(day);
                if state == State::Missed && spare > 0 {
                    spare -= 1;
                    return (day, State::Spare);
                }
                (day, state)
            })
            .collect()
    }

    /// What became of a day, before its week forgives.
    fn alone(&self, day: Day) -> State {
        if self.done(day) > 0 {
            State::Done
        } else if self.first().map_or(day < self.today, |first| day < first) {
            State::Before
        } else if self.rests.iter().any(|(from, until)| *from <= day && day <= *until) {
            State::Rest
        } else if day > self.today {
            State::Future
        } else if day == self.today {
            State::Open
        } else {
            State::Missed
        }
    }

    fn week_of(&self, day: Day) -> Week {
        Week::of(day, self.goal.week_starts)
    }

    /// Whether a week was kept; of the running week `None` until it is decided, of one before
    /// the beginning or to come `None` for good.
    pub fn kept(&self, week: Week) -> Option<bool> {
        let states = self.week(week);
        let count = |wanted: State| states.iter().filter(|(_, state)| *state == wanted).count();
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

    /// The streak that runs up to a day, as far as the log reaches back: see [`Days::streak_ends`].
    pub fn streak(&self, as_of: Day) -> Streak {
        let mut streak = Streak::default();
        let Some(first) = self.first() else {
            return streak;
        };
        let mut week = self.week_of(as_of);
        while week.last() >= first {
            let unbroken = self.week(week).into_iter().rev().filter(|(day, _)| *day <= as_of);
            let unbroken = unbroken.map(|(_, state)| state).take_while(|state| *state != State::Missed);
            let done = unbroken.filter(|state| *state == State::Done).count();
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

    /// Whether the streak up to a day ends inside what the log holds.
    pub fn streak_ends(&self, as_of: Day, log_from: Day) -> bool {
        let mut week = self.week_of(as_of);
        while week.first >= log_from {
            if self.week(week).iter().any(|(day, state)| *day <= as_of && *state == State::Missed) {
                return true;
            }
            week = week.back(1);
        }
        false
    }

    /// The longest streaks that stood on any day of a span; up to today, whenever they began.
    pub fn longest(&self, span: RangeInclusive<Day>) -> Streak {
        let (mut longest, mut running) = (Streak::default(), Streak::default());
        let until = self.today.min(*span.end());
        let Some(first) = self.first() else {
            return longest;
        };
        let mut week = self.week_of(first);
        while week.first <= until {
            let mut done = 0;
            for (day, state) in self.week(week).into_iter().filter(|(day, _)| *day <= until) {
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

    /// Done days of the 28 up to a day, of those that are neither rest, nor before, nor open.
    pub fn last_28(&self, as_of: Day) -> (u32, u32) {
        let (mut done, mut of) = (0, 0);
        for day in calendar::days(calendar::back(as_of, SHORT - 1), as_of) {
            match self.alone(day) {
                State::Done => (done, of) = (done + 1, of + 1),
                State::Missed | State::Spare => of += 1,
                State::Rest | State::Before | State::Open | State::Future => {}
            }
        }
        (done, of)
    }

    /// Done days in each of the last twelve weeks, the week of `as_of` last.
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
    /// The score of Loop Habit Tracker (an exponential moving average whose half-life grows with the
    /// habit's frequency), taken over the last seven days: each day `s = s·m + v·(1 − m)` with
    /// `m = 0.5^(√f / 13)`, `f = days_per_week / 7`, `v = min(1, done days of the last 7 / days_per_week)`.
    /// A rest day leaves it as it is, and so does today until something is done.
    pub fn strength(&self, as_of: Day) -> Vec<(Day, f64)> {
        let Some(first) = self.first() else {
            return Vec::new();
        };
        let per_week = f64::from(self.goal.days_per_week);
        let keep = 0.5_f64.powf((per_week / 7.0).sqrt() / 13.0);
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

/// One week, looked at as of its last day, or as of today while it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    pub week: Week,
    pub as_of: Day,
    pub first: Option<Day>,
    pub days: Vec<(Day, State, u32)>,
    pub done_days: u32,
    pub goal: u32,
    pub spare_used: u32,
    pub spare_left: u32,
    pub kept: Option<bool>,
    pub streak: Streak,
    pub last_28: (u32, u32),
    pub twelve_weeks: Vec<u32>,
    /// By category id, in the order given: gestures done in the week, and days of quiet.
    pub categories: Vec<(String, u32, Option<u32>)>,
    /// By how often, then by name.
    pub people: Vec<(String, u32)>,
    pub notes: Vec<Note>,
    pub pattern: Option<Pattern>,
}

/// A note of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub day: Day,
    pub note: String,
    pub with: Vec<String>,
}

/// One thing worth a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A category without a `done` for two weeks or more; `days` is `None` if it was never done.
    Category { id: String, days: Option<u32> },
    /// A person with three gestures or more and none for three weeks.
    Person { who: String, days: u32 },
}

/// Calendar days from the last `done` in a category to a day; `None` if there was none.
fn quiet_days(log: &Log, category: &str, as_of: Day) -> Option<u32> {
    let last = log.dones().rev().find(|(event, done)| event.day <= as_of && done.category == category)?;
    u32::try_from(calendar::days_between(last.0.day, as_of)).ok()
}

/// Looks at one week. `categories` are the ids to count, in order; `suggested` those that may be suggested.
pub fn review(
    log: &Log,
    days: &Days,
    week: Week,
    categories: &[&str],
    suggested: &[&str],
    suggest_people: bool,
) -> Review {
    let as_of = week.last().min(days.today);
    let states = days.week(week);
    let spare_used = states.iter().filter(|(_, state)| *state == State::Spare).count();
    let spare_used = u32::try_from(spare_used).unwrap_or(7);
    let mut by_category: HashMap<&str, u32> = HashMap::new();
    let mut by_person: BTreeMap<&str, u32> = BTreeMap::new();
    let mut notes = Vec::new();
    for (event, done) in log.dones().filter(|(event, _)| week.first <= event.day && event.day <= week.last()) {
        *by_category.entry(&done.category).or_insert(0) += 1;
        for who in &done.with {
            *by_person.entry(who).or_insert(0) += 1;
        }
        if let Some(note) = &done.note {
            notes.push(Note { day: event.day, note: note.clone(), with: done.with.clone() });
        }
    }
    let mut people: Vec<(String, u32)> = by_person.into_iter().map(|(who, count)| (who.to_owned(), count)).collect();
    people.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let count = |id: &str| by_category.get(id).copied().unwrap_or(0);
    Review {
        week,
        as_of,
        first: days.first(),
        done_days: days.done_days(week),
        days: states.iter().map(|(day, state)| (*day, *state, days.done(*day))).collect(),
        goal: days.goal.days_per_week,
        spare_used,
        spare_left: days.goal.spare_days().saturating_sub(spare_used),
        kept: days.kept(week),
        streak: days.streak(as_of),
        last_28: days.last_28(as_of),
        twelve_weeks: days.twelve_weeks(as_of),
        categories: categories.iter().map(|id| ((*id).to_owned(), count(id), quiet_days(log, id, as_of))).collect(),
        people,
        notes,
        pattern: pattern(log, days, as_of, suggested, suggest_people),
    }
}

/// The category that has been quiet longest, or else, where asked for, the person.
fn pattern(log: &Log, days: &Days, as_of: Day, categories: &[&str], suggest_people: bool) -> Option<Pattern> {
    let since_first = u32::try_from(calendar::days_between(days.first()?, as_of)).ok()?;
    let quietest = categories
        .iter()
        .map(|id| (quiet_days(log, id, as_of), *id))
        .filter(|(quiet, _)| quiet.unwrap_or(since_first) >= QUIET_CATEGORY)
        .min_by_key(|(quiet, _)| std::cmp::Reverse(quiet.unwrap_or(u32::MAX)));
    if let Some((quiet, id)) = quietest {
        return Some(Pattern::Category { id: id.to_owned(), days: quiet });
    }
    if !suggest_people {
        return None;
    }
    let mut people: BTreeMap<&str, (usize, Day)> = BTreeMap::new();
    for (event, done) in log.dones().filter(|(event, _)| event.day <= as_of) {
        for who in &done.with {
            let entry = people.entry(who).or_insert((0, event.day));
            *entry = (entry.0 + 1, event.day);
        }
    }
    let quiet = |last: Day| u32::try_from(calendar::days_between(last, as_of)).unwrap_or(0);
    people
        .into_iter()
        .filter(|(_, (count, last))| *count >= KNOWN_PERSON && quiet(*last) >= QUIET_PERSON)
        .min_by_key(|(_, (_, last))| *last)
        .map(|(who, (_, last))| Pattern::Person { who: who.to_owned(), days: quiet(last) })
}

/// A year, or the weeks that led to today.
#[derive(Clone, Debug, PartialEq)]
pub struct Year {
    pub span: RangeInclusive<Day>,
    pub first: Option<Day>,
    pub days: Vec<(Day, State, u32)>,
    pub longest: Streak,
    /// At the end of the span, or today.
    pub strength: f64,
    /// At the end of each week that has a day in the span and has begun, oldest first.
    pub strength_by_week: Vec<(Week, f64)>,
    pub done_days: u32,
    pub total_done: u32,
    /// Gestures done, by category id.
    pub categories: Vec<(String, u32)>,
}

/// Looks at a span of days, with what was done in it by category.
pub fn year(days: &Days, span: RangeInclusive<Day>, categories: Vec<(String, u32)>) -> Year {
    let until = days.today.min(*span.end());
    let strength: HashMap<Day, f64> = days.strength(until).into_iter().collect();
    let strength_on = |day: Day| strength.get(&day.min(until)).copied().unwrap_or(0.0);
    let (mut weeks, mut all) = (Vec::new(), Vec::new());
    let mut week = days.week_of(*span.start());
    while week.first <= *span.end() {
        let states = days.week(week).into_iter().filter(|(day, _)| span.contains(day));
        all.extend(states.map(|(day, state)| (day, state, days.done(day))));
        if week.first <= until {
            weeks.push((week, strength_on(week.last())));
        }
        week = Week { first: calendar::forward(week.first, 7) };
    }
    let done = |(_, _, done): &&(Day, State, u32)| *done > 0;
    Year {
        first: days.first(),
        longest: days.longest(span.clone()),
        strength: strength_on(until),
        strength_by_week: weeks,
        // At most the days of a year or so.
        done_days: u32::try_from(all.iter().filter(done).count()).unwrap_or(u32::MAX),
        total_done: all.iter().map(|(_, _, done)| *done).sum(),
        days: all,
        categories,
        span,
    }
}

/// The first day that a look at `week` needs: the weeks of the chart, all 28 days and the quiet of a category.
pub fn reads_from(week: Week) -> Day {
    week.back(WEEKS - 1).first
}

#[cfg(test)]
mod tests;
