//! What is wrong with a book, or worth knowing, by line.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem::{self, Discriminant};

use super::settle::same_numbers;
use super::{Book, Entry, Event, EventHead, Line, Place, Prompt, Version, earliest_writing, is_blank, parse};
use crate::calendar::Day;
use crate::ids::GestureId;

/// So many findings of a kind are reported one by one.
const MOST: usize = 1000;

/// One thing about a book. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A line that is not an event.
    Bad {
        /// Its number.
        line: u64,
        /// Why it is not an event.
        reason: String,
        /// The text of the line.
        text: String,
    },
    /// An unfinished last line that is not an event.
    Torn {
        /// Its number.
        line: u64,
        /// The text of the line.
        text: String,
    },
    /// An event whose id an earlier line has too.
    Twice {
        /// The number of the later line.
        line: u64,
        /// The number of the earlier line.
        first: u64,
        /// Whether both lines are the same, or two versions of one event.
        same: bool,
    },
    /// Events that a backward reader does not reach, since enough lines written before them come after them in the file
    /// for it to stop there.
    Astray {
        /// The number of the first such line.
        line: u64,
        /// The day that the events count for.
        day: Day,
        /// How many lines of that day there are.
        lines: u64,
    },
    /// An event of a day after the one on which it was written, which a reader of that day may not reach.
    Ahead {
        /// Its number.
        line: u64,
        /// The day that it counts for.
        day: Day,
        /// The date on which it was written.
        written: Day,
    },
    /// An event of the other book, which is not counted in this one.
    Elsewhere {
        /// Its number.
        line: u64,
        /// The book that it belongs in.
        belongs: Book,
    },
    /// Lines that end in a carriage return, as on Windows.
    CarriageReturns {
        /// The number of the first such line.
        line: u64,
        /// How many there are.
        lines: u64,
    },
    /// A line that begins with a byte order mark.
    Mark {
        /// Its number.
        line: u64,
    },
    /// An event of a day that is still to come.
    Future {
        /// Its number.
        line: u64,
        /// The day that it counts for.
        day: Day,
    },
    /// Gestures that the catalogue no longer has.
    Gone {
        /// Their ids.
        gestures: BTreeSet<GestureId>,
    },
    /// More findings of one kind than are reported one by one.
    More {
        /// The first of the others.
        like: Box<Self>,
        /// How many others there are.
        lines: u64,
    },
}

impl Finding {
    /// Whether something is to be done about it; if not, it is only worth knowing.
    pub fn is_wrong(&self) -> bool {
        match self {
            Self::Future { .. } | Self::Gone { .. } => false,
            Self::More { like, .. } => like.is_wrong(),
            _ => true,
        }
    }

    /// Whether a rewrite of the book puts it right.
    pub fn is_fixable(&self) -> bool {
        match self {
            Self::Ahead { .. } => false,
            Self::More { like, .. } => like.is_fixable(),
            _ => self.is_wrong(),
        }
    }

    /// The number of the line it is about, or of the first; `None` if it is about the book as a whole.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Bad { line, .. }
            | Self::Torn { line, .. }
            | Self::Twice { line, .. }
            | Self::Astray { line, .. }
            | Self::Ahead { line, .. }
            | Self::Elsewhere { line, .. }
            | Self::CarriageReturns { line, .. }
            | Self::Mark { line }
            | Self::Future { line, .. } => Some(*line),
            Self::Gone { .. } => None,
            Self::More { like, .. } => like.line(),
        }
    }
}

/// The findings so far, of each kind no more than [`MOST`] one by one.
#[derive(Default)]
struct Findings {
    found: Vec<Finding>,
    /// Of each kind how many, the first that is not among those found, and how many there are like it.
    kinds: Vec<(Discriminant<Finding>, usize, Option<Finding>)>,
}

impl Findings {
    fn push(&mut self, finding: Finding) {
        let kind = mem::discriminant(&finding);
        let at = self.kinds.iter().position(|(known, ..)| *known == kind).unwrap_or_else(|| {
            self.kinds.push((kind, 0, None));
            self.kinds.len() - 1
        });
        let (_, count, first_more) = &mut self.kinds[at];
        *count += 1;
        if *count <= MOST {
            self.found.push(finding);
        } else {
            first_more.get_or_insert(finding);
        }
    }

