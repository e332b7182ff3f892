//! Machines that exchange their books through a git remote: real repositories, real processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::home::{Call, Home};

/// Whether git is there.
pub static HAS_GIT: LazyLock<bool> = LazyLock::new(|| {
    let has = Command::new("git").arg("version").output().is_ok_and(|tried| tried.status.success());
    if !has {
        eprintln!("git is not here: what `nudge sync` does is not tried");
    }
    has
});

/// git in a folder, with nothing of the outer environment.
pub fn git_command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    command
}

/// A call of git that has to succeed; its output.
#[track_caller]
pub fn git(folder: &Path, args: &[&str]) -> String {
    let output = git_command(folder, args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A bare repository in a folder of its own, for the other side.
pub struct Remote {
    folder: TempDir,
}

impl Remote {
    pub fn new() -> Self {
        Self::with(&["-b", "main"])
    }

    pub fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &[&["init", "-q", "--bare", "nudge.git"], options].concat());
        Self { folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("nudge.git")
    }

    pub fn url(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    /// Another clone, made by git, that does with it whatever somebody does by hand.
    pub fn clone_by_hand(&self) -> PathBuf {
        let clone = self.folder.path().join(format!("clone-{}", fs::read_dir(self.folder.path()).unwrap().count()));
        git(self.folder.path(), &["clone", "-q", &self.url(), clone.to_str().unwrap()]);
        clone
    }

    /// Commits files by hand and pushes them.
    pub fn commit_by_hand(&self, files: &[(&str, &str)], branch: &str) -> PathBuf {
        let clone = self.clone_by_hand();
        git(&clone, &["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]);
        for (name, text) in files {
            fs::write(clone.join(name), text).unwrap();
        }
        git(&clone, &["add", "-A"]);
        git(&clone, &["commit", "-qm", "by hand"]);
        git(&clone, &["push", "-q", "origin", &format!("HEAD:{branch}")]);
        clone
    }
}

/// A machine that exchanges with a remote.
pub fn machine(remote: &Remote) -> Home {
    let home = Home::new();
    home.ok(&["sync", "--init", &remote.url()]);
    home
}

pub fn done(id: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"at\":\"2026-11-20T08:00:00+01:00\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{id}\"}}\n"
    )
}

pub fn books(home: &Home) -> [String; 2] {
    [home.journal_text(), home.text("plans.jsonl")]
}

/// What the branch of a repository holds of a file.
pub fn committed(folder: &Path, name: &str) -> String {
    git(folder, &["show", &format!("main:{name}")])
}

#[track_caller]
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn two_machines_have_one_journal() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (Home::new(), Home::new());
    a.seen(&["done", "-w", "Sam", "-m", "from a"]);
    let said = a.ok(&["sync", "--init", &remote.url()]);
    assert!(one_line(&said).contains("is a git repository now. 1 entry sent."), "{said}");
    // The other one had a life of its own before.
    b.ok(&["done", "-c", "tone", "-m", "from b"]);
    b.ok(&["rest", "--on", "2026-12-24"]);
    b.ok(&["remember", "Ada", "the move"]);
    let said = b.ok(&["sync", "--init", &remote.url()]);
    assert!(one_line(&said).contains("From elsewhere: 1 entry. Sent: 2 entries and 1 follow-up."), "{said}");
    let said = a.ok(&["sync"]);
    assert!(said.contains("2 entries and 1 follow-up from elsewhere."), "{said}");
    assert_eq!(books(&a), books(&b));
    assert_eq!(books(&a), ["journal.jsonl", "plans.jsonl"].map(|name| committed(&remote.path(), name)));
    for home in [&a, &b] {
        assert!(home.ok(&["sync"]).contains("In step: nothing new here or elsewhere."));
        assert_eq!(git(home.path(), &["status", "--porcelain"]), "");
        assert_eq!(home.text(".gitattributes"), "*.jsonl -text merge=union\n");
        let names = home.names();
        assert!(names.iter().all(|name| !name.contains("backup") && !name.contains("rejected")), "{names:?}");
    }
    // Both have the same commit, and what was before is in its history.
    let heads = [&a, &b].map(|home| git(home.path(), &["rev-parse", "HEAD"]));
    assert_eq!(heads[0], heads[1]);
    git(&remote.path(), &["fsck", "--strict"]);
    #[cfg(unix)]
    for home in [&a, &b] {
        assert_eq!((home.mode("synced"), home.mode("journal.jsonl"), home.mode(".git")), (0o600, 0o600, 0o700));
    }
    // What is taken back and corrected there is so here.
    a.ok(&["amend", "-m", "corrected"]);
    b.ok(&["undo"]);
    a.ok(&["sync"]);
    assert!(b.ok(&["sync"]).contains("From elsewhere: 1 correction. Sent: 1 correction."));
    assert!(a.ok(&["sync"]).contains("1 correction from elsewhere."));
    assert_eq!(books(&a), books(&b));
}

#[test]
fn what_a_script_reads() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    a.ok(&["done", "-c", "tone"]);
    let counts = |value: &serde_json::Value| ["received", "sent", "waiting"].map(|key| value[key].as_u64().unwrap());
    let status = a.json(&["sync", "--status"]);
    assert!(
        status["waiting"] == 1 && status["remote"] == remote.url().as_str() && status["branch"] == "main",
        "{status}"
    );
    assert_eq!(counts(&a.json(&["sync"])), [0, 1, 0]);
    b.ok(&["done", "-c", "names"]);
    assert_eq!(counts(&b.json(&["sync"])), [1, 1, 0]);
    assert_eq!(counts(&b.json(&["sync"])), [0, 0, 0]);
    // What waits is said, and that it could not be sent.
    fs::rename(remote.path(), remote.path().with_extension("away")).unwrap();
    b.ok(&["done", "-c", "names"]);
    let call = b.run(&["sync", "--json"]);
    assert_eq!((call.code, counts(&serde_json::from_str(&call.out).unwrap())), (Some(1), [0, 0, 1]));
    assert_eq!(a.json(&["sync"])["waiting"], 0);
    let status = b.ok(&["sync", "--status"]);
    assert!(
        status.contains("Last exchange: today, 12:00.") && status.contains("1 entry waits to be sent."),
        "{status}"
    );
}

/// Whoever sits at the machine is told what is another now.
#[test]
fn what_an_exchange_changes_is_named() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (mut a, b) = (machine(&remote), machine(&remote));
    b.ok(&["today", "-c", "tone"]);
    for day in ["2026-11-20", "2026-11-21"] {
        a.at(&format!("{day}T10:00:00+01:00"), &["done", "-c", "tone"]);
    }
    a.at("2026-11-22T10:00:00+01:00", &["remember", "Sam", "the move", "--on", "2026-11-22"]);
    a.ok(&["today", "-c", "names"]);
    a.ok(&["done"]);
    a.ok(&["sync"]);
    let said = one_line(&b.ok(&["sync"]));
    for part in [
        "3 entries and 1 follow-up from elsewhere.",
        "Today's prompt is another one now",
        "Your streak is 3 days now.",
        "Somebody to ask after today",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("Sam"), "{said}");
}

