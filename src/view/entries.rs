//! Entries of the journal: what was done and rested, by day.

use std::collections::HashMap;

use chrono::Timelike;

use super::catalogue::category_name;
use super::page::{INSET, Page};
use super::theme::{DIM, PLAIN, Theme};
use super::{card, grammar, people};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::ids::EventId;
use crate::journal::{Done, Event, Prompt, What};
use crate::people::People;
use crate::safe_text::clean;

/// What entries name that stands in the plans.
#[derive(Debug, Default)]
pub struct Plans {
    /// Who has which name now.
    pub people: People,
    /// What the follow-ups are about.
    pub about: HashMap<EventId, String>,
}

/// A day's heading and its entries.
pub fn day(day: Day, entries: &[&Event], catalogue: &Catalogue, plans: &Plans, today: Day, theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold(&grammar::capitalised(&heading(day, today)));
    for event in entries {
        match &event.what {
            What::Done(done) => self::done(&mut page, event, done, catalogue, plans),
            What::Rest { from, until } => {
                page.paragraph(&format!("~ {}", grammar::capitalised(&rest(*from, *until, today))));
            }
            What::Remembered(noted) => {
                page.paragraph(&format!("○ {}", people::planned(&noted.who, noted, Some(noted.on), today)));
            }
            What::Renamed { from, to } => {
                page.paragraph(&people::renamed(from, to));
            }
            // Only what was done and planned is listed.
            _ => {}
        }
    }
    page.finish()
}

fn heading(day: Day, today: Day) -> String {
    let date = grammar::short_date(day, today);
    match grammar::near_date(day, today) {
        near if near == date => date,
        near => format!("{near}, {date}"),
    }
}

/// An entry in one line: "yesterday: tone, with Sam, “he told me about the move”".
pub fn in_a_line(event: &Event, catalogue: &Catalogue, names: &People, today: Day) -> String {
    match &event.what {
        What::Done(done) => {
            let mut parts = vec![format!(
                "{}: {}",
                grammar::near_date(event.day, today),
                category_name(catalogue, done.category())
            )];
            let gesture = done.gesture().and_then(|id| catalogue.gesture(id));
            parts.extend(gesture.map(|gesture| clean(gesture.action.trim_end_matches('.')).into_owned()));
            if !done.with.is_empty() {
                let with: Vec<_> = done.with.iter().map(|who| clean(names.shown(who))).collect();
                parts.push(format!("with {}", grammar::list(&with)));
            }
            parts.extend(done.note.as_ref().map(|note| format!("“{}”", clean(note))));
            parts.join(", ")
        }
        What::Rest { from, until } => rest(*from, *until, today),
        What::Remembered(noted) => people::planned(&noted.who, noted, Some(noted.on), today),
        What::Renamed { from, to } => people::renamed(from, to),
        _ => String::new(),
    }
}

/// When it was and what, with whom, and the note.
fn done(page: &mut Page, event: &Event, done: &Done, catalogue: &Catalogue, plans: &Plans) {
    let time = clock(event).map(|time| format!("{time} · ")).unwrap_or_default();
    page.good(&format!("● {time}{}", category_name(catalogue, done.category())));
    if let Some(id) = done.gesture() {
        let gesture = match catalogue.gesture(id) {
            Some(gesture) => card::sentence(gesture),
            None if catalogue.is_retired(id) => format!("{id}, a gesture that has since been retired"),
            None => clean(id).into_owned(),
        };
        page.at(INSET, PLAIN, &gesture);
    }
    if !done.with.is_empty() {
        let with: Vec<_> = done.with.iter().map(|who| clean(plans.people.shown(who))).collect();
        page.at(INSET, PLAIN, &format!("with {}", grammar::list(&with)));
    }
    if let Some(Prompt::FollowUp { id, .. }) = done.prompt()
        && let Some(about) = plans.about.get(id)
    {
        page.at(INSET, PLAIN, &format!("about: {}", clean(about)));
    }
    if let Some(note) = &done.note {
        page.at(INSET, DIM, &format!("“{}”", clean(note)));
    }
}

/// The time at which it was logged; `None` if it was logged on another day, since it is not the time it was done then.
fn clock(event: &Event) -> Option<String> {
    let at = event.at?;
    let date = at.date_naive();
    // With `day_starts = "12:00"`, a day ends at noon of the next date.
    let same = date == event.day || (date == calendar::forward(event.day, 1) && at.hour() < 12);
    same.then(|| grammar::time(at))
}

/// What is planned, each with its id.
pub fn to_come(planned: &[(String, &str)], theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold("To come");
    for (text, id) in planned {
        page.paragraph(&format!("{text} · {}", clean(id)));
    }
    page.finish()
}

/// "rest today", "rest on Thu 26 Nov", "rest from Mon 21 Dec until Sat 2 Jan 2027".
pub fn rest(from: Day, until: Day, today: Day) -> String {
    let date = |day: Day| grammar::near_date(day, today);
    if from != until {
        return format!("rest from {} until {}", date(from), date(until));
    }
    let on = if date(from) == grammar::short_date(from, today) { "on " } else { "" };
    format!("rest {on}{}", date(from))
}
