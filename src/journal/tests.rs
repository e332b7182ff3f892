use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use proptest::prelude::*;

use super::ids::{Glance, Seen, glance};
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
    check(r#"{"id":"a","day":"2026-11-22","event":"offered","follow_up":"b","category":"remembering"}"#, "passed");
    // No events.
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
        id: "Zk40vVw1Rt".to_owned(),
        at: DateTime::parse_from_rfc3339("2026-11-22T12:40:52+01:00").ok(),
        day: day("2026-11-22"),
        what: What::Done(Done {
            gesture: Some("hands".to_owned()),
            category: "tone".to_owned(),
            with: vec!["Sam\u{1B}[31m".to_owned()],
            note: Some("one\ntwo \u{202E}x\u{9B} \u{7F}ü".to_owned()),
        }),
    };
    let line = r#"{"id":"Zk40vVw1Rt","at":"2026-11-22T12:40:52+01:00","day":"2026-11-22","event":"done","gesture":"hands","category":"tone","with":["Sam\u001b[31m"],"note":"one\ntwo \u202ex\u009b \u007fü"}"#;
    assert_eq!(to_line(&event), line);
    assert_eq!(parse(line.as_bytes()), Line::Event(event));
}

#[test]
fn a_draw_tells_the_odds_of_a_category() {
    let weight = |category: &str, weight| Weight { category: category.to_owned(), weight, quiet_days: None };
    let weights = vec![weight("names", 9), weight("tone", 18), weight("none", 0)];
    let why = Why { weights, pool: 4, ..Why::default() };
    assert_eq!(why.total(), 27);
    assert_eq!([why.odds("tone"), why.odds("names")], [Some((18, 4)), Some((9, 4))]);
    // No weight, no such category, no pool: nothing to tell.
    assert_eq!([why.odds("none"), why.odds("gone"), Why { pool: 0, ..why.clone() }.odds("tone")], [None; 3]);
    let most = Why { weights: vec![weight("a", u64::MAX), weight("b", u64::MAX)], ..why };
    assert_eq!(most.total(), 2 * u128::from(u64::MAX));
}

