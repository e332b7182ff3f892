//! Looking back: the week, the year, the journal in an editor, and exports.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::home::{Call, Home};

/// A journal in which something was done on these days.
fn with_days<'d>(days: impl IntoIterator<Item = &'d str>) -> Home {
    let home = Home::new();
    let line = |(place, day)| {
        format!(
            "{{\"id\":\"e{place}\",\"at\":\"{day}T09:00:00Z\",\"day\":\"{day}\",\"event\":\"done\",\"category\":\"tone\"}}\n"
        )
    };
    home.write("journal.jsonl", days.into_iter().enumerate().map(line).collect::<String>());
    home
}

fn at_width(home: &Home, columns: &str, args: &[&str]) -> String {
    let call = Call::of(&home.command(args).env("COLUMNS", columns).output().unwrap());
    assert_eq!((call.code, call.err.as_str()), (Some(0), ""), "{args:?}");
    call.out
}

#[test]
fn a_week_says_what_it_comes_to() {
    let home = with_days(["2026-11-02", "2026-11-16", "2026-11-17", "2026-11-19", "2026-11-20", "2026-11-22"]);
    let week = home.ok(&["week"]);
    for part in ["5 of 5 days, a full week · 5-day streak", "6 of 21 days since you began"] {
        assert!(week.contains(part), "{part}: {week}");
    }
    assert!(week.contains("Twelve weeks  ·········▁·▅"), "{week}");
    // The first week of all says what those after it will show, and names no category that was not done.
    let first = with_days(["2026-11-22"]).ok(&["week"]);
    assert!(first.contains("Your first week.") && first.contains("tone") && !first.contains("appreciation"), "{first}");
    let none = Home::new().ok(&["week"]);
    assert!(none.contains("Your first week begins with your first entry"), "{none}");
    // After a pause the page is clean.
    let gap = with_days(["2026-09-01"]).ok(&["week"]);
    assert!(gap.contains("A quiet stretch.") && !gap.contains("quiet for"), "{gap}");
    assert!(home.ok(&["week", "2026-W40"]).contains("before your first entry"));
}

#[test]
fn a_week_suggests_only_what_can_be_drawn() {
    let home = Home::new();
    let mut journal = "{\"day\":\"2026-10-01\",\"event\":\"done\",\"category\":\"names\"}\n".to_owned();
    for category in ["turning-toward", "validations", "remembering", "tone", "appreciation"] {
        journal += &format!("{{\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"{category}\"}}\n");
    }
    home.write("journal.jsonl", journal);
    let names = home.json(&["catalogue", "list", "-c", "names"]);
    let ids = names["gestures"].as_array().unwrap().iter().map(|gesture| gesture["id"].as_str().unwrap());
    let ids: Vec<&str> = ids.collect();
    let (another, tomorrow) = ("nudge another -c names", "For tomorrow:");
    for (config, hidden, expected) in [
        ("", [].as_slice(), [true, false]),
        ("swaps = 0\n", &[], [true, true]),
        ("weights = { names = 0 }\n", &[], [false, false]),
        ("", &ids, [false, false]),
    ] {
        home.write("config.toml", config);
        home.write("gestures.toml", format!("hidden = {hidden:?}\n"));
        home.ok(&["today", "-c", "tone"]);
        let week = home.ok(&["week"]);
        assert_eq!([another, tomorrow].map(|part| week.contains(part)), expected, "{config}{hidden:?}: {week}");
    }
}

#[test]
fn a_new_week_offers_the_one_behind() {
    let offer = "`nudge week last`";
    let mut home = with_days(["2026-11-18"]);
    assert!(!home.ok(&[]).contains(offer));
    assert!(home.at("2026-11-23T12:00:00Z", &[]).contains(offer));
    assert!(!home.at("2026-11-24T12:00:00Z", &[]).contains(offer));
    // Nothing lies behind: there is nothing to offer.
    assert!(!home.at("2026-11-30T12:00:00Z", &[]).contains(offer));
    let mut sunday = with_days(["2026-11-18"]);
    sunday.write("config.toml", "week_starts = \"sun\"\n");
    assert!(sunday.at("2026-11-22T12:00:00Z", &[]).contains(offer));
}

