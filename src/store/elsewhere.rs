//! Files of ours in the folders of other programs, as the units of systemd are.

use std::fs;
use std::io;
use std::path::Path;

use super::replace::NewFile;
use super::{Store, cannot, heed_size_limits};
use crate::error::Error;

impl Store {
    /// Puts a file in its place, whole; a symbolic link is followed and stays one.
    pub fn put(&self, path: &Path, text: &str) -> Result<(), Error> {
        heed_size_limits();
        if let Some(folder) = path.parent() {
            self.create_folder(folder)?;
        }
        let new = NewFile::write(self, path, |file| Ok(file.write_all(text.as_bytes())?))?;
        // Nobody else writes to it, so that one that has come meanwhile is ours as well.
        new.over_our_own().put_in_place()
    }

    /// Removes a file, if it is there.
    pub fn remove(&self, path: &Path) -> Result<(), Error> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot("remove", path, &error)),
            _ => Ok(()),
        }
    }
}
