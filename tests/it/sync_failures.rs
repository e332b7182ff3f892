//! What can stand in the way of an exchange: each with its sentence, its exit code, and nothing gone.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::home::{Call, Home};
use crate::sync::{HAS_GIT, Remote, books, committed, done, git, machine};

/// A sync that has to fail with these words and a hint; the journal stays as it was.
#[track_caller]
fn refused(home: &Home, says: &str, hint: &str) -> Call {
    let before = books(home);
    let call = home.run(&["sync"]);
    is_refused(&call, says, hint);
    // What was logged in one millisecond has no order until it is put in one.
    let lines = |books: [String; 2]| {
        let mut lines: Vec<String> = books.concat().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(books(home)), lines(before));
    call
}

#[track_caller]
fn is_refused(call: &Call, says: &str, hint: &str) {
    assert_eq!((call.code, call.out.as_str()), (Some(1), ""), "{call:?}");
    assert!(call.err.starts_with("error: ") && call.err.contains(says), "{says}: {call:?}");
    assert!(call.err.contains("\n\nhint: ") && call.err.contains(hint), "{hint}: {call:?}");
    for odd in ["fatal:", "lost"] {
        assert!(!call.err.contains(odd), "{call:?}");
    }
}

/// A machine with an entry that waits.
fn waiting(remote: &Remote) -> Home {
    let home = machine(remote);
    home.ok(&["done", "-c", "tone", "-m", "waits"]);
    home
}

fn executable(path: &Path, script: &str) {
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn where_there_is_no_git() {
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let empty = tempfile::tempdir().unwrap();
    for args in [&["sync"][..], &["sync", "--init"], &["sync", "--status"]] {
        let call = Call::of(&home.command(args).env("PATH", empty.path()).output().unwrap());
        is_refused(&call, "`git` is not installed", "install the package `git`");
    }
    assert!(!home.names().contains(&".git".to_owned()));
}

#[test]
fn where_there_is_no_repository() {
    if !*HAS_GIT {
        return;
    }
    let home = Home::new();
    refused(&home, "is not a git repository yet", "`nudge sync --init URL`");
    home.ok(&["done", "-c", "tone"]);
    refused(&home, "is not a git repository yet", "`nudge sync --init URL`");
    assert!(!home.names().contains(&".git".to_owned()));
    let mut nowhere = home.command(&["sync"]);
    let call = Call::of(&nowhere.env("NUDGE_DIR", home.path().join("nowhere")).output().unwrap());
    is_refused(&call, "there is nothing to sync yet", "--init");
    assert!(!home.path().join("nowhere").exists());
    for (url, code) in [("-x", Some(2)), ("", Some(2))] {
        assert_eq!(home.run(&["sync", &format!("--init={url}")]).code, code);
    }
}

/// Somebody's dotfiles are not ours to commit to.
#[test]
fn where_the_folder_belongs_to_something_larger() {
    if !*HAS_GIT {
        return;
    }
    let outer = tempfile::tempdir().unwrap();
    git(outer.path(), &["init", "-q"]);
    let data = outer.path().join("nudge");
    let home = Home::new();
    let run = |args: &[&str]| Call::of(&home.command(args).env("NUDGE_DIR", &data).output().unwrap());
    assert_eq!(run(&["done", "-c", "tone"]).code, Some(0));
    for args in [&["sync"][..], &["sync", "--init", "x"]] {
        is_refused(&run(args), "lies inside another repository", "`nudge merge`");
    }
    assert!(!data.join(".git").exists() && !data.join(".gitattributes").exists());
    assert_eq!(git(outer.path(), &["status", "--porcelain"]), "?? nudge/\n");
}

#[test]
fn where_there_is_no_remote() {
    if !*HAS_GIT {
        return;
    }
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["sync", "--init"]);
    home.ok(&["done", "-c", "tone"]);
    let said = home.ok(&["sync"]);
    assert!(said.contains("Kept in the repository here: 1 entry.") && said.contains("no remote yet"), "{said}");
    assert_eq!(committed(home.path(), "journal.jsonl"), home.journal_text());
    assert!(home.ok(&["sync", "--status"]).contains("`nudge sync --init URL`"));
    // Later there is one.
    let remote = Remote::new();
    assert!(home.ok(&["sync", "--init", &remote.url()]).contains("2 entries sent."));
    let call = home.run(&["sync", "--init", "/elsewhere.git"]);
    is_refused(&Call { out: String::new(), ..call }, "is at `", "remote set-url origin URL");
    assert!(home.ok(&["sync", "--init", &remote.url()]).contains("In step"));
    // Of several the one is taken that is set, else `origin`.
    git(home.path(), &["remote", "rename", "origin", "one"]);
    git(home.path(), &["remote", "add", "two", "/nowhere"]);
    assert!(home.ok(&["sync"]).contains("In step"));
    git(home.path(), &["config", "--unset", "branch.main.remote"]);
    refused(&home, "there are several remotes: one, two", "branch.main.remote one");
    git(home.path(), &["config", "branch.main.remote", "one"]);
    assert!(home.ok(&["sync"]).contains("In step"));
}

