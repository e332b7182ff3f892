//! What a scheduler has to be told to call nudge as it is called now, and what a notification needs to be seen.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::variable;
use crate::error::Error;

/// Where a user's own schedulers look for what they are to do.
pub struct Schedulers {
    /// The folder of systemd's units.
    pub units: PathBuf,
    /// The folder of launchd's jobs.
    pub agents: PathBuf,
    /// The domain of launchd's jobs: `gui/501`.
    pub domain: String,
}

impl Schedulers {
    /// Finds the folders. Fails where no home folder is known.
    pub fn find() -> Result<Self, Error> {
        let home = directories::BaseDirs::new().ok_or_else(|| {
            Error::failed("no home folder is known, so there is no place for a reminder").hint("set `HOME`")
        })?;
        let config = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let config = config.unwrap_or_else(|| home.home_dir().join(".config"));
        Ok(Self {
            units: config.join("systemd").join("user"),
            agents: home.home_dir().join("Library").join("LaunchAgents"),
            domain: format!("gui/{}", user()),
        })
    }
}

/// The number of the user.
#[cfg(unix)]
fn user() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(not(unix))]
fn user() -> u32 {
    0
}

/// The variables that lead to the user's files, as far as they are set.
pub fn variables() -> impl Iterator<Item = (&'static str, OsString)> {
    let names = ["NUDGE_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].into_iter();
    names.filter_map(|name| Some((name, variable(name)?)))
}

/// The variables by which a child finds the user's session, where they are not set: cron sets neither.
pub fn session() -> Vec<(&'static str, OsString)> {
    let runtime = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
    missing(variable("DBUS_SESSION_BUS_ADDRESS").is_some(), runtime.as_deref(), user(), Path::exists)
}

fn missing(
    has_bus: bool,
    runtime: Option<&Path>,
    user: u32,
    is_there: impl Fn(&Path) -> bool,
) -> Vec<(&'static str, OsString)> {
    let mut set = Vec::new();
    let usual = || Some(PathBuf::from(format!("/run/user/{user}"))).filter(|folder| is_there(folder));
    let Some(folder) = runtime.map(Path::to_owned).or_else(usual) else {
        return set;
    };
    let bus = folder.join("bus");
    if !has_bus && is_there(&bus) {
        let mut address = OsString::from("unix:path=");
        address.push(bus);
        set.push(("DBUS_SESSION_BUS_ADDRESS", address));
    }
    if runtime.is_none() {
        set.push(("XDG_RUNTIME_DIR", folder.into()));
    }
    set
}

/// The path by which this program was called, which an update leaves as it is: the file itself may lie where each version
/// has a folder of its own.
pub fn program() -> Result<PathBuf, Error> {
    let cannot = |error| Error::failed(format!("can't tell where nudge lies: {error}"));
    let itself = std::env::current_exe().map_err(cannot)?;
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let candidates = if called.components().count() > 1 {
        vec![std::path::absolute(&called).unwrap_or_default()]
    } else {
        let folders = variable("PATH").unwrap_or_default();
        std::env::split_paths(&folders)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(&called))
            .collect()
    };
    let real = itself.canonicalize().ok();
    let is_it = |path: &PathBuf| real.is_some() && path.canonicalize().ok() == real;
    Ok(candidates.into_iter().find(is_it).unwrap_or(itself))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_told_of_the_session_that_is_there() {
        #[track_caller]
        fn check(has_bus: bool, runtime: Option<&str>, there: &[&str], expected: &[(&str, &str)]) {
            let is_there = |path: &Path| there.iter().any(|there| Path::new(there) == path);
            let set = missing(has_bus, runtime.map(Path::new), 1000, is_there);
            let set: Vec<_> = set.iter().map(|(name, value)| (*name, value.to_str().unwrap())).collect();
            assert_eq!(set, expected);
        }
        let usual = ["/run/user/1000", "/run/user/1000/bus"];
        let bus = ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/1000/bus");
        let runtime = ("XDG_RUNTIME_DIR", "/run/user/1000");
        check(false, None, &usual, &[bus, runtime]);
        check(false, None, &usual[..1], &[runtime]);
        check(false, None, &[], &[]);
        check(true, None, &usual, &[runtime]);
        check(true, Some("/run/user/1000"), &usual, &[]);
        check(false, Some("/run/user/1000"), &usual, &[bus]);
        check(false, Some("/x"), &["/x/bus"], &[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x/bus")]);
    }
}