#[test]
fn a_clone_made_by_git_is_a_machine() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let a = machine(&remote);
    a.seen(&["done"]);
    a.ok(&["sync"]);
    // Made where line ends are changed on the way out: the attributes forbid it.
    let b = Home::new();
    git(b.path(), &["-c", "core.autocrlf=true", "clone", "-q", &remote.url(), "."]);
    git(b.path(), &["config", "core.autocrlf", "true"]);
    assert_eq!(b.journal_text(), a.journal_text());
    assert!(b.ok(&["sync"]).contains("In step"));
    b.ok(&["done", "-c", "tone"]);
    b.ok(&["sync"]);
    a.ok(&["sync"]);
    assert_eq!(books(&a), books(&b));
    assert!(!committed(&remote.path(), "journal.jsonl").contains('\r'));
    // One that somebody made without the attributes, so that git has changed the line ends.
    let c = Home::new();
    git(c.path(), &["init", "-q", "-b", "main"]);
    c.write("journal.jsonl", a.journal_text().replace('\n', "\r\n"));
    git(c.path(), &["config", "core.autocrlf", "true"]);
    git(c.path(), &["remote", "add", "origin", &remote.url()]);
    c.ok(&["sync"]);
    assert_eq!(books(&c), books(&a));
    assert!(a.ok(&["sync"]).contains("In step"));
    assert_eq!(git(c.path(), &["rev-list", "--count", "HEAD", "--not", "--remotes"]).trim(), "0");
}

