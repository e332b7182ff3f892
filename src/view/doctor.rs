//! The report of the doctor: file by file, what is wrong, and what to do about it.

use std::collections::HashMap;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::page::{INSET, Page, fitting};
use super::theme::{DIM, GOOD, PLAIN, Theme};
use super::{grammar, json};
use crate::calendar::Day;
use crate::journal::Book;
use crate::journal::examine::Finding;
use crate::safe_text::clean;

/// How many findings of a kind are shown one by one.
const SHOWN: usize = 3;
/// How much of a bad line is shown, in columns.
const SNIPPET: usize = 40;

/// A file, and what was found in it.
#[derive(Serialize)]
pub struct File {
    /// Its name.
    pub file: String,
    /// Its path.
    pub path: String,
    /// Whether the file exists.
    pub there: bool,
    /// The findings in the order of its lines, then those that concern the file as a whole.
    pub findings: Vec<Found>,
}

/// One finding in words.
#[derive(Default, Serialize)]
pub struct Found {
    /// The line, counted from 1; `None` if it concerns the file as a whole.
    pub line: Option<u64>,
    /// How many more lines have the same fault; each counts as a finding of its own.
    pub more_lines: u64,
    /// Whether it needs fixing; if not, it is only worth knowing.
    pub wrong: bool,
    /// A phrase without a full stop.
    pub says: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// A command to paste, quoted for a shell.
    pub command: Option<String>,
    /// Whether `nudge doctor --fix` fixes it.
    pub fixable: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    well: bool,
    /// What `--fix` did.
    mended: &'a [String],
    files: &'a [File],
}

/// The findings, and what `--fix` did, as JSON.
pub fn json(files: &[File], fixed: &[String]) -> String {
    json::line(&Report { well: wrongs(files).next().is_none(), mended: fixed, files })
}

/// The findings that need fixing.
pub fn wrongs(files: &[File]) -> impl Iterator<Item = &Found> {
    files.iter().flat_map(|file| &file.findings).filter(|found| found.wrong)
}

/// The findings, file by file.
pub fn report(files: &[File], theme: Theme) -> String {
    let mut page = Page::new(theme);
    for file in files {
        page.bold(&file.file).dim(&clean(&file.path));
        findings(&mut page, file);
        page.blank();
    }
    if wrongs(files).next().is_none() {
        page.good("● All is well.");
    }
    page.finish()
}

fn findings(page: &mut Page, file: &File) {
    if file.findings.is_empty() {
        let (style, says) = if file.there { (GOOD, "● nothing to fix") } else { (DIM, "· not there yet") };
        page.at(INSET, style, says);
    }
    for of_kind in by_hint(&file.findings) {
        for found in of_kind.iter().take(SHOWN) {
            let line = found.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            page.marked(if found.wrong { '!' } else { '·' }, &format!("{line}{}", clean(&found.says)));
        }
        let more: u64 = of_kind.iter().skip(SHOWN).map(|found| 1 + found.more_lines).sum();
        if more > 0 {
            let has_lines = of_kind[0].line.is_some();
            let more = if has_lines { grammar::count(more, "more line") } else { format!("{more} more") };
            page.at(INSET + 2, PLAIN, &format!("and {more} like this"));
        }
        if let Some(hint) = &of_kind[0].hint {
            page.at(INSET + 2, DIM, &format!("{}.", grammar::capitalised(&clean(hint))));
        }
        // What is to be pasted is never broken.
        for command in of_kind.iter().take(SHOWN).filter_map(|found| found.command.as_ref()) {
            page.line(INSET + 4, PLAIN, &clean(command));
        }
    }
}

/// The findings grouped by their hint, in the order in which each group begins.
fn by_hint(findings: &[Found]) -> Vec<Vec<&Found>> {
    let mut places: HashMap<&Option<String>, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Found>> = Vec::new();
    for found in findings {
        let place = *places.entry(&found.hint).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(found);
    }
    groups
}

/// What `--fix` did, one item a line.
pub fn fixed(fixed: &[String], theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold("Fixed:");
    for did in fixed {
        page.marked('●', &clean(did));
    }
    page.blank().finish()
}

