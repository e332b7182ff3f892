//! One week: its totals, who and what was in it, and one suggestion.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::pattern::{Pattern, QUIET_CATEGORY, RESTING, Suggest, pattern};
use super::{DayState, Days, LastDays, State, Streak, WEEKS};
use crate::calendar::{Day, Week};
use crate::journal::Log;
use crate::people::People;

/// How many weeks before its own a review reads.
const QUIET_WEEKS: u32 = 16;

/// One week, as of its last day, or as of today if it has not ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Review {
    /// Which week it is.
    #[serde(flatten)]
    pub week: Week,
    /// The day up to which streaks and the last 28 days are counted.
    #[serde(skip)]
    pub as_of: Day,
    /// Day one: the earliest day of all with a `done`.
    #[serde(skip)]
    pub first: Option<Day>,
    /// The last day of the rest that covers today, if nothing was done today.
    #[serde(skip)]
    pub resting_until: Option<Day>,
    /// Its seven days, oldest first.
    pub days: Vec<DayState>,
    /// Days of the week on which something was done.
    pub done_days: u32,
    /// How many done days a week asks for.
    pub goal: u32,
    /// Its spare days.
    pub spare: SpareDays,
    /// `None` while it is undecided, and for weeks before the first entry or still to come.
    pub kept: Option<bool>,
    /// The streak that runs up to `as_of`.
    pub streak: Streak,
    /// The 28 days up to `as_of`.
    pub last_28: LastDays,
    /// Days with something done in each of the last twelve weeks, this one last.
    pub twelve_weeks: Vec<u32>,
    /// Every category asked for, in the order given.
    pub categories: Vec<CategoryWeek>,
    /// Those with the most gestures first, then by name.
    pub people: Vec<PersonCount>,
    /// Oldest first.
    pub notes: Vec<Note>,
    /// Its suggestion. The JSON has it in words, which need the names of a catalogue.
    #[serde(skip)]
    pub pattern: Option<Pattern>,
}

/// The missed days that a week forgives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpareDays {
    /// How many it has forgiven.
    pub used: u32,
    /// How many more it would forgive.
    pub left: u32,
}

/// What was done in a category in the week, and how many days it has been quiet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryWeek {
    /// The category's id.
    pub id: String,
    /// Gestures done in it in the week.
    pub done: u32,
    /// Days since the last `done` in it, not counting days of rest; `None` if there was none in the events read.
    pub quiet_days: Option<u32>,
    /// Whether it is known that it was never done.
    #[serde(skip)]
    pub is_new: bool,
}

/// How many gestures were done with a person in the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonCount {
    /// The person's name.
    pub who: String,
    /// Gestures done with them in the week.
    pub done: u32,
}

/// A note of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The day of the entry.
    pub day: Day,
    /// The text of the note.
    pub note: String,
    /// The people of the entry.
    pub with: Vec<String>,
}

impl CategoryWeek {
    /// Whether it has been quiet for long enough to be mentioned.
    pub fn is_quiet(&self) -> bool {
        self.done == 0 && self.quiet_days.is_none_or(|days| days >= QUIET_CATEGORY)
    }
}

impl Review {
    /// Whether most of its days are rest.
    pub fn is_resting(&self) -> bool {
        self.days.iter().filter(|day| day.state == State::Rest).count() >= RESTING
    }
}

/// Reviews one week. `categories` are the ids to count, in order. The log has to begin at [`reads_from`] and hold
/// nothing before it, so that "none in the events read" always means the same.
pub fn review(log: &Log, days: &Days, week: Week, categories: &[&str], suggest: &Suggest<'_>) -> Review {
    let as_of = week.last().min(days.today);
    let of_week = days.week(week);
    let used = of_week.iter().filter(|day| day.state == State::Spare).count();
    // Seven at most.
    let used = u32::try_from(used).unwrap_or(7);
    let mut by_category: BTreeMap<&str, u32> = BTreeMap::new();
    let names = People::new(log, []);
    let mut by_person: BTreeMap<&str, u32> = BTreeMap::new();
    let mut notes = Vec::new();
    for (event, done) in log.dones().filter(|(event, _)| week.first <= event.day && event.day <= week.last()) {
        *by_category.entry(done.category()).or_insert(0) += 1;
        // An entry counts once for a person, by whatever names it has them.
        let with: BTreeSet<&str> = done.with.iter().map(|who| names.shown(who)).collect();
        for who in &with {
            *by_person.entry(who).or_insert(0) += 1;
        }
        if let Some(note) = &done.note {
            let with = done.with.iter().map(|who| names.shown(who).to_owned()).collect();
            notes.push(Note { day: event.day, note: note.clone(), with });
        }
    }
    let people = by_person.into_iter().map(|(who, done)| PersonCount { who: who.to_owned(), done });
    let mut people: Vec<PersonCount> = people.collect();
    people.sort_unstable_by(|a, b| (b.done, &a.who).cmp(&(a.done, &b.who)));
    let last_done = log.last_done(as_of);
    let category = |id: &&str| CategoryWeek {
        id: (*id).to_owned(),
        done: by_category.get(id).copied().unwrap_or(0),
        quiet_days: last_done.get(id).map(|last| days.awake_since(*last, as_of)),
        is_new: suggest.never_done.contains(id),
    };
    Review {
        week,
        as_of,
        first: days.first(),
        resting_until: days.resting_until(),
        done_days: days.done_days(week),
        days: of_week,
        goal: days.goal.days_per_week,
        spare: SpareDays { used, left: days.goal.spare_days().saturating_sub(used) },
        kept: days.kept(week),
        streak: days.streak(as_of),
        last_28: days.last_28(as_of),
        twelve_weeks: days.twelve_weeks(as_of),
        categories: categories.iter().map(category).collect(),
        people,
        notes,
        pattern: pattern(log, days, week, suggest),
    }
}

/// The first day whose events a review of `week` reads: sixteen weeks before it, long enough to see what is quiet.
pub fn reads_from(week: Week) -> Day {
    week.back(QUIET_WEEKS).first
}

/// The first day that the chart and the 28 days of a review need.
pub fn needs_from(week: Week) -> Day {
    week.back(WEEKS - 1).first
}
