#![allow(clippy::disallowed_methods, reason = "a test looks at the file itself")]

use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;

use super::backward::BLOCK;
use super::*;
use crate::journal::sample::day;

fn line(id: usize, day: &str, note: usize) -> String {
    format!(
        "{{\"id\":\"e{id}\",\"day\":\"{day}\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{}\"}}\n",
        "x".repeat(note)
    )
}

fn read(text: &[u8], from: Option<&str>) -> Events {
    read_events(&mut Cursor::new(text), text.len() as u64, from.map(day)).unwrap()
}

fn ids(events: &Events) -> Vec<&str> {
    events.events.iter().map(|(event, _)| event.id.as_str()).collect()
}

#[test]
fn reading_keeps_the_order_and_names_bad_lines() {
    let text = format!(
        "{}rubbish\n\n{}\u{0}\u{1}\n{}",
        line(0, "2026-01-01", 3),
        line(1, "2026-01-02", 3),
        line(2, "2026-01-03", 3)
    );
    let events = read(text.as_bytes(), None);
    assert_eq!(ids(&events), ["e0", "e1", "e2"]);
    let bad: Vec<u64> = events.bad.first.iter().map(|(line, _)| *line).collect();
    assert_eq!((bad, events.whole), (vec![2, 5], true));
    assert_eq!(ids(&read(text.as_bytes(), Some("2026-01-02"))), ["e1", "e2"]);
}

#[test]
fn an_unfinished_last_line_counts_if_it_is_an_event() {
    let whole = line(0, "2026-01-01", 3) + line(1, "2026-01-02", 3).trim_end();
    let events = read(whole.as_bytes(), None);
    assert_eq!((ids(&events), events.bad.count), (vec!["e0", "e1"], 0));
    let torn = read(&whole.as_bytes()[..whole.len() - 5], None);
    assert_eq!((ids(&torn), torn.bad.count), (vec!["e0"], 0));
}

#[test]
fn reading_stops_once_a_block_on_end_is_not_needed() {
    let old: String = (0..2000).map(|id| line(id, "2025-01-01", 100)).collect();
    let text = format!("{old}{}", line(9000, "2026-01-02", 3));
    let events = read(text.as_bytes(), Some("2026-01-02"));
    assert_eq!((ids(&events), events.whole), (vec!["e9000"], false));
    // What is no event hides nothing, however long it is.
    let spilt =
        format!("{old}{}{}\n{}", line(8999, "2026-01-02", 3), "#".repeat(10 * BLOCK), line(9000, "2026-01-02", 3));
    assert_eq!(ids(&read(spilt.as_bytes(), Some("2026-01-02"))), ["e8999", "e9000"]);
    // A line longer than a block is read whole.
    let long = line(0, "2026-01-02", 5 * BLOCK) + &line(1, "2026-01-02", 3);
    assert_eq!(ids(&read(long.as_bytes(), Some("2026-01-02"))), ["e0", "e1"]);
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
            assert!(!read(text.as_bytes(), Some("2026-01-02")).whole);
            assert!(read(text.as_bytes(), Some("2025-01-01")).whole);
            let astray =
                crate::journal::examine::examine(Book::Journal, text.as_bytes(), day("2026-11-22"), |_| true, BLOCK);
            assert_eq!(astray.len(), 2 - expected.len());
        }
    };
    let block: String = (0..64).map(|number| of_length(1000 + number, 1024)).collect();
    check(block.clone(), &["e1"]);
    check(block[..63 * 1024].to_owned() + &of_length(1063, 1023), &["e0", "e1"]);
}

/// A merge puts what only a newer version knows at the end, however much and of whatever days.
#[test]
fn what_a_newer_version_writes_hides_nothing() {
    let unknown: String = (0..2000).map(|id| line(id, "2025-01-01", 100).replace("\"done\"", "\"sung\"")).collect();
    assert!(unknown.len() > 2 * BLOCK);
    let text = line(9000, "2026-01-02", 3) + &unknown;
    assert_eq!(ids(&read(text.as_bytes(), Some("2026-01-02"))), ["e9000"]);
}

#[test]
fn a_file_that_is_not_there_has_no_events_and_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().to_owned() });
    let events = store.events(Book::Journal, Some(day("2026-01-01"))).unwrap();
    assert!(events.whole && events.events.is_empty());
    assert!(store.text(&store.config_path()).unwrap().is_none() && store.first_id().unwrap().is_none());
}

#[test]
fn text_that_is_not_utf_8_is_named_by_line_and_one_too_long_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().to_owned() });
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
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().to_owned() });
    let path = folder.path().join("journal.jsonl.rejected");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let aside = |lines: &[&[u8]]| {
        let lock = store.lock(|| ()).unwrap();
        assert_eq!(lock.set_aside(Book::Journal, lines.iter().copied()).unwrap(), path);
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
    let append =
        || store.lock(|| ()).and_then(|lock| lock.append(Book::Journal, std::slice::from_ref(&event), Durable::Yes));
    append().unwrap();
    let path = store.path(Book::Journal);
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() - 4]).unwrap();
    append().unwrap();
    let lines = fs::read_to_string(&path).unwrap();
    assert_eq!(lines.lines().count(), 2);
    let events = store.events(Book::Journal, None).unwrap();
    assert_eq!((ids(&events), events.bad.count), (vec!["e0"], 1));
    assert_eq!(store.first_id().unwrap().as_deref(), Some("e0"));
}

