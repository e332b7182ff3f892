//! `nudge sync --init`: the data folder becomes a repository, with a remote.

use std::path::{Path, absolute};

use super::super::Context;
use super::{git, inside, open};
use crate::error::Error;
use crate::system::git::{Objects, Place, Remote, Repository, is_folder, without_password};

/// Makes the repository where there is none, and names its remote.
pub fn init(ctx: &Context<'_>, asks: bool, url: Option<&str>) -> Result<(), Error> {
    let url = url.map(whole).transpose()?;
    // The lock makes the folder; the network is not waited for with it.
    drop(ctx.lock()?);
    let git = git(ctx, asks);
    let folder = ctx.store.data_folder().display();
    let (place, objects) = git.open()?;
    drop(objects);
    match place {
        Place::Inside(top) => return Err(inside(ctx, &top)),
        Place::Repository(_) => ctx.say(&format!("`{folder}` is a repository already."))?,
        Place::Nothing => {
            let is_sha256 = url.as_deref().map_or(Ok(false), |url| git.is_sha256_at(url))?;
            git.init(is_sha256)?;
            ctx.say(&format!("`{folder}` is a git repository now."))?;
        }
    }
    prepare(ctx, url.as_deref())
}

fn prepare(ctx: &Context<'_>, url: Option<&str>) -> Result<(), Error> {
    let (repository, mut objects) = open(ctx, false)?;
    if let Some(url) = url {
        match repository.remote()? {
            None => repository.add_remote("origin", url)?,
            Some(remote) if remote.url == url => {}
            Some(remote) if !has_met(ctx, &repository, &mut objects, &remote)? => {
                repository.move_remote(&remote.name, url)?;
                let (old, new) = (remote.shown(), without_password(url));
                ctx.say(&format!("Nothing had been exchanged with `{old}` yet, so `{new}` takes its place."))?;
            }
            Some(remote) => {
                let command = format!("git -C {} remote set-url {} URL", repository.shown(), remote.name);
                return Err(Error::failed(format!("`{}` is at `{}` already", remote.name, remote.shown()))
                    .hint(format!("`{command}` moves it to another place")));
            }
        }
    }
    let lock = ctx.lock()?;
    lock.exclude_own(&repository.own_path("info/exclude")?)?;
    lock.write_attributes()
}

/// Whether anything was ever exchanged with a remote, by us or by hand. What was fetched and then refused is not.
fn has_met(ctx: &Context<'_>, repository: &Repository, objects: &mut Objects, remote: &Remote) -> Result<bool, Error> {
    if ctx.store.last_exchange().is_some() {
        return Ok(true);
    }
    match (&repository.head, objects.id(&remote.tracking())?) {
        (Some(head), Some(theirs)) => Ok(repository.merge_base(head, &theirs)?.is_some()),
        _ => Ok(false),
    }
}

/// An address as git is to keep it: a folder by its whole path, since git would look for it from the data folder.
fn whole(url: &str) -> Result<String, Error> {
    if url.is_empty() || url.starts_with('-') {
        return Err(Error::usage(format!("`{}` is not the address of a repository", without_password(url)))
            .hint("an address is `git@example.org:me/nudge.git`, `https://example.org/me/nudge.git` or a folder"));
    }
    if !is_folder(url) {
        return Ok(url.to_owned());
    }
    let path = absolute(Path::new(url)).map_err(|_| Error::usage(format!("`{url}` is not a folder")))?;
    Ok(path.to_string_lossy().into_owned())
}
