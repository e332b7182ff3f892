//! An address book (.vcf) to birthdays and anniversaries, each a follow-up that comes every year. What can't be read is
//! named by line, and nothing is guessed.

use std::collections::HashMap;

use calcard::common::PartialDateTime;
use calcard::vcard::{VCard, VCardEntry, VCardProperty, VCardValue};
use calcard::{Entry, Parser};
use chrono::Datelike;

use crate::calendar::Day;
use crate::journal::{Every, FollowUp};

/// What Apple writes for a year that nobody knows, and what others copied.
const NO_YEAR: u16 = 1604;
/// What stands in a text where its bytes were no UTF-8.
const LOST: char = '\u{FFFD}';

/// What an address book holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each with its name, what it is of, and its first day.
    pub dates: Vec<FollowUp>,
    /// What was passed over: its line, counted from 1, and why.
    pub passed_over: Vec<(usize, String)>,
    /// How many cards there are, whole or not.
    pub cards: usize,
}

/// Reads the cards of a file. A date without a year counts from its latest one up to `today`.
pub fn cards(bytes: &[u8], today: Day) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Found::default();
    for card in split(text.strip_prefix('\u{FEFF}').unwrap_or(&text)) {
        found.cards += 1;
        card.read(&mut found, today);
    }
    found.passed_over.sort_unstable();
    found
}

/// The lines of one card.
struct Card<'t> {
    /// The number of its first line.
    first: usize,
    lines: Vec<&'t str>,
    has_end: bool,
    is_last: bool,
}

/// Cuts a file at the beginnings and ends of its cards. One that is not closed ends where the next begins.
fn split(text: &str) -> Vec<Card<'_>> {
    let mut cards: Vec<Card<'_>> = Vec::new();
    let mut is_inside = false;
    for (number, line) in text.lines().enumerate() {
        let word = line.trim_end().to_ascii_uppercase();
        if word == "BEGIN:VCARD" {
            cards.push(Card { first: number + 1, lines: Vec::new(), has_end: false, is_last: false });
            is_inside = true;
        }
        if let Some(card) = cards.last_mut().filter(|_| is_inside) {
            card.lines.push(line);
            if word == "END:VCARD" {
                card.has_end = true;
                is_inside = false;
            }
        }
    }
    if let Some(last) = cards.last_mut() {
        last.is_last = true;
    }
    cards
}

impl Card<'_> {
    fn read(&self, found: &mut Found, today: Day) {
        let mut pass = |line: usize, why: &str| found.passed_over.push((line, why.to_owned()));
        if !self.has_end && self.is_last {
            return pass(self.first, "the file ends in the middle of this card");
        }
        for line in self.stray_lines() {
            pass(line, "this line has no colon, so it says nothing that I can read");
        }
        let Some(card) = parse(&self.text(None)) else {
            return pass(self.first, "this card can't be read");
        };
        let dated: Vec<&VCardEntry> = card.entries.iter().filter(|entry| is_date(entry)).collect();
        if dated.is_empty() {
            return;
        }
        let Some(who) = name(&card) else {
            return pass(self.first, "a date without a name");
        };
        if who.contains(LOST) {
            return pass(self.first, "the name is not UTF-8 text");
        }
        // In cards of version 4.0 a date with dashes loses its day; those of 3.0 write it so.
        let other = parse(&self.text(Some("VERSION:3.0")));
        let mut counts: HashMap<String, usize> = HashMap::new();
        for (place, entry) in card.entries.iter().enumerate().filter(|(_, entry)| is_date(entry)) {
            let word = word(entry);
            let count = counts.entry(word.clone()).or_insert(0);
            let line = self.line_of(&word, *count);
            *count += 1;
            let again =
                other.as_ref().and_then(|other| other.entries.get(place)).filter(|again| again.name == entry.name);
            let date = date(entry).filter(has_day).or_else(|| again.and_then(date));
            let Some(on) = date.and_then(|date| day(&date, today)) else {
                pass(line, &format!("`{}` has no date that I can read", self.value(line)));
                continue;
            };
            match what(&card, entry) {
                Some(what) => found.dates.push(FollowUp { who: who.clone(), what, on, every: Some(Every::Year) }),
                None => pass(line, "a date that does not say what it is of"),
            }
        }
    }

    /// The numbers of the lines that are neither a property, nor go on with the one before.
    fn stray_lines(&self) -> Vec<usize> {
        let before = std::iter::once("").chain(self.lines.iter().copied());
        let numbered = self.lines.iter().zip(before).enumerate();
        let is_stray = |line: &str, before: &str| {
            let goes_on = line.starts_with([' ', '\t']) || before.trim_end().ends_with('=');
            !goes_on && !line.contains(':') && !line.trim().is_empty()
        };
        numbered.filter(|(_, (line, before))| is_stray(line, before)).map(|(at, _)| self.first + at).collect()
    }

    /// The card behind its first line, with another version where one is given.
    fn text(&self, version: Option<&str>) -> String {
        let mut text = String::new();
        for line in self.lines.iter().skip(1) {
            let is_version = line.to_ascii_uppercase().starts_with("VERSION:");
            text += version.filter(|_| is_version).unwrap_or(line);
            text += "\r\n";
        }
        if !self.has_end {
            text += "END:VCARD\r\n";
        }
        text
    }

    /// The number of the line in which a property stands that has come so often before.
    fn line_of(&self, word: &str, before: usize) -> usize {
        let is_it = |line: &&str| {
            let name = line.split([':', ';']).next().unwrap_or_default();
            name.rsplit('.').next().unwrap_or_default().eq_ignore_ascii_case(word)
        };
        let mut lines = self.lines.iter().enumerate().filter(|(_, line)| is_it(line));
        lines.nth(before).map_or(self.first, |(at, _)| self.first + at)
    }

    fn value(&self, line: usize) -> &str {
        let line = self.lines.get(line.saturating_sub(self.first)).copied().unwrap_or_default();
        line.trim_end()
    }
}

