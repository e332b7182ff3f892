//! `nudge remember`: note something to ask a person about, or the birthdays of an address book.

use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use chrono::Datelike;

use super::{Context, lookup};
use crate::calendar::{self, Day, Tense};
use crate::cli::{self, Remember as RememberArgs};
use crate::error::{self, Error};
use crate::import;
use crate::journal::{Event, Every, FollowUp, What};
use crate::people;
use crate::safe_text::clean;
use crate::store::{Book, Durable};
use crate::view::people as view;

/// Without a day it is asked in so many days.
const LATER: u32 = 7;

pub fn run(ctx: &Context<'_>, args: &RememberArgs) -> Result<(), Error> {
    if let Some(path) = &args.from {
        return address_book(ctx, path, args.dry_run);
    }
    let follow_up = wanted(ctx, args)?;
    let not_noted = |error: Error| error.context("not noted");
    let lock = ctx.lock().map_err(not_noted)?;
    let log = ctx.log(ctx.today).map_err(not_noted)?;
    let names = people::People::new(&log, []);
    let is_same = |other: &FollowUp| {
        let FollowUp { who, what, on, every } = other;
        let rest = (people::key(what), *on, *every);
        names.is_same(who, &follow_up.who) && rest == (people::key(&follow_up.what), follow_up.on, follow_up.every)
    };
    let known = people::open(&log).any(|open| is_same(open.follow_up));
    let when = view::asked_on(next(&follow_up, ctx.today), follow_up.every, ctx.today);
    if known {
        return ctx.say(&format!("Noted before. {when}"));
    }
    let slips = lookup::slips(ctx, std::slice::from_ref(&follow_up.who));
    let (who, what) = (clean(&follow_up.who).into_owned(), clean(&follow_up.what).into_owned());
    let event = ctx.event(ctx.today, What::Remembered(follow_up))?;
    lock.append(Book::Plans, std::slice::from_ref(&event), Durable::Yes).map_err(not_noted)?;
    drop(lock);
    if ctx.json {
        return ctx.print_events(&[event]);
    }
    ctx.say(&format!("Noted: {who}, {what}. {when}"))?;
    slips.iter().try_for_each(|slip| ctx.say(slip))?;
    ctx.next(&["nudge undo", "nudge people"])
}

/// When it is asked first.
fn next(follow_up: &FollowUp, today: Day) -> Day {
    match follow_up.latest(today) {
        Some(latest) if latest == today => today,
        _ => follow_up.next(today).unwrap_or(follow_up.on),
    }
}

/// What is to be noted; what was left out is asked for.
fn wanted(ctx: &Context<'_>, args: &RememberArgs) -> Result<FollowUp, Error> {
    let every = args.every.map(|every| match every {
        cli::Every::Year => Every::Year,
        cli::Every::Month => Every::Month,
        cli::Every::Week => Every::Week,
    });
    let is_asked = args.who.is_none() || args.what.is_none();
    if is_asked && !io::stdin().is_terminal() {
        let missing = if args.who.is_none() { "who" } else { "what about" };
        return Err(
            Error::usage(format!("say {missing}")).hint("`nudge remember Sam \"presentation to the board\" --on thu`")
        );
    }
    let who = args.who.clone().map_or_else(|| ask(ctx, "Who? "), Ok)?;
    let who = one_person(&who)?.to_owned();
    let what = args.what.clone().map_or_else(|| ask(ctx, "What about? "), Ok)?;
    let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
    if what.is_empty() {
        return Err(Error::usage("say what about").hint("`nudge remember Sam \"presentation to the board\" --on thu`"));
    }
    let on = match &args.on {
        None if is_asked => Some(ask(ctx, "When? (in a week) ")?).filter(|on| !on.trim().is_empty()),
        on => on.clone(),
    };
    let on = on.map_or_else(|| Ok(calendar::forward(ctx.today, LATER)), |on| lookup::day(ctx, &on, Tense::Planning))?;
    let follow_up = FollowUp { who, what, on, every };
    if on < ctx.today && every.is_none() {
        let yearly = FollowUp { every: Some(Every::Year), ..follow_up };
        let next = next(&yearly, ctx.today);
        return Err(Error::usage(format!("{on} is past"))
            .hint(format!("the next one is `--on {next}`; `--every year` asks each year")));
    }
    Ok(follow_up)
}

/// A name that is one person's, without white space around it.
pub fn one_person(name: &str) -> Result<&str, Error> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::usage("say who").hint("`nudge remember Sam \"presentation to the board\"`"));
    }
    if name.split(',').filter(|name| !name.trim().is_empty()).count() > 1 {
        return Err(Error::usage(format!("`{name}` is more than one name")).hint("note it for each of them"));
    }
    Ok(name)
}

/// An answer that is typed.
fn ask(ctx: &Context<'_>, question: &str) -> Result<String, Error> {
    ctx.ask(question)?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    match read {
        Ok(0) => Err(Error::failed("nothing was noted, since the answers ended")),
        Ok(_) => Ok(line.trim().to_owned()),
        Err(error) => Err(Error::failed(format!("can't read the answer: {}", error::reason(&error)))),
    }
}

/// Notes the birthdays and anniversaries of an address book that are not noted yet.
fn address_book(ctx: &Context<'_>, path: &Path, is_trial: bool) -> Result<(), Error> {
    let path_shown = path.display();
    let hint = "export your contacts as a file that ends in .vcf, and name that";
    let bytes =
        ctx.store.bytes(path)?.ok_or_else(|| Error::failed(format!("there is no `{path_shown}`")).hint(hint))?;
    let found = import::cards(&bytes, ctx.today);
    if found.cards == 0 {
        return Err(Error::failed(format!("`{path_shown}` holds no contact")).hint(hint));
    }
    for (line, why) in &found.passed_over {
        ctx.warn(&format!("{path_shown}:{line}: {why}; passed over"));
    }
    let not_noted = |error: Error| error.context("not noted");
    let lock = if is_trial { None } else { Some(ctx.lock().map_err(not_noted)?) };
    let log = ctx.log(ctx.today).map_err(not_noted)?;
    let names = people::People::new(&log, []);
    let mut known: BTreeSet<_> = people::open(&log).map(|open| yearly(&names, open.follow_up)).collect();
    let mut new: Vec<FollowUp> = found.dates.into_iter().filter(|date| known.insert(yearly(&names, date))).collect();
    new.sort_unstable_by(|a, b| (next(a, ctx.today), &a.who, &a.what).cmp(&(next(b, ctx.today), &b.who, &b.what)));
    let noted = new.iter().map(|date| ctx.event(ctx.today, What::Remembered(date.clone())));
    let events = noted.collect::<Result<Vec<Event>, Error>>().map_err(not_noted)?;
    if let Some(lock) = lock.filter(|_| !events.is_empty()) {
        lock.append(Book::Plans, &events, Durable::Yes).map_err(not_noted)?;
    }
    if ctx.json {
        return ctx.print_events(&events);
    }
    for date in &new {
        ctx.say(&view::dated(date, next(date, ctx.today), ctx.today))?;
    }
    if !new.is_empty() {
        ctx.print("\n")?;
    }
    ctx.say(&view::imported(new.len(), is_trial))
}

/// What tells one yearly date from another: whose it is, of what, and on which day of the year.
fn yearly(names: &people::People, date: &FollowUp) -> (String, String, u32, u32, Option<&'static str>) {
    let every = date.every.map(Every::word);
    (names.person(&date.who), people::key(&date.what), date.on.month(), date.on.day(), every)
}
