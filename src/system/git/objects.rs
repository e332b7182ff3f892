//! What git keeps: commits, their trees, and the books in them; and a new commit, made without the index.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout};

use chrono::{DateTime, FixedOffset};

use super::{Error, Git, Read, Repository, Stdio, Write, not_started, text, went_wrong};

/// The mode of a file that may be run, and of one that may not.
const FILES: [&[u8]; 2] = [b"100644", b"100755"];

/// The objects of a repository, by a `git cat-file --batch` that is started once one is asked for: many questions, one
/// process.
#[derive(Debug)]
pub struct Objects {
    git: Git,
    running: Option<Running>,
    /// The commit that was read last: with nothing new it is asked for twice.
    last: Option<Snapshot>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// A commit with what matters of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub commit: String,
    /// What its tree holds beside the books.
    pub others: Others,
    /// The books, in the order in which their names were given.
    pub books: [Option<Vec<u8>>; 2],
}

/// The entries of a tree other than the books, each with its mode, name and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others(BTreeSet<(Vec<u8>, Vec<u8>, Vec<u8>)>);

impl Others {
    /// The names of its entries.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(_, name, _)| text(name))
    }
}

impl Objects {
    pub(super) fn of(git: &Git) -> Self {
        Self { git: git.clone(), running: None, last: None }
    }

    /// An object by any name that git knows for it: its id and its bytes; `None` where there is none.
    fn get(&mut self, name: &str) -> Result<Option<(String, Vec<u8>)>, Error> {
        let running = match self.running.take() {
            Some(running) => running,
            None => Running::start(&self.git)?,
        };
        self.running.insert(running).get(name)
    }

    /// The id of an object by any name that git knows for it.
    pub fn id(&mut self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.get(name)?.map(|(id, _)| id))
    }

    /// A commit with the books of these names in it; `None` where there is none. A link in a book's place is no book.
    pub fn snapshot(&mut self, name: &str, books: [&str; 2]) -> Result<Option<Snapshot>, Error> {
        let Some((commit, _)) = self.get(name)? else {
            return Ok(None);
        };
        if let Some(last) = self.last.as_ref().filter(|last| last.commit == commit) {
            return Ok(Some(last.clone()));
        }
        let (_, tree) = self.get(&format!("{commit}^{{tree}}"))?.unwrap_or_default();
        let mut others = entries(&tree, commit.len() / 2);
        let mut found = [None, None];
        for (book, found) in books.iter().zip(&mut found) {
            let entry = others.0.iter().find(|(_, name, _)| name == book.as_bytes()).cloned();
            if let Some(entry) = entry {
                others.0.remove(&entry);
                if FILES.contains(&&entry.0[..]) {
                    *found = self.get(&hexadecimal(&entry.2))?.map(|(_, bytes)| bytes);
                }
            }
        }
        self.last = Some(Snapshot { commit, others, books: found });
        Ok(self.last.clone())
    }
}

