//! What stood in the way of an exchange, and what helps.

use super::super::Context;
use crate::error::Error;
use crate::journal::news::News;
use crate::safe_text::shell_word;
use crate::system::git::{Refusal, Remote, Repository};
use crate::view::grammar::capitalised;
use crate::view::sync as view;

/// Says why nothing was exchanged. A remote that is not there now is no failure while nothing waits for it.
pub fn tell(
    ctx: &Context<'_>,
    repository: &Repository,
    remote: &Remote,
    refusal: &Refusal,
    waiting: News,
) -> Result<(), Error> {
    let (name, url, folder) = (&remote.name, remote.shown(), repository.shown());
    let is_here = remote.is_folder();
    let (says, hint) = match refusal {
        Refusal::Unreachable(why) => (format!("could not reach `{url}`: {why}"), LATER.to_owned()),
        Refusal::TooSlow => (format!("`{url}` did not answer within 30 seconds"), LATER.to_owned()),
        Refusal::NoRepository(_) if is_here => (
            format!("there is no repository at `{url}`"),
            format!(
                "if its disk is away, run `nudge sync` again once it is back. To make a new one: `git init --bare -b main {}`",
                shell_word(&url)
            ),
        ),
        Refusal::NoRepository(_) => (
            format!("there is no repository at `{url}`, or it is not open to you"),
            format!("make an empty, private one there, or name another: `git -C {folder} remote set-url {name} URL`"),
        ),
        Refusal::Unknown(why) => (
            format!("`{url}` does not know you: {why}"),
            format!("`nudge sync --ask` lets git ask here; or once by hand: `git -C {folder} fetch {name}`"),
        ),
        Refusal::Distrusted(setting) => (
            format!("git doesn't trust the repository at `{url}`, since it belongs to somebody else"),
            format!("if it is yours all the same: `{setting}`"),
        ),
        Refusal::InUse => (
            format!("`{url}` is a folder that somebody works in, not a bare repository, so nothing was sent"),
            format!(
                "make a bare repository elsewhere, with `git init --bare -b main FOLDER`, then `git -C {folder} remote set-url {name} FOLDER`"
            ),
        ),
        Refusal::Other(why) => (format!("could not exchange with `{url}`: {why}"), LATER.to_owned()),
    };
    let is_away = match refusal {
        Refusal::Unreachable(_) | Refusal::TooSlow => true,
        Refusal::NoRepository(_) => is_here,
        _ => false,
    };
    match view::kept(waiting) {
        None if is_away => ctx.say(&format!("{}. Nothing waits to be sent.", capitalised(&says))),
        None => Err(Error::failed(says).hint(hint)),
        Some(kept) => Err(Error::failed(says).hint(format!("{kept}. {}", capitalised(&hint)))),
    }
}

const LATER: &str = "run `nudge sync` again later";
