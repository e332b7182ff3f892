//! `nudge week`: the weekly look back.

use std::collections::HashSet;

use super::Context;
use crate::calendar::{self, Week};
use crate::catalogue::Catalogue;
use crate::cli::Week as WeekArgs;
use crate::error::Error;
use crate::journal::Log;
use crate::review::{self, Days};
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
    let (log, days) = history(ctx, wanted)?;
    let (all, suggested) = categories(ctx, &catalogue, &log);
    let review = review::review(&log, &days, wanted, &all, &suggested, ctx.config.suggest_people);
    if ctx.json {
        return ctx.print(&json::week(&review, &catalogue));
    }
    ctx.print(&week::week(&review, &catalogue, ctx.today, ctx.theme))
}

/// How many weeks are read in full.
const WEEKS: u32 = 16;

/// The log of sixteen weeks, and the days as far back as the running streak goes: where it began before, all days
/// there are.
fn history(ctx: &Context<'_>, wanted: Week) -> Result<(Log, Days), Error> {
    let as_of = wanted.last().min(ctx.today);
    let from = wanted.back(WEEKS).first;
    let look = ctx.store.look(from)?;
    ctx.name_bad_lines([&look.journal.bad, &look.plans.bad]);
    let is_whole = look.journal.is_whole;
    let log = look.into_log(from, ctx.today);
    let days = Days::new(&log, ctx.today, ctx.config.goal());
    // Day one is known where something was done before the days that are needed.
    let needed = review::reads_from(wanted);
    let is_settled = days.first().is_some_and(|first| {
        let first_week = Week::of(first, ctx.config.week_starts).first;
        first < needed && days.streak_ends(as_of, calendar::forward(first_week, 7))
    });
    if is_whole || is_settled {
        return Ok((log, days));
    }
    let (tally, bad) = ctx.store.tally(ctx.today, &(as_of..=as_of))?;
    ctx.name_bad_lines([&bad[0], &bad[1]]);
    let days = Days::of(tally.days, &log, ctx.today, ctx.config.goal());
    Ok((log, days))
}

/// The categories to count, the catalogue's first, then others that the log has; and those worth suggesting.
fn categories<'a>(ctx: &Context<'_>, catalogue: &'a Catalogue, log: &'a Log) -> (Vec<&'a str>, Vec<&'a str>) {
    let favoured = |id: &&str| ctx.config.weights.get(*id).is_none_or(|weight| weight.favour > 0);
    let known: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
    let mut all = known.clone();
    let mut seen: HashSet<&str> = known.iter().copied().collect();
    all.extend(log.dones().map(|(_, done)| done.category()).filter(|id| seen.insert(id)));
    let offered: HashSet<&str> = catalogue.enabled().map(|gesture| gesture.category.as_ref()).collect();
    (all, known.into_iter().filter(favoured).filter(|id| offered.contains(id)).collect())
}
