//! Any bytes as a journal: what is written is read back unchanged, the fast reader of heads agrees with the parser, and
//! counting, merging and examining agree with the log.

#![no_main]

use std::collections::BTreeMap;
use std::convert::Infallible;

use libfuzzer_sys::fuzz_target;
use nudge::calendar::Day;
use nudge::journal::examine::{Examination, Finding};
use nudge::journal::merge::Merge;
use nudge::journal::{
    self, BadLines, Book, Bounds, Count, EventHead, Line, Lines, Log, Place, Scan, Tally, Version, bare, fast_head,
};
use nudge::safe_text::is_unsafe_for_terminal;
use nudge_fuzz::bounded;

fuzz_target!(|bytes: &[u8]| bounded(bytes.len(), 200, || {
    let mut events = Lines::default();
    let mut bad = BadLines::default();
    for (_, line, is_complete) in lines(bytes) {
        assert!(!Bounds::new(Day::MIN, Day::MIN).exclude(line));
        let head = fast_head(line);
        match journal::parse(line) {
            Line::Event(event) => {
                assert!(head.is_none_or(|head| head == EventHead::of(&event)));
                let written = journal::to_line(&event);
                assert!(!written.contains(is_unsafe_for_terminal), "{written:?}");
                assert_eq!(journal::parse(written.as_bytes()), Line::Event(event.clone()), "{written}");
                events.push(event, bare(line));
            }
            Line::Bad(_) => bad.count += u64::from(is_complete),
            Line::Passed => {}
        }
    }
    let count = events.len();
    let log = Log::new(events, Lines::default(), Day::MIN, Day::MAX);
    assert!(log.events().len() <= count && log.events().is_sorted_by_key(|event| event.day));
    tally(bytes, &log, &bad);
    merges(bytes);
}));

/// The lines with their places, and whether a newline ended each.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (Place, &[u8], bool)> {
    let mut offset = 0;
    bytes.split_inclusive(|byte| *byte == b'\n').map(move |line| {
        let place = Place::new(0, offset);
        offset += line.len() as u64;
        let whole = line.strip_suffix(b"\n");
        (place, whole.unwrap_or(line), whole.is_some())
    })
}

/// Reads the line at a place again.
fn reader(bytes: &[u8]) -> impl FnMut(Place) -> Result<Option<Version>, Infallible> {
    |place| {
        let rest = &bytes[usize::try_from(place.offset()).unwrap_or(bytes.len())..];
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest);
        Ok(match journal::parse(line) {
            Line::Event(event) => Some((event, bare(line).to_vec())),
            _ => None,
        })
    }
}

/// Counting without keeping the events gives what the log holds. A line that is an event is never reported as bad; a
/// bad line may be missed, since an offer is not read to its end.
fn tally(bytes: &[u8], log: &Log, bad: &BadLines) {
    let (mut scan, mut count) = (Scan::default(), Count::new(Day::MAX, Day::MIN..=Day::MAX));
    lines(bytes).for_each(|(place, line, is_complete)| scan.take(line, place, is_complete, |head| count.add(head)));
    let (mut entries, found) = scan.into_parts();
    assert!(found.count <= bad.count);
    let Ok(tally) = count.settle(&mut entries, reader(bytes));
    let mut expected = Tally { days: BTreeMap::new(), categories: BTreeMap::new() };
    for (event, done) in log.dones() {
        *expected.days.entry(event.day).or_insert(0) += 1;
        *expected.categories.entry(done.category().into()).or_insert(0) += 1;
    }
    assert_eq!(tally, expected);
}

/// Both books of a merge of these files, as text.
fn merged(files: &[&[u8]]) -> Vec<u8> {
    let mut merge = Merge::default();
    for file in files {
        let source = merge.next_file(Book::Journal);
        lines(file).for_each(|(place, line, _)| merge.take(line, Place::new(source, place.offset())));
    }
    let mut read = |place: Place| reader(files[usize::from(place.source())])(Place::new(0, place.offset()));
    let Ok(merged) = merge.finish(&mut read);
    let mut text = Vec::new();
    for place in &merged.journal.events {
        let Ok(version) = read(*place);
        text.extend(version.map(|(_, line)| line).unwrap_or_default());
        text.push(b'\n');
    }
    for line in &merged.journal.others {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text
}

/// Merging a journal with a part of itself changes nothing, and neither does merging the result again; the result is in
/// order and has no duplicates.
fn merges(bytes: &[u8]) {
    let alone = merged(&[bytes]);
    let part = lines(bytes).next().map_or(&[][..], |(_, line, _)| line);
    assert_eq!(merged(&[part, bytes]), alone);
    assert_eq!(merged(&[&alone]), alone);
    let mut examination = Examination::new(Book::Journal, Day::MAX, |_| true, alone.len() + 1);
    lines(&alone).for_each(|(place, line, is_complete)| examination.take(line, place.offset(), is_complete));
    let Ok(found) = examination.finish(reader(&alone), |places| Ok(vec![1; places.len()]));
    let is_left = |finding: &Finding| {
        let finding = if let Finding::More { like, .. } = finding { like } else { finding };
        // What is no event in a line of its own is merged as it is, and is for the doctor to tell of.
        finding.is_without_events()
            || matches!(
                finding,
                Finding::NotAnEvent { .. }
                    | Finding::NotOnePerLine { .. }
                    | Finding::AheadOfWriting { .. }
                    | Finding::WrongBook { .. }
            )
    };
    assert!(found.iter().all(is_left), "{found:?}");
}
