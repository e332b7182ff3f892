//! The lock over both books.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::permissions::private;
use super::{Book, Store, cannot, create_folder};
use crate::error::Error;

/// How long to wait for the lock while nothing is being written.
const PATIENCE: Duration = Duration::from_secs(5);

/// When to say that we are waiting.
const SAY_AFTER: Duration = Duration::from_secs(1);

/// The right to write. It ends when this value is dropped.
pub struct Lock<'s> {
    store: &'s Store,
    _file: File,
}

impl Lock<'_> {
    pub(super) fn store(&self) -> &Store {
        self.store
    }
}

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
