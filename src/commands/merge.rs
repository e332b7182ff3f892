//! `nudge merge`: add what another copy of the journal or the plans holds.

use std::collections::HashSet;
use std::path::Path;

use super::Context;
use crate::cli::Merge as MergeArgs;
use crate::error::Error;
use crate::journal::Event;
use crate::journal::merge::{self, Merged};
use crate::store::{Book, Lock};
use crate::view::messages;

pub fn run(ctx: &Context<'_>, args: &MergeArgs) -> Result<(), Error> {
    let nothing = |error: Error| error.context("nothing was merged");
    let copies = args.files.iter().map(|path| copy(ctx, path)).collect::<Result<Vec<_>, Error>>().map_err(nothing)?;
    let lock = ctx.lock().map_err(nothing)?;
    let [journal, plans] = [Book::Journal, Book::Plans].map(|book| ctx.store.bytes(&ctx.store.path(book)));
    let [journal, plans] = [journal.map_err(nothing)?.unwrap_or_default(), plans.map_err(nothing)?.unwrap_or_default()];
    let own: [(Book, &[u8]); 2] = [(Book::Journal, &journal), (Book::Plans, &plans)];
    let (known, others_before) = {
        let before = merge::merge(&own);
        (ids(&before), others(&before))
    };
    let copies: Vec<(Book, &[u8])> = copies.iter().map(|(book, bytes)| (*book, bytes.as_slice())).collect();
    let after = merge::merge(&[own.as_slice(), &copies].concat());

    keep_outdone(ctx, &lock, &after)?;
    lock.replace_both([&journal, &plans], [&after.journal.bytes(), &after.plans.bytes()])?;
    drop(lock);

    let new = |book: Book| {
        after.of(book).events.iter().map(|(event, _)| event).filter(|event| !known.contains(event.id.as_str()))
    };
    if ctx.json {
        let new: Vec<Event> = new(Book::Journal).chain(new(Book::Plans)).cloned().collect();
        return ctx.print_events(&new);
    }
    ctx.say(&messages::merged(new(Book::Journal).count(), new(Book::Plans).count()))?;
    match others(&after).saturating_sub(others_before) {
        0 => Ok(()),
        kept => ctx.say(&messages::kept_at_the_end(kept)),
    }
}

fn ids(shelves: &Merged<'_>) -> HashSet<String> {
    shelves.journal.events.iter().chain(&shelves.plans.events).map(|(event, _)| event.id.clone()).collect()
}

/// How many lines are no event.
fn others(shelves: &Merged<'_>) -> usize {
    shelves.journal.others.len() + shelves.plans.others.len()
}

/// A copy's bytes, and the book that it is a copy of: by its events, else by its name.
fn copy(ctx: &Context<'_>, path: &Path) -> Result<(Book, Vec<u8>), Error> {
    let named = path.display();
    let hint = "name a copy of `journal.jsonl` or `plans.jsonl` that you can read";
    if [Book::Journal, Book::Plans].iter().any(|book| ctx.store.is_same(path, &ctx.store.path(*book))) {
        return Err(Error::failed(format!("`{named}` is what copies are merged into, and no copy")).hint(hint));
    }
    let bytes = ctx.store.bytes(path).map_err(|error| error.hint(hint))?;
    let bytes = bytes.ok_or_else(|| Error::failed(format!("there is no `{named}`")).hint(hint))?;
    if let Some(book) = merge::book_of(&bytes) {
        return Ok((book, bytes));
    }
    if !merge::may_be_a_copy(&bytes) {
        return Err(Error::failed(format!("`{named}` holds no event")).hint(hint));
    }
    let is_plans = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("plans"));
    Ok((if is_plans { Book::Plans } else { Book::Journal }, bytes))
}

/// Of two versions of one event only one counts. The other is kept beside the book, not in it.
fn keep_outdone(ctx: &Context<'_>, lock: &Lock<'_>, shelves: &Merged<'_>) -> Result<(), Error> {
    for book in [Book::Journal, Book::Plans] {
        let superseded = &shelves.of(book).superseded;
        if !superseded.is_empty() {
            let path = lock.set_aside(book, superseded.iter().copied())?;
            ctx.warn(&messages::superseded(superseded.len(), &path.display().to_string()));
        }
    }
    Ok(())
}
