//! The journal and the plans: a line to an event and back, and events to a log
//! with what was undone taken out.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveTime, SecondsFormat};
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use crate::calendar::{self, Day};

/// One thing that happened, or a plan that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Ten random letters and digits; of a line written by hand that has none, its own text.
    pub id: String,
    /// When it was written; `None` only in a line written by hand.
    pub at: Option<DateTime<FixedOffset>>,
    /// The local date that it counts for, as it was then.
    pub day: Day,
    pub what: What,
}

impl Event {
    /// What events are put in order by: the moment of writing, then the id.
    pub fn order(&self) -> (DateTime<FixedOffset>, &str) {
        (self.moment(), &self.id)
    }

    /// The moment of writing; of a line without one the beginning of its day.
    pub fn moment(&self) -> DateTime<FixedOffset> {
        self.at.unwrap_or_else(|| self.day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A gesture was proposed, and why.
    Offered {
        prompt: Prompt,
        why: Option<Why>,
    },
    /// A proposed gesture was exchanged for another.
    Swapped {
        prompt: Prompt,
    },
    Done(Done),
    /// An event was taken back.
    Undone {
        of: String,
    },
    /// Days on which nothing is asked, both included.
    Rest {
        from: Day,
        until: Day,
    },
}

impl What {
    /// Its word in the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "offered",
            Self::Swapped { .. } => "swapped",
            Self::Done(_) => "done",
            Self::Undone { .. } => "undone",
            Self::Rest { .. } => "rest",
        }
    }
}

/// The gesture that an event speaks of, with its category, so that history outlives the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub gesture: String,
    pub category: String,
}

/// A completed gesture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// `None` for something that is in no catalogue, and for a follow-up.
    pub gesture: Option<String>,
    pub category: String,
    pub with: Vec<String>,
    pub note: Option<String>,
}

/// A draw as it was, kept with the offer, since what comes later would change it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// In words: "tone has not come up for 9 days".
    pub reason: String,
    /// Calendar days of quiet, where they are the reason.
    pub days: Option<u32>,
    /// The weights that the category was drawn by.
    pub weights: Vec<Weight>,
    pub filters: Filters,
    /// How many gestures of the category were in the draw.
    pub pool: u32,
}

/// A category's weight in a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weight {
    pub category: String,
    pub weight: u64,
    /// Calendar days since its last `done`; `None` if there was none in the events read.
    pub quiet_days: Option<u32>,
}

/// The filters of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    pub place: Option<String>,
    pub category: Option<String>,
    pub easy: bool,
}

/// What a line of a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Event(Event),
    /// Nothing, or an event that a newer version writes: left alone.
    Passed,
    /// No event, and why.
    Bad(String),
}

/// Reads one line, without its newline.
pub fn parse(line: &[u8]) -> Line {
    let line = bare(line);
    if line.iter().all(u8::is_ascii_whitespace) {
        return Line::Passed;
    }
    let fields = match serde_json::from_slice::<Fields<'_>>(line) {
        Ok(fields) => fields,
        Err(error) if std::str::from_utf8(line).is_err() => return Line::Bad(format!("not UTF-8 ({error})")),
        Err(error) if error.is_data() => return Line::Bad("not a JSON object".to_owned()),
        Err(_) => return Line::Bad("not JSON".to_owned()),
    };
    // A list of values would be taken for one of fields.
    if line.trim_ascii_start().first() != Some(&b'{') {
        return Line::Bad("not a JSON object".to_owned());
    }
    match fields.into_event(line) {
        Ok(Some(event)) => Line::Event(event),
        Ok(None) => Line::Passed,
        Err(reason) => Line::Bad(reason),
    }
}

