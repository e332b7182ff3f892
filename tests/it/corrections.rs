//! What was logged, corrected and taken back: by `amend`, `undo` and `rest`, and never more than was done.

use serde_json::json;

use crate::home::Home;

#[test]
fn an_entry_is_corrected_and_the_correction_taken_back() {
    let mut home = Home::new();
    home.at("2026-11-20T09:00:00+01:00", &["done", "-c", "tone", "-w", "Sam", "-m", "first"]);
    let id = home.json(&["journal"])["id"].as_str().unwrap().to_owned();
    let lines = home.journal_text();
    home.at("2026-11-22T12:00:00+01:00", &["amend", "-m", "second", "-w", "Ada", "-w", "Mum"]);
    let entry = home.json(&["journal"]);
    assert_eq!((&entry["id"], &entry["note"], &entry["with"]), (&json!(id), &json!("second"), &json!(["Ada", "Mum"])));
    // At the time of the first line, and nothing of that has changed.
    assert_eq!(entry["at"], "2026-11-20T09:00:00.000+01:00");
    assert!(home.journal_text().starts_with(&lines));
    let out = home.ok(&["amend", &id[..6], "-c", "names", "--on", "2026-11-19", "-m", ""]);
    assert!(out.contains("“second”") && out.contains("Thu 19 Nov"), "{out}");
    let entry = home.json(&["journal"]);
    assert_eq!(
        (&entry["category"], &entry["day"], &entry["note"]),
        (&json!("names"), &json!("2026-11-19"), &json!(null))
    );
    // The same again is nothing to write.
    let before = home.journal_text();
    assert!(home.ok(&["amend", "-c", "names"]).contains("says that already"));
    assert_eq!(home.journal_text(), before);
    // Each correction goes by itself, then the entry.
    for (note, category) in [(json!("second"), "tone"), (json!("first"), "tone")] {
        assert!(home.ok(&["undo"]).contains("The correction was taken back."));
        let entry = home.json(&["journal"]);
        assert_eq!((&entry["note"], &entry["category"]), (&note, &json!(category)));
    }
    // The entry itself was logged two days ago.
    assert!(home.ok(&["undo"]).contains(&format!("`nudge undo {id}` takes it back")));
    assert!(home.ok(&["undo", &id]).contains("Taken back:"));
    assert_eq!(home.ok(&["journal", "--json"]), "");
}

#[test]
fn what_cannot_be_corrected_is_refused() {
    let home = Home::new();
    assert!(home.ok(&["amend", "-m", "x"]).contains("Nothing is logged yet"));
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["rest", "--on", "2026-12-24"]);
    let text = home.text("plans.jsonl");
    let rest = text.split('"').nth(3).unwrap();
    for (args, code, says) in [
        (&["amend"][..], 2, "say what to correct"),
        (&["amend", "--on", "2026-11-23"], 2, "still to come"),
        (&["amend", "-c", "kindness"], 2, "the categories are"),
        (&["amend", "-w", " "], 2, "names nobody"),
        (&["amend", "nothing", "-m", "about the move"], 2, "your note: about the move"),
        (&["amend", rest, "-m", "x"], 2, "is a rest"),
    ] {
        let before = home.journal_text();
        let call = home.run(args);
        assert!(call.code == Some(code) && call.err.contains(says), "{args:?} {call:?}");
        assert_eq!(home.journal_text(), before);
    }
}

/// Two devices that amend one entry make one entry, whichever is merged first.
#[test]
fn two_devices_that_correct_one_entry_make_one_entry() {
    let (mut a, mut b) = (Home::new(), Home::new());
    a.at("2026-11-20T09:00:00+01:00", &["done", "-c", "tone"]);
    b.write("journal.jsonl", a.journal_text());
    a.at("2026-11-21T09:00:00+01:00", &["amend", "-m", "from a"]);
    b.at("2026-11-21T10:00:00+01:00", &["amend", "-m", "from b"]);
    for (home, other) in [(&a, &b), (&b, &a)] {
        home.ok(&["merge", other.journal().to_str().unwrap()]);
    }
    assert_eq!(a.journal_text(), b.journal_text());
    let listed = a.ok(&["journal", "--json"]);
    assert!(listed.lines().count() == 1 && listed.contains("from b"), "{listed}");
    assert_eq!((a.json(&["year"])["total_done"].clone(), a.json(&["week"])["done_days"].clone()), (json!(1), json!(1)));
}

