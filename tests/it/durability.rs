//! What was acknowledged is on disk, and stays: many calls at once, calls that are killed, disks that
//! refuse, clocks that are wrong. Real processes and real files; each test is bounded in time.
//!
//! `STRESS=10 cargo test --test it durability` kills ten times as many calls and logs ten times as much.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::home::{Call, Home};

/// How many times as much is to be tried.
fn stress() -> u32 {
    std::env::var("STRESS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// The notes of all completions in the journal; every line has to be an event, and no id may come twice.
#[track_caller]
fn notes(home: &Home) -> BTreeSet<String> {
    let text = home.journal_text();
    assert!(text.is_empty() || text.ends_with('\n'));
    let mut ids = BTreeSet::new();
    let mut notes = BTreeSet::new();
    for line in text.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(ids.insert(event["id"].as_str().unwrap().to_owned()), "twice: {line}");
        notes.extend(event["note"].as_str().map(str::to_owned));
    }
    notes
}

/// Logs entries one after another in a shell of its own: the fastest way to many processes.
fn logging(home: &Home, worker: usize, entries: usize) -> Command {
    let mut command = home.command(&[]);
    let mut shell = Command::new("sh");
    let script = "\"$0\" today >/dev/null || exit 1; i=0; while [ $i -lt $2 ]; do \"$0\" done -c tone -m \"$1 $i\" || exit 1; i=$((i+1)); done";
    shell.args(["-c", script]).arg(command.get_program()).args([worker.to_string(), entries.to_string()]);
    shell.env_clear().envs(command.env("NO_COLOR", "1").get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell
}

#[test]
fn sixty_four_writers_at_once_keep_every_entry() {
    (0..stress()).for_each(|_| entries_arrive());
}

fn entries_arrive() {
    const WORKERS: usize = 64;
    const ENTRIES: usize = 20;
    let home = Home::new();
    // All find that nothing is drawn yet, and wait; whoever comes first draws for all.
    let lock = lock_of(&home);
    let workers: Vec<_> = (0..WORKERS).map(|worker| logging(&home, worker, ENTRIES).spawn().unwrap()).collect();
    thread::sleep(Duration::from_millis(300));
    drop(lock);
    for worker in workers {
        let output = worker.wait_with_output().unwrap();
        let call = Call::of(&output);
        assert!(call.code == Some(0), "{call:?}");
        assert_eq!(call.out.matches("Logged.").count(), ENTRIES);
    }
    let expected = (0..WORKERS).flat_map(|worker| (0..ENTRIES).map(move |entry| format!("{worker} {entry}"))).collect();
    assert_eq!(notes(&home), expected);
    assert_eq!((home.count("offered"), home.count("done")), (1, WORKERS * ENTRIES));
}

/// How long an undisturbed call takes.
fn span(home: &Home, args: &[&str]) -> Duration {
    let started = Instant::now();
    assert!(home.command(args).stdout(Stdio::null()).status().unwrap().success());
    started.elapsed()
}

/// Starts a call, ends it after a part of `span` that no two of the first thousand share, and tells what it said.
fn ended_by(home: &Home, signal: &str, args: &[&str], number: u32, span: Duration) -> (Call, bool) {
    let mut child = home.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(span * (number * 389 % 1000) / 1000);
    if signal == "KILL" {
        child.kill().unwrap();
    } else {
        let status = Command::new("kill").args(["-s", signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        // It may have ended by itself.
        status.unwrap();
    }
    let output = child.wait_with_output().unwrap();
    (Call::of(&output), output.status.signal().is_some())
}

/// Ends calls at moments spread over all of a call's life, from several workers at once.
fn entries_survive(signal: &str, workers: u32, calls: u32) {
    let home = Home::new();
    home.ok(&["today"]);
    let span = span(&home, &["done", "-c", "tone", "-m", "first"]) * 3 / 2;
    let (home, mut ended, mut acknowledged) = (&home, 0, BTreeSet::new());
    thread::scope(|scope| {
        let one = |worker: u32| {
            let (mut said, mut span) = ((0, BTreeSet::new()), span);
            let mut before = fs::read(home.journal()).unwrap();
            for number in 0..calls {
                let note = format!("{worker} {number}");
                let args = ["done", "-c", "names", "-m", &note];
                let (call, by_signal) = ended_by(home, signal, &args, worker * calls + number, span);
                said.0 += u32::from(by_signal);
                // As the machine is busier or not, so that about two of three calls are ended.
                span = if by_signal { span * 11 / 10 } else { span * 4 / 5 };
                if call.out.contains("Logged.") {
                    said.1.insert(note);
                }
                let after = fs::read(home.journal()).unwrap();
                assert!(after.starts_with(&before), "what was written has changed");
                before = after;
            }
            said
        };
        let running: Vec<_> = (0..workers).map(|worker| scope.spawn(move || one(worker))).collect();
        for worker in running {
            let (signals, said) = worker.join().unwrap();
            ended += signals;
            acknowledged.extend(said);
        }
    });
    assert!(ended >= workers * calls / 4 && !acknowledged.is_empty(), "{signal}: {ended}, {}", acknowledged.len());
    home.run(&["done", "-c", "tone", "-m", "last"]);
    let found = notes(home);
    assert!(found.contains("last") && acknowledged.is_subset(&found), "{:?}", acknowledged.difference(&found));
}

#[test]
fn five_hundred_killed_calls_take_nothing_with_them() {
    (0..stress()).for_each(|_| entries_survive("KILL", 4, 125));
}

#[test]
fn an_interrupted_call_takes_nothing_with_it() {
    for signal in ["INT", "TERM"].repeat(stress() as usize) {
        if is_heeded(signal) {
            entries_survive(signal, 2, 30);
        } else {
            eprintln!("whoever runs the tests ignores SIG{signal}, as a shell does in the background: it is not tried");
        }
    }
}

/// Whether a signal ends a program that does nothing about it: whoever ignores one has its children ignore it too.
fn is_heeded(signal: &str) -> bool {
    let mut child = Command::new("sleep").arg("2").spawn().unwrap();
    Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
    child.wait().unwrap().signal().is_some()
}

/// A killed swap leaves the old file or the new one, and at most a file that the doctor removes.
#[test]
fn killed_merges_leave_a_whole_journal() {
    let home = Home::new();
    let line = |id: &str, number: u32| {
        format!(
            "{{\"id\":\"{id}{number}\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{id}{number}\"}}\n"
        )
    };
    home.write("journal.jsonl", (0..300).map(|number| line("own", number)).collect::<String>());
    home.set_mode("journal.jsonl", 0o600);
    home.set_mode(".", 0o700);
    let own = notes(&home);
    home.write("span.jsonl", line("span", 0));
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let span = span(&home, &["merge", &path("span.jsonl")]) * 5 / 4;
    let mut merged = BTreeSet::new();
    for number in 0..60 * stress() {
        home.write("copy.jsonl", line("copy", number));
        let (call, _) = ended_by(&home, "KILL", &["merge", &path("copy.jsonl")], number, span);
        if call.out.contains("Merged") {
            merged.insert(format!("copy{number}"));
        }
        let found = notes(&home);
        assert!(own.is_subset(&found) && merged.is_subset(&found), "{number}");
    }
    home.ok(&["done", "-c", "tone", "-m", "after"]);
    home.ok(&["doctor", "--fix"]);
    let rest: Vec<String> = home.names().into_iter().filter(|name| name.contains(".new")).collect();
    assert!(rest.is_empty() && notes(&home).contains("after"), "{rest:?}");
}

/// Events that go from one book to the other, and a line that goes to the rejected ones: wherever the
/// repair is killed, each is in one of the files at least.
#[test]
fn killed_repairs_keep_every_line() {
    const FILES: [&str; 4] = ["journal.jsonl", "plans.jsonl", "journal.jsonl.rejected", "plans.jsonl.rejected"];
    let rest = r#"{"id":"rest","day":"2026-11-20","event":"rest","from":"2026-11-20","until":"2026-11-20"}"#;
    let done = r#"{"id":"done","day":"2026-11-20","event":"done","category":"tone"}"#;
    let broken = |home: &Home| {
        home.write("journal.jsonl", format!("{rest}\nno event\n"));
        home.write("plans.jsonl", format!("{done}\nno plan\n"));
    };
    let home = Home::new();
    broken(&home);
    let mut span = span(&home, &["doctor", "--fix"]);
    let mut ended = 0;
    for number in 0..60 * stress() {
        let home = Home::new();
        broken(&home);
        let (_, by_signal) = ended_by(&home, "KILL", &["doctor", "--fix"], number, span);
        ended += u32::from(by_signal);
        span = if by_signal { span * 11 / 10 } else { span * 4 / 5 };
        let found = FILES.map(|name| home.text(name)).concat();
        for line in [rest, done, "no event", "no plan"] {
            assert!(found.contains(line), "{line}: {:?} {found}", home.names());
        }
        home.ok(&["doctor", "--fix"]);
        assert_eq!([home.journal_text(), home.text("plans.jsonl")], [format!("{done}\n"), format!("{rest}\n")]);
    }
    assert!(ended > 12, "{ended}");
}

/// A call that waits for the lock while the file is swapped writes to the new one.
#[test]
fn entries_and_merges_at_once_all_arrive() {
    const MERGES: usize = 12;
    let home = Home::new();
    for number in 0..MERGES {
        home.write(
            &format!("copy-{number}"),
            format!("{{\"id\":\"c{number}\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"c{number}\"}}\n"),
        );
    }
    let workers: Vec<_> = (0..6).map(|worker| logging(&home, worker, 8).spawn().unwrap()).collect();
    let merges: Vec<_> = (0..MERGES)
        .map(|number| {
            let file = home.path().join(format!("copy-{number}"));
            home.command(&["merge", file.to_str().unwrap()]).stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut merge in merges {
        assert!(merge.wait().unwrap().success());
    }
    for worker in workers {
        let call = Call::of(&worker.wait_with_output().unwrap());
        assert_eq!((call.code, call.out.matches("Logged.").count()), (Some(0), 8), "{call:?}");
    }
    let entries = (0..6).flat_map(|worker| (0..8).map(move |entry| format!("{worker} {entry}")));
    assert_eq!(notes(&home), entries.chain((0..MERGES).map(|number| format!("c{number}"))).collect());
    assert_eq!(home.count("offered"), 1);
}

fn lock_of(home: &Home) -> File {
    let path = home.path().join("nudge.lock");
    let lock = OpenOptions::new().read(true).append(true).create(true).open(path).unwrap();
    lock.lock().unwrap();
    lock
}

#[test]
fn a_lock_that_is_held_is_waited_for_and_then_named() {
    let home = Home::new();
    home.ok(&["today"]);
    let lock = lock_of(&home);
    let started = Instant::now();
    let calls: Vec<_> =
        [&["done", "-c", "tone", "-m", "about the move"][..], &["merge", "/dev/null"], &["today"], &["week"]]
            .map(|args| home.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
            .into_iter()
            .map(|call| Call::of(&call.wait_with_output().unwrap()))
            .collect();
    let waited = started.elapsed();
    assert!(waited > Duration::from_secs(5), "{waited:?}");
    let [done, merge, today, week] = calls.as_slice() else { panic!() };
    for call in [done, merge] {
        assert!(call.code == Some(1) && call.err.contains("waiting for it"), "{call:?}");
        assert!(call.err.contains("is locked by another program") && call.err.contains("hint: "), "{call:?}");
    }
    assert!(done.err.contains("your note: about the move"), "{done:?}");
    // Reading never waits; a prompt that can't be recorded is shown all the same.
    assert!(today.code == Some(0) && today.out.contains("nudge done"), "{today:?}");
    assert_eq!((week.code, week.err.as_str()), (Some(0), ""));
    drop(lock);
    assert_eq!(home.count("done"), 0);
    home.seen(&["done"]);
}

#[test]
fn a_lock_that_is_let_go_in_time_is_taken() {
    let home = Home::new();
    home.ok(&["today"]);
    let lock = lock_of(&home);
    let mut call = home.command(&["done"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(call.stderr.take().unwrap()).read_line(&mut said).unwrap();
    assert!(said.contains("waiting for it"), "{said}");
    drop(lock);
    let call = Call::of(&call.wait_with_output().unwrap());
    assert!(call.code == Some(0) && call.out.contains("Logged."), "{call:?}");
}

/// Longer than a call waits while nothing is written: whoever has the lock is at work.
#[test]
fn a_lock_under_which_the_journal_grows_is_waited_for_longer() {
    let home = Home::new();
    home.ok(&["today"]);
    let lock = lock_of(&home);
    let started = Instant::now();
    let call = home.command(&["done"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut entries = 0;
    while started.elapsed() < Duration::from_secs(8) {
        entries += 1;
        let day = "{\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"";
        home.write("journal.jsonl", home.journal_text() + &format!("{day},\"note\":\"{entries}\"}}\n"));
        thread::sleep(Duration::from_millis(250));
    }
    drop(lock);
    let call = Call::of(&call.wait_with_output().unwrap());
    assert!(call.code == Some(0) && call.out.contains("Logged."), "{call:?}");
    assert_eq!(home.count("done"), entries + 1);
}

/// Every command that writes, where it may not: nothing changes, and it says so.
#[test]
fn what_may_not_be_written_stays_as_it_is() {
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    home.write("copy", "{\"id\":\"c\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}\n");
    let copy = home.path().join("copy");
    let before = home.journal_text();
    let refused = |home: &Home, writes: &[&[&str]]| {
        for args in writes {
            let call = Call::of(&home.command_of_another(args).output().unwrap());
            assert!(call.code == Some(1) && call.err.contains("Permission denied"), "{args:?} {call:?}");
            assert!(call.err.contains("hint: "), "{args:?} {call:?}");
        }
        let note = &writes[0][writes[0].len() - 1];
        let call = Call::of(&home.command_of_another(writes[0]).output().unwrap());
        assert!(call.err.contains(&format!("your note: {note}")), "{call:?}");
        for args in [&["today"][..], &["week"]] {
            let call = Call::of(&home.command_of_another(args).output().unwrap());
            assert_eq!(call.code, Some(0), "{args:?} {call:?}");
        }
    };
    // A file that may be read only, in a folder that may be written.
    for (name, mode) in [("journal.jsonl", 0o444), ("nudge.lock", 0o666), (".", 0o777)] {
        home.set_mode(name, mode);
    }
    refused(&home, &[&["done", "-c", "tone", "-m", "a note"], &["undo"]]);
    // A folder that may be read only.
    home.set_mode(".", 0o555);
    let names = home.names();
    refused(&home, &[&["done", "-c", "tone", "-m", "a note"], &["rest"], &["merge", copy.to_str().unwrap()]]);
    assert_eq!((home.journal_text(), home.names()), (before, names));
    home.set_mode(".", 0o700);
}

#[test]
fn a_disk_that_is_not_there_is_named_and_nothing_is_written_elsewhere() {
    let home = Home::new();
    let gone = home.path().join("gone");
    symlink(gone.join("nudge"), home.path().join("linked")).unwrap();
    symlink(gone.join("journal.jsonl"), home.journal()).unwrap();
    for (folder, named) in [(home.path().join("linked"), "linked"), (home.path().to_owned(), "journal.jsonl")] {
        let call = |args: &[&str]| Call::of(&home.command(args).env("NUDGE_DIR", &folder).output().unwrap());
        let done = call(&["done", "-m", "about the move"]);
        assert!(done.code == Some(1) && done.err.contains(named), "{done:?}");
        assert!(done.err.contains("not there") && done.err.contains("your note: about the move"), "{done:?}");
        let today = call(&["today"]);
        assert!(today.code == Some(0) && today.out.contains("nudge done"), "{today:?}");
        assert!(today.err.contains("not recorded"), "{today:?}");
        let doctor = call(&["doctor"]);
        assert!(doctor.code == Some(1) && doctor.out.contains("not there"), "{doctor:?}");
    }
    assert!(!gone.exists());
    // A folder that may not be made.
    home.set_mode(".", 0o555);
    let mut command = home.command_of_another(&["done"]);
    let call = Call::of(&command.env("NUDGE_DIR", gone.join("nudge")).output().unwrap());
    home.set_mode(".", 0o700);
    assert!(call.code == Some(1) && call.err.contains("Permission denied") && !gone.exists(), "{call:?}");
}

#[test]
fn a_clock_that_jumps_loses_no_day() {
    let mut home = Home::new();
    home.ok(&["done", "-c", "tone", "-m", "now"]);
    home.at("2025-11-22T12:00:00+01:00", &["done", "-c", "tone", "-m", "a year back"]);
    home.at("2036-11-22T12:00:00+01:00", &["done", "-c", "tone", "-m", "ten years on"]);
    home.at("2026-11-23T12:00:00+01:00", &["done", "-c", "tone", "-m", "the next day"]);
    let before = home.journal_text();
    let journal = home.ok(&["journal"]);
    for (note, counts) in [("now", true), ("a year back", true), ("the next day", true), ("ten years on", false)] {
        assert_eq!(journal.contains(note), counts, "{journal}");
    }
    assert_eq!(home.json(&["week"])["streak"]["days"], 2);
    // The doctor tells of the day to come, and has nothing to mend.
    let doctor = home.ok(&["doctor", "--fix"]);
    assert!(doctor.contains("Sat 22 Nov 2036") && doctor.contains("All is well."), "{doctor}");
    assert_eq!(home.journal_text(), before);
    assert!(home.at("2036-11-23T12:00:00+01:00", &["journal"]).contains("ten years on"));
}
