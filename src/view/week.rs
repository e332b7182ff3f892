//! The week: seven named days, what they come to, and one suggestion.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::card::lines;
use super::messages;
use super::theme::{self, Theme, pad};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::review::{Pattern, Review, State};
use crate::safe_text::clean;

const MARGIN: usize = 2;
/// The most columns that a bar takes.
const BAR: u32 = 12;
/// From this many columns a day has room for a word under it.
const NOTED: usize = 6;
/// The most people named, and the most notes quoted.
const PEOPLE: usize = 6;
const NOTES: usize = 4;
/// What the first week says of those that follow.
const TO_COME: &str =
    "Your first week. As more follow, you will see your streak here, your weeks as a chart, and what has been quiet.";

pub fn week(review: &Review, catalogue: &Catalogue, today: Day, theme: Theme) -> String {
    let mut text = String::new();
    text += &lines(theme.wrap(&messages::week_title(review.week, today), MARGIN), theme::bold);
    text.push('\n');
    text += &days(review, today, theme);
    text.push('\n');
    let Some(first) = review.first.filter(|first| *first <= review.as_of && review.week.first <= today) else {
        text += &lines(theme.wrap(&beginning(review, today), MARGIN), str::to_owned);
        return theme.finish(text);
    };
    text += &lines(theme.wrap_parts(&summary(review), MARGIN), str::to_owned);
    let first_week = first >= review.week.first;
    let chart = if first_week { String::new() } else { chart(&review.twelve_weeks) };
    if !chart.is_empty() {
        text += &lines(theme.wrap(&chart, MARGIN), str::to_owned);
    }
    if review.last_28.0 == 0 {
        // After a pause a page begins clean: nothing is gained by a list of what has been quiet.
        text.push('\n');
        text += &super::card::commands(&["nudge"], theme);
        return theme.finish(text);
    }
    text.push('\n');
    text += &categories(review, catalogue, first_week, theme);
    text += &people(review, theme);
    text += &notes(review, today, theme);
    if first_week && review.week.last() >= today {
        text.push('\n');
        text += &lines(theme.wrap(TO_COME, MARGIN), theme::dim);
    }
    // What was quiet weeks ago is no news.
    if calendar::days_between(review.as_of, today) <= 7 {
        text += &suggestion(review, catalogue, theme);
    }
    theme.finish(text)
}

/// A row of names, a row of shapes, and a row of words under those that want one.
fn days(review: &Review, today: Day, theme: Theme) -> String {
    let column = ((theme.width - MARGIN) / 7).clamp(2, 6);
    let name_width = if column >= 4 { 3 } else { column - 1 };
    let (mut names, mut marks, mut notes) = (String::new(), String::new(), String::new());
    for (day, state, _) in &review.days {
        let name = &messages::weekday(*day)[..name_width];
        names += &pad(name, column);
        let (shape, style) = theme::mark(*state);
        let shape = theme::paint(&shape.to_string(), style);
        let lead = name_width / 2;
        let _ = write!(marks, "{}{shape}{}", " ".repeat(lead), " ".repeat(column - lead - 1));
        let note = match state {
            _ if *day == today => "today",
            State::Spare => "spare",
            State::Rest => "rest",
            _ => "",
        };
        let note = if column >= NOTED { note } else { "" };
        // Centred under the shape.
        notes += &pad(
            &format!("{}{note}", " ".repeat(if note.len() < 5 { lead.saturating_sub(note.len() / 2) } else { 0 })),
            column,
        );
    }
    let mut text = String::new();
    for row in [theme::dim(names.trim_end()), marks.trim_end().to_owned(), theme::dim(notes.trim_end())] {
        if !row.is_empty() && row != theme::dim("") {
            let _ = writeln!(text, "{}{row}", " ".repeat(MARGIN));
        }
    }
    if column < NOTED {
        text += &legend(review, theme);
    }
    text
}