#[test]
fn where_the_remote_can_not_be_reached() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    let away = remote.path().with_extension("away");
    fs::rename(remote.path(), &away).unwrap();
    // As a disk that is not there now: no failure while nothing waits.
    let said = home.ok(&["sync"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("There is no repository at") && said.contains("Nothing waits to be sent."), "{said}");
    home.ok(&["done", "-c", "tone"]);
    refused(&home, "there is no repository at", "1 entry waits to be sent, and kept here");
    assert_eq!(committed(home.path(), "journal.jsonl"), home.journal_text());
    fs::rename(&away, remote.path()).unwrap();
    assert!(home.ok(&["sync"]).contains("1 entry sent."));
    // A port on which nobody listens, by each way.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    home.ok(&["done", "-c", "tone"]);
    for scheme in ["git", "http"] {
        git(home.path(), &["remote", "set-url", "origin", &format!("{scheme}://127.0.0.1:{port}/nudge.git")]);
        refused(
            &home,
            "could not reach `origin`: ",
            "1 entry waits to be sent, and kept here; `nudge sync` again later",
        );
    }
}

/// `git daemon` on the loopback, ended with the test.
struct Daemon {
    child: Child,
    port: u16,
}

impl Daemon {
    fn serving(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("git");
        command
            .args(["daemon", "--reuseaddr", "--listen=127.0.0.1", "--export-all", "--enable=receive-pack"])
            .args([format!("--port={port}"), format!("--base-path={}", folder.display())])
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let daemon = Self { child: command.spawn().unwrap(), port };
        let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        let mut tries = 0;
        while !listens() {
            tries += 1;
            assert!(tries < 1000, "git daemon does not listen");
            thread::sleep(std::time::Duration::from_millis(10));
        }
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It has a child that listens.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

#[test]
fn over_the_network() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let daemon = Daemon::serving(remote.path().parent().unwrap());
    let (a, b) = (Home::new(), Home::new());
    let url = format!("git://127.0.0.1:{}/nudge.git", daemon.port);
    for home in [&a, &b] {
        home.ok(&["done", "-c", "tone"]);
        home.ok(&["sync", "--init", &url]);
    }
    assert!(a.ok(&["sync"]).contains("1 entry from elsewhere."));
    assert_eq!(books(&a), books(&b));
    git(a.path(), &["remote", "set-url", "origin", &url.replace("nudge", "other")]);
    let call = a.run(&["sync"]);
    is_refused(&call, "or it is not open to you", "remote set-url origin URL");
}

/// A server that wants a password: nothing is asked, with and without a terminal.
#[test]
fn where_a_password_is_wanted() {
    if !*HAS_GIT {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://ada:secret@127.0.0.1:{}/nudge.git", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    let home = waiting(&Remote::new());
    git(home.path(), &["remote", "set-url", "origin", &url]);
    // A program that would open a window is not called either.
    let asked = home.path().join("asked");
    let askpass = home.path().join("askpass");
    executable(&askpass, &format!("#!/bin/sh\ntouch {}\necho x\n", asked.display()));
    for url in [url.clone(), url.replace("ada:secret@", "")] {
        git(home.path(), &["remote", "set-url", "origin", &url]);
        let mut command = home.command(&["sync"]);
        let command = command.env("SSH_ASKPASS", &askpass).env("GIT_ASKPASS", &askpass).env("DISPLAY", ":0");
        let call = Call::of(&command.output().unwrap());
        is_refused(
            &call,
            "`origin` does not know you: ",
            "1 entry waits to be sent, and kept here; `nudge sync --ask`",
        );
        assert!(!call.err.contains("secret"), "{call:?}");
    }
    assert!(!asked.exists());
}

/// ssh is the user's own, and asks nothing; what it says is told.
#[test]
fn where_ssh_does_not_get_through() {
    if !*HAS_GIT {
        return;
    }
    let home = waiting(&Remote::new());
    let asked = home.path().join("arguments");
    let ssh = home.path().join("my ssh");
    for (said, says) in [
        ("Host key verification failed.", "`origin` does not know you: Host key verification failed"),
        (
            "git@example.org: Permission denied (publickey).",
            "does not know you: git@example.org: Permission denied (publickey)",
        ),
        (
            "ssh: Could not resolve hostname example.org: Name or service not known",
            "could not reach `origin`: ssh: Could not resolve hostname",
        ),
    ] {
        executable(&ssh, &format!("#!/bin/sh\necho \"$@\" > '{}'\necho '{said}' >&2\nexit 255\n", asked.display()));
        git(home.path(), &["remote", "set-url", "origin", "git@example.org:me/nudge.git"]);
        for (variable, value) in
            [("GIT_SSH_COMMAND", format!("'{}' -i key", ssh.display())), ("GIT_SSH", ssh.display().to_string())]
        {
            let call = Call::of(&home.command(&["sync"]).env(variable, value).output().unwrap());
            is_refused(&call, says, "1 entry waits to be sent");
            assert!(fs::read_to_string(&asked).unwrap().contains("-o BatchMode=yes"));
        }
        git(home.path(), &["config", "core.sshCommand", &format!("'{}'", ssh.display())]);
        is_refused(&home.run(&["sync"]), says, "1 entry waits to be sent");
        git(home.path(), &["config", "--unset", "core.sshCommand"]);
    }
    // With `--ask` it is called as it is.
    home.run(&["sync", "--ask"]);
    let mut command = home.command(&["sync", "--ask"]);
    let call = Call::of(&command.env("GIT_SSH", &ssh).output().unwrap());
    assert!(call.code == Some(1) && call.err.contains("Could not resolve hostname"), "{call:?}");
    assert!(!fs::read_to_string(&asked).unwrap().contains("BatchMode"));
}

#[test]
fn where_something_is_under_way() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = waiting(&remote);
    home.ok(&["sync"]);
    home.ok(&["done", "-c", "tone"]);
    let head = git(home.path(), &["rev-parse", "HEAD"]);
    git(home.path(), &["checkout", "-q", "--detach"]);
    refused(&home, "is on no branch, so nothing was exchanged", "switch main");
    home.write(".git/REBASE_HEAD", &head);
    refused(&home, "in the middle of a rebase", "switch main");
    fs::remove_file(home.path().join(".git/REBASE_HEAD")).unwrap();
    git(home.path(), &["symbolic-ref", "HEAD", "refs/heads/main"]);
    for (name, what) in [("MERGE_HEAD", "merge"), ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert")] {
        home.write(&format!(".git/{name}"), &head);
        refused(&home, &format!("a {what} is under way"), &format!("{what} --abort`"));
        fs::remove_file(home.path().join(".git").join(name)).unwrap();
    }
    assert_eq!(git(home.path(), &["rev-parse", "HEAD"]), head);
    // A rebase as git leaves it.
    let clone = remote.clone_by_hand();
    for (number, text) in ["a\n", "b\n"].into_iter().enumerate() {
        git(&clone, &["checkout", "-qB", &format!("x{number}"), "origin/main"]);
        fs::write(clone.join("notes"), text).unwrap();
        git(&clone, &["add", "-A"]);
        git(&clone, &["commit", "-qm", text]);
    }
    assert!(!crate::sync::git_command(&clone, &["rebase", "-q", "x0"]).output().unwrap().status.success());
    let call = Call::of(&home.command(&["sync"]).env("NUDGE_DIR", &clone).output().unwrap());
    is_refused(&call, "in the middle of a rebase", "git -C");
    // Over an index that somebody holds the way leads past.
    home.write(".git/index.lock", "");
    assert!(home.ok(&["sync"]).contains("1 entry sent."));
    assert!(home.path().join(".git/index.lock").exists());
}

/// Whatever git is set up to do at a commit and a push is for what its user commits.
#[test]
fn settings_that_would_stop_a_commit_stop_nothing() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = waiting(&remote);
    for hook in ["pre-push", "pre-commit", "commit-msg", "reference-transaction", "post-commit", "pre-auto-gc"] {
        executable(&home.path().join(".git/hooks").join(hook), "#!/bin/sh\nexit 1\n");
    }
    for (key, value) in [
        ("user.useConfigOnly", "true"),
        ("commit.gpgSign", "true"),
        ("push.gpgSign", "false"),
        ("user.signingKey", "nobody"),
        ("gpg.program", "false"),
        ("core.autocrlf", "true"),
        ("push.default", "nothing"),
        ("pull.ff", "only"),
        ("fetch.prune", "true"),
        ("commit.template", "/nowhere"),
        ("core.editor", "false"),
    ] {
        git(home.path(), &["config", key, value]);
    }
    assert!(home.ok(&["sync"]).contains("1 entry sent."));
    // Nobody is known here: the commit is nudge's. Where git knows who it is, it is theirs.
    let author = || git(&remote.path(), &["log", "-1", "--format=%an <%ae>", "main"]);
    assert_eq!(author(), "nudge <nudge@localhost>\n");
    git(home.path(), &["config", "user.name", "Ada"]);
    git(home.path(), &["config", "user.email", "ada@example.org"]);
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["sync"]);
    assert_eq!(author(), "Ada <ada@example.org>\n");
}

