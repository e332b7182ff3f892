//! The day's prompt: the one that was drawn, or a new one.

use std::borrow::Cow;

use super::{Context, lookup};
use crate::calendar::{self, Day};
use crate::catalogue::{Catalogue, Gesture};
use crate::cli;
use crate::environment;
use crate::error::Error;
use crate::ids::GestureId;
use crate::journal::{self, Event, Log, Prompt, Recorded, What, Why};
use crate::people::{self, People, Question};
use crate::picker::{self, Draw, Filters, NoPick, Pick, Seed};
use crate::view::card::Subject;
use crate::view::catalogue::category_name;
use crate::view::{grammar, messages, people as view};

/// A prompt that stands for the day.
pub struct Drawn {
    pub prompt: Prompt,
    /// The draw as it was; `None` in a line written by hand.
    pub why: Option<Why>,
    pub done: bool,
    /// Whether it was offered only at a glance, where others may look on: what it asks was not shown yet.
    pub unseen: bool,
    /// What it asks; `None` of a gesture, and of a follow-up that was taken back after it was done.
    pub question: Option<Box<Question>>,
}

impl Drawn {
    pub fn reason(&self) -> Option<&str> {
        self.why.as_ref().map(|why| why.reason.as_str()).filter(|reason| !reason.is_empty())
    }

    /// What it proposes; `gesture` is that of [`Drawn::gesture`].
    pub fn subject<'d>(&'d self, gesture: Option<&'d Gesture>) -> Subject<'d> {
        match (&self.prompt, gesture, &self.question) {
            (Prompt::Gesture { .. }, Some(gesture), _) => Subject::Gesture(gesture),
            (Prompt::Gesture { id, .. }, None, _) => Subject::Gone(id),
            (Prompt::FollowUp { .. }, _, Some(question)) => Subject::FollowUp(question),
            (Prompt::FollowUp { .. }, _, None) => Subject::TakenBack,
        }
    }

    /// The gesture as this user can do it; `None` if the catalogue no longer has it, and for a follow-up.
    pub fn gesture<'c>(&self, ctx: &Context<'_>, catalogue: &'c Catalogue) -> Option<Cow<'c, Gesture>> {
        let gesture = catalogue.gesture(self.prompt.gesture()?)?;
        Some(gesture.for_those_without(&ctx.config.without).unwrap_or(Cow::Borrowed(gesture)))
    }
}

/// The prompt that was drawn today, unless it is open and its gesture has left the catalogue.
pub fn drawn(log: &Log, today: Day, catalogue: &Catalogue) -> Option<Drawn> {
    let (_, prompt, why) = log.prompt_on(today)?;
    let done = log.done_of(today, prompt).is_some();
    let has_left = |id: &GestureId| !catalogue.is_partial && catalogue.gesture(id).is_none();
    if !done && prompt.gesture().is_some_and(has_left) {
        return None;
    }
    let question = Question::of(log, prompt).map(Box::new);
    let unseen = !done && question.is_some() && !log.was_seen(today, prompt);
    Some(Drawn { prompt: prompt.clone(), why: why.and_then(Recorded::read), done, unseen, question })
}

/// So many days are read backward as they are; of more the few lines about follow-ups are looked for instead, which costs
/// a tenth.
const NEAR: i64 = 60;

/// The follow-ups that are due today, the one to be asked first. The plans of `log` say how far back the journal has to be
/// read, which without a follow-up whose day has come is not at all.
pub fn due(ctx: &Context<'_>, log: &Log) -> Result<Vec<Question>, Error> {
    due_of(ctx, log, false)
}

fn due_of(ctx: &Context<'_>, log: &Log, at_a_glance: bool) -> Result<Vec<Question>, Error> {
    let Some(from) = people::reads_from(log, ctx.today) else {
        return Ok(Vec::new());
    };
    let log = if calendar::days_between(from, ctx.today) <= NEAR {
        ctx.log(from)?
    } else {
        ctx.store.follow_ups(ctx.store.look(ctx.today)?.plans.lines, ctx.today)?
    };
    let names = People::new(&log, []);
    let due = people::due(&log, ctx.today).into_iter().filter(|due| !at_a_glance || due.at_a_glance);
    Ok(due.map(|due| Question::new(&due.open, due.occurrence, &names)).collect())
}

/// The swaps that are left: follow-ups, and gestures that have gone or are hidden, cost nothing.
pub fn swaps_left(ctx: &Context<'_>, log: &Log, catalogue: &Catalogue) -> u32 {
    let is_enabled = |id: &GestureId| catalogue.gesture(id).is_some() && !catalogue.is_hidden(id);
    let swapped = log.swapped_on(ctx.today).into_iter();
    let used = swapped.filter(|prompt| prompt.gesture().is_some_and(is_enabled)).count();
    ctx.config.swaps.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
}

