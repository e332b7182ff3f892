//! Repositories of every kind, and what their owners do with them by hand.

use std::fs;
use std::process::Command;

use crate::home::{Call, Home};
use crate::sync::{HAS_GIT, Remote, books, committed, done, git, machine};
use crate::sync_failures::{executable, is_refused, refused, waiting};

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

/// Whatever names come from elsewhere: a command with one in it does with that file what is said, and nothing else.
#[test]
fn names_from_elsewhere_are_quoted_where_they_are_to_be_pasted() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["sync"]);
    for name in ["z$(touch PWN) and words that do not fit on a line.txt", "b*.txt", ":c.txt", "-d", "it's `e`"] {
        remote.commit_by_hand(&[(name, "elsewhere\n")], "main");
        let said = home.ok(&["sync"]);
        let command = said.lines().map(str::trim).find(|line| line.starts_with("git -C")).unwrap();
        let outside = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh");
        assert!(shell.args(["-c", command]).current_dir(outside.path()).status().unwrap().success(), "{command}");
        assert_eq!(home.text(name), "elsewhere\n");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "{command}");
    }
    // Branches, too.
    let remote = Remote::new();
    for branch in ["$(touch${IFS}PWN)", "two"] {
        remote.commit_by_hand(&[("README.md", branch)], branch);
    }
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let call = home.run(&["sync", "--init", &remote.url()]);
    assert!(call.err.contains("branch.main.merge 'refs/heads/$(touch${IFS}PWN)'`"), "{call:?}");
}

/// What the user has staged stays staged, whatever a file is called that changed elsewhere.
#[test]
fn a_name_that_is_a_pattern_unstages_nothing() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["sync"]);
    home.write("ab.txt", "mine\n");
    git(home.path(), &["add", "ab.txt"]);
    remote.commit_by_hand(&[("a*.txt", "elsewhere\n")], "main");
    home.ok(&["sync"]);
    assert_eq!(git(home.path(), &["status", "--porcelain"]), " D a*.txt\nA  ab.txt\n");
}

/// What git is to merge by hand can be merged by the command that is named, and then all goes on.
#[test]
fn a_file_that_was_changed_in_two_ways_is_merged_by_the_command_that_is_named() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (a, b) = (machine(&remote), machine(&remote));
    for (key, value) in [("user.name", "Ada"), ("user.email", "ada@example.org")] {
        git(b.path(), &["config", key, value]);
    }
    // At first both have a history of their own, and then one that they share.
    for round in 1..=2 {
        for (home, text) in [(&a, format!("a {round}\n")), (&b, format!("b {round}\n"))] {
            home.ok(&["done", "-c", "tone", "-m", text.trim()]);
            home.write("f", &text);
            git(home.path(), &["add", "f"]);
            git(home.path(), &["commit", "-qm", &text, "f"]);
        }
        a.ok(&["sync"]);
        let mut said = String::new();
        for _ in 0..2 {
            let call = b.run(&["sync"]);
            assert!(call.code == Some(1) && call.err.contains("`f` was changed here and elsewhere"), "{call:?}");
            assert_eq!(books(&b)[0].lines().count(), 2 * round);
            assert_eq!(git(b.path(), &["status", "--porcelain"]), "");
            said = call.err;
        }
        let command = said.split('`').find(|part| part.starts_with("git -C") && part.contains(" merge ")).unwrap();
        let merged = Command::new("sh").args(["-c", command]).output().unwrap();
        assert!(String::from_utf8_lossy(&merged.stdout).contains("Merge conflict in f"), "{command}: {merged:?}");
        b.write("f", "both\n");
        git(b.path(), &["commit", "-qam", "both"]);
        for home in [&b, &a] {
            home.ok(&["sync"]);
        }
        git(a.path(), &["restore", "f"]);
        assert_eq!(books(&a), books(&b));
        assert_eq!(books(&a)[0].lines().count(), 2 * round);
        assert_eq!(committed(&remote.path(), "f"), "both\n");
    }
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
