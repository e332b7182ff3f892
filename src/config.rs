//! Reads the text of `config.toml` into values, or reports every problem in it.

pub mod edit;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{NaiveTime, Weekday};
use serde::Serialize;

use crate::calendar::{self, Day};
use crate::catalogue::edit::MARK;
use crate::catalogue::{Catalogue, Place, Sense};
use crate::picker::Preferences;
use crate::review::Goal;
use crate::toml_reader::{Problem, Reader, Table, one_of};

/// Every setting; those that the file does not mention have their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The time at which a day begins, from 00:00 to 12:00.
    pub day_starts: NaiveTime,
    /// The weekday on which a week begins.
    pub week_starts: Weekday,
    /// How many days a week asks for, 1 to 7.
    pub days_per_week: u32,
    /// How often a day's prompt may be swapped.
    pub swaps: u32,
    /// Where prompts may take place from Monday to Friday.
    pub weekdays: Vec<Place>,
    /// Where prompts may take place on Saturdays and Sundays.
    pub weekends: Vec<Place>,
    /// What gestures must not need, unless they can be done another way.
    pub without: Vec<Sense>,
    /// How much each category is favoured, by id; 1 for a category that is not listed.
    pub weights: BTreeMap<String, Weight>,
    /// The hardest level of a prompt, 1 to 3.
    pub max_level: u8,
    /// Whether the week may suggest a person who has not been mentioned for a while.
    pub suggest_people: bool,
    /// When the daily reminder comes, if a time was set.
    pub remind_at: Option<NaiveTime>,
}

/// How much a category is favoured, and where the file says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// 0 leaves the category out, 1 is the default, 9 is the most.
    pub favour: u64,
    /// The line of the setting, counted from 1.
    pub line: usize,
    /// Its column in characters, counted from 1.
    pub column: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            day_starts: NaiveTime::from_hms_opt(4, 0, 0).unwrap_or_default(),
            week_starts: Weekday::Mon,
            days_per_week: 5,
            swaps: 3,
            weekdays: Place::ALL.to_vec(),
            weekends: vec![Place::Home, Place::Out, Place::Text],
            without: Vec::new(),
            weights: BTreeMap::new(),
            max_level: 3,
            suggest_people: false,
            remind_at: None,
        }
    }
}

/// One setting: its key, how it is read, and how its value is taken out again.
struct Setting {
    /// With the table that it stands in: `places.weekdays`.
    key: &'static str,
    /// Reads it from its table, where it has this name.
    read: fn(&mut Reader<'_>, &Table<'_>, &str, &mut Config),
    value: fn(&Config) -> Value,
}

/// Every setting, those of one table together; but for the weights, whose keys are the categories of the catalogue.
const SETTINGS: [Setting; 10] = [
    Setting {
        key: "day_starts",
        read: |reader, table, name, config| put(&mut config.day_starts, hour(reader, table, name)),
        value: |config| Value::time(config.day_starts),
    },
    Setting {
        key: "week_starts",
        read: |reader, table, name, config| put(&mut config.week_starts, weekday(reader, table, name)),
        value: |config| Value::Text(config.week_starts.to_string().to_lowercase()),
    },
    Setting {
        key: "days_per_week",
        read: |reader, table, name, config| put(&mut config.days_per_week, small(reader, table, name, 1, 7)),
        value: |config| Value::Number(config.days_per_week.into()),
    },
    Setting {
        key: "swaps",
        read: |reader, table, name, config| put(&mut config.swaps, small(reader, table, name, 0, 99)),
        value: |config| Value::Number(config.swaps.into()),
    },
    Setting {
        key: "without",
        read: |reader, table, name, config| put(&mut config.without, reader.words(table, name, Sense::WORDS)),
        value: |config| Value::Words(config.without.iter().map(|sense| sense.word().to_owned()).collect()),
    },
    Setting {
        key: "max_level",
        read: |reader, table, name, config| put(&mut config.max_level, small(reader, table, name, 1, 3)),
        value: |config| Value::Number(config.max_level.into()),
    },
    Setting {
        key: "suggest_people",
        read: |reader, table, name, config| {
            put(&mut config.suggest_people, reader.boolean(table, name).map(|suggest| suggest.value));
        },
        value: |config| Value::Boolean(config.suggest_people),
    },
    Setting {
        key: "places.weekdays",
        read: |reader, table, name, config| put(&mut config.weekdays, places(reader, table, name)),
        value: |config| Value::Words(config.weekdays.iter().map(|place| place.word().to_owned()).collect()),
    },
    Setting {
        key: "places.weekends",
        read: |reader, table, name, config| put(&mut config.weekends, places(reader, table, name)),
        value: |config| Value::Words(config.weekends.iter().map(|place| place.word().to_owned()).collect()),
    },
    Setting {
        key: "remind.at",
        read: |reader, table, name, config| config.remind_at = time_of_day(reader, table, name),
        value: |config| config.remind_at.map_or(Value::Absent, Value::time),
    },
];

