//! `nudge journal --edit`: entries in the user's editor, and what came back as events.
//!
//! Nothing is rewritten: a changed entry is amended, a removed one is undone, a new one is logged. So it can't
//! overwrite what another call writes meanwhile, and no merge brings back what it changed.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use super::{Context, journal};
use crate::catalogue::Catalogue;
use crate::cli::Journal as JournalArgs;
use crate::error::Error;
use crate::ids::{EventId, GestureId};
use crate::journal::entry_file::{self, Draft};
use crate::journal::{Act, Done, Event, Prompt, What};
use crate::store::{Book, Durable, ScratchFile};
use crate::system::Editor;
use crate::toml_reader::Problem;
use crate::view::grammar;

/// An editor that returns sooner than this, with nothing changed, may have left its window open in another process.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Says how an editor is waited for, if it came back at once.
pub fn say_how_to_wait(ctx: &Context<'_>, was_open: Duration) -> Result<(), Error> {
    if was_open >= AT_ONCE {
        return Ok(());
    }
    ctx.say("If your editor opens a window of its own, `EDITOR` needs its option for waiting, such as `code --wait`.")
}

pub fn run(ctx: &Context<'_>, args: &JournalArgs) -> Result<(), Error> {
    let editor = editor(ctx)?;
    let catalogue = ctx.catalogue()?;
    let before: Vec<Event> = journal::entries(ctx, args, &catalogue)?.into_iter().filter(is_done).collect();
    if before.is_empty() {
        return ctx.say("Nothing to edit: no entry matches. `nudge journal` shows all of them.");
    }
    // No lock while the editor is open: it may be open for hours.
    let scratch = ctx.store.scratch(&entry_file::write(&before))?;
    let Some(drafts) = edited(ctx, &editor, &scratch)? else {
        return Ok(());
    };
    let kept = |error: Error| kept(error, &scratch);
    let changes = changes(ctx, &catalogue, &before, drafts).map_err(kept)?;
    if changes.events.is_empty() && changes.removed.is_empty() {
        scratch.remove();
        return ctx.say("The journal is as it was.");
    }
    let summary = changes.summary();
    if !changes.removed.is_empty() && !args.yes && !agrees(&format!("{summary}. Go on? [y/N] ")) {
        return Err(kept(
            Error::failed(format!("{summary}: nothing was written, since entries would be taken back"))
                .or_hint("`--yes` allows that"),
        ));
    }
    let events = changes.into_events(ctx).map_err(kept)?;
    let lock = ctx.lock().map_err(kept)?;
    lock.append(Book::Journal, &events, Durable::Yes).map_err(kept)?;
    drop(lock);
    scratch.remove();
    if ctx.json { ctx.print_events(&events) } else { ctx.say(&format!("{summary}.")) }
}

/// The user's editor; refused where there is neither one that is named nor a terminal.
pub fn editor(ctx: &Context<'_>) -> Result<Editor, Error> {
    if ctx.editor.is_none() && !std::io::stdin().is_terminal() {
        return Err(Error::failed("there is no terminal for an editor").hint("set `VISUAL` or `EDITOR` to a command"));
    }
    Editor::new(ctx.editor.as_deref())
}

fn is_done(event: &Event) -> bool {
    matches!(event.what, What::Done(_))
}

/// The entries as they came back from the editor; `None` if nothing is to be changed.
fn edited(ctx: &Context<'_>, editor: &Editor, scratch: &ScratchFile) -> Result<Option<Vec<Draft>>, Error> {
    let kept = |error: Error| kept(error, scratch);
    loop {
        let open = editor.open(scratch.path()).map_err(|error| error.context("the journal is as it was"));
        let text = match scratch.read().map_err(kept)? {
            Some(text) if !text.trim_ascii().is_empty() => text,
            _ => {
                scratch.remove();
                open?;
                ctx.say("The file came back empty, so nothing was changed.")?;
                return Ok(None);
            }
        };
        if text == scratch.written() {
            scratch.remove();
            let was_open = open?;
            ctx.say("The journal is as it was.")?;
            say_how_to_wait(ctx, was_open)?;
            return Ok(None);
        }
        open.map_err(kept)?;
        let problems = match entry_file::read(&text) {
            Ok(drafts) => return Ok(Some(drafts)),
            Err(problems) => problems,
        };
        let said = said(scratch, &problems);
        if !agrees_by_default(&format!("{said}\nEdit again? [Y/n] ")) {
            return Err(kept(Error::failed(said)));
        }
    }
}

