//! The lock over both books, and the append that leaves either all of it on disk or the file as it was.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::{Book, Store, cannot, create_folder, leads_somewhere, make_private, private, refuse_odd, sync_folder};
use crate::error::{self, Error, Message};
use crate::journal::{self, Event};

/// How long to wait for the lock while nothing is being written.
const PATIENCE: Duration = Duration::from_secs(5);

/// When to say that we are waiting.
const SAY_AFTER: Duration = Duration::from_secs(1);

impl Store {
    /// Waits for the lock over both books. `waiting` is called once, if it takes longer than a second.
    pub fn lock(&self, waiting: impl FnOnce()) -> Result<Lock<'_>, Error> {
        create_folder(&self.folders.data)?;
        let path = self.folders.data.join("nudge.lock");
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let file = private(&mut options).open(&path).map_err(|error| cannot("open", &path, &error))?;
        let started = Instant::now();
        let mut patient_since = started;
        let mut grown = self.lengths();
        let mut waiting = Some(waiting);
        let mut pause = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { store: self, _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(cannot("lock", &path, &error)),
            }
            if started.elapsed() > SAY_AFTER
                && let Some(say) = waiting.take()
            {
                say();
            }
            let now = self.lengths();
            if now != grown {
                (grown, patient_since) = (now, Instant::now());
            }
            if patient_since.elapsed() > PATIENCE {
                return Err(Error::failed(format!("`{}` is locked by another program", path.display())).hint(
                    "another nudge may be waiting for its editor, or hang: end it and try again; the lock goes with it",
                ));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    fn lengths(&self) -> [Option<u64>; 2] {
        [Book::Journal, Book::Plans].map(|book| fs::metadata(self.path(book)).ok().map(|file| file.len()))
    }
}

/// The right to write. It ends when this value is dropped.
pub struct Lock<'s> {
    store: &'s Store,
    _file: File,
}

/// Whether a write must be known to be on disk before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    Yes,
    No,
}

impl Lock<'_> {
    /// Appends events to a book in one write.
    pub fn append(&self, book: Book, events: &[Event], durable: Durable) -> Result<(), Error> {
        let path = self.store.path(book);
        let is_new = fs::metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        refuse_odd(&path)?;
        leads_somewhere(&path)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = private(&mut options).open(&path).map_err(|error| cannot("open", &path, &error))?;
        if is_new {
            make_private(&file).map_err(|error| cannot("make private", &path, &error))?;
        }
        let length = append(&mut file, events).map_err(|error| cannot("write", &path, &error))?;
        if durable == Durable::Yes {
            let synced = file.sync_data().and_then(|()| if is_new { sync_folder(&path) } else { Ok(()) });
            synced.map_err(|error| {
                let hint = format!("look at the disk, then at the end of `{}` (from byte {length} on)", path.display());
                unconfirmed(&path, &error).hint(hint)
            })?;
        }
        Ok(())
    }

    pub(super) fn store(&self) -> &Store {
        self.store
    }
}

/// It stands in the file, but the system would not say that it is on disk.
pub(super) fn unconfirmed(path: &Path, error: &io::Error) -> Error {
    let reason = error::reason(error);
    let text = format!("written, but not confirmed on disk: `{}`: {reason}", path.display());
    Error::Unconfirmed(Message { text, hint: None })
}

/// Writes lines at the end, after the newline that an unfinished last line lacks; tells where.
/// A write that fails half-way is cut back.
fn append(file: &mut File, events: &[Event]) -> io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut text = Vec::new();
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push(b'\n');
        }
    }
    for event in events {
        text.extend_from_slice(journal::to_line(event).as_bytes());
        text.push(b'\n');
    }
    match file.write_all(&text) {
        Ok(()) => Ok(length),
        Err(error) => match file.set_len(length) {
            Ok(()) => Err(error),
            // A device has no length to cut back to, and nothing was kept by it.
            Err(_) if !file.metadata().is_ok_and(|file| file.is_file()) => Err(error),
            Err(second) => Err(io::Error::other(format!("{error}; and a part of it stays behind: {second}"))),
        },
    }
}
