//! The user's own gestures: listed, shown, added, hidden, checked; and why a prompt came.

use serde_json::{Value, json};

use crate::home::Home;

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
    assert!(counts >= 216);
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
    let shown = home.ok(&["catalogue", "show", "tone-slow"]);
    for part in ["tone-slower", "Needs speech. Otherwise: ", "(grade C)", "Caution: ", "hunch", "nudge catalogue hide"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let json = home.json(&["catalogue", "show", "tone-slow"]);
    assert_eq!((&json["needs"], &json["hidden"]), (&json!(["speech"]), &json!(false)));
    assert!(home.run(&["catalogue", "show", "tone-"]).err.contains("more than one gesture begins with"));
}

#[test]
fn what_is_hidden_is_not_offered_until_it_is_taken_out() {
    let home = Home::new();
    home.write("gestures.toml", "# mine\n\n[[category]]\nid = 'play'\nname = 'play'\n\n[[gesture]]\nid = 'play-a'\ncategory = 'play' # a comment\ndo = 'A.'\n\n[[gesture]]\nid = 'play-b'\ncategory = 'play'\ndo = 'B.'\n");
    let before = std::fs::read_to_string(home.path().join("gestures.toml")).unwrap();
    assert!(home.ok(&["catalogue", "hide", "play-a"]).contains("Hidden: `play-a`."));
    assert!(home.ok(&["catalogue", "hide", "play-a"]).contains("already hidden"));
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
    assert!(home.ok(&["another", "--hide"]).contains("Not hidden, since you have done it today."));
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
    check(
        &home,
        &["-c", "tone", "--do", "Hum.", "--id", "turn-hands-off"],
        1,
        "there is already a gesture `turn-hands-off`",
    );
    check(&home, &["-c", "tone", "--do", "Hum.", "--id", "No Id"], 1, "lowercase letters, digits and hyphens");
    check(
        &home,
        &["-c", "tone", "--do", &"x".repeat(150)],
        1,
        "150 characters, at most 140 are allowed".replace("150", "151").as_str(),
    );
    check(&home, &["-c", "tone", "--do", " "], 1, "`do` is blank");
    check(&home, &["-c", "song", "--do", "Hum."], 2, "the categories are");
    check(&home, &["-c", "tone"], 2, "needs a category and an action");
    check(&home, &[], 2, "without options in a terminal");
    check(&home, &["-c", "tone", "--do", "Hum.", "--seconds", "90"], 1, "`seconds` is 90, expected 5 to 60");
    assert_eq!(std::fs::read_to_string(home.path().join("gestures.toml")).unwrap(), before);
}

/// In a real terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_gesture_is_added_by_answers() {
    let home = Home::new();
    let ask = |answers: &str| home.run_in_terminal(&["catalogue", "add"], answers);
    let call = ask("song\ntone\na call begins\n\nsmile before you speak\nHello you.\nmoon\nremote, text\n");
    assert!(call.code == Some(0) && call.out.contains("Added to"), "{call:?}");
    assert_eq!(call.out.matches("That is not one of them.").count(), 2, "{}", call.out);
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
        "3:6: `id` is `Ä`, expected lowercase letters, digits and hyphens",
        "9:12: `category` is `nowhere`, expected one of",
        "10:6: `do` has 141 characters, at most 140 are allowed",
        "11:1: this [[gesture]] has no `do`",
        "12:6: `a` is used twice, first in line 8; an id may be used only once",
        "14:9: `level` is 4, expected 1 to 3",
        "15:11: `seconds` must be a whole number, not a value of type string",
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
    let text = home.ok(&["why"]);
    assert!(
        text.to_lowercase().contains(today["reason"].as_str().unwrap()) && text.contains("What is known"),
        "{text}"
    );
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
    assert!(text.contains("Mine.") && text.contains("tone 50 · names 50, of 100"), "{text}");
    let table = home.ok(&["why", "--draw"]);
    assert!(table.contains("  50\n") && table.contains("1 chance in 8589934590"), "{table}");
    assert_eq!(home.json(&["why"])["weights"][0]["share"], 0.5);
    // A small share is a small share, and no zero.
    let journal = home.journal_text().replacen("18446744073709551615", "1", 1);
    home.write("journal.jsonl", journal);
    assert!(home.ok(&["why"]).contains("names 100 · tone <1, of 100"), "{}", home.ok(&["why"]));
    // Who sat out is told, with why.
    let why = home.at("2026-11-22T09:00:00Z", &["today", "--json"]);
    assert!(why.contains("\"resting_until\":null"), "{why}");
    assert_eq!(
        home.json(&["why"])["sat_out"],
        json!([{"category": "names", "because": "no-weight"}, {"category": "tone", "because": "lately"}])
    );
    let text = home.ok(&["why"]);
    assert!(text.contains("tone sat out: it came up lately") && text.contains("names sat out: weight 0"), "{text}");
}

