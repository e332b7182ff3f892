//! A person taken out of an event for good: of what was done the rest stays, a follow-up or a new name goes whole.

use super::{People, key};
use crate::journal::{Done, Event, FollowUp, What};

/// From here on scripts put no space between words.
const WITHOUT_SPACES: char = '\u{2E80}';

/// Whom to take out.
#[derive(Debug)]
pub struct Erasure {
    people: People,
    person: String,
    /// All names that the person has or had, as [`key`] writes them.
    names: Vec<String>,
}

impl Erasure {
    /// Takes out the person of a name, by all names that `people` know for them.
    pub fn new(people: People, who: &str) -> Self {
        let person = people.person(who);
        let former = people.renamed.keys().filter(|name| people.person(name) == person).cloned();
        let names = former.chain([person.clone(), key(who)]).collect();
        Self { people, person, names }
    }

    fn is_theirs(&self, name: &str) -> bool {
        self.people.person(name) == self.person
    }

    /// Whether a text holds the name, as a word of its own.
    pub fn is_named_in(&self, text: &str) -> bool {
        let text = key(text);
        self.names.iter().any(|name| holds(&text, name))
    }

    /// What of an event is no name and holds one: a note, or what somebody else is to be asked.
    pub fn text_of<'e>(&self, event: &'e Event) -> Option<&'e str> {
        let text = match &event.what {
            What::Done(done) => done.note.as_deref()?,
            What::Remembered(FollowUp { who, what, .. }) if !self.is_theirs(who) => what,
            _ => return None,
        };
        self.is_named_in(text).then_some(text)
    }

    /// The event without the person, if it names them; texts that hold the name go where that was asked for.
    pub fn erased(&self, event: &Event, with_texts: bool) -> Option<Event> {
        let has_text = with_texts && self.text_of(event).is_some();
        let what = match &event.what {
            What::Done(done) => {
                let with: Vec<String> = done.with.iter().filter(|name| !self.is_theirs(name)).cloned().collect();
                if with.len() == done.with.len() && !has_text {
                    return None;
                }
                let note = done.note.clone().filter(|_| !has_text);
                What::Done(Done { with, note, erased: true, ..done.clone() })
            }
            What::Remembered(follow_up) if has_text || self.is_theirs(&follow_up.who) => What::Erased,
            What::Renamed { from, to } if self.is_theirs(from) || self.is_theirs(to) => What::Erased,
            _ => return None,
        };
        Some(Event { what, ..event.clone() })
    }
}

/// Whether a text holds a name, both as [`key`] writes them.
fn holds(text: &str, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let is_loose = name.chars().any(|c| c >= WITHOUT_SPACES);
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        is_loose || ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word() {
        #[track_caller]
        fn check(text: &str, name: &str, expected: bool) {
            assert_eq!(Erasure::new(People::default(), name).is_named_in(text), expected, "{text} {name}");
        }
        check("sam, again", "Sam", true);
        check("Sam's move", "Sam", true);
        check("the same", "Sam", false);
        check("with Aunt  May", "aunt may", true);
        check("ZOE\u{308}!", "Zoë", true);
        check("昨日村上さんと", "村上", true);
    }
}
