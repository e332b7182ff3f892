//! The log: the events that count, in order.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use chrono::{DateTime, FixedOffset};

use super::settle::{Amendment, Entry, Place, settle};
use super::{Book, Done, Event, EventHead, Lines, Prompt, Recorded, What};
use crate::calendar::Day;
use crate::ids::EventId;

/// What happened and what was planned: each event that counts, once, ordered by day, then moment, then position in the
/// file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    events: Vec<Event>,
    plans: Vec<Event>,
    /// Entries dated after today, as a clock that was ahead writes them: they count from their day on.
    to_come: Vec<Event>,
    /// For each amended entry, by its first id, the line that counts instead.
    amendments: HashMap<EventId, Line>,
}

/// The line of an amendment: its own id, and when it was written.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    id: EventId,
    at: Option<DateTime<FixedOffset>>,
}

impl Log {
    /// The events of both books that count: those of the journal from `from` to `today`, and all plans made up to
    /// `today`. Lines of other days have to be given if they take back or correct others.
    ///
    /// An event in the wrong book's file is ignored; `nudge doctor --fix` moves it.
    pub fn new(journal: Lines, plans: Lines, from: Day, today: Day) -> Self {
        let planned_from = journal.len();
        let mut lines = journal;
        lines.append(plans);
        let place = |at: usize| Place::new(0, at as u64);
        // An offset is an index among the lines.
        let index = |place: Place| usize::try_from(place.offset()).unwrap_or(usize::MAX);
        let mut entries: Vec<Entry> =
            lines.events().enumerate().map(|(at, event)| Entry::new(&EventHead::of(event), place(at))).collect();
        let Ok(counting) = settle(&mut entries, |place| Ok::<_, Infallible>(lines.version(index(place))));
        let mut events = lines.events;
        let mut log = Self::default();
        let mut counts = vec![false; events.len()];
        for entry in entries.iter().filter(|entry| entry.counts()) {
            counts[index(entry.place())] = true;
        }
        for Amendment { place, first } in counting {
            let (at, first) = (index(place), index(first));
            let corrected = (first != at).then(|| events[first].clone());
            let event = &mut events[at];
            let line = Line { id: event.id.clone(), at: event.at };
            event.correct(corrected.as_ref());
            log.amendments.insert(event.id.clone(), line);
            // It stands in the place of the line that it corrects, unless it lies in the wrong book.
            if (at < planned_from) == (first < planned_from) {
                events.swap(at, first);
                counts.swap(at, first);
            }
        }
        let (plans, to_come) = (&mut log.plans, &mut log.to_come);
        let counting = events.into_iter().enumerate().filter(|(at, _)| counts[*at]);
        let happened = counting.filter_map(|(at, event)| match event.what.book() {
            Some(Book::Journal) if at < planned_from && event.day > today => {
                to_come.extend(matches!(event.what, What::Done(_)).then_some(event));
                None
            }
            Some(Book::Journal) if at < planned_from && from <= event.day => Some(event),
            Some(Book::Plans) if at >= planned_from && event.day <= today && event.what != What::Erased => {
                plans.push(event);
                None
            }
            _ => None,
        });
        // The standard library collects them where they are.
        log.events = happened.collect();
        for events in [&mut log.events, &mut log.plans] {
            events.sort_by_key(|event| (event.day, event.moment()));
        }
        log
    }

    /// What happened, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What was planned, oldest first.
    pub fn plans(&self) -> &[Event] {
        &self.plans
    }

    /// Entries dated after today, as a clock that was ahead writes them.
    pub fn to_come(&self) -> &[Event] {
        &self.to_come
    }

    /// The events of one day.
    pub fn on(&self, day: Day) -> &[Event] {
        let from = self.events.partition_point(|event| event.day < day);
        let until = self.events.partition_point(|event| event.day <= day);
        &self.events[from..until]
    }

    /// The id of the line by which an entry counts: its own, or that of its latest amendment.
    pub fn line_of<'l>(&'l self, entry: &'l EventId) -> &'l EventId {
        self.amendments.get(entry).map_or(entry, |line| &line.id)
    }

