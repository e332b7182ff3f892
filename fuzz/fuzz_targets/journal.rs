//! A journal of any bytes: no panic, what is written is read again as it was, and the day that is
//! peeked at is the day that is parsed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nudge::calendar::Day;
use nudge::journal::{self, Line, Log};

fuzz_target!(|bytes: &[u8]| {
    let mut events = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let peeked = journal::peek_day(line);
        if let Line::Event(event) = journal::parse(line) {
            assert!(peeked.is_none_or(|day| day == event.day));
            let written = journal::to_line(&event);
            assert!(!written.contains(journal::disturbs), "{written:?}");
            match journal::parse(written.as_bytes()) {
                Line::Event(again) => assert_eq!(journal::to_line(&again), written),
                other => panic!("{written} is read as {other:?}"),
            }
            events.push((event, line.to_vec()));
        }
    }
    let count = events.len();
    let log = Log::new(events, Day::MAX);
    assert!(log.events().len() <= count && log.events().is_sorted_by_key(|event| event.day));
});