/// A finding in a book, in words.
pub fn found(finding: &Finding, book: Book, today: Day) -> Found {
    let name = book.file_name();
    let fix = |does: &str| Some(format!("`nudge doctor --fix` {does}"));
    let aside = || fix(&format!("moves what is not an event to `{name}.rejected`"));
    let (says, hint) = match finding {
        Finding::NotAnEvent { reason, text, .. } => (format!("{reason}: {}", snippet(text)), aside()),
        Finding::More { like, .. } => {
            let like = found(like, book, today);
            (format!("{}; and more like this", like.says), like.hint)
        }
        Finding::AheadOfWriting { day, written, .. } => (
            format!(
                "counts for {}, but was written earlier, on {}",
                grammar::short_date(*day, today),
                grammar::short_date(*written, today)
            ),
            Some("a clock may have been wrong; correct `day` or `at` in the file".to_owned()),
        ),
        Finding::Unfinished { text, .. } => (format!("unfinished: {}", snippet(text)), aside()),
        Finding::Duplicate { first, same: true, .. } => {
            (format!("the same event as line {first}"), fix("keeps one of them"))
        }
        Finding::Duplicate { first, same: false, .. } => (
            format!("another version of the event in line {first}"),
            fix(&format!("keeps the one that counts, and moves the other to `{name}.rejected`")),
        ),
        Finding::OutOfOrder { day, .. } => (
            format!("out of order, so {} may be read without it", grammar::short_date(*day, today)),
            fix("puts the lines in order"),
        ),
        Finding::WrongBook { belongs, .. } => {
            (format!("belongs in `{}` and is not counted here", belongs.file_name()), fix("moves what belongs there"))
        }
        Finding::CarriageReturns { lines: 1, .. } => {
            ("has a Windows line ending (CRLF)".to_owned(), fix("makes it a plain line ending"))
        }
        Finding::CarriageReturns { lines, .. } => (
            format!("the first of {} with Windows line endings (CRLF)", grammar::count(*lines, "line")),
            fix("makes them plain line endings"),
        ),
        Finding::ByteOrderMark { .. } => ("begins with a byte order mark (BOM)".to_owned(), fix("removes it")),
        Finding::Future { day, .. } => (
            format!("is for {}, which is still to come", grammar::short_date(*day, today)),
            Some("it counts from that day on; the clock may have been ahead".to_owned()),
        ),
        Finding::WrittenInFuture { written, .. } => (
            format!("was written on {}, which is still to come", grammar::short_date(*written, today)),
            Some("it counts; the clock was ahead".to_owned()),
        ),
        Finding::NotOnePerLine { lines, events, .. } => (
            format!(
                "{} {} {} in another shape, this one first: spread over lines, in a list, or several on a line",
                grammar::count(*lines, "line"),
                if *lines == 1 { "holds" } else { "hold" },
                grammar::count(*events, "event")
            ),
            fix("writes each on a line of its own"),
        ),
        Finding::NoEvents { lines } => (
            format!("not one of its {} is an event, so it is left as it is", grammar::count(*lines, "line")),
            Some(format!(
                "if it is no `{name}`, move it out of the way; `nudge merge FILE` brings back what a copy of yours holds"
            )),
        ),
        Finding::Empty => (
            "is empty".to_owned(),
            Some(
                "if it held something, `nudge merge FILE` brings back what a copy of yours holds; if not, delete it"
                    .to_owned(),
            ),
        ),
        Finding::Utf16 => (
            "is written in UTF-16, and left as it is".to_owned(),
            Some("save it as UTF-8 with the program that wrote it so".to_owned()),
        ),
        Finding::UnknownGestures { gestures } => {
            let ids: Vec<String> = gestures.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
            let more = gestures.len().saturating_sub(SHOWN);
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            (
                format!("entries name {}{more}, which the catalogue no longer has", grammar::list(&ids)),
                Some("they count as before".to_owned()),
            )
        }
    };
    let more_lines = match finding {
        Finding::More { lines, .. } | Finding::OutOfOrder { lines, .. } => lines - 1,
        _ => 0,
    };
    Found {
        line: finding.line(),
        more_lines,
        wrong: finding.is_wrong(),
        says,
        hint,
        fixable: finding.is_fixable(),
        ..Found::default()
    }
}

/// The beginning of a bad line.
fn snippet(text: &str) -> String {
    let text = clean(text);
    if text.width() <= SNIPPET { text.into_owned() } else { format!("{}…", fitting(&text, SNIPPET)) }
}
