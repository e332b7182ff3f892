//! What a word on the command line stands for: a day, a category, a gesture, an event.

use chrono::Datelike;

use super::Context;
use crate::calendar::{self, Day, Tense};
use crate::catalogue::{Catalogue, Gesture, Place};
use crate::cli;
use crate::error::Error;
use crate::view::grammar;

/// The day that the user names.
pub fn day(ctx: &Context<'_>, text: &str, tense: Tense) -> Result<Day, Error> {
    day_from(ctx.today, text, tense)
}

/// The day that the user names, seen from another day than today.
pub fn day_from(from: Day, text: &str, tense: Tense) -> Result<Day, Error> {
    let day = calendar::parse_day(text, from, tense);
    if let Some(day) = day.filter(|day| !(1..=9999).contains(&day.year())) {
        return Err(Error::usage(format!("`{text}` is in the year {}", day.year())).hint("years run from 1 to 9999"));
    }
    day.ok_or_else(|| {
        Error::usage(format!("`{text}` is no day"))
            .hint("a day is `today`, `yesterday`, a weekday such as `thu`, `3 days ago` or `2026-11-22`")
    })
}

pub fn place(place: cli::Place) -> Place {
    match place {
        cli::Place::Home => Place::Home,
        cli::Place::Work => Place::Work,
        cli::Place::Remote => Place::Remote,
        cli::Place::Text => Place::Text,
    }
}

/// What an id, or an unambiguous beginning of one, stands for.
pub fn id<'i>(ids: impl Iterator<Item = &'i str>, wanted: &str, what: &str) -> Result<&'i str, Error> {
    let mut matching: Vec<&str> = ids.filter(|id| id.starts_with(wanted)).collect();
    matching.sort_unstable();
    matching.dedup();
    match matching.as_slice() {
        // An exact id sorts before those that it begins.
        [exact, ..] if *exact == wanted => Ok(exact),
        [only] => Ok(only),
        [] => Err(Error::usage(format!("no {what} begins with `{wanted}`"))),
        several => {
            let names: Vec<String> = several.iter().take(8).map(|id| format!("`{id}`")).collect();
            let more = if several.len() > 8 { ", …" } else { "" };
            Err(Error::usage(format!("`{wanted}` begins more than one {what}"))
                .hint(format!("name one of {}{more}", names.join(", "))))
        }
    }
}

/// The category that the user names.
pub fn category<'c>(catalogue: &'c Catalogue, wanted: &str) -> Result<&'c str, Error> {
    let ids = || catalogue.categories.iter().map(|category| category.id.as_ref());
    id(ids(), wanted, "category").map_err(|error| {
        let names: Vec<String> = ids().map(|id| format!("`{id}`")).collect();
        error.or_hint(format!("the categories are {}", grammar::list(&names)))
    })
}

/// The gesture that the user names.
pub fn gesture<'c>(catalogue: &'c Catalogue, wanted: &str) -> Result<&'c Gesture, Error> {
    let ids = catalogue.gestures.iter().map(|gesture| gesture.id.as_ref());
    let found = id(ids, wanted, "gesture").map(|id| catalogue.gesture(id));
    let found = found.and_then(|gesture| gesture.ok_or_else(|| Error::failed(format!("no gesture is `{wanted}`"))));
    found.map_err(|error| error.or_hint("`nudge catalogue` lists the gestures with their ids"))
}
