//! `nudge today`: show the day's prompt, and draw it if there is none.

use super::prompt::{self, Drawn, Proposal};
use super::{Context, lookup};
use crate::calendar::{self, Day, Week};
use crate::catalogue::Catalogue;
use crate::cli::{self, Today as TodayArgs};
use crate::environment;
use crate::error::Error;
use crate::journal::{Log, REMEMBERING};
use crate::people::{self, People, SUGGESTS_FROM};
use crate::review::Days;
use crate::store::{Book, Durable, Lock};
use crate::view::card::{self, Card};
use crate::view::catalogue::category_name;
use crate::view::{first_run, json, people as words};

/// How many columns a brief line may take.
const BRIEF: usize = 60;

/// After so many days without an entry a return is greeted.
const GAP: i64 = 7;

/// The word for the first day of all.
const WELCOME: &str = "Welcome. One small gesture a day. Here is today's.";

pub fn run(ctx: &Context<'_>, args: &TodayArgs) -> Result<(), Error> {
    let log = match ctx.log(ctx.today) {
        Ok(log) => log,
        Err(Error::Missing(_)) if args.brief || args.once => return Ok(()),
        Err(error @ Error::Missing(_)) => return show_without_books(ctx, &args.filters, &error),
        Err(error) => return Err(error),
    };
    let is_quiet = (args.brief || args.once) && log.rests_on(ctx.today);
    let drawn_before = log.prompt_on(ctx.today).is_some() || log.done_on(ctx.today).next().is_some();
    if is_quiet || (args.once && drawn_before) {
        return Ok(());
    }
    let catalogue = ctx.catalogue()?;
    if args.once {
        return greet(ctx, &catalogue, &args.filters);
    }
    if args.brief {
        // Without the user's own gestures it might be another one.
        if catalogue.is_partial {
            return Ok(());
        }
        return brief(ctx, &catalogue, &log, args.width.unwrap_or(BRIEF));
    }
    match prompt::drawn(&log, ctx.today, &catalogue).filter(|drawn| !drawn.unseen) {
        Some(drawn) => {
            // A category that is not there is named before anything is shown.
            prompt::filters(ctx, &catalogue, &args.filters)?;
            show(ctx, &catalogue, &log, &drawn, Some(&args.filters), None)
        }
        None => draw_and_show(ctx, &catalogue, &args.filters),
    }
}

/// Draws the day's first prompt and shows it at a glance: others may look on, so nobody is named. Only the call that
/// records the prompt shows it; whatever is wrong is an error that the start of a shell passes over in silence.
fn greet(ctx: &Context<'_>, catalogue: &Catalogue, asked: &cli::Filters) -> Result<(), Error> {
    if catalogue.is_partial {
        return Ok(());
    }
    let lock = ctx.store.lock_in_passing(ctx.today)?;
    match draw_and_record(ctx, &lock, catalogue, asked, true)? {
        (log, Proposal::Prompt { drawn, events }, greeting) if !events.is_empty() => {
            drop(lock);
            if drawn.unseen && !ctx.json {
                return ctx.say(&format!("{}: `nudge`", words::SOMEBODY));
            }
            card(ctx, catalogue, &log, &drawn, greeting, None)
        }
        _ => Ok(()),
    }
}

/// A prompt though the disk with the books is missing. It is not recorded, and not taken for the first of all.
fn show_without_books(ctx: &Context<'_>, asked: &cli::Filters, error: &Error) -> Result<(), Error> {
    let (catalogue, log) = (ctx.catalogue()?, Log::default());
    ctx.warn(&format!("today's prompt is not recorded: {}", error.message()));
    match prompt::preview(ctx, &catalogue, &log, asked)? {
        Proposal::Prompt { drawn, .. } => show(ctx, &catalogue, &log, &drawn, None, None),
        Proposal::Nothing(no_pick) => prompt::no_prompt(ctx, &no_pick),
    }
}

/// The prompt in one line; nothing is recorded, and nothing is shown that was not drawn: what was not seen can't be
/// logged.
fn brief(ctx: &Context<'_>, catalogue: &Catalogue, log: &Log, width: usize) -> Result<(), Error> {
    let drawn = prompt::drawn(log, ctx.today, catalogue);
    if ctx.json {
        return ctx.print(&json(ctx, catalogue, log, drawn.as_ref(), true));
    }
    let gesture = drawn.as_ref().and_then(|drawn| drawn.gesture(ctx, catalogue));
    let is_done = log.done_on(ctx.today).next().is_some();
    let prompt = drawn.as_ref().map(|drawn| drawn.subject(gesture.as_deref()));
    ctx.print(&card::brief(prompt, is_done, width, ctx.theme))
}

