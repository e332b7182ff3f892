//! The part of an event that reading backward, counting and settling need. It is read without parsing JSON if the line
//! has exactly the shape in which we write it; a `done` of that shape is read whole.

use chrono::DateTime;

use super::{Act, Done, Event, Line, Prompt, What, parse};
use crate::calendar::{self, Day};

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
        "offered" if rest.ends_with(b"}") => Kind::Offered,
        "swapped" if rest.ends_with(b"}") => Kind::Swapped,
        "undone" => {
            let (of, rest) = plain(rest.strip_prefix(b",\"of\":\"")?)?;
            (rest == b"}").then_some(Kind::Undone { of })?
        }
        "done" => {
            let done = done(rest)?;
            Kind::Done { category: done.category, is_amendment: done.amends.is_some() }
        }
        _ => return None,
    };
    Some(EventHead { id, written: Some(date_of(at)?), day, kind })
}

/// Reads a `done` that has exactly the shape in which we write it: most of what is ever read is one of them.
pub fn fast_done(line: &[u8]) -> Option<Event> {
    let Start { id, at, day, word: "done", rest } = start(line)? else {
        return None;
    };
    let PlainDone { gesture, category, with, note, amends } = done(rest)?;
    date_of(at)?;
    let act = match gesture {
        Some(id) => Act::Prompt(Prompt::Gesture { id: id.into(), category: category.into() }),
        None => Act::Own(category.into()),
    };
    let with = with.map(|names| names.split("\",\"").map(str::to_owned).collect()).unwrap_or_default();
    let what =
        What::Done(Done { act, with, note: note.map(str::to_owned), amends: amends.map(Into::into), erased: false });
    Some(Event { id: id.into(), at: Some(DateTime::parse_from_rfc3339(at).ok()?), day, what })
}

/// What every line begins with, in the shape in which we write it.
struct Start<'l> {
    id: &'l str,
    at: &'l str,
    day: Day,
    word: &'l str,
    rest: &'l [u8],
}

fn start(line: &[u8]) -> Option<Start<'_>> {
    let (id, rest) = plain(line.strip_prefix(b"{\"id\":\"")?)?;
    let (at, rest) = plain(rest.strip_prefix(b",\"at\":\"")?)?;
    let (day, rest) = plain(rest.strip_prefix(b",\"day\":\"")?)?;
    let (word, rest) = plain(rest.strip_prefix(b",\"event\":\"")?)?;
    // An empty id counts as none: the line's own text serves as one.
    (!id.is_empty()).then_some(Start { id, at, day: calendar::parse_iso(day)?, word, rest })
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
fn done(mut rest: &[u8]) -> Option<PlainDone<'_>> {
    let gesture = field(&mut rest, b",\"gesture\":\"")?;
    let category = field(&mut rest, b",\"category\":\"")??;
    let mut with = None;
    if let Some(names) = rest.strip_prefix(b",\"with\":[\"") {
        let mut end = plain(names)?.1;
        while let Some(more) = end.strip_prefix(b",\"") {
            end = plain(more)?.1;
        }
        // Each name is text, and so is what stands between them.
        with = Some(std::str::from_utf8(&names[..names.len() - end.len() - 1]).ok()?);
        rest = end.strip_prefix(b"]")?;
    }
    let note = field(&mut rest, b",\"note\":\"")?;
    let amends = field(&mut rest, b",\"amends\":\"")?.filter(|first| !first.is_empty());
    (rest == b"}").then_some(PlainDone { gesture, category, with, note, amends })
}

/// The text of a field that may be there, which begins with its comma and key; the outer `None` where it is not plain.
#[expect(clippy::option_option, reason = "a field that is not there is not one that can't be read")]
fn field<'l>(rest: &mut &'l [u8], key: &[u8]) -> Option<Option<&'l str>> {
    let Some(text) = rest.strip_prefix(key) else {
        return Some(None);
    };
    let (text, after) = plain(text)?;
    *rest = after;
    Some(Some(text))
}

/// The date of a moment written as we write it: `2026-11-22T08:03:11+01:00`, with or without milliseconds.
fn date_of(at: &str) -> Option<Day> {
    let (date, time) = at.split_at_checked(10)?;
    let [b'T', hour @ .., b':', _, _, b':', _, _] = time.as_bytes().get(..9)? else {
        return None;
    };
    let time = time.as_bytes();
    let (minute, second) = (&time[4..6], &time[7..9]);
    let offset = match &time[9..] {
        [b'.', millis @ .., _, _, _, b':', _, _] if millis.iter().all(u8::is_ascii_digit) && millis.len() == 3 => {
            &time[13..]
        }
        whole => whole,
    };
    let [b'+' | b'-', off_hour @ .., b':', _, _] = offset else {
        return None;
    };
    let sound = is_below(hour, *b"24")
        && is_below(minute, *b"60")
        && is_below(second, *b"60")
        && is_below(off_hour, *b"24")
        && is_below(&offset[4..], *b"60");
    if sound { calendar::parse_iso(date) } else { None }
}

/// Whether these are two digits whose number is below the bound.
fn is_below(digits: &[u8], bound: [u8; 2]) -> bool {
    digits.len() == 2 && digits.iter().all(u8::is_ascii_digit) && *digits < bound[..]
}

/// The text of a JSON string without escapes, given what follows its opening quote; and what follows its closing quote.
fn plain(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'"', bytes)?;
    // Without an early exit, so that the compiler can check many bytes in one step.
    let odd = bytes[..end].iter().map(|byte| usize::from(*byte < 0x20 || *byte == b'\\')).sum::<usize>();
    (odd == 0).then_some(())?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
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
        let rest = line.strip_prefix(b"{\"id\":\"")?.get(10..)?.strip_prefix(b"\",\"at\":\"")?;
        let (written, rest) = date(rest)?;
        // A moment to the millisecond, or to the second.
        let time = [19, 15].into_iter().find(|length| rest.get(*length) == Some(&b'"'))?;
        let (day, rest) = date(rest[time..].strip_prefix(b"\",\"day\":\"")?)?;
        let rest = rest.strip_prefix(b"\",\"event\":\"")?;
        if written >= self.earliest || day >= self.from || !rest.ends_with(b"}") {
            return None;
        }
        let rest = rest
            .strip_prefix(b"offered\",\"")
            .or_else(|| rest.strip_prefix(b"done\",\""))
            .or_else(|| rest.strip_prefix(b"swapped\",\""))?;
        // Without a gesture or a category it is not an event.
        Some(rest.starts_with(b"gesture\":\"") || rest.starts_with(b"category\":\""))
    }
}

/// The digits of a date in the bytes of one number, in the order of dates; and what follows its ten bytes.
fn date(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (date, rest) = bytes.split_first_chunk::<10>()?;
    // All eight at once: a digit is 0x30 to 0x39, so with 6 added it still begins with a 3.
    let digits = u64::from_be_bytes([0, 1, 2, 3, 5, 6, 8, 9].map(|at: usize| date[at]));
    let begin_with_three = |bytes: u64| bytes & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030;
    let is_date =
        [date[4], date[7]] == *b"--" && begin_with_three(digits) && begin_with_three(digits + 0x0606_0606_0606_0606);
    is_date.then_some((digits, rest))
}
