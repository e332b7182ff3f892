//! A made-up journal for measuring: the same every time, and with a little of everything that a real one holds.

use nudge::calendar::{self, Day};
use nudge::catalogue::{Gesture, builtin};

/// What the program records of a draw, as far as its length and its fields go.
const WHY: &str = r#","why":{"reason":"it has not come up for 9 days","days":9,"weights":[{"category":"appreciation","weight":18,"quiet_days":9},{"category":"names","weight":9,"quiet_days":4},{"category":"tone","weight":12,"quiet_days":6},{"category":"validations","weight":9,"quiet_days":4}],"sat_out":[{"category":"remembering","because":"lately"},{"category":"turning-toward","because":"lately"}],"filters":{"place":null,"category":null,"easy":false},"pool":21}"#;

/// A journal of this many events, the latest of them on the day before `today`: a prompt on most days, swapped now and
/// then and often done, with people and notes, and every hundred days eleven that end the streak.
pub fn journal(events: usize, today: Day) -> String {
    let gestures = builtin::catalogue().gestures;
    let mut days: Vec<Vec<String>> = Vec::new();
    let mut lines = 0;
    for back in (1..).filter(|back| !(40..51).contains(&(back % 100))) {
        if lines >= events {
            break;
        }
        days.push(one_day(&gestures, back, calendar::back(today, back)));
        lines += days.last().map_or(0, Vec::len);
    }
    days.into_iter().rev().flatten().skip(lines - events).collect()
}

/// The lines of the day that is so many days back.
fn one_day(gestures: &[Gesture], back: u32, day: Day) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |event: &str, rest: &str| {
        let number = lines.len();
        let (id, hour) = (format!("b{number}{back:08}"), 8 + number);
        lines.push(format!(
            "{{\"id\":\"{id}\",\"at\":\"{day}T{hour:02}:00:00.000+00:00\",\"day\":\"{day}\",\"event\":\"{event}\"{rest}}}\n"
        ));
        id
    };
    // Each gesture comes as often as any other.
    let named = |turn: usize| {
        let gesture = &gestures[(back as usize * 37 + turn) % gestures.len()];
        format!(",\"gesture\":\"{}\",\"category\":\"{}\"", gesture.id, gesture.category)
    };
    let why = if back.is_multiple_of(4) { "" } else { WHY };
    let mut prompt = named(0);
    add("offered", &format!("{prompt}{why}"));
    if back % 7 == 3 {
        add("swapped", &prompt);
        prompt = named(101);
        add("offered", &format!("{prompt}{why}"));
    }
    if !back.is_multiple_of(3) {
        let with = [",\"with\":[\"Sam\"]", ",\"with\":[\"Ada\",\"Mum\"]", "", ""][back as usize / 3 % 4];
        let note =
            if back % 5 == 1 { ",\"note\":\"he told me about the move, and what the new place is like\"" } else { "" };
        add("done", &format!("{prompt}{with}{note}"));
    }
    if back % 11 == 4 {
        let id = add("done", ",\"category\":\"tone\"");
        if back.is_multiple_of(2) {
            add("undone", &format!(",\"of\":\"{id}\""));
        }
    }
    lines
}
