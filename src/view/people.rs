//! What is said of people: what to ask them about, and who waits.

use super::grammar;
use super::page::{INSET, MARGIN, Page};
use super::theme::{DIM, PLAIN, Theme};
use crate::calendar::{self, Day};
use crate::journal::{Every, FollowUp};
use crate::people::{Known, Question};
use crate::safe_text::{clean, shell_word};

/// Where others may look on, nobody is named.
pub const SOMEBODY: &str = "Somebody to ask after today";

/// The question as the card has it: "Ask Sam about it: presentation to the board.", of a date "Ada: birthday, today."
pub fn question(question: &Question, today: Day) -> String {
    let FollowUp { who, what, every, .. } = &question.follow_up;
    let (who, what) = (clean(who), clean(what));
    let what = what.trim_end_matches('.');
    if *every == Some(Every::Year) {
        return format!("{who}: {what}, {}.", on(question.occurrence, today));
    }
    let end = if what.ends_with(['?', '!']) { "" } else { "." };
    format!("Ask {who} about it: {what}{end}")
}

/// "19 November": of a day some while ago its weekday says nothing.
pub fn date(day: Day, today: Day) -> String {
    let date = grammar::long_date(day, today);
    date.split_once(' ').map_or(date.clone(), |(_, date)| date.to_owned())
}

/// "today", "on Thu 26 Nov".
pub fn on(day: Day, today: Day) -> String {
    match grammar::near_date(day, today) {
        date if date == grammar::short_date(day, today) => format!("on {date}"),
        near => near,
    }
}

/// Those who wait beside the day's prompt: "Also waiting: Ada (the move), and one more."
pub fn also_waiting(waiting: &[Question]) -> Option<String> {
    let (first, others) = waiting.split_first()?;
    let FollowUp { who, what, .. } = &first.follow_up;
    let more = match others.len() {
        0 => String::new(),
        1 => ", and one more".to_owned(),
        number => format!(", and {number} more"),
    };
    Some(format!("Also waiting: {} ({}){more}.", clean(who), clean(what)))
}

/// A follow-up in a few words: "presentation to the board", "birthday, every year".
pub fn follow_up(follow_up: &FollowUp) -> String {
    let every = follow_up.every.map(|every| format!(", every {}", every.word())).unwrap_or_default();
    format!("{}{every}", clean(&follow_up.what))
}

/// A follow-up and when it is asked next: "Sam: the move, on Thu 26 Nov"; of one that was asked and not answered since
/// when it waits.
pub fn planned(who: &str, follow_up: &FollowUp, next: Option<Day>, today: Day) -> String {
    format!("{}: {}", clean(who), planned_what(follow_up, next, today))
}

fn planned_what(follow_up: &FollowUp, next: Option<Day>, today: Day) -> String {
    let when = next.map_or_else(|| format!("since {}", date(follow_up.on, today)), |day| on(day, today));
    format!("{}, {when}", self::follow_up(follow_up))
}

/// "Sma is called Sam"
pub fn renamed(from: &str, to: &str) -> String {
    format!("{} is called {}", clean(from), clean(to))
}

/// When it will be asked: "I'll ask on Thu 26 Nov."
pub fn asked_on(day: Day, every: Option<Every>, today: Day) -> String {
    let every = every.map(|every| format!(", and every {}", every.word())).unwrap_or_default();
    format!("I'll ask {}{every}.", on(day, today))
}

/// Of a new name that may be a slip: "New: Sma. Did you mean Sam? `nudge people rename Sma Sam`"
pub fn slip(new: &str, known: &str) -> String {
    let (new, known) = (clean(new), clean(known));
    format!("New: {new}. Did you mean {known}? `nudge people rename {} {}`", shell_word(&new), shell_word(&known))
}

/// A person as the list has them.
pub struct Person<'a> {
    /// Their name.
    pub who: &'a str,
    /// Their gestures, if there are any.
    pub known: Option<&'a Known>,
    /// What is to be asked, the first first.
    pub follow_ups: Vec<Planned<'a>>,
}

/// A follow-up that is open, and when it is asked next; `None` where it was asked and not answered.
#[derive(Clone, Copy)]
pub struct Planned<'a> {
    /// Its id.
    pub id: &'a str,
    /// What was noted.
    pub follow_up: &'a FollowUp,
    /// When it is asked next.
    pub next: Option<Day>,
}

