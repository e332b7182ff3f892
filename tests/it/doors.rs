//! What a newcomer types: whatever it is, a way that works is shown.

use crate::home::Home;

/// A call that is refused with exit code 2 and nothing on standard output, and its hint.
#[track_caller]
fn refused(home: &Home, args: &[&str]) -> String {
    let before = home.journal_text();
    let call = home.run(args);
    assert!((call.code, call.out.as_str()) == (Some(2), ""), "{args:?}: {call:?}");
    assert!(call.err.starts_with("error: ") && call.err.matches("error: ").count() == 1, "{call:?}");
    for foreign in ["unrecognized", "unexpected", "cannot", "invalid value", "For more information", "Usage:"] {
        assert!(!call.err.contains(foreign), "{foreign}: {call:?}");
    }
    assert_eq!(home.journal_text(), before);
    let hint = call.err.split_once("\n\nhint: ").unwrap_or_else(|| panic!("no way out: {call:?}")).1;
    hint.trim_end().to_owned()
}

/// The commands in backticks of a text, with what is to be filled in filled in.
pub fn commands(text: &str) -> Vec<Vec<String>> {
    let quoted = text.split('`').skip(1).step_by(2).filter(|command| command.starts_with("nudge"));
    quoted.map(|command| typed(&command.replace("CATEGORY", "tone").replace('\n', " "))).collect()
}

/// A command as a shell splits it, without the program.
pub fn typed(command: &str) -> Vec<String> {
    shlex::split(command).unwrap().into_iter().skip(1).collect()
}

#[track_caller]
fn works(home: &Home, command: &[String]) {
    let args: Vec<&str> = command.iter().map(String::as_str).collect();
    let call = home.run(&args);
    assert_eq!(call.code, Some(0), "{args:?}: {call:?}");
}

/// Each word, and each command that the hint names typed as it stands.
#[test]
fn a_word_that_is_no_command_leads_to_one() {
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    for (word, way) in [
        ("stats", "nudge week"),
        ("streak", "nudge week"),
        ("status", "nudge week"),
        ("skip", "nudge another"),
        ("next", "nudge another"),
        ("list", "nudge journal"),
        ("history", "nudge journal"),
        ("gestures", "nudge catalogue"),
        ("log", "nudge done"),
        ("log", "nudge journal"),
        ("wek", "nudge week"),
        ("frobnicate", "nudge -h"),
    ] {
        let hint = refused(&home, &[word]);
        assert!(hint.contains(&format!("`{way}`")), "{word}: {hint}");
        let copy = Home::new();
        copy.ok(&["today"]);
        for command in commands(&hint) {
            works(&copy, &command);
        }
    }
}

#[test]
fn what_was_typed_after_a_command_is_asked_back() {
    let home = Home::new();
    home.ok(&["today"]);
    for (line, way) in [
        ("done \"called mum\"", "nudge done -c CATEGORY -m 'called mum'"),
        ("done called mum", "nudge done -c CATEGORY -m 'called mum'"),
        ("done \"paid $5 back\"", "nudge done -c CATEGORY -m 'paid $5 back'"),
        ("done yesterday", "nudge done -c CATEGORY --on yesterday"),
        ("done today", "nudge done --on today"),
        ("done tone", "nudge done -c tone"),
        ("done Sam", "nudge done -w Sam"),
        ("done -w Sam Ada", "nudge done -w Sam -w Ada"),
        ("done -w Sam Ada Mum", "nudge done -w Sam -w Ada -w Mum"),
        ("done -w \"Sam, Ada\"", "nudge done -w Sam -w Ada"),
        ("rest 3 days", "nudge rest --until \"in 2 days\""),
        ("rest a week", "nudge rest --until \"in 6 days\""),
        ("rest until fri", "nudge rest --until fri"),
        ("rest tomorrow", "nudge rest --on tomorrow"),
        ("another tone", "nudge another -c tone"),
        ("today tone", "nudge today -c tone"),
        ("journal soup", "nudge journal -g soup"),
        ("journal -n 0", "nudge journal -n 10"),
        ("catalogue tone", "nudge catalogue -c tone"),
        ("export csv", "nudge export --format csv"),
        ("undo the last", "nudge undo"),
    ] {
        let hint = refused(&home, &typed(&format!("nudge {line}")).iter().map(String::as_str).collect::<Vec<_>>());
        assert!(hint.contains(&format!("`{way}`")), "{line}: {hint}");
        let copy = Home::new();
        copy.ok(&["today"]);
        let command = commands(&hint).into_iter().next().unwrap();
        works(&copy, &command);
    }
    assert!(refused(&home, &["week", "last", "week"]).contains("`47`"));
    assert!(refused(&home, &["-p", "moon"]).contains("`home`, `work`"));
    assert!(refused(&home, &["week", "soon"]).contains("`last`"));
    assert!(refused(&home, &["-c", "kindness"]).contains("`tone`"));
    assert!(refused(&home, &["-c", "tone", "week"]).contains("nudge help week"));
    assert!(refused(&home, &["--colour"]).contains("`--color`"));
    assert!(refused(&home, &["done", "turn-hands-off", "-c", "tone"]).contains("nudge help done"));
    let range = refused(&home, &["journal", "--since", "today", "--until", "mon"]);
    assert_eq!(range, "the other way round: `--since 2026-11-16 --until 2026-11-22`");
    assert_eq!(refused(&home, &["export", "--since", "2026-11-22", "--until", "2026-11-16"]), range);
}