/// A hook of the user's runs us in its own repository's environment.
#[test]
fn what_another_git_left_in_the_environment_is_not_heeded() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = waiting(&remote);
    let other = tempfile::tempdir().unwrap();
    git(other.path(), &["init", "-q"]);
    let mut command = home.command(&["sync"]);
    let dir = other.path().join(".git");
    command
        .env("GIT_DIR", &dir)
        .env("GIT_WORK_TREE", other.path())
        .env("GIT_INDEX_FILE", dir.join("index"))
        .env("GIT_OBJECT_DIRECTORY", dir.join("objects"))
        .env("GIT_PREFIX", "x/")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.bare")
        .env("GIT_CONFIG_VALUE_0", "true")
        .env("LC_ALL", "de_DE.UTF-8")
        .env("LANGUAGE", "de");
    let call = Call::of(&command.output().unwrap());
    assert!(call.code == Some(0) && call.out.contains("1 entry sent."), "{call:?}");
    assert_eq!(git(other.path(), &["for-each-ref"]), "");
    assert_eq!(committed(&remote.path(), "journal.jsonl"), home.journal_text());
}

#[test]
fn repositories_of_other_kinds() {
    if !*HAS_GIT {
        return;
    }
    // Longer ids.
    let remote = Remote::with(&["-b", "main", "--object-format=sha256"]);
    let (a, b) = (waiting(&remote), Home::new());
    a.ok(&["sync"]);
    b.ok(&["sync", "--init", &remote.url()]);
    assert_eq!(git(b.path(), &["rev-parse", "HEAD"]).trim().len(), 64);
    b.ok(&["done", "-c", "tone"]);
    b.ok(&["sync"]);
    a.ok(&["sync"]);
    assert_eq!(books(&a), books(&b));
    let c = Home::new();
    git(c.path(), &["init", "-q", "-b", "main", "--object-format=sha1"]);
    let call = c.run(&["sync", "--init", &remote.url()]);
    assert!(call.code == Some(1) && call.err.contains("mismatched algorithms: client sha1; server sha256"), "{call:?}");
    // `.git` is a file: kept elsewhere, and a second work tree.
    let remote = Remote::new();
    let kept = tempfile::tempdir().unwrap();
    let a = Home::new();
    git(a.path(), &["init", "-q", "-b", "main", "--separate-git-dir", kept.path().join("git").to_str().unwrap()]);
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync", "--init", &remote.url()]);
    assert!(a.path().join(".git").is_file());
    let tree = kept.path().join("tree");
    git(a.path(), &["worktree", "add", "-q", tree.to_str().unwrap(), "-b", "other"]);
    let run = |args: &[&str]| Call::of(&a.command(args).env("NUDGE_DIR", &tree).output().unwrap());
    assert_eq!(run(&["done", "-c", "names"]).code, Some(0));
    let call = run(&["sync"]);
    assert!(call.code == Some(0) && call.out.contains("1 entry sent."), "{call:?}");
    assert!(a.ok(&["sync"]).contains("1 entry from elsewhere."));
    assert_eq!(fs::read_to_string(tree.join("journal.jsonl")).unwrap(), a.journal_text());
    // Shallow.
    let c = Home::new();
    git(c.path(), &["clone", "-q", "--depth=1", &format!("file://{}", remote.url()), "."]);
    c.ok(&["done", "-c", "tone"]);
    assert!(c.ok(&["sync"]).contains("1 entry sent."));
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync"]);
    c.ok(&["sync"]);
    assert_eq!(books(&a), books(&c));
    // A bare one is no place for a journal.
    let bare = Home::new();
    git(bare.path(), &["init", "-q", "--bare"]);
    refused(&bare, "is a bare repository", "nudge sync --init URL");
}

