//! The week: seven named days, what they come to, and one suggestion.

use super::catalogue::category_name;
use super::page::{Bar, MARGIN, Page, pad};
use super::theme::{self, DIM, Theme, paint};
use super::{grammar, messages};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::review::{Pattern, Review, State};
use crate::safe_text::clean;

/// From this many columns a day has room for a word under it.
const NOTED: usize = 6;
/// The most people named, and the most notes quoted.
const PEOPLE: usize = 6;
const NOTES: usize = 4;
/// What the first week says of those that follow.
const TO_COME: &str =
    "Your first week. As more follow, you will see your streak here, your weeks as a chart, and what has been quiet.";

/// The week as a page; `today` tells a week that runs from one that lies behind.
pub fn week(review: &Review, catalogue: &Catalogue, today: Day, theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold(&grammar::week_title(review.week, today)).blank();
    days(&mut page, review, today);
    page.blank();
    let Some(first) = review.first.filter(|first| *first <= review.as_of && review.week.first <= today) else {
        return page.paragraph(beginning(review, today)).finish();
    };
    page.parts(&summary(review));
    let first_week = first >= review.week.first;
    if !first_week && let Some(chart) = chart(&review.twelve_weeks) {
        page.paragraph(&chart);
    }
    page.blank();
    if review.last_28.done == 0 {
        // After a pause a page begins clean: nothing is gained by a list of what has been quiet.
        return page.next(&["nudge"]).finish();
    }
    categories(&mut page, review, catalogue, first_week);
    people(&mut page, review);
    notes(&mut page, review, today);
    if first_week && review.week.last() >= today {
        page.blank().dim(TO_COME);
    }
    // What was quiet weeks ago is no news.
    if calendar::days_between(review.as_of, today) <= 7 {
        suggestion(&mut page, review, catalogue);
    }
    page.finish()
}

/// A row of names, a row of shapes, and a row of words under those that want one.
fn days(page: &mut Page, review: &Review, today: Day) {
    let column = ((page.theme().width - MARGIN) / 7).clamp(2, 6);
    let name_width = if column >= 4 { 3 } else { column - 1 };
    let lead = name_width / 2;
    let (mut names, mut marks, mut words) = (String::new(), String::new(), String::new());
    for day in &review.days {
        names += &pad(&grammar::weekday(day.day)[..name_width], column);
        let (shape, style) = theme::mark(day.state);
        let shape = paint(&shape.to_string(), style);
        marks += &format!("{}{shape}{}", " ".repeat(lead), " ".repeat(column - lead - 1));
        let word = match day.state {
            _ if day.day == today => "today",
            State::Spare => "spare",
            State::Rest => "rest",
            _ => "",
        };
        // Centred under the shape.
        let before = if word.len() < 5 { lead.saturating_sub(word.len() / 2) } else { 0 };
        words += &pad(&format!("{}{word}", " ".repeat(before)), column);
    }
    page.line(MARGIN, DIM, names.trim_end());
    if !marks.trim_end().is_empty() {
        page.row(&marks);
    }
    if column < NOTED {
        legend(page, review);
    } else if !words.trim_end().is_empty() {
        page.line(MARGIN, DIM, words.trim_end());
    }
}

/// What the shapes mean, where there is no room for words under them.
fn legend(page: &mut Page, review: &Review) {
    let meant = [(State::Spare, "spare"), (State::Rest, "rest"), (State::Open, "today")];
    let used = meant.into_iter().filter(|(wanted, _)| review.days.iter().any(|day| day.state == *wanted));
    let legend: Vec<String> = used.map(|(state, word)| format!("{} {word}", theme::mark(state).0)).collect();
    if !legend.is_empty() {
        page.dim(&legend.join("  "));
    }
}

/// What a week says before anything was done in it or before it.
fn beginning(review: &Review, today: Day) -> &'static str {
    if review.week.last() < today {
        "This week lies before your first entry."
    } else if review.week.first > today {
        "This week is still to come."
    } else {
        "Your first week begins with your first entry: `nudge` shows a prompt, `nudge done` logs it. Here you will \
         then see your days, your streak, who you were with, and what has been quiet."
    }
}

