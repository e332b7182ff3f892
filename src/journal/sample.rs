//! Logs for tests, written as short lines: `2026-11-22 done lift-hands turning-toward Sam`.

use super::{Act, Done, Event, Lines, Log, Prompt, What};
use crate::calendar::{self, Day};

/// A day written as `2026-11-22`.
pub fn day(text: &str) -> Day {
    calendar::parse_iso(text).unwrap()
}

/// `DAY offered|swapped GESTURE CATEGORY`, `DAY done GESTURE|- CATEGORY [WHO]`, `DAY rest FROM UNTIL`,
/// `DAY undone ID`; ids are `e0`, `e1` … by line.
pub fn events(text: &str) -> Vec<Event> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.enumerate().map(|(place, line)| event(place, line)).collect()
}

fn event(place: usize, line: &str) -> Event {
    let words: Vec<&str> = line.split_whitespace().collect();
    let prompt = || Prompt::Gesture { id: words[2].into(), category: words[3].into() };
    let what = match words[1] {
        "offered" => What::Offered { prompt: prompt(), why: None, unseen: false },
        "swapped" => What::Swapped { prompt: prompt(), until: None },
        "done" => What::Done(Done {
            with: words[4..].iter().map(|who| (*who).to_owned()).collect(),
            ..Done::new(if words[2] == "-" { Act::Own(words[3].into()) } else { Act::Prompt(prompt()) })
        }),
        "rest" => What::Rest { from: day(words[2]), until: day(words[3]) },
        "undone" => What::Undone { of: words[2].into() },
        other => panic!("no such event: {other}"),
    };
    Event { id: format!("e{place}").into(), at: None, day: day(words[0]), what }
}

/// A log of such lines, as of `today`.
pub fn log(text: &str, today: Day) -> Log {
    let (plans, journal): (Lines, Lines) = events(text)
        .into_iter()
        .map(|event| (event, Vec::new()))
        .partition(|(event, _)| matches!(event.what, What::Rest { .. }));
    Log::new(journal, plans, Day::MIN, today)
}
