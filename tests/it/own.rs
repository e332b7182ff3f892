//! The user's own gestures: listed, shown, added, hidden, checked; and why a prompt came.

use serde_json::{Value, json};

use crate::home::{Call, Home};

fn ids(home: &Home, args: &[&str]) -> Vec<String> {
    let list = home.json(&[&["catalogue", "list"], args].concat());
    list["gestures"].as_array().unwrap().iter().map(|gesture| gesture["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_list_is_filtered_and_counted() {
    let home = Home::new();
    let all = home.json(&["catalogue"]);
    let counts: u64 = all["categories"].as_array().unwrap().iter().map(|c| c["gestures"].as_u64().unwrap()).sum();
    assert_eq!(counts, all["gestures"].as_array().unwrap().len() as u64);
    assert!(counts >= 168);
    for gesture in home.json(&["catalogue", "-c", "ton", "-p", "text", "-l", "2"])["gestures"].as_array().unwrap() {
        assert_eq!((&gesture["category"], &gesture["level"]), (&json!("tone"), &json!(2)));
        assert!(gesture["where"].as_array().unwrap().contains(&json!("text")), "{gesture}");
    }
    assert_eq!(ids(&home, &["-g", "HANDS OFF THE KEYS"]), ["turn-hands-off"]);
    assert!(home.ok(&["catalogue", "-g", "no such words"]).contains("No gesture fits"));
    assert!(home.ok(&["catalogue", "list", "--hidden"]).contains("Nothing here is hidden"));
    let list = home.ok(&["catalogue", "-c", "names"]);
    assert!(list.starts_with("  Names · ") && list.contains("\n  name-spelling · ") && !list.contains("tone-"));
    assert_eq!(home.run(&["catalogue", "-l", "4"]).code, Some(2));
}

#[test]
fn one_is_shown_whole_with_its_evidence() {
    let home = Home::new();
    let shown = home.ok(&["catalogue", "show", "tone-face"]);
    for part in
        ["tone-face-their-way", "Needs sight. Without: ", "Grade C", "Caution: ", "hunch", "nudge catalogue hide"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let json = home.json(&["catalogue", "show", "tone-face"]);
    assert_eq!((&json["needs"], &json["hidden"]), (&json!(["sight"]), &json!(false)));
    assert!(home.run(&["catalogue", "show", "tone-"]).err.contains("begins more than one gesture"));
}

#[test]
fn what_is_hidden_is_not_offered_until_it_is_taken_out() {
    let home = Home::new();
    home.write("gestures.toml", "# mine\n\n[[category]]\nid = 'play'\nname = 'play'\n\n[[gesture]]\nid = 'play-a'\ncategory = 'play' # a comment\ndo = 'A.'\n\n[[gesture]]\nid = 'play-b'\ncategory = 'play'\ndo = 'B.'\n");
    let before = std::fs::read_to_string(home.path().join("gestures.toml")).unwrap();
    assert!(home.ok(&["catalogue", "hide", "play-a"]).contains("Hidden: `play-a`."));
    assert!(home.ok(&["catalogue", "hide", "play-a"]).contains("hidden before"));
    assert_eq!(ids(&home, &["--hidden"]), ["play-a"]);
    let text = std::fs::read_to_string(home.path().join("gestures.toml")).unwrap();
    assert_eq!(text, format!("hidden = [\"play-a\"]\n{before}"), "comments and order stay");
    assert_eq!(home.json(&["today", "-c", "play"])["gesture"]["id"], "play-b");
    assert!(home.ok(&["catalogue", "unhide", "play-a"]).contains("can come up again"));
    assert_eq!(ids(&home, &["--hidden"]), [""; 0]);
    assert!(home.ok(&["another", "-c", "play"]).contains("  A.\n"));
}

#[test]
fn not_for_me_hides_and_costs_no_swap() {
    let home = Home::new();
    let first = home.json(&["today"])["gesture"]["id"].as_str().unwrap().to_owned();
    let out = home.ok(&["another", "--hide"]);
    assert!(out.contains(&format!("Hidden: `{first}`")), "{out}");
    let today = home.json(&["today"]);
    assert_eq!(today["swaps_left"], 3);
    assert_ne!(today["gesture"]["id"], json!(first));
    assert_eq!(ids(&home, &["--hidden"]), [first]);
    // With the swaps used up what is not for me can still go.
    home.write("config.toml", "swaps = 0\n");
    assert!(home.ok(&["another"]).contains("swaps turned off"));
    assert_eq!(home.ok(&["another", "--hide", "--json"]).lines().count(), 2);
    // What is asked for in vain, or after `done`, hides nothing.
    let call = home.run(&["another", "--hide", "-c", "nonsense"]);
    assert!(call.code == Some(2) && call.err.contains("no category begins with"), "{call:?}");
    home.seen(&["done"]);
    let before = home.journal_text();
    assert!(home.ok(&["another", "--hide"]).contains("one is enough"));
    assert_eq!((ids(&home, &["--hidden"]).len(), home.journal_text()), (2, before));
}

#[test]
fn a_wrong_file_of_mine_is_not_written_to() {
    let home = Home::new();
    home.ok(&["today"]);
    home.write("gestures.toml", "[[gesture]]\nid = 'x'\n");
    let journal = home.journal_text();
    for args in [
        &["another", "--hide"][..],
        &["catalogue", "hide", "turn-hands-off"],
        &["catalogue", "unhide", "turn-hands-off"],
        &["catalogue", "add", "-c", "tone", "--do", "Hum."],
    ] {
        let call = home.run(args);
        assert!(call.code == Some(1) && call.err.contains("gestures.toml:1:1: this [[gesture]] has no `"), "{call:?}");
    }
    assert_eq!(std::fs::read_to_string(home.path().join("gestures.toml")).unwrap(), "[[gesture]]\nid = 'x'\n");
    assert_eq!(home.journal_text(), journal);
}

#[test]
fn a_gesture_is_added_by_options() {
    let home = Home::new();
    let add = ["catalogue", "add", "-c", "app", "--do", "thank the driver by name", "--when", "When a ride ends,"];
    let out = home.ok(&[&add[..], &["--say", "Thanks, Jo.", "--where", "text", "--where", "home"]].concat());
    assert!(out.contains("When a ride ends,\n  thank the driver by name.\n"), "{out}");
    let json = home.json(&["catalogue", "show", "thank-the-driver-by"]);
    assert_eq!((&json["where"], &json["when"]), (&json!(["home", "text"]), &json!("a ride ends")));
    // The same again gets an id of its own; one that is taken is refused.
    home.ok(&add);
    assert_eq!(ids(&home, &["-g", "the driver by name"]), ["thank-the-driver-by", "thank-the-driver-by-2"]);
    let before = std::fs::read_to_string(home.path().join("gestures.toml")).unwrap();
    #[track_caller]
    fn check(home: &Home, args: &[&str], code: i32, says: &str) {
        let call = home.run(&[&["catalogue", "add"], args].concat());
        assert!(call.code == Some(code) && call.err.contains(says), "{call:?}");
    }
    check(&home, &["-c", "tone", "--do", "Hum.", "--id", "turn-hands-off"], 1, "there is a gesture `turn-hands-off`");
    check(&home, &["-c", "tone", "--do", "Hum.", "--id", "No Id"], 1, "small letters, digits and hyphens");
    check(
        &home,
        &["-c", "tone", "--do", &"x".repeat(150)],
        1,
        "150 characters, 140 at the most".replace("150", "151").as_str(),
    );
    check(&home, &["-c", "tone", "--do", " "], 1, "`do` is blank");
    check(&home, &["-c", "song", "--do", "Hum."], 2, "the categories are");
    check(&home, &["-c", "tone"], 2, "needs a category and an action");
    check(&home, &[], 2, "bare in a terminal");
    check(&home, &["-c", "tone", "--do", "Hum.", "--seconds", "90"], 1, "`seconds` is 90, expected 5 to 60");
    assert_eq!(std::fs::read_to_string(home.path().join("gestures.toml")).unwrap(), before);
}

/// In a real terminal, made by `script`.
#[cfg(target_os = "linux")]
#[test]
fn a_gesture_is_added_by_answers() {
    use std::process::{Command, Stdio};
    let home = Home::new();
    let ask = |answers: &str| {
        let mut command = Command::new("script");
        command.args(["-qec", &format!("{} catalogue add", env!("CARGO_BIN_EXE_nudge")), "/dev/null"]);
        for (name, value) in home.command(&[]).get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), answers.as_bytes()).unwrap();
        Call::of(&child.wait_with_output().unwrap())
    };
    let call = ask("song\ntone\na call begins\n\nsmile before you speak\nHello you.\nmoon\nremote, text\n");
    assert!(call.code == Some(0) && call.out.contains("Added to"), "{call:?}");
    assert_eq!(call.out.matches("That is none of them.").count(), 2, "{}", call.out);
    let json = home.json(&["catalogue", "show", "smile-before-you-speak"]);
    assert_eq!((&json["do"], &json["where"]), (&json!("Smile before you speak."), &json!(["remote", "text"])));
    assert_eq!((&json["when"], &json["say"]), (&json!("a call begins"), &json!(["Hello you."])));
    let before = std::fs::read_to_string(home.path().join("gestures.toml")).unwrap();
    let call = ask("tone\n\u{4}");
    assert!(call.out.contains("Nothing was added."), "{call:?}");
    assert_eq!(std::fs::read_to_string(home.path().join("gestures.toml")).unwrap(), before);
}

#[test]
fn ten_mistakes_are_named_at_once() {
    let home = Home::new();
    let long = "x".repeat(141);
    let text = format!(
        "hiden = []\n[[gesture]]\nid = 'Ä'\ncategory = 'tone'\ndo = 'x'\n\n[[gesture]]\nid = 'a'\ncategory = 'nowhere'\n\
         do = '{long}'\n[[gesture]]\nid = 'a'\ncategory = 'tone'\nlevel = 4\nseconds = 'ten'\nwhere = ['moon']\n\
         evidence = ['none1999']\nfit = 'near enough'\n"
    );
    home.write("gestures.toml", &text);
    let call = home.run(&["catalogue", "check"]);
    assert_eq!(call.code, Some(1));
    let path = home.path().join("gestures.toml");
    for problem in [
        "1:1: unknown key `hiden`",
        "3:6: `id` is `Ä`, expected small letters, digits and hyphens",
        "9:12: `category` is `nowhere`, expected one of",
        "10:6: `do` has 141 characters, 140 at the most",
        "11:1: this [[gesture]] has no `do`",
        "12:6: `a` stands twice, first in line 8; an id may stand once",
        "14:9: `level` is 4, expected 1 to 3",
        "15:11: `seconds` is a whole number, not a value of type string",
        "16:10: `where` is `moon`, expected",
        "17:13: `evidence` names `none1999`",
        "18:7: `fit` is `near enough`, expected `near` or `hunch`",
    ] {
        assert!(call.out.contains(&format!("{}:{problem}", path.display())), "{problem}: {}", call.out);
    }
    assert!(call.out.contains("  9 | category = 'nowhere'\n    |            ^^^^^^^^^\n"), "{}", call.out);
    assert!(call.err.contains("has 11 problems"), "{}", call.err);
    let out = home.run(&["catalogue", "check", "--json"]).out;
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["problems"].as_array().unwrap().len(), 11);
    // Another file, a sound one, none.
    home.write("other.toml", "hidden = []\n");
    assert!(home.ok(&["catalogue", "check", home.path().join("other.toml").to_str().unwrap()]).contains("is sound"));
    assert_eq!(home.run(&["catalogue", "check", "/nowhere.toml"]).code, Some(1));
    assert!(Home::new().ok(&["catalogue", "check"]).contains("nothing to check"));
}

