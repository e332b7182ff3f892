//! All of history: both books, read forward once and settled.

use std::collections::HashMap;
use std::mem;
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset};

use super::{Book, Pages, Store};
use crate::calendar::{self, Day};
use crate::error::Error;
use crate::ids::EventId;
use crate::journal::{
    self, BadLines, Count, Entry, Event, EventHead, Fate, Kind, Place, Scan, Tally, Version, earliest_writing,
};

/// The most entries of one day that are sorted by time at once. If a day has more, each batch of the file is sorted by
/// itself; a file is nearly always in order of time anyway.
const OF_A_DAY: usize = 4096;

/// Files that are read forward, and in which lines are read again by place.
#[derive(Default)]
pub struct Sources {
    pages: Vec<Option<Pages>>,
}

impl Sources {
    /// Adds the next file; `None` stands for an empty one.
    pub fn push(&mut self, pages: Option<Pages>) {
        self.pages.push(pages);
    }

    /// The file with a number, if there is one.
    pub fn get(&self, source: u16) -> Option<&Pages> {
        self.pages.get(usize::from(source))?.as_ref()
    }

    /// The line at a place, without its newline.
    pub fn line(&self, place: Place) -> Result<Vec<u8>, Error> {
        self.get(place.source()).map_or(Ok(Vec::new()), |pages| pages.line(place.offset()))
    }

    /// The event at a place, with the bytes of its line; `None` if the line is not an event.
    pub fn version(&self, place: Place) -> Result<Option<Version>, Error> {
        self.get(place.source()).map_or(Ok(None), |pages| pages.version(place.offset()))
    }
}

/// Both books, scanned.
struct Books {
    sources: Sources,
    entries: Vec<Entry>,
    bad: [BadLines; 2],
}

/// The day of a `done` and the offset of its line, in eight bytes; sorts by day, then by offset.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed(u64);

impl Listed {
    const OFFSET_BITS: u32 = 42;

    fn new(day: Day, offset: u64) -> Self {
        // The years 0 to 9999 have fewer than four million days, so the number fits into 22 bits.
        let number = calendar::days_between(calendar::FIRST, day).cast_unsigned();
        Self(number << Self::OFFSET_BITS | offset & ((1 << Self::OFFSET_BITS) - 1))
    }

    fn day(self) -> Day {
        let number = u32::try_from(self.0 >> Self::OFFSET_BITS).unwrap_or(0);
        calendar::forward(calendar::FIRST, number)
    }

    fn offset(self) -> u64 {
        self.0 & ((1 << Self::OFFSET_BITS) - 1)
    }

    fn at(self, offset: u64) -> Self {
        Self::new(self.day(), offset)
    }
}

/// The entries that count, known by their places.
pub struct History {
    sources: Sources,
    /// What was done, sorted by day, then by offset.
    done: Vec<Listed>,
    /// For each amended entry the offsets of its first line and of the line that counts, sorted.
    amended: Vec<(u64, u64)>,
    /// The plans that count, in the order of writing.
    pub plans: Vec<Version>,
    /// The first entries dated after today, as a clock that was ahead writes them.
    pub to_come: Vec<Event>,
    /// Lines of the journal and of the plans that are not events.
    pub bad: [BadLines; 2],
}

