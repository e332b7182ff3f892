//! Plurals, dates, spans and lists in words, once for all views.

use chrono::{DateTime, Datelike, FixedOffset};

use crate::calendar::{self, Day, Week};
use crate::catalogue::{Fit, Grade};
use crate::picker::{NoPick, Reason};
use crate::review::Streak;

/// Where nothing was done for long.
pub const QUIET_STRETCH: &str = "A quiet stretch. Any day is a good day to begin again.";

/// "1 day", "9 days".
pub fn count(number: impl Into<u64>, one: &str) -> String {
    let number = number.into();
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// "Sam", "Sam and Ada", "Sam, Ada and Mum".
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// "Sam, Ada and 3 others": at most `most` of them by name.
pub fn list_some<T: AsRef<str>>(items: &[T], most: usize) -> String {
    if items.len() <= most {
        return list(items);
    }
    let mut named: Vec<&str> = items.iter().take(most - 1).map(AsRef::as_ref).collect();
    let others = count((items.len() - named.len()) as u64, "other");
    named.push(&others);
    list(&named)
}

/// "1 week", "34 weeks".
pub fn weeks(number: usize) -> String {
    count(number as u64, "week")
}

/// "The last 53 weeks"; of so many as a calendar shows.
pub fn last_weeks(number: usize) -> String {
    match number {
        0 => "Your year".to_owned(),
        1 => "Your first week".to_owned(),
        number => format!("The last {}", weeks(number)),
    }
}

/// "265 gestures on 212 days".
pub fn done(gestures: u32, days: u32) -> String {
    format!("{} on {}", count(gestures, "gesture"), count(days, "day"))
}

/// "12-day streak" and "3 weeks in a row", each from two on.
pub fn streak(streak: Streak) -> Vec<String> {
    let mut parts = Vec::new();
    if streak.days > 1 {
        parts.push(format!("{}-day streak", streak.days));
    }
    if streak.weeks > 1 {
        parts.push(format!("{} weeks in a row", streak.weeks));
    }
    parts
}

/// "longest streak 31 days and 6 weeks".
pub fn longest(longest: Streak) -> Option<String> {
    let days = (longest.days > 1).then(|| count(longest.days, "day"));
    let weeks = (longest.weeks > 1).then(|| count(longest.weeks, "week"));
    let parts: Vec<String> = days.into_iter().chain(weeks).collect();
    (!parts.is_empty()).then(|| format!("longest streak {}", list(&parts)))
}

/// What the strength of a habit is, in one sentence. Of something it is never nothing.
pub fn strength(strength: f64) -> String {
    let hundredths = (1..=100).rev().find(|step| strength * 100.0 >= f64::from(*step) - 0.5).unwrap_or(1);
    format!("Strength {hundredths} of 100. It grows with days done and fades slowly without.")
}

/// "quiet for 9 days".
pub fn quiet(days: u32) -> String {
    format!("quiet for {}", count(days, "day"))
}

/// "Thu".
pub fn weekday(day: Day) -> String {
    day.format("%a").to_string()
}

/// "Nov".
pub fn month(day: Day) -> String {
    day.format("%b").to_string()
}

/// Whether it is the first of a month.
pub fn begins_month(day: Day) -> bool {
    day.day() == 1
}

/// "08:03", as the clock stood then.
pub fn time(at: DateTime<FixedOffset>) -> String {
    at.format("%H:%M").to_string()
}

/// "Sunday 22 November", with the year if it is not this one's.
pub fn long_date(day: Day, today: Day) -> String {
    with_year(day.format("%A %-d %B").to_string(), day, today)
}

/// "Thu 26 Nov", with the year if it is not this one's.
pub fn short_date(day: Day, today: Day) -> String {
    with_year(day.format("%a %-d %b").to_string(), day, today)
}

fn with_year(date: String, day: Day, today: Day) -> String {
    if day.year() == today.year() { date } else { format!("{date} {}", day.year()) }
}

/// "today", "yesterday", "Thu 26 Nov".
pub fn near_date(day: Day, today: Day) -> String {
    match calendar::days_between(day, today) {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        -1 => "tomorrow".to_owned(),
        _ => short_date(day, today),
    }
}

/// "today", "yesterday", "9 days ago".
pub fn ago(days: u32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ => format!("{days} days ago"),
    }
}

/// "16–22 November", "28 December – 3 January", with the year if it is not this one's.
pub fn week_dates(week: Week, today: Day) -> String {
    let (first, last) = (week.first, week.last());
    let from = if first.month() == last.month() {
        format!("{}–", first.day())
    } else {
        format!("{} – ", with_year(first.format("%-d %B").to_string(), first, last))
    };
    with_year(format!("{from}{}", last.format("%-d %B")), last, today)
}

/// "Week 47 · 16–22 November".
pub fn week_title(week: Week, today: Day) -> String {
    format!("Week {} · {}", week.iso().week(), week_dates(week, today))
}

