//! The day's prompt: the one that was drawn, or a new one.

use super::{Context, lookup};
use crate::calendar;
use crate::catalogue::{Catalogue, Gesture};
use crate::cli;
use crate::environment;
use crate::error::Error;
use crate::journal::{self, Event, Log, Prompt, What, Why};
use crate::picker::{self, Draw, Filters, NoPick, Pick, Seed};
use crate::store::{Book, Durable, Lock};
use crate::view::catalogue::category_name;
use crate::view::{grammar, messages};

/// A prompt that stands for the day.
pub struct Drawn {
    pub prompt: Prompt,
    /// The draw as it was; `None` in a line written by hand.
    pub why: Option<Why>,
    pub done: bool,
}

impl Drawn {
    pub fn reason(&self) -> Option<&str> {
        self.why.as_ref().map(|why| why.reason.as_str()).filter(|reason| !reason.is_empty())
    }

    /// The gesture as this user can do it; `None` if the catalogue no longer has it.
    pub fn gesture<'c>(&self, ctx: &Context<'_>, catalogue: &'c Catalogue) -> Option<std::borrow::Cow<'c, Gesture>> {
        let gesture = catalogue.gesture(&self.prompt.gesture)?;
        Some(gesture.for_those_without(&ctx.config.without).unwrap_or(std::borrow::Cow::Borrowed(gesture)))
    }
}

/// The prompt that was drawn today, unless it is open and its gesture has left the catalogue.
pub fn drawn(log: &Log, today: calendar::Day, catalogue: &Catalogue) -> Option<Drawn> {
    let (_, prompt, why) = log.prompt_on(today)?;
    let done = log.done_on(today).any(|(_, done)| done.gesture.as_ref() == Some(&prompt.gesture));
    if !done && !catalogue.is_partial && catalogue.gesture(&prompt.gesture).is_none() {
        return None;
    }
    Some(Drawn { prompt: prompt.clone(), why: why.cloned(), done })
}

/// The swaps that are left: those whose gesture has gone or is hidden cost nothing.
pub fn swaps_left(ctx: &Context<'_>, log: &Log, catalogue: &Catalogue) -> u32 {
    let counts = |id: &&str| catalogue.enabled().any(|gesture| gesture.id == *id);
    let used = log.swapped_on(ctx.today).into_iter().filter(counts).count();
    ctx.config.swaps.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
}

/// The filters of a call: what it asks for, and the places that the day allows where it names none.
pub fn filters(ctx: &Context<'_>, catalogue: &Catalogue, asked: &cli::Filters) -> Result<Filters, Error> {
    Ok(Filters {
        places: asked.place.map_or_else(|| ctx.config.places(ctx.today).to_vec(), |place| vec![lookup::place(place)]),
        category: asked.category.as_deref().map(|id| lookup::category(catalogue, id)).transpose()?.map(str::to_owned),
        easy: asked.easy,
    })
}

/// The events that the pick looks at.
pub fn memory(ctx: &Context<'_>) -> Result<Log, Error> {
    ctx.log(Book::Journal, Some(calendar::back(ctx.today, picker::MEMORY)))
}

/// The seed of the pick: as told, or the id of the journal's first event, or `first`, of the one about to be written.
pub fn seed(ctx: &Context<'_>, first: Option<&str>) -> Result<Seed, Error> {
    if let Some(number) = ctx.seed {
        return Ok(Seed::from_number(number));
    }
    let id = ctx.store.first_id()?;
    Ok(id.as_deref().or(first).map(Seed::from_id).unwrap_or_default())
}

/// Draws without recording.
pub fn pick<'c>(
    ctx: &Context<'_>,
    catalogue: &'c Catalogue,
    log: &Log,
    filters: &Filters,
    seed: Seed,
) -> Result<Pick<'c>, NoPick> {
    picker::pick(&Draw { catalogue, log, day: ctx.today, preferences: &ctx.config.preferences(), filters, seed })
}

/// What a draw wrote, and the prompt that it gave.
pub struct Recorded {
    pub events: Vec<Event>,
    pub drawn: Drawn,
}

/// Draws and records in one write: a swap for every offer that stands, the new offer, and what `more` adds.
pub fn draw(
    ctx: &Context<'_>,
    lock: &Lock<'_>,
    catalogue: &Catalogue,
    log: &Log,
    asked: &cli::Filters,
    more: impl FnOnce(&Prompt) -> Result<Vec<Event>, Error>,
) -> Result<Result<Recorded, NoPick>, Error> {
    let filters = filters(ctx, catalogue, asked)?;
    let id = environment::new_id()?;
    let pick = match pick(ctx, catalogue, log, &filters, seed(ctx, Some(&id))?) {
        Ok(pick) => pick,
        Err(nothing) => return Ok(Err(nothing)),
    };
    let swaps = log.unswapped_on(ctx.today).map(|(_, prompt, _)| What::Swapped { prompt: prompt.clone() });
    let mut events = swaps.map(|what| ctx.event(ctx.today, what)).collect::<Result<Vec<Event>, Error>>()?;
    let prompt = prompt_of(pick.gesture);
    let why = why(ctx, catalogue, log, &pick, asked, &filters);
    let what = What::Offered { prompt: prompt.clone(), why: Some(why.clone()) };
    events.push(Event { id, ..ctx.event(ctx.today, what)? });
    let more = more(&prompt)?;
    let durable = if more.is_empty() { Durable::No } else { Durable::Yes };
    events.extend(more);
    lock.append(Book::Journal, &events, durable)?;
    Ok(Ok(Recorded { events, drawn: Drawn { prompt, why: Some(why), done: false } }))
}

pub fn prompt_of(gesture: &Gesture) -> Prompt {
    Prompt { gesture: gesture.id.to_string(), category: gesture.category.to_string() }
}

/// The reason of a pick in words.
pub fn reason(catalogue: &Catalogue, pick: &Pick<'_>) -> String {
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
    Why {
        reason: reason(catalogue, pick),
        days: match pick.reason {
            picker::Reason::Quiet { days } => Some(days),
            _ => None,
        },
        weights: pick
            .weights
            .iter()
            .map(|(category, weight)| journal::Weight {
                category: category.clone(),
                weight: *weight,
                quiet_days: quiet_days(category),
            })
            .collect(),
        filters: journal::Filters {
            place: asked.place.map(|place| lookup::place(place).word().to_owned()),
            category: filters.category.clone(),
            easy: filters.easy,
        },
        pool: u32::try_from(pick.pool).unwrap_or(u32::MAX),
    }
}

/// Why there is no prompt: a friendly sentence where the day is over, else an error that says which filter it was.
pub fn no_prompt(ctx: &Context<'_>, nothing: &NoPick) -> Result<(), Error> {
    let (sentence, hint) = messages::nothing(nothing);
    match nothing {
        NoPick::AllOffered => {
            ctx.say(sentence)?;
            ctx.say(&format!("{}.", grammar::capitalised(hint)))
        }
        _ => Err(Error::failed(sentence).hint(hint)),
    }
}
