//! The exchange itself: fetch, put together, commit, push; once more where somebody else was faster.

use std::thread;
use std::time::Duration;

use super::super::Context;
use super::books::{self, Books, Brought, texts};
use super::{NAMES, refuse_half_done, waiting};
use crate::environment;
use crate::error::Error;
use crate::journal::id_number;
use crate::journal::news::News;
use crate::safe_text::shell_word;
use crate::store::ATTRIBUTES;
use crate::system::git::{Commit, Fetched, Objects, Pushed, Refusal, Remote, Repository, Snapshot, short};
use crate::view::grammar;
use crate::view::sync::{Changed, Others};

/// How often it is tried while others push at the same time.
const ROUNDS: u64 = 8;

/// What git has a file of its own for, beside the books.
const ATTRIBUTES_FILE: &str = ".gitattributes";

/// What an exchange came to.
#[derive(Default)]
pub struct Outcome {
    /// The remote, if there is one, with the branch there that was found to be meant.
    pub remote: Option<Remote>,
    pub received: News,
    pub sent: News,
    pub waiting: News,
    /// What was committed here.
    pub kept: News,
    /// Whether anything came or went, be it only a prompt.
    pub is_moved: bool,
    pub changed: Changed,
    /// Whether something of the books was gone here, and came back.
    pub is_restored: bool,
    /// Files that are not ours, and changed elsewhere.
    pub others: Others,
    /// What stood in the way.
    pub refusal: Option<Refusal>,
    /// What both sides have now, if they were exchanged.
    pub state: Option<String>,
}

impl Outcome {
    /// Nothing was new, here or there.
    pub fn in_step(remote: &Remote, ctx: &Context<'_>) -> Self {
        let state = ctx.store.last_exchange().map(|(_, state)| state);
        Self { remote: Some(remote.clone()), state, ..Self::default() }
    }
}

/// The repository while it is exchanged.
struct Exchange<'e, 'o> {
    ctx: &'e Context<'o>,
    repository: &'e Repository,
    objects: &'e mut Objects,
    /// At which commit the remote is, where that was just asked.
    tip: Option<String>,
    done: Outcome,
}

/// The branch and the books as they are once both are put together.
struct Local {
    tip: Option<String>,
    books: Books,
}

/// Exchanges both books with the remote, which may have been asked for its `tip` before; without one, or where it can't be reached, they are committed here.
pub fn exchange(
    ctx: &Context<'_>,
    repository: &Repository,
    objects: &mut Objects,
    remote: Option<&Remote>,
    tip: Option<String>,
) -> Result<Outcome, Error> {
    let mut exchange = Exchange { ctx, repository, objects, tip, done: Outcome::default() };
    let Some(remote) = remote else {
        exchange.keep_here()?;
        return Ok(exchange.done);
    };
    let mut remote = remote.clone();
    for round in 0..ROUNDS {
        pause(round)?;
        let is_settled = exchange.round(&mut remote)?;
        if is_settled {
            exchange.done.remote = Some(remote);
            return Ok(exchange.done);
        }
    }
    Err(busy(repository))
}

/// It never was our turn.
fn busy(repository: &Repository) -> Error {
    let Some(held) = repository.held() else {
        return Error::failed("others were exchanging at the same time, again and again")
            .hint("what was logged here is kept; `nudge sync` again in a moment");
    };
    let remove = format!("rm {}", shell_word(&held));
    Error::failed(format!("another git is at work in the repository, or one was interrupted: it holds `{held}`"))
        .hint(format!("what was logged here is kept; if no git is running, `{remove}`, then `nudge sync`"))
}

/// A short pause, of another length on each machine.
fn pause(round: u64) -> Result<(), Error> {
    if round > 0 {
        thread::sleep(Duration::from_millis((10 + chance()? % 100) * round));
    }
    Ok(())
}

fn chance() -> Result<u64, Error> {
    Ok(id_number(&environment::new_id()?))
}

