//! What a call asks of the system, and when: whatever it says is done was confirmed to be on disk before.
//! No kill can show that, only a power cut, or a look at the calls themselves with strace.

use std::process::Command;

use crate::home::{Call, Home};

/// The calls that write, sync and rename, in their order; `None` where strace is not there or may not look.
fn calls(home: &Home, args: &[&str]) -> Option<Vec<String>> {
    let may =
        Command::new("strace").args(["-o", "/dev/null", "true"]).output().is_ok_and(|tried| tried.status.success());
    if !may {
        eprintln!("strace is not here, or may not look: the order of writes and syncs was not tried");
        return None;
    }
    let own = home.command(args);
    let log = home.path().join("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-s", "4000", "-e", "trace=write,fsync,fdatasync,rename,renameat,renameat2", "-o"]);
    strace.arg(&log).arg(own.get_program()).args(args).env_clear();
    strace.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let call = Call::of(&strace.output().unwrap());
    assert_eq!(call.code, Some(0), "{args:?} {call:?}");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::remove_file(log).unwrap();
    // Each line begins with the number of its process.
    Some(text.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim().to_owned()).collect())
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
