//! The settings as users write them, and what is said of those that are wrong.

use super::*;

#[test]
fn a_file_that_says_nothing_leaves_the_defaults() {
    assert_eq!(Config::parse("# nothing yet\n"), Ok(Config::default()));
}

#[test]
fn the_readme_shows_every_setting_at_its_default() {
    let (_, rest) = include_str!("../../README.md").split_once("day_starts = ").unwrap();
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
        [remind]
        at = "21:30"
    "#;
    let config = Config {
        day_starts: NaiveTime::MIN,
        week_starts: Weekday::Sun,
        days_per_week: 7,
        swaps: 0,
        weekdays: vec![Place::Work],
        weekends: vec![Place::Text],
        without: vec![Sense::Hearing],
        weights: BTreeMap::from([("tone".to_owned(), Weight { favour: 2, line: 13, column: 9 })]),
        max_level: 1,
        suggest_people: true,
        remind_at: NaiveTime::from_hms_opt(21, 30, 0),
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
        "1:1: unknown key `swap`, expected `day_starts`, `week_starts`, `days_per_week`, `swaps`, `without`, `max_level`, `suggest_people`, `places`, `remind` or `weights`",
    );
    check("days_per_week = 8", "1:17: `days_per_week` is 8, expected 1 to 7");
    check("days_per_week = '5'", "1:17: `days_per_week` must be a whole number, not a value of type string");
    check("day_starts = '24:00'", "1:14: `day_starts` is `24:00`, expected a time from `00:00` to `12:00`");
    check("day_starts = '4:00'", "1:14: `day_starts` is `4:00`, expected a time from `00:00` to `12:00`");
    check("day_starts = '12:01'", "1:14: `day_starts` is `12:01`, expected a time from `00:00` to `12:00`");
    check("[remind]\nat = '24:00'", "2:6: `at` is `24:00`, expected a time such as `09:00`");
    check("week_starts = 'mo'", "1:15: `week_starts` is `mo`, expected a weekday such as `mon` or `sun`");
    check("\nwithout = ['smell']", "2:12: `without` is `smell`, expected `sight`, `hearing`, `speech` or `touch`");
    check("[weights]\ntone = 10", "2:8: `tone` is 10, expected 0 to 9");
    check("[places]\nmondays = ['home']", "2:1: unknown key `mondays`, expected `weekdays` or `weekends`");
    check(
        "[places]\nweekends = ['moon']",
        "2:13: `weekends` is `moon`, expected `home`, `work`, `out`, `remote` or `text`",
    );
    check("days_per_week = ", "1:17: string values must be quoted, expected literal string");
    check("[places]\nweekends = []", "2:12: `weekends` is empty, expected at least one place");
}

#[test]
fn the_template_explains_every_setting_and_changes_none() {
    assert_eq!(Config::parse(TEMPLATE), Ok(Config::default()));
    let uncommented = |line: &'static str| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line);
    let uncommented = TEMPLATE.lines().map(uncommented).collect::<Vec<_>>().join("\n");
    let config = Config::parse(&uncommented).unwrap();
    let lines = lines(&uncommented);
    for key in
        Config::keys(["turning-toward", "names", "validations", "remembering", "tone", "appreciation"].into_iter())
    {
        assert!(lines.contains_key(&key), "{key}");
        if key != "remind.at" {
            assert_eq!(config.value(&key), Config::default().value(&key), "{key}");
        }
    }
    assert!(config.remind_at.is_some());
}
