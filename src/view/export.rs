//! Entries for other programs: rows of a table, and a list to paste into a note.

use serde_json::{Map, Value};

use super::catalogue::category_name;
use super::{card, entries, grammar, people};
use crate::calendar::{Day, Week};
use crate::catalogue::Catalogue;
use crate::journal::{Event, REMEMBERING, What, to_json};
use crate::safe_text::{clean, markdown, spreadsheet_cell};

/// A byte order mark, by which spreadsheets recognise UTF-8.
const MARK: &str = "\u{FEFF}";

/// The columns of the table.
pub fn header() -> String {
    let columns = ["day", "at", "event", "gesture", "category", "with", "note", "until", "id", "other"];
    MARK.to_owned() + &record(columns.map(str::to_owned))
}

/// The fields of a line that have a column of their own.
const KNOWN: [&str; 10] = ["day", "at", "event", "gesture", "category", "with", "note", "from", "until", "id"];

/// An entry as a row of RFC 4180; what else its line says stands in the last column, as JSON. Only what was done and
/// planned has one.
pub fn row(event: &Event, line: &[u8]) -> String {
    let at = event.at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let (word, id) = (event.what.word().to_owned(), event.id.to_string());
    let mut fields: Map<String, Value> = serde_json::from_slice(line).unwrap_or_default();
    fields.retain(|field, _| !KNOWN.contains(&field.as_str()));
    let other = if fields.is_empty() { String::new() } else { to_json(&fields) };
    match &event.what {
        What::Done(done) => {
            let gesture = done.gesture().map(ToString::to_string).unwrap_or_default();
            let note = done.note.clone().unwrap_or_default();
            let (day, category) = (event.day.to_string(), done.category().to_owned());
            record([day, at, word, gesture, category, done.with.join("; "), note, String::new(), id, other])
        }
        What::Rest { from, until } => {
            let none = String::new;
            record([from.to_string(), at, word, none(), none(), none(), none(), until.to_string(), id, other])
        }
        What::Remembered(follow_up) => {
            let (day, category) = (event.day.to_string(), REMEMBERING.to_owned());
            let (who, what) = (follow_up.who.clone(), follow_up.what.clone());
            record([day, at, word, String::new(), category, who, what, String::new(), id, other])
        }
        What::Renamed { from, to } => {
            let none = String::new;
            let names = format!("{from} → {to}");
            record([event.day.to_string(), at, word, none(), none(), to.clone(), names, none(), id, none()])
        }
        _ => String::new(),
    }
}

fn record<const N: usize>(cells: [String; N]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory can't fail.
    let _ = writer.write_record(cells.map(|cell| spreadsheet_cell(&cell)));
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The headings of a list by week and day: the latest of each that was written.
#[derive(Default)]
pub struct Headings {
    week: Option<Week>,
    day: Option<Day>,
}

impl Headings {
    /// What comes above the next entry: the headings of its week and its day, if they are new.
    pub fn above(&mut self, day: Day, week: Week, today: Day) -> String {
        let mut text = String::new();
        let gap = if self.day.is_some() { "\n" } else { "" };
        if self.week.replace(week) != Some(week) {
            text = format!("{gap}## {}\n", grammar::week_title(week, today));
        }
        if self.day.replace(day) != Some(day) {
            let gap = if text.is_empty() { gap } else { "\n" };
            text += &format!("{gap}### {}\n\n", grammar::long_date(day, today));
        }
        text
    }
}

/// An entry as an item of a Markdown list, in one line.
pub fn item(event: &Event, catalogue: &Catalogue, today: Day) -> String {
    let parts = match &event.what {
        What::Done(done) => {
            let sentence =
                done.gesture().map(|id| catalogue.gesture(id).map_or_else(|| clean(id).into_owned(), card::sentence));
            let with: Vec<_> = done.with.iter().map(|who| clean(who)).collect();
            let with = (!with.is_empty()).then(|| format!("With {}.", grammar::list(&with)));
            let note = done.note.as_deref().map(|note| format!("“{}”", clean(note)));
            let head = format!("**{}**", markdown(&grammar::capitalised(&category_name(catalogue, done.category()))));
            let rest: Vec<String> = [sentence, with, note].into_iter().flatten().map(|part| markdown(&part)).collect();
            if rest.is_empty() { head } else { format!("{head}: {}", rest.join(" ")) }
        }
        What::Rest { from, until } => markdown(&grammar::capitalised(&entries::rest(*from, *until, today))),
        What::Remembered(follow_up) => markdown(&people::planned(&follow_up.who, follow_up, Some(follow_up.on), today)),
        What::Renamed { from, to } => markdown(&people::renamed(from, to)),
        _ => return String::new(),
    };
    format!("- {parts}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_back_as_it_was() {
        let cells = ["a", "b,c", "d\"e", "f\ng", "", "日本", "'", ";", " h "];
        let text = record(cells.map(str::to_owned));
        assert!(text.ends_with("\r\n"));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.iter().collect::<Vec<_>>(), cells);
    }
}
