//! A year: its days, its longest streaks, and how the habit grew.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::{Days, State, Streak};
use crate::calendar::{self, Day, Week};

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
