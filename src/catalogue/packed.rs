//! Gestures as lines of one text: how the build script writes the built-in ones, and how they are read where they are
//! asked for. As a table they would be thousands of addresses, each set at every start.

use std::borrow::Cow::Borrowed;

use super::{Fit, Gesture, Often, Place, Sense, Text};
use crate::ids::{CategoryId, GestureId};

/// Between the fields of a gesture.
const FIELD: char = '\u{1F}';
/// Between the items of a list.
const ITEM: char = '\u{1E}';

/// A gesture as a line, without its newline.
#[allow(dead_code, reason = "the build script packs")]
pub fn pack(gesture: &Gesture) -> String {
    let Gesture { id, category, when, action, say, places, seconds, level, often, evidence, fit, needs, instead } =
        gesture;
    let item = ITEM.to_string();
    let words = |words: Vec<&str>| words.join(&item);
    let texts = |texts: &[Text]| texts.join(&item);
    [
        id.0.to_string(),
        category.0.to_string(),
        when.as_deref().unwrap_or_default().to_owned(),
        action.to_string(),
        texts(say),
        words(places.iter().map(|place| place.word()).collect()),
        seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        level.to_string(),
        often.map(Often::word).unwrap_or_default().to_owned(),
        texts(evidence),
        fit.map(Fit::word).unwrap_or_default().to_owned(),
        words(needs.iter().map(|sense| sense.word()).collect()),
        instead.as_deref().unwrap_or_default().to_owned(),
    ]
    .join(&FIELD.to_string())
}

/// The gesture of a line; `None` for a line that is none.
pub fn unpack(line: &'static str) -> Option<Gesture> {
    let mut fields = line.split(FIELD);
    let mut next = || fields.next();
    let text = |text: &'static str| Some(text).filter(|text| !text.is_empty()).map(Borrowed);
    let texts =
        |list: &'static str| if list.is_empty() { Vec::new() } else { list.split(ITEM).map(Borrowed).collect() };
    Some(Gesture {
        id: GestureId(Borrowed(next()?)),
        category: CategoryId(Borrowed(next()?)),
        when: text(next()?),
        action: Borrowed(next()?),
        say: texts(next()?).into(),
        places: next()?.split(ITEM).filter_map(|word| meant(Place::WORDS, word)).collect(),
        seconds: next()?.parse().ok(),
        level: next()?.parse().ok()?,
        often: meant(Often::WORDS, next()?),
        evidence: texts(next()?).into(),
        fit: meant(Fit::WORDS, next()?),
        needs: next()?.split(ITEM).filter_map(|word| meant(Sense::WORDS, word)).collect(),
        instead: text(next()?),
    })
}

/// The place in the text of the gesture with this id: the number of its line, and the line.
pub fn find(text: &'static str, id: &str) -> Option<(usize, &'static str)> {
    let is_it = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.starts_with(FIELD));
    text.lines().enumerate().find(|(_, line)| is_it(line))
}

fn meant<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, meant)| *meant)
}
