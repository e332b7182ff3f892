//! The journal and the plans: lines to events and back, which events count, and a log of those that do.

mod bad_lines;
pub mod entry_file;
pub mod examine;
mod format;
mod head;
mod log;
pub mod merge;
pub mod news;
mod parse;
mod scan;
mod settle;
mod stream;

use chrono::{DateTime, FixedOffset, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::calendar::{self, Day};
use crate::ids::{CategoryId, EventId, GestureId};

pub use bad_lines::BadLines;
pub use format::{moment, to_json, to_line};
pub use head::{Bounds, EventHead, Kind, NotAnEvent, fast_head, read_head};
pub use log::{Lines, Log};
pub use parse::{Line, bare, is_blank, lines, parse};
pub use scan::{Count, Scan, Tally};
pub use settle::{Amendment, Entry, Fate, Place, Version, number as id_number, settle};
pub use stream::Straightener;

/// The category of every follow-up.
pub const REMEMBERING: &str = "remembering";

/// One of the two files of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// What has happened: offers, swaps, completions.
    Journal,
    /// What is planned: rests and follow-ups.
    Plans,
}

impl Book {
    /// Both books, the journal first.
    pub const BOTH: [Self; 2] = [Self::Journal, Self::Plans];

    /// The number of its file in a [`Place`].
    pub fn source(self) -> u16 {
        match self {
            Self::Journal => 0,
            Self::Plans => 1,
        }
    }

    /// The name of its file in the data folder.
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
    /// Its id, unique across both books.
    pub id: EventId,
    /// When it was written; `None` only in a line written by hand.
    pub at: Option<DateTime<FixedOffset>>,
    /// The local date that it counts for, as it was at the time.
    pub day: Day,
    /// What happened or was planned.
    pub what: What,
}

impl Event {
    /// The sort key of events: the moment of writing, then the id.
    pub fn order(&self) -> (DateTime<FixedOffset>, &str) {
        (self.moment(), &self.id)
    }

    /// The moment of writing; for a line without one, the beginning of its day in UTC.
    pub fn moment(&self) -> DateTime<FixedOffset> {
        self.at.unwrap_or_else(|| self.day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
    }

    /// The first id of the entry that it corrects, if it is an amendment.
    pub fn amends(&self) -> Option<&EventId> {
        match &self.what {
            What::Done(done) => done.amends.as_ref(),
            _ => None,
        }
    }

    /// Whether it stands for what was erased for good: then no other line with its id is kept.
    pub fn is_erased(&self) -> bool {
        match &self.what {
            What::Erased => true,
            What::Done(done) => done.erased,
            _ => false,
        }
    }

    /// Whether it decides if another event, or another line with its id, counts.
    pub fn settles_another(&self) -> bool {
        match &self.what {
            What::Undone { .. } => true,
            What::Done(done) => done.amends.is_some() || done.erased,
            _ => self.is_erased(),
        }
    }

    /// Gives an amendment the id and the time of the line that it corrects, if that was read. An amendment that moves
    /// the entry to a day after that line was written keeps its own time, since a backward reader may not reach the
    /// line.
    pub fn correct(&mut self, first: Option<&Self>) {
        if let What::Done(done) = &mut self.what
            && let Some(id) = done.amends.take()
        {
            self.id = id;
        }
        let earliest = earliest_writing(self.day);
        if let Some(first) = first.filter(|first| first.at.is_none_or(|at| at.date_naive() >= earliest)) {
            self.at = first.at;
        }
    }
}

/// The earliest date on which an event of `day` may have been written. Events are written on their day or later; two
/// days are allowed for time zones and for the order of a merge.
pub fn earliest_writing(day: Day) -> Day {
    calendar::back(day, 2)
}

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Something was proposed.
    Offered {
        /// What was proposed.
        prompt: Prompt,
        /// The draw; `None` for a line that does not record it.
        why: Option<Recorded>,
        /// Whether others may have looked on, so that what it asks was not shown.
        unseen: bool,
    },
    /// What was proposed was exchanged for something else.
    Swapped {
        /// What was exchanged.
        prompt: Prompt,
        /// The day to which a follow-up was put off.
        until: Option<Day>,
    },
    /// Something was done.
    Done(Done),
    /// An event was taken back.
    Undone {
        /// The id of that event.
        of: EventId,
    },
    /// The text of an event was erased for good.
    Erased,
    /// Days on which nothing is asked.
    Rest {
        /// The first day.
        from: Day,
        /// The last day, which is included.
        until: Day,
    },
    /// Something to ask a person about.
    Remembered(FollowUp),
    /// A person is called by another name from now on.
    Renamed {
        /// The name used so far.
        from: String,
        /// The name from now on.
        to: String,
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
            Self::Erased => "erased",
            Self::Rest { .. } => "rest",
            Self::Remembered(_) => "remembered",
            Self::Renamed { .. } => "renamed",
        }
    }

    /// The book that it belongs to; `None` for an `undone`, which belongs in the book of the event that it takes back.
    pub fn book(&self) -> Option<Book> {
        match self {
            Self::Offered { .. } | Self::Swapped { .. } | Self::Done(_) => Some(Book::Journal),
            Self::Rest { .. } | Self::Remembered(_) | Self::Renamed { .. } | Self::Erased => Some(Book::Plans),
            Self::Undone { .. } => None,
        }
    }

    /// What was proposed, swapped or done, if it is a gesture or a follow-up.
    pub fn prompt(&self) -> Option<&Prompt> {
        match self {
            Self::Offered { prompt, .. } | Self::Swapped { prompt, .. } => Some(prompt),
            Self::Done(done) => done.prompt(),
            Self::Undone { .. } | Self::Erased | Self::Rest { .. } | Self::Remembered(_) | Self::Renamed { .. } => None,
        }
    }

    /// Whether `undo` can take it back.
    pub fn is_entry(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Rest { .. } | Self::Remembered(_) | Self::Renamed { .. })
    }
}

