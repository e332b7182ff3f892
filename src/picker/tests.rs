#![allow(
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "a table's rows hold values, and the slow pick is one recipe"
)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::catalogue::read_over;
use crate::journal::What;
use crate::journal::sample::{self, day};

/// A catalogue of these categories, each with as many gestures: `a0`, `a1` … of `a`.
fn catalogue(categories: &[(&str, usize)]) -> Catalogue {
    let mut text = String::new();
    for (category, gestures) in categories {
        text += &format!("[[category]]\nid = '{category}'\nname = '{category}'\n");
        for number in 0..*gestures {
            text += &format!("[[gesture]]\nid = '{category}{number}'\ncategory = '{category}'\ndo = 'Do it.'\n");
        }
    }
    read_over(&Catalogue::default(), &text).unwrap()
}

fn preferences() -> Preferences {
    Preferences { max_level: 3, ..Preferences::default() }
}

#[test]
fn the_generator_is_the_published_one() {
    let mut generator = generator(Seed::from_number(42), day("2026-01-01"), 1);
    assert_eq!(generator.next_u64(), 0xadb7_c591_d2a5_776f);
}

#[test]
fn a_seed_is_the_bytes_of_an_id() {
    let mut key = [0; 32];
    key[..3].copy_from_slice(b"abc");
    assert_eq!(Seed::from_id("abc"), Seed(key));
    assert_eq!(Seed::from_id(&"x".repeat(40)), Seed([b'x'; 32]));
    key[..3].copy_from_slice(&[1, 2, 0]);
    assert_eq!(Seed::from_number(0x0201), Seed(key));
}

/// Histories whose outcome was worked out by hand: the reason, the weights, and the size of the pool.
#[test]
fn hand_checked_histories() {
    #[track_caller]
    fn check(history: &str, set: impl Fn(&mut Preferences, &mut Filters), expected: (Reason, &[(&str, u64)], usize)) {
        let today = day("2026-03-01");
        let catalogue = catalogue(&[("a", 5), ("b", 5), ("c", 5)]);
        let (mut preferences, mut filters) = (preferences(), Filters::default());
        set(&mut preferences, &mut filters);
        let log = sample::log(history, today);
        let seed = Seed::from_number(7);
        let pick = pick(&Draw {
            catalogue: &catalogue,
            log: &log,
            day: today,
            preferences: &preferences,
            filters: &filters,
            seed,
        })
        .unwrap();
        let weights: Vec<(&str, u64)> = pick.weights.iter().map(|(id, weight)| (id.as_str(), *weight)).collect();
        assert_eq!((pick.reason, weights.as_slice(), pick.pool), expected, "{history}");
    }
    let even = |_: &mut Preferences, _: &mut Filters| {};
    // First use: every age is 1, nothing was missed (1 + 2)² = 9, and all five gestures tie.
    check("", even, (Reason::New, &[("a", 9), ("b", 9), ("c", 9)], 5));
    // Yesterday's category is left out; a was offered once and not done, c never: 2·2² and 3·3².
    // a has one chance in 35/8, and its gesture of last week rests.
    let two = "2026-02-27 offered a0 a\n2026-02-28 offered b0 b\n2026-02-28 done b0 b";
    check(two, even, (Reason::Chance { one_in: 4 }, &[("a", 2 * 4), ("c", 3 * 9)], 4));
    // A category of weight 0 does not count when it comes to what is overdue: after four prompts without it,
    // twice the two that are left, a is.
    let five = "2026-02-24 offered a0 a\n2026-02-25 offered b0 b\n2026-02-26 offered b1 b\n2026-02-27 offered b2 b";
    let without_c =
        |preferences: &mut Preferences, _: &mut Filters| preferences.favour = BTreeMap::from([("c".into(), 0)]);
    check(five, without_c, (Reason::Quiet { days: 5 }, &[("a", 4 * 4)], 4));
    // Favour is squared, and 0 leaves a category out.
    let favour = |preferences: &mut Preferences, _: &mut Filters| {
        preferences.favour = BTreeMap::from([("a".into(), 3), ("c".into(), 0)]);
    };
    check(two, favour, (Reason::Chance { one_in: 1 }, &[("a", 2 * 4 * 9)], 4));
}