/// Starts with a capital.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Goes on after a comma: without the capital of a sentence, unless the first word is more than a capital.
pub fn continued(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// "tone has", "names have": a category's name goes by its last letter.
pub fn has(name: &str) -> String {
    format!("{name} {}", if is_plural(name) { "have" } else { "has" })
}

/// A category that wants to be thought of: one that was done before, or one that never was.
pub fn waiting(category: &str, done_before: bool) -> String {
    if done_before {
        format!("{} been quiet for a while", sentence(&has(category)))
    } else {
        format!("{} still waiting for a first time", sentence(&is(category)))
    }
}

/// "tone is", "names are".
fn is(name: &str) -> String {
    format!("{name} {}", if is_plural(name) { "are" } else { "is" })
}

fn is_plural(name: &str) -> bool {
    name.ends_with('s') && !name.ends_with("ss")
}

/// Why a prompt of the category came.
pub fn reason(reason: &Reason, category: &str) -> String {
    match reason {
        Reason::Quiet { days } => format!("{} not come up for {}", has(category), count(*days, "day")),
        Reason::New => "new to you".to_owned(),
        Reason::Favoured => format!("you favour {category}"),
        Reason::Done { done: 2, of: 2 } => format!("you did your last two {category} prompts"),
        Reason::Done { done: 1, of: 2 } => format!("you did one of your last two {category} prompts"),
        Reason::Done { done: 1, .. } => format!("you did your last {category} prompt"),
        Reason::Done { .. } => format!("{} hardly come up yet", has(category)),
        Reason::Chance { one_in: 1 } => "the one category that fits today".to_owned(),
        Reason::Chance { one_in } => format!("by chance: 1 in {one_in}"),
        Reason::Asked => format!("you asked for {category}"),
    }
}

/// What a grade says of the evidence.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "several experiments, or many studies taken together",
        Grade::B => "one good study",
        Grade::C => "a correlation, a small study or a theory",
    }
}

/// How near the evidence is to the act itself.
pub fn fit(fit: Option<Fit>) -> &'static str {
    match fit {
        Some(Fit::Near) => "That is near this act. It promises nothing for the next time.",
        Some(Fit::Hunch) => "No study tried this act itself: it is a hunch near the finding.",
        None => "How near that is to this act, nobody has said.",
    }
}

/// How hard a gesture is.
pub fn level(level: u8) -> &'static str {
    match level {
        1 => "easy",
        2 => "takes some nerve",
        _ => "tender",
    }
}

/// Why there is no prompt, and what would bring one.
pub fn nothing(nothing: &NoPick) -> (&'static str, &'static str) {
    match nothing {
        NoPick::AllOffered => {
            ("That is all for today.", "come back tomorrow, or log anything with `nudge done -c CATEGORY`")
        }
        NoPick::NothingEnabled => {
            ("every gesture of the catalogue is hidden", "take some out of `hidden` in `gestures.toml`")
        }
        NoPick::NoFavour => ("every category has weight 0", "give one a weight of 1 or more in `config.toml`"),
        NoPick::Category => ("no gesture of this category is left", "leave `-c` out, or name another category"),
        NoPick::Level => {
            ("no gesture here is of so low a level", "leave `--easy` out, or raise `max_level` in `config.toml`")
        }
        NoPick::Without => ("every gesture here needs what `without` rules out", "look at `without` in `config.toml`"),
        NoPick::Place => {
            ("no gesture here fits the place", "name another place with `-p`, or look at `[places]` in `config.toml`")
        }
    }
}

/// What a merge brought to the journal and to the plans.
pub fn merged(journal: usize, plans: usize) -> String {
    let new = |number: usize, place: &str| format!("{} in your {place}", count(number as u64, "new event"));
    match (journal, plans) {
        (0, 0) => "Nothing new: all of it was here already.".to_owned(),
        (_, 0) => format!("Merged: {}.", new(journal, "journal")),
        (0, _) => format!("Merged: {}.", new(plans, "plans")),
        _ => format!("Merged: {} and {}.", new(journal, "journal"), new(plans, "plans")),
    }
}

/// Lines that came with a merge and are no event.
pub fn kept_at_the_end(lines: usize) -> String {
    format!("Kept at the end: {} that this version can't read.", count(lines as u64, "line"))
}

/// Two versions of one event, of which one counts.
pub fn superseded(lines: usize, path: &str) -> String {
    let have = if lines == 1 { "has" } else { "have" };
    format!(
        "{} {have} another version, of which one counts; the other is kept in `{path}`",
        count(lines as u64, "event")
    )
}

/// How much is left to mend.
pub fn to_mend(things: u64) -> String {
    if things == 1 { "one thing is to be mended".to_owned() } else { format!("{things} things are to be mended") }
}

