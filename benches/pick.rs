//! How long the pick itself takes, on a year and on twenty years of history: `cargo bench --bench pick`.

use divan::{Bencher, black_box};
use nudge::calendar::{self, Day};
use nudge::catalogue::builtin;
use nudge::journal::{Act, Done, Event, Lines, Log, Prompt, What};
use nudge::picker::{self, Draw, Filters, Preferences, Seed};

fn main() {
    divan::main();
}

/// A history of a prompt a day, of which two in three were done.
fn history(days: u32) -> (Log, Day) {
    let first = Day::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    let mut events: Vec<Event> = Vec::new();
    // Which gesture was offered hardly affects the cost, so they simply take turns.
    let gestures = builtin::catalogue().gestures;
    for number in 0..days {
        let day = calendar::forward(first, number);
        let gesture = &gestures[(number as usize * 37) % gestures.len()];
        let prompt = Prompt::Gesture { id: gesture.id.clone(), category: gesture.category.clone() };
        if number % 3 > 0 {
            let done = Done::new(Act::Prompt(prompt.clone()));
            events.push(Event { id: format!("d{number}").into(), at: None, day, what: What::Done(done) });
        }
        events.push(Event {
            id: format!("o{number}").into(),
            at: None,
            day,
            what: What::Offered { prompt, why: None, unseen: false },
        });
    }
    let today = calendar::forward(first, days);
    let lines = events.into_iter().map(|event| (event, Vec::new())).collect();
    (Log::new(lines, Lines::default(), Day::MIN, today), today)
}

#[divan::bench(args = [365, 20 * 365])]
fn pick(bencher: Bencher<'_, '_>, days: u32) {
    let (log, day) = history(days);
    let catalogue = builtin::catalogue();
    let preferences = Preferences { max_level: 3, ..Preferences::default() };
    let filters = Filters::default();
    let draw = Draw {
        catalogue: &catalogue,
        log: &log,
        day,
        preferences: &preferences,
        filters: &filters,
        seed: Seed::from_number(42),
    };
    bencher.bench_local(|| picker::pick(black_box(&draw)).is_ok());
}
