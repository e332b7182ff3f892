//! `nudge done`: log a completed gesture.

use std::io::Read;

use super::entry::give_back;
use super::prompt::{self, Drawn, Proposal};
use super::{Context, lookup, today};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::cli::{Done as DoneArgs, Filters};
use crate::error::Error;
use crate::journal::{Act, Done, Event, Log, What};
use crate::people::{self, People, Question};
use crate::picker::NoPick;
use crate::safe_text::clean;
use crate::store::{Book, Durable};

/// The people and the note of the call.
struct Extras {
    with: Vec<String>,
    note: Option<String>,
}

pub fn run(ctx: &Context<'_>, args: &DoneArgs) -> Result<(), Error> {
    let extras = Extras { with: names(&args.with)?, note: note(args.note.as_deref())? };
    // Whatever fails from here on, the note is printed, so that it need not be written again.
    let not_logged = |error: Error| give_back(error.context("not logged"), extras.note.as_deref());
    let catalogue = ctx.catalogue().map_err(not_logged)?;
    let slips = lookup::slips(ctx, &extras.with);
    match record(ctx, args, &catalogue, &extras).map_err(not_logged)? {
        Outcome::Logged(event) => {
            acknowledge(ctx, &catalogue, &event)?;
            slips.iter().try_for_each(|slip| ctx.say(slip))
        }
        Outcome::Amended { before, event } => {
            acknowledge(ctx, &catalogue, &event)?;
            slips.iter().try_for_each(|slip| ctx.say(slip))?;
            let note = before.filter(|_| !ctx.json && extras.note.is_some());
            note.map_or(Ok(()), |note| ctx.say(&format!("The note was: “{}”", clean(&note))))
        }
        Outcome::LoggedBefore(day) => {
            let on = if day == ctx.today { "" } else { &format!(" --on {day}") };
            ctx.say(&format!("That one is already logged. For something else: `nudge done -c CATEGORY{on}`."))
        }
        Outcome::Shown { log, drawn, events } => {
            show_first(ctx, &catalogue, &log, &drawn, &events)?;
            Err(give_back(not_seen(ctx, &log), extras.note.as_deref()))
        }
        Outcome::Nothing(no_pick) => prompt::no_prompt(ctx, &no_pick),
    }
}

/// What the call did.
enum Outcome {
    Logged(Event),
    /// The entry existed, with this note, and now has more in it.
    Amended {
        before: Option<String>,
        event: Event,
    },
    LoggedBefore(Day),
    /// The day's prompt had not been seen: it is shown, and nothing was logged.
    Shown {
        log: Log,
        drawn: Drawn,
        events: Vec<Event>,
    },
    Nothing(NoPick),
}

fn record(ctx: &Context<'_>, args: &DoneArgs, catalogue: &Catalogue, extras: &Extras) -> Result<Outcome, Error> {
    let day = args.on.as_deref().map_or(Ok(ctx.today), |on| lookup::day_done(ctx, on))?;
    let named = match (&args.gesture, &args.category) {
        (Some(id), _) if lookup::follow_up(ctx, catalogue, id)?.is_some() => None,
        (Some(id), _) => {
            let gesture = lookup::gesture_done(ctx, catalogue, id, &extras.with)?;
            Some(Act::Prompt(prompt::prompt_of(gesture)))
        }
        (None, Some(category)) => Some(Act::Own(lookup::category(catalogue, category)?.into())),
        (None, None) => None,
    };
    let lock = ctx.lock()?;
    let outcome = match named {
        None if args.gesture.is_some() => follow_up(ctx, catalogue, args, day, extras)?,
        Some(act) => Outcome::Logged(ctx.event(day, What::Done(extras.entry(act)))?),
        None => the_prompt(ctx, catalogue, day, extras)?,
    };
    match &outcome {
        Outcome::Logged(event) | Outcome::Amended { event, .. } => {
            lock.append(Book::Journal, std::slice::from_ref(event), Durable::Yes)?;
        }
        Outcome::Shown { events, .. } => lock.append(Book::Journal, events, Durable::No)?,
        Outcome::LoggedBefore(_) | Outcome::Nothing(_) => {}
    }
    Ok(outcome)
}

/// What is to be recorded of a follow-up that was named: it closes the occurrence that is asked, or the next one.
fn follow_up(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    args: &DoneArgs,
    day: Day,
    extras: &Extras,
) -> Result<Outcome, Error> {
    let wanted = args.gesture.as_deref().unwrap_or_default();
    // What it depends on is read again under the lock.
    let Some((id, noted)) = lookup::follow_up(ctx, catalogue, wanted)? else {
        return Err(Error::failed(format!("`{wanted}` was taken back just now")));
    };
    if day < noted {
        return Err(
            Error::usage(format!("it was noted on {noted}, after {day}")).hint("leave `--on` out, or name a later day")
        );
    }
    let log = ctx.log(noted)?;
    let open = people::find(&log, &id);
    let Some((open, occurrence)) = open.and_then(|open| open.to_close(&log, day).map(|day| (open, day))) else {
        return Ok(Outcome::LoggedBefore(day));
    };
    let question = Question::new(&open, occurrence, &People::new(&log, []));
    Ok(Outcome::Logged(ctx.event(day, What::Done(extras.asked(&question)))?))
}

