//! A line of a file to an event, or why it is not one.

use std::borrow::Cow;
use std::fmt;

use chrono::DateTime;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::head::fast_event;
use super::{Act, Done, Event, Every, FollowUp, Prompt, Recorded, What};
use crate::calendar;

/// What a line of a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// An event.
    Event(Event),
    /// A blank line, or an event that only a newer version knows: it is ignored and kept.
    Passed,
    /// Not an event, and why.
    Bad(String),
}

/// How lines begin that git puts around what it could not merge.
const MARKERS: [&[u8]; 4] = [b"<<<<<<< ", b"||||||| ", b"=======", b">>>>>>> "];

/// Reads one line, without its newline.
pub fn parse(line: &[u8]) -> Line {
    let line = bare(line);
    fast_event(line).map_or_else(|| parse_json(line), Line::Event)
}

/// Reads a line of any shape, without what [`bare`] takes away.
pub fn parse_json(line: &[u8]) -> Line {
    if is_blank(line) {
        return Line::Passed;
    }
    // Checked once for the whole line, and not for each of its texts.
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => return Line::Bad(format!("not UTF-8 ({error})")),
    };
    let fields = match serde_json::from_str::<Fields<'_>>(text) {
        Ok(fields) => fields,
        Err(error) if error.is_data() => return Line::Bad("not a JSON object".to_owned()),
        Err(_) if MARKERS.iter().any(|marker| line.starts_with(marker)) => {
            return Line::Bad("a conflict marker, as git leaves them".to_owned());
        }
        Err(_) => return Line::Bad("not JSON".to_owned()),
    };
    // Serde accepts a JSON array in place of an object.
    if line.trim_ascii_start().first() != Some(&b'{') {
        return Line::Bad("not a JSON object".to_owned());
    }
    match fields.into_event(line) {
        Ok(Some(event)) => Line::Event(event),
        Ok(None) => Line::Passed,
        Err(reason) => Line::Bad(reason),
    }
}

/// A line without the byte order mark before it and the carriage returns after it that other tools add.
pub fn bare(line: &[u8]) -> &[u8] {
    let mut line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    while let Some(shorter) = line.strip_suffix(b"\r") {
        line = shorter;
    }
    line
}

/// The lines of a file without their newlines, including an unfinished last one.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

/// Whether a line holds nothing but white space, byte order marks aside.
pub fn is_blank(line: &[u8]) -> bool {
    bare(line).iter().all(u8::is_ascii_whitespace)
}

/// The fields of any event. A field with a value of the wrong type is treated as absent.
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
    #[serde(borrow, default, rename = "for")]
    due: Loose<'a>,
    #[serde(borrow, default)]
    with: Loose<'a>,
    #[serde(borrow, default)]
    note: Loose<'a>,
    #[serde(borrow, default)]
    of: Loose<'a>,
    #[serde(borrow, default)]
    amends: Loose<'a>,
    #[serde(borrow, default)]
    erased: Loose<'a>,
    #[serde(borrow, default)]
    from: Loose<'a>,
    #[serde(borrow, default)]
    until: Loose<'a>,
    #[serde(borrow, default)]
    who: Loose<'a>,
    #[serde(borrow, default)]
    what: Loose<'a>,
    #[serde(borrow, default)]
    on: Loose<'a>,
    #[serde(borrow, default)]
    every: Loose<'a>,
    #[serde(borrow, default)]
    to: Loose<'a>,
    #[serde(borrow, default)]
    unseen: Loose<'a>,
    #[serde(borrow, default)]
    why: Option<&'a RawValue>,
}

impl Fields<'_> {
    fn into_event(self, line: &[u8]) -> Result<Option<Event>, String> {
        let Some(word) = self.event.text() else {
            return Err("no `event`".to_owned());
        };
        let needs = |field: &str| format!("`{word}` needs `{field}`");
        let date = |loose: &Loose<'_>| loose.text().and_then(calendar::parse_iso);
        let day = |loose: &Loose<'_>, field: &str| date(loose).ok_or_else(|| needs(field));
        let text = |loose: &Loose<'_>, field: &str| loose.text().ok_or_else(|| needs(field)).map(str::to_owned);
        // A gesture or a follow-up; `None` for neither. A follow-up that does not say which occurrence is meant is the
        // one of the event's day.
        let prompt = || match (self.gesture.text(), self.follow_up.text()) {
            (Some(id), _) => {
                Ok(Some(Prompt::Gesture { id: id.into(), category: text(&self.category, "category")?.into() }))
            }
            (None, Some(id)) => {
                let due = date(&self.due).map_or_else(|| day(&self.day, "day"), Ok)?;
                Ok(Some(Prompt::FollowUp { id: id.into(), due }))
            }
            (None, None) => Ok::<_, String>(None),
        };
        let some_prompt = || prompt()?.ok_or_else(|| needs("gesture"));
        let what = match word {
            "offered" => What::Offered {
                prompt: some_prompt()?,
                why: self.why.and_then(Recorded::new),
                unseen: matches!(self.unseen, Loose::True),
            },
            "swapped" => What::Swapped { prompt: some_prompt()?, until: date(&self.until) },
            "done" => What::Done(Done {
                act: match prompt()? {
                    Some(prompt) => Act::Prompt(prompt),
                    None => Act::Own(text(&self.category, "category")?.into()),
                },
                with: self.with.texts(),
                note: self.note.text().map(str::to_owned),
                amends: self.amends.text().filter(|id| !id.is_empty()).map(Into::into),
                erased: matches!(self.erased, Loose::True),
            }),
            "undone" => What::Undone { of: text(&self.of, "of")?.into() },
            "erased" => What::Erased,
            "remembered" => What::Remembered(FollowUp {
                who: text(&self.who, "who")?,
                what: text(&self.what, "what")?,
                on: day(&self.on, "on")?,
                every: match self.every.text() {
                    None => None,
                    // An interval that only a newer version knows must not be taken for a single occurrence.
                    Some(every) => match Every::WORDS.iter().find(|(word, _)| *word == every) {
                        Some((_, every)) => Some(*every),
                        None => return Ok(None),
                    },
                },
            }),
            "renamed" => What::Renamed { from: text(&self.from, "from")?, to: text(&self.to, "to")? },
            "rest" => What::Rest { from: day(&self.from, "from")?, until: day(&self.until, "until")? },
            _ => return Ok(None),
        };
        let day = day(&self.day, "day")?;
        let id = self.id.text().filter(|id| !id.is_empty());
        let id = id.map_or_else(|| String::from_utf8_lossy(line).into_owned(), str::to_owned).into();
        let at = self.at.text().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        Ok(Some(Event { id, at, day, what }))
    }
}

/// A JSON value of any type, of which only texts, lists of texts and `true` are kept.
#[derive(Default)]
enum Loose<'a> {
    Text(Cow<'a, str>),
    Texts(Vec<String>),
    True,
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
            Self::True | Self::Nothing => Vec::new(),
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

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(if value { Loose::True } else { Loose::Nothing })
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
