//! Who is who, and which follow-ups are due.

mod erase;
mod known;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, Months};
use unicode_normalization::UnicodeNormalization;

use crate::calendar::{self, Day};
use crate::ids::EventId;
use crate::journal::{Event, Every, FollowUp, Log, Prompt, What};

pub use erase::Erasure;
pub use known::{Counting, Known, SUGGESTS_FROM, perhaps};

/// A follow-up is asked on so many days for one occurrence.
const ASKED: usize = 3;
/// So many days after its day it is still asked, days of rest left out.
const LATE: i64 = 28;

/// What a name is known by: the same person by any case and any form of its letters.
pub fn key(name: &str) -> String {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_ascii() {
        return words.to_ascii_lowercase();
    }
    // Lower case may leave a letter that composes with the next.
    words.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// The people of a log, by any of their names.
#[derive(Debug, Default)]
pub struct People {
    /// Of each name that was given up the one that it was given up for.
    renamed: HashMap<String, String>,
    /// How each person is shown.
    shown: HashMap<String, String>,
}

impl People {
    /// Who has which names, from the renames of a log alone.
    pub fn renamed(log: &Log) -> Self {
        let mut people = Self::default();
        for (from, to) in renames(log) {
            people.rename(from, to);
        }
        // The latest rename has the word.
        for (_, to) in renames(log) {
            people.shown.insert(people.person(to), to.to_owned());
        }
        people
    }

    /// From all names that a log holds, and those that `more` adds, each with how often it was used, in the order of
    /// their last use.
    pub fn new<'l>(log: &'l Log, more: impl IntoIterator<Item = (&'l str, usize)>) -> Self {
        let mut people = Self::renamed(log);
        let used = log.dones().flat_map(|(_, done)| done.with.iter().map(|name| (name.as_str(), 1))).chain(more);
        let noted = log.plans().iter().filter_map(|event| match &event.what {
            What::Remembered(follow_up) => Some((follow_up.who.as_str(), 1)),
            _ => None,
        });
        // Each spelling, with how often it was used and when last.
        let mut spellings: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (place, (name, times)) in noted.chain(used).enumerate() {
            let spelling = spellings.entry(name).or_default();
            *spelling = (spelling.0 + times, place);
        }
        let mut used_most: HashMap<String, (&str, (usize, usize))> = HashMap::new();
        for (name, used) in spellings {
            let known = used_most.entry(people.person(name)).or_insert((name, used));
            *known = if used > known.1 { (name, used) } else { *known };
        }
        for (person, (name, _)) in used_most {
            people.shown.entry(person).or_insert_with(|| name.trim().to_owned());
        }
        people
    }

    fn rename(&mut self, from: &str, to: &str) {
        let (from, to) = (self.person(from), key(to));
        if from == to {
            return;
        }
        // Of a name that is taken up again the others are the former ones.
        if self.person(&to) == from {
            self.renamed.remove(&to);
        }
        self.renamed.insert(from, to);
    }

    /// The person that a name stands for, as [`key`] writes the name that the person has now.
    pub fn person(&self, name: &str) -> String {
        let mut person = key(name);
        // None leads back: see `rename`.
        while let Some(next) = self.renamed.get(&person) {
            person.clone_from(next);
        }
        person
    }

    /// Whether two names stand for one person.
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        self.person(one) == self.person(other)
    }

    /// How the person of a name is shown: by the latest rename, else by the spelling used most, then latest.
    pub fn shown<'p>(&'p self, name: &'p str) -> &'p str {
        self.shown.get(&self.person(name)).map_or(name, String::as_str)
    }

    /// Whether a name, or one that its person had, was ever used.
    pub fn knows(&self, name: &str) -> bool {
        self.shown.contains_key(&self.person(name))
    }

    /// All people: each as [`People::person`] has them, and as they are shown.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.shown.iter().map(|(person, shown)| (person.as_str(), shown.as_str()))
    }

    /// Whose name one that nobody has may be meant to be: it is one slip of the finger away.
    pub fn near_miss(&self, name: &str) -> Option<&str> {
        let wanted = key(name);
        // Of names this short each is a slip away from another.
        if self.knows(name) || wanted.chars().count() < 3 {
            return None;
        }
        let near = self.all().filter(|(person, _)| strsim::osa_distance(person, &wanted) == 1);
        near.map(|(_, shown)| shown).min()
    }
}

