//! `nudge rest`: days on which nothing is asked.

use super::{Context, lookup};
use crate::calendar::{self, Day, Tense};
use crate::cli::Rest as RestArgs;
use crate::error::Error;
use crate::journal::{Event, What};
use crate::store::{Book, Durable};
use crate::view::entries;

/// How far ahead a rest may reach, in days.
const AHEAD: u32 = 366;

pub fn run(ctx: &Context<'_>, args: &RestArgs) -> Result<(), Error> {
    if args.end {
        return end(ctx);
    }
    let (from, until) = span(ctx, args)?;
    let not_recorded = |error: Error| error.context("the rest was not recorded");
    let lock = ctx.lock().map_err(not_recorded)?;
    let known = ctx.log(ctx.today).map_err(not_recorded)?.rests().any(|rest| rest == (from, until));
    if known {
        return ctx.say(&format!("Already noted: {}.", entries::rest(from, until, ctx.today)));
    }
    let event = ctx.event(ctx.today, What::Rest { from, until })?;
    lock.append(Book::Plans, std::slice::from_ref(&event), Durable::Yes).map_err(not_recorded)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[event]);
    }
    ctx.say(&format!("Noted: {}. Nothing is asked, and no streak ends.", entries::rest(from, until, ctx.today)))?;
    let covers_today = (from..=until).contains(&ctx.today);
    ctx.next(if from < ctx.today && covers_today { &["nudge rest --end"] } else { &["nudge undo"] })
}

/// The first and the last day.
fn span(ctx: &Context<'_>, args: &RestArgs) -> Result<(Day, Day), Error> {
    let from = args.on.as_deref().map_or(Ok(ctx.today), |on| lookup::day(ctx, on, Tense::Planning))?;
    let until = args.until.as_deref().map_or(Ok(from), |until| until_from(ctx, from, until))?;
    if until < from {
        return Err(Error::usage(format!("the rest would end on {until}, before it begins on {from}"))
            .hint("name a later day with `--until`"));
    }
    let latest = calendar::forward(ctx.today, AHEAD);
    if until > latest {
        return Err(Error::usage(format!("a rest can be planned until {latest}, {AHEAD} days ahead"))
            .hint("name an earlier day with `--until`; when it comes, you can rest again"));
    }
    Ok((from, until))
}

/// The last day: a weekday, or a number of days, counts from the first day; `today`, `yesterday` and `tomorrow` mean
/// what they always mean.
fn until_from(ctx: &Context<'_>, from: Day, until: &str) -> Result<Day, Error> {
    let is_near = ["today", "yesterday", "tomorrow"].contains(&until.trim().to_lowercase().as_str());
    lookup::day_from(ctx, if is_near { ctx.today } else { from }, until, Tense::Planning)
}

/// Ends every rest that covers today as of yesterday: the days already rested stay; a rest that began today is taken
/// back.
fn end(ctx: &Context<'_>) -> Result<(), Error> {
    let not_ended = |error: Error| error.context("the rest was not ended");
    let lock = ctx.lock().map_err(not_ended)?;
    let log = ctx.log(ctx.today).map_err(not_ended)?;
    let covering = log.rest_events().filter(|(from, until, _)| (*from..=*until).contains(&ctx.today));
    let yesterday = calendar::back(ctx.today, 1);
    let mut events: Vec<Event> = Vec::new();
    let mut kept: Vec<Day> = Vec::new();
    for (from, _, rest) in covering {
        events.push(ctx.event(ctx.today, What::Undone { of: rest.id.clone() })?);
        if from <= yesterday {
            events.push(ctx.event(ctx.today, What::Rest { from, until: yesterday })?);
            kept.push(from);
        }
    }
    if events.is_empty() {
        return ctx.say("You're not resting today, so there is nothing to end.");
    }
    lock.append(Book::Plans, &events, Durable::Yes).map_err(not_ended)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&events);
    }
    match kept.iter().min() {
        Some(from) => ctx.say(&format!("Welcome back. Kept: {}.", entries::rest(*from, yesterday, ctx.today)))?,
        None => ctx.say("The rest that began today was taken back.")?,
    }
    ctx.next(&["nudge"])
}