#[test]
fn a_day_is_read_without_parsing_only_where_there_is_no_doubt() {
    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(peek_day(line.as_bytes()), expected.map(day), "{line}");
    }
    check(r#"{"day":"2026-11-22","event":"done"}"#, Some("2026-11-22"));
    check(r#"{"note":"\"day\":\"2020-01-01\"","day":"2026-11-22"}"#, Some("2026-11-22"));
    check(r#"{"x":{"day":"2020-01-01"},"day":"2026-11-22"}"#, None);
    check(r#"{"day" : "2026-11-22"}"#, None);
    check(r#"{"day":"2026-11-2"}"#, None);
    check(r#"{"day":"2026-11-222"}"#, None);
    check(r#"{"day""#, None);
}

#[test]
fn a_log_holds_each_event_once_and_nothing_undone() {
    #[track_caller]
    fn check(lines: &[&str], expected: &[&str]) {
        let parsed = lines.iter().map(|line| match parse(line.as_bytes()) {
            Line::Event(event) => (event, line.as_bytes().to_vec()),
            other => panic!("{other:?}"),
        });
        let log = Log::new(parsed, day("2026-11-22"));
        let ids: Vec<&str> = log.events().iter().map(|event| event.id.as_str()).collect();
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
    let log = Log::new([&a, &other].map(|line| (events_of(line), line.as_bytes().to_vec())), day("2026-11-22"));
    assert_eq!(log.events()[0].day, day("2026-11-21"));
}

fn events_of(line: &str) -> Event {
    match parse(line.as_bytes()) {
        Line::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn todays_prompt_is_the_earliest_offer_that_was_not_swapped() {
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let today = day("2026-11-22");
        let log = log(text, today);
        assert_eq!(log.prompt_on(today).map(|(_, prompt, _)| prompt.gesture.as_str()), expected, "{text}");
    }
    check("", None);
    check("2026-11-21 offered a tone", None);
    check("2026-11-22 offered a tone", Some("a"));
    check("2026-11-22 offered a tone\n2026-11-22 offered b tone", Some("a"));
    check("2026-11-22 offered a tone\n2026-11-22 swapped a tone\n2026-11-22 offered b tone", Some("b"));
    check("2026-11-21 swapped a tone\n2026-11-22 offered a tone", Some("a"));
    let log = log("2026-11-22 offered a tone\n2026-11-22 swapped a tone\n2026-11-22 swapped a tone", day("2026-11-22"));
    assert_eq!(log.swapped_on(day("2026-11-22")), ["a"]);
}

#[test]
fn a_log_tells_of_a_day_what_was_done_and_whether_it_rests() {
    let today = day("2026-11-22");
    let log = log(
        "2026-11-20 done - names\n2026-11-21 offered a tone\n2026-11-21 done a tone\n2026-11-22 done - tone\n\
         2026-11-22 rest 2026-11-24 2026-11-26\n2026-11-22 rest 2026-11-25 2026-11-25",
        today,
    );
    let done = |on: &str| log.done_on(day(on)).map(|(event, _)| event.id.as_str()).collect::<Vec<_>>();
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
    let log = Log::new(two.into_iter().map(|event| (event, Vec::new())), day("2026-11-22"));
    assert_eq!(log.prompt_on(day("2026-11-22")).map(|(_, prompt, _)| prompt.gesture.as_str()), Some("b"));
}

#[test]
fn a_glance_takes_only_the_shape_that_we_write() {
    #[track_caller]
    fn check(line: &str, expected: Option<Seen<'_>>) {
        let found = glance(line.as_bytes());
        assert_eq!(found, expected.map(|what| Glance { id: "a", what }), "{line}");
    }
    let head = r#"{"id":"a","at":"x","day":"2026-11-22","event":"#;
    let done = Some(Seen::Done(day("2026-11-22"), "tone"));
    check(&format!(r#"{head}"done","category":"tone"}}"#), done);
    check(&format!(r#"{head}"done","gesture":"g","category":"tone","with":["Sam","日本"],"note":"ü"}}"#), done);
    check(&format!(r#"{head}"undone","of":"b"}}"#), Some(Seen::Undone("b")));
    check(&format!(r#"{head}"offered","gesture":"g","category":"tone","why":{{"days":9}}}}"#), Some(Seen::Other));
    check(&format!(r#"{head}"swapped","gesture":"g","category":"tone"}}"#), Some(Seen::Other));
    for tail in [
        r#""done","category":"tone"} "#,
        r#""done","category":"tone""#,
        r#""done","category":"to\u006ee"}"#,
        r#""done","category":"tone","with":[]}"#,
        r#""done","category":"tone","with":["Sam",]}"#,
        r#""done","category":"tone","note":"x","note":"y"}"#,
        r#""done","category":"tone","note":null}"#,
        "\"done\",\"category\":\"to\tne\"}",
        r#""undone","of":"b","note":"x"}"#,
        r#""undone","of":null}"#,
        r#""rest","from":"2026-11-22","until":"2026-11-23"}"#,
        r#""offered","gesture":"g","category":"to"#,
    ] {
        check(&format!("{head}{tail}"), None);
    }
    check(r#"{"id":"a","at":"x","day":"2026-02-30","event":"done","category":"tone"}"#, None);
    assert_eq!(glance(b"{\"id\":\"\xFF\",\"at\":\"x\",\"day\":\"2026-11-22\",\"event\":\"swapped\"}"), None);
}

/// What a log of the lines holds, counted.
fn counted(lines: &[Vec<u8>], today: Day, of: &RangeInclusive<Day>) -> Tally {
    let events = lines.iter().filter_map(|line| match parse(line) {
        Line::Event(event) => Some((event, line.clone())),
        _ => None,
    });
    let log = Log::new(events, today);
    let mut tally = Tally { days: BTreeMap::new(), categories: BTreeMap::new() };
    for (event, done) in log.dones() {
        *tally.days.entry(event.day).or_insert(0) += 1;
        if of.contains(&event.day) {
            *tally.categories.entry(done.category.clone()).or_insert(0) += 1;
        }
    }
    tally
}

/// The same, line by line in two parts, with the lines that are no event.
fn tallied(lines: &[Vec<u8>], split: usize, today: Day, of: &RangeInclusive<Day>) -> (Tally, BadLines) {
    let parts = [&lines[..split.min(lines.len())], &lines[split.min(lines.len())..]];
    let ids = parts.map(|part| {
        let mut ids = Ids::default();
        for line in part {
            ids.take(line);
        }
        ids
    });
    let doubt = Ids::doubt(ids.into());
    let (mut bad, mut read) = (BadLines::default(), 0);
    let counts = parts.map(|part| {
        let mut count = Count::new(&doubt, today, of.clone());
        for line in part {
            count.take(line, true);
        }
        bad.extend(std::mem::take(&mut count.bad), read);
        read += count.lines;
        count
    });
    (Count::sum(counts.into()), bad)
}

/// Lines among which ids stand twice, are undone, and look odd.
fn any_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = (0..12_u32, 1..6_u32, 0..7_u32, 0..12_u32, any::<u8>()).prop_map(|(id, day, kind, other, odd)| {
        let head = format!(r#"{{"id":"e{id}","at":"2026-11-0{day}T08:00:00+01:00","day":"2026-11-0{day}","event":"#);
        let line = match kind {
            0 => format!(r#"{head}"offered","gesture":"g{other}","category":"tone","why":{{"day":"x"}}}}"#),
            1 => format!(r#"{head}"undone","of":"e{other}"}}"#),
            2 => format!(r#"{{"day":"2026-11-0{day}","event":"done","category":"c{}"}}"#, other % 2),
            3 => format!(r#"{head}"done","category":"c{}","note":"\u00e9 {other}"}}"#, other % 3),
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

fn any_event() -> impl Strategy<Value = Event> {
    let text = || any::<String>();
    let any_day = || (0..60_000_i64).prop_map(|number| Day::default() + chrono::TimeDelta::days(number));
    let prompt = || (text(), text()).prop_map(|(gesture, category)| Prompt { gesture, category });
    let weight = (text(), any::<u64>(), any::<Option<u32>>()).prop_map(|(category, weight, quiet_days)| Weight {
        category,
        weight,
        quiet_days,
    });
    let filters = (any::<Option<String>>(), any::<Option<String>>(), any::<bool>())
        .prop_map(|(place, category, easy)| Filters { place, category, easy });
    let why = (text(), any::<Option<u32>>(), prop::collection::vec(weight, 0..3), filters, any::<u32>())
        .prop_map(|(reason, days, weights, filters, pool)| Why { reason, days, weights, filters, pool });
    let done = (any::<Option<String>>(), text(), prop::collection::vec(text(), 0..3), any::<Option<String>>())
        .prop_map(|(gesture, category, with, note)| What::Done(Done { gesture, category, with, note }));
    let what = prop_oneof![
        (prompt(), prop::option::of(why)).prop_map(|(prompt, why)| What::Offered { prompt, why }),
        prompt().prop_map(|prompt| What::Swapped { prompt }),
        done,
        text().prop_map(|of| What::Undone { of }),
        (any_day(), any_day()).prop_map(|(from, until)| What::Rest { from, until }),
    ];
    let at = (0..4_000_000_000_i64, -50_000..50_000_i32).prop_map(|(seconds, offset)| {
        // RFC 3339 writes offsets in whole minutes.
        let offset = FixedOffset::east_opt(offset / 60 * 60).unwrap();
        DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&offset)
    });
    (text(), prop::option::of(at), any_day(), what).prop_map(|(id, at, day, what)| Event { id, at, day, what })
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
        if let Some(peeked) = peek_day(line.as_bytes()) {
            prop_assert_eq!(peeked, event.day);
        }
        if let Some(glance) = glance(line.as_bytes()) {
            let what = match &event.what {
                What::Done(done) => Seen::Done(event.day, &done.category),
                What::Undone { of } => Seen::Undone(of),
                _ => Seen::Other,
            };
            prop_assert_eq!(glance, Glance { id: &event.id, what });
        }
    }

    /// Counting line by line finds what a log finds, whatever stands twice, is undone or is no event.
    #[test]
    fn a_tally_is_what_a_log_holds(lines in any_lines(), split in 0..40_usize) {
        let today = day("2026-11-04");
        let of = day("2026-11-02")..=day("2026-11-08");
        let mut bad = BadLines::default();
        for (line, number) in lines.iter().zip(1..) {
            // An offer is not looked at to its end.
            if glance(line).is_none() && let Line::Bad(reason) = parse(line) {
                bad.push(number, reason);
            }
        }
        prop_assert_eq!(tallied(&lines, split, today, &of), (counted(&lines, today, &of), bad));
    }

    #[test]
    fn no_line_makes_the_reader_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
        parse(&line);
        peek_day(&line);
        glance(&line);
    }
}
