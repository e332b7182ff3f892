//! `nudge journal --edit`: the journal in the user's editor, put back if it is sound.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};

use super::Context;
use crate::error::Error;
use crate::journal::{Line, parse};
use crate::store::{Book, ScratchFile};
use crate::system::Editor;
use crate::view::grammar;

/// How many lines that are no event are named.
const SHOWN: usize = 5;

pub fn run(ctx: &Context<'_>) -> Result<(), Error> {
    let editor = Editor::new(ctx.editor.as_deref())?;
    let Some(before) = ctx.store.bytes(&ctx.store.path(Book::Journal))? else {
        return ctx.say("Nothing is logged yet. `nudge` shows a prompt, `nudge done` logs it.");
    };
    // No lock while the editor is open: it may be open for hours.
    let copy = ctx.store.copy(Book::Journal, &before)?;
    let after = loop {
        let opened = editor.open(copy.path());
        let after = copy.read().map_err(|error| kept(error, &copy))?;
        if after == before {
            copy.remove();
            return opened.and_then(|()| ctx.say("The journal is as it was."));
        }
        opened.map_err(|error| kept(error, &copy))?;
        let bad = bad_lines(&before, &after);
        if bad.is_empty() {
            break after;
        }
        let said = said(&bad);
        if !again(&said) {
            return Err(kept(Error::failed(said), &copy));
        }
    };
    let lock = ctx.lock().map_err(|error| kept(error, &copy))?;
    let now = ctx.store.bytes(&ctx.store.path(Book::Journal)).map_err(|error| kept(error, &copy))?;
    if now.as_ref() != Some(&before) {
        let changed = Error::failed("the journal has changed while you were editing, so it was not replaced");
        return Err(kept(changed, &copy));
    }
    lock.replace(Book::Journal, |file| Ok(file.write_all(&after)?)).map_err(|error| kept(error, &copy))?;
    drop(lock);
    copy.remove();
    ctx.say("The journal is saved.")
}

/// The lines that are no event, by number; those that were there before are left alone.
fn bad_lines(before: &[u8], after: &[u8]) -> Vec<(usize, String)> {
    let lines = after.split(|byte| *byte == b'\n').enumerate();
    let bad = lines.filter_map(|(place, line)| match parse(line) {
        Line::Bad(reason) => Some((place + 1, line, reason)),
        Line::Event(_) | Line::Passed => None,
    });
    let stood: HashSet<&[u8]> = before.split(|byte| *byte == b'\n').collect();
    bad.filter(|(_, line, _)| !stood.contains(line)).map(|(number, _, reason)| (number, reason)).collect()
}

/// What is wrong, a line for each, and how many more.
fn said(bad: &[(usize, String)]) -> String {
    let shown = bad.iter().take(SHOWN).map(|(line, reason)| format!("line {line}: {reason}"));
    let more = bad.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| grammar::count(more, "more line") + " like this");
    let lines: Vec<String> =
        std::iter::once("not every line is an event".to_owned()).chain(shown).chain(more).collect();
    lines.join("\n")
}

/// Asks whether to go on editing. Where nobody can answer it is a no.
fn again(said: &str) -> bool {
    let (stdin, mut stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() || !stderr.is_terminal() {
        return false;
    }
    let mut answer = String::new();
    let asked = write!(stderr, "{said}\nEdit again? [Y/n] ").and_then(|()| stdin.read_line(&mut answer));
    // The end of input is no answer.
    asked.is_ok_and(|read| read > 0) && !answer.trim().to_lowercase().starts_with('n')
}

/// The same error, with where the edited copy lies.
fn kept(error: Error, copy: &ScratchFile) -> Error {
    let hint = format!("what you wrote is kept in `{}`", copy.path().display());
    match error {
        Error::Unconfirmed(_) | Error::ClosedPipe => error,
        error => error.hint(hint),
    }
}
