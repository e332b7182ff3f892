//! `nudge doctor`: look at every file, say what is wrong, and mend what is safe to mend.

use std::path::{Path, PathBuf};

use super::{Context, sync};
use crate::catalogue::{self, Catalogue, builtin};
use crate::cli::Doctor as DoctorArgs;
use crate::config::Config;
use crate::error::Error;
use crate::journal::Place;
use crate::journal::examine::{Examination, Finding};
use crate::journal::merge::Recognition;
use crate::safe_text::shell_word;
use crate::store::{BLOCK, Book, Exposure, Lock, Obstacle, Pages, leftovers};
use crate::toml_reader::Problem;
use crate::view::doctor::{self as view, File, Found};
use crate::view::{grammar, messages};

pub fn run(ctx: &Context<'_>, args: &DoctorArgs) -> Result<(), Error> {
    let mut files = look(ctx);
    let mut mended = Vec::new();
    if args.fix && files.iter().flat_map(|file| &file.findings).any(|found| found.fixable) {
        mended = mend(ctx)?;
        files = look(ctx);
    }
    if ctx.json {
        ctx.print(&view::json(&files, &mended))?;
    } else {
        if !mended.is_empty() {
            ctx.print(&view::fixed(&mended, ctx.theme))?;
        }
        ctx.print(&view::report(&files, ctx.theme))?;
    }
    let wrong: u64 = view::wrongs(&files).map(|found| 1 + found.more_lines).sum();
    if wrong == 0 {
        return Ok(());
    }
    let error = Error::failed(messages::to_fix(wrong));
    Err(if view::wrongs(&files).any(|found| found.fixable) {
        error.hint("`nudge doctor --fix` mends what is safe to mend, after a backup")
    } else {
        error.hint("mend it as said above, then look again with `nudge doctor`")
    })
}

/// All that is found in all files.
fn look(ctx: &Context<'_>) -> Vec<File> {
    let (config, parsed) = config(ctx);
    let (gestures, catalogue) = gestures(ctx, &parsed);
    let mut files = vec![config, gestures];
    files.extend(Book::BOTH.map(|book| self::book(ctx, book, &catalogue)));
    files.extend(sync::look(ctx));
    files
}

fn config(ctx: &Context<'_>) -> (File, Config) {
    let path = ctx.store.config_path();
    let (mut file, text) = text(ctx, &path);
    let parsed = Config::parse(&text).unwrap_or_else(|problems| {
        file.findings.extend(problems.iter().map(|problem| {
            by_hand(problem, "mend the file (`nudge config edit`); `done`, `rest` and `undo` go on with the defaults")
        }));
        Config::default()
    });
    file.findings.extend(unfinished_swaps(ctx, &path).iter().map(|swap| left_behind(swap)));
    (file, parsed)
}

fn gestures(ctx: &Context<'_>, config: &Config) -> (File, Catalogue) {
    let path = ctx.store.gestures_path();
    let (mut file, text) = text(ctx, &path);
    let catalogue = catalogue::read_over(&builtin::catalogue(), &text).unwrap_or_else(|problems| {
        file.findings.extend(
            problems.iter().map(|problem| by_hand(problem, "mend the file; your own gestures are left out meanwhile")),
        );
        builtin::catalogue()
    });
    let not_wrong = |warning: &Problem| Found { wrong: false, ..by_hand(warning, "take it out, if you don't know it") };
    file.findings.extend(catalogue.warnings.iter().map(not_wrong));
    let unknown = config.weights.iter().filter(|(category, _)| catalogue.category(category).is_none());
    file.findings.extend(unfinished_swaps(ctx, &path).iter().map(|swap| left_behind(swap)));
    file.findings.extend(unknown.map(|(category, weight)| Found {
        wrong: true,
        says: format!("`config.toml` weighs `{category}` in line {}, which is no category", weight.line),
        hint: Some("name a category of the catalogue, or take the line out".to_owned()),
        ..Found::default()
    }));
    (file, catalogue)
}

