//! The books under the lock: read as they are, and put together with those of another machine.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::{Context, doctor, merge};
use super::effect::Effect;
use super::shown_path;
use crate::error::Error;
use crate::journal::news::{Texts, has_erased, is_missing, taken_out};
use crate::journal::{Book, Line, lines, parse};
use crate::store::{Lock, Pages};
use crate::system::git::Snapshot;
use crate::view::sync::Changed;

/// Both books as they are in their files, the journal first.
pub type Books = [Option<Vec<u8>>; 2];

/// Reads both books.
pub fn read(ctx: &Context<'_>) -> Result<Books, Error> {
    let [journal, plans] = Book::BOTH.map(|book| ctx.store.bytes(&ctx.store.path(book)));
    Ok([journal?, plans?])
}

/// Both books as what news are counted from.
pub fn texts(books: Option<&Books>) -> Texts<'_> {
    books.map(|books| books.each_ref().map(Option::as_deref)).unwrap_or_default()
}

/// What both sides have, so that it can be told from anything else: the remote's commit, and the books by their bytes.
pub fn state(commit: &str, books: &Books) -> String {
    let mut hasher = DefaultHasher::new();
    books.hash(&mut hasher);
    format!("{commit} {:016x}", hasher.finish())
}

/// What there is of both books.
pub struct Brought {
    /// Before anything was put together, to be kept in the history.
    pub before: Books,
    /// As they are now.
    pub now: Books,
    /// What that changed for today.
    pub changed: Changed,
    /// Whether something was gone, and came back.
    pub is_restored: bool,
}

/// Puts the books together with `theirs` under the lock, by the rule of `merge`. What is missing here of `head`, our own
/// last commit, comes back first: an exchange would send the loss. `base` is where both came from.
///
/// No backup is made: what was here is committed, and git keeps it.
pub fn bring_in(
    ctx: &Context<'_>,
    head: Option<&Snapshot>,
    theirs: Option<&Snapshot>,
    base: Option<&Snapshot>,
) -> Result<Brought, Error> {
    let not_exchanged = |error: Error| error.context("nothing was exchanged");
    let lock = ctx.lock().map_err(not_exchanged)?;
    let mut before = read(ctx).map_err(not_exchanged)?;
    let of = |snapshot: Option<&Snapshot>| snapshot.map(|snapshot| snapshot.books.clone()).unwrap_or_default();
    let (kept, theirs, base) = (of(head), of(theirs), of(base));
    if before != kept {
        refuse_odd_shapes(ctx, &before).map_err(not_exchanged)?;
    }
    let lost = lost(&before, &kept);
    let has_news = theirs.iter().zip(&before).any(|(there, here)| there.is_some() && there != here);
    let was = (has_news || !lost.is_empty()).then(|| Effect::read(ctx).map_err(not_exchanged)).transpose()?;
    if !lost.is_empty() {
        put_together(ctx, &lock, &lost, &Default::default()).map_err(not_exchanged)?;
        before = read(ctx)?;
    }
    let copies: Vec<_> = Book::BOTH
        .into_iter()
        .zip(theirs.iter().zip(&before))
        .filter_map(|(book, (there, here))| Some((book, there.as_ref()?)).filter(|_| there != here))
        .collect();
    // What is to be sent is put in order here, so that all have the same bytes and nobody else has to.
    if !copies.is_empty() || (lost.is_empty() && before != kept) {
        let gone = [0, 1].map(|at| match [&base[at], &before[at], &theirs[at]] {
            [Some(base), Some(here), Some(there)] => taken_out(base, here, there),
            _ => BTreeSet::new(),
        });
        put_together(ctx, &lock, &copies, &gone).map_err(not_exchanged)?;
    }
    let mut changed = was.map_or(Ok(Changed::default()), |was| Ok(Effect::read(ctx)?.since(&was)))?;
    changed.erased = has_erased(texts(Some(&before)), texts(Some(&theirs)));
    let now = read(ctx)?;
    let before = if copies.is_empty() { now.clone() } else { before };
    Ok(Brought { before, now, changed, is_restored: !lost.is_empty() })
}

/// The books of our last commit of which something is missing here: one that is empty or not there, or that lacks an
/// event.
fn lost<'k>(before: &Books, kept: &'k Books) -> Vec<(Book, &'k Vec<u8>)> {
    let is_gone = |here: &Option<Vec<u8>>| here.as_ref().is_none_or(Vec::is_empty);
    Book::BOTH
        .into_iter()
        .zip(before.iter().zip(kept))
        .filter_map(|(book, (here, kept))| {
            let kept = kept.as_ref().filter(|kept| here.as_ref() != Some(*kept) && !kept.is_empty())?;
            (is_gone(here) || is_missing(texts(Some(before)), kept)).then_some((book, kept))
        })
        .collect()
}

fn put_together(
    ctx: &Context<'_>,
    lock: &Lock<'_>,
    copies: &[(Book, &Vec<u8>)],
    gone: &[BTreeSet<Vec<u8>>; 2],
) -> Result<(), Error> {
    let mut all = ctx.store.copies()?;
    for (book, text) in copies {
        if let Some(pages) = lock.pages_of(*book, text)? {
            if is_in_another_shape(ctx, *book, text, &pages)? {
                return Err(Error::failed(format!(
                    "`{}` came from elsewhere and is not one event a line",
                    book.file_name()
                ))
                .hint("where it comes from, `nudge doctor --fix` and then `nudge sync` mend it"));
            }
            all.add(*book, pages)?;
        }
    }
    let mut after = all.merge()?;
    for (book, gone) in Book::BOTH.into_iter().zip(gone) {
        after.leave_out(book, gone)?;
    }
    let books = lock.write_books(&after)?;
    merge::keep_superseded(ctx, lock, &after)?;
    books.put_in_place()
}

/// A book that a formatter has spread over lines, or that is none, would be torn apart by putting it in order.
fn refuse_odd_shapes(ctx: &Context<'_>, books: &Books) -> Result<(), Error> {
    for (book, text) in Book::BOTH.into_iter().zip(books) {
        if let (Some(text), Some(pages)) = (text, Pages::open(&ctx.store.path(book))?)
            && is_in_another_shape(ctx, book, text, &pages)?
        {
            return Err(Error::failed(format!("`{}` is not one event a line", shown_path(ctx, book))).hint(
                "`nudge doctor` says what is wrong with it, and `nudge doctor --fix` mends what is safe to mend",
            ));
        }
    }
    Ok(())
}

fn is_in_another_shape(ctx: &Context<'_>, book: Book, text: &[u8], pages: &Pages) -> Result<bool, Error> {
    let has_bad = lines(text).any(|line| matches!(parse(line), Line::Bad(_)));
    Ok(has_bad && doctor::is_in_another_shape(ctx, book, pages)?)
}
