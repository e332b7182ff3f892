#![allow(clippy::needless_pass_by_value, reason = "a table's rows hold values")]

mod model;
mod pattern;

use super::*;
use crate::journal::sample::{day, log};

const GOAL: Goal = Goal { days_per_week: 5, week_starts: Weekday::Mon };

/// A log in which something was done on these days, with these rests.
fn lived(done: &[&str], rests: &[(&str, &str)], today: Day) -> Log {
    let done: Vec<String> = done.iter().map(|day| format!("{day} done - tone")).collect();
    let rests: Vec<String> = rests.iter().map(|(from, until)| format!("2020-01-01 rest {from} {until}")).collect();
    log(&[done, rests].concat().join("\n"), today)
}

/// Days that follow one another, from `from` to `until`.
fn each(from: &str, until: &str) -> Vec<String> {
    calendar::days(day(from), day(until)).map(|day| day.to_string()).collect()
}

/// The states of a week as letters, then whether it was kept, then the streak up to its end or today,
/// then the last 28 days.
#[track_caller]
fn check(
    done: &[&str],
    rests: &[(&str, &str)],
    today: &str,
    goal: Goal,
    expected: (&str, Option<bool>, (u32, u32), (u32, u32)),
) {
    let today = day(today);
    check_week(done, rests, today, Week::of(today, goal.week_starts), goal, expected);
}

#[track_caller]
fn check_week(
    done: &[&str],
    rests: &[(&str, &str)],
    today: Day,
    week: Week,
    goal: Goal,
    expected: (&str, Option<bool>, (u32, u32), (u32, u32)),
) {
    let log = lived(done, rests, today);
    let days = Days::new(&log, today, goal);
    let states: Vec<&str> = days
        .week(week)
        .into_iter()
        .map(|day| match day.state {
            State::Done => "D",
            State::Spare => "s",
            State::Missed => "M",
            State::Rest => "r",
            State::Open => "o",
            State::Future => "f",
            State::Before => "b",
        })
        .collect();
    let as_of = week.last().min(today);
    let streak = days.streak(as_of);
    let found = (states.concat(), days.kept(week), (streak.days, streak.weeks), last_28(&days, as_of));
    assert_eq!((found.0.as_str(), found.1, found.2, found.3), expected);
}

fn last_28(days: &Days, as_of: Day) -> (u32, u32) {
    let last = days.last_28(as_of);
    (last.done, last.of)
}

#[test]
fn the_first_day() {
    // Tuesday: nothing done yet, then something done.
    check(&[], &[], "2026-11-24", GOAL, ("bofffff", None, (0, 0), (0, 0)));
    check(&["2026-11-24"], &[], "2026-11-24", GOAL, ("bDfffff", None, (1, 0), (1, 1)));
}

#[test]
fn looking_without_doing_is_no_miss() {
    let today = day("2026-11-24");
    let looked: Vec<String> =
        each("2026-11-10", "2026-11-24").iter().map(|day| format!("{day} offered a tone")).collect();
    let log = log(&(looked.join("\n") + "\n2026-11-24 done a tone"), today);
    let days = Days::new(&log, today, GOAL);
    assert_eq!(days.first(), Some(today));
    assert!(days.week(Week::of(day("2026-11-17"), Weekday::Mon)).iter().all(|day| day.state == State::Before));
    assert_eq!((days.streak(today), last_28(&days, today)), (Streak { days: 1, weeks: 0 }, (1, 1)));
}

