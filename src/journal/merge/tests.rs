use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::journal::sample::day;
use crate::journal::{Lines, Log, lines};

/// What copies come to, as text.
struct Texts {
    /// Both files, as a repeated merge would read them.
    files: [Vec<u8>; 2],
    superseded: [Vec<Vec<u8>>; 2],
    new: usize,
}

fn merge(copies: &[(Book, &[u8])]) -> Texts {
    let mut merge = Merge::default();
    for (book, bytes) in copies {
        let source = merge.next_file(*book);
        let mut offset = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            merge.take(line.strip_suffix(b"\n").unwrap_or(line), Place::new(source, offset));
            offset += line.len() as u64;
        }
    }
    let line = |place: Place| {
        let rest = &copies[usize::from(place.source())].1[usize::try_from(place.offset()).unwrap()..];
        bare(rest.split(|byte| *byte == b'\n').next().unwrap()).to_vec()
    };
    let Ok(merged) = merge.finish(|place| match parse(&line(place)) {
        Line::Event(event) => Ok::<_, Infallible>(Some((event, line(place)))),
        _ => Ok(None),
    });
    let lines = |places: &[Place]| places.iter().map(|place| line(*place)).collect::<Vec<_>>();
    let file = |file: &MergedFile| {
        let lines = lines(&file.events).into_iter().chain(file.others.iter().cloned());
        lines.flat_map(|line| [line, b"\n".to_vec()].concat()).collect()
    };
    Texts {
        files: [file(&merged.journal), file(&merged.plans)],
        superseded: [lines(&merged.journal.superseded), lines(&merged.plans.superseded)],
        new: merged.journal.new.len() + merged.plans.new.len(),
    }
}

fn files(copies: &[(Book, &[u8])]) -> [Vec<u8>; 2] {
    merge(copies).files
}

fn text(copies: &[(Book, &str)]) -> [String; 2] {
    let copies: Vec<_> = copies.iter().map(|(book, text)| (*book, text.as_bytes())).collect();
    files(&copies).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn done(id: &str, minute: u32, note: &str) -> String {
    format!(
        r#"{{"id":"{id}","at":"2026-11-22T08:{minute:02}:00+01:00","day":"2026-11-22","event":"done","category":"tone","note":"{note}"}}"#
    )
}

const REST: &str = r#"{"id":"r","day":"2026-11-22","event":"rest","from":"2026-11-22","until":"2026-11-23"}"#;
const BACK: &str = r#"{"id":"u","day":"2026-11-22","event":"undone","of":"r"}"#;
const NEWER: &str = r#"{"id":"n","day":"2026-11-22","event":"sung"}"#;

#[test]
fn a_union_is_sorted_by_moment_then_id_and_ends_with_what_is_no_event() {
    let (a, b, c) = (done("b", 1, ""), done("a", 1, ""), done("z", 0, ""));
    let [journal, plans] =
        text(&[(Book::Journal, &format!("torn\n{a}\n\n{b}\n{NEWER}\n{a}\n  \r\nbad")), (Book::Journal, &c)]);
    assert_eq!(journal, format!("{c}\n{b}\n{a}\nbad\ntorn\n{NEWER}\n"));
    assert_eq!(plans, "");
}

#[test]
fn each_event_goes_where_it_belongs() {
    let a = done("a", 0, "");
    let mixed = format!("{BACK}\n{REST}\n{a}\nbad\n");
    assert_eq!(text(&[(Book::Journal, &mixed)]), [format!("{a}\nbad\n"), format!("{REST}\n{BACK}\n")]);
    // What takes back an event that is nowhere stays with its copy.
    assert_eq!(text(&[(Book::Plans, BACK)]), [String::new(), format!("{BACK}\n")]);
    assert_eq!(text(&[(Book::Journal, BACK)]), [format!("{BACK}\n"), String::new()]);
    assert_eq!(
        [&mixed, REST, BACK, "bad", &a].map(|text| recognized(text).book()),
        [Some(Book::Plans), Some(Book::Plans), None, None, Some(Book::Journal)]
    );
}

fn recognized(text: &str) -> Recognition {
    let mut recognition = Recognition::new();
    lines(text.as_bytes()).for_each(|line| recognition.take(line));
    recognition
}

#[test]
fn a_file_can_be_a_copy_if_a_line_tells_or_nothing_does() {
    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(recognized(text).may_be_a_copy(), expected, "{text}");
    }
    check("", true);
    check("\n \n", true);
    check(&format!("bad\n{NEWER}\n"), true);
    check(&format!("\n{BACK}"), true);
    check("bad", false);
    check("\nbad\nworse\n", false);
}

