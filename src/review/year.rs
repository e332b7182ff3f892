//! A year: its days, its longest streaks, and how the habit grew.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde::{Serialize, Serializer};

use super::{DayState, Days, Streak};
use crate::calendar::{self, Day, Week};

/// A calendar year, or the weeks up to today.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Year {
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Day one: the earliest day of all with a `done`.
    #[serde(skip)]
    pub first: Option<Day>,
    /// Every day of the span, oldest first.
    pub days: Vec<DayState>,
    /// The longest streaks on any day of the span so far.
    pub longest: Streak,
    /// The strength of the habit, from 0 to 1, at the end of the span or today: see [`Days::strength`].
    #[serde(serialize_with = "to_six_places")]
    pub strength: f64,
    /// The strength at the end of each week that has a day in the span and has begun, oldest first.
    pub strength_by_week: Vec<WeekStrength>,
    /// Days on which something was done.
    pub done_days: u32,
    /// Gestures done on them.
    pub total_done: u32,
    /// Gestures done in each category, in the order in which they are listed.
    pub categories: Vec<CategoryCount>,
}

/// The strength of the habit at the end of a week; in JSON the number alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct WeekStrength {
    /// The week.
    #[serde(skip)]
    pub week: Week,
    /// From 0 to 1.
    #[serde(serialize_with = "to_six_places")]
    pub strength: f64,
}

/// How many gestures were done in a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryCount {
    /// The category's id.
    pub id: String,
    /// Gestures done in it.
    pub done: u32,
}

/// Six decimal places, which is finer than anyone will compare.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn to_six_places<S: Serializer>(strength: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((strength * 1e6).round() / 1e6)
}

/// Reviews a span of days. `categories` says how many gestures were done in it by category.
pub fn year(days: &Days, span: RangeInclusive<Day>, categories: Vec<(String, u32)>) -> Year {
    let until = days.today.min(*span.end());
    let strength: HashMap<Day, f64> = days.strength(until).into_iter().collect();
    let strength_on = |day: Day| strength.get(&day.min(until)).copied().unwrap_or(0.0);
    let (mut strength_by_week, mut all) = (Vec::new(), Vec::new());
    let mut week = days.week_of(*span.start());
    while week.first <= *span.end() {
        all.extend(days.week(week).into_iter().filter(|day| span.contains(&day.day)));
        if week.first <= until {
            strength_by_week.push(WeekStrength { week, strength: strength_on(week.last()) });
        }
        week = Week { first: calendar::forward(week.first, 7) };
    }
    Year {
        from: *span.start(),
        to: *span.end(),
        first: days.first(),
        strength: strength_on(until),
        strength_by_week,
        // At most the days of a year or so.
        done_days: u32::try_from(all.iter().filter(|day| day.done > 0).count()).unwrap_or(u32::MAX),
        total_done: all.iter().map(|day| day.done).sum(),
        longest: days.longest(span),
        days: all,
        categories: categories.into_iter().map(|(id, done)| CategoryCount { id, done }).collect(),
    }
}
