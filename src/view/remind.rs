//! The reminder in words: as a notification, and what is set up for it.

use chrono::NaiveTime;
use serde::Serialize;

use super::card::{self, Subject};
use super::{grammar, json, people};
use crate::calendar::Day;
use crate::safe_text::clean;
use crate::schedule::hour;

/// What stands above a reminder.
pub const TITLE: &str = "Today's nudge";

/// The hour that is suggested to those who have not chosen one.
pub const SUGGESTED: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(nine) => nine,
    None => NaiveTime::MIN,
};

/// A prompt as a notification. Others may look on, so nobody is named.
pub fn text(subject: Subject<'_>) -> String {
    match subject {
        Subject::Gesture(gesture) => card::sentence(gesture),
        Subject::Gone(id) => clean(id).into_owned(),
        Subject::FollowUp(_) | Subject::TakenBack => format!("{}: nudge", people::SOMEBODY),
    }
}

/// The answer to `--at`.
pub fn set_up(at: NaiveTime, by: &str) -> String {
    format!("You'll be reminded every day at {}, by {by}, unless you've done the day's gesture by then.", hour(at))
}

/// What is set up, and when it last came.
pub fn status(at: NaiveTime, by: &str, last: Option<Day>, today: Day) -> String {
    let last = last.map(|last| format!(" The last reminder was {}.", on(last, today))).unwrap_or_default();
    format!("You're reminded every day at {}, by {by}.{last}", hour(at))
}

/// "today", "yesterday", "on Thu 26 Nov".
fn on(day: Day, today: Day) -> String {
    let date = grammar::near_date(day, today);
    if date.contains(' ') { format!("on {date}") } else { date }
}

/// What is set up otherwise than it would be now.
pub fn outdated(by: &str) -> String {
    format!(
        "A reminder by {by} is set up, but it has fallen out of step: the hour in your config is another one, nudge or \
         its files have moved, or it was turned off. To set it up again:"
    )
}

/// The hour, who calls nudge, and the day of the latest reminder, as JSON.
pub fn json(at: Option<NaiveTime>, by: Option<&str>, last: Option<Day>) -> String {
    #[derive(Serialize)]
    struct Shape<'a> {
        at: Option<String>,
        by: Option<&'a str>,
        last: Option<Day>,
    }
    json::line(&Shape { at: at.map(hour), by, last })
}

/// A part of what is set up.
#[derive(Serialize)]
pub struct Piece {
    /// The file that it is; `None` for the lines of a crontab.
    pub path: Option<String>,
    /// All of it.
    pub text: String,
}

/// What would be set up, each part under its path, and as it would be written: it is for pasting.
pub fn pieces(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match &piece.path {
        Some(path) => format!("# {}\n{}", clean(path), piece.text),
        None => piece.text.clone(),
    };
    pieces.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The same as JSON.
pub fn pieces_json(at: NaiveTime, by: Option<&str>, pieces: &[Piece]) -> String {
    #[derive(Serialize)]
    struct Shape<'a> {
        at: String,
        by: Option<&'a str>,
        pieces: &'a [Piece],
    }
    json::line(&Shape { at: hour(at), by, pieces })
}