#[test]
fn a_line_is_the_same_with_other_line_ends() {
    let a = done("a", 0, "");
    let dressed = format!("\u{FEFF}{a}\r\n{NEWER}\r\nbad\r\n");
    let [journal, _] = text(&[(Book::Journal, &dressed), (Book::Journal, &format!("{a}\n{NEWER}\n"))]);
    assert_eq!(journal, format!("{a}\nbad\r\n{NEWER}\n"));
    assert_eq!(text(&[(Book::Journal, &journal), (Book::Journal, &dressed)])[0], journal);
    // A file that was turned into another system's more than once.
    assert_eq!(text(&[(Book::Journal, &format!("{a}\r\r\r\n{NEWER}\r\r\n"))])[0], format!("{a}\n{NEWER}\n"));
}

#[test]
fn of_two_lines_with_one_id_the_smaller_counts_and_the_other_is_told() {
    let (small, large) = (done("a", 0, "a"), done("a", 9, "b"));
    for copies in [[&small, &large], [&large, &small]] {
        let copies = copies.map(|line| (Book::Journal, line.as_bytes()));
        let merged = merge(&copies);
        assert_eq!(merged.files[0], format!("{small}\n").into_bytes());
        assert_eq!(merged.superseded[0], [large.as_bytes()]);
    }
    assert_eq!(merge(&[(Book::Journal, format!("{small}\r\n{small}\n").as_bytes())]).superseded[0].len(), 0);
}

#[test]
fn what_stands_in_neither_book_is_new() {
    let (a, b, c) = (done("a", 0, ""), done("b", 1, ""), done("a", 9, "other"));
    let new = |own: &str, copy: &str| {
        merge(&[(Book::Journal, own.as_bytes()), (Book::Plans, b""), (Book::Journal, copy.as_bytes())]).new
    };
    assert_eq!([new("", &a), new(&a, &a), new(&a, &format!("{b}\n{a}")), new(&c, &a), new(&a, &c)], [1, 0, 1, 0, 0]);
}