/// What the shapes mean, where there is no room for words under them.
fn legend(review: &Review, theme: Theme) -> String {
    let meant = [(State::Spare, "spare"), (State::Rest, "rest"), (State::Open, "today")];
    let used = meant.into_iter().filter(|(wanted, _)| review.days.iter().any(|(_, state, _)| state == wanted));
    let legend: Vec<String> = used.map(|(state, word)| format!("{} {word}", theme::mark(state).0)).collect();
    if legend.is_empty() {
        return String::new();
    }
    lines(theme.wrap(&legend.join("  "), MARGIN), theme::dim)
}

/// What a week says before anything was done in it or before it.
fn beginning(review: &Review, today: Day) -> String {
    if review.week.last() < today {
        "This week lies before your first entry.".to_owned()
    } else if review.week.first > today {
        "This week is still to come.".to_owned()
    } else {
        "Your first week begins with your first entry: `nudge` shows a prompt, `nudge done` logs it. Here you will \
         then see your days, your streak, who you were with, and what has been quiet."
            .to_owned()
    }
}

fn summary(review: &Review) -> Vec<String> {
    let mut parts = Vec::new();
    let kept = if review.kept == Some(true) { ", kept" } else { "" };
    if review.done_days > review.goal {
        parts.push(format!("{}{kept}", messages::count(review.done_days, "day")));
    } else if review.done_days > 0 {
        parts.push(format!("{} of {}{kept}", review.done_days, messages::count(review.goal, "day")));
    } else if review.kept == Some(true) && review.days.iter().any(|(_, state, _)| *state == State::Rest) {
        parts.push("a week of rest".to_owned());
    }
    if review.done_days > 0 && review.spare_used > 0 {
        let left = if review.spare_left > 0 { format!(", {} left", review.spare_left) } else { String::new() };
        parts.push(format!("{} used{left}", messages::count(review.spare_used, "spare day")));
    }
    parts.extend(messages::streak(review.streak));
    let (done, of) = review.last_28;
    if done > 0 && of > 1 {
        parts.push(format!("{done} of the last {}", messages::count(of, "day")));
    }
    match parts.first_mut() {
        Some(first) => *first = messages::sentence(first),
        None => parts.push(messages::QUIET_STRETCH.to_owned()),
    }
    parts
}

/// Done days of each week as a small chart, from the first week with one; a week without one is a gap in it.
fn chart(weeks: &[u32]) -> String {
    const STEPS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let step = |done: &u32| done.checked_sub(1).and_then(|step| STEPS.get(step as usize)).copied().unwrap_or(' ');
    let begun = weeks.iter().position(|done| *done > 0).unwrap_or(weeks.len());
    let chart: String = weeks[begun..].iter().map(step).collect();
    // One week alone is no course of things.
    if weeks.len() - begun < 2 {
        return String::new();
    }
    format!("{}  {}", messages::weeks(weeks.len() - begun), chart.trim_end())
}

/// The categories with what was done, or how long they have been quiet; then those that never came up,
/// of which the first week says nothing: there everything is still to come.
fn categories(review: &Review, catalogue: &Catalogue, first_week: bool, theme: Theme) -> String {
    let mut rows: Vec<(String, u32, String)> = Vec::new();
    let mut to_come: Vec<String> = Vec::new();
    for (id, done, quiet) in &review.categories {
        match quiet {
            None if *done == 0 => to_come.push(name(catalogue, id)),
            quiet => rows.push((name(catalogue, id), *done, messages::quiet(quiet.unwrap_or(0)))),
        }
    }
    let mut text = bars(&rows, theme);
    if !to_come.is_empty() && !first_week {
        let sentence = format!("Still waiting: {}.", messages::list(&to_come));
        text += &lines(theme.wrap(&sentence, MARGIN), theme::dim);
    }
    text
}

