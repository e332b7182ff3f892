//! Whose a file is, and who may read and change it.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{Lock, Store, cannot};
use crate::error::Error;

/// What others than its owner may do with a file or folder; nothing is known where modes say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Nothing, or the system has no modes that would say.
    None,
    /// Read, or listed.
    Seen,
    /// Written, or files in it created and removed.
    Changed,
}

/// Why a file or folder is left as it is, though others may look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// What it leads to may be anything.
    Link,
    /// Its owner may want it so.
    SomebodyElses,
    /// A folder that others may write to, and may have put there what is not theirs to close.
    Shared,
}

impl Store {
    /// What others than its owner may do with a file or folder.
    pub fn exposure(&self, path: &Path) -> Exposure {
        match fs::metadata(path).ok().and_then(|metadata| mode(&metadata)) {
            Some(mode) if mode & 0o022 != 0 => Exposure::Changed,
            Some(mode) if mode & 0o055 != 0 => Exposure::Seen,
            _ => Exposure::None,
        }
    }

    /// Why the mode of a file or folder is not ours to change.
    pub fn obstacle(&self, path: &Path) -> Option<Obstacle> {
        let metadata = fs::symlink_metadata(path).ok()?;
        if metadata.is_symlink() {
            Some(Obstacle::Link)
        } else if !is_ours(&metadata) {
            Some(Obstacle::SomebodyElses)
        } else if metadata.is_dir() && mode(&metadata).is_some_and(|mode| mode & 0o022 != 0) {
            Some(Obstacle::Shared)
        } else {
            None
        }
    }
}

/// Whose a file was, and with which mode.
pub struct Owned {
    path: PathBuf,
    was: Metadata,
}

impl Store {
    /// Remembers whose a file is before another program may put a new one in its place; `None` if there is none.
    pub fn owned(&self, path: &Path) -> Option<Owned> {
        fs::metadata(path).ok().map(|was| Owned { path: path.to_owned(), was })
    }
}

impl Owned {
    /// Gives the file, where it still is there, owner, group and mode that it had.
    pub fn restore(&self) -> Result<(), Error> {
        let restored = match OpenOptions::new().read(true).open(&self.path) {
            Ok(file) => keep_owner_and_mode(&file, &self.was),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        };
        restored.map_err(|error| cannot("keep owner, group and mode of", &self.path, &error))
    }
}

impl Lock<'_> {
    /// Leaves a file or folder to its owner alone; not one that stands behind a link.
    pub fn close_to_others(&self, path: &Path) -> Result<(), Error> {
        close_to_others(path).map_err(|error| cannot("make private", path, &error))
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown};

    use super::{File, Metadata, OpenOptions, Path, fs, io};

    /// The mode of a file or folder; nothing is known of what is neither.
    pub fn mode(metadata: &Metadata) -> Option<u32> {
        (metadata.is_dir() || metadata.is_file()).then(|| metadata.permissions().mode())
    }

    pub fn is_ours(metadata: &Metadata) -> bool {
        metadata.uid() == rustix::process::geteuid().as_raw()
    }

    /// Whether a file or folder has the mode that it should be made with.
    pub fn is_private(path: &Path) -> bool {
        let private = |metadata: Metadata| if metadata.is_dir() { 0o700 } else { 0o600 };
        fs::symlink_metadata(path).is_ok_and(|file| file.permissions().mode() & 0o777 == private(file))
    }

    pub fn close_to_others(path: &Path) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let file = open_without_links(options.read(true)).open(path)?;
        let mode = if file.metadata()?.is_dir() { 0o700 } else { 0o600 };
        file.set_permissions(fs::Permissions::from_mode(mode))
    }

    pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(0o600)
    }

    /// Fails to open what is a link itself.
    pub fn open_without_links(options: &mut OpenOptions) -> &mut OpenOptions {
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
    }

    /// Readable and writable by its owner alone, whatever the umask took away.
    pub fn make_private(file: &File) -> io::Result<()> {
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.permissions().mode() & 0o777 == 0o600 {
            return Ok(());
        }
        file.set_permissions(fs::Permissions::from_mode(0o600))
    }

    /// What root makes in a user's folder is the user's, who could not use it otherwise. Where it can't be given away
    /// it stays root's.
    pub fn give_to_owner_of(path: &Path, folder: &Path) {
        if let (Ok(new), Ok(folder)) = (fs::symlink_metadata(path), fs::metadata(folder))
            && new.uid() == 0
            && folder.uid() != 0
        {
            let _ = lchown(path, Some(folder.uid()), Some(folder.gid()));
        }
    }

    /// Gives a new file owner, group and mode of the old one.
    pub fn keep_owner_and_mode(file: &File, old: &Metadata) -> io::Result<()> {
        let new = file.metadata()?;
        let other = |new: u32, old: u32| (new != old).then_some(old);
        let (owner, group) = (other(new.uid(), old.uid()), other(new.gid(), old.gid()));
        if owner.is_some() || group.is_some() {
            fchown(file, owner, group)?;
        }
        if new.permissions().mode() != old.permissions().mode() {
            file.set_permissions(old.permissions())?;
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::{File, Metadata, OpenOptions, Path, io};

    pub fn mode(_: &Metadata) -> Option<u32> {
        None
    }

    pub fn is_ours(_: &Metadata) -> bool {
        true
    }

    pub fn is_private(_: &Path) -> bool {
        true
    }

    pub fn close_to_others(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub fn open_without_links(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub fn make_private(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub fn give_to_owner_of(_: &Path, _: &Path) {}

    pub fn keep_owner_and_mode(file: &File, old: &Metadata) -> io::Result<()> {
        file.set_permissions(old.permissions())
    }
}

#[cfg(not(unix))]
pub use elsewhere::*;
#[cfg(unix)]
pub use unix::*;
