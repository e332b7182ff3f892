//! `nudge done`: log a completed gesture.

use std::io::Read;

use super::prompt::{self, Proposal};
use super::{Context, lookup};
use crate::calendar::{Day, Tense};
use crate::catalogue::Catalogue;
use crate::cli::{Done as DoneArgs, Filters};
use crate::error::Error;
use crate::journal::{Act, Done, Event, Log, What};
use crate::store::{Book, Durable};
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
    let (day, events) = record(ctx, args, &catalogue, &extras).map_err(give_back)?;
    acknowledge(ctx, &catalogue, day, &events)
}

/// Writes what was done; nothing if it was logged already.
fn record(
    ctx: &Context<'_>,
    args: &DoneArgs,
    catalogue: &Catalogue,
    extras: &Extras,
) -> Result<(Day, Vec<Event>), Error> {
    let day = args.on.as_deref().map_or(Ok(ctx.today), |on| lookup::day(ctx, on, Tense::Logging))?;
    if day > ctx.today {
        return Err(Error::usage(format!("{day} is still to come")).hint("log it on the day, with `nudge done`"));
    }
    let named = match (&args.gesture, &args.category) {
        (Some(id), _) => {
            let gesture = lookup::gesture(catalogue, id)?;
            Some(Act::Prompt(prompt::prompt_of(gesture)))
        }
        (None, Some(category)) => Some(Act::Own(lookup::category(catalogue, category)?.into())),
        (None, None) => None,
    };
    let lock = ctx.lock()?;
    let events = match named {
        Some(act) => vec![ctx.event(day, What::Done(extras.entry(act)))?],
        None => the_prompt(ctx, catalogue, day, extras)?,
    };
    if !events.is_empty() {
        lock.append(Book::Journal, &events, Durable::Yes)?;
    }
    Ok((day, events))
}

/// The events that log the day's prompt; none if there is nothing to add.
fn the_prompt(ctx: &Context<'_>, catalogue: &Catalogue, day: Day, extras: &Extras) -> Result<Vec<Event>, Error> {
    // As far back as a draw looks, so that one reading decides.
    let log = if day == ctx.today { prompt::memory(ctx)? } else { ctx.log(day)? };
    let prompt = if day == ctx.today {
        prompt::drawn(&log, day, catalogue).map(|drawn| drawn.prompt)
    } else {
        log.prompt_on(day).map(|(_, prompt, _)| prompt.clone())
    };
    let Some(prompt) = prompt else {
        if day == ctx.today {
            return draw(ctx, catalogue, &log, extras);
        }
        return Err(Error::failed(format!("no prompt was drawn on {day}"))
            .hint(format!("say what it was: `nudge done -c CATEGORY --on {day}`")));
    };
    match log.done_of(day, &prompt) {
        None => Ok(vec![ctx.event(day, What::Done(extras.entry(Act::Prompt(prompt))))?]),
        Some((_, done)) if extras.add_nothing_to(done) => {
            let other = if day == ctx.today { "" } else { &format!(" --on {day}") };
            ctx.say(&format!("That one is logged already. For something else: `nudge done -c CATEGORY{other}`."))?;
            Ok(Vec::new())
        }
        Some((event, done)) => Ok(vec![
            ctx.event(day, What::Undone { of: event.id.clone() })?,
            ctx.event(day, What::Done(extras.added_to(done)))?,
        ]),
    }
}

/// Nothing was drawn today: the prompt is drawn and logged in one write.
fn draw(ctx: &Context<'_>, catalogue: &Catalogue, log: &Log, extras: &Extras) -> Result<Vec<Event>, Error> {
    match prompt::propose(ctx, catalogue, log, &Filters::default())? {
        Proposal::Prompt { drawn, mut events } => {
            events.push(ctx.event(ctx.today, What::Done(extras.entry(Act::Prompt(drawn.prompt))))?);
            Ok(events)
        }
        Proposal::Nothing(no_pick) => prompt::no_prompt(ctx, &no_pick).map(|()| Vec::new()),
    }
}

impl Extras {
    fn entry(&self, act: Act) -> Done {
        Done { with: self.with.clone(), note: self.note.clone(), ..Done::new(act) }
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
    if ctx.json || events.is_empty() {
        return ctx.print_events(events);
    }
    let log = ctx.log(day)?;
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
    if let (Error::Failed(said) | Error::Usage(said) | Error::Missing(said), Some(note)) = (&mut error, note) {
        said.text = format!("{}\nyour note: {note}", said.text);
    }
    error
}
