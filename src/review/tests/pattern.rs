//! What a week suggests.

use super::*;
use crate::journal::sample::{day, log};

fn about(id: &str, days: impl Into<Option<u32>>) -> Pattern {
    Pattern::Category { id: id.to_owned(), days: days.into(), is_new: false }
}

/// What each of the weeks suggests, seen on its last day.
#[track_caller]
fn check(text: &str, categories: &[&str], last_days: &[&str], expected: &[Option<Pattern>]) {
    let found: Vec<Option<Pattern>> = last_days
        .iter()
        .map(|today| {
            let today = day(today);
            let log = log(text, today);
            let days = Days::new(&log, today, GOAL);
            let suggest = Suggest { categories, ..Suggest::default() };
            review(&log, &days, Week::of(today, Weekday::Mon), categories, &suggest).pattern
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

const TWO: [&str; 2] = ["names", "tone"];

#[test]
fn no_sentence_comes_three_weeks_running() {
    let text = "2026-06-01 done - names\n2026-06-02 done - tone\n2026-06-03 done - other";
    let weeks = ["2026-08-02", "2026-08-09", "2026-08-16", "2026-08-23", "2026-08-30"];
    let names = |names: u32| Some(about("names", names));
    let tone = |tone: u32| Some(about("tone", tone));
    check(text, &TWO, &weeks, &[names(62), tone(68), names(76), tone(82), names(90)]);
    // With one alone every second week says nothing.
    check(text, &["names"], &weeks[..3], &[names(62), None, names(76)]);
}

#[test]
fn rest_is_not_quiet_and_suggests_nothing() {
    // Two of the twenty-one days were rest.
    let text = "2026-11-01 done - tone\n2026-11-22 done - names\n2026-11-01 rest 2026-11-10 2026-11-11";
    check(text, &["tone"], &["2026-11-22"], &[Some(about("tone", 19))]);
    let resting = "2026-10-01 done - tone\n2026-11-01 rest 2026-11-16 2026-11-19";
    check(resting, &["tone"], &["2026-11-22"], &[None]);
    // Today rests: it is asked for nothing.
    let today = "2026-10-01 done - tone\n2026-11-01 rest 2026-11-22 2026-11-30";
    check(today, &["tone"], &["2026-11-22"], &[None]);
    // With something done on a day of rest it is no longer one.
    check(&format!("{today}\n2026-11-22 done - names"), &["tone"], &["2026-11-22"], &[Some(about("tone", 51))]);
}

#[test]
fn where_most_are_quiet_none_comes_first() {
    let text = "2026-10-01 done - other\n2026-10-01 done - d";
    let four = ["a", "b", "c", "d"];
    check(text, &four, &["2026-11-22", "2026-11-29"], &[Some(Pattern::MostQuiet), Some(about("a", None))]);
    check(text, &four[1..], &["2026-11-22"], &[Some(about("b", None))]);
}

#[test]
fn what_was_swapped_away_is_not_asked_for_again() {
    let swap = |day: &str| format!("{day} offered t{day} tone\n{day} swapped t{day} tone\n");
    let kept = "2026-11-10 offered t tone\n";
    let begun = "2026-10-01 done - names\n2026-11-20 done - names\n";
    let three = [begun, &swap("2026-11-02"), &swap("2026-11-04"), &swap("2026-11-06"), kept].concat();
    let away = Pattern::SwappedAway { id: "tone".to_owned() };
    check(&three, &TWO, &["2026-11-22"], &[Some(away)]);
    // Three offers are too few to tell, and of the last four it has to be three.
    let two = [begun, &swap("2026-11-02"), &swap("2026-11-04"), kept].concat();
    check(&two, &TWO, &["2026-11-22"], &[Some(about("tone", None))]);
    let earlier = [&three, "2026-11-11 offered u tone\n", "2026-11-12 offered v tone\n"].concat();
    check(&earlier, &TWO, &["2026-11-22"], &[Some(about("tone", None))]);
}

#[test]
fn a_week_behind_suggests_what_still_holds() {
    let text = "2026-10-01 done - tone\n2026-10-01 done - names\n2026-11-22 done - other";
    let at = |text: &str| {
        let today = day("2026-11-23");
        let log = log(text, today);
        let days = Days::new(&log, today, GOAL);
        let suggest = Suggest { categories: &TWO, ..Suggest::default() };
        review(&log, &days, Week::of(day("2026-11-22"), Weekday::Mon), &TWO, &suggest).pattern
    };
    assert_eq!(at(text), Some(about("names", 52)));
    assert_eq!(at(&format!("{text}\n2026-11-23 done - names")), Some(about("tone", 52)));
}

#[test]
fn a_first_time_is_told_where_it_is_known() {
    let today = day("2026-11-22");
    let log = log("2026-10-01 done - tone", today);
    let days = Days::new(&log, today, GOAL);
    let suggest = Suggest { categories: &["names"], never_done: &["names"], ..Suggest::default() };
    let review = review(&log, &days, Week::of(today, Weekday::Mon), &TWO, &suggest);
    let first_time = Pattern::Category { id: "names".to_owned(), days: None, is_new: true };
    assert_eq!(
        (review.pattern, review.categories[0].is_new, review.categories[1].is_new),
        (Some(first_time), true, false)
    );
}
