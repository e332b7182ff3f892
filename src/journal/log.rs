//! Events to a log: each once, in order, and nothing that was undone.

use std::collections::{HashMap, HashSet};

use super::{Done, Event, Prompt, What, Why};
use crate::calendar::Day;

/// What happened, in order of day, then moment, then id; nothing twice, and nothing that was undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    events: Vec<Event>,
}

impl Log {
    /// Of events with one id the smallest line counts; `today` and what came before is kept.
    pub fn new(lines: impl IntoIterator<Item = (Event, Vec<u8>)>, today: Day) -> Self {
        let mut by_id: HashMap<String, (Event, Vec<u8>)> = HashMap::new();
        for (event, line) in lines {
            match by_id.get_mut(&event.id) {
                Some(known) if known.1 <= line => {}
                Some(known) => *known = (event, line),
                None => {
                    by_id.insert(event.id.clone(), (event, line));
                }
            }
        }
        let undone: HashSet<String> = by_id
            .values()
            .filter_map(|(event, _)| match &event.what {
                What::Undone { of } => Some(of.clone()),
                _ => None,
            })
            .collect();
        let mut events: Vec<Event> = by_id
            .into_values()
            .map(|(event, _)| event)
            .filter(|event| event.day <= today)
            .filter(|event| match event.what {
                What::Done(_) | What::Rest { .. } => !undone.contains(&event.id),
                What::Offered { .. } | What::Swapped { .. } => true,
                What::Undone { .. } => false,
            })
            .collect();
        events.sort_by(|a, b| (a.day, a.order()).cmp(&(b.day, b.order())));
        Self { events }
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events of one day.
    pub fn on(&self, day: Day) -> &[Event] {
        let from = self.events.partition_point(|event| event.day < day);
        let until = self.events.partition_point(|event| event.day <= day);
        &self.events[from..until]
    }

    /// The completed gestures of one day.
    pub fn done_on(&self, day: Day) -> impl Iterator<Item = (&Event, &Done)> {
        dones(self.on(day))
    }

    /// All completed gestures, oldest first.
    pub fn dones(&self) -> impl DoubleEndedIterator<Item = (&Event, &Done)> {
        dones(&self.events)
    }

    /// The latest day up to `until` with a `done` in each category that has one.
    pub fn last_done(&self, until: Day) -> HashMap<&str, Day> {
        let dones = self.dones().filter(|(event, _)| event.day <= until);
        dones.map(|(event, done)| (done.category.as_str(), event.day)).collect()
    }

    /// The days of rest, each as its first and last day.
    pub fn rests(&self) -> impl Iterator<Item = (Day, Day)> {
        self.rest_events().map(|(from, until, _)| (from, until))
    }

    /// The rests, each with its first and last day.
    pub fn rest_events(&self) -> impl Iterator<Item = (Day, Day, &Event)> {
        self.events.iter().filter_map(|event| match event.what {
            What::Rest { from, until } => Some((from, until, event)),
            _ => None,
        })
    }

    /// Whether a day is covered by a rest.
    pub fn rests_on(&self, day: Day) -> bool {
        self.rests().any(|(from, until)| from <= day && day <= until)
    }

    /// The day's prompt: the earliest offer whose gesture was not swapped that day.
    pub fn prompt_on(&self, day: Day) -> Option<(&Event, &Prompt, Option<&Why>)> {
        self.unswapped_on(day).next()
    }

    /// The day's offers whose gestures were not swapped that day, earliest first.
    pub fn unswapped_on(&self, day: Day) -> impl Iterator<Item = (&Event, &Prompt, Option<&Why>)> {
        let swapped = self.swapped_on(day);
        let swapped = move |gesture: &str| swapped.binary_search(&gesture).is_ok();
        self.on(day).iter().filter_map(move |event| match &event.what {
            What::Offered { prompt, why } if !swapped(&prompt.gesture) => Some((event, prompt, why.as_ref())),
            _ => None,
        })
    }

    /// The gestures swapped on a day, each once, in byte order.
    pub fn swapped_on(&self, day: Day) -> Vec<&str> {
        let mut gestures: Vec<&str> = self
            .on(day)
            .iter()
            .filter_map(|event| match &event.what {
                What::Swapped { prompt } => Some(prompt.gesture.as_str()),
                _ => None,
            })
            .collect();
        gestures.sort_unstable();
        gestures.dedup();
        gestures
    }
}

fn dones(events: &[Event]) -> impl DoubleEndedIterator<Item = (&Event, &Done)> {
    events.iter().filter_map(|event| match &event.what {
        What::Done(done) => Some((event, done)),
        _ => None,
    })
}
