//! `nudge another`: swap today's prompt.

use super::{Context, prompt, today};
use crate::cli::Another as AnotherArgs;
use crate::error::Error;
use crate::store::Book;

pub fn run(ctx: &Context<'_>, args: &AnotherArgs) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let log = ctx.log(Book::Journal, Some(ctx.today))?;
    if prompt::drawn(&log, ctx.today, &catalogue).is_none() {
        return today::draw_and_show(ctx, &catalogue, &args.filters);
    }
    let lock = ctx.lock().map_err(|error| error.because_of("not swapped"))?;
    // Another call may have been faster: what the swap depends on is read again.
    let log = prompt::memory(ctx)?;
    if prompt::drawn(&log, ctx.today, &catalogue).is_some_and(|drawn| drawn.done) {
        return ctx.say("Today's is done, and one is enough. For more, log anything with `nudge done -c CATEGORY`, or look back with `nudge week`.");
    }
    if prompt::swaps_left(ctx, &log, &catalogue) == 0 {
        return ctx.say("That was the last swap for today. `nudge` shows the prompt you have; anything else you do counts too: `nudge done -c CATEGORY`.");
    }
    let swapped = prompt::draw(ctx, &lock, &catalogue, &log, &args.filters, |_| Ok(Vec::new()))
        .map_err(|error| error.because_of("not swapped"))?;
    drop(lock);
    match swapped {
        Err(nothing) => prompt::no_prompt(ctx, &nothing),
        Ok(recorded) if ctx.json => ctx.print_events(&recorded.events),
        Ok(recorded) => {
            let log = ctx.log(Book::Journal, Some(ctx.today))?;
            today::show(ctx, &catalogue, &log, &recorded.drawn, None, None)
        }
    }
}
