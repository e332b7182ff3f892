//! `nudge sync`: exchange the books with the user's other machines, through a git repository of theirs.
//!
//! git carries, and the rules of `merge` decide. The lock is held only while the books are read and put together, never
//! while the network is waited for.

mod books;
mod effect;
mod exchange;
mod health;
mod init;
mod refusal;

use chrono::{DateTime, FixedOffset};

use exchange::Outcome;

use super::Context;
use crate::calendar;
use crate::cli::Sync as SyncArgs;
use crate::error::Error;
use crate::journal::Book;
use crate::journal::moment;
use crate::journal::news::News;
use crate::safe_text::shell_word;
use crate::system::git::{Git, Objects, Place, Remote, Repository, short};
use crate::view::{grammar, sync as view};

pub use health::look;

/// The names of both books, by which git knows them too.
const NAMES: [&str; 2] = ["journal.jsonl", "plans.jsonl"];

pub fn run(ctx: &Context<'_>, args: &SyncArgs) -> Result<(), Error> {
    if let Some(url) = &args.init {
        init::init(ctx, args.ask, url.as_deref())?;
    }
    let (repository, mut objects) = open(ctx, args.ask)?;
    let remote = repository.remote()?;
    if args.status {
        return status(ctx, remote.as_ref(), &mut objects);
    }
    let tip = remote.as_ref().filter(|remote| remote.is_folder()).map(|remote| repository.tip(remote)).transpose()?;
    let tip = tip.flatten();
    let done = match &remote {
        Some(remote) if args.init.is_none() && is_in_step(ctx, &repository, tip.as_deref())? => {
            Outcome::in_step(remote, ctx)
        }
        remote => exchange::exchange(ctx, &repository, &mut objects, remote.as_ref(), tip)?,
    };
    if let Some(there) = &done.remote
        && done.refusal.is_none()
        && (args.init.is_some() || Some(&there.branch) != remote.as_ref().map(|remote| &remote.branch))
    {
        repository.follow(there)?;
    }
    if let Some(state) = &done.state {
        ctx.store.note_exchange(&moment(ctx.now), state);
    }
    tell(ctx, &repository, &done)
}

/// Whether a remote that is a folder, and was just asked, our branch and the books are what they were after the last
/// exchange.
fn is_in_step(ctx: &Context<'_>, repository: &Repository, tip: Option<&str>) -> Result<bool, Error> {
    let (Some(tip), Some((_, state))) = (tip, ctx.store.last_exchange()) else {
        return Ok(false);
    };
    Ok(repository.head.as_deref() == Some(tip) && state == books::state(tip, &books::read(ctx)?))
}

fn git(ctx: &Context<'_>, asks: bool) -> Git {
    Git::new(ctx.store.data_folder(), ctx.git_ssh.clone(), asks)
}

/// The repository that the data folder is, on a branch.
fn open(ctx: &Context<'_>, asks: bool) -> Result<(Repository, Objects), Error> {
    let folder = ctx.store.data_folder();
    let named = folder.display();
    if !folder.is_dir() {
        return Err(Error::failed("there is nothing to sync yet").hint(INIT));
    }
    let (place, mut objects) = git(ctx, asks).open()?;
    match place {
        Place::Nothing => Err(Error::failed(format!("`{named}` is not a git repository yet")).hint(INIT)),
        Place::Inside(top) => Err(inside(ctx, &top)),
        Place::Repository(repository) if repository.is_bare() => {
            Err(Error::failed(format!("`{named}` is a bare repository"))
                .hint("a bare one is for the other side; move it out of the way, then `nudge sync --init URL`"))
        }
        Place::Repository(repository) if repository.branch.is_some() => Ok((*repository, objects)),
        Place::Repository(repository) => {
            let is_rebase = objects.id("REBASE_HEAD")?.is_some();
            let what = if is_rebase { "in the middle of a rebase" } else { "on no branch" };
            Err(Error::failed(format!("the repository in `{named}` is {what}, so nothing was exchanged"))
                .hint(way_back(&repository, is_rebase)?))
        }
    }
}

/// What leads back to a branch.
fn way_back(repository: &Repository, is_rebase: bool) -> Result<String, Error> {
    let folder = repository.shown();
    if is_rebase {
        return Ok(format!("finish it, or give it up: `git -C {folder} rebase --abort`"));
    }
    let branch = repository.a_branch()?.map_or_else(|| "-c main".to_owned(), |name| shell_word(&name).into_owned());
    Ok(format!("finish what is under way, or go back to your branch: `git -C {folder} switch {branch}`"))
}