/// Something to ask a person about, on a day: an act of remembering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FollowUp {
    /// The person to ask.
    pub who: String,
    /// What to ask about.
    pub what: String,
    /// The first day on which it is asked.
    pub on: Day,
    /// How often it comes back.
    pub every: Option<Every>,
}

/// How often a follow-up comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// On the same date each year.
    Year,
    /// On the same day of each month.
    Month,
    /// On the same weekday each week.
    Week,
}

impl Every {
    /// The word for each interval in the file.
    pub const WORDS: [(&str, Self); 3] = [("year", Self::Year), ("month", Self::Month), ("week", Self::Week)];

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Week => "week",
        }
    }
}

/// What a person is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// A gesture of the catalogue.
    Gesture {
        /// The gesture's id.
        id: GestureId,
        /// The category it was drawn from, recorded so that history outlives the catalogue.
        category: CategoryId,
    },
    /// A follow-up.
    FollowUp {
        /// The id of the `remembered` event that noted it.
        id: EventId,
        /// The day on which this occurrence falls.
        due: Day,
    },
}

impl Prompt {
    /// The category that it counts in.
    pub fn category(&self) -> &str {
        match self {
            Self::Gesture { category, .. } => category,
            Self::FollowUp { .. } => REMEMBERING,
        }
    }

    /// The id of a gesture; a follow-up has none.
    pub fn gesture(&self) -> Option<&GestureId> {
        match self {
            Self::Gesture { id, .. } => Some(id),
            Self::FollowUp { .. } => None,
        }
    }

    /// The id of the gesture or of the follow-up, which is all that is known if it no longer exists.
    pub fn id(&self) -> &str {
        match self {
            Self::Gesture { id, .. } => id,
            Self::FollowUp { id, .. } => id,
        }
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A gesture of a catalogue, or a follow-up.
    Prompt(Prompt),
    /// Something of the user's own, in this category.
    Own(CategoryId),
}

/// A completed gesture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What was done.
    pub act: Act,
    /// The people it was done with, as they were named.
    pub with: Vec<String>,
    /// What the user noted about it.
    pub note: Option<String>,
    /// The first id of the entry that this line corrects.
    pub amends: Option<EventId>,
    /// Whether names and note were erased for good.
    pub erased: bool,
}

impl Done {
    /// An entry of this act alone: no people, no note, nothing corrected.
    pub fn new(act: Act) -> Self {
        Self { act, with: Vec::new(), note: None, amends: None, erased: false }
    }

    /// The category that it counts in.
    pub fn category(&self) -> &str {
        match &self.act {
            Act::Prompt(prompt) => prompt.category(),
            Act::Own(category) => category,
        }
    }

