//! `nudge people`: who was there, how long ago, and whom to ask.

mod erase;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Context, remember};
use crate::calendar;
use crate::cli::{People as PeopleArgs, PeopleCommand, PeopleRename};
use crate::error::Error;
use crate::journal::{Event, Log, What};
use crate::people::{self, Counting, Known, People};
use crate::safe_text::clean;
use crate::store::{Book, Durable, History};
use crate::view::json;
use crate::view::people::{self as view, Person, Planned};

pub fn run(ctx: &Context<'_>, args: &PeopleArgs) -> Result<(), Error> {
    match (&args.command, &args.who) {
        (Some(PeopleCommand::Rename(args)), _) => rename(ctx, args),
        (Some(PeopleCommand::Erase(args)), _) => erase::erase(ctx, args),
        (None, Some(who)) => ctx.paged(|| story(ctx, who)),
        (None, None) => ctx.paged(|| list(ctx)),
    }
}

/// What all of history says of people.
struct Everybody {
    history: History,
    /// The plans, and of the journal what has to do with follow-ups.
    log: Log,
    people: People,
    known: BTreeMap<String, Known>,
}

impl Everybody {
    fn read(ctx: &Context<'_>) -> Result<Self, Error> {
        let history = ctx.store.history(calendar::FIRST, ctx.today, ctx.today)?;
        ctx.name_bad_lines([&history.bad[0], &history.bad[1]]);
        let log = ctx.store.follow_ups(history.plans.iter().cloned().collect(), ctx.today)?;
        let mut counting = Counting::new(&log);
        for (day, places) in history.days() {
            for (event, _) in history.entries(places)? {
                if let What::Done(done) = &event.what {
                    counting.take(day, done);
                }
            }
        }
        let (people, known) = counting.finish(&log);
        Ok(Self { history, log, people, known })
    }

    /// The open follow-ups of a person, or of everybody, by the person; those that are asked first stand first.
    fn planned(&self, ctx: &Context<'_>, of: Option<&str>) -> BTreeMap<String, Vec<Planned<'_>>> {
        let mut planned: BTreeMap<String, Vec<Planned<'_>>> = BTreeMap::new();
        for open in people::open(&self.log) {
            let person = self.people.person(&open.follow_up.who);
            if of.is_none_or(|of| of == person) && open.is_open(&self.log) {
                let next = open.next(&self.log, ctx.today);
                let own = Planned { id: open.id, follow_up: open.follow_up, next };
                planned.entry(person).or_default().push(own);
            }
        }
        for own in planned.values_mut() {
            own.sort_unstable_by_key(|own| own.next.unwrap_or(own.follow_up.on));
        }
        planned
    }
}

fn list(ctx: &Context<'_>) -> Result<(), Error> {
    let everybody = Everybody::read(ctx)?;
    let mut planned = everybody.planned(ctx, None);
    let one = |(person, who)| Person {
        who,
        known: everybody.known.get(person),
        follow_ups: planned.remove(person).unwrap_or_default(),
    };
    let mut people: Vec<Person<'_>> = everybody.people.all().map(one).collect();
    // Whoever has neither gestures nor anything to ask was taken back.
    people.retain(|person| person.known.is_some() || !person.follow_ups.is_empty());
    people.sort_unstable_by_key(|person| (Reverse(person.known.map(|known| known.last)), person.who));
    if ctx.json {
        return ctx.print(&json::people(&people));
    }
    if people.is_empty() {
        return ctx.say(
            "Nobody is named yet. `nudge done -w Sam` says with whom, `nudge remember Sam \"the move\"` what to ask.",
        );
    }
    ctx.print(&view::list(&people, ctx.today, ctx.theme))
}

/// All that there was with one person, newest last.
fn story(ctx: &Context<'_>, who: &str) -> Result<(), Error> {
    let everybody = Everybody::read(ctx)?;
    known(&everybody, who)?;
    let (people, history) = (&everybody.people, &everybody.history);
    let person = people.person(who);
    let planned = everybody.planned(ctx, Some(&person)).remove(&person).unwrap_or_default();
    let mut story: Vec<Event> = Vec::new();
    for (_, places) in history.days() {
        let entries = history.entries(places)?.into_iter().map(|(event, _)| event);
        story.extend(entries.filter(|event| match &event.what {
            What::Done(done) => done.with.iter().any(|name| people.person(name) == person),
            _ => false,
        }));
    }
    if ctx.json {
        return ctx.print(&json::person(people.shown(who), &story, &planned));
    }
    let catalogue = ctx.catalogue()?;
    ctx.say(people.shown(who))?;
    for of_day in story.chunk_by(|a, b| a.day == b.day) {
        let events: Vec<&Event> = of_day.iter().collect();
        ctx.print("\n")?;
        ctx.print(&ctx.entries_of(of_day[0].day, &events, &catalogue))?;
    }
    if !planned.is_empty() {
        ctx.print("\n")?;
        ctx.print(&view::waiting(&planned, ctx.today, ctx.theme))?;
    }
    Ok(())
}

/// Refuses somebody whom no entry names.
fn known(everybody: &Everybody, who: &str) -> Result<(), Error> {
    if everybody.people.knows(who) {
        return Ok(());
    }
    let error = Error::usage(format!("nobody here is called `{}`", clean(who)));
    Err(match everybody.people.near_miss(who) {
        Some(near) => error.hint(format!("did you mean {}?", clean(near))),
        None => error.hint("`nudge people` shows everybody"),
    })
}

fn rename(ctx: &Context<'_>, args: &PeopleRename) -> Result<(), Error> {
    let not_renamed = |error: Error| error.context("not renamed");
    let (old, new) = (remember::one_person(&args.old)?, remember::one_person(&args.new)?);
    let lock = ctx.lock().map_err(not_renamed)?;
    let everybody = Everybody::read(ctx).map_err(not_renamed)?;
    known(&everybody, old)?;
    if everybody.people.shown(old) == new {
        return ctx.say(&format!("{new} it is already."));
    }
    let joins = everybody.people.knows(new) && !everybody.people.is_same(old, new);
    let event = ctx.event(ctx.today, What::Renamed { from: old.to_owned(), to: new.to_owned() })?;
    lock.append(Book::Plans, std::slice::from_ref(&event), Durable::Yes).map_err(not_renamed)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[event]);
    }
    if joins {
        ctx.say(&format!("{old} and {new} are one person from now on: {new}."))?;
    } else {
        ctx.say(&format!("{old} is called {new} from now on."))?;
    }
    ctx.next(&["nudge undo", "nudge people"])
}
