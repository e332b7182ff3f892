//! The right to write: a lock beside the real files, and the books themselves locked.
//!
//! The lock file lies in the folder of the real books, links followed, so that two folders that lead to one journal
//! exclude each other. Of two folders the lock files are taken in the order of device and inode, then the journal, then
//! the plans: nobody waits for one who waits for him. A lock file that is removed costs nothing, since whoever writes
//! to a book holds that book too. What a path leads to is looked at again once the lock is had.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{Book, Store, cannot, heed_size_limits, leads_somewhere, refuse_odd};
use crate::calendar::Day;
use crate::error::Error;

/// How long to wait for the lock while nothing is being written.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a shell that is starting may wait for the lock.
const UNNOTICED: Duration = Duration::from_millis(100);

/// When to say that we are waiting.
const SAY_AFTER: Duration = Duration::from_secs(1);

/// The right to write. It ends when this value is dropped.
pub struct Lock<'s> {
    store: &'s Store,
    today: Day,
    _lock_files: Vec<File>,
    /// Each book that is there, as it was locked.
    books: RefCell<[Option<File>; 2]>,
}

impl Lock<'_> {
    pub(super) fn store(&self) -> &Store {
        self.store
    }

    /// The day of the call, by which backups are named.
    pub(super) fn today(&self) -> Day {
        self.today
    }

    /// Locks a book that was made since, with a handle of its own.
    pub(super) fn lock_new(&self, book: Book) -> Result<(), Error> {
        if self.books.borrow()[usize::from(book.source())].is_none() {
            let locked = Patience::new(self.store).book(book)?;
            self.hold(book, locked);
        }
        Ok(())
    }

    /// Keeps the lock of a book that took the place of another.
    pub(super) fn hold(&self, book: Book, locked: Option<File>) {
        self.books.borrow_mut()[usize::from(book.source())] = locked;
    }
}

impl Store {
    /// Waits for the right to write. `waiting` is called once, if it takes longer than a second; after five seconds in
    /// which nothing was written it fails.
    pub fn lock(&self, today: Day, waiting: impl FnOnce()) -> Result<Lock<'_>, Error> {
        let mut waiting = Some(waiting);
        let mut say = || {
            if let Some(waiting) = waiting.take() {
                waiting();
            }
        };
        let mut patience = Patience { say: Some(&mut say), ..Patience::new(self) };
        self.take_lock(today, &mut patience)
    }

    /// Tries for the right to write as long as nobody notices, and fails if it is not to be had.
    pub fn lock_in_passing(&self, today: Day) -> Result<Lock<'_>, Error> {
        self.take_lock(today, &mut Patience { longest: Some(UNNOTICED), ..Patience::new(self) })
    }

    fn take_lock(&self, today: Day, patience: &mut Patience<'_>) -> Result<Lock<'_>, Error> {
        heed_size_limits();
        self.create_folder(&self.folders.data)?;
        loop {
            let folders = self.real_folders()?;
            let mut files = Vec::new();
            for (folder, book) in folders.iter().zip(Book::BOTH) {
                let path = folder.join("nudge.lock");
                if files.iter().any(|(known, _)| *known == path) {
                    continue;
                }
                match self.open_own(&path) {
                    Ok(file) => files.push((path, file)),
                    // The book's own lock suffices where its folder can't be written.
                    Err(error) if is_denied(&error) && self.path(book).exists() => {}
                    Err(error) => return Err(cannot("open", &path, &error)),
                }
            }
            files.sort_unstable_by_key(|(_, file)| identity(file.metadata()));
            files.dedup_by_key(|(_, file)| identity(file.metadata()));
            for (path, file) in &files {
                patience.lock(file, path)?;
            }
            let [journal, plans] = [patience.book(Book::Journal)?, patience.book(Book::Plans)?];
            // Someone may have removed a lock file, or turned a link elsewhere, while we waited.
            if self.real_folders()? == folders && files.iter().all(|(path, file)| is_at(file, path)) {
                let books = RefCell::new([journal, plans]);
                let lock_files = files.into_iter().map(|(_, file)| file).collect();
                return Ok(Lock { store: self, today, _lock_files: lock_files, books });
            }
        }
    }

    /// The folders in which the real books lie.
    fn real_folders(&self) -> Result<[PathBuf; 2], Error> {
        let [journal, plans] = Book::BOTH.map(|book| {
            let path = self.path(book);
            leads_somewhere(&path)?;
            // A device lies among those of the system.
            let is_device = fs::metadata(&path).is_ok_and(|file| !file.is_file());
            let real = if is_device { path } else { self.real(&path) };
            Ok::<_, Error>(real.parent().map(Path::to_owned).unwrap_or_default())
        });
        Ok([journal?, plans?])
    }

    fn lengths(&self) -> [Option<u64>; 2] {
        Book::BOTH.map(|book| fs::metadata(self.path(book)).ok().map(|file| file.len()))
    }
}

