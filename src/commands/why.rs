//! `nudge why`: why this prompt came, and what is known about it.

use super::{Context, prompt};
use crate::error::Error;
use crate::view::{json, why};

pub fn run(ctx: &Context<'_>) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let log = ctx.log(ctx.today)?;
    let drawn = prompt::drawn(&log, ctx.today, &catalogue);
    if ctx.json {
        return ctx.print(&json::why(drawn.as_ref().map(|drawn| (&drawn.prompt, drawn.why.as_ref())), &catalogue));
    }
    match drawn {
        None => ctx.say("There is no prompt yet today: `nudge` draws one."),
        Some(drawn) => ctx.print(&why::why(&drawn.prompt, drawn.why.as_ref(), &catalogue, ctx.theme)),
    }
}
