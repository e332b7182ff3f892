//! What a machine can hold of the rules for a gesture. Whether it is kind, people have to read.

use std::collections::{BTreeMap, BTreeSet};

use nudge::catalogue::builtin;
use nudge::catalogue::{Gesture, Place, Sense};

const CATEGORIES: [&str; 6] = ["turning-toward", "names", "validations", "remembering", "tone", "appreciation"];

fn gestures() -> Vec<Gesture> {
    builtin::catalogue().gestures.to_vec()
}

/// The texts of a gesture that are printed.
fn texts(gesture: &Gesture) -> Vec<String> {
    let when = gesture.when.iter().map(|when| format!("When {when}"));
    let rest = gesture.say.iter().chain(gesture.instead.iter()).chain([&gesture.action]);
    when.chain(rest.map(ToString::to_string)).collect()
}

/// The words of a text, in small letters.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[test]
fn six_categories_in_order_with_enough_in_each() {
    let ids: Vec<String> = builtin::catalogue().categories.iter().map(|category| category.id.to_string()).collect();
    assert_eq!(ids, CATEGORIES);
    for category in CATEGORIES {
        let own: Vec<Gesture> = gestures().into_iter().filter(|gesture| gesture.category == *category).collect();
        assert!(own.len() >= 28, "{category} has {}", own.len());
        for place in Place::ALL {
            let fit = own.iter().filter(|gesture| gesture.places.contains(place)).count();
            assert!(fit >= 10, "{category} has {fit} for {}", place.word());
        }
        // What is served at weekends; the pick needs that many to repeat nothing for weeks.
        let weekend =
            |gesture: &&Gesture| gesture.places.iter().any(|place| [Place::Home, Place::Text].contains(place));
        assert!(own.iter().filter(weekend).count() >= 20, "{category} at weekends");
        let silent = own.iter().filter(|gesture| {
            !gesture.needs.contains(&Sense::Speech) && (gesture.places.contains(&Place::Text) || gesture.say.is_empty())
        });
        assert!(silent.count() >= 8, "{category} without speech");
        let easy = own.iter().filter(|gesture| gesture.level == 1).count();
        assert!(
            (own.len() * 4 / 10..=own.len() * 6 / 10).contains(&easy),
            "{category} has {easy} easy ones of {}",
            own.len()
        );
        assert!((1..=3).all(|level| own.iter().any(|gesture| gesture.level == level)), "{category} lacks a level");
    }
}

#[test]
fn plain_words_in_short_sentences() {
    const BANNED: [&str; 10] =
        ["should", "must", "always", "never", "mindful", "authentic", "awesome", "amazing", "gaze at", "just be"];
    for gesture in gestures() {
        for text in texts(&gesture) {
            let words_of_text = words(&text).join(" ");
            for banned in BANNED {
                let found = format!(" {words_of_text} ").contains(&format!(" {banned} "));
                assert!(!found, "`{}` says `{banned}`", gesture.id);
            }
            for sentence in text.split_inclusive(['.', '?', '!', ':']) {
                assert!(words(sentence).len() <= 15, "`{}`: {sentence}", gesture.id);
            }
            assert!(!text.to_lowercase().contains("eye contact"), "`{}`", gesture.id);
        }
    }
}

#[test]
fn a_cue_goes_on_after_when_and_an_action_is_a_sentence() {
    for gesture in gestures() {
        let when = gesture.when.as_deref().unwrap();
        assert!(
            when.starts_with(|c: char| c.is_lowercase()) && !when.ends_with(['.', ',']),
            "`{}`: {when}",
            gesture.id
        );
        assert!(gesture.action.starts_with(char::is_uppercase) && gesture.action.ends_with('.'), "`{}`", gesture.id);
        assert_eq!(
            gesture.needs.is_empty(),
            gesture.instead.is_none(),
            "`{}` needs something and has no other way",
            gesture.id
        );
    }
}

/// How near: the share of their words, small ones left out, that two gestures have in common (Jaccard).
#[test]
fn no_two_gestures_are_nearly_the_same() {
    const SMALL: [&str; 32] = [
        "a", "an", "the", "to", "of", "in", "on", "for", "and", "or", "you", "your", "they", "their", "them", "it",
        "is", "are", "one", "with", "at", "who", "what", "that", "how", "about", "someone", "by", "from", "this",
        "not", "its",
    ];
    let content = |gesture: &Gesture| -> BTreeSet<String> {
        let text = format!("{} {}", gesture.when.as_deref().unwrap_or(""), gesture.action);
        words(&text).into_iter().filter(|word| !SMALL.contains(&word.as_str())).collect()
    };
    let all: Vec<(String, BTreeSet<String>)> =
        gestures().iter().map(|gesture| (gesture.id.to_string(), content(gesture))).collect();
    for (place, (id, own)) in all.iter().enumerate() {
        for (other, theirs) in &all[..place] {
            let common = own.intersection(theirs).count();
            let union = own.union(theirs).count();
            assert!(common * 100 <= union * 40, "`{id}` and `{other}` share {common} of {union} words");
        }
    }
    for phrase in gestures().iter().flat_map(|gesture| gesture.say.to_vec()) {
        let same = gestures().iter().filter(|gesture| gesture.say.contains(&phrase)).count();
        assert_eq!(same, 1, "“{phrase}” is said twice");
    }
}

#[test]
fn no_opening_verb_is_worn_out() {
    let mut verbs: BTreeMap<String, usize> = BTreeMap::new();
    for gesture in gestures() {
        *verbs.entry(words(&gesture.action)[0].clone()).or_default() += 1;
    }
    for (verb, times) in verbs {
        assert!(times * 100 <= gestures().len() * 15, "{times} gestures begin with `{verb}`");
    }
}

#[test]
fn every_finding_is_cited_and_says_what_it_is() {
    let catalogue = builtin::catalogue();
    for finding in catalogue.evidence.iter() {
        assert!(
            catalogue.gestures.iter().any(|gesture| gesture.evidence.contains(&finding.key)),
            "nothing cites `{}`",
            finding.key
        );
        let year: String = finding.key.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(year, finding.year.to_string(), "`{}`", finding.key);
        assert!(finding.doi.as_ref().is_none_or(|doi| doi.starts_with("10.")), "`{}`", finding.key);
    }
    // A study of sales talk is cited with its warning or not at all.
    let sales = catalogue.evidence.iter().find(|finding| finding.key == "howard1995");
    assert!(sales.is_none_or(|finding| finding.caution.is_some()));
    for gesture in catalogue.gestures.iter() {
        assert!(!gesture.evidence.is_empty(), "`{}` cites nothing", gesture.id);
    }
}
