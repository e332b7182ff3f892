//! Which lines of a long file need a closer look, found without keeping the lines.
//!
//! A file that is too long to hold is read twice. The first time each id is kept as a number of eight
//! bytes, and the ids that stand twice, or that an `undone` names, are in doubt. The second time what is
//! in doubt is set aside, to be judged by the rules of a [`Log`](super::Log), and all the rest counts as
//! it stands. Two ids that share a number are both in doubt, so chance costs a look and no mistake.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Line, What, parse};
use crate::calendar::{self, Day};

/// The ids of the lines seen so far.
#[derive(Debug, Default)]
pub struct Ids {
    seen: Vec<u64>,
    undone: Vec<u64>,
}

impl Ids {
    /// Takes in a line, without its newline.
    pub fn take(&mut self, line: &[u8]) {
        let _ = look(line, |glance| {
            self.seen.push(number(glance.id));
            if let Seen::Undone(of) = glance.what {
                self.undone.push(number(of));
            }
        });
    }

    /// The ids in doubt among those of all parts of a file.
    pub fn doubt(parts: Vec<Self>) -> Doubt {
        let mut seen = Vec::with_capacity(parts.iter().map(|part| part.seen.len()).sum());
        let mut doubt = Vec::new();
        for part in parts {
            seen.extend(part.seen);
            doubt.extend(part.undone);
        }
        seen.sort_unstable();
        doubt.extend(seen.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]));
        doubt.sort_unstable();
        doubt.dedup();
        Doubt(doubt)
    }
}

/// The ids that stand twice or are named by an `undone`, and a few that look like them.
#[derive(Debug, Default)]
pub struct Doubt(Vec<u64>);

impl Doubt {
    /// Whether the rest of the file decides what the event is worth. Each `undone` is needed to tell.
    pub fn covers(&self, glance: &Glance<'_>) -> bool {
        matches!(glance.what, Seen::Undone(_)) || self.0.binary_search(&number(glance.id)).is_ok()
    }
}

/// What an id is known by until it is in doubt.
pub fn number(id: &str) -> u64 {
    // Tests get by with eight numbers, so that ids share them all the time.
    const NUMBERS: u64 = if cfg!(test) { 8 } else { u64::MAX };
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish() % NUMBERS
}

/// As much of an event as deciding and counting need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance<'l> {
    pub id: &'l str,
    pub what: Seen<'l>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen<'l> {
    /// A day and a category.
    Done(Day, &'l str),
    /// The id of what was taken back.
    Undone(&'l str),
    /// An offer, or anything else that is not counted.
    Other,
}

/// What a line is, at a glance where its shape allows that, else parsed. The error of a line that is no
/// event is its reason; it is empty where there is none to give.
pub fn look<R>(line: &[u8], take: impl FnOnce(&Glance<'_>) -> R) -> Result<R, String> {
    match glance(line) {
        Some(glance) => Ok(take(&glance)),
        None => parsed(line, take),
    }
}

/// The same, where it matters that an offer is an event too: it may stand for its id.
pub fn look_closely<R>(line: &[u8], take: impl FnOnce(&Glance<'_>) -> R) -> Result<R, String> {
    match glance(line) {
        Some(glance) if glance.what != Seen::Other => Ok(take(&glance)),
        _ => parsed(line, take),
    }
}

fn parsed<R>(line: &[u8], take: impl FnOnce(&Glance<'_>) -> R) -> Result<R, String> {
    let event = match parse(line) {
        Line::Event(event) => event,
        Line::Passed => return Err(String::new()),
        Line::Bad(reason) => return Err(reason),
    };
    let what = match &event.what {
        What::Done(done) => Seen::Done(event.day, &done.category),
        What::Undone { of } => Seen::Undone(of),
        What::Offered { .. } | What::Swapped { .. } | What::Rest { .. } => Seen::Other,
    };
    Ok(take(&Glance { id: &event.id, what }))
}

/// Reads a line that has the very shape in which we write it; `None` for any other.
///
/// A completion and what takes one back are read to their ends, so that they are events for certain. Of an
/// offer only the beginning is: the line may still be no event, but it is nothing else either, since a key
/// that stands twice makes a line no event at all.
pub fn glance(line: &[u8]) -> Option<Glance<'_>> {
    let (id, rest) = plain(line.strip_prefix(b"{\"id\":\"")?)?;
    let (_, rest) = plain(rest.strip_prefix(b",\"at\":\"")?)?;
    let (day, rest) = plain(rest.strip_prefix(b",\"day\":\"")?)?;
    let (word, mut rest) = plain(rest.strip_prefix(b",\"event\":\"")?)?;
    match word {
        "offered" | "swapped" => return rest.ends_with(b"}").then_some(Glance { id, what: Seen::Other }),
        "undone" => {
            let (of, rest) = plain(rest.strip_prefix(b",\"of\":\"")?)?;
            calendar::parse_iso(day)?;
            return (rest == b"}").then_some(Glance { id, what: Seen::Undone(of) });
        }
        "done" => {}
        _ => return None,
    }
    if let Some(gesture) = rest.strip_prefix(b",\"gesture\":\"") {
        rest = plain(gesture)?.1;
    }
    let (category, mut rest) = plain(rest.strip_prefix(b",\"category\":\"")?)?;
    if let Some(with) = rest.strip_prefix(b",\"with\":[\"") {
        rest = plain(with)?.1;
        while let Some(more) = rest.strip_prefix(b",\"") {
            rest = plain(more)?.1;
        }
        rest = rest.strip_prefix(b"]")?;
    }
    if let Some(note) = rest.strip_prefix(b",\"note\":\"") {
        rest = plain(note)?.1;
    }
    (rest == b"}").then_some(())?;
    Some(Glance { id, what: Seen::Done(calendar::parse_iso(day)?, category) })
}

/// A JSON string without an escape in it, from behind its first quote, and what comes behind its last.
fn plain(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'"', bytes)?;
    bytes[..end].iter().all(|byte| !matches!(byte, b'\\' | ..0x20)).then_some(())?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}
