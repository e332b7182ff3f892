//! What a look at the files found: file by file, what is wrong, and what to do about it.

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::card::lines;
use super::messages;
use super::theme::{self, Theme};
use crate::calendar::Day;
use crate::journal::examine::Finding;
use crate::journal::{Book, to_json};
use crate::safe_text::clean;

const MARGIN: usize = 2;
const INSET: usize = 4;
/// How many of a kind are shown one by one.
const SHOWN: usize = 3;
/// How much of a line is shown, in columns.
const SNIPPET: usize = 40;

/// One file and what was found in it.
#[derive(Serialize)]
pub struct File {
    pub file: String,
    pub path: String,
    pub there: bool,
    pub findings: Vec<Found>,
}

/// One finding in words.
#[derive(Default, Serialize)]
pub struct Found {
    pub line: Option<u64>,
    /// For how many more lines it stands, each as good as a finding of its own.
    pub more_lines: u64,
    /// Whether it has to be mended; if not, it is only worth knowing.
    pub wrong: bool,
    /// A phrase without a full stop.
    pub says: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether `nudge doctor --fix` mends it.
    pub fixable: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    well: bool,
    mended: &'a [String],
    files: &'a [File],
}

pub fn json(files: &[File], mended: &[String]) -> String {
    to_json(&Report { well: wrongs(files).next().is_none(), mended, files }) + "\n"
}

pub fn wrongs(files: &[File]) -> impl Iterator<Item = &Found> {
    files.iter().flat_map(|file| &file.findings).filter(|found| found.wrong)
}

pub fn report(files: &[File], theme: Theme) -> String {
    let mut text = String::new();
    for file in files {
        text += &lines(theme.wrap(&file.file, MARGIN), theme::bold);
        text += &lines(theme.wrap(&clean(&file.path), MARGIN), theme::dim);
        text += &findings(file, theme);
        text.push('\n');
    }
    if wrongs(files).next().is_none() {
        text += &lines(theme.wrap("● All is well.", MARGIN), theme::good);
    }
    theme.finish(text)
}

fn findings(file: &File, theme: Theme) -> String {
    if file.findings.is_empty() {
        let says = if file.there { "● nothing to mend" } else { "· not there yet" };
        return lines(theme.wrap(says, INSET), if file.there { theme::good } else { theme::dim });
    }
    let mut text = String::new();
    let mut kinds: Vec<&Option<String>> = Vec::new();
    for found in &file.findings {
        if !kinds.contains(&&found.hint) {
            kinds.push(&found.hint);
        }
    }
    for kind in kinds {
        let of_kind: Vec<&Found> = file.findings.iter().filter(|found| found.hint == *kind).collect();
        for found in of_kind.iter().take(SHOWN) {
            let line = found.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            text += &marked(if found.wrong { '!' } else { '·' }, &format!("{line}{}", clean(&found.says)), theme);
        }
        let more: u64 = of_kind.iter().skip(SHOWN).map(|found| 1 + found.more_lines).sum();
        if more > 0 {
            let more =
                if of_kind[0].line.is_some() { messages::count(more, "more line") } else { format!("{more} more") };
            text += &lines(theme.wrap(&format!("and {more} like this"), INSET + 2), str::to_owned);
        }
        if let Some(hint) = kind {
            text += &lines(theme.wrap(&format!("{}.", messages::sentence(&clean(hint))), INSET + 2), theme::dim);
        }
    }
    text
}

/// A text behind a mark, and its further lines under its first.
fn marked(mark: char, text: &str, theme: Theme) -> String {
    let wrapped = theme.wrap(text, INSET + 2).join("\n");
    format!("{}{mark} {}\n", " ".repeat(INSET), wrapped.trim_start())
}

/// What `--fix` did, one a line.
pub fn mended(mended: &[String], theme: Theme) -> String {
    let mut text = lines(theme.wrap("Mended:", MARGIN), theme::bold);
    for did in mended {
        text += &marked('●', &clean(did), theme);
    }
    text.push('\n');
    theme.finish(text)
}

/// A finding in a book.
pub fn found(finding: &Finding, book: Book, today: Day) -> Found {
    let name = book.file_name();
    let fix = |does: &str| Some(format!("`nudge doctor --fix` {does}"));
    let aside = || fix(&format!("moves what is no event to `{name}.rejected`"));
    let (says, hint) = match finding {
        Finding::Bad { reason, text, .. } => (format!("{reason}: {}", snippet(text)), aside()),
        Finding::More { like, .. } => {
            (format!("{}, and more of this kind", found(like, book, today).says), found(like, book, today).hint)
        }
        Finding::Ahead { day, written, .. } => (
            format!(
                "counts for {}, and was written on {} before it",
                messages::short_date(*day, today),
                messages::short_date(*written, today)
            ),
            Some("the clock may have been wrong; give it another day if it should count for one".to_owned()),
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
            format!("out of order, so that {} may be read without it", messages::short_date(*day, today)),
            fix("puts the lines in order"),
        ),
        Finding::Elsewhere { belongs, .. } => {
            (format!("belongs in `{}`, and is not counted here", belongs.file_name()), fix("moves what belongs there"))
        }
        Finding::CarriageReturns { lines: 1, .. } => {
            ("ends as lines do on Windows (CRLF)".to_owned(), fix("makes it a plain line end"))
        }
        Finding::CarriageReturns { lines, .. } => (
            format!("{} end as on Windows (CRLF), this one first", messages::count(*lines, "line")),
            fix("makes them plain line ends"),
        ),
        Finding::Mark { .. } => ("begins with a byte order mark (BOM)".to_owned(), fix("takes it out")),
        Finding::Future { day, .. } => (
            format!("is for {}, which is still to come", messages::short_date(*day, today)),
            Some("it counts from that day on; the clock may have been ahead".to_owned()),
        ),
        Finding::Gone { gestures } => {
            let ids: Vec<String> = gestures.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
            let more = gestures.len().saturating_sub(SHOWN);
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            (
                format!("entries name {}{more}, which the catalogue no longer has", messages::list(&ids)),
                Some("they count as before".to_owned()),
            )
        }
    };
    let more_lines = match finding {
        Finding::More { lines, .. } | Finding::Astray { lines, .. } => lines - 1,
        _ => 0,
    };
    Found { line: finding.line(), more_lines, wrong: finding.is_wrong(), says, hint, fixable: finding.is_fixable() }
}

/// The beginning of a line.
fn snippet(text: &str) -> String {
    let text = clean(text);
    if text.width() <= SNIPPET {
        return text.into_owned();
    }
    let mut room = SNIPPET;
    let fits = |c: &char| {
        let width = c.width().unwrap_or(0);
        room.checked_sub(width).inspect(|left| room = *left).is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