impl Store {
    /// Reads both books forward and passes the head of each event to `take`. The halves of a long book are read into a
    /// value each, and `join` appends the second to the first.
    fn scan<S: Send>(
        &self,
        new: impl Fn() -> S + Sync,
        take: impl Fn(&mut S, &EventHead<'_>, Place) + Sync,
        join: impl Fn(&mut S, S),
    ) -> Result<(Books, S), Error> {
        let mut books = Books { sources: Sources::default(), entries: Vec::new(), bad: Default::default() };
        let mut found = new();
        for book in Book::BOTH {
            let pages = Pages::open(&self.path(book))?;
            let source = book.source();
            let parts = pages.as_ref().map_or(Ok(Vec::new()), |pages| {
                pages.halves(
                    || (Scan::default(), new()),
                    |(scan, state), line, offset, is_complete| {
                        let place = Place::new(source, offset);
                        scan.take(line, place, is_complete, |head| take(state, head, place));
                    },
                )
            })?;
            let mut whole = Scan::default();
            for (scan, state) in parts {
                whole.extend(scan);
                join(&mut found, state);
            }
            let (mut entries, bad) = whole.into_parts();
            if books.entries.is_empty() {
                books.entries = entries;
            } else {
                books.entries.append(&mut entries);
            }
            books.bad[usize::from(source)] = bad;
            books.sources.push(pages);
        }
        Ok((books, found))
    }

    /// How much was done up to `today`, by day, and on the days of `of` by category.
    pub fn tally(&self, today: Day, of: &RangeInclusive<Day>) -> Result<(Tally, [BadLines; 2]), Error> {
        let (mut books, count) = self.scan(
            || Count::new(today, of.clone()),
            |count, head, place| {
                if place.source() == Book::Journal.source() {
                    count.add(head);
                }
            },
            Count::extend,
        )?;
        let tally = count.settle(&mut books.entries, |place| books.sources.version(place))?;
        Ok((tally, books.bad))
    }

    /// The entries of the days from `since` to `until`, and the plans made up to `today`.
    pub fn history(&self, since: Day, until: Day, today: Day) -> Result<History, Error> {
        let journal = Book::Journal.source();
        let (Books { sources, mut entries, bad }, mut done) = self.scan(
            Vec::new,
            |done, head, place| {
                if place.source() == journal && matches!(head.kind, Kind::Done { .. }) {
                    done.push(Listed::new(head.day, place.offset()));
                }
            },
            |done, mut rest: Vec<Listed>| done.append(&mut rest),
        )?;
        let amendments = journal::settle(&mut entries, |place| sources.version(place))?;
        // Both are in the order of the file, so what does not count is removed without a search.
        entries.sort_unstable_by_key(Entry::place);
        let mut judged = entries.iter().filter(|entry| entry.is_done());
        done.retain(|_| judged.next().is_some_and(Entry::counts));
        let plans = entries.iter().filter(|entry| entry.place().source() == Book::Plans.source() && entry.counts());
        let plans = plans.filter_map(|entry| sources.version(entry.place()).transpose());
        let mut plans = plans.collect::<Result<Vec<Version>, Error>>()?;
        plans.retain(|(event, _)| event.day <= today && event.what.book() == Some(Book::Plans));
        plans.sort_unstable_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
        drop(entries);
        let mut amended: Vec<(u64, u64)> = amendments
            .iter()
            .filter(|amendment| amendment.place.source() == journal && amendment.first.source() == journal)
            .map(|amendment| (amendment.place.offset(), amendment.first.offset()))
            .collect();
        amended.sort_unstable();
        for listed in &mut done {
            if let Ok(at) = amended.binary_search_by_key(&listed.offset(), |(line, _)| *line) {
                *listed = listed.at(amended[at].1);
            }
        }
        let to_come = done.iter().filter(|listed| listed.day() > today).take(OF_A_DAY);
        let to_come = to_come.filter_map(|listed| sources.version(Place::new(journal, listed.offset())).transpose());
        let to_come = to_come.map(|version| version.map(|(event, _)| event)).collect::<Result<Vec<Event>, Error>>()?;
        done.retain(|listed| (since..=until).contains(&listed.day()));
        done.sort_unstable();
        for (line, first) in &mut amended {
            mem::swap(line, first);
        }
        amended.sort_unstable();
        Ok(History { sources, done, amended, plans, to_come, bad })
    }
}

/// The result of a search.
pub struct Search {
    /// The events found, in the order of the file; of [`Store::latest`] one at most.
    pub found: Vec<Found>,
    /// Entries dated after today, as a clock that was ahead writes them.
    pub to_come: Vec<Event>,
    /// Lines of the journal and of the plans that are not events.
    pub bad: [BadLines; 2],
}

/// An event that was looked for.
pub struct Found {
    /// The event as it is now: if it was amended, as its latest amendment says.
    pub event: Event,
    /// The id of the line by which it counts, which an `undone` has to name.
    pub line: EventId,
    /// When that line was written; `None` in a line written by hand.
    pub written: Option<DateTime<FixedOffset>>,
    /// Whether it counts.
    pub standing: Standing,
}

/// When and where a line was written, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    moment: DateTime<FixedOffset>,
    place: usize,
    at: Option<DateTime<FixedOffset>>,
}

/// Whether an event counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It was taken back.
    TakenBack,
}

impl Store {
    /// The events whose ids begin with `wanted`, each once.
    pub fn find(&self, wanted: &str) -> Result<Search, Error> {
        let (Books { sources, mut entries, bad }, places) = self.scan(
            Vec::new,
            |places, head, place| {
                if head.id.starts_with(wanted) {
                    places.push(place);
                }
            },
            |places, mut rest: Vec<Place>| places.append(&mut rest),
        )?;
        let amendments = journal::settle(&mut entries, |place| sources.version(place))?;
        entries.sort_unstable_by_key(Entry::place);
        let mut found = Vec::new();
        for place in places {
            let Some((event, _)) = sources.version(place)? else {
                continue;
            };
            let fate = entries.binary_search_by_key(&place, Entry::place).map(|at| entries[at].fate());
            let own = event.id.clone();
            match (fate, amendments.iter().find(|amendment| amendment.first == place || amendment.place == place)) {
                (Ok(Fate::Superseded) | Err(_), _) => {}
                // An amendment that does not count was taken back or corrected again, and is not an entry of its own.
                (Ok(fate), None) if fate == Fate::Counts || event.amends().is_none() => {
                    let standing = if fate == Fate::Counts { Standing::Counts } else { Standing::TakenBack };
                    let written = event.at;
                    found.push(Found { event, line: own, written, standing });
                }
                (Ok(_), None) => {}
                (Ok(_), Some(amendment)) => {
                    let first = sources.version(amendment.first)?.map(|(event, _)| event);
                    if let Some((mut event, _)) = sources.version(amendment.place)? {
                        let (line, written) = (event.id.clone(), event.at);
                        event.correct(first.as_ref().filter(|_| amendment.first != amendment.place));
                        event.id = own;
                        found.push(Found { event, line, written, standing: Standing::Counts });
                    }
                }
            }
        }
        Ok(Search { found, to_come: Vec::new(), bad })
    }

