//! An event to a line, and any value to JSON that is safe to print in a terminal.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, SecondsFormat, Timelike};
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use serde_json::value::RawValue;

use super::{Event, Every, FollowUp, Prompt, REMEMBERING, What};
use crate::calendar::Day;
use crate::safe_text::{is_unsafe_for_terminal, json_escape};

/// An event as it is in the file: its fields in order, absent ones left out.
#[derive(Serialize)]
struct Record<'e> {
    id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    day: Day,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    gesture: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "for")]
    due: Option<Day>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    with: &'e [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amends: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    erased: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Cow<'e, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unseen: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'e RawValue>,
}

/// An event as a line, without its newline.
pub fn to_line(event: &Event) -> String {
    let mut record = Record {
        id: &event.id,
        at: event.at.map(moment),
        day: event.day,
        event: event.what.word(),
        gesture: None,
        category: None,
        follow_up: None,
        due: None,
        with: &[],
        note: None,
        of: None,
        amends: None,
        erased: None,
        who: None,
        what: None,
        on: None,
        every: None,
        from: None,
        to: None,
        until: None,
        unseen: None,
        why: None,
    };
    match event.what.prompt() {
        Some(Prompt::Gesture { id, category }) => {
            (record.gesture, record.category) = (Some(&**id), Some(&**category));
        }
        Some(Prompt::FollowUp { id, due }) => {
            (record.category, record.follow_up, record.due) = (Some(REMEMBERING), Some(&**id), Some(*due));
        }
        None => {}
    }
    match &event.what {
        What::Offered { why, unseen, .. } => {
            record.why = why.as_ref().map(|why| &*why.0);
            record.unseen = unseen.then_some(true);
        }
        What::Swapped { until, .. } => record.until = *until,
        What::Done(done) => {
            record.category = Some(done.category());
            record.with = &done.with;
            record.note = done.note.as_deref();
            record.amends = done.amends.as_deref();
            record.erased = done.erased.then_some(true);
        }
        What::Undone { of } => record.of = Some(of),
        What::Erased => {}
        What::Remembered(FollowUp { who, what, on, every }) => {
            (record.who, record.what, record.on) = (Some(who.as_str()), Some(what.as_str()), Some(*on));
            record.every = every.map(Every::word);
        }
        What::Renamed { from, to } => (record.from, record.to) = (Some(from.as_str().into()), Some(to.as_str())),
        What::Rest { from, until } => (record.from, record.until) = (Some(from.to_string().into()), Some(*until)),
    }
    to_json(&record)
}

/// A moment in RFC 3339, to the millisecond so that events can be put in order, or finer if it was written that way.
pub fn moment(at: DateTime<FixedOffset>) -> String {
    let is_whole = at.nanosecond().is_multiple_of(1_000_000);
    at.to_rfc3339_opts(if is_whole { SecondsFormat::Millis } else { SecondsFormat::AutoSi }, false)
}

/// JSON on one line that is safe to print in a terminal: control and bidirectional characters are escaped.
pub fn to_json(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, EscapingFormatter);
    // Neither maps with text keys nor writes to memory can fail; if one did, the empty line would be ignored when read.
    if value.serialize(&mut serializer).is_err() {
        bytes.clear();
    }
    String::from_utf8(bytes).unwrap_or_default()
}

struct EscapingFormatter;

impl Formatter for EscapingFormatter {
    fn write_string_fragment<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> std::io::Result<()> {
        let mut plain = fragment;
        while let Some((at, unsafe_char)) = plain.char_indices().find(|(_, c)| is_unsafe_for_terminal(*c)) {
            CompactFormatter.write_string_fragment(writer, &plain[..at])?;
            writer.write_all(json_escape(unsafe_char).as_bytes())?;
            plain = &plain[at + unsafe_char.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(writer, plain)
    }

    fn write_char_escape<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> std::io::Result<()> {
        CompactFormatter.write_char_escape(writer, escape)
    }
}
