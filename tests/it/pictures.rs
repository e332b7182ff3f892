//! Pictures of the real output, for the README and the docs: they can't go stale.
//!
//! `SNAPSHOTS=overwrite cargo test pictures` draws them again.

use std::path::Path;

use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

use crate::home::Home;

/// What is pictured, each under its name in `docs/pictures`.
const PICTURES: [(&str, &[&str]); 4] =
    [("today", &["today"]), ("week", &["week"]), ("year", &["year"]), ("why", &["why"])];

#[test]
fn pictures_show_what_is_printed() {
    let home = Home::new();
    home.write("journal.jsonl", a_year());
    home.write(
        "plans.jsonl",
        "{\"id\":\"r\",\"day\":\"2026-08-01\",\"event\":\"rest\",\"from\":\"2026-08-03\",\"until\":\"2026-08-16\"}\n",
    );
    // Drawn and not yet done, so that the week and the year are of one moment.
    home.ok(&["today"]);
    for (name, args) in PICTURES {
        let mut command = home.command(&[args, &["--color", "always"]].concat());
        let output = command.env("COLORTERM", "truecolor").env("COLUMNS", "72").output().unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/pictures/{name}.svg"));
        let picture = Data::read_from(&path, Some(DataFormat::TermSvg));
        Assert::new().action_env("SNAPSHOTS").eq(String::from_utf8(output.stdout).unwrap(), picture);
    }
}

/// A year of someone who began in spring, paused in summer, and is at it again.
fn a_year() -> String {
    const CATEGORIES: [&str; 6] = ["turning-toward", "names", "validations", "remembering", "tone", "appreciation"];
    const OFFERED: [(&str, &str); 6] = [
        ("turn-best-bit", "turning-toward"),
        ("name-spelling", "names"),
        ("validate-ears", "validations"),
        ("remember-date", "remembering"),
        ("tone-soft-start", "tone"),
        ("thank-trait", "appreciation"),
    ];
    const WITH: [&str; 5] = ["Sam", "Ada", "Mum", "José", "Sam"];
    let mut text = String::new();
    let first = chrono::NaiveDate::from_ymd_opt(2026, 2, 9).unwrap();
    let mut number = 7_u32;
    for (place, day) in first.iter_days().take_while(|day| day.to_string().as_str() < "2026-11-22").enumerate() {
        // A small generator, so that the days look lived in and are always the same.
        let mut next = |below: u32| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (number >> 16) % below
        };
        if (174..188).contains(&place) {
            continue;
        }
        let (gesture, category) = OFFERED[place * 5 % 6];
        text += &format!(
            "{{\"id\":\"o{place}\",\"at\":\"{day}T08:00:00+01:00\",\"day\":\"{day}\",\"event\":\"offered\",\
             \"gesture\":\"{gesture}\",\"category\":\"{category}\"}}\n"
        );
        if next(10) < 3 {
            continue;
        }
        let times = [1, 1, 1, 2, 1, 3][next(6) as usize];
        for time in 0..times {
            // Validations have been quiet of late.
            let category = CATEGORIES[next(6) as usize];
            let category = if place > 265 && category == "validations" { "tone" } else { category };
            let with = WITH[next(5) as usize];
            let note = if place == 282 { ",\"note\":\"he told me about the move\"" } else { "" };
            text += &format!(
                "{{\"id\":\"p{place}t{time}\",\"at\":\"{day}T1{time}:40:52+01:00\",\"day\":\"{day}\",\"event\":\"done\",\
                 \"category\":\"{category}\",\"with\":[\"{with}\"]{note}}}\n"
            );
        }
    }
    text
}
