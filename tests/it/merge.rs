//! Copies of the journal put together: nothing twice, nothing lost, the same bytes whichever comes first.

use std::fs;

use crate::home::Home;

fn done(id: &str, day: u32) -> String {
    format!(
        "{{\"id\":\"{id}\",\"at\":\"2026-11-{day:02}T08:00:00+01:00\",\"day\":\"2026-11-{day:02}\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{id}\"}}\n"
    )
}

const REST: &str =
    "{\"id\":\"r\",\"day\":\"2026-11-22\",\"event\":\"rest\",\"from\":\"2026-11-22\",\"until\":\"2026-11-23\"}\n";
const BACK: &str = "{\"id\":\"u\",\"day\":\"2026-11-22\",\"event\":\"undone\",\"of\":\"r\"}\n";

fn path(home: &Home, name: &str) -> String {
    home.path().join(name).to_str().unwrap().to_owned()
}

/// A home with some days of its own.
fn lived(days: &[&str]) -> Home {
    let mut home = Home::new();
    for day in days {
        home.seen_at(&format!("{day}T12:00:00+01:00"), &["done", "-m", day]);
    }
    crate::home::NOW.clone_into(&mut home.now);
    home
}

#[test]
fn two_machines_come_to_the_same_journal_and_the_same_prompt() {
    let a = lived(&["2026-11-18", "2026-11-20"]);
    let b = lived(&["2026-11-19", "2026-11-21"]);
    b.ok(&["rest", "--on", "2026-11-25"]);
    let mut bad = b.journal_text();
    bad.push_str("no event\n{\"id\":\"n\",\"day\":\"2026-11-22\",\"event\":\"sung\"}\n");
    b.write("journal.jsonl", bad);
    let (of_a, of_b) = (a.journal_text(), b.journal_text());
    b.write("a", &of_a);
    a.write("b", &of_b);
    a.write("b-plans", b.text("plans.jsonl"));
    let said = a.ok(&["merge", &path(&a, "b"), &path(&a, "b-plans")]);
    assert!(said.contains("4 new events in your journal and 1 new event in your plans"), "{said}");
    assert!(said.contains("2 lines"), "{said}");
    b.ok(&["merge", &path(&b, "a")]);
    assert_eq!((a.journal_text(), a.text("plans.jsonl")), (b.journal_text(), b.text("plans.jsonl")));
    for line in of_a.lines().chain(of_b.lines()) {
        assert_eq!(a.journal_text().lines().filter(|other| *other == line).count(), 1, "{line}");
    }
    // Again: nothing changes.
    let before = a.journal_text();
    for name in ["b", "b-plans"] {
        assert!(a.run(&["merge", &path(&a, name)]).out.contains("Nothing new"));
    }
    assert_eq!(a.journal_text(), before);
    let today = |home: &Home| home.command(&["today", "--json"]).env_remove("NUDGE_SEED").output().unwrap().stdout;
    assert_eq!(today(&a), today(&b));
    assert!(a.names().iter().all(|name| !name.contains(".new")));
}

#[test]
fn each_event_of_a_mixed_file_goes_where_it_belongs() {
    let home = Home::new();
    home.write("both", format!("{BACK}{}{REST}", done("a", 20)));
    let out = home.ok(&["merge", "--json", &path(&home, "both")]);
    assert_eq!(out, "{\"new\":3,\"known\":0,\"kept_aside\":0}\n");
    assert_eq!((home.journal_text(), home.text("plans.jsonl")), (done("a", 20), format!("{REST}{BACK}")));
    let again = home.ok(&["merge", "--json", &path(&home, "both")]);
    assert_eq!(again, "{\"new\":0,\"known\":3,\"kept_aside\":0}\n");
    #[cfg(unix)]
    assert_eq!((home.mode("journal.jsonl"), home.mode("plans.jsonl")), (0o600, 0o600));
}

#[test]
fn a_copy_from_another_system_is_the_same_copy() {
    let home = Home::new();
    home.write("journal.jsonl", done("a", 20));
    home.write("windows", format!("\u{FEFF}{}{}", done("a", 20), done("b", 21)).replace('\n', "\r\n"));
    for _ in 0..2 {
        home.ok(&["merge", &path(&home, "windows")]);
        assert_eq!(home.journal_text(), done("a", 20) + &done("b", 21));
    }
}

