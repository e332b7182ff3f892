//! The swap of a whole book: a new file beside the real one, renamed over it, so that whoever looks
//! sees the old book or the new one, and never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::append::unconfirmed;
use super::{Book, Lock, cannot, create_folder, leads_somewhere, private, refuse_odd, sync_folder};
use crate::environment;
use crate::error::Error;

impl Lock<'_> {
    /// Puts `bytes` in the place of a book. A symbolic link is followed and stays one, the file keeps
    /// its mode, and all of it is on disk before the old book goes.
    ///
    /// Fails, with the book as it was, where the folder takes no new file; [`Error::Unconfirmed`] says
    /// that the new book stands and the folder would not be synced.
    pub fn replace(&self, book: Book, bytes: &[u8]) -> Result<(), Error> {
        replace(&self.store().path(book), bytes)
    }

    /// Puts `text` in the place of the user's own catalogue, in the same way.
    pub fn replace_gestures(&self, text: &str) -> Result<(), Error> {
        create_folder(&self.store().folders.config)?;
        replace(&self.store().gestures_path(), text.as_bytes())
    }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    refuse_odd(path)?;
    leads_somewhere(path)?;
    let real = behind_links(path).map_err(|error| cannot("follow", path, &error))?;
    if fs::metadata(&real).is_ok_and(|file| !file.is_file()) {
        return Err(Error::failed(format!("`{}` is a device, which can't be replaced", path.display()))
            .hint("move it out of the way, then try again"));
    }
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let new = real.with_file_name(format!(".{name}.{}.new", environment::new_id()?));
    swap(&real, &new, bytes).map_err(|error| {
        // It may be what could not be created, and otherwise it is of no use.
        let _ = fs::remove_file(&new);
        cannot("replace", &real, &error)
    })?;
    sync_folder(&real).map_err(|error| unconfirmed(&real, &error).hint("look at the disk; the new file stands"))
}

/// Private from the start, and with the mode of the old file before its name.
fn swap(real: &Path, new: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file: File = private(&mut options).open(new)?;
    file.write_all(bytes)?;
    match fs::metadata(real) {
        Ok(old) => file.set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => super::make_private(&file)?,
        Err(error) => return Err(error),
    }
    file.sync_all()?;
    drop(file);
    fs::rename(new, real)
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
