//! `nudge merge`: add what another copy of the journal or the plans holds.

use std::path::Path;

use super::Context;
use crate::cli::Merge as MergeArgs;
use crate::error::Error;
use crate::journal::Book;
use crate::journal::merge::{MergedFile, Recognition};
use crate::store::{Copies, Lock, MergedCopies, Pages};
use crate::view::{json, messages};

pub fn run(ctx: &Context<'_>, args: &MergeArgs) -> Result<(), Error> {
    let nothing = |error: Error| error.context("nothing was merged");
    let mut copies = Vec::new();
    for path in &args.files {
        // As a pattern of the shell names it too.
        if Book::BOTH.iter().any(|book| ctx.store.is_same(path, &ctx.store.path(*book))) {
            ctx.say(&format!("`{}` is the file that is merged into; it is passed over.", path.display()))?;
            continue;
        }
        copies.push(copy(path).map_err(nothing)?);
    }
    let lock = ctx.lock().map_err(nothing)?;
    let before = ctx.store.copies().and_then(Copies::merge).map_err(nothing)?;
    let mut all = ctx.store.copies().map_err(nothing)?;
    for (book, pages) in copies {
        all.add(book, pages).map_err(nothing)?;
    }
    let after = all.merge().map_err(nothing)?;
    let books = lock.write_books(&after).map_err(nothing)?;
    for book in Book::BOTH {
        if books.has(book) {
            lock.back_up_once_a_day(&ctx.store.path(book)).map_err(nothing)?;
        }
    }
    let aside = keep_superseded(ctx, &lock, &after)?;
    books.put_in_place()?;
    drop(lock);

    let new = |book: Book| after.merged.of(book).new.len();
    if ctx.json {
        let known = after.merged.journal.known + after.merged.plans.known;
        let new = new(Book::Journal) + new(Book::Plans);
        return ctx.print(&json::merged(new, known, aside));
    }
    ctx.say(&messages::merged(new(Book::Journal), new(Book::Plans)))?;
    let others = |files: &MergedFile| files.others.len();
    let kept = |copies: &MergedCopies| others(&copies.merged.journal) + others(&copies.merged.plans);
    match kept(&after).saturating_sub(kept(&before)) {
        0 => Ok(()),
        kept => ctx.say(&messages::kept_at_the_end(kept)),
    }
}

/// A copy, and the book that it is a copy of: by its events, else by its name.
fn copy(path: &Path) -> Result<(Book, Pages), Error> {
    let named = path.display();
    let hint = "name a copy of `journal.jsonl` or `plans.jsonl` that you can read";
    let pages = Pages::open(path).map_err(|error| error.hint(hint))?;
    let pages = pages.ok_or_else(|| Error::failed(format!("there is no `{named}`")).hint(hint))?;
    let mut recognition = Recognition::new();
    pages.each(|line, _, _| recognition.take(line))?;
    if let Some(book) = recognition.book() {
        return Ok((book, pages));
    }
    if !recognition.may_be_a_copy() {
        return Err(Error::failed(format!("`{named}` holds no event")).hint(hint));
    }
    let is_plans = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("plans"));
    Ok((if is_plans { Book::Plans } else { Book::Journal }, pages))
}

/// Of two versions of one event only one counts. The other is kept beside the book, not in it; says how many are.
pub fn keep_superseded(ctx: &Context<'_>, lock: &Lock<'_>, after: &MergedCopies) -> Result<usize, Error> {
    let mut aside = 0;
    for book in Book::BOTH {
        let superseded = after.superseded(book)?;
        if !superseded.is_empty() {
            let path = lock.set_aside(book, &superseded)?;
            ctx.warn(&messages::superseded(superseded.len(), &path.display().to_string()));
            aside += superseded.len();
        }
    }
    Ok(aside)
}
