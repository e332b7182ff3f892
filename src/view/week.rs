//! The week: its seven days, their totals, and one suggestion.

use super::catalogue::category_name;
use super::page::{Bar, MARGIN, Page, pad};
use super::theme::{self, DIM, Theme, paint};
use super::{grammar, messages};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::review::{CategoryWeek, MANY, Pattern, Review, State};
use crate::safe_text::clean;

/// From this many columns for a day on, there is room for a word under it.
const NOTED: usize = 6;
/// The most people that are named.
const PEOPLE: usize = 6;
/// The most notes that are quoted.
const NOTES: usize = 4;
/// What the first week says about those that follow.
const TO_COME: &str =
    "Your first week. As more follow, you will see your weeks as a chart here, and what has been quiet.";

/// How a suggestion can be followed at this moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Way<'a> {
    /// The category of today's prompt, if it is not done yet.
    pub todays: Option<&'a str>,
    /// Whether the next prompt comes tomorrow, since today's is done or its swaps are used up.
    pub is_tomorrow: bool,
}

/// The week as a page.
pub fn week(review: &Review, catalogue: &Catalogue, today: Day, way: &Way<'_>, theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold(&grammar::week_title(review.week, today)).blank();
    days(&mut page, review, today);
    page.blank();
    let Some(first) = review.first.filter(|first| *first <= review.as_of && review.week.first <= today) else {
        return page.paragraph(beginning(review, today)).finish();
    };
    let summary = summary(review);
    if !summary.is_empty() {
        page.parts(&summary);
    }
    let lately = lately(review, first);
    if let Some(lately) = &lately {
        page.paragraph(lately);
    }
    let first_week = first >= review.week.first;
    if !first_week && review.twelve_weeks.iter().any(|done| *done > 0) {
        page.row(&format!("Twelve weeks  {}", paint(&chart(&review.twelve_weeks), DIM)));
    }
    if summary.is_empty() && lately.is_none() && review.resting_until.is_none() {
        // After a long pause, a list of everything that has been quiet would help nobody.
        page.paragraph(messages::QUIET_STRETCH).blank();
        return page.next(&["nudge"]).finish();
    }
    categories(&mut page, review, catalogue, first_week);
    people(&mut page, review);
    notes(&mut page, review, today);
    if let Some(until) = review.resting_until {
        return page.blank().paragraph(&messages::resting(until, today)).finish();
    }
    if first_week && review.week.last() >= today {
        page.blank().dim(TO_COME);
    }
    // What was quiet weeks ago is no longer of interest.
    if calendar::days_between(review.as_of, today) <= 7
        && let Some(pattern) = &review.pattern
    {
        page.blank();
        suggestion(&mut page, pattern, catalogue, way);
    }
    page.finish()
}

/// The word under a day's shape; empty if the shape needs none.
fn word(state: State, is_today: bool) -> &'static str {
    match state {
        State::Spare => "spare",
        State::Missed => "quiet",
        State::Rest => "rest",
        State::Done | State::Open if is_today => "today",
        State::Done | State::Open | State::Future | State::Before => "",
    }
}

/// A row of names, a row of shapes, and a row of words under the shapes that need one.
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
        let word = word(day.state, day.day == today);
        // Centred under the shape.
        let before = if word.len() < 5 { lead.saturating_sub(word.len() / 2) } else { 0 };
        words += &pad(&format!("{}{word}", " ".repeat(before)), column);
    }
    page.line(MARGIN, DIM, names.trim_end());
    if !marks.trim_end().is_empty() {
        page.row(&marks);
    }
    if column < NOTED {
        legend(page, review, today);
    } else if !words.trim_end().is_empty() {
        page.line(MARGIN, DIM, words.trim_end());
    }
}

/// What the shapes mean, for when there is no room for words under them.
fn legend(page: &mut Page, review: &Review, today: Day) {
    let mut items: Vec<String> = Vec::new();
    for day in &review.days {
        let word = word(day.state, day.day == today);
        let item = format!("{} {word}", theme::mark(day.state).0);
        if !word.is_empty() && !items.contains(&item) {
            items.push(item);
        }
    }
    if !items.is_empty() {
        page.flow(2, items.iter().map(|item| (paint(item, DIM), item.chars().count())));
    }
}

/// What is said about a week if nothing was done in it or before it.
fn beginning(review: &Review, today: Day) -> &'static str {
    if review.week.last() < today {
        "This week is before your first entry."
    } else if review.week.first > today {
        "This week is still to come."
    } else {
        "Your first week begins with your first entry: `nudge` shows a prompt, `nudge done` logs it. Here you will \
         then see your days, your streak, who you were with, and what has been quiet."
    }
}

