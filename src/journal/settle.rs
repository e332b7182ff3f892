//! Which events count. This is the only place that decides it.
//!
//! 1. Of several lines with one id, the smallest in byte order counts; an erased one comes before all others.
//! 2. An event that an `undone` names, in either book, does not count.
//! 3. Of the amendments of a `done` that were not taken back themselves, only the latest counts (by `at`, then id), at
//!    the place and time of the first line. Without such an amendment the first line itself counts. An amendment is
//!    always dated after those before it, so that a clock that was put back does not void a correction.
//!
//! A long history does not fit into memory as text. So a line is represented by its place and by a hash of its id, here
//! called its number, and it is read again only where that is not enough to decide. Ids that share a number cost extra
//! reads and change no result.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use chrono::{DateTime, FixedOffset};

use super::{Event, EventHead, Kind, What};
use crate::ids::EventId;

/// Where a line is: in which of the files read, and at which byte or, for lines held in memory, at which index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u64);

impl Place {
    /// How many files there can be.
    pub const SOURCES: u16 = 1 << 10;
    const OFFSET_BITS: u32 = 46;

    /// The place at `offset` in the file with the number `source`, which is below [`Self::SOURCES`].
    pub fn new(source: u16, offset: u64) -> Self {
        Self(u64::from(source % Self::SOURCES) << Self::OFFSET_BITS | offset & ((1 << Self::OFFSET_BITS) - 1))
    }

    /// The number of the file.
    pub fn source(self) -> u16 {
        // Ten bits.
        u16::try_from(self.0 >> Self::OFFSET_BITS).unwrap_or(0)
    }

    /// The byte at which the line begins or, of lines held in memory, its index.
    pub fn offset(self) -> u64 {
        self.0 & ((1 << Self::OFFSET_BITS) - 1)
    }
}

/// What is kept in memory of an event's line: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// A hash of the id: see [`number`].
    number: u64,
    /// From the highest bits down: [`Place`] (56), [`Role`] (4), [`Fate`] (4).
    packed: u64,
}

/// What the rules need to know about an event before it is read again.
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

/// What the rules decided about a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Counts,
    /// Another line with its id counts, or it turned out not to be an event.
    Superseded,
    /// An `undone` names it.
    TakenBack,
    /// A later amendment counts in its place.
    Amended,
}

impl Entry {
    /// The entry of a line that was just read; until it is settled, it counts.
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

    /// Where its line stands.
    pub fn place(&self) -> Place {
        Place(self.packed >> 8)
    }

    fn role(&self) -> Role {
        const ROLES: [Role; 5] = [Role::Prompt, Role::Done, Role::Amendment, Role::Undone, Role::Other];
        ROLES[(self.packed >> 4 & 0xF) as usize % ROLES.len()]
    }

    /// What the rules made of it.
    pub fn fate(&self) -> Fate {
        const FATES: [Fate; 4] = [Fate::Counts, Fate::Superseded, Fate::TakenBack, Fate::Amended];
        FATES[(self.packed & 0xF) as usize % FATES.len()]
    }

    /// Whether it counts.
    pub fn counts(&self) -> bool {
        self.fate() == Fate::Counts
    }

    /// Whether it is a `done`, amendments too.
    pub fn is_done(&self) -> bool {
        matches!(self.role(), Role::Done | Role::Amendment)
    }

    /// Whether it is a `done` that corrects another.
    pub fn is_amendment(&self) -> bool {
        self.role() == Role::Amendment
    }

    /// Whether it takes another event back.
    pub fn is_undone(&self) -> bool {
        self.role() == Role::Undone
    }

    /// By what its id is known.
    pub fn number(&self) -> u64 {
        self.number
    }

    fn set_fate(&mut self, fate: Fate) {
        self.packed = self.packed & !0xF | fate as u64;
    }
}

/// The hash by which an id is known until it has to be compared.
pub fn number(id: &str) -> u64 {
    // Tests use only eight numbers, so that ids share them all the time.
    const NUMBERS: u64 = if cfg!(test) { 8 } else { u64::MAX };
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish() % NUMBERS
}

/// A line that was read again: its event, and its bytes without a byte order mark and carriage returns.
pub type Version = (Event, Vec<u8>);

/// An amendment that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Where its line stands.
    pub place: Place,
    /// Where the line that it corrects stands; its own place if that line was not read.
    pub first: Place,
}