/// A remote that git made before ours was there: its main branch has another name than the one that came.
#[test]
fn a_clone_of_a_remote_whose_main_branch_is_another_finds_the_right_one() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::with(&["-b", "master"]);
    let a = machine(&remote);
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync"]);
    let b = Home::new();
    git(b.path(), &["clone", "-q", &remote.url(), "."]);
    b.ok(&["done", "-c", "names"]);
    for _ in 0..2 {
        b.ok(&["sync"]);
        a.ok(&["sync"]);
    }
    assert_eq!(books(&a), books(&b));
    assert_eq!(git(&remote.path(), &["for-each-ref", "--format=%(refname)"]), "refs/heads/main\n");
    assert_eq!(books(&machine(&remote)), books(&a));
}

/// What was erased comes back from nowhere, and what still holds it is said.
#[test]
fn who_was_erased_stays_erased_everywhere() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b, c) = (machine(&remote), machine(&remote), machine(&remote));
    let by_hand = r#"{"day":"2026-11-19","event":"done","category":"tone","with":["Sam"]}"#;
    a.write("journal.jsonl", format!("{by_hand}\n"));
    a.ok(&["done", "-c", "tone", "-w", "Sam", "-m", "about Sam"]);
    a.ok(&["remember", "Sam", "the move"]);
    for home in [&a, &b, &c] {
        home.ok(&["sync"]);
    }
    assert!(c.journal_text().contains("Sam"));
    let said = one_line(&a.ok(&["people", "erase", "Sam", "--yes"]));
    assert!(said.contains(".git") && said.contains("`nudge sync`"), "{said}");
    // The others go on meanwhile, with the name in their files.
    b.ok(&["done", "-c", "names", "-m", "later"]);
    b.ok(&["sync"]);
    for home in [&a, &b, &c, &a] {
        let said = one_line(&home.ok(&["sync"]));
        let is_told = said.contains("A name was erased elsewhere, and is gone here too.");
        assert_eq!(is_told, home.path() != a.path(), "{said}");
    }
    for home in [&a, &b, &c] {
        assert!(!books(home).concat().contains("Sam"), "{:?}", books(home));
        assert_eq!(books(home), books(&a));
        assert!(home.names().iter().all(|name| !home.text(name).contains("Sam")), "{:?}", home.names());
    }
    assert!(a.journal_text().contains("later"));
    assert!(!committed(&remote.path(), "journal.jsonl").contains("Sam"));
}

