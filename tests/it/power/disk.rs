//! A disk as strace's record of a call tells of it, and the states that a power cut may leave it in.
//!
//! Of a file, what was not synced may be missing from any byte on, or be zeros; a name whose folder was not synced may
//! be what it was at any moment since. What was synced is there.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

/// Paths below the root, each a folder or a file's bytes.
pub type Tree = BTreeMap<String, Option<Vec<u8>>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

enum Step {
    Write { file: usize, at: usize, bytes: Vec<u8> },
    Truncate { file: usize, length: usize },
    Name { path: String, node: Option<Node> },
    SyncFile(usize),
    SyncFolder(String),
}

/// The steps of a call: the first, and that before which it had acknowledged.
pub struct Said {
    pub from: usize,
    pub acknowledged: usize,
}

pub struct Disk {
    root: String,
    /// What is on disk for sure at first: names, and the bytes of files.
    names: BTreeMap<String, Node>,
    files: Vec<Vec<u8>>,
    steps: Vec<Step>,
    /// As the running program sees it.
    now: BTreeMap<String, Node>,
    lengths: Vec<usize>,
}

struct Open {
    node: Option<(String, Node)>,
    appends: bool,
    position: usize,
}

impl Disk {
    /// The disk with all that lies below a folder.
    pub fn of(root: &Path) -> Self {
        let mut disk = Self {
            root: root.to_str().unwrap().to_owned(),
            names: BTreeMap::new(),
            files: Vec::new(),
            steps: Vec::new(),
            now: BTreeMap::new(),
            lengths: Vec::new(),
        };
        disk.take_in(root);
        disk.now = disk.names.clone();
        disk.lengths = disk.files.iter().map(Vec::len).collect();
        disk
    }

    fn take_in(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = self.below(path.to_str().unwrap()).unwrap();
            if path.is_dir() {
                self.names.insert(name, Node::Folder);
                self.take_in(&path);
            } else {
                self.names.insert(name, Node::File(self.files.len()));
                self.files.push(fs::read(&path).unwrap());
            }
        }
    }

    fn below(&self, path: &str) -> Option<String> {
        path.strip_prefix(&self.root).map(|path| path.trim_start_matches('/').to_owned())
    }

    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// Takes in strace's record of a call.
    pub fn record(&mut self, log: &str) -> Said {
        let mut said = Said { from: self.steps.len(), acknowledged: usize::MAX };
        let mut open: HashMap<i64, Open> = HashMap::new();
        for line in log.lines() {
            let Some((name, arguments, result)) = parsed(line) else { continue };
            if result < 0 {
                continue;
            }
            let strings: Vec<Vec<u8>> = strings(&arguments);
            let path = |at: usize| strings.get(at).map(|path| String::from_utf8(path.clone()).unwrap());
            let fd = arguments.split(',').next().and_then(|fd| fd.trim().parse::<i64>().ok());
            match name.as_str() {
                "open" | "openat" | "creat" => {
                    let below = path(0).and_then(|path| self.below(&path));
                    let node = below.map(|path| self.opened(path, &arguments));
                    open.insert(result, Open { node, appends: arguments.contains("O_APPEND"), position: 0 });
                }
                "write" if fd == Some(1) => said.acknowledged = said.acknowledged.min(self.steps.len()),
                "write" => {
                    if let Some(Open { node: Some((_, Node::File(file))), appends, position }) =
                        fd.and_then(|fd| open.get_mut(&fd))
                    {
                        let bytes = strings[0][..usize::try_from(result).unwrap()].to_vec();
                        let at = if *appends { self.lengths[*file] } else { *position };
                        *position = at + bytes.len();
                        self.lengths[*file] = self.lengths[*file].max(*position);
                        self.steps.push(Step::Write { file: *file, at, bytes });
                    }
                }
                "lseek" => {
                    if let Some(open) = fd.and_then(|fd| open.get_mut(&fd)) {
                        open.position = usize::try_from(result).unwrap();
                    }
                }
                "ftruncate" => {
                    if let Some(Open { node: Some((_, Node::File(file))), .. }) = fd.and_then(|fd| open.get(&fd)) {
                        let length = arguments.split(',').nth(1).unwrap().trim().parse().unwrap();
                        self.lengths[*file] = length;
                        self.steps.push(Step::Truncate { file: *file, length });
                    }
                }
                "fsync" | "fdatasync" => match fd.and_then(|fd| open.get(&fd)).and_then(|open| open.node.clone()) {
                    Some((_, Node::File(file))) => self.steps.push(Step::SyncFile(file)),
                    Some((path, Node::Folder)) => self.steps.push(Step::SyncFolder(path)),
                    None => {}
                },
                "mkdir" | "mkdirat" => {
                    let path = path(0).and_then(|path| self.below(&path));
                    if let Some(path) = path {
                        self.name(path, Some(Node::Folder));
                    }
                }
                "unlink" | "unlinkat" => {
                    let path = path(0).and_then(|path| self.below(&path));
                    if let Some(path) = path {
                        self.name(path, None);
                    }
                }
                "rename" | "renameat" | "renameat2" | "link" | "linkat" => {
                    let [from, to] = [0, 1].map(|at| path(at).and_then(|path| self.below(&path)));
                    if let (Some(from), Some(to)) = (from, to) {
                        let node = self.now[&from];
                        self.name(to, Some(node));
                        if name.starts_with("rename") {
                            self.name(from, None);
                        }
                    }
                }
                other => panic!("{other} is not understood here: {line}"),
            }
        }
        said.acknowledged = said.acknowledged.min(self.steps.len());
        said
    }

    fn opened(&mut self, path: String, arguments: &str) -> (String, Node) {
        let node = match self.now.get(&path) {
            _ if path.is_empty() => Node::Folder,
            Some(node) => *node,
            None => {
                let file = Node::File(self.files.len());
                self.files.push(Vec::new());
                self.lengths.push(0);
                self.name(path.clone(), Some(file));
                file
            }
        };
        if let (Node::File(file), true) = (node, arguments.contains("O_TRUNC")) {
            self.lengths[file] = 0;
            self.steps.push(Step::Truncate { file, length: 0 });
        }
        (path, node)
    }

    fn name(&mut self, path: String, node: Option<Node>) {
        match node {
            Some(node) => self.now.insert(path.clone(), node),
            None => self.now.remove(&path),
        };
        self.steps.push(Step::Name { path, node });
    }

    /// Hands over every state that the disk may be in after so many steps.
    pub fn states_at(&self, point: usize, mut take: impl FnMut(Tree)) {
        let mut names: BTreeMap<&str, Vec<Option<Node>>> =
            self.names.iter().map(|(path, node)| (path.as_str(), vec![Some(*node)])).collect();
        let mut files: Vec<Vec<Vec<u8>>> = self.files.iter().map(|bytes| vec![bytes.clone()]).collect();
        for step in &self.steps[..point] {
            match step {
                Step::Name { path, node } => names.entry(path).or_insert_with(|| vec![None]).push(*node),
                Step::Write { file, at, bytes } => {
                    let before = files[*file].last().unwrap().clone();
                    let half = bytes.len() / 2;
                    for cut in [1, half, bytes.len() - 1, bytes.len()] {
                        let mut after = before.clone();
                        after.resize(after.len().max(at + cut), 0);
                        after[*at..at + cut].copy_from_slice(&bytes[..cut]);
                        if cut == half {
                            let mut zeros = after.clone();
                            zeros.resize(zeros.len().max(at + bytes.len()), 0);
                            files[*file].push(zeros);
                        }
                        files[*file].push(after);
                    }
                }
                Step::Truncate { file, length } => {
                    let mut after = files[*file].last().unwrap().clone();
                    after.resize(*length, 0);
                    files[*file].push(after);
                }
                Step::SyncFile(file) => {
                    let last = files[*file].len() - 1;
                    files[*file].drain(..last);
                }
                Step::SyncFolder(folder) => {
                    for (path, nodes) in &mut names {
                        if path.rsplit_once('/').map_or("", |(parent, _)| parent) == folder {
                            let last = nodes.len() - 1;
                            nodes.drain(..last);
                        }
                    }
                }
            }
        }
        names.values_mut().for_each(Vec::dedup);
        choose(&names.into_iter().collect::<Vec<_>>(), &files, &mut BTreeMap::new(), &mut HashMap::new(), &mut take);
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let number = |node: &Self| if let Self::File(file) = node { file + 1 } else { 0 };
        number(self).cmp(&number(other))
    }
}

