//! Reads TOML text into categories, gestures and findings, or reports every problem in it; and lays the user's own
//! file over the built-in one.
//!
//! The build script compiles this module too: it checks the built-in `gestures.toml` with the same code.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::types::{Catalogue, Category, Finding, Fit, Gesture, Gestures, Grade, Often, Place, Sense, Text};
use crate::toml_reader::{Located, Problem, Reader, Table};

/// The most characters that each kind of text may have.
const ID: usize = 60;
const NAME: usize = 40;
const ABOUT: usize = 200;
const WHEN: usize = 60;
const DO: usize = 140;
const SAY: usize = 80;
/// The most phrases that a gesture may have.
const PHRASES: usize = 2;
const CLAIM: usize = 600;

/// Reads a complete catalogue, as the built-in one has to be: nearly every field is required.
pub fn read_whole(text: &str) -> Result<Catalogue, Vec<Problem>> {
    read(text, &Catalogue::default(), true)
}

/// Lays a user's file over `base`: it adds, replaces what has the same id, and hides.
/// A gesture needs only `id`, `category` and `do`.
pub fn read_over(base: &Catalogue, text: &str) -> Result<Catalogue, Vec<Problem>> {
    read(text, base, false)
}

fn read(text: &str, base: &Catalogue, whole: bool) -> Result<Catalogue, Vec<Problem>> {
    let (reader, document) = Reader::parse(text);
    let root = Table::root(&document);
    let mut check = Check { reader, whole, named: Vec::new() };
    let reader = &mut check.reader;
    let known: &[&str] = if whole {
        &["category", "gesture", "evidence", "retired"]
    } else {
        &["category", "gesture", "evidence", "hidden", "builtin"]
    };
    reader.deny_unknown(&root, known);
    let category_tables = reader.tables(&root, "category");
    let gesture_tables = reader.tables(&root, "gesture");
    let finding_tables = reader.tables(&root, "evidence");
    let lists_ids = if whole { "retired" } else { "hidden" };
    let listed = reader.texts(&root, lists_ids, ID).unwrap_or_default();
    let builtin = if whole { None } else { reader.boolean(&root, "builtin") };

    let categories = check.each(&category_tables, "category", "id", Check::category);
    let findings = check.each(&finding_tables, "evidence", "key", Check::finding);
    let gestures = check.each(&gesture_tables, "gesture", "id", Check::gesture);
    let mut catalogue = base.clone();
    if !categories.is_empty() {
        lay_over(catalogue.categories.to_mut(), categories, |category| &category.id);
    }
    if !findings.is_empty() {
        lay_over(catalogue.evidence.to_mut(), findings, |finding| &finding.key);
    }
    check.resolve(&catalogue, &category_tables, &finding_tables);
    if builtin.is_some_and(|builtin| !builtin.value) {
        catalogue.gestures = Gestures::default();
    }
    if !gestures.is_empty() {
        catalogue.gestures.change(|all| lay_over(all, gestures, |gesture| &gesture.id));
    }
    if whole {
        check.retired(&listed, &gesture_tables);
        check.acts(&finding_tables, &gesture_tables);
        catalogue.retired = listed.iter().map(|id| id.value.into()).collect();
    } else {
        catalogue.warnings = check.unknown_hidden(&listed, base, &catalogue);
        catalogue.hidden = listed.iter().map(|id| id.value.into()).collect();
    }
    let problems = check.reader.into_problems();
    if problems.is_empty() { Ok(catalogue) } else { Err(problems) }
}

