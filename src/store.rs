//! The only disk access: every file is read and written here.
//!
//! Reading never writes and never waits. Writing holds the lock; it appends in one write, or swaps in
//! a whole new file, and either leaves all of it on disk or the file as it was.

mod append;
mod backup;
mod backward;
mod forward;
mod replace;
mod scratch;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::calendar::Day;
use crate::environment::Folders;
use crate::error::{self, Error};
use crate::journal::{self, BadLines, Event, Line};

pub use crate::journal::Book;
pub use append::{Durable, Lock};
pub use backup::Exposure;
pub use backward::BLOCK;
use backward::read_events;
pub use forward::Pages;
pub use scratch::ScratchFile;

/// The most bytes that a file may have which the user writes by hand: some ten thousand gestures. Read, one
/// that is made to be nasty takes five hundred times its length in memory.
const LONGEST_TEXT: u64 = 1 << 20;

/// What was read of a book.
#[derive(Debug, Default)]
pub struct Events {
    /// In the order of the file, each with its line.
    pub events: Vec<(Event, Vec<u8>)>,
    /// Complete lines that are no event.
    pub bad: BadLines,
    /// Whether nothing was passed over: there are no earlier days than those asked for.
    pub whole: bool,
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

    /// All of a file; `None` where there is none.
    pub fn bytes(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        open(path)?.map(|(file, length)| read(file, length, path)).transpose()
    }

    /// The text of a file that the user writes; `None` where there is none. Fails for one that is longer than
    /// anyone writes, without reading it.
    pub fn text(&self, path: &Path) -> Result<Option<String>, Error> {
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
        Ok(Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)))
    }

    /// The events of a book from a day on; all of them where no day is given.
    ///
    /// Read backward, until 64 KiB on end hold events of earlier days only. Lines that are no event
    /// do not count towards these: what another program has spilt there hides nothing.
    pub fn events(&self, book: Book, from: Option<Day>) -> Result<Events, Error> {
        let path = self.path(book);
        let Some((mut file, length)) = open(&path)? else {
            return Ok(Events { whole: true, ..Events::default() });
        };
        read_events(&mut file, length, from).map_err(|error| cannot("read", &path, &error))
    }

    /// The id of the journal's first line that is an event: the seed of the pick.
    pub fn first_id(&self) -> Result<Option<String>, Error> {
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

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Readable and writable by its owner alone, whatever the umask took away.
#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    if file.metadata()?.is_file() { file.set_permissions(private) } else { Ok(()) }
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
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