#[test]
fn branches_of_other_names() {
    if !*HAS_GIT {
        return;
    }
    // The remote's main branch, where ours has another name.
    let remote = Remote::with(&["-b", "trunk"]);
    remote.commit_by_hand(&[("README.md", "mine\n")], "trunk");
    let (a, b) = (machine(&remote), machine(&remote));
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync"]);
    assert!(b.ok(&["sync"]).contains("1 entry from elsewhere."));
    assert_eq!(git(&remote.path(), &["for-each-ref", "--format=%(refname)"]), "refs/heads/trunk\n");
    assert_eq!(git(&remote.path(), &["show", "trunk:README.md"]), "mine\n");
    assert_eq!(a.text(".git/config").matches("merge = refs/heads/trunk").count(), 1);
    // Several, and none that could be meant.
    let remote = Remote::new();
    for branch in ["one", "two"] {
        remote.commit_by_hand(&[("README.md", branch)], branch);
    }
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let call = home.run(&["sync", "--init", &remote.url()]);
    is_refused(
        &Call { out: String::new(), ..call },
        "has several branches, none of them `main`: one and two",
        "branch.main.merge refs/heads/one",
    );
    git(home.path(), &["config", "branch.main.remote", "origin"]);
    git(home.path(), &["config", "branch.main.merge", "refs/heads/two"]);
    assert!(home.ok(&["sync"]).contains("1 entry sent."));
    assert_eq!(git(&remote.path(), &["show", "two:journal.jsonl"]), home.journal_text());
}