/// The card whose first line was read; what its parser can't read of it is left out. The parser of cards alone, since
/// that of calendars would be linked with the one that tells them apart.
fn parse(text: &str) -> Option<VCard> {
    match Parser::new(text).vcard() {
        Entry::VCard(card) => Some(card),
        _ => None,
    }
}

fn is_date(entry: &VCardEntry) -> bool {
    match &entry.name {
        VCardProperty::Bday | VCardProperty::Anniversary => true,
        VCardProperty::Other(name) => {
            ["X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-ABDATE"].iter().any(|own| name.eq_ignore_ascii_case(own))
        }
        _ => false,
    }
}

/// The property's name as the file has it.
fn word(entry: &VCardEntry) -> String {
    match &entry.name {
        VCardProperty::Bday => "BDAY".to_owned(),
        VCardProperty::Anniversary => "ANNIVERSARY".to_owned(),
        VCardProperty::Other(name) => name.to_ascii_uppercase(),
        _ => String::new(),
    }
}

/// The name as it is shown, or else put together.
fn name(card: &VCard) -> Option<String> {
    let value = |name: &VCardProperty| card.entries.iter().find(|entry| entry.name == *name);
    let shown = value(&VCardProperty::Fn).map(|entry| texts(entry).concat());
    let parts = || {
        let parts = texts(value(&VCardProperty::N)?);
        // Family, given.
        Some([parts.get(1), parts.first()].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "))
    };
    let tidy = |name: String| name.split_whitespace().collect::<Vec<_>>().join(" ");
    shown.map(tidy).filter(|name| !name.is_empty()).or_else(|| parts().map(tidy).filter(|name| !name.is_empty()))
}

fn texts(entry: &VCardEntry) -> Vec<String> {
    let text = |value: &VCardValue| match value {
        VCardValue::Text(text) => text.clone(),
        VCardValue::Component(texts) => texts.join(" "),
        _ => String::new(),
    };
    entry.values.iter().map(text).collect()
}

fn date(entry: &VCardEntry) -> Option<PartialDateTime> {
    entry.values.iter().find_map(|value| match value {
        VCardValue::PartialDateTime(date) => Some(date.clone()),
        // Of properties that are not in the standard the parser leaves the text.
        VCardValue::Text(text) if matches!(entry.name, VCardProperty::Other(_)) => text_date(text),
        _ => None,
    })
}

/// `2010-06-19`, `20100619`, `--0619`, `--06-19`, whatever time follows.
fn text_date(text: &str) -> Option<PartialDateTime> {
    let text = text.trim();
    let text = text.split('T').next()?;
    let (year, rest) = match text.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => (Some(text.get(..4)?.parse().ok()?), text.get(4..)?),
    };
    let digits: String = rest.chars().filter(|c| *c != '-').collect();
    let is_plain = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse().ok().filter(|_| is_plain);
    Some(PartialDateTime {
        year,
        month: Some(number(digits.get(..2)?)?),
        day: Some(number(digits.get(2..)?)?),
        ..PartialDateTime::default()
    })
}

fn has_day(date: &PartialDateTime) -> bool {
    date.month.is_some() && date.day.is_some()
}

/// The date as a day; of one without a year the latest up to today.
fn day(date: &PartialDateTime, today: Day) -> Option<Day> {
    let (month, number) = (u32::from(date.month?), u32::from(date.day?));
    match date.year.filter(|year| *year != NO_YEAR) {
        Some(year) => Day::from_ymd_opt(i32::from(year), month, number).filter(|day| (1..=9999).contains(&day.year())),
        // Between leap years lie eight years at the most.
        None => {
            (0..=8).filter_map(|years| Day::from_ymd_opt(today.year() - years, month, number)).find(|day| *day <= today)
        }
    }
}