#[test]
fn a_week_forgives_two_misses_and_no_third() {
    let done = ["2026-11-16", "2026-11-18", "2026-11-19", "2026-11-21", "2026-11-22"];
    check(&done, &[], "2026-11-22", GOAL, ("DsDDsDD", Some(true), (5, 1), (5, 7)));
    let done = ["2026-11-16", "2026-11-18", "2026-11-22"];
    check(&done, &[], "2026-11-22", GOAL, ("DsDsMMD", Some(false), (1, 0), (3, 7)));
    // The running week: open today, undecided until five days are done.
    let done = ["2026-11-16", "2026-11-17"];
    check(&done, &[], "2026-11-18", GOAL, ("DDoffff", None, (2, 0), (2, 2)));
    let done = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
    check(&done, &[], "2026-11-20", GOAL, ("DDDDDff", Some(true), (5, 1), (5, 5)));
    // A goal of every day leaves no spare day.
    let daily = Goal { days_per_week: 7, ..GOAL };
    check(&["2026-11-16", "2026-11-18"], &[], "2026-11-18", daily, ("DMDffff", Some(false), (1, 0), (2, 3)));
}

#[test]
fn rest_over_a_weeks_edge_freezes_both() {
    let mut done = each("2026-11-09", "2026-11-13");
    done.extend(each("2026-11-18", "2026-11-20"));
    let done: Vec<&str> = done.iter().map(String::as_str).collect();
    let rest = [("2026-11-14", "2026-11-17")];
    check(&done, &rest, "2026-11-20", GOAL, ("rrDDDff", Some(true), (8, 2), (8, 8)));
    // A week of rest alone is kept, and passed over by the streak.
    let rest = [("2026-11-16", "2026-11-22")];
    let mut done = each("2026-11-09", "2026-11-15");
    done.push("2026-11-23".to_owned());
    let done: Vec<&str> = done.iter().map(String::as_str).collect();
    check(&done, &rest, "2026-11-23", GOAL, ("Dffffff", None, (8, 1), (8, 8)));
    let week = Week::of(day("2026-11-16"), Weekday::Mon);
    check_week(&done, &rest, day("2026-11-23"), week, GOAL, ("rrrrrrr", Some(true), (7, 1), (7, 7)));
    // Something done on a day of rest is done.
    check(&["2026-11-20"], &[("2026-11-20", "2026-11-22")], "2026-11-21", GOAL, ("bbbbDrr", None, (1, 0), (1, 1)));
}

#[test]
fn back_logging_mends_a_streak() {
    let mut done = each("2026-11-09", "2026-11-15");
    done.extend(["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"].map(str::to_owned));
    let broken: Vec<&str> = done.iter().map(String::as_str).collect();
    check(&broken, &[], "2026-11-22", GOAL, ("ssMDDDD", Some(false), (4, 0), (11, 14)));
    done.push("2026-11-16".to_owned());
    let mended: Vec<&str> = done.iter().map(String::as_str).collect();
    check(&mended, &[], "2026-11-22", GOAL, ("DssDDDD", Some(true), (12, 2), (12, 14)));
}

#[test]
fn an_undone_done_was_never_done() {
    let today = day("2026-11-24");
    let log = log("2026-11-23 done - tone\n2026-11-24 done - tone\n2026-11-23 undone e0", today);
    let days = Days::new(&log, today, GOAL);
    assert_eq!((days.first(), days.streak(today).days), (Some(today), 1));
}

#[test]
fn weeks_that_begin_on_sunday_and_years_that_end() {
    let sunday = Goal { week_starts: Weekday::Sun, ..GOAL };
    check(&["2026-11-22", "2026-11-24"], &[], "2026-11-24", sunday, ("DsDffff", None, (2, 0), (2, 3)));
    check(&["2026-12-31", "2027-01-01"], &[], "2027-01-01", GOAL, ("bbbDDff", None, (2, 0), (2, 2)));
    check(&["2024-02-28", "2024-02-29", "2024-03-01"], &[], "2024-03-01", GOAL, ("bbDDDff", None, (3, 0), (3, 3)));
}

