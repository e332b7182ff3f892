//! Any text as a day or a week: no panic, and the name of a week is read back as that week.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nudge::calendar::{self, Here, Tense, Week};

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let today = lines.next().and_then(calendar::parse_iso).unwrap_or_default();
    let words = lines.next().unwrap_or("");
    for tense in [Tense::Logging, Tense::Planning] {
        let starts =
            chrono::Weekday::try_from(u8::try_from(words.len() % 7).unwrap_or(0)).unwrap_or(chrono::Weekday::Mon);
        if let Some(day) = calendar::parse_day(words, Here { today, tense, week_starts: starts }) {
            let week = Week::of(day, starts);
            assert!(week.first <= day && day <= week.last());
        }
    }
    if let Some(week) = Week::parse(words, today, chrono::Weekday::Mon) {
        let name = week.name();
        // Years of four digits, as people write them; long before the year 1 there are others.
        if name.len() == 8 && !name.starts_with('-') {
            assert_eq!(Week::parse(&name, today, chrono::Weekday::Mon), Some(week), "{name}");
        }
    }
});
