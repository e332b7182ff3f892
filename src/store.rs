//! The only disk access: every file is read and written here.
//!
//! Reading never writes and never waits. Writing holds the lock; it appends in one write, or replaces the
//! whole file by a new one, and leaves either all of it on disk or the file as it was.

mod append;
mod backup;
mod backward;
mod carried;
mod copies;
mod create;
mod elsewhere;
mod exchange;
mod follow_ups;
mod forward;
mod history;
pub mod leftovers;
mod lock;
mod permissions;
mod publish;
mod replace;
mod rewrite;
mod scratch;
mod stamp;

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::calendar::Day;
use crate::environment::Folders;
use crate::error::{self, Error, Message};
use crate::ids::EventId;
use crate::journal::{self, Line, Lines, Log};

pub use crate::journal::Book;
pub use append::Durable;
pub use backward::{BLOCK, Recent};
pub use carried::ATTRIBUTES;
pub use copies::{Copies, MergedCopies};
pub use forward::Pages;
pub use history::{Found, History, Search, Sources, Standing};
pub use lock::Lock;
pub use permissions::{Exposure, Obstacle};
pub use publish::publish;
pub use rewrite::NewBooks;
pub use scratch::ScratchFile;
pub use stamp::Stamp;

/// The most bytes that a file written by the user may have: enough for ten thousand gestures. There is a limit because
/// reading a maliciously made file can take five hundred times its length in memory.
pub const LONGEST_TEXT: u64 = 1 << 20;

/// What was read of both books.
#[derive(Debug, Default)]
pub struct Look {
    /// Of the journal, as far back as was needed.
    pub journal: Recent,
    /// All of the plans.
    pub plans: Recent,
}

impl Look {
    /// The events that count; those of the journal only for the days from `from` on.
    pub fn into_log(self, from: Day, today: Day) -> Log {
        Log::new(self.journal.lines, self.plans.lines, from, today)
    }
}

/// The user's files.
pub struct Store {
    folders: Folders,
    /// What was not as it should be and stopped nothing.
    warning: RefCell<Option<String>>,
}

impl Store {
    /// The files in these folders; nothing is read or created yet.
    pub fn new(folders: Folders) -> Self {
        Self { folders, warning: RefCell::default() }
    }

    /// What was not as it should be and stopped nothing, as modes that a file system refuses; once.
    pub fn take_warning(&self) -> Option<String> {
        self.warning.take()
    }

    /// Where a book lies.
    pub fn path(&self, book: Book) -> PathBuf {
        self.folders.data.join(book.file_name())
    }

    /// Where `config.toml` lies.
    pub fn config_path(&self) -> PathBuf {
        self.folders.config.join("config.toml")
    }

    /// Where the user's own `gestures.toml` lies.
    pub fn gestures_path(&self) -> PathBuf {
        self.folders.config.join("gestures.toml")
    }

    /// The folder of both books.
    pub fn data_folder(&self) -> &Path {
        &self.folders.data
    }

    /// The folder of `config.toml` and the user's own catalogue.
    pub fn config_folder(&self) -> &Path {
        &self.folders.config
    }

    /// Whether two paths lead to the same existing file.
    pub fn is_same(&self, one: &Path, other: &Path) -> bool {
        one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
    }

    /// Refuses a file or folder that is a link to what is not there, as when a disk is missing.
    pub fn leads_somewhere(&self, path: &Path) -> Result<(), Error> {
        leads_somewhere(path)
    }

    /// The file that a path leads to; the path itself if its links lead nowhere.
    pub fn real(&self, path: &Path) -> PathBuf {
        replace::behind_links(path).unwrap_or_else(|_| path.to_owned())
    }

