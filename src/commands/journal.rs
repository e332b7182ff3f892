//! `nudge journal`: what was done and rested, newest last.

use std::collections::{BTreeMap, VecDeque};

use super::{Context, lookup};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::cli::Journal as JournalArgs;
use crate::error::Error;
use crate::ids::EventId;
use crate::journal::{Done, Event, FollowUp, REMEMBERING, What};
use crate::people::{self, People};
use crate::store::History;
use crate::view::{entries as view, grammar, json, messages, people as words};

/// The filters of the call.
struct Wanted<'a> {
    since: Option<Day>,
    until: Option<Day>,
    category: Option<String>,
    /// A person, and who is who.
    with: Option<(&'a str, People)>,
    grep: Option<String>,
}

pub fn run(ctx: &Context<'_>, args: &JournalArgs) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let wanted = Wanted::new(ctx, args, &catalogue)?;
    // Days that were named in words are repeated as dates.
    if let Some(span) = messages::span(wanted.since, wanted.until, ctx.today).filter(|_| !is_plain(args)) {
        ctx.say(&span)?;
        ctx.print(if ctx.json { "" } else { "\n" })?;
    }
    match args.number {
        Some(number) => {
            let days = newest(ctx, &wanted, number, &catalogue)?;
            show(ctx, &wanted, &catalogue, days.into_iter().map(Ok))?;
        }
        None => list(ctx, &wanted, &catalogue)?,
    }
    to_come(ctx, &wanted)
}

/// What is planned, with the ids by which it is taken back, at the end of what was.
fn to_come(ctx: &Context<'_>, wanted: &Wanted<'_>) -> Result<(), Error> {
    if ctx.json || wanted.until.is_some() {
        return Ok(());
    }
    let plans = ctx.store.look(ctx.today)?.plans.lines;
    let is_ahead = |event: &Event| match event.what {
        What::Rest { from, .. } => from > ctx.today,
        What::Remembered(_) => true,
        _ => false,
    };
    if !plans.events().any(is_ahead) {
        return Ok(());
    }
    let log = ctx.store.follow_ups(plans, ctx.today)?;
    let mut planned: Vec<(Day, String, &EventId)> = Vec::new();
    for (from, until, event) in log.rest_events().filter(|(from, ..)| *from > ctx.today) {
        if wanted.takes(until, event, &Catalogue::default()) {
            let rest = grammar::capitalised(&view::rest(from, until, ctx.today));
            planned.push((from, format!("~ {rest}"), &event.id));
        }
    }
    let names = People::renamed(&log);
    for open in people::open(&log).filter(|open| open.is_open(&log)) {
        if wanted.takes_follow_up(open.follow_up) {
            let next = open.next(&log, ctx.today);
            let text = words::planned(names.shown(&open.follow_up.who), open.follow_up, next, ctx.today);
            planned.push((next.unwrap_or(open.follow_up.on), format!("○ {text}"), open.id));
        }
    }
    planned.sort_unstable();
    if planned.is_empty() {
        return Ok(());
    }
    let planned: Vec<(String, &str)> = planned.into_iter().map(|(_, text, id)| (text, &**id)).collect();
    ctx.print("\n")?;
    ctx.print(&view::to_come(&planned, ctx.theme))
}

/// The entries that a call lists.
pub fn entries(ctx: &Context<'_>, args: &JournalArgs, catalogue: &Catalogue) -> Result<Vec<Event>, Error> {
    let wanted = Wanted::new(ctx, args, catalogue)?;
    let days = newest(ctx, &wanted, args.number.unwrap_or(usize::MAX), catalogue)?;
    Ok(days.into_iter().flat_map(|(_, events)| events).collect())
}

/// Whether each day was given as a date such as `2026-11-22`, so that nothing had to be interpreted.
fn is_plain(args: &JournalArgs) -> bool {
    [&args.since, &args.until].into_iter().flatten().all(|text| calendar::parse_iso(text.trim()).is_some())
}

/// A day and what is listed under it, in order.
type Listed = (Day, Vec<Event>);

