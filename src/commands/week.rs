//! `nudge week`: the weekly look back.

use std::collections::HashSet;

use super::Context;
use crate::calendar::{self, Week};
use crate::catalogue::Catalogue;
use crate::cli::Week as WeekArgs;
use crate::error::Error;
use crate::journal::Log;
use crate::review::{self, Days};
use crate::store::Book;
use crate::view::{json, week};

pub fn run(ctx: &Context<'_>, args: &WeekArgs) -> Result<(), Error> {
    let starts = ctx.config.week_starts;
    let wanted = match args.week.as_deref() {
        None => Week::of(ctx.today, starts),
        Some(text) => Week::parse(text, ctx.today, starts).ok_or_else(|| {
            Error::usage(format!("`{text}` is no week")).hint("a week is `last`, `-2`, `2026-W45` or a day in it")
        })?,
    };
    let catalogue = ctx.catalogue()?;
    let plans = ctx.log(Book::Plans, None)?;
    let log = log_for(ctx, wanted, &plans)?;
    let days = Days::new(&log, &plans, ctx.today, ctx.config.goal());
    let (all, suggested) = categories(ctx, &catalogue, &log);
    let review = review::review(&log, &days, wanted, &all, &suggested, ctx.config.suggest_people);
    if ctx.json {
        return ctx.print(&json::week(&review, &catalogue));
    }
    ctx.print(&week::week(&review, &catalogue, ctx.today, ctx.theme))
}

/// The log as far back as the week needs: twelve weeks, or the running streak where that is longer.
///
/// Day one is only known where the beginning was read, or where something was done before the days
/// that are needed; so it reads twice as far until one or the other is so.
fn log_for(ctx: &Context<'_>, wanted: Week, plans: &Log) -> Result<Log, Error> {
    let as_of = wanted.last().min(ctx.today);
    let needed = review::reads_from(wanted);
    let mut weeks = 16;
    loop {
        let from = wanted.back(weeks).first;
        let read = ctx.store.events(Book::Journal, Some(from))?;
        let log = Log::new(read.events, ctx.today);
        let days = Days::new(&log, plans, ctx.today, ctx.config.goal());
        let begun_before = days.first().is_some_and(|first| first < needed);
        let known_from = if begun_before { days.first().unwrap_or(needed) } else { needed };
        let first_week = Week::of(known_from, ctx.config.week_starts).first;
        let settled = begun_before && days.streak_ends(as_of, calendar::forward(first_week, 7));
        if read.whole || settled || from <= calendar::Day::MIN {
            ctx.name_bad_lines(Book::Journal, &read.bad);
            return Ok(log);
        }
        weeks *= 2;
    }
}

/// The categories to count, the catalogue's first, then others that the log has; and those worth suggesting.
fn categories<'a>(ctx: &Context<'_>, catalogue: &'a Catalogue, log: &'a Log) -> (Vec<&'a str>, Vec<&'a str>) {
    let favoured = |id: &&str| ctx.config.weights.get(*id).is_none_or(|weight| weight.favour > 0);
    let known: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
    let mut all = known.clone();
    let mut seen: HashSet<&str> = known.iter().copied().collect();
    all.extend(log.dones().map(|(_, done)| done.category.as_str()).filter(|id| seen.insert(id)));
    let offered: HashSet<&str> = catalogue.enabled().map(|gesture| gesture.category.as_ref()).collect();
    (all, known.into_iter().filter(favoured).filter(|id| offered.contains(id)).collect())
}
