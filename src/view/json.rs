//! The shapes of `--json`. Keys are added, not renamed; what is absent is `null`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Day;
use crate::catalogue::{Catalogue, Fit, Gesture};
use crate::journal::{Day8601, Event, Prompt, What, Why, to_json};
use crate::review::{Review, Year};
use crate::toml_reader::Problem;

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
        fit: gesture.and_then(|gesture| gesture.fit).map(Fit::word),
    }
}

/// What was done or rested; what only one of the two has is `null` in the other.
#[derive(Serialize)]
struct EntryJson<'a> {
    id: &'a str,
    at: Option<String>,
    day: Day8601,
    event: &'static str,
    gesture: Option<&'a str>,
    category: Option<&'a str>,
    with: &'a [String],
    note: Option<&'a str>,
    from: Option<Day8601>,
    until: Option<Day8601>,
}

/// An entry of the journal in one line.
pub fn entry(event: &Event) -> String {
    let done = if let What::Done(done) = &event.what { Some(done) } else { None };
    let rest = if let What::Rest { from, until } = event.what { Some((from, until)) } else { None };
    to_json(&EntryJson {
        id: &event.id,
        at: event.at.map(crate::journal::moment),
        day: Day8601(event.day),
        event: event.what.word(),
        gesture: done.and_then(|done| done.gesture().map(|id| &**id)),
        category: done.map(|done| done.category()),
        with: done.map(|done| done.with.as_slice()).unwrap_or_default(),
        note: done.and_then(|done| done.note.as_deref()),
        from: rest.map(|(from, _)| Day8601(from)),
        until: rest.map(|(_, until)| Day8601(until)),
    }) + "\n"
}

#[derive(Serialize)]
struct CatalogueJson<'a> {
    categories: Vec<CountJson<'a>>,
    gestures: Vec<WholeJson<'a>>,
}

#[derive(Serialize)]
struct CountJson<'a> {
    id: &'a str,
    name: &'a str,
    gestures: usize,
}

/// A gesture with what only the catalogue shows.
#[derive(Serialize)]
struct WholeJson<'a> {
    #[serde(flatten)]
    gesture: GestureJson<'a>,
    needs: Vec<&'static str>,
    instead: Option<&'a str>,
    hidden: bool,
}

/// The gestures that were asked for, with how many there are of each category among them.
pub fn catalogue(gestures: &[&Gesture], catalogue: &Catalogue) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gesture in gestures {
        *counts.entry(&gesture.category).or_insert(0) += 1;
    }
    let count = |id: &str| counts.get(id).copied().unwrap_or(0);
    let categories = catalogue.categories.iter();
    to_json(&CatalogueJson {
        categories: categories
            .map(|category| CountJson { id: &category.id, name: &category.name, gestures: count(&category.id) })
            .collect(),
        gestures: gestures.iter().map(|gesture| whole(gesture, catalogue)).collect(),
    }) + "\n"
}

pub fn gesture_whole(gesture: &Gesture, catalogue: &Catalogue) -> String {
    to_json(&whole(gesture, catalogue)) + "\n"
}

fn whole<'a>(own: &'a Gesture, catalogue: &Catalogue) -> WholeJson<'a> {
    WholeJson {
        gesture: gesture(&own.id, &own.category, Some(own)),
        needs: own.needs.iter().map(|sense| sense.word()).collect(),
        instead: own.instead.as_deref(),
        hidden: catalogue.is_hidden(&own.id),
    }
}

/// A gesture that was hidden or taken out of hiding.
pub fn hidden(id: &str, hidden: bool) -> String {
    #[derive(Serialize)]
    struct Hidden<'a> {
        id: &'a str,
        hidden: bool,
    }
    to_json(&Hidden { id, hidden }) + "\n"
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    line: usize,
    column: usize,
    message: &'a str,
}

/// What is wrong in a file.
pub fn problems(file: &str, problems: &[Problem]) -> String {
    #[derive(Serialize)]
    struct Problems<'a> {
        file: &'a str,
        problems: Vec<ProblemJson<'a>>,
    }
    let problems = problems.iter();
    let problems = problems.map(|of| ProblemJson { line: of.line, column: of.column, message: &of.message });
    to_json(&Problems { file, problems: problems.collect() }) + "\n"
}

