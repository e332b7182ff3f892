//! `nudge another`: swap today's prompt.

use super::prompt::{self, Proposal};
use super::{Context, catalogue, today};
use crate::cli::Another as AnotherArgs;
use crate::error::Error;
use crate::journal::Prompt;
use crate::store::{Book, Durable};

pub fn run(ctx: &Context<'_>, args: &AnotherArgs) -> Result<(), Error> {
    let mut known = ctx.catalogue()?;
    // Asked for what is not there, nothing is hidden either.
    let wanted = prompt::filters(ctx, &known, &args.filters)?;
    // What can be logged in place of a swap, in the category that was asked for.
    let done = format!("`nudge done -c {}`", wanted.category.as_deref().unwrap_or("CATEGORY"));
    let log = ctx.log(ctx.today)?;
    if prompt::drawn(&log, ctx.today, &known).is_none() {
        return today::draw_and_show(ctx, &known, &args.filters);
    }
    let lock = ctx.lock().map_err(|error| error.context("not swapped"))?;
    // Another call may have been faster: what the swap depends on is read again.
    let log = prompt::memory(ctx)?;
    let drawn = prompt::drawn(&log, ctx.today, &known);
    if drawn.as_ref().is_some_and(|drawn| drawn.done) {
        return ctx.say(&format!(
            "Today's is done, and one is enough. Anything else you did counts too: {done}. `nudge week` looks back."
        ));
    }
    if let Some(Prompt::Gesture { id, .. }) = drawn.filter(|_| args.hide).map(|drawn| drawn.prompt) {
        catalogue::hide_gesture(ctx, &lock, &id)?;
        ctx.say(&format!("Hidden: `{id}`. `nudge catalogue unhide {id}` brings it back."))?;
        ctx.print(if ctx.json { "" } else { "\n" })?;
        known = ctx.catalogue()?;
    }
    if prompt::swaps_left(ctx, &log, &known) == 0 && !args.hide {
        let first = if ctx.config.swaps == 0 {
            "Your config has swaps turned off."
        } else {
            "That was the last swap for today."
        };
        return ctx
            .say(&format!("{first} `nudge` shows the prompt you have; anything else you do counts too: {done}."));
    }
    let proposal = prompt::propose(ctx, &known, &log, &args.filters).map_err(|error| error.context("not swapped"))?;
    let (drawn, events) = match proposal {
        Proposal::Prompt { drawn, events } => (drawn, events),
        Proposal::Nothing(no_pick) => return prompt::no_prompt(ctx, &no_pick),
    };
    lock.append(Book::Journal, &events, Durable::No).map_err(|error| error.context("not swapped"))?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&events);
    }
    let log = ctx.log(ctx.today)?;
    today::show(ctx, &known, &log, &drawn, None, None)
}
