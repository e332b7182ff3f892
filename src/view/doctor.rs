//! What a look at the files found: file by file, what is wrong, and what to do about it.

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

/// How many of a kind are shown one by one.
const SHOWN: usize = 3;
/// How much of a line is shown, in columns.
const SNIPPET: usize = 40;

/// A file, and what was found in it.
#[derive(Serialize)]
pub struct File {
    /// Its name.
    pub file: String,
    /// Where it lies.
    pub path: String,
    /// Whether there is such a file.
    pub there: bool,
    /// In the order of its lines, then what concerns the file as a whole.
    pub findings: Vec<Found>,
}

/// One finding in words.
#[derive(Default, Serialize)]
pub struct Found {
    /// Counted from 1; `None` if it concerns the file as a whole.
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

/// What was found, and what `--fix` did, for `--json`.
pub fn json(files: &[File], fixed: &[String]) -> String {
    json::line(&Report { well: wrongs(files).next().is_none(), mended: fixed, files })
}

/// What needs fixing.
pub fn wrongs(files: &[File]) -> impl Iterator<Item = &Found> {
    files.iter().flat_map(|file| &file.findings).filter(|found| found.wrong)
}

/// What was found, file by file.
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

/// The findings in groups for which the same helps, in the order in which each group begins.
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

/// What `--fix` did, one thing a line.
pub fn fixed(fixed: &[String], theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.bold("Fixed:");
    for did in fixed {
        page.marked('●', &clean(did));
    }
    page.blank().finish()
}

/// A finding in a book.
pub fn found(finding: &Finding, book: Book, today: Day) -> Found {
    let name = book.file_name();
    let fix = |does: &str| Some(format!("`nudge doctor --fix` {does}"));
    let aside = || fix(&format!("moves what is not an event to `{name}.rejected`"));
    let (says, hint) = match finding {
        Finding::Bad { reason, text, .. } => (format!("{reason}: {}", snippet(text)), aside()),
        Finding::More { like, .. } => {
            let like = found(like, book, today);
            (format!("{}; and more like this", like.says), like.hint)
        }
        Finding::Ahead { day, written, .. } => (
            format!(
                "counts for {}, and was written before it, on {}",
                grammar::short_date(*day, today),
                grammar::short_date(*written, today)
            ),
            Some("a clock may have been wrong; correct `day` or `at` in the file".to_owned()),
        ),
        Finding::Torn { text, .. } => (format!("unfinished: {}", snippet(text)), aside()),
        Finding::Twice { first, same: true, .. } => {
            (format!("the same event as line {first}"), fix("keeps one of them"))
        }
        Finding::Twice { first, same: false, .. } => (
            format!("another version of the event in line {first}"),
            fix(&format!("keeps the one that counts, and moves the other to `{name}.rejected`")),
        ),
        Finding::Astray { day, .. } => (
            format!("out of order, so that {} may be read without it", grammar::short_date(*day, today)),
            fix("puts the lines in order"),
        ),
        Finding::Elsewhere { belongs, .. } => {
            (format!("belongs in `{}`, and is not counted here", belongs.file_name()), fix("moves what belongs there"))
        }
        Finding::CarriageReturns { lines: 1, .. } => {
            ("ends as lines do on Windows (CRLF)".to_owned(), fix("makes it a plain line end"))
        }
        Finding::CarriageReturns { lines, .. } => (
            format!("{} end as on Windows (CRLF), this one first", grammar::count(*lines, "line")),
            fix("makes them plain line ends"),
        ),
        Finding::Mark { .. } => ("begins with a byte order mark (BOM)".to_owned(), fix("takes it out")),
        Finding::Future { day, .. } => (
            format!("is for {}, which is still to come", grammar::short_date(*day, today)),
            Some("it counts from that day on; the clock may have been ahead".to_owned()),
        ),
        Finding::Early { written, .. } => (
            format!("was written on {}, which is still to come", grammar::short_date(*written, today)),
            Some("it counts; the clock was ahead".to_owned()),
        ),
        Finding::Shape { lines, events, .. } => (
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
        Finding::Gone { gestures } => {
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
        Finding::More { lines, .. } | Finding::Astray { lines, .. } => lines - 1,
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

/// The beginning of a line.
fn snippet(text: &str) -> String {
    let text = clean(text);
    if text.width() <= SNIPPET { text.into_owned() } else { format!("{}…", fitting(&text, SNIPPET)) }
}
