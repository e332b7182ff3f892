//! `nudge export`: the entries for another program, or for a note.

use super::{Context, lookup};
use crate::calendar::{Day, Week};
use crate::cli::{Export as ExportArgs, Format};
use crate::error::Error;
use crate::journal::{Version, What};
use crate::safe_text::safe_json;
use crate::view::export::{self, Headings};

pub fn run(ctx: &Context<'_>, args: &ExportArgs) -> Result<(), Error> {
    let (since, until) = lookup::range(ctx, args.since.as_deref(), args.until.as_deref())?;
    let (since, until) = (since.unwrap_or(Day::MIN), until.unwrap_or(Day::MAX));
    let until = until.min(ctx.today);
    let catalogue = ctx.catalogue()?;
    let history = ctx.store.history(since, until, ctx.today)?;
    ctx.name_bad_lines([&history.bad[0], &history.bad[1]]);
    let format = if ctx.json { Format::Jsonl } else { args.format };
    let mut headings = Headings::default();
    let mut write = |day: Day, (event, line): &Version| match format {
        // As it is in the file, with whatever fields it has.
        Format::Jsonl => ctx.print(&format!("{}\n", safe_json(&String::from_utf8_lossy(line)))),
        Format::Csv => ctx.print(&export::row(event, line)),
        Format::Markdown => {
            let week = Week::of(day, ctx.config.week_starts);
            ctx.print(&headings.above(day, week, ctx.today))?;
            ctx.print(&export::item(event, &catalogue, ctx.today))
        }
    };
    if format == Format::Csv {
        ctx.print(&export::header())?;
    }
    let mut plans: Vec<(Day, &Version)> = history
        .plans
        .iter()
        .filter_map(|plan| match plan.0.what {
            What::Rest { from, until: last } if last >= since && from <= until => Some((from, plan)),
            // On the day on which it was noted.
            What::Remembered(_) | What::Renamed { .. } if (since..=until).contains(&plan.0.day) => {
                Some((plan.0.day, plan))
            }
            _ => None,
        })
        .collect();
    plans.sort_by_key(|(from, (event, _))| (*from, event.moment()));
    let mut plans = plans.into_iter().peekable();
    for (day, entries) in history.days() {
        while let Some((from, plan)) = plans.next_if(|(from, _)| *from < day) {
            write(from, plan)?;
        }
        for entry in history.entries(entries)? {
            write(day, &entry)?;
        }
    }
    plans.try_for_each(|(from, plan)| write(from, plan))
}