#[test]
fn a_swap_leaves_the_new_book_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().join("data") });
    let path = store.path(Book::Journal);
    let replace = |bytes: &[u8]| store.lock(|| ()).and_then(|lock| lock.replace(Book::Journal, bytes));
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
    let replace = |bytes: &[u8]| store.lock(|| ()).and_then(|lock| lock.replace(Book::Journal, bytes));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let real = folder.path().join("real.jsonl");
    let path = store.path(Book::Journal);
    fs::create_dir(folder.path().join("data")).unwrap();
    symlink("../middle", &path).unwrap();
    symlink(&real, folder.path().join("middle")).unwrap();
    // A link to nothing yet, and a link to a file.
    replace(b"one\n").unwrap();
    assert_eq!((fs::read(&real).unwrap().as_slice(), mode(&real)), (&b"one\n"[..], 0o600));
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
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().to_owned() });
    let path = store.path(Book::Journal);
    // Longer than what is read at a time.
    let one = "1".repeat(500_000);
    fs::write(&path, format!("{one}\ntw")).unwrap();
    let pages = store.pages(Book::Journal).unwrap().unwrap();
    fs::write(&path, format!("{one}\ntwo\nthree\n")).unwrap();
    for _ in 0..2 {
        let lines = pages.halves(Vec::new, |lines, line, _, complete| lines.push((line.len(), complete))).unwrap();
        assert_eq!(lines, [[(one.len(), true), (2, false)]]);
    }
}

#[test]
fn a_line_that_begins_in_the_very_middle_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().to_owned() });
    fs::write(store.path(Book::Journal), [vec![b'x'; 1023], vec![b'\n']].concat().repeat(8192)).unwrap();
    let pages = store.pages(Book::Journal).unwrap().unwrap();
    let places = pages.halves(Vec::new, |places, _, place, _| places.push(place)).unwrap();
    assert_eq!(places.len(), 2);
    assert!(places.concat().into_iter().eq((0..8192).map(|line| line * 1024)));
}

/// The most bytes of earlier days that stand behind a line.
fn disorder(lines: &[String]) -> usize {
    let days: Vec<Option<Day>> =
        lines.iter().map(|line| journal::peek_day(line.replace(" : ", ":").as_bytes())).collect();
    let behind = |place: usize| {
        (place..lines.len()).filter(|later| days[*later] < days[place]).map(|later| lines[later].len()).sum()
    };
    (0..lines.len()).map(behind).max().unwrap_or(0)
}

proptest! {
    /// Disorder shorter than a block is never noticed: reading back finds what reading everything finds.
    #[test]
    fn reading_back_finds_what_reading_everything_finds(
        lines in prop::collection::vec((0..40_u32, 0..3000_usize, any::<bool>()), 1..120),
        moved in prop::collection::vec((0..120_usize, 1..20_usize), 0..12),
        from in 0..40_u32,
        torn in 0..60_usize,
    ) {
        let first = day("2026-01-01");
        let mut lines: Vec<(u32, usize, bool)> = lines;
        lines.sort_by_key(|(day, _, _)| *day);
        let mut text: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(id, (offset, note, spaced))| {
                let line = line(id, &crate::calendar::forward(first, *offset).to_string(), *note);
                if *spaced { line.replace("\"day\":", "\"day\" : ") } else { line }
            })
            .collect();
        for (place, by) in moved {
            if place < text.len() {
                let line = text.remove(place);
                text.insert(place.saturating_sub(by), line);
            }
        }
        prop_assume!(disorder(&text) < BLOCK);
        let mut bytes = text.concat().into_bytes();
        bytes.truncate(bytes.len().saturating_sub(torn).max(1));
        let from = crate::calendar::forward(first, from);
        let back = read_events(&mut Cursor::new(&bytes), bytes.len() as u64, Some(from)).unwrap();
        let mut all = read_events(&mut Cursor::new(&bytes), bytes.len() as u64, None).unwrap();
        all.events.retain(|(event, _)| event.day >= from);
        prop_assert_eq!(ids(&back), ids(&all));
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n')], 0..3000)) {
        let all = read_events(&mut Cursor::new(&bytes), bytes.len() as u64, None).unwrap();
        prop_assert!(all.whole && all.events.is_empty());
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
        let store = Store::new(Folders { config: folder.path().to_owned(), data: folder.path().to_owned() });
        let lengths = padding.into_iter().chain(lengths).chain(long);
        let text: Vec<u8> = lengths.flat_map(|length| [vec![b'x'; length], vec![b'\n']].concat()).collect();
        let text = &text[..text.len() - usize::from(torn && !text.is_empty())];
        fs::write(store.path(Book::Journal), text).unwrap();
        let pages = store.pages(Book::Journal).unwrap().unwrap();
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
            prop_assert_eq!(&pages.line(*place, line.len()).unwrap(), line);
        }
    }
}
