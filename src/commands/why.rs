//! `nudge why`: why this prompt came, and what is known about it.

use super::{Context, prompt};
use crate::cli::Why as WhyArgs;
use crate::error::Error;
use crate::view::{json, why};

pub fn run(ctx: &Context<'_>, args: &WhyArgs) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let log = ctx.log(ctx.today)?;
    let drawn = prompt::drawn(&log, ctx.today, &catalogue);
    if ctx.json {
        return ctx.print(&json::why(drawn.as_ref().map(|drawn| (&drawn.prompt, drawn.why.as_ref())), &catalogue));
    }
    match drawn {
        None => ctx.say("There is no prompt yet today: `nudge` draws one."),
        Some(drawn) if args.draw => ctx.print(&why::table(&drawn.prompt, drawn.why.as_ref(), &catalogue, ctx.theme)),
        Some(drawn) => {
            let gesture = drawn.gesture(ctx, &catalogue);
            let subject = drawn.subject(gesture.as_deref());
            let why = drawn.why.as_ref();
            ctx.print(&why::why(&drawn.prompt, why, subject, &catalogue, ctx.today, ctx.theme))
        }
    }
}
