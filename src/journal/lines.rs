//! Events, each with the bytes of its line.

use std::ops::Range;

use super::Event;
use super::settle::Version;

/// Events, each with the bytes of its line, by which one is chosen if several have the same id.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    pub(super) events: Vec<Event>,
    /// Where the line of each lies in `bytes`.
    places: Vec<Range<usize>>,
    /// The lines, one behind the other: a piece of memory each would cost more than reading them.
    bytes: Vec<u8>,
}

impl Lines {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Adds an event behind the others.
    pub fn push(&mut self, event: Event, line: &[u8]) {
        if self.events.capacity() == 0 {
            // Room for some months: to move what was written costs more than room that nothing is written to.
            self.events.reserve(512);
            self.places.reserve(512);
            self.bytes.reserve(64 * 1024);
        }
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(line);
        self.places.push(begin..self.bytes.len());
        self.events.push(event);
    }

    /// Puts the last first.
    pub fn reverse(&mut self) {
        self.events.reverse();
        self.places.reverse();
    }

    /// Adds others behind these.
    pub fn append(&mut self, others: Self) {
        let begin = self.bytes.len();
        self.bytes.extend(others.bytes);
        self.places.extend(others.places.into_iter().map(|place| begin + place.start..begin + place.end));
        self.events.extend(others.events);
    }

    /// The events, in their order.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    /// The event at a place, with its line.
    pub(super) fn version(&self, place: usize) -> Option<Version> {
        let line = self.bytes.get(self.places.get(place)?.clone())?;
        Some((self.events.get(place)?.clone(), line.to_vec()))
    }
}

impl FromIterator<Version> for Lines {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        let mut lines = Self::default();
        lines.extend(versions);
        lines
    }
}

impl Extend<Version> for Lines {
    fn extend<I: IntoIterator<Item = Version>>(&mut self, versions: I) {
        versions.into_iter().for_each(|(event, line)| self.push(event, &line));
    }
}