/// A file that the user writes, and its text where it can be read.
fn text(ctx: &Context<'_>, path: &Path) -> (File, String) {
    let mut file = file(path);
    let text = ctx.store.text(path).unwrap_or_else(|error| {
        file.findings.push(unreadable(&error));
        None
    });
    file.there = text.is_some();
    if ctx.store.exposure(path) == Exposure::Changed {
        file.findings.push(exposed_to(ctx, path, "can be changed by others", true));
    }
    (file, text.unwrap_or_default())
}

fn file(path: &Path) -> File {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    File { file: name, path: path.display().to_string(), there: true, findings: Vec::new() }
}

fn by_hand(problem: &Problem, hint: &str) -> Found {
    let says = format!("column {}: {}", problem.column, problem.message);
    Found { line: Some(problem.line as u64), wrong: true, says, hint: Some(hint.to_owned()), ..Found::default() }
}

fn unreadable(error: &Error) -> Found {
    let hint = match error {
        Error::Failed(said) | Error::Missing(said) => said.hint.clone(),
        _ => None,
    };
    Found { wrong: true, says: error.message().to_owned(), hint, ..Found::default() }
}

fn book(ctx: &Context<'_>, book: Book, catalogue: &Catalogue) -> File {
    let path = ctx.store.path(book);
    let mut file = file(&path);
    let pages = match Pages::open(&path) {
        Ok(pages) => pages,
        Err(error) => {
            file.findings.push(unreadable(&error));
            return file;
        }
    };
    file.there = pages.is_some();
    let mut is_without_events = pages.is_none();
    match examine(ctx, book, pages.as_ref(), |id| catalogue.gesture(id).is_some() || catalogue.is_retired(id)) {
        Ok(findings) => {
            is_without_events |= findings.iter().any(Finding::is_without_events);
            file.findings.extend(findings.iter().map(|finding| view::found(finding, book, ctx.today)));
        }
        Err(error) => file.findings.push(unreadable(&error)),
    }
    file.findings.extend(exposed(ctx, book).iter().map(|path| {
        let (wrong, says) = match ctx.store.exposure(path) {
            // Whoever can only look into the folder sees that there is a journal, and none of it.
            Exposure::Seen if path.is_dir() => (false, "can be looked into by others"),
            Exposure::Seen => (true, "can be read by others"),
            _ => (true, "can be changed by others"),
        };
        exposed_to(ctx, path, says, wrong)
    }));
    if is_without_events {
        // What was kept of it says whether it held some.
        let kept = beside(ctx, &path, |name| is_kept(name, book));
        file.findings.extend(kept.iter().filter_map(|path| copy(ctx, path)).filter(|found| found.wrong));
    }
    file.findings.extend(unfinished_swaps(ctx, &path).iter().map(|swap| left_behind(swap)));
    let copies = beside(ctx, &path, |name| leftovers::is_copy(name, book));
    file.findings.extend(copies.iter().filter_map(|path| copy(ctx, path)));
    if book == Book::Journal {
        // It may be open in an editor just now, so that there is nothing to mend.
        let left = beside(ctx, &path, leftovers::is_for_an_editor);
        file.findings.extend(left.iter().map(|path| Found {
            says: format!("`{}` was left by `nudge journal --edit`", path.display()),
            hint: Some("once no editor has it open, it can be deleted".to_owned()),
            ..Found::default()
        }));
    }
    file
}

/// What a swap of a file left that was interrupted; it is named after the file itself, not after a link to it.
fn unfinished_swaps(ctx: &Context<'_>, path: &Path) -> Vec<PathBuf> {
    let real = ctx.store.real(path);
    let file = real.file_name().unwrap_or_default().to_string_lossy();
    beside(ctx, &real, |name| leftovers::is_unfinished_swap(name, &file))
}

