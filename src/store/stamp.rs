//! The file `reminded` beside the books: the day of the latest reminder. Whoever shows one holds its lock meanwhile.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;

use super::{Store, cannot, heed_size_limits, refuse_odd};
use crate::calendar::{self, Day};
use crate::error::Error;

/// The right to show the day's reminder. It ends when this value is dropped.
pub struct Stamp {
    path: PathBuf,
    file: File,
}

impl Store {
    fn stamp_path(&self) -> PathBuf {
        self.folders.data.join("reminded")
    }

    /// The day of the latest reminder; `None` if there was none, or it can't be told.
    pub fn reminded(&self) -> Result<Option<Day>, Error> {
        let bytes = self.bytes(&self.stamp_path())?.unwrap_or_default();
        Ok(String::from_utf8(bytes).ok().and_then(|text| calendar::parse_iso(text.trim())))
    }

    /// Takes the right to show the day's reminder; `None` if another call has it just now.
    pub fn stamp(&self) -> Result<Option<Stamp>, Error> {
        heed_size_limits();
        self.create_folder(&self.folders.data)?;
        let path = self.stamp_path();
        refuse_odd(&path)?;
        let file = self.open_own(&path).map_err(|error| cannot("open", &path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Stamp { path, file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(cannot("lock", &path, &error)),
        }
    }

    /// Forgets the latest reminder.
    pub fn remove_stamp(&self) -> Result<(), Error> {
        self.remove(&self.stamp_path())
    }
}

impl Stamp {
    /// Whether the day's reminder was shown, as the file says now that nobody else writes to it.
    pub fn is_of(&mut self, day: Day) -> Result<bool, Error> {
        let mut text = String::new();
        // What is no text is no day either.
        match self.file.rewind().and_then(|()| self.file.read_to_string(&mut text)) {
            Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(cannot("read", &self.path, &error)),
            _ => Ok(calendar::parse_iso(text.trim()) == Some(day)),
        }
    }

    /// Notes that the day's reminder was shown.
    pub fn set(&mut self, day: Day) -> Result<(), Error> {
        let written = self.file.set_len(0).and_then(|()| writeln!(self.file, "{day}"));
        written.map_err(|error| cannot("write", &self.path, &error))
    }
}
