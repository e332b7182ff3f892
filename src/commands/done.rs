//! `nudge done`: log a completed gesture.

use std::io::Read;

use super::{Context, lookup, prompt};
use crate::calendar::{Day, Tense};
use crate::catalogue::Catalogue;
use crate::cli::{Done as DoneArgs, Filters};
use crate::error::Error;
use crate::journal::{Done, Event, Log, Prompt, What};
use crate::store::{Book, Durable, Lock};
use crate::view::entries;

/// What came with the entry.
struct Extras {
    with: Vec<String>,
    note: Option<String>,
}

pub fn run(ctx: &Context<'_>, args: &DoneArgs) -> Result<(), Error> {
    let extras = Extras { with: people(&args.with)?, note: note(args.note.as_deref())? };
    // Whatever stops it now, the note comes back.
    let give_back = |error| give_back(error, extras.note.as_deref());
    let catalogue = ctx.catalogue().map_err(give_back)?;
    let logged = record(ctx, args, &catalogue, &extras).map_err(give_back)?;
    logged.map_or(Ok(()), |(day, events)| acknowledge(ctx, &catalogue, day, &events))
}

/// Writes what was done; `None` if there was nothing to write.
fn record(
    ctx: &Context<'_>,
    args: &DoneArgs,
    catalogue: &Catalogue,
    extras: &Extras,
) -> Result<Option<(Day, Vec<Event>)>, Error> {
    let day = args.on.as_deref().map_or(Ok(ctx.today), |on| lookup::day(ctx, on, Tense::Logging))?;
    if day > ctx.today {
        return Err(Error::usage(format!("{day} is still to come")).hint("log it on the day, with `nudge done`"));
    }
    let named = match (&args.gesture, &args.category) {
        (Some(id), _) => {
            let gesture = lookup::gesture(catalogue, id)?;
            Some((Some(gesture.id.to_string()), gesture.category.to_string()))
        }
        (None, Some(category)) => Some((None, lookup::category(catalogue, category)?.to_owned())),
        (None, None) => None,
    };
    let lock = ctx.lock()?;
    let events = match named {
        Some((gesture, category)) => {
            let event = ctx.event(day, What::Done(extras.entry(gesture, category)))?;
            lock.append(Book::Journal, std::slice::from_ref(&event), Durable::Yes)?;
            vec![event]
        }
        None => match the_prompt(ctx, &lock, catalogue, day, extras)? {
            Some(events) => events,
            None => return Ok(None),
        },
    };
    Ok(Some((day, events)))
}

/// Logs the day's prompt; `None` if there is nothing to write.
fn the_prompt(
    ctx: &Context<'_>,
    lock: &Lock<'_>,
    catalogue: &Catalogue,
    day: Day,
    extras: &Extras,
) -> Result<Option<Vec<Event>>, Error> {
    let log = ctx.log(Book::Journal, Some(day))?;
    let prompt = if day == ctx.today {
        prompt::drawn(&log, day, catalogue).map(|drawn| drawn.prompt)
    } else {
        log.prompt_on(day).map(|(_, prompt, _)| prompt.clone())
    };
    let Some(prompt) = prompt else {
        return if day == ctx.today {
            draw_and_log(ctx, lock, catalogue, extras)
        } else {
            Err(Error::failed(format!("no prompt was drawn on {day}"))
                .hint(format!("say what it was: `nudge done -c CATEGORY --on {day}`")))
        };
    };
    let before = log.done_on(day).find(|(_, done)| done.gesture.as_ref() == Some(&prompt.gesture));
    let events = match before {
        None => vec![ctx.event(day, What::Done(extras.of(prompt)))?],
        Some((_, done)) if extras.add_nothing_to(done) => {
            let other = if day == ctx.today { "" } else { &format!(" --on {day}") };
            ctx.say(&format!("That one is logged already. For something else: `nudge done -c CATEGORY{other}`."))?;
            return Ok(None);
        }
        Some((event, done)) => vec![
            ctx.event(day, What::Undone { of: event.id.clone() })?,
            ctx.event(day, What::Done(extras.added_to(done)))?,
        ],
    };
    lock.append(Book::Journal, &events, Durable::Yes)?;
    Ok(Some(events))
}

/// Nothing was drawn today: the prompt is drawn and logged in one write.
fn draw_and_log(
    ctx: &Context<'_>,
    lock: &Lock<'_>,
    catalogue: &Catalogue,
    extras: &Extras,
) -> Result<Option<Vec<Event>>, Error> {
    let log = prompt::memory(ctx)?;
    let drawn = prompt::draw(ctx, lock, catalogue, &log, &Filters::default(), |prompt| {
        Ok(vec![ctx.event(ctx.today, What::Done(extras.of(prompt.clone())))?])
    })?;
    match drawn {
        Ok(recorded) => Ok(Some(recorded.events)),
        Err(nothing) => prompt::no_prompt(ctx, &nothing).map(|()| None),
    }
}

impl Extras {
    fn entry(&self, gesture: Option<String>, category: String) -> Done {
        Done { gesture, category, with: self.with.clone(), note: self.note.clone() }
    }

    fn of(&self, prompt: Prompt) -> Done {
        self.entry(Some(prompt.gesture), prompt.category)
    }

    fn add_nothing_to(&self, done: &Done) -> bool {
        self.added_to(done) == *done
    }

    /// The fuller entry: a new note takes the place of the old one, new people join the old ones.
    fn added_to(&self, done: &Done) -> Done {
        let mut fuller = done.clone();
        fuller.note = self.note.clone().or(fuller.note);
        let new: Vec<String> = self.with.iter().filter(|who| !fuller.with.contains(who)).cloned().collect();
        fuller.with.extend(new);
        fuller
    }
}

/// "Logged.", and the day so far.
fn acknowledge(ctx: &Context<'_>, catalogue: &Catalogue, day: Day, events: &[Event]) -> Result<(), Error> {
    if ctx.json {
        return ctx.print_events(events);
    }
    let log: Log = ctx.log(Book::Journal, Some(day))?;
    let entries: Vec<&Event> = log.done_on(day).map(|(event, _)| event).collect();
    ctx.say("Logged.")?;
    ctx.print("\n")?;
    ctx.print(&entries::day(day, &entries, catalogue, ctx.today, ctx.theme))?;
    ctx.print("\n")?;
    ctx.next(&["nudge undo", "nudge week"])
}

fn people(names: &[String]) -> Result<Vec<String>, Error> {
    let mut people: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.trim()) {
        if name.is_empty() {
            return Err(Error::usage("`--with` names nobody").hint("give a name: `nudge done -w Sam`"));
        }
        if !people.iter().any(|known| known == name) {
            people.push(name.to_owned());
        }
    }
    Ok(people)
}

/// The note, without white space around it; a blank one is none.
fn note(argument: Option<&str>) -> Result<Option<String>, Error> {
    let text = match argument {
        Some("-") => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Error::failed(format!("can't read the note from standard input: {error}")))?;
            // Better a note with a mark in it than no note.
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        other => other.map(str::to_owned),
    };
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Says that nothing was logged, and returns the note to its writer.
fn give_back(error: Error, note: Option<&str>) -> Error {
    let mut error = error.context("not logged");
    if let (Error::Failed(said) | Error::Usage(said), Some(note)) = (&mut error, note) {
        said.text = format!("{}\nyour note: {note}", said.text);
    }
    error
}
