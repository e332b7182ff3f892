//! The log as the pick sees it: when each category and each gesture last came up.

use std::collections::HashMap;

use super::{MEMORY, categories_of};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::journal::{Event, Log, Prompt, What};

/// Draws are gentle until there are so many days with a prompt.
const BEGINNING: usize = 3;
/// After more days than this without a prompt they are gentle again.
const AWAY: i64 = 7;

/// What the log says of one category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past {
    pub offered: Option<Day>,
    pub touched: Option<Day>,
    /// The day that was read most recently with an offer, and with a `done`: needed while reading alone.
    pub offered_on: Option<Day>,
    pub done_on: Option<Day>,
    /// Whether its last two offer-days before today had a `done`; the latest first.
    pub answered: [Option<bool>; 2],
}

impl Past {
    /// Done on its last two offer-days; missing ones count as done.
    pub fn recent_done(&self) -> u64 {
        self.answered.iter().filter(|answer| answer.unwrap_or(true)).count() as u64
    }
}

/// The log as the pick sees it.
pub struct History<'c, 'a> {
    /// Days before today on which a prompt was offered, oldest first.
    pub prompt_days: Vec<Day>,
    /// The gestures, each once, in byte order.
    pub offered_today: Vec<&'a str>,
    /// The categories that have an enabled gesture, in the byte order of their ids.
    pub categories: Vec<(&'c str, Past)>,
    /// When each gesture was last offered, swapped or done before today.
    pub gestures: HashMap<&'a str, Day>,
}

impl<'c, 'a> History<'c, 'a> {
    /// Reads the days before `today` within [`MEMORY`], newest first, and what was offered today.
    pub fn new(catalogue: &'c Catalogue, log: &'a Log, today: Day) -> Self {
        let mut history = Self {
            prompt_days: Vec::new(),
            offered_today: Vec::new(),
            categories: categories_of(catalogue.enabled()).into_iter().map(|id| (id, Past::default())).collect(),
            gestures: HashMap::with_capacity(MEMORY as usize),
        };
        for event in log.on(today) {
            if let What::Offered { prompt, .. } = &event.what {
                history.offered_today.extend(prompt.gesture().map(|id| &**id));
                if let Some(past) = history.past(prompt.category()) {
                    (past.offered, past.touched) = (Some(today), Some(today));
                }
            }
        }
        history.offered_today.sort_unstable();
        history.offered_today.dedup();
        let oldest = calendar::back(today, MEMORY);
        let events = log.events();
        let mut rest = &events[..events.partition_point(|event| event.day < today)];
        while let Some(last) = rest.last().filter(|last| last.day > oldest) {
            let day = last.day;
            let (earlier, these) = rest.split_at(rest.partition_point(|event| event.day < day));
            rest = earlier;
            history.day(day, these);
        }
        history.prompt_days.reverse();
        history
    }

    fn day(&mut self, day: Day, events: &'a [Event]) {
        for event in events {
            if let What::Done(entry) = &event.what
                && let Some(past) = self.past(entry.category())
            {
                past.done_on = Some(day);
            }
        }
        let mut is_prompt_day = false;
        for event in events {
            if let Some(gesture) = event.what.prompt().and_then(Prompt::gesture) {
                self.gestures.entry(gesture).or_insert(day);
            }
            let category = match &event.what {
                What::Offered { prompt, .. } => prompt.category(),
                What::Done(entry) => entry.category(),
                _ => continue,
            };
            let is_offer = matches!(event.what, What::Offered { .. });
            is_prompt_day |= is_offer;
            let Some(past) = self.past(category) else {
                continue;
            };
            past.touched.get_or_insert(day);
            if is_offer && past.offered_on != Some(day) {
                past.offered_on = Some(day);
                past.offered.get_or_insert(day);
                let done = past.done_on == Some(day);
                if let Some(answer) = past.answered.iter_mut().find(|answer| answer.is_none()) {
                    *answer = Some(done);
                }
            }
        }
        if is_prompt_day {
            self.prompt_days.push(day);
        }
    }

    /// `None` for a category that no enabled gesture is in.
    fn past(&mut self, category: &str) -> Option<&mut Past> {
        let place = self.categories.binary_search_by(|(id, _)| (*id).cmp(category)).ok()?;
        Some(&mut self.categories[place].1)
    }

    /// Whether someone begins, or begins again: then what comes should take no nerve.
    pub fn is_gentle(&self, today: Day) -> bool {
        self.prompt_days.len() < BEGINNING
            || self.prompt_days.last().is_none_or(|last| calendar::days_between(*last, today) > AWAY)
    }

    /// 1 + the prompt-days strictly between `day` and today; all of them for never; 0 for today.
    pub fn since(&self, day: Option<Day>, today: Day) -> u64 {
        match day {
            Some(day) if day >= today => 0,
            Some(day) => {
                (self.prompt_days.len() - self.prompt_days.partition_point(|prompt| *prompt <= day)) as u64 + 1
            }
            None => self.prompt_days.len() as u64 + 1,
        }
    }
}