/// How many days of the week something was done on, and its streaks.
fn summary(review: &Review) -> Vec<String> {
    let mut parts = Vec::new();
    let rest = review.days.iter().filter(|day| day.state == State::Rest && day.day <= review.as_of).count();
    let done = grammar::count(review.done_days, "day");
    if review.done_days > review.goal {
        parts.push(format!("{done}, a full week"));
    } else if review.done_days == review.goal {
        parts.push(format!("{} of {done}, a full week", review.done_days));
    } else if review.done_days > 0 && rest > 0 {
        parts.push(format!("{done}, {rest} of rest"));
    } else if review.done_days > 0 {
        parts.push(format!("{} of {}", review.done_days, grammar::count(review.goal, "day")));
    } else if rest == 7 {
        parts.push("A week of rest".to_owned());
    } else if rest > 0 {
        parts.push(format!("{} of rest", grammar::count(rest, "day")));
    }
    parts.extend(messages::streak(review.streak));
    parts
}

/// The last 28 days, and what is not counted among them.
fn lately(review: &Review, first: Day) -> Option<String> {
    const SPAN: u32 = 28;
    let (done, of) = (review.last_28.done, review.last_28.of);
    if done == 0 || of < 2 {
        return None;
    }
    let from = calendar::back(review.as_of, SPAN - 1);
    let before = u32::try_from(calendar::days_between(from, first)).unwrap_or(0);
    let is_open = review.days.iter().any(|day| day.day == review.as_of && day.state == State::Open);
    let rests = of + before + u32::from(is_open) < SPAN;
    if before == 0 && !rests && !is_open {
        return Some(format!("{done} of the last {SPAN} days"));
    }
    let mut text = format!("{done} of {}", grammar::count(of, "day"));
    if before > 0 {
        text += " since you began";
    }
    if rests {
        text += ", rest left out";
    }
    if is_open {
        text += ", today still open";
    }
    Some(text)
}

/// The days with something done in each of twelve weeks, as a small chart; a week without any is a dot.
fn chart(weeks: &[u32]) -> String {
    const STEPS: [char; 8] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    // Seven days at most.
    weeks.iter().map(|done| STEPS[(*done).min(7) as usize]).collect()
}

/// The categories with what was done, or how long they have been quiet. The first week and a week of rest name only
/// those in which something was done. If many are quiet, they are not listed one by one.
fn categories(page: &mut Page, review: &Review, catalogue: &Catalogue, first_week: bool) {
    let names_all = !first_week && !review.is_resting();
    let are_many = review.categories.iter().filter(|category| category.is_quiet()).count() >= MANY;
    let is_shown = |category: &&CategoryWeek| category.done > 0 || (names_all && !(are_many && category.is_quiet()));
    let bars = review.categories.iter().filter(is_shown).map(|category| {
        let quiet = match category.quiet_days {
            Some(0) => String::new(),
            Some(days) => messages::quiet(days),
            None if category.is_new => "not yet".to_owned(),
            None => messages::QUIET_FOR_LONG.to_owned(),
        };
        Bar::of_count(category_name(catalogue, &category.id), category.done, quiet)
    });
    let bars: Vec<Bar> = bars.collect();
    if !bars.is_empty() {
        page.blank().bars(&bars, 2);
    }
    if are_many && names_all && review.pattern != Some(Pattern::MostQuiet) {
        if bars.is_empty() {
            page.blank().dim("All have been quiet.");
        } else {
            page.dim("The others have been quiet.");
        }
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

/// One suggestion, with the command by which it can be followed now.
fn suggestion(page: &mut Page, pattern: &Pattern, catalogue: &Catalogue, way: &Way<'_>) {
    match pattern {
        Pattern::MostQuiet => page.paragraph(messages::START_ANYWHERE),
        Pattern::SwappedAway { id } => page.paragraph(&messages::swapped_away(&category_name(catalogue, id))),
        Pattern::Person { who, days } => {
            let days = grammar::count(*days, "day");
            page.paragraph(&format!("It has been {days} since your last gesture with {}.", clean(who)))
        }
        Pattern::Category { id, is_new, .. } => {
            let waiting = messages::waiting(&category_name(catalogue, id), !is_new);
            let id = clean(id);
            if way.todays == Some(&*id) {
                page.with_command(&format!("{waiting}; today's prompt is one:"), "nudge")
            } else if way.is_tomorrow {
                page.with_command(&format!("{waiting}. For tomorrow:"), &format!("nudge another -c {id}"))
                    .with_command("For one that you have already done:", &format!("nudge done -c {id}"))
            } else {
                page.with_command(&format!("{waiting}:"), &format!("nudge another -c {id}"))
            }
        }
    };
}