/// The folder is the user's: whatever else lies in it, is staged or committed stays as it is.
#[test]
fn what_else_is_in_the_repository_is_not_touched() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync"]);
    b.ok(&["sync"]);
    for (name, text) in [("config.toml", "swaps = 2\n"), ("notes.md", "one\n"), ("loose.md", "loose\n")] {
        a.write(name, text);
    }
    git(a.path(), &["add", "config.toml", "notes.md"]);
    git(a.path(), &["commit", "-qm", "mine", "config.toml"]);
    a.write("config.toml", "swaps = 1\n");
    let config = a.text(".git/config");
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["sync"]);
    assert_eq!(git(a.path(), &["status", "--porcelain"]), " M config.toml\nA  notes.md\n?? loose.md\n");
    assert_eq!(a.text(".git/config"), config);
    assert!(git(&remote.path(), &["ls-tree", "--name-only", "main"]).ends_with("config.toml\njournal.jsonl\n"));
    // Elsewhere it is in the history, named, and not in the folder; a commit by hand takes nothing back.
    b.ok(&["done", "-c", "names"]);
    let said = b.ok(&["sync"]);
    let restore = said.lines().map(str::trim).find(|line| line.starts_with("git -C")).unwrap().to_owned();
    let said = one_line(&said);
    assert!(said.contains("`config.toml` is in the repository, but not in your folder. This puts it there:"), "{said}");
    assert_eq!(git(b.path(), &["status", "--porcelain"]), " D config.toml\n");
    git(b.path(), &["commit", "-q", "--allow-empty", "-m", "mine too"]);
    b.ok(&["sync"]);
    assert_eq!(committed(&remote.path(), "config.toml"), "swaps = 2\n");
    assert!(!b.names().contains(&"config.toml".to_owned()));
    assert!(Command::new("sh").args(["-c", &restore]).status().unwrap().success(), "{restore}");
    assert_eq!(b.text("config.toml"), "swaps = 2\n");
    a.ok(&["sync"]);
    // What is here and was changed elsewhere, and what was removed there.
    git(a.path(), &["commit", "-qm", "two", "notes.md"]);
    a.ok(&["sync"]);
    b.ok(&["sync"]);
    git(b.path(), &["restore", "notes.md"]);
    a.write("notes.md", "two\n");
    git(a.path(), &["commit", "-qm", "three", "notes.md"]);
    a.ok(&["sync"]);
    let said = one_line(&b.ok(&["sync"]));
    assert!(said.contains("Changed elsewhere, and left as it is here: `notes.md`."), "{said}");
    git(b.path(), &["restore", "notes.md"]);
    assert_eq!(b.text("notes.md"), "two\n");
    git(a.path(), &["rm", "-q", "--cached", "notes.md"]);
    git(a.path(), &["commit", "-qm", "away"]);
    a.ok(&["sync"]);
    let said = one_line(&b.ok(&["sync"]));
    assert!(
        said.contains("Removed elsewhere, and left as it is here: `notes.md`.") && !said.contains("restore"),
        "{said}"
    );
    assert_eq!(b.text("notes.md"), "two\n");
    assert_eq!(books(&a), books(&b));
    assert_eq!(a.text("config.toml"), "swaps = 1\n");
    // Changed in two ways: that is for its owner.
    for (home, swaps) in [(&a, "swaps = 1\n"), (&b, "swaps = 3\n")] {
        home.write("config.toml", swaps);
        git(home.path(), &["commit", "-qm", swaps, "config.toml"]);
    }
    a.ok(&["sync"]);
    b.ok(&["done", "-c", "tone"]);
    let call = b.run(&["sync"]);
    assert!(call.code == Some(1) && call.err.contains("`config.toml` was changed here and elsewhere"), "{call:?}");
    assert!(books(&b)[0].lines().count() > books(&a)[0].lines().count());
}

#[test]
fn a_book_that_is_gone_comes_back() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let a = machine(&remote);
    a.ok(&["done", "-c", "tone"]);
    a.ok(&["remember", "Sam", "the move"]);
    a.ok(&["sync"]);
    let before = books(&a);
    fs::remove_file(a.path().join("plans.jsonl")).unwrap();
    a.write("journal.jsonl", "");
    let said = a.ok(&["sync"]);
    assert!(said.contains("came back"), "{said}");
    assert_eq!(books(&a), before);
    assert!(a.ok(&["sync"]).contains("In step"));
}

