//! `nudge amend`: correct an entry.

use super::done::{names, note};
use super::entry::{self, Wanted};
use super::{Context, lookup};
use crate::cli::Amend as AmendArgs;
use crate::error::Error;
use crate::journal::{Act, Done, Event, What};
use crate::store::{Book, Durable};

pub fn run(ctx: &Context<'_>, args: &AmendArgs) -> Result<(), Error> {
    let AmendArgs { note: new_note, with, category, on, .. } = args;
    if new_note.is_none() && with.is_empty() && category.is_none() && on.is_none() {
        return Err(
            Error::usage("say what to correct").hint("`nudge amend -m NOTE`, `-w WHO`, `-c CATEGORY` or `--on DATE`")
        );
    }
    let note = note(new_note.as_deref())?;
    correct(ctx, args, note.as_deref())
        .map_err(|error| entry::give_back(error.context("not corrected"), note.as_deref()))
}

fn correct(ctx: &Context<'_>, args: &AmendArgs, note: Option<&str>) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let day = args.on.as_deref().map(|on| lookup::day_done(ctx, on)).transpose()?;
    let category = args.category.as_deref().map(|id| lookup::category(&catalogue, id)).transpose()?;
    let with = names(&args.with)?;
    let slips = lookup::slips(ctx, &with);
    let lock = ctx.lock()?;
    let Some(found) = entry::find(ctx, args.id.as_deref(), Wanted::Done)? else {
        return ctx.say("Nothing is logged yet. `nudge` shows a prompt, `nudge done` logs it.");
    };
    let What::Done(before) = &found.event.what else {
        return Err(Error::usage(format!(
            "`{}` is {}, and only what was done can be corrected",
            found.event.id,
            a_plan(&found.event)
        ))
        .hint(format!("take it back with `nudge undo {}`, and note it again", found.event.id)));
    };
    let mut after = Done { amends: None, ..before.clone() };
    if let Some(category) = category.filter(|category| *before.category() != **category) {
        after.act = Act::Own(category.into());
    }
    if !with.is_empty() {
        after.with = with;
    }
    if args.note.is_some() {
        after.note = note.map(str::to_owned);
    }
    let day = day.unwrap_or(found.event.day);
    if after == (Done { amends: None, ..before.clone() }) && day == found.event.day {
        return ctx.say("It says that already.");
    }
    let after = Done { amends: Some(found.event.id.clone()), ..after };
    let latest = found.written.filter(|_| found.line != found.event.id);
    let event = ctx.amendment(day, after, latest)?;
    lock.append(Book::Journal, std::slice::from_ref(&event), Durable::Yes)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[event]);
    }
    let mut corrected = event;
    corrected.correct(Some(&found.event));
    let show = |event: &Event| ctx.print(&ctx.entries_of(event.day, &[event], &catalogue));
    ctx.say("Updated. Before:")?;
    show(&found.event)?;
    ctx.print("\n")?;
    ctx.say("Now:")?;
    show(&corrected)?;
    slips.iter().try_for_each(|slip| ctx.say(slip))?;
    ctx.next(&["nudge undo", "nudge journal"])
}

/// What an event of the plans is.
fn a_plan(event: &Event) -> &'static str {
    match event.what {
        What::Remembered(_) => "somebody to ask after",
        What::Renamed { .. } => "a new name",
        _ => "a rest",
    }
}
