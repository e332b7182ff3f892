//! What is wrong with a book, or worth knowing, by line.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem::{self, Discriminant};

use super::settle::same_numbers;
use super::stream::{Piece, Row, Stream};
use super::{Book, Entry, Event, EventHead, Line, Place, Prompt, Version, earliest_writing, is_blank, parse};
use crate::calendar::Day;
use crate::ids::GestureId;

/// The most findings of one kind that are reported one by one.
const MOST: usize = 1000;

/// One thing about a book. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A line that is not an event.
    NotAnEvent {
        /// Its number.
        line: u64,
        /// Why it is not an event.
        reason: String,
        /// The text of the line.
        text: String,
    },
    /// An unfinished last line that is not an event.
    Unfinished {
        /// Its number.
        line: u64,
        /// The text of the line.
        text: String,
    },
    /// An event whose id an earlier line has too.
    Duplicate {
        /// The number of the later line.
        line: u64,
        /// The number of the earlier line.
        first: u64,
        /// Whether both lines are the same, or two versions of one event.
        same: bool,
    },
    /// Events that a backward reader does not reach, since enough lines written before them come after them in the file
    /// for it to stop there.
    OutOfOrder {
        /// The number of the first such line.
        line: u64,
        /// The day that the events count for.
        day: Day,
        /// How many lines of that day there are.
        lines: u64,
    },
    /// An event of a day after the one on which it was written, which a reader of that day may not reach.
    AheadOfWriting {
        /// Its number.
        line: u64,
        /// The day that it counts for.
        day: Day,
        /// The date on which it was written.
        written: Day,
    },
    /// An event of the other book, which is not counted in this one.
    WrongBook {
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
    ByteOrderMark {
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
    /// An event that was written on a day that is still to come: a clock was ahead.
    WrittenInFuture {
        /// Its number.
        line: u64,
        /// The day on which it was written, as it says.
        written: Day,
    },
    /// Lines that hold events in another shape: spread over lines, in a list, or several on a line.
    NotOnePerLine {
        /// The first of them.
        line: u64,
        /// How many.
        lines: u64,
        /// How many events they hold.
        events: u64,
    },
    /// Not one of the lines is an event.
    NoEvents {
        /// How many lines there are.
        lines: u64,
    },
    /// The file is there, and there is nothing in it.
    Empty,
    /// It is written in another encoding, in which its lines can't be told apart.
    Utf16,
    /// Gestures that the catalogue no longer has.
    UnknownGestures {
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
    /// Whether something should be done about it; if not, it is only worth knowing.
    pub fn is_wrong(&self) -> bool {
        match self {
            Self::Future { .. } | Self::WrittenInFuture { .. } | Self::UnknownGestures { .. } => false,
            Self::More { like, .. } => like.is_wrong(),
            _ => true,
        }
    }

    /// Whether `nudge doctor --fix` can fix it by rewriting the book.
    pub fn is_fixable(&self) -> bool {
        match self {
            Self::AheadOfWriting { .. } | Self::NoEvents { .. } | Self::Empty | Self::Utf16 => false,
            Self::More { like, .. } => like.is_fixable(),
            _ => self.is_wrong(),
        }
    }

    /// Whether the book may be something else than a book, which no rewrite should touch.
    pub fn forbids_rewrite(&self) -> bool {
        matches!(self, Self::NoEvents { .. } | Self::Utf16)
    }

    /// Whether the book holds no event, though it may have held some.
    pub fn is_without_events(&self) -> bool {
        matches!(self, Self::NoEvents { .. } | Self::Empty | Self::Utf16)
    }

    /// The number of the line it is about, or of the first; `None` if it is about the book as a whole.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::NotAnEvent { line, .. }
            | Self::Unfinished { line, .. }
            | Self::Duplicate { line, .. }
            | Self::OutOfOrder { line, .. }
            | Self::AheadOfWriting { line, .. }
            | Self::WrongBook { line, .. }
            | Self::CarriageReturns { line, .. }
            | Self::ByteOrderMark { line }
            | Self::WrittenInFuture { line, .. }
            | Self::NotOnePerLine { line, .. }
            | Self::Future { line, .. } => Some(*line),
            Self::UnknownGestures { .. } | Self::NoEvents { .. } | Self::Empty | Self::Utf16 => None,
            Self::More { like, .. } => like.line(),
        }
    }
}

/// The findings so far, at most [`MOST`] of each kind one by one.
#[derive(Default)]
struct Findings {
    found: Vec<Finding>,
    /// For each kind: how many there were, and the first that is not in `found`.
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

