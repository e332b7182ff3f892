//! What a catalogue is made of: categories, gestures, findings, and the words for their fields.
//!
//! The build script turns the built-in catalogue into static data of these types, which is why texts are `Cow`s.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::OnceLock;

use serde::Serialize;

use super::packed;
use crate::ids::{CategoryId, GestureId};
use crate::toml_reader::Problem;

/// A text: borrowed from the built-in catalogue, or owned by the user's file.
pub type Text = Cow<'static, str>;
/// A list, borrowed or owned as a [`Text`] is.
pub type List<T> = Cow<'static, [T]>;

/// Where a gesture can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// At home, with the people one lives with.
    Home,
    /// Where one works or studies, face to face.
    Work,
    /// Out and about, among people one happens to meet.
    Out,
    /// On a call.
    Remote,
    /// In a message.
    Text,
}

impl Place {
    /// Every place, in the order of the enum.
    pub const ALL: &'static [Self] = &[Self::Home, Self::Work, Self::Out, Self::Remote, Self::Text];
    /// The word for each place in a catalogue file and in `config.toml`.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("home", Self::Home),
        ("work", Self::Work),
        ("out", Self::Out),
        ("remote", Self::Remote),
        ("text", Self::Text),
    ];

    /// Its word in a file.
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// A sense or ability that a gesture may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sense {
    /// Seeing.
    Sight,
    /// Hearing.
    Hearing,
    /// Speaking aloud.
    Speech,
    /// Touching, or being touched.
    Touch,
}

impl Sense {
    /// The word for each sense in a catalogue file and in `config.toml`.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("sight", Self::Sight), ("hearing", Self::Hearing), ("speech", Self::Speech), ("touch", Self::Touch)];

    /// Its word in a file.
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// How often the cue of a gesture comes in most lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Often {
    /// On most days.
    Daily,
    /// About once a week.
    Weekly,
    /// About once a month.
    Monthly,
    /// Less than once a month, so that an easy gesture must not wait for it.
    Rarely,
}

impl Often {
    /// The word for each frequency in a catalogue file.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("daily", Self::Daily), ("weekly", Self::Weekly), ("monthly", Self::Monthly), ("rarely", Self::Rarely)];

    /// Its word in a file.
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// How closely the cited findings match the act itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The study looked at nearly this act.
    Near,
    /// The study looked at something like this act: that the finding carries over is a guess.
    Hunch,
}

impl Fit {
    /// The word for each fit in a catalogue file.
    pub const WORDS: &'static [(&'static str, Self)] = &[("near", Self::Near), ("hunch", Self::Hunch)];

    /// Its word in a file.
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

/// How strong a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Grade {
    /// A meta-analysis, or experiments that were replicated.
    A,
    /// One good set of experiments, or a longitudinal study.
    B,
    /// A correlation, a small or disputed study, or a theory.
    C,
}

impl Grade {
    /// The letter for each grade in a catalogue file.
    pub const WORDS: &'static [(&'static str, Self)] = &[("A", Self::A), ("B", Self::B), ("C", Self::C)];

    /// Its letter in a file.
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, self)
    }
}

fn word_of<T: Copy + PartialEq>(words: &'static [(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

/// A kind of gesture, such as `tone`; each day's prompt comes from one.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Its id, by which gestures, the config and the journal refer to it.
    pub id: CategoryId,
    /// Its name in a sentence: "turning toward".
    pub name: Text,
    /// What it is, in one sentence.
    pub about: Option<Text>,
}

/// One gesture. Its JSON is what a prompt shows of it; what only the catalogue shows is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gesture {
    /// Its id, unique in the catalogue.
    pub id: GestureId,
    /// The category that it belongs to.
    pub category: CategoryId,
    /// The cue, printed after the word "When".
    pub when: Option<Text>,
    /// The one action; `do` in the file.
    #[serde(rename = "do")]
    pub action: Text,
    /// Phrases one could say with it, at most two.
    pub say: List<Text>,
    /// Where it can be made; every place if the file names none.
    #[serde(rename = "where")]
    pub places: List<Place>,
    /// How long it takes, in seconds: 5 to 60.
    pub seconds: Option<u8>,
    /// How hard it is: 1 is easy, 2 takes some nerve, 3 is tender.
    pub level: u8,
    /// How often its cue comes. Not shown; the schema uses it to refuse an easy gesture that could wait for months.
    #[serde(skip)]
    pub often: Option<Often>,
    /// Keys of the findings it cites; empty if no known study is about this act or one close to it.
    pub evidence: List<Text>,
    /// How closely those findings match the act; `None` without evidence.
    pub fit: Option<Fit>,
    /// What it needs, so that it can be left out or done another way.
    #[serde(skip)]
    pub needs: List<Sense>,
    /// Another way to do it, for those who do without what it needs.
    #[serde(skip)]
    pub instead: Option<Text>,
}

