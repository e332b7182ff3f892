//! Logs for tests, written as short lines: `2026-11-22 done lift-hands turning-toward Sam`.

use super::{Done, Event, Log, Prompt, What};
use crate::calendar::{self, Day};

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
    let prompt = || Prompt { gesture: words[2].to_owned(), category: words[3].to_owned() };
    let what = match words[1] {
        "offered" => What::Offered { prompt: prompt(), why: None },
        "swapped" => What::Swapped { prompt: prompt() },
        "done" => What::Done(Done {
            gesture: (words[2] != "-").then(|| words[2].to_owned()),
            category: words[3].to_owned(),
            with: words[4..].iter().map(|who| (*who).to_owned()).collect(),
            note: None,
        }),
        "rest" => What::Rest { from: day(words[2]), until: day(words[3]) },
        "undone" => What::Undone { of: words[2].to_owned() },
        other => panic!("no such event: {other}"),
    };
    Event { id: format!("e{place}"), at: None, day: day(words[0]), what }
}

pub fn log(text: &str, today: Day) -> Log {
    Log::new(events(text).into_iter().map(|event| (event, Vec::new())), today)
}
