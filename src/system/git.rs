//! The user's git: objects, refs and transport. It never writes the work tree, runs no hook and asks nothing unseen.

mod objects;
mod remote;
mod repository;
mod transport;

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::error::{self, Error};

pub use objects::{Commit, Objects, Others, Snapshot};
pub use remote::{Remote, is_folder, short, without_password};
pub use repository::Repository;
pub use transport::{Fetched, Pushed, Refusal};

/// What a surrounding git call leaves in the environment, as `git rev-parse --local-env-vars` lists it: with these a hook
/// would have us work in its own repository.
const OF_ANOTHER_CALL: [&str; 18] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// After so many loose objects a repository that we make is packed. Each exchange with something to send adds three, a
/// whole journal among them.
const LOOSE: &str = "300";

/// The branch of a repository that we make, whatever the user's git would call it: all machines have to agree.
const BRANCH: &str = "refs/heads/main";

/// How git is started for one folder.
#[derive(Clone, Debug)]
pub struct Git {
    folder: PathBuf,
    /// `GIT_SSH_COMMAND`, and `GIT_SSH`.
    ssh: [Option<String>; 2],
    /// Whether it may ask for a password in the terminal.
    asks: bool,
}

/// What there is in a folder.
#[derive(Debug)]
pub enum Place {
    /// A repository whose top is the folder.
    Repository(Box<Repository>),
    /// A part of the repository with this top.
    Inside(String),
    /// No repository.
    Nothing,
}

impl Git {
    /// For a folder; `ssh` is `GIT_SSH_COMMAND` and `GIT_SSH`, `asks` whether git and ssh may ask in the terminal.
    pub fn new(folder: &Path, ssh: [Option<String>; 2], asks: bool) -> Self {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Self { folder, ssh, asks }
    }

    /// A call, which begins in the folder and knows the repository there alone.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in OF_ANOTHER_CALL {
            command.env_remove(name);
        }
        command
            .current_dir(&self.folder)
            // Hooks are the user's, for what the user commits; packing has its own time.
            .args(["-c", "core.hooksPath=/dev/null", "-c", "maintenance.auto=false"])
            .args(args)
            .env("GIT_CEILING_DIRECTORIES", self.folder.parent().unwrap_or(&self.folder))
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_EDITOR", ":")
            // A file's name is no pattern, whatever it looks like; and no setting of the user's may say otherwise as well.
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env_remove("GIT_GLOB_PATHSPECS")
            .env_remove("GIT_NOGLOB_PATHSPECS")
            .env_remove("GIT_ICASE_PATHSPECS")
            // Its words are looked at.
            .env("LC_ALL", "C")
            .env_remove("LANGUAGE")
            .stdin(Stdio::null());
        command
    }

    /// Runs a call that needs no network.
    fn run(&self, args: &[&str]) -> Result<Output, Error> {
        self.command(args).output().map_err(|error| not_started(&error))
    }

    /// The output of such a call without the newline at its end; `None` where it ended with an error.
    fn line(&self, args: &[&str]) -> Result<Option<String>, Error> {
        let output = self.run(args)?;
        Ok(output.status.success().then(|| text(&output.stdout).trim_end().to_owned()))
    }

    /// A call that has to succeed.
    fn must(&self, args: &[&str]) -> Result<Output, Error> {
        let output = self.run(args)?;
        if output.status.success() { Ok(output) } else { Err(went_wrong(&text(&output.stderr))) }
    }

    /// Whether git can be started at all.
    pub fn is_there(&self) -> bool {
        self.run(&["version"]).is_ok()
    }

    /// What there is in the folder, and its objects.
    pub fn open(&self) -> Result<(Place, Objects), Error> {
        const KEYS: &str =
            r"^(remote\..*\.url|branch\..*\.(remote|merge)|core\.(sshcommand|bare)|user\.(name|email)|ssh\.variant)$";
        let mut head = self.command(&["rev-parse", "HEAD", "--symbolic-full-name", "HEAD"]);
        let mut config = self.command(&["config", "-z", "--get-regexp", KEYS]);
        let [head, config] = [&mut head, &mut config].map(|call| {
            call.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| not_started(&error))
        });
        let (head, config) = (head?, config?);
        let [head, config] = [head, config].map(|call| call.wait_with_output().map_err(|error| not_started(&error)));
        let (head, config) = (head?, config?);
        let objects = Objects::of(self);
        let lines = text(&head.stdout);
        let mut lines = lines.lines().map(str::to_owned);
        let (head, branch) = if head.status.success() {
            (lines.next(), lines.next().filter(|name| name.starts_with("refs/")))
        } else if let Some(branch) = self.line(&["symbolic-ref", "-q", "HEAD"])? {
            // Nothing was committed yet.
            (None, Some(branch))
        } else {
            return Ok((self.place_without_repository(&text(&head.stderr))?, objects));
        };
        let config = text(&config.stdout);
        let pairs = config.split('\0').filter_map(|pair| pair.split_once('\n'));
        let config = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Ok((
            Place::Repository(Box::new(Repository {
                git: self.clone(),
                branch,
                head,
                config,
                held: RefCell::default(),
            })),
            objects,
        ))
    }

    fn place_without_repository(&self, said: &str) -> Result<Place, Error> {
        if !said.contains("not a git repository") {
            return Err(went_wrong(said));
        }
        let mut above = self.command(&["rev-parse", "--show-toplevel"]);
        let above = above.env_remove("GIT_CEILING_DIRECTORIES").output().map_err(|error| not_started(&error))?;
        Ok(if above.status.success() {
            Place::Inside(text(&above.stdout).trim_end().to_owned())
        } else {
            Place::Nothing
        })
    }

    /// Makes a repository that only its owner can read; `is_sha256` as its remote is.
    pub fn init(&self, is_sha256: bool) -> Result<(), Error> {
        let format = if is_sha256 { "--object-format=sha256" } else { "--object-format=sha1" };
        // What is in the books is in the objects too.
        self.must(&["init", "-q", "--shared=0600", format])?;
        self.must(&["config", "gc.auto", LOOSE])?;
        self.must(&["symbolic-ref", "HEAD", BRANCH]).map(drop)
    }
}

/// Git can't be started.
fn not_started(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        return Error::failed("`git` is not installed, or not on the path")
            .hint("install the package `git`; your files are as they were");
    }
    Error::failed(format!("can't start `git`: {}", error::reason(error)))
}

/// An error in git's own words.
fn went_wrong(said: &str) -> Error {
    if let Some(advice) =
        said.lines().find_map(|line| line.trim().strip_prefix("git config --global --add safe.directory"))
    {
        return Error::failed("git doesn't trust the repository, since it belongs to somebody else")
            .hint(format!("if it is yours all the same: `git config --global --add safe.directory{advice}`"));
    }
    Error::failed(format!("git says: {}", words(said)))
}

/// The line of git's that says most.
fn words(said: &str) -> String {
    let begins = |line: &&str| ["fatal: ", "error: ", "remote: "].iter().any(|start| line.starts_with(start));
    let line = said.lines().find(begins).or_else(|| said.lines().find(|line| !line.trim().is_empty()));
    let line =
        line.map_or("nothing", |line| line.split_once(": ").filter(|_| begins(&line)).map_or(line, |(_, rest)| rest));
    line.trim_end_matches('.').to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_is_quoted_with_the_line_that_says_most() {
        assert_eq!(words("hint: x\nfatal: bad object HEAD.\n"), "bad object HEAD");
        assert_eq!(words("something else\n"), "something else");
        assert_eq!(words(""), "nothing");
    }
}
