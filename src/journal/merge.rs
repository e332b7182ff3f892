//! The merge of copies: from the lines of several files, what each book is to hold.
//!
//! An event is the same with and without a byte order mark before its line or carriage returns after it, and is merged
//! without them; so is a line that a newer version may know. What is not an event keeps every byte. Blank lines are
//! dropped. Only ids, moments and places of events are kept in memory; a line that is not an event is kept as it is.

use std::collections::BTreeSet;
use std::mem;

use chrono::{DateTime, Utc};

use super::settle::{find, keep_one_version, number};
use super::{Book, Entry, Event, EventHead, Fate, Line, Place, Version, What, bare, is_blank, parse};
use crate::calendar::Day;
use crate::ids::EventId;

/// The files to be merged, while they are read; the first two are the user's own books.
#[derive(Debug, Default)]
pub struct Merge {
    /// Which book each file is a copy of.
    books: Vec<Book>,
    entries: Vec<Entry>,
    /// The lines of each book that are not events.
    others: [BTreeSet<Vec<u8>>; 2],
}

/// What both books hold once the copies are put together.
#[derive(Debug, Default)]
pub struct Merged {
    /// The merged journal.
    pub journal: MergedFile,
    /// The merged plans.
    pub plans: MergedFile,
    /// By what the ids of all events are known that stood in any file, in order, each once: what the new files have to
    /// hold.
    pub ids: Vec<u64>,
}

/// What a book holds.
#[derive(Debug, Default)]
pub struct MergedFile {
    /// Its events in order, each once, by the places of their lines.
    pub events: Vec<Place>,
    /// Lines that are not events, in byte order, once each.
    pub others: BTreeSet<Vec<u8>>,
    /// Lines that are another version of an event and do not count, in the order in which they were read.
    pub superseded: Vec<Place>,
    /// The events that are in neither of the first two files.
    pub new: Vec<Place>,
    /// How many of the other events are in a copy too.
    pub known: usize,
}

impl Merged {
    /// What one book holds.
    pub fn of(&self, book: Book) -> &MergedFile {
        match book {
            Book::Journal => &self.journal,
            Book::Plans => &self.plans,
        }
    }

    /// What one book holds, to be changed.
    pub fn of_mut(&mut self, book: Book) -> &mut MergedFile {
        match book {
            Book::Journal => &mut self.journal,
            Book::Plans => &mut self.plans,
        }
    }
}

impl Merge {
    /// Begins the next file, and returns its number, by which its places are known.
    pub fn next_file(&mut self, book: Book) -> u16 {
        self.books.push(book);
        // The caller reads no more than [`Place::SOURCES`] files.
        u16::try_from(self.books.len() - 1).unwrap_or(u16::MAX)
    }

    /// Takes in a line, without its newline.
    pub fn take(&mut self, line: &[u8], place: Place) {
        let others = &mut self.others[usize::from(self.books[usize::from(place.source())].source())];
        match parse(line) {
            Line::Event(event) => self.entries.push(Entry::new(&EventHead::of(&event), place)),
            Line::Passed if is_blank(line) => {}
            Line::Passed => {
                others.insert(bare(line).to_vec());
            }
            Line::Bad(_) => {
                others.insert(line.to_vec());
            }
        }
    }