fn left_behind(swap: &Path) -> Found {
    let says = format!("`{}` was left by a call that was interrupted", swap.display());
    let hint = "`nudge doctor --fix` removes it; nothing else is touched".to_owned();
    Found { wrong: true, says, hint: Some(hint), fixable: true, ..Found::default() }
}

/// A file or folder that others may look at or change, and what is to be done about it.
fn exposed_to(ctx: &Context<'_>, path: &Path, says: &str, wrong: bool) -> Found {
    let says = format!("`{}` {says}", path.display());
    let Some(obstacle) = ctx.store.obstacle(path) else {
        let hint = "`nudge doctor --fix` leaves it to you alone".to_owned();
        return Found { wrong, says, hint: Some(hint), fixable: true, ..Found::default() };
    };
    let why = match obstacle {
        Obstacle::Link => "it is a link, which is left alone; this closes what it leads to",
        Obstacle::SomebodyElses => "it is somebody else's, and left alone; its owner can close it",
        Obstacle::Shared => "others may have put there what is theirs, so it is left alone; this closes it",
    };
    let real = ctx.store.real(path);
    let command = format!("chmod go-rwx {}", shell_word(&real.to_string_lossy()));
    Found { wrong, says, hint: Some(why.to_owned()), command: Some(command), ..Found::default() }
}

/// Whether lines are not what their events are, so that putting them in order would tear them apart.
pub fn is_in_another_shape(ctx: &Context<'_>, book: Book, pages: &Pages) -> Result<bool, Error> {
    let findings = examine(ctx, book, Some(pages), |_| true)?;
    Ok(findings.iter().any(|found| found.forbids_rewrite() || is_reshaped(found)))
}

fn is_reshaped(found: &Finding) -> bool {
    matches!(found, Finding::NotOnePerLine { .. })
}

fn examine(
    ctx: &Context<'_>,
    book: Book,
    pages: Option<&Pages>,
    is_known: impl Fn(&str) -> bool,
) -> Result<Vec<Finding>, Error> {
    let Some(pages) = pages else {
        return Ok(Vec::new());
    };
    let mut examination = Examination::new(book, ctx.today, is_known, BLOCK);
    pages.each(|line, offset, is_complete| examination.take(line, offset, is_complete))?;
    let number = |places: &[Place]| {
        let offsets: Vec<u64> = places.iter().map(|place| place.offset()).collect();
        if offsets.is_empty() { Ok(Vec::new()) } else { pages.line_numbers(&offsets) }
    };
    examination.finish(|place| pages.version(place.offset()), number)
}

/// Another copy of a book: what it holds beyond the books, and what to do with it. `None` for one without any event.
fn copy(ctx: &Context<'_>, path: &Path) -> Option<Found> {
    let named = path.display();
    let new = || {
        let mut copies = ctx.store.copies()?;
        let Some(pages) = Pages::open(path)? else {
            return Ok(None);
        };
        let mut recognition = Recognition::new();
        pages.each(|line, _, _| recognition.take(line))?;
        if recognition.book().is_none() {
            return Ok(None);
        }
        copies.add(Book::Journal, pages)?;
        let merged = copies.merge()?.merged;
        Ok::<_, Error>(Some(merged.journal.new.len() + merged.plans.new.len()))
    };
    match new() {
        Ok(new) => new.map(|new| {
            let (says, hint) = messages::other_copy(&named.to_string(), new);
            let command = (new > 0).then(|| format!("nudge merge {}", shell_word(&path.to_string_lossy())));
            Found { wrong: new > 0, says, hint: Some(hint.to_owned()), command, ..Found::default() }
        }),
        Err(_) => {
            let says = format!("`{named}` looks like another copy of it, and can't be read");
            Some(Found { wrong: true, says, hint: Some("look at it by hand".to_owned()), ..Found::default() })
        }
    }
}

/// Whether a file's name is that of what a rewrite kept of a book.
fn is_kept(name: &str, book: Book) -> bool {
    name.strip_prefix(book.file_name()).is_some_and(|rest| rest == ".rejected" || rest.starts_with(".backup-"))
}