/// A line without a byte order mark before it and a carriage return behind it, as other tools add them.
fn bare(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The day of a line without parsing the line, where its bytes leave no doubt.
///
/// Inside a JSON string a quote has a backslash before it, so `"day":"` with plain quotes is a key;
/// where it stands more than once, or with other white space, only parsing can tell.
pub fn peek_day(line: &[u8]) -> Option<Day> {
    const KEY: &[u8] = b"\"day\"";
    let mut found = line.windows(KEY.len()).enumerate().filter(|(_, window)| *window == KEY);
    let (at, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let value = line[at + KEY.len()..].strip_prefix(b":\"")?;
    let (day, rest) = value.split_at_checked(10)?;
    rest.starts_with(b"\"").then_some(())?;
    calendar::parse_iso(std::str::from_utf8(day).ok()?)
}

/// The fields of any event. What is not of the type that a field has is as good as absent.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    at: Loose<'a>,
    #[serde(borrow, default)]
    day: Loose<'a>,
    #[serde(borrow, default)]
    event: Loose<'a>,
    #[serde(borrow, default)]
    gesture: Loose<'a>,
    #[serde(borrow, default)]
    category: Loose<'a>,
    #[serde(borrow, default)]
    follow_up: Loose<'a>,
    #[serde(borrow, default)]
    with: Loose<'a>,
    #[serde(borrow, default)]
    note: Loose<'a>,
    #[serde(borrow, default)]
    of: Loose<'a>,
    #[serde(borrow, default)]
    from: Loose<'a>,
    #[serde(borrow, default)]
    until: Loose<'a>,
    #[serde(default, deserialize_with = "why_or_nothing")]
    why: Option<Why>,
}

impl Fields<'_> {
    fn into_event(self, line: &[u8]) -> Result<Option<Event>, String> {
        let Some(word) = self.event.text() else {
            return Err("no `event`".to_owned());
        };
        let needs = |field: &str| format!("`{word}` needs `{field}`");
        let day =
            |loose: &Loose<'_>, field: &str| loose.text().and_then(calendar::parse_iso).ok_or_else(|| needs(field));
        let prompt = || {
            let gesture = self.gesture.text().ok_or_else(|| needs("gesture"))?.to_owned();
            let category = self.category.text().ok_or_else(|| needs("category"))?.to_owned();
            Ok::<_, String>(Prompt { gesture, category })
        };
        let what = match word {
            // A follow-up is offered by a version that knows follow-ups.
            "offered" | "swapped" if self.gesture.text().is_none() && self.follow_up.text().is_some() => {
                return Ok(None);
            }
            "offered" => What::Offered { prompt: prompt()?, why: self.why },
            "swapped" => What::Swapped { prompt: prompt()? },
            "done" => What::Done(Done {
                gesture: self.gesture.text().map(str::to_owned),
                category: self.category.text().ok_or_else(|| needs("category"))?.to_owned(),
                with: self.with.texts(),
                note: self.note.text().map(str::to_owned),
            }),
            "undone" => What::Undone { of: self.of.text().ok_or_else(|| needs("of"))?.to_owned() },
            "rest" => What::Rest { from: day(&self.from, "from")?, until: day(&self.until, "until")? },
            _ => return Ok(None),
        };
        let day = day(&self.day, "day")?;
        let id = self.id.text().map_or_else(|| String::from_utf8_lossy(line).into_owned(), str::to_owned);
        let at = self.at.text().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        Ok(Some(Event { id, at, day, what }))
    }
}

/// A JSON value of which only texts are of interest: one, or those in a list.
#[derive(Default)]
enum Loose<'a> {
    Text(Cow<'a, str>),
    Texts(Vec<String>),
    #[default]
    Nothing,
}

impl Loose<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.to_string()],
            Self::Texts(texts) => texts.clone(),
            Self::Nothing => Vec::new(),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(item) = list.next_element::<Loose<'de>>()? {
            texts.extend(item.text().map(str::to_owned));
        }
        Ok(Loose::Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::Nothing)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Loose::Nothing)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Loose::Nothing)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Loose::Nothing)
    }
}

/// A draw's record that is not of this version's shape tells nothing, but its offer still counts.
fn why_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Why>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(if value.is_object() { serde_json::from_value(value).ok() } else { None })
}

/// An event as the file has it: its fields in order, absent ones left out.
#[derive(Serialize)]
struct Record<'e> {
    id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    day: Day8601,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    gesture: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'e str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    with: &'e [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Day8601>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Day8601>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'e Why>,
}

/// A day that is written as `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day8601(pub Day);

impl Serialize for Day8601 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An event as a line, without its newline.
pub fn to_line(event: &Event) -> String {
    let mut record = Record {
        id: &event.id,
        at: event.at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, false)),
        day: Day8601(event.day),
        event: event.what.word(),
        gesture: None,
        category: None,
        with: &[],
        note: None,
        of: None,
        from: None,
        until: None,
        why: None,
    };
    match &event.what {
        What::Offered { prompt, why } => {
            record.gesture = Some(&prompt.gesture);
            record.category = Some(&prompt.category);
            record.why = why.as_ref();
        }
        What::Swapped { prompt } => {
            record.gesture = Some(&prompt.gesture);
            record.category = Some(&prompt.category);
        }
        What::Done(done) => {
            record.gesture = done.gesture.as_deref();
            record.category = Some(&done.category);
            record.with = &done.with;
            record.note = done.note.as_deref();
        }
        What::Undone { of } => record.of = Some(of),
        What::Rest { from, until } => {
            record.from = Some(Day8601(*from));
            record.until = Some(Day8601(*until));
        }
    }
    to_json(&record)
}

/// JSON in one line, whose text can't disturb a terminal: control and direction characters are escaped.
pub fn to_json(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Careful);
    // Maps with text keys, written to memory: neither can fail; an empty line would be passed over.
    if value.serialize(&mut serializer).is_err() {
        bytes.clear();
    }
    String::from_utf8(bytes).unwrap_or_default()
}

