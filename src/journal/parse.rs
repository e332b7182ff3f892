//! A line of a file to an event, or why it is none.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use chrono::DateTime;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Done, Event, Prompt, What, Why};
use crate::calendar::{self, Day};

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

/// A line without a byte order mark before it and carriage returns behind it, as other tools add them.
pub fn bare(line: &[u8]) -> &[u8] {
    let mut line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    while let Some(shorter) = line.strip_suffix(b"\r") {
        line = shorter;
    }
    line
}

/// Made once, since a look back searches hundreds of lines for it.
static KEY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"day\""));

static EVENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"event\":\""));

/// The words of this version, each with its quote.
const KNOWN: [&[u8]; 5] = [b"offered\"", b"swapped\"", b"done\"", b"undone\"", b"rest\""];

/// The day of a line without parsing the line, where its bytes leave no doubt.
///
/// Inside a JSON string a quote has a backslash before it, so `"day":"` with plain quotes is a key;
/// where it stands more than once, or with other white space, only parsing can tell.
pub fn peek_day(line: &[u8]) -> Option<Day> {
    let mut found = KEY.find_iter(line);
    let at = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let value = line[at + KEY.needle().len()..].strip_prefix(b":\"")?;
    let (day, rest) = value.split_at_checked(10)?;
    rest.starts_with(b"\"").then_some(())?;
    calendar::parse_iso(std::str::from_utf8(day).ok()?)
}

/// Whether a line may be an event of this version, without parsing it: a newer version's are kept at the
/// end by a merge, and must not count as days that were reached.
pub fn peek_known(line: &[u8]) -> bool {
    let Some(at) = EVENT.find(line) else {
        return false;
    };
    let word = &line[at + EVENT.needle().len()..];
    KNOWN.iter().any(|known| word.starts_with(known))
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
