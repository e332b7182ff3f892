//! Gestures as lines of one text: how the build script writes the built-in ones, and how they are read where they are
//! asked for. As a table they would be thousands of addresses, each set at every start.

use std::borrow::Cow::{Borrowed, Owned};

use super::{Fit, Gesture, Often, Place, Sense, Text};
use crate::ids::{CategoryId, GestureId};

/// Between the fields of a gesture.
const FIELD: char = '\u{1F}';
/// Between the items of a list.
const ITEM: char = '\u{1E}';

/// A gesture as a line, without its newline: its texts, then what can be counted, a digit each.
#[allow(dead_code, reason = "the build script packs")]
pub fn pack(gesture: &Gesture) -> String {
    let Gesture { id, category, when, action, say, places, seconds, level, often, evidence, fit, needs, instead } =
        gesture;
    let texts = |texts: &[Text]| texts.join(&ITEM.to_string());
    let counted = [
        level.to_string(),
        often.map_or(NONE.to_string(), |often| digit(Often::WORDS, often)),
        fit.map_or(NONE.to_string(), |fit| digit(Fit::WORDS, fit)),
        seconds.map_or(NONE.to_string().repeat(2), |seconds| format!("{seconds:02}")),
        needs.len().to_string(),
        needs.iter().map(|sense| digit(Sense::WORDS, *sense)).collect(),
        places.iter().map(|place| digit(Place::WORDS, *place)).collect(),
    ];
    [
        id.0.to_string(),
        category.0.to_string(),
        when.as_deref().unwrap_or_default().to_owned(),
        action.to_string(),
        texts(say),
        texts(evidence),
        instead.as_deref().unwrap_or_default().to_owned(),
        counted.concat(),
    ]
    .join(&FIELD.to_string())
}

/// The gesture of a line; `None` for a line that is none.
pub fn unpack(line: &'static str) -> Option<Gesture> {
    let mut fields = line.split(FIELD);
    let mut next = || fields.next();
    let text = |text: &'static str| Some(text).filter(|text| !text.is_empty()).map(Borrowed);
    let texts = |list: &'static str| match list {
        "" => Borrowed(&[][..]),
        list => Owned(list.split(ITEM).map(Borrowed).collect()),
    };
    let [id, category, when, action] = [next()?, next()?, next()?, next()?];
    let [say, evidence, instead, counted] = [next()?, next()?, next()?, next()?];
    let (&[level, often, fit, tens, ones, needs], lists) = counted.as_bytes().split_first_chunk::<6>()?;
    let (needs, places) = lists.split_at_checked(usize::from(number(needs)?))?;
    let needs = needs.iter().filter_map(|digit| meant(Sense::WORDS, *digit));
    Some(Gesture {
        id: GestureId(Borrowed(id)),
        category: CategoryId(Borrowed(category)),
        when: text(when),
        action: Borrowed(action),
        say: texts(say),
        places: places.iter().filter_map(|digit| meant(Place::WORDS, *digit)).collect(),
        seconds: number(tens).zip(number(ones)).map(|(tens, ones)| tens * 10 + ones),
        level: number(level)?,
        often: meant(Often::WORDS, often),
        evidence: texts(evidence),
        fit: meant(Fit::WORDS, fit),
        needs: needs.collect(),
        instead: text(instead),
    })
}

/// The place in the text of the gesture with this id: the number of its line, and the line.
pub fn find(text: &'static str, id: &str) -> Option<(usize, &'static str)> {
    let is_it = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.starts_with(FIELD));
    text.lines().enumerate().find(|(_, line)| is_it(line))
}

/// What stands for a value that is not there.
const NONE: char = '-';

fn number(digit: u8) -> Option<u8> {
    digit.is_ascii_digit().then(|| digit - b'0')
}

/// The place of a value among the words for its kind.
fn digit<T: PartialEq>(words: &[(&str, T)], value: T) -> String {
    words.iter().position(|(_, known)| *known == value).map_or(NONE.to_string(), |at| at.to_string())
}

fn meant<T: Copy>(words: &[(&str, T)], digit: u8) -> Option<T> {
    words.get(usize::from(number(digit)?)).map(|(_, meant)| *meant)
}
