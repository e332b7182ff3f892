//! Entries of the journal: what was done and rested, by day.

use chrono::Timelike;

use super::catalogue::category_name;
use super::page::{INSET, Page};
use super::theme::{DIM, PLAIN, Theme};
use super::{card, grammar, people};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::journal::{Done, Event, What};
use crate::safe_text::clean;

/// A day's heading and its entries.
pub fn day(day: Day, entries: &[&Event], catalogue: &Catalogue, today: Day, theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold(&grammar::capitalised(&heading(day, today)));
    for event in entries {
        match &event.what {
            What::Done(done) => self::done(&mut page, event, done, catalogue),
            What::Rest { from, until } => {
                page.paragraph(&format!("~ {}", grammar::capitalised(&rest(*from, *until, today))));
            }
            What::Remembered(noted) => {
                let when = people::on(noted.on, today);
                page.paragraph(&format!("○ {}: {}, {when}", clean(&noted.who), people::follow_up(noted)));
            }
            What::Renamed { from, to } => {
                page.paragraph(&format!("{} is called {}", clean(from), clean(to)));
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

/// When it was and what, with whom, and the note.
fn done(page: &mut Page, event: &Event, done: &Done, catalogue: &Catalogue) {
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
        let with: Vec<_> = done.with.iter().map(|who| clean(who)).collect();
        page.at(INSET, PLAIN, &format!("with {}", grammar::list(&with)));
    }
    if let Some(note) = &done.note {
        page.at(INSET, DIM, &format!("“{}”", clean(note)));
    }
}

/// The time at which it was logged; nothing where that was on another day, since it says nothing about this one.
fn clock(event: &Event) -> Option<String> {
    let at = event.at?;
    let date = at.date_naive();
    // A day may end as late as noon of the next.
    let same = date == event.day || (date == calendar::forward(event.day, 1) && at.hour() < 12);
    same.then(|| grammar::time(at))
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
