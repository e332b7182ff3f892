//! A day, a year, and what `--json` says of them.

use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::home::{Call, Home};

#[test]
fn the_loop_works_on_an_empty_home() {
    let home = Home::new();
    let first = home.ok(&[]);
    assert!(first.contains("Welcome."));
    let again = home.ok(&[]);
    assert!(first.contains(&again), "the same prompt all day, without the welcome:\n{again}");
    assert_eq!(home.count("offered"), 1);

    let logged = home.seen(&["done", "-m", "he told me about the move", "-w", "Sam"]);
    assert!(logged.contains("Logged.") && logged.contains("he told me about the move") && logged.contains("with Sam"));
    let before = home.journal_text();
    assert!(home.seen(&["done"]).contains("already logged"));
    assert_eq!(home.journal_text(), before);

    assert!(home.ok(&["week"]).contains("1 of 5 days"));
    assert!(home.ok(&["undo"]).contains("Taken back"));
    assert_eq!(home.json(&["week"])["done_days"], 0);
    assert!(home.ok(&["undo"]).contains("nothing to take back"));

    for left in [2, 1, 0] {
        home.ok(&["another"]);
        assert_eq!(home.json(&["today"])["swaps_left"], left);
    }
    let before = home.journal_text();
    assert!(home.ok(&["another"]).contains("last swap"));
    assert_eq!(home.journal_text(), before);
}

#[test]
fn what_was_not_seen_is_shown_and_not_logged() {
    let mut home = Home::new();
    let call = home.run(&["done", "-m", "on the stairs"]);
    assert!(call.code == Some(1) && call.out.contains("nudge another"), "{call:?}");
    assert!(call.err.starts_with("error: not logged, since you had not seen this prompt yet"), "{call:?}");
    assert!(call.err.contains("your note: on the stairs") && !call.err.contains("yesterday"), "{call:?}");
    assert_eq!((home.count("offered"), home.count("done")), (1, 0));
    // The same command again logs it.
    assert!(home.ok(&["done", "-m", "on the stairs"]).contains("Logged."));
    home.at("2026-11-23T08:00:00+01:00", &["today"]);
    // Yesterday's is open, and is named; as JSON it is the offer alone.
    "2026-11-24T08:00:00+01:00".clone_into(&mut home.now);
    let call = home.run(&["done", "--json"]);
    let offered: Value = serde_json::from_str(&call.out).unwrap();
    assert!(call.code == Some(1) && offered["event"] == "offered", "{call:?}");
    assert!(call.err.contains("`nudge done --on yesterday`"), "{call:?}");
    home.ok(&["done"]);
    assert!(home.ok(&["today"]).contains("Done."));
    assert!(home.ok(&["another"]).contains("one is enough"));
}

#[test]
fn a_fuller_entry_takes_the_place_of_a_bare_one() {
    let home = Home::new();
    home.seen(&["done", "-m", "first", "-w", "Sam"]);
    home.seen(&["done", "-w", "Ada"]);
    home.seen(&["done", "-m", "second"]);
    assert_eq!((home.count("done"), home.count("undone")), (3, 0));
    assert_eq!(home.journal_text().matches("\"amends\":").count(), 2);
    let entry = home.json(&["journal"]);
    assert_eq!((&entry["note"], &entry["with"]), (&json!("second"), &json!(["Sam", "Ada"])));
    // What adds nothing is not written.
    let before = home.journal_text();
    assert!(home.seen(&["done", "-w", "Ada", "-m", "second"]).contains("already logged"));
    assert_eq!(home.journal_text(), before);
}

#[test]
fn a_note_can_come_from_standard_input() {
    let home = Home::new();
    home.ok(&["today"]);
    let call = home.run_with_input(&["done", "-m", "-"], "  two\nlines \n");
    assert_eq!(call.code, Some(0));
    assert_eq!(home.json(&["journal"])["note"], "two\nlines");
    assert!(home.ok(&["journal"]).contains("“two lines”"));
}

