#![allow(clippy::disallowed_methods, reason = "a test looks at the file itself")]

use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;

use super::backward::read_events;
use super::*;
use crate::calendar;
use crate::journal::examine::{Examination, Finding};
use crate::journal::sample::day;
use crate::journal::{BadLines, Event, Lines, earliest_writing};

fn line(id: usize, day: &str, note: usize) -> String {
    format!(
        "{{\"id\":\"e{id}\",\"at\":\"{day}T08:00:00.000+01:00\",\"day\":\"{day}\",\"event\":\"done\",\
         \"category\":\"tone\",\"note\":\"{}\"}}\n",
        "x".repeat(note)
    )
}

fn read(text: &[u8], from: Option<&str>) -> Recent {
    let from = from.map_or(Day::MIN, day);
    read_events(&mut Cursor::new(text), text.len() as u64, from).unwrap()
}

fn ids(recent: &Recent) -> Vec<&str> {
    recent.lines.events().map(|event| &*event.id).collect()
}

fn store(folder: &Path) -> Store {
    Store::new(Folders { config: folder.to_owned(), data: folder.to_owned() })
}

#[test]
fn reading_keeps_the_order_and_names_bad_lines() {
    let text = format!(
        "{}rubbish\n\n{}\u{0}\u{1}\n{}",
        line(0, "2026-01-01", 3),
        line(1, "2026-01-05", 3),
        line(2, "2026-01-06", 3)
    );
    let recent = read(text.as_bytes(), None);
    assert_eq!(ids(&recent), ["e0", "e1", "e2"]);
    let bad: Vec<u64> = recent.bad.first.iter().map(|(line, _)| *line).collect();
    assert_eq!((bad, recent.is_whole), (vec![2, 5], true));
    assert_eq!(ids(&read(text.as_bytes(), Some("2026-01-05"))), ["e1", "e2"]);
}

#[test]
fn an_unfinished_last_line_counts_if_it_is_an_event() {
    let whole = line(0, "2026-01-01", 3) + line(1, "2026-01-02", 3).trim_end();
    let recent = read(whole.as_bytes(), None);
    assert_eq!((ids(&recent), recent.bad.count), (vec!["e0", "e1"], 0));
    let torn = read(&whole.as_bytes()[..whole.len() - 5], None);
    assert_eq!((ids(&torn), torn.bad.count), (vec!["e0"], 0));
}

#[test]
fn reading_stops_once_a_block_on_end_is_not_needed() {
    let old: String = (0..2000).map(|id| line(id, "2025-01-01", 100)).collect();
    let text = format!("{old}{}", line(9000, "2026-01-02", 3));
    let recent = read(text.as_bytes(), Some("2026-01-02"));
    assert_eq!((ids(&recent), recent.is_whole), (vec!["e9000"], false));
    // What is no event hides nothing, however long it is.
    let spilt =
        format!("{old}{}{}\n{}", line(8999, "2026-01-02", 3), "#".repeat(10 * BLOCK), line(9000, "2026-01-02", 3));
    assert_eq!(ids(&read(spilt.as_bytes(), Some("2026-01-02"))), ["e8999", "e9000"]);
    // A line longer than a block is read whole.
    let long = line(0, "2026-01-02", 5 * BLOCK) + &line(1, "2026-01-02", 3);
    assert_eq!(ids(&read(long.as_bytes(), Some("2026-01-02"))), ["e0", "e1"]);
}

/// What the doctor says of a journal.
fn examined(text: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    fs::write(&path, text).unwrap();
    let pages = Pages::open(&path).unwrap().unwrap();
    let mut examination = Examination::new(Book::Journal, day("2026-11-22"), |_| true, BLOCK);
    pages.each(|line, offset, is_complete| examination.take(line, offset, is_complete)).unwrap();
    let number = |places: &[crate::journal::Place]| {
        pages.line_numbers(&places.iter().map(|place| place.offset()).collect::<Vec<u64>>())
    };
    examination.finish(|place| pages.version(place.offset()), number).unwrap()
}

