//! A user's home for one test, and nudge run in it with a pinned environment.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A Sunday.
pub const NOW: &str = "2026-11-22T12:00:00+01:00";

pub struct Home {
    folder: TempDir,
    pub now: String,
}

/// What a call left behind.
#[derive(Debug)]
pub struct Call {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), now: NOW.to_owned() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn journal(&self) -> PathBuf {
        self.path().join("journal.jsonl")
    }

    pub fn journal_text(&self) -> String {
        fs::read_to_string(self.journal()).unwrap_or_default()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), content).unwrap();
    }

    /// The command with nothing of the outer environment but the path to programs.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nudge"));
        command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("NUDGE_DIR", self.path())
            .env("NUDGE_NOW", &self.now)
            .env("NUDGE_SEED", "7")
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        command
    }

    /// The command as a user who owns nothing here, where the test runs as root: root reads and writes all.
    #[cfg(unix)]
    pub fn command_of_another(&self, args: &[&str]) -> Command {
        let own = self.command(args);
        if Command::new("id").arg("-u").output().unwrap().stdout != b"0\n" {
            return own;
        }
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(own.get_program())
            .args(args)
            .env_clear()
            .envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .stdin(Stdio::null());
        command
    }

    /// Sets the mode of a file in the home; `.` is the home itself.
    #[cfg(unix)]
    pub fn set_mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(unix)]
    pub fn mode(&self, name: &str) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(self.path().join(name)).unwrap().permissions().mode() & 0o777
    }

    /// The names of all files in the home, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A file's text; none if it is not there.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }

    pub fn run(&self, args: &[&str]) -> Call {
        Call::of(&self.command(args).output().unwrap())
    }

    /// A call that has to succeed, without a word on standard error; its output.
    #[track_caller]
    pub fn ok(&self, args: &[&str]) -> String {
        let call = self.run(args);
        assert_eq!((call.code, call.err.as_str()), (Some(0), ""), "nudge {args:?}\n{}", call.out);
        call.out
    }

    /// The output of a call by the program's name, as from a path that has it.
    #[cfg(unix)]
    pub fn ok_by_name(&self, args: &[&str]) -> String {
        use std::os::unix::process::CommandExt;
        let call = Call::of(&self.command(args).arg0("nudge").output().unwrap());
        assert_eq!((call.code, call.err.as_str()), (Some(0), ""), "nudge {args:?}\n{}", call.out);
        call.out
    }

    /// A call on a day whose prompt was looked at before: what was not shown is not logged.
    #[track_caller]
    pub fn seen(&self, args: &[&str]) -> String {
        self.ok(&["today"]);
        self.ok(args)
    }

    /// The same at a moment.
    #[track_caller]
    pub fn seen_at(&mut self, now: &str, args: &[&str]) -> String {
        now.clone_into(&mut self.now);
        self.seen(args)
    }

    /// One JSON value.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        let mut args = args.to_vec();
        args.push("--json");
        let out = self.ok(&args);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    /// A call at a moment.
    #[track_caller]
    pub fn at(&mut self, now: &str, args: &[&str]) -> String {
        now.clone_into(&mut self.now);
        self.ok(args)
    }

    /// A call with a text on standard input.
    pub fn run_with_input(&self, args: &[&str], input: &str) -> Call {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Call::of(&child.wait_with_output().unwrap())
    }

    /// A call in a real terminal, made by `script`, with answers that are typed.
    #[cfg(target_os = "linux")]
    pub fn run_in_terminal(&self, args: &[&str], answers: &str) -> Call {
        let mut command = Command::new("script");
        let line = [&[env!("CARGO_BIN_EXE_nudge")], args].concat().join(" ");
        command.args(["-qec", &line, "/dev/null"]).env_clear();
        for (name, value) in self.command(&[]).get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
        Call::of(&child.wait_with_output().unwrap())
    }

    /// How many events of a kind the journal holds, the undone ones too.
    pub fn count(&self, event: &str) -> usize {
        self.journal_text().lines().filter(|line| line.contains(&format!("\"event\":\"{event}\""))).count()
    }
}

impl Call {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}
