//! The commands of systemd, cron and launchd by which a reminder is set up and taken away.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

use crate::error::{self, Error};

/// Where the commands find the user's session.
pub type Session = [(&'static str, OsString)];

/// Whether the user has a systemd of their own that answers.
pub fn has_user_manager(session: &Session) -> bool {
    cfg!(target_os = "linux")
        && run(systemctl_command(session).arg("show-environment")).is_ok_and(|output| output.status.success())
}

/// Has the user's systemd do something.
pub fn systemctl(arguments: &[&str], session: &Session) -> Result<(), Error> {
    done("systemctl", run(systemctl_command(session).args(arguments)))
}

fn systemctl_command(session: &Session) -> Command {
    let mut command = Command::new("systemctl");
    command.arg("--user").envs(session.iter().map(|(name, value)| (name, value)));
    command
}

/// Has launchd do something.
pub fn launchctl(arguments: &[&str]) -> Result<(), Error> {
    done("launchctl", run(Command::new("launchctl").args(arguments)))
}

/// The user's crontab, empty if they have none; `None` if there is no cron, or none that they may use. Whatever else
/// keeps it from being read is an error: nobody knows what is in it.
pub fn crontab() -> Result<Option<Vec<u8>>, Error> {
    let output = match run(Command::new("crontab").arg("-l").env("LC_ALL", "C")) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {
            return Ok(None);
        }
        Ok(output) if output.status.success() => return Ok(Some(output.stdout)),
        output => output,
    };
    let said = output.as_ref().map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    // Some say the one and some the other of a user who has none.
    if said.contains("no crontab for") || said.contains("No such file") {
        return Ok(Some(Vec::new()));
    }
    if said.contains("not allowed") {
        return Ok(None);
    }
    let hint = "nothing was changed; once `crontab -l` shows your crontab again, try again";
    done("crontab -l", output).map(|()| None).map_err(|error| error.hint(hint))
}

/// Replaces the user's crontab; an empty one goes.
pub fn replace_crontab(text: &[u8]) -> Result<(), Error> {
    if text.is_empty() {
        return done("crontab", run(Command::new("crontab").arg("-r")));
    }
    let mut command = Command::new("crontab");
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let replaced = command.spawn().and_then(|mut child| {
        let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text));
        // What it has to say of the text comes before a pipe that it closed.
        let output = child.wait_with_output()?;
        if output.status.success() { written.map(|()| output) } else { Ok(output) }
    });
    done("crontab", replaced)
}

fn run(command: &mut Command) -> io::Result<Output> {
    command.stdin(Stdio::null()).output()
}

fn done(program: &str, output: io::Result<Output>) -> Result<(), Error> {
    let output =
        output.map_err(|error| Error::failed(format!("can't start `{program}`: {}", error::reason(&error))))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = if said.is_empty() { output.status.to_string() } else { said.join("; ") };
    Err(Error::failed(format!("`{program}` refused: {said}")))
}
