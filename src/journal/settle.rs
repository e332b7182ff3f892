//! Which events count: the one place that says it.
//!
//! 1. Of lines with one id the smallest in bytes counts, an erased one before any other.
//! 2. What an `undone` names, in either book, does not count.
//! 3. Of the amendments of a `done`, those that were taken back left out, only the latest counts (by `at`, then id), at
//!    the place and time of the first line; that counts where no amendment does. So a clock that was put back makes
//!    no correction vain.
//!
//! A long history can't be held as text. So each line is known by a number made of its id and by its place, and
//! only where that leaves a doubt is the line itself looked at again: ids that share a number cost a look and
//! change nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use chrono::{DateTime, FixedOffset};

use super::{Event, EventHead, Kind, What};
use crate::ids::EventId;

/// Where a line stands: in which of the files read, and at which byte or, of lines held in memory, which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u64);

impl Place {
    /// How many files can be told apart.
    pub const SOURCES: u16 = 1 << 10;
    const OFFSET_BITS: u32 = 46;

    pub fn new(source: u16, offset: u64) -> Self {
        Self(u64::from(source % Self::SOURCES) << Self::OFFSET_BITS | offset & ((1 << Self::OFFSET_BITS) - 1))
    }

    pub fn source(self) -> u16 {
        // Ten bits.
        u16::try_from(self.0 >> Self::OFFSET_BITS).unwrap_or(0)
    }

    pub fn offset(self) -> u64 {
        self.0 & ((1 << Self::OFFSET_BITS) - 1)
    }
}

/// What is kept of an event's line: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Made of the id.
    number: u64,
    /// From the highest bits down: [`Place`] (56), [`Role`] (4), [`Fate`] (4).
    packed: u64,
}

/// What the rules need to know of an event at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// An offer or a swap, which nothing takes back.
    Prompt,
    Done,
    Amendment,
    Undone,
    /// Any other.
    Other,
}

/// What the rules make of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Counts,
    /// Another line with its id counts, or it turned out to be no event.
    Superseded,
    /// An `undone` names it.
    TakenBack,
    /// A later amendment counts in its place.
    Amended,
}

impl Entry {
    pub fn new(head: &EventHead<'_>, place: Place) -> Self {
        let role = match head.kind {
            Kind::Offered | Kind::Swapped => Role::Prompt,
            Kind::Done { is_amendment: false, .. } => Role::Done,
            Kind::Done { is_amendment: true, .. } => Role::Amendment,
            Kind::Undone { .. } => Role::Undone,
            Kind::Other => Role::Other,
        };
        Self { number: number(head.id), packed: place.0 << 8 | (role as u64) << 4 | Fate::Counts as u64 }
    }

    pub fn place(&self) -> Place {
        Place(self.packed >> 8)
    }

    fn role(&self) -> Role {
        const ROLES: [Role; 5] = [Role::Prompt, Role::Done, Role::Amendment, Role::Undone, Role::Other];
        ROLES[(self.packed >> 4 & 0xF) as usize % ROLES.len()]
    }

    pub fn fate(&self) -> Fate {
        const FATES: [Fate; 4] = [Fate::Counts, Fate::Superseded, Fate::TakenBack, Fate::Amended];
        FATES[(self.packed & 0xF) as usize % FATES.len()]
    }

    pub fn counts(&self) -> bool {
        self.fate() == Fate::Counts
    }

    /// Whether it is a `done`, amendments too.
    pub fn is_done(&self) -> bool {
        matches!(self.role(), Role::Done | Role::Amendment)
    }

    pub fn is_amendment(&self) -> bool {
        self.role() == Role::Amendment
    }

    pub fn is_undone(&self) -> bool {
        self.role() == Role::Undone
    }

    fn set_fate(&mut self, fate: Fate) {
        self.packed = self.packed & !0xF | fate as u64;
    }
}

/// What an id is known by until there is a doubt.
pub fn number(id: &str) -> u64 {
    // Tests get by with eight numbers, so that ids share them all the time.
    const NUMBERS: u64 = if cfg!(test) { 8 } else { u64::MAX };
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish() % NUMBERS
}

/// A line that is looked at again: its event, and its bytes without a mark before and carriage returns behind.
pub type Version = (Event, Vec<u8>);

/// An amendment that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amendment {
    pub place: Place,
    /// The line that it corrects; its own where that was not read.
    pub first: Place,
}