/// Shows days, oldest first.
fn show(
    ctx: &Context<'_>,
    wanted: &Wanted<'_>,
    catalogue: &Catalogue,
    days: impl Iterator<Item = Result<Listed, Error>>,
) -> Result<(), Error> {
    let mut is_first = true;
    for listed in days {
        let (day, events) = listed?;
        if ctx.json {
            events.iter().try_for_each(|event| ctx.print(&json::entry(event)))?;
            continue;
        }
        if !is_first {
            ctx.print("\n")?;
        }
        is_first = false;
        let events: Vec<&Event> = events.iter().collect();
        ctx.print(&ctx.entries_of(day, &events, catalogue))?;
    }
    if !is_first || ctx.json {
        return Ok(());
    }
    ctx.say(if wanted.is_everything() {
        "Nothing is logged yet. `nudge` shows a prompt, `nudge done` logs it."
    } else {
        "Nothing in the journal matches. `nudge journal` shows all of it."
    })
}

/// Lists whatever matches, a day at a time, so that memory does not grow with the journal.
fn list(ctx: &Context<'_>, wanted: &Wanted<'_>, catalogue: &Catalogue) -> Result<(), Error> {
    let (since, until) = (wanted.since.unwrap_or(Day::MIN), wanted.until.unwrap_or(ctx.today).min(ctx.today));
    let history = ctx.store.history(since, until, ctx.today)?;
    ctx.name_bad_lines([&history.bad[0], &history.bad[1]]);
    let rests = rests(ctx, wanted, catalogue, history.plans.iter().map(|(event, _)| event));
    show(ctx, wanted, catalogue, days(wanted, catalogue, &history, rests))?;
    ctx.name_to_come(&history.to_come)
}

/// The days of a history with what matches; rests are under their first days.
fn days<'h>(
    wanted: &'h Wanted<'_>,
    catalogue: &'h Catalogue,
    history: &'h History,
    rests: BTreeMap<Day, Vec<Event>>,
) -> impl Iterator<Item = Result<Listed, Error>> + use<'h> {
    let mut rests = rests.into_iter().peekable();
    let mut entries = history.days().peekable();
    let mut next = move || {
        let (day, places) = match (entries.peek(), rests.peek()) {
            (None, None) => return None,
            (Some((day, _)), Some((rest, _))) if rest < day => (*rest, None),
            (None, Some((rest, _))) => (*rest, None),
            (Some(_), _) => entries.next().map(|(day, places)| (day, Some(places)))?,
        };
        let read = places.map_or(Ok(Vec::new()), |places| history.entries(places));
        let read = read.map(|entries| entries.into_iter().map(|(event, _)| event).collect::<Vec<Event>>());
        Some(read.map(|mut events| {
            events.retain(|event| wanted.takes(day, event, catalogue));
            // Sorted below among the entries of the day, by when they were noted.
            events.extend(rests.next_if(|(rest, _)| *rest == day).into_iter().flat_map(|(_, rests)| rests));
            events.sort_by_key(Event::moment);
            (day, events)
        }))
    };
    std::iter::from_fn(move || {
        loop {
            match next()? {
                Ok((_, events)) if events.is_empty() => {}
                listed => return Some(listed),
            }
        }
    })
}

/// The rests that match, by their first days.
fn rests<'p>(
    ctx: &Context<'_>,
    wanted: &Wanted<'_>,
    catalogue: &Catalogue,
    plans: impl Iterator<Item = &'p Event>,
) -> BTreeMap<Day, Vec<Event>> {
    let mut rests: BTreeMap<Day, Vec<Event>> = BTreeMap::new();
    for event in plans {
        if let What::Rest { from, .. } = event.what
            && from <= ctx.today
            && wanted.takes(from, event, catalogue)
        {
            rests.entry(from).or_default().push(event.clone());
        }
    }
    rests
}

