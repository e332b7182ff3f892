//! Today's prompt as a card: the cue first, then the action, and what to type next.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::messages;
use super::theme::{self, Theme};
use crate::calendar::Day;
use crate::catalogue::{Gesture, Place};
use crate::safe_text::clean;

/// What a card shows.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    pub day: Day,
    /// The category's name.
    pub category: &'a str,
    /// `None` if the catalogue no longer has it; then its id is all that is known.
    pub gesture: Option<&'a Gesture>,
    pub id: &'a str,
    pub reason: Option<&'a str>,
    /// A sentence above the card.
    pub greeting: Option<&'a str>,
    pub done: bool,
    /// What can be typed next.
    pub next: &'a [&'a str],
}

const MARGIN: usize = 2;
/// Findings that people expect too little of such a gesture: of thanks, and of a check-in.
const UNDERRATED: [&str; 2] = ["kumar2018", "liu2023"];
const PHRASE: usize = 6;

pub fn card(card: &Card<'_>, theme: Theme) -> String {
    let mut text = String::new();
    if let Some(greeting) = card.greeting {
        text += &lines(theme.wrap(greeting, MARGIN), str::to_owned);
        text.push('\n');
    }
    let date = messages::long_date(card.day, card.day);
    text += &theme.ends((&date, theme::dim_style()), (&clean(card.category), theme::accent_style()), MARGIN);
    text.push('\n');
    text += &card.gesture.map_or_else(|| gone(card.id, theme), |gesture| body(gesture, theme));
    text.push('\n');
    if card.done {
        let done = theme.wrap("● Done. One is enough for a day.", MARGIN);
        text += &lines(done, theme::good);
    } else {
        let mut facts = card.gesture.map(facts).unwrap_or_default();
        facts.extend(card.reason.map(|reason| clean(reason).into_owned()));
        text += &lines(theme.wrap(&facts.join(" · "), MARGIN), theme::dim);
        if card.gesture.is_some_and(lands_better) {
            text += &lines(theme.wrap("This often lands better than people expect.", MARGIN), theme::dim);
        }
    }
    text += &commands(card.next, theme);
    theme.finish(text)
}

fn gone(id: &str, theme: Theme) -> String {
    lines(theme.wrap(&format!("`{}`, which the catalogue no longer has", clean(id)), MARGIN), str::to_owned)
}

/// The cue and the action in one sentence.
pub fn sentence(gesture: &Gesture) -> String {
    let action = clean(&gesture.action);
    match &gesture.when {
        Some(when) => format!("When {}, {}", clean(when), messages::continued(&action)),
        None => action.into_owned(),
    }
}

/// The cue and the action, then the phrases, set apart.
pub fn body(gesture: &Gesture, theme: Theme) -> String {
    let mut text = String::new();
    let action = clean(&gesture.action);
    match &gesture.when {
        Some(when) => {
            text += &lines(theme.wrap(&format!("When {},", clean(when)), MARGIN), str::to_owned);
            text += &lines(theme.wrap(&messages::continued(&action), MARGIN), theme::bold);
        }
        None => text += &lines(theme.wrap(&action, MARGIN), theme::bold),
    }
    if !gesture.say.is_empty() {
        text.push('\n');
    }
    for phrase in gesture.say.iter() {
        text += &lines(theme.wrap(&format!("“{}”", clean(phrase)), PHRASE), theme::accent);
    }
    text
}

/// Whether the gesture cites a finding that its giver underrates it, which is worth a word before.
fn lands_better(gesture: &Gesture) -> bool {
    gesture.evidence.iter().any(|key| UNDERRATED.contains(&key.as_ref()))
}

/// How hard, how long, where.
pub fn facts(gesture: &Gesture) -> Vec<String> {
    let mut facts = Vec::new();
    if gesture.level > 1 {
        facts.push(messages::level(gesture.level).to_owned());
    }
    facts.extend(gesture.seconds.map(|seconds| messages::count(seconds, "second")));
    if gesture.places.len() == Place::ALL.len() {
        facts.push("anywhere".to_owned());
    } else {
        let places: Vec<&str> = gesture.places.iter().map(|place| place.word()).collect();
        facts.push(places.join(", "));
    }
    facts
}

/// What can be typed next, on as few lines as fit.
pub fn commands(commands: &[&str], theme: Theme) -> String {
    const GAP: usize = 3;
    let mut text = String::new();
    let mut column = 0;
    for command in commands {
        if column > 0 && column + GAP + command.width() > theme.width {
            text.push('\n');
            column = 0;
        }
        let gap = if column == 0 { MARGIN } else { GAP };
        let _ = write!(text, "{}{}", " ".repeat(gap), theme::accent(command));
        column += gap + command.width();
    }
    if column > 0 {
        text.push('\n');
    }
    text
}

/// Lines, each painted behind its margin.
pub fn lines(lines: Vec<String>, paint: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for line in lines {
        let bare = line.trim_start_matches(' ');
        let _ = writeln!(text, "{}{}", &line[..line.len() - bare.len()], paint(bare));
    }
    text
}

/// The prompt in one line, for a shell prompt or a status bar.
pub fn brief(gesture: Option<&Gesture>, id: &str, done: bool, theme: Theme) -> String {
    let mark = if done { '●' } else { '○' };
    let text = gesture.map_or_else(|| clean(id).into_owned(), sentence);
    theme.finish(format!("{mark} {text}\n"))
}