impl Exchange<'_, '_> {
    /// One try; says whether it came to an end.
    fn round(&mut self, remote: &mut Remote) -> Result<bool, Error> {
        let mut fetched = self.fetch(remote)?;
        if fetched == Fetched::NoBranch
            && let Some(branch) = self.branch_there(remote)?
        {
            // It is to be found at once the next time.
            (remote.branch, remote.is_set) = (branch, false);
            fetched = self.repository.fetch(remote)?;
        }
        let theirs = match fetched {
            Fetched::Known => self.objects.snapshot(&remote.tracking(), NAMES)?,
            Fetched::NoBranch => None,
            Fetched::Again => return Ok(false),
            Fetched::Refused(refusal) => {
                self.keep_here()?;
                self.done.waiting = waiting(self.ctx, remote, self.objects)?;
                self.done.refusal = Some(refusal);
                return Ok(true);
            }
        };
        let Some(Local { tip, books }) = self.settle(theirs.as_ref())? else {
            return Ok(false);
        };
        let is_sent = tip.is_none() || tip.as_deref() == theirs.as_ref().map(|theirs| theirs.commit.as_str());
        let state = tip.as_ref().map(|tip| books::state(tip, &books));
        if is_sent {
            self.done.state = state;
            return Ok(true);
        }
        let news = News::new(texts(theirs.as_ref().map(|theirs| &theirs.books)), texts(Some(&books)));
        match self.repository.push(remote)? {
            Pushed::Sent => {
                self.done.state = state;
                self.done.sent = news;
                self.done.is_moved = true;
                // Three objects a time: once there are many they are packed. Every now and then it is looked.
                if chance()? % 16 == 0 {
                    self.repository.pack();
                }
            }
            Pushed::Again => return Ok(false),
            Pushed::Refused(refusal) => {
                self.done.waiting = news;
                self.done.refusal = Some(refusal);
            }
        }
        Ok(true)
    }

    /// Fetches the branch. A folder is asked first what it has: that is half of a fetch, and mostly there is nothing
    /// new. Over a network a second connection would cost more than it saves.
    fn fetch(&mut self, remote: &Remote) -> Result<Fetched, Error> {
        if self.repository.is_worked_in(remote)? {
            return Ok(Fetched::Refused(Refusal::InUse));
        }
        if remote.is_folder() {
            let there = match self.tip.take() {
                Some(tip) => Some(tip),
                None => self.repository.tip(remote)?,
            };
            if there.is_some() && there == self.objects.id(&remote.tracking())? {
                return Ok(Fetched::Known);
            }
        }
        self.repository.fetch(remote)
    }

    /// Which branch of the remote is meant, where it has none of our name: its main one, or the only one. `None` for a
    /// remote that has none yet, and where the user has said that it is to be another. git says so by itself of a
    /// clone, in which nothing was committed yet.
    fn branch_there(&mut self, remote: &Remote) -> Result<Option<String>, Error> {
        let is_meant = remote.is_set && self.objects.id("HEAD")?.is_some();
        let (main, all) = self.repository.branches(remote)?;
        if is_meant || all.is_empty() {
            return Ok(None);
        }
        let main = main.filter(|main| all.contains(main));
        if let Some(branch) = main.or_else(|| all.first().filter(|_| all.len() == 1).cloned()) {
            return Ok(Some(branch));
        }
        let names: Vec<&str> = all.iter().map(|name| short(name)).collect();
        let ours = self.repository.branch.as_deref().map_or("main", short);
        Err(Error::failed(format!(
            "`{}` has several branches, none of them `{ours}`: {}",
            remote.shown(),
            grammar::list_some(&names, 4)
        ))
        .hint(format!(
            "say which one is meant, as in `git -C {} config {} {}`",
            self.repository.shown(),
            shell_word(&format!("branch.{ours}.merge")),
            shell_word(&all[0])
        )))
    }

    /// Commits the books as they are.
    fn keep_here(&mut self) -> Result<(), Error> {
        let head = self.objects.snapshot("HEAD", NAMES)?;
        let before = head.map(|head| head.books);
        if let Some(local) = self.settle(None)? {
            self.done.kept = News::new(texts(before.as_ref()), texts(Some(&local.books)));
        }
        Ok(())
    }

    /// Puts the books together with theirs, and commits what that comes to; `None` where the branch went on meanwhile.
    fn settle(&mut self, theirs: Option<&Snapshot>) -> Result<Option<Local>, Error> {
        refuse_half_done(self.repository, self.objects)?;
        let head = self.objects.snapshot("HEAD", NAMES)?;
        let (is_ahead, is_behind) = self.relation(head.as_ref(), theirs)?;
        let theirs = theirs.filter(|_| is_behind);
        let base = self.base(head.as_ref(), theirs, is_ahead)?;
        if let Some(theirs) = theirs {
            self.refuse_foreign(theirs, base.as_ref())?;
            self.refuse_filter()?;
        }
        let Brought { before, now, changed, is_restored } =
            books::bring_in(self.ctx, head.as_ref(), theirs, base.as_ref())?;
        self.done.is_restored |= is_restored;
        self.done.changed = Changed {
            prompt: self.done.changed.prompt || changed.prompt,
            streak: changed.streak.or(self.done.changed.streak),
            follow_up: self.done.changed.follow_up || changed.follow_up,
            erased: self.done.changed.erased || changed.erased,
        };
        // What was here goes into the history as it was, before anything else.
        let Some(ours) = self.commit_own(head.as_ref(), &before)? else {
            return Ok(None);
        };
        let tip = match theirs {
            Some(theirs) => {
                self.done.received += News::new(texts(Some(&before)), texts(Some(&theirs.books)));
                self.done.is_moved = true;
                match self.join(ours.as_ref(), theirs, is_ahead || ours != head, &now) {
                    Ok(Some(tip)) => Some(tip),
                    Ok(None) => return Ok(None),
                    Err(error) => {
                        // What was committed of ours stays, and what git is to do by hand begins with the index.
                        let tip = self.objects.id("HEAD")?;
                        self.refresh(head.as_ref(), tip.as_deref())?;
                        return Err(error);
                    }
                }
            }
            None => ours.map(|ours| ours.commit),
        };
        let old = head.as_ref().map(|head| head.commit.as_str());
        if tip.as_deref() != old {
            self.refresh(head.as_ref(), tip.as_deref())?;
        }
        Ok(Some(Local { tip, books: now }))
    }

