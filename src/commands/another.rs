//! `nudge another`: swap today's prompt.

use super::{Context, catalogue, prompt, today};
use crate::cli::Another as AnotherArgs;
use crate::error::Error;
use crate::store::Book;

pub fn run(ctx: &Context<'_>, args: &AnotherArgs) -> Result<(), Error> {
    let mut known = ctx.catalogue()?;
    // Asked for what is not there, nothing is hidden either.
    prompt::filters(ctx, &known, &args.filters)?;
    let log = ctx.log(Book::Journal, Some(ctx.today))?;
    if prompt::drawn(&log, ctx.today, &known).is_none() {
        return today::draw_and_show(ctx, &known, &args.filters);
    }
    let lock = ctx.lock().map_err(|error| error.context("not swapped"))?;
    // Another call may have been faster: what the swap depends on is read again.
    let log = prompt::memory(ctx)?;
    let drawn = prompt::drawn(&log, ctx.today, &known);
    if drawn.as_ref().is_some_and(|drawn| drawn.done) {
        return ctx.say("Today's is done, and one is enough. For more, log anything with `nudge done -c CATEGORY`, or look back with `nudge week`.");
    }
    if let Some(drawn) = drawn.filter(|_| args.hide) {
        catalogue::hide_gesture(ctx, &lock, &drawn.prompt.gesture)?;
        ctx.say(&format!("Hidden: `{0}`. `nudge catalogue unhide {0}` brings it back.", drawn.prompt.gesture))?;
        ctx.print(if ctx.json { "" } else { "\n" })?;
        known = ctx.catalogue()?;
    }
    if prompt::swaps_left(ctx, &log, &known) == 0 && !args.hide {
        let first = if ctx.config.swaps == 0 {
            "Your config has swaps turned off."
        } else {
            "That was the last swap for today."
        };
        return ctx.say(&format!(
            "{first} `nudge` shows the prompt you have; anything else you do counts too: `nudge done -c CATEGORY`."
        ));
    }
    let swapped = prompt::draw(ctx, &lock, &known, &log, &args.filters, |_| Ok(Vec::new()))
        .map_err(|error| error.context("not swapped"))?;
    drop(lock);
    match swapped {
        Err(nothing) => prompt::no_prompt(ctx, &nothing),
        Ok(recorded) if ctx.json => ctx.print_events(&recorded.events),
        Ok(recorded) => {
            let log = ctx.log(Book::Journal, Some(ctx.today))?;
            today::show(ctx, &known, &log, &recorded.drawn, None, None)
        }
    }
}
