//! What a machine can hold of the rules for a gesture. Whether it is kind, people have to read.

use std::collections::{BTreeMap, BTreeSet};

use nudge::catalogue::{Catalogue, Finding, Gesture, Grade, Often, Place, Sense, builtin};

const CATEGORIES: [&str; 6] = ["turning-toward", "names", "validations", "remembering", "tone", "appreciation"];

/// What only a reader can tell: somebody who is alone at home can begin these, by a message, a call or a card, with
/// nobody having written first today.
const ALONE: [&str; 65] = [
    "turn-first-reply",
    "turn-afterwards",
    "turn-hot-drink",
    "turn-after-call",
    "turn-come-along",
    "turn-friend-post",
    "name-spelling",
    "name-teach-phone",
    "name-not-role",
    "name-before-call",
    "name-family",
    "name-each-one",
    "name-passed-on",
    "name-sign-off",
    "name-who-rings",
    "name-send-off",
    "name-long-wrong",
    "validate-reaction",
    "validate-not-tips",
    "validate-next-day",
    "validate-waiting",
    "validate-no-cheer",
    "validate-big-week",
    "remember-no-reply",
    "remember-thread",
    "remember-photo",
    "remember-asleep",
    "remember-fixed-day",
    "remember-their-tip",
    "remember-thought-of",
    "remember-borrowed",
    "remember-gone-quiet",
    "remember-old-friend",
    "remember-own-up",
    "remember-miss-too",
    "remember-said-twice",
    "remember-birthday",
    "remember-still-ill",
    "remember-hard-date",
    "remember-good-news",
    "remember-relative",
    "tone-flat-read",
    "tone-name-topic",
    "tone-mark-joke",
    "tone-voice-message",
    "tone-easy-no",
    "tone-late-reply",
    "tone-can-wait",
    "tone-voice-wish",
    "tone-bare-sorry",
    "tone-warn-first",
    "tone-clear-no",
    "tone-glass-water",
    "thank-old-favour",
    "thank-more-words",
    "thank-form",
    "thank-your-way",
    "thank-stayed-by",
    "thank-maker",
    "thank-their-gift",
    "thank-after-visit",
    "thank-neighbour",
    "thank-their-boss",
    "thank-covered",
    "thank-call-end",
];

/// And these are of the body or of the voice, not of what is said.
const BODY: [&str; 15] = [
    "tone-slower",
    "tone-face-their-way",
    "tone-voice-wish",
    "tone-child-height",
    "tone-hands-free",
    "tone-stop-walking",
    "tone-their-pace",
    "tone-open-circle",
    "tone-quiet-door",
    "tone-take-time",
    "tone-face-to-read",
    "tone-sit-level",
    "tone-new-language",
    "tone-step-back",
    "tone-at-an-angle",
];

fn gestures() -> Vec<Gesture> {
    builtin::catalogue().gestures.to_vec()
}

/// The gestures of one category.
fn of(category: &str) -> Vec<Gesture> {
    gestures().into_iter().filter(|gesture| gesture.category == *category).collect()
}

/// How many of them something is true of.
fn count(gestures: &[Gesture], is: impl Fn(&Gesture) -> bool) -> usize {
    gestures.iter().filter(|gesture| is(gesture)).count()
}

fn fits(gesture: &Gesture, places: &[Place]) -> bool {
    gesture.places.iter().any(|place| places.contains(place))
}

/// The phrases of a category.
fn phrases(category: &str) -> Vec<String> {
    of(category).iter().flat_map(|gesture| gesture.say.iter().map(ToString::to_string).collect::<Vec<_>>()).collect()
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
    words.filter(|word| word.contains(char::is_alphanumeric)).map(str::to_lowercase).collect()
}

/// Its sentences, each by its words.
fn sentences(text: &str) -> Vec<Vec<String>> {
    text.split_inclusive(['.', '?', '!']).map(words).filter(|words| !words.is_empty()).collect()
}

/// Whether a phrase ends in a verdict on the person or on the deed, by its shape: "You fixed it. That was patient.",
/// "You came. How kind."
fn is_verdict(phrase: &str) -> bool {
    let sentences = sentences(phrase);
    let [.., _, last] = sentences.as_slice() else {
        return false;
    };
    let last = format!("{} ", last.join(" "));
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| last.starts_with(&format!("{beginning} ")));
    let rest = ["that's", "that is", "that was", "this is", "this was", "it's", "it is", "it was"]
        .iter()
        .find_map(|beginning| last.strip_prefix(&format!("{beginning} ")));
    // "That's all right." judges nobody.
    let of_it = rest.is_some_and(|rest| {
        !["all right", "fine", "ok", "hard"].iter().any(|fine| rest.starts_with(&format!("{fine} ")))
    });
    let of_you = begins(&[
        "you're",
        "you are",
        "you were",
        "you have a",
        "you have an",
        "you have such",
        "you've a",
        "you've an",
        "you've such",
        "you think",
        "you look",
        "you keep",
        "you explain",
        "you care",
    ]);
    let bare = ["so ", "very ", "really "].iter().find_map(|very| last.strip_prefix(very)).unwrap_or(&last);
    let exclaimed = begins(&["how kind", "how good", "how nice", "how thoughtful", "how sweet"])
        || ["kind ", "good ", "nice ", "sweet ", "careful ", "clever "].iter().any(|word| bare.starts_with(word));
    sentences.last().is_some_and(|last| last.len() <= 7) && (of_it || of_you || exclaimed)
}

