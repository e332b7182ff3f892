//! The only place that reads the environment, the clock and the system's random generator.

pub mod desktop;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, FixedOffset, Local, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use rand::TryRng;
use rand::rngs::SysRng;

use crate::error::{self, Error};
use crate::ids::EventId;

/// Everything a call takes from outside its command line and its files.
pub struct Environment {
    /// The moment of the call, in local time.
    pub now: DateTime<FixedOffset>,
    /// `NUDGE_SEED`: seeds the pick in place of the journal's first id.
    pub seed: Option<u64>,
    /// `VISUAL`, or else `EDITOR`.
    pub editor: Option<String>,
    /// `PAGER`.
    pub pager: Option<String>,
    /// Whether the user has set `LESS`.
    pub has_less: bool,
    /// `GIT_SSH_COMMAND`, and `GIT_SSH`: how git is to start ssh.
    pub git_ssh: [Option<String>; 2],
    /// Where the user's files are.
    pub folders: Folders,
    /// What the terminal can show.
    pub screen: Screen,
}

/// Where the user's files lie.
pub struct Folders {
    /// The folder of `config.toml` and `gestures.toml`.
    pub config: PathBuf,
    /// The folder of the journal, the plans and the lock.
    pub data: PathBuf,
}

/// What the terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// In columns.
    pub width: usize,
    /// How many lines the window has; `None` if standard output is not a terminal.
    pub height: Option<usize>,
    /// Whether the locale's character set is UTF-8; if not, only ASCII is printed.
    pub utf8: bool,
    /// How many colours the terminal claims to have: 16, 256 or 16,777,216.
    pub colors: u32,
}

impl Environment {
    /// Reads all of it. Fails if `NUDGE_NOW` or `NUDGE_SEED` is malformed, or no home folder is known.
    pub fn read() -> Result<Self, Error> {
        let editor = ["VISUAL", "EDITOR"].into_iter().find_map(text);
        Ok(Self {
            now: now()?,
            seed: seed()?,
            editor,
            pager: text("PAGER"),
            has_less: variable("LESS").is_some(),
            git_ssh: ["GIT_SSH_COMMAND", "GIT_SSH"].map(text),
            folders: folders()?,
            screen: screen(),
        })
    }
}

/// `NUDGE_COMPLETE`: the shell that asks what can stand where the cursor is.
pub fn completing() -> Option<String> {
    text("NUDGE_COMPLETE")
}

/// The path by which this program was called, made absolute; `None` if it was called by its name alone.
pub fn called_by_path() -> Result<Option<PathBuf>, Error> {
    let called = PathBuf::from(std::env::args_os().next().unwrap_or_default());
    if called.components().nth(1).is_none() {
        return Ok(None);
    }
    let path = std::path::absolute(&called).map_err(|error| {
        Error::failed(format!("can't tell where `{}` lies: {}", called.display(), error::reason(&error)))
            .hint("go to a folder that exists, or call nudge by its whole path")
    })?;
    Ok(Some(path))
}

#[expect(clippy::disallowed_methods, reason = "this module is where the environment is read")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn text(name: &str) -> Option<String> {
    variable(name).map(|value| value.to_string_lossy().into_owned())
}

#[expect(clippy::disallowed_methods, reason = "this module is where the clock is read")]
fn now() -> Result<DateTime<FixedOffset>, Error> {
    let Some(text) = text("NUDGE_NOW") else {
        return Ok(to_the_millisecond(Local::now().fixed_offset()));
    };
    let now = parse_now(&text).filter(|now| (1..=9999).contains(&now.year()));
    now.map(to_the_millisecond).ok_or_else(|| {
        Error::failed(format!("`NUDGE_NOW` is `{text}`, which is not a moment"))
            .hint("a moment is written `2026-11-22T08:00:00`, or with an offset `2026-11-22T08:00:00+01:00`, in the years 1 to 9999")
    })
}

/// A moment at the precision of the files.
fn to_the_millisecond(moment: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    let nanoseconds = moment.nanosecond() / 1_000_000 * 1_000_000;
    moment.with_nanosecond(nanoseconds).unwrap_or(moment)
}

/// Reads a moment; without an offset it is in the system's time zone. A time that is skipped when the clocks
/// go forward is taken to be an hour later.
fn parse_now(text: &str) -> Option<DateTime<FixedOffset>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment);
    }
    let naive: NaiveDateTime = text.parse().ok()?;
    let local = |naive: NaiveDateTime| Local.from_local_datetime(&naive).earliest();
    local(naive).or_else(|| local(naive + TimeDelta::hours(1))).map(|moment| moment.fixed_offset())
}

fn seed() -> Result<Option<u64>, Error> {
    let Some(text) = text("NUDGE_SEED") else {
        return Ok(None);
    };
    let seed = text.parse().map_err(|_| {
        Error::failed(format!("`NUDGE_SEED` is `{text}`, which is not a seed"))
            .hint("a seed is a whole number from 0 up")
    })?;
    Ok(Some(seed))
}