/// Applies the rules to the lines of both books. `reread` reads a line again, and returns `None` if it is not an event.
///
/// Afterwards the entries are sorted by number, and each has its [`Fate`]. Returns the amendments that count.
pub fn settle<E>(
    entries: &mut [Entry],
    mut reread: impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Vec<Amendment>, E> {
    keep_one_version(entries, &mut reread, |_| ())?;
    take_back(entries, &mut reread)?;
    keep_latest_amendments(entries, &mut reread)
}

/// Applies the first rule, which is all that a merge needs. If exactly the same line is in several places, the one with
/// the lowest `rank` counts, and of equal ranks the first.
pub fn keep_one_version<E, R: Ord>(
    entries: &mut [Entry],
    mut reread: impl FnMut(Place) -> Result<Option<Version>, E>,
    rank: impl Fn(Place) -> R,
) -> Result<(), E> {
    for alike in same_numbers(entries) {
        // The line that counts so far, for each id; nearly always there is only one id.
        let mut best: Vec<(usize, Version)> = Vec::new();
        for place in 0..alike.len() {
            let Some(version) = reread(alike[place].place())? else {
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

/// Sorts the entries by number, and returns the groups that share one, each in the order of their places.
pub fn same_numbers(entries: &mut [Entry]) -> impl Iterator<Item = &mut [Entry]> {
    entries.sort_unstable_by_key(|entry| (entry.number, entry.packed));
    entries.chunk_by_mut(|a, b| a.number == b.number).filter(|alike| alike.len() > 1)
}

/// The sort key among lines with one id: the least counts.
fn precedence((event, line): &Version) -> (bool, &[u8]) {
    (!event.is_erased(), line)
}

fn take_back<E>(entries: &mut [Entry], reread: &mut impl FnMut(Place) -> Result<Option<Version>, E>) -> Result<(), E> {
    for at in 0..entries.len() {
        if entries[at].role() != Role::Undone || !entries[at].counts() {
            continue;
        }
        let Some((Event { what: What::Undone { of }, .. }, _)) = reread(entries[at].place())? else {
            continue;
        };
        if let Some(target) = position(entries, &of, reread)?
            && !matches!(entries[target].role(), Role::Prompt | Role::Undone)
        {
            entries[target].set_fate(Fate::TakenBack);
        }
    }
    Ok(())
}

fn keep_latest_amendments<E>(
    entries: &mut [Entry],
    reread: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Vec<Amendment>, E> {
    // The index of each amendment, by the number of the first id.
    let mut groups: Vec<(u64, usize)> = Vec::new();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.role() == Role::Amendment && entry.counts())
    {
        if let Some((_, first)) = amendment(entry.place(), reread)? {
            groups.push((number(&first), at));
        }
    }
    groups.sort_unstable();
    let mut amendments = Vec::new();
    for alike in groups.chunk_by(|a, b| a.0 == b.0) {
        // The latest so far, for each entry; nearly always there is only one entry.
        let mut latest: Vec<Latest> = Vec::new();
        for (_, at) in alike {
            let Some((event, first)) = amendment(entries[*at].place(), reread)? else {
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
            let first = position(entries, &first, reread)?.filter(|at| entries[*at].role() == Role::Done);
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
    /// What it is compared by.
    moment: DateTime<FixedOffset>,
    id: EventId,
    /// Its index among the entries.
    at: usize,
}

/// The amendment at a place, and the first id of the entry that it corrects.
fn amendment<E>(
    place: Place,
    reread: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Option<(Event, EventId)>, E> {
    let Some((event, _)) = reread(place)? else {
        return Ok(None);
    };
    let first = match &event.what {
        What::Done(done) => done.amends.clone(),
        _ => None,
    };
    Ok(first.map(|first| (event, first)))
}

/// The index of the line with an id that was not superseded, among entries sorted by number.
fn position<E>(
    entries: &[Entry],
    id: &str,
    reread: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
) -> Result<Option<usize>, E> {
    find(entries, id, reread, |entry| entry.fate() != Fate::Superseded)
}

/// The index of the first line with an id that fits, among entries sorted by number.
pub fn find<E>(
    entries: &[Entry],
    id: &str,
    reread: &mut impl FnMut(Place) -> Result<Option<Version>, E>,
    fits: impl Fn(&Entry) -> bool,
) -> Result<Option<usize>, E> {
    let wanted = number(id);
    let from = entries.partition_point(|entry| entry.number < wanted);
    for (at, entry) in entries.iter().enumerate().skip(from).take_while(|(_, entry)| entry.number == wanted) {
        if fits(entry) && reread(entry.place())?.is_some_and(|(event, _)| *event.id == *id) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}