impl Running {
    fn start(git: &Git) -> Result<Self, Error> {
        let mut command = git.command(&["cat-file", "--batch"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| not_started(&io::Error::other("no output")))?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    fn get(&mut self, name: &str) -> Result<Option<(String, Vec<u8>)>, Error> {
        let asked = self.ask(name);
        asked.map_err(|_| {
            let mut said = Vec::new();
            if let Some(errors) = &mut self.child.stderr {
                // It has ended, and says why.
                self.input = None;
                let _ = errors.read_to_end(&mut said);
            }
            went_wrong(&text(&said))
        })
    }

    fn ask(&mut self, name: &str) -> io::Result<Option<(String, Vec<u8>)>> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        input.write_all(format!("{name}\n").as_bytes())?;
        let mut head = String::new();
        if self.output.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        // `<id> <kind> <size>`, or `<name> missing`.
        let mut words = head.trim_end().rsplit(' ');
        let Some(Ok(size)) = words.next().map(str::parse::<usize>) else {
            return Ok(None);
        };
        let id = words.nth(1).unwrap_or_default().to_owned();
        let mut bytes = vec![0; size + 1];
        self.output.read_exact(&mut bytes)?;
        bytes.pop();
        Ok(Some((id, bytes)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It ends once nothing more can be asked.
        self.input = None;
        let _ = self.child.wait();
    }
}

/// The entries of a tree, in git's own form: mode, space, name, zero, id.
fn entries(tree: &[u8], length: usize) -> Others {
    let mut entries = BTreeSet::new();
    let mut rest = tree;
    while let Some(space) = memchr::memchr(b' ', rest) {
        let (mode, after) = (&rest[..space], &rest[space + 1..]);
        let Some(zero) = memchr::memchr(0, after).filter(|zero| after.len() > zero + length) else {
            break;
        };
        let id = &after[zero + 1..=zero + length];
        entries.insert((mode.to_vec(), after[..zero].to_vec(), id.to_vec()));
        rest = &after[zero + 1 + length..];
    }
    Others(entries)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A commit to be made.
#[derive(Debug)]
pub struct Commit<'a> {
    /// The commits that it follows, the first of which gives it all other files.
    pub parents: &'a [&'a str],
    /// A tree that gives it all other files instead.
    pub tree: Option<&'a str>,
    /// The files that it changes, each by its name.
    pub files: &'a [(&'a str, &'a [u8])],
    /// When it is made.
    pub at: DateTime<FixedOffset>,
}

impl Repository {
    /// Makes a commit and lets the branch follow, and returns its id; `None` where the branch has gone on meanwhile.
    pub fn commit(&self, commit: &Commit<'_>) -> Result<Option<String>, Error> {
        let branch = self.branch.as_deref().unwrap_or(super::BRANCH);
        let mut command = self.git.command(&["fast-import", "--quiet", "--done"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        let written = child.stdin.take().map_or(Ok(()), |input| {
            let mut input = io::BufWriter::new(input);
            commit.write(branch, &self.identity(), &mut input).and_then(|()| input.flush())
        });
        let output = child.wait_with_output().map_err(|error| not_started(&error))?;
        let said = text(&output.stderr);
        if output.status.success() && written.is_ok() {
            return Ok(Some(text(&output.stdout).trim_end().to_owned()));
        }
        let has_gone_on = said.contains("Not updating") || self.is_contended(&said);
        if has_gone_on { Ok(None) } else { Err(went_wrong(&said)) }
    }

    /// The tree that git's own merge of two commits comes to, and the files on which they disagree.
    pub fn merge_trees(&self, one: &str, other: &str) -> Result<(String, Vec<String>), Error> {
        const MERGE: [&str; 6] =
            ["merge-tree", "--write-tree", "--allow-unrelated-histories", "--name-only", "--no-messages", "-z"];
        let output = self.git.run(&[&MERGE[..], &[one, other]].concat())?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            return Err(went_wrong(&text(&output.stderr)));
        }
        let said = text(&output.stdout);
        let mut parts = said.split('\0').filter(|part| !part.is_empty()).map(str::to_owned);
        let tree = parts.next().unwrap_or_default();
        Ok((tree, parts.collect()))
    }
}

impl Commit<'_> {
    /// Writes it in the language of `git fast-import`, which changes a tree without an index, and in one process.
    fn write(&self, branch: &str, identity: &str, to: &mut impl Write) -> io::Result<()> {
        // git knows no moment before 1970.
        let (seconds, zone) = (self.at.timestamp().max(0), self.at.format("%z"));
        write!(to, "commit {branch}\nmark :1\ncommitter {identity} {seconds} {zone}\ndata 11\nnudge sync\n\n")?;
        for (at, parent) in self.parents.iter().enumerate() {
            writeln!(to, "{} {parent}", if at == 0 { "from" } else { "merge" })?;
        }
        if let Some(tree) = self.tree {
            writeln!(to, "M 040000 {tree} \"\"")?;
        }
        for (name, bytes) in self.files {
            write!(to, "M 100644 inline {name}\ndata {}\n", bytes.len())?;
            to.write_all(bytes)?;
            to.write_all(b"\n")?;
        }
        // Without the last word nothing is taken in: a stream that breaks off makes no commit.
        to.write_all(b"get-mark :1\ndone\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_as_git_writes_it() {
        let mut tree = Vec::new();
        for (mode, name, id) in [("100644", "journal.jsonl", 0xab), ("40000", "a folder", 0x20), ("120000", "link", 0)]
        {
            tree.extend(format!("{mode} {name}\0").bytes().chain([id; 20]));
        }
        let Others(found) = entries(&tree, 20);
        let names: Vec<String> = found.iter().map(|(_, name, _)| text(name)).collect();
        assert_eq!(names, ["journal.jsonl", "link", "a folder"]);
        assert!(found.iter().all(|(_, _, id)| id.len() == 20));
        // One that breaks off, and nothing.
        assert_eq!(entries(&tree[..60], 20).0.len(), 1);
        assert_eq!(entries(b"", 20), Others::default());
        assert_eq!(hexadecimal(&[0xab, 0x05]), "ab05");
    }
}