    /// Whether our branch has what theirs has not, and theirs what ours has not.
    fn relation(&self, head: Option<&Snapshot>, theirs: Option<&Snapshot>) -> Result<(bool, bool), Error> {
        match (head, theirs) {
            (Some(head), Some(theirs)) if head.commit == theirs.commit => Ok((false, false)),
            (Some(head), Some(theirs)) => {
                let (ahead, behind) = self.repository.ahead_and_behind(&head.commit, &theirs.commit)?;
                Ok((ahead > 0, behind > 0))
            }
            (head, theirs) => Ok((head.is_some(), theirs.is_some())),
        }
    }

    /// What both were when they were the same.
    fn base(
        &mut self,
        head: Option<&Snapshot>,
        theirs: Option<&Snapshot>,
        is_ahead: bool,
    ) -> Result<Option<Snapshot>, Error> {
        let (Some(head), Some(theirs)) = (head, theirs) else {
            return Ok(None);
        };
        if !is_ahead {
            return Ok(Some(head.clone()));
        }
        match self.repository.merge_base(&head.commit, &theirs.commit)? {
            Some(base) => self.objects.snapshot(&base, NAMES),
            None => Ok(None),
        }
    }

    /// Commits the books as they were here; the commit that the branch is at then, `None` within for none yet, and
    /// `None` where it went on meanwhile.
    #[expect(clippy::option_option, reason = "no commit yet is one thing, another's commit another")]
    fn commit_own(&mut self, head: Option<&Snapshot>, books: &Books) -> Result<Option<Option<Snapshot>>, Error> {
        let kept = head.map(|head| &head.books);
        if kept == Some(books) || (kept.is_none() && *books == Books::default()) {
            return Ok(Some(head.cloned()));
        }
        self.refuse_filter()?;
        let parents: Vec<&str> = head.iter().map(|head| head.commit.as_str()).collect();
        let has_attributes = head.is_some_and(|head| head.others.names().any(|name| name == ATTRIBUTES_FILE));
        let mut files = files(books);
        if !has_attributes
            && self.ctx.store.text_as_it_is(&self.ctx.store.attributes_path())?.as_deref() == Some(ATTRIBUTES)
        {
            files.push((ATTRIBUTES_FILE, ATTRIBUTES.as_bytes()));
        }
        let at = self.ctx.now;
        let commit = self.repository.commit(&Commit { parents: &parents, tree: None, files: &files, at })?;
        commit.map(|commit| self.objects.snapshot(&commit, NAMES)).transpose()
    }

    /// Lets the branch hold what both have: their commit where that is all, else one that follows both. `None` where
    /// the branch went on meanwhile.
    fn join(
        &self,
        ours: Option<&Snapshot>,
        theirs: &Snapshot,
        is_ahead: bool,
        now: &Books,
    ) -> Result<Option<String>, Error> {
        let old = ours.map(|ours| ours.commit.as_str());
        if !is_ahead && *now == theirs.books {
            let is_moved = self.repository.move_to(&theirs.commit, old)?;
            return Ok(is_moved.then(|| theirs.commit.clone()));
        }
        let (files, at) = (files(now), self.ctx.now);
        let Some(ours) = ours.filter(|_| is_ahead) else {
            return self.repository.commit(&Commit { parents: &[&theirs.commit], tree: None, files: &files, at });
        };
        let tree = if ours.others == theirs.others { None } else { Some(self.merged_tree(ours, theirs, now)?) };
        let parents = [ours.commit.as_str(), &theirs.commit];
        self.repository.commit(&Commit { parents: &parents, tree: tree.as_deref(), files: &files, at })
    }