/// The very reach that the doctor takes for a line to be astray.
#[test]
fn reading_stops_after_a_block_to_the_byte() {
    assert_eq!(BLOCK, 65_536);
    let of_length = |id, length: usize| line(id, "2025-01-01", length - line(id, "2025-01-01", 0).len());
    let check = |old: String, expected: &[&str]| {
        for old in [old.replace("\"day\":", "\"day\" : ").replace("\"note\":\"xx", "\"note\":\""), old] {
            let text = line(0, "2026-01-02", 3) + &old + &line(1, "2026-01-02", 3);
            assert_eq!(ids(&read(text.as_bytes(), Some("2026-01-02"))), expected);
            assert!(!read(text.as_bytes(), Some("2026-01-02")).is_whole);
            assert!(read(text.as_bytes(), Some("2025-01-01")).is_whole);
            assert_eq!(examined(&text).len(), 2 - expected.len());
        }
    };
    let block: String = (0..64).map(|number| of_length(1000 + number, 1024)).collect();
    check(block.clone(), &["e1"]);
    check(block[..63 * 1024].to_owned() + &of_length(1063, 1023), &["e0", "e1"]);
}

/// What was logged today for days long ago was written today: it hides nothing, however much it is.
#[test]
fn what_was_caught_up_with_hides_nothing() {
    let caught_up: String =
        (0..2000).map(|id| line(id, "2026-01-02", 100).replace("\"day\":\"2026", "\"day\":\"2025")).collect();
    assert!(caught_up.len() > 2 * BLOCK);
    let text = line(9000, "2026-01-02", 3) + &caught_up;
    let recent = read(text.as_bytes(), Some("2026-01-02"));
    assert_eq!(recent.lines.len(), 2001);
    assert_eq!(recent_log(recent, "2026-01-02", "2026-01-02"), ["e9000"]);
    assert_eq!(examined(&text), []);
}

/// The ids of a log of what was read.
fn recent_log(recent: Recent, from: &str, today: &str) -> Vec<String> {
    let log = Log::new(recent.lines, Lines::default(), day(from), day(today));
    log.events().iter().map(|event| event.id.to_string()).collect()
}

/// A merge puts what only a newer version knows at the end, however much and of whatever days; another program may
/// spill what is no event at all.
#[test]
fn what_is_not_an_event_hides_nothing() {
    let newer: String = (0..2000).map(|id| line(id, "2025-01-01", 100).replace("\"done\"", "\"sung\"")).collect();
    let spilt: String = (0..2000).map(|id| line(id, "2025-01-01", 100).replace("\"category\"", "\"kind\"")).collect();
    for unknown in [newer, spilt] {
        assert!(unknown.len() > 2 * BLOCK);
        let text = line(9000, "2026-01-02", 3) + &unknown;
        let recent = read(text.as_bytes(), Some("2026-01-02"));
        assert_eq!(ids(&recent), ["e9000"]);
    }
}

#[test]
fn what_takes_back_and_corrects_is_read_whatever_its_day() {
    let old = line(0, "2025-01-01", 3);
    let undone = r#"{"id":"u","at":"2025-01-01T09:00:00+01:00","day":"2025-01-01","event":"undone","of":"e0"}"#;
    let amended = old.replace("\"e0\"", "\"a\"").replace("\"}", "\",\"amends\":\"e0\"}");
    let erased = old.replace("\"e0\"", "\"b\"").replace("\"}", "\",\"erased\":true}");
    let text = format!("{old}{undone}\n{amended}{erased}{}", line(1, "2026-01-02", 3));
    assert_eq!(ids(&read(text.as_bytes(), Some("2026-01-02"))), ["u", "a", "b", "e1"]);
}

#[test]
fn a_file_that_is_not_there_has_no_events_and_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let journal = store.look(day("2026-01-01")).unwrap().journal;
    assert!(journal.is_whole && journal.lines.is_empty());
    assert!(store.text(&store.config_path()).unwrap().is_none() && store.first_id().unwrap().is_none());
}