#[test]
fn a_past_week_is_seen_as_of_its_last_day() {
    let done = ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13", "2026-11-23"];
    let week = Week::of(day("2026-11-09"), Weekday::Mon);
    check_week(&done, &[], day("2026-11-24"), week, GOAL, ("DDDDDss", Some(true), (5, 1), (5, 7)));
    // Before the beginning, and to come.
    check_week(&done, &[], day("2026-11-24"), week.back(1), GOAL, ("bbbbbbb", None, (0, 0), (0, 0)));
    let next = Week { first: day("2026-11-30") };
    check_week(&done, &[], day("2026-11-24"), next, GOAL, ("fffffff", None, (1, 0), (6, 15)));
}

#[test]
fn a_week_is_decided_by_what_was_done_in_it() {
    // A week whose first day with an entry is a Friday, and a weekend to spare.
    let friday = Week::of(day("2026-11-13"), Weekday::Mon);
    check_week(&["2026-11-13"], &[], day("2026-11-24"), friday, GOAL, ("bbbbDss", Some(true), (1, 1), (1, 3)));
    // Rest alone keeps no running week: it is decided once something is done.
    let rest = [("2026-11-16", "2026-11-20")];
    check(&["2026-11-15"], &rest, "2026-11-21", GOAL, ("rrrrrof", None, (1, 1), (1, 1)));
    check(&["2026-11-15", "2026-11-21"], &rest, "2026-11-21", GOAL, ("rrrrrDf", Some(true), (2, 2), (2, 2)));
}

#[test]
fn twenty_eight_days_are_counted_and_not_one_more() {
    #[track_caller]
    fn check(done: &str, expected: (u32, u32)) {
        let today = day("2026-11-22");
        let log = lived(&[done], &[], today);
        assert_eq!(last_28(&Days::new(&log, today, GOAL), today), expected, "{done}");
    }
    // Today is open and does not count; the first day of all is the first that does.
    check("2026-10-26", (1, 27));
    check("2026-10-25", (0, 27));
    check("2026-11-01", (1, 21));
}

#[test]
fn a_streak_ends_where_a_day_was_missed() {
    // Done to the 8th, then nothing from Monday the 9th to Saturday, and again from the 15th.
    let mut done = each("2026-10-01", "2026-11-08");
    done.extend(each("2026-11-15", "2026-11-22"));
    let done: Vec<&str> = done.iter().map(String::as_str).collect();
    let today = day("2026-11-22");
    let log = lived(&done, &[], today);
    let days = Days::new(&log, today, GOAL);
    let ends = |as_of: &str, from: &str| days.streak_ends(day(as_of), day(from));
    assert!(ends("2026-11-22", "2026-11-09"), "the week of the missed days is there whole");
    assert!(!ends("2026-11-22", "2026-11-10"), "it is not, so the streak may go on before it");
    assert!(!ends("2026-11-08", "2026-10-05"), "what was missed later does not end it");
    // The first two missed days are to spare: up to the second nothing has ended.
    assert!(!ends("2026-11-10", "2026-10-05"));
    assert!(ends("2026-11-11", "2026-10-05"));
}

#[test]
fn a_long_streak_is_counted_to_its_end() {
    let done = each("2016-01-01", "2026-11-22");
    let today = day("2026-11-22");
    let done: Vec<&str> = done.iter().map(String::as_str).collect();
    let log = lived(&done, &[], today);
    let days = Days::new(&log, today, GOAL);
    assert_eq!(days.streak(today), Streak { days: 3979, weeks: 569 });
    assert_eq!(days.twelve_weeks(today), [7; 12]);
    assert!(!days.streak_ends(today, day("2016-01-04")));
}

