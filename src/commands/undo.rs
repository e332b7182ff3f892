//! `nudge undo`: take back the latest entry or rest.

use super::{Context, lookup};
use crate::cli::Undo as UndoArgs;
use crate::error::Error;
use crate::journal::{Book, Event, What};
use crate::store::{Durable, Found, Search, Standing};
use crate::view::entries;

pub fn run(ctx: &Context<'_>, args: &UndoArgs) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let lock = ctx.lock().map_err(|error| error.context("nothing was taken back"))?;
    let found = match &args.id {
        Some(id) => Some(named(ctx, id)?),
        None => latest(ctx)?,
    };
    let Some(Found { event, line, .. }) = found else {
        return ctx.say("There is nothing to take back yet.");
    };
    let undo = ctx.event(event.day, What::Undone { of: line })?;
    lock.append(event.what.book().unwrap_or(Book::Journal), std::slice::from_ref(&undo), Durable::Yes)
        .map_err(|error| error.context("nothing was taken back"))?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[undo]);
    }
    ctx.say("Taken back:")?;
    // A rest is listed under its first day.
    let day = if let What::Rest { from, .. } = event.what { from } else { event.day };
    ctx.print(&entries::day(day, &[&event], &catalogue, ctx.today, ctx.theme))
}

fn latest(ctx: &Context<'_>) -> Result<Option<Found>, Error> {
    let Search { mut found, bad } = ctx.store.latest(ctx.today)?;
    ctx.name_bad_lines([&bad[0], &bad[1]]);
    Ok(found.pop())
}

/// The entry that an id, or an unambiguous beginning of one, stands for.
fn named(ctx: &Context<'_>, wanted: &str) -> Result<Found, Error> {
    let hint = "`nudge journal --json` shows the entries with their ids";
    let Search { found, bad } = ctx.store.find(wanted)?;
    ctx.name_bad_lines([&bad[0], &bad[1]]);
    let id =
        lookup::id(found.iter().map(|found| &*found.event.id), wanted, "event").map_err(|error| error.or_hint(hint))?;
    let id = id.to_owned();
    let found = found.into_iter().find(|found| *found.event.id == id);
    let found = found.ok_or_else(|| Error::failed(format!("there is no event `{id}`")).hint(hint))?;
    let Event { what, .. } = &found.event;
    if !what.is_entry() {
        return Err(Error::failed(format!(
            "`{id}` is `{}`, and only `done` and `rest` can be taken back",
            what.word()
        ))
        .hint(hint));
    }
    match found.standing {
        Standing::Counts => Ok(found),
        Standing::TakenBack => Err(Error::failed(format!("`{id}` was taken back before")).hint(hint)),
    }
}