/// A copy of a book that was left, with so many events that are in no book; and what to do with it.
pub fn left_copy(path: &str, from: &str, new: usize) -> (String, String) {
    let copy = format!("`{path}` looks like a copy from {from}");
    if new == 0 {
        return (format!("{copy}, with nothing new in it"), "it can be deleted".to_owned());
    }
    let new = count(new as u64, "event");
    (
        format!("{copy}, with {new} that you don't have here"),
        format!("`nudge merge \"{path}\"` adds them; then it can be deleted"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        calendar::parse_iso(text).unwrap()
    }

    #[test]
    fn numbers_and_lists() {
        assert_eq!([count(1_u32, "day"), count(2_u32, "day"), count(21_u32, "week")], ["1 day", "2 days", "21 weeks"]);
        assert_eq!([list::<&str>(&[]), list(&["Sam"]), list(&["Sam", "Ada"])], ["", "Sam", "Sam and Ada"]);
        assert_eq!(list(&["Sam", "Ada", "Mum"]), "Sam, Ada and Mum");
        assert_eq!([has("tone"), has("names"), has("kindness")], ["tone has", "names have", "kindness has"]);
        assert_eq!(waiting("names", true), "Names have been quiet for a while");
        assert_eq!(waiting("tone", false), "Tone is still waiting for a first time");
    }

    #[test]
    fn spans_and_streaks() {
        let run = |days, weeks| Streak { days, weeks };
        assert_eq!(list_some(&["Sam", "Ada", "Mum"], 3), "Sam, Ada and Mum");
        assert_eq!(list_some(&["Sam", "Ada", "Mum", "Zoe"], 3), "Sam, Ada and 2 others");
        assert_eq!(
            [last_weeks(0), last_weeks(1), last_weeks(53)],
            ["Your year", "Your first week", "The last 53 weeks"]
        );
        assert_eq!([done(1, 1), done(265, 212)], ["1 gesture on 1 day", "265 gestures on 212 days"]);
        assert_eq!(streak(run(1, 0)), Vec::<String>::new());
        assert_eq!(streak(run(5, 1)), ["5-day streak"]);
        assert_eq!(streak(run(12, 3)), ["12-day streak", "3 weeks in a row"]);
        assert_eq!(longest(run(1, 1)), None);
        assert_eq!(longest(run(31, 6)).as_deref(), Some("longest streak 31 days and 6 weeks"));
        assert_eq!(longest(run(4, 0)).as_deref(), Some("longest streak 4 days"));
        for (value, expected) in [(0.0001, "Strength 1 of"), (0.6351, "Strength 64 of"), (1.0, "Strength 100 of")] {
            assert!(strength(value).starts_with(expected), "{value}");
        }
    }

    #[test]
    fn merges_and_mending() {
        assert_eq!(merged(0, 0), "Nothing new: all of it was here already.");
        assert_eq!(merged(1, 0), "Merged: 1 new event in your journal.");
        assert_eq!(merged(0, 2), "Merged: 2 new events in your plans.");
        assert_eq!(merged(12, 1), "Merged: 12 new events in your journal and 1 new event in your plans.");
        assert_eq!([to_mend(1), to_mend(3)], ["one thing is to be mended", "3 things are to be mended"]);
        assert!(
            superseded(1, "x").starts_with("1 event has another version")
                && superseded(2, "x").starts_with("2 events have")
        );
    }

    #[test]
    fn dates() {
        #[track_caller]
        fn check(date: &str, long: &str, short: &str, near: &str) {
            let today = day("2026-11-24");
            let found = [long_date(day(date), today), short_date(day(date), today), near_date(day(date), today)];
            assert_eq!(found, [long, short, near]);
        }
        check("2026-11-24", "Tuesday 24 November", "Tue 24 Nov", "today");
        check("2026-11-23", "Monday 23 November", "Mon 23 Nov", "yesterday");
        check("2026-11-25", "Wednesday 25 November", "Wed 25 Nov", "tomorrow");
        check("2025-01-01", "Wednesday 1 January 2025", "Wed 1 Jan 2025", "Wed 1 Jan 2025");
    }

    #[test]
    fn weeks() {
        #[track_caller]
        fn check(first: &str, expected: &str) {
            assert_eq!(week_dates(Week { first: day(first) }, day("2026-11-24")), expected);
        }
        check("2026-11-16", "16–22 November");
        check("2026-10-26", "26 October – 1 November");
        check("2026-12-28", "28 December 2026 – 3 January 2027");
        check("2025-11-03", "3–9 November 2025");
    }

    #[test]
    fn letters() {
        assert_eq!([sentence("tone has"), sentence("émile"), sentence("")], ["Tone has", "Émile", ""]);
        assert_eq!(
            [continued("Lift it."), continued("I do."), continued("A cup."), continued("")],
            ["lift it.", "I do.", "A cup.", ""]
        );
    }
}
