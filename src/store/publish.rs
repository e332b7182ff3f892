//! Files that are made for others to read: no secret is in them, and no book.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::{cannot, heed_size_limits, refuse_odd};
use crate::environment;
use crate::error::Error;

/// Writes files, each a name and a text, into a folder, in the place of those that are there. The folder is made where
/// there is none.
///
/// Each is written beside its place and renamed, so that a link there gives way and what it leads to stays as it is.
pub fn publish(folder: &Path, files: &[(String, String)]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| cannot("create", folder, &error))?;
    files.iter().try_for_each(|(name, _)| refuse_odd(&folder.join(name)).map(|_| ()))?;
    heed_size_limits();
    for (name, text) in files {
        let path = folder.join(name);
        let new = folder.join(format!(".{name}.{}.new", environment::new_id()?));
        let write = || -> io::Result<()> {
            OpenOptions::new().write(true).create_new(true).open(&new)?.write_all(text.as_bytes())?;
            fs::rename(&new, &path)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&new);
            cannot("write", &path, &error)
        })?;
    }
    Ok(())
}