    /// When the latest amendment of an entry was written, if it has one.
    pub fn amended(&self, entry: &EventId) -> Option<DateTime<FixedOffset>> {
        self.amendments.get(entry)?.at
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
    pub fn last_done(&self, until: Day) -> BTreeMap<&str, Day> {
        let mut last_done = BTreeMap::new();
        for (event, done) in self.dones().rev().filter(|(event, _)| event.day <= until) {
            last_done.entry(done.category()).or_insert(event.day);
        }
        last_done
    }

    /// The days of rest, each as its first and last day.
    pub fn rests(&self) -> impl Iterator<Item = (Day, Day)> {
        self.rest_events().map(|(from, until, _)| (from, until))
    }

    /// The rests, each with its first and last day.
    pub fn rest_events(&self) -> impl Iterator<Item = (Day, Day, &Event)> {
        self.plans.iter().filter_map(|event| match event.what {
            What::Rest { from, until } => Some((from, until, event)),
            _ => None,
        })
    }

    /// Whether a day is covered by a rest.
    pub fn rests_on(&self, day: Day) -> bool {
        self.rests().any(|(from, until)| from <= day && day <= until)
    }

    /// The day's prompt: the earliest of the day's offers that is done, swapped or not; or else the earliest that was
    /// not swapped that day. After a merge of two devices there may be several.
    pub fn prompt_on(&self, day: Day) -> Option<(&Event, &Prompt, Option<&Recorded>)> {
        let done = self.offers_on(day).find(|(_, prompt, _)| self.done_of(day, prompt).is_some());
        done.or_else(|| self.unswapped_on(day).next())
    }

    fn offers_on(&self, day: Day) -> impl Iterator<Item = (&Event, &Prompt, Option<&Recorded>)> {
        self.on(day).iter().filter_map(|event| match &event.what {
            What::Offered { prompt, why, .. } => Some((event, prompt, why.as_ref())),
            _ => None,
        })
    }

    /// The day's offers that were not swapped that day, earliest first. A follow-up that was taken back is none.
    pub fn unswapped_on(&self, day: Day) -> impl Iterator<Item = (&Event, &Prompt, Option<&Recorded>)> {
        let swapped = self.swapped_on(day);
        let is_swapped = move |prompt: &Prompt| swapped.iter().any(|swapped| is_same(swapped, prompt));
        self.offers_on(day).filter(move |(_, prompt, _)| !is_swapped(prompt) && self.stands(prompt))
    }

    /// Whether a prompt that was offered on a day was shown whole, and not only at a glance.
    pub fn was_seen(&self, day: Day, prompt: &Prompt) -> bool {
        let shown = |event: &Event| matches!(&event.what, What::Offered { prompt: own, unseen: false, .. } if is_same(own, prompt));
        self.on(day).iter().any(shown)
    }

    /// Whether a prompt is a gesture, or a follow-up that was not taken back.
    fn stands(&self, prompt: &Prompt) -> bool {
        match prompt {
            Prompt::Gesture { .. } => true,
            Prompt::FollowUp { id, .. } => {
                self.plans.iter().any(|plan| plan.id == *id && matches!(plan.what, What::Remembered(_)))
            }
        }
    }

    /// What was swapped on a day, each once.
    pub fn swapped_on(&self, day: Day) -> Vec<&Prompt> {
        let mut prompts: Vec<&Prompt> = self
            .on(day)
            .iter()
            .filter_map(|event| match &event.what {
                What::Swapped { prompt, .. } => Some(prompt),
                _ => None,
            })
            .collect();
        prompts.sort_unstable_by_key(|prompt| prompt.id());
        prompts.dedup_by(|a, b| is_same(a, b));
        prompts
    }

    /// The `done` of a prompt on a day, if there is one.
    pub fn done_of(&self, day: Day, prompt: &Prompt) -> Option<(&Event, &Done)> {
        self.done_on(day).find(|(_, done)| done.prompt().is_some_and(|own| is_same(own, prompt)))
    }
}

/// Whether two prompts are of the same gesture or follow-up, whatever category and occurrence they name.
fn is_same(a: &Prompt, b: &Prompt) -> bool {
    match (a, b) {
        (Prompt::Gesture { id: a, .. }, Prompt::Gesture { id: b, .. }) => a == b,
        (Prompt::FollowUp { id: a, .. }, Prompt::FollowUp { id: b, .. }) => a == b,
        _ => false,
    }
}

fn dones(events: &[Event]) -> impl DoubleEndedIterator<Item = (&Event, &Done)> {
    events.iter().filter_map(|event| match &event.what {
        What::Done(done) => Some((event, done)),
        _ => None,
    })
}