    /// The gesture or follow-up, unless it was something of the user's own.
    pub fn prompt(&self) -> Option<&Prompt> {
        match &self.act {
            Act::Prompt(prompt) => Some(prompt),
            Act::Own(_) => None,
        }
    }

    /// The gesture of a catalogue, if it was one.
    pub fn gesture(&self) -> Option<&GestureId> {
        self.prompt().and_then(Prompt::gesture)
    }
}

/// A draw as it was at the time, recorded with the offer, since later events would change it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// In words: "tone has not come up for 9 days".
    pub reason: String,
    /// Calendar days of quiet, if they are the reason.
    pub days: Option<u32>,
    /// The weights by which the category was drawn.
    pub weights: Vec<Weight>,
    /// The categories that could not be drawn.
    pub sat_out: Vec<Absent>,
    /// Boxed, so that an offer is not much larger than other events.
    pub filters: Box<Filters>,
    /// How many gestures of the drawn category the gesture was drawn from.
    pub pool: u32,
}

/// A [`Why`] as it stands in a line: JSON that only those who ask for it read, since most look at many offers.
#[derive(Clone, Debug)]
pub struct Recorded(Box<RawValue>);

impl Recorded {
    /// The record of a draw; `None` for what is not a JSON object.
    fn new(json: &RawValue) -> Option<Self> {
        json.get().starts_with('{').then(|| Self(json.to_owned()))
    }

    /// The draw; `None` if another version recorded it in another shape.
    pub fn read(&self) -> Option<Why> {
        serde_json::from_str(self.0.get()).ok()
    }
}

impl From<&Why> for Recorded {
    fn from(why: &Why) -> Self {
        Self(RawValue::from_string(to_json(why)).unwrap_or_default())
    }
}

impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Why {
    /// The sum of all weights. It has 128 bits, since a line written by hand may hold any weights.
    pub fn total(&self) -> u128 {
        self.weights.iter().map(|weight| u128::from(weight.weight)).sum()
    }

    /// The share of each weight in a hundred, in their order, as whole numbers that add up to 100. They are rounded by
    /// the largest remainder method (Hare quota); of equal remainders the first is rounded up.
    pub fn shares(&self) -> Vec<u32> {
        let total = self.total();
        if total == 0 {
            return vec![0; self.weights.len()];
        }
        // A hundred times 64 bits fit into 128. A share is at most a hundred.
        let parts = self.weights.iter().map(|weight| u128::from(weight.weight) * 100);
        let (mut shares, remainders): (Vec<u32>, Vec<u128>) =
            parts.map(|part| (u32::try_from(part / total).unwrap_or(100), part % total)).unzip();
        let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
        by_remainder.sort_unstable_by_key(|at| (std::cmp::Reverse(remainders[*at]), *at));
        let missing = 100_u32.saturating_sub(shares.iter().sum());
        for at in by_remainder.into_iter().take(missing as usize) {
            shares[at] += 1;
        }
        shares
    }

    /// The weight of a category and the number of its gestures in the draw: the chance of a prompt is
    /// `weight / total / pool`. `None` if the draw does not say.
    pub fn odds(&self, category: &str) -> Option<(u64, u32)> {
        let weight = self.weights.iter().find(|weight| weight.category == *category)?.weight;
        (weight > 0 && self.pool > 0).then_some((weight, self.pool))
    }
}

/// A category's weight in a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weight {
    /// The category's id.
    pub category: CategoryId,
    /// Its weight in the draw; its chance is this over the sum of all weights.
    pub weight: u64,
    /// Calendar days since its last `done`; `None` if there was none in the events read.
    pub quiet_days: Option<u32>,
}

/// A category that was not in a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Absent {
    /// The category's id.
    pub category: CategoryId,
    /// Why it was not in the draw.
    pub because: SatOut,
}

/// Why a category was not in a draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SatOut {
    /// It had come up lately.
    Lately,
    /// Others had waited so long that they went first.
    Waits,
    /// None of its gestures fitted the place and the level, or all of them had come up lately.
    Unfitting,
    /// The user gave it weight 0.
    NoWeight,
    /// For a reason that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// The filters of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// The place asked for with `--place`, by its word.
    pub place: Option<String>,
    /// The category asked for with `--category`.
    pub category: Option<CategoryId>,
    /// Whether an easy gesture was asked for.
    pub easy: bool,
}

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
