//! Days and weeks as plain dates, and the words by which a person names a day.
//!
//! A day is the local date at the time; only [`day_of`] knows about hours.

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, Weekday};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A local date. It begins at `day_starts`, not at midnight.
pub type Day = NaiveDate;

/// The first day whose year has four digits: 0000-01-01.
pub const FIRST: Day = match Day::from_ymd_opt(0, 1, 1) {
    Some(day) => day,
    None => Day::MIN,
};

/// The day that a moment belongs to, where days begin at `day_starts`: 01:30 is still the evening before.
pub fn day_of(at: DateTime<FixedOffset>, day_starts: NaiveTime) -> Day {
    let local = at.naive_local();
    if local.time() < day_starts { back(local.date(), 1) } else { local.date() }
}

/// The day `days` later, but no later than [`Day::MAX`].
pub fn forward(day: Day, days: u32) -> Day {
    day.checked_add_days(Days::new(days.into())).unwrap_or(Day::MAX)
}

/// The day `days` earlier, but no earlier than [`Day::MIN`].
pub fn back(day: Day, days: u32) -> Day {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(Day::MIN)
}

/// How many days `later` comes after `earlier`; negative if it comes before.
pub fn days_between(earlier: Day, later: Day) -> i64 {
    later.signed_duration_since(earlier).num_days()
}

/// Days since 1970-01-01.
pub fn number(day: Day) -> i64 {
    days_between(Day::default(), day)
}

/// The days from `from` to `until`, both included; none if `until` is before `from`.
pub fn days(from: Day, until: Day) -> impl DoubleEndedIterator<Item = Day> + Clone {
    let count = days_between(from, until).saturating_add(1).clamp(0, i64::from(u32::MAX));
    (0..u32::try_from(count).unwrap_or(0)).map(move |offset| forward(from, offset))
}

/// Reads `2026-11-22` and nothing else: four, two and two digits.
pub fn parse_iso(text: &str) -> Option<Day> {
    let date: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [year @ .., b'-', m, month, b'-', d, day] = date else {
        return None;
    };
    Day::from_ymd_opt(i32::try_from(digits(year)?).ok()?, digits(&[*m, *month])?, digits(&[*d, *day])?)
}

/// The number that digits write, of which there are nine at most; `None` where one of them is none.
pub fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Whether a person speaks of the past or of the future, on which it depends what a weekday means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// The latest such weekday, today included.
    Logging,
    /// The next such weekday, today excluded.
    Planning,
}

/// What a day in words is relative to.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// The day on which the words are spoken.
    pub today: Day,
    /// Whether they name a day in the past or one to come.
    pub tense: Tense,
    /// The weekday on which a week begins: `next thu` is in the next week.
    pub week_starts: Weekday,
}

/// Reads a day as people name it: `today`, `yesterday`, `tomorrow`, `thu`, `last thu`, `next thu`, `22 nov`, `nov 22`,
/// `22 nov 2027`, `3 days ago`, `a month ago`, `in 2 weeks`, `2026-11-22`.
pub fn parse_day(text: &str, here: Here) -> Option<Day> {
    let Here { today, tense, week_starts } = here;
    let text = text.trim().to_lowercase();
    if let Some(day) = parse_iso(&text) {
        return Some(day);
    }
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["today"] => Some(today),
        ["yesterday"] => Some(back(today, 1)),
        ["tomorrow"] => Some(forward(today, 1)),
        [weekday] => {
            let since = days_since(today, parse_weekday(weekday)?);
            Some(match tense {
                Tense::Logging => back(today, since),
                Tense::Planning => forward(today, 7 - since),
            })
        }
        // The latest one before today.
        ["last", weekday] => Some(back(today, 1 + days_since(back(today, 1), parse_weekday(weekday)?))),
        ["next", weekday] => {
            let weekday = parse_weekday(weekday)?;
            Week { first: forward(Week::of(today, week_starts).first, 7) }.days().find(|day| day.weekday() == weekday)
        }
        [count, unit, "ago"] => {
            let span = span(count, unit)?;
            Some(span.days.map_or_else(|| months_back(today, span.months), |days| back(today, days)))
        }
        ["in", count, unit] => {
            let span = span(count, unit)?;
            Some(span.days.map_or_else(|| months_forward(today, span.months), |days| forward(today, days)))
        }
        [a, b] => {
            let (month, number) =
                parse_month(a).zip(parse_number(b)).or_else(|| parse_month(b).zip(parse_number(a)))?;
            date_near(month, number, today, tense)
        }
        [a, b, year] => {
            let (month, number) =
                parse_month(a).zip(parse_number(b)).or_else(|| parse_month(b).zip(parse_number(a)))?;
            let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
            Day::from_ymd_opt(year.parse().ok().filter(|_| is_year)?, month, number)
        }
        _ => None,
    }
}

