//! The append that leaves either all of it on disk or the file as it was.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{Book, Lock, cannot, leads_somewhere, refuse_odd, unconfirmed};
use crate::error::Error;
use crate::journal::{self, Event};

/// Whether a write must be known to be on disk before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    /// The file is synced to disk before the call returns.
    Yes,
    /// The system writes it to disk in its own time.
    No,
}

impl Lock<'_> {
    /// Appends events to a book in one write. A book that is new is on disk by name before anything is written to it.
    pub fn append(&self, book: Book, events: &[Event], durable: Durable) -> Result<(), Error> {
        let path = self.store().path(book);
        refuse_odd(&path)?;
        leads_somewhere(&path)?;
        let (mut file, is_new) = self.store().open_or_create(&path).map_err(|error| cannot("open", &path, &error))?;
        self.lock_new(book)?;
        let length = append(&mut file, events).map_err(|error| {
            if is_new {
                // An empty book would look like one that was emptied.
                let _ = fs::remove_file(&path);
            }
            cannot("write", &path, &error)
        })?;
        if durable == Durable::Yes {
            file.sync_data().map_err(|error| {
                let hint = format!("look at the disk, then at the end of `{}` (from byte {length} on)", path.display());
                unconfirmed(&path, &error).hint(hint)
            })?;
        }
        Ok(())
    }
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