#[test]
fn a_year_is_counted_in_words_and_in_json() {
    let home = with_days(["2025-03-01", "2026-11-16", "2026-11-17", "2026-11-17", "2026-11-19"]);
    let year = home.json(&["year"]);
    assert_eq!((&year["from"], &year["to"]), (&json!("2025-11-17"), &json!("2026-11-22")));
    assert_eq!((&year["done_days"], &year["total_done"]), (&json!(3), &json!(4)));
    assert_eq!(year["categories"], json!([{"id": "tone", "done": 4}]));
    assert_eq!(year["longest"], json!({"days": 3, "weeks": 0}));
    assert_eq!((year["days"].as_array().unwrap().len(), year["strength_by_week"].as_array().unwrap().len()), (371, 53));
    assert_eq!(year["days"][365], json!({"day": "2026-11-17", "state": "done", "done": 2}));
    assert_eq!(home.json(&["year", "2025"])["done_days"], 1);
    let text = home.ok(&["year", "2025"]);
    assert!(text.contains("1 gesture on 1 day") && text.contains("Mar"), "{text}");
    assert!(home.ok(&["year", "2024"]).contains("before your first entry"));
    assert!(home.ok(&["year", "2027"]).contains("still to come"));
    assert!(home.run(&["year", "26"]).err.contains("I don't know the year `26`"));
    assert!(Home::new().ok(&["year"]).contains("each day will have its place"));
}

/// What the year and the export count is what the journal lists, whatever stands twice or is undone.
#[test]
fn the_year_and_the_export_count_what_the_journal_lists() {
    let home = Home::new();
    home.seen(&["done", "-m", "one"]);
    home.seen(&["done", "-w", "Sam"]);
    home.ok(&["done", "-c", "names", "--on", "2026-11-19"]);
    home.ok(&["undo"]);
    home.ok(&["done", "-c", "names", "--on", "2026-11-18", "-m", "=1+1, \"so\""]);
    home.ok(&["rest", "--on", "2026-12-24"]);
    let text = home.journal_text();
    home.write("journal.jsonl", [&text, text.lines().last().unwrap(), "\n"].concat());
    assert_eq!(home.json(&["year"])["total_done"], 2);
    let listed = home.ok(&["journal", "--json"]);
    // The same entries: the list says `null` where the file has no key.
    let ids = |lines: &str| -> Vec<String> {
        let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].to_string();
        lines.lines().map(id).collect()
    };
    // An amended entry is exported as the line that it counts by.
    let exported = home.ok(&["export"]);
    assert_eq!((ids(&exported).len(), &ids(&exported)[0]), (2, &ids(&listed)[0]));
    assert!(exported.contains(&format!("\"amends\":{}", ids(&listed)[1])), "{exported}");
    assert_eq!(home.ok(&["export", "--until", "2026-11-18"]).lines().count(), 1);
    let csv = home.ok(&["export", "--format", "csv"]);
    assert_eq!(csv.split("\r\n").count(), 4, "{csv}");
    assert!(csv.starts_with("\u{FEFF}day,at,event,") && csv.contains(",\"'=1+1, \"\"so\"\"\","), "{csv}");
    let markdown = home.ok(&["export", "--format", "markdown"]);
    assert!(
        markdown.starts_with("## Week 47 · 16–22 November\n\n### Wednesday 18 November\n\n- **Names**: “=1+1"),
        "{markdown}"
    );
}

#[test]
fn a_week_of_names_from_everywhere_stays_aligned() {
    let home = Home::new();
    home.write(
        "gestures.toml",
        "[[category]]\nid = 'kindness'\nname = '親切な言葉'\n[[gesture]]\nid = 'k'\ncategory = 'kindness'\ndo = 'Say it.'\n\
         [[category]]\nid = 'care'\nname = 'رعاية'\n[[category]]\nid = 'play'\nname = 'play 🌱'\n",
    );
    for (category, who) in [("kindness", "陈伟"), ("care", "אמא"), ("play", "Zoë 🌱"), ("names", "أمل")] {
        home.ok(&["done", "-c", category, "-w", who]);
    }
    for columns in ["80", "40", "20"] {
        let week = at_width(&home, columns, &["week"]);
        let bars: Vec<usize> = week
            .lines()
            .filter_map(|line| line.split_once('━'))
            .map(|(before, _)| unicode_width::UnicodeWidthStr::width(before))
            .collect();
        assert!(bars.len() == 4 && bars.iter().all(|bar| *bar == bars[0]), "{bars:?}\n{week}");
        let limit = columns.parse().unwrap();
        for view in [week, at_width(&home, columns, &["year"]), at_width(&home, columns, &["journal"])] {
            let widest = view.lines().map(unicode_width::UnicodeWidthStr::width).max();
            assert!(widest <= Some(limit), "{widest:?} of {columns}:\n{view}");
        }
    }
}

