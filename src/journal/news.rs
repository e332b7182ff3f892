//! What one state of both books has that another has not, as a person would count it.

use std::collections::{BTreeSet, HashSet};
use std::ops::AddAssign;

use super::settle::number;
use super::{Event, Line, What, lines, parse, read_head};
use crate::ids::EventId;

/// Both books as bytes, the journal first.
pub type Texts<'t> = [Option<&'t [u8]>; 2];

/// What is new, by what a person put there. Offers and swaps are the program's, and are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// What was done or rested, and not taken back.
    pub entries: usize,
    /// What somebody is to be asked.
    pub follow_ups: usize,
    /// What changes something that was there before: amendments, what was taken back or erased, new names.
    pub changes: usize,
}

impl News {
    /// What `there` has that `here` has not.
    pub fn new(here: Texts<'_>, there: Texts<'_>) -> Self {
        let mut known: HashSet<u64> = HashSet::new();
        each(here, |line| {
            // What is not an event has no id.
            let _ = read_head(line, |head| known.insert(number(head.id)));
        });
        let mut events: Vec<Event> = Vec::new();
        each(there, |line| {
            let is_new = read_head(line, |head| known.insert(number(head.id)));
            if let (Ok(true), Line::Event(event)) = (is_new, parse(line)) {
                events.push(event);
            }
        });
        Self::of(&events)
    }

    fn of(events: &[Event]) -> Self {
        let ids: HashSet<&EventId> = events.iter().map(|event| &event.id).collect();
        let undone: HashSet<&EventId> = events.iter().filter_map(taken_back).collect();
        let mut news = Self::default();
        for event in events {
            // What was logged and taken back, or logged and corrected, is no more than what is left of it.
            let is_about_new = taken_back(event).or_else(|| event.amends()).is_some_and(|id| ids.contains(id));
            if is_about_new || undone.contains(&event.id) {
                continue;
            }
            match &event.what {
                What::Offered { .. } | What::Swapped { .. } => {}
                What::Done(done) if done.amends.is_none() => news.entries += 1,
                What::Rest { .. } => news.entries += 1,
                What::Remembered(_) => news.follow_ups += 1,
                What::Done(_) | What::Undone { .. } | What::Erased | What::Renamed { .. } => news.changes += 1,
            }
        }
        news
    }

    /// All of it together.
    pub fn total(&self) -> usize {
        self.entries + self.follow_ups + self.changes
    }
}

impl AddAssign for News {
    fn add_assign(&mut self, more: Self) {
        self.entries += more.entries;
        self.follow_ups += more.follow_ups;
        self.changes += more.changes;
    }
}

fn taken_back(event: &Event) -> Option<&EventId> {
    match &event.what {
        What::Undone { of } => Some(of),
        _ => None,
    }
}

fn each(texts: Texts<'_>, take: impl FnMut(&[u8])) {
    texts.into_iter().flatten().flat_map(lines).for_each(take);
}

/// Whether `kept` holds an event with an id of its own that neither book has here. None of our commands takes one out:
/// a file was lost, or an old copy put back.
pub fn is_missing(here: Texts<'_>, kept: &[u8]) -> bool {
    let mut known: HashSet<u64> = HashSet::new();
    each(here, |line| {
        let _ = read_head(line, |head| known.insert(number(head.id)));
    });
    lines(kept).map(super::bare).any(|line| {
        // What was written by hand without an id is another event once it is edited.
        read_head(line, |head| head.id.as_bytes() != line && !known.contains(&number(head.id))).unwrap_or(false)
    })
}

/// The lines of a book that were taken out of it on one side since both were the same, of those that no id stands for:
/// what is not an event, and what was written by hand without one. A merge would bring them back.
pub fn taken_out(base: &[u8], here: &[u8], there: &[u8]) -> BTreeSet<Vec<u8>> {
    let all = |text| lines(text).map(super::bare).collect::<HashSet<&[u8]>>();
    let (here, there) = (all(here), all(there));
    let mut gone: BTreeSet<Vec<u8>> = BTreeSet::new();
    for line in lines(base).map(super::bare) {
        let is_nameless = match parse(line) {
            Line::Bad(_) => true,
            Line::Event(event) => event.id.as_bytes() == line,
            // A newer version knows it.
            Line::Passed => false,
        };
        if is_nameless && !(here.contains(line) && there.contains(line)) {
            gone.insert(line.to_vec());
        }
    }
    gone
}

