use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::journal::sample::day;
use crate::journal::{Act, Done, Lines};

fn event(id: usize, on: &str, what: What) -> (Event, Vec<u8>) {
    (Event { id: format!("e{id}").into(), at: None, day: day(on), what }, Vec::new())
}

/// `DAY remembered WHO ON [EVERY]`, `DAY renamed FROM TO`, `DAY rest FROM UNTIL`, `DAY undone ID`, `DAY with NAME`, and of a
/// follow-up `DAY offered|swapped|done ID FOR [UNTIL]`; ids are `e0`, `e1` … by line.
fn log(text: &str, today: &str) -> Log {
    let (mut journal, mut plans) = (Lines::default(), Lines::default());
    for (place, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let prompt = || Prompt::FollowUp { id: words[2].into(), due: day(words[3]) };
        let what = match words[1] {
            "remembered" => What::Remembered(FollowUp {
                who: words[2].to_owned(),
                what: "the move".to_owned(),
                on: day(words[3]),
                every: words.get(4).map(|every| Every::WORDS.iter().find(|(word, _)| word == every).unwrap().1),
            }),
            "renamed" => What::Renamed { from: words[2].to_owned(), to: words[3].to_owned() },
            "rest" => What::Rest { from: day(words[2]), until: day(words[3]) },
            "undone" => What::Undone { of: words[2].into() },
            "offered" => What::Offered { prompt: prompt(), why: None, unseen: false },
            "swapped" => What::Swapped { prompt: prompt(), until: words.get(4).map(|until| day(until)) },
            "done" => What::Done(Done::new(Act::Prompt(prompt()))),
            "with" => What::Done(Done { with: vec![words[2].to_owned()], ..Done::new(Act::Own("names".into())) }),
            other => panic!("no such event: {other}"),
        };
        let book =
            if matches!(words[1], "remembered" | "renamed" | "rest" | "undone") { &mut plans } else { &mut journal };
        book.extend([event(place, words[0], what)]);
    }
    Log::new(journal, plans, Day::MIN, day(today))
}

#[test]
fn a_name_is_one_by_any_case_and_form() {
    #[track_caller]
    fn check(one: &str, other: &str, same: bool) {
        assert_eq!(key(one) == key(other), same, "{one} {other}");
    }
    check("Sam", "sam", true);
    check("Zoë", "ZOE\u{308}", true);
    check("José", "Jose", false);
    check("O'Brien", "o'brien", true);
    check("Aunt May", "aunt  may ", true);
    check("村上", "村上", true);
    check("İnci", "i\u{307}nci", true);
    check("Ada 🌱", "ada 🌱", true);
    check("Ada 🌱", "Ada", false);
    check("ǅ", "ǆ", true);
}

#[test]
fn a_person_is_shown_by_the_latest_rename_or_by_the_usual_spelling() {
    #[track_caller]
    fn check(text: &str, name: &str, person: &str, shown: &str) {
        let log = log(text, "2026-11-30");
        let people = People::new(&log, []);
        assert_eq!((people.person(name).as_str(), people.shown(name)), (person, shown), "{text}");
    }
    check("", "Sam", "sam", "Sam");
    let spelt = "2026-11-01 with sam\n2026-11-02 with Sam\n2026-11-03 with Sam\n2026-11-04 with SAM";
    check(spelt, "sAM", "sam", "Sam");
    // As often, the latest.
    check("2026-11-01 with sam\n2026-11-02 with Sam", "SAM", "sam", "Sam");
    let renamed = format!("{spelt}\n2026-11-05 renamed Sma Sam\n2026-11-06 renamed sam Samuel");
    for name in ["Sma", "sam", "SAMUEL"] {
        check(&renamed, name, "samuel", "Samuel");
    }
    // Taken back, it is as before.
    check(&format!("{renamed}\n2026-11-07 undone e5"), "Sma", "sam", "Sam");
    // Back again, and a third who becomes the first.
    let back = "2026-11-05 renamed Ada Ann\n2026-11-06 renamed Ann Ada";
    check(back, "ann", "ada", "Ada");
    check(&format!("{back}\n2026-11-07 renamed Di ann"), "Di", "ada", "ann");
}

