//! The catalogue of gestures: TOML text to categories, gestures and findings, or every problem in it;
//! and the user's own file laid over the built-in one.
//!
//! The build script compiles this module too: it checks the built-in `gestures.toml` with the same code
//! and turns it into static data, which is why texts are `Cow`s.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::ids::{CategoryId, GestureId};
use crate::toml_reader::{Located, Problem, Reader, Table};

pub type Text = Cow<'static, str>;
pub type List<T> = Cow<'static, [T]>;

/// Where a gesture can be made. `Remote` is a call, `Text` a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Home,
    Work,
    Remote,
    Text,
}

impl Place {
    pub const ALL: &'static [Self] = &[Self::Home, Self::Work, Self::Remote, Self::Text];
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("home", Self::Home), ("work", Self::Work), ("remote", Self::Remote), ("text", Self::Text)];

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
    /// Keys of findings.
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
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    pub categories: List<Category>,
    pub gestures: List<Gesture>,
    pub evidence: List<Finding>,
    /// Ids of gestures that the user does not want to see.
    pub hidden: BTreeSet<GestureId>,
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

/// The most characters that each text may have.
const ID: usize = 60;
const NAME: usize = 40;
const ABOUT: usize = 200;
const WHEN: usize = 60;
const DO: usize = 140;
const SAY: usize = 80;
const PHRASES: usize = 2;
const CLAIM: usize = 600;

/// Reads a whole catalogue, as the built-in one has to be: every field that is not optional is there.
pub fn read_whole(text: &str) -> Result<Catalogue, Vec<Problem>> {
    read(text, &Catalogue::default(), true)
}

/// Reads a user's file over `base`: it adds, replaces what has the same id, and hides.
/// A gesture needs no more than `id`, `category` and `do`.
pub fn read_over(base: &Catalogue, text: &str) -> Result<Catalogue, Vec<Problem>> {
    read(text, base, false)
}

fn read(text: &str, base: &Catalogue, whole: bool) -> Result<Catalogue, Vec<Problem>> {
    let (reader, document) = Reader::parse(text);
    let root = Table::root(&document);
    let mut check = Check { reader, whole, named: Vec::new() };
    let reader = &mut check.reader;
    let known: &[&str] =
        if whole { &["category", "gesture", "evidence"] } else { &["category", "gesture", "evidence", "hidden"] };
    reader.deny_unknown(&root, known);
    let categories = reader.tables(&root, "category");
    let gestures = reader.tables(&root, "gesture");
    let findings = reader.tables(&root, "evidence");
    let hidden = reader.texts(&root, "hidden", ID).unwrap_or_default();

    let categories = check.each(&categories, "category", "id", Check::category);
    let findings = check.each(&findings, "evidence", "key", Check::finding);
    let gestures = check.each(&gestures, "gesture", "id", Check::gesture);
    let mut catalogue = base.clone();
    lay_over(&mut catalogue.categories, categories, |category| &category.id);
    lay_over(&mut catalogue.evidence, findings, |finding| &finding.key);
    check.resolve(&catalogue);
    lay_over(&mut catalogue.gestures, gestures, |gesture| &gesture.id);
    let known: BTreeSet<&str> = catalogue.gestures.iter().map(|gesture| gesture.id.as_ref()).collect();
    for id in &hidden {
        if !known.contains(id.value) {
            check.reader.problem(id.span.clone(), format!("`hidden` names `{}`, which is no gesture", id.value));
        }
    }
    catalogue.hidden = hidden.iter().map(|id| id.value.into()).collect();
    let problems = check.reader.into_problems();
    if problems.is_empty() { Ok(catalogue) } else { Err(problems) }
}

/// Puts `new` into `list`: the same id replaces in its place, others follow.
fn lay_over<T: Clone + 'static>(list: &mut List<T>, new: Vec<T>, id: impl Fn(&T) -> &str) {
    if new.is_empty() {
        return;
    }
    let list = list.to_mut();
    let mut places: BTreeMap<String, usize> =
        list.iter().enumerate().map(|(place, value)| (id(value).to_string(), place)).collect();
    for value in new {
        match places.get(id(&value)) {
            Some(&place) => list[place] = value,
            None => {
                places.insert(id(&value).to_string(), list.len());
                list.push(value);
            }
        }
    }
}

/// What a gesture names elsewhere in the catalogue.
enum Named {
    Category,
    Evidence,
}

