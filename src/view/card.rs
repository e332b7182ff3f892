//! Today's prompt as a card: the cue first, then the action, and what to type next.

use super::page::{Page, cut};
use super::theme::{ACCENT, Theme};
use super::{grammar, messages};
use crate::calendar::Day;
use crate::catalogue::{Gesture, Place};
use crate::safe_text::clean;

/// What a card shows.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// The day that it is for.
    pub day: Day,
    /// The category's name.
    pub category: &'a str,
    /// The gesture; `None` if the catalogue no longer has it, so that only its id is known.
    pub gesture: Option<&'a Gesture>,
    /// The gesture's id.
    pub id: &'a str,
    /// Why this one came, as a phrase; `None` where that is not recorded.
    pub reason: Option<&'a str>,
    /// A sentence above the card.
    pub greeting: Option<&'a str>,
    /// The last day of the rest that covers the day: then the card is only an offer.
    pub resting_until: Option<Day>,
    /// Whether it is done already.
    pub done: bool,
    /// What can be typed next.
    pub next: &'a [&'a str],
}

/// Findings that people underestimate such a gesture: expressing thanks, and checking in.
const UNDERRATED: [&str; 2] = ["kumar2018", "liu2023"];
/// Where the phrases begin, in columns.
const PHRASE: usize = 6;

/// The card, with what can be typed next.
pub fn card(card: &Card<'_>, theme: Theme) -> String {
    let mut page = Page::new(theme);
    if let Some(until) = card.resting_until {
        page.paragraph(&messages::resting(until, card.day)).paragraph("If you'd like one anyway:").blank();
    } else if let Some(greeting) = card.greeting {
        page.paragraph(greeting).blank();
    }
    page.ends(&grammar::long_date(card.day, card.day), &clean(card.category)).blank();
    match card.gesture {
        Some(gesture) => body(&mut page, gesture),
        None => {
            page.paragraph(&format!("`{}`, which the catalogue no longer has", clean(card.id)));
        }
    }
    page.blank();
    if card.done {
        page.good("● Done. One is enough for a day.");
    } else {
        if let Some(gesture) = card.gesture {
            page.dim(&facts(gesture).join(" · "));
        }
        if let Some(reason) = card.reason.filter(|_| card.resting_until.is_none()) {
            page.dim(&messages::reason_sentence(&clean(reason), &clean(card.category)));
        }
        if card.gesture.is_some_and(lands_better) {
            page.dim("This often lands better than people expect.");
        }
    }
    page.blank().next(card.next).finish()
}

/// The cue and the action in one sentence.
pub fn sentence(gesture: &Gesture) -> String {
    let action = clean(&gesture.action);
    match &gesture.when {
        Some(when) => format!("When {}, {}", clean(when), grammar::after_comma(&action)),
        None => action.into_owned(),
    }
}

/// The cue, and the action on lines of its own.
pub fn cue_and_action<'p>(page: &'p mut Page, gesture: &Gesture) -> &'p mut Page {
    let action = clean(&gesture.action);
    match &gesture.when {
        Some(when) => page.paragraph(&format!("When {},", clean(when))).bold(&grammar::after_comma(&action)),
        None => page.bold(&action),
    }
}

/// The cue and the action, then the phrases, set apart.
pub fn body(page: &mut Page, gesture: &Gesture) {
    cue_and_action(page, gesture);
    if !gesture.say.is_empty() {
        page.blank();
    }
    for phrase in gesture.say.iter() {
        page.at(PHRASE, ACCENT, &format!("“{}”", clean(phrase)));
    }
}

/// Whether the gesture cites a finding that people underrate it, which is worth knowing before doing it.
fn lands_better(gesture: &Gesture) -> bool {
    gesture.evidence.iter().any(|key| UNDERRATED.contains(&key.as_ref()))
}

/// How hard the gesture is, how long it takes, and where it fits.
pub fn facts(gesture: &Gesture) -> Vec<String> {
    let mut facts = Vec::new();
    if gesture.level > 1 {
        facts.push(messages::level(gesture.level).to_owned());
    }
    facts.extend(gesture.seconds.map(|seconds| grammar::count(seconds, "second")));
    if Place::ALL.iter().all(|place| gesture.places.contains(place)) {
        facts.push("anywhere".to_owned());
    } else {
        let places: Vec<&str> = gesture.places.iter().map(|place| place.word()).collect();
        facts.push(places.join(", "));
    }
    facts
}

/// The prompt in one line of at most `width` columns, for a shell prompt or a status bar: the action, then its cue, cut
/// at a word. `prompt` is its id and its gesture, and `None` before the day's draw.
pub fn brief(prompt: Option<(&str, Option<&Gesture>)>, done: bool, width: usize, theme: Theme) -> String {
    let text = match prompt {
        _ if done => "● done".to_owned(),
        None => "○ nudge".to_owned(),
        Some((id, None)) => format!("○ {}", clean(id)),
        Some((_, Some(gesture))) => {
            let action = clean(&gesture.action);
            let action = action.trim_end_matches('.');
            let cue = gesture.when.as_ref().map(|when| format!(", when {}", clean(when))).unwrap_or_default();
            format!("○ {action}{cue}")
        }
    };
    theme.finish(format!("{}\n", cut(&text, width)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::builtin;

    #[test]
    fn a_brief_line_is_cut_at_a_word() {
        #[track_caller]
        fn check(width: usize, expected: &str) {
            let catalogue = builtin::catalogue();
            let gesture = Gesture {
                action: "Lift your hands off the keys.".into(),
                when: Some("someone talks to you".into()),
                ..catalogue.gestures[0].clone()
            };
            let theme = Theme { width: 80, utf8: true, colors: 16 };
            assert_eq!(brief(Some(("x", Some(&gesture))), false, width, theme), format!("{expected}\n"));
        }
        check(60, "○ Lift your hands off the keys, when someone talks to you");
        check(40, "○ Lift your hands off the keys, when…");
        check(31, "○ Lift your hands off the keys…");
        check(10, "○ Lift…");
        check(1, "…");
    }
}
