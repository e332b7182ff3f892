//! `nudge export`: the entries for another program, or for a note.

use super::{Context, lookup};
use crate::calendar::{Day, Tense, Week};
use crate::cli::{Export as ExportArgs, Format};
use crate::error::Error;
use crate::journal::{Aside, BadLines, Doubt, Event, Ids, Line, Seen, look, parse, to_line};
use crate::store::{Book, Pages};
use crate::view::export::{self, Headings};

pub fn run(ctx: &Context<'_>, args: &ExportArgs) -> Result<(), Error> {
    let day = |text: &Option<String>| text.as_deref().map(|text| lookup::day(ctx, text, Tense::Logging)).transpose();
    let (since, until) = (day(&args.since)?.unwrap_or(Day::MIN), day(&args.until)?.unwrap_or(Day::MAX));
    let until = until.min(ctx.today);
    let catalogue = ctx.catalogue()?;
    // Plans are few.
    let plans = ctx.log(Book::Plans, None)?;
    let mut rests: Vec<(Day, Day, &Event)> = plans.rest_events().collect();
    rests.retain(|(from, last, _)| *last >= since && *from <= until);
    rests.sort_by_key(|(from, _, event)| (*from, event.moment()));
    let format = if ctx.json { Format::Jsonl } else { args.format };
    let mut headings = Headings::default();
    let mut write = |day: Day, event: &Event| match format {
        Format::Jsonl => ctx.print(&format!("{}\n", to_line(event))),
        Format::Csv => ctx.print(&export::row(event)),
        Format::Markdown => {
            let week = Week::of(day, ctx.config.week_starts);
            ctx.print(&headings.above(day, week, ctx.today))?;
            ctx.print(&export::item(event, &catalogue, ctx.today))
        }
    };
    if format == Format::Csv {
        ctx.print(&export::header())?;
    }
    let mut rests = rests.into_iter().peekable();
    if let Some(pages) = ctx.store.pages(Book::Journal)? {
        for entry in entries(ctx, &pages, since, until)? {
            while let Some((from, _, rest)) = rests.next_if(|(from, ..)| *from < entry.day) {
                write(from, rest)?;
            }
            let line = pages.line(entry.place, entry.length as usize)?;
            if let Line::Event(event) = parse(&line) {
                write(entry.day, &event)?;
            }
        }
    }
    rests.try_for_each(|(from, _, rest)| write(from, rest))
}

/// Where an entry stands in the journal.
struct Entry {
    day: Day,
    place: u64,
    length: u32,
}

/// A part of the journal while its entries are looked for.
#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    aside: Aside,
    lines: u64,
    bad: BadLines,
}

/// The entries that count, by day and within a day as the journal has them. Only their places are kept,
/// 16 bytes for each, so that a journal of any length can be exported.
fn entries(ctx: &Context<'_>, pages: &Pages, since: Day, until: Day) -> Result<Vec<Entry>, Error> {
    let doubt: Doubt = Ids::doubt(pages.halves(Ids::default, |ids, line, _, _| ids.take(line))?);
    let parts = pages.halves(Found::default, |found: &mut Found, line, place, complete| {
        found.lines += 1;
        let looked = look(line, |glance| {
            if doubt.covers(glance) {
                found.aside.push(glance, line, place);
            } else if let Seen::Done(day, _) = glance.what {
                found.entries.push(Entry::new(day, place, line));
            }
        });
        match looked {
            Err(reason) if complete && !reason.is_empty() => found.bad.push(found.lines, reason),
            _ => {}
        }
    })?;
    let mut whole = Found::default();
    for part in parts {
        whole.bad.extend(part.bad, whole.lines);
        whole.lines += part.lines;
        whole.entries.extend(part.entries);
        whole.aside.extend(part.aside);
    }
    ctx.name_bad_lines(Book::Journal, &whole.bad);
    let mut entries = whole.entries;
    whole.aside.judge(|glance, line, place| {
        if let Seen::Done(day, _) = glance.what {
            entries.push(Entry::new(day, place, line));
        }
    });
    entries.retain(|entry| since <= entry.day && entry.day <= until);
    entries.sort_unstable_by_key(|entry| (entry.day, entry.place));
    Ok(entries)
}

impl Entry {
    fn new(day: Day, place: u64, line: &[u8]) -> Self {
        // A line of four gigabytes fits into no memory that a journal is read in.
        Self { day, place, length: u32::try_from(line.len()).unwrap_or(u32::MAX) }
    }
}
