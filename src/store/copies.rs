//! Merges both books with copies of them.

use std::collections::BTreeSet;
use std::mem;

use super::replace::NewFile;
use super::rewrite::differs;
use super::{Book, Lock, Pages, Sources, Store};
use crate::error::Error;
use crate::journal::merge::{Merge, Merged};
use crate::journal::{Line, Place, Straightener, bare, id_number, parse};

/// The user's books, and copies to be merged with them.
#[derive(Default)]
pub struct Copies {
    sources: Sources,
    merge: Merge,
    /// Which of the user's books are not read as they stand.
    is_reshaped: [bool; 2],
}

/// The result of a merge, with the files that it was made from.
pub struct MergedCopies {
    /// The files that were merged, to be read again by place.
    pub sources: Sources,
    /// What each book is to hold.
    pub merged: Merged,
    is_reshaped: [bool; 2],
}

impl Lock<'_> {
    /// Both books, of which those in another shape are read as the events that they hold.
    pub fn copies_of_values(&self, is_reshaped: [bool; 2]) -> Result<Copies, Error> {
        let mut copies = Copies { is_reshaped, ..Copies::default() };
        for book in Book::BOTH {
            let mut pages = Pages::open(&self.store().path(book))?;
            if is_reshaped[usize::from(book.source())]
                && let Some(own) = &pages
            {
                pages = self.on_lines(book, own)?;
            }
            copies.push(book, pages)?;
        }
        Ok(copies)
    }

    /// A copy of a book that came as bytes, in a file that has gone again and can still be read.
    pub fn pages_of(&self, book: Book, bytes: &[u8]) -> Result<Option<Pages>, Error> {
        let new = NewFile::write(self.store(), &self.store().path(book), |file| Ok(file.write_all(bytes)?))?;
        Pages::open(new.path())
    }

    /// A book with each event on a line of its own, in a file that has gone again and can still be read.
    fn on_lines(&self, book: Book, pages: &Pages) -> Result<Option<Pages>, Error> {
        let new = NewFile::write(self.store(), &self.store().path(book), |file| {
            let mut straightener = Straightener::default();
            let mut written = Ok(());
            let mut put = |line: &[u8]| {
                if written.is_ok() {
                    written = file.write_all(line).and_then(|()| file.write_all(b"\n"));
                }
            };
            pages.each(|line, _, _| straightener.take(line, &mut put))?;
            straightener.finish(&mut put);
            Ok(written?)
        })?;
        Pages::open(new.path())
    }
}

impl Store {
    /// Both books, to which copies can be added.
    pub fn copies(&self) -> Result<Copies, Error> {
        let mut copies = Copies::default();
        for book in Book::BOTH {
            let pages = Pages::open(&self.path(book))?;
            copies.push(book, pages)?;
        }
        Ok(copies)
    }
}

impl Copies {
    /// Adds a copy of a book.
    pub fn add(&mut self, book: Book, pages: Pages) -> Result<(), Error> {
        self.push(book, Some(pages))
    }

    fn push(&mut self, book: Book, pages: Option<Pages>) -> Result<(), Error> {
        let source = self.merge.next_file(book);
        if source >= Place::SOURCES {
            let most = Place::SOURCES - 2;
            return Err(Error::usage(format!("more than {most} copies")).hint("merge fewer at a time"));
        }
        if let Some(pages) = &pages {
            pages.each(|line, offset, _| self.merge.take(line, Place::new(source, offset)))?;
        }
        self.sources.push(pages);
        Ok(())
    }

    /// Merges them.
    pub fn merge(self) -> Result<MergedCopies, Error> {
        let Self { sources, merge, is_reshaped } = self;
        let merged = merge.finish(|place| sources.version(place))?;
        Ok(MergedCopies { sources, merged, is_reshaped })
    }
}

impl MergedCopies {
    /// The lines of a book that are another version of an event and do not count, in the order in which they were read,
    /// each once.
    pub fn superseded(&self, book: Book) -> Result<Vec<Vec<u8>>, Error> {
        let mut lines = Vec::new();
        let mut known = BTreeSet::new();
        for place in &self.merged.of(book).superseded {
            let line = bare(&self.sources.line(*place)?).to_vec();
            if known.insert(line.clone()) {
                lines.push(line);
            }
        }
        Ok(lines)
    }

    /// Whether a book is to hold something other than it does now.
    pub fn differs(&self, book: Book) -> Result<bool, Error> {
        Ok(self.is_reshaped[usize::from(book.source())] || differs(&self.sources, book, self.merged.of(book))?)
    }

    /// Leaves lines out of a book, by their bytes: those that no id stands for.
    pub fn leave_out(&mut self, book: Book, gone: &BTreeSet<Vec<u8>>) -> Result<(), Error> {
        if gone.is_empty() {
            return Ok(());
        }
        let mut ids = BTreeSet::new();
        let mut events = Vec::new();
        for place in mem::take(&mut self.merged.of_mut(book).events) {
            let line = bare(&self.sources.line(place)?).to_vec();
            if gone.contains(&line) {
                // Such a line is its own id.
                ids.insert(id_number(&String::from_utf8_lossy(&line)));
            } else {
                events.push(place);
            }
        }
        self.merged.ids.retain(|id| !ids.contains(id));
        let file = self.merged.of_mut(book);
        file.events = events;
        file.others.retain(|line| !gone.contains(bare(line)));
        Ok(())
    }

    /// Takes the lines out that can't be read; a newer version's stay.
    pub fn take_bad_lines(&mut self) {
        for book in Book::BOTH {
            self.merged.of_mut(book).others.retain(|line| !matches!(parse(line), Line::Bad(_)));
        }
    }

    /// The lines of the user's own books that can't be read or don't count, in the order of the files: of those that
    /// can't be read the ones in this book, of the others those whose event belongs to it.
    pub fn rejected(&self, book: Book) -> Result<Vec<Vec<u8>>, Error> {
        let mut superseded = self.merged.of(book).superseded.clone();
        superseded.sort_unstable();
        let mut lines = Vec::new();
        for source in Book::BOTH {
            let Some(pages) = self.sources.get(source.source()) else {
                continue;
            };
            pages.each(|line, offset, _| {
                if superseded.binary_search(&Place::new(source.source(), offset)).is_ok() {
                    lines.push(bare(line).to_vec());
                } else if source == book && matches!(parse(line), Line::Bad(_)) {
                    lines.push(line.to_vec());
                }
            })?;
        }
        Ok(lines)
    }
}
