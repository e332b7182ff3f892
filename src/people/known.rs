//! What is known of people's gestures: how often and how long ago, and who has been quiet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::People;
use crate::calendar::{self, Day};
use crate::journal::{Done, Log};

/// What is known of a person's gestures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// How often.
    pub done: usize,
    /// The latest day.
    pub last: Day,
}

/// Who had so many gestures or more, and none for so many days, is quiet.
const OFTEN: usize = 3;
const QUIET: i64 = 21;
/// So many days on end follow one another in who is suggested; on the first of them nobody is.
const CHAIN: i64 = 28;
/// How many days before today [`perhaps`] reads.
pub const SUGGESTS_FROM: u32 = 112;

/// Who was met often enough and has been quiet, as of a day, by name.
fn quiet<'l>(log: &'l Log, people: &'l People, day: Day) -> Vec<&'l str> {
    let mut known: BTreeMap<&str, (usize, Day)> = BTreeMap::new();
    for (event, done) in log.dones().take_while(|(event, _)| event.day <= day) {
        let with: BTreeSet<&str> = done.with.iter().map(|who| people.shown(who)).collect();
        for who in with {
            let known = known.entry(who).or_insert((0, event.day));
            *known = (known.0 + 1, event.day);
        }
    }
    let is_quiet = |(count, last): &(usize, Day)| *count >= OFTEN && calendar::days_between(*last, day) >= QUIET;
    known.into_iter().filter(|(_, known)| is_quiet(known)).map(|(who, _)| who).collect()
}

/// Somebody quiet who may be meant today: never the same on two days running, whichever days are looked at.
pub fn perhaps<'l>(log: &'l Log, people: &'l People, today: Day) -> Option<&'l str> {
    let since = u32::try_from(calendar::number(today).rem_euclid(CHAIN)).unwrap_or(0);
    let mut suggested = None;
    // Each day takes another than the one before, so that day is worked out first.
    for day in calendar::days(calendar::back(today, since), today).skip(1) {
        let quiet = quiet(log, people, day);
        let turn = usize::try_from(calendar::number(day).rem_euclid(CHAIN)).unwrap_or(0);
        let mut others = quiet.iter().cycle().skip(turn % quiet.len().max(1)).take(quiet.len());
        suggested = others.find(|who| Some(**who) != suggested).copied();
    }
    suggested
}

/// The gestures of each person, counted while history is read, oldest first.
#[derive(Debug, Default)]
pub struct Counting {
    renamed: People,
    /// Each spelling with its person, how often it was used, and when last.
    spellings: HashMap<String, Spelling>,
    known: BTreeMap<String, Known>,
    entries: usize,
}

#[derive(Debug)]
struct Spelling {
    person: String,
    times: usize,
    last: usize,
}

impl Counting {
    /// `log` has the renames.
    pub fn new(log: &Log) -> Self {
        Self { renamed: People::renamed(log), ..Self::default() }
    }

    /// Counts an entry; entries come in order of their days.
    pub fn take(&mut self, day: Day, done: &Done) {
        self.entries += 1;
        let mut counted: Vec<String> = Vec::new();
        for name in &done.with {
            if !self.spellings.contains_key(name) {
                let spelling = Spelling { person: self.renamed.person(name), times: 0, last: 0 };
                self.spellings.insert(name.clone(), spelling);
            }
            let Some(spelling) = self.spellings.get_mut(name) else {
                continue;
            };
            (spelling.times, spelling.last) = (spelling.times + 1, self.entries);
            // One entry counts once for each of them.
            if counted.contains(&spelling.person) {
                continue;
            }
            counted.push(spelling.person.clone());
            match self.known.get_mut(&spelling.person) {
                Some(known) => (known.done, known.last) = (known.done + 1, day),
                None => {
                    self.known.insert(spelling.person.clone(), Known { done: 1, last: day });
                }
            }
        }
    }

    /// Everybody, and what is known of each by [`People::person`].
    pub fn finish(self, log: &Log) -> (People, BTreeMap<String, Known>) {
        let mut spellings: Vec<(&String, &Spelling)> = self.spellings.iter().collect();
        spellings.sort_unstable_by_key(|(name, spelling)| (spelling.last, *name));
        let used = spellings.iter().map(|(name, spelling)| (name.as_str(), spelling.times));
        (People::new(log, used), self.known)
    }
}
