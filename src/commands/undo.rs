//! `nudge undo`: take back the latest entry or rest.

use super::Context;
use super::entry::{self, Wanted};
use crate::calendar::{self, Day};
use crate::cli::Undo as UndoArgs;
use crate::error::Error;
use crate::journal::{Book, Event, FollowUp, What};
use crate::safe_text::shell_word;
use crate::store::{Durable, Found};
use crate::view::grammar;

pub fn run(ctx: &Context<'_>, args: &UndoArgs) -> Result<(), Error> {
    let failed = |error: Error| error.context("nothing was taken back");
    let catalogue = ctx.catalogue().map_err(failed)?;
    let lock = ctx.lock().map_err(failed)?;
    let Some(found) = entry::find(ctx, args.id.as_deref(), Wanted::Any).map_err(failed)? else {
        return ctx.say("There is nothing to take back yet.");
    };
    let show = |event: &Event| {
        // A rest is listed under its first day.
        let day = if let What::Rest { from, .. } = event.what { from } else { event.day };
        ctx.print(&ctx.entries_of(day, &[event], &catalogue))
    };
    if args.id.is_none()
        && let Some(sentence) = too_old(ctx, &found)
    {
        ctx.say(&sentence)?;
        return if ctx.json { Ok(()) } else { show(&found.event) };
    }
    let undo = ctx.event(found.event.day, What::Undone { of: found.line.clone() })?;
    let book = found.event.what.book().unwrap_or(Book::Journal);
    lock.append(book, std::slice::from_ref(&undo), Durable::Yes).map_err(failed)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[undo]);
    }
    let Found { event, line, .. } = found;
    if event.id == line {
        ctx.say("Taken back:")?;
        show(&event)?;
        return ctx.next(&[&again(&event, ctx.today)]);
    }
    ctx.say("The correction was taken back. It was:")?;
    show(&event)?;
    ctx.print("\n")?;
    match entry::find(ctx, Some(&event.id), Wanted::Any) {
        Ok(Some(now)) => {
            ctx.say("Back to:")?;
            show(&now.event)
        }
        // The entry itself had been taken back.
        _ => Ok(()),
    }
}

/// What to say if the latest entry is too old to be taken back without naming its id: it was logged on another day, or
/// it is a rest that has begun before today.
fn too_old(ctx: &Context<'_>, found: &Found) -> Option<String> {
    let id = shell_word(&found.event.id);
    if let What::Rest { from, until } = found.event.what
        && from < ctx.today
    {
        let by_id = format!("`nudge undo {id}` takes all of it back");
        return Some(if ctx.today <= until {
            format!("Your latest rest has already begun: `nudge rest --end` ends it as of yesterday, {by_id}.")
        } else {
            format!("Your latest rest is over: {by_id}.")
        });
    }
    // A line written by hand may say only which day it counts for.
    let written = found.written.map_or(found.event.day, |at| calendar::day_of(at, ctx.config.day_starts));
    (written != ctx.today).then(|| {
        let on = grammar::near_date(written, ctx.today);
        let on = if calendar::days_between(written, ctx.today) > 1 { format!("on {on}") } else { on };
        format!("Nothing was logged today. The latest entry was logged {on}; `nudge undo {id}` takes it back.")
    })
}

/// The command that logs an entry again.
fn again(event: &Event, today: Day) -> String {
    match &event.what {
        What::Done(done) => {
            let mut words = vec!["nudge done".to_owned()];
            match done.prompt() {
                Some(prompt) => words.push(shell_word(prompt.id()).into_owned()),
                None => words.push(format!("-c {}", shell_word(done.category()))),
            }
            words.extend(done.with.iter().map(|who| format!("-w {}", shell_word(who))));
            words.extend(done.note.iter().map(|note| format!("-m {}", shell_word(note))));
            words.extend((event.day != today).then(|| format!("--on {}", event.day)));
            words.join(" ")
        }
        What::Rest { from, until } => {
            let on = if *from == today { String::new() } else { format!(" --on {from}") };
            let until = if until == from { String::new() } else { format!(" --until {until}") };
            format!("nudge rest{on}{until}")
        }
        What::Remembered(FollowUp { who, what, on, every }) => {
            let every = every.map(|every| format!(" --every {}", every.word())).unwrap_or_default();
            format!("nudge remember {} {} --on {on}{every}", shell_word(who), shell_word(what))
        }
        What::Renamed { from, to } => format!("nudge people rename {} {}", shell_word(from), shell_word(to)),
        _ => String::new(),
    }
}