#[test]
fn text_that_is_not_utf_8_is_named_by_line_and_one_too_long_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let path = store.config_path();
    for (bytes, line) in [(&b"\xFFab"[..], 1), (b"one\ntwo\n\xFF\n", 3), (b"\n\n\n\nx\xFF", 5)] {
        fs::write(&path, bytes).unwrap();
        let error = format!("{:?}", store.text(&path).unwrap_err());
        assert!(error.contains(&format!("is not UTF-8 in line {line}\"")), "{error}");
    }
    let longest = usize::try_from(LONGEST_TEXT).unwrap();
    fs::write(&path, "#".repeat(longest)).unwrap();
    assert_eq!(store.text(&path).unwrap().map(|text| text.len()), Some(longest));
    fs::write(&path, "#".repeat(longest + 1)).unwrap();
    assert!(format!("{:?}", store.text(&path).unwrap_err()).contains("is longer than 1024 KiB"));
    fs::write(&path, "\u{FEFF}a = 1\n").unwrap();
    assert_eq!(store.text(&path).unwrap().as_deref(), Some("a = 1\n"));
}

#[cfg(unix)]
#[test]
fn what_is_set_aside_is_private_and_stands_there_once() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let path = folder.path().join("journal.jsonl.rejected");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let aside = |lines: &[&[u8]]| {
        let lock = store.lock(day("2026-11-22"), || ()).unwrap();
        let lines: Vec<Vec<u8>> = lines.iter().map(|line| line.to_vec()).collect();
        assert_eq!(lock.set_aside(Book::Journal, &lines).unwrap(), path);
    };
    aside(&[b"one", b"old"]);
    aside(&[b"one", b"two"]);
    assert_eq!(fs::read(&path).unwrap(), b"old\none\ntwo\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn an_append_begins_on_a_line_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().join("new/data") });
    let event = crate::journal::sample::events("2026-01-01 done - tone").remove(0);
    let append = || {
        store
            .lock(day("2026-11-22"), || ())
            .and_then(|lock| lock.append(Book::Journal, std::slice::from_ref(&event), Durable::Yes))
    };
    append().unwrap();
    let path = store.path(Book::Journal);
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() - 4]).unwrap();
    append().unwrap();
    let lines = fs::read_to_string(&path).unwrap();
    assert_eq!(lines.lines().count(), 2);
    let recent = store.look(Day::MIN).unwrap().journal;
    assert_eq!((ids(&recent), recent.bad.count), (vec!["e0"], 1));
    assert_eq!(store.first_id().unwrap().as_deref(), Some("e0"));
}

#[test]
fn a_swap_leaves_the_new_book_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().join("data") });
    let path = store.path(Book::Journal);
    let replace = |bytes: &[u8]| {
        store
            .lock(day("2026-11-22"), || ())
            .and_then(|lock| lock.replace(Book::Journal, |file| Ok(file.write_all(bytes)?)))
    };
    let names = |folder: &Path| {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    // Where there was none, and over one.
    replace(b"one\n").unwrap();
    replace(b"two\n").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two\n");
    assert_eq!(names(&folder.path().join("data")), ["journal.jsonl", "nudge.lock"]);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(replace(b"three\n").is_err());
    assert_eq!(names(&folder.path().join("data")), ["journal.jsonl", "nudge.lock"]);
}

