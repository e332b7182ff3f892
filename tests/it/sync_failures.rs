//! What can stand in the way of an exchange: each with its sentence, its exit code, and nothing gone.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::home::{Call, Home};
use crate::sync::{HAS_GIT, Remote, books, committed, git, machine};

/// A sync that has to fail with these words and a hint; the journal stays as it was.
#[track_caller]
pub fn refused(home: &Home, says: &str, hint: &str) -> Call {
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
pub fn is_refused(call: &Call, says: &str, hint: &str) {
    assert_eq!((call.code, call.out.as_str()), (Some(1), ""), "{call:?}");
    assert!(call.err.starts_with("error: ") && call.err.contains(says), "{says}: {call:?}");
    assert!(call.err.contains("\n\nhint: ") && call.err.contains(hint), "{hint}: {call:?}");
    for odd in ["fatal:", "lost"] {
        assert!(!call.err.contains(odd), "{call:?}");
    }
}

/// A machine with an entry that waits.
pub fn waiting(remote: &Remote) -> Home {
    let home = machine(remote);
    home.ok(&["done", "-c", "tone", "-m", "waits"]);
    home
}

pub fn executable(path: &Path, script: &str) {
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

/// A first address with a typing error in it, one that can't be reached and one of a project are no hindrance.
#[test]
fn where_the_first_address_was_a_wrong_one() {
    if !*HAS_GIT {
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (remote, project) = (Remote::new(), Remote::new());
    project.commit_by_hand(&[("main.c", "int main;\n")], "main");
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let wrong = [
        format!("{}x", remote.url()),
        format!("git://ada@127.0.0.1:{port}/nudge.git"),
        format!("http://ada:secret@127.0.0.1:{port}/nudge.git"),
        project.url(),
    ];
    for url in &wrong {
        let call = home.run(&["sync", "--init", url]);
        assert!(call.code == Some(1) && !call.err.contains("already") && !call.out.contains("secret"), "{call:?}");
        assert_eq!(git(home.path(), &["remote", "get-url", "origin"]).trim(), url);
    }
    let said = home.ok(&["sync", "--init", &remote.url()]).split_whitespace().collect::<Vec<_>>().join(" ");
    let replaced =
        format!("Nothing had been exchanged with `{}` yet, so `{}` takes its place.", project.url(), remote.url());
    assert!(said.contains(&replaced) && said.contains("1 entry sent."), "{said}");
    assert!(!git(home.path(), &["ls-tree", "-r", "--name-only", "main"]).contains("main.c"));
    // From then on it is moved on purpose only: what was exchanged, by hand too, is not forgotten by a slip.
    let clone = Home::new();
    git(clone.path(), &["clone", "-q", &remote.url(), "."]);
    for home in [&home, &clone] {
        let call = home.run(&["sync", "--init", &wrong[0]]);
        is_refused(&Call { out: String::new(), ..call }, "already", "remote set-url origin URL");
    }
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
    refused(
        &home,
        "there is no repository at",
        "1 entry is kept here, waiting to be sent. If its disk is away, run `nudge sync` again once it is back. To make",
    );
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
            &format!("could not reach `{scheme}://127.0.0.1:{port}/nudge.git`: "),
            "1 entry is kept here, waiting to be sent. Run `nudge sync` again later",
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
            &format!("`{}` does not know you: ", url.replace("ada:secret@", "")),
            "1 entry is kept here, waiting to be sent. `nudge sync --ask`",
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
        (
            "Host key verification failed.",
            "`git@example.org:me/nudge.git` does not know you: Host key verification failed",
        ),
        (
            "git@example.org: Permission denied (publickey).",
            "does not know you: git@example.org: Permission denied (publickey)",
        ),
        (
            "ssh: Could not resolve hostname example.org: Name or service not known",
            "could not reach `git@example.org:me/nudge.git`: ssh: Could not resolve hostname",
        ),
    ] {
        executable(&ssh, &format!("#!/bin/sh\necho \"$@\" > '{}'\necho '{said}' >&2\nexit 255\n", asked.display()));
        git(home.path(), &["remote", "set-url", "origin", "git@example.org:me/nudge.git"]);
        for (variable, value) in
            [("GIT_SSH_COMMAND", format!("'{}' -i key", ssh.display())), ("GIT_SSH", ssh.display().to_string())]
        {
            let call = Call::of(&home.command(&["sync"]).env(variable, value).output().unwrap());
            is_refused(&call, says, "1 entry is kept here, waiting to be sent");
            assert!(fs::read_to_string(&asked).unwrap().contains("-o BatchMode=yes"));
        }
        git(home.path(), &["config", "core.sshCommand", &format!("'{}'", ssh.display())]);
        is_refused(&home.run(&["sync"]), says, "1 entry is kept here, waiting to be sent");
        git(home.path(), &["config", "--unset", "core.sshCommand"]);
    }
    // With `--ask` it is called as it is.
    home.run(&["sync", "--ask"]);
    let mut command = home.command(&["sync", "--ask"]);
    let call = Call::of(&command.env("GIT_SSH", &ssh).output().unwrap());
    assert!(call.code == Some(1) && call.err.contains("Could not resolve hostname"), "{call:?}");
    assert!(!fs::read_to_string(&asked).unwrap().contains("BatchMode"));
}

/// `git push -u URL` leaves the address where the name of a remote belongs.
#[test]
fn where_the_remote_has_no_name() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = waiting(&remote);
    for has_origin in [true, false] {
        git(home.path(), &["config", "branch.main.remote", "https://ada:secret@127.0.0.1:1/x.git"]);
        if !has_origin {
            git(home.path(), &["remote", "remove", "origin"]);
        }
        let call = refused(&home, "`main` is set to `https://127.0.0.1:1/x.git`, which is not the name", "origin`");
        let calls = [call, home.run(&["sync", "--status"]), home.run(&["doctor"])];
        for call in &calls {
            assert!(!call.err.contains("secret") && !call.out.contains("secret"), "{call:?}");
        }
        for command in calls[0].err.split('`').filter(|part| part.starts_with("git -C")) {
            let command = command.replace("URL", &remote.url());
            assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success(), "{command}");
        }
        home.ok(&["sync"]);
    }
}