/// The table of the weights.
const WEIGHTS: &str = "weights";

impl Setting {
    fn parts(&self) -> Parts<'static> {
        parts(self.key)
    }
}

/// The table that a setting stands in, if it does, and its name in there.
type Parts<'k> = (Option<&'k str>, &'k str);

fn parts(key: &str) -> Parts<'_> {
    key.split_once('.').map_or((None, key), |(table, name)| (Some(table), name))
}

/// The value of a setting, of whichever kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing is set.
    Absent,
    /// A text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Yes or no.
    Boolean(bool),
    /// A list of words.
    Words(Vec<String>),
}

impl Value {
    fn time(time: NaiveTime) -> Self {
        Self::Text(time.format("%H:%M").to_string())
    }

    /// What somebody typed as a value of the same kind as this one; fails with what is expected.
    pub fn typed(&self, text: &str) -> Result<Self, &'static str> {
        match self {
            Self::Absent | Self::Text(_) => Ok(Self::Text(text.to_owned())),
            Self::Number(_) => text.parse().map(Self::Number).map_err(|_| "a whole number"),
            Self::Boolean(_) => match text {
                "true" | "yes" | "on" => Ok(Self::Boolean(true)),
                "false" | "no" | "off" => Ok(Self::Boolean(false)),
                _ => Err("`true` or `false`"),
            },
            Self::Words(_) => {
                let words = text.split([',', ' ']).filter(|word| !word.is_empty());
                Ok(Self::Words(words.map(str::to_owned).collect()))
            }
        }
    }

    /// As it can be typed: the words of a list with commas, and `default` for nothing.
    pub fn typable(&self) -> String {
        match self {
            Self::Absent => "default".to_owned(),
            Self::Words(words) => words.join(","),
            other => other.to_string(),
        }
    }

    /// As it is written in the file.
    pub fn to_toml(&self) -> String {
        match self {
            Self::Text(text) => toml_edit::Value::from(text).to_string(),
            Self::Words(words) => toml_edit::Value::from_iter(words).to_string(),
            other => other.to_string(),
        }
    }
}

/// In words.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("not set"),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(boolean) => boolean.fmt(f),
            Self::Words(words) if words.is_empty() => f.write_str("none"),
            Self::Words(words) => f.write_str(&words.join(", ")),
        }
    }
}

impl Config {
    /// Reads the text of `config.toml`; if anything in it is wrong, returns every problem found.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut reader, document) = Reader::parse(text);
        let root = Table::root(&document);
        let mut config = Self::default();
        let mut known: Vec<&str> =
            SETTINGS.iter().map(Setting::parts).map(|(table, name)| table.unwrap_or(name)).collect();
        known.dedup();
        known.push(WEIGHTS);
        reader.deny_unknown(&root, &known);
        for settings in SETTINGS.chunk_by(|a, b| a.parts().0 == b.parts().0) {
            let table = match settings[0].parts().0 {
                None => root.clone(),
                Some(name) => match reader.table(&root, name) {
                    None => continue,
                    Some(table) => {
                        let known: Vec<&str> = settings.iter().map(|setting| setting.parts().1).collect();
                        reader.deny_unknown(&table, &known);
                        table
                    }
                },
            };
            for setting in settings {
                (setting.read)(&mut reader, &table, setting.parts().1, &mut config);
            }
        }
        if let Some(table) = reader.table(&root, WEIGHTS) {
            config.weights = weights(&mut reader, &table);
        }
        let problems = reader.into_problems();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// The value of the setting with this key, in which a category stands behind `weights.`; `None` if there is none.
    pub fn value(&self, key: &str) -> Option<Value> {
        if let Some((WEIGHTS, category)) = key.split_once('.') {
            return Some(Value::Number(self.weights.get(category).map_or(1, |weight| weight.favour)));
        }
        SETTINGS.iter().find(|setting| setting.key == key).map(|setting| (setting.value)(self))
    }