#[test]
fn six_categories_in_order_with_enough_in_each() {
    let ids: Vec<String> = builtin::catalogue().categories.iter().map(|category| category.id.to_string()).collect();
    assert_eq!(ids, CATEGORIES);
    assert!(gestures().len() >= 216, "{}", gestures().len());
    for category in CATEGORIES {
        let own = of(category);
        assert!(own.len() >= 36, "{category} has {}", own.len());
        for place in Place::ALL {
            let fit = count(&own, |gesture| gesture.places.contains(place));
            let least = if *place == Place::Out { 6 } else { 10 };
            assert!(fit >= least, "{category} has {fit} for {}", place.word());
        }
        // What is served at weekends, and to those who live alone: the pick needs that many to repeat nothing for weeks.
        for weekend in [&[Place::Home, Place::Out, Place::Text][..], &[Place::Out, Place::Text]] {
            let fit = count(&own, |gesture| fits(gesture, weekend));
            assert!(fit >= 20, "{category} has {fit} for {weekend:?}");
        }
        let silent = count(&own, |gesture| {
            !gesture.needs.contains(&Sense::Speech) && (gesture.places.contains(&Place::Text) || gesture.say.is_empty())
        });
        assert!(silent >= 8, "{category} has {silent} without speech");
        let easy = count(&own, |gesture| gesture.level == 1);
        assert!(
            (own.len() * 4 / 10..=own.len() * 6 / 10).contains(&easy),
            "{category} has {easy} easy ones of {}",
            own.len()
        );
        assert!((1..=3).all(|level| own.iter().any(|gesture| gesture.level == level)), "{category} lacks a level");
    }
}

#[test]
fn most_cues_come_in_most_weeks() {
    let all = gestures();
    assert!(all.iter().all(|gesture| gesture.often.is_some()));
    let rare = |gesture: &Gesture| gesture.often == Some(Often::Rarely);
    assert!(count(&all, rare) * 10 <= all.len(), "{} cues are rare", count(&all, rare));
    // An easy one is for a hard day, or for the first: it does not wait for months.
    assert_eq!(count(&all, |gesture| rare(gesture) && gesture.level == 1), 0);
}

#[test]
fn somebody_alone_at_home_can_begin_many() {
    let all = gestures();
    let alone = |gesture: &Gesture| ALONE.contains(&&*gesture.id);
    assert!(ALONE.len() >= 60 && count(&all, alone) == ALONE.len());
    for gesture in all.iter().filter(|gesture| alone(gesture)) {
        assert!(fits(gesture, &[Place::Remote, Place::Text]), "`{}` is of people who are there", gesture.id);
    }
    for category in CATEGORIES {
        let own = count(&of(category), alone);
        assert!(own >= 6, "{category} has {own}");
    }
}

#[test]
fn a_third_of_tone_is_of_body_and_voice() {
    let tone = of("tone");
    assert_eq!(count(&tone, |gesture| BODY.contains(&&*gesture.id)), BODY.len());
    assert!(BODY.len() * 3 >= tone.len(), "{} of {}", BODY.len(), tone.len());
}