#[test]
fn of_two_versions_one_counts_and_the_other_is_kept_beside() {
    let home = Home::new();
    let (kept, other) = (done("a", 20), done("a", 20).replace("\"note\":\"a\"", "\"note\":\"b\""));
    home.write("journal.jsonl", &other);
    home.write("copy", &kept);
    for _ in 0..2 {
        let call = home.run(&["merge", &path(&home, "copy")]);
        assert_eq!(call.code, Some(0));
        assert_eq!((home.journal_text(), home.text("journal.jsonl.rejected")), (kept.clone(), other.clone()));
    }
    home.write("copy", &other);
    let call = home.run(&["merge", &path(&home, "copy")]);
    assert!(
        call.err.contains("1 event has another version") && call.err.contains("journal.jsonl.rejected"),
        "{call:?}"
    );
    assert_eq!((home.journal_text(), home.text("journal.jsonl.rejected")), (kept, other));
}

#[test]
fn what_is_no_copy_is_refused_and_nothing_is_written() {
    let home = Home::new();
    home.write("journal.jsonl", done("b", 21) + &done("a", 20));
    home.write("good", done("c", 20));
    home.write("picture", b"\xFF\xD8\xFF\xE0\x00\x10JFIF\n\x01\x02");
    fs::create_dir(home.path().join("folder")).unwrap();
    let before = (home.journal_text(), home.names());
    for (name, says) in [("missing", "there is no"), ("picture", "holds no event"), ("folder", "is a folder")] {
        let call = home.run(&["merge", &path(&home, "good"), &path(&home, name)]);
        assert!(call.code == Some(1) && call.out.is_empty(), "{name} {call:?}");
        assert!(call.err.starts_with("error: nothing was merged: ") && call.err.contains(says), "{name} {call:?}");
        assert!(call.err.contains("hint: "), "{name} {call:?}");
    }
    assert_eq!((home.journal_text(), home.names()), before);
    // The book itself, as a pattern of the shell names it too, is passed over.
    let out = home.ok(&["merge", &path(&home, "journal.jsonl"), &path(&home, "good")]);
    assert!(out.contains("passed over") && out.contains("1 new event"), "{out}");
    assert_eq!(home.run(&["merge"]).code, Some(2));
    home.write("empty", "");
    assert!(home.ok(&["merge", &path(&home, "empty")]).contains("Nothing new"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;
    use crate::home::Call;

    #[test]
    fn a_linked_journal_is_swapped_where_it_lies() {
        let home = Home::new();
        let elsewhere = tempfile::tempdir().unwrap();
        let real = elsewhere.path().join("mine.jsonl");
        fs::write(&real, done("a", 20)).unwrap();
        symlink(&real, home.journal()).unwrap();
        home.write("copy", done("b", 19));
        home.ok(&["merge", &path(&home, "copy")]);
        assert!(fs::symlink_metadata(home.journal()).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), done("b", 19) + &done("a", 20));
        // Beside the real file lies the lock, and nothing else.
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 2);
        assert!(elsewhere.path().join("nudge.lock").is_file());
    }

    #[test]
    fn a_fifo_is_refused_without_waiting() {
        let home = Home::new();
        assert!(Command::new("mkfifo").arg(home.path().join("fifo")).status().unwrap().success());
        let call = home.run(&["merge", &path(&home, "fifo")]);
        assert!(call.code == Some(1) && call.err.contains("is a FIFO"), "{call:?}");
    }

    /// The new file does not fit: the old one stays, and nothing of the new one.
    #[test]
    fn a_full_disk_leaves_the_old_journal() {
        let home = Home::new();
        home.write("journal.jsonl", done("a", 20));
        home.write("copy", (0..200).map(|id| done(&id.to_string(), 21)).collect::<String>());
        home.ok(&["journal"]);
        let script =
            format!("ulimit -f 1; trap '' XFSZ; exec {} merge {}", env!("CARGO_BIN_EXE_nudge"), path(&home, "copy"));
        let mut command = Command::new("bash");
        command.args(["-c", &script]).env_clear().env("NUDGE_DIR", home.path()).env("NUDGE_NOW", &home.now);
        let call = Call::of(&command.output().unwrap());
        assert!(call.code == Some(1) && call.err.contains("can't replace") && call.out.is_empty(), "{call:?}");
        assert_eq!(home.journal_text(), done("a", 20));
        assert_eq!(home.names(), ["copy", "journal.jsonl", "nudge.lock"]);
    }
}
