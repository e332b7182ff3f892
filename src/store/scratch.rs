//! A private copy of a book, for an editor.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::create::sync_folder;
use super::{Book, Store, cannot, heed_size_limits};
use crate::environment;
use crate::error::Error;

impl Store {
    /// A private copy of a book's bytes beside it, for an editor. It stays until it is removed.
    pub fn copy(&self, book: Book, bytes: &[u8]) -> Result<ScratchFile, Error> {
        let name = book.file_name().replace('.', &format!("-{}.", environment::new_id()?));
        let path = self.folders.data.join(name);
        heed_size_limits();
        let write = || {
            self.create_new(&path)?.write_all(bytes)?;
            sync_folder(&path)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&path);
            cannot("write", &path, &error)
        })?;
        Ok(ScratchFile { path })
    }
}

/// A copy of a book in an editor's hands.
pub struct ScratchFile {
    path: PathBuf,
}

impl ScratchFile {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn read(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let read = OpenOptions::new().read(true).open(&self.path).and_then(|mut file| file.read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| cannot("read", &self.path, &error))
    }

    /// Takes it away. Where that fails it stays, and harms nothing.
    pub fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }
}
