//! The union of copies: the lines of several files to what either book holds.
//!
//! An event line is the same with and without a byte order mark before it or carriage returns behind
//! it, and stands in the union without; so does a line that a newer version may know. What is no event
//! keeps every byte. Blank lines hold nothing and go.

use std::collections::{BTreeSet, HashMap};

use super::{Book, Event, Line, What, bare, parse};

/// What a book holds once copies of it are put together.
#[derive(Debug, Default)]
pub struct MergedFile<'b> {
    /// In order of (`at`, `id`), once each, with their lines.
    pub events: Vec<(Event, &'b [u8])>,
    /// Lines that are no event, in byte order, once each.
    pub others: BTreeSet<&'b [u8]>,
    /// Lines that have an event's id and do not count, since that event's line is smaller in bytes.
    pub superseded: BTreeSet<&'b [u8]>,
}

impl MergedFile<'_> {
    /// The book's file: the events, then the other lines.
    pub fn bytes(&self) -> Vec<u8> {
        let lines = self.events.iter().map(|(_, line)| *line).chain(self.others.iter().copied());
        let mut bytes = Vec::new();
        for line in lines {
            bytes.extend_from_slice(line);
            bytes.push(b'\n');
        }
        bytes
    }
}

/// Both books.
#[derive(Debug, Default)]
pub struct Merged<'b> {
    pub journal: MergedFile<'b>,
    pub plans: MergedFile<'b>,
}

impl<'b> Merged<'b> {
    pub fn of(&self, book: Book) -> &MergedFile<'b> {
        match book {
            Book::Journal => &self.journal,
            Book::Plans => &self.plans,
        }
    }

    pub fn of_mut(&mut self, book: Book) -> &mut MergedFile<'b> {
        match book {
            Book::Journal => &mut self.journal,
            Book::Plans => &mut self.plans,
        }
    }
}

/// Puts copies together, each a file's bytes with the book that it is a copy of.
///
/// An event goes to the book that it belongs to, an `undone` to the book of what it takes back; whatever
/// does not tell stays with its copy's book. Neither the order of the copies nor their number matters.
pub fn merge<'b>(copies: &[(Book, &'b [u8])]) -> Merged<'b> {
    let mut shelves = Merged::default();
    let mut by_id: HashMap<String, (Event, &'b [u8], Book)> = HashMap::new();
    for (book, line) in copies.iter().flat_map(|(book, bytes)| lines(bytes).map(|line| (*book, line))) {
        match parse(line) {
            Line::Event(event) => {
                let new = (bare(line), event.what.book().unwrap_or(book));
                let Some((_, line, book)) = by_id.get_mut(&event.id) else {
                    by_id.insert(event.id.clone(), (event, new.0, new.1));
                    continue;
                };
                let (known, is_smaller) = ((*line, *book), new < (*line, *book));
                let (counts, superseded) = if is_smaller { (new, known) } else { (known, new) };
                if counts.0 != superseded.0 {
                    shelves.of_mut(superseded.1).superseded.insert(superseded.0);
                }
                if is_smaller {
                    by_id.insert(event.id.clone(), (event, new.0, new.1));
                }
            }
            Line::Passed if is_blank(line) => {}
            Line::Passed => {
                shelves.of_mut(book).others.insert(bare(line));
            }
            Line::Bad(_) => {
                shelves.of_mut(book).others.insert(line);
            }
        }
    }
    let taken_back: HashMap<String, Book> = by_id
        .values()
        .filter_map(|(event, _, _)| match &event.what {
            What::Undone { of } => Some((of.clone(), by_id.get(of)?.0.what.book()?)),
            _ => None,
        })
        .collect();
    let book_of = |event: &Event, book: Book| match &event.what {
        What::Undone { of } => taken_back.get(of).copied().unwrap_or(book),
        _ => book,
    };
    let mut placed: Vec<(Book, Event, &[u8])> =
        by_id.into_values().map(|(event, line, book)| (book_of(&event, book), event, line)).collect();
    placed.sort_by(|a, b| a.1.order().cmp(&b.1.order()));
    for (book, event, line) in placed {
        shelves.of_mut(book).events.push((event, line));
    }
    shelves
}

/// The book that a file is a copy of, by the first of its events that tells; `None` if none does.
pub fn book_of(bytes: &[u8]) -> Option<Book> {
    lines(bytes).find_map(|line| match parse(line) {
        Line::Event(event) => event.what.book(),
        _ => None,
    })
}

/// Whether a file can be a copy of a book though no event of it tells of which: it is empty, or has a line
/// that this version or a newer one writes.
pub fn may_be_a_copy(bytes: &[u8]) -> bool {
    let mut lines = lines(bytes).filter(|line| !is_blank(line)).peekable();
    lines.peek().is_none() || lines.any(|line| !matches!(parse(line), Line::Bad(_)))
}

/// The lines of a file without their newlines, an unfinished last one too.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

pub fn is_blank(line: &[u8]) -> bool {
    bare(line).iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests;