/// Every problem, one a line.
fn said(scratch: &ScratchFile, problems: &[Problem]) -> String {
    let name = scratch.path().file_name().unwrap_or_default().to_string_lossy();
    let lines = problems.iter().map(|problem| format!("{name}:{problem}"));
    std::iter::once("the file can't be read as entries".to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

/// What is to be written.
#[derive(Default)]
struct Changes {
    events: Vec<Event>,
    amended: usize,
    new: usize,
    /// The first ids of the entries that are taken back.
    removed: Vec<EventId>,
}

/// Compares what came back with what was there.
fn changes(ctx: &Context<'_>, catalogue: &Catalogue, before: &[Event], drafts: Vec<Draft>) -> Result<Changes, Error> {
    let mut left: HashMap<&str, &Event> = before.iter().map(|event| (&*event.id, event)).collect();
    // It knows when the entries were last corrected.
    let log = ctx.log(before.iter().map(|event| event.day).min().unwrap_or(ctx.today))?;
    let mut changes = Changes::default();
    for draft in drafts {
        let line = draft.line;
        let at_line = |what: &str| Error::failed(format!("line {line}: {what}"));
        if draft.day > ctx.today {
            return Err(at_line(&format!("{} is still to come", draft.day)));
        }
        let Some(id) = draft.id.clone() else {
            let act = act(catalogue, &draft, None).map_err(|what| at_line(&what))?;
            let done = Done { with: draft.with, note: draft.note, ..Done::new(act) };
            changes.events.push(ctx.event(draft.day, What::Done(done))?);
            changes.new += 1;
            continue;
        };
        let Some(event) = left.remove(&*id) else {
            let what =
                format!("`{id}` is not one of the entries that were opened, or appears twice; a new entry has no `id`");
            return Err(at_line(&what));
        };
        let What::Done(done) = &event.what else {
            continue;
        };
        if !draft.differs(event.day, done) {
            continue;
        }
        let act = act(catalogue, &draft, Some(done)).map_err(|what| at_line(&what))?;
        let amends = Some(event.id.clone());
        let done = Done { with: draft.with, note: draft.note, amends, ..Done::new(act) };
        changes.events.push(ctx.amendment(draft.day, done, log.amended(&event.id))?);
        changes.amended += 1;
    }
    // In the order in which they were opened.
    changes.removed =
        before.iter().filter(|event| left.contains_key(&*event.id)).map(|event| event.id.clone()).collect();
    Ok(changes)
}

/// What a draft says was done; `before` is the entry that it changes. Fails with what is wrong with it.
fn act(catalogue: &Catalogue, draft: &Draft, before: Option<&Done>) -> Result<Act, String> {
    if let Some(before) = before.filter(|before| draft.is_of(before)) {
        return Ok(before.act.clone());
    }
    let is_new = |id: &GestureId| before.and_then(Done::gesture) != Some(id);
    match (&draft.gesture, &draft.category) {
        (None, None) => Err("this [[entry]] has no `category`".to_owned()),
        (None, Some(category)) => Ok(Act::Own(category.clone())),
        (Some(id), given) => {
            let known = catalogue.gesture(id).map(|gesture| &gesture.category);
            // Another gesture brings its own category along, unless that was changed too.
            let is_left = is_new(id) && given.as_deref() == before.map(Done::category);
            let category = match (known, given) {
                (Some(known), given) if given.is_none() || is_left => known,
                (Some(_), Some(given)) => given,
                (None, Some(given)) if !is_new(id) => given,
                _ => return Err(format!("there is no gesture `{id}`; leave `gesture` out and keep `category`")),
            };
            Ok(Act::Prompt(Prompt::Gesture { id: id.clone(), category: category.clone() }))
        }
    }
}

impl Changes {
    /// "2 entries changed, 1 entry taken back and 1 new entry".
    fn summary(&self) -> String {
        let entries = |number: usize| match number {
            1 => "1 entry".to_owned(),
            number => format!("{number} entries"),
        };
        let parts = [
            (self.amended, format!("{} changed", entries(self.amended))),
            (self.removed.len(), format!("{} taken back", entries(self.removed.len()))),
            (self.new, entries(self.new).replace(' ', " new ")),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, part)| part).collect();
        grammar::list(&parts)
    }

    /// All changes as events: a removed entry is taken back together with each of its corrections.
    fn into_events(self, ctx: &Context<'_>) -> Result<Vec<Event>, Error> {
        let mut events = self.events;
        for line in ctx.store.lines_of(&self.removed)? {
            events.push(ctx.event(ctx.today, What::Undone { of: line })?);
        }
        Ok(events)
    }
}

/// Asks; the answer is no if nobody can answer.
fn agrees(question: &str) -> bool {
    answer(question).is_some_and(|answer| answer.starts_with('y'))
}

/// Asks; an empty answer is yes, and the answer is no if nobody can answer.
pub fn agrees_by_default(question: &str) -> bool {
    answer(question).is_some_and(|answer| !answer.starts_with('n'))
}

fn answer(question: &str) -> Option<String> {
    let (stdin, mut stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() || !stderr.is_terminal() {
        return None;
    }
    let mut answer = String::new();
    let asked = write!(stderr, "{question}").and_then(|()| stdin.read_line(&mut answer));
    // End of input is not an answer.
    asked.ok().filter(|read| *read > 0).map(|_| answer.trim().to_lowercase())
}

/// The same error, with a hint where the edited file is.
fn kept(error: Error, scratch: &ScratchFile) -> Error {
    let hint = format!("what you wrote is kept in `{}`", scratch.path().display());
    match error {
        Error::Unconfirmed(_) | Error::ClosedPipe => error,
        error => error.more_hint(hint),
    }
}
