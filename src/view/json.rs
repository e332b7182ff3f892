//! The shapes of `--json`, each on one line. Most values serialise themselves; here are those that are put together
//! from several. Keys are added, never renamed; what is absent is `null`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::messages;
use super::people::{Person, Planned};
use crate::calendar::Day;
use crate::catalogue::{Catalogue, Finding, Fit, Gesture, Sense};
use crate::journal::{Absent, Done, Event, Every, FollowUp, Prompt, What, Why, moment, to_json};
use crate::people::Question;
use crate::review::{Review, Year};
use crate::toml_reader::Problem;

/// A value on a line of its own.
pub fn line(value: &impl Serialize) -> String {
    to_json(value) + "\n"
}

/// The gesture of a prompt: as it is in the catalogue, but in the category that it was drawn from.
#[derive(Serialize)]
#[serde(untagged)]
enum Prompted<'a> {
    Known(Cow<'a, Gesture>),
    Gone(Gone<'a>),
}

/// A gesture that has left the catalogue: it has the keys of [`Gesture`], but only two of their values are known.
#[derive(Default, Serialize)]
struct Gone<'a> {
    id: &'a str,
    category: &'a str,
    when: (),
    r#do: (),
    say: [(); 0],
    r#where: [(); 0],
    seconds: (),
    level: (),
    evidence: [(); 0],
    fit: (),
}

impl<'a> Prompted<'a> {
    fn new(prompt: &'a Prompt, gesture: Option<&'a Gesture>) -> Self {
        match gesture {
            Some(gesture) if gesture.category == *prompt.category() => Self::Known(Cow::Borrowed(gesture)),
            Some(gesture) => {
                Self::Known(Cow::Owned(Gesture { category: prompt.category().to_owned().into(), ..gesture.clone() }))
            }
            None => Self::Gone(Gone { id: prompt.id(), category: prompt.category(), ..Gone::default() }),
        }
    }
}

/// Today's prompt, and whether it is done.
pub struct Today<'a> {
    /// The day that it is for.
    pub day: Day,
    /// What was drawn, if anything was, and its gesture, if the catalogue still has it.
    pub prompt: Option<(&'a Prompt, Option<&'a Gesture>)>,
    /// What it asks, if it is a follow-up.
    pub question: Option<&'a Question>,
    /// Whether today's prompt is done.
    pub done: bool,
    /// How many more times the prompt can be swapped today.
    pub swaps_left: u32,
    /// Why this prompt came, as a phrase; `None` where that is not recorded.
    pub reason: Option<&'a str>,
    /// The last day of the rest that covers the day.
    pub resting_until: Option<Day>,
    /// Whether others may look on, so that nobody is named.
    pub at_a_glance: bool,
}

/// Today's prompt.
pub fn today(today: &Today<'_>) -> String {
    #[derive(Serialize)]
    struct Shape<'a> {
        day: Day,
        kind: Option<&'static str>,
        gesture: Option<Prompted<'a>>,
        follow_up: Option<Asked<'a>>,
        done: bool,
        swaps_left: u32,
        reason: Option<&'a str>,
        resting_until: Option<Day>,
    }
    let Today { day, prompt, question, done, swaps_left, reason, resting_until, at_a_glance } = *today;
    let is_gesture = |prompt: &Prompt| prompt.gesture().is_some();
    let kind = prompt.map(|(prompt, _)| if is_gesture(prompt) { "gesture" } else { "follow-up" });
    let gesture = prompt.filter(|(prompt, _)| is_gesture(prompt));
    let gesture = gesture.map(|(prompt, gesture)| Prompted::new(prompt, gesture));
    let follow_up = question.map(|question| {
        let FollowUp { who, what, on, every } = &question.follow_up;
        let shown = |text| Some(text).filter(|_| !at_a_glance);
        Asked { id: &question.id, who: shown(who), what: shown(what), on: *on, every: *every, due: question.occurrence }
    });
    line(&Shape { day, kind, gesture, follow_up, done, swaps_left, reason, resting_until })
}

/// A follow-up that is asked today.
#[derive(Serialize)]
struct Asked<'a> {
    id: &'a str,
    who: Option<&'a String>,
    what: Option<&'a String>,
    on: Day,
    every: Option<Every>,
    #[serde(rename = "for")]
    due: Day,
}

/// The result of a merge: how many events were new, how many were known, and how many lines were set aside.
pub fn merged(new: usize, known: usize, kept_aside: usize) -> String {
    #[derive(Serialize)]
    struct Merged {
        new: usize,
        known: usize,
        kept_aside: usize,
    }
    line(&Merged { new, known, kept_aside })
}