/// The renames that count, oldest first.
fn renames(log: &Log) -> impl Iterator<Item = (&str, &str)> {
    let mut renames: Vec<&Event> =
        log.plans().iter().filter(|event| matches!(event.what, What::Renamed { .. })).collect();
    renames.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
    renames.into_iter().filter_map(|event| match &event.what {
        What::Renamed { from, to } => Some((from.as_str(), to.as_str())),
        _ => None,
    })
}

impl FollowUp {
    /// The occurrence of a number, counted from 0; `None` beyond the calendar, and for the second of one that comes once.
    ///
    /// Each is counted from the first, so that the 31st comes back after a short month.
    fn occurrence(&self, number: u32) -> Option<Day> {
        let occurrence = match self.every {
            None => (number == 0).then_some(self.on),
            Some(Every::Week) => self.on.checked_add_days(chrono::Days::new(u64::from(number) * 7)),
            Some(Every::Month) => self.on.checked_add_months(Months::new(number)),
            Some(Every::Year) => self.on.checked_add_months(Months::new(number.checked_mul(12)?)),
        };
        // No line names a day of a year with five digits.
        occurrence.filter(|day| day.year() <= 9999)
    }

    /// The latest occurrence that is not after a day.
    pub fn latest(&self, day: Day) -> Option<Day> {
        if day < self.on {
            return None;
        }
        let days = u32::try_from(calendar::days_between(self.on, day)).ok()?;
        // At least so many have come, and not many more.
        let least = match self.every {
            None => return Some(self.on),
            Some(Every::Week) => days / 7,
            Some(Every::Month) => days / 31,
            Some(Every::Year) => days / 366,
        };
        let come = (least..).map_while(|number| self.occurrence(number).filter(|occurrence| *occurrence <= day));
        come.last()
    }

    /// The first occurrence after a day.
    pub fn next(&self, day: Day) -> Option<Day> {
        if day < self.on {
            return Some(self.on);
        }
        let days = u32::try_from(calendar::days_between(self.on, day)).ok()?;
        let least = match self.every {
            None => return None,
            Some(Every::Week) => days / 7,
            Some(Every::Month) => days / 31,
            Some(Every::Year) => days / 366,
        };
        (least..).map_while(|number| self.occurrence(number)).find(|occurrence| *occurrence > day)
    }
}

/// A follow-up that was noted and not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open<'l> {
    /// The id of the event that noted it.
    pub id: &'l EventId,
    /// The day on which it was noted.
    pub noted: Day,
    /// What to ask about.
    pub follow_up: &'l FollowUp,
}

/// The follow-ups of a log, in the order in which they were noted.
pub fn open(log: &Log) -> impl Iterator<Item = Open<'_>> {
    log.plans().iter().filter_map(|event| match &event.what {
        What::Remembered(follow_up) => Some(Open { id: &event.id, noted: event.day, follow_up }),
        _ => None,
    })
}

/// The follow-up of an id, if it was not taken back.
pub fn find<'l>(log: &'l Log, id: &EventId) -> Option<Open<'l>> {
    open(log).find(|open| open.id == id)
}