#[test]
fn ten_years_fit_every_window() {
    let first = chrono::NaiveDate::from_ymd_opt(2016, 11, 1).unwrap();
    let days: Vec<String> = first.iter_days().take(3673).map(|day| day.to_string()).collect();
    let home = with_days(days.iter().map(String::as_str));
    assert_eq!(home.json(&["year"])["longest"], json!({"days": 3673, "weeks": 525}));
    // Every shape that there is, for the legend to name.
    for (day, times) in [("2026-11-19", 1), ("2026-11-20", 2)] {
        (0..times).for_each(|_| drop(home.ok(&["done", "-c", "tone", "--on", day])));
    }
    assert!(home.ok(&["year"]).contains("○ today"));
    home.ok(&["done", "-c", "tone"]);
    for columns in ["1", "20", "40", "80", "200"] {
        let year = at_width(&home, columns, &["year"]);
        let room = columns.parse::<usize>().unwrap().clamp(16, 72);
        assert!(year.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= room), "{columns}:\n{year}");
        assert!(year.contains("● today") && year.matches('●').count() == 2, "{year}");
        assert!(year.contains("▪ 1 gesture") && year.contains("■ 2") && year.contains("▆ 3 or more"), "{year}");
    }
    // Shapes alone tell the shades apart.
    let plain = Call::of(&home.command(&["year"]).env("LANG", "C").output().unwrap()).out;
    assert!(plain.is_ascii() && plain.contains("::::"), "{plain}");
}

/// The newest entries are looked for from the end, as far back as it takes.
#[test]
fn the_newest_entries_are_found_however_old() {
    let first = chrono::NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
    let days: Vec<String> = first.iter_days().take(1780).map(|day| day.to_string()).collect();
    let home = with_days(days.iter().map(String::as_str));
    let old = home.journal_text().replacen("\"tone\"", "\"names\"", 3);
    home.write("journal.jsonl", &old);
    let all = home.ok(&["journal", "--json"]);
    for number in [1, 40, 400, 1779, 1780, 5000] {
        let newest = home.ok(&["journal", "--json", "-n", &number.to_string()]);
        let expected: Vec<&str> = all.lines().skip(1780_usize.saturating_sub(number)).collect();
        assert_eq!(newest.lines().collect::<Vec<_>>(), expected, "{number}");
    }
    let names = home.ok(&["journal", "--json", "-c", "names", "-n", "2"]);
    assert_eq!(names.lines().collect::<Vec<_>>(), all.lines().skip(1).take(2).collect::<Vec<_>>());
    assert_eq!(home.ok(&["journal", "--json", "-n", "9", "--since", "2026-11-10"]).lines().count(), 6);
}

#[cfg(unix)]
mod editor {
    use super::*;

    /// A call of `journal --edit` with a shell script as the editor.
    fn edit(home: &Home, script: &str) -> Call {
        edit_with(home, &["journal", "--edit"], script)
    }

    fn edit_with(home: &Home, args: &[&str], script: &str) -> Call {
        use std::os::unix::fs::PermissionsExt;
        let path = home.path().join("my editor");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        let editor = format!("'{}' --wait", path.display());
        Call::of(&home.command(args).env("VISUAL", editor).env("EDITOR", "false").output().unwrap())
    }

