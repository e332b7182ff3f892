//! The review's rules written down once more, plainly and slowly, on numbers of days: both have to agree.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// What was done and rested, by days counted from the 1st of January 2026.
#[derive(Clone, Debug)]
struct Model {
    done: BTreeSet<i64>,
    rests: Vec<(i64, i64)>,
    today: i64,
    per_week: u32,
    /// The weekday that a week begins with, counted from Monday.
    starts: u8,
}

fn date(number: i64) -> Day {
    day("2026-01-01") + chrono::TimeDelta::days(number)
}

impl Model {
    fn days(&self) -> Days {
        let done: Vec<String> = self.done.iter().map(|on| format!("{} done - tone", date(*on))).collect();
        let rests = self.rests.iter().map(|(from, until)| format!("2020-01-01 rest {} {}", date(*from), date(*until)));
        let (today, lines) = (date(self.today), done.into_iter().chain(rests).collect::<Vec<_>>().join("\n"));
        Days::new(&log(&lines, today), today, self.goal())
    }

    fn goal(&self) -> Goal {
        Goal { days_per_week: self.per_week, week_starts: Weekday::try_from(self.starts).unwrap() }
    }

    fn is_done(&self, on: i64) -> bool {
        on <= self.today && self.done.contains(&on)
    }

    fn first(&self) -> Option<i64> {
        self.done.first().copied().filter(|on| *on <= self.today)
    }

    /// The 1st of January 2026 was a Thursday.
    fn week_begins(&self, on: i64) -> i64 {
        (on - 6..=on).find(|first| (first + 3).rem_euclid(7) == i64::from(self.starts)).unwrap()
    }

    fn alone(&self, on: i64) -> State {
        match self.first() {
            _ if self.is_done(on) => State::Done,
            Some(first) if on < first => State::Before,
            None if on < self.today => State::Before,
            _ if self.rests.iter().any(|(from, until)| (*from..=*until).contains(&on)) => State::Rest,
            _ if on > self.today => State::Future,
            _ if on == self.today => State::Open,
            _ => State::Missed,
        }
    }

    fn state(&self, on: i64) -> State {
        let missed = (self.week_begins(on)..on).filter(|earlier| self.alone(*earlier) == State::Missed).count();
        match self.alone(on) {
            State::Missed if missed < 7 - self.per_week as usize => State::Spare,
            state => state,
        }
    }

    fn count(&self, first: i64, wanted: State) -> u32 {
        u32::try_from((first..first + 7).filter(|on| self.state(*on) == wanted).count()).unwrap()
    }

    fn kept(&self, first: i64) -> Option<bool> {
        let [done, rest, spare] = [State::Done, State::Rest, State::Spare].map(|state| self.count(first, state));
        match () {
            () if self.count(first, State::Missed) > 0 => Some(false),
            () if first > self.today || done + rest + spare == 0 => None,
            () if first + 6 < self.today => Some(true),
            () => (done > 0 && done + rest >= self.per_week).then_some(true),
        }
    }

    /// Up to a day, its week as it stands by now.
    fn streak(&self, as_of: i64) -> Streak {
        let first = self.first().unwrap_or(as_of + 1);
        let unbroken = (first..=as_of).rev().take_while(|on| self.state(*on) != State::Missed);
        let days = unbroken.filter(|on| self.state(*on) == State::Done).count();
        let mut weeks = 0;
        for week in (self.week_begins(first)..=as_of).step_by(7) {
            match self.kept(week) {
                Some(false) => weeks = 0,
                Some(true) if (week..=as_of.min(week + 6)).any(|on| self.is_done(on)) => weeks += 1,
                _ => {}
            }
        }
        Streak { days: u32::try_from(days).unwrap(), weeks }
    }

    fn last_28(&self, as_of: i64) -> (u32, u32) {
        let states: Vec<State> = (as_of - 27..=as_of).map(|on| self.state(on)).collect();
        let count = |wanted: &[State]| states.iter().filter(|state| wanted.contains(state)).count();
        let of = count(&[State::Done, State::Spare, State::Missed]);
        (u32::try_from(count(&[State::Done])).unwrap(), u32::try_from(of).unwrap())
    }

    fn strength(&self, as_of: i64) -> f64 {
        let per_week = f64::from(self.per_week);
        let keep = 0.5_f64.powf((per_week / 7.0).sqrt() / 13.0);
        let mut strength = 0.0;
        for on in self.first().unwrap_or(as_of + 1)..=as_of {
            if matches!(self.alone(on), State::Done | State::Missed) {
                let week = u32::try_from((on - 6..=on).filter(|on| self.is_done(*on)).count()).unwrap();
                strength = strength * keep + (f64::from(week) / per_week).min(1.0) * (1.0 - keep);
            }
        }
        strength
    }
}

fn any_model() -> impl Strategy<Value = Model> {
    let done = prop_oneof![
        prop::collection::btree_set(0..160_i64, 0..160),
        prop::collection::btree_set(0..160_i64, 0..8),
        // Every day but a few.
        prop::collection::btree_set(0..160_i64, 0..30)
            .prop_map(|without| (20..160).filter(|on| !without.contains(on)).collect()),
    ];
    // Some overlap, and some end before they begin.
    let rests = prop::collection::vec((0..170_i64, -2..12_i64).prop_map(|(from, more)| (from, from + more)), 0..12);
    (done, rests, 0..160_i64, 1..8_u32, 0..7_u8).prop_map(|(done, rests, today, per_week, starts)| Model {
        done,
        rests,
        today,
        per_week,
        starts,
    })
}

proptest! {
    #[test]
    fn the_review_follows_its_rules(model in any_model(), on in 0..170_i64, span in (-10..170_i64, 0..100_i64)) {
        let days = model.days();
        let first = model.week_begins(on);
        let week = Week { first: date(first) };
        prop_assert_eq!(Week::of(date(on), model.goal().week_starts), week);
        let states: Vec<(Day, State)> = (first..first + 7).map(|on| (date(on), model.state(on))).collect();
        let found: Vec<(Day, State)> = days.week(week).iter().map(|day| (day.day, day.state)).collect();
        prop_assert_eq!(found, states);
        prop_assert_eq!(days.kept(week), model.kept(first));
        let as_of = (first + 6).min(model.today);
        prop_assert_eq!(days.streak(date(as_of)), model.streak(as_of));
        prop_assert_eq!(last_28(&days, date(as_of)), model.last_28(as_of));
        let twelve: Vec<u32> = (0..12).rev().map(|back| model.count(model.week_begins(as_of) - 7 * back, State::Done)).collect();
        prop_assert_eq!(days.twelve_weeks(date(as_of)), twelve);
        let strength = days.strength(date(as_of)).last().map_or(0.0, |(_, strength)| *strength);
        prop_assert!((strength - model.strength(as_of)).abs() < 1e-9);

        let span = span.0..=span.0 + span.1;
        let stood: Vec<Streak> = span.clone().filter(|on| *on <= model.today).map(|on| model.streak(on)).collect();
        let longest = days.longest(date(*span.start())..=date(*span.end()));
        prop_assert_eq!(longest.days, stood.iter().map(|streak| streak.days).max().unwrap_or(0));
        prop_assert_eq!(longest.weeks, stood.iter().map(|streak| streak.weeks).max().unwrap_or(0));
    }
}