    /// A problem for each weight of a category that the catalogue does not have.
    pub fn unknown_weights(&self, catalogue: &Catalogue) -> Vec<Problem> {
        let known: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
        let unknown = self.weights.iter().filter(|(category, _)| !known.contains(&category.as_str()));
        let problem = |(category, weight): (&String, &Weight)| Problem {
            line: weight.line,
            column: weight.column,
            message: format!("`[{WEIGHTS}]` names `{category}`, expected {}", one_of(&known)),
            width: category.chars().count().max(1),
        };
        unknown.map(problem).collect()
    }

    /// The keys of all settings, each category with its weight among them.
    pub fn keys<'c>(categories: impl Iterator<Item = &'c str>) -> Vec<String> {
        let weights = categories.map(|category| format!("{WEIGHTS}.{category}"));
        SETTINGS.iter().map(|setting| setting.key.to_owned()).chain(weights).collect()
    }

    /// Where a prompt on this day may take place.
    pub fn places(&self, day: Day) -> &[Place] {
        if calendar::is_weekend(day) { &self.weekends } else { &self.weekdays }
    }

    /// What a week asks for, as the review needs it.
    pub fn goal(&self) -> Goal {
        Goal { days_per_week: self.days_per_week, week_starts: self.week_starts }
    }

    /// What the pick goes by.
    pub fn preferences(&self) -> Preferences {
        Preferences {
            favour: self.weights.iter().map(|(category, weight)| (category.clone(), weight.favour)).collect(),
            max_level: self.max_level,
            without: self.without.clone(),
        }
    }
}

/// A file for those who have none yet: it explains every setting, and changes none.
pub const TEMPLATE: &str = include_str!("config/template.toml");

/// The keys that a text sets, known or not, each with its line.
pub fn lines(text: &str) -> BTreeMap<String, usize> {
    let (mut reader, document) = Reader::parse(text.trim_start_matches(MARK));
    let root = Table::root(&document);
    let mut found = BTreeMap::new();
    for (key, span) in root.keys() {
        match reader.table(&root, key) {
            Some(table) => {
                found.extend(table.keys().map(|(name, span)| (format!("{key}.{name}"), reader.line(span.start))));
            }
            None => {
                found.insert(key.to_owned(), reader.line(span.start));
            }
        }
    }
    found
}

/// Gives a setting the value that was read, if one was.
fn put<T>(setting: &mut T, value: Option<impl Into<T>>) {
    if let Some(value) = value {
        *setting = value.into();
    }
}

fn small(reader: &mut Reader<'_>, table: &Table<'_>, name: &str, least: u8, most: u8) -> Option<u8> {
    let number = reader.number(table, name, i64::from(least)..i64::from(most) + 1)?;
    u8::try_from(number.value).ok()
}

fn weekday(reader: &mut Reader<'_>, table: &Table<'_>, name: &str) -> Option<Weekday> {
    reader.parsed(table, name, "a weekday such as `mon` or `sun`", calendar::parse_weekday)
}

/// A day can't begin in the afternoon, since most of it would have another date.
fn hour(reader: &mut Reader<'_>, table: &Table<'_>, name: &str) -> Option<NaiveTime> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0)?;
    reader.parsed(table, name, "a time from `00:00` to `12:00`", |text| clock(text).filter(|time| *time <= noon))
}

fn time_of_day(reader: &mut Reader<'_>, table: &Table<'_>, name: &str) -> Option<NaiveTime> {
    reader.parsed(table, name, "a time such as `09:00`", clock)
}

/// Reads `04:00`.
fn clock(text: &str) -> Option<NaiveTime> {
    let shaped = text.len() == 5
        && text.bytes().enumerate().all(|(at, byte)| if at == 2 { byte == b':' } else { byte.is_ascii_digit() });
    NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| shaped)
}

fn places(reader: &mut Reader<'_>, table: &Table<'_>, name: &str) -> Option<Vec<Place>> {
    let words = reader.words(table, name, Place::WORDS)?;
    if words.is_empty() {
        reader.problem(table.span_of(name), format!("`{name}` is empty, expected at least one place"));
    }
    Some(words)
}

fn weights(reader: &mut Reader<'_>, table: &Table<'_>) -> BTreeMap<String, Weight> {
    let mut found = Vec::new();
    for (category, span) in table.keys() {
        if let Some(favour) = small(reader, table, category, 0, 9) {
            found.push((span.start, category, favour));
        }
    }
    found.sort_unstable();
    let places = reader.places(found.iter().map(|(start, _, _)| *start));
    let weight = |((_, category, favour), (line, column)): ((usize, &str, u8), (usize, usize))| {
        (category.to_owned(), Weight { favour: favour.into(), line, column })
    };
    found.into_iter().zip(places).map(weight).collect()
}

#[cfg(test)]
mod tests;