/// The longest streak is the greatest that any day saw.
#[test]
fn the_longest_streak_is_one_that_stood() {
    #[track_caller]
    fn check(done: &[&str], rests: &[(&str, &str)], span: (&str, &str), today: &str, expected: (u32, u32)) {
        let today = day(today);
        let log = lived(done, rests, today);
        let days = Days::new(&log, today, GOAL);
        let span = day(span.0)..=day(span.1);
        let longest = days.longest(span.clone());
        assert_eq!((longest.days, longest.weeks), expected);
        // On each day of the span so far, as the running week stands by now.
        let stood = calendar::days(*span.start(), today.min(*span.end())).map(|day| days.streak(day));
        let (most_days, most_weeks) =
            stood.fold((0, 0), |most, streak| (most.0.max(streak.days), most.1.max(streak.weeks)));
        assert_eq!((most_days, most_weeks), expected);
    }
    let year = ("2026-01-01", "2026-12-31");
    check(&[], &[], year, "2026-11-22", (0, 0));
    check(&["2026-11-22"], &[], year, "2026-11-22", (1, 0));
    // Three weeks, a pause, then one.
    let mut done = each("2026-09-07", "2026-09-27");
    done.extend(each("2026-11-16", "2026-11-22"));
    let done: Vec<&str> = done.iter().map(String::as_str).collect();
    check(&done, &[], year, "2026-11-22", (21, 3));
    check(&done, &[("2026-09-28", "2026-11-15")], year, "2026-11-22", (28, 4));
    check(&done, &[], ("2026-10-26", "2026-12-31"), "2026-11-22", (7, 1));
    // It began before the span, and stood in it.
    check(&done, &[], ("2026-09-25", "2026-09-30"), "2026-11-22", (21, 3));
    check(&done, &[], ("2025-01-01", "2025-12-31"), "2026-11-22", (0, 0));
    // It begins later in the running week: none of its days is there yet.
    check(&done, &[], ("2026-11-21", "2026-12-31"), "2026-11-20", (0, 0));
}

#[test]
fn strength_follows_its_formula() {
    #[track_caller]
    fn check(done: &[&str], rests: &[(&str, &str)], today: &str, expected: f64) {
        let today = day(today);
        let log = lived(done, rests, today);
        let strength = Days::new(&log, today, GOAL).strength(today);
        let last = strength.last().map_or(0.0, |(_, strength)| *strength);
        assert!((last - expected).abs() < 1e-6, "{last} {expected}");
    }
    let all = each("2026-01-01", "2026-02-25");
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    for (days, expected) in [(1, 0.008_813), (7, 0.200_113), (14, 0.416_508), (28, 0.689_510), (56, 0.912_083)] {
        check(&all[..days], &[], all[days - 1], expected);
    }
    check(&[], &[], "2026-01-01", 0.0);
    // An open today and a rest leave it as it is.
    check(&all[..7], &[], all[7], 0.200_113);
    check(&all[..7], &[("2026-01-08", "2026-01-10")], "2026-01-10", 0.200_113);
}

#[test]
fn one_pattern_is_worth_a_suggestion() {
    #[track_caller]
    fn check(text: &str, suggest_people: bool, expected: Option<Pattern>) {
        let today = day("2026-11-24");
        let log = log(text, today);
        let days = Days::new(&log, today, GOAL);
        let ids = ["names", "tone"];
        let found = {
            let suggest = Suggest { categories: &ids, people: suggest_people, ..Suggest::default() };
            review(&log, &days, Week::of(today, Weekday::Mon), &ids, &suggest).pattern
        };
        assert_eq!(found, expected, "{text}");
    }
    let category = |id: &str, days| Some(Pattern::Category { id: id.to_owned(), days, is_new: false });
    check("", false, None);
    check("2026-11-24 done - tone", false, None);
    check("2026-11-11 done - tone\n2026-11-12 done - names", false, None);
    check("2026-11-10 done - tone\n2026-11-12 done - names", false, category("tone", Some(14)));
    check("2026-11-10 done - tone\n2026-11-09 done - names", false, category("names", Some(15)));
    check("2026-11-10 done - tone\n2026-11-24 done - tone", false, category("names", None));
    let sam = "2026-10-01 done - tone Sam\n2026-10-02 done - tone Sam\n2026-11-03 done - tone Sam\n\
               2026-11-24 done - tone\n2026-11-24 done - names";
    check(sam, false, None);
    check(sam, true, Some(Pattern::Person { who: "Sam".to_owned(), days: 21 }));
    check(&sam.replace("2026-10-01", "2026-11-04"), true, None);
}