struct Careful;

impl Formatter for Careful {
    fn write_string_fragment<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> std::io::Result<()> {
        let mut plain = fragment;
        while let Some((at, disturbing)) = plain.char_indices().find(|(_, c)| disturbs(*c)) {
            CompactFormatter.write_string_fragment(writer, &plain[..at])?;
            write!(writer, "\\u{:04x}", u32::from(disturbing))?;
            plain = &plain[at + disturbing.len_utf8()..];
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

/// Whether a character can move a terminal's cursor, change its state, or turn the direction of text:
/// C0, DEL, C1, line and paragraph separators, bidirectional marks, embeddings, overrides and isolates,
/// and characters of no width that hide between others.
///
/// U+200C and U+200D stay: Persian and Indic words and joined emoji need them.
pub fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}')
}

/// What happened, in order of day, then moment, then id; nothing twice, and nothing that was undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    events: Vec<Event>,
}

impl Log {
    /// Of events with one id the smallest line counts; `today` and what came before is kept.
    pub fn new(lines: impl IntoIterator<Item = (Event, Vec<u8>)>, today: Day) -> Self {
        let mut by_id: HashMap<String, (Event, Vec<u8>)> = HashMap::new();
        for (event, line) in lines {
            match by_id.get_mut(&event.id) {
                Some(known) if known.1 <= line => {}
                Some(known) => *known = (event, line),
                None => {
                    by_id.insert(event.id.clone(), (event, line));
                }
            }
        }
        let undone: HashSet<String> = by_id
            .values()
            .filter_map(|(event, _)| match &event.what {
                What::Undone { of } => Some(of.clone()),
                _ => None,
            })
            .collect();
        let mut events: Vec<Event> = by_id
            .into_values()
            .map(|(event, _)| event)
            .filter(|event| event.day <= today)
            .filter(|event| match event.what {
                What::Done(_) | What::Rest { .. } => !undone.contains(&event.id),
                What::Offered { .. } | What::Swapped { .. } => true,
                What::Undone { .. } => false,
            })
            .collect();
        events.sort_by(|a, b| (a.day, a.order()).cmp(&(b.day, b.order())));
        Self { events }
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events of one day.
    pub fn on(&self, day: Day) -> &[Event] {
        let from = self.events.partition_point(|event| event.day < day);
        let until = self.events.partition_point(|event| event.day <= day);
        &self.events[from..until]
    }

    /// The completed gestures of one day.
    pub fn done_on(&self, day: Day) -> impl Iterator<Item = (&Event, &Done)> {
        dones(self.on(day))
    }

    /// All completed gestures, oldest first.
    pub fn dones(&self) -> impl DoubleEndedIterator<Item = (&Event, &Done)> {
        dones(&self.events)
    }

    /// The days of rest, each as its first and last day.
    pub fn rests(&self) -> impl Iterator<Item = (Day, Day)> {
        self.events.iter().filter_map(|event| match event.what {
            What::Rest { from, until } => Some((from, until)),
            _ => None,
        })
    }

    /// Whether a day is covered by a rest.
    pub fn rests_on(&self, day: Day) -> bool {
        self.rests().any(|(from, until)| from <= day && day <= until)
    }

    /// The day's prompt: the earliest offer whose gesture was not swapped that day.
    pub fn prompt_on(&self, day: Day) -> Option<(&Event, &Prompt, Option<&Why>)> {
        self.unswapped_on(day).next()
    }

    /// The day's offers whose gestures were not swapped that day, earliest first.
    pub fn unswapped_on(&self, day: Day) -> impl Iterator<Item = (&Event, &Prompt, Option<&Why>)> {
        let events = self.on(day);
        let swapped = move |gesture: &str| {
            events.iter().any(|event| matches!(&event.what, What::Swapped { prompt } if prompt.gesture == gesture))
        };
        events.iter().filter_map(move |event| match &event.what {
            What::Offered { prompt, why } if !swapped(&prompt.gesture) => Some((event, prompt, why.as_ref())),
            _ => None,
        })
    }

    /// The gestures swapped on a day, each once.
    pub fn swapped_on(&self, day: Day) -> Vec<&str> {
        let mut gestures: Vec<&str> = self
            .on(day)
            .iter()
            .filter_map(|event| match &event.what {
                What::Swapped { prompt } => Some(prompt.gesture.as_str()),
                _ => None,
            })
            .collect();
        gestures.sort_unstable();
        gestures.dedup();
        gestures
    }
}

fn dones(events: &[Event]) -> impl DoubleEndedIterator<Item = (&Event, &Done)> {
    events.iter().filter_map(|event| match &event.what {
        What::Done(done) => Some((event, done)),
        _ => None,
    })
}

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
