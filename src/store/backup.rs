//! What mending and merging need beside reading and appending: backups, lines set aside, and who may read.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::append::unconfirmed;
use super::replace::behind_links;
use super::{Book, Lock, Store, cannot, leads_somewhere, make_private, private, refuse_odd, sync_folder};
use crate::calendar::Day;
use crate::error::Error;
use crate::journal::merge::lines;

impl Store {
    /// Whether two paths lead to one file that is there.
    pub fn is_same(&self, one: &Path, other: &Path) -> bool {
        one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
    }

    /// Refuses a file or folder that is a link to where nothing can be written, as when a disk is missing.
    pub fn leads_somewhere(&self, path: &Path) -> Result<(), Error> {
        leads_somewhere(path)
    }

    pub fn data_folder(&self) -> &Path {
        &self.folders.data
    }

    /// The file that a path leads to; the path itself where its links lead nowhere.
    pub fn real(&self, path: &Path) -> PathBuf {
        behind_links(path).unwrap_or_else(|_| path.to_owned())
    }

    /// The files that lie beside a file, and beside the one that it links to.
    pub fn beside(&self, path: &Path) -> Vec<PathBuf> {
        let real = self.real(path);
        let folders: BTreeSet<&Path> = [path, &real].into_iter().filter_map(Path::parent).collect();
        let entries = folders.into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|file| *file != path).collect();
        files.sort();
        files
    }

    /// What others than its owner may do with a file or folder.
    pub fn exposure(&self, path: &Path) -> Exposure {
        match mode(path) {
            Some(mode) if mode & 0o022 != 0 => Exposure::Changed,
            Some(mode) if mode & 0o055 != 0 => Exposure::Seen,
            _ => Exposure::None,
        }
    }
}

/// What others than its owner may do with a file or folder; nothing is known where modes say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    None,
    /// Read, or listed.
    Seen,
    Changed,
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).ok()?;
    (metadata.is_dir() || metadata.is_file()).then(|| metadata.permissions().mode())
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

impl Lock<'_> {
    /// Keeps a book as it is in a new file, `journal.jsonl.backup-2026-11-22`, and says where. No
    /// backup takes the place of another.
    pub fn back_up(&self, book: Book, bytes: &[u8], today: Day) -> Result<PathBuf, Error> {
        let mut number = 1;
        loop {
            let more = if number == 1 { String::new() } else { format!("-{number}") };
            let path = self.beside(book, &format!("backup-{today}{more}"));
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            let mut file = match private(&mut options).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    number += 1;
                    continue;
                }
                Err(error) => return Err(cannot("back up to", &path, &error)),
            };
            file.write_all(bytes).and_then(|()| make_private(&file)).and_then(|()| file.sync_all()).map_err(
                |error| {
                    // Half a backup is none.
                    let _ = fs::remove_file(&path);
                    cannot("back up to", &path, &error)
                },
            )?;
            sync_folder(&path).map_err(|error| unconfirmed(&path, &error))?;
            return Ok(path);
        }
    }

    /// Adds lines to `journal.jsonl.rejected`, those that are not there yet, and says where. They are on
    /// disk when it returns.
    pub fn set_aside<'l>(&self, book: Book, aside: impl IntoIterator<Item = &'l [u8]>) -> Result<PathBuf, Error> {
        let path = self.beside(book, "rejected");
        let known = self.store().bytes(&path)?.unwrap_or_default();
        let there: BTreeSet<&[u8]> = lines(&known).collect();
        let mut text = Vec::new();
        if known.last().is_some_and(|byte| *byte != b'\n') {
            text.push(b'\n');
        }
        for line in aside.into_iter().filter(|line| !there.contains(line)) {
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

    /// Swaps in what both books are to hold, as far as it differs from what they hold.
    pub fn replace_both(&self, before: [&[u8]; 2], after: [&[u8]; 2]) -> Result<(), Error> {
        let [journal, plans] = [0, 1].map(|book| before[book] != after[book]);
        if journal && plans {
            // A line that goes from one book to the other stands in both until it is known in its new one.
            self.replace(Book::Plans, &[before[1], b"\n", after[1]].concat())?;
        }
        if journal {
            self.replace(Book::Journal, after[0])?;
        }
        if plans { self.replace(Book::Plans, after[1]) } else { Ok(()) }
    }

    /// Leaves a file or folder to its owner alone.
    pub fn close_to_others(&self, path: &Path) -> Result<(), Error> {
        close_to_others(path).map_err(|error| cannot("make private", path, &error))
    }

    /// Removes what an interrupted swap left behind. Under the lock nobody is writing it.
    pub fn remove_unfinished(&self, path: &Path) -> Result<(), Error> {
        fs::remove_file(path).map_err(|error| cannot("remove", path, &error))
    }

    fn beside(&self, book: Book, what: &str) -> PathBuf {
        self.store().data_folder().join(format!("{}.{what}", book.file_name()))
    }
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> std::io::Result<()> {
    Ok(())
}