/// Whether something that stands in `here` was erased in `there`, where it has the same id.
pub fn has_erased(here: Texts<'_>, there: Texts<'_>) -> bool {
    let mut erased: HashSet<EventId> = HashSet::new();
    each(there, |line| {
        // Most are not, and need not be parsed.
        if memchr::memmem::find(line, b"\"erased\"").is_some()
            && let Line::Event(event) = parse(line)
            && is_erased(&event)
        {
            erased.insert(event.id);
        }
    });
    let mut has = false;
    if !erased.is_empty() {
        each(here, |line| {
            has |= matches!(parse(line), Line::Event(event) if !is_erased(&event) && erased.contains(&event.id));
        });
    }
    has
}

fn is_erased(event: &Event) -> bool {
    match &event.what {
        What::Done(done) => done.erased,
        what => *what == What::Erased,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, rest: &str) -> String {
        format!("{{\"id\":\"{id}\",\"day\":\"2026-11-22\",{rest}}}\n")
    }

    fn done(id: &str) -> String {
        line(id, r#""event":"done","category":"tone""#)
    }

    #[test]
    fn what_a_person_put_there_is_counted() {
        #[track_caller]
        fn check(here: &[String], there: &[String], expected: [usize; 3]) {
            let (here, there) = (here.concat(), there.concat());
            let News { entries, follow_ups, changes } =
                News::new([Some(here.as_bytes()), None], [None, Some(there.as_bytes())]);
            assert_eq!([entries, follow_ups, changes], expected, "{there}");
        }
        let offered = line("o", r#""event":"offered","gesture":"g","category":"tone""#);
        let rest = line("r", r#""event":"rest","from":"2026-11-22","until":"2026-11-22""#);
        let asked = line("f", r#""event":"remembered","who":"Sam","what":"x","on":"2026-11-26""#);
        let back = |of: &str| line("u", &format!(r#""event":"undone","of":"{of}""#));
        let amended = |of: &str| line("m", &format!(r#""event":"done","category":"tone","amends":"{of}""#));
        check(&[], &[], [0, 0, 0]);
        check(&[], &[done("a"), done("b"), offered, rest, asked, "bad\n".to_owned()], [3, 1, 0]);
        check(&[done("a")], &[done("a"), done("a")], [0, 0, 0]);
        check(&[], &[done("a"), done("a")], [1, 0, 0]);
        check(&[], &[done("a"), back("a")], [0, 0, 0]);
        check(&[done("a")], &[back("a")], [0, 0, 1]);
        check(&[], &[done("a"), amended("a")], [1, 0, 0]);
        check(&[done("a")], &[amended("a")], [0, 0, 1]);
        check(&[done("a")], &[line("e", r#""event":"erased""#)], [0, 0, 1]);
    }

    #[test]
    fn what_was_erased_elsewhere_is_known() {
        #[track_caller]
        fn check(here: &str, there: &str, expected: bool) {
            assert_eq!(has_erased([Some(here.as_bytes()), None], [Some(there.as_bytes()), None]), expected, "{there}");
        }
        let named = line("a", r#""event":"done","category":"tone","with":["Sam"]"#);
        let without = line("a", r#""event":"done","category":"tone","erased":true"#);
        let asked = line("f", r#""event":"remembered","who":"Sam","what":"x","on":"2026-11-26""#);
        let gone = line("f", r#""event":"erased""#);
        check(&named, &without, true);
        check(&asked, &gone, true);
        check(&without, &named, false);
        check(&without, &without, false);
        check(&named, &named, false);
        // It never was here.
        check(&named, &gone, false);
        check("", &without, false);
    }

    #[test]
    fn an_event_that_is_missing_is_told_from_one_that_was_edited() {
        #[track_caller]
        fn check(here: [&str; 2], kept: &str, expected: bool) {
            assert_eq!(is_missing(here.map(|text| Some(text.as_bytes())), kept.as_bytes()), expected, "{here:?}");
        }
        let nameless = "{\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"tone\"}\n";
        let erased = line("a", r#""event":"erased""#);
        check([&done("a"), ""], &done("a"), false);
        check(["", &done("a")], &done("a"), false);
        check([&erased, ""], &done("a"), false);
        check(["", ""], &done("a"), true);
        check(["", ""], nameless, false);
        check(["", ""], "bad\n", false);
    }

    #[test]
    fn what_was_taken_out_on_one_side_is_known() {
        let nameless = r#"{"day":"2026-11-22","event":"done","category":"tone"}"#;
        let newer = r#"{"id":"n","day":"2026-11-22","event":"sung"}"#;
        let base = format!("bad\n<<<<<<< HEAD\n{nameless}\n{newer}\n{}", done("a"));
        let gone = taken_out(base.as_bytes(), b"bad\n", base.as_bytes());
        let expected = ["<<<<<<< HEAD", nameless].map(|line| line.as_bytes().to_vec());
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(taken_out(base.as_bytes(), base.as_bytes(), base.as_bytes()), BTreeSet::new());
    }
}