/// A project that was named by mistake gets no private journal.
#[test]
fn a_remote_that_holds_other_things() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    remote.commit_by_hand(&[("main.c", "int main;\n"), ("README", "a project\n")], "main");
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let call = home.run(&["sync", "--init", &remote.url()]);
    is_refused(
        &Call { out: String::new(), ..call },
        "holds other things and no journal: `README` and `main.c`",
        "empty, private",
    );
    refused(&home, "holds other things", "remote set-url origin URL");
    assert_eq!(git(&remote.path(), &["ls-tree", "--name-only", "main"]), "README\nmain.c\n");
    // Who means it joins them by hand.
    git(home.path(), &["add", ".gitattributes", "journal.jsonl"]);
    git(home.path(), &["commit", "-qm", "mine"]);
    git(home.path(), &["pull", "-q", "--no-rebase", "--allow-unrelated-histories", "origin", "main"]);
    home.ok(&["sync"]);
    assert_eq!(
        git(&remote.path(), &["ls-tree", "--name-only", "main"]),
        ".gitattributes\nREADME\njournal.jsonl\nmain.c\n"
    );
}

/// Root's git trusts what root owns.
#[test]
fn where_git_does_not_trust_the_owner() {
    if !*HAS_GIT {
        return;
    }
    if Command::new("id").arg("-u").output().unwrap().stdout != b"0\n" {
        eprintln!("not root: a repository of somebody else's is not tried");
        return;
    }
    let remote = Remote::new();
    let home = waiting(&remote);
    let chown = |path: &Path, owner: &str| {
        assert!(Command::new("chown").args(["-R", owner]).arg(path).status().unwrap().success());
    };
    chown(home.path(), "65534");
    let call = refused(&home, "git doesn't trust the repository", "git config --global --add safe.directory");
    assert!(call.err.contains(home.path().file_name().unwrap().to_str().unwrap()), "{call:?}");
    chown(home.path(), "0");
    chown(&remote.path(), "65534");
    refused(&home, "git doesn't trust the repository at", "git config --global --add safe.directory");
    chown(&remote.path(), "0");
    assert!(home.ok(&["sync"]).contains("1 entry sent."));
}

