//! What a call asks of the system, and what it does when the system refuses. strace looks at the calls, and answers
//! some of them with an error: no kill can show what a power cut would, and no disk fails when it is asked to.

use std::process::{Command, Output};

use crate::home::{Call, Home};

/// Runs nudge under strace; `None` where strace is not there or may not look.
fn strace(home: &Home, options: &[&str], args: &[&str]) -> Option<Output> {
    let run = |strace: &mut Command| strace.output().ok();
    if !run(Command::new("strace").args(["-o", "/dev/null", "true"])).is_some_and(|tried| tried.status.success()) {
        eprintln!("strace is not here, or may not look: what the system is asked for was not tried");
        return None;
    }
    let own = home.command(args);
    let mut strace = Command::new("strace");
    strace.arg("-f").args(options).arg(own.get_program()).args(args).env_clear();
    strace.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    run(&mut strace)
}

/// The calls that write, sync and rename, in their order.
fn calls(home: &Home, args: &[&str]) -> Option<Vec<String>> {
    let log = home.path().join("calls");
    let trace = "trace=write,fsync,fdatasync,rename,renameat,renameat2";
    let output = strace(home, &["-y", "-s", "4000", "-e", trace, "-o", log.to_str().unwrap()], args)?;
    let call = Call::of(&output);
    assert_eq!(call.code, Some(0), "{args:?} {call:?}");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::remove_file(log).unwrap();
    // Each line begins with the number of its process.
    Some(text.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim().to_owned()).collect())
}

/// Runs nudge where the system answers some calls with an error.
fn refused(home: &Home, inject: &str, args: &[&str]) -> Option<Call> {
    refused_at(home, "", inject, args)
}

/// The same, for calls that are about one file of the home.
fn refused_at(home: &Home, name: &str, inject: &str, args: &[&str]) -> Option<Call> {
    let (inject, path) = (format!("inject={inject}"), home.path().join(name));
    let mut options = vec!["-o", "/dev/null", "-e", &inject];
    if !name.is_empty() {
        options.extend(["-P", path.to_str().unwrap()]);
    }
    strace(home, &options, args).map(|output| Call::of(&output))
}

/// The steps have to come in this order, each a call and what stands in it.
#[track_caller]
fn check(home: &Home, args: &[&str], steps: &[[&str; 2]]) {
    let Some(calls) = calls(home, args) else {
        return;
    };
    let mut left = calls.iter();
    for [call, with] in steps {
        let found = left.any(|line| line.starts_with(&format!("{call}(")) && line.contains(with));
        assert!(found, "{args:?}: no {call} with {with} in its place:\n{}", calls.join("\n"));
    }
}

#[test]
fn an_entry_is_on_disk_before_it_is_acknowledged() {
    let home = Home::new();
    let folder = home.path().display().to_string();
    let folder = format!("<{folder}>");
    let entry = [["write", "\"event\\\":\\\"done\\\""], ["fdatasync", "/journal.jsonl>"]];
    // The first makes the file, whose name has to be on disk too.
    check(&home, &["done"], &[entry[0], entry[1], ["fsync", &folder], ["write", "Logged."]]);
    check(&home, &["done", "-c", "tone"], &[entry[0], entry[1], ["write", "Logged."]]);
    check(&home, &["undo"], &[["write", "undone"], ["fdatasync", "/journal.jsonl>"], ["write", "Taken back"]]);
    check(
        &home,
        &["rest", "--until", "tomorrow"],
        &[["write", "rest"], ["fdatasync", "/plans.jsonl>"], ["fsync", &folder]],
    );
}

#[test]
fn a_new_file_is_on_disk_before_it_takes_the_place_of_the_old_one() {
    let home = Home::new();
    home.ok(&["done"]);
    home.write("copy", "{\"id\":\"c\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}\n");
    let copy = home.path().join("copy");
    let folder = format!("<{}>", home.path().display());
    let swap = [["write", ".new>"], ["fsync", ".new>"], ["rename", ".new"], ["fsync", &folder]];
    check(&home, &["merge", copy.to_str().unwrap()], &[&swap[..], &[["write", "1 "]]].concat());
    check(&home, &["catalogue", "hide", "turn-hands-off"], &[&swap[..], &[["write", "Hidden"]]].concat());
    // What is to go is kept first: the book as it was, and the line that is no event.
    home.write("journal.jsonl", home.journal_text() + "bad\n");
    let kept = [["fsync", ".backup-2026-11-22>"], ["fsync", &folder], ["fsync", ".rejected>"], ["fsync", &folder]];
    check(&home, &["doctor", "--fix"], &[&kept[..], &swap, &[["write", "Mended"]]].concat());
}