    /// The findings in the order of their lines.
    fn finish(self) -> Vec<Finding> {
        let more = self.kinds.into_iter().filter_map(|(_, count, first)| {
            first.map(|first| Finding::More { like: Box::new(first), lines: (count - MOST) as u64 })
        });
        let mut found: Vec<Finding> = self.found.into_iter().chain(more).collect();
        found.sort_by_key(|finding| finding.line().unwrap_or(u64::MAX));
        found
    }
}

/// The examination of a book, line by line.
pub struct Examination<K> {
    book: Book,
    today: Day,
    /// Whether the catalogue has a gesture.
    is_known: K,
    line: u64,
    findings: Findings,
    gone: BTreeSet<GestureId>,
    entries: Vec<Entry>,
    /// Lines that are not events by themselves, and what they may come to together.
    stream: Stream,
    /// The first line of another shape, how many there are, and the events in them.
    shape: Option<(u64, u64, u64)>,
    /// Lines that are not events, and those that only a newer version knows.
    bad: u64,
    newer: u64,
    is_utf16: bool,
    /// The first line that ends in a carriage return, and how many do.
    carriages: Option<(u64, u64)>,
    order: Order,
}

impl<K: Fn(&str) -> bool> Examination<K> {
    /// `is_known` says whether the catalogue has a gesture. `reach` is after how many bytes of events that are too old
    /// a backward reader stops.
    pub fn new(book: Book, today: Day, is_known: K, reach: usize) -> Self {
        Self {
            book,
            today,
            is_known,
            line: 0,
            findings: Findings::default(),
            gone: BTreeSet::new(),
            entries: Vec::new(),
            stream: Stream::default(),
            shape: None,
            bad: 0,
            newer: 0,
            is_utf16: false,
            carriages: None,
            order: Order { reach, ..Order::default() },
        }
    }

    /// Takes in the next line, without its newline; it begins at the byte `offset`.
    pub fn take(&mut self, line: &[u8], offset: u64, is_complete: bool) {
        self.line += 1;
        let number = self.line;
        if number == 1 {
            self.is_utf16 = is_utf16(line);
        }
        if self.is_utf16 {
            return;
        }
        let parsed = parse(line);
        let pieces = match &parsed {
            Line::Bad(_) => self.stream.take(row(number, line, is_complete)),
            Line::Passed if is_blank(line) && self.stream.is_open() => self.stream.take(row(number, line, is_complete)),
            Line::Event(_) | Line::Passed => self.stream.end(),
        };
        for piece in pieces {
            self.piece(piece);
        }
        match parsed {
            Line::Event(event) => {
                self.entries.push(Entry::new(&EventHead::of(&event), Place::new(self.book.source(), offset)));
                self.event(&event, line.len() + 1);
            }
            Line::Passed => self.newer += u64::from(!is_blank(line)),
            Line::Bad(_) => return,
        }
        if line.starts_with(b"\xEF\xBB\xBF") {
            self.findings.push(Finding::ByteOrderMark { line: number });
        }
        if line.ends_with(b"\r") && !is_blank(line) {
            self.carriages.get_or_insert((number, 0)).1 += 1;
        }
    }