    /// In the order of the lines.
    fn finish(self) -> Vec<Finding> {
        let more = self.kinds.into_iter().filter_map(|(_, count, first)| {
            first.map(|first| Finding::More { like: Box::new(first), lines: (count - MOST) as u64 })
        });
        let mut found: Vec<Finding> = self.found.into_iter().chain(more).collect();
        found.sort_by_key(|finding| finding.line().unwrap_or(u64::MAX));
        found
    }
}

/// A look at every line of a book.
pub struct Examination<K> {
    book: Book,
    today: Day,
    /// Whether the catalogue has a gesture.
    is_known: K,
    line: u64,
    findings: Findings,
    gone: BTreeSet<GestureId>,
    entries: Vec<Entry>,
    /// The first line that ends in a carriage return, and how many do.
    carriages: Option<(u64, u64)>,
    order: Order,
}

impl<K: Fn(&str) -> bool> Examination<K> {
    /// `reach` is how many bytes of older events on end a reader that goes backward takes before it stops.
    pub fn new(book: Book, today: Day, is_known: K, reach: usize) -> Self {
        Self {
            book,
            today,
            is_known,
            line: 0,
            findings: Findings::default(),
            gone: BTreeSet::new(),
            entries: Vec::new(),
            carriages: None,
            order: Order { reach, ..Order::default() },
        }
    }

    /// Takes in the next line, without its newline, with the place where it begins.
    pub fn take(&mut self, line: &[u8], offset: u64, is_complete: bool) {
        self.line += 1;
        let number = self.line;
        if line.starts_with(b"\xEF\xBB\xBF") {
            self.findings.push(Finding::Mark { line: number });
        }
        match parse(line) {
            Line::Event(event) => {
                self.entries.push(Entry::new(&EventHead::of(&event), Place::new(self.book.source(), offset)));
                self.event(&event, line.len() + 1);
            }
            Line::Passed => {}
            Line::Bad(reason) => {
                let text = String::from_utf8_lossy(line).into_owned();
                self.findings.push(if is_complete {
                    Finding::Bad { line: number, reason, text }
                } else {
                    Finding::Torn { line: number, text }
                });
                return;
            }
        }
        if line.ends_with(b"\r") && !is_blank(line) {
            self.carriages.get_or_insert((number, 0)).1 += 1;
        }
    }

    fn event(&mut self, event: &Event, length: usize) {
        let line = self.line;
        let (day, written) = (event.day, event.at.map(|at| at.date_naive()));
        if day > self.today {
            self.findings.push(Finding::Future { line, day });
        }
        if let Some(belongs) = event.what.book().filter(|belongs| *belongs != self.book) {
            self.findings.push(Finding::Elsewhere { line, belongs });
        }
        if let Some(gesture) = event.what.prompt().and_then(Prompt::gesture)
            && !(self.is_known)(gesture)
        {
            self.gone.insert(gesture.clone());
        }
        // Plans are always read whole.
        if self.book == Book::Plans {
            return;
        }
        let ahead = written.filter(|written| day > *written);
        if let Some(written) = ahead {
            self.findings.push(Finding::Ahead { line, day, written });
        }
        let is_expected = ahead.is_none() && day <= self.today;
        self.order.take(line, is_expected.then_some(day), written, length);
    }

