//! `nudge journal`: what was done and rested, newest last.

use super::{Context, lookup};
use crate::calendar::{self, Day, Tense};
use crate::catalogue::Catalogue;
use crate::cli::Journal as JournalArgs;
use crate::error::Error;
use crate::journal::{Done, Event, Log, What};
use crate::store::Book;
use crate::view::{entries, json};

/// The filters of the call, read.
struct Wanted<'a> {
    since: Option<Day>,
    until: Option<Day>,
    category: Option<String>,
    with: Option<&'a str>,
    grep: Option<String>,
}

pub fn run(ctx: &Context<'_>, args: &JournalArgs) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let day = |text: &Option<String>| text.as_deref().map(|text| lookup::day(ctx, text, Tense::Logging)).transpose();
    let wanted = Wanted {
        since: day(&args.since)?,
        until: day(&args.until)?,
        category: args.category.as_deref().map(|id| lookup::category(&catalogue, id)).transpose()?.map(str::to_owned),
        with: args.with.as_deref(),
        grep: args.grep.as_ref().map(|text| text.to_lowercase()),
    };
    let plans = ctx.log(Book::Plans, None)?;
    let journal = log_for(ctx, &wanted, args.number, &catalogue)?;
    let mut entries: Vec<(Day, &Event)> = journal
        .events()
        .iter()
        .chain(plans.events())
        .filter_map(|event| counted_on(event).map(|day| (day, event)))
        .filter(|(day, event)| *day <= ctx.today && wanted.takes(*day, event, &catalogue))
        .collect();
    entries.sort_by(|(a_day, a), (b_day, b)| (a_day, a.order()).cmp(&(b_day, b.order())));
    if let Some(number) = args.number {
        entries.drain(..entries.len().saturating_sub(number));
    }
    if ctx.json {
        return entries.iter().try_for_each(|(_, event)| ctx.print(&json::entry(event)));
    }
    if entries.is_empty() {
        return ctx.say(if wanted.is_everything() {
            "Nothing is logged yet. `nudge` shows a prompt, `nudge done` logs it."
        } else {
            "Nothing in the journal fits. `nudge journal` shows all of it."
        });
    }
    for (place, of_day) in entries.chunk_by(|a, b| a.0 == b.0).enumerate() {
        if place > 0 {
            ctx.print("\n")?;
        }
        let events: Vec<&Event> = of_day.iter().map(|(_, event)| *event).collect();
        ctx.print(&entries::day(of_day[0].0, &events, &catalogue, ctx.today, ctx.theme))?;
    }
    Ok(())
}

/// The log as far back as the newest entries asked for reach: four weeks, then twice as far until there are enough.
fn log_for(ctx: &Context<'_>, wanted: &Wanted<'_>, number: Option<usize>, catalogue: &Catalogue) -> Result<Log, Error> {
    let mut reach = 28;
    loop {
        let from = number.map(|_| calendar::back(ctx.today, reach)).max(wanted.since);
        let read = ctx.store.events(Book::Journal, from)?;
        let log = Log::new(read.events, ctx.today);
        let fitting = log.events().iter().filter(|event| {
            matches!(event.what, What::Done(_)) && Some(event.day) >= from && wanted.takes(event.day, event, catalogue)
        });
        let enough = number.is_none_or(|number| fitting.count() >= number);
        if enough || read.whole || from == wanted.since {
            ctx.name_bad_lines(Book::Journal, &read.bad);
            return Ok(log);
        }
        reach *= 2;
    }
}

/// The day under which an event is listed; `None` for what is not.
fn counted_on(event: &Event) -> Option<Day> {
    match event.what {
        What::Done(_) => Some(event.day),
        What::Rest { from, .. } => Some(from),
        What::Offered { .. } | What::Swapped { .. } | What::Undone { .. } => None,
    }
}

impl Wanted<'_> {
    fn is_everything(&self) -> bool {
        self.since.is_none()
            && self.until.is_none()
            && self.category.is_none()
            && self.with.is_none()
            && self.grep.is_none()
    }

    fn takes(&self, day: Day, event: &Event, catalogue: &Catalogue) -> bool {
        let last = if let What::Rest { until, .. } = event.what { until } else { day };
        let in_time = self.since.is_none_or(|since| last >= since) && self.until.is_none_or(|until| day <= until);
        in_time
            && match &event.what {
                What::Done(done) => self.takes_done(done, catalogue),
                _ => self.category.is_none() && self.with.is_none() && self.grep.is_none(),
            }
    }

    fn takes_done(&self, done: &Done, catalogue: &Catalogue) -> bool {
        let gesture = done.gesture.as_deref();
        let action = gesture.and_then(|id| catalogue.gesture(id)).map(|gesture| gesture.action.as_ref());
        let texts = [done.note.as_deref(), gesture, action, Some(done.category.as_str())];
        let has = |wanted: &String| {
            let mut texts = texts.into_iter().flatten().chain(done.with.iter().map(String::as_str));
            texts.any(|text| text.to_lowercase().contains(wanted))
        };
        let with = |wanted: &str| done.with.iter().any(|who| who.to_lowercase() == wanted.to_lowercase());
        self.category.as_ref().is_none_or(|category| *category == done.category)
            && self.with.is_none_or(with)
            && self.grep.as_ref().is_none_or(has)
    }
}
