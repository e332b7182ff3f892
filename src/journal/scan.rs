//! All of history in one pass: a number and a place are kept for each event, and only what settling leaves in doubt is
//! read again.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use super::settle::{Entry, Place, Version, settle};
use super::{BadLines, Book, EventHead, Kind, NotAnEvent, read_head};
use crate::calendar::Day;
use crate::ids::CategoryId;

/// The events of a file, or of a part of it, while it is being read.
#[derive(Debug, Default)]
pub struct Scan {
    entries: Vec<Entry>,
    /// Lines so far.
    lines: u64,
    /// Complete lines that are not events, numbered in this part.
    bad: BadLines,
}

impl Scan {
    /// Takes in a line, without its newline, and passes the head of an event to `then`. An unfinished line counts if it
    /// is an event, and is not reported if it is not.
    pub fn take(&mut self, line: &[u8], place: Place, is_complete: bool, then: impl FnOnce(&EventHead<'_>)) {
        self.lines += 1;
        let read = read_head(line, |head| {
            self.entries.push(Entry::new(head, place));
            then(head);
        });
        if let Err(NotAnEvent::Bad(reason)) = read
            && is_complete
        {
            self.bad.push(self.lines, reason);
        }
    }

    /// Appends the next part of the same file.
    pub fn extend(&mut self, mut part: Self) {
        self.bad.extend(part.bad, self.lines);
        self.lines += part.lines;
        self.entries.append(&mut part.entries);
    }

    /// The events to be settled, and the lines that are not events.
    pub fn into_parts(self) -> (Vec<Entry>, BadLines) {
        (self.entries, self.bad)
    }
}

/// How many gestures were done on each day and in each category: the same as in a [`Log`](super::Log) of these lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Gestures by day.
    pub days: BTreeMap<Day, u32>,
    /// Gestures by category, on the days asked for.
    pub categories: BTreeMap<CategoryId, u32>,
}

/// A tally while the lines are being read and it is not yet known which of them count.
#[derive(Debug)]
pub struct Count {
    today: Day,
    /// The days on which categories are counted.
    of: RangeInclusive<Day>,
    days: HashMap<Day, u32>,
    categories: HashMap<String, u32>,
}

impl Count {
    /// Counts the days up to `today`, and categories on the days of `of` alone.
    pub fn new(today: Day, of: RangeInclusive<Day>) -> Self {
        Self { today, of, days: HashMap::new(), categories: HashMap::new() }
    }

    /// Counts an event of the journal if it is a `done`.
    pub fn add(&mut self, head: &EventHead<'_>) {
        let Kind::Done { category, .. } = head.kind else {
            return;
        };
        if head.day > self.today {
            return;
        }
        *self.days.entry(head.day).or_insert(0) += 1;
        if !self.of.contains(&head.day) {
            return;
        }
        match self.categories.get_mut(category) {
            Some(count) => *count += 1,
            None => {
                self.categories.insert(category.to_owned(), 1);
            }
        }
    }

    /// Subtracts an event that was counted but turned out not to count.
    fn remove(&mut self, head: &EventHead<'_>) {
        let Kind::Done { category, .. } = head.kind else {
            return;
        };
        if head.day > self.today {
            return;
        }
        // Each was added before, so no count falls below zero.
        self.days.entry(head.day).and_modify(|count| *count = count.saturating_sub(1));
        if self.of.contains(&head.day)
            && let Some(count) = self.categories.get_mut(category)
        {
            *count = count.saturating_sub(1);
        }
    }

    /// Adds the count of another part.
    pub fn extend(&mut self, part: Self) {
        part.days.into_iter().for_each(|(day, done)| *self.days.entry(day).or_insert(0) += done);
        part.categories.into_iter().for_each(|(id, done)| *self.categories.entry(id).or_insert(0) += done);
    }

    /// Settles the entries, and subtracts those that do not count.
    pub fn settle<E>(
        mut self,
        entries: &mut [Entry],
        mut reread: impl FnMut(Place) -> Result<Option<Version>, E>,
    ) -> Result<Tally, E> {
        settle(entries, &mut reread)?;
        let journal = Book::Journal.source();
        let fallen = entries.iter().filter(|entry| entry.is_done() && !entry.counts());
        let fallen = fallen.filter(|entry| entry.place().source() == journal);
        for entry in fallen {
            if let Some((event, _)) = reread(entry.place())? {
                self.remove(&EventHead::of(&event));
            }
        }
        Ok(Tally {
            days: self.days.into_iter().filter(|(_, done)| *done > 0).collect(),
            categories: self
                .categories
                .into_iter()
                .filter(|(_, done)| *done > 0)
                .map(|(id, done)| (id.into(), done))
                .collect(),
        })
    }
}
