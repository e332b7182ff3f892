//! The entry in the system's scheduler that calls nudge: set up, looked for, taken away.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use chrono::NaiveTime;

use crate::commands::Context;
use crate::environment::desktop::{self, Schedulers};
use crate::error::Error;
use crate::schedule::{self, Call, Crontab, LABEL, SERVICE, TIMER};
use crate::system::scheduler as system;
use crate::view::remind::Piece;

/// What calls nudge at the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    Systemd,
    Cron,
    Launchd,
}

impl Scheduler {
    const ALL: [Self; 3] = [Self::Systemd, Self::Cron, Self::Launchd];

    /// As `--json` has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::Cron => "cron",
            Self::Launchd => "launchd",
        }
    }

    /// As a sentence has it.
    pub fn by(self) -> &'static str {
        match self {
            Self::Systemd => "a systemd timer",
            Self::Cron => "cron",
            Self::Launchd => "launchd",
        }
    }
}

/// How nudge is called, and where that is written down.
pub struct Entry {
    pub call: Call,
    folders: Schedulers,
    session: Vec<(&'static str, OsString)>,
}

impl Entry {
    /// The entry for this program and these folders. Fails where a path can't be written into it.
    pub fn new() -> Result<Self, Error> {
        let program = text(desktop::program()?.into_os_string())?;
        let variables = desktop::variables().map(|(name, value)| Ok((name.to_owned(), text(value)?)));
        let call = Call { program, variables: variables.collect::<Result<_, Error>>()? };
        Ok(Self { call, folders: Schedulers::find()?, session: desktop::session() })
    }

    /// The scheduler of this system; `None` if it has none that we know.
    pub fn scheduler(&self) -> Result<Option<Scheduler>, Error> {
        if cfg!(target_os = "macos") {
            return Ok(Some(Scheduler::Launchd));
        }
        if system::has_user_manager(&self.session) {
            return Ok(Some(Scheduler::Systemd));
        }
        Ok(system::crontab()?.map(|_| Scheduler::Cron))
    }

    /// What is written down, and into which files; the lines of a crontab have none.
    pub fn pieces(&self, scheduler: Scheduler, at: NaiveTime) -> Vec<Piece> {
        let file = |path: PathBuf, text: String| Piece { path: Some(path.display().to_string()), text };
        match scheduler {
            Scheduler::Systemd => vec![
                file(self.folders.units.join(TIMER), self.call.timer(at)),
                file(self.folders.units.join(SERVICE), self.call.service()),
            ],
            Scheduler::Cron => vec![Piece { path: None, text: self.call.cron(at) }],
            Scheduler::Launchd => vec![file(self.job(), self.call.plist(at))],
        }
    }

    fn job(&self) -> PathBuf {
        self.folders.agents.join(format!("{LABEL}.plist"))
    }

    /// Those that have an entry of ours.
    pub fn installed(&self, ctx: &Context<'_>) -> Result<Vec<Scheduler>, Error> {
        let mut found = Vec::new();
        for scheduler in Scheduler::ALL {
            let is_there = match scheduler {
                Scheduler::Systemd => is_ours(ctx, &self.folders.units.join(TIMER))?,
                Scheduler::Launchd => is_ours(ctx, &self.job())?,
                Scheduler::Cron => cron()?.is_some_and(|(_, crontab)| !crontab.ours.is_empty()),
            };
            if is_there {
                found.push(scheduler);
            }
        }
        Ok(found)
    }

    /// Whether the entry is the one that would be set up now, and is in force.
    pub fn is_current(&self, ctx: &Context<'_>, scheduler: Scheduler, at: NaiveTime) -> Result<bool, Error> {
        for Piece { path, text } in self.pieces(scheduler, at) {
            let found = match path {
                Some(path) => ctx.store.text(Path::new(&path))?.unwrap_or_default().into_bytes(),
                None => cron()?.map(|(_, crontab)| crontab.ours).unwrap_or_default(),
            };
            if found != text.as_bytes() {
                return Ok(false);
            }
        }
        // Where the user's systemd does not answer, as in a session without a desktop, nobody can tell.
        Ok(scheduler != Scheduler::Systemd
            || !system::has_user_manager(&self.session)
            || system::systemctl(&["is-active", "--quiet", TIMER], &self.session).is_ok())
    }