impl Open<'_> {
    /// The occurrence that is asked now, if it is one that is not too long ago: not before it was noted, and at most
    /// [`LATE`] days of no rest ago.
    fn current(&self, log: &Log, today: Day) -> Option<Day> {
        let latest = self.follow_up.latest(today).filter(|latest| *latest >= self.noted)?;
        let days = calendar::days_between(latest, today);
        if days <= LATE {
            return Some(latest);
        }
        // Rest stretches the time: it is counted no further than it takes.
        let passed = calendar::days(calendar::forward(latest, 1), today).filter(|day| !log.rests_on(*day));
        (passed.take(usize::try_from(LATE).unwrap_or(0) + 1).count() <= usize::try_from(LATE).unwrap_or(0))
            .then_some(latest)
    }

    /// Whether an occurrence was asked and answered: a `done` names it or a later one.
    pub fn is_closed(&self, log: &Log, occurrence: Day) -> bool {
        log.dones().any(|(_, done)| matches!(done.prompt(), Some(Prompt::FollowUp { id, due }) if id == self.id && *due >= occurrence))
    }

    /// The occurrence that is due today, if one is, and whether it may still be offered at a glance. What was offered only
    /// so was not asked; on more days than it would be asked it is not mentioned.
    fn due(&self, log: &Log, today: Day) -> Option<(Day, bool)> {
        let occurrence = self.current(log, today)?;
        let is_this =
            |prompt: &Prompt| matches!(prompt, Prompt::FollowUp { id, due } if id == self.id && *due == occurrence);
        let (mut asked, mut offered) = (BTreeSet::new(), BTreeSet::new());
        for event in log.events() {
            match &event.what {
                What::Offered { prompt, unseen, .. } if is_this(prompt) => {
                    offered.insert(event.day);
                    asked.extend((!unseen).then_some(event.day));
                }
                What::Swapped { prompt, until } if is_this(prompt) => {
                    let until = until.unwrap_or_else(|| calendar::forward(event.day, 1));
                    if until > today {
                        return None;
                    }
                }
                _ => {}
            }
        }
        let is_due = asked.len() < ASKED && !self.is_closed(log, occurrence);
        is_due.then_some((occurrence, offered.len() < ASKED))
    }

    /// The occurrence that a `done` closes: the latest that was not yet answered, else the next.
    pub fn to_close(&self, log: &Log, today: Day) -> Option<Day> {
        let latest = self.follow_up.latest(today).filter(|latest| *latest >= self.noted);
        latest.filter(|latest| !self.is_closed(log, *latest)).or_else(|| {
            let mut next = self.follow_up.next(today)?;
            while self.is_closed(log, next) {
                next = self.follow_up.next(next)?;
            }
            Some(next)
        })
    }

    /// Whether it is asked again, or was and is not answered yet.
    pub fn is_open(&self, log: &Log) -> bool {
        self.follow_up.every.is_some() || !self.is_closed(log, self.follow_up.on)
    }

    /// When it is asked next: today if it is due, else the next occurrence that is not answered yet.
    pub fn next(&self, log: &Log, today: Day) -> Option<Day> {
        let due = self.due(log, today).map(|_| today);
        due.or_else(|| {
            let mut next = self.follow_up.next(today)?;
            while self.is_closed(log, next) {
                next = self.follow_up.next(next)?;
            }
            Some(next)
        })
    }
}

/// A follow-up that is due, and the occurrence that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<'l> {
    /// The follow-up.
    pub open: Open<'l>,
    /// The day on which this occurrence falls.
    pub occurrence: Day,
    /// Whether it may be offered at a glance, where what it asks is not shown.
    pub at_a_glance: bool,
}

/// The follow-ups that are due today, the one to be asked first: of today's, then the earliest, then by id. The log has to
/// reach back to [`reads_from`].
pub fn due<'l>(log: &'l Log, today: Day) -> Vec<Due<'l>> {
    let due = |open: Open<'l>| {
        let (occurrence, at_a_glance) = open.due(log, today)?;
        Some(Due { open, occurrence, at_a_glance })
    };
    let mut due: Vec<Due<'l>> = open(log).filter_map(due).collect();
    due.sort_unstable_by_key(|due| (due.occurrence != today, due.occurrence, due.open.id));
    due
}

/// The first day that has to be read for [`due`]; `None` where nothing can be due, whatever the journal holds.
pub fn reads_from(log: &Log, today: Day) -> Option<Day> {
    open(log).filter(|open| open.current(log, today).is_some()).map(|open| open.noted).min()
}

/// A follow-up as it is asked, with the name that its person has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The id of the event that noted it.
    pub id: EventId,
    /// The day on which it was noted.
    pub noted: Day,
    /// What was noted.
    pub follow_up: FollowUp,
    /// The occurrence that is meant.
    pub occurrence: Day,
}

impl Question {
    /// An occurrence of an open follow-up.
    pub fn new(open: &Open<'_>, occurrence: Day, people: &People) -> Self {
        let who = people.shown(&open.follow_up.who).to_owned();
        let follow_up = FollowUp { who, ..open.follow_up.clone() };
        Self { id: open.id.clone(), noted: open.noted, follow_up, occurrence }
    }

    /// What a prompt asks; `None` of a gesture, and of a follow-up that was taken back.
    pub fn of(log: &Log, prompt: &Prompt) -> Option<Self> {
        let Prompt::FollowUp { id, due } = prompt else {
            return None;
        };
        Some(Self::new(&find(log, id)?, *due, &People::new(log, [])))
    }

    /// What is recorded of it.
    pub fn prompt(&self) -> Prompt {
        Prompt::FollowUp { id: self.id.clone(), due: self.occurrence }
    }
}

#[cfg(test)]
mod tests;