#[test]
fn plain_words_in_short_sentences() {
    const BANNED: [&str; 25] = [
        "should",
        "must",
        "always",
        "never",
        "mindful",
        "authentic",
        "awesome",
        "amazing",
        "gaze at",
        "just be",
        "eye contact",
        "seems",
        "seem",
        "you're about to",
        "moan",
        "moaning",
        "rota",
        "blimey",
        "fiddly",
        "own up",
        "knack",
        "scrap that",
        "steer",
        "crisps",
        "cross",
    ];
    for gesture in gestures() {
        for text in texts(&gesture) {
            let flat = format!(" {} ", words(&text).join(" "));
            for banned in BANNED {
                assert!(!flat.contains(&format!(" {banned} ")), "`{}` says “{banned}”", gesture.id);
            }
            for sentence in text.split_inclusive(['.', '?', '!', ':']) {
                assert!(words(sentence).len() <= 15, "`{}`: {sentence}", gesture.id);
            }
            assert!(!text.contains(['–', '—', '’', '“', '”']) && !text.contains(" - "), "`{}`: {text}", gesture.id);
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
        assert!(gesture.places.is_sorted_by(|a, b| a < b), "`{}` has its places in another order", gesture.id);
    }
}

#[test]
fn phrases_are_spoken_english() {
    for category in CATEGORIES {
        let phrases = phrases(category);
        let of_several = phrases.iter().filter(|phrase| sentences(phrase).len() > 1).count();
        assert!(of_several * 2 <= phrases.len(), "{category}: {of_several} of {} are clipped", phrases.len());
        let verdicts: Vec<&String> = phrases.iter().filter(|phrase| is_verdict(phrase)).collect();
        assert!(verdicts.len() * 4 <= phrases.len(), "{category} judges: {verdicts:?}");
    }
    let thanks = phrases("appreciation");
    let plain = thanks.iter().filter(|phrase| phrase.to_lowercase().contains("thank")).count();
    assert!(plain * 2 > thanks.len(), "{plain} of {} say thanks", thanks.len());
}

#[test]
fn a_verdict_is_known_by_its_shape() {
    #[track_caller]
    fn check(phrase: &str, expected: bool) {
        assert_eq!(is_verdict(phrase), expected, "{phrase}");
    }
    check("You swept up unasked. That's thoughtful.", true);
    check("You let her finish. That was patient.", true);
    check("Your labels are so clear. You think ahead.", true);
    check("You came all this way. How kind.", true);
    check("All those screws! Really careful work.", true);
    check("You waited for me. You're a good friend.", true);
    check("Thank you for sweeping up.", false);
    check("That was patient.", false);
    check("No hurry. That's all right.", false);
    check("Thank you. That gave me the hour that I needed to finish the form.", false);
    check("The bins are full. Could you take them down?", false);
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
fn a_retired_id_is_not_used_again() {
    let catalogue = builtin::catalogue();
    // It only ever grows.
    assert!(catalogue.retired.len() >= 42);
    for id in catalogue.retired.iter() {
        assert!(catalogue.gesture(id).is_none() && catalogue.is_retired(id), "`{id}`");
    }
    let ids = |ids: &mut dyn Iterator<Item = String>| ids.collect::<BTreeSet<String>>().len();
    assert_eq!(ids(&mut catalogue.retired.iter().map(ToString::to_string)), catalogue.retired.len());
}

fn cites(gesture: &Gesture, key: &str) -> bool {
    gesture.evidence.iter().any(|cited| cited == key)
}

/// Of a finding and a gesture: it is cited where it is about the act, or about one beside it, and nowhere else.
#[test]
fn a_finding_is_cited_by_the_acts_that_it_is_about() {
    let Catalogue { evidence, gestures, .. } = builtin::catalogue();
    for finding in evidence.iter() {
        let citing: BTreeSet<&str> =
            gestures.iter().filter(|gesture| cites(gesture, &finding.key)).map(|gesture| &*gesture.id).collect();
        let acts: BTreeSet<&str> = finding.acts.iter().map(|id| &**id).collect();
        assert_eq!(citing, acts, "`{}`", finding.key);
        assert!(!citing.is_empty(), "nothing cites `{}`", finding.key);
    }
    for gesture in gestures.iter() {
        assert_eq!(gesture.evidence.is_empty(), gesture.fit.is_none(), "`{}`", gesture.id);
        // What was found of keen replies is cited with the study in which training them changed little.
        if cites(gesture, "gable2004") || cites(gesture, "gable2006") {
            assert!(cites(gesture, "woods2015"), "`{}`", gesture.id);
        }
        // Teams at work were studied.
        if cites(gesture, "edmondson1999") {
            assert!(!fits(gesture, &[Place::Home, Place::Out]), "`{}`", gesture.id);
        }
    }
}

#[test]
fn a_finding_says_what_it_is_and_how_far_it_goes() {
    let evidence = builtin::catalogue().evidence;
    for Finding { key, claim, year, doi, grade, caution, .. } in evidence.iter() {
        let in_key: String = key.chars().filter(char::is_ascii_digit).collect();
        assert!(in_key.is_empty() || in_key == year.to_string(), "`{key}` is of {year}");
        assert!(doi.as_ref().is_none_or(|doi| doi.starts_with("10.")), "`{key}`");
        assert!(*grade != Grade::C || caution.is_some(), "`{key}` is of grade C and has no caution");
        for text in [Some(claim), caution.as_ref()].into_iter().flatten() {
            for sentence in sentences(text) {
                assert!(sentence.len() <= 25, "`{key}`: {}", sentence.join(" "));
            }
        }
    }
    // A study of sales talk is cited with its warning or not at all.
    let sales = evidence.iter().find(|finding| finding.key == "howard1995");
    assert!(sales.is_none_or(|finding| finding.caution.is_some()));
}

#[test]
fn the_readme_tells_of_the_catalogue_as_it_is() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let all = gestures();
    let citing = count(&all, |gesture| !gesture.evidence.is_empty());
    for sentence in [
        format!("{} gestures come with `nudge`", all.len()),
        format!("Of the {} gestures, {citing} cite a published finding", all.len()),
    ] {
        assert!(readme.contains(&sentence), "{sentence}");
    }
    for category in builtin::catalogue().categories.iter() {
        let row = format!("| `{}` | {} |", category.id, category.about.as_deref().unwrap());
        assert!(readme.contains(&row), "{row}");
    }
    for place in Place::ALL {
        assert!(readme.contains(&format!("`{}` (", place.word())), "{}", place.word());
    }
}