/// With `--ask` what git says is read too, and shown.
#[test]
fn where_git_may_ask() {
    if !*HAS_GIT {
        return;
    }
    // A remote that is empty yet, and one whose branch has another name.
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let call = home.run(&["sync", "--ask", "--init", &Remote::new().url()]);
    assert!(call.code == Some(0) && call.out.contains("1 entry sent.") && call.err.is_empty(), "{call:?}");
    let remote = Remote::with(&["-b", "trunk"]);
    remote.commit_by_hand(&[("README.md", "mine\n")], "trunk");
    let home = waiting(&remote);
    let call = home.run(&["sync", "--ask"]);
    assert!(call.code == Some(0) && call.out.contains("1 entry sent.") && call.err.is_empty(), "{call:?}");
    // What ssh says is there to be read.
    let ssh = home.path().join("ssh");
    executable(&ssh, "#!/bin/sh\necho 'touch your key' >&2\necho 'x: Permission denied (publickey).' >&2\nexit 255\n");
    git(home.path(), &["remote", "set-url", "origin", "git@example.org:me/nudge.git"]);
    home.ok(&["done", "-c", "tone"]);
    let call = Call::of(&home.command(&["sync", "--ask"]).env("GIT_SSH", &ssh).output().unwrap());
    assert!(call.code == Some(1) && call.err.starts_with("touch your key\n"), "{call:?}");
    assert!(call.err.contains("error: could not exchange with ") && call.err.contains("1 entry"), "{call:?}");
    assert!(!call.err.contains("sync --ask"), "{call:?}");
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
    git(home.path(), &["branch", "-m", "main", "master"]);
    let call = refused(&home, "is on no branch, so nothing was exchanged", "switch master`");
    assert!(home.run(&["doctor"]).out.contains("switch master"));
    let command = call.err.split('`').find(|part| part.contains(" switch ")).unwrap();
    assert!(Command::new("sh").args(["-c", command]).output().unwrap().status.success(), "{command}");
    git(home.path(), &["branch", "-m", "master", "main"]);
    git(home.path(), &["checkout", "-q", "--detach"]);
    refused(&home, "is on no branch, so nothing was exchanged", "switch main`");
    home.write(".git/REBASE_HEAD", &head);
    refused(&home, "in the middle of a rebase", "rebase --abort`");
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
fn remotes_that_take_nothing() {
    if !*HAS_GIT {
        return;
    }
    // The folder of another machine itself.
    let (a, b) = (Home::new(), Home::new());
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync", "--init"]);
    b.ok(&["done", "-c", "names"]);
    let folder = a.path().to_str().unwrap();
    let call = b.run(&["sync", "--init", folder]);
    assert!(!call.out.contains("elsewhere") && !call.out.contains("In step"), "{call:?}");
    is_refused(
        &Call { out: String::new(), ..call },
        "is a folder that somebody works in",
        "a bare repository elsewhere",
    );
    // By each way to name it: nothing comes here, nothing goes there, and another one can be named.
    for url in [format!("{folder}/.git"), format!("file://{folder}"), folder.to_owned()] {
        let call = b.run(&["sync", "--init", &url]);
        is_refused(
            &Call { out: String::new(), ..call },
            "is a folder that somebody works in",
            "a bare repository elsewhere",
        );
        refused(&b, "is a folder that somebody works in", "a bare repository elsewhere");
        assert_eq!(git(b.path(), &["for-each-ref", "--format=%(refname)"]), "refs/heads/main\n");
    }
    assert!([&a, &b].iter().all(|home| home.journal_text().lines().count() == 1));
    assert!(b.ok(&["sync", "--init", &Remote::new().url()]).contains("1 entry sent."));
    // A project, whose files are not ours to have.
    let (project, c) = (tempfile::tempdir().unwrap(), Home::new());
    git(project.path(), &["init", "-q", "-b", "main"]);
    fs::write(project.path().join("README"), "a project\n").unwrap();
    git(project.path(), &["add", "README"]);
    git(project.path(), &["commit", "-qm", "first"]);
    let call = c.run(&["sync", "--init", project.path().to_str().unwrap()]);
    assert!(!call.out.contains("In step"), "{call:?}");
    is_refused(
        &Call { out: String::new(), ..call },
        "is a folder that somebody works in",
        "a bare repository elsewhere",
    );
    assert_eq!(git(c.path(), &["for-each-ref"]), "");
    // One with a rule of its own.
    let remote = Remote::new();
    let home = waiting(&remote);
    executable(&remote.path().join("hooks/pre-receive"), "#!/bin/sh\necho not today >&2\nexit 1\n");
    refused(
        &home,
        &format!("could not exchange with `{}`: `main` was refused there: pre-receive hook declined", remote.url()),
        "1 entry is kept here, waiting to be sent",
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
