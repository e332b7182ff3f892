//! What a word on the command line stands for: a day, a category, a gesture, an event.

use chrono::Datelike;

use super::Context;
use crate::calendar::{self, Day, Here, Tense};
use crate::catalogue::{Catalogue, Gesture, Place};
use crate::cli;
use crate::error::Error;
use crate::ids::EventId;
use crate::people::{self, People};
use crate::safe_text::shell_word;
use crate::view::grammar;
use crate::view::people as messages;

/// The day that the user names. Between midnight and the hour at which a day begins, the calendar's date and weekday
/// are already tomorrow's: when logging, naming them means the day that has not ended yet.
pub fn day(ctx: &Context<'_>, text: &str, tense: Tense) -> Result<Day, Error> {
    let day = day_from(ctx, ctx.today, text, tense)?;
    let date = ctx.now.date_naive();
    let is_night = date > ctx.today && tense == Tense::Logging;
    let means_date = is_night && names_a_date(text) && day_from(ctx, date, text, tense)? == date;
    Ok(if means_date { ctx.today } else { day })
}

/// The day on which something was done; one that is still to come is refused.
pub fn day_done(ctx: &Context<'_>, text: &str) -> Result<Day, Error> {
    let day = day(ctx, text, Tense::Logging)?;
    if day <= ctx.today {
        return Ok(day);
    }
    let hint = if ctx.now.date_naive() > ctx.today {
        let begins = ctx.config.day_starts.format("%H:%M");
        format!("until {begins} (`day_starts`) it is still {}; name a day up to that one", ctx.today)
    } else {
        "name the day on which it was done, up to today".to_owned()
    };
    Err(Error::usage(format!("{day} is still to come")).hint(hint))
}

/// The day that the user names, counted from `from` instead of today.
pub fn day_from(ctx: &Context<'_>, from: Day, text: &str, tense: Tense) -> Result<Day, Error> {
    let day = calendar::parse_day(text, Here { today: from, tense, week_starts: ctx.config.week_starts });
    if let Some(day) = day.filter(|day| !(1..=9999).contains(&day.year())) {
        return Err(Error::usage(format!("`{text}` is in the year {}", day.year())).hint("years run from 1 to 9999"));
    }
    day.ok_or_else(|| {
        Error::usage(format!("I don't know the day `{text}`"))
            .hint("a day is `yesterday`, a weekday such as `thu` or `last thu`, `22 nov`, `3 days ago` or `2026-11-22`")
    })
}

/// Whether a day is named by its date or its weekday, not by how far from today it is.
fn names_a_date(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    !text.contains("ago") && !["today", "tomorrow", "yesterday"].contains(&text.as_str()) && !text.starts_with("in ")
}

/// The days that `--since` and `--until` name, each if it was given. Fails if they are the wrong way round.
pub fn range(ctx: &Context<'_>, since: Option<&str>, until: Option<&str>) -> Result<(Option<Day>, Option<Day>), Error> {
    let named = |text: Option<&str>| text.map(|text| day(ctx, text, Tense::Logging)).transpose();
    let (from, to) = (named(since)?, named(until)?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let date = |day| grammar::short_date(day, ctx.today);
        return Err(Error::usage(format!("the days would end on {}, before they begin on {}", date(to), date(from)))
            .hint(format!("the other way round: `--since {to} --until {from}`")));
    }
    Ok((from, to))
}

pub fn place(place: cli::Place) -> Place {
    match place {
        cli::Place::Home => Place::Home,
        cli::Place::Work => Place::Work,
        cli::Place::Out => Place::Out,
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
            Err(Error::usage(format!("more than one {what} begins with `{wanted}`"))
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

/// The one of several names that was probably meant: one whose last part it is, or else the most similar one, if it is
/// similar at all.
pub fn nearest<'n>(names: impl Iterator<Item = &'n str>, wanted: &str) -> Option<&'n str> {
    /// Of 1: four letters of ten may differ.
    const SIMILAR: f64 = 0.6;
    let wanted = wanted.to_lowercase();
    let likeness = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        [name, last].map(|name| strsim::normalized_damerau_levenshtein(name, &wanted)).into_iter().fold(0.0, f64::max)
    };
    let likely = names.map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= SIMILAR);
    likely.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

