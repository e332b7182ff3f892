//! `nudge rest`: days on which nothing is asked.

use super::{Context, lookup};
use crate::calendar::{self, Tense};
use crate::cli::Rest as RestArgs;
use crate::error::Error;
use crate::journal::What;
use crate::store::{Book, Durable};
use crate::view::entries;

/// How far ahead a rest may reach, in days.
const AHEAD: u32 = 366;

pub fn run(ctx: &Context<'_>, args: &RestArgs) -> Result<(), Error> {
    let from = args.on.as_deref().map_or(Ok(ctx.today), |on| lookup::day(ctx, on, Tense::Planning))?;
    let until = args.until.as_deref().map_or(Ok(from), |until| lookup::day(ctx, until, Tense::Planning))?;
    if until < from {
        return Err(Error::usage(format!("the rest would end on {until}, before it begins on {from}"))
            .hint("name a later day with `--until`"));
    }
    let latest = calendar::forward(ctx.today, AHEAD);
    if until > latest {
        return Err(Error::usage(format!("a rest can be planned until {latest}, {AHEAD} days ahead"))
            .hint("name an earlier day with `--until`, and rest again when it has come"));
    }
    let event = ctx.event(ctx.today, What::Rest { from, until })?;
    let lock = ctx.lock().map_err(|error| error.context("the rest is not recorded"))?;
    lock.append(Book::Plans, std::slice::from_ref(&event), Durable::Yes)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[event]);
    }
    ctx.say(&format!("Noted: {}. Nothing is asked, and no streak ends.", entries::rest(from, until, ctx.today)))?;
    ctx.next(&["nudge undo"])
}
