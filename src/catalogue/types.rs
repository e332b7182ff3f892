//! What a catalogue is made of: categories, gestures, findings, and the words for their fields.
//!
//! The build script turns the built-in catalogue into static data of these types, which is why texts are `Cow`s.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::ids::{CategoryId, GestureId};
use crate::toml_reader::Problem;

pub type Text = Cow<'static, str>;
pub type List<T> = Cow<'static, [T]>;

/// Where a gesture can be made. `Out` is among people whom one happens to meet, `Remote` a call, `Text` a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Home,
    Work,
    Out,
    Remote,
    Text,
}

impl Place {
    pub const ALL: &'static [Self] = &[Self::Home, Self::Work, Self::Out, Self::Remote, Self::Text];
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("home", Self::Home),
        ("work", Self::Work),
        ("out", Self::Out),
        ("remote", Self::Remote),
        ("text", Self::Text),
    ];

    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// What a gesture may need of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sense {
    Sight,
    Hearing,
    Speech,
    Touch,
}

impl Sense {
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("sight", Self::Sight), ("hearing", Self::Hearing), ("speech", Self::Speech), ("touch", Self::Touch)];

    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// How often the cue of a gesture comes in most lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Often {
    Daily,
    Weekly,
    Monthly,
    Rarely,
}

impl Often {
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("daily", Self::Daily), ("weekly", Self::Weekly), ("monthly", Self::Monthly), ("rarely", Self::Rarely)];

    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// How closely the cited findings match the act itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    Near,
    Hunch,
}

impl Fit {
    pub const WORDS: &'static [(&'static str, Self)] = &[("near", Self::Near), ("hunch", Self::Hunch)];

    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// A: meta-analysis or replicated experiments. B: one good set of experiments or a longitudinal study.
/// C: correlational, small, disputed or theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Grade {
    A,
    B,
    C,
}

impl Grade {
    pub const WORDS: &'static [(&'static str, Self)] = &[("A", Self::A), ("B", Self::B), ("C", Self::C)];

    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

fn word_of<T: Copy + PartialEq>(words: &'static [(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    pub id: CategoryId,
    pub name: Text,
    pub about: Option<Text>,
}

/// One gesture. Its JSON is what a prompt shows of it; what only the catalogue shows is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gesture {
    pub id: GestureId,
    pub category: CategoryId,
    /// The cue, printed after the word "When".
    pub when: Option<Text>,
    /// The one action; `do` in the file.
    #[serde(rename = "do")]
    pub action: Text,
    pub say: List<Text>,
    #[serde(rename = "where")]
    pub places: List<Place>,
    pub seconds: Option<u8>,
    /// 1 easy, 2 takes some nerve, 3 tender.
    pub level: u8,
    /// Not shown: it holds that an easy gesture is not one that waits for months.
    #[serde(skip)]
    pub often: Option<Often>,
    /// Keys of findings; none where no study is known that is about this act or one beside it.
    pub evidence: List<Text>,
    pub fit: Option<Fit>,
    #[serde(skip)]
    pub needs: List<Sense>,
    /// Another way to do it, for those who go without what it needs.
    #[serde(skip)]
    pub instead: Option<Text>,
}

impl Gesture {
    /// The gesture as someone `without` these senses can do it: as it is, by its other way
    /// (whose words are its own, so the phrases go), or not at all.
    pub fn for_those_without(&self, without: &[Sense]) -> Option<Cow<'_, Self>> {
        if !self.needs.iter().any(|sense| without.contains(sense)) {
            return Some(Cow::Borrowed(self));
        }
        let instead = self.instead.clone()?;
        Some(Cow::Owned(Self { action: instead, say: List::Borrowed(&[]), ..self.clone() }))
    }
}

/// A finding that a gesture cites.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub key: Text,
    pub claim: Text,
    pub source: Text,
    pub year: u16,
    pub doi: Option<Text>,
    pub grade: Grade,
    pub caution: Option<Text>,
    /// The gestures whose acts it is about: of the built-in ones no other may cite it. Not shown.
    #[serde(skip)]
    pub acts: List<GestureId>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    pub categories: List<Category>,
    pub gestures: List<Gesture>,
    pub evidence: List<Finding>,
    /// Ids of built-in gestures that are no more: journals and `hidden` lists may name them, and no gesture is
    /// given one again.
    pub retired: List<GestureId>,
    /// Ids of gestures that the user does not want to see; some may be of gestures that are no more.
    pub hidden: BTreeSet<GestureId>,
    /// What is odd in the user's own file and does not make it wrong.
    pub warnings: Vec<Problem>,
    /// The user's own file could not be read, so that a gesture which is not here may not be gone.
    pub is_partial: bool,
}

impl Catalogue {
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }

    pub fn gesture(&self, id: &str) -> Option<&Gesture> {
        self.gestures.iter().find(|gesture| gesture.id == *id)
    }

    /// Whether the built-in catalogue once had a gesture of this id, and none has it now.
    pub fn is_retired(&self, id: &str) -> bool {
        self.gesture(id).is_none() && self.retired.iter().any(|retired| *retired == *id)
    }

    /// Where each category stands, by its id.
    pub fn places(&self) -> BTreeMap<&str, usize> {
        self.categories.iter().enumerate().map(|(place, category)| (category.id.as_ref(), place)).collect()
    }

    /// The findings that a gesture cites.
    pub fn findings(&self, gesture: &Gesture) -> impl Iterator<Item = &Finding> {
        gesture.evidence.iter().filter_map(|key| self.evidence.iter().find(|finding| finding.key == *key))
    }

    pub fn is_hidden(&self, id: &str) -> bool {
        self.hidden.contains(id)
    }

    /// The gestures that are not hidden.
    pub fn enabled(&self) -> impl Iterator<Item = &Gesture> {
        self.gestures.iter().filter(|gesture| !self.is_hidden(&gesture.id))
    }
}