/// Another program has this for too long.
fn busy(path: &Path) -> Error {
    Error::failed(format!("`{}` is locked by another program", path.display()))
        .hint("another nudge may be waiting for an answer, or hang: end it and try again; the lock goes with it")
}

/// How long is waited, over all files that are locked.
struct Patience<'a> {
    store: &'a Store,
    say: Option<&'a mut dyn FnMut()>,
    /// The longest wait, whatever others write meanwhile.
    longest: Option<Duration>,
    started: Instant,
    since: Instant,
    lengths: Option<[Option<u64>; 2]>,
}

impl<'a> Patience<'a> {
    fn new(store: &'a Store) -> Self {
        let started = Instant::now();
        Self { store, say: None, longest: None, started, since: started, lengths: None }
    }

    fn lock(&mut self, file: &File, path: &Path) -> Result<(), Error> {
        let mut pause = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(cannot("lock", path, &error)),
            }
            if self.started.elapsed() > SAY_AFTER
                && let Some(say) = self.say.take()
            {
                say();
            }
            let now = self.store.lengths();
            if self.lengths.replace(now).is_some_and(|before| before != now) {
                self.since = Instant::now();
            }
            let left = self.longest.map(|longest| longest.saturating_sub(self.started.elapsed()));
            if self.since.elapsed() > PATIENCE || left.is_some_and(|left| left.is_zero()) {
                return Err(busy(path));
            }
            thread::sleep(left.map_or(pause, |left| pause.min(left)));
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Locks a book, where there is one: the one that its path leads to once the lock is had.
    fn book(&mut self, book: Book) -> Result<Option<File>, Error> {
        // Elsewhere a locked file can't be read by others.
        if cfg!(not(unix)) {
            return Ok(None);
        }
        let path = self.store.path(book);
        // What is no file is refused by whoever comes to write to it.
        if refuse_odd(&path).is_err() {
            return Ok(None);
        }
        loop {
            let file = match open_to_lock(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(cannot("open", &path, &error)),
            };
            self.lock(&file, &path)?;
            if is_at(&file, &path) {
                return Ok(Some(file));
            }
        }
    }
}

/// A book that may not be written can be locked all the same; the write will say so.
fn open_to_lock(path: &Path) -> io::Result<File> {
    match OpenOptions::new().read(true).append(true).open(path) {
        Err(error) if is_denied(&error) => OpenOptions::new().read(true).open(path),
        opened => opened,
    }
}

fn is_denied(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Whether a path leads to an open file.
fn is_at(file: &File, path: &Path) -> bool {
    identity(file.metadata()) == identity(fs::metadata(path))
}

/// By what a file is known: its device and inode.
#[cfg(unix)]
fn identity(metadata: io::Result<fs::Metadata>) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    metadata.ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(metadata: io::Result<fs::Metadata>) -> Option<()> {
    metadata.ok().map(|_| ())
}