/// The newest entries that match, read as far back as it takes: four weeks, then further, in the end all of history.
fn newest(ctx: &Context<'_>, wanted: &Wanted<'_>, number: usize, catalogue: &Catalogue) -> Result<Vec<Listed>, Error> {
    for reach in [28, 112, 448] {
        let from = calendar::back(ctx.today, reach).max(wanted.since.unwrap_or(Day::MIN));
        let look = ctx.store.look(from)?;
        let is_all = look.journal.is_whole || Some(from) == wanted.since;
        let bad = [look.journal.bad.clone(), look.plans.bad.clone()];
        let log = look.into_log(from, ctx.today);
        let mut by_day = rests(ctx, wanted, catalogue, log.plans().iter());
        if !is_all {
            by_day = by_day.split_off(&from);
        }
        for event in log.events().iter().filter(|event| wanted.takes(event.day, event, catalogue)) {
            by_day.entry(event.day).or_default().push(event.clone());
        }
        if is_all || by_day.values().map(Vec::len).sum::<usize>() >= number {
            ctx.name_bad_lines([&bad[0], &bad[1]]);
            for events in by_day.values_mut() {
                events.sort_by_key(Event::moment);
            }
            return last(by_day.into_iter().map(Ok), number);
        }
    }
    let (since, until) = (wanted.since.unwrap_or(Day::MIN), wanted.until.unwrap_or(ctx.today).min(ctx.today));
    let history = ctx.store.history(since, until, ctx.today)?;
    ctx.name_bad_lines([&history.bad[0], &history.bad[1]]);
    let rests = rests(ctx, wanted, catalogue, history.plans.iter().map(|(event, _)| event));
    last(days(wanted, catalogue, &history, rests), number)
}

/// The last `number` entries of some days.
fn last(days: impl Iterator<Item = Result<Listed, Error>>, number: usize) -> Result<Vec<Listed>, Error> {
    let mut kept: VecDeque<Listed> = VecDeque::new();
    let mut count = 0;
    for listed in days {
        let listed = listed?;
        count += listed.1.len();
        kept.push_back(listed);
        while kept.front().is_some_and(|(_, first)| count.saturating_sub(first.len()) >= number) {
            count -= kept.pop_front().map_or(0, |(_, first)| first.len());
        }
    }
    if let Some((_, first)) = kept.front_mut() {
        first.drain(..count.saturating_sub(number).min(first.len()));
    }
    Ok(kept.into())
}

impl<'a> Wanted<'a> {
    fn new(ctx: &Context<'_>, args: &'a JournalArgs, catalogue: &Catalogue) -> Result<Self, Error> {
        let (since, until) = lookup::range(ctx, args.since.as_deref(), args.until.as_deref())?;
        let category = args.category.as_deref().map(|id| match lookup::category(catalogue, id) {
            Ok(id) => id.to_owned(),
            // One that has left the catalogue may still be in the journal.
            Err(_) => id.to_owned(),
        });
        let with = args.with.as_deref();
        let names = with.map(|_| ctx.log(ctx.today).map(|log| People::renamed(&log))).transpose()?;
        Ok(Self {
            since,
            until,
            category,
            with: with.zip(names),
            grep: args.grep.as_ref().map(|text| text.to_lowercase()),
        })
    }

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
                What::Rest { .. } => self.category.is_none() && self.with.is_none() && self.grep.is_none(),
                _ => false,
            }
    }

    fn takes_follow_up(&self, follow_up: &FollowUp) -> bool {
        let has = |text: &String| [&follow_up.who, &follow_up.what].iter().any(|own| own.to_lowercase().contains(text));
        self.category.as_ref().is_none_or(|category| category == REMEMBERING)
            && self.with.as_ref().is_none_or(|(wanted, people)| people.is_same(wanted, &follow_up.who))
            && self.grep.as_ref().is_none_or(has)
    }

    fn takes_done(&self, done: &Done, catalogue: &Catalogue) -> bool {
        let gesture = done.gesture().map(|id| &**id);
        let action = gesture.and_then(|id| catalogue.gesture(id)).map(|gesture| gesture.action.as_ref());
        let texts = [done.note.as_deref(), gesture, action, Some(done.category())];
        let has = |wanted: &String| {
            let mut texts = texts.into_iter().flatten().chain(done.with.iter().map(String::as_str));
            texts.any(|text| text.to_lowercase().contains(wanted))
        };
        let with = |(wanted, people): &(&str, People)| done.with.iter().any(|who| people.is_same(who, wanted));
        self.category.as_ref().is_none_or(|category| *category == *done.category())
            && self.with.as_ref().is_none_or(with)
            && self.grep.as_ref().is_none_or(has)
    }
}
