use std::convert::Infallible;

use super::*;
use crate::journal::bare;
use crate::journal::sample::day;

fn done(id: &str, day: &str) -> String {
    format!(r#"{{"id":"{id}","day":"{day}","event":"done","gesture":"known","category":"tone"}}"#)
}

fn look(text: &str, reach: usize) -> Vec<Finding> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let starts: Vec<usize> = starts.filter(|at| *at < text.len()).collect();
    let line = |at: usize| text[at..].split('\n').next().unwrap().as_bytes();
    let mut examination = Examination::new(Book::Journal, day("2026-11-22"), |id| id == "known", reach);
    for at in &starts {
        examination.take(line(*at), *at as u64, text[*at..].contains('\n'));
    }
    let look = |place: Place| match parse(line(usize::try_from(place.offset()).unwrap())) {
        Line::Event(event) => {
            Ok::<_, Infallible>(Some((event, bare(line(usize::try_from(place.offset()).unwrap())).to_vec())))
        }
        _ => Ok(None),
    };
    let number = |places: &[Place]| {
        let number = |place: &Place| starts.iter().position(|at| *at as u64 == place.offset()).unwrap() as u64 + 1;
        Ok(places.iter().map(number).collect())
    };
    let Ok(findings) = examination.finish(look, number);
    findings
}

#[test]
fn every_kind_of_line_is_told() {
    #[track_caller]
    fn check(text: &str, expected: &[Finding]) {
        assert_eq!(look(text, 1000), expected, "{text}");
    }
    let (a, b) = (done("a", "2026-11-21"), done("b", "2026-11-22"));
    check("", &[Finding::Empty]);
    check(&format!("{a}\n\n{b}\n{{\"event\":\"sung\"}}\n{}", done("c", "2026-11-22")), &[]);
    let bad = |line, text: &str| Finding::NotAnEvent { line, reason: "not JSON".to_owned(), text: text.to_owned() };
    check(&format!("bad\n{a}\n{{\r\n"), &[bad(1, "bad"), bad(3, "{\r")]);
    check(&format!("{a}\n{{\"id\":"), &[Finding::Unfinished { line: 2, text: "{\"id\":".to_owned() }]);
    check(&format!("{a}\n{b}\n{a}\n"), &[Finding::Duplicate { line: 3, first: 1, same: true }]);
    let other = done("a", "2026-11-20");
    check(&format!("{a}\n{other}\n"), &[Finding::Duplicate { line: 2, first: 1, same: false }]);
    // As another system writes it, it is the same event.
    let twice = Finding::Duplicate { line: 2, first: 1, same: true };
    check(&format!("{a}\n{a}\r\n"), &[twice, Finding::CarriageReturns { line: 2, lines: 1 }]);
    check(
        &format!("\u{FEFF}{a}\r\n\r\n{b}\r\n"),
        &[Finding::ByteOrderMark { line: 1 }, Finding::CarriageReturns { line: 1, lines: 2 }],
    );
    let late = done("c", "2026-11-23");
    check(&format!("{late}\n{a}\n"), &[Finding::Future { line: 1, day: day("2026-11-23") }]);
    let rest = r#"{"id":"r","day":"2026-11-22","event":"rest","from":"2026-11-22","until":"2026-11-23"}"#;
    check(&format!("{rest}\n"), &[Finding::WrongBook { line: 1, belongs: Book::Plans }]);
    let gone = a.replace("known", "gone");
    check(&format!("{gone}\n"), &[Finding::UnknownGestures { gestures: BTreeSet::from(["gone".into()]) }]);
}

#[test]
fn of_very_many_lines_that_are_no_event_the_first_are_told_one_by_one() {
    let look = |lines: usize| look(&("x\n".repeat(lines) + &done("a", "2026-11-21")), 1000);
    let most = MOST as u64;
    assert_eq!(look(MOST).last().and_then(Finding::line), Some(most));
    let more = look(MOST + 3);
    let like = Finding::NotAnEvent { line: most + 1, reason: "not JSON".to_owned(), text: "x".to_owned() };
    let last = Finding::More { like: Box::new(like), lines: 3 };
    assert_eq!((more.len() as u64, more.last()), (most + 1, Some(&last)));
}

