//! What is wrong with a book, or worth knowing, by line.

use std::collections::{BTreeSet, HashMap};

use crate::calendar::Day;
use crate::journal::merge::{is_blank, lines};
use crate::journal::{Book, Event, Line, What, bare, parse};

/// So many lines that are no event are told one by one.
const MOST: u32 = 1000;

/// One thing about a book. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A line that is no event: why, and its text.
    Bad { line: u64, reason: String, text: String },
    /// More such lines than are told one by one, and the first of them.
    MoreBad { line: u64, lines: u64 },
    /// An unfinished last line that is no event.
    Torn { line: u64, text: String },
    /// An event that stands in an earlier line too, the same or in another version.
    Twice { line: u64, first: u64, same: bool },
    /// An event so far behind later days that a reader going backward stops before it.
    Astray { line: u64, day: Day },
    /// An event of the other book, which is not counted in this one.
    Elsewhere { line: u64, belongs: Book },
    /// Lines that end as on another system.
    CarriageReturns { line: u64, lines: u64 },
    /// A byte order mark.
    Mark { line: u64 },
    /// An event of a day that is still to come.
    Future { line: u64, day: Day },
    /// Gestures that the catalogue no longer has.
    Gone { gestures: BTreeSet<String> },
}

impl Finding {
    /// Whether something is to be done about it; if not, it is only worth knowing.
    pub fn is_wrong(&self) -> bool {
        !matches!(self, Self::Future { .. } | Self::Gone { .. })
    }

    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Bad { line, .. }
            | Self::MoreBad { line, .. }
            | Self::Torn { line, .. }
            | Self::Twice { line, .. }
            | Self::Astray { line, .. }
            | Self::Elsewhere { line, .. }
            | Self::CarriageReturns { line, .. }
            | Self::Mark { line }
            | Self::Future { line, .. } => Some(*line),
            Self::Gone { .. } => None,
        }
    }
}

/// Looks at every line of a book. `reach` is how many bytes of earlier days on end a reader that goes
/// backward takes before it stops.
pub fn examine(book: Book, bytes: &[u8], today: Day, known: impl Fn(&str) -> bool, reach: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut gone = BTreeSet::new();
    let mut seen: HashMap<String, (u64, &[u8])> = HashMap::new();
    let mut events = Vec::new();
    let mut carriages: Option<(u64, u64)> = None;
    let (mut bad, mut more_bad) = (0, None);
    let mut number = 0;
    let mut lines = lines(bytes).peekable();
    while let Some(line) = lines.next() {
        number += 1;
        if line.starts_with(b"\xEF\xBB\xBF") {
            findings.push(Finding::Mark { line: number });
        }
        match parse(line) {
            Line::Event(event) => {
                if let Some((first, other)) = seen.get(&event.id) {
                    findings.push(Finding::Twice { line: number, first: *first, same: *other == bare(line) });
                } else {
                    seen.insert(event.id.clone(), (number, bare(line)));
                }
                if event.day > today {
                    findings.push(Finding::Future { line: number, day: event.day });
                }
                if let Some(belongs) = event.what.book().filter(|belongs| *belongs != book) {
                    findings.push(Finding::Elsewhere { line: number, belongs });
                }
                gone.extend(gesture(&event).filter(|id| !known(id)).map(str::to_owned));
                events.push((number, event.day, line.len() + 1));
            }
            Line::Passed => {}
            Line::Bad(reason) => {
                let text = || String::from_utf8_lossy(line).into_owned();
                if lines.peek().is_none() && !bytes.ends_with(b"\n") {
                    findings.push(Finding::Torn { line: number, text: text() });
                } else if bad < MOST {
                    bad += 1;
                    findings.push(Finding::Bad { line: number, reason, text: text() });
                } else {
                    let (first, so_far) = more_bad.unwrap_or((number, 0));
                    more_bad = Some((first, so_far + 1));
                }
                continue;
            }
        }
        if line.ends_with(b"\r") && !is_blank(line) {
            let (first, so_far) = carriages.unwrap_or((number, 0));
            carriages = Some((first, so_far + 1));
        }
    }
    findings.extend(carriages.map(|(line, lines)| Finding::CarriageReturns { line, lines }));
    findings.extend(more_bad.map(|(line, lines)| Finding::MoreBad { line, lines }));
    findings.extend(astray(&events, today, reach));
    findings.sort_by_key(|finding| finding.line().unwrap_or(u64::MAX));
    if !gone.is_empty() {
        findings.push(Finding::Gone { gestures: gone });
    }
    findings
}

fn gesture(event: &Event) -> impl Iterator<Item = &str> {
    match &event.what {
        What::Offered { prompt, .. } | What::Swapped { prompt } => Some(prompt.gesture.as_str()),
        What::Done(done) => done.gesture.as_deref(),
        What::Undone { .. } | What::Rest { .. } => None,
    }
    .into_iter()
}

/// The events that a reader from their day on does not reach: those with `reach` bytes of earlier days
/// between them and the next event of their day or a later one. Each event is its line, day and bytes.
fn astray(events: &[(u64, Day, usize)], today: Day, reach: usize) -> Vec<Finding> {
    let mut found = Vec::new();
    // From the end: the events behind which no later day stands, each with the bytes from it to the end.
    let mut ahead: Vec<(Day, usize)> = Vec::new();
    let mut after = 0;
    for (line, day, length) in events.iter().rev() {
        while ahead.last().is_some_and(|(later, _)| later < day) {
            ahead.pop();
        }
        let between = after - ahead.last().map_or(0, |(_, from)| *from);
        if between >= reach && *day <= today {
            found.push(Finding::Astray { line: *line, day: *day });
        }
        after += length;
        ahead.push((*day, after));
    }
    found
}

/// Whether a file's name is what file-sync tools give to the copy of a book that they could not settle:
/// `journal.sync-conflict-….jsonl` (Syncthing), `journal (Ada's conflicted copy 2026-11-22).jsonl`
/// (Dropbox, Nextcloud), `journal_conflict-….jsonl` (ownCloud), `journal 2.jsonl` (iCloud),
/// `journal (1).jsonl` (Google Drive).
pub fn is_conflict_copy(name: &str, book: Book) -> bool {
    let whole = book.file_name();
    let stem = whole.strip_suffix(".jsonl").unwrap_or(whole);
    let Some(middle) = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(".jsonl")) else {
        return false;
    };
    let numbered = middle.strip_prefix(' ').is_some_and(|number| {
        let bare = number.strip_prefix('(').and_then(|number| number.strip_suffix(')')).unwrap_or(number);
        !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())
    });
    numbered || middle.to_lowercase().contains("conflict")
}

/// Whether a file's name is that of a new `file` whose swap was interrupted: `.journal.jsonl.Zk40vVw1Rt.new`.
pub fn is_unfinished_swap(name: &str, file: &str) -> bool {
    name.strip_prefix(&format!(".{file}.")).and_then(|rest| rest.strip_suffix(".new")).is_some_and(is_id)
}

/// Whether a file's name is that of a copy of the journal that was made for an editor: `journal-Zk40vVw1Rt.jsonl`.
/// One of digits alone is a day that someone gave to a copy.
pub fn is_copy_for_an_editor(name: &str) -> bool {
    let id = name.strip_prefix("journal-").and_then(|rest| rest.strip_suffix(".jsonl"));
    id.is_some_and(|id| is_id(id) && !id.bytes().all(|byte| byte.is_ascii_digit()))
        && !is_conflict_copy(name, Book::Journal)
}

fn is_id(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests;