/// The greeting has begun a new journal before the next sync, or an old copy was put back: the loss is not sent.
#[test]
fn entries_that_are_gone_come_back() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (mut a, b) = (machine(&remote), machine(&remote));
    let by_hand = "{\"day\":\"2026-11-19\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"by hand\"}\n";
    a.write("journal.jsonl", done("a") + by_hand + &done("b"));
    a.ok(&["sync"]);
    let full = a.journal_text();
    fs::remove_file(a.journal()).unwrap();
    a.now = "2026-11-23T08:00:00+01:00".to_owned();
    a.ok(&["today", "--once"]);
    assert_eq!(a.journal_text().lines().count(), 1);
    // Elsewhere something was logged meanwhile.
    b.ok(&["done", "-c", "tone", "-m", "elsewhere"]);
    b.ok(&["sync"]);
    let said = one_line(&a.ok(&["sync"]));
    assert!(said.contains("came back from the repository. 1 entry from elsewhere."), "{said}");
    for line in full.lines().chain(["elsewhere", "offered"]) {
        assert_eq!(committed(&remote.path(), "journal.jsonl").matches(line).count(), 1, "{line}");
    }
    assert_eq!(committed(&remote.path(), "journal.jsonl"), a.journal_text());
    // An old copy, and one entry more.
    a.write("journal.jsonl", done("a"));
    a.ok(&["done", "-c", "tone", "-m", "later"]);
    let said = one_line(&a.ok(&["sync"]));
    assert!(said.contains("came back from the repository. 1 entry sent."), "{said}");
    for line in full.lines().chain(["elsewhere", "later"]) {
        assert_eq!(committed(&remote.path(), "journal.jsonl").matches(line).count(), 1, "{line}");
    }
    // What was written by hand can be taken out by hand.
    a.write("journal.jsonl", a.journal_text().replace(by_hand, ""));
    assert!(!a.ok(&["sync"]).contains("came back"));
    b.ok(&["sync"]);
    assert_eq!(books(&a), books(&b));
    assert!(!books(&b)[0].contains("by hand"));
}

/// A book that is empty, and was so when it was committed, is not gone.
#[test]
fn an_empty_book_is_not_gone() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    a.write("plans.jsonl", "");
    for home in [&a, &b, &a] {
        home.ok(&["done", "-c", "tone"]);
        let said = home.ok(&["sync"]);
        assert!(!said.contains("came back"), "{said}");
    }
}

/// What can't be read travels as it is, and is gone everywhere once it was put aside on one machine.
#[test]
fn bad_lines_are_kept_until_they_are_put_aside() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    let newer = "{\"id\":\"n\",\"day\":\"2026-11-20\",\"event\":\"sung\"}";
    a.write("journal.jsonl", format!("{}<<<<<<< HEAD\n{newer}\n{}unfinished", done("a"), done("b")));
    let call = a.run(&["sync"]);
    assert_eq!(call.code, Some(0), "{call:?}");
    b.ok(&["done", "-c", "tone", "-m", "here"]);
    b.run(&["sync"]);
    for line in ["<<<<<<< HEAD", newer, "unfinished"] {
        assert_eq!(b.journal_text().lines().filter(|other| *other == line).count(), 1, "{line}");
    }
    let call = b.run(&["doctor"]);
    assert!(call.out.contains("a conflict marker"), "{call:?}");
    b.run(&["doctor", "--fix"]);
    b.ok(&["sync"]);
    a.run(&["sync"]);
    let call = b.run(&["sync"]);
    assert!(call.out.contains("In step"), "{call:?}");
    for home in [&a, &b] {
        assert!(
            !home.journal_text().contains("<<<<") && !home.journal_text().contains("unfinished"),
            "{home:?}",
            home = books(home)
        );
        assert!(home.journal_text().contains(newer) && home.journal_text().contains("here"));
    }
    assert_eq!(books(&a), books(&b));
}

