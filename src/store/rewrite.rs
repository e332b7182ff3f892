//! Both books written anew: all of the new ones first, then compared with the old ones, then put in their places.

use std::io::Write;
use std::path::Path;

use super::replace::{NewFile, WriteError};
use super::{Book, Lock, MergedCopies, Pages, Sources};
use crate::error::Error;
use crate::journal::merge::MergedFile;
use crate::journal::{bare, id_number, read_head};

/// New books that are not in their places yet.
pub struct NewBooks<'l> {
    lock: &'l Lock<'l>,
    /// The plans with what is to go to the journal: a line that goes from one book to the other stands in both until
    /// it is known in its new one.
    between: Option<NewFile>,
    journal: Option<NewFile>,
    plans: Option<NewFile>,
}

impl Lock<'_> {
    /// Writes new books, as far as they differ from those that are there; the first two sources are the books as they
    /// are. Fails, with nothing changed, where they would not hold the same events.
    pub fn write_books(&self, copies: &MergedCopies) -> Result<NewBooks<'_>, Error> {
        let MergedCopies { sources, merged, .. } = copies;
        let write = |book: Book, is_between: bool| {
            NewFile::write(self.store(), &self.store().path(book), |file| {
                if is_between && let Some(pages) = sources.get(book.source()) {
                    pages.copy_to(&mut &mut *file)?;
                    file.write_all(b"\n")?;
                }
                write_merged(sources, merged.of(book), file)
            })
        };
        let [journal, plans] = Book::BOTH.map(|book| copies.differs(book));
        let (journal, plans) = (journal?, plans?);
        let new = NewBooks {
            lock: self,
            between: (journal && plans).then(|| write(Book::Plans, true)).transpose()?,
            journal: journal.then(|| write(Book::Journal, false)).transpose()?,
            plans: plans.then(|| write(Book::Plans, false)).transpose()?,
        };
        if new.ids()? != merged.ids {
            return Err(Error::failed("the new files would not hold the same events, so nothing was changed")
                .hint("this should not be: please report it, with both files if you can"));
        }
        Ok(new)
    }
}

impl NewBooks<'_> {
    /// Whether a book is to be replaced.
    pub fn has(&self, book: Book) -> bool {
        self.of(book).is_some()
    }

    fn of(&self, book: Book) -> Option<&NewFile> {
        match book {
            Book::Journal => self.journal.as_ref(),
            Book::Plans => self.plans.as_ref(),
        }
    }

    /// By what the events are known that both books are going to hold, in order, each once.
    fn ids(&self) -> Result<Vec<u64>, Error> {
        let mut ids = Vec::new();
        for book in Book::BOTH {
            let path = self.lock.store().path(book);
            let path: &Path = self.of(book).map_or(&path, NewFile::path);
            if let Some(pages) = Pages::open(path)? {
                pages.each(|line, _, _| {
                    // What is not an event has no id.
                    let _ = read_head(line, |head| ids.push(id_number(head.id)));
                })?;
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Puts them in the places of the old ones.
    pub fn put_in_place(self) -> Result<(), Error> {
        let Self { lock, between, journal, plans } = self;
        let plans = if between.is_some() { plans.map(NewFile::over_our_own) } else { plans };
        let steps = [(Book::Plans, between), (Book::Journal, journal), (Book::Plans, plans)];
        steps.into_iter().try_for_each(|(book, new)| new.map_or(Ok(()), |new| lock.put_in_place(book, new)))
    }
}

/// The events, then the other lines.
fn write_merged(sources: &Sources, merged: &MergedFile, file: &mut dyn Write) -> Result<(), WriteError> {
    for place in &merged.events {
        file.write_all(bare(&sources.line(*place)?))?;
        file.write_all(b"\n")?;
    }
    for line in &merged.others {
        file.write_all(line)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}

/// Whether a book is to hold something else than it does.
pub fn differs(sources: &Sources, book: Book, merged: &MergedFile) -> Result<bool, Error> {
    let mut lines = merged.events.iter();
    let mut others = merged.others.iter();
    let mut same = true;
    let mut failed = None;
    let mut expect = |line: &[u8], is_complete: bool| -> Result<bool, Error> {
        let expected = match lines.next() {
            Some(place) => Some(bare(&sources.line(*place)?).to_vec()),
            None => others.next().cloned(),
        };
        Ok(is_complete && expected.is_some_and(|expected| expected == line))
    };
    if let Some(pages) = sources.get(book.source()) {
        pages.each(|line, _, is_complete| {
            if same && failed.is_none() {
                match expect(line, is_complete) {
                    Ok(fits) => same = fits,
                    Err(error) => failed = Some(error),
                }
            }
        })?;
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(!same || lines.next().is_some() || others.next().is_some()),
    }
}