#[test]
fn the_reason_is_the_factor_that_stands_out() {
    #[track_caller]
    fn check(candidate: usize, drawable: &[(u64, u64, [Option<bool>; 2])], expected: &Reason) {
        let today = day("2026-03-01");
        let last = Some(day("2026-02-20"));
        let past = |answered| Past { offered: last, touched: last, answered, ..Past::default() };
        let drawable: Vec<Candidate<'_>> = drawable
            .iter()
            .map(|(age, favour, answered)| Candidate {
                id: "a",
                past: past(*answered),
                age: *age,
                since_offered: 1,
                favour: *favour,
            })
            .collect();
        let (catalogue, log, preferences, filters) =
            (Catalogue::default(), Log::default(), preferences(), Filters::default());
        let seed = Seed::default();
        let draw =
            Draw { catalogue: &catalogue, log: &log, day: today, preferences: &preferences, filters: &filters, seed };
        assert_eq!(reason(&draw, &drawable, &drawable[candidate], false, 12), *expected);
    }
    let (yes, half, no) = ([Some(true); 2], [Some(true), Some(false)], [Some(false); 2]);
    check(0, &[(9, 1, no), (3, 1, no)], &Reason::Quiet { days: 9 });
    check(0, &[(3, 2, no), (3, 1, no)], &Reason::Favoured);
    check(0, &[(3, 1, yes), (3, 1, no)], &Reason::Done { done: 2, of: 2 });
    check(0, &[(3, 1, half), (3, 1, no)], &Reason::Done { done: 1, of: 2 });
    check(0, &[(3, 1, [Some(true), None]), (3, 1, no)], &Reason::Done { done: 1, of: 1 });
    // Of weights 3 and 6 it had one chance in three.
    check(0, &[(3, 1, no), (6, 1, no)], &Reason::Chance { one_in: 3 });
    check(0, &[(3, 1, no), (3, 1, no), (3, 1, no), (3, 1, no)], &Reason::Chance { one_in: 4 });
    // Of weights 4 and 6 it had two chances in five, which is nearer to one in three than to one in two.
    check(0, &[(4, 1, no), (6, 1, no)], &Reason::Chance { one_in: 3 });
    // Age and favour stand out alike: the first is told.
    check(0, &[(4, 2, no), (1, 1, no)], &Reason::Quiet { days: 9 });
    // 9/(9+3) is more above its mean than 4/(4+3).
    check(0, &[(9, 2, no), (3, 1, no)], &Reason::Favoured);
    check(0, &[(9, 1, no), (2, 1, no)], &Reason::Quiet { days: 9 });
}

#[test]
fn an_overdue_category_goes_first() {
    let today = day("2026-03-01");
    let catalogue = catalogue(&[("a", 30), ("b", 30)]);
    // K = 2: a is due after four prompts without it, though it was done meanwhile.
    let history = "2026-02-20 offered a0 a\n2026-02-25 offered b0 b\n2026-02-26 offered b1 b\n2026-02-27 offered b2 b\n\
                   2026-02-26 done - a";
    let log = sample::log(history, today);
    let preferences = preferences();
    let filters = Filters::default();
    for number in 0..50 {
        let seed = Seed::from_number(number);
        let pick = pick(&Draw {
            catalogue: &catalogue,
            log: &log,
            day: today,
            preferences: &preferences,
            filters: &filters,
            seed,
        })
        .unwrap();
        assert_eq!((pick.gesture.category.as_ref(), pick.reason), ("a", Reason::Quiet { days: 3 }));
    }
}

