//! `nudge year`: the long look back.

use std::ops::RangeInclusive;

use super::Context;
use crate::calendar::{self, Day, Week};
use crate::cli::Year as YearArgs;
use crate::error::Error;
use crate::review::{self, Days};
use crate::view::{json, year};

/// A year and the current week.
const WEEKS: u32 = 53;

pub fn run(ctx: &Context<'_>, args: &YearArgs) -> Result<(), Error> {
    let span = span(ctx, args)?;
    let catalogue = ctx.catalogue()?;
    let (tally, bad) = ctx.store.tally(ctx.today, &span)?;
    ctx.name_bad_lines([&bad[0], &bad[1]]);
    let days = Days::of(tally.days, &ctx.log(ctx.today)?, ctx.today, ctx.config.goal());
    let categories = tally.categories.into_iter().map(|(id, done)| (id.to_string(), done)).collect();
    let mut year = review::year(&days, span, categories);
    let places = catalogue.places();
    // Categories that are not in the catalogue come last.
    year.categories.sort_by_key(|category| places.get(category.id.as_str()).copied().unwrap_or(usize::MAX));
    if ctx.json {
        return ctx.print(&json::year(&year));
    }
    let title = args.year.as_deref().map(str::trim);
    ctx.print(&year::year(&year, title, &catalogue, ctx.config.goal(), ctx.today, ctx.theme))
}

/// The calendar year asked for, or the weeks that led to this one.
fn span(ctx: &Context<'_>, args: &YearArgs) -> Result<RangeInclusive<Day>, Error> {
    let Some(text) = args.year.as_deref() else {
        let week = Week::of(ctx.today, ctx.config.week_starts);
        return Ok(week.back(WEEKS - 1).first..=week.last());
    };
    let day = |rest: &str| calendar::parse_iso(&format!("{}-{rest}", text.trim()));
    match (day("01-01"), day("12-31")) {
        (Some(first), Some(last)) => Ok(first..=last),
        _ => Err(Error::usage(format!("I don't know the year `{text}`"))
            .hint("a year is four digits, as in `nudge year 2025`; without one you see the last 53 weeks")),
    }
}