/// Applies the rules to the lines of both books; `look` reads a line again, and gives `None` if it is no event.
///
/// The entries come back by number, each with its [`Fate`], and with them the amendments that count.
pub fn settle<E>(
    entries: &mut [Entry],
    mut look: impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Vec<Amendment>, E> {
    keep_one_version(entries, &mut look, |_| ())?;
    take_back(entries, &mut look)?;
    keep_latest_amendments(entries, &mut look)
}

/// The first rule, all that a merge needs. Of the very same line in several places the one with the least `rank`
/// counts, or else the first.
pub fn keep_one_version<E, R: Ord>(
    entries: &mut [Entry],
    mut look: impl FnMut(Place) -> Result<Option<Version>, E>,
    rank: impl Fn(Place) -> R,
) -> Result<(), E> {
    for alike in same_numbers(entries) {
        // The line that counts so far of each id, mostly of one.
        let mut best: Vec<(usize, Version)> = Vec::new();
        for place in 0..alike.len() {
            let Some(version) = look(alike[place].place())? else {
                alike[place].set_fate(Fate::Superseded);
                continue;
            };
            let Some((at, known)) = best.iter_mut().find(|(_, known)| known.0.id == version.0.id) else {
                best.push((place, version));
                continue;
            };
            let (this, other) = (rank(alike[place].place()), rank(alike[*at].place()));
            let outcome = if (precedence(&version), this) < (precedence(known), other) {
                *known = version;
                mem::replace(at, place)
            } else {
                place
            };
            alike[outcome].set_fate(Fate::Superseded);
        }
    }
    Ok(())
}

/// Sorts the entries by number, and gives those that share one, in the order of their places.
pub fn same_numbers(entries: &mut [Entry]) -> impl Iterator<Item = &mut [Entry]> {
    entries.sort_unstable_by_key(|entry| (entry.number, entry.packed));
    entries.chunk_by_mut(|a, b| a.number == b.number).filter(|alike| alike.len() > 1)
}

/// Of lines with one id the least counts.
fn precedence((event, line): &Version) -> (bool, &[u8]) {
    (!event.is_erased(), line)
}

fn take_back<E>(entries: &mut [Entry], look: &mut impl FnMut(Place) -> Result<Option<Version>, E>) -> Result<(), E> {
    for at in 0..entries.len() {
        if entries[at].role() != Role::Undone || !entries[at].counts() {
            continue;
        }
        let Some((Event { what: What::Undone { of }, .. }, _)) = look(entries[at].place())? else {
            continue;
        };
        if let Some(target) = position(entries, &of, look)?
            && !matches!(entries[target].role(), Role::Prompt | Role::Undone)
        {
            entries[target].set_fate(Fate::TakenBack);
        }
    }
    Ok(())
}

fn keep_latest_amendments<E>(
    entries: &mut [Entry],
    look: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Vec<Amendment>, E> {
    // By the number of the first id.
    let mut groups: Vec<(u64, usize)> = Vec::new();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.role() == Role::Amendment && entry.counts())
    {
        if let Some((_, first)) = amendment(entry.place(), look)? {
            groups.push((number(&first), at));
        }
    }
    groups.sort_unstable();
    let mut amendments = Vec::new();
    for alike in groups.chunk_by(|a, b| a.0 == b.0) {
        // The latest so far of each entry, mostly of one.
        let mut latest: Vec<Latest> = Vec::new();
        for (_, at) in alike {
            let Some((event, first)) = amendment(entries[*at].place(), look)? else {
                continue;
            };
            let this = Latest { moment: event.moment(), id: event.id, at: *at, first };
            let Some(known) = latest.iter_mut().find(|known| known.first == this.first) else {
                latest.push(this);
                continue;
            };
            let is_later = (this.moment, &this.id) > (known.moment, &known.id);
            let earlier = if is_later { mem::replace(known, this).at } else { *at };
            entries[earlier].set_fate(Fate::Amended);
        }
        for Latest { at, first, .. } in latest {
            let place = entries[at].place();
            let first = position(entries, &first, look)?.filter(|at| entries[*at].role() == Role::Done);
            if let Some(first) = first.filter(|first| entries[*first].counts()) {
                entries[first].set_fate(Fate::Amended);
            }
            amendments.push(Amendment { place, first: first.map_or(place, |first| entries[first].place()) });
        }
    }
    Ok(amendments)
}

/// The latest amendment of an entry.
struct Latest {
    /// The first id of the entry.
    first: EventId,
    /// What it is put in order by, and where it stands.
    moment: DateTime<FixedOffset>,
    id: EventId,
    at: usize,
}

/// An amendment, and the first id of what it amends.
fn amendment<E>(
    place: Place,
    look: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Option<(Event, EventId)>, E> {
    let Some((event, _)) = look(place)? else {
        return Ok(None);
    };
    let first = match &event.what {
        What::Done(done) => done.amends.clone(),
        _ => None,
    };
    Ok(first.map(|first| (event, first)))
}

/// Where the line with an id stands that was not superseded, among entries sorted by number.
fn position<E>(
    entries: &[Entry],
    id: &str,
    look: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Option<usize>, E> {
    find(entries, id, look, |entry| entry.fate() != Fate::Superseded)
}

/// Where a line with an id stands that fits, among entries sorted by number.
pub fn find<E>(
    entries: &[Entry],
    id: &str,
    look: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
    fits: impl Fn(&Entry) -> bool,
) -> Result<Option<usize>, E> {
    let wanted = number(id);
    let from = entries.partition_point(|entry| entry.number < wanted);
    for (at, entry) in entries.iter().enumerate().skip(from).take_while(|(_, entry)| entry.number == wanted) {
        if fits(entry) && look(entry.place())?.is_some_and(|(event, _)| *event.id == *id) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}