/// The filters of a call: what it asks for, and the places that the day allows where it names none.
pub fn filters(ctx: &Context<'_>, catalogue: &Catalogue, asked: &cli::Filters) -> Result<Filters, Error> {
    Ok(Filters {
        places: asked.place.map_or_else(|| ctx.config.places(ctx.today).to_vec(), |place| vec![lookup::place(place)]),
        category: asked.category.as_deref().map(|id| lookup::category(catalogue, id)).transpose()?.map(Into::into),
        easy: asked.easy,
    })
}

/// The filters as they are typed: ` -p home -c tone --easy`.
pub fn as_options(asked: &cli::Filters) -> String {
    let place = asked.place.map(|place| format!(" -p {}", lookup::place(place).word()));
    let category = asked.category.as_ref().map(|category| format!(" -c {category}"));
    let easy = asked.easy.then(|| " --easy".to_owned());
    [place, category, easy].into_iter().flatten().collect()
}

/// The events that the pick looks at.
pub fn memory(ctx: &Context<'_>) -> Result<Log, Error> {
    ctx.log(calendar::back(ctx.today, picker::MEMORY))
}

/// The seed of the pick: as the environment says, or the id of the journal's first event, or `first`, of the one about
/// to be written.
fn seed(ctx: &Context<'_>, first: Option<&str>) -> Result<Seed, Error> {
    if let Some(number) = ctx.seed {
        return Ok(Seed::from_number(number));
    }
    let id = match ctx.store.first_id() {
        // A prompt that can't be recorded is shown all the same.
        Err(Error::Missing(_)) => None,
        id => id?,
    };
    Ok(id.as_deref().or(first).map(Seed::from_id).unwrap_or_default())
}

/// What a draw came to.
pub enum Proposal {
    /// A prompt, and the events that record it: a swap for every offer that stands, then the offer.
    Prompt {
        drawn: Drawn,
        events: Vec<Event>,
    },
    Nothing(NoPick),
}

/// The follow-up that takes the day's place, if one is due and no gesture was asked for.
fn first_due(ctx: &Context<'_>, log: &Log, asked: &cli::Filters, at_a_glance: bool) -> Result<Option<Drawn>, Error> {
    let asks_for_gesture = asked.place.is_some() || asked.category.is_some() || asked.easy;
    let due = if asks_for_gesture { Vec::new() } else { due_of(ctx, log, at_a_glance)? };
    Ok(due.into_iter().next().map(|question| Drawn {
        prompt: question.prompt(),
        // In the journal stands no name.
        why: Some(Why {
            reason: format!("you noted it on {}", view::date(question.noted, ctx.today)),
            ..Why::default()
        }),
        done: false,
        unseen: at_a_glance,
        question: Some(Box::new(question)),
    }))
}

/// The event that records that a prompt was shown.
pub fn offer(ctx: &Context<'_>, drawn: &Drawn) -> Result<Event, Error> {
    ctx.event(
        ctx.today,
        What::Offered { prompt: drawn.prompt.clone(), why: drawn.why.as_ref().map(Into::into), unseen: drawn.unseen },
    )
}

/// A swap for every offer of today that stands; a follow-up is put off to a day by it.
pub fn swaps(ctx: &Context<'_>, log: &Log, until: Option<Day>) -> Result<Vec<Event>, Error> {
    let swapped = |prompt: &Prompt| What::Swapped {
        prompt: prompt.clone(),
        until: match prompt {
            Prompt::Gesture { .. } => None,
            Prompt::FollowUp { .. } => Some(until.unwrap_or_else(|| calendar::forward(ctx.today, 1))),
        },
    };
    log.unswapped_on(ctx.today).map(|(_, prompt, _)| ctx.event(ctx.today, swapped(prompt))).collect()
}

/// The day's first prompt, which is going to be recorded: the follow-up that is due, else a gesture. At a glance, what a
/// follow-up asks is not shown.
pub fn propose_first(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    asked: &cli::Filters,
    at_a_glance: bool,
) -> Result<Proposal, Error> {
    // A category that is not there is named all the same.
    filters(ctx, catalogue, asked)?;
    let Some(drawn) = first_due(ctx, log, asked, at_a_glance)? else {
        return propose(ctx, catalogue, log, asked, None);
    };
    let mut events = swaps(ctx, log, None)?;
    events.push(offer(ctx, &drawn)?);
    Ok(Proposal::Prompt { drawn, events })
}