/// The latest such date up to today, or the next one from today on; for 29 February, in a leap year.
fn date_near(month: u32, number: u32, today: Day, tense: Tense) -> Option<Day> {
    let in_year = |years: i32| Day::from_ymd_opt(today.year() + years, month, number);
    // Two leap years are at most eight years apart.
    match tense {
        Tense::Logging => (0..=8).filter_map(|years| in_year(-years)).find(|day| *day <= today),
        Tense::Planning => (0..=8).filter_map(in_year).find(|day| *day >= today),
    }
}

fn months_back(day: Day, months: u32) -> Day {
    day.checked_sub_months(Months::new(months)).unwrap_or(Day::MIN)
}

fn months_forward(day: Day, months: u32) -> Day {
    day.checked_add_months(Months::new(months)).unwrap_or(Day::MAX)
}

/// A span of days, or of months if `days` is `None`.
struct Span {
    days: Option<u32>,
    months: u32,
}

fn span(count: &str, unit: &str) -> Option<Span> {
    let count = match count {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok().filter(|count| *count < 40_000)?
        }
        _ => return None,
    };
    match unit {
        "day" | "days" => Some(Span { days: Some(count), months: 0 }),
        "week" | "weeks" => Some(Span { days: Some(count * 7), months: 0 }),
        "month" | "months" => Some(Span { days: None, months: count }),
        "year" | "years" => Some(Span { days: None, months: count * 12 }),
        _ => None,
    }
}

/// Reads an English month, in full or by its first three letters or more, as 1 to 12.
fn parse_month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.trim_end_matches([',', '.']);
    let found = NAMES.iter().position(|name| text.len() >= 3 && name.starts_with(text));
    u32::try_from(found?).ok().map(|month| month + 1)
}

/// Reads the number of a day in a month: `22`, `22nd`.
fn parse_number(text: &str) -> Option<u32> {
    let text = text.trim_end_matches([',', '.']);
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    digits.parse().ok().filter(|_| digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Reads an English weekday, in full or by its first three letters or more.
pub fn parse_weekday(text: &str) -> Option<Weekday> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let text = text.to_lowercase();
    let found = NAMES.iter().position(|name| text.len() >= 3 && name.starts_with(&text))?;
    Weekday::try_from(u8::try_from(found).ok()?).ok()
}

/// Days since the latest `weekday`, 0 to 6.
fn days_since(day: Day, weekday: Weekday) -> u32 {
    (day.weekday().num_days_from_monday() + 7 - weekday.num_days_from_monday()) % 7
}

/// Saturday or Sunday.
pub fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// A calendar week, identified by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    /// Its first day.
    pub first: Day,
}

impl Week {
    /// The week that holds `day`, where weeks begin on `starts`.
    pub fn of(day: Day, starts: Weekday) -> Self {
        Self { first: back(day, days_since(day, starts)) }
    }

    /// Its last day, six days after the first.
    pub fn last(self) -> Day {
        forward(self.first, 6)
    }

    /// Its seven days, oldest first.
    pub fn days(self) -> impl DoubleEndedIterator<Item = Day> + Clone {
        days(self.first, self.last())
    }

    /// The week `weeks` earlier.
    pub fn back(self, weeks: u32) -> Self {
        Self { first: back(self.first, weeks.saturating_mul(7)) }
    }

    /// The ISO week of its fourth day, whose year most of the week belongs to.
    pub fn iso(self) -> chrono::IsoWeek {
        forward(self.first, 3).iso_week()
    }

    /// Its name: `2026-W47`.
    pub fn name(self) -> String {
        let iso = self.iso();
        format!("{:04}-W{:02}", iso.year(), iso.week())
    }