    /// Sets the entry up, or changes it. What fails half-way is taken away again.
    pub fn install(&self, ctx: &Context<'_>, scheduler: Scheduler, at: NaiveTime) -> Result<(), Error> {
        if scheduler == Scheduler::Cron {
            return change_crontab(&self.call.cron(at));
        }
        let pieces = self.pieces(scheduler, at);
        let files = || pieces.iter().filter_map(|piece| Some((Path::new(piece.path.as_ref()?), &piece.text)));
        for (path, _) in files() {
            if ctx.store.text(path)?.is_some() && !is_ours(ctx, path)? {
                return Err(Error::failed(format!("`{}` is there, and nudge did not write it", path.display()))
                    .hint("move it out of the way, then try again"));
            }
        }
        let installed = files().try_for_each(|(path, text)| ctx.store.put(path, text)).and_then(|()| match scheduler {
            Scheduler::Systemd => {
                let told = [&["daemon-reload"][..], &["enable", TIMER], &["restart", TIMER]];
                told.iter().try_for_each(|arguments| system::systemctl(arguments, &self.session))
            }
            _ => {
                // It may be loaded already, with another hour.
                let _ = system::launchctl(&["bootout", &format!("{}/{LABEL}", self.folders.domain)]);
                system::launchctl(&["bootstrap", &self.folders.domain, &self.job().display().to_string()])
            }
        });
        installed.inspect_err(|_| drop(self.remove(ctx, scheduler)))
    }

    /// Takes the entry away. What was never there need not go.
    pub fn remove(&self, ctx: &Context<'_>, scheduler: Scheduler) -> Result<(), Error> {
        match scheduler {
            Scheduler::Cron => change_crontab(""),
            Scheduler::Launchd => {
                let _ = system::launchctl(&["bootout", &format!("{}/{LABEL}", self.folders.domain)]);
                ctx.store.remove(&self.job())
            }
            Scheduler::Systemd => {
                // Each may have nothing to do, and all of them where the user's systemd does not answer.
                let tell = |arguments: &[&str]| drop(system::systemctl(arguments, &self.session));
                tell(&["disable", "--now", TIMER]);
                // It may be waiting for another try.
                tell(&["stop", SERVICE]);
                tell(&["clean", "--what=state", TIMER]);
                let units = &self.folders.units;
                // systemd's own link, which goes whatever it leads to.
                let enabled = units.join("timers.target.wants").join(TIMER);
                if enabled.is_symlink() {
                    ctx.store.remove(&enabled)?;
                }
                for path in [units.join(TIMER), units.join(SERVICE)] {
                    // A link that leads nowhere is somebody's own.
                    if path.exists() && is_ours(ctx, &path)? {
                        ctx.store.remove(&path)?;
                    }
                }
                tell(&["daemon-reload"]);
                tell(&["reset-failed", SERVICE]);
                Ok(())
            }
        }
    }
}

fn is_ours(ctx: &Context<'_>, path: &Path) -> Result<bool, Error> {
    Ok(ctx.store.text(path)?.is_some_and(|text| schedule::is_ours(&text)))
}

/// The crontab as it is, and with our lines taken out; `None` if there is no cron.
fn cron() -> Result<Option<(Vec<u8>, Crontab)>, Error> {
    let Some(text) = system::crontab()? else {
        return Ok(None);
    };
    let parsed = Crontab::parse(&text).ok_or_else(|| {
        Error::failed("your crontab has a line `# nudge remind: begin` or `# nudge remind: end` without the other")
            .hint("take out what is left of these lines with `crontab -e`, then try again")
    })?;
    Ok(Some((text, parsed)))
}

/// Puts these lines in the place of ours, and looks whether everything else stayed as it was.
fn change_crontab(ours: &str) -> Result<(), Error> {
    let Some((before, parsed)) = cron()? else {
        return Ok(());
    };
    let new = parsed.with(ours);
    if new == before {
        return Ok(());
    }
    system::replace_crontab(&new)?;
    let after = system::crontab();
    if matches!(&after, Ok(Some(after)) if *after == new) {
        return Ok(());
    }
    system::replace_crontab(&before)?;
    after?;
    Err(Error::failed("`crontab` did not keep what it was given, so your crontab is as it was"))
}

/// A path or a value that can be written into every scheduler's file.
fn text(word: OsString) -> Result<String, Error> {
    let text = word.into_string().ok().filter(|text| !text.contains(char::is_control));
    text.ok_or_else(|| {
        Error::failed("the path of nudge or of its folders has characters in it that no scheduler takes")
            .hint("move it to a path of letters that can be seen")
    })
}
