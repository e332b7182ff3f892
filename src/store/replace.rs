//! The exchange of a whole file: a new one beside the real one, compared with what was to be written, and renamed over
//! it, so that whoever looks sees the old file or the new one, and never a part.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, BufWriter, IntoInnerError, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::create::sync_folder;
use super::permissions::keep_owner_and_mode;
use super::{Book, LONGEST_TEXT, Lock, Store, cannot, leads_somewhere, refuse_odd, unconfirmed};
use crate::environment;
use crate::error::{self, Error};

/// How much is written at a time.
const CHUNK: usize = 256 * 1024;

impl Lock<'_> {
    /// Puts what `write` writes in the place of a book. A symbolic link is followed and stays one, the file keeps its
    /// owner, group and mode, and all of it is on disk before the old book goes.
    ///
    /// Fails, with the book as it was, where `write` does, the folder takes no new file, or its owner can't be kept;
    /// [`Error::Unconfirmed`] says that the new book stands and the folder would not be synced.
    pub fn replace(
        &self,
        book: Book,
        write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
    ) -> Result<(), Error> {
        self.put_in_place(book, NewFile::write(self.store(), &self.store().path(book), write)?)
    }

    /// Puts a new book in the place of the old one, and holds it as the old one was held.
    pub(super) fn put_in_place(&self, book: Book, new: NewFile) -> Result<(), Error> {
        let locked = new.locked()?;
        new.put_in_place()?;
        self.hold(book, locked);
        Ok(())
    }

    /// Puts `text` in the place of `config.toml` or the user's own catalogue, in the same way. Before the first change of
    /// a day the file is kept as it was. Fails if the text is longer than would be read again.
    pub fn replace_text(&self, path: &Path, text: &str) -> Result<(), Error> {
        if text.len() as u64 > LONGEST_TEXT {
            let (path, most) = (path.display(), LONGEST_TEXT / 1024);
            return Err(Error::failed(format!(
                "`{path}` would be longer than {most} KiB, which is too long to be read"
            ))
            .hint("remove from it what you no longer need"));
        }
        self.store().create_folder(&self.store().folders.config)?;
        let new = NewFile::write(self.store(), path, |file| Ok(file.write_all(text.as_bytes())?))?;
        self.back_up_once_a_day(path)?;
        new.put_in_place()
    }
}

/// Why the new file could not be written: it itself, or what was to be put into it.
pub enum WriteError {
    Io(io::Error),
    Source(Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for WriteError {
    fn from(error: Error) -> Self {
        Self::Source(error)
    }
}

/// A whole new file, on disk and compared with what was to be written, beside the one that it is to replace. It goes
/// where it is not put in its place.
pub(super) struct NewFile {
    path: PathBuf,
    /// The file to be replaced, behind all links.
    real: PathBuf,
    /// Whether there is none yet.
    is_first: bool,
    file: Option<File>,
}

impl NewFile {
    pub fn write(
        store: &Store,
        path: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
    ) -> Result<Self, Error> {
        refuse_odd(path)?;
        leads_somewhere(path)?;
        let real = behind_links(path).map_err(|error| cannot("follow", path, &error))?;
        let old = match fs::metadata(&real) {
            Ok(old) if !old.is_file() => {
                return Err(Error::failed(format!("`{}` is a device, which can't be replaced", path.display()))
                    .hint("move it out of the way, then try again"));
            }
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(cannot("replace", &real, &error)),
        };
        let name = real.file_name().unwrap_or_default().to_string_lossy();
        let path = real.with_file_name(format!(".{name}.{}.new", environment::new_id()?));
        let mut new = Self { path, real, is_first: old.is_none(), file: None };
        let failed = |real: &Path, error| match error {
            WriteError::Io(error) => cannot("replace", real, &error),
            WriteError::Source(error) => error,
        };
        let file = store.create_new(&new.path).map_err(|error| cannot("replace", &new.real, &error))?;
        let file = fill(file, write).map_err(|error| failed(&new.real, error))?;
        if let Some(old) = old {
            keep_owner_and_mode(&file, &old).map_err(|error| {
                let real = new.real.display();
                Error::failed(format!("can't keep owner, group and mode of `{real}`: {}", error::reason(&error)))
                    .hint("nothing was changed; try again as the user whose file it is")
            })?;
        }
        file.sync_all().map_err(|error| cannot("replace", &new.real, &error))?;
        new.file = Some(file);
        Ok(new)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same, to be renamed over one that we put there meanwhile.
    pub fn over_our_own(mut self) -> Self {
        self.is_first = false;
        self
    }

    /// A handle that holds the lock of the new file, which nobody else has seen yet.
    fn locked(&self) -> Result<Option<File>, Error> {
        let Some(file) = self.file.as_ref().filter(|_| cfg!(unix)) else {
            return Ok(None);
        };
        let held = file.try_clone().and_then(|file| file.try_lock().map_err(io::Error::from).map(|()| file));
        held.map(Some).map_err(|error| cannot("lock", &self.path, &error))
    }

    /// Renames it over the old file. Where there was none, one that has come since stays.
    pub fn put_in_place(mut self) -> Result<(), Error> {
        let placed = if self.is_first { self.come_first() } else { fs::rename(&self.path, &self.real) };
        placed.map_err(|error| cannot("replace", &self.real, &error))?;
        self.file = None;
        let real = std::mem::take(&mut self.real);
        self.path = PathBuf::new();
        sync_folder(&real).map_err(|error| unconfirmed(&real, &error).hint("look at the disk; the new file stands"))
    }
}

impl NewFile {
    /// Takes a place that was free; one that has come since stays.
    fn come_first(&self) -> io::Result<()> {
        match fs::hard_link(&self.path, &self.real) {
            Ok(()) => fs::remove_file(&self.path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Not every file system has links.
            Err(_) => fs::rename(&self.path, &self.real),
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // It may be what could not be created, and otherwise it is of no use.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a file, then reads it back: it has to hold what was written.
fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>) -> Result<File, WriteError> {
    let mut writer = Checked { to: BufWriter::with_capacity(CHUNK, file), sum: DefaultHasher::new() };
    write(&mut writer)?;
    let Checked { to, sum } = writer;
    let mut file: File = to.into_inner().map_err(IntoInnerError::into_error)?;
    file.rewind()?;
    let mut found = DefaultHasher::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => found.write(&buffer[..read]),
        }
    }
    if found.finish() == sum.finish() {
        Ok(file)
    } else {
        Err(io::Error::other("what was written is not what is read back").into())
    }
}

/// A writer that keeps a sum of what goes through it.
struct Checked<W> {
    to: W,
    sum: DefaultHasher,
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.sum.write(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The file that a path leads to in the end, though it may not be there yet.
pub fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // It is no link, or there is nothing.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}