#[test]
fn bare_nudge_has_all_of_todays_options() {
    let home = Home::new();
    assert_eq!(home.json(&["-c", "tone", "--easy", "-p", "text"])["gesture"]["category"], "tone");
    assert!(home.ok(&["--brief"]).starts_with("○ "));
    assert_eq!(home.ok(&["--once"]), "");
    assert_eq!(home.json(&["--json", "week"])["week"], "2026-W47");
}

#[test]
fn help_can_be_asked_for_in_every_way() {
    let home = Home::new();
    let short = home.ok(&["-h"]);
    assert!(short.lines().count() <= 22 && short.contains("Every day") && short.contains("Look back"), "{short}");
    assert!(home.ok(&["help"]).contains("Examples:") && home.ok(&["--help"]).contains("--no-pager"));
    for command in ["today", "done", "rest", "week", "catalogue", "doctor"] {
        assert_eq!(home.ok(&["help", command]), home.ok(&[command, "--help"]));
    }
    assert!(home.ok(&["help", "catalogue", "add"]).contains("--do"));
    assert_eq!(home.journal_text(), "");
}

/// What each category is stands wherever one is asked for.
#[test]
fn categories_are_explained() {
    let home = Home::new();
    let unwrapped = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let list = home.json(&["catalogue"]);
    let help = home.ok(&["done", "--help"]);
    let plain = home.ok(&["catalogue"]);
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for category in list["categories"].as_array().unwrap() {
        let (id, about) = (category["id"].as_str().unwrap(), category["about"].as_str().unwrap());
        let (help, about_unwrapped) = (unwrapped(&help), format!("{id} {about}"));
        assert!(help.contains(&about_unwrapped), "{id}: {help}");
        assert!(readme.contains(&format!("| `{id}` | {about} |")), "{id}");
        assert!(unwrapped(&plain).contains(about), "{id}");
    }
    home.ok(&["-c", "tone"]);
    assert!(home.ok(&["why"]).contains("Tone: how you say things"), "{}", home.ok(&["why"]));
    assert!(home.json(&["why"])["about"].as_str().unwrap().starts_with("How you say things"));
}

#[test]
fn texts_may_begin_with_a_dash() {
    let home = Home::new();
    home.ok(&["done", "-c", "tone", "-m", "- softer", "-w", "-Sam"]);
    assert_eq!(home.json(&["journal", "-g", "- soft"])["with"][0], "-Sam");
    assert_eq!(home.json(&["journal", "-w", "-Sam"])["note"], "- softer");
    home.ok(&["catalogue", "add", "-c", "tone", "--do", "-- pause.", "--say", "- so."]);
}

#[test]
fn days_are_named_in_more_words_and_said_back() {
    let mut home = Home::new();
    home.ok(&["done", "-c", "tone", "--on", "20 nov"]);
    home.ok(&["done", "-c", "names", "--on", "last thu"]);
    let list = home.ok(&["journal", "--since", "mon"]);
    assert!(list.starts_with("  From Mon 16 Nov:\n\n  Thu 19 Nov\n") && list.contains("Fri 20 Nov"), "{list}");
    assert!(home.ok(&["journal", "--since", "2026-11-16"]).starts_with("  Thu 19 Nov"));
    assert!(home.ok(&["week", "47"]).contains("Week 47 · 16–22 November"));
    // At half past one on Monday the evening of Sunday still runs: both its names mean it, and both dates.
    home.now = "2026-11-23T01:30:00+01:00".to_owned();
    for on in ["sun", "mon", "2026-11-22", "2026-11-23", "23 nov", "today"] {
        let out = home.ok(&["done", "-c", "tone", "--on", on, "--json"]);
        assert!(out.contains("\"day\":\"2026-11-22\""), "{on}: {out}");
    }
    let refused = home.run(&["done", "-c", "tone", "--on", "2026-11-24"]);
    assert_eq!(refused.code, Some(2));
    let hint = "until 04:00 (`day_starts`) it is still 2026-11-22; name a day up to that one";
    assert!(refused.err.contains(hint), "{}", refused.err);
}
