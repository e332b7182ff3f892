//! A repository of the user's: its branch, its remotes, its settings, and what git knows of other files in it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{BRANCH, Git, Remote, not_started, short, text, went_wrong, without_password};
use crate::error::Error;
use crate::safe_text::shell_word;

/// A repository.
#[derive(Debug)]
pub struct Repository {
    pub(super) git: Git,
    /// The branch that HEAD is on, as `refs/heads/main`; `None` where it is on none.
    pub branch: Option<String>,
    /// The commit that HEAD was at; `None` where there is none yet.
    pub head: Option<String>,
    pub(super) config: HashMap<String, String>,
    /// The lock file that stood in the way last.
    pub(super) held: RefCell<Option<String>>,
}

impl Repository {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.config.get(key).map(String::as_str)
    }

    /// The remote of the branch: the one that is set for it, else `origin`, else the only one. Fails where there are
    /// several and none of these.
    pub fn remote(&self) -> Result<Option<Remote>, Error> {
        let branch = self.branch.as_deref().unwrap_or(BRANCH);
        let of_branch = |what: &str| self.get(&format!("branch.{}.{what}", short(branch)));
        let mut names: Vec<&str> =
            self.config.keys().filter_map(|key| key.strip_prefix("remote.")?.strip_suffix(".url")).collect();
        names.sort_unstable();
        let name = match (of_branch("remote").filter(|name| *name != "."), &names[..]) {
            (Some(set), _) => set,
            (None, []) => return Ok(None),
            (None, [only]) => only,
            (None, several) if several.contains(&"origin") => "origin",
            (None, several) => {
                let key = format!("branch.{}.remote", short(branch));
                let set = format!("git -C {} config {} {}", self.shown(), shell_word(&key), shell_word(several[0]));
                return Err(Error::failed(format!("there are several remotes: {}", several.join(", ")))
                    .hint(format!("say which one is meant, as in `{set}`")));
            }
        };
        let Some(url) = self.get(&format!("remote.{name}.url")) else {
            return Err(self.nameless(short(branch), name, names.contains(&"origin")));
        };
        let url = url.to_owned();
        let merge = of_branch("merge");
        Ok(Some(Remote {
            name: name.to_owned(),
            url,
            branch: merge.unwrap_or(branch).to_owned(),
            is_set: merge.is_some(),
        }))
    }

    /// The branch is set to a remote that has no name: to an address, as `git push -u URL` does it, with the password that
    /// may stand in it.
    fn nameless(&self, branch: &str, address: &str, has_origin: bool) -> Error {
        let folder = self.shown();
        let set = format!("git -C {folder} config {} origin", shell_word(&format!("branch.{branch}.remote")));
        let add = format!("`git -C {folder} remote add origin URL`, and then ");
        Error::failed(format!(
            "`{branch}` is set to `{}`, which is not the name of a remote",
            without_password(address)
        ))
        .hint(format!("set it to one that has a name: {}`{set}`", if has_origin { "" } else { &add }))
    }

    /// The branch to go back to from none: `main`, else the first that there is.
    pub fn a_branch(&self) -> Result<Option<String>, Error> {
        let names = self.git.line(&["for-each-ref", "--format=%(refname)", "refs/heads"])?.unwrap_or_default();
        let mut names: Vec<&str> = names.lines().map(short).collect();
        names.sort_by_key(|name| *name != short(BRANCH));
        Ok(names.first().map(|name| (*name).to_owned()))
    }

    /// The lock file of git's that stood in the way last, if one did: another git is at work, or was killed.
    pub fn held(&self) -> Option<String> {
        self.held.borrow().clone()
    }

    /// Whether git's words say that another git was writing at the same time.
    pub(super) fn is_contended(&self, said: &str) -> bool {
        let file = said.split_once("Unable to create '").and_then(|(_, rest)| rest.split_once(".lock'"));
        if let Some((file, _)) = file {
            self.held.replace(Some(format!("{file}.lock")));
        }
        [
            "cannot lock ref",
            "unable to update local ref",
            "incorrect old value",
            "failed to update ref",
            "reference already exists",
        ]
        .iter()
        .any(|words| said.contains(words))
    }

    /// Who commits: the user, or nudge where git knows no name.
    pub(super) fn identity(&self) -> String {
        // What would end it early is left out, as git does.
        let plain = |text: &str| text.replace(['<', '>', '\n', '\0'], "");
        match (self.get("user.name"), self.get("user.email")) {
            (Some(name), Some(email)) => format!("{} <{}>", plain(name), plain(email)),
            _ => "nudge <nudge@localhost>".to_owned(),
        }
    }

    /// Whether it is a repository without a work tree.
    pub fn is_bare(&self) -> bool {
        self.get("core.bare") == Some("true")
    }

    /// Where it lies, as a shell reads it back.
    pub fn shown(&self) -> String {
        shell_word(&self.git.folder.to_string_lossy()).into_owned()
    }

    /// Adds a remote.
    pub fn add_remote(&self, name: &str, url: &str) -> Result<(), Error> {
        self.git.must(&["remote", "add", name, url]).map(drop)
    }

    /// Gives a remote another address.
    pub fn move_remote(&self, name: &str, url: &str) -> Result<(), Error> {
        self.git.must(&["remote", "set-url", name, url]).map(drop)
    }

    /// Whether a remote is a folder of this machine that somebody works in, and no bare repository. `false` where it
    /// can't be told.
    pub fn is_worked_in(&self, remote: &Remote) -> Result<bool, Error> {
        let Some(folder) = remote.folder() else {
            return Ok(false);
        };
        let mut command = self.git.command(&["-C", folder, "rev-parse", "--is-bare-repository"]);
        // What lies above is another one.
        if let Some(above) = self.git.folder.join(folder).canonicalize().ok().as_deref().and_then(Path::parent) {
            command.env("GIT_CEILING_DIRECTORIES", above);
        }
        let output = command.output().map_err(|error| not_started(&error))?;
        Ok(output.status.success() && text(&output.stdout).trim_end() == "false")
    }

    /// Lets our branch follow the one there, for calls by hand and for the next exchange.
    pub fn follow(&self, remote: &Remote) -> Result<(), Error> {
        if remote.is_set {
            return Ok(());
        }
        let of_branch = |what: &str| format!("branch.{}.{what}", short(self.branch.as_deref().unwrap_or(BRANCH)));
        self.git.must(&["config", &of_branch("remote"), &remote.name])?;
        self.git.must(&["config", &of_branch("merge"), &remote.branch]).map(drop)
    }

    /// The path of a file of the repository itself.
    pub fn own_path(&self, name: &str) -> Result<PathBuf, Error> {
        let output = self.git.must(&["rev-parse", "--git-path", name])?;
        Ok(self.git.folder.join(text(&output.stdout).trim_end()))
    }

    /// The filter that attributes send one of these files through, if any does.
    pub fn filter(&self, names: &[&str]) -> Result<Option<String>, Error> {
        let output = self.git.must(&[&["check-attr", "-z", "filter", "--"], names].concat())?;
        let said = text(&output.stdout);
        let values = said.split('\0').skip(2).step_by(3);
        Ok(values.map(str::to_owned).find(|value| !["unspecified", "unset"].contains(&value.as_str())))
    }

    /// How many commits one has that the other has not, and the other way round.
    pub fn ahead_and_behind(&self, one: &str, other: &str) -> Result<(u64, u64), Error> {
        let output = self.git.must(&["rev-list", "--left-right", "--count", &format!("{one}...{other}")])?;
        let said = text(&output.stdout);
        let mut counts = said.split_whitespace().map(|count| count.parse().unwrap_or(0));
        Ok((counts.next().unwrap_or(0), counts.next().unwrap_or(0)))
    }

    /// The latest commit from which both come; `None` for histories that have nothing to do with each other.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, Error> {
        self.git.line(&["merge-base", one, other])
    }

    /// Makes a commit the tip of the branch, if `old` still is; says whether it was.
    pub fn move_to(&self, new: &str, old: Option<&str>) -> Result<bool, Error> {
        let branch = self.branch.as_deref().unwrap_or(BRANCH);
        let zeros = "0".repeat(new.len());
        let output = self.git.run(&["update-ref", "-m", "nudge sync", branch, new, old.unwrap_or(&zeros)])?;
        let said = text(&output.stderr);
        match output.status.success() {
            true => Ok(true),
            false if self.is_contended(&said) => Ok(false),
            false => Err(went_wrong(&said)),
        }
    }

    /// Lets the index say of these files what the branch does. It fails where somebody else holds the index, and then
    /// only what `git status` shows is old.
    pub fn refresh_index(&self, names: &[&str]) {
        let _ = self.git.run(&[&["reset", "-q", "--"], names].concat());
    }

    /// The files that differ between two commits, our own left out, of which the user has staged nothing; each with
    /// whether it is still there in the new one.
    pub fn changed(&self, old: Option<&str>, new: &str, own: &[&str]) -> Result<Vec<(String, bool)>, Error> {
        let names = |args: &[&str]| {
            let output = self.git.must(args)?;
            let names = text(&output.stdout);
            Ok::<_, Error>(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>())
        };
        let mut changed: Vec<(String, bool)> = match old {
            Some(old) => {
                // A letter, and a name.
                let parts = names(&["diff-tree", "-r", "-z", "--name-status", "--no-renames", old, new])?;
                parts.chunks_exact(2).map(|pair| (pair[1].clone(), pair[0] != "D")).collect()
            }
            None => {
                let names = names(&["ls-tree", "-r", "-z", "--name-only", new])?;
                names.into_iter().map(|name| (name, true)).collect()
            }
        };
        let staged = match old {
            Some(old) => names(&["diff-index", "--cached", "-z", "--name-only", "--no-renames", old])?,
            None => names(&["ls-files", "-z"])?,
        };
        changed.retain(|(name, _)| !own.contains(&name.as_str()) && !staged.contains(name));
        Ok(changed)
    }

    /// Packs what lies loose, once there is enough of it.
    pub fn pack(&self) {
        // Where it fails the objects lie as they are.
        let _ = self.git.run(&["-c", "gc.autoDetach=false", "gc", "--auto", "-q"]);
    }
}