#[test]
fn those_who_go_without_get_another_way_or_another_gesture() {
    let home = Home::new();
    home.write("config.toml", "without = ['hearing']\n");
    home.write("gestures.toml", "[[category]]\nid = 'play'\nname = 'play'\n[[gesture]]\nid = 'play-a'\ncategory = 'play'\ndo = 'Whistle.'\nneeds = ['hearing']\n[[gesture]]\nid = 'play-b'\ncategory = 'play'\ndo = 'Hum.'\nsay = ['Hm.']\nneeds = ['hearing']\ninstead = 'Tap a rhythm.'\n");
    let gesture = &home.json(&["today", "-c", "play"])["gesture"];
    assert_eq!(
        (&gesture["id"], &gesture["do"], &gesture["say"]),
        (&json!("play-b"), &json!("Tap a rhythm."), &json!([]))
    );
    let call = home.run(&["another", "-c", "play"]);
    assert!(call.out.contains("That is all for today") || call.err.contains("no gesture"), "{call:?}");
}

#[test]
fn a_low_level_is_kept_to() {
    let mut home = Home::new();
    home.write("config.toml", "max_level = 1\n");
    for day in 1..=30 {
        home.now = format!("2026-11-{day:02}T09:00:00Z");
        assert_eq!(home.json(&["today"])["gesture"]["level"], 1);
    }
}

