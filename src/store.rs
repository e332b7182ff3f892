//! The only disk access: every file is read and written here.
//!
//! Reading never writes and never waits. Writing holds the lock; it appends in one write, or swaps in
//! a whole new file, and either leaves all of it on disk or the file as it was.

mod append;
mod backup;
mod backward;
mod copies;
mod exchange;
mod follow_ups;
mod forward;
mod history;
pub mod leftovers;
mod lock;
mod permissions;
mod replace;
mod scratch;

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::calendar::Day;
use crate::environment::Folders;
use crate::error::{self, Error, Message};
use crate::ids::EventId;
use crate::journal::{self, Line, Log};

pub use crate::journal::Book;
pub use append::Durable;
pub use backward::{BLOCK, Recent};
pub use copies::{Copies, MergedCopies};
pub use forward::Pages;
pub use history::{Found, History, Search, Sources, Standing};
pub use lock::Lock;
pub use permissions::Exposure;
pub use scratch::ScratchFile;

/// The most bytes that a file may have which the user writes by hand: some ten thousand gestures. Read, one
/// that is made to be nasty takes five hundred times its length in memory.
pub const LONGEST_TEXT: u64 = 1 << 20;

/// What was read of both books.
#[derive(Debug, Default)]
pub struct Look {
    pub journal: Recent,
    pub plans: Recent,
}

impl Look {
    /// The events that count, of the journal those of the days from `from` on.
    pub fn into_log(self, from: Day, today: Day) -> Log {
        Log::new(self.journal.lines, self.plans.lines, from, today)
    }
}

/// The user's files.
pub struct Store {
    folders: Folders,
}

impl Store {
    pub fn new(folders: Folders) -> Self {
        Self { folders }
    }

    pub fn path(&self, book: Book) -> PathBuf {
        self.folders.data.join(book.file_name())
    }

    pub fn config_path(&self) -> PathBuf {
        self.folders.config.join("config.toml")
    }

    pub fn gestures_path(&self) -> PathBuf {
        self.folders.config.join("gestures.toml")
    }

    pub fn data_folder(&self) -> &Path {
        &self.folders.data
    }

    /// Whether two paths lead to one file that is there.
    pub fn is_same(&self, one: &Path, other: &Path) -> bool {
        one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
    }

    /// Refuses a file or folder that is a link to where nothing can be written, as when a disk is missing.
    pub fn leads_somewhere(&self, path: &Path) -> Result<(), Error> {
        leads_somewhere(path)
    }

    /// The file that a path leads to; the path itself where its links lead nowhere.
    pub fn real(&self, path: &Path) -> PathBuf {
        replace::behind_links(path).unwrap_or_else(|_| path.to_owned())
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

    /// All of a file; `None` where there is none.
    pub fn bytes(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        open(path)?.map(|(file, length)| read(file, length, path)).transpose()
    }

    /// The text of a file that the user writes, without a byte order mark; `None` where there is none. Fails for one
    /// that is longer than anyone writes, without reading it.
    pub fn text(&self, path: &Path) -> Result<Option<String>, Error> {
        let text = self.text_as_it_is(path)?;
        Ok(text.map(|text| text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)))
    }

    /// The same with a byte order mark, where it has one.
    pub fn text_as_it_is(&self, path: &Path) -> Result<Option<String>, Error> {
        let Some((file, length)) = open(path)? else {
            return Ok(None);
        };
        if length > LONGEST_TEXT {
            let most = format!("longer than {} KiB", LONGEST_TEXT / 1024);
            return Err(Error::failed(format!("`{}` is {most}, and is not read", path.display()))
                .hint("see whether it is the right file, or make it shorter"));
        }
        let text = String::from_utf8(read(file, length, path)?).map_err(|error| {
            let line =
                error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::failed(format!("`{}` is not UTF-8 in line {line}", path.display()))
                .hint("save the file as UTF-8 text, then try again")
        })?;
        Ok(Some(text))
    }

    /// What there is from a day on, read backward, and all plans; see [`Recent`].
    pub fn look(&self, from: Day) -> Result<Look, Error> {
        Ok(Look { journal: self.recent(Book::Journal, from)?, plans: self.recent(Book::Plans, Day::MIN)? })
    }

    fn recent(&self, book: Book, from: Day) -> Result<Recent, Error> {
        let path = self.path(book);
        let Some((mut file, length)) = open(&path)? else {
            return Ok(Recent { is_whole: true, ..Recent::default() });
        };
        backward::read_events(&mut file, length, from).map_err(|error| cannot("read", &path, &error))
    }

    /// The id of the journal's first line that is an event: the seed of the pick.
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

/// Opens a file for reading, with the length it has now; `None` where there is none.
fn open(path: &Path) -> Result<Option<(File, u64)>, Error> {
    refuse_odd(path)?;
    let file = match OpenOptions::new().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
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

/// Refuses what is no file before opening it: a FIFO would wait for ever.
fn refuse_odd(path: &Path) -> Result<(), Error> {
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    let kind = metadata.file_type();
    let odd = if kind.is_dir() { Some("a folder") } else { odd_on_unix(kind) };
    match odd {
        None => Ok(()),
        Some(odd) => Err(Error::failed(format!("`{}` is {odd}, expected a file", path.display()))
            .hint("move it out of the way, then try again")),
    }
}

/// Refuses a link into a folder that is not there, as when its disk is not mounted.
fn leads_somewhere(path: &Path) -> Result<(), Error> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|file| file.is_symlink());
    let target = replace::behind_links(path).unwrap_or_else(|_| path.to_owned());
    if !is_link || target.exists() || target.parent().is_some_and(Path::is_dir) {
        return Ok(());
    }
    Err(Error::failed(format!("`{}` leads to `{}`, which is not there", path.display(), target.display()))
        .hint("mount the disk that it is on, or set `NUDGE_DIR` to another folder"))
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

/// It stands in the file, but the system would not say that it is on disk.
fn unconfirmed(path: &Path, error: &io::Error) -> Error {
    let reason = error::reason(error);
    let text = format!("written, but not confirmed on disk: `{}`: {reason}", path.display());
    Error::Unconfirmed(Message { text, hint: None })
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    let said = Error::failed(format!("can't {what} `{}`: {}", path.display(), error::reason(error)));
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            said.hint("make it yours to read and write, or set `NUDGE_DIR` to a folder that is")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => said.hint("free some space, then try again"),
        _ => said,
    }
}

fn create_folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    leads_somewhere(path)?;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| cannot("create", path, &error))
}

/// Puts a new file's name on disk. Systems that can't open a folder do so by themselves.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.canonicalize()?.parent() {
        Some(folder) if cfg!(unix) => OpenOptions::new().read(true).open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
