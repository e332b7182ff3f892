//! Any text as a user's catalogue: every problem is at a place inside the text, and changing a valid catalogue leaves
//! it valid.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nudge::catalogue::{self, builtin, edit};
use nudge_fuzz::bounded;

fuzz_target!(|text: &str| bounded(text.len(), 1200, || match catalogue::read_over(&builtin::catalogue(), text) {
    Err(problems) => {
        let lines = text.matches('\n').count() + 1;
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line) && problem.column > 0));
    }
    Ok(found) => {
        // With `builtin = false` there may be none.
        let Some(id) = found.gestures.first().map(|gesture| gesture.id.clone()) else { return };
        if let Ok(Some(hidden)) = edit::hide(text, &id) {
            let after = catalogue::read_over(&builtin::catalogue(), &hidden).expect("hiding keeps a file sound");
            assert!(after.is_hidden(&id) && after.gestures == found.gestures);
            let back = edit::unhide(&hidden, &id).expect("it was read before").expect("it is hidden");
            let back = catalogue::read_over(&builtin::catalogue(), &back).expect("so does taking it out");
            assert_eq!((back.gestures, back.hidden), (found.gestures, found.hidden));
        }
    }
}));
