//! Two lives of a year. After each look back, what it suggests is typed in a copy, and has to work; and what it says is
//! held against the whole journal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::doors::typed;
use crate::home::Home;

/// The sentences and the commands that a page ends with: its last paragraph.
fn last_lines(page: &str) -> String {
    let paragraph = page.trim_end().rsplit("\n\n").next().unwrap_or("");
    paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// The commands that a page's last paragraph names.
fn suggested(page: &str) -> Vec<Vec<String>> {
    let text = last_lines(page).replace('`', "");
    let mut commands = Vec::new();
    for part in text.split("nudge").skip(1) {
        let words: Vec<&str> = part.split_whitespace().collect();
        commands.push(match words.as_slice() {
            ["another" | "done", "-c", category, ..] => typed(&format!("nudge {} -c {category}", words[0])),
            ["week", "last", ..] => typed("nudge week last"),
            _ => Vec::new(),
        });
    }
    commands
}

/// A copy of a home, as it is now.
fn copy(home: &Home) -> Home {
    let mut copy = Home::new();
    for name in home.names() {
        fs::copy(home.path().join(&name), copy.path().join(&name)).unwrap();
    }
    copy.now.clone_from(&home.now);
    copy
}

/// What really was, kept beside the journal.
#[derive(Default)]
struct Life {
    done: BTreeMap<NaiveDate, BTreeSet<String>>,
    rests: BTreeSet<NaiveDate>,
    /// The suggestion of each week at its end.
    said: Vec<String>,
    seen: BTreeSet<&'static str>,
}

impl Life {
    /// Holds a week against what was.
    fn check(&mut self, home: &Home, today: NaiveDate, week: &str, json: &Value) {
        let ever: BTreeSet<&String> = self.done.values().flatten().collect();
        for forbidden in ["missed", "lost", "failed", " 0 ", "still waiting for a first time"] {
            if forbidden.starts_with("still") {
                // True of what was never done alone.
                for line in week.lines().filter(|line| line.contains(forbidden)) {
                    let id = ["turning", "names", "validations", "remembering", "tone", "appreciation"]
                        .into_iter()
                        .find(|id| line.to_lowercase().contains(id))
                        .unwrap();
                    assert!(!ever.iter().any(|done| done.starts_with(id)), "{today}: {line}");
                }
                continue;
            }
            assert!(!week.contains(forbidden), "{today}: {forbidden}: {week}");
        }
        for category in json["categories"].as_array().unwrap() {
            let id = category["id"].as_str().unwrap();
            let last = self.done.iter().rev().find(|(_, done)| done.contains(id)).map(|(day, _)| *day);
            let from = json["from"].as_str().unwrap().parse::<NaiveDate>().unwrap() - Days::new(16 * 7);
            let expected = last.filter(|last| *last >= from).map(|last| {
                last.iter_days().skip(1).take_while(|day| *day <= today).filter(|day| !self.rests.contains(day)).count()
            });
            assert_eq!(category["quiet_days"].as_u64(), expected.map(|days| days as u64), "{today} {id}: {week}");
        }
        let is_resting = self.rests.contains(&today) && !self.done.contains_key(&today);
        if is_resting {
            assert!(json["pattern"].is_null() && week.contains("You're resting"), "{today}: {week}");
        }
        if !json["pattern"].is_null() {
            self.seen.insert("pattern");
        }
        for command in suggested(week) {
            let is_tomorrow =
                last_lines(week).contains("For tomorrow") && command.first().is_some_and(|word| word == "another");
            let mut copy = copy(home);
            let mut greeted = vec![false];
            if is_tomorrow {
                // Both before and after a greeting has drawn the day's prompt.
                copy.now = format!("{}T08:00:00Z", today.succ_opt().unwrap());
                greeted.push(true);
            }
            for greeted in greeted {
                let copy = self::copy(&copy);
                if greeted {
                    copy.ok(&["today"]);
                }
                let args: Vec<&str> = command.iter().map(String::as_str).collect();
                let before = copy.journal_text();
                let out = copy.ok(&args);
                let drawn = copy.json(&["today"]);
                if let ["another", "-c", category] = args.as_slice() {
                    assert_eq!(drawn["gesture"]["category"], *category, "{today} {args:?}: {out}\n{week}");
                    assert!(copy.journal_text() != before, "{today} {args:?}: {out}");
                    self.seen.insert(if is_tomorrow { "tomorrow" } else { "another" });
                }
                if args.first() == Some(&"done") {
                    assert!(out.contains("Logged."), "{today} {args:?}: {out}");
                    self.seen.insert("done");
                }
            }
        }
    }

    /// A year, day by day: `does` says of a day whether nudge is opened and whether the gesture is done.
    fn live(&mut self, does: impl Fn(u64, u32) -> (bool, bool), rests: &[(u64, u64)]) {
        let mut home = Home::new();
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let mut number = 11_u32;
        for (at, today) in (0..365_u64).zip(first.iter_days()) {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            home.now = format!("{today}T09:00:00Z");
            if let Some((_, until)) = rests.iter().find(|(from, _)| *from == at) {
                let until = first + Days::new(*until);
                home.ok(&["rest", "--until", &until.to_string()]);
                self.rests.extend(today.iter_days().take_while(|day| *day <= until));
            }
            let (opens, logs) = does(at, (number >> 16) % 100);
            if !opens {
                continue;
            }
            home.ok(&[]);
            if at % 3 == 0 {
                self.look(&home, today);
            }
            if logs {
                home.ok(&["done"]);
                let category = home.json(&["today"])["gesture"]["category"].as_str().unwrap().to_owned();
                self.done.entry(today).or_default().insert(category);
            }
            if at % 4 == 0 || today.format("%a").to_string() == "Sun" {
                self.look(&home, today);
            }
            if today.format("%a").to_string() == "Sun" {
                let pattern = home.json(&["week"])["pattern"].as_str().unwrap_or("").to_owned();
                // By what it is about, however many days it says.
                self.said.push(pattern.split(" been ").next().unwrap().to_owned());
            }
        }
        for three in self.said.windows(3) {
            assert!(three[0].is_empty() || three[0] != three[1] || three[1] != three[2], "{three:?}");
        }
    }

    fn look(&mut self, home: &Home, today: NaiveDate) {
        let (week, json) = (home.ok(&["week"]), home.json(&["week"]));
        self.check(home, today, &week, &json);
        let year = home.json(&["year"]);
        assert_eq!(year["done_days"], self.done.len(), "{today}");
        // What is shown of the prompt can be followed too.
        let next = home.ok(&["today"]);
        let commands = next.lines().filter(|line| line.starts_with("  nudge "));
        for command in commands.flat_map(|line| line.split("nudge ").skip(1)) {
            copy(home).ok(&[command.trim()]);
        }
    }
}

#[test]
fn a_diligent_year_is_told_as_it_was() {
    let mut life = Life::default();
    // A gap of three weeks in spring, a rest of two in summer.
    life.live(|at, chance| (!(100..121).contains(&at), chance < 85 && !(200..214).contains(&at)), &[(200, 213)]);
    assert!(["pattern", "another", "tomorrow", "done"].iter().all(|seen| life.seen.contains(seen)), "{:?}", life.seen);
}

#[test]
fn a_lapsing_year_is_told_as_it_was() {
    let mut life = Life::default();
    let is_away = |at: u64| (30..62).contains(&at) || (110..200).contains(&at) || (260..300).contains(&at);
    life.live(|at, chance| (!is_away(at), chance < 35), &[]);
    assert!(life.seen.contains("another"), "{:?}", life.seen);
}
