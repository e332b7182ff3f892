//! The part of an event that reading backward, counting and settling need. It is read without parsing JSON if the line
//! has exactly the shape in which we write it; most events of that shape are read whole.

use chrono::{DateTime, FixedOffset, NaiveTime};

use super::{Act, Done, Event, Line, Prompt, Recorded, What, parse};
use crate::calendar::{self, Day, digits};

/// The head of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventHead<'l> {
    /// Its id.
    pub id: &'l str,
    /// The local date on which it was written; `None` in a line written by hand.
    pub written: Option<Day>,
    /// The date that it counts for.
    pub day: Day,
    /// What it is.
    pub kind: Kind<'l>,
}

/// What an event is, as far as its head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'l> {
    /// Something was proposed.
    Offered,
    /// What was proposed was exchanged.
    Swapped,
    /// Something was done.
    Done {
        /// The category that it counts in.
        category: &'l str,
        /// Whether it corrects an earlier `done`.
        is_amendment: bool,
    },
    /// An event was taken back.
    Undone {
        /// The id of that event.
        of: &'l str,
    },
    /// Any other event.
    Other,
}

/// Why a line has no head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAnEvent {
    /// It is blank, or an event that a newer version writes.
    Passed,
    /// It can't be read, and why.
    Bad(String),
}

/// Reads the head of a line and passes it to `take`.
pub fn read_head<R>(line: &[u8], take: impl FnOnce(&EventHead<'_>) -> R) -> Result<R, NotAnEvent> {
    if let Some(head) = fast_head(line) {
        return Ok(take(&head));
    }
    match parse(line) {
        Line::Event(event) => Ok(take(&EventHead::of(&event))),
        Line::Passed => Err(NotAnEvent::Passed),
        Line::Bad(reason) => Err(NotAnEvent::Bad(reason)),
    }
}

impl<'l> EventHead<'l> {
    /// The head of an event that was parsed.
    pub fn of(event: &'l Event) -> Self {
        let kind = match &event.what {
            What::Offered { .. } => Kind::Offered,
            What::Swapped { .. } => Kind::Swapped,
            What::Done(done) => Kind::Done { category: done.category(), is_amendment: done.amends.is_some() },
            What::Undone { of } => Kind::Undone { of },
            What::Erased | What::Rest { .. } | What::Remembered(_) | What::Renamed { .. } => Kind::Other,
        };
        Self { id: &event.id, written: event.at.map(|at| at.date_naive()), day: event.day, kind }
    }
}

/// Reads the head of a line that has exactly the shape in which we write it; `None` for any other.
///
/// A `done` and an `undone` are read to their end, so they are certainly events. Of an offer and a swap only the
/// beginning is read: the rest of the line may still be invalid, but it can't make the line another kind of event,
/// since a line in which a key occurs twice is not an event at all.
pub fn fast_head(line: &[u8]) -> Option<EventHead<'_>> {
    let Start { id, at, day, word, rest } = start(line)?;
    let kind = match word {
        "offered" if rest.ends_with('}') => Kind::Offered,
        "swapped" if rest.ends_with('}') => Kind::Swapped,
        "undone" => {
            let (of, rest) = plain(rest.strip_prefix(",\"of\":\"")?)?;
            (rest == "}").then_some(Kind::Undone { of })?
        }
        "done" => {
            let done = done(rest)?;
            Kind::Done { category: done.category, is_amendment: done.amends.is_some() }
        }
        _ => return None,
    };
    Some(EventHead { id, written: Some(at.date), day, kind })
}

/// Reads an offer, a swap or a `done` that has exactly the shape in which we write those of gestures: most of what is
/// ever read is one of them.
pub fn fast_event(line: &[u8]) -> Option<Event> {
    let Start { id, at, day, word, rest } = start(line)?;
    let what = match word {
        "offered" => {
            let (prompt, rest) = gesture(rest)?;
            let why = match rest.strip_prefix(",\"why\":") {
                Some(why) => Recorded::new(serde_json::from_str(why.strip_suffix('}')?).ok()?),
                None => (rest == "}").then_some(None)?,
            };
            What::Offered { prompt, why, unseen: false }
        }
        "swapped" => {
            let (prompt, rest) = gesture(rest)?;
            (rest == "}").then_some(What::Swapped { prompt, until: None })?
        }
        "done" => {
            let PlainDone { gesture, category, with, note, amends } = done(rest)?;
            let act = match gesture {
                Some(id) => Act::Prompt(Prompt::Gesture { id: id.into(), category: category.into() }),
                None => Act::Own(category.into()),
            };
            // Nearly always it is one.
            let mut people = Vec::with_capacity(usize::from(with.is_some()));
            people.extend(with.into_iter().flat_map(|names| names.split('"').step_by(2)).map(str::to_owned));
            let (note, amends) = (note.map(str::to_owned), amends.map(Into::into));
            What::Done(Done { act, with: people, note, amends, erased: false })
        }
        _ => return None,
    };
    Some(Event { id: id.into(), at: Some(at.moment()?), day, what })
}

