//! Files as nasty as they come: every call ends, with a word about what is wrong, and holds no more in memory than
//! a multiple of the file.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::home::{Call, Home};

/// How long each file is, in bytes.
const LENGTH: usize = 256 * 1024;
/// How many bytes a call may hold for each of the file's.
const TIMES: usize = 80;
/// The same of TOML, whose parser makes a table of some hundred bytes of each dot in `a.a.a`.
const TIMES_OF_TOML: usize = 650;
/// What a call may hold in any case.
const REST: usize = 8 << 20;

/// A piece that is repeated until the file is long enough, each time with its number for `%`.
fn repeated(piece: &str) -> String {
    let mut text = String::with_capacity(LENGTH + piece.len() + 8);
    for number in 0.. {
        if text.len() >= LENGTH {
            break;
        }
        text += &piece.replace('%', &number.to_string());
    }
    text
}

/// One long line: `begin`, what is repeated, `end`.
fn line(begin: &str, piece: &str, end: &str) -> String {
    format!("{begin}{}{end}\n", repeated(piece))
}

/// Runs nudge on a file of the user's, with a limit on its memory.
#[track_caller]
fn check(name: &str, text: &str, calls: &[&[&str]]) {
    check_with("", name, text, calls);
}

#[track_caller]
fn check_with(journal: &str, name: &str, text: &str, calls: &[&[&str]]) {
    for args in calls {
        let home = Home::new();
        home.write("journal.jsonl", journal);
        home.write(name, text);
        let own = home.command(args);
        let mut limited = Command::new("bash");
        let times = if name == "journal.jsonl" || name == "plans.jsonl" { TIMES } else { TIMES_OF_TOML };
        let kilobytes = (times * text.len() + REST) / 1024;
        limited.args(["-c", &format!("ulimit -d {kilobytes} && exec timeout 300 \"$0\" \"$@\"")]);
        limited.arg(own.get_program()).args(*args).env_clear();
        limited.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let call = Call::of(&limited.output().unwrap());
        let what = format!("{name} {:?} {args:?} {:?}: {:.200}", &text[..text.len().min(40)], call.code, call.err);
        // Done, or a sentence about what is wrong: never out of memory, never out of time.
        assert!(matches!(call.code, Some(0 | 1)), "{what}");
        assert!(call.code == Some(0) || call.err.contains("error: "), "{what}");
        assert!(call.err.len() < 32_000, "{what}");
    }
}

#[test]
fn any_journal_is_read_to_its_end() {
    let head = r#"{"id":"%","day":"2026-11-22","event":"#;
    let calls: [&[&str]; 7] = [&["today"], &["another"], &["week"], &["year"], &["undo"], &["export"], &["doctor"]];
    for text in [
        repeated("x\n"),
        repeated("\n"),
        repeated("x"),
        repeated("\0"),
        repeated("{\"a\":"),
        // Each with a category, an offer, a person, or an undone of its own.
        repeated(&format!("{head}\"done\",\"category\":\"c%\"}}\n")),
        repeated(&format!("{head}\"offered\",\"gesture\":\"g%\",\"category\":\"c%\"}}\n")),
        repeated(&format!("{head}\"swapped\",\"gesture\":\"g%\",\"category\":\"tone\"}}\n")),
        repeated(&format!("{head}\"done\",\"category\":\"tone\",\"with\":[\"p%\"]}}\n")),
        repeated("{\"day\":\"2026-11-22\",\"event\":\"undone\",\"of\":\"%\"}\n"),
        // One event in very many versions.
        repeated("{\"id\":\"a\",\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"c%\"}\n"),
        // One event that is very long.
        line(r#"{"id":"a","day":"2026-11-22","event":"done","category":"tone","with":["#, "\"\",", "\"\"]}"),
        line(
            r#"{"id":"a","day":"2026-11-22","event":"offered","gesture":"g","category":"tone","why":{"weights":["#,
            "{},",
            "{}]}}",
        ),
        line("{\"id\":\"", "\\n", r#"","day":"2026-11-22","event":"done","category":"tone"}"#),
    ] {
        check("journal.jsonl", &text, &calls);
    }
}

#[test]
fn any_plans_are_read_to_their_end() {
    let rest = |span: &str| format!("{{\"id\":\"%\",\"day\":\"2026-11-22\",\"event\":\"rest\",{span}}}\n");
    for span in [r#""from":"0001-01-01","until":"9999-12-31""#, r#""from":"2026-11-22","until":"2026-11-21""#] {
        // Day one is some hundred years ago, and every day since is looked at.
        let journal = "{\"day\":\"1900-01-01\",\"event\":\"done\",\"category\":\"tone\"}\n";
        check_with(journal, "plans.jsonl", &repeated(&rest(span)), &[&["week"], &["year"], &["today"]]);
    }
}

#[test]
fn any_catalogue_is_told_what_is_wrong() {
    let calls: [&[&str]; 3] = [&["today"], &["catalogue", "list"], &["doctor"]];
    for text in [
        repeated("\r"),
        repeated("\n"),
        repeated("="),
        repeated("\""),
        repeated("]\n"),
        repeated("a=1\n"),
        repeated("a%=1\n"),
        repeated("[a%]\n"),
        repeated("[[gesture]]\n"),
        line("a=", "[", ""),
        line("a=[", "[],", "]"),
        line("[", "a.", "a]"),
        repeated(&format!("b%.{}a=1\n", "a.".repeat(60))),
        line("a=[", "{a.a.a.a=1},", "]"),
        line("hidden=[", "\"%\",", "]"),
        line("hidden=[", "\"hands-free\",", "]"),
        repeated(
            "[[category]]\nid=\"c%\"\nname=\"x\"\nabout=\"x\"\n[[gesture]]\nid=\"g%\"\ncategory=\"c%\"\ndo=\"x\"\n",
        ),
    ] {
        check("gestures.toml", &text, &calls);
    }
}

#[test]
fn any_config_is_told_what_is_wrong() {
    for text in [
        repeated("\r"),
        repeated("]\n"),
        repeated("a%=1\n"),
        line("without=[", "\"x\",", "]"),
        format!("[weights]\n{}", repeated("w%=1\n")),
    ] {
        check("config.toml", &text, &[&["today"], &["done", "-c", "tone"], &["doctor"]]);
    }
}

/// What the fuzzer has collected, where the library's sums are checked for overflow: each file is read to its end.
#[test]
fn whatever_the_fuzzer_came_up_with_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    if !corpus.exists() {
        eprintln!("the corpus is no part of the published package: it is not read");
        return;
    }
    let targets: [(&str, &str, &[&[&str]]); 4] = [
        ("journal", "journal.jsonl", &[&["doctor"], &["export"]]),
        ("history", "journal.jsonl", &[&["week"], &["another"]]),
        ("catalogue", "gestures.toml", &[&["catalogue", "check"]]),
        ("config", "config.toml", &[&["today", "--brief"]]),
    ];
    let read = |(target, name, calls): (&str, &str, &[&[&str]])| {
        for file in fs::read_dir(corpus.join(target)).unwrap() {
            let (home, file) = (Home::new(), file.unwrap().path());
            home.write(name, fs::read(&file).unwrap());
            for args in calls {
                let call = home.run(args);
                assert!(matches!(call.code, Some(0 | 1)), "{} {args:?} {call:?}", file.display());
                assert!(call.code == Some(0) || call.err.contains("error: "), "{} {args:?} {call:?}", file.display());
            }
        }
    };
    thread::scope(|scope| targets.into_iter().for_each(|target| drop(scope.spawn(move || read(target)))));
}
