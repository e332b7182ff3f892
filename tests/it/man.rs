//! The manual pages: what checks and shows pages takes them as they are.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::home::Home;

/// All pages, in a folder where `man` looks for them.
fn pages() -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let section = folder.path().join("man1");
    let says = Home::new().ok(&["man", "--dir", section.to_str().unwrap()]);
    let mut pages: Vec<PathBuf> = std::fs::read_dir(section).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(pages.len() > 20 && says.starts_with(&format!("Wrote {} pages to `", pages.len())), "{says}");
    (folder, pages)
}

/// Runs a program on a page; `None`, which is said aloud, where it is not installed.
fn checked(program: &str, args: &[&str], page: &Path) -> Option<String> {
    let text = |Output { stdout, stderr, .. }: Output| {
        [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
    };
    match Command::new(program).args(args).arg(page).env("LC_ALL", "C.UTF-8").output() {
        Ok(output) => Some(text(output)),
        Err(_) => {
            eprintln!("{program} is not installed: the manual pages are not checked by it");
            None
        }
    }
}

#[test]
fn mandoc_and_groff_find_nothing_wrong() {
    let (_folder, pages) = pages();
    for page in &pages {
        if let Some(found) = checked("mandoc", &["-Tlint", "-Wstyle"], page) {
            // A sentence is a line, as nobody edits a page by hand.
            let mut wrong = found.lines().filter(|line| !line.contains("input text line longer than 80 bytes"));
            assert_eq!(wrong.next(), None, "{}", page.display());
        }
        if let Some(found) = checked("groff", &["-man", "-ww", "-Tutf8", "-z"], page) {
            assert_eq!(found, "", "{}", page.display());
        }
    }
}

#[test]
fn man_finds_and_shows_the_page_of_a_command() {
    let (folder, _) = pages();
    let man = |words: &[&str]| {
        let mut command = Command::new("man");
        command.args(words).env("MANPATH", folder.path()).env("MANPAGER", "cat").env("MANWIDTH", "80");
        command.env("LC_ALL", "C.UTF-8").env_remove("MANOPT").output()
    };
    let Ok(done) = man(&["nudge", "done"]) else {
        eprintln!("man is not installed: the manual pages are not looked up");
        return;
    };
    let found = String::from_utf8(done.stdout).unwrap();
    if found.contains("has been minimized") {
        eprintln!("man is a stand-in here: the manual pages are not looked up");
        return;
    }
    for (words, line) in [
        (&["nudge", "done"][..], "nudge-done - Log a completed gesture"),
        (&["nudge-catalogue-add"], "nudge catalogue add [OPTIONS]"),
        (&["nudge"], "nudge [OPTIONS] [COMMAND]"),
    ] {
        let output = man(words).unwrap();
        let (page, wrong) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(page.lines().any(|found| found.trim() == line) && wrong.is_empty(), "{words:?}: {page}{wrong}");
        // Version and date, in the order in which this man has them.
        assert!(page.contains(concat!("nudge ", env!("CARGO_PKG_VERSION"))) && page.contains("2026-"), "{page}");
    }
}

/// Examples keep their lines, and each page says what a script has to know.
#[test]
fn a_page_has_what_a_reader_looks_for() {
    let home = Home::new();
    let done = home.ok(&["man", "done"]);
    assert!(done.contains("\n.SH EXAMPLES\n.EX\nnudge done\nnudge done \\-w Sam \\-m \"he told me about the move\"\n"));
    assert!(done.contains("\\fBappreciation\\fR\nThanking people"), "{done}");
    assert!(home.ok(&["man"]).contains("~/.config/nudge/config.toml"));
    assert!(home.ok(&["man"]).contains("\\fBNUDGE_DIR\\fR"));
    assert!(home.ok(&["man", "catalogue", "add"]).contains(".TH NUDGE-CATALOGUE-ADD 1 "));
    for word in ["dune", "catalogue dune"] {
        let args: Vec<&str> = std::iter::once("man").chain(word.split(' ')).collect();
        let call = home.run(&args);
        assert_eq!(call.code, Some(2));
        assert_eq!(call.err, format!("error: `{word}` is not a command\n\nhint: `nudge -h` lists the commands\n"));
    }
}

/// A package is made where nobody has a journal.
#[test]
fn a_page_needs_none_of_the_users_files() {
    let home = Home::new();
    home.write("config.toml", "swaps = = 3\n");
    home.write("gestures.toml", "no\n");
    let expected = home.ok(&["man", "done"]);
    let mut bare = home.command(&["man", "done"]);
    bare.env("NUDGE_DIR", "relative").env("NUDGE_NOW", "never").env("NUDGE_SEED", "x");
    let output = bare.output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap()), (Some(0), expected));
    assert!(output.stderr.is_empty());
    assert_eq!(home.names(), ["config.toml", "gestures.toml"]);
    let call = home.run(&["man", "--dir", "/dev/null/man1"]);
    assert!(call.code == Some(1) && call.err.starts_with("error: can't create `/dev/null/man1`: "), "{call:?}");
}

/// Pages take the place of what has their names; where a link leads is somebody else's, and a pipe would never be read.
#[cfg(unix)]
#[test]
fn a_page_is_written_to_no_other_place_than_its_own() {
    let home = Home::new();
    let write = || home.run(&["man", "--dir", home.path().join("man1").to_str().unwrap()]);
    std::fs::create_dir(home.path().join("man1")).unwrap();
    home.write("own", "mine\n");
    let page = |name: &str| home.path().join("man1").join(name);
    for (target, name) in [("../own", "nudge-done.1"), ("gone", "nudge-week.1")] {
        std::os::unix::fs::symlink(target, page(name)).unwrap();
    }
    std::fs::write(page("nudge.1"), "old").unwrap();
    let call = write();
    assert!(call.code == Some(0) && home.text("own") == "mine\n", "{call:?}");
    for name in ["nudge-done.1", "nudge-week.1", "nudge.1"] {
        assert!(page(name).is_file() && !page(name).is_symlink(), "{name}");
        assert!(std::fs::read_to_string(page(name)).unwrap().contains("\n.SH "), "{name}");
    }
    let names = || std::fs::read_dir(home.path().join("man1")).unwrap().count();
    let all = names();
    assert_eq!(call.out, format!("Wrote {all} pages to `{}`.\n", home.path().join("man1").display()));
    for (make, what) in [("mkfifo", "a FIFO"), ("mkdir", "a folder")] {
        std::fs::remove_file(page("nudge-week.1")).unwrap();
        assert!(Command::new(make).arg(page("nudge-week.1")).status().unwrap().success());
        let call = write();
        assert_eq!(call.code, Some(1), "{call:?}");
        assert!(call.err.contains(&format!("nudge-week.1` is {what}, expected a file\n\nhint: ")), "{call:?}");
        assert_eq!(names(), all);
    }
}