#[test]
fn what_empties_the_draw_is_named() {
    #[track_caller]
    fn check(set: impl Fn(&mut Catalogue, &mut Preferences, &mut Filters), history: &str, expected: NoPick) {
        let today = day("2026-03-01");
        let mut catalogue = catalogue(&[("a", 1), ("b", 1)]);
        let (mut preferences, mut filters) = (preferences(), Filters::default());
        set(&mut catalogue, &mut preferences, &mut filters);
        let log = sample::log(history, today);
        let seed = Seed::default();
        let draw =
            Draw { catalogue: &catalogue, log: &log, day: today, preferences: &preferences, filters: &filters, seed };
        assert_eq!(pick(&draw), Err(expected));
    }
    check(|catalogue, _, _| *catalogue = Catalogue::default(), "", NoPick::NothingEnabled);
    check(|catalogue, _, _| catalogue.hidden = ["a0".into(), "b0".into()].into(), "", NoPick::NothingEnabled);
    check(
        |_, preferences, _| preferences.favour = BTreeMap::from([("a".into(), 0), ("b".into(), 0)]),
        "",
        NoPick::NoFavour,
    );
    check(|_, _, filters| filters.category = Some("c".into()), "", NoPick::Category);
    check(|_, preferences, _| preferences.max_level = 0, "", NoPick::Level);
    check(|_, _, _| {}, "2026-03-01 offered a0 a\n2026-03-01 offered b0 b", NoPick::AllOffered);
    check(
        |catalogue, _, filters| {
            catalogue
                .gestures
                .change(|all| all.iter_mut().for_each(|gesture| gesture.places = vec![Place::Work].into()));
            filters.places = vec![Place::Home];
        },
        "",
        NoPick::Place,
    );
    check(
        |catalogue, preferences, _| {
            catalogue
                .gestures
                .change(|all| all.iter_mut().for_each(|gesture| gesture.needs = vec![Sense::Hearing].into()));
            preferences.without = vec![Sense::Hearing];
        },
        "",
        NoPick::Without,
    );
}

#[test]
fn a_category_of_weight_0_can_be_asked_for() {
    let today = day("2026-03-01");
    let catalogue = catalogue(&[("a", 3), ("b", 3)]);
    let preferences = Preferences { favour: BTreeMap::from([("a".into(), 0)]), ..preferences() };
    let filters = Filters { category: Some("a".into()), ..Filters::default() };
    let log = Log::default();
    let draw = Draw {
        catalogue: &catalogue,
        log: &log,
        day: today,
        preferences: &preferences,
        filters: &filters,
        seed: Seed::default(),
    };
    let pick = pick(&draw).unwrap();
    assert_eq!((pick.gesture.category.as_ref(), pick.reason), ("a", Reason::Asked));
}

