//! The week: seven named days, what they come to, and one suggestion.

use std::fmt::Write;

use super::card::lines;
use super::theme::{self, Theme, clean, pad};
use super::words;
use crate::calendar::Day;
use crate::catalogue::Catalogue;
use crate::review::{Pattern, Review, State};

const MARGIN: usize = 2;
/// The most columns that a bar takes.
const BAR: u32 = 12;

pub fn week(review: &Review, catalogue: &Catalogue, today: Day, theme: Theme) -> String {
    let mut text = String::new();
    let title = format!("Week {} · {}", review.week.iso().week(), words::week_dates(review.week, today));
    text += &lines(theme.wrap(&title, MARGIN), theme::bold);
    text.push('\n');
    text += &days(review, today, theme);
    text.push('\n');
    let Some(first) = review.first.filter(|first| *first <= review.week.last()) else {
        text += &lines(theme.wrap(&beginning(review, today), MARGIN), str::to_owned);
        return theme.finish(text);
    };
    text += &lines(theme.wrap(&summary(review), MARGIN), str::to_owned);
    if first < review.week.first {
        text += &lines(theme.wrap(&format!("Twelve weeks  {}", chart(&review.twelve_weeks)), MARGIN), str::to_owned);
    }
    text.push('\n');
    text += &categories(review, catalogue, theme);
    text += &people(review, theme);
    text += &notes(review, today, theme);
    text += &suggestion(review, catalogue, theme);
    theme.finish(text)
}

/// A row of names, a row of shapes, and a row of words under those that want one.
fn days(review: &Review, today: Day, theme: Theme) -> String {
    let column = ((theme.width - MARGIN) / 7).clamp(2, 6);
    let name_width = if column >= 4 { 3 } else { column - 1 };
    let (mut names, mut marks, mut notes) = (String::new(), String::new(), String::new());
    for (day, state, _) in &review.days {
        let name = &day.format("%a").to_string()[..name_width];
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
        let note = if note.len() < column { note } else { "" };
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
    text
}

/// What a week says before anything was done in it or before it.
fn beginning(review: &Review, today: Day) -> String {
    if review.week.last() < today {
        "This week lies before your first entry.".to_owned()
    } else if review.week.first > today {
        "This week is still to come.".to_owned()
    } else {
        "Your first week begins with your first entry. `nudge` shows a prompt, `nudge done` logs it.".to_owned()
    }
}

fn summary(review: &Review) -> String {
    let mut parts = Vec::new();
    let kept = if review.kept == Some(true) { ", kept" } else { "" };
    if review.done_days > 0 {
        parts.push(if review.done_days < review.goal {
            format!("{} of {}{kept}", review.done_days, words::count(review.goal, "day"))
        } else {
            format!("{}{kept}", words::count(review.done_days, "day"))
        });
    } else if review.kept == Some(true) {
        parts.push("a week of rest".to_owned());
    }
    if review.spare_used > 0 {
        let left = if review.spare_left > 0 { format!(", {} left", review.spare_left) } else { String::new() };
        parts.push(format!("{} used{left}", words::count(review.spare_used, "spare day")));
    }
    if review.streak.days > 1 {
        parts.push(format!("{}-day streak", review.streak.days));
    }
    if review.streak.weeks > 0 {
        parts.push(words::count(review.streak.weeks, "week"));
    }
    let (done, of) = review.last_28;
    if done > 0 && of > 1 {
        parts.push(format!("{done} of the last {}", words::count(of, "day")));
    }
    if parts.is_empty() {
        "A quiet stretch. Any day is a good day to begin again.".to_owned()
    } else {
        parts.join(" · ")
    }
}

/// Done days of each week as a small chart; a week without one is a gap in it.
fn chart(weeks: &[u32]) -> String {
    const STEPS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let step = |done: &u32| done.checked_sub(1).and_then(|step| STEPS.get(step as usize)).copied().unwrap_or(' ');
    weeks.iter().map(step).skip_while(|step| *step == ' ').collect::<String>().trim_end().to_owned()
}

fn categories(review: &Review, catalogue: &Catalogue, theme: Theme) -> String {
    let most = review.categories.iter().map(|(_, done, _)| *done).max().unwrap_or(0).max(1);
    let names: Vec<String> = review.categories.iter().map(|(id, _, _)| name(catalogue, id)).collect();
    let longest = names.iter().map(|name| unicode_width::UnicodeWidthStr::width(name.as_str())).max().unwrap_or(0);
    let room = theme.width.saturating_sub(MARGIN + longest + 6);
    let widest = BAR.min(u32::try_from(room).unwrap_or(BAR)).min(most * 2).max(1);
    let mut text = String::new();
    for ((_, done, quiet), name) in review.categories.iter().zip(names) {
        let bar = (*done * widest).div_ceil(most);
        let label = pad(&name, longest);
        let _ = match (done, quiet) {
            (0, None) => writeln!(text, "{}{}", " ".repeat(MARGIN), theme::dim(&label)),
            (0, Some(days)) => {
                let quiet = theme::dim(&format!("quiet for {}", words::count(*days, "day")));
                writeln!(text, "{}{label}  {quiet}", " ".repeat(MARGIN))
            }
            (done, _) => {
                let gap = " ".repeat((widest - bar) as usize);
                let bar = theme::good(&"█".repeat(bar as usize));
                writeln!(text, "{}{label}  {bar}{gap}  {done}", " ".repeat(MARGIN))
            }
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
    format!("\n{}", lines(theme.wrap(&format!("With {}.", words::list(&people)), MARGIN), str::to_owned))
}

fn notes(review: &Review, today: Day, theme: Theme) -> String {
    let mut text = String::new();
    if !review.notes.is_empty() {
        text.push('\n');
    }
    for note in &review.notes {
        let day = if note.day == today { "today".to_owned() } else { note.day.format("%a").to_string() };
        let mut wrapped = theme.wrap(&format!("{day}: “{}”", clean(&note.note)), MARGIN);
        if wrapped.len() > 2 {
            wrapped.truncate(2);
            wrapped[1] = format!("{}…”", wrapped[1].trim_end_matches(|c: char| !c.is_alphanumeric()));
        }
        text += &lines(wrapped, theme::dim);
    }
    text
}

fn suggestion(review: &Review, catalogue: &Catalogue, theme: Theme) -> String {
    let (sentence, command) = match &review.pattern {
        None => return String::new(),
        Some(Pattern::Category { id, days }) => {
            let name = words::has(&name(catalogue, id));
            let quiet = if days.is_some() { "been quiet for a while" } else { "yet to come up" };
            (format!("{} {quiet}:", words::sentence(&name)), format!("nudge another -c {}", clean(id)))
        }
        Some(Pattern::Person { who, days }) => (
            format!("It has been {} since your last gesture with {}.", words::count(*days, "day"), clean(who)),
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
