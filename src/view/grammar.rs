//! How words are formed: plurals, lists, dates, spans of days, capitals. The sentences are in `messages`.

use chrono::{DateTime, Datelike, FixedOffset};

use crate::calendar::{self, Day, Week};

/// "1 day", "9 days": a number with a noun whose plural ends in "s".
pub fn count(number: impl TryInto<u64>, one: &str) -> String {
    // Only a negative number does not fit, and no count is negative.
    let number = number.try_into().unwrap_or(0);
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

/// "Sam, Ada and 3 others": a list of at most `most` parts, the last of which counts the rest.
pub fn list_some<T: AsRef<str>>(items: &[T], most: usize) -> String {
    if items.len() <= most {
        return list(items);
    }
    let mut named: Vec<&str> = items.iter().take(most - 1).map(AsRef::as_ref).collect();
    let others = count(items.len() - named.len(), "other");
    named.push(&others);
    list(&named)
}

/// "tone has", "names have": a verb that agrees with a category's name.
pub fn has(name: &str) -> String {
    format!("{name} {}", if is_plural(name) { "have" } else { "has" })
}

/// "tone is", "names are".
pub fn is(name: &str) -> String {
    format!("{name} {}", if is_plural(name) { "are" } else { "is" })
}

fn is_plural(name: &str) -> bool {
    name.ends_with('s') && !name.ends_with("ss")
}

/// The text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A sentence as it continues after a comma: without its capital, unless that is a word by itself ("I", "A").
pub fn after_comma(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => sentence.to_owned(),
    }
}

/// "Thu".
pub fn weekday(day: Day) -> String {
    day.format("%a").to_string()
}

/// "Nov".
pub fn month(day: Day) -> String {
    day.format("%b").to_string()
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

/// "today", "yesterday", "tomorrow", "Thu 26 Nov".
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

/// "today", "9 days ago", "3 weeks ago", "4 months ago", "2 years ago".
pub fn long_ago(day: Day, today: Day) -> String {
    let days = u32::try_from(calendar::days_between(day, today)).unwrap_or(0);
    match days {
        0..21 => ago(days),
        21..61 => format!("{} ago", count(days / 7, "week")),
        61..730 => format!("{} ago", count(days * 12 / 365, "month")),
        _ => format!("{} ago", count(days / 365, "year")),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        calendar::parse_iso(text).unwrap()
    }

    #[test]
    fn numbers_and_lists() {
        assert_eq!([count(1, "day"), count(2_usize, "day"), count(21_u32, "week")], ["1 day", "2 days", "21 weeks"]);
        assert_eq!([list::<&str>(&[]), list(&["Sam"]), list(&["Sam", "Ada"])], ["", "Sam", "Sam and Ada"]);
        assert_eq!(list(&["Sam", "Ada", "Mum"]), "Sam, Ada and Mum");
        assert_eq!(list_some(&["Sam", "Ada", "Mum"], 3), "Sam, Ada and Mum");
        assert_eq!(list_some(&["Sam", "Ada", "Mum", "Zoe"], 3), "Sam, Ada and 2 others");
        assert_eq!([has("tone"), has("names"), has("kindness")], ["tone has", "names have", "kindness has"]);
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
        assert_eq!([capitalised("tone has"), capitalised("émile"), capitalised("")], ["Tone has", "Émile", ""]);
        assert_eq!(
            [after_comma("Lift it."), after_comma("I do."), after_comma("A cup."), after_comma("")],
            ["lift it.", "I do.", "A cup.", ""]
        );
    }
}