/// An entry of the journal. What only a `done` has is `null` in a rest, and the other way round.
pub fn entry(event: &Event) -> String {
    line(&Entry::new(event))
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    at: Option<String>,
    day: Day,
    event: &'static str,
    gesture: Option<&'a str>,
    follow_up: Option<&'a str>,
    category: Option<&'a str>,
    with: &'a [String],
    note: Option<&'a str>,
    from: Option<Day>,
    until: Option<Day>,
}

impl<'a> Entry<'a> {
    fn new(event: &'a Event) -> Self {
        let done = if let What::Done(done) = &event.what { Some(done) } else { None };
        let rest = if let What::Rest { from, until } = event.what { Some((from, until)) } else { None };
        Self {
            id: &event.id,
            at: event.at.map(moment),
            day: event.day,
            event: event.what.word(),
            gesture: done.and_then(|done| done.gesture().map(|id| &**id)),
            follow_up: done.and_then(Done::prompt).filter(|prompt| prompt.gesture().is_none()).map(Prompt::id),
            category: done.map(Done::category),
            with: done.map(|done| done.with.as_slice()).unwrap_or_default(),
            note: done.and_then(|done| done.note.as_deref()),
            from: rest.map(|(from, _)| from),
            until: rest.map(|(_, until)| until),
        }
    }
}

/// A follow-up that is open.
#[derive(Serialize)]
struct Waiting<'a> {
    id: &'a str,
    what: &'a str,
    on: Day,
    every: Option<Every>,
    next: Option<Day>,
}

impl<'a> Waiting<'a> {
    fn all(planned: &[Planned<'a>]) -> Vec<Self> {
        let waiting = planned.iter().map(|Planned { id, follow_up, next }| Self {
            id,
            what: &follow_up.what,
            on: follow_up.on,
            every: follow_up.every,
            next: *next,
        });
        waiting.collect()
    }
}

/// Everybody.
pub fn people(people: &[Person<'_>]) -> String {
    #[derive(Serialize)]
    struct Everybody<'a> {
        people: Vec<One<'a>>,
    }
    #[derive(Serialize)]
    struct One<'a> {
        who: &'a str,
        last: Option<Day>,
        done: usize,
        follow_ups: Vec<Waiting<'a>>,
    }
    let people = people.iter().map(|person| One {
        who: person.who,
        last: person.known.map(|known| known.last),
        done: person.known.map_or(0, |known| known.done),
        follow_ups: Waiting::all(&person.follow_ups),
    });
    line(&Everybody { people: people.collect() })
}

/// One person's story.
pub fn person(who: &str, entries: &[Event], planned: &[Planned<'_>]) -> String {
    #[derive(Serialize)]
    struct Story<'a> {
        who: &'a str,
        entries: Vec<Entry<'a>>,
        follow_ups: Vec<Waiting<'a>>,
    }
    line(&Story { who, entries: entries.iter().map(Entry::new).collect(), follow_ups: Waiting::all(planned) })
}

/// A gesture with the fields that only the catalogue shows.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    gesture: &'a Gesture,
    needs: &'a [Sense],
    instead: Option<&'a str>,
    hidden: bool,
}

impl<'a> Whole<'a> {
    fn new(gesture: &'a Gesture, catalogue: &Catalogue) -> Self {
        let hidden = catalogue.is_hidden(&gesture.id);
        Self { gesture, needs: &gesture.needs, instead: gesture.instead.as_deref(), hidden }
    }
}

/// The gestures that were asked for, and how many of them are in each category.
pub fn catalogue(gestures: &[&Gesture], catalogue: &Catalogue) -> String {
    #[derive(Serialize)]
    struct Listed<'a> {
        categories: Vec<Count<'a>>,
        gestures: Vec<Whole<'a>>,
    }
    #[derive(Serialize)]
    struct Count<'a> {
        id: &'a str,
        name: &'a str,
        about: Option<&'a str>,
        gestures: usize,
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gesture in gestures {
        *counts.entry(&gesture.category).or_insert(0) += 1;
    }
    let count = |id: &str| counts.get(id).copied().unwrap_or(0);
    let categories = catalogue.categories.iter();
    line(&Listed {
        categories: categories
            .map(|category| Count {
                id: &category.id,
                name: &category.name,
                about: category.about.as_deref(),
                gestures: count(&category.id),
            })
            .collect(),
        gestures: gestures.iter().map(|gesture| Whole::new(gesture, catalogue)).collect(),
    })
}

/// One gesture with everything that the catalogue says about it.
pub fn gesture_whole(gesture: &Gesture, catalogue: &Catalogue) -> String {
    line(&Whole::new(gesture, catalogue))
}