#[test]
fn what_the_disk_does_not_confirm_is_not_acknowledged() {
    let home = Home::new();
    home.ok(&["done"]);
    let before = home.count("done");
    let Some(call) = refused(&home, "fdatasync:error=EIO", &["done", "-c", "tone", "-m", "about the move"]) else {
        return;
    };
    assert!(call.code == Some(1) && !call.out.contains("Logged."), "{call:?}");
    assert!(call.err.contains("written, but not confirmed on disk") && call.err.contains("hint: "), "{call:?}");
    // It stands in the file, and the disk may still take it.
    assert_eq!(home.count("done"), before + 1);
    // What is refused is cut back; where that is refused too, it is said.
    for (refusal, stays) in [("write:error=EIO", false), ("write,ftruncate:error=EIO", true)] {
        let call =
            refused_at(&home, "journal.jsonl", refusal, &["done", "-c", "tone", "-m", "about the move"]).unwrap();
        assert!(call.code == Some(1) && call.err.contains("not logged: can't write"), "{refusal} {call:?}");
        assert!(call.err.contains("about the move"), "{refusal} {call:?}");
        assert_eq!(call.err.contains("a part of it stays behind"), stays, "{refusal} {call:?}");
        assert_eq!(home.count("done"), before + 1);
    }
}

#[test]
fn a_swap_that_is_refused_leaves_the_old_file_and_nothing_beside_it() {
    let home = Home::new();
    home.ok(&["done"]);
    home.write("copy", "{\"id\":\"c\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}\n");
    let copy = home.path().join("copy");
    let (journal, names) = (home.journal_text(), home.names());
    for refusal in ["fsync:error=EIO:when=1", "rename:error=EACCES", "write:error=ENOSPC:when=1"] {
        for args in [&["merge", copy.to_str().unwrap()][..], &["catalogue", "hide", "turn-hands-off"]] {
            let Some(call) = refused(&home, refusal, args) else {
                return;
            };
            assert!(call.code == Some(1) && call.err.contains("can't replace"), "{refusal} {args:?} {call:?}");
            assert_eq!((home.journal_text(), home.names()), (journal.clone(), names.clone()), "{refusal} {args:?}");
        }
    }
    // The last step, whose failure leaves the new file.
    let merged = refused(&home, "fsync:error=EIO:when=2", &["merge", copy.to_str().unwrap()]).unwrap();
    assert!(merged.code == Some(1) && merged.err.contains("written, but not confirmed on disk"), "{merged:?}");
    assert_eq!(home.count("done"), 2);
}

#[test]
fn nothing_is_mended_before_what_goes_is_kept() {
    let home = Home::new();
    home.ok(&["done"]);
    home.write("journal.jsonl", home.journal_text() + "bad\n");
    let (journal, names) = (home.journal_text(), home.names());
    let backup = "journal.jsonl.backup-2026-11-22";
    for refusal in ["openat:error=EDQUOT", "write:error=ENOSPC", "fsync:error=EIO"] {
        let Some(call) = refused_at(&home, backup, refusal, &["doctor", "--fix"]) else {
            return;
        };
        assert!(call.code == Some(1) && call.err.contains("can't back up to"), "{refusal} {call:?}");
        assert_eq!((home.journal_text(), home.names()), (journal.clone(), names.clone()), "{refusal}");
    }
    for refusal in ["openat:error=EDQUOT", "write:error=ENOSPC", "fsync:error=EIO"] {
        let call = refused_at(&home, "journal.jsonl.rejected", refusal, &["doctor", "--fix"]).unwrap();
        assert!(call.code == Some(1) && call.err.contains("journal.jsonl.rejected"), "{refusal} {call:?}");
        assert_eq!(home.journal_text(), journal, "{refusal}");
    }
    home.run(&["doctor", "--fix"]);
    assert!(home.text("journal.jsonl.rejected").contains("bad") && !home.journal_text().contains("bad"));
}

#[test]
fn an_interrupted_read_is_read_on_and_a_refused_one_named() {
    let home = Home::new();
    home.ok(&["done"]);
    let (year, export) = (home.ok(&["year"]), home.ok(&["export"]));
    // The first calls of this kind are the dynamic linker's, which gives up.
    let linked = |call: &Call| call.err.contains("error while loading shared libraries");
    let mut named = 0;
    for when in 1..8 {
        for (args, expected) in [(&["year"], &year), (&["export"], &export)] {
            let Some(call) = refused(&home, &format!("pread64:error=EINTR:when={when}"), args) else {
                return;
            };
            assert!(linked(&call) || (call.code == Some(0) && call.out == *expected), "{when} {args:?} {call:?}");
            let Some(call) = refused(&home, &format!("pread64:error=EIO:when={when}"), args) else {
                return;
            };
            let is_named = call.code == Some(1) && call.err.contains("can't read") && call.out.is_empty();
            assert!(is_named || linked(&call) || (call.code == Some(0) && call.out == *expected), "{when} {call:?}");
            named += u32::from(is_named);
        }
    }
    assert!(named >= 4, "a journal is read twice, and an entry once more: {named}");
}
