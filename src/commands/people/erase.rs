//! `nudge people erase`: a person taken out of both books for good.

use std::collections::HashMap;
use std::io::{self, BufRead, IsTerminal};

use super::{Context, Everybody, known};
use crate::cli::PeopleErase;
use crate::environment;
use crate::error::{self, Error};
use crate::ids::EventId;
use crate::journal::{Event, Line, What, parse, to_line};
use crate::people::{Erasure, People};
use crate::safe_text::clean;
use crate::store::{Book, Lock, Pages};
use crate::view::{grammar, people as view};

pub fn erase(ctx: &Context<'_>, args: &PeopleErase) -> Result<(), Error> {
    let everybody = Everybody::read(ctx)?;
    let erasure = Erasure::new(names(ctx)?, &args.who);
    let found = Found::read(ctx, &erasure, true)?;
    // Lines that were taken back or corrected hold a name as well, though nobody is known by it.
    if found.erased.is_empty() && found.unread.is_empty() {
        known(&everybody, &args.who)?;
    }
    let who = everybody.people.shown(&args.who).to_owned();
    drop(everybody);
    let Some(with_texts) = agreed(ctx, args, &who, &found)? else {
        return ctx.say("Nothing was erased.");
    };
    let not_erased = |error: Error| error.context("nothing was erased");
    let lock = ctx.lock().map_err(not_erased)?;
    // What was logged meanwhile is read again.
    let erasure = Erasure::new(names(ctx).map_err(not_erased)?, &args.who);
    let found = Found::read(ctx, &erasure, with_texts).map_err(not_erased)?;
    write(&lock, &found)?;
    drop(lock);
    let left = left(ctx, &erasure, &found)?;
    if ctx.json {
        return ctx.print_events(&found.erased);
    }
    ctx.say(&view::erased(found.entries, found.plans))?;
    if !left.is_empty() {
        ctx.print("\n")?;
        ctx.say("The name still stands in:")?;
        left.iter().try_for_each(|place| ctx.say(place))?;
    }
    if ctx.store.is_repository() {
        ctx.print("\n")?;
        ctx.say(view::ERASED_BY_SYNC)?;
    }
    Ok(())
}

/// Who is who.
fn names(ctx: &Context<'_>) -> Result<People, Error> {
    Ok(People::renamed(&ctx.log(ctx.today)?))
}

/// What there is of a person in both books.
#[derive(Default)]
struct Found {
    /// Of each book the new lines, by the places of the old ones.
    lines: [HashMap<u64, Vec<u8>>; 2],
    erased: Vec<Event>,
    entries: usize,
    plans: usize,
    /// The notes that hold the name.
    texts: Vec<String>,
    /// Lines that are no event of this version and hold the name.
    unread: Vec<String>,
}

impl Found {
    fn read(ctx: &Context<'_>, erasure: &Erasure, with_texts: bool) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut new_ids: HashMap<EventId, EventId> = HashMap::new();
        let mut changes: Vec<(Book, u64, Event)> = Vec::new();
        let mut failed = None;
        for book in Book::BOTH {
            let Some(pages) = Pages::open(&ctx.store.path(book))? else {
                continue;
            };
            let mut number = 0_u64;
            pages.each(|line, place, _| {
                number += 1;
                let Line::Event(event) = parse(line) else {
                    if erasure.is_named_in(&String::from_utf8_lossy(line)) {
                        found.unread.push(format!("`{}` line {number}", book.file_name()));
                    }
                    return;
                };
                found.texts.extend(erasure.text_of(&event).map(str::to_owned));
                let Some(mut erased) = erasure.erased(&event, with_texts) else {
                    // What takes back a line without an id holds that line.
                    if let What::Undone { of } = &event.what
                        && new_ids.contains_key(of)
                    {
                        changes.push((book, place, event));
                    }
                    return;
                };
                if is_made_of_line(&erased.id) {
                    match environment::new_id() {
                        Ok(id) => {
                            new_ids.insert(erased.id, id.clone());
                            erased.id = id;
                        }
                        Err(error) => {
                            failed.get_or_insert(error);
                            return;
                        }
                    }
                }
                match erased.what {
                    What::Erased => found.plans += 1,
                    _ => found.entries += 1,
                }
                changes.push((book, place, erased));
            })?;
        }
        if let Some(error) = failed {
            return Err(error);
        }
        for (book, place, mut event) in changes {
            if let What::Undone { of } = &mut event.what
                && let Some(id) = new_ids.get(of)
            {
                *of = id.clone();
            }
            found.lines[usize::from(book.source())].insert(place, to_line(&event).into_bytes());
            found.erased.push(event);
        }
        found.texts.sort_unstable();
        found.texts.dedup();
        Ok(found)
    }
}