/// What every line begins with, in the shape in which we write it.
struct Start<'l> {
    id: &'l str,
    at: Written,
    day: Day,
    word: &'l str,
    rest: &'l str,
}

fn start(line: &[u8]) -> Option<Start<'_>> {
    // Checked once for the whole line, and not for each of its texts.
    let line = std::str::from_utf8(line).ok()?;
    let (id, rest) = plain(line.strip_prefix("{\"id\":\"")?)?;
    let (at, rest) = Written::new(rest.strip_prefix(",\"at\":\"")?)?;
    let (day, rest) = rest.strip_prefix("\",\"day\":\"")?.split_at_checked(10)?;
    let (word, rest) = plain(rest.strip_prefix("\",\"event\":\"")?)?;
    // An empty id counts as none: the line's own text serves as one.
    (!id.is_empty()).then_some(Start { id, at, day: calendar::parse_iso(day)?, word, rest })
}

/// The gesture that was offered or swapped, and what follows it.
fn gesture(rest: &str) -> Option<(Prompt, &str)> {
    let (id, rest) = plain(rest.strip_prefix(",\"gesture\":\"")?)?;
    let (category, rest) = plain(rest.strip_prefix(",\"category\":\"")?)?;
    Some((Prompt::Gesture { id: id.into(), category: category.into() }, rest))
}

/// The fields of a `done` that is not of a follow-up and was not erased.
struct PlainDone<'l> {
    gesture: Option<&'l str>,
    category: &'l str,
    /// The names, with `","` between them.
    with: Option<&'l str>,
    note: Option<&'l str>,
    amends: Option<&'l str>,
}

/// Reads the fields of a `done`, to the end of the line.
fn done(mut rest: &str) -> Option<PlainDone<'_>> {
    let gesture = field(&mut rest, ",\"gesture\":\"")?;
    let category = field(&mut rest, ",\"category\":\"")??;
    let mut with = None;
    if let Some(names) = rest.strip_prefix(",\"with\":[\"") {
        let mut end = plain(names)?.1;
        while let Some(more) = end.strip_prefix(",\"") {
            end = plain(more)?.1;
        }
        // What is left begins behind the last name's closing quote.
        with = names.get(..names.len() - end.len() - 1);
        rest = end.strip_prefix(']')?;
    }
    let note = field(&mut rest, ",\"note\":\"")?;
    let amends = field(&mut rest, ",\"amends\":\"")?.filter(|first| !first.is_empty());
    (rest == "}").then_some(PlainDone { gesture, category, with, note, amends })
}

/// The text of a field that may be there, which begins with its comma and key; the outer `None` where it is not plain.
#[expect(clippy::option_option, reason = "a field that is not there is not one that can't be read")]
fn field<'l>(rest: &mut &'l str, key: &str) -> Option<Option<&'l str>> {
    let Some(text) = rest.strip_prefix(key) else {
        return Some(None);
    };
    let (text, after) = plain(text)?;
    *rest = after;
    Some(Some(text))
}

/// The text of a JSON string without escapes, given what follows its opening quote; and what follows its closing quote.
fn plain(text: &str) -> Option<(&str, &str)> {
    // Small letters are beyond all of these.
    let end = text.bytes().position(|byte| byte <= b'\\' && matches!(byte, b'"' | b'\\' | 0..0x20))?;
    let (text, rest) = text.split_at(end);
    Some((text, rest.strip_prefix('"')?))
}

/// A moment as we write it: `2026-11-22T08:03:11+01:00`, with or without milliseconds.
struct Written {
    /// The local date.
    date: Day,
    /// Of the local day.
    seconds: u32,
    milliseconds: u32,
    /// East of UTC, in seconds.
    offset: i32,
}