/// Puts `new` into `list`: a value replaces the one with the same id, or is appended.
fn lay_over<T>(list: &mut Vec<T>, new: Vec<T>, id: impl Fn(&T) -> &str) {
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

/// What a gesture refers to elsewhere in the catalogue.
enum Named {
    Category,
    Evidence,
}

struct Check<'t, 'd> {
    reader: Reader<'t>,
    whole: bool,
    /// What has to exist once everything is read, from every gesture.
    named: Vec<(Named, Located<&'d str>)>,
}

impl<'d> Check<'_, 'd> {
    /// Reads each table of one kind; an id may be used only once in a file.
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
                    let message = format!("`{key}` is `{}`, expected lowercase letters, digits and hyphens", id.value);
                    self.reader.problem(id.span, message);
                } else if let Some(first) = first.get(id.value) {
                    let line = self.reader.line(*first);
                    let message =
                        format!("`{}` is used twice, first in line {line}; an id may be used only once", id.value);
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
        let id = table.text("id")?.into();
        Some(Category { id, name: owned(name?.value), about: about.map(|about| owned(about.value)) })
    }

    fn finding(&mut self, table: &Table<'d>) -> Option<Finding> {
        self.reader.deny_unknown(table, &["key", "claim", "source", "year", "doi", "grade", "caution", "acts"]);
        let claim = self.required(table, "evidence", "claim", CLAIM);
        let source = self.required(table, "evidence", "source", CLAIM);
        for key in ["year", "grade"] {
            self.has(table, "evidence", key);
        }
        let year = self.reader.number(table, "year", 1800..2200);
        let grade = self.reader.word(table, "grade", Grade::WORDS);
        let doi = self.optional(table, "doi", CLAIM);
        let caution = self.optional(table, "caution", CLAIM);
        if self.whole {
            self.has(table, "evidence", "acts");
        }
        let acts = self.reader.texts(table, "acts", ID).unwrap_or_default();
        Some(Finding {
            key: owned(table.text("key")?),
            claim: owned(claim?.value),
            source: owned(source?.value),
            year: u16::try_from(year?.value).ok()?,
            doi,
            grade: grade?,
            caution,
            acts: acts.iter().map(|id| id.value.into()).collect(),
        })
    }

    fn gesture(&mut self, table: &Table<'d>) -> Option<Gesture> {
        self.reader.deny_unknown(
            table,
            &[
                "id", "category", "when", "do", "say", "where", "seconds", "level", "often", "evidence", "fit",
                "needs", "instead",
            ],
        );
        let category = self.required(table, "gesture", "category", ID);
        let action = self.required(table, "gesture", "do", DO);
        if self.whole {
            for key in ["when", "where", "seconds", "level", "often"] {
                self.has(table, "gesture", key);
            }
        }
        let when = self.optional(table, "when", WHEN);
        let say = self.reader.texts(table, "say", SAY).unwrap_or_default();
        if let Some(extra) = say.get(PHRASES) {
            self.reader
                .problem(extra.span.clone(), format!("`say` has {} phrases, at most {PHRASES} are allowed", say.len()));
        }
        let places = self.reader.words(table, "where", Place::WORDS);
        let seconds = self.reader.number(table, "seconds", 5..61);
        let level = self.reader.number(table, "level", 1..4);
        let often = self.reader.word(table, "often", Often::WORDS);
        if self.whole && often == Some(Often::Rarely) && level.as_ref().is_some_and(|level| level.value == 1) {
            let message = "the cue of an easy gesture must come more often than `rarely`; expected `level` 2 or 3";
            self.reader.problem(table.span_of("often"), message);
        }
        let evidence = self.reader.texts(table, "evidence", ID).unwrap_or_default();
        let fit = self.reader.word(table, "fit", Fit::WORDS);
        let says = |key: &str| table.keys().any(|(present, _)| present == key);
        if self.whole && says("evidence") != says("fit") {
            let (there, missing) = if says("fit") { ("fit", "evidence") } else { ("evidence", "fit") };
            self.reader.missing(table, &format!("this [[gesture]] has `{there}` and"), missing);
        }
        let needs = self.reader.words(table, "needs", Sense::WORDS).unwrap_or_default();
        let instead = self.optional(table, "instead", DO);
        if instead.is_some() && needs.is_empty() {
            self.reader.problem(
                table.span(),
                "`instead` is another way for those without what it `needs`, but it needs nothing",
            );
        }
        let keys = evidence.iter().map(|key| owned(key.value)).collect();
        self.named.extend(evidence.into_iter().map(|key| (Named::Evidence, key)));
        let category_id = category.as_ref().map(|category| category.value.into());
        self.named.extend(category.map(|category| (Named::Category, category)));
        Some(Gesture {
            id: table.text("id")?.into(),
            category: category_id?,
            when,
            action: owned(action?.value),
            say: say.iter().map(|phrase| owned(phrase.value)).collect(),
            places: places.filter(|places| !places.is_empty()).unwrap_or_else(|| Place::ALL.to_vec()).into(),
            seconds: seconds.and_then(|seconds| u8::try_from(seconds.value).ok()),
            level: level.and_then(|level| u8::try_from(level.value).ok()).unwrap_or(1),
            often,
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

    /// A retired id is listed once, and no gesture has it.
    fn retired(&mut self, retired: &[Located<&'d str>], gestures: &[Table<'d>]) {
        let used: BTreeSet<&str> = gestures.iter().filter_map(|table| table.text("id")).collect();
        let mut before = BTreeSet::new();
        for Located { value, span } in retired {
            if !is_id(value) {
                let message = format!("`retired` names `{value}`, expected lowercase letters, digits and hyphens");
                self.reader.problem(span.clone(), message);
            } else if used.contains(value) {
                let message =
                    format!("`{value}` is retired, but a gesture has this id; a retired id can't be used again");
                self.reader.problem(span.clone(), message);
            } else if !before.insert(*value) {
                self.reader.problem(span.clone(), format!("`retired` names `{value}` twice"));
            }
        }
    }

    /// Checks that the gestures that cite a finding are those listed in its `acts`.
    fn acts(&mut self, findings: &[Table<'d>], gestures: &[Table<'d>]) {
        // The id of each table with each text of one of its lists.
        let pairs = |tables: &[Table<'d>], id: &str, list: &str| -> Vec<(&'d str, Located<&'d str>)> {
            let of = |table: &Table<'d>| {
                let id = table.text(id);
                let texts = table.texts(list).into_iter();
                texts.filter_map(|text| Some((id?, text))).collect::<Vec<_>>()
            };
            tables.iter().flat_map(of).collect()
        };
        let cited = pairs(gestures, "id", "evidence");
        let about = pairs(findings, "key", "acts");
        let citations: HashSet<(&str, &str)> = cited.iter().map(|(id, key)| (*id, key.value)).collect();
        let acts: HashSet<(&str, &str)> = about.iter().map(|(key, id)| (id.value, *key)).collect();
        for (id, key) in cited {
            if !acts.contains(&(id, key.value)) {
                let message = format!("`{id}` cites `{}`, which does not list it in its `acts`", key.value);
                self.reader.problem(key.span, message);
            }
        }
        for (key, id) in about {
            if !citations.contains(&(id.value, key)) {
                let message = format!("`acts` of `{key}` names `{}`, but no gesture with that id cites it", id.value);
                self.reader.problem(id.span, message);
            }
        }
    }

    /// Ids in `hidden` that no gesture has. Gestures come and go, in the built-in catalogue too, so this does not make
    /// the file invalid; but the id may be misspelt.
    fn unknown_hidden(&self, hidden: &[Located<&'d str>], base: &Catalogue, catalogue: &Catalogue) -> Vec<Problem> {
        let gestures = base.gestures.iter().chain(catalogue.gestures.iter()).map(|gesture| gesture.id.as_ref());
        let known: BTreeSet<&str> = gestures.chain(base.retired.iter().map(AsRef::as_ref)).collect();
        let unknown = hidden.iter().filter(|id| !known.contains(id.value));
        let message = |id: &str| format!("`hidden` names `{id}`, which no gesture has as its `id`");
        self.reader.located(unknown.map(|id| (id.span.start, id.span.end, message(id.value))).collect())
    }

    /// Names what leads nowhere, also in gestures that have other faults. What names a table with a fault of its own
    /// has none.
    fn resolve(&mut self, catalogue: &Catalogue, categories: &[Table<'d>], findings: &[Table<'d>]) {
        let categories = categories.iter().filter_map(|table| table.text("id"));
        let categories: BTreeSet<&str> =
            catalogue.categories.iter().map(|category| category.id.as_ref()).chain(categories).collect();
        let findings = findings.iter().filter_map(|table| table.text("key"));
        let findings: BTreeSet<&str> =
            catalogue.evidence.iter().map(|finding| finding.key.as_ref()).chain(findings).collect();
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

/// The id, which `each` has already checked, so that its problems are not reported twice.
fn owned(text: &str) -> Text {
    Text::Owned(text.to_owned())
}

fn is_id(text: &str) -> bool {
    text.split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