struct Check<'t, 'd> {
    reader: Reader<'t>,
    whole: bool,
    /// What has to be there once everything is read, in whatever gesture it stands.
    named: Vec<(Named, Located<&'d str>)>,
}

impl<'d> Check<'_, 'd> {
    /// Reads each table of one kind; an id may stand once in a file.
    fn each<T>(
        &mut self,
        tables: &[Table<'d>],
        kind: &str,
        key: &str,
        read: impl Fn(&mut Self, &Table<'d>) -> Option<T>,
    ) -> Vec<T> {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        let mut values = Vec::new();
        for table in tables {
            if let Some(id) = self.required(table, kind, key, ID) {
                if !is_id(id.value) {
                    let message = format!("`{key}` is `{}`, expected small letters, digits and hyphens", id.value);
                    self.reader.problem(id.span, message);
                } else if let Some(first) = first.get(id.value) {
                    let line = self.reader.line(*first);
                    let message = format!("`{}` stands twice, first in line {line}; an id may stand once", id.value);
                    self.reader.problem(id.span, message);
                } else {
                    first.insert(id.value, id.span.start);
                }
            }
            values.extend(read(self, table));
        }
        values
    }

    fn required(&mut self, table: &Table<'d>, kind: &str, key: &str, most: usize) -> Option<Located<&'d str>> {
        if table.keys().all(|(present, _)| present != key) {
            self.reader.missing(table, &format!("this [[{kind}]]"), key);
        }
        self.reader.text(table, key, most)
    }

    fn optional(&mut self, table: &Table<'_>, key: &str, most: usize) -> Option<Text> {
        self.reader.text(table, key, most).map(|text| owned(text.value))
    }

    fn category(&mut self, table: &Table<'d>) -> Option<Category> {
        self.reader.deny_unknown(table, &["id", "name", "about"]);
        let name = self.required(table, "category", "name", NAME);
        let about = if self.whole {
            self.required(table, "category", "about", ABOUT)
        } else {
            self.reader.text(table, "about", ABOUT)
        };
        let id = CategoryId(id_of(table, "id")?);
        Some(Category { id, name: owned(name?.value), about: about.map(|about| owned(about.value)) })
    }

    fn finding(&mut self, table: &Table<'d>) -> Option<Finding> {
        self.reader.deny_unknown(table, &["key", "claim", "source", "year", "doi", "grade", "caution"]);
        let claim = self.required(table, "evidence", "claim", CLAIM);
        let source = self.required(table, "evidence", "source", CLAIM);
        for key in ["year", "grade"] {
            self.has(table, "evidence", key);
        }
        let year = self.reader.number(table, "year", 1800..2200);
        let grade = self.reader.word(table, "grade", Grade::WORDS);
        let doi = self.optional(table, "doi", CLAIM);
        let caution = self.optional(table, "caution", CLAIM);
        Some(Finding {
            key: id_of(table, "key")?,
            claim: owned(claim?.value),
            source: owned(source?.value),
            year: u16::try_from(year?.value).ok()?,
            doi,
            grade: grade?,
            caution,
        })
    }

    fn gesture(&mut self, table: &Table<'d>) -> Option<Gesture> {
        self.reader.deny_unknown(
            table,
            &[
                "id", "category", "when", "do", "say", "where", "seconds", "level", "evidence", "fit", "needs",
                "instead",
            ],
        );
        let category = self.required(table, "gesture", "category", ID);
        let action = self.required(table, "gesture", "do", DO);
        if self.whole {
            for key in ["when", "where", "seconds", "level", "evidence", "fit"] {
                self.has(table, "gesture", key);
            }
        }
        let when = self.optional(table, "when", WHEN);
        let say = self.reader.texts(table, "say", SAY).unwrap_or_default();
        if let Some(extra) = say.get(PHRASES) {
            self.reader.problem(extra.span.clone(), format!("`say` has {} phrases, {PHRASES} at the most", say.len()));
        }
        let places = self.reader.words(table, "where", Place::WORDS);
        let seconds = self.reader.number(table, "seconds", 5..61);
        let level = self.reader.number(table, "level", 1..4);
        let evidence = self.reader.texts(table, "evidence", ID).unwrap_or_default();
        let fit = self.reader.word(table, "fit", Fit::WORDS);
        let needs = self.reader.words(table, "needs", Sense::WORDS).unwrap_or_default();
        let instead = self.optional(table, "instead", DO);
        if instead.is_some() && needs.is_empty() {
            self.reader.problem(
                table.span(),
                "`instead` is another way for those without what it `needs`, and nothing is needed",
            );
        }
        let keys = evidence.iter().map(|key| owned(key.value)).collect();
        self.named.extend(evidence.into_iter().map(|key| (Named::Evidence, key)));
        let category_id = category.as_ref().map(|category| owned(category.value));
        self.named.extend(category.map(|category| (Named::Category, category)));
        Some(Gesture {
            id: GestureId(id_of(table, "id")?),
            category: CategoryId(category_id?),
            when,
            action: owned(action?.value),
            say: say.iter().map(|phrase| owned(phrase.value)).collect(),
            places: places.filter(|places| !places.is_empty()).unwrap_or_else(|| Place::ALL.to_vec()).into(),
            seconds: seconds.and_then(|seconds| u8::try_from(seconds.value).ok()),
            level: level.and_then(|level| u8::try_from(level.value).ok()).unwrap_or(1),
            evidence: keys,
            fit,
            needs: needs.into(),
            instead,
        })
    }

    fn has(&mut self, table: &Table<'_>, kind: &str, key: &str) {
        if table.keys().all(|(present, _)| present != key) {
            self.reader.missing(table, &format!("this [[{kind}]]"), key);
        }
    }

    /// Names what leads nowhere, also in gestures that have other faults.
    fn resolve(&mut self, catalogue: &Catalogue) {
        let categories: BTreeSet<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
        let findings: BTreeSet<&str> = catalogue.evidence.iter().map(|finding| finding.key.as_ref()).collect();
        // In the catalogue's order, and no more than one reads.
        let known = catalogue.categories.iter().take(20).map(|category| format!("`{}`", category.id));
        let known = known.collect::<Vec<_>>().join(", ");
        for (what, Located { value, span }) in std::mem::take(&mut self.named) {
            match what {
                Named::Category if !categories.contains(value) => {
                    self.reader.problem(span, format!("`category` is `{value}`, expected one of {known}"));
                }
                Named::Evidence if !findings.contains(value) => {
                    let message = format!("`evidence` names `{value}`, which no [[evidence]] has as its `key`");
                    self.reader.problem(span, message);
                }
                Named::Category | Named::Evidence => {}
            }
        }
    }
}

/// The id that `each` has looked at already, without naming its problems twice.
fn id_of(table: &Table<'_>, key: &str) -> Option<Text> {
    table.text(key).map(owned)
}

fn owned(text: &str) -> Text {
    Text::Owned(text.to_owned())
}

fn is_id(text: &str) -> bool {
    text.split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