/// A line that was written by hand without an id has its bytes as one, and the name in them.
fn is_made_of_line(id: &str) -> bool {
    id.contains('{')
}

/// Asks; `None` where the answer is no, else whether texts go as well.
fn agreed(ctx: &Context<'_>, args: &PeopleErase, who: &str, found: &Found) -> Result<Option<bool>, Error> {
    if args.yes {
        return Ok(Some(true));
    }
    if !io::stdin().is_terminal() {
        return Err(Error::failed(format!("`{who}` is not erased without a question"))
            .hint("it can't be taken back; `--yes` says that you mean it"));
    }
    ctx.say(&view::to_erase(who, found.entries, found.plans))?;
    if !is_yes(ctx, "It can't be taken back. Erase? [y/N] ")? {
        return Ok(None);
    }
    if found.texts.is_empty() {
        return Ok(Some(false));
    }
    ctx.print("\n")?;
    ctx.say(&format!("The name stands in {} too:", grammar::count(found.texts.len(), "note")))?;
    found.texts.iter().try_for_each(|text| ctx.say(&format!("“{}”", clean(text))))?;
    Ok(Some(is_yes(ctx, "Take them out whole? [y/N] ")?))
}

fn is_yes(ctx: &Context<'_>, question: &str) -> Result<bool, Error> {
    ctx.ask(question)?;
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.map_err(|error| Error::failed(format!("can't read the answer: {}", error::reason(&error))))?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// The journal goes last: a plan that stays asks again, and an entry that stays is as it was.
fn write(lock: &Lock<'_>, found: &Found) -> Result<(), Error> {
    for book in [Book::Plans, Book::Journal] {
        lock.exchange(book, &found.lines[usize::from(book.source())])?;
    }
    Ok(())
}

/// Where the name still stands: texts that were to stay, lines that can't be read, and copies that are not ours to
/// change.
fn left(ctx: &Context<'_>, erasure: &Erasure, found: &Found) -> Result<Vec<String>, Error> {
    let mut left: Vec<String> = found.unread.clone();
    let now = Found::read(ctx, erasure, true)?;
    if !now.texts.is_empty() {
        left.push(format!("{}, as you wanted it", grammar::count(now.texts.len(), "note")));
    }
    let own = Book::BOTH.map(|book| ctx.store.path(book));
    let mut files: Vec<_> = own.iter().flat_map(|path| ctx.store.beside(path)).collect();
    files.sort_unstable();
    files.dedup();
    for file in files.iter().filter(|file| !own.contains(file) && file.is_file()) {
        // What can't be read can't be looked into: it is named.
        let holds = ctx
            .store
            .bytes(file)
            .map(|bytes| bytes.is_some_and(|bytes| erasure.is_named_in(&String::from_utf8_lossy(&bytes))));
        if holds.unwrap_or(true) {
            left.push(format!("`{}`", file.display()));
        }
    }
    if let Some(git) = files.iter().find(|file| file.file_name().is_some_and(|name| name == ".git")) {
        left.push(format!("the history that git keeps in `{}`", git.display()));
    }
    Ok(left)
}