#[test]
fn done_names_gestures_categories_and_days() {
    let home = Home::new();
    home.ok(&["done", "turn-hands", "--on", "yesterday"]);
    home.ok(&["done", "-c", "app", "--on", "fri"]);
    let entries = home.ok(&["journal", "--json"]);
    let entries: Vec<Value> = entries.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&entries[0]["day"], &entries[0]["category"], &entries[0]["gesture"]),
        (&json!("2026-11-20"), &json!("appreciation"), &Value::Null)
    );
    assert_eq!((&entries[1]["day"], &entries[1]["gesture"]), (&json!("2026-11-21"), &json!("turn-hands-off")));

    #[track_caller]
    fn check(home: &Home, args: &[&str], code: i32, says: &str) {
        let before = home.journal_text();
        let call = home.run(args);
        assert!(call.code == Some(code) && call.err.contains(says), "{args:?}: {call:?}");
        assert_eq!(home.journal_text(), before);
    }
    check(&home, &["done", "turn-"], 2, "more than one gesture begins with");
    check(&home, &["done", "nothing-like-it"], 2, "no gesture begins with");
    check(&home, &["done", "-c", "kindness"], 2, "the categories are");
    check(&home, &["done", "turn-hands-off", "-c", "tone"], 2, "can't be used together");
    check(&home, &["done", "--on", "2026-11-23"], 2, "still to come");
    check(&home, &["done", "--on", "someday"], 2, "I don't know the day `someday`");
    check(&home, &["done", "--on", "2026-11-01"], 1, "nudge done -c CATEGORY --on 2026-11-01");
    check(&home, &["done", "-w", " "], 2, "names nobody");
}

#[test]
fn filters_act_on_the_draw() {
    let home = Home::new();
    let today = home.json(&["today", "-c", "ton", "--easy", "-p", "text"]);
    let gesture = &today["gesture"];
    assert_eq!((&gesture["category"], &gesture["level"]), (&json!("tone"), &json!(1)));
    assert!(gesture["where"].as_array().unwrap().contains(&json!("text")));
    assert_eq!(today["reason"], "you asked for tone");
    // Once drawn they change nothing but a hint, and that only where the prompt is another.
    assert!(home.ok(&["today", "-c", "names"]).contains("`nudge another -c names`"));
    assert!(!home.ok(&["today", "-c", "tone"]).contains("drawn before"));
    assert_eq!(home.json(&["today"])["gesture"]["category"], "tone");
    // What is no category is said before anything is shown.
    let call = home.run(&["today", "-c", "nonsense"]);
    assert!((call.code, call.out.as_str()) == (Some(2), "") && call.err.contains("the categories are"), "{call:?}");
    let events = home.ok(&["another", "-c", "names", "--json"]);
    assert_eq!(events.lines().count(), 2);
    assert_eq!(home.json(&["today"])["gesture"]["category"], "names");
}

#[test]
fn brief_and_once_are_quiet() {
    let mut home = Home::new();
    // What was not drawn is not shown: it could not be logged.
    assert_eq!((home.ok(&["today", "--brief"]).as_str(), home.journal_text().as_str()), ("○ nudge\n", ""));
    assert_eq!(home.json(&["today", "--brief"])["gesture"], Value::Null);
    let gesture = home.json(&["today"])["gesture"].clone();
    let text = |key: &str| gesture[key].as_str().unwrap().trim_end_matches('.').to_owned();
    let whole = format!("○ {}, when {}\n", text("do"), text("when"));
    let before = home.journal_text();
    assert_eq!(home.ok(&["--brief", "--width", "200"]), whole);
    for width in [60, 30, 10] {
        let brief = home.ok(&["--brief", "--width", &width.to_string()]);
        let kept = brief.trim_end().trim_end_matches('…');
        assert!(brief.trim_end().chars().count() <= width && whole.starts_with(kept), "{width}: {brief}");
        assert!(whole[kept.len()..].starts_with([' ', ',', '\n']), "{width}: {brief}");
    }
    assert_eq!(home.ok(&["today", "--once"]), "");
    assert_eq!(home.journal_text(), before);
    home.seen(&["done"]);
    assert_eq!(home.ok(&["today", "--brief"]), "● done\n");
    assert!(home.at("2026-11-23T08:00:00Z", &["today", "--once"]).contains("nudge done"));
    assert_eq!(home.at("2026-11-23T08:01:00Z", &["today", "--once"]), "");
    // On a day of rest both are silent, and `nudge` still answers.
    home.at("2026-11-24T08:00:00Z", &["rest"]);
    assert_eq!(home.ok(&["today", "--once"]) + &home.ok(&["today", "--brief"]), "");
    assert!(home.ok(&[]).contains("nudge done"));
}

/// Windows that are restored open many shells at once.
#[test]
fn one_of_many_shells_greets() {
    let mut home = Home::new();
    for day in 1..=5 {
        home.now = format!("2026-11-{day:02}T08:00:00+01:00");
        let calls = (0..20).map(|_| home.command(&["today", "--once"]).stdout(Stdio::piped()).spawn().unwrap());
        let calls: Vec<_> = calls.collect();
        let outputs = calls.into_iter().map(|call| call.wait_with_output().unwrap());
        let greeted = outputs.filter(|output| !output.stdout.is_empty()).count();
        assert_eq!((greeted, home.count("offered")), (1, day));
    }
}