#[test]
fn filters_are_refused() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = waiting(&remote);
    for filter in ["lfs", "git-crypt"] {
        home.write(".gitattributes", format!("*.jsonl filter={filter} diff={filter} -text\n"));
        refused(&home, &format!("through the filter `{filter}`"), ".gitattributes");
    }
    assert_eq!(git(&remote.path(), &["for-each-ref"]), "");
    fs::remove_file(home.path().join(".gitattributes")).unwrap();
    home.ok(&["sync"]);
    // A pointer that came from elsewhere is no journal.
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    remote.commit_by_hand(&[("journal.jsonl", pointer)], "main");
    refused(&home, "through the filter `lfs`", "nothing was exchanged");
}

#[test]
fn remotes_that_take_nothing() {
    if !*HAS_GIT {
        return;
    }
    // The folder of another machine itself.
    let (a, b) = (Home::new(), Home::new());
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync", "--init"]);
    b.ok(&["done", "-c", "names"]);
    let call = b.run(&["sync", "--init", a.path().to_str().unwrap()]);
    assert!(call.code == Some(1) && call.err.contains("is a folder that somebody works in"), "{call:?}");
    assert!(b.journal_text().lines().count() == 2 && a.journal_text().lines().count() == 1);
    // One with a rule of its own.
    let remote = Remote::new();
    let home = waiting(&remote);
    executable(&remote.path().join("hooks/pre-receive"), "#!/bin/sh\necho not today >&2\nexit 1\n");
    refused(
        &home,
        "could not exchange with `origin`: `main` was refused there: pre-receive hook declined",
        "1 entry waits to be sent",
    );
    assert_eq!(home.json(&["sync", "--status"])["waiting"], 1);
    // What comes is here all the same, and said.
    let other = machine(&Remote::new());
    other.ok(&["done", "-c", "names"]);
    fs::rename(remote.path().join("hooks/pre-receive"), remote.path().join("away")).unwrap();
    git(other.path(), &["remote", "set-url", "origin", &remote.url()]);
    other.ok(&["sync"]);
    fs::rename(remote.path().join("away"), remote.path().join("hooks/pre-receive")).unwrap();
    let call = home.run(&["sync"]);
    assert!(call.code == Some(1) && call.out.contains("1 entry from elsewhere."), "{call:?}");
    fs::remove_file(remote.path().join("hooks/pre-receive")).unwrap();
    assert!(home.ok(&["sync"]).contains("1 entry sent."));
}

