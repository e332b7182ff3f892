//! Entries as a TOML file that a person can read and change, and the reading of the changed file.

use std::fmt::Write;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::{Done, Event, Prompt, What};
use crate::calendar::{self, Day};
use crate::ids::{CategoryId, EventId, GestureId};
use crate::toml_reader::{self, Problem, Reader};

const HEAD: &str = "\
# Your entries, newest last. Change what you like and save.
# Delete a whole [[entry]] to take it back; add one without an `id` to log it.
# An empty file changes nothing.
";

/// The longest text of a field, in characters: longer than anyone writes.
const LONGEST: usize = 1_000_000;

/// The entries as a text for an editor; what is not a `done` is left out.
pub fn write(entries: &[Event]) -> String {
    let mut text = HEAD.to_owned();
    for event in entries {
        if let What::Done(done) = &event.what {
            let mut document = DocumentMut::new();
            document["entry"] = Item::ArrayOfTables([table(event, done)].into_iter().collect());
            let _ = write!(text, "\n{document}");
        }
    }
    text
}

fn table(event: &Event, done: &Done) -> Table {
    let mut table = Table::new();
    table["id"] = value(&*event.id);
    table["day"] = value(event.day.to_string());
    table["category"] = value(done.category());
    if let Some(gesture) = done.gesture() {
        table["gesture"] = value(&**gesture);
    }
    if let Some(Prompt::FollowUp { .. }) = done.prompt() {
        table.decor_mut().set_prefix("# A follow-up.\n");
    }
    if !done.with.is_empty() {
        table["with"] = value(done.with.iter().map(String::as_str).collect::<Array>());
    }
    if let Some(note) = &done.note {
        table["note"] = value(note);
    }
    table
}

/// An entry as it came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The line of its `[[entry]]` header, counted from 1.
    pub line: usize,
    /// The id of an entry that was opened; a new one has none.
    pub id: Option<EventId>,
    /// The day that it counts for.
    pub day: Day,
    /// The category, if the file names one.
    pub category: Option<CategoryId>,
    /// The gesture's id, if the file names one.
    pub gesture: Option<GestureId>,
    /// The people it was done with.
    pub with: Vec<String>,
    /// The note; `None` if it is blank.
    pub note: Option<String>,
}

impl Draft {
    /// Whether it says something other than the entry.
    pub fn differs(&self, day: Day, done: &Done) -> bool {
        let trimmed =
            |note: &Option<String>| note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
        self.day != day || !self.is_of(done) || self.with != done.with || trimmed(&self.note) != trimmed(&done.note)
    }

    /// Whether it names the gesture and the category of the entry.
    pub fn is_of(&self, done: &Done) -> bool {
        self.gesture.as_ref() == done.gesture()
            && self.category.as_ref().is_none_or(|category| **category == *done.category())
    }
}

/// Reads the entries of a text, or every problem in it.
pub fn read(text: &str) -> Result<Vec<Draft>, Vec<Problem>> {
    let (mut reader, document) = Reader::parse(text);
    let root = toml_reader::Table::root(&document);
    reader.deny_unknown(&root, &["entry"]);
    let tables = reader.tables(&root, "entry");
    let mut drafts = Vec::new();
    for table in &tables {
        reader.deny_unknown(table, &["id", "day", "category", "gesture", "with", "note"]);
        let mut text = |key: &str| reader.text(table, key, LONGEST).map(|text| text.value.to_owned());
        let (id, category, gesture) = (text("id"), text("category"), text("gesture"));
        // A blank note counts as none, and is not a problem.
        let is_blank = table.text("note").is_some_and(|note| note.trim().is_empty());
        let note = if is_blank { None } else { text("note") };
        let with = reader.texts(table, "with", LONGEST).unwrap_or_default();
        if table.text("day").is_none() {
            reader.missing(table, "this [[entry]]", "day");
        }
        let Some(day) = reader.text(table, "day", LONGEST) else {
            continue;
        };
        match calendar::parse_iso(day.value) {
            Some(date) => drafts.push(Draft {
                line: reader.line(table.span().start),
                id: id.map(Into::into),
                day: date,
                category: category.map(Into::into),
                gesture: gesture.map(Into::into),
                with: with.iter().map(|name| name.value.trim().to_owned()).collect(),
                note: note.map(|note| note.trim().to_owned()),
            }),
            None => reader.problem(day.span, format!("`day` is `{}`, expected a date such as `2026-11-22`", day.value)),
        }
    }
    let problems = reader.into_problems();
    if problems.is_empty() { Ok(drafts) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::journal::Act;
    use crate::journal::sample::day;

    fn done(id: &str, note: Option<&str>, with: &[&str], act: Act) -> Event {
        let with = with.iter().map(|who| (*who).to_owned()).collect();
        let done = Done { with, note: note.map(str::to_owned), ..Done::new(act) };
        Event { id: id.into(), at: None, day: day("2026-11-22"), what: What::Done(done) }
    }

    #[test]
    fn entries_are_written_for_a_person() {
        let gesture = Act::Prompt(Prompt::Gesture { id: "tone-slower".into(), category: "tone".into() });
        let text = write(&[
            done("a", Some("one\ntwo"), &["Sam", "O'Brien \"B\""], gesture),
            done("b", None, &[], Act::Own("names".into())),
        ]);
        let shown = text.strip_prefix(HEAD).unwrap();
        assert!(shown.contains("note = \"\"\"\none\ntwo\"\"\"\n"), "{shown}");
        assert!(shown.ends_with("\n[[entry]]\nid = \"b\"\nday = \"2026-11-22\"\ncategory = \"names\"\n"), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_reported_by_line() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let problems: Vec<String> = read(text).unwrap_err().iter().map(Problem::to_string).collect();
            assert_eq!(problems, expected, "{text}");
        }
        check("[[entry]]\nid = 'a'\n", &["1:1: this [[entry]] has no `day`"]);
        check(
            "[[entry]]\nday = '2026-13-01'\nnoet = 'x'\n",
            &[
                "2:7: `day` is `2026-13-01`, expected a date such as `2026-11-22`",
                "3:1: unknown key `noet`, expected `id`, `day`, `category`, `gesture`, `with` or `note`",
            ],
        );
        check(
            "[[entry]]\nday = '2026-11-22'\nwith = 'Sam'\n",
            &["3:8: `with` must be a list of texts, not a value of type string"],
        );
    }

    proptest! {
        /// Whatever an entry says, unchanged it comes back as it was.
        #[test]
        fn what_is_not_changed_differs_in_nothing(
            note in proptest::option::of(any::<String>()),
            with in proptest::collection::vec("[^\\s]\\PC*[^\\s]", 0..3),
            category in "[a-z]{1,9}",
        ) {
            let with: Vec<&str> = with.iter().map(String::as_str).collect();
            let event = done("a", note.as_deref(), &with, Act::Own(category.as_str().into()));
            let What::Done(before) = &event.what else { unreachable!() };
            let drafts = read(&write(std::slice::from_ref(&event))).unwrap();
            prop_assert_eq!(drafts.len(), 1);
            prop_assert!(!drafts[0].differs(event.day, before), "{:?}", drafts[0]);
        }
    }
}
