//! The forward reader: every line of a book, for looks too long to hold what they read.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::thread;

use super::{Book, Store, cannot, open};
use crate::error::Error;

/// How much is read at a time.
const CHUNK: usize = 256 * 1024;
/// From this length on two threads read a half each; below, starting one costs more than it saves.
const WORTH_A_THREAD: u64 = 4 << 20;

/// A book at the length that it had when it was opened. Read twice, it says the same.
pub struct Pages {
    file: File,
    length: u64,
    path: PathBuf,
}

impl Store {
    /// Opens a book to be read forward; `None` where there is none.
    pub fn pages(&self, book: Book) -> Result<Option<Pages>, Error> {
        let path = self.path(book);
        Ok(open(&path)?.map(|(file, length)| Pages { file, length, path }))
    }
}

impl Pages {
    /// Hands every line to `take`, with the place where it begins and whether a newline ended it. Of a long
    /// book each half is read by itself, into a value of its own: they come back in the book's order.
    pub fn halves<S: Send>(
        &self,
        new: impl Fn() -> S + Sync,
        take: impl Fn(&mut S, &[u8], u64, bool) + Sync,
    ) -> Result<Vec<S>, Error> {
        let part = |from: u64, until: u64| {
            let mut state = new();
            self.lines(from, until, &mut |line, place, complete| take(&mut state, line, place, complete))?;
            Ok(state)
        };
        let read = |from, until| part(from, until).map_err(|error| cannot("read", &self.path, &error));
        if self.length < WORTH_A_THREAD {
            return Ok(vec![read(0, self.length)?]);
        }
        let middle = self.length / 2;
        thread::scope(|scope| {
            let second = scope.spawn(|| read(middle, self.length));
            let first = read(0, middle)?;
            let second = second.join().map_err(|_| Error::failed("the reader of the journal stopped"))??;
            Ok(vec![first, second])
        })
    }

    /// The line of `length` bytes that begins at `place`.
    pub fn line(&self, place: u64, length: usize) -> Result<Vec<u8>, Error> {
        let mut line = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match read_at(&self.file, &mut line[filled..], place + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(cannot("read", &self.path, &error)),
            }
        }
        line.truncate(filled);
        Ok(line)
    }

    /// The lines that begin in `from..until`.
    fn lines(&self, from: u64, until: u64, take: &mut impl FnMut(&[u8], u64, bool)) -> io::Result<()> {
        // A line begins behind a newline, which stands before `from` if one begins there.
        let mut begun = from == 0;
        let mut position = from.saturating_sub(1);
        let mut buffer = vec![0; CHUNK];
        let mut held = 0;
        while position < self.length {
            if held == buffer.len() {
                buffer.resize(held * 2, 0);
            }
            let room = buffer.len() - held;
            let wanted = usize::try_from(self.length - position).map_or(room, |left| left.min(room));
            let read = match read_at(&self.file, &mut buffer[held..held + wanted], position) {
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
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, place)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, place)
}
