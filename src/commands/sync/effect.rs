//! What an exchange changes for the person at the machine: today's prompt, the streak, somebody to ask.

use std::collections::BTreeSet;

use super::super::{Context, prompt};
use crate::calendar::Day;
use crate::error::Error;
use crate::ids::EventId;
use crate::review::Days;
use crate::view::sync::Changed;

/// How things stand today.
pub struct Effect {
    prompt: Option<String>,
    streak: u32,
    due: BTreeSet<EventId>,
}

impl Effect {
    pub fn read(ctx: &Context<'_>) -> Result<Self, Error> {
        let log = ctx.log(ctx.today)?;
        let (tally, _) = ctx.store.tally(ctx.today, &(Day::MIN..=ctx.today))?;
        let days = Days::of(tally.days, &log, ctx.today, ctx.config.goal());
        let due = prompt::due(ctx, &log)?;
        Ok(Self {
            prompt: log.prompt_on(ctx.today).map(|(_, prompt, _)| prompt.id().to_owned()),
            streak: days.streak(ctx.today).days,
            due: due.into_iter().map(|question| question.id).collect(),
        })
    }

    /// What is another now than it was. A first prompt of the day takes the place of none.
    pub fn since(&self, was: &Self) -> Changed {
        Changed {
            prompt: was.prompt.is_some() && self.prompt != was.prompt,
            streak: (self.streak != was.streak).then_some(self.streak),
            follow_up: self.due.iter().any(|id| !was.due.contains(id)),
            erased: false,
        }
    }
}