const INIT: &str = "`nudge sync --init URL` makes it one; URL is an empty, private repository of yours";

/// A folder that belongs to something larger, as to somebody's dotfiles.
fn inside(ctx: &Context<'_>, top: &str) -> Error {
    let folder = ctx.store.data_folder().display();
    Error::failed(format!("`{folder}` lies inside another repository, `{top}`, which may hold more than your journal"))
        .hint("carry the files with that one, and put them together with `nudge merge`; or set `NUDGE_DIR` to a folder outside")
}

/// Refuses where the user, or another program, is in the middle of something.
fn refuse_half_done(repository: &Repository, objects: &mut Objects) -> Result<(), Error> {
    for (name, what) in HALF_DONE {
        if objects.id(name)?.is_some() {
            return Err(Error::failed(format!("a {what} is under way in the repository, so nothing was exchanged"))
                .hint(format!("finish it, or give it up: `git -C {} {what} --abort`", repository.shown())));
        }
    }
    Ok(())
}

/// What git leaves while something is under way, and what that is called.
const HALF_DONE: [(&str, &str); 3] =
    [("MERGE_HEAD", "merge"), ("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert")];

/// Says what came and went, what changed by it, and what stood in the way.
fn tell(ctx: &Context<'_>, repository: &Repository, done: &Outcome) -> Result<(), Error> {
    let shown = done.remote.as_ref().map(Remote::shown);
    if ctx.json {
        ctx.print(&view::json(shown.as_deref(), done.received, done.sent, done.waiting))?;
    }
    if done.is_restored {
        ctx.say("Some of what you had logged was gone here, and came back from the repository.")?;
    }
    if done.remote.is_none() {
        ctx.say(&view::without_remote(done.kept))?;
        return ctx.say("`nudge sync --init URL` names one; see that it is private.");
    }
    // What came is here, even if nothing could be sent.
    if done.refusal.is_none() || done.received.total() > 0 {
        ctx.say(&view::exchanged(done.received, done.sent, done.is_moved))?;
    }
    done.changed.sentences().iter().try_for_each(|sentence| ctx.say(sentence))?;
    let folder = ctx.store.data_folder().to_string_lossy();
    for (sentence, command) in done.others.sentences(&folder) {
        ctx.say(&sentence)?;
        // To be pasted as it is: not broken where a line ends.
        if let Some(command) = command.filter(|_| !ctx.json) {
            ctx.next(&[&command])?;
        }
    }
    match (&done.refusal, &done.remote) {
        (Some(refusal), Some(remote)) => refusal::tell(ctx, repository, remote, refusal, done.waiting),
        _ => Ok(()),
    }
}

/// How things stand, without the network.
fn status(ctx: &Context<'_>, remote: Option<&Remote>, objects: &mut Objects) -> Result<(), Error> {
    let waiting = match remote {
        Some(remote) => waiting(ctx, remote, objects)?,
        None => News::default(),
    };
    let last = ctx.store.last_exchange().map(|(moment, _)| moment);
    let shown = remote.map(|remote| (remote.shown(), short(&remote.branch)));
    if ctx.json {
        let (url, branch) = shown.as_ref().map(|(url, branch)| (url.as_str(), *branch)).unzip();
        return ctx.print(&view::status_json(url, branch, last.as_deref(), waiting));
    }
    let last = last.and_then(|last| DateTime::parse_from_rfc3339(&last).ok()).map(|last| when(ctx, last));
    let shown = shown.as_ref().map(|(url, branch)| (url.as_str(), *branch));
    view::status(shown, last.as_deref(), waiting).iter().try_for_each(|line| ctx.say(line))
}

/// "today, 08:03".
fn when(ctx: &Context<'_>, moment: DateTime<FixedOffset>) -> String {
    let day = calendar::day_of(moment, ctx.config.day_starts);
    format!("{}, {}", grammar::near_date(day, ctx.today), grammar::time(moment))
}

/// What is here and was not there when we last knew.
fn waiting(ctx: &Context<'_>, remote: &Remote, objects: &mut Objects) -> Result<News, Error> {
    let known = objects.snapshot(&remote.tracking(), NAMES)?;
    let here = books::read(ctx)?;
    Ok(News::new(books::texts(known.as_ref().map(|known| &known.books)), books::texts(Some(&here))))
}

/// How a book is called in a sentence about the repository.
fn shown_path(ctx: &Context<'_>, book: Book) -> String {
    shell_word(&ctx.store.path(book).to_string_lossy()).into_owned()
}