#[test]
fn nothing_stands_before_what_it_names() {
    #[track_caller]
    fn check(lines: &[&String]) {
        let file = |lines: Vec<&&String>| lines.into_iter().map(|line| (*line).clone() + "\n").collect::<String>();
        let (expected, shuffled) = (file(lines.iter().collect()), file(lines.iter().rev().collect()));
        assert_eq!(text(&[(Book::Journal, &shuffled)])[0], expected);
        assert_eq!(text(&[(Book::Journal, &expected)])[0], expected);
    }
    // A clock that was an hour ahead wrote what is named.
    let at = |id: &str, hour: u32, rest: &str| {
        format!(r#"{{"id":"{id}","at":"2026-11-22T{hour:02}:00:00+01:00","day":"2026-11-22","event":{rest}}}"#)
    };
    let entry = at("m", 9, r#""done","category":"tone""#);
    let later = at("z", 10, r#""done","category":"tone""#);
    check(&[&entry, &at("a", 8, r#""undone","of":"m""#), &later]);
    check(&[&entry, &at("a", 8, r#""done","category":"tone","amends":"m""#), &later]);
    // What takes an amendment back stands behind it, wherever that stands.
    let (amended, back) = (at("b", 7, r#""done","category":"tone","amends":"m""#), at("a", 6, r#""undone","of":"b""#));
    check(&[&entry, &amended, &back, &later]);
    let prompt = r#","gesture":"g","category":"tone""#;
    let (offer, swap) = (at("m", 9, &format!(r#""offered"{prompt}"#)), at("a", 9, &format!(r#""swapped"{prompt}"#)));
    check(&[&offer, &swap, &later]);
    // Of an offer on two devices the first.
    let second = at("n", 10, &format!(r#""offered"{prompt}"#));
    check(&[&offer, &swap, &second]);
    // An `undone` can't be undone: it stands at its own time.
    let undone = at("y", 8, r#""undone","of":"m""#);
    check(&[&at("x", 7, r#""undone","of":"y""#), &entry, &undone]);
}

/// Lines of all kinds, from few ids and texts, so that copies have much in common. An id begins with
/// its kind: no two events of different kinds share one.
fn any_line() -> impl Strategy<Value = Vec<u8>> {
    let at = (0..3_u32, prop::sample::select(vec!["+01:00", "Z", "-05:00"]))
        .prop_map(|(minute, offset)| format!(r#""at":"2026-11-22T08:0{minute}:00{offset}","#));
    let head = (prop::option::weighted(0.8, 0..3_u32), prop::option::of(at), 20..24_u32);
    let tail = prop_oneof![
        Just(("d", r#""event":"done","category":"tone"}"#.to_owned())),
        Just(("d", r#""event":"done","category":"tone","erased":true}"#.to_owned())),
        (0..3_u32).prop_map(|of| ("a", format!(r#""event":"done","category":"names","amends":"d{of}"}}"#))),
        Just(("w", r#""event":"swapped","gesture":"g","category":"tone"}"#.to_owned())),
        Just(("o", r#""event":"offered","gesture":"g","category":"tone"}"#.to_owned())),
        Just(("r", r#""event":"rest","from":"2026-11-22","until":"2026-11-23"}"#.to_owned())),
        (prop::sample::select(vec!["d", "r", "a", "u"]), 0..3_u32)
            .prop_map(|(kind, of)| ("u", format!(r#""event":"undone","of":"{kind}{of}"}}"#))),
        Just(("s", r#""event":"sung"}"#.to_owned())),
        Just(("b", "\"event\":".to_owned())),
    ];
    let json = (head, tail).prop_map(|((id, at, day), (kind, tail))| {
        let id = id.map(|id| format!(r#""id":"{kind}{id}","#)).unwrap_or_default();
        format!("{{{id}{}\"day\":\"2026-11-{day}\",{tail}", at.unwrap_or_default()).into_bytes()
    });
    let line = prop_oneof![
        8 => json,
        1 => prop::collection::vec(any::<u8>().prop_filter("a line", |byte| *byte != b'\n'), 0..6),
    ];
    let dress = (prop::bool::weighted(0.1), prop_oneof![8 => Just(0), 2 => Just(1), 1 => Just(2)]);
    (line, dress).prop_map(|(line, (mark, carriages))| {
        [if mark { &b"\xEF\xBB\xBF"[..] } else { b"" }, &line, &b"\r\r"[..carriages]].concat()
    })
}

fn any_copy() -> impl Strategy<Value = (Book, Vec<u8>)> {
    let book = prop::sample::select(vec![Book::Journal, Book::Plans]);
    (book, prop::collection::vec(any_line(), 0..12), any::<bool>()).prop_map(|(book, lines, ended)| {
        let bytes = lines.join(&b'\n');
        (book, if ended { [bytes, b"\n".to_vec()].concat() } else { bytes })
    })
}

/// Merging both files of a user with a copy.
fn merged(files_before: &[Vec<u8>; 2], (book, copy): &(Book, Vec<u8>)) -> [Vec<u8>; 2] {
    files(&[(Book::Journal, &files_before[0]), (Book::Plans, &files_before[1]), (*book, copy)])
}

fn both(a: &[Vec<u8>; 2], b: &[Vec<u8>; 2]) -> [Vec<u8>; 2] {
    let pair = |files: &[Vec<u8>; 2]| [(Book::Journal, files[0].clone()), (Book::Plans, files[1].clone())];
    pair(b).iter().fold(a.clone(), |files, copy| merged(&files, copy))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_union_is_idempotent_commutative_and_associative(a in any_copy(), b in any_copy(), c in any_copy()) {
        let [a, b, c] = [a, b, c].map(|(book, bytes)| files(&[(book, &bytes)]));
        prop_assert_eq!(&both(&a, &a), &a);
        prop_assert_eq!(both(&a, &b), both(&b, &a));
        prop_assert_eq!(both(&both(&a, &b), &c), both(&a, &both(&b, &c)));
    }

    #[test]
    fn copies_come_to_the_same_in_any_order_and_number(a in any_copy(), b in any_copy(), c in any_copy()) {
        let [a, b, c] = [&a, &b, &c].map(|(book, bytes)| (*book, bytes.as_slice()));
        let all = files(&[a, b, c]);
        prop_assert_eq!(&files(&[c, a, b, a]), &all);
        prop_assert_eq!(&both(&files(&[a, b]), &files(&[c])), &all);
    }

    /// Every line is there exactly once, in one of the books or among those that another version outdoes.
    #[test]
    fn a_union_loses_nothing_but_what_was_erased(a in any_copy(), b in any_copy()) {
        let merged = merge(&[(a.0, &a.1), (b.0, &b.1)]);
        let mut found: BTreeMap<&[u8], Vec<Book>> = BTreeMap::new();
        for (book, file) in Book::BOTH.into_iter().zip(&merged.files) {
            lines(file).for_each(|line| found.entry(line).or_default().push(book));
        }
        for line in lines(&a.1).chain(lines(&b.1)).filter(|line| !is_blank(line)) {
            match parse(line) {
                Line::Event(event) => {
                    let is_erased = found.keys().any(|kept| match parse(kept) {
                        Line::Event(kept) => kept.id == event.id && kept.is_erased(),
                        _ => false,
                    });
                    let superseded = merged.superseded.concat().iter().any(|other| other == bare(line));
                    let times = found.get(bare(line)).map_or(0, Vec::len);
                    let kept = times + usize::from(superseded);
                    prop_assert!(kept == 1 || kept == 0 && is_erased, "{} {}", kept, String::from_utf8_lossy(line));
                }
                Line::Passed => prop_assert!(found.contains_key(bare(line))),
                Line::Bad(_) => prop_assert!(found.contains_key(line)),
            }
        }
    }

    /// Whoever reads the union sees what a reader of the two files one after the other saw.
    #[test]
    fn a_union_means_what_its_copies_meant(a in any_copy(), b in any_copy()) {
        let log = |copies: &[&[u8]]| {
            let parsed = copies.iter().flat_map(|bytes| lines(bytes)).filter_map(|line| match parse(line) {
                Line::Event(event) => Some((event, bare(line).to_vec())),
                _ => None,
            });
            let (plans, journal): (Lines, Lines) =
                parsed.partition(|(event, _)| event.what.book() == Some(Book::Plans));
            // Of one moment the place decides, which a merge changes.
            let log = Log::new(journal, plans, Day::MIN, day("2026-11-23"));
            let mut events = [log.events(), log.plans()].concat();
            events.sort_by(|a, b| (a.day, a.order(), a.what.word()).cmp(&(b.day, b.order(), b.what.word())));
            events
        };
        let [journal, plans] = files(&[(a.0, &a.1), (b.0, &b.1)]);
        prop_assert_eq!(log(&[&journal, &plans]), log(&[&a.1, &b.1]));
    }

    #[test]
    fn any_bytes_can_be_merged(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let once = files(&[(Book::Journal, &bytes)]);
        prop_assert_eq!(&files(&[(Book::Journal, &once[0]), (Book::Journal, &bytes)]), &once);
    }
}
