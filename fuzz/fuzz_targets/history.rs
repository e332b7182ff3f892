//! Any events as history: the prompt picked may be offered, and the review keeps within its bounds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nudge::calendar::{self, Day, Week};
use nudge::catalogue::builtin;
use nudge::journal::{self, Book, Line, Log, What};
use nudge::picker::{Draw, Filters, Preferences, Seed, pick};
use nudge::review::{Days, Goal, Suggest, review, year};

fuzz_target!(|bytes: &[u8]| {
    let events = || {
        bytes.split(|byte| *byte == b'\n').filter_map(|line| match journal::parse(line) {
            Line::Event(event) => Some((event, line.to_vec())),
            _ => None,
        })
    };
    // Today is the latest day of the events, or up to 39 days later.
    let later = bytes.first().map_or(0, |byte| u32::from(*byte) % 40);
    let today = calendar::forward(events().map(|(event, _)| event.day).max().unwrap_or_default(), later);
    let (plans, journal) = events().partition(|(event, _)| event.what.book() == Some(Book::Plans));
    let log = Log::new(journal, plans, Day::MIN, today);

    let catalogue = builtin::catalogue();
    let preferences = Preferences { max_level: 3, ..Preferences::default() };
    let (filters, seed) = (Filters::default(), Seed::default());
    let offered = |id: &str| {
        log.on(today).iter().any(|event| matches!(&event.what, What::Offered { prompt, .. } if prompt.id() == id))
    };
    match pick(&Draw {
        catalogue: &catalogue,
        log: &log,
        day: today,
        preferences: &preferences,
        filters: &filters,
        seed,
    }) {
        Ok(pick) => {
            assert!(!offered(&pick.gesture.id) && pick.pool > 0);
            assert!(pick.weights.iter().any(|(id, weight)| *id == *pick.gesture.category && *weight > 0));
        }
        Err(_) => assert!(catalogue.gestures.iter().all(|gesture| offered(&gesture.id))),
    }

    let goal = Goal {
        days_per_week: bytes.len() as u32 % 7 + 1,
        week_starts: chrono::Weekday::try_from((bytes.len() / 7 % 7) as u8).unwrap_or(chrono::Weekday::Mon),
    };
    let days = Days::new(&log, today, goal);
    let categories: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
    let suggest = Suggest { categories: &categories, people: true, ..Suggest::default() };
    let look = review(&log, &days, Week::of(today, goal.week_starts), &categories, &suggest);
    assert!(look.days.len() <= 7 && look.done_days <= 7 && look.spare.used + look.spare.left <= 7);
    assert!(look.last_28.done <= look.last_28.of && look.last_28.of <= 28);
    let begin: Day = calendar::back(today, 370);
    let look = year(&days, begin..=today, Vec::new());
    assert!((0.0..=1.0).contains(&look.strength) && look.done_days as usize <= look.days.len());
    assert!(look.longest.days >= days.streak(today).days);
});
