use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::RangeInclusive;

use proptest::prelude::*;

use super::head::fast_event;
use super::merge::Merge;
use super::parse::parse_json;
use super::sample::{day, events, log};
use super::*;
use crate::safe_text::is_unsafe_for_terminal;

#[test]
fn what_counts_as_an_event() {
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let found = match parse(line.as_bytes()) {
            Line::Event(event) => format!("{} {} {}", event.what.word(), event.day, event.id),
            Line::Passed => "passed".to_owned(),
            Line::Bad(reason) => reason,
        };
        assert_eq!(found, expected, "{line}");
    }
    let ok = "done 2026-11-22 a";
    check(r#"{"id":"a","at":"2026-11-22T12:40:52+01:00","day":"2026-11-22","event":"done","category":"tone"}"#, ok);
    // Other white space, unknown fields, null for absent, wrong types where nothing is needed.
    check(r#" { "id" : "a", "day" : "2026-11-22", "event":"done","category":"tone","mood":{"day":"x"}} "#, ok);
    check(
        r#"{"id":"a","day":"2026-11-22","event":"done","category":"tone","note":null,"with":null,"gesture":null}"#,
        ok,
    );
    check(
        r#"{"id":"a","day":"2026-11-22","event":"done","category":"tone","at":"noon","note":3,"with":{"a":[1]}}"#,
        ok,
    );
    check("\u{FEFF}{\"id\":\"a\",\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"tone\"}\r", ok);
    // By hand: its own text is its id.
    let by_hand = r#"{"day":"2026-11-22","event":"done","category":"tone"}"#;
    check(by_hand, &format!("done 2026-11-22 {by_hand}"));
    check(
        r#"{"id":"a","day":"2026-11-22","event":"offered","gesture":"g","category":"tone","why":7}"#,
        "offered 2026-11-22 a",
    );
    check(
        r#"{"id":"a","day":"2026-11-22","event":"rest","from":"2026-11-22","until":"2026-11-23"}"#,
        "rest 2026-11-22 a",
    );
    // Left alone: nothing, a newer version's events, a newer version's prompts.
    check("", "passed");
    check(" \t\r", "passed");
    check(r#"{"id":"a","day":"2026-11-22","event":"sung"}"#, "passed");
    // A follow-up, with or without the day that it was due on; an id of nothing is none.
    check(
        r#"{"id":"a","day":"2026-11-22","event":"offered","follow_up":"b","category":"remembering"}"#,
        "offered 2026-11-22 a",
    );
    let blank = r#"{"id":"","day":"2026-11-22","event":"erased"}"#;
    check(blank, &format!("erased 2026-11-22 {blank}"));
    // Not events.
    check("{", "not JSON");
    check("done today", "not JSON");
    check(r#"["a", null, "2026-11-22", "undone", null, null, null, null, null, "b"]"#, "not a JSON object");
    check("[]", "not a JSON object");
    check("7", "not a JSON object");
    check(r#"{"day":"2026-11-22"}"#, "no `event`");
    check(r#"{"event":"done","category":"tone"}"#, "`done` needs `day`");
    check(r#"{"event":"done","category":"tone","day":"2026-02-30"}"#, "`done` needs `day`");
    check(r#"{"event":"done","day":"2026-11-22"}"#, "`done` needs `category`");
    check(r#"{"event":"offered","day":"2026-11-22","category":"tone"}"#, "`offered` needs `gesture`");
    check(r#"{"event":"undone","day":"2026-11-22"}"#, "`undone` needs `of`");
    check(r#"{"event":"rest","day":"2026-11-22","from":"2026-11-22"}"#, "`rest` needs `until`");
    assert!(matches!(parse(b"{\"event\":\"\xFF\"}"), Line::Bad(reason) if reason.starts_with("not UTF-8")));
}

#[test]
fn an_event_is_written_in_one_readable_line() {
    let event = Event {
        id: "Zk40vVw1Rt".into(),
        at: DateTime::parse_from_rfc3339("2026-11-22T12:40:52+01:00").ok(),
        day: day("2026-11-22"),
        what: What::Done(Done {
            with: vec!["Sam\u{1B}[31m".to_owned()],
            note: Some("one\ntwo \u{202E}x\u{9B} \u{7F}ü".to_owned()),
            ..Done::new(Act::Prompt(Prompt::Gesture { id: "hands".into(), category: "tone".into() }))
        }),
    };
    let line = r#"{"id":"Zk40vVw1Rt","at":"2026-11-22T12:40:52.000+01:00","day":"2026-11-22","event":"done","gesture":"hands","category":"tone","with":["Sam\u001b[31m"],"note":"one\ntwo \u202ex\u009b \u007fü"}"#;
    assert_eq!(to_line(&event), line);
    assert_eq!(parse(line.as_bytes()), Line::Event(event));
}

#[test]
fn a_draw_tells_the_odds_of_a_category() {
    let weight = |category: &str, weight| Weight { category: category.into(), weight, quiet_days: None };
    let weights = vec![weight("names", 9), weight("tone", 18), weight("none", 0)];
    let why = Why { weights, pool: 4, ..Why::default() };
    assert_eq!(why.total(), 27);
    assert_eq!([why.odds("tone"), why.odds("names")], [Some((18, 4)), Some((9, 4))]);
    // No weight, no such category, no pool: nothing to tell.
    assert_eq!([why.odds("none"), why.odds("gone"), Why { pool: 0, ..why.clone() }.odds("tone")], [None; 3]);
    let shares = |weights: &[u64]| {
        let weights = weights.iter().map(|own| weight("a", *own)).collect();
        Why { weights, ..Why::default() }.shares()
    };
    assert_eq!(shares(&[1, 1, 1]), [34, 33, 33]);
    assert_eq!(shares(&[36, 32, 21, 11]), [36, 32, 21, 11]);
    assert_eq!(shares(&[1, 2, 999_997]), [0, 0, 100]);
    assert_eq!(shares(&[u64::MAX, u64::MAX]), [50, 50]);
    assert_eq!([shares(&[0]), shares(&[])], [vec![0], vec![]]);
    let most = Why { weights: vec![weight("a", u64::MAX), weight("b", u64::MAX)], ..why };
    assert_eq!(most.total(), 2 * u128::from(u64::MAX));
}

#[test]
fn a_log_holds_each_event_once_and_nothing_undone() {
    #[track_caller]
    fn check(lines: &[&str], expected: &[&str]) {
        let log = Log::new(parsed(lines), Lines::default(), Day::MIN, day("2026-11-22"));
        let ids: Vec<&str> = log.events().iter().map(|event| &*event.id).collect();
        assert_eq!(ids, expected);
    }
    let done = |id: &str, day: &str| format!(r#"{{"id":"{id}","day":"{day}","event":"done","category":"tone"}}"#);
    let undone = |of: &str| format!(r#"{{"id":"u{of}","day":"2026-11-22","event":"undone","of":"{of}"}}"#);
    let (a, b, late) = (done("a", "2026-11-22"), done("b", "2026-11-20"), done("c", "2099-01-01"));
    check(&[&a, &b, &a], &["b", "a"]);
    check(&[&a, &b, &undone("a")], &["b"]);
    // Order does not matter: the union of two copies is the merge.
    check(&[&undone("a"), &a, &b], &["b"]);
    // Tomorrow is kept in the file and not counted.
    check(&[&late, &a], &["a"]);
    // What was undone stays undone, and an undone can't be undone.
    check(&[&a, &undone("a"), &undone("ua")], &[]);
    // Of two lines with one id the smaller in bytes counts.
    let other = done("a", "2026-11-21");
    check(&[&a, &other], &["a"]);
    let log = Log::new(parsed(&[&a, &other]), Lines::default(), Day::MIN, day("2026-11-22"));
    assert_eq!(log.events()[0].day, day("2026-11-21"));
    // An erased line counts before any other, however it is written.
    let erased = a.replace('}', ",\"erased\":true}");
    let log = Log::new(parsed(&[&other, &erased]), Lines::default(), Day::MIN, day("2026-11-22"));
    assert_eq!(log.events()[0].day, day("2026-11-22"));
}

fn parsed(lines: &[impl AsRef<str>]) -> Lines {
    let lines = lines.iter().map(|line| line.as_ref().as_bytes());
    lines
        .map(|line| match parse(line) {
            Line::Event(event) => (event, bare(line).to_vec()),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// What `undone` takes back may stand in either book.
#[test]
fn either_book_takes_back_what_stands_in_the_other() {
    let today = day("2026-11-22");
    let done = r#"{"id":"a","day":"2026-11-22","event":"done","category":"tone"}"#;
    let rest = r#"{"id":"r","day":"2026-11-22","event":"rest","from":"2026-11-22","until":"2026-11-23"}"#;
    let undone = |of: &str| format!(r#"{{"id":"u{of}","day":"2026-11-22","event":"undone","of":"{of}"}}"#);
    let log = Log::new(parsed(&[done, &undone("r")]), parsed(&[rest, &undone("a")]), Day::MIN, today);
    assert!(log.events().is_empty() && log.plans().is_empty());
    // What stands in the wrong book is left to the doctor.
    let log = Log::new(parsed(&[rest]), parsed(&[done]), Day::MIN, today);
    assert!(log.events().is_empty() && log.plans().is_empty());
}

#[test]
fn of_an_entry_and_its_amendments_the_latest_counts() {
    #[track_caller]
    fn check(lines: &[&str], expected: &[&str]) {
        let log = Log::new(parsed(lines), Lines::default(), Day::MIN, day("2026-11-30"));
        let found: Vec<String> = log
            .dones()
            .map(|(event, done)| {
                let at = event.at.map(|at| at.format("%d %H:%M").to_string()).unwrap_or_default();
                format!("{} {} {at} by {}", event.id, done.note.as_deref().unwrap_or(""), log.line_of(&event.id))
            })
            .collect();
        assert_eq!(found, expected, "{lines:?}");
    }
    let done = |id: &str, on: &str, at: &str, note: &str, more: &str| {
        format!(
            r#"{{"id":"{id}","at":"2026-11-{at}:00+01:00","day":"2026-11-{on}","event":"done","category":"tone","note":"{note}"{more}}}"#
        )
    };
    let amends = r#","amends":"a""#;
    let (a, b) = (done("a", "22", "22T08:00", "first", ""), done("b", "22", "22T09:00", "second", amends));
    let c = done("c", "22", "22T10:00", "third", amends);
    let undone = |of: &str| format!(r#"{{"id":"u{of}","day":"2026-11-22","event":"undone","of":"{of}"}}"#);
    check(&[&a], &["a first 22 08:00 by a"]);
    check(&[&a, &b], &["a second 22 08:00 by b"]);
    check(&[&c, &a, &b], &["a third 22 08:00 by c"]);
    // Written by a clock that was put back, it still corrects.
    check(&[&a, &b.replace("09:00", "07:00")], &["a second 22 08:00 by b"]);
    // Taken back, what was before counts again.
    check(&[&a, &b, &c, &undone("c")], &["a second 22 08:00 by b"]);
    check(&[&a, &b, &undone("b")], &["a first 22 08:00 by a"]);
    check(&[&a, &undone("a")], &[]);
    // Taken back on one device and amended on another, the amendment counts.
    check(&[&a, &b, &undone("a")], &["a second 22 08:00 by b"]);
    check(&[&a, &b, &undone("a"), &undone("b")], &[]);
    // Without the line that it amends it stands by itself.
    check(&[&b], &["a second 22 09:00 by b"]);
    check(&[&b, &c], &["a third 22 10:00 by c"]);
    // Of one moment the greater id.
    let twin = done("d", "22", "22T10:00", "fourth", amends);
    check(&[&twin, &a, &c], &["a fourth 22 08:00 by d"]);
    // Moved to a day on which the first line can't have been written, it keeps its own time.
    let (moved, far) = (done("m", "24", "27T09:00", "moved", amends), done("m", "25", "27T09:00", "moved", amends));
    check(&[&a, &moved], &["a moved 22 08:00 by m"]);
    check(&[&a, &far], &["a moved 27 09:00 by m"]);
    // What amends an amendment amends nothing that was first.
    let odd = done("o", "22", "22T11:00", "odd", r#","amends":"b""#);
    check(&[&a, &b, &odd], &["a second 22 08:00 by b", "b odd 22 11:00 by o"]);
}

#[test]
fn todays_prompt_is_the_earliest_offer_that_was_not_swapped() {
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let today = day("2026-11-22");
        let log = log(text, today);
        assert_eq!(log.prompt_on(today).map(|(_, prompt, _)| prompt.id()), expected, "{text}");
    }
    check("", None);
    check("2026-11-21 offered a tone", None);
    check("2026-11-22 offered a tone", Some("a"));
    check("2026-11-22 offered a tone\n2026-11-22 offered b tone", Some("a"));
    check("2026-11-22 offered a tone\n2026-11-22 swapped a tone\n2026-11-22 offered b tone", Some("b"));
    check("2026-11-21 swapped a tone\n2026-11-22 offered a tone", Some("a"));
    // Two devices: the one that is done, swapped or not; of two the earlier.
    let two = "2026-11-22 offered a tone\n2026-11-22 offered b names\n";
    check(&format!("{two}2026-11-22 done b names"), Some("b"));
    check(&format!("{two}2026-11-22 swapped b names\n2026-11-22 done b names"), Some("b"));
    check(&format!("{two}2026-11-22 done b names\n2026-11-22 done a tone"), Some("a"));
    check(&format!("{two}2026-11-22 done - tone\n2026-11-22 swapped a tone"), Some("b"));
    check(&format!("{two}2026-11-21 done b names"), Some("a"));
    let log = log("2026-11-22 offered a tone\n2026-11-22 swapped a tone\n2026-11-22 swapped a tone", day("2026-11-22"));
    let swapped: Vec<&str> = log.swapped_on(day("2026-11-22")).into_iter().map(Prompt::id).collect();
    assert_eq!(swapped, ["a"]);
}

#[test]
fn a_log_tells_of_a_day_what_was_done_and_whether_it_rests() {
    let today = day("2026-11-22");
    let log = log(
        "2026-11-20 done - names\n2026-11-21 offered a tone\n2026-11-21 done a tone\n2026-11-22 done - tone\n\
         2026-11-22 rest 2026-11-24 2026-11-26\n2026-11-22 rest 2026-11-25 2026-11-25",
        today,
    );
    let done = |on: &str| log.done_on(day(on)).map(|(event, _)| &*event.id).collect::<Vec<_>>();
    assert_eq!([done("2026-11-19"), done("2026-11-21"), done("2026-11-22")], [vec![], vec!["e2"], vec!["e3"]]);
    let rests = ["23", "24", "25", "26", "27"].map(|on| log.rests_on(day(&format!("2026-11-{on}"))));
    assert_eq!(rests, [false, true, true, true, false]);
    let last = |until: &str| {
        let mut last: Vec<(&str, Day)> = log.last_done(day(until)).into_iter().collect();
        last.sort_unstable();
        last
    };
    let (names, tone) = (("names", day("2026-11-20")), |on: &str| ("tone", day(on)));
    assert_eq!(last("2026-11-19"), []);
    assert_eq!(last("2026-11-20"), [names]);
    assert_eq!(last("2026-11-21"), [names, tone("2026-11-21")]);
    assert_eq!(last("2026-11-22"), [names, tone("2026-11-22")]);
}

#[test]
fn a_moment_decides_before_an_id() {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    let mut two = events("2026-11-22 offered a tone\n2026-11-22 offered b tone");
    // Earlier on the clock, later in fact.
    two[0].at = at("2026-11-22T08:00:00-05:00");
    two[1].at = at("2026-11-22T09:00:00+01:00");
    let lines = two.into_iter().map(|event| (event, Vec::new())).collect();
    let log = Log::new(lines, Lines::default(), Day::MIN, day("2026-11-22"));
    assert_eq!(log.prompt_on(day("2026-11-22")).map(|(_, prompt, _)| prompt.id()), Some("b"));
}

/// Of the record of a draw nothing is read until somebody asks for it, but it is printed with its line.
#[test]
fn the_record_of_a_draw_is_printed_safely() {
    let line = "{\"id\":\"a\",\"at\":\"2026-11-22T08:00:00.000+01:00\",\"day\":\"2026-11-22\",\"event\":\"offered\",\
                \"gesture\":\"g\",\"category\":\"tone\",\"why\":{\"reason\":\"a\u{7f}b\u{9b}31m\u{202e}c ü\"}}";
    for line in [line.to_owned(), line.replace("\",\"day\"", "\", \"day\"")] {
        let Line::Event(event) = parse(line.as_bytes()) else { panic!("{line}") };
        let written = to_line(&event);
        assert!(!written.contains(is_unsafe_for_terminal) && written.contains("\\u202ec ü"), "{written}");
        assert_eq!(parse(written.as_bytes()), Line::Event(event.clone()), "{written}");
        let What::Offered { why: Some(why), .. } = &event.what else { panic!("{line}") };
        assert_eq!(why.read().unwrap().reason, "a\u{7f}b\u{9b}31m\u{202e}c ü");
    }
}

#[test]
fn a_head_is_read_fast_only_in_the_shape_that_we_write() {
    #[track_caller]
    fn check(line: &str, expected: Option<Kind<'_>>) {
        let head = |kind| EventHead { id: "a", written: Some(day("2026-11-22")), day: day("2026-11-21"), kind };
        assert_eq!(fast_head(line.as_bytes()), expected.map(head), "{line}");
        let parsed = parse_json(line.as_bytes());
        if let (Some(_), Line::Event(event)) = (expected, &parsed) {
            assert_eq!(fast_head(line.as_bytes()), Some(EventHead::of(event)), "{line}");
        }
        // All but an `undone` are read whole in this shape, and as JSON would be.
        let event = fast_event(line.as_bytes());
        assert_eq!(event.is_some(), !matches!(expected, Some(Kind::Undone { .. }) | None), "{line}");
        assert!(event.is_none_or(|event| Line::Event(event) == parsed), "{line}");
    }
    let head = r#"{"id":"a","at":"2026-11-22T08:00:00.123+01:00","day":"2026-11-21","event":"#;
    let done = Some(Kind::Done { category: "tone", is_amendment: false });
    check(&format!(r#"{head}"done","category":"tone"}}"#), done);
    check(&format!(r#"{head}"done","gesture":"g","category":"tone","with":["Sam","日本"],"note":"ü"}}"#), done);
    check(&format!(r#"{head}"done","category":"tone","with":["","Sam",""]}}"#), done);
    check(&format!(r#"{head}"done","category":"tone","with":[""],"note":""}}"#), done);
    let amended = Some(Kind::Done { category: "tone", is_amendment: true });
    check(&format!(r#"{head}"done","category":"tone","note":"x","amends":"b"}}"#), amended);
    check(&format!(r#"{head}"done","category":"tone","amends":""}}"#), done);
    check(&format!(r#"{head}"undone","of":"b"}}"#), Some(Kind::Undone { of: "b" }));
    check(&format!(r#"{head}"offered","gesture":"g","category":"tone","why":{{"days":9}}}}"#), Some(Kind::Offered));
    check(&format!(r#"{head}"offered","gesture":"g","category":"tone"}}"#), Some(Kind::Offered));
    check(&format!(r#"{head}"offered","gesture":"g","category":"tone","why":"x" }}"#), Some(Kind::Offered));
    check(&format!(r#"{head}"swapped","gesture":"g","category":"tone"}}"#), Some(Kind::Swapped));
    check(&format!(r#"{head}"done","category":"tone"}}"#).replace(".123+01:00", "-23:59"), done);
    for tail in [
        r#""done","category":"tone"} "#,
        r#""done","category":"tone""#,
        r#""done","category":"to\u006ee"}"#,
        r#""done","category":"tone","with":[]}"#,
        r#""done","category":"tone","with":["Sam",]}"#,
        r#""done","category":"tone","note":"x","note":"y"}"#,
        r#""done","category":"tone","note":null}"#,
        r#""done","category":"tone","erased":true}"#,
        r#""done","category":"remembering","follow_up":"b","for":"2026-11-21"}"#,
        "\"done\",\"category\":\"to\tne\"}",
        r#""undone","of":"b","note":"x"}"#,
        r#""undone","of":null}"#,
        r#""rest","from":"2026-11-22","until":"2026-11-23"}"#,
        r#""offered","gesture":"g","category":"to"#,
    ] {
        check(&format!("{head}{tail}"), None);
    }
    let sound = format!(r#"{head}"done","category":"tone"}}"#);
    for (from, to) in [
        ("2026-11-21", "2026-02-30"),
        ("T08", "T24"),
        (":00:00", ":60:00"),
        ("00.123", "60.123"),
        (".123", ".12x"),
        ("+01:00", "+1:00"),
        ("+01:00", "+24:00"),
        ("+01:00", "Z"),
        (".123+01:00", "Z"),
        (".123+01:00", ""),
        (".123", "."),
        (".123+01:00", "+1:000"),
        ("T08", " 08"),
        (r#""id":"a""#, r#""id":"""#),
    ] {
        check(&sound.replacen(from, to, 1), None);
    }
    // The rest of an offer and of a swap is looked at only where they are read whole.
    for tail in [
        r#""offered","gesture":"g","category":"tone","unseen":true}"#,
        r#""offered","gesture":"g","category":"tone","why":{"days":}}"#,
        r#""offered","gesture":"g","category":"tone","why":{"days":1},"mood":"x"}"#,
        r#""offered","gesture":"g","category":"tone","why":{}}}"#,
        r#""offered","category":"remembering","follow_up":"b","for":"2026-11-21"}"#,
        r#""offered","gesture":"g"}"#,
        r#""swapped","gesture":"g","category":"tone","until":"2026-11-23"}"#,
        r#""swapped","gesture":"g","category":"tone","category":"tone"}"#,
    ] {
        let line = format!("{head}{tail}");
        assert!(fast_head(line.as_bytes()).is_some(), "{line}");
        assert_eq!(fast_event(line.as_bytes()), None, "{line}");
    }
    assert_eq!(
        fast_head(
            b"{\"id\":\"\xFF\",\"at\":\"2026-11-22T08:00:00+01:00\",\"day\":\"2026-11-22\",\"event\":\"swapped\"}"
        ),
        None
    );
}

#[test]
fn a_line_is_passed_over_only_where_nothing_can_hang_on_it() {
    #[track_caller]
    fn check(line: &str, expected: bool) {
        let bounds = Bounds::new(day("2026-11-20"), day("2026-11-22"));
        assert_eq!(bounds.exclude(line.as_bytes()), expected, "{line}");
        assert!(!Bounds::new(Day::MIN, Day::MIN).exclude(line.as_bytes()), "{line}");
    }
    let line = |at: &str, day: &str, rest: &str| {
        format!(r#"{{"id":"abcdefghij","at":"{at}T08:00:00+01:00","day":"{day}","event":{rest}"#)
    };
    let old = |rest: &str| line("2026-11-19", "2026-11-19", rest);
    check(&old(r#""done","category":"tone","note":"\"amend\""}"#), true);
    check(&old(r#""offered","gesture":"g","category":"tone"}"#), true);
    check(&old(r#""swapped","gesture":"g","category":"tone"}"#), true);
    check(&line("2026-11-20", "2026-11-19", r#""done","category":"tone"}"#), false);
    check(&line("2026-11-19", "2026-11-22", r#""done","category":"tone"}"#), false);
    check(&old(r#""undone","of":"b"}"#), false);
    // What it corrects, or stands in the place of, is older still.
    check(&old(r#""done","category":"tone","amends":"b"}"#), true);
    check(&old(r#""done","category":"tone","erased":true}"#), true);
    check(&old(r#""done","category":"tone"}"#).replace("00+01", "00.123+01"), true);
    check(&old(r#""done","category":"tone"}"#).replace("00+01", "00.1+01"), false);
    check(&old(r#""done","category":"tone"}"#).replace("abcdefghij", "a"), false);
    check(&old(r#""erased"}"#), false);
    check(&old(r#""done","note":"n"}"#), false);
    check(&old(r#""done","category":"tone""#), false);
    check(r#"{"id":"abcdefghij","day":"2026-11-19","event":"done","category":"tone"}"#, false);
}

/// The rules of settling, written a second time and plainly: the ids of what counts, with the lines that they count by.
fn settled(journal: &[Version], plans: &[Version]) -> BTreeSet<(EventId, EventId)> {
    let all = || journal.iter().chain(plans);
    let is_erased = |event: &Event| match &event.what {
        What::Erased => true,
        What::Done(done) => done.erased,
        _ => false,
    };
    let wins = |(event, line): &&(Event, Vec<u8>)| {
        let key = (!is_erased(event), line);
        all().filter(|(other, _)| other.id == event.id).all(|(other, line)| key <= (!is_erased(other), line))
    };
    let winners: BTreeMap<&EventId, &Event> = all().filter(wins).map(|(event, _)| (&event.id, event)).collect();
    let undone: BTreeSet<&EventId> = winners
        .values()
        .filter_map(|event| match &event.what {
            What::Undone { of } => Some(of),
            _ => None,
        })
        .collect();
    let live = |event: &&&Event| matches!(event.what, What::Done(_)) && !undone.contains(&event.id);
    let mut groups: BTreeMap<EventId, Vec<&Event>> = BTreeMap::new();
    for event in winners.values().filter(live) {
        groups.entry(event.amends().unwrap_or(&event.id).clone()).or_default().push(event);
    }
    let latest = groups.into_iter().map(|(first, events)| {
        let latest = events.into_iter().max_by_key(|event| (event.amends().is_some(), event.order()));
        (first, latest.unwrap().id.clone())
    });
    latest.collect()
}

/// Lines among which ids stand twice, are undone, amended and erased, and look odd.
fn any_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = (0..12_u32, 1..6_u32, 0..10_u32, 0..12_u32, any::<u8>()).prop_map(|(id, day, kind, other, odd)| {
        let head = format!(
            r#"{{"id":"e{id}","at":"2026-11-0{day}T08:00:0{}.000+01:00","day":"2026-11-0{day}","event":"#,
            other % 3
        );
        let line = match kind {
            0 => format!(r#"{head}"offered","gesture":"g{other}","category":"tone","why":{{"day":"x"}}}}"#),
            1 => format!(r#"{head}"undone","of":"e{other}"}}"#),
            2 => format!(r#"{{"day":"2026-11-0{day}","event":"done","category":"c{}"}}"#, other % 2),
            3 => format!(r#"{head}"done","category":"c{}","note":"\u00e9 {other}"}}"#, other % 3),
            4 | 5 => format!(r#"{head}"done","category":"c{}","amends":"e{other}"}}"#, other % 3),
            6 => format!(r#"{head}"done","category":"c{}","erased":true}}"#, other % 3),
            _ => format!(r#"{head}"done","gesture":"g","category":"c{}","with":["Sam"]}}"#, other % 3),
        };
        match odd {
            0..10 => line.replace("\":\"", "\" : \"").into_bytes(),
            10..15 => line.as_bytes()[..line.len() - 1].to_vec(),
            15..20 => line.replace("\"day\"", "\"event\":\"done\",\"day\"").into_bytes(),
            25..30 => Vec::new(),
            20..25 => format!("{line}\r").into_bytes(),
            _ => line.into_bytes(),
        }
    });
    prop::collection::vec(line, 0..40)
}

fn events_of(lines: &[Vec<u8>]) -> Vec<Version> {
    let parsed = lines.iter().filter_map(|line| match parse(line) {
        Line::Event(event) => Some((event, bare(line).to_vec())),
        _ => None,
    });
    parsed.collect()
}

/// A reader of lines by their places.
fn reader(lines: &[Vec<u8>]) -> impl FnMut(Place) -> Result<Option<Version>, Infallible> {
    |place| Ok(events_of(&lines[usize::try_from(place.offset()).unwrap()..][..1]).pop())
}

/// What was done by a log of the lines, counted.
fn counted(log: &Log, of: &RangeInclusive<Day>) -> Tally {
    let mut tally = Tally::default();
    for (event, done) in log.dones() {
        *tally.days.entry(event.day).or_insert(0) += 1;
        if of.contains(&event.day) {
            *tally.categories.entry(done.category().into()).or_insert(0) += 1;
        }
    }
    tally
}

/// The same without holding the lines, in two parts, with the lines that are not events.
fn scanned(lines: &[Vec<u8>], split: usize, today: Day, of: &RangeInclusive<Day>) -> (Tally, BadLines) {
    let split = split.min(lines.len());
    let mut whole = (Scan::default(), Count::new(today, of.clone()));
    for (part, from) in [(&lines[..split], 0), (&lines[split..], split)] {
        let (mut scan, mut count) = (Scan::default(), Count::new(today, of.clone()));
        for (line, place) in part.iter().zip(from..) {
            scan.take(line, Place::new(0, place as u64), true, |head| count.add(head));
        }
        whole.0.extend(scan);
        whole.1.extend(count);
    }
    let (mut entries, bad) = whole.0.into_parts();
    let Ok(tally) = whole.1.settle(&mut entries, reader(lines));
    (tally, bad)
}

fn any_event() -> impl Strategy<Value = Event> {
    // Of the one kind hardly any is plain, of the other all are.
    let text = || prop_oneof![any::<String>(), "[a-zé ]{0,12}"];
    let any_day = || (0..60_000_i64).prop_map(|number| Day::default() + chrono::TimeDelta::days(number));
    let id = || "[a-z]{1,3}".prop_map(EventId::from);
    let prompt = || {
        prop_oneof![
            (text(), text()).prop_map(|(id, category)| Prompt::Gesture { id: id.into(), category: category.into() }),
            (id(), any_day()).prop_map(|(id, due)| Prompt::FollowUp { id, due }),
        ]
    };
    let weight = (text(), any::<u64>(), any::<Option<u32>>()).prop_map(|(category, weight, quiet_days)| Weight {
        category: category.into(),
        weight,
        quiet_days,
    });
    let filters = (any::<Option<String>>(), any::<Option<String>>(), any::<bool>())
        .prop_map(|(place, category, easy)| Filters { place, category: category.map(Into::into), easy });
    let why = (text(), any::<Option<u32>>(), prop::collection::vec(weight, 0..3), filters, any::<u32>()).prop_map(
        |(reason, days, weights, filters, pool)| {
            Recorded::from(&Why { reason, days, weights, filters: Box::new(filters), pool, ..Why::default() })
        },
    );
    let act = prop_oneof![prompt().prop_map(Act::Prompt), text().prop_map(|category| Act::Own(category.into()))];
    let more = (prop::option::of(id()), any::<bool>());
    let done = (act, prop::collection::vec(text(), 0..3), any::<Option<String>>(), more)
        .prop_map(|(act, with, note, (amends, erased))| What::Done(Done { act, with, note, amends, erased }));
    let what = prop_oneof![
        (prompt(), prop::option::of(why), any::<bool>()).prop_map(|(prompt, why, unseen)| What::Offered {
            prompt,
            why,
            unseen
        }),
        (prompt(), prop::option::of(any_day())).prop_map(|(prompt, until)| What::Swapped { prompt, until }),
        done,
        id().prop_map(|of| What::Undone { of }),
        Just(What::Erased),
        (text(), text(), any_day(), 0..4_usize).prop_map(|(who, what, on, every)| {
            let every = Every::WORDS.get(every).map(|(_, every)| *every);
            What::Remembered(FollowUp { who, what, on, every })
        }),
        (text(), text()).prop_map(|(from, to)| What::Renamed { from, to }),
        (any_day(), any_day()).prop_map(|(from, until)| What::Rest { from, until }),
    ];
    let at = (0..4_000_000_000_i64, -50_000..50_000_i32, 0..1000_u32).prop_map(|(seconds, offset, millis)| {
        // RFC 3339 writes offsets in whole minutes.
        let offset = FixedOffset::east_opt(offset / 60 * 60).unwrap();
        DateTime::from_timestamp(seconds, millis * 1_000_000).unwrap().with_timezone(&offset)
    });
    (id(), prop::option::of(at), any_day(), what).prop_map(|(id, at, day, what)| Event { id, at, day, what })
}

#[test]
fn of_lines_that_are_no_event_the_first_are_kept() {
    let reason = |line: u64| line.to_string();
    for (count, split) in [(0, 0), (1, 0), (3, 1), (5, 0), (5, 2), (7, 4), (9, 9)] {
        let expected: Vec<(u64, String)> = (1..=count).map(|line| (line, reason(line))).take(3).collect();
        let expected = BadLines { first: expected, count };
        let (mut forward, mut backward, mut part) = (BadLines::default(), BadLines::default(), BadLines::default());
        (1..=split).for_each(|line| forward.push(line, reason(line)));
        (split + 1..=count).for_each(|line| part.push(line - split, reason(line)));
        forward.extend(part, split);
        (1..=count).rev().for_each(|line| backward.push_before(line, reason(line)));
        assert_eq!([&forward, &backward], [&expected; 2], "{count} {split}");
    }
}

proptest! {
    #[test]
    fn writing_and_reading_again_changes_nothing(event in any_event()) {
        let line = to_line(&event);
        prop_assert!(!line.contains(is_unsafe_for_terminal));
        prop_assert_eq!(parse(line.as_bytes()), Line::Event(event.clone()));
        prop_assert_eq!(parse_json(line.as_bytes()), Line::Event(event.clone()));
        if let Some(head) = fast_head(line.as_bytes()) {
            prop_assert_eq!(head, EventHead::of(&event));
        }
    }

    /// One rule, whoever asks: the log, the count of a long history, a merge, and the rules written plainly.
    #[test]
    fn all_agree_on_which_events_count(
        journal in any_lines(),
        plans in any_lines(),
        split in 0..40_usize,
        from in 1..6_u32,
    ) {
        let today = day("2026-11-04");
        let events = (events_of(&journal), events_of(&plans));
        let lines = |events: &[Version]| events.iter().cloned().collect::<Lines>();
        let all = Log::new(lines(&events.0), lines(&events.1), Day::MIN, Day::MAX);
        let stands_in = |lines: &[Version], id: &EventId| lines.iter().any(|(event, _)| event.id == *id);
        let found: BTreeSet<(EventId, EventId)> =
            all.dones().map(|(event, _)| (event.id.clone(), all.line_of(&event.id).clone())).collect();
        let mut expected = settled(&events.0, &events.1);
        // A line that stands in both books counts where its winning copy stands.
        expected.retain(|(_, line)| stands_in(&events.0, line));
        let doubtful = |line: &EventId| stands_in(&events.0, line) && stands_in(&events.1, line);
        prop_assert!(found.iter().all(|pair| expected.contains(pair)));
        prop_assert!(expected.iter().all(|pair| found.contains(pair) || doubtful(&pair.1)));

        let alone = Log::new(lines(&events.0), Lines::default(), Day::MIN, today);
        let of = day("2026-11-02")..=day("2026-11-08");
        let mut bad = BadLines::default();
        for (line, number) in journal.iter().zip(1..) {
            // An offer is not looked at to its end.
            if fast_head(line).is_none() && let Line::Bad(reason) = parse(line) {
                bad.push(number, reason);
            }
        }
        prop_assert_eq!(scanned(&journal, split, today, &of), (counted(&alone, &of), bad));

        // A log of later days is the end of a log of all.
        let from = day(&format!("2026-11-0{from}"));
        let later = Log::new(lines(&events.0), Lines::default(), from, today);
        let end: Vec<Event> = alone.events().iter().filter(|event| event.day >= from).cloned().collect();
        prop_assert_eq!(later.events(), &end);

        let mut merge = Merge::default();
        merge.next_file(Book::Journal);
        for (line, place) in journal.iter().zip(0..) {
            merge.take(line, Place::new(0, place));
        }
        let Ok(merged) = merge.finish(reader(&journal));
        let line = |place: &Place| journal[usize::try_from(place.offset()).unwrap()].clone();
        let kept: Vec<Vec<u8>> = merged.journal.events.iter().chain(&merged.plans.events).map(line).collect();
        // Of one moment the place decides, which a merge changes.
        let sorted = |log: &Log| {
            let mut events = log.events().to_vec();
            events.sort_by(|a, b| (a.day, a.order(), a.what.word()).cmp(&(b.day, b.order(), b.what.word())));
            events
        };
        prop_assert_eq!(sorted(&Log::new(lines(&events_of(&kept)), Lines::default(), Day::MIN, today)), sorted(&alone));
    }

    /// Neither any bytes nor a line of ours that was cut, or of which a byte was changed; and what is read fast is what its
    /// JSON says.
    #[test]
    fn no_line_makes_the_reader_panic(
        any in prop::collection::vec(any::<u8>(), 0..200),
        event in any_event(),
        cut in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        is_ours in any::<bool>(),
    ) {
        let mut line = if is_ours { to_line(&event).into_bytes() } else { any };
        if !line.is_empty() {
            let at = cut.index(line.len());
            if byte < 128 { line.remove(at); } else { line[at] = byte - 100; }
        }
        let parsed = parse_json(&line);
        prop_assert!(fast_event(&line).is_none_or(|event| Line::Event(event) == parsed));
        fast_head(&line);
        Bounds::new(Day::MAX, Day::MAX).exclude(&line);
    }
}