/// Names, each with a bar and a number; with words in their place where the number is zero.
pub fn bars(rows: &[(String, u32, String)], theme: Theme) -> String {
    let most = rows.iter().map(|(_, done, _)| *done).max().unwrap_or(0).max(1);
    let longest = rows.iter().map(|(name, ..)| name.width()).max().unwrap_or(0);
    let numbers = most.to_string().len();
    // Names and numbers come first; the bars take what is left.
    let room = theme.width.saturating_sub(MARGIN + longest + numbers + 4);
    let widest = BAR.min(u32::try_from(room).unwrap_or(BAR)).min(most.saturating_mul(2)).max(1);
    let mut text = String::new();
    for (name, done, instead) in rows {
        let label = pad(name, longest);
        let margin = " ".repeat(MARGIN);
        let _ = if *done == 0 {
            if theme.width < MARGIN + longest + 2 + instead.width() {
                writeln!(text, "{margin}{name}\n{margin}  {}", theme::dim(instead))
            } else {
                writeln!(text, "{margin}{label}  {}", theme::dim(instead))
            }
        } else {
            // In 64 bits: a number may be large.
            let bar = (u64::from(*done) * u64::from(widest)).div_ceil(u64::from(most));
            let bar = usize::try_from(bar).unwrap_or(1);
            let gap = " ".repeat((widest as usize).saturating_sub(bar));
            writeln!(text, "{margin}{label}  {}{gap}  {done:>numbers$}", theme::good(&"█".repeat(bar)))
        };
    }
    text
}

fn people(review: &Review, theme: Theme) -> String {
    if review.people.is_empty() {
        return String::new();
    }
    let people: Vec<String> = review
        .people
        .iter()
        .map(|(who, done)| if *done > 1 { format!("{} ({done})", clean(who)) } else { clean(who).into_owned() })
        .collect();
    let sentence = format!("With {}.", messages::list_some(&people, PEOPLE));
    format!("\n{}", lines(theme.wrap(&sentence, MARGIN), str::to_owned))
}

/// The latest notes as short quotes.
fn notes(review: &Review, today: Day, theme: Theme) -> String {
    let mut text = String::new();
    let earlier = review.notes.len().saturating_sub(NOTES);
    if !review.notes.is_empty() {
        text.push('\n');
    }
    for note in &review.notes[earlier..] {
        let day = if note.day == today { "today".to_owned() } else { messages::weekday(note.day) };
        let mut wrapped = theme.wrap(&format!("{day}: “{}”", clean(&note.note)), MARGIN);
        if wrapped.len() > 2 {
            wrapped.truncate(2);
            // Room for the dots and the quote.
            let mut second = wrapped[1].trim_end().to_owned();
            while second.width() + 2 > theme.width {
                second.pop();
            }
            wrapped[1] = format!("{}…”", second.trim_end_matches(|c: char| !c.is_alphanumeric()));
        }
        text += &lines(wrapped, theme::dim);
    }
    if earlier > 0 {
        let more = messages::count(earlier as u64, "earlier note");
        text += &lines(theme.wrap(&format!("`nudge journal` has {more}."), MARGIN), theme::dim);
    }
    text
}

fn suggestion(review: &Review, catalogue: &Catalogue, theme: Theme) -> String {
    let (sentence, command) = match &review.pattern {
        None => return String::new(),
        Some(Pattern::Category { id, days }) => {
            let sentence = messages::waiting(&name(catalogue, id), days.is_some());
            (format!("{sentence}:"), format!("nudge another -c {}", clean(id)))
        }
        Some(Pattern::Person { who, days }) => (
            format!("It has been {} since your last gesture with {}.", messages::count(*days, "day"), clean(who)),
            String::new(),
        ),
    };
    let mut text = String::from("\n");
    text += &lines(theme.wrap(&sentence, MARGIN), str::to_owned);
    if !command.is_empty() {
        text += &super::card::commands(&[&command], theme);
    }
    text
}

/// A category's name; its id where the catalogue does not have it.
pub fn name(catalogue: &Catalogue, id: &str) -> String {
    let name = catalogue.category(id).map_or(id, |category| &category.name);
    clean(name).into_owned()
}