/// Draws a gesture that is going to be recorded; a follow-up in its place is put off `until` a day, or to tomorrow.
pub fn propose(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    asked: &cli::Filters,
    until: Option<Day>,
) -> Result<Proposal, Error> {
    let id = environment::new_id()?;
    let filters = filters(ctx, catalogue, asked)?;
    let pick = match pick(ctx, catalogue, log, &filters, seed(ctx, Some(&id))?) {
        Ok(pick) => pick,
        Err(no_pick) => return Ok(Proposal::Nothing(no_pick)),
    };
    let mut events = swaps(ctx, log, until)?;
    let prompt = prompt_of(pick.gesture);
    let why = why(ctx, catalogue, log, &pick, asked, &filters);
    let drawn = Drawn { prompt, why: Some(why), done: false, unseen: false, question: None };
    events.push(Event { id, ..offer(ctx, &drawn)? });
    Ok(Proposal::Prompt { drawn, events })
}

/// Draws a prompt that nothing is recorded of.
pub fn preview(ctx: &Context<'_>, catalogue: &Catalogue, log: &Log, asked: &cli::Filters) -> Result<Proposal, Error> {
    let filters = filters(ctx, catalogue, asked)?;
    if let Some(drawn) = first_due(ctx, log, asked, false)? {
        return Ok(Proposal::Prompt { drawn, events: Vec::new() });
    }
    Ok(match pick(ctx, catalogue, log, &filters, seed(ctx, None)?) {
        Ok(pick) => {
            let why = Why { reason: reason(catalogue, &pick), ..Why::default() };
            let drawn =
                Drawn { prompt: prompt_of(pick.gesture), why: Some(why), done: false, unseen: false, question: None };
            Proposal::Prompt { drawn, events: Vec::new() }
        }
        Err(no_pick) => Proposal::Nothing(no_pick),
    })
}

fn pick<'c>(
    ctx: &Context<'_>,
    catalogue: &'c Catalogue,
    log: &Log,
    filters: &Filters,
    seed: Seed,
) -> Result<Pick<'c>, NoPick> {
    picker::pick(&Draw { catalogue, log, day: ctx.today, preferences: &ctx.config.preferences(), filters, seed })
}

pub fn prompt_of(gesture: &Gesture) -> Prompt {
    Prompt::Gesture { id: gesture.id.clone(), category: gesture.category.clone() }
}

/// The reason of a pick in words.
fn reason(catalogue: &Catalogue, pick: &Pick<'_>) -> String {
    messages::reason(&pick.reason, &category_name(catalogue, &pick.gesture.category))
}

/// The draw as it was, to be kept with the offer.
fn why(
    ctx: &Context<'_>,
    catalogue: &Catalogue,
    log: &Log,
    pick: &Pick<'_>,
    asked: &cli::Filters,
    filters: &Filters,
) -> Why {
    let last_done = log.last_done(calendar::back(ctx.today, 1));
    let quiet_days = |category: &str| u32::try_from(calendar::days_between(*last_done.get(category)?, ctx.today)).ok();
    let weight = |(category, weight): &(String, u64)| journal::Weight {
        category: category.as_str().into(),
        weight: *weight,
        quiet_days: quiet_days(category),
    };
    let absent = |(category, because): &(String, journal::SatOut)| journal::Absent {
        category: category.as_str().into(),
        because: *because,
    };
    Why {
        reason: reason(catalogue, pick),
        days: match pick.reason {
            picker::Reason::Quiet { days } => Some(days),
            _ => None,
        },
        weights: pick.weights.iter().map(weight).collect(),
        sat_out: pick.sat_out.iter().map(absent).collect(),
        filters: Box::new(journal::Filters {
            place: asked.place.map(|place| lookup::place(place).word().to_owned()),
            category: filters.category.clone(),
            easy: filters.easy,
        }),
        pool: u32::try_from(pick.pool).unwrap_or(u32::MAX),
    }
}

/// Why there is no prompt: a friendly sentence where the day is over, else an error that says which filter it was.
pub fn no_prompt(ctx: &Context<'_>, no_pick: &NoPick) -> Result<(), Error> {
    let (sentence, hint) = messages::nothing(no_pick);
    match no_pick {
        NoPick::AllOffered => {
            ctx.say(sentence)?;
            ctx.say(&format!("{}.", grammar::capitalised(hint)))
        }
        _ => Err(Error::failed(sentence).hint(hint)),
    }
}