impl Written {
    /// The moment that a text begins with, and what follows it.
    fn new(text: &str) -> Option<(Self, &str)> {
        let (date, rest) = text.split_at_checked(10)?;
        let [b'T', hour @ .., b':', m, minute, b':', s, second] = rest.as_bytes().first_chunk::<9>()? else {
            return None;
        };
        let rest = rest.get(9..)?;
        let (milliseconds, rest) = match rest.strip_prefix('.') {
            Some(rest) => (digits(rest.as_bytes().first_chunk::<3>()?)?, rest.get(3..)?),
            None => (0, rest),
        };
        let [sign @ (b'+' | b'-'), off_hour @ .., b':', o, off_minute] = rest.as_bytes().first_chunk::<6>()? else {
            return None;
        };
        let below = |bound: u32, text: &[u8]| digits(text).filter(|number| *number < bound);
        let seconds = below(24, hour)? * 3600 + below(60, &[*m, *minute])? * 60 + below(60, &[*s, *second])?;
        let offset = below(24, off_hour)? * 3600 + below(60, &[*o, *off_minute])? * 60;
        let offset = i32::try_from(offset).ok()?;
        let offset = if *sign == b'-' { -offset } else { offset };
        Some((Self { date: calendar::parse_iso(date)?, seconds, milliseconds, offset }, rest.get(6..)?))
    }

    fn moment(&self) -> Option<DateTime<FixedOffset>> {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(self.seconds, self.milliseconds * 1_000_000)?;
        self.date.and_time(time).and_local_timezone(FixedOffset::east_opt(self.offset)?).single()
    }
}

/// The bounds of a backward reader, as numbers that can be compared with the dates of a line.
pub struct Bounds {
    earliest: u64,
    from: u64,
}

impl Bounds {
    /// For a reader of the days from `from` on, whose events were not written before `earliest`.
    pub fn new(earliest: Day, from: Day) -> Self {
        // A day that is written otherwise lies outside of the years 1 to 9999: before every line.
        let date = |day: Day| date(day.to_string().as_bytes()).map_or(0, |(date, _)| date);
        Self { earliest: date(earliest), from: date(from) }
    }

    /// Whether a line was written before `earliest`, is of a day before `from`, and takes back nothing. Whoever corrects
    /// an entry stamps the correction later than the entry, so old corrections are of old entries alone. Only as many
    /// bytes are looked at as that takes, since nearly every line that is read is like this.
    pub fn exclude(&self, line: &[u8]) -> bool {
        self.excludes(line).unwrap_or(false)
    }

    fn excludes(&self, line: &[u8]) -> Option<bool> {
        // An id of another length is not one of ours.
        let rest = after(after(line, b"{\"id\":\"")?.get(10..)?, b"\",\"at\":\"")?;
        let (written, rest) = date(rest)?;
        // A moment to the millisecond, or to the second.
        let time = [19, 15].into_iter().find(|length| rest.get(*length) == Some(&b'"'))?;
        let (day, rest) = date(after(&rest[time..], b"\",\"day\":\"")?)?;
        let rest = after(rest, b"\",\"event\":\"")?;
        if written >= self.earliest || day >= self.from || !rest.ends_with(b"}") {
            return None;
        }
        let rest = after(rest, b"offered\",\"")
            .or_else(|| after(rest, b"done\",\""))
            .or_else(|| after(rest, b"swapped\",\""))?;
        // Without a gesture or a category it is not an event.
        after(rest, b"gesture\":\"").or_else(|| after(rest, b"category\":\"")).map(|_| true)
    }
}

/// What follows bytes that a line has to go on with; as an array they are compared in a step or two.
#[inline]
fn after<'l, const N: usize>(line: &'l [u8], expected: &[u8; N]) -> Option<&'l [u8]> {
    let (found, rest) = line.split_first_chunk::<N>()?;
    (found == expected).then_some(rest)
}

/// The digits of a date in the bytes of one number, in the order of dates; and what follows its ten bytes.
#[inline]
fn date(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (date, rest) = bytes.split_first_chunk::<10>()?;
    // All eight at once: a digit is 0x30 to 0x39, so with 6 added it still begins with a 3.
    let digits = u64::from_be_bytes([0, 1, 2, 3, 5, 6, 8, 9].map(|at: usize| date[at]));
    let begin_with_three = |bytes: u64| bytes & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030;
    let is_date =
        [date[4], date[7]] == *b"--" && begin_with_three(digits) && begin_with_three(digits + 0x0606_0606_0606_0606);
    is_date.then_some((digits, rest))
}