/// A gesture that was hidden or unhidden.
pub fn hidden(id: &str, hidden: bool) -> String {
    #[derive(Serialize)]
    struct Hidden<'a> {
        id: &'a str,
        hidden: bool,
    }
    line(&Hidden { id, hidden })
}

/// The problems of a file.
pub fn problems(file: &str, problems: &[Problem]) -> String {
    #[derive(Serialize)]
    struct Problems<'a> {
        file: &'a str,
        problems: &'a [Problem],
    }
    line(&Problems { file, problems })
}

/// Why the prompt came; every part is `null` or empty if there is no prompt.
pub fn why(drawn: Option<(&Prompt, Option<&Why>)>, catalogue: &Catalogue) -> String {
    #[derive(Serialize)]
    struct Drawn<'a> {
        gesture: Option<&'a str>,
        follow_up: Option<&'a str>,
        category: Option<&'a str>,
        about: Option<&'a str>,
        reason: Option<&'a str>,
        weights: Vec<Chance<'a>>,
        sat_out: &'a [Absent],
        chance: Option<f64>,
        evidence: Vec<Cited<'a>>,
    }
    #[derive(Serialize)]
    struct Chance<'a> {
        category: &'a str,
        weight: u64,
        share: f64,
        quiet_days: Option<u32>,
    }
    #[derive(Serialize)]
    struct Cited<'a> {
        #[serde(flatten)]
        finding: &'a Finding,
        fit: Option<Fit>,
    }
    let (prompt, why) = (drawn.map(|(prompt, _)| prompt), drawn.and_then(|(_, why)| why));
    let weights = why.map(|why| why.weights.as_slice()).unwrap_or_default();
    let total = why.map_or(0, Why::total);
    let odds = prompt.zip(why).and_then(|(prompt, why)| why.odds(prompt.category()));
    let gesture = prompt.and_then(|prompt| catalogue.gesture(prompt.id()));
    let findings = gesture.into_iter().flat_map(|own| catalogue.findings(own).map(|finding| (finding, own.fit)));
    line(&Drawn {
        gesture: prompt.and_then(Prompt::gesture).map(|id| &**id),
        follow_up: prompt.filter(|prompt| prompt.gesture().is_none()).map(Prompt::id),
        category: prompt.map(Prompt::category),
        about: prompt.and_then(|prompt| catalogue.category(prompt.category())?.about.as_deref()),
        reason: why.map(|why| why.reason.as_str()).filter(|reason| !reason.is_empty()),
        weights: weights
            .iter()
            .map(|of| Chance {
                category: &of.category,
                weight: of.weight,
                share: rounded(share(of.weight, total)),
                quiet_days: of.quiet_days,
            })
            .collect(),
        sat_out: why.map(|why| why.sat_out.as_slice()).unwrap_or_default(),
        chance: odds.map(|(own, pool)| rounded(share(own, total) / f64::from(pool))),
        evidence: findings.map(|(finding, fit)| Cited { finding, fit }).collect(),
    })
}

/// A part of a whole, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "it is rounded to four places anyway")]
fn share(part: u64, whole: u128) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// To four decimal places: more would suggest a precision that is not there.
fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

/// A week, with its suggestion in words.
pub fn week(review: &Review, catalogue: &Catalogue) -> String {
    #[derive(Serialize)]
    struct Week<'a> {
        #[serde(flatten)]
        review: &'a Review,
        pattern: Option<String>,
    }
    let pattern = review.pattern.as_ref().map(|pattern| messages::pattern(pattern, catalogue));
    line(&Week { review, pattern })
}

/// A year, or the weeks that led to today.
pub fn year(year: &Year) -> String {
    line(year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Grade, Place, builtin};

    #[test]
    fn a_gesture_that_is_gone_has_the_keys_of_one_that_is_there() {
        let catalogue = builtin::catalogue();
        let prompt = Prompt::Gesture { id: "gone".into(), category: "tone".into() };
        let keys = |gesture| -> Vec<String> {
            let text = to_json(&Prompted::new(&prompt, gesture));
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(value["category"], "tone");
            value.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(keys(None), keys(Some(&catalogue.gestures[0])));
    }

    /// A word is the same in JSON as in a catalogue file.
    #[test]
    fn words_are_those_of_the_file() {
        fn check<T: Serialize>(words: &[(&str, T)]) {
            for (word, value) in words {
                assert_eq!(to_json(value), format!("\"{word}\""));
            }
        }
        check(Place::WORDS);
        check(Sense::WORDS);
        check(Fit::WORDS);
        check(Grade::WORDS);
    }
}