/// What to record about the day's prompt.
fn the_prompt(ctx: &Context<'_>, catalogue: &Catalogue, day: Day, extras: &Extras) -> Result<Outcome, Error> {
    // As far back as a draw looks, so that the journal is read once.
    let log = if day == ctx.today { prompt::memory(ctx)? } else { ctx.log(day)? };
    let prompt = if day == ctx.today {
        match prompt::drawn(&log, day, catalogue) {
            Some(drawn) if drawn.unseen => {
                let drawn = Drawn { unseen: false, ..drawn };
                let events = vec![prompt::offer(ctx, &drawn)?];
                return Ok(Outcome::Shown { log, drawn, events });
            }
            drawn => drawn.map(|drawn| drawn.prompt),
        }
    } else {
        log.prompt_on(day).map(|(_, prompt, _)| prompt.clone()).filter(|prompt| log.was_seen(day, prompt))
    };
    let Some(prompt) = prompt else {
        if day != ctx.today {
            return Err(Error::failed(format!("no prompt was shown on {day}"))
                .hint(format!("say what it was: `nudge done -c CATEGORY --on {day}`")));
        }
        return Ok(match prompt::propose_first(ctx, catalogue, &log, &Filters::default(), false)? {
            Proposal::Prompt { drawn, events } => Outcome::Shown { log, drawn, events },
            Proposal::Nothing(no_pick) => Outcome::Nothing(no_pick),
        });
    };
    Ok(match log.done_of(day, &prompt) {
        None => {
            let done = match Question::of(&log, &prompt) {
                Some(question) => extras.asked(&question),
                None => extras.entry(Act::Prompt(prompt)),
            };
            Outcome::Logged(ctx.event(day, What::Done(done))?)
        }
        Some((_, done)) if extras.add_nothing_to(done) => Outcome::LoggedBefore(day),
        Some((event, done)) => {
            let fuller = Done { amends: Some(event.id.clone()), ..extras.added_to(done) };
            let event = ctx.amendment(day, fuller, log.amended(&event.id))?;
            Outcome::Amended { before: done.note.clone(), event }
        }
    })
}

/// The prompt that had not been seen, as `nudge` shows it.
fn show_first(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    drawn: &Drawn,
    events: &[Event],
) -> Result<(), Error> {
    if ctx.json { ctx.print_events(events) } else { today::show(ctx, catalogue, log, drawn, None, None) }
}

/// Why nothing was logged, and what would log it.
fn not_seen(ctx: &Context<'_>, log: &Log) -> Error {
    let error = Error::failed(
        "not logged, since you had not seen this prompt yet: once you have done it, run the same command again",
    );
    let yesterday = calendar::back(ctx.today, 1);
    let open = log
        .prompt_on(yesterday)
        .filter(|(_, prompt, _)| log.done_of(yesterday, prompt).is_none() && log.was_seen(yesterday, prompt));
    match open {
        Some(_) => error.hint("yesterday's is still open: `nudge done --on yesterday` logs that"),
        None => error,
    }
}

impl Extras {
    fn entry(&self, act: Act) -> Done {
        Done { with: self.with.clone(), note: self.note.clone(), ..Done::new(act) }
    }

    /// Somebody was asked, who is named first.
    fn asked(&self, question: &Question) -> Done {
        let who = &question.follow_up.who;
        let others = self.with.iter().filter(|other| people::key(other) != people::key(who));
        let with = std::iter::once(who).chain(others).cloned().collect();
        Done { with, ..self.entry(Act::Prompt(question.prompt())) }
    }

    fn add_nothing_to(&self, done: &Done) -> bool {
        self.added_to(done) == *done
    }

    /// The entry with these added: a new note replaces the old one, and new people are appended.
    fn added_to(&self, done: &Done) -> Done {
        let mut fuller = done.clone();
        fuller.note = self.note.clone().or(fuller.note);
        let is_there = |who: &String| fuller.with.iter().any(|other| people::key(other) == people::key(who));
        let new: Vec<String> = self.with.iter().filter(|who| !is_there(who)).cloned().collect();
        fuller.with.extend(new);
        fuller
    }
}

/// "Logged.", and the day so far. The entry is on disk by now, so a failure from here on has to say so.
fn acknowledge(ctx: &Context<'_>, catalogue: &Catalogue, event: &Event) -> Result<(), Error> {
    if ctx.json {
        return ctx.print_events(std::slice::from_ref(event));
    }
    ctx.say(if event.amends().is_some() { "Updated." } else { "Logged." })?;
    let log = ctx.log(event.day).map_err(|error| error.context("it is logged, but the day can't be shown"))?;
    let entries: Vec<&Event> = log.done_on(event.day).map(|(event, _)| event).collect();
    ctx.print("\n")?;
    ctx.print(&ctx.entries_of(event.day, &entries, catalogue))?;
    ctx.print("\n")?;
    ctx.next(&["nudge undo", "nudge week"])
}

/// The names given, each once.
pub fn names(given: &[String]) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = Vec::new();
    for name in given.iter().map(|name| name.trim()) {
        if name.is_empty() {
            return Err(Error::usage("`--with` names nobody").hint("give a name: `nudge done -w Sam`"));
        }
        lookup::one_name(name)?;
        if !names.iter().any(|known| people::key(known) == people::key(name)) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// The note, without white space around it; a blank one counts as none.
pub fn note(argument: Option<&str>) -> Result<Option<String>, Error> {
    let text = match argument {
        Some("-") => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| Error::failed(format!("can't read the note from standard input: {error}")))?;
            // Better a note with a replacement character in it than no note.
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        other => other.map(str::to_owned),
    };
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}
