//! The append that leaves either all of it on disk or the file as it was.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::permissions::{make_private, private};
use super::{Book, Lock, cannot, leads_somewhere, refuse_odd, sync_folder, unconfirmed};
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
    /// Appends events to a book in one write.
    pub fn append(&self, book: Book, events: &[Event], durable: Durable) -> Result<(), Error> {
        let path = self.store().path(book);
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
