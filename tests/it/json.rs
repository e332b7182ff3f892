//! `docs/json.md` shows the shapes that the program prints.

use serde_json::Value;

use crate::doors::typed;
use crate::home::Home;

/// The commands of the page, each with the value that stands under it.
fn documented() -> Vec<(String, Value)> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    let sections = page.split("\n### `").skip(1).filter_map(|section| {
        let (command, rest) = section.split_once('`')?;
        let shape = rest.split_once("```json\n")?.1.split_once("```")?.0;
        let shape = serde_json::from_str(shape).unwrap_or_else(|error| panic!("{command}: {error}"));
        Some((command.to_owned(), shape))
    });
    sections.collect()
}

/// Holds that two values have the same keys and kinds; `null` stands for anything.
#[track_caller]
fn same_shape(command: &str, path: &str, documented: &Value, printed: &Value) {
    match (documented, printed) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(a), Value::Object(b)) => {
            let keys = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(a), keys(b), "`{command}` {path}: the page, then the program");
            a.iter().for_each(|(key, value)| same_shape(command, &format!("{path}.{key}"), value, &b[key]));
        }
        (Value::Array(a), Value::Array(b)) => {
            if let (Some(a), Some(b)) = (a.first(), b.first()) {
                same_shape(command, &format!("{path}[]"), a, b);
            }
        }
        _ => {
            let kind = |value: &Value| (value.is_string(), value.is_number(), value.is_boolean());
            assert_eq!(kind(documented), kind(printed), "`{command}` {path}: {documented} and {printed}");
        }
    }
}

/// A home in which there is something of everything.
fn full() -> Home {
    let mut home = Home::new();
    home.at("2026-11-19T09:00:00+01:00", &["remember", "Sam", "the move", "--on", "2026-11-27"]);
    home.at("2026-11-20T09:00:00+01:00", &["today"]);
    home.ok(&["done", "-w", "Sam", "-m", "about the move"]);
    home.at("2026-11-22T12:00:00+01:00", &["today"]);
    home.write("copy.jsonl", "{\"id\":\"c\",\"day\":\"2026-11-19\",\"event\":\"done\",\"category\":\"tone\"}\n");
    home
}

#[test]
fn every_shape_is_as_the_page_has_it() {
    let documented = documented();
    for (command, shape) in &documented {
        let home = full();
        if command.starts_with("nudge undo") {
            // Bare, it takes back what was logged today.
            home.ok(&["done"]);
        }
        if command.starts_with("nudge sync") {
            if !*crate::sync::HAS_GIT {
                continue;
            }
            home.ok(&["sync", "--init"]);
        }
        let command = command.replace("COPY", &home.path().join("copy.jsonl").display().to_string());
        let args = typed(&command);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let call = home.run(&args);
        assert_eq!(call.code, Some(0), "{command}: {call:?}");
        let line = call.out.lines().last().unwrap_or_else(|| panic!("{command} prints nothing"));
        same_shape(&command, "", shape, &serde_json::from_str(line).unwrap());
    }
    // No command that shows or writes data is left out.
    let commands: Vec<&str> = documented.iter().filter_map(|(command, _)| command.split(' ').nth(1)).collect();
    for command in [
        "today",
        "another",
        "done",
        "amend",
        "rest",
        "undo",
        "remember",
        "people",
        "week",
        "year",
        "journal",
        "why",
        "catalogue",
        "config",
        "export",
        "remind",
        "doctor",
        "merge",
        "sync",
    ] {
        assert!(commands.contains(&command), "{command} is not on the page");
    }
}

/// As the page says: what was written is printed, and where nothing had to be, nothing is.
#[test]
fn a_script_can_tell_logged_from_logged_already() {
    let home = Home::new();
    home.ok(&["today"]);
    assert_eq!(home.ok(&["done", "--json"]).lines().count(), 1);
    assert_eq!(home.ok(&["done", "--json"]), "");
    let other = Home::new();
    // It had not been seen: it is shown, and not logged.
    let call = other.run(&["done", "--json"]);
    assert!(call.code == Some(1) && call.out.contains("\"event\":\"offered\""), "{call:?}");
}
