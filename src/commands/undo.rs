//! `nudge undo`: take back the latest entry or rest.

use std::collections::{HashMap, HashSet};

use super::{Context, lookup};
use crate::calendar::Day;
use crate::cli::Undo as UndoArgs;
use crate::error::Error;
use crate::journal::{Event, What};
use crate::store::{Book, Durable};
use crate::view::entries;

pub fn run(ctx: &Context<'_>, args: &UndoArgs) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let lock = ctx.lock().map_err(|error| error.context("nothing was taken back"))?;
    let mut lines: Vec<(Book, Event, Vec<u8>)> = Vec::new();
    for book in [Book::Journal, Book::Plans] {
        let read = ctx.store.events(book, None)?;
        ctx.name_bad_lines(book, &read.bad);
        lines.extend(read.events.into_iter().map(|(event, line)| (book, event, line)));
    }
    let events = counting(&lines);
    let undone: HashSet<&str> = events
        .iter()
        .filter_map(|(_, event)| match &event.what {
            What::Undone { of } => Some(of.as_str()),
            _ => None,
        })
        .collect();
    let target = match &args.id {
        Some(id) => Some(named(&events, &undone, id)?),
        None => latest(&events, &undone, ctx.today),
    };
    let Some((book, event)) = target else {
        return ctx.say("There is nothing to take back yet.");
    };
    let undo = ctx.event(event.day, What::Undone { of: event.id.clone() })?;
    lock.append(*book, std::slice::from_ref(&undo), Durable::Yes)
        .map_err(|error| error.context("nothing was taken back"))?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[undo]);
    }
    ctx.say("Taken back:")?;
    // A rest is listed under its first day.
    let day = if let What::Rest { from, .. } = event.what { from } else { event.day };
    ctx.print(&entries::day(day, &[event], &catalogue, ctx.today, ctx.theme))
}

/// Each event once, in the order of the lines: of those with one id the smallest line counts, as in a log.
fn counting(lines: &[(Book, Event, Vec<u8>)]) -> Vec<(Book, Event)> {
    let mut smallest: HashMap<String, Vec<u8>> = HashMap::new();
    for (_, event, line) in lines {
        match smallest.get_mut(&event.id) {
            Some(known) if *known <= *line => {}
            Some(known) => known.clone_from(line),
            None => {
                smallest.insert(event.id.clone(), line.clone());
            }
        }
    }
    let counts = |event: &Event, line: &Vec<u8>| smallest.get(&event.id) == Some(line);
    lines.iter().filter(|(_, event, line)| counts(event, line)).map(|(book, event, _)| (*book, event.clone())).collect()
}

fn can_be_undone(event: &Event) -> bool {
    matches!(event.what, What::Done(_) | What::Rest { .. })
}

/// The latest by its moment; of equals the later line. What is dated after today is not there yet for anyone.
fn latest<'e>(events: &'e [(Book, Event)], undone: &HashSet<&str>, today: Day) -> Option<&'e (Book, Event)> {
    let open = events.iter().filter(|(_, event)| can_be_undone(event) && !undone.contains(event.id.as_str()));
    let open = open.filter(|(_, event)| event.day <= today);
    open.max_by_key(|(_, event)| event.moment())
}

fn named<'e>(events: &'e [(Book, Event)], undone: &HashSet<&str>, wanted: &str) -> Result<&'e (Book, Event), Error> {
    let hint = "`nudge journal --json` shows the entries with their ids";
    let ids = events.iter().map(|(_, event)| event.id.as_str());
    let id = lookup::id(ids, wanted, "event").map_err(|error| error.or_hint(hint))?;
    let found = events.iter().find(|(_, event)| event.id == id);
    match found {
        Some((_, event)) if !can_be_undone(event) => Err(Error::failed(format!(
            "`{id}` is `{}`, and only `done` and `rest` can be taken back",
            event.what.word()
        ))
        .hint(hint)),
        Some(_) if undone.contains(id) => Err(Error::failed(format!("`{id}` was taken back before")).hint(hint)),
        Some(found) => Ok(found),
        None => Err(Error::failed(format!("no event is `{id}`")).hint(hint)),
    }
}
