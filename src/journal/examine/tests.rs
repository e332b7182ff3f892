use super::*;
use crate::journal::sample::day;

fn done(id: &str, day: &str) -> String {
    format!(r#"{{"id":"{id}","day":"{day}","event":"done","gesture":"known","category":"tone"}}"#)
}

fn look(text: &str, reach: usize) -> Vec<Finding> {
    examine(Book::Journal, text.as_bytes(), day("2026-11-22"), |id| id == "known", reach)
}

#[test]
fn every_kind_of_line_is_told() {
    #[track_caller]
    fn check(text: &str, expected: &[Finding]) {
        assert_eq!(look(text, 1000), expected, "{text}");
    }
    let (a, b) = (done("a", "2026-11-21"), done("b", "2026-11-22"));
    check("", &[]);
    check(&format!("{a}\n\n{b}\n{{\"event\":\"sung\"}}\n{}", done("c", "2026-11-22")), &[]);
    let bad = |line, text: &str| Finding::Bad { line, reason: "not JSON".to_owned(), text: text.to_owned() };
    check(&format!("bad\n{a}\n{{\r\n"), &[bad(1, "bad"), bad(3, "{\r")]);
    check(&format!("{a}\n{{\"id\":"), &[Finding::Torn { line: 2, text: "{\"id\":".to_owned() }]);
    check(&format!("{a}\n{b}\n{a}\n"), &[Finding::Twice { line: 3, first: 1, same: true }]);
    let other = done("a", "2026-11-20");
    check(&format!("{a}\n{other}\n"), &[Finding::Twice { line: 2, first: 1, same: false }]);
    // As another system writes it, it is the same event.
    let twice = Finding::Twice { line: 2, first: 1, same: true };
    check(&format!("{a}\n{a}\r\n"), &[twice, Finding::CarriageReturns { line: 2, lines: 1 }]);
    check(
        &format!("\u{FEFF}{a}\r\n\r\n{b}\r\n"),
        &[Finding::Mark { line: 1 }, Finding::CarriageReturns { line: 1, lines: 2 }],
    );
    let late = done("c", "2026-11-23");
    check(&format!("{late}\n{a}\n"), &[Finding::Future { line: 1, day: day("2026-11-23") }]);
    let rest = r#"{"id":"r","day":"2026-11-22","event":"rest","from":"2026-11-22","until":"2026-11-23"}"#;
    check(&format!("{rest}\n"), &[Finding::Elsewhere { line: 1, belongs: Book::Plans }]);
    let gone = a.replace("known", "gone");
    check(&format!("{gone}\n"), &[Finding::Gone { gestures: BTreeSet::from(["gone".to_owned()]) }]);
}

#[test]
fn of_very_many_lines_that_are_no_event_the_first_are_told_one_by_one() {
    let look = |lines: u32| look(&"x\n".repeat(lines as usize), 1000);
    let most = u64::from(MOST);
    assert_eq!(look(MOST).last().and_then(Finding::line), Some(most));
    let more = look(MOST + 3);
    assert_eq!((more.len() as u64, more.last()), (most + 1, Some(&Finding::MoreBad { line: most + 1, lines: 3 })));
}

#[test]
fn only_what_is_worth_knowing_is_no_wrong() {
    assert!(!Finding::Gone { gestures: BTreeSet::new() }.is_wrong());
    assert!(!Finding::Future { line: 1, day: day("2026-11-23") }.is_wrong());
    assert!(Finding::Mark { line: 1 }.is_wrong());
}

#[test]
fn an_event_is_astray_once_a_reader_stops_before_it() {
    let old = done("x", "2026-11-01").len() + 1;
    let text = |ids: usize| {
        let behind: String = (0..ids).map(|id| done(&id.to_string(), "2026-11-01") + "\n").collect();
        format!("{}\n{behind}{}\n", done("z", "2026-11-20"), done("y", "2026-11-21"))
    };
    assert_eq!(look(&text(3), 3 * old + 1), []);
    assert_eq!(look(&text(3), 3 * old), [Finding::Astray { line: 1, day: day("2026-11-20") }]);
    // One that no later event follows, and one whose day is to come and does not count yet.
    let last = text(3).replace("2026-11-21", "2026-11-01");
    assert_eq!(look(&last, 3 * old).len(), 1);
    assert!(
        !look(&text(3).replace("2026-11-20", "2026-11-29"), 3 * old)
            .contains(&Finding::Astray { line: 1, day: day("2026-11-29") })
    );
}

#[test]
fn copies_are_known_by_their_names() {
    #[track_caller]
    fn check(name: &str, expected: bool) {
        assert_eq!(is_conflict_copy(name, Book::Journal), expected, "{name}");
    }
    check("journal.sync-conflict-20261122-120000-ABCDEFG.jsonl", true);
    check("journal (Ada's conflicted copy 2026-11-22).jsonl", true);
    check("journal (conflicted copy 2026-11-22 120000).jsonl", true);
    check("journal (Case Conflict).jsonl", true);
    check("journal_conflict-20261122-120000.jsonl", true);
    check("journal 2.jsonl", true);
    check("journal (1).jsonl", true);
    check("journal.jsonl", false);
    check("journal-2025.jsonl", false);
    check("journal .jsonl", false);
    check("journal.jsonl.backup-2026-11-22", false);
    check("plans 2.jsonl", false);
    assert!(is_conflict_copy("plans 2.jsonl", Book::Plans));
}

#[test]
fn what_an_interrupted_call_left_is_known_by_its_name() {
    let swap = |name: &str| is_unfinished_swap(name, "journal.jsonl");
    assert!(swap(".journal.jsonl.Zk40vVw1Rt.new"));
    for name in [".journal.jsonl.new", ".plans.jsonl.Zk40vVw1Rt.new", ".journal.jsonl.Zk40vVw1R/.new"] {
        assert!(!swap(name), "{name}");
    }
    assert!(is_copy_for_an_editor("journal-Zk40vVw1Rt.jsonl"));
    for name in ["journal-.jsonl", "journal-2025.jsonl", "journal-2026112212.jsonl", "journal-conflicted.jsonl"] {
        assert!(!is_copy_for_an_editor(name), "{name}");
    }
    for name in ["plans-Zk40vVw1Rt.jsonl", "journal-Zk40vVw1Rt.txt", "journal.jsonl"] {
        assert!(!is_copy_for_an_editor(name), "{name}");
    }
}
