//! The log as the pick sees it: when each category and each gesture last came up.

use std::collections::HashMap;

use super::{MEMORY, categories_of};
use crate::calendar::{self, Day};
use crate::catalogue::Catalogue;
use crate::journal::{Event, Log, Prompt, What};

/// Until there have been this many days with a prompt, only easy gestures are drawn.
const BEGINNING: usize = 3;
/// After more days than this without a prompt, they are again.
const AWAY: i64 = 7;

/// What the log says about one category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past {
    /// The latest day on which it was offered.
    pub offered: Option<Day>,
    /// The latest day on which it was offered or something in it was done.
    pub touched: Option<Day>,
    /// The day read last that had an offer; used only while reading.
    pub offered_on: Option<Day>,
    /// The day read last that had a `done`; used only while reading.
    pub done_on: Option<Day>,
    /// Whether something was done on the last two days before today on which it was offered; the latest first.
    pub answered: [Option<bool>; 2],
}

impl Past {
    /// On how many of those two days something was done, 0 to 2; a day that does not exist yet counts as done.
    pub fn recent_done(&self) -> u64 {
        self.answered.iter().filter(|answer| answer.unwrap_or(true)).count() as u64
    }
}

/// The log as the pick sees it.
pub struct History<'c, 'a> {
    /// Days before today on which a prompt was offered, oldest first.
    pub prompt_days: Vec<Day>,
    /// The gestures offered today, each once, in byte order.
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

    /// Whether the user is beginning, or beginning again, so that the draw should be an easy one.
    pub fn is_gentle(&self, today: Day) -> bool {
        self.prompt_days.len() < BEGINNING
            || self.prompt_days.last().is_none_or(|last| calendar::days_between(*last, today) > AWAY)
    }

    /// How many prompts ago a day is: 1 plus the days with a prompt strictly between `day` and today; 0 for today. A
    /// day that is `None` is before all of them.
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