    /// The other files of the repository, as git merges them. Where that is for the user to do, the books are committed as
    /// they are `now`: git merges nothing over a file that is in no commit.
    fn merged_tree(&self, ours: &Snapshot, theirs: &Snapshot, now: &Books) -> Result<String, Error> {
        let (tree, mut conflicts) = self.repository.merge_trees(&ours.commit, &theirs.commit)?;
        conflicts.retain(|name| !NAMES.contains(&name.as_str()));
        conflicts.dedup();
        if conflicts.is_empty() {
            return Ok(tree);
        }
        if *now != ours.books {
            let (parents, files, at) = ([ours.commit.as_str()], files(now), self.ctx.now);
            // Where the branch went on meanwhile, the next sync does it.
            self.repository.commit(&Commit { parents: &parents, tree: None, files: &files, at })?;
        }
        let base = self.repository.merge_base(&ours.commit, &theirs.commit)?;
        let unrelated = if base.is_none() { "--allow-unrelated-histories " } else { "" };
        let names: Vec<String> = conflicts.iter().map(|name| format!("`{name}`")).collect();
        Err(Error::failed(format!(
            "{} was changed here and elsewhere, and is not nudge's to put together",
            grammar::list_some(&names, 4)
        ))
        .hint(format!(
            "put it together with `git -C {} merge {unrelated}{}`, then `nudge sync`; your journal is complete here",
            self.repository.shown(),
            theirs.commit
        )))
    }

    /// Lets the index follow the branch, where the user has staged nothing, so that `git status` shows the books as
    /// they are, and a commit by hand takes nothing back.
    fn refresh(&mut self, head: Option<&Snapshot>, tip: Option<&str>) -> Result<(), Error> {
        let mut names = NAMES.map(str::to_owned).to_vec();
        if let Some(tip) = tip
            && let Some(new) = self.objects.snapshot(tip, NAMES)?
            && Some(&new.others) != head.map(|head| &head.others)
        {
            let old = head.map(|head| head.commit.as_str());
            let mut changed = self.repository.changed(old, tip, &NAMES)?;
            names.extend(changed.iter().map(|(name, _)| name.clone()));
            // It lies there as we made it.
            changed.retain(|(name, _)| name != ATTRIBUTES_FILE);
            for (name, is_kept) in changed {
                let path = self.ctx.store.data_folder().join(&name);
                match (is_kept, path.exists() || path.is_symlink()) {
                    (true, true) => self.done.others.changed.push(name),
                    (true, false) => self.done.others.absent.push(name),
                    (false, true) => self.done.others.removed.push(name),
                    (false, false) => {}
                }
            }
        }
        self.repository.refresh_index(&names.iter().map(String::as_str).collect::<Vec<_>>());
        Ok(())
    }

    /// Refuses what is no journal: a project's repository that was named by mistake, and what a filter left in the
    /// place of the books.
    fn refuse_foreign(&self, theirs: &Snapshot, base: Option<&Snapshot>) -> Result<(), Error> {
        let is_pointer = |text: &Vec<u8>| text.starts_with(b"version https://git-lfs");
        if theirs.books.iter().flatten().any(is_pointer) {
            return Err(filtered("lfs"));
        }
        let is_beginning = |name: &String| {
            let name = name.to_lowercase();
            ["readme", "license", "licence", ".git"].iter().any(|start| name.starts_with(start))
        };
        if base.is_none() && theirs.books == Books::default() && !theirs.others.names().all(|name| is_beginning(&name))
        {
            let names: Vec<String> = theirs.others.names().map(|name| format!("`{name}`")).collect();
            return Err(Error::failed(format!(
                "the remote holds other things and no journal: {}",
                grammar::list_some(&names, 4)
            ))
            .hint(format!(
                "make an empty, private repository for your journal, then `git -C {} remote set-url origin URL`",
                self.repository.shown()
            )));
        }
        Ok(())
    }

    /// Refuses where attributes say that git is to keep something else than the books.
    fn refuse_filter(&self) -> Result<(), Error> {
        self.repository.filter(&NAMES)?.map_or(Ok(()), |filter| Err(filtered(&filter)))
    }
}

fn filtered(filter: &str) -> Error {
    Error::failed(format!("the repository keeps the books through the filter `{filter}`, which sync would bypass"))
        .hint("take `*.jsonl` out of the filters in `.gitattributes`; nothing was exchanged")
}

fn files(books: &Books) -> Vec<(&'static str, &[u8])> {
    NAMES.into_iter().zip(books).filter_map(|(name, text)| Some((name, text.as_deref()?))).collect()
}