fn folders() -> Result<Folders, Error> {
    if let Some(folder) = variable("NUDGE_DIR") {
        let folder = whole(PathBuf::from(folder))?;
        return Ok(Folders { config: folder.clone(), data: folder });
    }
    // The XDG specification says to ignore a path that is not absolute.
    let xdg =
        |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute()).map(|path| path.join("nudge"));
    let (config, data) = (xdg("XDG_CONFIG_HOME"), xdg("XDG_DATA_HOME"));
    if let (Some(config), Some(data)) = (&config, &data) {
        return Ok(Folders { config: config.clone(), data: data.clone() });
    }
    let platform = directories::ProjectDirs::from("", "", "nudge").ok_or_else(|| {
        Error::failed("no home folder is known, so there is no place for your journal")
            .hint("set `HOME`, or `NUDGE_DIR` to a folder for nudge's files")
    })?;
    Ok(Folders {
        config: config.unwrap_or_else(|| platform.config_dir().to_owned()),
        data: data.unwrap_or_else(|| platform.data_dir().to_owned()),
    })
}

/// The folder that `NUDGE_DIR` names. One that depends on where one stands would be another journal in each folder; of
/// the words that a shell expands only the home folder is one that some other program may leave as it is.
fn whole(folder: PathBuf) -> Result<PathBuf, Error> {
    if folder.is_absolute() {
        return Ok(folder);
    }
    let home = || directories::BaseDirs::new().map(|home| home.home_dir().to_owned());
    let whole = folder.strip_prefix("~").ok().and_then(|below| home().map(|home| home.join(below)));
    whole.ok_or_else(|| {
        Error::failed(format!("`NUDGE_DIR` is `{}`, which is not an absolute path", folder.display()))
            .hint("name the whole path, from `/` or `~/` on")
    })
}

/// A path as people write it, from their home folder on: `~/.config/nudge`.
pub fn from_home(path: &Path) -> String {
    let home = directories::BaseDirs::new();
    match home.and_then(|home| path.strip_prefix(home.home_dir()).ok().map(Path::to_owned)) {
        Some(below) => Path::new("~").join(below).display().to_string(),
        None => path.display().to_string(),
    }
}

/// The name of the user's shell, as `SHELL` has it: `bash`.
pub fn shell() -> Option<String> {
    let shell = PathBuf::from(variable("SHELL")?);
    Some(shell.file_name()?.to_string_lossy().into_owned())
}

/// What the terminal can show.
pub fn screen() -> Screen {
    let columns = text("COLUMNS").and_then(|columns| columns.trim().parse().ok()).filter(|columns| *columns > 0);
    let width = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into())).unwrap_or(80);
    // By POSIX, the first of these that is set names the character set. On other systems terminals use UTF-8.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text).unwrap_or_default().to_lowercase();
    let utf8 = cfg!(not(target_os = "linux")) || locale.contains("utf-8") || locale.contains("utf8");
    let height = terminal_size::terminal_size_of(std::io::stdout()).map(|(_, height)| height.0.into());
    Screen { width, height, utf8, colors: colors(text("COLORTERM").as_deref(), text("TERM").as_deref()) }
}

/// `COLORTERM` is how terminals announce true colour; for 256 colours or 16, the name in `TERM` has to do.
fn colors(colorterm: Option<&str>, term: Option<&str>) -> u32 {
    let term = term.unwrap_or("");
    if matches!(colorterm, Some("truecolor" | "24bit")) || term.ends_with("-direct") {
        1 << 24
    } else if term.contains("256color") {
        256
    } else {
        16
    }
}

/// Ten random letters and digits for a new event.
pub fn new_id() -> Result<EventId, Error> {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut id = String::new();
    while id.len() < 10 {
        let mut bytes = [0; 16];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| Error::failed(format!("can't get random bytes for an id: {error}")))?;
        // 248 is four times 62: without the few bytes above it, every letter is equally likely.
        let letters = bytes.iter().filter(|byte| **byte < 248).map(|byte| char::from(LETTERS[usize::from(*byte % 62)]));
        id.extend(letters.take(10 - id.len()));
    }
    Ok(id.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_ten_letters_and_digits_and_never_the_same() {
        let ids: std::collections::BTreeSet<EventId> = (0..1000).map(|_| new_id().unwrap()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())));
    }

    #[test]
    fn a_terminal_says_how_many_colours_it_has() {
        assert_eq!(colors(Some("truecolor"), Some("xterm-256color")), 1 << 24);
        assert_eq!(colors(None, Some("xterm-direct")), 1 << 24);
        assert_eq!(colors(Some("yes"), Some("screen-256color")), 256);
        assert_eq!([colors(None, Some("xterm")), colors(None, None)], [16; 2]);
    }

    #[test]
    fn a_moment_with_an_offset_is_taken_as_written() {
        let moment = parse_now("2026-11-22T08:00:00+05:45").unwrap();
        assert_eq!(moment.to_rfc3339(), "2026-11-22T08:00:00+05:45");
        assert_eq!(parse_now("2026-11-22T08:00:00").unwrap().naive_local().to_string(), "2026-11-22 08:00:00");
        for no in ["", "today", "2026-11-22", "2026-13-01T00:00:00", "8"] {
            assert_eq!(parse_now(no), None, "{no}");
        }
    }
}