#[test]
fn a_book_in_another_shape_is_told_as_one() {
    let (a, b) = (done("a", "2026-11-21"), done("b", "2026-11-22"));
    let shape = |line, lines, events| vec![Finding::NotOnePerLine { line, lines, events }];
    assert_eq!(look(&format!("{a}\n{a}{b}\n", a = a.replace("\"a\"", "\"c\"")), 1000)[0], shape(2, 1, 2)[0]);
    assert_eq!(look(&format!("[{a},{b}]"), 1000), shape(1, 1, 2));
    assert_eq!(look(&format!("[\n{a},\n{b}\n]\n").replace(',', ",\n"), 1000), shape(1, 12, 2));
    assert_eq!(look(&format!("{a}\n[\n"), 1000).len(), 1);
    assert_eq!(look("x\n[\n", 1000), [Finding::NoEvents { lines: 2 }]);
    for (text, finding) in [("\n \n", Finding::Empty), ("{\0\"\0i\0\n\0", Finding::Utf16)] {
        let found = look(text, 1000);
        assert!(found == [finding] && found[0].is_without_events() && !found[0].is_fixable());
    }
    let ahead = a.replace("\"day\"", "\"at\":\"2026-11-25T08:00:00+01:00\",\"day\"");
    assert_eq!(look(&ahead, 1000), [Finding::WrittenInFuture { line: 1, written: day("2026-11-25") }]);
}

#[test]
fn only_what_is_worth_knowing_is_no_wrong() {
    assert!(!Finding::UnknownGestures { gestures: BTreeSet::new() }.is_wrong());
    assert!(!Finding::Future { line: 1, day: day("2026-11-23") }.is_wrong());
    assert!(Finding::ByteOrderMark { line: 1 }.is_wrong());
}

fn written(id: &str, day: &str, at: &str) -> String {
    done(id, day).replace(r#","day""#, &format!(r#","at":"{at}T08:00:00+01:00","day""#))
}

#[test]
fn an_event_is_astray_once_a_reader_stops_before_it() {
    let old = written("0", "2026-11-01", "2026-11-01");
    let text = |first: &str, lines: usize, last: &str| {
        let behind: String = (0..lines).map(|id| old.replace("\"0\"", &format!("\"{id}\"")) + "\n").collect();
        format!("{first}\n{behind}{last}\n")
    };
    let length = old.len() + 1;
    let astray = |day: &str, lines| vec![Finding::OutOfOrder { line: 1, day: self::day(day), lines }];
    let z = written("z", "2026-11-20", "2026-11-20");
    let y = written("y", "2026-11-21", "2026-11-21");
    assert_eq!(look(&text(&z, 3, &y), 3 * length + 1), []);
    assert_eq!(look(&text(&z, 3, &y), 3 * length), astray("2026-11-20", 1));
    // Whether a later one follows or none.
    assert_eq!(look(&text(&z, 3, ""), 3 * length), astray("2026-11-20", 1));
    // Written two days before at most, the others may still be of that day.
    let near = text(&z.replace("2026-11-20", "2026-11-03"), 3, &y);
    assert_eq!(look(&near, 3 * length), []);
    assert_eq!(look(&near.replace("2026-11-03", "2026-11-04"), 3 * length), astray("2026-11-04", 1));
    // What was logged afterwards for a day long ago is no disorder.
    let late = text(&z, 3, &y).replace("\"at\":\"2026-11-01", "\"at\":\"2026-11-21");
    assert_eq!(look(&late, 3 * length), []);
    // Two of a day are one finding, and lines that do not say when they were written count neither for nor against.
    let two = format!("{z}\n{}", z.replace("\"z\"", "\"zz\""));
    assert_eq!(look(&text(&two, 3, ""), 3 * length), astray("2026-11-20", 2));
    let by_hand = text(&z, 3, &y).replace(r#""at":"2026-11-01T08:00:00+01:00","#, "");
    assert_eq!(look(&by_hand, 3 * length), []);
    assert_eq!(look(&text(&done("z", "2026-11-20"), 3, ""), 3 * length), astray("2026-11-20", 1));
    // A day that is to come does not count yet; one after that of writing is another matter.
    let future = done("z", "2026-11-29");
    assert_eq!(look(&text(&future, 3, ""), 3 * length), [Finding::Future { line: 1, day: day("2026-11-29") }]);
    let ahead = written("z", "2026-11-20", "2026-11-19");
    let (day, written) = (day("2026-11-20"), day("2026-11-19"));
    assert_eq!(look(&text(&ahead, 3, ""), 3 * length), [Finding::AheadOfWriting { line: 1, day, written }]);
}