/// Today's prompt as JSON; `drawn` is `None` where there is none yet.
fn json(ctx: &Context<'_>, catalogue: &Catalogue, log: &Log, drawn: Option<&Drawn>, at_a_glance: bool) -> String {
    let gesture = drawn.and_then(|drawn| drawn.gesture(ctx, catalogue));
    json::today(&json::Today {
        day: ctx.today,
        prompt: drawn.map(|drawn| (&drawn.prompt, gesture.as_deref())),
        question: drawn.and_then(|drawn| drawn.question.as_deref()),
        done: drawn.is_some_and(|drawn| drawn.done),
        swaps_left: prompt::swaps_left(ctx, log, catalogue),
        reason: drawn.and_then(Drawn::reason),
        resting_until: resting_until(ctx, log),
        at_a_glance,
    })
}

/// The last day of the rest that today lies in, if nothing was done today.
fn resting_until(ctx: &Context<'_>, log: &Log) -> Option<Day> {
    Days::new(log, ctx.today, ctx.config.goal()).resting_until()
}

/// Draws the day's first prompt, or finds the one that was offered only at a glance, and shows it. Where that can't be
/// recorded it is shown all the same.
pub fn draw_and_show(ctx: &Context<'_>, catalogue: &Catalogue, asked: &cli::Filters) -> Result<(), Error> {
    let recorded = ctx.lock().and_then(|lock| draw_and_record(ctx, &lock, catalogue, asked, false));
    let is_first = matches!(&recorded, Ok((_, _, Some(WELCOME))));
    let (log, proposal, greeting) = match recorded {
        Ok(recorded) => recorded,
        Err(error) => {
            let log = prompt::memory(ctx)?;
            let proposal = match prompt::drawn(&log, ctx.today, catalogue) {
                Some(drawn) => Proposal::Prompt { drawn, events: Vec::new() },
                None => prompt::preview(ctx, catalogue, &log, asked)?,
            };
            let greeting = greeting(ctx, &log)?;
            ctx.warn(&format!("today's prompt is not recorded: {}", error.message()));
            (log, proposal, greeting)
        }
    };
    match proposal {
        Proposal::Prompt { drawn, .. } => show(ctx, catalogue, &log, &drawn, Some(asked), greeting)?,
        Proposal::Nothing(no_pick) => return prompt::no_prompt(ctx, &no_pick),
    }
    if !is_first || ctx.json {
        return Ok(());
    }
    let [data, config] = [ctx.store.data_folder(), ctx.store.config_folder()].map(environment::from_home);
    ctx.print(&first_run::words(&data, &config, environment::shell().as_deref(), ctx.theme))
}

