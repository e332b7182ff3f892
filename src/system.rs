//! The only processes that we start: the user's editor and pager, the system's own scheduler and notifier, and git.

pub mod git;
pub mod notifier;
pub mod scheduler;

use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::{self, Error};

/// The editor if neither `VISUAL` nor `EDITOR` is set.
const FALLBACK: &str = if cfg!(windows) { "notepad" } else { "vi" };

/// The user's editor: a program, and the arguments that come before the file.
pub struct Editor {
    program: String,
    arguments: Vec<String>,
}

impl Editor {
    /// The editor that `VISUAL` or `EDITOR` names. It is split into words as a shell would, but no shell runs it.
    pub fn new(named: Option<&str>) -> Result<Self, Error> {
        let named = named.unwrap_or(FALLBACK);
        let mut words = shlex::split(named).unwrap_or_default().into_iter();
        let program = words.next().ok_or_else(|| {
            Error::failed(format!("the editor is `{named}`, which is not a command")).hint(HOW_TO_SET)
        })?;
        Ok(Self { program, arguments: words.collect() })
    }

    /// Opens a file and waits until the editor is closed; returns how long that took.
    pub fn open(&self, path: &Path) -> Result<Duration, Error> {
        let Self { program, arguments } = self;
        let started = Instant::now();
        let status = Command::new(program).args(arguments).arg(path).status().map_err(|error| {
            Error::failed(format!("can't start the editor `{program}`: {}", error::reason(&error))).hint(HOW_TO_SET)
        })?;
        if status.success() {
            return Ok(started.elapsed());
        }
        Err(Error::failed(format!("the editor `{program}` ended with {status}")))
    }
}

const HOW_TO_SET: &str = "set `VISUAL` or `EDITOR` to a command, such as `nano` or `code --wait`";

/// The pager if `PAGER` is not set. `-F` ends it if everything fits, `-R` shows colours, `-X` does not clear the
/// screen.
const PAGER: [&str; 2] = ["less", "-FRX"];

/// A running pager that takes text.
pub struct Pager {
    child: Child,
    input: ChildStdin,
}

impl Pager {
    /// Starts the pager that `PAGER` names, or else `less`; `None` if it can't be started. `has_less` says whether the
    /// user has set `LESS`.
    pub fn start(named: Option<&str>, has_less: bool) -> Option<Self> {
        let words = named.map_or_else(|| Some(PAGER.map(str::to_owned).to_vec()), shlex::split)?;
        let (program, arguments) = words.split_first()?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        if !has_less {
            // As git does, so that `PAGER=less` without options shows colours too.
            command.env("LESS", "FRX");
        }
        let mut child = command.spawn().ok()?;
        let input = child.stdin.take()?;
        Some(Self { child, input })
    }

    /// Writes text to the pager. If the user has closed it, this fails with a broken pipe.
    pub fn write(&mut self, text: &str) -> io::Result<()> {
        self.input.write_all(text.as_bytes())
    }

    /// Waits until the pager is closed.
    pub fn wait(self) {
        let Self { mut child, input } = self;
        drop(input);
        // The text was shown, so its exit status does not matter.
        let _ = child.wait();
    }
}