    /// All that was found. `look` reads the event at a place again; `number` turns the places of lines, in order, into
    /// their numbers.
    pub fn finish<E>(
        mut self,
        mut look: impl FnMut(Place) -> Result<Option<Version>, E>,
        number: impl FnOnce(&[Place]) -> Result<Vec<u64>, E>,
    ) -> Result<Vec<Finding>, E> {
        let twice = twice(&mut self.entries, &mut look)?;
        let mut places: Vec<Place> = twice.iter().flat_map(|twice| [twice.place, twice.first]).collect();
        places.sort_unstable();
        places.dedup();
        let numbers = number(&places)?;
        let line =
            |place: &Place| places.binary_search(place).ok().and_then(|at| numbers.get(at)).copied().unwrap_or(0);
        for Twice { place, first, is_same } in &twice {
            self.findings.push(Finding::Twice { line: line(place), first: line(first), same: *is_same });
        }
        if let Some((line, lines)) = self.carriages {
            self.findings.push(Finding::CarriageReturns { line, lines });
        }
        for (day, (line, lines)) in self.order.astray {
            self.findings.push(Finding::Astray { line, day, lines });
        }
        let mut findings = self.findings.finish();
        if !self.gone.is_empty() {
            findings.push(Finding::Gone { gestures: self.gone });
        }
        Ok(findings)
    }
}

/// A line whose id stands in an earlier one too.
struct Twice {
    place: Place,
    first: Place,
    is_same: bool,
}

fn twice<E>(
    entries: &mut [Entry],
    look: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Vec<Twice>, E> {
    let mut found = Vec::new();
    for alike in same_numbers(entries) {
        // The first line of each id, mostly of one.
        let mut firsts: Vec<(Place, Version)> = Vec::new();
        for place in alike.iter().map(Entry::place) {
            let Some(version) = look(place)? else {
                continue;
            };
            match firsts.iter().find(|(_, first)| first.0.id == version.0.id) {
                Some((first, (_, line))) => {
                    found.push(Twice { place, first: *first, is_same: *line == version.1 });
                }
                None => firsts.push((place, version)),
            }
        }
    }
    found.sort_unstable_by_key(|twice| twice.place);
    Ok(found)
}

/// Whether a backward reader reaches every event: the rule by which it stops, seen from the other end.
#[derive(Default)]
struct Order {
    reach: usize,
    /// How many events were passed that say when they were written.
    passed: u64,
    /// The last of them, no more than it takes to fill the reach: when each was written, and its length.
    window: VecDeque<(Day, usize)>,
    filled: usize,
    /// Of these the latest, then the latest behind it, and so on, each with its number.
    latest: VecDeque<(u64, Day)>,
    /// Events that do not yet lie before the window: how many were passed with it, its line and its day.
    near: VecDeque<(u64, u64, Day)>,
    /// Events before the window by day: the first line of each, and how many.
    before: BTreeMap<Day, (u64, u64)>,
    /// The same of those that a reader does not reach.
    astray: BTreeMap<Day, (u64, u64)>,
}

impl Order {
    fn take(&mut self, line: u64, expected: Option<Day>, written: Option<Day>, length: usize) {
        let passed = self.passed + u64::from(written.is_some());
        self.near.extend(expected.map(|day| (passed, line, day)));
        if let Some(written) = written {
            self.pass(written, length);
        }
    }

    fn pass(&mut self, written: Day, length: usize) {
        while self.latest.back().is_some_and(|(_, known)| *known <= written) {
            self.latest.pop_back();
        }
        self.latest.push_back((self.passed, written));
        self.window.push_back((written, length));
        (self.passed, self.filled) = (self.passed + 1, self.filled + length);
        while let Some((_, first)) = self.window.front().filter(|(_, first)| self.filled - first >= self.reach) {
            self.filled -= first;
            self.window.pop_front();
        }
        if self.filled < self.reach {
            return;
        }
        let start = self.passed - self.window.len() as u64;
        while self.latest.front().is_some_and(|(number, _)| *number < start) {
            self.latest.pop_front();
        }
        while let Some((_, line, day)) = self.near.front().filter(|(passed, ..)| *passed <= start).copied() {
            self.near.pop_front();
            self.before.entry(day).or_insert((line, 0)).1 += 1;
        }
        let Some((_, latest)) = self.latest.front() else {
            return;
        };
        // Those that may have been written after all of the window.
        while let Some(last) = self.before.last_entry().filter(|last| earliest_writing(*last.key()) > *latest) {
            let (day, (line, lines)) = last.remove_entry();
            self.astray.entry(day).or_insert((line, 0)).1 += lines;
        }
    }
}

#[cfg(test)]
mod tests;