/// After so many days somebody was there a while ago.
const LATELY: i64 = 28;

/// Everybody, in three groups: who waits, who was there lately, who a while ago.
pub fn list(people: &[Person<'_>], today: Day, theme: Theme) -> String {
    let is_lately =
        |person: &Person<'_>| person.known.is_some_and(|known| calendar::days_between(known.last, today) <= LATELY);
    let (waiting, others): (Vec<&Person<'_>>, Vec<&Person<'_>>) =
        people.iter().partition(|person| !person.follow_ups.is_empty());
    let (lately, earlier): (Vec<&Person<'_>>, Vec<&Person<'_>>) = others.into_iter().partition(|who| is_lately(who));
    let has_waiting = !waiting.is_empty();
    let mut page = Page::new(theme);
    for (heading, group) in [("Waiting", waiting), ("Lately", lately), ("A while ago", earlier)] {
        if group.is_empty() {
            continue;
        }
        if !page.is_empty() {
            page.blank();
        }
        page.bold(heading);
        for person in group {
            let mut parts = vec![clean(person.who).into_owned()];
            if let Some(known) = person.known {
                parts.push(grammar::long_ago(known.last, today));
                parts.push(grammar::count(known.done, "gesture"));
            }
            page.at(INSET, PLAIN, &parts.join(" · "));
            follow_ups(&mut page, INSET + 2, &person.follow_ups, today);
        }
    }
    if has_waiting {
        page.blank();
        answers(&mut page);
    }
    page.finish()
}

/// Open follow-ups, each with its id.
fn follow_ups(page: &mut Page, indent: usize, planned: &[Planned<'_>], today: Day) {
    for Planned { id, follow_up, next } in planned {
        page.at(indent, DIM, &format!("○ {} · {}", planned_what(follow_up, *next, today), clean(id)));
    }
}

fn answers(page: &mut Page) {
    page.dim("`nudge done ID` says that you asked, `nudge undo ID` forgets it.");
}

/// What waits of one person, under their story.
pub fn waiting(planned: &[Planned<'_>], today: Day, theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold("Waiting");
    follow_ups(&mut page, MARGIN, planned, today);
    answers(&mut page);
    page.finish()
}

/// What is to be erased: "Sam is named in 7 entries and 1 plan."
pub fn to_erase(who: &str, entries: usize, plans: usize) -> String {
    format!("{} is named in {}.", clean(who), counted(entries, plans))
}

/// What was erased.
pub fn erased(entries: usize, plans: usize) -> String {
    match (entries, plans) {
        (0, plans) => format!("Erased: {}.", grammar::count(plans, "plan")),
        (entries, 0) => format!("Erased. The name is gone from {}, which count as before.", counted(entries, 0)),
        (entries, plans) => {
            format!("Erased. The name is gone from {}. What you did counts as before.", counted(entries, plans))
        }
    }
}

/// Where the name goes next, and where it stays.
pub const ERASED_BY_SYNC: &str = "The next `nudge sync` on each of your machines takes it out of the files there. What was \
     sent before stays in git's history, here and at the remote.";

fn counted(entries: usize, plans: usize) -> String {
    let lines = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    match (entries, plans) {
        (_, 0) => lines,
        (0, plans) => grammar::count(plans, "plan"),
        _ => format!("{lines} and {}", grammar::count(plans, "plan")),
    }
}

/// A date out of an address book: "Ada: birthday, on Mon 12 Apr 2027".
pub fn dated(date: &FollowUp, next: Day, today: Day) -> String {
    format!("{}: {}, {}", clean(&date.who), clean(&date.what), on(next, today))
}

/// How many dates came out of an address book.
pub fn imported(dates: usize, is_trial: bool) -> String {
    let number = grammar::count(dates, "date");
    match (dates, is_trial) {
        (0, _) => "Nothing new: whatever has a date is noted already.".to_owned(),
        (_, true) => format!("{number}, to be asked every year. Nothing is noted yet: leave `--dry-run` out for that."),
        (_, false) => {
            format!("Noted: {number}, asked every year. `nudge people` shows them; `nudge undo ID` takes one out.")
        }
    }
}
