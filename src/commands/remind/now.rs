//! `nudge remind --now`: the day's reminder, if it is time for it. It may be called as often as anyone likes.

use chrono::{NaiveTime, Timelike};

use crate::cli::Filters;
use crate::commands::Context;
use crate::commands::prompt::{self, Proposal};
use crate::environment::desktop;
use crate::error::Error;
use crate::picker::NoPick;
use crate::store::{Book, Durable};
use crate::system::notifier;
use crate::view::remind as view;

pub fn run(ctx: &Context<'_>) -> Result<(), Error> {
    let is_early = ctx.config.remind_at.is_some_and(|at| is_before(ctx.now.time(), at, ctx.config.day_starts));
    if is_early || ctx.store.reminded()? == Some(ctx.today) {
        return Ok(());
    }
    let log = prompt::memory(ctx)?;
    if log.rests_on(ctx.today) || log.done_on(ctx.today).next().is_some() {
        return Ok(());
    }
    // Another call may be showing it just now, or have shown it since.
    let Some(mut stamp) = ctx.store.stamp()? else {
        return Ok(());
    };
    if stamp.is_of(ctx.today)? {
        return Ok(());
    }
    let catalogue = ctx.catalogue()?;
    if catalogue.is_partial {
        // Without the user's own gestures it might be another one.
        return Ok(());
    }
    let proposal = match prompt::drawn(&log, ctx.today, &catalogue) {
        Some(drawn) => Proposal::Prompt { drawn, events: Vec::new() },
        None => prompt::propose_first(ctx, &catalogue, &log, &Filters::default(), true)?,
    };
    let (drawn, events) = match proposal {
        Proposal::Prompt { drawn, events } => (drawn, events),
        Proposal::Nothing(NoPick::AllOffered) => return Ok(()),
        Proposal::Nothing(no_pick) => return prompt::no_prompt(ctx, &no_pick),
    };
    let gesture = drawn.gesture(ctx, &catalogue);
    let text = view::text(drawn.subject(gesture.as_deref()));
    if notifier::IS_KNOWN {
        notifier::notify(view::TITLE, &text, &desktop::session())?;
    } else {
        // Whatever called it has its own way to show a line.
        ctx.print(&format!("{text}\n"))?;
    }
    stamp.set(ctx.today)?;
    // Only now has it been shown, and what was not shown is not recorded: it could be logged unseen.
    let lock = ctx.lock()?;
    if events.is_empty() || prompt::drawn(&prompt::memory(ctx)?, ctx.today, &catalogue).is_some() {
        return Ok(());
    }
    lock.append(Book::Journal, &events, Durable::No)
}

/// Whether a time is before the hour, on a day that begins at `day_starts`: at 01:30 the day's 09:00 lies behind.
fn is_before(time: NaiveTime, hour: NaiveTime, day_starts: NaiveTime) -> bool {
    let minutes = |time: NaiveTime| time.hour() * 60 + time.minute();
    let since_start = |time| (minutes(time) + 24 * 60 - minutes(day_starts)) % (24 * 60);
    since_start(time) < since_start(hour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_is_that_of_the_running_day() {
        #[track_caller]
        fn check(day_starts: &str, hour: &str, before: &[&str], after: &[&str]) {
            let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
            let is_early = |now: &&str| is_before(time(now), time(hour), time(day_starts));
            assert!(before.iter().all(&is_early), "{hour}");
            assert!(!after.iter().any(is_early), "{hour}");
        }
        check("04:00", "09:00", &["04:00", "08:59"], &["09:00", "12:00", "23:59", "00:00", "03:59"]);
        // Late in the evening is after midnight.
        check("04:00", "01:00", &["04:00", "12:00", "23:59", "00:59"], &["01:00", "03:59"]);
        check("04:00", "04:00", &[], &["04:00", "12:00", "03:59"]);
        check("00:00", "09:00", &["00:00", "08:59"], &["09:00", "23:59"]);
        check("12:00", "11:59", &["12:00", "11:58"], &["11:59"]);
    }
}
