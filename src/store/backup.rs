//! What a rewrite keeps: the book as it was, and the lines that the new one does not hold.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::create::sync_folder;
use super::permissions::make_private;
use super::{Book, Lock, Pages, cannot, refuse_odd, unconfirmed};
use crate::error::Error;
use crate::journal::lines;

impl Lock<'_> {
    /// Keeps a book as it is in a new file, `journal.jsonl.backup-2026-11-22`, and says where. No backup takes the
    /// place of another.
    pub fn back_up(&self, book: Book) -> Result<PathBuf, Error> {
        let mut number = 1;
        loop {
            let more = if number == 1 { String::new() } else { format!("-{number}") };
            let path = self.beside(book, &format!("backup-{}{more}", self.today()));
            if let Some(kept) = self.keep(&self.store().path(book), &path)? {
                return Ok(kept);
            }
            number += 1;
        }
    }

    /// Keeps a file as it is before the first change of the day; one that is not there, or was kept today, is passed
    /// over. Lies beside it: `gestures.toml.backup-2026-11-22`.
    pub fn back_up_once_a_day(&self, path: &Path) -> Result<(), Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let backup = path.with_file_name(format!("{name}.backup-{}", self.today()));
        if path.exists() {
            self.keep(path, &backup)?;
        }
        Ok(())
    }

    /// Copies a file to a new one, which is on disk when this returns; `None` where there is one already.
    fn keep(&self, source: &Path, path: &Path) -> Result<Option<PathBuf>, Error> {
        let mut file = match self.store().create_new(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            Err(error) => return Err(cannot("back up to", path, &error)),
        };
        copy(source, &mut file).and_then(|()| file.sync_all()).map_err(|error| {
            // Half a backup is none.
            let _ = fs::remove_file(path);
            cannot("back up to", path, &error)
        })?;
        sync_folder(path).map_err(|error| unconfirmed(path, &error))?;
        Ok(Some(path.to_owned()))
    }

    /// Adds lines to `journal.jsonl.rejected`, those that are not there yet, in their order, and says where. They are
    /// on disk when it returns. A link in its place is refused.
    pub fn set_aside(&self, book: Book, aside: &[Vec<u8>]) -> Result<PathBuf, Error> {
        let path = self.beside(book, "rejected");
        if path.is_symlink() {
            return Err(Error::failed(format!("`{}` is a link, and nothing is written through it", path.display()))
                .hint("move it out of the way, then try again"));
        }
        refuse_odd(&path)?;
        let known = read_whole(&path)?;
        let mut there: HashSet<&[u8]> = lines(&known).collect();
        let mut text = Vec::new();
        if known.last().is_some_and(|byte| *byte != b'\n') {
            text.push(b'\n');
        }
        for line in aside.iter().filter(|line| there.insert(line.as_slice())) {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        let mut file = self.store().open_own(&path).map_err(|error| cannot("open", &path, &error))?;
        self.store().note_refusal(&path, make_private(&file));
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(|error| cannot("write", &path, &error))?;
        sync_folder(&path).map_err(|error| unconfirmed(&path, &error))?;
        Ok(path)
    }

    /// Removes what an interrupted exchange left behind. Under the lock nobody is writing it.
    pub fn remove_unfinished(&self, path: &Path) -> Result<(), Error> {
        fs::remove_file(path).map_err(|error| cannot("remove", path, &error))
    }

    fn beside(&self, book: Book, what: &str) -> PathBuf {
        self.store().data_folder().join(format!("{}.{what}", book.file_name()))
    }
}

/// Copies a file as long as it is now.
fn copy(source: &Path, file: &mut File) -> io::Result<()> {
    let pages = Pages::open(source).map_err(|error| io::Error::other(error.message().to_owned()))?;
    pages.map_or(Ok(()), |pages| pages.copy_to(file))
}

fn read_whole(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    if let Some(pages) = Pages::open(path)? {
        pages.copy_to(&mut bytes).map_err(|error| cannot("read", path, &error))?;
    }
    Ok(bytes)
}
