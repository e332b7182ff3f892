//! What `sync` writes beside the books: when the last exchange was, and what git is to leave out.

use std::io::Write;
use std::path::Path;

use super::replace::NewFile;
use super::{Lock, Store, cannot};
use crate::error::Error;

/// The file that says when the last exchange was.
const STAMP: &str = "synced";

/// What lies beside the books and is this machine's own.
const OWN: [&str; 7] =
    ["/nudge.lock", "/synced", "/reminded", "/*.backup-*", "/*.rejected", "/.*.new", "/entries-*.toml"];

/// How git is to treat the books where somebody merges them by hand.
pub const ATTRIBUTES: &str = "*.jsonl -text merge=union\n";

impl Store {
    /// Whether the folder of the books is the top of a git repository.
    pub fn is_repository(&self) -> bool {
        self.folders.data.join(".git").exists()
    }

    /// Where git's attributes of the books lie.
    pub fn attributes_path(&self) -> std::path::PathBuf {
        self.folders.data.join(".gitattributes")
    }

    /// What was written down of the last exchange: when it was, and what both sides had then; `None` where there was
    /// none.
    pub fn last_exchange(&self) -> Option<(String, String)> {
        let stamp = self.text(&self.folders.data.join(STAMP)).ok()??;
        let (moment, state) = stamp.trim_end().split_once('\n')?;
        Some((moment.to_owned(), state.to_owned()))
    }

    /// Writes down when an exchange was, and what both sides had then. Where that can't be it is only not known.
    pub fn note_exchange(&self, moment: &str, state: &str) {
        let path = self.folders.data.join(STAMP);
        let noted = self.open_own(&path).and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(format!("{moment}\n{state}\n").as_bytes())
        });
        if let Err(error) = noted {
            self.warning.borrow_mut().get_or_insert(cannot("write", &path, &error).message().to_owned());
        }
    }
}

impl Lock<'_> {
    /// Writes git's attributes of the books, unless there are some.
    pub fn write_attributes(&self) -> Result<(), Error> {
        let path = self.store().attributes_path();
        if path.exists() {
            return Ok(());
        }
        NewFile::write(self.store(), &path, |file| Ok(file.write_all(ATTRIBUTES.as_bytes())?))?.put_in_place()
    }

    /// Adds to a repository's list of what is not looked at, at `path`, what is this machine's own.
    pub fn exclude_own(&self, path: &Path) -> Result<(), Error> {
        let known = self.store().text(path)?.unwrap_or_default();
        let missing: Vec<&str> = OWN.into_iter().filter(|own| !known.lines().any(|line| line.trim() == *own)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            self.store().create_folder(folder)?;
        }
        let end = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
        let text = format!("{known}{end}{}\n", missing.join("\n"));
        NewFile::write(self.store(), path, |file| Ok(file.write_all(text.as_bytes())?))?.put_in_place()
    }
}