#[derive(Serialize)]
struct WhyJson<'a> {
    gesture: Option<&'a str>,
    category: Option<&'a str>,
    reason: Option<&'a str>,
    weights: Vec<WeightJson<'a>>,
    chance: Option<f64>,
    evidence: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct WeightJson<'a> {
    category: &'a str,
    weight: u64,
    share: f64,
    quiet_days: Option<u32>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    key: &'a str,
    claim: &'a str,
    source: &'a str,
    year: u16,
    doi: Option<&'a str>,
    grade: &'static str,
    caution: Option<&'a str>,
    fit: Option<&'static str>,
}

/// Why the prompt came; every part is `null` or empty where there is no prompt.
pub fn why(drawn: Option<(&Prompt, Option<&Why>)>, catalogue: &Catalogue) -> String {
    let prompt = drawn.map(|(prompt, _)| prompt);
    let why = drawn.and_then(|(_, why)| why);
    let weights = why.map(|why| why.weights.as_slice()).unwrap_or_default();
    let total = why.map_or(0, Why::total);
    let odds = prompt.zip(why).and_then(|(prompt, why)| why.odds(prompt.category()));
    to_json(&WhyJson {
        gesture: prompt.map(|prompt| prompt.id()),
        category: prompt.map(|prompt| prompt.category()),
        reason: why.map(|why| why.reason.as_str()).filter(|reason| !reason.is_empty()),
        weights: weights
            .iter()
            .map(|weight| WeightJson {
                category: &weight.category,
                weight: weight.weight,
                share: rounded(share(weight.weight, total)),
                quiet_days: weight.quiet_days,
            })
            .collect(),
        chance: odds.map(|(own, pool)| rounded(share(own, total) / f64::from(pool))),
        evidence: prompt
            .and_then(|prompt| catalogue.gesture(prompt.id()))
            .map_or_else(Vec::new, |gesture| findings(gesture, catalogue)),
    }) + "\n"
}

fn findings<'a>(gesture: &Gesture, catalogue: &'a Catalogue) -> Vec<FindingJson<'a>> {
    let fit = gesture.fit.map(Fit::word);
    catalogue
        .findings(gesture)
        .map(|finding| FindingJson {
            key: &finding.key,
            claim: &finding.claim,
            source: &finding.source,
            year: finding.year,
            doi: finding.doi.as_deref(),
            grade: finding.grade.word(),
            caution: finding.caution.as_deref(),
            fit,
        })
        .collect()
}

/// A part of a whole, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "it is rounded to four places anyway")]
fn share(part: u64, whole: u128) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// To four places: more would feign a precision.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
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

#[derive(Serialize)]
struct YearJson<'a> {
    from: Day8601,
    to: Day8601,
    days: Vec<DayJson>,
    longest: StreakJson,
    strength: f64,
    strength_by_week: Vec<f64>,
    done_days: u32,
    total_done: u32,
    categories: Vec<DoneJson<'a>>,
}

#[derive(Serialize)]
struct DoneJson<'a> {
    id: &'a str,
    done: u32,
}

pub fn year(year: &Year) -> String {
    // As fine as the formula's own table.
    let rounded = |strength: f64| (strength * 1e6).round() / 1e6;
    let days = year.days.iter();
    to_json(&YearJson {
        from: Day8601(*year.span.start()),
        to: Day8601(*year.span.end()),
        days: days.map(|(day, state, done)| DayJson { day: Day8601(*day), state: state.word(), done: *done }).collect(),
        longest: StreakJson { days: year.longest.days, weeks: year.longest.weeks },
        strength: rounded(year.strength),
        strength_by_week: year.strength_by_week.iter().map(|(_, strength)| rounded(*strength)).collect(),
        done_days: year.done_days,
        total_done: year.total_done,
        categories: year.categories.iter().map(|(id, done)| DoneJson { id, done: *done }).collect(),
    }) + "\n"
}