/// Every choice of what each name stands for, and of how much of each file is there.
fn choose<'a>(
    names: &[(&'a str, Vec<Option<Node>>)],
    files: &'a [Vec<Vec<u8>>],
    tree: &mut Tree,
    chosen: &mut HashMap<usize, &'a [u8]>,
    take: &mut impl FnMut(Tree),
) {
    let Some(((path, nodes), rest)) = names.split_first() else {
        return take(tree.clone());
    };
    // Names come in order: a folder before what lies in it.
    let has_parent = path.rsplit_once('/').is_none_or(|(parent, _)| tree.contains_key(parent));
    if !has_parent {
        return choose(rest, files, tree, chosen, take);
    }
    for node in nodes {
        match node {
            None => choose(rest, files, tree, chosen, take),
            Some(Node::Folder) => {
                tree.insert((*path).to_owned(), None);
                choose(rest, files, tree, chosen, take);
                tree.remove(*path);
            }
            Some(Node::File(file)) => {
                let known = chosen.get(file).copied();
                let mut versions: Vec<&[u8]> =
                    known.map_or_else(|| files[*file].iter().map(Vec::as_slice).collect(), |bytes| vec![bytes]);
                versions.dedup();
                for bytes in versions {
                    tree.insert((*path).to_owned(), Some(bytes.to_vec()));
                    chosen.insert(*file, bytes);
                    choose(rest, files, tree, chosen, take);
                }
                tree.remove(*path);
                if known.is_none() {
                    chosen.remove(file);
                }
            }
        }
    }
}

/// A line of strace's: the call's name, its arguments, and its result.
fn parsed(line: &str) -> Option<(String, String, i64)> {
    let (_, call) = line.split_once(' ')?;
    let (name, rest) = call.trim().split_once('(')?;
    let (arguments, result) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(" = "))?;
    let result = result.split([' ', '<']).next()?.parse().ok()?;
    Some((name.to_owned(), arguments.trim_end_matches([' ', ')']).to_owned(), result))
}

/// The strings among the arguments of a call, which strace writes as `"\x61\x62"`.
fn strings(arguments: &str) -> Vec<Vec<u8>> {
    let quoted = arguments.split('"').skip(1).step_by(2);
    quoted.map(|hex| hex.split("\\x").skip(1).map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()).collect()
}

/// Makes a state real below a folder.
pub fn build(tree: &Tree, root: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for (path, bytes) in tree {
        let path = root.join(path);
        let mode = match bytes {
            None => fs::create_dir(&path).map(|()| 0o700),
            Some(bytes) => fs::write(&path, bytes).map(|()| 0o600),
        };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode.unwrap())).unwrap();
    }
}

/// A state in words.
pub fn shown(tree: &Tree) -> String {
    let files = tree.iter().map(|(path, bytes)| match bytes {
        None => format!("{path}/\n"),
        Some(bytes) => format!("{path}: {:?}\n", String::from_utf8_lossy(bytes)),
    });
    files.collect()
}