#[cfg(unix)]
#[test]
fn a_swap_follows_links_and_keeps_the_mode() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().join("data") });
    let replace = |bytes: &[u8]| {
        store
            .lock(day("2026-11-22"), || ())
            .and_then(|lock| lock.replace(Book::Journal, |file| Ok(file.write_all(bytes)?)))
    };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let real = folder.path().join("real.jsonl");
    let path = store.path(Book::Journal);
    fs::create_dir(folder.path().join("data")).unwrap();
    symlink("../middle", &path).unwrap();
    symlink(&real, folder.path().join("middle")).unwrap();
    // A link to nothing may be one to a disk that is missing.
    assert!(matches!(replace(b"one\n"), Err(Error::Missing(_))));
    assert!(!real.exists());
    fs::write(&real, "one\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    replace(b"two\n").unwrap();
    assert_eq!((fs::read(&real).unwrap().as_slice(), mode(&real)), (&b"two\n"[..], 0o640));
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    // A device is no book to put in the place of, and a ring of links leads nowhere.
    for target in [Path::new("/dev/null"), path.as_path()] {
        fs::remove_file(&path).unwrap();
        symlink(target, &path).unwrap();
        assert!(replace(b"three\n").is_err(), "{}", target.display());
    }
}

#[test]
fn what_is_written_after_a_book_was_opened_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let path = store.path(Book::Journal);
    // Longer than what is read at a time.
    let one = "1".repeat(500_000);
    fs::write(&path, format!("{one}\ntw")).unwrap();
    let pages = Pages::open(&store.path(Book::Journal)).unwrap().unwrap();
    fs::write(&path, format!("{one}\ntwo\nthree\n")).unwrap();
    for _ in 0..2 {
        let lines = pages.halves(Vec::new, |lines, line, _, complete| lines.push((line.len(), complete))).unwrap();
        assert_eq!(lines, [[(one.len(), true), (2, false)]]);
    }
}

#[test]
fn a_line_that_begins_in_the_very_middle_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    fs::write(store.path(Book::Journal), [vec![b'x'; 1023], vec![b'\n']].concat().repeat(8192)).unwrap();
    let pages = Pages::open(&store.path(Book::Journal)).unwrap().unwrap();
    let places = pages.halves(Vec::new, |places, _, place, _| places.push(place)).unwrap();
    assert_eq!(places.len(), 2);
    assert!(places.concat().into_iter().eq((0..8192).map(|line| line * 1024)));
}

/// The most bytes that a reader of a line's day would find too old, on end, behind that line.
fn disorder(lines: &[String]) -> usize {
    let dates: Vec<Option<(Day, Option<Day>)>> = lines
        .iter()
        .map(|line| match journal::parse(line.trim_end_matches('\n').as_bytes()) {
            Line::Event(event) => Some((event.day, event.at.map(|at| at.date_naive()))),
            _ => None,
        })
        .collect();
    let behind = |place: usize| {
        let Some((day, _)) = dates[place] else {
            return 0;
        };
        let (mut run, mut most) = (0, 0);
        for (line, dates) in lines.iter().zip(&dates).skip(place + 1) {
            match dates.and_then(|(_, written)| written) {
                Some(written) if written >= earliest_writing(day) => run = 0,
                Some(_) => run += line.len(),
                None => {}
            }
            most = most.max(run);
        }
        most
    };
    (0..lines.len()).map(behind).max().unwrap_or(0)
}

/// What a log holds: each event with the line that it counts by.
fn held(lines: Lines, from: Day, today: Day) -> Vec<(Event, String)> {
    let log = Log::new(lines, Lines::default(), from, today);
    log.events().iter().map(|event| (event.clone(), log.line_of(&event.id).to_string())).collect()
}

/// Reading back from any day on finds what reading everything finds of these days.
fn reads_back(bytes: &[u8], from: Day, today: Day) -> Result<(), TestCaseError> {
    let read = |from| read_events(&mut Cursor::new(bytes), bytes.len() as u64, from).unwrap();
    prop_assert_eq!(held(read(from).lines, from, today), held(read(Day::MIN).lines, from, today));
    Ok(())
}

