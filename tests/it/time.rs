//! Days, weeks and time zones.

use crate::home::Home;

#[test]
fn the_night_belongs_to_the_evening_before() {
    let mut home = Home::new();
    home.seen_at("2026-11-22T23:30:00+01:00", &["done"]);
    home.now = "2026-11-23T01:30:00+01:00".to_owned();
    assert_eq!(home.json(&["today"])["day"], "2026-11-22");
    assert!(home.seen(&["done"]).contains("already logged"));
    home.write("config.toml", "day_starts = \"00:00\"\n");
    assert_eq!(home.json(&["today"])["day"], "2026-11-23");
}

#[test]
fn a_week_begins_where_the_config_says() {
    let home = Home::new();
    home.seen(&["done"]);
    assert_eq!(home.json(&["week"])["from"], "2026-11-16");
    home.write("config.toml", "week_starts = \"sun\"\n");
    let week = home.json(&["week"]);
    assert_eq!((week["week"].as_str(), week["from"].as_str()), (Some("2026-W48"), Some("2026-11-22")));
    assert_eq!(home.json(&["week", "last"])["to"], "2026-11-21");
    assert_eq!(home.json(&["week", "2026-W48"])["from"], "2026-11-22");
}

/// The same days, lived at home and on the road: across both changes of the clocks and the date line.
#[test]
fn travel_and_daylight_saving_move_nothing() {
    let streak = |offsets: &[&str]| {
        let mut home = Home::new();
        let mut day = chrono::NaiveDate::from_ymd_opt(2026, 3, 20).unwrap();
        for number in 0..20 {
            let offset = offsets[number % offsets.len()];
            home.seen_at(&format!("{day}T22:45:00{offset}"), &["done"]);
            day = day.succ_opt().unwrap();
        }
        home.json(&["week", "2026-04-08"])["streak"].clone()
    };
    let at_home = streak(&["+01:00"]);
    assert_eq!(at_home["days"], 20);
    assert_eq!(streak(&["+01:00", "+02:00"]), at_home);
    assert_eq!(streak(&["+13:00", "-11:00", "+05:45"]), at_home);
}

#[test]
fn a_moment_without_an_offset_is_in_the_systems_zone() {
    let home = Home::new();
    for (zone, now, at) in [
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T03:30:00.000+02:00"),
        ("Europe/Berlin", "2026-07-01T12:00:00", "2026-07-01T12:00:00.000+02:00"),
        ("America/New_York", "2026-11-22T12:00:00", "2026-11-22T12:00:00.000-05:00"),
    ] {
        let output =
            home.command(&["done", "-c", "tone", "--json"]).env("TZ", zone).env("NUDGE_NOW", now).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(out.contains(&format!("\"at\":\"{at}\"")), "{zone} {now}: {out}");
    }
}

#[test]
fn a_return_after_a_gap_is_welcome() {
    let mut home = Home::new();
    home.seen(&["done"]);
    assert!(!home.at("2026-11-27T12:00:00Z", &[]).contains("Good to see you"));
    assert!(home.at("2027-01-27T12:00:00Z", &[]).contains("Good to see you. Here is today's."));
    // However long it took: only the first time of all is a first time.
    let back = home.at("2029-01-27T12:00:00Z", &[]);
    assert!(back.contains("Good to see you.") && !back.contains("Welcome"), "{back}");
    home.now = "2027-01-27T12:00:00Z".to_owned();
    let week = home.ok(&["week"]);
    for word in ["lost", "failed", "missed", " 0 "] {
        assert!(!week.contains(word), "{week}");
    }
}
