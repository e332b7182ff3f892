//! Today's prompt as a card: the cue first, then the action, and what to type next.

use super::page::{Page, cut};
use super::theme::{ACCENT, Theme};
use super::{grammar, messages, people};
use crate::calendar::Day;
use crate::catalogue::{Gesture, Place};
use crate::people::Question;
use crate::safe_text::clean;

/// What a prompt proposes.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A gesture of the catalogue.
    Gesture(&'a Gesture),
    /// A gesture that has left the catalogue: its id is all that is known.
    Gone(&'a str),
    /// Somebody to ask.
    FollowUp(&'a Question),
    /// A follow-up that was taken back after it was done.
    TakenBack,
}

/// What a card shows.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// The day that it is for.
    pub day: Day,
    /// The category's name.
    pub category: &'a str,
    /// What the prompt proposes.
    pub subject: Subject<'a>,
    /// Why this one came, as a phrase; `None` where that is not recorded.
    pub reason: Option<&'a str>,
    /// Somebody who may be meant.
    pub perhaps: Option<&'a str>,
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
    subject(&mut page, card.subject, card.day);
    page.blank();
    if card.done {
        page.good("● Done. One is enough for a day.");
    } else {
        if let Subject::Gesture(gesture) = card.subject {
            page.dim(&facts(gesture).join(" · "));
        }
        match card.subject {
            Subject::FollowUp(question) => {
                page.dim(&format!("noted on {}", people::date(question.noted, card.day)));
                // What comes again may have become what nobody should be asked, or what hurts to read.
                if let Some(every) = question.follow_up.every {
                    page.dim(&format!("every {}; `nudge undo {}` lets it go for good", every.word(), question.id));
                }
            }
            _ => {
                if let Some(reason) = card.reason.filter(|_| card.resting_until.is_none()) {
                    page.dim(&messages::reason_sentence(&clean(reason), &clean(card.category)));
                }
            }
        }
        if let Some(who) = card.perhaps {
            page.dim(&format!("Perhaps {}.", clean(who)));
        }
        if matches!(card.subject, Subject::Gesture(gesture) if lands_better(gesture)) {
            page.dim("This often lands better than people expect.");
        }
    }
    page.blank().next(card.next).finish()
}

fn subject(page: &mut Page, subject: Subject<'_>, today: Day) {
    match subject {
        Subject::Gesture(gesture) => body(page, gesture),
        Subject::Gone(id) => {
            page.paragraph(&format!("`{}`, which the catalogue no longer has", clean(id)));
        }
        Subject::FollowUp(question) => {
            page.bold(&people::question(question, today));
        }
        Subject::TakenBack => {
            page.paragraph("Something to ask about, which has been taken back since.");
        }
    }
}

/// The subject in a sentence or two, as `why` begins with it.
pub fn headline(page: &mut Page, subject: Subject<'_>, today: Day) {
    match subject {
        Subject::Gesture(gesture) => {
            cue_and_action(page, gesture);
        }
        other => self::subject(page, other, today),
    }
}

/// The cue and the action in one sentence.
pub fn sentence(gesture: &Gesture) -> String {
    let action = clean(&gesture.action);
    match &gesture.when {
        Some(when) => format!("When {}, {}", clean(when), grammar::after_comma(&action)),
        None => action.into_owned(),
    }
}

/// "Lift your hands off the keys, when someone talks to you": the action first, since a line may be cut.
pub fn in_a_line(gesture: &Gesture) -> String {
    let action = clean(&gesture.action);
    let action = action.trim_end_matches('.');
    let cue = gesture.when.as_ref().map(|when| format!(", when {}", clean(when))).unwrap_or_default();
    format!("{action}{cue}")
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

/// The prompt in one line of so many columns, for a shell prompt or a status bar: the action, then its cue, cut at a word.
/// Before the day's draw there is none, and once it is done nothing is left to say.
/// Of a follow-up it names nobody: others may look on.
pub fn brief(prompt: Option<Subject<'_>>, done: bool, width: usize, theme: Theme) -> String {
    let text = match prompt {
        _ if done => "● done".to_owned(),
        None => "○ nudge".to_owned(),
        Some(Subject::Gone(id)) => format!("○ {}", clean(id)),
        Some(Subject::FollowUp(_) | Subject::TakenBack) => format!("○ {}: nudge", people::SOMEBODY),
        Some(Subject::Gesture(gesture)) => {
            format!("○ {}", in_a_line(gesture))
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
            assert_eq!(brief(Some(Subject::Gesture(&gesture)), false, width, theme), format!("{expected}\n"));
        }
        check(60, "○ Lift your hands off the keys, when someone talks to you");
        check(40, "○ Lift your hands off the keys, when…");
        check(31, "○ Lift your hands off the keys…");
        check(10, "○ Lift…");
        check(1, "…");
    }
}
