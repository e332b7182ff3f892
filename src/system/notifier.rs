//! A notification on the user's desktop, by the system's own command. It waits until somebody has taken it.

use std::ffi::OsString;
use std::io;
use std::process::{Command, Output, Stdio};

use crate::error::{self, Error};
use crate::schedule::escaped;

/// Whether this system has a command for it that we know.
pub const IS_KNOWN: bool = cfg!(unix);

/// Shows a notification. The variables are those by which the commands find the user's session. Fails with
/// [`Error::Later`] if nobody is there to show it.
pub fn notify(title: &str, text: &str, session: &[(&'static str, OsString)]) -> Result<(), Error> {
    if cfg!(target_os = "macos") {
        return macos(title, text);
    }
    let desktop = Desktop { session };
    let text = desktop.with_markup_escaped(text);
    // It takes `\n` for the end of a line.
    let unfolded = text.replace('\\', "\\\\");
    match desktop.run("notify-send", &["--app-name=nudge", "--", title, &unfolded]) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        shown => return seen("notify-send", shown),
    }
    let arguments = ["nudge", "0", "", &variant(title), &variant(&text), "[]", "{}", "-1"];
    match desktop.call("Notify", &arguments) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Error::failed("no program is here that shows a notification")
                .hint("install `notify-send`: it is in the package `libnotify-bin` or `libnotify`"))
        }
        shown => seen("gdbus", shown),
    }
}

/// The texts are arguments of the script, so that nothing in them is taken for a part of it.
fn macos(title: &str, text: &str) -> Result<(), Error> {
    const SCRIPT: [&str; 3] =
        ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"];
    let mut command = Command::new("osascript");
    command.args(SCRIPT.iter().flat_map(|line| ["-e", line])).args([title, text]);
    seen("osascript", command.stdin(Stdio::null()).output())
}

/// A desktop that is reached by D-Bus.
struct Desktop<'s> {
    session: &'s [(&'static str, OsString)],
}

impl Desktop<'_> {
    fn run(&self, program: &str, arguments: &[&str]) -> io::Result<Output> {
        let session = self.session.iter().map(|(name, value)| (name, value));
        Command::new(program).args(arguments).envs(session).stdin(Stdio::null()).output()
    }

    fn call(&self, method: &str, arguments: &[&str]) -> io::Result<Output> {
        const NAME: &str = "org.freedesktop.Notifications";
        let method = format!("{NAME}.{method}");
        let path = "/org/freedesktop/Notifications";
        let mut all = vec!["call", "--session", "--dest", NAME, "--object-path", path, "--method", &method, "--"];
        all.extend(arguments);
        self.run("gdbus", &all)
    }

    /// The text as whoever shows it expects it: most read markup in it, and some say that they don't.
    fn with_markup_escaped(&self, text: &str) -> String {
        if !text.contains(['&', '<']) {
            return text.to_owned();
        }
        let capabilities = self.call("GetCapabilities", &[]).ok().filter(|output| output.status.success());
        match capabilities {
            Some(output) if !String::from_utf8_lossy(&output.stdout).contains("'body-markup'") => text.to_owned(),
            _ => escaped(text),
        }
    }
}

/// A text as `gdbus` reads it.
fn variant(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn seen(program: &str, shown: io::Result<Output>) -> Result<(), Error> {
    let output = shown.map_err(|error| Error::failed(format!("can't start `{program}`: {}", error::reason(&error))))?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    let reason = reason.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
    Err(Error::later(format!("nobody is here to show the reminder; `{program}` says: {reason}"))
        .hint("it needs a desktop that you are logged in to; a later call tries again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gdbus_gets_a_text_as_it_is() {
        assert_eq!(variant("it's \\ \"x\""), "'it\\'s \\\\ \"x\"'");
    }
}