    /// Merges the files. The result does not depend on their order, nor on how often one is given.
    ///
    /// An event goes to the book that it belongs to, an `undone` to the book of what it takes back; if that is unknown,
    /// it stays in its copy's book. Events are sorted by the moment of writing and the id; an `undone`, a swap and an
    /// amendment never come before what they name, since they are sorted by the later of both moments.
    pub fn finish<E>(mut self, mut reread: impl FnMut(Place) -> Result<Option<Version>, E>) -> Result<Merged, E> {
        let books = mem::take(&mut self.books);
        let mut ids: Vec<u64> = self.entries.iter().map(Entry::number).collect();
        ids.sort_unstable();
        ids.dedup();
        let book_of = |place: Place| books[usize::from(place.source())];
        // Of the same line in both books that in the journal.
        keep_one_version(&mut self.entries, &mut reread, book_of)?;
        let mut merged = Merged { ids, ..Merged::default() };
        let mut records = Vec::new();
        let mut named = Vec::new();
        let mut offers = Vec::new();
        let mut in_order: Vec<Entry> = self.entries.clone();
        in_order.sort_unstable_by_key(Entry::place);
        for entry in in_order {
            let place = entry.place();
            let Some((event, line)) = reread(place)? else {
                continue;
            };
            // One that does not say stays where it is.
            let book = event.what.book().unwrap_or(book_of(place));
            if entry.fate() == Fate::Superseded {
                let winner = find(&self.entries, &event.id, &mut reread, |entry| entry.fate() != Fate::Superseded)?;
                let winner = winner.map(|winner| reread(self.entries[winner].place())).transpose()?.flatten();
                // What was erased is kept nowhere.
                if winner.is_some_and(|(counting, of)| of != line && !counting.is_erased()) {
                    merged.of_mut(book).superseded.push(place);
                }
                continue;
            }
            let is_new =
                !is_own(place) && find(&self.entries, &event.id, &mut reread, |entry| is_own(entry.place()))?.is_none();
            let is_copied = !is_own(place)
                || find(&self.entries, &event.id, &mut reread, |entry| !is_own(entry.place()))?.is_some();
            if let What::Offered { prompt, .. } = &event.what {
                offers.push((event.day, number(prompt.id()), event.moment().to_utc()));
            }
            named.extend(Named::by(&event).map(|name| (records.len(), name)));
            records.push(Record {
                moment: event.moment().to_utc(),
                depth: 0,
                id: event.id,
                place,
                book,
                is_new,
                is_copied,
            });
        }
        offers.sort_unstable();
        // Amendments before what takes them back.
        named.sort_by_key(|(_, named)| matches!(named, Named::Undone(_)));
        for (at, named) in named {
            let target = match &named {
                Named::Offer(day, prompt) => {
                    let from = offers.partition_point(|offer| (offer.0, offer.1) < (*day, *prompt));
                    let offer = offers.get(from).filter(|offer| (offer.0, offer.1) == (*day, *prompt));
                    offer.map(|offer| (offer.2, 0, records[at].book))
                }
                Named::Amended(id) | Named::Undone(id) => {
                    // A target that itself names another event has no effect, so it does not matter which comes first.
                    let fits = |entry: &Entry| {
                        let is_end = !entry.is_undone() && (matches!(named, Named::Undone(_)) || !entry.is_amendment());
                        is_end && entry.fate() != Fate::Superseded
                    };
                    let target = find(&self.entries, id, &mut reread, fits)?.map(|target| self.entries[target].place());
                    let target =
                        target.and_then(|place| records.binary_search_by_key(&place, |record| record.place).ok());
                    target.map(|target| (records[target].moment, records[target].depth, records[target].book))
                }
            };
            if let Some((moment, depth, book)) = target {
                let record = &mut records[at];
                record.book = book;
                if record.moment <= moment {
                    (record.moment, record.depth) = (moment, depth.saturating_add(1));
                }
            }
        }
        records.sort_unstable_by(|a, b| (a.moment, a.depth, &*a.id).cmp(&(b.moment, b.depth, &*b.id)));
        for record in records {
            let file = merged.of_mut(record.book);
            file.events.push(record.place);
            file.new.extend(record.is_new.then_some(record.place));
            file.known += usize::from(record.is_copied && !record.is_new);
        }
        [merged.journal.others, merged.plans.others] = self.others;
        Ok(merged)
    }
}

/// Whether a line stands in one of the user's own books.
fn is_own(place: Place) -> bool {
    place.source() < 2
}

/// What an event is sorted by, and where it goes.
struct Record {
    moment: DateTime<Utc>,
    /// How many events with the same moment it has to come after.
    depth: u8,
    id: EventId,
    place: Place,
    book: Book,
    is_new: bool,
    is_copied: bool,
}

/// What an event names, and has to come after.
enum Named {
    /// An offer of its day, by the number made from the id of what was offered.
    Offer(Day, u64),
    Undone(EventId),
    Amended(EventId),
}

impl Named {
    fn by(event: &Event) -> Option<Self> {
        match &event.what {
            What::Swapped { prompt, .. } => Some(Self::Offer(event.day, number(prompt.id()))),
            What::Undone { of } => Some(Self::Undone(of.clone())),
            What::Done(done) => done.amends.clone().map(Self::Amended),
            _ => None,
        }
    }
}

/// Recognises which book a file is a copy of, by the first of its events that says so.
#[derive(Debug, Default)]
pub struct Recognition {
    book: Option<Book>,
    /// Whether any line is one that this version or a newer one writes.
    is_known: bool,
    is_empty: bool,
}

impl Recognition {
    /// Before any line was read.
    pub fn new() -> Self {
        Self { book: None, is_known: false, is_empty: true }
    }

    /// Takes in a line, without its newline.
    pub fn take(&mut self, line: &[u8]) {
        if is_blank(line) {
            return;
        }
        self.is_empty = false;
        match parse(line) {
            Line::Event(event) => {
                self.is_known = true;
                self.book = self.book.or(event.what.book());
            }
            Line::Passed => self.is_known = true,
            Line::Bad(_) => {}
        }
    }

    /// The book, if any event says.
    pub fn book(&self) -> Option<Book> {
        self.book
    }

    /// Whether it can be a copy of a book even if no event says of which: it is empty, or has a line that this version
    /// or a newer one writes.
    pub fn may_be_a_copy(&self) -> bool {
        self.is_empty || self.is_known
    }
}

#[cfg(test)]
mod tests;
