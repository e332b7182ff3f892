//! The only processes that we start: for now the user's editor.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::error::{self, Error};

/// What there is where neither `VISUAL` nor `EDITOR` is set.
const FALLBACK: &str = if cfg!(windows) { "notepad" } else { "vi" };

/// The user's editor: a program and the words that come before the file.
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

impl Editor {
    /// The editor that `VISUAL` or `EDITOR` names. Its words are its own: no shell reads them.
    pub fn new(named: Option<&str>) -> Result<Self, Error> {
        let named = named.unwrap_or(FALLBACK);
        let mut words = shlex::split(named).unwrap_or_default().into_iter();
        let program = words.next().ok_or_else(|| {
            Error::failed(format!("the editor is `{named}`, which is not a command")).hint(HOW_TO_SET)
        })?;
        Ok(Self { program, arguments: words.collect() })
    }

    /// Opens a file and waits until the editor is closed; says how long that took.
    pub fn open(&self, path: &Path) -> Result<Duration, Error> {
        let Self { program, arguments } = self;
        let started = Instant::now();
        let status = Command::new(program).args(arguments).arg(path).status().map_err(|error| {
            Error::failed(format!("can't start the editor `{program}`: {}", error::reason(&error))).hint(HOW_TO_SET)
        })?;
        if status.success() {
            return Ok(started.elapsed());
        }
        Err(Error::failed(format!("the editor `{program}` ended with {status}, so the journal is as it was")))
    }
}

const HOW_TO_SET: &str = "set `VISUAL` or `EDITOR` to a command, such as `nano` or `code --wait`";