/// Whoever pulls by hand: conflict markers, the order of `merge=union`, a history that was written anew.
#[test]
fn what_others_do_by_hand_is_put_in_order() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let a = machine(&remote);
    a.write("journal.jsonl", done("b"));
    a.ok(&["sync"]);
    let clone = remote.clone_by_hand();
    fs::write(clone.join("journal.jsonl"), done("c") + &done("b") + &done("a")).unwrap();
    git(&clone, &["commit", "-qam", "in no order"]);
    git(&clone, &["push", "-q"]);
    a.ok(&["sync"]);
    assert_eq!(a.journal_text(), [done("a"), done("b"), done("c")].concat());
    assert_eq!(committed(&remote.path(), "journal.jsonl"), a.journal_text());
    // Diverged, where `git pull` would ask how.
    git(&clone, &["pull", "-q"]);
    fs::write(clone.join("journal.jsonl"), a.journal_text() + &done("e")).unwrap();
    git(&clone, &["commit", "-qam", "more"]);
    git(&clone, &["push", "-q"]);
    a.write("journal.jsonl", a.journal_text() + &done("d"));
    a.ok(&["sync"]);
    assert_eq!(a.journal_text(), ["a", "b", "c", "d", "e"].map(done).concat());
    // The remote's history is thrown away, and one that holds less takes its place.
    git(&clone, &["checkout", "-q", "--orphan", "new"]);
    fs::write(clone.join("journal.jsonl"), done("f")).unwrap();
    git(&clone, &["add", "-A"]);
    git(&clone, &["commit", "-qm", "anew"]);
    git(&clone, &["push", "-qf", "origin", "HEAD:main"]);
    a.ok(&["sync"]);
    assert_eq!(a.journal_text(), ["a", "b", "c", "d", "e", "f"].map(done).concat());
    assert_eq!(committed(&remote.path(), "journal.jsonl"), a.journal_text());
    // Taken away there, it is still here.
    git(&clone, &["fetch", "-q"]);
    git(&clone, &["reset", "-q", "--hard", "origin/main"]);
    git(&clone, &["rm", "-q", "journal.jsonl"]);
    git(&clone, &["commit", "-qm", "away"]);
    git(&clone, &["push", "-q", "origin", "HEAD:main"]);
    a.ok(&["sync"]);
    assert_eq!(committed(&remote.path(), "journal.jsonl"), a.journal_text());
}

/// What a formatter made of the journal elsewhere would come here as lines that are no events.
#[test]
fn a_book_in_another_shape_that_comes_from_elsewhere_is_refused() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    home.write("journal.jsonl", done("a"));
    home.ok(&["sync"]);
    let clone = remote.clone_by_hand();
    let spread = (done("a") + &done("b")).replace(',', ",\n  ").replace('{', "{\n  ");
    fs::write(clone.join("journal.jsonl"), &spread).unwrap();
    git(&clone, &["commit", "-qam", "formatted"]);
    git(&clone, &["push", "-q"]);
    refused(&home, "`journal.jsonl` came from elsewhere and is not one event a line", "nudge doctor --fix");
    let elsewhere = |args: &[&str]| Call::of(&home.command(args).env("NUDGE_DIR", &clone).output().unwrap());
    elsewhere(&["doctor", "--fix"]);
    assert_eq!(elsewhere(&["sync"]).code, Some(0));
    home.ok(&["sync"]);
    assert_eq!(home.journal_text(), done("a") + &done("b"));
}

/// Two versions of one event: one counts, the other is kept beside the book.
#[test]
fn another_version_of_an_event_is_kept_beside() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    let other = done("x").replace("\"note\":\"x\"", "\"note\":\"y\"");
    a.write("journal.jsonl", done("x"));
    b.write("journal.jsonl", &other);
    a.ok(&["sync"]);
    let call = b.run(&["sync"]);
    assert!(call.code == Some(0) && call.err.contains("1 event has another version"), "{call:?}");
    a.run(&["sync"]);
    assert_eq!(books(&a), books(&b));
    assert_eq!((b.text("journal.jsonl.rejected"), a.text("journal.jsonl.rejected")), (other, String::new()));
}