    /// What lines that are not events by themselves came to.
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Values { first, lines, events } => {
                let (_, all_lines, all_events) = self.shape.get_or_insert((first, 0, 0));
                *all_lines += lines;
                *all_events += events.len() as u64;
            }
            Piece::Row(Row { number: line, text, is_complete }) => {
                let Line::Bad(reason) = parse(&text) else {
                    return;
                };
                self.bad += 1;
                let text = String::from_utf8_lossy(&text).into_owned();
                self.findings.push(if is_complete {
                    Finding::NotAnEvent { line, reason, text }
                } else {
                    Finding::Unfinished { line, text }
                });
            }
        }
    }

    fn event(&mut self, event: &Event, length: usize) {
        let line = self.line;
        let (day, written) = (event.day, event.at.map(|at| at.date_naive()));
        if day > self.today {
            self.findings.push(Finding::Future { line, day });
        } else if let Some(written) = written.filter(|written| *written > self.today) {
            self.findings.push(Finding::WrittenInFuture { line, written });
        }
        if let Some(belongs) = event.what.book().filter(|belongs| *belongs != self.book) {
            self.findings.push(Finding::WrongBook { line, belongs });
        }
        if let Some(gesture) = event.what.prompt().and_then(Prompt::gesture)
            && !(self.is_known)(gesture)
        {
            self.gone.insert(gesture.clone());
        }
        // The plans are always read to the beginning.
        if self.book == Book::Plans {
            return;
        }
        let ahead = written.filter(|written| day > *written);
        if let Some(written) = ahead {
            self.findings.push(Finding::AheadOfWriting { line, day, written });
        }
        let is_expected = ahead.is_none() && day <= self.today;
        self.order.take(line, is_expected.then_some(day), written, length);
    }

    /// All that was found. `reread` reads the event at a place again; `number` turns the places of lines, in order,
    /// into line numbers.
    pub fn finish<E>(
        mut self,
        mut reread: impl FnMut(Place) -> Result<Option<Version>, E>,
        number: impl FnOnce(&[Place]) -> Result<Vec<u64>, E>,
    ) -> Result<Vec<Finding>, E> {
        if self.is_utf16 {
            return Ok(vec![Finding::Utf16]);
        }
        let pieces = self.stream.end();
        for piece in pieces {
            self.piece(piece);
        }
        // Lines of brackets alone are broken, where they are not around events.
        let shape = self.shape.filter(|(_, _, events)| *events > 0);
        if self.entries.is_empty() && self.newer == 0 && shape.is_none() {
            let lines = self.bad + self.shape.map_or(0, |(_, lines, _)| lines);
            return Ok(vec![if lines > 0 { Finding::NoEvents { lines } } else { Finding::Empty }]);
        }
        if let Some((line, lines, events)) = self.shape {
            self.findings.push(Finding::NotOnePerLine { line, lines, events });
        }
        let duplicates = duplicates(&mut self.entries, &mut reread)?;
        let mut places: Vec<Place> =
            duplicates.iter().flat_map(|duplicate| [duplicate.place, duplicate.first]).collect();
        places.sort_unstable();
        places.dedup();
        let numbers = number(&places)?;
        let line =
            |place: &Place| places.binary_search(place).ok().and_then(|at| numbers.get(at)).copied().unwrap_or(0);
        for Duplicate { place, first, is_same } in &duplicates {
            self.findings.push(Finding::Duplicate { line: line(place), first: line(first), same: *is_same });
        }
        if let Some((line, lines)) = self.carriages {
            self.findings.push(Finding::CarriageReturns { line, lines });
        }
        for (day, (line, lines)) in self.order.astray {
            self.findings.push(Finding::OutOfOrder { line, day, lines });
        }
        let mut findings = self.findings.finish();
        if !self.gone.is_empty() {
            findings.push(Finding::UnknownGestures { gestures: self.gone });
        }
        Ok(findings)
    }
}

fn row(number: u64, line: &[u8], is_complete: bool) -> Row {
    Row { number, text: line.to_vec(), is_complete }
}

/// Whether a file that begins so is written in UTF-16: its mark, or every second byte of the first event is zero.
fn is_utf16(line: &[u8]) -> bool {
    [&b"\xFF\xFE"[..], b"\xFE\xFF", b"{\0", b"\0{", b"[\0", b"\0["].iter().any(|start| line.starts_with(start))
}

/// A line whose id stands in an earlier one too.
struct Duplicate {
    place: Place,
    first: Place,
    is_same: bool,
}

fn duplicates<E>(
    entries: &mut [Entry],
    reread: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Vec<Duplicate>, E> {
    let mut found = Vec::new();
    for alike in same_numbers(entries) {
        // The first line of each id; nearly always there is only one id.
        let mut firsts: Vec<(Place, Version)> = Vec::new();
        for place in alike.iter().map(Entry::place) {
            let Some(version) = reread(place)? else {
                continue;
            };
            match firsts.iter().find(|(_, first)| first.0.id == version.0.id) {
                Some((first, (_, line))) => {
                    found.push(Duplicate { place, first: *first, is_same: *line == version.1 });
                }
                None => firsts.push((place, version)),
            }
        }
    }
    found.sort_unstable_by_key(|duplicate| duplicate.place);
    Ok(found)
}

/// Finds events that a backward reader would not reach, by applying the rule by which it stops from the other end.
#[derive(Default)]
struct Order {
    reach: usize,
    /// How many events so far say when they were written.
    passed: u64,
    /// The last of them, just enough to fill `reach`: when each was written, and its length in bytes.
    window: VecDeque<(Day, usize)>,
    /// The bytes of the window.
    filled: usize,
    /// A monotonic queue of the window: the latest date in it, then the latest after that event, and so on, each with
    /// the event's number.
    latest: VecDeque<(u64, Day)>,
    /// Events that the window has not yet left behind: the value of `passed` with it, its line and its day.
    near: VecDeque<(u64, u64, Day)>,
    /// Events before the window, by day: the first line, and how many there are.
    before: BTreeMap<Day, (u64, u64)>,
    /// The same for those that a backward reader does not reach.
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
        // A reader of these days stops within the window, since all of it was written too early for them.
        while let Some(last) = self.before.last_entry().filter(|last| earliest_writing(*last.key()) > *latest) {
            let (day, (line, lines)) = last.remove_entry();
            self.astray.entry(day).or_insert((line, 0)).1 += lines;
        }
    }
}

#[cfg(test)]
mod tests;