/// The pick written down once more, plainly and slowly, from its specification: the same gesture must come out.
fn slowly(draw: &Draw<'_, '_>) -> Option<String> {
    let d = calendar::number(draw.day);
    let all: Vec<(i64, &What)> =
        draw.log.events().iter().map(|event| (calendar::number(event.day), &event.what)).collect();
    let past: Vec<(i64, &What)> = all.iter().copied().filter(|(day, _)| d - 400 < *day && *day < d).collect();
    let offered = |what: &What| match what {
        What::Offered { prompt, .. } => Some((prompt.id().to_owned(), prompt.category().to_owned())),
        _ => None,
    };
    let done = |what: &What| match what {
        What::Done(done) => {
            Some((done.gesture().map(ToString::to_string).unwrap_or_default(), done.category().to_owned()))
        }
        _ => None,
    };
    let swapped = |what: &What| match what {
        What::Swapped { prompt, .. } => Some((prompt.id().to_owned(), prompt.category().to_owned())),
        _ => None,
    };
    let prompt_days: BTreeSet<i64> =
        past.iter().filter(|(_, what)| offered(what).is_some()).map(|(day, _)| *day).collect();
    let today: BTreeSet<(String, String)> =
        all.iter().filter(|(day, _)| *day == d).filter_map(|(_, what)| offered(what)).collect();
    let since =
        |last: Option<i64>| 1 + prompt_days.iter().filter(|day| last.is_none_or(|last| **day > last)).count() as u64;
    let last = |category: &str, with_done: bool| {
        let is = |what: &What| {
            offered(what).or(if with_done { done(what) } else { None }).is_some_and(|(_, c)| c == category)
        };
        past.iter().filter(|(_, what)| is(what)).map(|(day, _)| *day).max()
    };
    let offered_now = |category: &str| today.iter().any(|(_, c)| c == category);
    let age = |category: &str| if offered_now(category) { 0 } else { since(last(category, true)) };
    let late = |category: &str| if offered_now(category) { 0 } else { since(last(category, false)) };
    let did = |category: &str| {
        let days: BTreeSet<i64> = past
            .iter()
            .filter(|(_, what)| offered(what).is_some_and(|(_, c)| c == category))
            .map(|(day, _)| *day)
            .collect();
        let two: Vec<i64> = days.into_iter().rev().take(2).collect();
        let answered = two
            .iter()
            .filter(|day| past.iter().any(|(on, what)| on == *day && done(what).is_some_and(|(_, c)| c == category)));
        (2 - two.len() + answered.count()) as u64
    };
    let enabled: Vec<&Gesture> = draw.catalogue.enabled().collect();
    let favour = |category: &str| draw.preferences.favour.get(category).copied().unwrap_or(1);
    let k = enabled
        .iter()
        .map(|gesture| gesture.category.as_ref())
        .collect::<BTreeSet<&str>>()
        .into_iter()
        .filter(|c| favour(c) > 0)
        .count()
        .max(1) as u64;
    let mut candidates: Vec<&Gesture> = enabled
        .into_iter()
        .filter(|gesture| {
            draw.filters
                .category
                .as_ref()
                .map_or(favour(&gesture.category) > 0, |category| *gesture.category == **category)
        })
        .filter(|gesture| !today.iter().any(|(id, _)| **id == *gesture.id))
        .collect();
    let touched = |gesture: &Gesture| {
        let is = |what: &What| offered(what).or(done(what)).or(swapped(what)).is_some_and(|(id, _)| *id == *gesture.id);
        past.iter().filter(|(_, what)| is(what)).map(|(day, _)| *day).max()
    };
    let rested = |gesture: &Gesture| touched(gesture).is_none_or(|last| d - last >= 14);
    if candidates.iter().any(|gesture| rested(gesture)) {
        candidates.retain(|gesture| rested(gesture));
    }
    let mut categories: Vec<String> =
        candidates.iter().map(|gesture| gesture.category.to_string()).collect::<BTreeSet<_>>().into_iter().collect();
    if categories.iter().any(|category| late(category) >= 2 * k) {
        categories.retain(|category| late(category) >= 2 * k);
    } else {
        let lowest = categories.iter().map(|category| age(category)).max()?.min(2);
        categories.retain(|category| age(category) >= lowest);
    }
    let weight = |category: &str| {
        let s = favour(category).max(1) * (1 + did(category));
        s * s * age(category).clamp(1, 2 * k)
    };
    let mut generator = ChaCha8Rng::from_seed(draw.seed.0);
    generator.set_stream(d.cast_unsigned());
    generator.set_word_pos(16 * today.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len() as u128);
    let mut below = |bound: u64| (u128::from(generator.next_u64()) * u128::from(bound)) >> 64;
    let mut x = below(categories.iter().map(|category| weight(category)).sum());
    let category = categories.iter().find(|category| {
        let weight = u128::from(weight(category));
        let found = x < weight;
        x = x.wrapping_sub(weight);
        found
    })?;
    let mut of_category: Vec<&Gesture> =
        candidates.iter().copied().filter(|gesture| *gesture.category == **category).collect();
    let is_gentle = prompt_days.len() < 3 || prompt_days.iter().all(|day| d - day > 7);
    if is_gentle && of_category.iter().any(|gesture| gesture.level == 1) {
        of_category.retain(|gesture| gesture.level == 1);
    }
    let mut own: Vec<(i64, &str)> =
        of_category.iter().map(|gesture| (touched(gesture).unwrap_or(i64::MIN), gesture.id.as_ref())).collect();
    own.sort_unstable();
    let limit = own[own.len().div_ceil(4) - 1].0;
    own.retain(|(last, _)| *last <= limit);
    let place = usize::try_from(below(own.len() as u64)).ok()?;
    Some(own[place].1.to_owned())
}