    /// The other files in the folder of a file, and in the folder of the file that it links to.
    pub fn beside(&self, path: &Path) -> Vec<PathBuf> {
        let real = self.real(path);
        let mut folders: Vec<&Path> = [path, &real].into_iter().filter_map(Path::parent).collect();
        folders.dedup();
        let entries = folders.into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|file| *file != path).collect();
        files.sort_unstable();
        files
    }

    /// All of a file; `None` if it does not exist.
    pub fn bytes(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        open(path)?.map(|(file, length)| read(file, length, path)).transpose()
    }

    /// The text of a file that the user writes, without a byte order mark; `None` if it does not exist. Fails if it is
    /// longer than [`LONGEST_TEXT`], without reading it.
    pub fn text(&self, path: &Path) -> Result<Option<String>, Error> {
        let text = self.text_as_it_is(path)?;
        Ok(text.map(|text| text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)))
    }

    /// The same, with the byte order mark if it has one.
    pub fn text_as_it_is(&self, path: &Path) -> Result<Option<String>, Error> {
        let Some((file, length)) = open(path)? else {
            return Ok(None);
        };
        if length > LONGEST_TEXT {
            let most = format!("longer than {} KiB", LONGEST_TEXT / 1024);
            return Err(Error::failed(format!("`{}` is {most}, so it was not read", path.display()))
                .hint("check that it is the right file, or make it shorter"));
        }
        let text = String::from_utf8(read(file, length, path)?).map_err(|error| {
            let line =
                error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::failed(format!("`{}` is not UTF-8 in line {line}", path.display()))
                .hint("save the file as UTF-8 text, then try again")
        })?;
        Ok(Some(text))
    }

    /// The journal from a day on, read backward, and all of the plans: see [`Recent`].
    pub fn look(&self, from: Day) -> Result<Look, Error> {
        Ok(Look { journal: self.recent(Book::Journal, from)?, plans: self.recent(Book::Plans, Day::MIN)? })
    }

    /// The plans that count, without what the journal says of them.
    pub fn plans(&self, today: Day) -> Result<Log, Error> {
        Ok(Log::new(Lines::default(), self.recent(Book::Plans, Day::MIN)?.lines, today, today))
    }

    fn recent(&self, book: Book, from: Day) -> Result<Recent, Error> {
        let path = self.path(book);
        let Some((mut file, length)) = open(&path)? else {
            return Ok(Recent { is_whole: true, ..Recent::default() });
        };
        backward::read_events(&mut file, length, from).map_err(|error| cannot("read", &path, &error))
    }

    /// The id of the journal's first line that is an event: the seed of the pick.
    ///
    /// Fails as any reading does; with [`Error::Missing`] where the journal lies on a disk that is not there.
    pub fn first_id(&self) -> Result<Option<EventId>, Error> {
        let path = self.path(Book::Journal);
        let Some((file, length)) = open(&path)? else {
            return Ok(None);
        };
        let mut reader = BufReader::new(file.take(length));
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(|error| cannot("read", &path, &error))? > 0 {
            if let Line::Event(event) = journal::parse(line.strip_suffix(b"\n").unwrap_or(&line)) {
                return Ok(Some(event.id));
            }
            line.clear();
        }
        Ok(None)
    }
}

/// Opens a file for reading, with its present length; `None` if it does not exist.
fn open(path: &Path) -> Result<Option<(File, u64)>, Error> {
    let is_there = refuse_odd(path)?;
    let opened = if is_there { OpenOptions::new().read(true).open(path) } else { Err(io::ErrorKind::NotFound.into()) };
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A missing disk is not an empty file. Where there is a folder, its own path leads somewhere.
            let folder_is_there = path.parent().is_some_and(Path::exists);
            path.ancestors().take(if folder_is_there { 1 } else { usize::MAX }).try_for_each(leads_somewhere)?;
            return Ok(None);
        }
        Err(error) => return Err(cannot("open", path, &error)),
    };
    let length = file.metadata().map_err(|error| cannot("read", path, &error))?.len();
    Ok(Some((file, length)))
}

/// The bytes that a file had when it was opened.
fn read(file: File, length: u64, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(|error| cannot("read", path, &error))?;
    Ok(bytes)
}

/// Refuses what is not a regular file before opening it: opening a FIFO would wait for ever. Otherwise says whether there
/// may be a file; what else is wrong shows when it is opened.
fn refuse_odd(path: &Path) -> Result<bool, Error> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return Ok(error.kind() != io::ErrorKind::NotFound),
    };
    let kind = metadata.file_type();
    let odd = if kind.is_dir() { Some("a folder") } else { odd_on_unix(kind) };
    match odd {
        None => Ok(true),
        Some(odd) => Err(Error::failed(format!("`{}` is {odd}, expected a file", path.display()))
            .hint("move it out of the way, then try again")),
    }
}

/// Refuses a link to what is not there, as when its disk is not mounted.
fn leads_somewhere(path: &Path) -> Result<(), Error> {
    if !path.is_symlink() || path.exists() {
        return Ok(());
    }
    let target = replace::behind_links(path).unwrap_or_else(|_| path.to_owned());
    let text = format!("`{}` leads to `{}`, which is not there", path.display(), target.display());
    let hint =
        "mount the disk that it is on, or set `NUDGE_DIR` to another folder; if it is to begin there, make it first";
    Err(Error::Missing(Message { text, hint: Some(hint.to_owned()) }))
}

#[cfg(unix)]
fn odd_on_unix(kind: fs::FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        Some("a FIFO")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        None
    }
}

#[cfg(not(unix))]
fn odd_on_unix(_: fs::FileType) -> Option<&'static str> {
    None
}

/// The error of a write that is in the file, but that the system could not confirm to be on disk.
fn unconfirmed(path: &Path, error: &io::Error) -> Error {
    let reason = error::reason(error);
    let text = format!("written, but not confirmed on disk: `{}`: {reason}", path.display());
    Error::Unconfirmed(Message { text, hint: None })
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    let said = Error::failed(format!("can't {what} `{}`: {}", path.display(), error::reason(error)));
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            said.hint("make it readable and writable for you, or set `NUDGE_DIR` to a folder that is")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => said.hint("free some space, then try again"),
        _ => said,
    }
}

/// A limit on the size of files is from now on an error of the write, and not a signal that ends the program.
fn heed_size_limits() {
    #[cfg(unix)]
    {
        static HEEDED: std::sync::Once = std::sync::Once::new();
        // The flag is never asked: the write itself fails. Where the signal can't be had, it ends the program as before.
        HEEDED.call_once(|| drop(signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default())));
    }
}

#[cfg(test)]
mod tests;