    /// Files that were kept.
    fn kept(home: &Home) -> Vec<std::path::PathBuf> {
        let files = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("entries-")).collect()
    }

    #[test]
    fn what_came_back_is_appended() {
        let home = with_days(["2026-11-20", "2026-11-21"]);
        let before = home.journal_text();
        let call = edit(&home, "[ \"$1\" = --wait ] || exit 1; [ \"$(stat -c %a \"$2\")\" = 600 ] || exit 2");
        assert!(call.code == Some(0) && call.out.contains("as it was") && call.out.contains("--wait"), "{call:?}");
        assert_eq!(home.journal_text(), before);
        // Changed, and new.
        let new = "[[entry]]\nday = \"2026-11-19\"\ncategory = \"tone\"\nnote = \"\"\"\nnew\nlines\n\"\"\"\n";
        let call = edit(&home, &format!("sed -i 0,/tone/s//names/ \"$2\"; printf '%s' '{new}' >> \"$2\""));
        assert!(call.code == Some(0) && call.out.contains("1 entry changed and 1 new entry."), "{call:?}");
        assert!(home.journal_text().starts_with(&before), "nothing that was there has changed");
        let listed = home.ok(&["journal"]);
        assert!(listed.contains("names") && listed.contains("“new lines”"), "{listed}");
        // Taken out: that is asked, and where nobody can answer it takes a word.
        let out = "printf '' > \"$2.new\"; head -3 \"$2\" > \"$2.new\"; mv \"$2.new\" \"$2\"";
        let before = home.journal_text();
        let call = edit(&home, out);
        assert!(
            call.code == Some(1) && call.err.contains("3 entries taken back") && call.err.contains("--yes"),
            "{call:?}"
        );
        assert_eq!((home.journal_text(), kept(&home).len()), (before.clone(), 1));
        fs::remove_file(&kept(&home)[0]).unwrap();
        let call = edit_with(&home, &["journal", "--edit", "--yes"], out);
        assert!(call.code == Some(0) && call.out.contains("3 entries taken back."), "{call:?}");
        assert!(home.journal_text().starts_with(&before) && kept(&home).is_empty());
        assert!(home.ok(&["journal"]).contains("Nothing is logged yet"));
    }

    #[test]
    fn an_empty_or_a_vanished_file_changes_nothing() {
        let home = with_days(["2026-11-20"]);
        let before = home.journal_text();
        for script in ["truncate -s 0 \"$2\"", "rm \"$2\"", "printf '\n \n' > \"$2\""] {
            let call = edit_with(&home, &["journal", "--edit", "--yes"], script);
            assert!(call.code == Some(0) && call.out.contains("came back empty"), "{script} {call:?}");
            assert_eq!((home.journal_text(), kept(&home).len()), (before.clone(), 0), "{script}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_and_kept() {
        let home = with_days(["2026-11-20", "2026-11-21"]);
        let before = home.journal_text();
        for (script, says) in [
            ("echo rubbish >> \"$2\"", "key with no value"),
            ("sed -i 's/^day/dya/' \"$2\"", ":5:1: this [[entry]] has no `day`"),
            ("sed -i 's/2026-11-20/2027-11-20/' \"$2\"", "line 5: 2027-11-20 is still to come"),
            ("sed -i 's/^id = .*/id = \"nobody\"/' \"$2\"", "line 5: `nobody` is not one of the entries"),
            ("sed -i 's/^category.*//' \"$2\"; sed -i 's/^id.*//' \"$2\"", "line 5: this [[entry]] has no `category`"),
            ("sed -i 's/^category.*/category = \"tone\"\\ngesture = \"x\"/' \"$2\"", "line 5: there is no gesture `x`"),
            ("printf '\\377' >> \"$2\"", "is not UTF-8"),
        ] {
            let call = edit_with(&home, &["journal", "--edit", "--yes"], script);
            let [file] = kept(&home).try_into().unwrap();
            assert!(call.code == Some(1) && call.err.contains(says), "{script} {call:?}");
            assert!(call.err.contains(file.to_str().unwrap()), "{script} {call:?}");
            assert_eq!(home.journal_text(), before, "{script}");
            fs::remove_file(file).unwrap();
        }
    }

    #[test]
    fn only_what_is_listed_is_opened_and_it_races_with_nobody() {
        let home = with_days(["2026-11-20", "2026-11-21"]);
        let nudge = env!("CARGO_BIN_EXE_nudge");
        // No lock is held while the editor is open.
        let script = format!(
            "grep -c entry]] \"$2\" > count; sed -i s/tone/names/ \"$2\"; {nudge} done -c appreciation >/dev/null"
        );
        let call = edit_with(
            &home,
            &["journal", "--edit", "--since", "2026-11-21"],
            &format!("cd {}; {script}", home.path().display()),
        );
        assert!(call.code == Some(0) && call.out.contains("1 entry changed."), "{call:?}");
        // One in the head, and one entry.
        assert_eq!(home.text("count"), "2\n");
        let listed = home.ok(&["journal"]);
        assert!(["tone", "names", "appreciation"].iter().all(|category| listed.contains(category)), "{listed}");
    }

    #[test]
    fn an_editor_that_fails_changes_nothing() {
        let home = with_days(["2026-11-20"]);
        let before = home.journal_text();
        let call = edit(&home, "exit 3");
        assert!(call.code == Some(1) && call.err.contains("ended with exit status: 3"), "{call:?}");
        for (editor, says) in
            [("no-such-editor", "can't start the editor `no-such-editor`"), ("'open", "is not a command")]
        {
            let mut command: Command = home.command(&["journal", "--edit"]);
            let call = Call::of(&command.env("EDITOR", editor).output().unwrap());
            assert!(
                call.code == Some(1) && call.err.contains(says) && call.err.contains("hint: set `VISUAL`"),
                "{call:?}"
            );
        }
        assert_eq!((home.journal_text(), kept(&home).len()), (before, 0));
        // Without a terminal and without an editor there is nothing to open it in.
        assert!(home.run(&["journal", "--edit"]).err.contains("no terminal for an editor"));
        let empty = Home::new();
        assert!(edit(&empty, "exit 3").out.contains("Nothing to edit"));
    }
}

/// A line that another tool has put marks around is the same line to every view.
#[test]
fn marks_of_other_tools_change_no_count() {
    let home = Home::new();
    let line = |category: &str| {
        format!("{{\"id\":\"a\",\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"{category}\"}}")
    };
    // Of two lines with one id the smaller counts, whatever stands around it.
    home.write("journal.jsonl", format!("\u{FEFF}{}\r\n{}\n", line("names"), line("tone")));
    let done = |view: &str| -> Vec<String> {
        let json = home.json(&[view]);
        let categories = json["categories"].as_array().unwrap().iter();
        categories.filter(|of| of["done"] == 1).map(|of| of["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((done("week"), done("year")), (vec!["names".to_owned()], vec!["names".to_owned()]));
    assert!(home.ok(&["export"]).contains("names"));
}

/// A short file holds old days too: reaching its beginning is not having read them.
#[test]
fn what_lies_far_back_in_a_short_file_is_found() {
    let home = Home::new();
    let done = |days: &[u32]| -> String {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let line = |ago: &u32| {
            let day = today - chrono::TimeDelta::days((*ago).into());
            format!("{{\"id\":\"d{ago}\",\"day\":\"{day}\",\"event\":\"done\",\"category\":\"tone\"}}\n")
        };
        days.iter().map(line).collect()
    };
    // A streak of more than the weeks that are looked at first.
    home.write("journal.jsonl", done(&(0..=130).rev().collect::<Vec<u32>>()));
    assert_eq!(home.json(&["week"])["streak"]["days"], 131);
    // Day one lies far back: the days since count.
    home.write("journal.jsonl", done(&[120, 0]));
    let week = home.json(&["week"]);
    assert_eq!((&week["days"][0]["state"], &week["last_28"]["of"]), (&"spare".into(), &28.into()));
    assert_eq!(home.json(&["week", "last"])["kept"], false);
    // The newest five, however old.
    home.write("journal.jsonl", done(&[400, 150, 100, 60, 40, 20, 1]));
    assert_eq!(home.ok(&["journal", "-n", "5", "--json"]).lines().count(), 5);
    home.write("journal.jsonl", done(&[900]));
    assert_eq!(home.ok(&["journal", "-n", "1", "--json"]).lines().count(), 1);
}

#[test]
fn a_narrow_week_says_what_its_shapes_mean() {
    let home = with_days(["2026-11-17", "2026-11-19"]);
    let narrow = at_width(&home, "40", &["week"]);
    assert!(narrow.contains("· spare  - quiet  ○ today\n"), "{narrow}");
    let wide = at_width(&home, "80", &["week"]);
    assert!(wide.contains("spare") && !wide.contains("○ today"), "{wide}");
}