#[test]
fn a_book_in_another_shape_is_not_carried() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let a = machine(&remote);
    let spread = done("a").replace(',', ",\n  ").replace('{', "{\n  ");
    a.write("journal.jsonl", &spread);
    let call = a.run(&["sync"]);
    assert!(
        call.code == Some(1) && call.err.contains("is not one event a line") && call.err.contains("doctor --fix"),
        "{call:?}"
    );
    assert_eq!(a.journal_text(), spread);
    a.run(&["doctor", "--fix"]);
    assert!(a.ok(&["sync"]).contains("1 entry sent."));
}

#[cfg(unix)]
#[test]
fn a_linked_book_is_carried_and_stays_a_link() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    let elsewhere = tempfile::tempdir().unwrap();
    let real = elsewhere.path().join("mine.jsonl");
    fs::write(&real, done("a")).unwrap();
    std::os::unix::fs::symlink(&real, a.journal()).unwrap();
    a.ok(&["sync"]);
    b.ok(&["done", "-c", "tone"]);
    b.ok(&["sync"]);
    a.ok(&["sync"]);
    assert!(fs::symlink_metadata(a.journal()).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), b.journal_text());
    // A link that somebody committed is no book, and its target's name no line of one.
    let clone = remote.clone_by_hand();
    fs::remove_file(clone.join("journal.jsonl")).unwrap();
    std::os::unix::fs::symlink("/somewhere", clone.join("journal.jsonl")).unwrap();
    git(&clone, &["commit", "-qam", "a link"]);
    git(&clone, &["push", "-q"]);
    let before = books(&b);
    b.ok(&["sync"]);
    assert_eq!(books(&b), before);
    assert_eq!(committed(&remote.path(), "journal.jsonl"), before[0]);
    // A missing disk is not an empty journal.
    fs::remove_file(&real).unwrap();
    let call = a.run(&["sync"]);
    assert!(call.code == Some(1) && call.err.contains("which is not there"), "{call:?}");
    assert_eq!(committed(&remote.path(), "journal.jsonl"), before[0]);
}

#[test]
fn the_doctor_looks_at_the_repository() {
    if !*HAS_GIT {
        return;
    }
    let a = Home::new();
    #[cfg(unix)]
    a.set_mode(".", 0o700);
    a.ok(&["done", "-c", "tone"]);
    assert!(!a.ok(&["doctor"]).contains(".git"));
    a.ok(&["sync", "--init"]);
    let said = one_line(&a.ok(&["doctor"]));
    assert!(said.contains("it has no remote") && said.contains("All is well."), "{said}");
    let remote = Remote::new();
    git(a.path(), &["remote", "add", "origin", &remote.url()]);
    assert!(one_line(&a.ok(&["doctor"])).contains("nothing has been exchanged yet"));
    a.ok(&["sync"]);
    let said = one_line(&a.ok(&["doctor"]));
    assert!(!said.contains("exchanged yet") && !said.contains("private"), "{said}");
    git(a.path(), &["remote", "set-url", "origin", "https://me:secret@example.org/nudge.git"]);
    let said = one_line(&a.ok(&["doctor"]));
    assert!(said.contains("whether `https://example.org/nudge.git` is private can't be seen from here"), "{said}");
    a.write(".gitattributes", "*.jsonl filter=lfs\n");
    a.write(".git/MERGE_HEAD", git(a.path(), &["rev-parse", "HEAD"]));
    let call = a.run(&["doctor"]);
    assert!(
        call.code == Some(1) && call.out.contains("filter `lfs`") && call.out.contains("a merge is under way"),
        "{call:?}"
    );
    // Without git there is nothing to say.
    let mut command = a.command(&["doctor"]);
    let call = Call::of(&command.env("PATH", "/nowhere").output().unwrap());
    assert!(!call.out.contains("filter"), "{call:?}");
}