/// Whatever is wrong, a shell that starts is not told of it, and neither is its prompt; `nudge` says it.
#[test]
fn a_greeting_that_cannot_be_recorded_is_silent() {
    fn check(what: &str, break_it: fn(&Home)) {
        let home = Home::new();
        break_it(&home);
        for args in [&["today", "--once"][..], &["--once", "--json"], &["--brief"]] {
            let call = home.run(args);
            assert_eq!((call.code, call.out.as_str(), call.err.as_str()), (Some(0), "", ""), "{what}");
        }
        assert_eq!(home.count("offered"), 0, "{what}");
    }
    check("a wrong setting", |home| home.write("config.toml", "swaps = many\n"));
    check("a wrong catalogue", |home| home.write("gestures.toml", "[[gesture]]\n"));
    check("a weight of nothing", |home| home.write("config.toml", "[weights]\nnothing = 2\n"));
    check("a folder in the journal's place", |home| fs::create_dir(home.journal()).unwrap());
    #[cfg(unix)]
    check("a disk that is missing", |home| {
        std::os::unix::fs::symlink(home.path().join("gone/journal.jsonl"), home.journal()).unwrap();
    });
    // One who holds the lock is waited for no longer than anybody would notice.
    let home = Home::new();
    home.ok(&["rest", "--on", "yesterday"]);
    let lock = fs::File::options().append(true).read(true).open(home.path().join("nudge.lock")).unwrap();
    lock.lock().unwrap();
    let call = home.run(&["--once"]);
    assert_eq!((call.code, call.out.as_str(), call.err.as_str()), (Some(0), "", ""));
    drop(lock);
    assert!(home.ok(&["--once"]).contains("nudge done"));
    // A word that can't be understood is a mistake in the start-up file itself.
    assert_eq!(Home::new().run(&["--once", "-c", "nothing"]).code, Some(2));
}

