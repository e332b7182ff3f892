//! What `nudge doctor` says of the repository.

use super::super::Context;
use super::{HALF_DONE, NAMES, git, way_back};
use crate::error::Error;
use crate::system::git::{Place, Remote, Repository};
use crate::view::doctor::{File, Found};

/// What there is to say of the repository; `None` where there is none, or no git to ask.
pub fn look(ctx: &Context<'_>) -> Option<File> {
    if !ctx.store.is_repository() {
        return None;
    }
    let path = ctx.store.data_folder().join(".git").display().to_string();
    let file = |findings| Some(File { file: ".git".to_owned(), path, there: true, findings });
    let git = git(ctx, false);
    if !git.is_there() {
        return None;
    }
    match git.open() {
        Ok((Place::Repository(repository), mut objects)) => {
            let mut findings = Vec::new();
            for (name, what) in HALF_DONE {
                if objects.id(name).is_ok_and(|id| id.is_some()) {
                    findings.push(wrong(
                        &format!("a {what} is under way, and `nudge sync` waits for its end"),
                        &format!("finish it, or give it up: `git -C {} {what} --abort`", repository.shown()),
                    ));
                }
            }
            let is_rebase = objects.id("REBASE_HEAD").is_ok_and(|id| id.is_some());
            findings.extend(of_repository(ctx, &repository, is_rebase).unwrap_or_else(|error| vec![by_error(&error)]));
            file(findings)
        }
        Ok(_) => None,
        Err(error) => file(vec![by_error(&error)]),
    }
}

fn of_repository(ctx: &Context<'_>, repository: &Repository, is_rebase: bool) -> Result<Vec<Found>, Error> {
    let mut findings = Vec::new();
    if repository.branch.is_none() {
        findings.push(wrong("it is on no branch, so `nudge sync` refuses to work", &way_back(repository, is_rebase)?));
    }
    if let Some(filter) = repository.filter(&NAMES)? {
        findings.push(wrong(
            &format!("the books go through the filter `{filter}`, which is not for a journal"),
            "take `*.jsonl` out of the filters in `.gitattributes`",
        ));
    }
    match repository.remote()? {
        None => {
            findings
                .push(note("it has no remote, so nothing leaves this machine", "`nudge sync --init URL` names one"));
        }
        Some(remote) => findings.extend(of_remote(ctx, &remote)),
    }
    Ok(findings)
}

fn of_remote(ctx: &Context<'_>, remote: &Remote) -> Vec<Found> {
    let mut findings = Vec::new();
    if ctx.store.last_exchange().is_none() {
        findings.push(note(
            "nothing has been exchanged yet",
            "`nudge sync` does that; `nudge sync --status` says what waits",
        ));
    }
    if !remote.is_folder() {
        findings.push(note(
            &format!("whether `{}` is private can't be seen from here", remote.shown()),
            "look once with whoever keeps it: your journal concerns other people",
        ));
    }
    findings
}

fn note(says: &str, hint: &str) -> Found {
    Found { says: says.to_owned(), hint: Some(hint.to_owned()), ..Found::default() }
}

fn wrong(says: &str, hint: &str) -> Found {
    Found { wrong: true, ..note(says, hint) }
}

fn by_error(error: &Error) -> Found {
    let hint = match error {
        Error::Failed(said) => said.hint.clone(),
        _ => None,
    };
    Found { wrong: true, says: error.message().to_owned(), hint, ..Found::default() }
}
