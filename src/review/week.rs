//! One week: what it came to, who and what was in it, and one suggestion.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{DayState, Days, LastDays, State, Streak, WEEKS};
use crate::calendar::{self, Day, Week};
use crate::journal::Log;

/// After so many days without a `done` a category is quiet.
const QUIET_CATEGORY: u32 = 14;
/// After so many days without a `done` a person is quiet.
const QUIET_PERSON: u32 = 21;
/// A person is suggested only after so many gestures.
const KNOWN_PERSON: usize = 3;

/// One week, looked at as of its last day, or as of today while it runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Review {
    #[serde(flatten)]
    pub week: Week,
    #[serde(skip)]
    /// The day up to which streaks and the last 28 days are counted.
    pub as_of: Day,
    /// Day one: the earliest day of all with a `done`.
    #[serde(skip)]
    pub first: Option<Day>,
    /// Its seven days, oldest first.
    pub days: Vec<DayState>,
    pub done_days: u32,
    /// How many done days a week asks for.
    pub goal: u32,
    pub spare: SpareDays,
    /// `None` while it is undecided, and for weeks before the first entry or still to come.
    pub kept: Option<bool>,
    pub streak: Streak,
    pub last_28: LastDays,
    /// Done days in each of the last twelve weeks, this one last.
    pub twelve_weeks: Vec<u32>,
    /// In the order that was given.
    pub categories: Vec<CategoryWeek>,
    /// By how often, then by name.
    pub people: Vec<PersonCount>,
    /// Oldest first.
    pub notes: Vec<Note>,
    /// Shown in words, which take the names of a catalogue.
    #[serde(skip)]
    pub pattern: Option<Pattern>,
}

/// The missed days that the week has forgiven, and how many more it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpareDays {
    pub used: u32,
    pub left: u32,
}

/// What was done in a category in the week, and how many days it has been quiet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryWeek {
    pub id: String,
    pub done: u32,
    /// Calendar days since the last `done` in it; `None` if there was none in the events read.
    pub quiet_days: Option<u32>,
}

/// How many gestures were done with a person in the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonCount {
    pub who: String,
    pub done: u32,
}

/// A note of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    pub day: Day,
    pub note: String,
    pub with: Vec<String>,
}

/// One thing worth a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A category without a `done` for two weeks or more; `days` is `None` if there was none in the events read.
    Category { id: String, days: Option<u32> },
    /// A person with three gestures or more and none for three weeks.
    Person { who: String, days: u32 },
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
    let of_week = days.week(week);
    let used = of_week.iter().filter(|day| day.state == State::Spare).count();
    // Seven at most.
    let used = u32::try_from(used).unwrap_or(7);
    let mut by_category: HashMap<&str, u32> = HashMap::new();
    let mut by_person: BTreeMap<&str, u32> = BTreeMap::new();
    let mut notes = Vec::new();
    for (event, done) in log.dones().filter(|(event, _)| week.first <= event.day && event.day <= week.last()) {
        *by_category.entry(done.category()).or_insert(0) += 1;
        for who in &done.with {
            *by_person.entry(who).or_insert(0) += 1;
        }
        if let Some(note) = &done.note {
            notes.push(Note { day: event.day, note: note.clone(), with: done.with.clone() });
        }
    }
    let people = by_person.into_iter().map(|(who, done)| PersonCount { who: who.to_owned(), done });
    let mut people: Vec<PersonCount> = people.collect();
    people.sort_by_key(|person| std::cmp::Reverse(person.done));
    let count = |id: &str| by_category.get(id).copied().unwrap_or(0);
    let last_done = log.last_done(as_of);
    // Calendar days from the last `done` in a category; none if there was none.
    let quiet_days = |id: &str| u32::try_from(calendar::days_between(*last_done.get(id)?, as_of)).ok();
    Review {
        week,
        as_of,
        first: days.first(),
        done_days: days.done_days(week),
        days: of_week,
        goal: days.goal.days_per_week,
        spare: SpareDays { used, left: days.goal.spare_days().saturating_sub(used) },
        kept: days.kept(week),
        streak: days.streak(as_of),
        last_28: days.last_28(as_of),
        twelve_weeks: days.twelve_weeks(as_of),
        categories: categories
            .iter()
            .map(|id| CategoryWeek { id: (*id).to_owned(), done: count(id), quiet_days: quiet_days(id) })
            .collect(),
        people,
        notes,
        pattern: pattern(log, days, as_of, suggested, quiet_days, suggest_people),
    }
}

/// The category that has been quiet longest; if none has, and it is asked for, the person.
fn pattern(
    log: &Log,
    days: &Days,
    as_of: Day,
    categories: &[&str],
    quiet_days: impl Fn(&str) -> Option<u32>,
    suggest_people: bool,
) -> Option<Pattern> {
    let since_first = u32::try_from(calendar::days_between(days.first()?, as_of)).ok()?;
    let quietest = categories
        .iter()
        .map(|id| (quiet_days(id), *id))
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

/// The first day whose events a review of `week` needs: that covers the chart, the 28 days, and how long
/// a category has been quiet.
pub fn reads_from(week: Week) -> Day {
    week.back(WEEKS - 1).first
}