fn summary(review: &Review) -> Vec<String> {
    let mut parts = Vec::new();
    let kept = if review.kept == Some(true) { ", kept" } else { "" };
    if review.done_days > review.goal {
        parts.push(format!("{}{kept}", grammar::count(review.done_days, "day")));
    } else if review.done_days > 0 {
        parts.push(format!("{} of {}{kept}", review.done_days, grammar::count(review.goal, "day")));
    } else if review.kept == Some(true) && review.days.iter().any(|day| day.state == State::Rest) {
        parts.push("a week of rest".to_owned());
    }
    if review.done_days > 0 && review.spare.used > 0 {
        let left = if review.spare.left > 0 { format!(", {} left", review.spare.left) } else { String::new() };
        parts.push(format!("{} used{left}", grammar::count(review.spare.used, "spare day")));
    }
    parts.extend(messages::streak(review.streak));
    let last = review.last_28;
    if last.done > 0 && last.of > 1 {
        parts.push(format!("{} of the last {}", last.done, grammar::count(last.of, "day")));
    }
    match parts.first_mut() {
        Some(first) => *first = grammar::capitalised(first),
        None => parts.push(messages::QUIET_STRETCH.to_owned()),
    }
    parts
}

/// Done days of each week as a small chart, from the first week with one; a week without one is a gap in it.
/// One week alone is not a chart.
fn chart(weeks: &[u32]) -> Option<String> {
    const STEPS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let step = |done: &u32| done.checked_sub(1).and_then(|step| STEPS.get(step as usize)).copied().unwrap_or(' ');
    let begun = &weeks[weeks.iter().position(|done| *done > 0)?..];
    let chart: String = begun.iter().map(step).collect();
    (begun.len() > 1).then(|| format!("{}  {}", grammar::count(begun.len(), "week"), chart.trim_end()))
}

/// The categories with what was done, or how long they have been quiet; then those that never came up,
/// of which the first week says nothing: there everything is still to come.
fn categories(page: &mut Page, review: &Review, catalogue: &Catalogue, first_week: bool) {
    let (to_come, known): (Vec<_>, Vec<_>) =
        review.categories.iter().partition(|category| category.done == 0 && category.quiet_days.is_none());
    let bars = known.iter().map(|category| {
        let quiet = messages::quiet(category.quiet_days.unwrap_or(0));
        Bar::of_count(category_name(catalogue, &category.id), category.done, quiet)
    });
    page.bars(&bars.collect::<Vec<_>>(), 2);
    if !to_come.is_empty() && !first_week {
        let names: Vec<String> = to_come.iter().map(|category| category_name(catalogue, &category.id)).collect();
        page.dim(&format!("Still waiting: {}.", grammar::list(&names)));
    }
}

fn people(page: &mut Page, review: &Review) {
    if review.people.is_empty() {
        return;
    }
    let people = review.people.iter().map(|person| match (clean(&person.who), person.done) {
        (who, 0 | 1) => who.into_owned(),
        (who, done) => format!("{who} ({done})"),
    });
    let people: Vec<String> = people.collect();
    page.blank().paragraph(&format!("With {}.", grammar::list_some(&people, PEOPLE)));
}

/// The latest notes as short quotes.
fn notes(page: &mut Page, review: &Review, today: Day) {
    if review.notes.is_empty() {
        return;
    }
    page.blank();
    let earlier = review.notes.len().saturating_sub(NOTES);
    for note in &review.notes[earlier..] {
        let day = if note.day == today { "today".to_owned() } else { grammar::weekday(note.day) };
        page.excerpt(2, "…”", DIM, &format!("{day}: “{}”", clean(&note.note)));
    }
    if earlier > 0 {
        page.dim(&format!("`nudge journal` has {}.", grammar::count(earlier, "earlier note")));
    }
}

fn suggestion(page: &mut Page, review: &Review, catalogue: &Catalogue) {
    match &review.pattern {
        None => {}
        Some(Pattern::Category { id, days }) => {
            page.blank().paragraph(&format!("{}:", messages::waiting(&category_name(catalogue, id), days.is_some())));
            page.next(&[&format!("nudge another -c {}", clean(id))]);
        }
        Some(Pattern::Person { who, days }) => {
            let days = grammar::count(*days, "day");
            page.blank().paragraph(&format!("It has been {days} since your last gesture with {}.", clean(who)));
        }
    }
}