/// What the date is of.
fn what(card: &VCard, entry: &VCardEntry) -> Option<String> {
    match &entry.name {
        VCardProperty::Bday => Some("birthday".to_owned()),
        VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ABDATE") => {
            let group = entry.group.as_ref()?;
            let is_label = |other: &&VCardEntry| {
                let is_own = other.group.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(group));
                is_own && matches!(&other.name, VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ABLABEL"))
            };
            let label = texts(card.entries.iter().find(is_label)?).concat();
            let own = label.trim().strip_prefix("_$!<").and_then(|label| label.strip_suffix(">!$_"));
            let label = own.map_or_else(|| label.trim().to_owned(), str::to_lowercase);
            Some(label).filter(|label| !label.is_empty() && !label.contains(LOST))
        }
        _ => Some("anniversary".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::sample::day;

    /// Samples of what programs write: what is found as `WHO: WHAT DATE`, what is passed over as `line N`.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[&str]) {
        let found = cards(bytes, day("2026-11-22"));
        let dates = found.dates.iter().map(|date| format!("{}: {} {}", date.who, date.what, date.on));
        let passed = found.passed_over.iter().map(|(line, _)| format!("line {line}"));
        let all: Vec<String> = dates.chain(passed).collect();
        assert_eq!(all, expected, "{:?}\n{}", found.passed_over, String::from_utf8_lossy(bytes));
    }

    #[test]
    fn address_books_are_read_as_programs_write_them() {
        // Apple: a year that is none, and dates with labels.
        check(
            b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n\
              BDAY;X-APPLE-OMIT-YEAR=1604;value=date:1604-04-12\r\n\
              item1.X-ABDATE;type=pref:2010-06-19\r\nitem1.X-ABLabel:_$!<Anniversary>!$_\r\n\
              item2.X-ABDATE:2008-02-29\r\nitem2.X-ABLabel:First met\r\nEND:VCARD\r\n",
            &[
                "Ada Lovelace: birthday 2026-04-12",
                "Ada Lovelace: anniversary 2010-06-19",
                "Ada Lovelace: First met 2008-02-29",
            ],
        );
        // Google: several cards, one of them with a date that there is not.
        check(
            b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nBDAY:1985-04-12\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Sam\nBDAY:1990-02-30\n\
              END:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Mum\nBDAY:19550917\nEND:VCARD\n",
            &["Ada: birthday 1985-04-12", "Mum: birthday 1955-09-17", "line 9"],
        );
        // Without a year, in the forms of versions 4 and 3.
        check(b"BEGIN:VCARD\nVERSION:4.0\nFN:Zo\xC3\xAB\nBDAY:--1203\nEND:VCARD\n", &["Zoë: birthday 2025-12-03"]);
        check(b"BEGIN:VCARD\nVERSION:4.0\nFN:Ada\nBDAY:--0229\nEND:VCARD\n", &["Ada: birthday 2024-02-29"]);
        // Outlook: version 2.1, quoted-printable, and a BDAY inside a note.
        check(
            b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen\r\n\
              FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen M=C3=BCller\r\n\
              NOTE;ENCODING=QUOTED-PRINTABLE:once=0D=0A=\r\nBDAY:19000101 he said\r\nBDAY:19701231\r\nEND:VCARD\r\n",
            &["Jürgen Müller: birthday 1970-12-31"],
        );
        // Version 4 with dashes, which loses its day at first.
        check(
            b"BEGIN:VCARD\nVERSION:4.0\nFN:Ada\nBDAY:1996-04-15\nANNIVERSARY:20100619\nEND:VCARD\n",
            &["Ada: birthday 1996-04-15", "Ada: anniversary 2010-06-19"],
        );
        // A byte-order mark, lower case, and no name that is shown.
        check(
            b"\xEF\xBB\xBFbegin:vcard\nversion:3.0\nn:Hopper;Grace\nbday:1906-12-09\nend:vcard\n",
            &["Grace Hopper: birthday 1906-12-09"],
        );
        // Folded, with a time.
        check(
            b"BEGIN:VCARD\nVERSION:3.0\nFN:Aunt\n  May\nBDAY:1950-05-\n 01T00:00:00Z\nEND:VCARD\n",
            &["Aunt May: birthday 1950-05-01"],
        );
        // Latin-1: the name is not guessed.
        check(b"BEGIN:VCARD\nVERSION:3.0\nFN:Zo\xEB\nBDAY:1990-04-12\nEND:VCARD\n", &["line 1"]);
        // Broken in the middle, then a good one; and cut off.
        check(
            b"BEGIN:VCARD\nVERSION:3.0\nFN:Sam\nnonsense\nBDAY:1990-04-12\nBEGIN:VCARD\nVERSION:3.0\nFN:Ada\n\
              BDAY:1985-04-12\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Mum\nBDAY:1955-09-1",
            &["Sam: birthday 1990-04-12", "Ada: birthday 1985-04-12", "line 4", "line 11"],
        );
        check(b"BEGIN:VCARD\nVERSION:3.0\nORG:Bakery\nEND:VCARD\n", &[]);
        check(b"BEGIN:VCARD\nVERSION:3.0\nBDAY:1990-04-12\nEND:VCARD\n", &["line 1"]);
        check(b"BEGIN:VCARD\nVERSION:3.0\nFN:Sam\nBDAY;VALUE=text:circa 1800\nEND:VCARD\n", &["line 4"]);
        check(b"BEGIN:VCARD\nVERSION:4.0\nFN:Sam\nBDAY:--04-12\nEND:VCARD\n", &["line 4"]);
        check(b"", &[]);
    }
}
