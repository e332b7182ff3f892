//! A private file for an editor.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::create::sync_folder;
use super::{Store, cannot, heed_size_limits};
use crate::environment;
use crate::error::Error;

impl Store {
    /// Creates a private file with this text, beside the journal, for an editor. It stays until it is removed.
    pub fn scratch(&self, text: &str) -> Result<ScratchFile, Error> {
        let path = self.folders.data.join(format!("entries-{}.toml", environment::new_id()?));
        heed_size_limits();
        let write = || {
            self.create_new(&path)?.write_all(text.as_bytes())?;
            sync_folder(&path)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&path);
            cannot("write", &path, &error)
        })?;
        Ok(ScratchFile { path, written: text.to_owned() })
    }
}

/// A file that the user edits.
pub struct ScratchFile {
    path: PathBuf,
    written: String,
}

impl ScratchFile {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text with which it was created.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Its present text; `None` if it no longer exists.
    pub fn read(&self) -> Result<Option<String>, Error> {
        let mut bytes = Vec::new();
        let read = OpenOptions::new().read(true).open(&self.path).and_then(|mut file| file.read_to_end(&mut bytes));
        match read {
            Ok(_) => String::from_utf8(bytes).map(Some).map_err(|_| {
                Error::failed(format!("`{}` is not UTF-8", self.path.display())).hint("save it as UTF-8 text")
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot("read", &self.path, &error)),
        }
    }

    /// Removes it. If that fails it stays, which does no harm.
    pub fn remove(&self) {
        let _ = fs::remove_file(&self.path);
    }
}