#[test]
fn occurrences_are_counted_from_the_first() {
    #[track_caller]
    fn check(on: &str, every: Option<Every>, at: &str, latest: Option<&str>, next: Option<&str>) {
        let follow_up = FollowUp { who: String::new(), what: String::new(), on: day(on), every };
        let found = (follow_up.latest(day(at)), follow_up.next(day(at)));
        assert_eq!(found, (latest.map(day), next.map(day)), "{on} {at}");
    }
    let (year, month, week) = (Some(Every::Year), Some(Every::Month), Some(Every::Week));
    check("2026-11-26", None, "2026-11-25", None, Some("2026-11-26"));
    check("2026-11-26", None, "2026-11-26", Some("2026-11-26"), None);
    check("2026-01-31", month, "2026-03-30", Some("2026-02-28"), Some("2026-03-31"));
    check("2026-01-31", month, "2026-03-31", Some("2026-03-31"), Some("2026-04-30"));
    check("2024-02-29", year, "2026-02-28", Some("2026-02-28"), Some("2027-02-28"));
    check("2024-02-29", year, "2028-02-28", Some("2027-02-28"), Some("2028-02-29"));
    check("1990-04-12", year, "2026-04-11", Some("2025-04-12"), Some("2026-04-12"));
    check("2026-11-26", week, "2026-12-09", Some("2026-12-03"), Some("2026-12-10"));
    check("9999-06-01", year, "9999-12-31", Some("9999-06-01"), Some("+10000-06-01").filter(|_| false));
}

#[test]
fn a_follow_up_is_due_from_its_day_on_for_a_while() {
    #[track_caller]
    fn check(text: &str, today: &str, expected: &[&str]) {
        let log = log(text, today);
        let due: Vec<String> =
            due(&log, day(today)).iter().map(|due| format!("{} {}", due.open.id, due.occurrence)).collect();
        assert_eq!(due, expected, "{text} on {today}");
        let is_read = reads_from(&log, day(today)).is_some();
        assert!(is_read || expected.is_empty());
    }
    let sam = "2026-11-19 remembered Sam 2026-11-26";
    check(sam, "2026-11-25", &[]);
    check(sam, "2026-11-26", &["e0 2026-11-26"]);
    check(sam, "2026-12-24", &["e0 2026-11-26"]);
    check(sam, "2026-12-25", &[]);
    // Days of rest are left out.
    check(&format!("{sam}\n2026-11-27 rest 2026-12-01 2026-12-10"), "2027-01-03", &["e0 2026-11-26"]);
    check(&format!("{sam}\n2026-11-27 rest 2026-12-01 2026-12-10"), "2027-01-04", &[]);
    // Done, in time or early, it is not asked again.
    check(&format!("{sam}\n2026-11-26 done e0 2026-11-26"), "2026-11-27", &[]);
    check(&format!("{sam}\n2026-11-24 done e0 2026-11-26"), "2026-11-26", &[]);
    check(&format!("{sam}\n2026-11-26 undone e0"), "2026-11-26", &[]);
    // Put off, then asked on three days at the most.
    let put_off = format!("{sam}\n2026-11-26 offered e0 2026-11-26\n2026-11-26 swapped e0 2026-11-26 2026-11-30");
    check(&put_off, "2026-11-29", &[]);
    check(&put_off, "2026-11-30", &["e0 2026-11-26"]);
    let offered = |days: &[u32]| {
        let lines = days.iter().map(|day| format!("\n2026-11-{day} offered e0 2026-11-26"));
        lines.fold(sam.to_owned(), |text, line| text + &line)
    };
    check(&offered(&[26, 27, 27]), "2026-11-28", &["e0 2026-11-26"]);
    check(&offered(&[26, 27, 28]), "2026-11-29", &[]);
    // Every year once, however long one was away, and not for a day before it was noted.
    let birthday = "2026-11-19 remembered Ada 1990-11-17 year";
    check(birthday, "2026-11-20", &[]);
    check(birthday, "2027-11-20", &["e0 2027-11-17"]);
    check(birthday, "2029-11-20", &["e0 2029-11-17"]);
    check(&format!("{birthday}\n2027-11-16 done e0 2027-11-17"), "2027-11-18", &[]);
    check(&format!("{birthday}\n2027-11-16 done e0 2027-11-17"), "2028-11-18", &["e0 2028-11-17"]);
    // Today's first, then the earliest, then by id.
    let several = "2026-11-01 remembered A 2026-11-20\n2026-11-01 remembered B 2026-11-22\n\
                   2026-11-01 remembered C 2026-11-18\n2026-11-01 remembered D 2026-11-18";
    let expected = ["e1 2026-11-22", "e2 2026-11-18", "e3 2026-11-18", "e0 2026-11-20"];
    check(several, "2026-11-22", &expected);
}

