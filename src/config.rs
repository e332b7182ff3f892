//! Reads the text of `config.toml` into values, or reports every problem in it.

use std::collections::BTreeMap;

use chrono::{NaiveTime, Weekday};

use crate::calendar::{self, Day};
use crate::catalogue::{Place, Sense};
use crate::picker::Preferences;
use crate::review::Goal;
use crate::toml_reader::{Problem, Reader, Table};

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
        }
    }
}

impl Config {
    /// Reads the text of `config.toml`; if anything in it is wrong, returns every problem found.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut reader, document) = Reader::parse(text);
        let root = Table::root(&document);
        let mut config = Self::default();
        reader.deny_unknown(
            &root,
            &[
                "day_starts",
                "week_starts",
                "days_per_week",
                "swaps",
                "places",
                "without",
                "weights",
                "max_level",
                "suggest_people",
            ],
        );
        if let Some(text) = reader.text(&root, "day_starts", usize::MAX) {
            match hour(text.value) {
                Some(time) => config.day_starts = time,
                None => {
                    let message = format!("`day_starts` is `{}`, expected a time from `00:00` to `12:00`", text.value);
                    reader.problem(text.span, message);
                }
            }
        }
        if let Some(text) = reader.text(&root, "week_starts", usize::MAX) {
            match calendar::parse_weekday(text.value) {
                Some(weekday) => config.week_starts = weekday,
                None => {
                    let message =
                        format!("`week_starts` is `{}`, expected a weekday such as `mon` or `sun`", text.value);
                    reader.problem(text.span, message);
                }
            }
        }
        if let Some(days) = small(&mut reader, &root, "days_per_week", 1, 7) {
            config.days_per_week = days.into();
        }
        if let Some(swaps) = small(&mut reader, &root, "swaps", 0, 99) {
            config.swaps = swaps.into();
        }
        if let Some(level) = small(&mut reader, &root, "max_level", 1, 3) {
            config.max_level = level;
        }
        if let Some(suggest) = reader.boolean(&root, "suggest_people") {
            config.suggest_people = suggest.value;
        }
        if let Some(without) = reader.words(&root, "without", Sense::WORDS) {
            config.without = without;
        }
        if let Some(places) = reader.table(&root, "places") {
            reader.deny_unknown(&places, &["weekdays", "weekends"]);
            for (key, setting) in [("weekdays", &mut config.weekdays), ("weekends", &mut config.weekends)] {
                match reader.words(&places, key, Place::WORDS) {
                    Some(words) if words.is_empty() => {
                        reader.problem(places.span(), format!("`{key}` is empty, expected at least one place"));
                    }
                    Some(words) => *setting = words,
                    None => {}
                }
            }
        }
        if let Some(weights) = reader.table(&root, "weights") {
            let mut found = Vec::new();
            for (category, span) in weights.keys() {
                if let Some(favour) = small(&mut reader, &weights, category, 0, 9) {
                    found.push((span.start, category, favour));
                }
            }
            found.sort_unstable();
            let places = reader.places(found.iter().map(|(start, _, _)| *start));
            for ((_, category, favour), (line, column)) in found.into_iter().zip(places) {
                config.weights.insert(category.to_owned(), Weight { favour: favour.into(), line, column });
            }
        }
        let problems = reader.into_problems();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
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

fn small(reader: &mut Reader<'_>, table: &Table<'_>, key: &str, least: u8, most: u8) -> Option<u8> {
    let number = reader.number(table, key, i64::from(least)..i64::from(most) + 1)?;
    u8::try_from(number.value).ok()
}

/// Reads `04:00`. A day can't begin in the afternoon, since most of it would have another date.
fn hour(text: &str) -> Option<NaiveTime> {
    let shaped = text.len() == 5
        && text.bytes().enumerate().all(|(at, byte)| if at == 2 { byte == b':' } else { byte.is_ascii_digit() });
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    (shaped && time <= NaiveTime::from_hms_opt(12, 0, 0)?).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_says_nothing_leaves_the_defaults() {
        assert_eq!(Config::parse("# nothing yet\n"), Ok(Config::default()));
    }

    #[test]
    fn the_readme_shows_every_setting_at_its_default() {
        let (_, rest) = include_str!("../README.md").split_once("day_starts = ").unwrap();
        let (sample, _) = rest.split_once("```").unwrap();
        let mut config = Config::parse(&format!("day_starts = {sample}")).unwrap();
        let weights = std::mem::take(&mut config.weights);
        assert!(weights.values().all(|weight| weight.favour == 1));
        assert_eq!(config, Config::default());
    }

    #[test]
    fn every_setting_is_read() {
        let text = r#"
            day_starts = "00:00"
            week_starts = "sun"
            days_per_week = 7
            swaps = 0
            without = ["hearing"]
            max_level = 1
            suggest_people = true
            [places]
            weekdays = ["work"]
            weekends = ["text"]
            [weights]
            tone = 2
        "#;
        let config = Config {
            day_starts: NaiveTime::MIN,
            week_starts: Weekday::Sun,
            days_per_week: 7,
            swaps: 0,
            weekdays: vec![Place::Work],
            weekends: vec![Place::Text],
            without: vec![Sense::Hearing],
            weights: BTreeMap::from([("tone".to_owned(), Weight { favour: 2, line: 13, column: 13 })]),
            max_level: 1,
            suggest_people: true,
        };
        assert_eq!(Config::parse(text), Ok(config));
    }

    #[test]
    fn a_wrong_setting_is_told_what_was_meant() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let problems = Config::parse(text).unwrap_err();
            let found: Vec<String> = problems.iter().map(Problem::to_string).collect();
            assert_eq!(found, [expected], "{text}");
        }
        check(
            "swap = 3",
            "1:1: unknown key `swap`, expected `day_starts`, `week_starts`, `days_per_week`, `swaps`, `places`, `without`, `weights`, `max_level` or `suggest_people`",
        );
        check("days_per_week = 8", "1:17: `days_per_week` is 8, expected 1 to 7");
        check("days_per_week = '5'", "1:17: `days_per_week` must be a whole number, not a value of type string");
        check("day_starts = '24:00'", "1:14: `day_starts` is `24:00`, expected a time from `00:00` to `12:00`");
        check("day_starts = '4:00'", "1:14: `day_starts` is `4:00`, expected a time from `00:00` to `12:00`");
        check("day_starts = '12:01'", "1:14: `day_starts` is `12:01`, expected a time from `00:00` to `12:00`");
        check("week_starts = 'mo'", "1:15: `week_starts` is `mo`, expected a weekday such as `mon` or `sun`");
        check("\nwithout = ['smell']", "2:12: `without` is `smell`, expected `sight`, `hearing`, `speech` or `touch`");
        check("[weights]\ntone = 10", "2:8: `tone` is 10, expected 0 to 9");
        check("[places]\nmondays = ['home']", "2:1: unknown key `mondays`, expected `weekdays` or `weekends`");
        check(
            "[places]\nweekends = ['moon']",
            "2:13: `weekends` is `moon`, expected `home`, `work`, `out`, `remote` or `text`",
        );
        check("days_per_week = ", "1:17: string values must be quoted, expected literal string");
        check("[places]\nweekends = []", "1:1: `weekends` is empty, expected at least one place");
    }
}