#[test]
fn places_go_by_the_day() {
    let mut home = Home::new();
    home.write("config.toml", "[places]\nweekdays = ['work']\nweekends = ['remote']\n");
    for day in 1..=14 {
        home.now = format!("2026-11-{day:02}T09:00:00Z");
        let place = if [1, 7, 8, 14].contains(&day) { "remote" } else { "work" };
        let today = home.json(&["today"]);
        assert!(today["gesture"]["where"].as_array().unwrap().contains(&json!(place)), "{day} {today}");
    }
}

#[test]
fn why_tells_the_draw_as_it_was() {
    let mut home = Home::new();
    assert!(home.ok(&["why"]).contains("no prompt yet"));
    assert_eq!(home.json(&["why"])["gesture"], Value::Null);
    assert_eq!(home.journal_text(), "");
    for day in 1..=20 {
        home.seen_at(&format!("2026-11-{day:02}T09:00:00Z"), &["done"]);
    }
    home.now = "2026-11-21T09:00:00Z".to_owned();
    let today = home.json(&["today"]);
    let why = home.json(&["why"]);
    assert_eq!((&why["gesture"], &why["reason"]), (&today["gesture"]["id"], &today["reason"]));
    let shares: f64 = why["weights"].as_array().unwrap().iter().map(|weight| weight["share"].as_f64().unwrap()).sum();
    assert!((shares - 1.0).abs() < 0.001, "{why}");
    let chance = why["chance"].as_f64().unwrap();
    assert!(chance > 0.0 && chance < 0.5, "{why}");
    let finding = &why["evidence"][0];
    assert!(finding["claim"].is_string() && finding["year"].is_u64() && finding["fit"].is_string(), "{why}");
    let text = home.ok(&["why"]);
    assert!(text.to_lowercase().contains(today["reason"].as_str().unwrap()) && text.contains("Grade "), "{text}");
    // What is set later changes nothing of it.
    home.write("config.toml", "[weights]\ntone = 9\nnames = 0\n");
    assert_eq!(home.json(&["why"]), why);
    home.ok(&["done", "-c", "remembering"]);
    assert_eq!(home.json(&["why"]), why);
    // An offer written by hand has no record of its draw.
    home.write("journal.jsonl", "{\"day\":\"2026-11-21\",\"event\":\"offered\",\"gesture\":\"turn-hands-off\",\"category\":\"turning-toward\"}\n");
    assert!(home.ok(&["why"]).contains("is not recorded"));
    // And whatever numbers somebody writes there, they are shown.
    home.write("journal.jsonl", "{\"day\":\"2026-11-21\",\"event\":\"offered\",\"gesture\":\"turn-hands-off\",\"category\":\"tone\",\"why\":{\"reason\":\"mine\",\"weights\":[{\"category\":\"tone\",\"weight\":18446744073709551615},{\"category\":\"names\",\"weight\":18446744073709551615}],\"pool\":4294967295}}\n");
    let text = home.ok(&["why"]);
    assert!(text.contains("Mine.") && text.contains("50%") && text.contains("1 chance in 8589934590"), "{text}");
    assert_eq!(home.json(&["why"])["weights"][0]["share"], 0.5);
    // A small share is a small share, and no zero.
    let journal = home.journal_text().replacen("18446744073709551615", "1", 1);
    home.write("journal.jsonl", journal);
    assert!(home.ok(&["why"]).contains("<1%"), "{}", home.ok(&["why"]));
}
