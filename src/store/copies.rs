//! Both books and copies of them, put together.

use std::collections::BTreeSet;

use super::rewrite::differs;
use super::{Book, Pages, Sources, Store};
use crate::error::Error;
use crate::journal::merge::{Merge, Merged};
use crate::journal::{Line, Place, bare, parse};

/// The user's books, then copies of them.
#[derive(Default)]
pub struct Copies {
    sources: Sources,
    merge: Merge,
}

/// What they come to.
pub struct MergedCopies {
    pub sources: Sources,
    pub merged: Merged,
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

    pub fn merge(self) -> Result<MergedCopies, Error> {
        let Self { sources, merge } = self;
        let merged = merge.finish(|place| sources.version(place))?;
        Ok(MergedCopies { sources, merged })
    }
}

impl MergedCopies {
    /// The lines of a book that have the id of an event and do not count, in the order in which they were read, once
    /// each.
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

    /// Whether a book is to hold something else than it does.
    pub fn differs(&self, book: Book) -> Result<bool, Error> {
        differs(&self.sources, book, self.merged.of(book))
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
