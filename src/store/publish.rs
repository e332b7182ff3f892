//! Files that are made for others to read: no secret is in them, and no book.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::cannot;
use crate::error::Error;

/// Writes files, each a name and a text, into a folder, in the place of those that are there. The folder is made where
/// there is none.
pub fn publish(folder: &Path, files: &[(String, String)]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| cannot("create", folder, &error))?;
    for (name, text) in files {
        let path = folder.join(name);
        let write = || -> io::Result<()> {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
            file.write_all(text.as_bytes())
        };
        write().map_err(|error| cannot("write", &path, &error))?;
    }
    Ok(())
}
