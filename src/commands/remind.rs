//! `nudge remind`: a daily reminder by the system's own scheduler.

mod entry;
mod now;

use chrono::NaiveTime;

use super::Context;
use super::config::set;
use crate::cli::Remind as RemindArgs;
use crate::error::Error;
use crate::schedule;
use crate::view::remind as view;
use entry::{Entry, Scheduler};

/// The setting of the hour.
const SETTING: &str = "remind.at";
/// What takes it out of the file.
const UNSET: &str = "default";

pub fn run(ctx: &Context<'_>, args: &RemindArgs) -> Result<(), Error> {
    if args.now {
        return now::run(ctx);
    }
    if args.off {
        return off(ctx);
    }
    match &args.at {
        Some(at) if args.print => print(ctx, hour(at)?),
        Some(at) => set_up(ctx, hour(at)?),
        None if args.print => print(ctx, ctx.config.remind_at.unwrap_or(view::SUGGESTED)),
        None => status(ctx),
    }
}

/// The hour that was typed.
fn hour(typed: &str) -> Result<NaiveTime, Error> {
    schedule::typed_hour(typed).ok_or_else(|| {
        Error::usage(format!("`{typed}` is not an hour of the day"))
            .hint("write it as `09:00`, `9am` or `21:30`, from `00:00` to `23:59`")
    })
}

fn set_up(ctx: &Context<'_>, at: NaiveTime) -> Result<(), Error> {
    let failed = |error: Error| error.context("no reminder was set up");
    let entry = Entry::new().map_err(failed)?;
    let scheduler = entry.scheduler().map_err(failed)?;
    let installed = entry.installed(ctx).map_err(failed)?;
    set::change(ctx, SETTING, &schedule::hour(at)).map_err(failed)?;
    let Some(scheduler) = scheduler else {
        let hint = "the hour is noted; have something call this every half hour, and it reminds you once a day";
        return Err(Error::failed("I found no scheduler here that I know: no systemd of yours, no cron, no launchd")
            .hint(format!("{hint}: `{}`", entry.call.for_shell())));
    };
    entry.install(ctx, scheduler, at).map_err(failed).inspect_err(|_| {
        let before = ctx.config.remind_at.map_or(UNSET.to_owned(), schedule::hour);
        drop(set::change(ctx, SETTING, &before));
    })?;
    for other in installed.into_iter().filter(|other| *other != scheduler) {
        entry.remove(ctx, other)?;
    }
    if ctx.json {
        return ctx.print(&view::json(Some(at), Some(scheduler.word()), ctx.store.reminded()?));
    }
    ctx.say(&view::set_up(at, scheduler.by()))?;
    ctx.next(&["nudge remind", "nudge remind --off"])
}

fn off(ctx: &Context<'_>) -> Result<(), Error> {
    let entry = Entry::new()?;
    let installed = entry.installed(ctx)?;
    for scheduler in &installed {
        entry.remove(ctx, *scheduler)?;
    }
    let was_set = set::change(ctx, SETTING, UNSET)?.is_some();
    ctx.store.remove_stamp()?;
    if ctx.json {
        return ctx.print(&view::json(None, None, None));
    }
    if installed.is_empty() && !was_set {
        return ctx.say("There was no reminder to take away.");
    }
    ctx.say("No more reminders. All that was set up for them is gone.")?;
    ctx.next(&["nudge remind --at 09:00"])
}

fn status(ctx: &Context<'_>) -> Result<(), Error> {
    let entry = Entry::new()?;
    let installed = entry.installed(ctx)?.first().copied();
    let (at, last) = (ctx.config.remind_at, ctx.store.reminded()?);
    if ctx.json {
        return ctx.print(&view::json(at, installed.map(Scheduler::word), last));
    }
    let hour = schedule::hour(at.unwrap_or(view::SUGGESTED));
    let set_up = format!("nudge remind --at {hour}");
    let Some(scheduler) = installed else {
        ctx.say(&format!("No reminder is set up. This shows today's prompt as a notification every day at {hour}:"))?;
        return ctx.next(&[&set_up]);
    };
    if let Some(at) = at
        && entry.is_current(ctx, scheduler, at)?
    {
        ctx.say(&view::status(at, scheduler.by(), last, ctx.today))?;
        return ctx.next(&["nudge remind --off"]);
    }
    ctx.say(&view::outdated(scheduler.by()))?;
    ctx.next(&[&set_up, "nudge remind --off"])
}

/// What would be set up, as it would be written.
fn print(ctx: &Context<'_>, at: NaiveTime) -> Result<(), Error> {
    let entry = Entry::new()?;
    let scheduler = entry.scheduler()?;
    let pieces = scheduler.map(|scheduler| entry.pieces(scheduler, at)).unwrap_or_default();
    if ctx.json {
        return ctx.print(&view::pieces_json(at, scheduler.map(Scheduler::word), &pieces));
    }
    if pieces.is_empty() {
        return ctx.print(&format!("{}\n", entry.call.for_shell()));
    }
    ctx.print(&view::pieces(&pieces))
}
