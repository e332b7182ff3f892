//! The journal and the plans: a line to an event and back, and events to a log
//! with what was undone taken out.

mod bad_lines;
pub mod examine;
mod format;
mod ids;
mod log;
pub mod merge;
mod parse;
mod tally;

use chrono::{DateTime, FixedOffset, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::calendar::Day;

pub use bad_lines::BadLines;
pub use format::{to_json, to_line};
pub use ids::{Doubt, Ids, Seen, look};
pub use log::Log;
pub use parse::{Line, bare, parse, peek_day, peek_known};
pub use tally::{Aside, Count, Tally};

/// One of the two files of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// What was: offers, swaps, completions.
    Journal,
    /// What is to come: rests.
    Plans,
}

impl Book {
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Journal => "journal.jsonl",
            Self::Plans => "plans.jsonl",
        }
    }
}

/// One thing that happened, or a plan that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Ten random letters and digits; of a line written by hand that has none, its own text.
    pub id: String,
    /// When it was written; `None` only in a line written by hand.
    pub at: Option<DateTime<FixedOffset>>,
    /// The local date that it counts for, as it was then.
    pub day: Day,
    pub what: What,
}

impl Event {
    /// What events are put in order by: the moment of writing, then the id.
    pub fn order(&self) -> (DateTime<FixedOffset>, &str) {
        (self.moment(), &self.id)
    }

    /// The moment of writing; of a line without one the beginning of its day.
    pub fn moment(&self) -> DateTime<FixedOffset> {
        self.at.unwrap_or_else(|| self.day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A gesture was proposed, and why.
    Offered {
        prompt: Prompt,
        why: Option<Why>,
    },
    /// A proposed gesture was exchanged for another.
    Swapped {
        prompt: Prompt,
    },
    Done(Done),
    /// An event was taken back.
    Undone {
        of: String,
    },
    /// Days on which nothing is asked, both included.
    Rest {
        from: Day,
        until: Day,
    },
}

impl What {
    /// Its word in the file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "offered",
            Self::Swapped { .. } => "swapped",
            Self::Done(_) => "done",
            Self::Undone { .. } => "undone",
            Self::Rest { .. } => "rest",
        }
    }

    /// The book that it belongs to; an `undone` belongs where the event is that it takes back.
    pub fn book(&self) -> Option<Book> {
        match self {
            Self::Offered { .. } | Self::Swapped { .. } | Self::Done(_) => Some(Book::Journal),
            Self::Rest { .. } => Some(Book::Plans),
            Self::Undone { .. } => None,
        }
    }
}

/// The gesture that an event speaks of, with its category, so that history outlives the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub gesture: String,
    pub category: String,
}

/// A completed gesture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// `None` for something that is in no catalogue, and for a follow-up.
    pub gesture: Option<String>,
    pub category: String,
    pub with: Vec<String>,
    pub note: Option<String>,
}

/// A draw as it was, kept with the offer, since what comes later would change it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// In words: "tone has not come up for 9 days".
    pub reason: String,
    /// Calendar days of quiet, where they are the reason.
    pub days: Option<u32>,
    /// The weights that the category was drawn by.
    pub weights: Vec<Weight>,
    pub filters: Filters,
    /// How many gestures of the category were in the draw.
    pub pool: u32,
}

impl Why {
    /// All weights together; wide, since a line written by hand may hold any number.
    pub fn total(&self) -> u128 {
        self.weights.iter().map(|weight| u128::from(weight.weight)).sum()
    }

    /// The weight of a category and the number of gestures drawn from in it: what a prompt's chance is made of.
    /// `None` where the draw does not say.
    pub fn odds(&self, category: &str) -> Option<(u64, u32)> {
        let weight = self.weights.iter().find(|weight| weight.category == category)?.weight;
        (weight > 0 && self.pool > 0).then_some((weight, self.pool))
    }
}

/// A category's weight in a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weight {
    pub category: String,
    pub weight: u64,
    /// Calendar days since its last `done`; `None` if there was none in the events read.
    pub quiet_days: Option<u32>,
}

/// The filters of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    pub place: Option<String>,
    pub category: Option<String>,
    pub easy: bool,
}

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
