//! What a rewrite keeps: the book as it was, and the lines that the new one does not hold.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::permissions::{make_private, private};
use super::{Book, Lock, Pages, cannot, refuse_odd, sync_folder, unconfirmed};
use crate::calendar::Day;
use crate::error::Error;
use crate::journal::lines;

impl Lock<'_> {
    /// Keeps a book as it is in a new file, `journal.jsonl.backup-2026-11-22`, and says where. No backup takes the
    /// place of another.
    pub fn back_up(&self, book: Book, today: Day) -> Result<PathBuf, Error> {
        let (path, mut file) = self.new_backup(book, today)?;
        let source = self.store().path(book);
        let copied = Pages::open(&source)?.map_or(Ok(()), |pages| pages.copy_to(&mut file));
        copied.and_then(|()| make_private(&file)).and_then(|()| file.sync_all()).map_err(|error| {
            // Half a backup is none.
            let _ = fs::remove_file(&path);
            cannot("back up to", &path, &error)
        })?;
        sync_folder(&path).map_err(|error| unconfirmed(&path, &error))?;
        Ok(path)
    }

    fn new_backup(&self, book: Book, today: Day) -> Result<(PathBuf, File), Error> {
        let mut number = 1;
        loop {
            let more = if number == 1 { String::new() } else { format!("-{number}") };
            let path = self.beside(book, &format!("backup-{today}{more}"));
            let mut options = OpenOptions::new();
            match private(options.write(true).create_new(true)).open(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(cannot("back up to", &path, &error)),
            }
        }
    }

    /// Adds lines to `journal.jsonl.rejected`, those that are not there yet, and says where. They are on disk when it
    /// returns.
    pub fn set_aside(&self, book: Book, aside: &[Vec<u8>]) -> Result<PathBuf, Error> {
        let path = self.beside(book, "rejected");
        let known = read_whole(&path)?;
        let there: BTreeSet<&[u8]> = lines(&known).collect();
        let mut text = Vec::new();
        if known.last().is_some_and(|byte| *byte != b'\n') {
            text.push(b'\n');
        }
        for line in aside.iter().filter(|line| !there.contains(line.as_slice())) {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        refuse_odd(&path)?;
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let mut file = private(&mut options).open(&path).map_err(|error| cannot("open", &path, &error))?;
        make_private(&file).map_err(|error| cannot("make private", &path, &error))?;
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

fn read_whole(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    if let Some(pages) = Pages::open(path)? {
        pages.copy_to(&mut bytes).map_err(|error| cannot("read", path, &error))?;
    }
    Ok(bytes)
}