#[test]
fn a_finding_is_told_with_its_grade_and_none_is_made_up() {
    let home = Home::new();
    let offered = |gesture: &str, category: &str| {
        format!(
            "{{\"day\":\"2026-11-22\",\"event\":\"offered\",\"gesture\":\"{gesture}\",\"category\":\"{category}\"}}\n"
        )
    };
    home.write("journal.jsonl", offered("turn-hands-off", "turning-toward"));
    let (text, json) = (home.ok(&["why"]), home.json(&["why"]));
    let finding = &json["evidence"][0];
    assert!(finding["claim"].is_string() && finding["year"].is_u64() && finding["fit"].is_string(), "{json}");
    assert!(finding["acts"].is_null() && text.contains("(grade B)") && !text.contains("No study"), "{text}");
    home.write("journal.jsonl", offered("turn-queue-word", "turning-toward"));
    for args in [&["why"][..], &["catalogue", "show", "turn-queue-word"]] {
        let text = home.ok(args);
        assert!(text.contains("No study that we know of is about this act."), "{text}");
        assert!(!text.contains("rade B") && !text.contains("hunch") && !text.contains("nobody has said"), "{text}");
    }
    let json = home.json(&["catalogue", "show", "turn-queue-word"]);
    assert_eq!((&home.json(&["why"])["evidence"], &json["fit"]), (&json!([]), &Value::Null));
    assert!(json["often"].is_null(), "how often a cue comes is not shown: {json}");
}

#[test]
fn what_was_retired_is_known_by_name() {
    let home = Home::new();
    let call = home.run(&["done", "turn-grumble", "-m", "the bus"]);
    assert!(call.code == Some(1) && call.err.contains("not logged: `turn-grumble` has been retired"), "{call:?}");
    assert!(call.err.contains("your note: the bus") && call.err.contains("nudge done -c CATEGORY"), "{call:?}");
    for verb in ["show", "hide", "unhide"] {
        let call = home.run(&["catalogue", verb, "turn-grumble"]);
        assert!(call.code == Some(1) && call.err.contains("`turn-grumble` has been retired"), "{call:?}");
    }
    // Who had hidden it need not know.
    home.write("gestures.toml", "hidden = ['turn-grumble', 'turn-hands-off']\n");
    assert!(home.ok(&["catalogue"]).contains("; 1 hidden"));
    assert!(home.ok(&["catalogue", "unhide", "turn-grumble"]).contains("no longer in `hidden`"));
    assert_eq!(home.text("gestures.toml"), "hidden = ['turn-hands-off']\n");
    // Who had done it finds it again.
    home.write("journal.jsonl", "{\"id\":\"a\",\"day\":\"2026-11-21\",\"event\":\"done\",\"gesture\":\"turn-grumble\",\"category\":\"turning-toward\"}\n");
    assert!(home.ok(&["journal"]).contains("turn-grumble, a gesture that has since been retired\n"));
    assert!(!home.run(&["doctor"]).out.contains("turn-grumble"));
    assert_eq!(home.json(&["week"])["categories"][0]["done"], 1);
    // Who misses it may have it back.
    home.ok(&["catalogue", "add", "-c", "turning", "--do", "Ask what broke.", "--id", "turn-grumble"]);
    assert!(home.ok(&["done", "turn-grumble"]).contains("Ask what broke."));
}

