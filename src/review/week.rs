//! One week: what it came to, who and what was in it, and one suggestion.

use std::collections::{BTreeMap, HashMap};

use super::{Days, State, Streak, WEEKS};
use crate::calendar::{self, Day, Week};
use crate::journal::Log;

/// A category is quiet after so many days without a `done`, a person after [`QUIET_PERSON`].
const QUIET_CATEGORY: u32 = 14;
const QUIET_PERSON: u32 = 21;
/// A person is suggested only after so many gestures.
const KNOWN_PERSON: usize = 3;

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
        *by_category.entry(done.category()).or_insert(0) += 1;
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
    let last_done = log.last_done(as_of);
    // Calendar days from the last `done` in a category; none if there was none.
    let quiet_days = |id: &str| u32::try_from(calendar::days_between(*last_done.get(id)?, as_of)).ok();
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
        categories: categories.iter().map(|id| ((*id).to_owned(), count(id), quiet_days(id))).collect(),
        people,
        notes,
        pattern: pattern(log, days, as_of, suggested, quiet_days, suggest_people),
    }
}

/// The category that has been quiet longest, or else, where asked for, the person.
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

/// The first day that a look at `week` needs: the weeks of the chart, all 28 days and the quiet of a category.
pub fn reads_from(week: Week) -> Day {
    week.back(WEEKS - 1).first
}