    /// Reads a week as people name it: `last`, `-2`, `47`, `2026-W45`, or any day in it. A number alone is the latest
    /// week with that number.
    pub fn parse(text: &str, today: Day, starts: Weekday) -> Option<Self> {
        let this = Self::of(today, starts);
        let text = text.trim();
        match text.to_lowercase().as_str() {
            "this" => return Some(this),
            "last" => return Some(this.back(1)),
            _ => {}
        }
        if let Some(weeks) = text.strip_prefix('-').and_then(|weeks| weeks.parse::<u32>().ok()) {
            return (weeks < 10_000).then(|| this.back(weeks));
        }
        let number = text.strip_prefix(['w', 'W']).unwrap_or(text);
        if number.len() <= 2 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let number: u32 = number.parse().ok()?;
            // Not every year has a week 53, but of six years in a row at least one does.
            return (0..330).map(|weeks| this.back(weeks)).find(|week| week.iso().week() == number);
        }
        if let Some((year, week)) = text.split_once("-W").or_else(|| text.split_once("-w")) {
            let digits = year.len() == 4
                && week.len() == 2
                && [year, week].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
            let thursday = Day::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Thu)?;
            // A week that begins on another weekday is named by its own fourth day.
            return digits.then(|| Self::named_by(thursday, starts));
        }
        parse_day(text, Here { today, tense: Tense::Logging, week_starts: starts }).map(|day| Self::of(day, starts))
    }

    /// The week whose fourth day is in the ISO week of this Thursday.
    fn named_by(thursday: Day, starts: Weekday) -> Self {
        let monday = back(thursday, 3);
        let fourth = starts.num_days_from_monday() + 3;
        Self { first: back(forward(monday, fourth % 7), 3) }
    }
}

