//! The merge of copies: the lines of several files to what either book holds.
//!
//! An event line is the same with and without a byte order mark before it or carriage returns behind it, and stands
//! in the merged file without; so does a line that a newer version may know. What is not an event keeps every byte.
//! Blank lines hold nothing and go. Of events only ids, moments and places are held; a line that is not an event is
//! held as it is.

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
    /// Of each book the lines that are not events.
    others: [BTreeSet<Vec<u8>>; 2],
}

/// What both books hold once the copies are put together.
#[derive(Debug, Default)]
pub struct Merged {
    pub journal: MergedFile,
    pub plans: MergedFile,
}

/// What a book holds.
#[derive(Debug, Default)]
pub struct MergedFile {
    /// Its events in order, each once, by the places of their lines.
    pub events: Vec<Place>,
    /// Lines that are not events, in byte order, once each.
    pub others: BTreeSet<Vec<u8>>,
    /// Lines that have an event's id and do not count, being another version of it, in the order in which they were
    /// read.
    pub superseded: Vec<Place>,
    /// Those of the events that stand in neither of the first two files.
    pub new: Vec<Place>,
    /// How many of the others stand in a copy too.
    pub known: usize,
}

impl Merged {
    pub fn of(&self, book: Book) -> &MergedFile {
        match book {
            Book::Journal => &self.journal,
            Book::Plans => &self.plans,
        }
    }

    pub fn of_mut(&mut self, book: Book) -> &mut MergedFile {
        match book {
            Book::Journal => &mut self.journal,
            Book::Plans => &mut self.plans,
        }
    }
}

impl Merge {
    /// Begins the next file, and says by which number its places are known.
    pub fn next_file(&mut self, book: Book) -> u16 {
        self.books.push(book);
        // No more files are read than can be told apart.
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

    /// Puts the files together. Neither their order nor their number matters.
    ///
    /// An event goes to the book that it belongs to, an `undone` to the book of what it takes back; whatever does not
    /// say stays with its copy's book. Events are sorted by the moment of writing and the id; an `undone`, a swap and
    /// an amendment never stand before what they name, since they count with the later of both moments.
    pub fn finish<E>(mut self, mut look: impl FnMut(Place) -> Result<Option<Version>, E>) -> Result<Merged, E> {
        let books = mem::take(&mut self.books);
        let book_of = |place: Place| books[usize::from(place.source())];
        // Of the same line in both books that in the journal.
        keep_one_version(&mut self.entries, &mut look, book_of)?;
        let mut merged = Merged::default();
        let mut records = Vec::new();
        let mut named = Vec::new();
        let mut offers = Vec::new();
        let mut in_order: Vec<Entry> = self.entries.clone();
        in_order.sort_unstable_by_key(Entry::place);
        for entry in in_order {
            let place = entry.place();
            let Some((event, line)) = look(place)? else {
                continue;
            };
            // One that does not say stays where it stands.
            let book = event.what.book().unwrap_or(book_of(place));
            if entry.fate() == Fate::Superseded {
                let winner = find(&self.entries, &event.id, &mut look, |entry| entry.fate() != Fate::Superseded)?;
                let winner = winner.map(|winner| look(self.entries[winner].place())).transpose()?.flatten();
                // What was erased is kept nowhere.
                if winner.is_some_and(|(counting, of)| of != line && !counting.is_erased()) {
                    merged.of_mut(book).superseded.push(place);
                }
                continue;
            }
            let is_new =
                !is_own(place) && find(&self.entries, &event.id, &mut look, |entry| is_own(entry.place()))?.is_none();
            let is_copied =
                !is_own(place) || find(&self.entries, &event.id, &mut look, |entry| !is_own(entry.place()))?.is_some();
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
                    // One that names what names another in turn has nothing to stand behind: it changes nothing.
                    let fits = |entry: &Entry| {
                        let is_end = !entry.is_undone() && (matches!(named, Named::Undone(_)) || !entry.is_amendment());
                        is_end && entry.fate() != Fate::Superseded
                    };
                    let target = find(&self.entries, id, &mut look, fits)?.map(|target| self.entries[target].place());
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
        records.sort_by(|a, b| (a.moment, a.depth, &*a.id).cmp(&(b.moment, b.depth, &*b.id)));
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

/// What an event is put in order by, and where it goes.
struct Record {
    moment: DateTime<Utc>,
    /// How many events it has to stand behind that count with the same moment.
    depth: u8,
    id: EventId,
    place: Place,
    book: Book,
    is_new: bool,
    is_copied: bool,
}

/// What an event names that it has to stand behind.
enum Named {
    /// An offer of its day, by the number of what was offered.
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

/// The book that a file is a copy of, while its lines are read: by the first of its events that says.
#[derive(Debug, Default)]
pub struct Recognition {
    book: Option<Book>,
    /// Whether any line is one that this version or a newer one writes.
    is_known: bool,
    is_empty: bool,
}

impl Recognition {
    pub fn new() -> Self {
        Self { book: None, is_known: false, is_empty: true }
    }

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

    pub fn book(&self) -> Option<Book> {
        self.book
    }

    /// Whether it can be a copy of a book though no event says of which: it is empty, or has a line that this version
    /// or a newer one writes.
    pub fn may_be_a_copy(&self) -> bool {
        self.is_empty || self.is_known
    }
}

#[cfg(test)]
mod tests;