fn any_history() -> impl Strategy<Value = String> {
    let what = prop_oneof![3 => Just("offered"), 3 => Just("done"), 1 => Just("swapped")];
    let event =
        (0..430_u32, what, 0..4_usize, 0..5_u32, any::<bool>()).prop_map(|(ago, what, category, number, near)| {
            let day = calendar::back(day("2026-03-01"), if near { ago / 12 } else { ago });
            let category = ["a", "b", "c", "gone"][category];
            format!("{day} {what} {category}{number} {category}")
        });
    prop::collection::vec(event, 0..80).prop_map(|events| events.join("\n"))
}

proptest! {
    #[test]
    fn no_history_and_no_filter_offers_what_is_not_eligible(
        history in any_history(),
        sizes in prop::collection::vec(0..9_usize, 3),
        favour in prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c"]), 0..10_u64, 0..3),
        hidden in prop::collection::vec(prop::sample::select(vec!["a0", "a1", "b0", "c0"]), 0..3),
        category in prop::option::of(prop::sample::select(vec!["a", "b", "c", "gone"])),
        hard in prop::collection::btree_set(prop::sample::select(vec!["a0", "a1", "a2", "b0", "b1", "c0", "c1"]), 0..7),
        seed in any::<u64>(),
    ) {
        let today = day("2026-03-01");
        let mut catalogue = catalogue(&[("a", sizes[0]), ("b", sizes[1]), ("c", sizes[2])]);
        catalogue.hidden = hidden.iter().map(|id| (*id).into()).collect();
        catalogue.gestures.change(|all| {
            for gesture in all.iter_mut().filter(|gesture| hard.contains(gesture.id.as_ref())) {
                gesture.level = 3;
            }
        });
        let preferences = Preferences { favour: favour.into_iter().map(|(id, favour)| (id.to_owned(), favour)).collect(), ..preferences() };
        let filters = Filters { category: category.map(Into::into), ..Filters::default() };
        let log = sample::log(&history, today);
        let draw = Draw { catalogue: &catalogue, log: &log, day: today, preferences: &preferences, filters: &filters, seed: Seed::from_number(seed) };
        match pick(&draw) {
            Ok(pick) => {
                let id = pick.gesture.id.as_ref();
                prop_assert!(!hidden.contains(&id));
                let offered_before = format!("2026-03-01 offered {id} ");
                prop_assert!(!history.lines().any(|line| line.starts_with(&offered_before)));
                prop_assert!(category.map_or(preferences.favour(&pick.gesture.category) > 0, |category| pick.gesture.category == *category));
                prop_assert_eq!(Some(id.to_owned()), slowly(&draw));
            }
            Err(_) => prop_assert_eq!(None, slowly(&draw)),
        }
    }
}