/// What is on the card: the log, the prompt, and a word above it.
type Found = (Log, Proposal, Option<&'static str>);

/// Draws under the lock, where another call may have been faster. The events of what was found are those that were
/// recorded just now. At a glance, where others may look on, what a follow-up asks is not shown.
pub fn draw_and_record(
    ctx: &Context<'_>,
    lock: &Lock<'_>,
    catalogue: &Catalogue,
    asked: &cli::Filters,
    at_a_glance: bool,
) -> Result<Found, Error> {
    let log = prompt::memory(ctx)?;
    let (proposal, greeting) = match prompt::drawn(&log, ctx.today, catalogue) {
        Some(drawn) if drawn.unseen && !at_a_glance => {
            let drawn = Drawn { unseen: false, ..drawn };
            let events = vec![prompt::offer(ctx, &drawn)?];
            (Proposal::Prompt { drawn, events }, None)
        }
        Some(drawn) => (Proposal::Prompt { drawn, events: Vec::new() }, None),
        None => (prompt::propose_first(ctx, catalogue, &log, asked, at_a_glance)?, greeting(ctx, &log)?),
    };
    if let Proposal::Prompt { events, .. } = &proposal
        && !events.is_empty()
    {
        lock.append(Book::Journal, events, Durable::No)?;
    }
    Ok((log, proposal, greeting))
}

/// A word for the first day of all, and for a return, however long it took.
fn greeting(ctx: &Context<'_>, log: &Log) -> Result<Option<&'static str>, Error> {
    let before = log.events().iter().rev().find(|event| event.day < ctx.today);
    let away = match before {
        Some(event) => calendar::days_between(event.day, ctx.today) > GAP,
        None if log.events().is_empty() && ctx.store.first_id()?.is_none() => {
            return Ok(Some(WELCOME));
        }
        None => log.events().is_empty(),
    };
    Ok(away.then_some("Good to see you. Here is today's."))
}

/// The card, or its JSON, and a word for whatever else there is today.
pub fn show(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    drawn: &Drawn,
    asked: Option<&cli::Filters>,
    greeting: Option<&str>,
) -> Result<(), Error> {
    let perhaps = perhaps(ctx, drawn)?;
    card(ctx, catalogue, log, drawn, greeting, perhaps.as_deref())?;
    if ctx.json {
        return Ok(());
    }
    let mut waiting = prompt::due(ctx, log)?;
    waiting.retain(|question| question.id != *drawn.prompt.id());
    if let Some(sentence) = words::also_waiting(&waiting) {
        ctx.print("\n")?;
        ctx.say(&sentence)?;
    }
    let resting_until = resting_until(ctx, log);
    if asked.is_some() && resting_until.is_none() && a_week_lies_behind(ctx)? {
        ctx.print("\n")?;
        ctx.say("A new week. `nudge week last` shows the one behind you.")?;
    }
    match asked {
        Some(asked) if !fits(ctx, catalogue, asked, drawn)? => {
            ctx.print("\n")?;
            ctx.say(&not_what_was_asked_for(ctx, catalogue, log, asked, drawn))
        }
        _ => Ok(()),
    }
}

/// Somebody quiet whom a gesture of names or of remembering may be for, where the user asked for that.
fn perhaps(ctx: &Context<'_>, drawn: &Drawn) -> Result<Option<String>, Error> {
    let is_about_people = drawn.prompt.gesture().is_some() && ["names", REMEMBERING].contains(&drawn.prompt.category());
    if !ctx.config.suggest_people || drawn.done || !is_about_people || ctx.json {
        return Ok(None);
    }
    let log = ctx.log(calendar::back(ctx.today, SUGGESTS_FROM))?;
    let names = People::new(&log, []);
    Ok(people::perhaps(&log, &names, ctx.today).map(str::to_owned))
}

fn card(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    drawn: &Drawn,
    greeting: Option<&str>,
    perhaps: Option<&str>,
) -> Result<(), Error> {
    if ctx.json {
        return ctx.print(&json(ctx, catalogue, log, Some(drawn), drawn.unseen));
    }
    let gesture = drawn.gesture(ctx, catalogue);
    let swaps_left = prompt::swaps_left(ctx, log, catalogue);
    let resting_until = resting_until(ctx, log);
    let next: &[&str] = match (drawn.done, swaps_left) {
        (true, _) => &["nudge week", "nudge why"],
        (false, 0) if drawn.prompt.gesture().is_some() => &["nudge done", "nudge why"],
        (false, _) => &["nudge done", "nudge another", "nudge why"],
    };
    ctx.print(&card::card(
        &Card {
            day: ctx.today,
            category: &category_name(catalogue, drawn.prompt.category()),
            subject: drawn.subject(gesture.as_deref()),
            reason: drawn.reason(),
            perhaps,
            greeting,
            resting_until,
            done: drawn.done,
            next,
        },
        ctx.theme,
    ))
}

/// Of a prompt that is not what the call asked for: what would bring it.
fn not_what_was_asked_for(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    asked: &cli::Filters,
    drawn: &Drawn,
) -> String {
    let another = format!("`nudge another{}`", prompt::as_options(asked));
    // A follow-up is put off, which costs no swap.
    let has_way = drawn.prompt.gesture().is_none() || prompt::swaps_left(ctx, log, catalogue) > 0;
    if drawn.done {
        format!("Today's is done, and one is enough. For tomorrow: {another}.")
    } else if has_way {
        format!("Today's prompt was drawn before. To swap it for what you asked for: {another}.")
    } else {
        format!("Today's prompt was drawn before, and its swaps are used up. For tomorrow: {another}.")
    }
}

/// Whether a week begins today, and something was done in the last one.
fn a_week_lies_behind(ctx: &Context<'_>) -> Result<bool, Error> {
    let week = Week::of(ctx.today, ctx.config.week_starts);
    if week.first != ctx.today {
        return Ok(false);
    }
    let last = week.back(1).first;
    Ok(ctx.log(last)?.dones().any(|(event, _)| event.day < ctx.today))
}

/// Whether the prompt is what was asked for anyway.
fn fits(ctx: &Context<'_>, catalogue: &Catalogue, asked: &cli::Filters, drawn: &Drawn) -> Result<bool, Error> {
    let wanted = prompt::filters(ctx, catalogue, asked)?;
    let gesture = drawn.prompt.gesture().and_then(|id| catalogue.gesture(id));
    if drawn.prompt.gesture().is_none() {
        return Ok(asked.category.is_none() && !asked.easy && asked.place.is_none());
    }
    Ok(wanted.category.is_none_or(|category| *category == *drawn.prompt.category())
        && (!asked.easy || gesture.is_none_or(|gesture| gesture.level == 1))
        && asked.place.is_none_or(|place| gesture.is_none_or(|gesture| gesture.places.contains(&lookup::place(place)))))
}