#[test]
fn rest_freezes_days() {
    let mut home = Home::new();
    assert!(home.ok(&["rest", "--on", "2026-12-21", "--until", "2027-01-02"]).contains("Mon 21 Dec"));
    home.ok(&["rest", "--on", "yesterday"]);
    home.seen_at("2026-11-22T12:01:00+01:00", &["done"]);
    let states: Vec<String> = home.json(&["week"])["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["state"].as_str().unwrap().to_owned())
        .collect();
    // Rest before the first `done` is before the beginning.
    assert_eq!(states, ["before", "before", "before", "before", "before", "before", "done"]);
    home.ok(&["undo"]);
    home.ok(&["done", "-c", "tone", "--on", "fri"]);
    let week = home.json(&["week"]);
    assert_eq!((&week["days"][5]["state"], &week["streak"]["days"]), (&json!("rest"), &json!(1)));
    for (args, says) in [
        (&["rest", "--until", "2026-11-21"][..], "before it begins"),
        (&["rest", "--until", "2027-11-24"], "366 days ahead"),
        (&["rest", "--on", "never"], "I don't know the day"),
    ] {
        let call = home.run(args);
        assert!(call.code == Some(2) && call.err.contains(says), "{call:?}");
    }
}

#[test]
fn undo_takes_back_what_was_logged_last() {
    let mut home = Home::new();
    home.seen(&["done"]);
    home.at("2026-11-22T12:01:00+01:00", &["rest", "--on", "2026-12-24"]);
    home.at("2026-11-22T12:02:00+01:00", &["done", "-c", "names", "--on", "2026-01-05"]);
    assert!(home.ok(&["undo"]).contains("names"));
    assert!(home.ok(&["undo"]).contains("Rest on Thu 24 Dec"));
    assert!(home.ok(&["undo"]).contains("Today"));
    assert!(home.ok(&["undo"]).contains("nothing to take back"));
    home.seen(&["done"]);
    let id = home.json(&["journal"])["id"].as_str().unwrap().to_owned();
    let offered = home.journal_text().lines().next().unwrap().split('"').nth(3).unwrap().to_owned();
    let refused = home.run(&["undo", &offered]);
    assert!(
        refused.code == Some(2) && refused.err.contains("only entries, rests, follow-ups and renames"),
        "{refused:?}"
    );
    assert!(home.ok(&["undo", &id[..5]]).contains("Taken back"));
    assert!(home.run(&["undo", &id]).err.contains("already taken back"));
    for nothing in ["!", "", " "] {
        assert_eq!(home.run(&["undo", nothing]).code, Some(2), "{nothing}");
    }
}

#[test]
fn of_two_versions_the_one_that_counts_is_taken_back() {
    let home = Home::new();
    let line = |day: &str, note: &str| {
        format!("{{\"id\":\"A\",\"day\":\"{day}\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{note}\"}}\n")
    };
    home.write("journal.jsonl", line("2026-11-21", "later") + &line("2026-11-20", "counts"));
    assert!(home.ok(&["journal"]).contains("counts"));
    assert!(home.ok(&["undo"]).contains("counts"));
    assert!(home.journal_text().lines().last().unwrap().contains("\"day\":\"2026-11-20\""));
}

#[test]
fn what_is_dated_after_today_is_not_what_was_logged_last() {
    let mut home = Home::new();
    home.at("2026-11-30T12:00:00+01:00", &["done", "-c", "names"]);
    home.at("2026-11-24T12:00:00+01:00", &["done", "-c", "tone"]);
    assert!(home.ok(&["undo"]).contains("tone"));
    assert!(home.ok(&["undo"]).contains("nothing to take back"));
    assert!(home.at("2026-11-30T13:00:00+01:00", &["undo"]).contains("names"));
}

#[test]
fn the_journal_is_filtered() {
    let mut home = Home::new();
    home.ok(&["rest", "--on", "2026-11-18"]);
    for (at, args) in [
        ("2026-11-20T09:00:00Z", ["done", "-c", "tone", "-w", "Sam", "-m", "The Move"]),
        ("2026-11-20T10:00:00Z", ["done", "-c", "names", "-w", "Ada", "-m", "other"]),
        ("2026-11-21T09:00:00Z", ["done", "-c", "tone", "-w", "ada", "-m", "third"]),
    ] {
        home.at(at, &args);
    }
    home.now = "2026-11-22T09:00:00Z".to_owned();
    let list = |args: &[&str]| {
        let out = home.ok(&[&["journal", "--json"], args].concat());
        let note =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["note"].as_str().unwrap_or("rest").to_owned();
        out.lines().map(note).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(list(&[]), "rest, The Move, other, third");
    assert_eq!(list(&["-n", "2"]), "other, third");
    assert_eq!(list(&["--since", "sat"]), "third");
    assert_eq!(list(&["--until", "2026-11-20"]), "rest, The Move, other");
    assert_eq!(list(&["-c", "tone"]), "The Move, third");
    assert_eq!(list(&["-w", "Ada"]), "other, third");
    assert_eq!(list(&["-g", "move"]), "The Move");
    assert!(home.ok(&["journal", "-g", "nowhere"]).contains("Nothing in the journal matches"));
    assert_eq!(home.run(&["journal", "-n", "0"]).code, Some(2));
    // Absent is `null`, never a missing key.
    let newest = home.json(&["journal", "-n", "1"]);
    let keys: Vec<&str> = newest.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["at", "category", "day", "event", "follow_up", "from", "gesture", "id", "note", "until", "with"]);
    assert_eq!((&newest["gesture"], &newest["from"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_closed_pipe_is_no_failure_and_a_full_output_is() {
    let home = Home::new();
    for _ in 0..3 {
        home.ok(&["done", "-c", "tone", "-m", &"long ".repeat(4000)]);
    }
    let mut child = home.command(&["journal"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let call = Call::of(&child.wait_with_output().unwrap());
    assert_eq!((call.code, call.err.as_str()), (Some(0), ""));

    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    if let Ok(full) = full {
        let output = home.command(&["journal"]).stdout(full.try_clone().unwrap()).output().unwrap();
        let call = Call::of(&output);
        assert!(call.code == Some(1) && call.err.contains("can't write to standard output"), "{call:?}");
        for help in ["--help", "-h", "--version"] {
            let output = home.command(&[help]).stdout(full.try_clone().unwrap()).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{help}");
        }
    }
}

#[test]
fn a_year_goes_by() {
    let mut home = Home::new();
    let mut day = chrono::NaiveDate::from_ymd_opt(2025, 12, 29).unwrap();
    let mut done = std::collections::BTreeSet::new();
    for number in 0..371_u32 {
        home.now = format!("{day}T09:00:00Z");
        home.ok(&["today"]);
        // Five days a week, and once in a while four.
        if number % 7 < 5 && number % 50 != 3 {
            home.seen(&["done"]);
            done.insert(day);
        }
        if number % 5 == 0 {
            let week = home.json(&["week"]);
            let from: chrono::NaiveDate = week["from"].as_str().unwrap().parse().unwrap();
            assert_eq!(week["done_days"], done.range(from..).count(), "{day}");
            let short = day - chrono::TimeDelta::days(27);
            assert_eq!(week["last_28"]["done"], done.range(short..).count(), "{day}");
        }
        day = day.succ_opt().unwrap();
    }
    assert_eq!(home.count("offered"), 371);
    assert_eq!(home.count("done"), done.len());
}