/// The files beside a file whose names tell what they are.
fn beside(ctx: &Context<'_>, path: &Path, is_one: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files = ctx.store.beside(path);
    files.retain(|file| file.file_name().is_some_and(|name| is_one(&name.to_string_lossy())));
    files
}

/// What others than the owner could read of a book; its folder is told with the journal.
fn exposed(ctx: &Context<'_>, book: Book) -> Vec<PathBuf> {
    let path = ctx.store.path(book);
    let mut paths = vec![path.clone()];
    if book == Book::Journal {
        paths.insert(0, ctx.store.data_folder().to_owned());
    }
    paths.extend(beside(ctx, &path, |name| is_kept(name, book)));
    paths.retain(|path| ctx.store.exposure(path) != Exposure::None);
    paths
}

/// Mends what is safe to mend, under the lock, and says what it did.
fn mend(ctx: &Context<'_>) -> Result<Vec<String>, Error> {
    let lock = ctx.lock().map_err(|error| error.context("nothing was mended"))?;
    let mut mended = Vec::new();
    let mut open = vec![ctx.store.config_path(), ctx.store.gestures_path()];
    open.retain(|path| ctx.store.exposure(path) == Exposure::Changed);
    open.extend(Book::BOTH.iter().flat_map(|book| exposed(ctx, *book)));
    open.retain(|path| ctx.store.obstacle(path).is_none());
    for path in open {
        // Where modes can't be changed all else can be put right.
        match lock.close_to_others(&path) {
            Ok(()) => mended.push(format!("made private: `{}`", path.display())),
            Err(error) => ctx.warn(error.message()),
        }
    }
    let [journal, plans] = Book::BOTH.map(|book| ctx.store.path(book));
    for path in [ctx.store.config_path(), ctx.store.gestures_path(), journal, plans] {
        for swap in unfinished_swaps(ctx, &path) {
            lock.remove_unfinished(&swap)?;
            mended.push(format!("removed: `{}`", swap.display()));
        }
    }
    rewrite(ctx, &lock, &mut mended)?;
    Ok(mended)
}

/// Replaces both books by their events in order, once each, without lines that are not events; these, and all of the
/// books as they were, are on disk before.
fn rewrite(ctx: &Context<'_>, lock: &Lock<'_>, mended: &mut Vec<String>) -> Result<(), Error> {
    let findings_of = |book: Book| {
        let pages = Pages::open(&ctx.store.path(book))?;
        examine(ctx, book, pages.as_ref(), |_| true)
    };
    // A book that can't be read is the user's to put right; the other one waits for it.
    let [Ok(journal), Ok(plans)] = Book::BOTH.map(findings_of) else {
        return Ok(());
    };
    let any = |is_so: fn(&Finding) -> bool| journal.iter().chain(&plans).any(is_so);
    if any(Finding::forbids_rewrite) || !any(Finding::is_fixable) {
        return Ok(());
    }
    let mut after = lock.copies_of_values([&journal, &plans].map(|found| found.iter().any(is_reshaped)))?.merge()?;
    after.take_bad_lines();
    let books = lock.write_books(&after)?;
    for book in Book::BOTH {
        if !books.has(book) {
            continue;
        }
        let backup = lock.back_up(book)?;
        mended.push(format!("kept `{}` as it was in `{}`", book.file_name(), backup.display()));
        let aside = after.rejected(book)?;
        if !aside.is_empty() {
            let path = lock.set_aside(book, &aside)?;
            let lines = grammar::count(aside.len(), "line");
            mended.push(format!(
                "moved {lines} to `{}`; a merge of an older copy brings back what it holds of them",
                path.display()
            ));
        }
        let file = after.merged.of(book);
        let entries = grammar::count(file.events.len() + file.others.len(), "line");
        mended.push(format!("put `{}` in order: {entries}, each once", book.file_name()));
    }
    books.put_in_place()
}