/// What a command writes into the journal, on a day of its own.
#[derive(Clone, Debug)]
enum Step {
    /// So many days pass.
    Wait(u32),
    /// A `done` for a day so long ago, with a note of a length.
    Done { back: u32, note: usize },
    /// One of the entries so far is taken back.
    Undo(usize),
    /// One of the entries so far is corrected, and counts for another day.
    Amend { of: usize, back: u32 },
    /// So many events of a copy that was written on a day long ago are merged.
    Merge { back: u32, events: usize },
    /// What is no event, or only a newer version's, at the end.
    Rubbish { length: usize, newer: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let back = prop_oneof![3 => Just(0), 2 => 0..5_u32, 1 => 0..2000_u32];
    let note = prop_oneof![0..200_usize, 0..30_000_usize];
    prop_oneof![
        4 => (0..9_u32).prop_map(Step::Wait),
        8 => (back.clone(), note).prop_map(|(back, note)| Step::Done { back, note }),
        2 => any::<usize>().prop_map(Step::Undo),
        2 => (any::<usize>(), back).prop_map(|(of, back)| Step::Amend { of, back }),
        1 => (0..600_u32, 0..200_usize).prop_map(|(back, events)| Step::Merge { back, events }),
        1 => (0..40_000_usize, any::<bool>()).prop_map(|(length, newer)| Step::Rubbish { length, newer }),
    ]
}

/// The journal after these steps, and the day of the last.
fn lived(steps: &[Step]) -> (Vec<u8>, Day) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let store = store(folder.path());
    let mut today = day("2026-01-01");
    let mut entries: Vec<String> = Vec::new();
    let mut text = String::new();
    for (number, step) in steps.iter().enumerate() {
        let at = format!("{today}T08:{:02}:{:02}.000+01:00", number / 60 % 60, number % 60);
        let head =
            |id: &str, day: Day, event: &str| format!(r#"{{"id":"{id}","at":"{at}","day":"{day}","event":"{event}","#);
        let some = |of: usize| entries.get(of % entries.len().max(1)).cloned();
        match step {
            Step::Wait(days) => today = calendar::forward(today, *days),
            Step::Done { back, note } => {
                let id = format!("d{number}");
                let head = head(&id, calendar::back(today, *back), "done");
                text += &format!("{head}\"category\":\"tone\",\"note\":\"{}\"}}\n", "x".repeat(*note));
                entries.push(id);
            }
            Step::Undo(of) => {
                if let Some(of) = some(*of) {
                    text += &format!("{}\"of\":\"{of}\"}}\n", head(&format!("u{number}"), today, "undone"));
                }
            }
            Step::Amend { of, back } => {
                if let Some(of) = some(*of).filter(|of| of.starts_with('d')) {
                    let id = format!("a{number}");
                    let head = head(&id, calendar::back(today, *back), "done");
                    text += &format!("{head}\"category\":\"names\",\"amends\":\"{of}\"}}\n");
                    entries.push(id);
                }
            }
            Step::Merge { back, events } => {
                let written = calendar::back(today, *back);
                fs::write(&path, &text).unwrap();
                let copy: String = (0..*events).map(|id| line(number * 1000 + id, &written.to_string(), 50)).collect();
                fs::write(folder.path().join("copy"), copy).unwrap();
                let mut copies = store.copies().unwrap();
                copies.add(Book::Journal, Pages::open(&folder.path().join("copy")).unwrap().unwrap()).unwrap();
                let merged = copies.merge().unwrap();
                let lock = store.lock(day("2026-11-22"), || ()).unwrap();
                lock.write_books(&merged).unwrap().put_in_place().unwrap();
                text = fs::read_to_string(&path).unwrap_or_default();
            }
            Step::Rubbish { length, newer: true } => {
                text += &format!("{}\"x\":\"{}\"}}\n", head("n", day("2020-01-01"), "sung"), "x".repeat(*length));
            }
            Step::Rubbish { length, newer: false } => text += &format!("{}\n", "#".repeat(*length)),
        }
    }
    (text.into_bytes(), today)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever our own commands can make is read back as it is.
    #[test]
    fn what_was_lived_is_read_back(steps in prop::collection::vec(step(), 1..60), back in 0..60_u32) {
        let (bytes, today) = lived(&steps);
        reads_back(&bytes, today, today)?;
        reads_back(&bytes, calendar::back(today, back), today)?;
        let found = examined(&String::from_utf8(bytes).unwrap());
        let is_order = |finding: &&Finding| matches!(finding, Finding::OutOfOrder { .. } | Finding::AheadOfWriting { .. });
        prop_assert_eq!(found.iter().find(is_order), None);
    }
}

proptest! {
    /// Disorder shorter than a block is never noticed, and the doctor finds longer disorder by the same rule.
    #[test]
    fn reading_back_finds_what_reading_everything_finds(
        lines in prop::collection::vec((0..40_u32, 0..3000_usize, any::<bool>(), 0..8_u32), 1..120),
        moved in prop::collection::vec((0..120_usize, 1..40_usize), 0..12),
        from in 0..40_u32,
        torn in 0..60_usize,
    ) {
        let first = day("2026-01-01");
        let mut lines = lines;
        lines.sort_by_key(|(day, ..)| *day);
        let mut text: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(id, (offset, note, spaced, kind))| {
                let line = line(id, &calendar::forward(first, *offset).to_string(), *note);
                match kind {
                    0 => line.replace("\"at\"", "\"x\""),
                    1 => line.replace("\"done\"", "\"sung\""),
                    2 => line.replace("\"day\"", "\"date\""),
                    _ if *spaced => line.replace("\"day\":", "\"day\" : "),
                    _ => line,
                }
            })
            .collect();
        for (place, by) in moved {
            if place < text.len() {
                let line = text.remove(place);
                text.insert(place.saturating_sub(by), line);
            }
        }
        let is_long = disorder(&text) >= BLOCK;
        let astray = examined(&text.concat());
        prop_assert_eq!(astray.iter().any(|finding| matches!(finding, Finding::OutOfOrder { .. })), is_long);
        if !is_long {
            let mut bytes = text.concat().into_bytes();
            bytes.truncate(bytes.len().saturating_sub(torn).max(1));
            reads_back(&bytes, calendar::forward(first, from), Day::MAX)?;
        }
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n')], 0..3000)) {
        let all = read_events(&mut Cursor::new(&bytes), bytes.len() as u64, Day::MIN).unwrap();
        prop_assert!(all.is_whole && all.lines.is_empty());
        let mut bad = BadLines::default();
        for (line, number) in bytes.split_inclusive(|byte| *byte == b'\n').zip(1..) {
            if let Some(Line::Bad(reason)) = line.strip_suffix(b"\n").map(journal::parse) {
                bad.push(number, reason);
            }
        }
        prop_assert_eq!(all.bad, bad);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    /// Read forward, in one part or in two, a file gives each of its lines once, with its place.
    #[test]
    fn reading_forward_finds_every_line(
        lengths in prop::collection::vec(0..2000_usize, 0..40),
        long in prop::option::of(0..3_000_000_usize),
        padding in prop::option::of(1_000_000..5_000_000_usize),
        torn in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let lengths = padding.into_iter().chain(lengths).chain(long);
        let text: Vec<u8> = lengths.flat_map(|length| [vec![b'x'; length], vec![b'\n']].concat()).collect();
        let text = &text[..text.len() - usize::from(torn && !text.is_empty())];
        fs::write(store.path(Book::Journal), text).unwrap();
        let pages = Pages::open(&store.path(Book::Journal)).unwrap().unwrap();
        let found = pages
            .halves(Vec::new, |found, line, place, complete| found.push((line.to_vec(), place, complete)))
            .unwrap()
            .concat();
        let mut place = 0;
        let expected: Vec<(Vec<u8>, u64, bool)> = text
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| {
                place += line.len() as u64;
                let bare = line.strip_suffix(b"\n");
                (bare.unwrap_or(line).to_vec(), place - line.len() as u64, bare.is_some())
            })
            .collect();
        prop_assert!(found == expected);
        for (line, place, _) in &expected {
            prop_assert_eq!(&pages.line(*place).unwrap(), line);
        }
    }
}