#[test]
fn somebody_quiet_is_suggested_and_nobody_on_two_days_running() {
    let mut text = String::new();
    for who in ["Ada", "Sam", "Mum"] {
        for number in 1..=3 {
            text += &format!("2026-09-0{number} with {who}\n");
        }
    }
    text += "2026-09-01 with Zoe\n";
    let suggested = |text: &str| -> Vec<Option<String>> {
        let log = log(text, "2026-12-01");
        let people = People::new(&log, []);
        let days = calendar::days(day("2026-09-01"), day("2026-11-30"));
        days.map(|day| perhaps(&log, &people, day).map(str::to_owned)).collect()
    };
    let days = suggested(&text);
    assert!(days[..20].iter().all(Option::is_none));
    for who in ["Ada", "Sam", "Mum"] {
        assert!(days.iter().any(|day| day.as_deref() == Some(who)), "{who}");
    }
    assert!(days.iter().all(|day| day.as_deref() != Some("Zoe")));
    assert!(days.windows(2).all(|days| days[0].is_none() || days[0] != days[1]), "{days:?}");
    // Alone, somebody comes every other day.
    let alone = suggested("2026-09-01 with Ada\n2026-09-02 with ada\n2026-09-03 with Ada");
    assert!(alone.iter().flatten().count() > 20);
    assert!(alone.windows(2).all(|days| days[0].is_none() || days[0] != days[1]), "{alone:?}");
}

#[test]
fn a_done_closes_the_occurrence_that_is_meant() {
    #[track_caller]
    fn check(text: &str, today: &str, to_close: Option<&str>, next: Option<&str>) {
        let log = log(text, today);
        let open = open(&log).next().unwrap();
        let found = (open.to_close(&log, day(today)), open.next(&log, day(today)));
        assert_eq!(found, (to_close.map(day), next.map(day)), "{text} on {today}");
    }
    let sam = "2026-11-19 remembered Sam 2026-11-26";
    check(sam, "2026-11-20", Some("2026-11-26"), Some("2026-11-26"));
    check(sam, "2026-11-27", Some("2026-11-26"), Some("2026-11-27"));
    check(&format!("{sam}\n2026-11-20 done e0 2026-11-26"), "2026-11-27", None, None);
    let ada = "2026-11-19 remembered Ada 1990-12-01 year";
    check(ada, "2026-11-20", Some("2026-12-01"), Some("2026-12-01"));
    check(&format!("{ada}\n2026-11-20 done e0 2026-12-01"), "2026-11-20", Some("2027-12-01"), Some("2027-12-01"));
    check(&format!("{ada}\n2026-12-02 done e0 2026-12-01"), "2026-12-02", Some("2027-12-01"), Some("2027-12-01"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is looked at on whatever days: an occurrence is asked on three days at most and not after its `done`, and
    /// with no more than two others due it comes at all within 28 days if anyone looks on four of them.
    #[test]
    fn an_occurrence_is_asked_a_few_times_and_comes(
        ons in prop::collection::vec((0..60_u32, prop::option::of(0..3_usize)), 1..4),
        looks in prop::collection::btree_set(0..120_u32, 1..90),
        answers in prop::collection::vec(0..4_u32, 120),
    ) {
        let first = day("2026-01-01");
        let on_day = |number: u32| calendar::forward(first, number).to_string();
        let mut text = String::new();
        for (place, (on, every)) in ons.iter().enumerate() {
            let every = every.map_or("", |every| Every::WORDS[every].0);
            text += &format!("2026-01-01 remembered P{place} {} {every}\n", on_day(*on));
        }
        let mut asked: BTreeMap<(String, Day), Vec<u32>> = BTreeMap::new();
        for number in &looks {
            let today = on_day(*number);
            let log = log(&text, &today);
            let Some(due) = due(&log, day(&today)).into_iter().next() else {
                continue;
            };
            let (id, occurrence) = (due.open.id.to_string(), due.occurrence);
            prop_assert!(!due.open.is_closed(&log, occurrence));
            asked.entry((id.clone(), occurrence)).or_default().push(*number);
            text += &format!("{today} offered {id} {occurrence}\n");
            match answers[usize::try_from(*number).unwrap()] {
                0 => text += &format!("{today} done {id} {occurrence}\n"),
                1 => text += &format!("{today} swapped {id} {occurrence}\n"),
                _ => {}
            }
        }
        for (occurrence, days) in &asked {
            prop_assert!(days.len() <= 3, "{occurrence:?} {days:?}");
        }
        // One that comes once, with at most two others, where somebody looked on seven days of its 28.
        for (place, (on, every)) in ons.iter().enumerate().filter(|(_, (_, every))| every.is_none()) {
            let looked = looks.range(*on..=on + 28).count();
            let is_asked = asked.contains_key(&(format!("e{place}"), day(&on_day(*on))));
            let others_come_once = ons.iter().all(|(_, every)| every.is_none());
            prop_assert!(is_asked || looked < 7 || !others_come_once, "{on} {every:?} {looked}");
        }
    }
}
