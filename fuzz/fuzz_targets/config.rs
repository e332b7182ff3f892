//! Any text as a config: every problem is at a place inside the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nudge::config::Config;
use nudge_fuzz::bounded;

fuzz_target!(|text: &str| bounded(text.len(), 1200, || match Config::parse(text) {
    Err(problems) => {
        let lines = text.matches('\n').count() + 1;
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line) && problem.column > 0));
    }
    Ok(config) => assert!((1..=7).contains(&config.days_per_week) && (1..=3).contains(&config.max_level)),
}));
