//! The exchange of a whole file: a new one beside the real one, renamed over it, so that whoever looks sees the old
//! file or the new one, and never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

use super::permissions::{make_private, private};
use super::{Book, Lock, Sources, cannot, create_folder, leads_somewhere, refuse_odd, sync_folder, unconfirmed};
use crate::environment;
use crate::error::Error;
use crate::journal::bare;
use crate::journal::merge::{Merged, MergedFile};

/// How much is written at a time.
const CHUNK: usize = 256 * 1024;

impl Lock<'_> {
    /// Puts what `write` writes in the place of a book. A symbolic link is followed and stays one, the file keeps its
    /// mode, and all of it is on disk before the old book goes.
    ///
    /// Fails, with the book as it was, where `write` does or the folder takes no new file; [`Error::Unconfirmed`] says
    /// that the new book stands and the folder would not be synced.
    pub fn replace(
        &self,
        book: Book,
        write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
    ) -> Result<(), Error> {
        replace(&self.store().path(book), write)
    }

    /// Puts `text` in the place of the user's own catalogue, in the same way.
    pub fn replace_gestures(&self, text: &str) -> Result<(), Error> {
        create_folder(&self.store().folders.config)?;
        replace(&self.store().gestures_path(), |file| Ok(file.write_all(text.as_bytes())?))
    }
}

impl Lock<'_> {
    /// Puts merged books in the place of both, as far as they differ; the first two of the `sources` are the books as
    /// they are.
    pub fn replace_both(&self, sources: &Sources, merged: &Merged) -> Result<(), Error> {
        let [journal, plans] = Book::BOTH.map(|book| differs(sources, book, merged.of(book)));
        let (journal, plans) = (journal?, plans?);
        if journal && plans {
            // A line that goes from one book to the other stands in both until it is known in its new one.
            self.replace(Book::Plans, |mut file| {
                if let Some(pages) = sources.get(Book::Plans.source()) {
                    pages.copy_to(&mut file)?;
                }
                file.write_all(b"\n")?;
                write_merged(sources, &merged.plans, file)
            })?;
        }
        if journal {
            self.replace(Book::Journal, |file| write_merged(sources, &merged.journal, file))?;
        }
        if plans {
            self.replace(Book::Plans, |file| write_merged(sources, &merged.plans, file))?;
        }
        Ok(())
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

/// Why the new file could not be written: it itself, or what was to be put into it.
pub enum WriteError {
    Io(io::Error),
    Source(Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self::Source(error)
    }
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>) -> Result<(), Error> {
    refuse_odd(path)?;
    leads_somewhere(path)?;
    let real = behind_links(path).map_err(|error| cannot("follow", path, &error))?;
    if fs::metadata(&real).is_ok_and(|file| !file.is_file()) {
        return Err(Error::failed(format!("`{}` is a device, which can't be replaced", path.display()))
            .hint("move it out of the way, then try again"));
    }
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let new = real.with_file_name(format!(".{name}.{}.new", environment::new_id()?));
    swap(&real, &new, write).map_err(|error| {
        // It may be what could not be created, and otherwise it is of no use.
        let _ = fs::remove_file(&new);
        match error {
            WriteError::Io(error) => cannot("replace", &real, &error),
            WriteError::Source(error) => error,
        }
    })?;
    sync_folder(&real).map_err(|error| unconfirmed(&real, &error).hint("look at the disk; the new file stands"))
}

/// Private from the start, and with the mode of the old file before its name.
fn swap(
    real: &Path,
    new: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = BufWriter::with_capacity(CHUNK, private(&mut options).open(new)?);
    write(&mut file)?;
    let file: File = file.into_inner().map_err(IntoInnerError::into_error)?;
    match fs::metadata(real) {
        Ok(old) => file.set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_private(&file)?,
        Err(error) => return Err(error.into()),
    }
    file.sync_all()?;
    drop(file);
    Ok(fs::rename(new, real)?)
}

/// The file that a path leads to in the end, though it may not be there yet.
pub fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // It is no link, or there is nothing.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}