/// Its name, and its first and last day.
impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Week", 3)?;
        fields.serialize_field("week", &self.name())?;
        fields.serialize_field("from", &self.first)?;
        fields.serialize_field("to", &self.last())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse_iso(text).unwrap()
    }

    #[test]
    fn a_day_begins_at_its_own_hour() {
        #[track_caller]
        fn check(at: &str, starts: &str, expected: &str) {
            let starts = NaiveTime::parse_from_str(starts, "%H:%M").unwrap();
            assert_eq!(day_of(DateTime::parse_from_rfc3339(at).unwrap(), starts), day(expected), "{at} {starts}");
        }
        check("2026-11-22T01:30:00+01:00", "04:00", "2026-11-21");
        check("2026-11-22T03:59:59+01:00", "04:00", "2026-11-21");
        check("2026-11-22T04:00:00+01:00", "04:00", "2026-11-22");
        check("2026-11-22T00:00:00-11:00", "00:00", "2026-11-22");
        check("2024-03-01T02:00:00+00:00", "04:00", "2024-02-29");
    }

    #[test]
    fn a_day_is_named_in_words() {
        // A Tuesday.
        #[track_caller]
        fn check(text: &str, logging: Option<&str>, planning: Option<&str>) {
            let today = day("2026-11-24");
            for (tense, expected) in [(Tense::Logging, logging), (Tense::Planning, planning)] {
                let here = Here { today, tense, week_starts: Weekday::Mon };
                assert_eq!(parse_day(text, here), expected.map(day), "{text}, {tense:?}");
            }
        }
        check("today", Some("2026-11-24"), Some("2026-11-24"));
        check(" Yesterday ", Some("2026-11-23"), Some("2026-11-23"));
        check("tomorrow", Some("2026-11-25"), Some("2026-11-25"));
        check("mon", Some("2026-11-23"), Some("2026-11-30"));
        check("Wednesday", Some("2026-11-18"), Some("2026-11-25"));
        check("tue", Some("2026-11-24"), Some("2026-12-01"));
        check("3 days ago", Some("2026-11-21"), Some("2026-11-21"));
        check("a week ago", Some("2026-11-17"), Some("2026-11-17"));
        check("in 2 weeks", Some("2026-12-08"), Some("2026-12-08"));
        check("2026-02-28", Some("2026-02-28"), Some("2026-02-28"));
        check("39999 days ago", Some("1917-05-21"), Some("1917-05-21"));
        check("last thu", Some("2026-11-19"), Some("2026-11-19"));
        check("last tue", Some("2026-11-17"), Some("2026-11-17"));
        check("last mon", Some("2026-11-23"), Some("2026-11-23"));
        check("next thu", Some("2026-12-03"), Some("2026-12-03"));
        check("next mon", Some("2026-11-30"), Some("2026-11-30"));
        check("22 nov", Some("2026-11-22"), Some("2027-11-22"));
        check("Nov 24th", Some("2026-11-24"), Some("2026-11-24"));
        check("4 December", Some("2025-12-04"), Some("2026-12-04"));
        check("22 nov 2027", Some("2027-11-22"), Some("2027-11-22"));
        check("november 22, 2027", Some("2027-11-22"), Some("2027-11-22"));
        check("29 feb", Some("2024-02-29"), Some("2028-02-29"));
        check("a month ago", Some("2026-10-24"), Some("2026-10-24"));
        check("in 3 months", Some("2027-02-24"), Some("2027-02-24"));
        check("a year ago", Some("2025-11-24"), Some("2025-11-24"));
        for no in [
            "",
            "31 nov",
            "29 feb 2027",
            "nov",
            "22",
            "22 no",
            "222 nov",
            "+2 nov",
            "22 nov 27",
            "next",
            "last week",
            "next someday",
            "tu",
            "mo",
            "2026-2-28",
            "2026-02-30",
            "3 days",
            "-1 days ago",
            "+1 days ago",
            "ago",
            "40000 days ago",
            "99999999999 days ago",
            "in 3 moons",
        ] {
            check(no, None, None);
        }
    }

    #[test]
    fn a_week_is_named_by_the_iso_week_of_its_fourth_day() {
        #[track_caller]
        fn check(of: &str, starts: Weekday, first: &str, name: &str) {
            let week = Week::of(day(of), starts);
            assert_eq!((week.first, week.name().as_str()), (day(first), name), "{of} {starts}");
            assert_eq!(Week::parse(name, day("2026-11-24"), starts), Some(week), "{name} {starts}");
        }
        check("2026-11-22", Weekday::Mon, "2026-11-16", "2026-W47");
        check("2026-11-22", Weekday::Sun, "2026-11-22", "2026-W48");
        check("2026-11-21", Weekday::Sun, "2026-11-15", "2026-W47");
        check("2027-01-01", Weekday::Mon, "2026-12-28", "2026-W53");
        check("2027-01-03", Weekday::Sun, "2027-01-03", "2027-W01");
        check("2026-11-20", Weekday::Sat, "2026-11-14", "2026-W47");
        check("2026-11-20", Weekday::Fri, "2026-11-20", "2026-W48");
        check("2024-02-29", Weekday::Mon, "2024-02-26", "2024-W09");
        check("0052-12-24", Weekday::Mon, "0052-12-23", "0052-W52");
        for starts in (0..7).map(|n| Weekday::try_from(n).unwrap()) {
            let week = Week::of(day("2026-11-22"), starts);
            assert_eq!(Week::parse(&week.name(), day("2026-01-01"), starts), Some(week), "{starts}");
        }
    }

    #[test]
    fn a_week_is_asked_for_in_words() {
        #[track_caller]
        fn check(text: &str, first: Option<&str>) {
            let week = Week::parse(text, day("2026-11-24"), Weekday::Mon);
            assert_eq!(week.map(|week| week.first), first.map(day), "{text}");
        }
        check("last", Some("2026-11-16"));
        check("this", Some("2026-11-23"));
        check("-2", Some("2026-11-09"));
        check("2026-w45", Some("2026-11-02"));
        check("-9999", Some("1835-04-06"));
        check("47", Some("2026-11-16"));
        check("w48", Some("2026-11-23"));
        check("50", Some("2025-12-08"));
        check("53", Some("2020-12-28"));
        check("1", Some("2025-12-29"));
        check("2026-11-05", Some("2026-11-02"));
        check("yesterday", Some("2026-11-23"));
        for no in
            ["2026-W54", "2025-W53", "54", "0", "147", "--1", "next", "-10000", "-99999999999", "2026-W5", "+026-W45"]
        {
            check(no, None);
        }
    }

    #[test]
    fn a_weekend_is_saturday_and_sunday() {
        let week = Week { first: day("2026-11-23") };
        let weekend: Vec<bool> = week.days().map(is_weekend).collect();
        assert_eq!(weekend, [false, false, false, false, false, true, true]);
    }

    #[test]
    fn the_calendar_has_no_edge_to_fall_from() {
        assert_eq!(forward(Day::MAX, 1), Day::MAX);
        assert_eq!(back(Day::MIN, 1), Day::MIN);
        assert_eq!(days(day("2026-01-02"), day("2026-01-01")).count(), 0);
        assert_eq!(number(day("2026-01-01")), 20454);
    }
}
