//! A journal of any bytes: what is written is read again as it was, whatever reads a day or an id without parsing
//! agrees with the parser, and counting agrees with a log.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use nudge::calendar::Day;
use nudge::journal::examine;
use nudge::journal::merge::{lines, merge};
use nudge::journal::{self, Book, Count, Ids, Line, Log};
use nudge_fuzz::bounded;

fuzz_target!(|bytes: &[u8]| bounded(bytes.len(), 200, || {
    let mut events = Vec::new();
    let mut bad = Vec::new();
    for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
        let peeked = journal::peek_day(line);
        match journal::parse(line) {
            Line::Event(event) => {
                assert!(peeked.is_none_or(|day| day == event.day));
                let written = journal::to_line(&event);
                assert!(!written.contains(nudge::safe_text::is_unsafe_for_terminal), "{written:?}");
                assert_eq!(journal::parse(written.as_bytes()), Line::Event(event.clone()), "{written}");
                events.push((event, line.to_vec()));
            }
            Line::Bad(reason) => bad.push((number, reason)),
            Line::Passed => {}
        }
    }
    let count = events.len();
    let log = Log::new(events, Day::MAX);
    assert!(log.events().len() <= count && log.events().is_sorted_by_key(|event| event.day));
    tally(bytes, &log, &bad);
    merges(bytes);
}));

/// Counted without keeping the events, it is what the log holds. No line is named that is an event; an offer is
/// not looked at to its end.
fn tally(bytes: &[u8], log: &Log, bad: &[(u64, String)]) {
    let mut ids = Ids::default();
    bytes.split(|byte| *byte == b'\n').for_each(|line| ids.take(line));
    let doubt = Ids::doubt(vec![ids]);
    let mut count = Count::new(&doubt, Day::MAX, Day::MIN..=Day::MAX);
    bytes.split(|byte| *byte == b'\n').for_each(|line| count.take(line, true));
    assert!(count.bad.count <= bad.len() as u64 && count.bad.first.iter().all(|line| bad.contains(line)));
    let tally = Count::sum(vec![count]);
    let (mut days, mut categories) = (BTreeMap::new(), BTreeMap::new());
    for (event, done) in log.dones() {
        *days.entry(event.day).or_insert(0) += 1;
        *categories.entry(done.category.clone()).or_insert(0) += 1;
    }
    assert_eq!((tally.days, tally.categories), (days, categories));
}

/// Merged with a part of itself it is what it is alone; merged again it stays as it is, and then nothing is out of
/// order and nothing stands twice.
fn merges(bytes: &[u8]) {
    let journal = |bytes| (Book::Journal, bytes);
    let alone = merge(&[journal(bytes)]);
    let part = &bytes[..lines(bytes).next().map_or(0, <[u8]>::len)];
    let merged = merge(&[journal(part), journal(bytes)]).journal.bytes();
    assert_eq!(merged, alone.journal.bytes());
    assert_eq!(merge(&[journal(&merged)]).journal.bytes(), merged);
    let found = examine::examine(Book::Journal, &merged, Day::MAX, |_| true, merged.len() + 1);
    let settled =
        |finding: &examine::Finding| matches!(finding, examine::Finding::Bad { .. } | examine::Finding::More { .. });
    assert!(found.iter().all(settled), "{found:?}");
}