#[test]
fn a_review_counts_categories_people_and_notes_of_its_week() {
    let today = day("2026-11-24");
    let text = "2026-11-22 done - names Ada\n2026-11-23 done - tone Sam\n2026-11-24 done - tone Sam Ada\n2026-11-24 done - tone Zoe";
    let log = log(text, today);
    let days = Days::new(&log, today, GOAL);
    let review = review(&log, &days, Week::of(today, Weekday::Mon), &["names", "tone", "new"], &Suggest::default());
    let of = |id: &str, done, quiet_days| CategoryWeek { id: id.to_owned(), done, quiet_days, is_new: false };
    assert_eq!(review.categories, [of("names", 0, Some(2)), of("tone", 3, Some(0)), of("new", 0, None)]);
    let people: Vec<(&str, u32)> = review.people.iter().map(|person| (person.who.as_str(), person.done)).collect();
    assert_eq!(people, [("Sam", 2), ("Ada", 1), ("Zoe", 1)]);
    assert_eq!(review.days[1], DayState { day: today, state: State::Done, done: 2 });
}

#[test]
fn a_week_tells_its_spare_days_and_how_far_back_it_looks() {
    #[track_caller]
    fn check(done: &[&str], spare: (u32, u32)) {
        let today = day("2026-11-22");
        let log = lived(done, &[], today);
        let days = Days::new(&log, today, GOAL);
        let review = review(&log, &days, Week::of(today, Weekday::Mon), &[], &Suggest::default());
        assert_eq!((review.spare.used, review.spare.left), spare, "{done:?}");
    }
    check(&["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"], (0, 2));
    check(&["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"], (1, 1));
    check(&["2026-11-16", "2026-11-17"], (2, 0));
    // Twelve weeks, the week's own the last of them; and sixteen before it.
    let week = Week::of(day("2026-11-22"), Weekday::Mon);
    assert_eq!([needs_from(week), reads_from(week)], [day("2026-08-31"), day("2026-07-27")]);
}

#[test]
fn a_year_counts_the_days_of_its_span() {
    let today = day("2026-11-10");
    let log = lived(&["2026-10-30", "2026-11-02", "2026-11-02", "2026-11-05"], &[], today);
    let days = Days::new(&log, today, GOAL);
    let year = year(&days, day("2026-11-01")..=day("2026-11-30"), vec![("tone".to_owned(), 3)]);
    assert_eq!((year.days.len(), year.done_days, year.total_done), (30, 2, 3));
    let is = |on: &str, state, done| DayState { day: day(on), state, done };
    assert_eq!(year.days[0], is("2026-11-01", State::Spare, 0));
    assert_eq!(year.days[1], is("2026-11-02", State::Done, 2));
    assert_eq!(year.days[29], is("2026-11-30", State::Future, 0));
    // A strength for each week that has begun: at its end, or today.
    let strength: std::collections::BTreeMap<Day, f64> = days.strength(today).into_iter().collect();
    let weeks: Vec<(Day, f64)> = year.strength_by_week.iter().map(|of| (of.week.first, of.strength)).collect();
    let expected = [("2026-10-26", "2026-11-01"), ("2026-11-02", "2026-11-08"), ("2026-11-09", "2026-11-10")];
    assert_eq!(weeks, expected.map(|(first, on)| (day(first), strength[&day(on)])));
    assert_eq!(Some(&year.strength), strength.values().last());
}

#[test]
fn each_state_has_its_word() {
    let all = [State::Done, State::Spare, State::Missed, State::Rest, State::Open, State::Future, State::Before];
    let words = ["done", "spare", "missed", "rest", "open", "future", "before"];
    assert_eq!(serde_json::to_value(all).unwrap(), serde_json::json!(words));
}
