//! One thing worth a suggestion at the end of a week: what has been quiet, or what was swapped away.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Days, State};
use crate::calendar::{self, Day, Week};
use crate::journal::{Log, What};
use crate::people::People;

/// After this many days without a `done`, not counting days of rest, a category is quiet.
pub const QUIET_CATEGORY: u32 = 14;
/// After this many days without a `done` a person is quiet.
const QUIET_PERSON: u32 = 21;
/// A person is suggested only after this many gestures.
const KNOWN_PERSON: usize = 3;
/// If this many categories are quiet, no single one is named.
pub const MANY: usize = 4;
/// How many of a category's last offers are looked at.
const OFFERS: usize = 4;
/// If this many of them were swapped, the category is swapped away.
const SWAPPED: usize = 3;
/// A week with this many days of rest suggests nothing.
pub const RESTING: usize = 4;

/// One thing worth a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Of the last four offers of a category at least three were swapped away.
    SwappedAway {
        /// The category's id.
        id: String,
    },
    /// Four categories or more are quiet.
    MostQuiet,
    /// A category without a `done` for two weeks or more.
    Category {
        /// The category's id.
        id: String,
        /// Days since its last `done`, not counting days of rest; `None` if there was none in the events read.
        days: Option<u32>,
        /// Whether it is known that it was never done.
        is_new: bool,
    },
    /// A person with three gestures or more and none for three weeks.
    Person {
        /// The person's name.
        who: String,
        /// Days since the last gesture with them.
        days: u32,
    },
}

impl Pattern {
    /// Whether both are about the same thing, however many days they count.
    fn is_about_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Category { id: a, .. }, Self::Category { id: b, .. })
            | (Self::Person { who: a, .. }, Self::Person { who: b, .. }) => a == b,
            _ => self == other,
        }
    }
}

/// What may be suggested, and what is known apart from the log.
#[derive(Clone, Copy)]
pub struct Suggest<'a> {
    /// The categories of the catalogue, in order.
    pub categories: &'a [&'a str],
    /// Whether a gesture of a category could be drawn. Only of those that are worth a suggestion it is asked, since the
    /// answer takes the whole catalogue.
    pub can_come: &'a dyn Fn(&str) -> bool,
    /// The categories in which, as far as the whole journal goes, nothing was ever done.
    pub never_done: &'a [&'a str],
    /// Whether a person may be named.
    pub people: bool,
}

impl Default for Suggest<'_> {
    fn default() -> Self {
        Self { categories: &[], can_come: &|_| true, never_done: &[], people: false }
    }
}

impl Days {
    /// How many days there are after `day` up to `as_of`, not counting days of rest.
    pub fn awake_since(&self, day: Day, as_of: Day) -> u32 {
        let resting = self.rests.iter().map(|(from, until)| {
            let (from, until) = ((*from).max(calendar::forward(day, 1)), (*until).min(as_of));
            (calendar::days_between(from, until) + 1).max(0)
        });
        let awake = calendar::days_between(day, as_of) - resting.sum::<i64>();
        u32::try_from(awake).unwrap_or(0)
    }

    fn is_resting(&self, week: Week) -> bool {
        self.week(week).iter().filter(|day| day.state == State::Rest).count() >= RESTING
    }
}

/// What a week suggests: nothing during a rest, and for a past week only what still holds today.
///
/// Weeks are paired by counting them since 1970, and the second week of a pair never suggests what the first suggested
/// at its end. So no suggestion comes three weeks running, without recording what was suggested.
pub fn pattern(log: &Log, days: &Days, week: Week, suggest: &Suggest<'_>) -> Option<Pattern> {
    if days.resting_until().is_some() || days.is_resting(week) {
        return None;
    }
    let as_of = week.last().min(days.today);
    let now = candidates(log, days, days.today, suggest);
    let still_holds = |pattern: &Pattern| now.iter().any(|now| now.is_about_the_same(pattern));
    let before = week.back(1);
    let is_second = calendar::number(calendar::forward(week.first, 3)).div_euclid(7) % 2 != 0;
    let said_before = if is_second && !days.is_resting(before) {
        candidates(log, days, before.last(), suggest).into_iter().next()
    } else {
        None
    };
    let was_said = |pattern: &Pattern| said_before.as_ref().is_some_and(|said| said.is_about_the_same(pattern));
    let then = if as_of == days.today { now.clone() } else { candidates(log, days, as_of, suggest) };
    then.into_iter().find(|pattern| still_holds(pattern) && !was_said(pattern))
}

/// All that could be suggested as of a day, the most telling first.
fn candidates(log: &Log, days: &Days, as_of: Day, suggest: &Suggest<'_>) -> Vec<Pattern> {
    let Some(first) = days.first().filter(|first| *first <= as_of) else {
        return Vec::new();
    };
    let swapped = swapped_away(log, as_of);
    let is_swapped =
        |id: &str| swapped.get(id).is_some_and(|offers| offers.iter().filter(|away| **away).count() >= SWAPPED);
    let last_done = log.last_done(as_of);
    let quiet_days = |id: &str| last_done.get(id).map(|last| days.awake_since(*last, as_of));
    let since_first = days.awake_since(first, as_of);
    let mut quiet: Vec<(Option<u32>, &str)> = suggest
        .categories
        .iter()
        .map(|id| (quiet_days(id), *id))
        .filter(|(quiet, id)| quiet.unwrap_or(since_first) >= QUIET_CATEGORY && (suggest.can_come)(id))
        .collect();
    let are_many = quiet.len() >= MANY;
    quiet.retain(|(_, id)| !is_swapped(id));
    quiet.sort_by_key(|(quiet, _)| Reverse(quiet.unwrap_or(u32::MAX)));
    let away = suggest.categories.iter().filter(|id| is_swapped(id) && (suggest.can_come)(id));
    let away = away.map(|id| Pattern::SwappedAway { id: (*id).to_owned() });
    let categories = quiet.into_iter().map(|(quiet, id)| Pattern::Category {
        id: id.to_owned(),
        days: quiet,
        is_new: suggest.never_done.contains(&id),
    });
    let mut found: Vec<Pattern> = away.chain(are_many.then_some(Pattern::MostQuiet)).chain(categories).collect();
    if suggest.people {
        found.extend(person(log, as_of));
    }
    found
}

/// For each category with at least four offers up to a day, whether each of the last four was swapped away.
fn swapped_away(log: &Log, as_of: Day) -> BTreeMap<&str, Vec<bool>> {
    let mut offers: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for event in log.events().iter().rev().filter(|event| event.day <= as_of) {
        // One that was seen later on its day has a line of its own.
        if let What::Offered { prompt, unseen: false, .. } = &event.what {
            let of_category = offers.entry(prompt.category()).or_default();
            if of_category.len() < OFFERS {
                of_category.push(log.swapped_on(event.day).iter().any(|swapped| swapped.id() == prompt.id()));
            }
        }
    }
    offers.retain(|_, offers| offers.len() == OFFERS);
    offers
}

/// The person who has been quiet longest, among those with enough gestures.
fn person(log: &Log, as_of: Day) -> Option<Pattern> {
    let names = People::new(log, []);
    let mut people: BTreeMap<&str, (usize, Day)> = BTreeMap::new();
    for (event, done) in log.dones().filter(|(event, _)| event.day <= as_of) {
        let with: BTreeSet<&str> = done.with.iter().map(|who| names.shown(who)).collect();
        for who in with {
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
