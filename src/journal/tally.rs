//! A count of what was done, for looks so long that the events themselves can't be kept.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::{Range, RangeInclusive};

use super::ids::{Doubt, Glance, Seen, look, look_closely, number};
use super::{BadLines, bare};
use crate::calendar::Day;

/// How much was done on each day, and in each category; exactly what a [`Log`](super::Log) of the same lines holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Gestures by day.
    pub days: BTreeMap<Day, u32>,
    /// Gestures by category, on the days asked for.
    pub categories: BTreeMap<String, u32>,
}

/// A part of a file while it is counted.
pub struct Count<'d> {
    doubt: &'d Doubt,
    today: Day,
    /// The days of which categories are counted.
    of: RangeInclusive<Day>,
    days: HashMap<Day, u32>,
    categories: HashMap<String, u32>,
    aside: Aside,
    /// Lines so far.
    pub lines: u64,
    /// Complete lines that are no event, numbered in this part.
    pub bad: BadLines,
}

/// Lines whose worth the rest of the file decides, one behind the other.
#[derive(Default)]
pub struct Aside {
    text: Vec<u8>,
    lines: Vec<Put>,
}

/// Where a line was put, and where it came from.
struct Put {
    number: u64,
    at: Range<usize>,
    place: u64,
}

impl<'d> Count<'d> {
    pub fn new(doubt: &'d Doubt, today: Day, of: RangeInclusive<Day>) -> Self {
        let (days, categories, aside) = (HashMap::new(), HashMap::new(), Aside::default());
        Self { doubt, today, of, days, categories, aside, lines: 0, bad: BadLines::default() }
    }

    /// Takes in a line, without its newline; an unfinished one counts if it is an event.
    pub fn take(&mut self, line: &[u8], complete: bool) {
        self.lines += 1;
        let taken = look(line, |glance| {
            if self.doubt.covers(glance) {
                self.aside.push(glance, line, 0);
            } else if let Seen::Done(day, category) = glance.what {
                self.add(day, category);
            }
        });
        if let Err(reason) = taken
            && complete
            && !reason.is_empty()
        {
            self.bad.push(self.lines, reason);
        }
    }

    fn add(&mut self, day: Day, category: &str) {
        if day > self.today {
            return;
        }
        *self.days.entry(day).or_insert(0) += 1;
        if !self.of.contains(&day) {
            return;
        }
        match self.categories.get_mut(category) {
            Some(count) => *count += 1,
            None => {
                self.categories.insert(category.to_owned(), 1);
            }
        }
    }

    /// All parts of a file together, with what was set aside judged.
    pub fn sum(parts: Vec<Self>) -> Tally {
        let mut tally = Tally { days: BTreeMap::new(), categories: BTreeMap::new() };
        let mut parts = parts.into_iter();
        let Some(mut whole) = parts.next() else {
            return tally;
        };
        for part in parts {
            part.days.into_iter().for_each(|(day, done)| *whole.days.entry(day).or_insert(0) += done);
            part.categories.into_iter().for_each(|(id, done)| *whole.categories.entry(id).or_insert(0) += done);
            whole.aside.extend(part.aside);
        }
        std::mem::take(&mut whole.aside).judge(|glance, _, _| {
            if let Seen::Done(day, category) = glance.what {
                whole.add(day, category);
            }
        });
        tally.days.extend(whole.days);
        tally.categories.extend(whole.categories);
        tally
    }
}

impl Aside {
    /// Puts a line aside that begins at a place in its file.
    pub fn push(&mut self, glance: &Glance<'_>, line: &[u8], place: u64) {
        self.put(number(glance.id), line, place);
    }

    fn put(&mut self, number: u64, line: &[u8], place: u64) {
        let start = self.text.len();
        self.text.extend_from_slice(line);
        self.lines.push(Put { number, at: start..self.text.len(), place });
    }

    /// Takes in what was put aside of another part.
    pub fn extend(&mut self, other: Self) {
        other.lines.into_iter().for_each(|put| self.put(put.number, &other.text[put.at], put.place));
    }

    /// Hands over the completions that count, each with its line and the place where it begins, by the
    /// rules of [`Log::new`](super::Log::new): of lines with one id the smallest counts, and what was
    /// undone does not.
    pub fn judge(mut self, mut take: impl FnMut(&Glance<'_>, &[u8], u64)) {
        let Self { text, lines } = &mut self;
        let line = |put: &Put| &text[put.at.clone()];
        // Lines with one id side by side, the smallest first: an id counts by the first line that has it.
        lines.sort_unstable_by(|a, b| (a.number, bare(line(a))).cmp(&(b.number, bare(line(b)))));
        let mut undone: HashSet<String> = HashSet::new();
        let mut seen: (u64, Vec<String>) = (0, Vec::new());
        lines.retain(|put| {
            let counts = look_closely(line(put), |glance| {
                if seen.0 != put.number {
                    seen = (put.number, Vec::new());
                }
                if seen.1.iter().any(|id| id == glance.id) {
                    return false;
                }
                seen.1.push(glance.id.to_owned());
                if let Seen::Undone(of) = glance.what {
                    undone.insert(of.to_owned());
                }
                true
            });
            counts == Ok(true)
        });
        for put in lines {
            let line = line(put);
            let _ = look(line, |glance| {
                if matches!(glance.what, Seen::Done(..)) && !undone.contains(glance.id) {
                    take(glance, line, put.place);
                }
            });
        }
    }
}