/// The gesture that the user names.
pub fn gesture<'c>(catalogue: &'c Catalogue, wanted: &str) -> Result<&'c Gesture, Error> {
    if catalogue.is_retired(wanted) {
        return Err(Error::failed(format!("`{wanted}` has been retired: nudge no longer offers it")).hint(
            "to log it all the same: `nudge done -c CATEGORY -m \"…\"`; `nudge catalogue` lists today's gestures",
        ));
    }
    let ids = catalogue.gestures.iter().map(|gesture| gesture.id.as_ref());
    let found = id(ids, wanted, "gesture").map(|id| catalogue.gesture(id));
    let found =
        found.and_then(|gesture| gesture.ok_or_else(|| Error::usage(format!("there is no gesture `{wanted}`"))));
    found.map_err(|error| error.or_hint("`nudge catalogue` lists the gestures with their ids"))
}

/// How far back people's names are looked at, in days.
pub const NAMES: u32 = 448;

/// Of names that nobody has so far those that may be a slip, each with a word about it. It stops nothing.
pub fn slips(ctx: &Context<'_>, names: &[String]) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let Ok(log) = ctx.log(calendar::back(ctx.today, NAMES)) else {
        return Vec::new();
    };
    let people = People::new(&log, []);
    let slip = |name: &String| Some(messages::slip(name, people.near_miss(name)?));
    names.iter().filter_map(slip).collect()
}

/// The follow-up that the user names by its id or a beginning of it, and the day on which it was noted. Gestures go
/// before, unless the id is exact.
pub fn follow_up(ctx: &Context<'_>, catalogue: &Catalogue, wanted: &str) -> Result<Option<(EventId, Day)>, Error> {
    let log = ctx.log(ctx.today)?;
    let find = |wanted: &str| people::find(&log, &wanted.into()).map(|open| (open.id.clone(), open.noted));
    if let Some(exact) = find(wanted) {
        return Ok(Some(exact));
    }
    let is_gesture = catalogue.gestures.iter().any(|gesture| gesture.id.starts_with(wanted));
    let begins = || people::open(&log).map(|open| &**open.id).filter(|id| id.starts_with(wanted));
    if is_gesture || wanted.is_empty() || begins().next().is_none() {
        return Ok(None);
    }
    Ok(find(id(begins(), wanted, "follow-up")?))
}

/// The gesture that the user wants to log. If no gesture begins with `wanted`, the hint shows what may have been meant.
/// `with` are the people named on the same command line.
pub fn gesture_done<'c>(
    ctx: &Context<'_>,
    catalogue: &'c Catalogue,
    wanted: &str,
    with: &[String],
) -> Result<&'c Gesture, Error> {
    let is_known = catalogue.gestures.iter().any(|gesture| gesture.id.starts_with(wanted));
    if is_known || wanted.is_empty() || catalogue.is_retired(wanted) {
        return gesture(catalogue, wanted).map_err(|error| match catalogue.category(wanted) {
            Some(_) => error.hint(format!("for something of that category: `nudge done -c {wanted}`")),
            None => error,
        });
    }
    let hint = if let Ok(day) = day(ctx, wanted, Tense::Logging) {
        // If the day had no prompt, the user has to say what was done.
        let has_prompt = ctx.log(day)?.prompt_on(day).is_some();
        let what = if has_prompt { "" } else { "-c CATEGORY " };
        format!("for that day: `nudge done {what}--on {}`", shell_word(wanted))
    } else if wanted.contains(char::is_whitespace) {
        format!("in your own words: `nudge done -c CATEGORY -m {}`", shell_word(wanted))
    } else if let [.., last] = with {
        format!("give each name its own `-w`: `nudge done -w {} -w {}`", shell_word(last), shell_word(wanted))
    } else if let Some(category) = catalogue.categories.iter().find(|category| category.id.starts_with(wanted)) {
        format!("for something of that category: `nudge done -c {}`", category.id)
    } else {
        format!(
            "if that is a person: `nudge done -w {0}`; `nudge catalogue -g {0}` searches the gestures for it",
            shell_word(wanted)
        )
    };
    Err(Error::usage(format!("no gesture begins with `{wanted}`")).hint(hint))
}

/// Refuses several names in one, since each has to be counted as a person of their own.
pub fn one_name(name: &str) -> Result<(), Error> {
    let names: Vec<&str> = name.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() < 2 {
        return Ok(());
    }
    let each: Vec<String> = names.iter().map(|name| format!("-w {}", shell_word(name))).collect();
    Err(Error::usage(format!("`{name}` is more than one name"))
        .hint(format!("give each name its own `-w`: `nudge done {}`", each.join(" "))))
}
