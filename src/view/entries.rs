//! Entries of the journal: what was done and rested, by day.

use chrono::Timelike;

use super::card::lines;
use super::messages;
use super::theme::{self, Theme};
use super::week::name;
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::journal::{Done, Event, What};
use crate::safe_text::clean;

const MARGIN: usize = 2;
const INSET: usize = 4;

/// A day's heading and its entries.
pub fn day(day: Day, entries: &[&Event], catalogue: &Catalogue, today: Day, theme: Theme) -> String {
    let mut text = lines(theme.wrap(&messages::sentence(&heading(day, today)), MARGIN), theme::bold);
    for entry in entries {
        text += &self::entry(entry, catalogue, today, theme);
    }
    theme.finish(text)
}

fn heading(day: Day, today: Day) -> String {
    let date = messages::short_date(day, today);
    match messages::near_date(day, today) {
        near if near == date => date,
        near => format!("{near}, {date}"),
    }
}

/// One entry: a mark, what it was, with whom, and the note.
pub fn entry(event: &Event, catalogue: &Catalogue, today: Day, theme: Theme) -> String {
    let text = match &event.what {
        What::Done(done) => self::done(event, done, catalogue, theme),
        What::Rest { from, until } => {
            lines(theme.wrap(&format!("~ {}", messages::sentence(&rest(*from, *until, today))), MARGIN), str::to_owned)
        }
        // Only what was done and rested is listed.
        What::Offered { .. } | What::Swapped { .. } | What::Undone { .. } | What::Erased => String::new(),
    };
    theme.finish(text)
}

fn done(event: &Event, done: &Done, catalogue: &Catalogue, theme: Theme) -> String {
    let time = clock(event).map(|time| format!("{time} · ")).unwrap_or_default();
    let mut text = lines(theme.wrap(&format!("● {time}{}", name(catalogue, done.category())), MARGIN), theme::good);
    if let Some(id) = done.gesture() {
        let gesture = catalogue.gesture(id).map_or(&**id, |gesture| &gesture.action);
        text += &lines(theme.wrap(&clean(gesture), INSET), str::to_owned);
    }
    if !done.with.is_empty() {
        let with: Vec<_> = done.with.iter().map(|who| clean(who)).collect();
        text += &lines(theme.wrap(&format!("with {}", messages::list(&with)), INSET), str::to_owned);
    }
    if let Some(note) = &done.note {
        text += &lines(theme.wrap(&format!("“{}”", clean(note)), INSET), theme::dim);
    }
    text
}

/// When it was logged; nothing where that was on another day, and tells nothing of this one.
fn clock(event: &Event) -> Option<String> {
    let at = event.at?;
    let date = at.date_naive();
    // A day may end as late as noon of the next.
    let same = date == event.day || (date == calendar::forward(event.day, 1) && at.hour() < 12);
    same.then(|| messages::time(at))
}

/// "rest today", "rest on Thu 26 Nov", "rest from Mon 21 Dec until Sat 2 Jan 2027".
pub fn rest(from: Day, until: Day, today: Day) -> String {
    let date = |day: Day| messages::near_date(day, today);
    if from != until {
        return format!("rest from {} until {}", date(from), date(until));
    }
    let on = if date(from) == messages::short_date(from, today) { "on " } else { "" };
    format!("rest {on}{}", date(from))
}
