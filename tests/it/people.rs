//! Whom to ask, and who was there: follow-ups, names, and taking a name out for good.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::home::Home;

/// The lines of the plans.
fn plans(home: &Home) -> Vec<Value> {
    home.text("plans.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The id of what was noted last.
fn last_id(home: &Home) -> String {
    plans(home).last().unwrap()["id"].as_str().unwrap().to_owned()
}

/// A month, as it was lived: what was asked on which day.
#[test]
fn a_month_with_follow_ups_is_lived() {
    let mut home = Home::new();
    let at = |day: &str| format!("2026-11-{day}T09:00:00+01:00");
    for args in [
        &["remember", "Ada", "birthday", "--on", "1990-11-05", "--every", "year"][..],
        &["remember", "Sam", "presentation", "--on", "2026-11-05"],
        &["remember", "Zoë", "the move", "--on", "2026-11-09"],
        &["remember", "Mum", "the results", "--on", "2026-11-12"],
        &["remember", "Rui", "nothing after all", "--on", "2026-11-04"],
    ] {
        home.at(&at("01"), args);
    }
    home.ok(&["undo"]);
    home.ok(&["rest", "--on", "2026-11-12", "--until", "2026-11-14"]);
    // Day, what is typed after the look, who was asked (- for a gesture), and who waits beside.
    let lived: &[(&str, &[&str], &str, &str)] = &[
        ("03", &["done"], "-", ""),
        ("04", &["done"], "-", ""),
        // Two on one day: by the earlier occurrence, then by id, the other is named.
        ("05", &["done"], "Ada|Sam", "Sam|Ada"),
        ("06", &["done"], "Sam|Ada", ""),
        ("07", &["done"], "-", ""),
        ("09", &["another"], "Zoë", ""),
        ("10", &["another", "--until", "2026-11-14"], "Zoë", ""),
        ("11", &["done"], "-", ""),
        // Away from here on, with the rest over Mum's day, for two weeks.
        ("26", &["done"], "Zoë", "Mum"),
        ("27", &["another"], "Mum", ""),
        ("28", &[], "Mum", ""),
        ("29", &[], "Mum", ""),
        // Asked on three days, it waits where people are.
        ("30", &["done"], "-", ""),
    ];
    for (day, then, asked, beside) in lived {
        home.now = at(day);
        let out = home.ok(&["today"]);
        let today = home.json(&["today"]);
        let who = today["follow_up"]["who"].as_str().unwrap_or("-");
        assert!(asked.split('|').any(|name| name == who), "{day}: {who}\n{out}");
        assert_eq!(today["kind"] == "gesture", who == "-", "{day}");
        match *beside {
            "" => assert!(!out.contains("Also waiting"), "{day}: {out}"),
            names => {
                assert!(names.split('|').any(|name| out.contains(&format!("Also waiting: {name} ("))), "{day}: {out}");
            }
        }
        if !then.is_empty() {
            home.ok(then);
        }
    }
    let people = home.ok(&["people"]);
    assert!(people.contains("the results, since 12 November") && !people.contains("the move"), "{people}");
    let id = plans(&home)[3]["id"].as_str().unwrap().to_owned();
    home.ok(&["done", &id]);
    assert!(!home.ok(&["people"]).contains("the results"));
    // A year later the birthday comes once more.
    home.now = "2027-11-06T09:00:00+01:00".to_owned();
    assert!(home.ok(&["today"]).contains("Ada: birthday, yesterday."));
}

#[test]
fn what_is_noted_is_said_with_its_day() {
    // A Sunday.
    #[track_caller]
    fn check(args: &[&str], says: &str) {
        let home = Home::new();
        let call = home.run(&[&["remember"], args].concat());
        let text = format!("{}{}", call.out, call.err);
        assert!(text.contains(says), "{args:?} {call:?}");
        assert_eq!(call.code, Some(if says.starts_with("error") || says.starts_with("the next") { 2 } else { 0 }));
        assert_eq!(plans(&home).len(), usize::from(call.code == Some(0)));
    }
    check(&["Sam", "the move"], "Noted: Sam, the move. I'll ask on Sun 29 Nov.");
    check(&["Sam", "the move", "--on", "thu"], "I'll ask on Thu 26 Nov.");
    check(&["Sam", "the move", "--on", "sun"], "I'll ask on Sun 29 Nov.");
    check(&["Sam", "the move", "--on", "today"], "I'll ask today.");
    check(
        &["Ada", "birthday", "--on", "2024-02-29", "--every", "year"],
        "I'll ask on Sun 28 Feb 2027, and every year.",
    );
    check(&["Ada", "lunch", "--on", "2026-08-31", "--every", "month"], "I'll ask on Mon 30 Nov, and every month.");
    check(&["Ada", "call", "--on", "2026-11-15", "--every", "week"], "I'll ask today, and every week.");
    check(&["Sam", "the move", "--on", "2026-11-20"], "the next one is `--on 2027-11-20`");
    check(&["Sam", "the move", "--on", "someday"], "error: I don't know the day");
    check(&["Sam"], "error: say what about");
    check(&[], "error: say who");
    check(&["Sam, Ada", "the move"], "error: `Sam, Ada` is more than one name");
    check(&["Sam", " "], "error: say what about");
    // The same again writes nothing, and a wrong config stops nothing.
    let home = Home::new();
    home.ok(&["remember", "Sam", "the move"]);
    assert!(home.ok(&["remember", "sam", "The  move"]).contains("Noted before."));
    home.write("config.toml", "nonsense = 1\n");
    let call = home.run(&["remember", "Ada", "the move"]);
    assert!(call.code == Some(0) && call.err.contains("using the defaults"), "{call:?}");
    assert_eq!(plans(&home).len(), 2);
}

#[test]
fn a_follow_up_is_the_days_prompt() {
    let mut home = Home::new();
    home.at("2026-11-19T09:00:00+01:00", &["remember", "Sam", "presentation to the board", "--on", "2026-11-22"]);
    let id = last_id(&home);
    home.now = "2026-11-22T09:00:00+01:00".to_owned();
    // Where others may look on nobody is named.
    assert_eq!(home.ok(&["--once"]).trim(), "Somebody to ask after today: `nudge`");
    assert_eq!(home.ok(&["--brief"]), "○ Somebody to ask after today: nudge\n");
    assert_eq!(home.ok(&["--once"]), "");
    let out = home.ok(&[]);
    assert!(
        out.contains("Ask Sam about it: presentation to the board.") && out.contains("noted on 19 November"),
        "{out}"
    );
    assert!(home.ok(&["why"]).contains("You noted it on 19 November"));
    let today = home.json(&["today"]);
    let follow_up = json!({"id": id, "who": "Sam", "what": "presentation to the board", "on": "2026-11-22", "every": null, "for": "2026-11-22"});
    assert_eq!(
        (&today["kind"], &today["gesture"], &today["follow_up"]),
        (&json!("follow-up"), &json!(null), &follow_up)
    );
    // In the journal stands no name yet.
    assert!(!home.journal_text().contains("Sam"));
    // What asks for a gesture gets one.
    assert!(home.ok(&["-c", "tone"]).contains("`nudge another -c tone`"));
    assert_eq!(home.run(&["another", "--hide"]).code, Some(2));
    assert_eq!(home.run(&["another", "--until", "yesterday"]).code, Some(2));
    // Taken back it is no prompt, and the day draws again.
    home.ok(&["undo", &id]);
    assert_eq!(home.json(&["today"])["kind"], "gesture");
    home.ok(&["remember", "Ada", "the move", "--on", "today"]);
    assert!(home.ok(&["today"]).contains("Also waiting: Ada (the move)."));
    let id = last_id(&home);
    let logged = home.json(&["done", &id[..6], "-w", "Mum"]);
    assert_eq!(
        (&logged["with"], &logged["follow_up"], &logged["for"]),
        (&json!(["Ada", "Mum"]), &json!(id), &json!("2026-11-22"))
    );
    assert!(home.ok(&["done", &id]).contains("already logged"));
    assert!(!home.ok(&["today"]).contains("Also waiting"));
    // Put off it costs no swap; one asked for a gesture at the draw gets it.
    home.now = "2026-11-24T09:00:00+01:00".to_owned();
    home.ok(&["remember", "Zoë", "the move", "--on", "today"]);
    home.now = "2026-11-25T09:00:00+01:00".to_owned();
    home.ok(&["today"]);
    assert!(home.ok(&["another", "--until", "fri"]).contains("I'll ask again on Fri 27 Nov."));
    assert_eq!(home.json(&["today"])["swaps_left"], 3);
    home.now = "2026-11-26T09:00:00+01:00".to_owned();
    assert_eq!(home.json(&["today"])["kind"], "gesture");
    assert_eq!(home.run(&["another", "--until", "fri"]).code, Some(2));
    home.now = "2026-11-27T09:00:00+01:00".to_owned();
    assert_eq!(home.json(&["today", "--easy"])["kind"], "gesture");
    // Done before it was seen: shown, and not logged.
    home.now = "2026-11-28T09:00:00+01:00".to_owned();
    let call = home.run(&["done"]);
    assert!(call.code == Some(1) && call.out.contains("Ask Zoë about it"), "{call:?}");
    assert!(home.ok(&["done"]).contains("with Zoë"));
}

/// Where others may look on, nobody is named in JSON either; and a question that was only ever mentioned there waits until
/// it was asked.
#[test]
fn a_glance_names_nobody_and_asks_nothing() {
    let mut home = Home::new();
    home.at("2026-11-18T09:00:00+01:00", &["remember", "Sam", "presentation", "--on", "2026-11-20"]);
    for day in 20..=25 {
        home.now = format!("2026-11-{day}T09:00:00+01:00");
        let once: Value = serde_json::from_str(&home.ok(&["--once", "--json"])).unwrap();
        assert_eq!(once["kind"], if day <= 22 { "follow-up" } else { "gesture" }, "{day}");
        assert_eq!((&once["follow_up"]["who"], &once["follow_up"]["what"]), (&Value::Null, &Value::Null), "{day}");
        assert!(!home.ok(&["--brief", "--json"]).contains("Sam"), "{day}");
    }
    // On the days on which it is no longer mentioned it waits under the card, and comes where nobody looks on.
    assert!(home.ok(&["today"]).contains("Also waiting: Sam (presentation)."));
    home.now = "2026-11-26T09:00:00+01:00".to_owned();
    assert!(home.ok(&["today"]).contains("Ask Sam about it: presentation."));
}

/// In a real terminal what is left out is asked for, so that it stands in no shell's history.
#[cfg(target_os = "linux")]
#[test]
fn what_is_left_out_is_asked_for() {
    let home = Home::new();
    let call = home.run_in_terminal(&["remember"], "Sam\nthe move\nthu\n");
    let asked = ["Who? ", "What about? ", "When? (in a week) "];
    assert!(call.code == Some(0) && asked.iter().all(|question| call.out.contains(question)), "{call:?}");
    assert!(call.out.contains("Noted: Sam, the move. I'll ask on Thu 26 Nov."), "{call:?}");
    // An empty answer to the last is a week, and what was given is not asked for.
    let call = home.run_in_terminal(&["remember", "Ada"], "the exam\n\n");
    assert!(!call.out.contains("Who?") && call.out.contains("Ada, the exam. I'll ask on Sun 29 Nov."), "{call:?}");
    let call = home.run_in_terminal(&["remember"], "Mum\n\u{4}");
    assert!(call.code == Some(1) && call.out.contains("nothing was noted"), "{call:?}");
    assert_eq!(plans(&home).len(), 2);
    // Elsewhere nobody answers.
    assert_eq!(home.run(&["remember", "Mum"]).code, Some(2));
}

/// Where others may look on the question is not shown, so what was not seen is not logged.
#[test]
fn a_follow_up_that_was_offered_at_a_glance_is_shown_before_it_is_logged() {
    let asks = "Ask Sam about it: presentation.";
    let offered = || {
        let mut home = Home::new();
        home.at("2026-11-19T09:00:00+01:00", &["remember", "Sam", "presentation", "--on", "2026-11-22"]);
        home.now = "2026-11-22T09:00:00+01:00".to_owned();
        assert_eq!(home.ok(&["--once"]).trim(), "Somebody to ask after today: `nudge`");
        home
    };
    // Typed at once, it is shown, and the same command again logs it.
    let home = offered();
    let call = home.run(&["done", "-m", "all well"]);
    assert!(call.code == Some(1) && call.out.contains(asks) && call.err.contains("not logged"), "{call:?}");
    assert_eq!(home.count("done"), 0);
    assert!(home.ok(&["done", "-m", "all well"]).contains("with Sam"));
    // Looked at first, in whatever shape, it is logged at once; looking again writes nothing.
    for look in [&["today"][..], &["-c", "tone"], &["--json"]] {
        let home = offered();
        assert!(home.ok(look).contains("presentation"), "{look:?}");
        let journal = home.journal_text();
        home.ok(&["today"]);
        assert_eq!(home.journal_text(), journal);
        assert!(home.ok(&["done"]).contains("with Sam"), "{look:?}");
    }
    // What was only offered at a glance is nothing that yesterday's `done` could mean.
    let mut home = offered();
    home.now = "2026-11-23T09:00:00+01:00".to_owned();
    let call = home.run(&["done", "--on", "yesterday"]);
    assert!(call.code == Some(1) && call.err.contains("no prompt was shown on 2026-11-22"), "{call:?}");
    assert!(home.ok(&["today"]).contains(asks));
    // What was not shown is not put off either; named, it is logged.
    let home = offered();
    assert!(home.ok(&["another"]).contains(asks) && home.count("swapped") == 0);
    assert!(home.ok(&["another"]).contains("Put off."));
    let home = offered();
    let id = last_id(&home);
    assert!(home.ok(&["done", &id]).contains("with Sam"));
}

#[test]
fn a_person_is_one_by_any_name() {
    let mut home = Home::new();
    home.at("2026-11-18T09:00:00+01:00", &["done", "-c", "tone", "-w", "SAM"]);
    home.at("2026-11-19T09:00:00+01:00", &["done", "-c", "tone", "-w", "Sam"]);
    let out = home.at("2026-11-20T09:00:00+01:00", &["done", "-c", "tone", "-w", "Sma"]);
    assert!(out.contains("New: Sma. Did you mean Sam? `nudge people rename Sma Sam`"), "{out}");
    assert!(!home.ok(&["done", "-c", "tone", "-w", "Sma"]).contains("New:"));
    let who = |home: &Home| -> Vec<String> {
        let people = home.json(&["people"]);
        people["people"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {}", one["who"].as_str().unwrap(), one["done"]))
            .collect()
    };
    assert_eq!(who(&home), ["Sma 2", "Sam 2"]);
    home.ok(&["people", "rename", "sma", "Sam"]);
    assert_eq!(who(&home), ["Sam 4"]);
    assert_eq!(home.ok(&["journal", "-w", "sMA", "--json"]).lines().count(), 4);
    assert_eq!(home.json(&["week"])["people"], json!([{"who": "Sam", "done": 4}]));
    assert_eq!(home.json(&["people", "SMA"])["entries"].as_array().unwrap().len(), 4);
    assert!(home.ok(&["undo"]).contains("nudge people rename sma Sam"));
    assert_eq!(who(&home), ["Sma 2", "Sam 2"]);
    for (args, says) in [
        (&["people", "Saam"][..], "did you mean Sam?"),
        (&["people", "rename", "Nobody", "Sam"], "nobody here is called `Nobody`"),
        (&["people", "rename", "Sam", " "], "say who"),
    ] {
        let call = home.run(args);
        assert!(call.code == Some(2) && call.err.contains(says), "{call:?}");
    }
}

#[test]
fn a_person_is_erased_and_does_not_come_back() {
    let (mut home, other) = (Home::new(), Home::new());
    home.at("2026-11-20T09:00:00+01:00", &["done", "-c", "tone", "-w", "Sam", "-w", "Ada", "-m", "the move"]);
    home.ok(&["amend", "-m", "SAM's move"]);
    home.at("2026-11-21T09:00:00+01:00", &["done", "-c", "names", "-m", "I asked sam"]);
    home.ok(&["remember", "Sam", "the move"]);
    home.ok(&["remember", "Ada", "how Sam is"]);
    home.ok(&["done", "-c", "names", "-w", "Samuel"]);
    home.ok(&["people", "rename", "Samuel", "Sam"]);
    home.write("journal 2.jsonl", home.journal_text());
    for book in ["journal.jsonl", "plans.jsonl"] {
        other.write(book, home.text(book));
    }
    let before = home.json(&["year"])["total_done"].clone();
    // Not without a question.
    assert_eq!(home.run(&["people", "erase", "Sam"]).code, Some(1));
    let out = home.ok(&["people", "erase", "sam", "--yes"]);
    assert!(out.contains("journal 2.jsonl"), "{out}");
    let holds = |home: &Home| {
        let text = format!("{}{}", home.journal_text(), home.text("plans.jsonl")).to_lowercase();
        text.contains("sam")
    };
    assert!(!holds(&home), "{}{}", home.journal_text(), home.text("plans.jsonl"));
    assert!(home.names().iter().all(|name| !name.contains("backup") && !name.contains("rejected")));
    assert_eq!((home.json(&["year"])["total_done"].clone(), home.count("done")), (before, 4));
    assert!(home.journal_text().contains("\"erased\":true") && home.journal_text().contains("Ada"));
    // An old copy brings nothing back, whichever way it is merged.
    let path = |home: &Home, book: &str| home.path().join(book).to_str().unwrap().to_owned();
    for book in ["journal.jsonl", "plans.jsonl"] {
        home.ok(&["merge", &path(&other, book)]);
        other.ok(&["merge", &path(&home, book)]);
    }
    assert!(!holds(&home) && !holds(&other), "{}", home.journal_text());
    assert!([&home, &other].iter().all(|home| home.names().iter().all(|name| !name.contains("rejected"))));
    assert!(home.ok(&["doctor"]).contains("journal 2.jsonl"));
    assert_eq!(home.run(&["people", "Sam"]).code, Some(2));
}

/// Whoever logs while a name is erased loses nothing.
#[test]
fn many_log_while_one_erases() {
    let home = Home::new();
    home.ok(&["done", "-c", "tone", "-w", "Sam"]);
    let spawn = |args: &[&str]| home.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut calls: Vec<_> = (0..64).map(|_| spawn(&["done", "-c", "tone", "-w", "Ada"])).collect();
    calls.insert(32, spawn(&["people", "erase", "Sam", "--yes"]));
    for call in &mut calls {
        assert!(call.wait().unwrap().success());
    }
    assert_eq!(home.count("done"), 65);
    assert!(!home.journal_text().contains("Sam"));
}

#[test]
fn two_that_remember_at_once_are_both_kept() {
    let home = Home::new();
    let spawn = |who: &str| {
        home.command(&["remember", who, "the move"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut calls: Vec<_> = ["Sam", "Ada", "Zoë", "Mum"].into_iter().map(spawn).collect();
    assert!(calls.iter_mut().all(|call| call.wait().unwrap().success()));
    assert_eq!(plans(&home).len(), 4);
}

#[test]
fn birthdays_come_out_of_an_address_book_once() {
    let home = Home::new();
    let card =
        |name: &str, date: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nBDAY:{date}\r\nEND:VCARD\r\n");
    let cards = [("Ada", "1985-04-12"), ("Sam", "1990-02-30"), ("Mum", "1955-11-25"), ("ada", "1604-04-12")];
    home.write("contacts.vcf", cards.map(|(name, date)| card(name, date)).concat());
    let path = home.path().join("contacts.vcf");
    let args = ["remember", "--from", path.to_str().unwrap()];
    let trial = home.run(&[&args[..], &["--dry-run"]].concat());
    assert!(trial.out.contains("Mum: birthday, on Wed 25 Nov") && trial.out.contains("2 dates"), "{trial:?}");
    assert!(trial.err.contains("contacts.vcf:9:") && plans(&home).is_empty(), "{trial:?}");
    let call = home.run(&args);
    assert!(call.code == Some(0) && call.out.contains("Noted: 2 dates"), "{call:?}");
    assert!(home.run(&args).out.contains("Nothing new"));
    assert_eq!(plans(&home).len(), 2);
    home.write("calendar.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    let call = home.run(&["remember", "--from", home.path().join("calendar.ics").to_str().unwrap()]);
    assert!(call.code == Some(1) && call.err.contains("holds no contact"), "{call:?}");
    assert_eq!(home.run(&["remember", "Ada", "--from", "x"]).code, Some(2));
}

#[test]
fn plans_stand_at_the_end_of_the_journal_and_are_exported() {
    let mut home = Home::new();
    home.at("2026-11-20T09:00:00+01:00", &["done", "-c", "tone", "-w", "Sam"]);
    home.ok(&["remember", "Sam", "the move", "--on", "2026-11-26"]);
    let id = last_id(&home);
    home.ok(&["rest", "--on", "2026-12-24"]);
    home.ok(&["people", "rename", "Sam", "Samuel"]);
    let listed = home.ok(&["journal"]);
    assert!(listed.contains("with Samuel"), "{listed}");
    assert!(listed.contains(&format!("○ Samuel: the move, on Thu 26 Nov · {id}")), "{listed}");
    assert!(listed.contains("~ Rest on Thu 24 Dec · "), "{listed}");
    assert!(!home.ok(&["journal", "-c", "tone"]).contains("the move"));
    let exported = home.ok(&["export"]);
    assert_eq!((exported.lines().count(), exported.matches("\"event\":\"remembered\"").count()), (3, 1));
    let table = home.ok(&["export", "--format", "csv"]);
    assert!(table.contains("remembered,,remembering,Sam,the move,"), "{table}");
    let list = home.ok(&["export", "--format", "markdown"]);
    assert!(list.contains("- Sam: the move, on Thu 26 Nov") && list.contains("- Sam is called Samuel"), "{list}");
    // Once asked, the entry says what about.
    home.ok(&["done", &id]);
    let listed = home.ok(&["journal"]);
    assert!(listed.contains("about: the move") && !listed.contains("○ Samuel"), "{listed}");
    // What an older version made of these lines is nothing; the doctor finds nothing wrong.
    assert!(home.ok(&["doctor"]).contains("All is well"));
}

#[test]
fn somebody_quiet_is_named_only_where_that_was_asked_for() {
    let mut home = Home::new();
    for day in ["2026-09-01", "2026-09-02", "2026-09-03"] {
        for who in ["Ada", "Mum"] {
            home.ok(&["done", "-c", "tone", "-w", who, "--on", day]);
        }
    }
    assert!(!home.ok(&["-c", "names"]).contains("Perhaps"));
    home.write("config.toml", "suggest_people = true\n");
    let out = home.ok(&[]);
    assert!(out.contains("Perhaps Ada.") || out.contains("Perhaps Mum."), "{out}");
    let first = if out.contains("Ada") { "Ada" } else { "Mum" };
    home.ok(&["people", "erase", first, "--yes"]);
    assert!(!home.ok(&[]).contains(first));
    "2026-11-23T09:00:00+01:00".clone_into(&mut home.now);
    assert!(!home.ok(&["-c", "tone"]).contains("Perhaps"));
}

/// Whichever device asked, the other does not ask again.
#[test]
fn after_a_merge_a_follow_up_is_asked_once() {
    let (mut a, mut b) = (Home::new(), Home::new());
    a.at("2026-11-19T09:00:00+01:00", &["remember", "Sam", "the move", "--on", "2026-11-22"]);
    let id = last_id(&a);
    b.write("plans.jsonl", a.text("plans.jsonl"));
    a.at("2026-11-22T09:00:00+01:00", &["today"]);
    let taken_back = a.ok(&["done"]) + &a.ok(&["undo"]);
    assert!(taken_back.contains(&format!("nudge done {id} -w Sam")), "{taken_back}");
    a.ok(&["done", &id]);
    b.at("2026-11-22T10:00:00+01:00", &["today"]);
    let path = |home: &Home| home.journal().to_str().unwrap().to_owned();
    b.ok(&["merge", &path(&a)]);
    a.ok(&["merge", &path(&b)]);
    for home in [&mut a, &mut b] {
        assert_eq!(home.json(&["today"])["done"], true);
        "2026-11-23T09:00:00+01:00".clone_into(&mut home.now);
        assert_eq!(home.json(&["today"])["kind"], "gesture");
        assert_eq!(home.json(&["people", "Sam"])["entries"].as_array().unwrap().len(), 1);
    }
}

/// A line that was written by hand has no id but its bytes, in which the name stands.
#[test]
fn lines_written_by_hand_are_erased_too() {
    let home = Home::new();
    let line = r#"{"day":"2026-11-01","event":"done","category":"tone","with":["Sam"]}"#;
    let undone = json!({"id": "u", "day": "2026-11-02", "event": "undone", "of": line});
    home.ok(&["done", "-c", "tone", "-w", "Rui"]);
    home.ok(&["undo"]);
    home.ok(&["people", "erase", "Rui", "--yes"]);
    assert!(!home.journal_text().contains("Rui"));
    home.write("journal.jsonl", format!("{line}\n{undone}\nnot an event about Sam\n"));
    home.write(
        "plans.jsonl",
        "{\"day\":\"2026-11-01\",\"event\":\"remembered\",\"who\":\"sam\",\"what\":\"x\",\"on\":\"2026-12-01\"}\n",
    );
    let call = home.run(&["people", "erase", "Sam", "--yes"]);
    assert!(call.code == Some(0) && call.out.contains("`journal.jsonl` line 3"), "{call:?}");
    assert_eq!(home.journal_text().matches("Sam").count(), 1, "{}", home.journal_text());
    assert!(!home.text("plans.jsonl").contains("sam"));
    // What was taken back stays so.
    assert_eq!(home.run(&["journal", "--json"]).out, "");
}

#[cfg(unix)]
#[test]
fn what_is_noted_is_its_owners_alone() {
    let home = Home::new();
    home.ok(&["remember", "Sam", "the move"]);
    home.ok(&["people", "erase", "Sam", "--yes"]);
    assert_eq!(home.mode("plans.jsonl"), 0o600);
}