#[test]
fn only_what_was_logged_today_is_taken_back_without_its_id() {
    let mut home = Home::new();
    home.at("2026-11-20T09:00:00+01:00", &["done", "-c", "tone"]);
    // Logged today for another day it goes.
    home.at("2026-11-22T09:00:00+01:00", &["done", "-c", "names", "--on", "2026-11-01"]);
    assert!(home.ok(&["undo"]).contains("nudge done -c names --on 2026-11-01"));
    let before = home.journal_text();
    let out = home.ok(&["undo"]);
    assert!(out.contains("Nothing was logged today.") && out.contains("on Fri 20 Nov"), "{out}");
    assert_eq!((home.journal_text(), home.ok(&["undo", "--json"])), (before, String::new()));
    // The day is one's own: at night it is still the evening before.
    home.at("2026-11-22T23:00:00+01:00", &["done", "-c", "tone", "-w", "O'Brien", "-m", "two words"]);
    let out = home.at("2026-11-23T01:00:00+01:00", &["undo"]);
    assert!(out.contains("nudge done -c tone -w \"O'Brien\" -m 'two words'"), "{out}");
}

#[test]
fn a_rest_is_ended_and_the_days_rested_are_kept() {
    let mut home = Home::new();
    let rests = |home: &Home| -> Vec<(String, String)> {
        let listed = home.ok(&["export"]);
        let rest = |line: &str| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let day = |key: &str| value[key].as_str().unwrap()[5..].to_owned();
            (day("from"), day("until"))
        };
        listed.lines().map(rest).collect()
    };
    let rest = |from: &str, until: &str| (from.to_owned(), until.to_owned());
    home.at("2026-11-20T09:00:00+01:00", &["rest", "--until", "2026-11-30"]);
    assert!(home.ok(&["rest", "--until", "2026-11-30"]).contains("Already noted"));
    assert_eq!(home.text("plans.jsonl").lines().count(), 1);
    home.at("2026-11-22T09:00:00+01:00", &["rest"]);
    // Days of it have passed: it is named, not taken back.
    home.ok(&["undo"]);
    let out = home.ok(&["undo"]);
    assert!(out.contains("`nudge rest --end` ends it as of"), "{out}");
    home.ok(&["rest"]);
    let out = home.ok(&["rest", "--end"]);
    assert!(out.contains("Welcome back.") && out.contains("from Fri 20 Nov until yesterday"), "{out}");
    assert_eq!(rests(&home), [rest("11-20", "11-21")]);
    assert!(home.ok(&["rest", "--end"]).contains("not resting today"));
    // One that is to come stays, and one that began today goes.
    home.ok(&["rest", "--on", "2026-12-24"]);
    home.ok(&["rest", "--until", "tomorrow"]);
    assert!(home.ok(&["rest", "--end"]).contains("began today was taken back"));
    home.now = "2026-12-24T09:00:00+01:00".to_owned();
    assert_eq!(rests(&home), [rest("11-20", "11-21"), rest("12-24", "12-24")]);
}

#[test]
fn the_last_day_of_a_rest_counts_on_from_its_first() {
    // A Sunday.
    #[track_caller]
    fn check(args: &[&str], from: &str, until: &str) {
        let home = Home::new();
        let out = home.ok(&[&["rest", "--json"], args].concat());
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((&value["from"], &value["until"]), (&json!(from), &json!(until)), "{args:?}");
    }
    check(&["--until", "fri"], "2026-11-22", "2026-11-27");
    check(&["--on", "mon", "--until", "fri"], "2026-11-23", "2026-11-27");
    check(&["--on", "2026-12-21", "--until", "sat"], "2026-12-21", "2026-12-26");
    check(&["--on", "2026-12-21", "--until", "in 3 days"], "2026-12-21", "2026-12-24");
    check(&["--on", "yesterday", "--until", "tomorrow"], "2026-11-21", "2026-11-23");
    check(&["--on", "3 days ago", "--until", "today"], "2026-11-19", "2026-11-22");
    let home = Home::new();
    assert_eq!(home.run(&["rest", "--on", "mon", "--until", "today"]).code, Some(2));
}

/// A clock that was ahead and was put right: what it wrote is named, not hidden without a word.
#[test]
fn what_is_dated_after_today_is_named() {
    let mut home = Home::new();
    home.at("2026-12-24T09:00:00+01:00", &["done", "-c", "tone"]);
    home.now = "2026-11-22T12:00:00+01:00".to_owned();
    for args in [&["journal"][..], &["undo"]] {
        let out = home.ok(args);
        assert!(out.contains("Dated after today") && out.contains("(Thu 24 Dec)"), "{args:?} {out}");
    }
    let id = home.journal_text().split('"').nth(3).unwrap().to_owned();
    assert!(home.ok(&["undo", &id]).contains("Taken back:"));
    assert!(!home.ok(&["journal"]).contains("Dated after"));
}

/// Years that can't be read again are not written.
#[test]
fn no_year_beyond_four_digits_is_written() {
    let mut home = Home::new();
    home.now = "9999-12-31T12:00:00Z".to_owned();
    let call = home.run(&["rest", "--until", "tomorrow"]);
    assert!(call.code == Some(2) && call.err.contains("years run from 1 to 9999"), "{call:?}");
    for now in ["+10000-01-01T00:00:00", "0000-12-31T12:00:00Z"] {
        home.now = now.to_owned();
        assert_eq!(home.run(&["today"]).code, Some(1), "{now}");
    }
}