/// Who begins, or begins again, meets a gesture that takes no nerve.
#[test]
fn a_beginning_and_a_return_are_gentle() {
    #[track_caller]
    fn check(history: &str, set: impl Fn(&mut Catalogue, &mut Filters), gentle: bool) {
        let today = day("2026-03-01");
        let mut catalogue = catalogue(&[("a", 12), ("b", 12)]);
        catalogue.gestures.change(|all| {
            for gesture in all.iter_mut().filter(|gesture| !gesture.id.ends_with('1')) {
                gesture.level = 2;
            }
        });
        let mut filters = Filters::default();
        set(&mut catalogue, &mut filters);
        let (log, preferences) = (sample::log(history, today), preferences());
        let mut levels = BTreeSet::new();
        for seed in (0..60).map(Seed::from_number) {
            let draw = Draw {
                catalogue: &catalogue,
                log: &log,
                day: today,
                preferences: &preferences,
                filters: &filters,
                seed,
            };
            levels.insert(pick(&draw).unwrap().gesture.level);
        }
        assert_eq!(!levels.contains(&2), gentle, "{history}: {levels:?}");
    }
    let two = "2026-02-26 offered a0 a\n2026-02-27 offered b0 b";
    let three = "2026-02-26 offered a0 a\n2026-02-27 offered b0 b\n2026-02-28 offered a2 a";
    let as_it_is = |_: &mut Catalogue, _: &mut Filters| {};
    check("", as_it_is, true);
    check(two, as_it_is, true);
    // Swaps of one day are one day, and today is none.
    check(&format!("{two}\n2026-02-27 offered b2 b\n2026-03-01 offered a4 a"), as_it_is, true);
    check(three, as_it_is, false);
    // What was only done is no prompt.
    check(&three.replace("2026-02-28 offered", "2026-02-28 done"), as_it_is, true);
    // The latest lies eight days back; with seven it is as ever.
    let long = |latest: &str| three.replace("02-26", "02-10").replace("02-27", "02-11").replace("02-28", latest);
    check(&long("02-21"), as_it_is, true);
    check(&long("02-22"), as_it_is, false);
    // What the pick no longer looks at is no beginning.
    check(&three.replace("2026-02", "2025-01"), as_it_is, true);
    check("", |_, filters| filters.category = Some("b".into()), true);
    // Where nothing is easy, what there is comes all the same.
    let nerve = |catalogue: &mut Catalogue, _: &mut Filters| {
        catalogue.gestures.change(|all| all.iter_mut().for_each(|gesture| gesture.level = 2));
    };
    check("", nerve, false);
}

/// Whoever asks why is told of each category that could have come and did not.
#[test]
fn who_sat_out_is_told_with_why() {
    #[track_caller]
    fn check(history: &str, set: impl Fn(&mut Preferences, &mut Filters), expected: &[(&str, SatOut)]) {
        let today = day("2026-03-01");
        let mut catalogue = catalogue(&[("a", 4), ("b", 4), ("c", 4)]);
        catalogue.gestures.change(|all| {
            for gesture in all.iter_mut().filter(|gesture| gesture.category == *"c") {
                gesture.places = vec![Place::Work].into();
            }
        });
        let (mut preferences, mut filters) = (preferences(), Filters::default());
        set(&mut preferences, &mut filters);
        let (log, seed) = (sample::log(history, today), Seed::default());
        let draw =
            Draw { catalogue: &catalogue, log: &log, day: today, preferences: &preferences, filters: &filters, seed };
        let found = pick(&draw).unwrap().sat_out;
        let found: Vec<(&str, SatOut)> = found.iter().map(|(id, because)| (id.as_str(), *because)).collect();
        assert_eq!(found, expected, "{history}");
    }
    let two = "2026-02-27 offered a0 a\n2026-02-28 offered b0 b";
    check("", |_, _| {}, &[]);
    check(two, |_, _| {}, &[("b", SatOut::Lately)]);
    check(two, |_, filters| filters.places = vec![Place::Home], &[("b", SatOut::Lately), ("c", SatOut::Unfitting)]);
    let favour = |preferences: &mut Preferences, _: &mut Filters| preferences.favour = [("c".to_owned(), 0)].into();
    check(two, favour, &[("b", SatOut::Lately), ("c", SatOut::NoWeight)]);
    let overdue = "2026-02-20 offered a0 a\n2026-02-24 offered b0 b\n2026-02-25 offered b1 b\n\
                   2026-02-26 offered b2 b\n2026-02-27 offered b0 b";
    check(overdue, favour, &[("b", SatOut::Waits), ("c", SatOut::NoWeight)]);
    check(two, |_, filters| filters.category = Some("a".into()), &[]);
}
