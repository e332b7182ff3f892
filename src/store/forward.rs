//! The forward reader: every line of a file, for when all of history is read and would not fit into memory, and single
//! lines again by their place.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

use super::{cannot, open};
use crate::error::Error;
use crate::journal::{Line, Version, bare, parse};

/// How many bytes are read at a time.
const CHUNK: usize = 256 * 1024;
/// From this many bytes on, two threads read one half each; below, starting a thread costs more than it saves.
const WORTH_A_THREAD: u64 = 4 << 20;
/// How many bytes are read at first for a single line.
const LINE: usize = 512;
/// The same if the line is likely to be followed by the next one.
const LINES: usize = 64 * 1024;

/// A file, at the length that it had when it was opened, so that reading it twice gives the same lines.
pub struct Pages {
    file: File,
    length: u64,
    path: PathBuf,
    /// The bytes that were read last for a single line.
    window: RefCell<Window>,
}

#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Pages {
    /// Opens a file; `None` if it does not exist.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        let opened = open(path)?;
        Ok(opened.map(|(file, length)| Self { file, length, path: path.to_owned(), window: RefCell::default() }))
    }

    /// Passes every line to `take`, with the offset at which it begins and whether a newline ended it. The two halves
    /// of a long file are read at the same time, each into a value of its own; the values are returned in the file's
    /// order.
    pub fn halves<S: Send>(
        &self,
        new: impl Fn() -> S + Sync,
        take: impl Fn(&mut S, &[u8], u64, bool) + Sync,
    ) -> Result<Vec<S>, Error> {
        let (file, length) = (&self.file, self.length);
        let part = |from: u64, until: u64| {
            let mut state = new();
            lines(file, length, from, until, &mut |line, place, is_complete| take(&mut state, line, place, is_complete))
                .map(|()| state)
        };
        let failed = |error| cannot("read", &self.path, &error);
        if length < WORTH_A_THREAD {
            return Ok(vec![part(0, length).map_err(failed)?]);
        }
        let middle = length / 2;
        thread::scope(|scope| {
            let second = scope.spawn(|| part(middle, length));
            let first = part(0, middle).map_err(failed)?;
            let second = second.join().map_err(|_| Error::failed("the reader of the journal stopped"))?;
            Ok(vec![first, second.map_err(failed)?])
        })
    }

    /// Passes every line to `take`, in order, with the offset at which it begins and whether a newline ended it.
    pub fn each(&self, mut take: impl FnMut(&[u8], u64, bool)) -> Result<(), Error> {
        lines(&self.file, self.length, 0, self.length, &mut take).map_err(|error| cannot("read", &self.path, &error))
    }

    /// The numbers, counted from 1, of the lines that begin at these offsets, which are given in order.
    pub fn line_numbers(&self, places: &[u64]) -> Result<Vec<u64>, Error> {
        let mut numbers = Vec::with_capacity(places.len());
        let mut line = 0;
        self.each(|_, place, _| {
            line += 1;
            if places.get(numbers.len()) == Some(&place) {
                numbers.push(line);
            }
        })?;
        Ok(numbers)
    }

    /// The event at a place, with the bytes of its line; `None` if the line is not an event.
    pub fn version(&self, place: u64) -> Result<Option<Version>, Error> {
        let line = self.line(place)?;
        Ok(match parse(&line) {
            Line::Event(event) => Some((event, bare(&line).to_vec())),
            Line::Passed | Line::Bad(_) => None,
        })
    }

    /// Writes all of the file to `out`.
    pub fn copy_to(&self, out: &mut impl Write) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        let mut position = 0;
        while position < self.length {
            let wanted = usize::try_from(self.length - position).map_or(CHUNK, |left| left.min(CHUNK));
            let read = fill(&self.file, &mut buffer[..wanted], position)?;
            if read == 0 {
                break;
            }
            out.write_all(&buffer[..read])?;
            position += read as u64;
        }
        Ok(())
    }

    /// The line that begins at `place`, without its newline.
    pub fn line(&self, place: u64) -> Result<Vec<u8>, Error> {
        let mut window = self.window.borrow_mut();
        let end = window.start + window.bytes.len() as u64;
        // Lines are mostly asked for one after the other.
        let follows_on = window.start <= place && place <= end.saturating_add(LINES as u64);
        let mut wanted = if follows_on { LINES } else { LINE };
        loop {
            if let Some(line) = window.line(place, self.length) {
                return Ok(line.to_vec());
            }
            let room = self.length.saturating_sub(place);
            window.start = place;
            window.bytes.resize(usize::try_from(room).map_or(wanted, |room| room.min(wanted)), 0);
            let read =
                fill(&self.file, &mut window.bytes, place).map_err(|error| cannot("read", &self.path, &error))?;
            window.bytes.truncate(read);
            if read < wanted {
                let end = memchr::memchr(b'\n', &window.bytes).unwrap_or(read);
                return Ok(window.bytes[..end].to_vec());
            }
            wanted *= 4;
        }
    }
}

impl Window {
    /// The line at a place, if all of it is in the window.
    fn line(&self, place: u64, length: u64) -> Option<&[u8]> {
        let from = usize::try_from(place.checked_sub(self.start)?).ok()?;
        let rest = self.bytes.get(from..)?;
        let is_last = self.start + self.bytes.len() as u64 == length && !self.bytes.is_empty();
        memchr::memchr(b'\n', rest).or(is_last.then_some(rest.len())).map(|end| &rest[..end])
    }
}

/// Passes the lines that begin in `from..until` to `take`.
fn lines(file: &File, length: u64, from: u64, until: u64, take: &mut impl FnMut(&[u8], u64, bool)) -> io::Result<()> {
    // A line begins after a newline, which is just before `from` if a line begins there.
    let mut begun = from == 0;
    let mut position = from.saturating_sub(1);
    let mut buffer = vec![0; CHUNK];
    let mut held = 0;
    while position < length {
        if held == buffer.len() {
            buffer.resize(held * 2, 0);
        }
        let room = buffer.len() - held;
        let wanted = usize::try_from(length - position).map_or(room, |left| left.min(room));
        let read = match read_at(file, &mut buffer[held..held + wanted], position) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let filled = held + read;
        let mut start = 0;
        // What was held before has no newline in it.
        for newline in memchr::memchr_iter(b'\n', &buffer[held..filled]) {
            let end = held + newline;
            let place = position - held as u64 + start as u64;
            if begun {
                if place >= until {
                    return Ok(());
                }
                take(&buffer[start..end], place, true);
            }
            (begun, start) = (true, end + 1);
        }
        position += read as u64;
        buffer.copy_within(start..filled, 0);
        held = filled - start;
    }
    let place = position - held as u64;
    if begun && held > 0 && place < until {
        take(&buffer[..held], place, false);
    }
    Ok(())
}

/// Reads until `bytes` is full or the file ends; returns how many were read.
fn fill(file: &File, bytes: &mut [u8], place: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match read_at(file, &mut bytes[filled..], place + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, place)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, place)
}