impl Gesture {
    /// The gesture as someone `without` these senses can do it: as it is, the other way (which has its own words, so
    /// the phrases are dropped), or not at all.
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
    /// Its key, by which gestures cite it: `carrere1999`.
    pub key: Text,
    /// What was found, in a sentence or two.
    pub claim: Text,
    /// The authors and the journal.
    pub source: Text,
    /// The year of publication.
    pub year: u16,
    /// Its DOI, without a resolver's address.
    pub doi: Option<Text>,
    /// How strong it is.
    pub grade: Grade,
    /// What to bear in mind when reading it.
    pub caution: Option<Text>,
    /// The gestures whose acts it is about; no other built-in gesture may cite it. Not shown.
    #[serde(skip)]
    pub acts: List<GestureId>,
}

/// The gestures of a catalogue, in their order. Of the built-in ones only those are read that are asked for by their id,
/// until somebody looks at all of them.
#[derive(Clone, Debug, Default)]
pub struct Gestures {
    built_in: Option<BuiltIn>,
    all: OnceCell<Vec<Gesture>>,
}

/// The built-in gestures as text, and those that were read so far, each in the place of its line.
#[derive(Clone, Copy, Debug)]
struct BuiltIn {
    text: &'static str,
    known: &'static [OnceLock<Box<Gesture>>],
}

impl Gestures {
    /// Those of a text that the build script wrote, each of which has a place among those `known`.
    pub const fn built_in(text: &'static str, known: &'static [OnceLock<Box<Gesture>>]) -> Self {
        Self { built_in: Some(BuiltIn { text, known }), all: OnceCell::new() }
    }

    fn find(&self, id: &str) -> Option<&Gesture> {
        match (self.built_in, self.all.get()) {
            (Some(BuiltIn { text, known }), None) => {
                let (at, line) = packed::find(text, id)?;
                let place = known.get(at)?;
                if let Some(gesture) = place.get() {
                    return Some(gesture);
                }
                let gesture = packed::unpack(line)?;
                Some(place.get_or_init(|| Box::new(gesture)))
            }
            _ => self.iter().find(|gesture| gesture.id == *id),
        }
    }

    /// Changes the list of them.
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<Gesture>)) {
        let mut all = self.to_vec();
        change(&mut all);
        *self = Self { built_in: None, all: OnceCell::from(all) };
    }

    fn all(&self) -> &Vec<Gesture> {
        let read = || self.built_in.map(|built_in| packed::unpack_all(built_in.text));
        self.all.get_or_init(|| read().unwrap_or_default())
    }
}

impl Deref for Gestures {
    type Target = [Gesture];

    fn deref(&self) -> &[Gesture] {
        self.all()
    }
}

impl PartialEq for Gestures {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// All categories, gestures and findings: the built-in ones, with the user's own file laid over them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// The categories, in the order in which they are listed.
    pub categories: List<Category>,
    /// Every gesture, hidden ones included.
    pub gestures: Gestures,
    /// The findings that gestures cite.
    pub evidence: List<Finding>,
    /// Ids of built-in gestures that have been removed: journals and `hidden` lists may still name them, so no new
    /// gesture gets one of them.
    pub retired: List<GestureId>,
    /// Ids of gestures that the user does not want to see; some may no longer exist.
    pub hidden: BTreeSet<GestureId>,
    /// What is odd in the user's own file but does not make it invalid.
    pub warnings: Vec<Problem>,
    /// Whether the user's own file could not be read, so that a gesture which is missing here may still exist.
    pub is_partial: bool,
}

impl Catalogue {
    /// The category with this id.
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }

    /// The gesture with this id, hidden or not.
    pub fn gesture(&self, id: &str) -> Option<&Gesture> {
        self.gestures.find(id)
    }

    /// Whether the built-in catalogue once had a gesture with this id that no gesture has now.
    pub fn is_retired(&self, id: &str) -> bool {
        self.gesture(id).is_none() && self.retired.iter().any(|retired| *retired == *id)
    }

    /// The position of each category in the list, by id.
    pub fn places(&self) -> BTreeMap<&str, usize> {
        self.categories.iter().enumerate().map(|(place, category)| (category.id.as_ref(), place)).collect()
    }

    /// The findings that a gesture cites.
    pub fn findings(&self, gesture: &Gesture) -> impl Iterator<Item = &Finding> {
        gesture.evidence.iter().filter_map(|key| self.evidence.iter().find(|finding| finding.key == *key))
    }

    /// Whether the user has hidden the gesture with this id.
    pub fn is_hidden(&self, id: &str) -> bool {
        self.hidden.contains(id)
    }

    /// The gestures that are not hidden.
    pub fn enabled(&self) -> impl Iterator<Item = &Gesture> {
        self.gestures.iter().filter(|gesture| !self.is_hidden(&gesture.id))
    }
}
