//! Of the journal whatever has to do with follow-ups: a few lines of however many.

use memchr::memmem::Finder;

use super::{Book, Pages, Store};
use crate::calendar::{self, Day};
use crate::error::Error;
use crate::journal::{Line, Lines, Log, bare, parse};

impl Store {
    /// The plans, and what was offered, put off and done of follow-ups, whenever that was.
    pub fn follow_ups(&self, plans: Lines, today: Day) -> Result<Log, Error> {
        let (own, undone) = (Finder::new(b"\"follow_up\""), Finder::new(b"\"undone\""));
        let mut lines = Lines::default();
        if let Some(pages) = Pages::open(&self.path(Book::Journal))? {
            pages.each(|line, _, _| {
                if (own.find(line).is_some() || undone.find(line).is_some())
                    && let Line::Event(event) = parse(line)
                {
                    lines.push(event, bare(line));
                }
            })?;
        }
        Ok(Log::new(lines, plans, calendar::FIRST, today))
    }
}
