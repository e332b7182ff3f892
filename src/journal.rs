//! The journal and the plans: lines to events and back, which events count, and a log of those that do.

mod bad_lines;
pub mod entry_file;
pub mod examine;
mod format;
mod head;
mod lines;
mod log;
pub mod merge;
pub mod news;
mod parse;
mod scan;
mod settle;
mod stream;
mod why;

use chrono::{DateTime, FixedOffset, NaiveTime};
use serde::Serialize;

use crate::calendar::{self, Day};
use crate::ids::{CategoryId, EventId, GestureId};

pub use bad_lines::BadLines;
pub use format::{moment, to_json, to_line};
pub use head::{Bounds, EventHead, Kind, NotAnEvent, fast_head, read_head};
pub use lines::Lines;
pub use log::Log;
pub use parse::{Line, bare, is_blank, lines, parse};
pub use scan::{Count, Scan, Tally};
pub use settle::{Amendment, Entry, Fate, Place, Version, number as id_number, settle};
pub use stream::Straightener;
pub use why::{Absent, Filters, Recorded, SatOut, Weight, Why};

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

#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;
