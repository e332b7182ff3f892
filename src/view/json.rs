//! The shapes of `--json`. Keys are added, not renamed; what is absent is `null`.

use serde::Serialize;

use crate::calendar::Day;
use crate::catalogue::Gesture;
use crate::journal::{Day8601, to_json};
use crate::review::Review;

#[derive(Serialize)]
struct TodayJson<'a> {
    day: Day8601,
    kind: &'static str,
    gesture: GestureJson<'a>,
    follow_up: Option<()>,
    done: bool,
    swaps_left: u32,
    reason: Option<&'a str>,
}

/// A gesture as the catalogue has it; of one that has left it only the id and the category are known.
#[derive(Serialize)]
struct GestureJson<'a> {
    id: &'a str,
    category: &'a str,
    when: Option<&'a str>,
    r#do: Option<&'a str>,
    say: Vec<&'a str>,
    r#where: Vec<&'static str>,
    seconds: Option<u8>,
    level: Option<u8>,
    evidence: Vec<&'a str>,
    fit: Option<&'static str>,
}

/// Today's prompt, as JSON shows it.
pub struct Today<'a> {
    pub day: Day,
    pub id: &'a str,
    pub category: &'a str,
    pub gesture: Option<&'a Gesture>,
    pub done: bool,
    pub swaps_left: u32,
    pub reason: Option<&'a str>,
}

pub fn today(today: &Today<'_>) -> String {
    to_json(&TodayJson {
        day: Day8601(today.day),
        kind: "gesture",
        gesture: gesture(today.id, today.category, today.gesture),
        follow_up: None,
        done: today.done,
        swaps_left: today.swaps_left,
        reason: today.reason,
    }) + "\n"
}

fn gesture<'a>(id: &'a str, category: &'a str, gesture: Option<&'a Gesture>) -> GestureJson<'a> {
    let texts = |list: &'a [crate::catalogue::Text]| list.iter().map(AsRef::as_ref).collect();
    GestureJson {
        id,
        category,
        when: gesture.and_then(|gesture| gesture.when.as_deref()),
        r#do: gesture.map(|gesture| gesture.action.as_ref()),
        say: gesture.map(|gesture| texts(&gesture.say)).unwrap_or_default(),
        r#where: gesture.map(|gesture| gesture.places.iter().map(|place| place.word()).collect()).unwrap_or_default(),
        seconds: gesture.and_then(|gesture| gesture.seconds),
        level: gesture.map(|gesture| gesture.level),
        evidence: gesture.map(|gesture| texts(&gesture.evidence)).unwrap_or_default(),
        fit: gesture.and_then(|gesture| gesture.fit).map(crate::catalogue::Fit::word),
    }
}

#[derive(Serialize)]
struct WeekJson<'a> {
    week: String,
    from: Day8601,
    to: Day8601,
    days: Vec<DayJson>,
    done_days: u32,
    goal: u32,
    spare: SpareJson,
    kept: Option<bool>,
    streak: StreakJson,
    last_28: LastJson,
    twelve_weeks: &'a [u32],
    categories: Vec<CategoryJson<'a>>,
    people: Vec<PersonJson<'a>>,
    notes: Vec<NoteJson<'a>>,
    pattern: Option<String>,
}

#[derive(Serialize)]
struct DayJson {
    day: Day8601,
    state: &'static str,
    done: u32,
}

#[derive(Serialize)]
struct SpareJson {
    used: u32,
    left: u32,
}

#[derive(Serialize)]
struct StreakJson {
    days: u32,
    weeks: u32,
}

#[derive(Serialize)]
struct LastJson {
    done: u32,
    of: u32,
}

#[derive(Serialize)]
struct CategoryJson<'a> {
    id: &'a str,
    done: u32,
    quiet_days: Option<u32>,
}

#[derive(Serialize)]
struct PersonJson<'a> {
    who: &'a str,
    done: u32,
}

#[derive(Serialize)]
struct NoteJson<'a> {
    day: Day8601,
    note: &'a str,
    with: &'a [String],
}

/// `pattern` is the suggestion in words, where there is one.
pub fn week(review: &Review, pattern: Option<String>) -> String {
    let categories = review.categories.iter();
    to_json(&WeekJson {
        week: review.week.name(),
        from: Day8601(review.week.first),
        to: Day8601(review.week.last()),
        days: review
            .days
            .iter()
            .map(|(day, state, done)| DayJson { day: Day8601(*day), state: state.word(), done: *done })
            .collect(),
        done_days: review.done_days,
        goal: review.goal,
        spare: SpareJson { used: review.spare_used, left: review.spare_left },
        kept: review.kept,
        streak: StreakJson { days: review.streak.days, weeks: review.streak.weeks },
        last_28: LastJson { done: review.last_28.0, of: review.last_28.1 },
        twelve_weeks: &review.twelve_weeks,
        categories: categories
            .map(|(id, done, quiet_days)| CategoryJson { id, done: *done, quiet_days: *quiet_days })
            .collect(),
        people: review.people.iter().map(|(who, done)| PersonJson { who, done: *done }).collect(),
        notes: review
            .notes
            .iter()
            .map(|note| NoteJson { day: Day8601(note.day), note: &note.note, with: &note.with })
            .collect(),
        pattern,
    }) + "\n"
}