    /// The ids of all lines of these entries that were not taken back: the first line of each, and its amendments.
    pub fn lines_of(&self, entries: &[EventId]) -> Result<Vec<EventId>, Error> {
        let (Books { sources, entries: mut settled, .. }, places) = self.scan(
            Vec::new,
            |places, head, place| {
                let is_amendment = matches!(head.kind, Kind::Done { is_amendment: true, .. });
                if is_amendment || entries.iter().any(|id| **id == *head.id) {
                    places.push(place);
                }
            },
            |places, mut rest: Vec<Place>| places.append(&mut rest),
        )?;
        journal::settle(&mut settled, |place| sources.version(place))?;
        settled.sort_unstable_by_key(Entry::place);
        let mut lines = Vec::new();
        for place in places {
            let fate = settled.binary_search_by_key(&place, Entry::place).map(|at| settled[at].fate());
            if let Some((event, _)) = sources.version(place)?
                && matches!(fate, Ok(Fate::Counts | Fate::Amended))
                && entries.contains(event.amends().unwrap_or(&event.id))
            {
                lines.push(event.id);
            }
        }
        Ok(lines)
    }

    /// The latest entry that fits, if there is one, by the moment of writing; of equals, the later line. Entries dated
    /// after `today` are not considered.
    pub fn latest(&self, today: Day, fits: impl Fn(&Event) -> bool) -> Result<Search, Error> {
        for reach in [28, 448] {
            let from = calendar::back(today, reach);
            let look = self.look(from)?;
            let is_whole = look.journal.is_whole;
            let bad = [look.journal.bad.clone(), look.plans.bad.clone()];
            let lines = look.journal.lines.events().chain(look.plans.lines.events()).enumerate();
            let written: HashMap<EventId, Written> = lines
                .map(|(place, event)| (event.id.clone(), Written { moment: event.moment(), place, at: event.at }))
                .collect();
            let log = look.into_log(Day::MIN, today);
            let entries = log.events().iter().chain(log.plans()).filter(|event| fits(event));
            let Some((written, event)) =
                entries.map(|event| (written.get(log.line_of(&event.id)), event)).max_by_key(|(written, _)| *written)
            else {
                if is_whole {
                    return Ok(Search { found: Vec::new(), to_come: log.to_come().to_vec(), bad });
                }
                continue;
            };
            // Everything written since `from` was read, and anything written earlier is not the latest.
            let is_near = written.is_some_and(|written| written.moment.date_naive() >= earliest_writing(from));
            if is_whole || is_near {
                let line = log.line_of(&event.id).clone();
                let written = written.and_then(|written| written.at);
                let found = Found { event: event.clone(), line, written, standing: Standing::Counts };
                return Ok(Search { found: vec![found], to_come: log.to_come().to_vec(), bad });
            }
        }
        let history = self.history(Day::MIN, today, today)?;
        let last = history.days().next_back().map(|(_, entries)| history.entries(entries)).transpose()?;
        let entries = last.into_iter().flatten().chain(history.plans.iter().cloned()).map(|(event, _)| event);
        let entries = entries.filter(|event| fits(event));
        let Some(event) = entries.max_by_key(Event::moment) else {
            return Ok(Search { found: Vec::new(), to_come: history.to_come, bad: history.bad });
        };
        let mut search = self.find(&event.id)?;
        search.found.retain(|found| found.event.id == event.id);
        search.to_come = history.to_come;
        Ok(search)
    }
}

impl History {
    /// The days on which something was done, each with its entries; a day with very many comes in several parts.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = (Day, &[Listed])> {
        let days = self.done.chunk_by(|a, b| a.day() == b.day()).flat_map(|day| day.chunks(OF_A_DAY));
        days.map(|entries| (entries[0].day(), entries))
    }

    /// Reads the entries of a day, sorted by time, then by place, each with its line.
    pub fn entries(&self, day: &[Listed]) -> Result<Vec<Version>, Error> {
        let mut entries = Vec::with_capacity(day.len());
        for listed in day {
            entries.extend(self.entry(listed.offset())?);
        }
        entries.sort_by_key(|(event, _)| event.moment());
        Ok(entries)
    }

    /// The entry whose first line is at an offset, as its latest amendment says, with the line by which it counts.
    fn entry(&self, first: u64) -> Result<Option<Version>, Error> {
        let read = |offset| self.sources.version(Place::new(Book::Journal.source(), offset));
        let Ok(at) = self.amended.binary_search_by_key(&first, |(first, _)| *first) else {
            return read(first);
        };
        let line = self.amended[at].1;
        let mut entry = read(line)?;
        if let Some((entry, _)) = &mut entry {
            let first = if first == line { None } else { read(first)? };
            entry.correct(first.as_ref().map(|(first, _)| first));
        }
        Ok(entry)
    }
}
