//! Gestures as lines of one text: how the build script writes the built-in ones, and how they are read where they are
//! asked for. As a table they would be thousands of addresses, each set at every start.

use std::borrow::Cow::{Borrowed, Owned};

use super::{Fit, Gesture, Often, Place, Sense, Text};
use crate::ids::{CategoryId, GestureId};

/// A gesture as a line, without its newline. Each text has its length before it, in three digits, so that nothing has to be
/// looked for; what can be counted stands in one of them, a digit each.
#[allow(dead_code, reason = "the build script packs")]
pub fn pack(gesture: &Gesture) -> String {
    let Gesture { id, category, when, action, say, places, seconds, level, often, evidence, fit, needs, instead } =
        gesture;
    let counted = [
        level.to_string(),
        often.map_or(NONE.to_owned(), |often| digit(Often::WORDS, &often)),
        fit.map_or(NONE.to_owned(), |fit| digit(Fit::WORDS, &fit)),
        seconds.map_or(NONE.repeat(2), |seconds| format!("{seconds:02}")),
        say.len().to_string(),
        evidence.len().to_string(),
        needs.len().to_string(),
        needs.iter().map(|sense| digit(Sense::WORDS, sense)).collect(),
        places.iter().map(|place| digit(Place::WORDS, place)).collect(),
    ];
    let counted = counted.concat();
    let optional = |text: &'_ Option<Text>| text.as_deref().unwrap_or_default().to_owned();
    let texts = [id.to_string(), counted, category.to_string(), optional(when), action.to_string(), optional(instead)];
    let texts = texts.iter().map(AsRef::as_ref).chain(say.iter().chain(evidence.iter()).map(AsRef::as_ref));
    texts.fold(String::new(), |line, text: &str| line + &format!("{:03}{text}", text.len()))
}

/// The gesture of a line; `None` for a line that is none.
pub fn unpack(line: &'static str) -> Option<Gesture> {
    let mut rest = line;
    let mut next = || {
        let (text, after) = first(rest)?;
        rest = after;
        Some(text)
    };
    let (id, counted) = (next()?, next()?);
    let (&[level, often, fit, tens, ones, says, cited, needs], lists) = counted.as_bytes().split_first_chunk::<8>()?;
    let (needs, places) = lists.split_at_checked(usize::from(number(needs)?))?;
    let (category, when, action, instead) = (next()?, next()?, next()?, next()?);
    let text = |text: &'static str| Some(text).filter(|text| !text.is_empty()).map(Borrowed);
    let mut texts = |count: u8| match number(count)? {
        0 => Some(Borrowed(&[][..])),
        count => (0..count).map(|_| next().map(Borrowed)).collect::<Option<_>>().map(Owned),
    };
    Some(Gesture {
        id: GestureId::new_static(id),
        category: CategoryId::new_static(category),
        when: text(when),
        action: Borrowed(action),
        say: texts(says)?,
        places: places.iter().filter_map(|digit| meant(Place::WORDS, *digit)).collect(),
        seconds: number(tens).zip(number(ones)).map(|(tens, ones)| tens * 10 + ones),
        level: number(level)?,
        often: meant(Often::WORDS, often),
        evidence: texts(cited)?,
        fit: meant(Fit::WORDS, fit),
        needs: needs.iter().filter_map(|digit| meant(Sense::WORDS, *digit)).collect(),
        instead: text(instead),
    })
}

/// The gestures of a list as one text, a line each, which begins with its number.
#[allow(dead_code, reason = "the build script packs")]
pub fn pack_all(gestures: &[Gesture]) -> String {
    let numbered = gestures.iter().enumerate();
    let lines: Vec<String> = numbered.map(|(number, gesture)| format!("{number:03}{}", pack(gesture))).collect();
    lines.join("\n")
}

/// The gestures of a text.
pub fn unpack_all(text: &'static str) -> Vec<Gesture> {
    text.lines().filter_map(|line| unpack(line.get(3..)?)).collect()
}

/// The gesture with this id: its number, and its line without it.
pub fn find(text: &'static str, id: &str) -> Option<(usize, &'static str)> {
    let begins = format!("{:03}{id}", id.len());
    memchr::memmem::find_iter(text.as_bytes(), &begins).find_map(|at| {
        let number = text.get(at.checked_sub(3)?..at)?;
        let is_line = at == 3 || text.as_bytes()[at - 4] == b'\n';
        let line = text.get(at..)?.lines().next()?;
        Some((number.parse().ok()?, line)).filter(|_| is_line)
    })
}

/// The text that a line begins with, and what follows it.
fn first(line: &str) -> Option<(&str, &str)> {
    let (length, rest) = line.split_at_checked(3)?;
    let length = length.bytes().try_fold(0, |length, digit| Some(length * 10 + usize::from(number(digit)?)))?;
    rest.split_at_checked(length)
}

/// What stands for a value that is not there.
const NONE: &str = "-";

fn number(digit: u8) -> Option<u8> {
    digit.is_ascii_digit().then(|| digit - b'0')
}

/// The place of a value among the words for its kind.
fn digit<T: PartialEq>(words: &[(&str, T)], value: &T) -> String {
    words.iter().position(|(_, known)| known == value).map_or(NONE.to_owned(), |at| at.to_string())
}

fn meant<T: Copy>(words: &[(&str, T)], digit: u8) -> Option<T> {
    words.get(usize::from(number(digit)?)).map(|(_, meant)| *meant)
}
