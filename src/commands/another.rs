//! `nudge another`: swap today's prompt, or put off what is to be asked.

use super::prompt::{self, Proposal};
use super::{Context, catalogue, lookup, today};
use crate::calendar::{self, Day, Tense};
use crate::cli::Another as AnotherArgs;
use crate::error::Error;
use crate::journal::Prompt;
use crate::store::{Book, Durable};
use crate::view::people;

pub fn run(ctx: &Context<'_>, args: &AnotherArgs) -> Result<(), Error> {
    let mut known = ctx.catalogue()?;
    // Asked for what is not there, nothing is hidden either.
    let wanted = prompt::filters(ctx, &known, &args.filters)?;
    // What can be logged in place of a swap, in the category that was asked for.
    let done = format!("`nudge done -c {}`", wanted.category.as_deref().unwrap_or("CATEGORY"));
    let until = args.until.as_deref().map(|until| put_off(ctx, until)).transpose()?;
    let log = ctx.log(ctx.today)?;
    // What was not shown is not swapped.
    if prompt::drawn(&log, ctx.today, &known).is_none_or(|drawn| drawn.unseen) {
        return today::draw_and_show(ctx, &known, &args.filters);
    }
    let lock = ctx.lock().map_err(|error| error.context("not swapped"))?;
    // Another call may have been faster: what the swap depends on is read again.
    let log = prompt::memory(ctx)?;
    let drawn = prompt::drawn(&log, ctx.today, &known);
    if let Some(drawn) = drawn.as_ref().filter(|drawn| drawn.done) {
        return ctx.say(&match drawn.prompt.gesture().filter(|_| args.hide) {
            Some(id) => {
                format!("Not hidden, since you have done it today. `nudge catalogue hide {id}` hides it for good.")
            }
            None => format!(
                "Today's is done, and one is enough. Anything else you did counts too: {done}. `nudge week` looks back."
            ),
        });
    }
    let follow_up = drawn.as_ref().map(|drawn| &drawn.prompt).filter(|prompt| prompt.gesture().is_none());
    match follow_up {
        Some(prompt) if args.hide => {
            return Err(Error::usage("only a gesture is hidden, and today's is somebody to ask after")
                .hint(format!("`nudge another` puts it off, `nudge undo {}` takes it out for good", prompt.id())));
        }
        None if until.is_some() => {
            return Err(Error::usage("only somebody to ask after is put off, and today's is a gesture")
                .hint("`nudge another` swaps it; it comes again in its time"));
        }
        _ => {}
    }
    let is_put_off = follow_up.is_some();
    if let Some(Prompt::Gesture { id, .. }) = drawn.filter(|_| args.hide).map(|drawn| drawn.prompt) {
        catalogue::hide_gesture(ctx, &lock, &id)?;
        ctx.say(&format!("Hidden: `{id}`. `nudge catalogue unhide {id}` brings it back."))?;
        ctx.print(if ctx.json { "" } else { "\n" })?;
        known = ctx.catalogue()?;
    }
    if prompt::swaps_left(ctx, &log, &known) == 0 && !args.hide && !is_put_off {
        let first = if ctx.config.swaps == 0 {
            "Your config has swaps turned off."
        } else {
            "That was the last swap for today."
        };
        return ctx
            .say(&format!("{first} `nudge` shows the prompt you have; anything else you do counts too: {done}."));
    }
    let not_swapped = |error: Error| error.context("not swapped");
    let (drawn, events) = match prompt::propose(ctx, &known, &log, &args.filters, until).map_err(not_swapped)? {
        Proposal::Prompt { drawn, events } => (Ok(drawn), events),
        // Put off it is all the same.
        Proposal::Nothing(no_pick) if is_put_off => {
            (Err(no_pick), prompt::swaps(ctx, &log, until).map_err(not_swapped)?)
        }
        Proposal::Nothing(no_pick) => return prompt::no_prompt(ctx, &no_pick),
    };
    lock.append(Book::Journal, &events, Durable::No).map_err(not_swapped)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&events);
    }
    if is_put_off {
        let until = until.unwrap_or_else(|| calendar::forward(ctx.today, 1));
        ctx.say(&format!("Put off. I'll ask again {}.", people::on(until, ctx.today)))?;
        ctx.print("\n")?;
    }
    let log = ctx.log(ctx.today)?;
    match drawn {
        Ok(drawn) => today::show(ctx, &known, &log, &drawn, None, None),
        Err(no_pick) => prompt::no_prompt(ctx, &no_pick),
    }
}

/// The day to which a follow-up is put off.
fn put_off(ctx: &Context<'_>, until: &str) -> Result<Day, Error> {
    let day = lookup::day(ctx, until, Tense::Planning)?;
    if day <= ctx.today {
        return Err(
            Error::usage(format!("{day} is not a later day")).hint("put it off with `--until tomorrow`, or later")
        );
    }
    Ok(day)
}
