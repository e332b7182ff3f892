//! Who may read and change a file: private from the start, and closed to others again.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

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

impl Store {
    /// What others than its owner may do with a file or folder.
    pub fn exposure(&self, path: &Path) -> Exposure {
        match mode(path) {
            Some(mode) if mode & 0o022 != 0 => Exposure::Changed,
            Some(mode) if mode & 0o055 != 0 => Exposure::Seen,
            _ => Exposure::None,
        }
    }
}

impl Lock<'_> {
    /// Leaves a file or folder to its owner alone.
    pub fn close_to_others(&self, path: &Path) -> Result<(), Error> {
        close_to_others(path).map_err(|error| cannot("make private", path, &error))
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).ok()?;
    (metadata.is_dir() || metadata.is_file()).then(|| metadata.permissions().mode())
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Readable and writable by its owner alone, whatever the umask took away.
#[cfg(unix)]
pub fn make_private(file: &File) -> io::Result<()> {
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    if file.metadata()?.is_file() { file.set_permissions(private) } else { Ok(()) }
}

#[cfg(not(unix))]
pub fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}