#[test]
fn a_hidden_id_that_no_gesture_has_costs_a_word_and_not_the_file() {
    let home = Home::new();
    home.write(
        "gestures.toml",
        "hidden = ['turn-hands-off', 'turn-hans-off']\n[[gesture]]\nid = 'own'\ncategory = 'tone'\ndo = 'Hum.'\n",
    );
    let word = "gestures.toml:1:29: `hidden` names `turn-hans-off`, which no gesture has as its `id`";
    for args in [&["today"][..], &["done"], &["catalogue", "show", "own"], &["catalogue", "check"]] {
        let call = home.run(args);
        assert!(call.code == Some(0) && call.err.starts_with("warning: ") && call.err.contains(word), "{call:?}");
    }
    assert_eq!(home.ok(&["today", "--brief"]).lines().count(), 1);
    let doctor = home.ok(&["doctor"]);
    assert!(doctor.contains("`hidden` names `turn-hans-off`") && doctor.contains("well"), "{doctor}");
    assert!(home.run(&["catalogue", "list", "--hidden"]).out.contains("turn-hands-off"));
    home.run(&["catalogue", "unhide", "turn-hans-off"]);
    assert_eq!(ids(&home, &["--hidden"]), ["turn-hands-off"]);
}

#[test]
fn the_built_in_gestures_can_be_left_out() {
    let home = Home::new();
    home.write("gestures.toml", "builtin = false\n[[gesture]]\nid = 'summen'\ncategory = 'tone'\ndo = 'Summen.'\n");
    assert_eq!(ids(&home, &[]), ["summen"]);
    assert_eq!(home.json(&["catalogue"])["categories"].as_array().unwrap().len(), 6);
    assert_eq!(home.json(&["today"])["gesture"]["id"], "summen");
    assert_eq!(home.run(&["done", "turn-hands-off"]).code, Some(2));
    home.ok(&["done"]);
    // With none of one's own there is nothing to offer.
    let home = Home::new();
    home.write("gestures.toml", "builtin = false\n");
    let call = home.run(&["today"]);
    assert!(call.code == Some(1) && call.err.contains("builtin = false"), "{call:?}");
}

#[test]
fn out_and_about_is_a_place() {
    let home = Home::new();
    let out = |gesture: &Value| gesture["where"].as_array().unwrap().contains(&json!("out"));
    assert!(out(&home.json(&["today", "-p", "out"])["gesture"]));
    assert!(home.json(&["catalogue", "-p", "out"])["gestures"].as_array().unwrap().iter().all(out));
    home.ok(&["catalogue", "add", "-c", "tone", "--do", "Hum.", "--where", "text", "--where", "out"]);
    assert_eq!(home.json(&["catalogue", "show", "hum"])["where"], json!(["out", "text"]));
    // What fits all of them fits anywhere.
    let add = ["catalogue", "add", "-c", "tone", "--do", "Sing.", "--where"];
    let all = ["home", "--where", "work", "--where", "out", "--where", "remote", "--where", "text"];
    assert!(home.ok(&[&add[..], &all].concat()).contains("\n  anywhere\n"));
    assert!(!home.text("gestures.toml").contains("remote"));
}

/// Who lives alone leaves `home` out; then nothing at a weekend needs somebody who is there.
#[test]
fn a_weekend_without_home_asks_for_nobody_at_home() {
    let mut home = Home::new();
    home.write("config.toml", "swaps = 9\n[places]\nweekends = ['out', 'text']\n");
    for day in ["07", "08", "14", "15", "21", "22"] {
        home.now = format!("2026-11-{day}T09:00:00Z");
        for call in 0..10 {
            let gesture = if call == 0 {
                home.json(&["today"])["gesture"].clone()
            } else {
                home.ok(&["another"]);
                home.json(&["today"])["gesture"].clone()
            };
            let places = gesture["where"].as_array().unwrap();
            assert!(places.contains(&json!("out")) || places.contains(&json!("text")), "{gesture}");
        }
    }
}
