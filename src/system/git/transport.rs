//! What goes over the network: fetch, push and a look at a remote, each with a time limit, and what git's words about
//! them mean.

use std::io::{self, Write};
use std::process::Command;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::{Error, Git, Read, Remote, Repository, Stdio, not_started, short, text, words};

/// How long a fetch or a push may take.
const LIMIT: Duration = Duration::from_secs(30);

/// What a fetch came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The branch is known as it is there now.
    Known,
    /// The remote has no such branch.
    NoBranch,
    /// Another git was writing the same ref: once more.
    Again,
    /// Nothing was fetched.
    Refused(Refusal),
}

/// What a push came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is there.
    Sent,
    /// Somebody else was faster: once more.
    Again,
    /// Nothing was sent.
    Refused(Refusal),
}

/// Why the remote could not be spoken with.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It could not be reached; in git's words.
    Unreachable(String),
    /// It took longer than the limit.
    TooSlow,
    /// It wants to know who we are.
    Unknown(String),
    /// There is no repository at its address.
    NoRepository(String),
    /// Git does not trust the repository there, which belongs to somebody else; the setting that would help.
    Distrusted(String),
    /// It is a work folder whose branch is in use.
    InUse,
    /// It was reached, and would not; in its words.
    Other(String),
}

/// What a call left.
struct Finished {
    is_good: bool,
    out: String,
    err: String,
    is_late: bool,
}

impl Refusal {
    /// From what git said on standard error.
    fn new(said: &str) -> Self {
        // The line that says it, without git's own word for its weight.
        let says = |some: &[&str]| {
            let line = said.lines().find(|line| some.iter().any(|words| line.contains(words)))?;
            let line =
                ["fatal: ", "error: ", "remote: "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
            Some(line.trim_end_matches(['.', '\r']).to_owned())
        };
        let advice =
            said.lines().find_map(|line| line.trim().strip_prefix("git config --global --add safe.directory "));
        if let Some(folder) = advice {
            return Self::Distrusted(format!("git config --global --add safe.directory {folder}"));
        }
        if let Some(kinds) = says(&["mismatched algorithms"]) {
            return Self::Other(kinds);
        }
        // `unable to access 'https://…': why`; the address is named anyway.
        let why = |line: String| match line.split_once("': ") {
            Some((start, why)) if start.starts_with("unable to access '") => why.to_owned(),
            _ => line,
        };
        None.or_else(|| says(&UNKNOWN).map(Self::Unknown))
            .or_else(|| says(&NO_REPOSITORY).map(Self::NoRepository))
            .or_else(|| says(&UNREACHABLE).map(why).map(Self::Unreachable))
            .unwrap_or_else(|| Self::Other(words(said)))
    }
}

/// What git and ssh say where the other side does not know us.
const UNKNOWN: [&str; 8] = [
    "terminal prompts disabled",
    "Authentication failed",
    "Permission denied",
    "could not read Username",
    "could not read Password",
    "Host key verification failed",
    "returned error: 401",
    "returned error: 403",
];

/// What git says where the remote has no such branch.
const NO_BRANCH: &str = "couldn't find remote ref";

/// What they say where nothing is at an address.
const NO_REPOSITORY: [&str; 3] =
    ["does not appear to be a git repository", "epository not found", "access denied or repository not exported"];

/// What they say where the network is not there.
const UNREACHABLE: [&str; 9] = [
    "Could not resolve",
    "unable to access",
    "unable to connect",
    "unable to look up",
    "Connection",
    "timed out",
    "early EOF",
    "hung up",
    "Could not read from remote repository",
];

impl Git {
    /// Asks a remote, by its address, whether its objects have ids of the longer kind. One that is empty says so
    /// nowhere but in its greeting.
    pub fn is_sha256_at(&self, url: &str) -> Result<bool, Error> {
        let mut command = self.quiet(self.command(&["ls-remote", url]), None, None);
        command.env("GIT_TRACE_PACKET", "1");
        Ok(finish(command, Some(LIMIT))?.err.contains("object-format=sha256"))
    }

    /// Runs a call that speaks with a remote. Where nobody may be asked it gets no terminal, no password prompt and a
    /// time limit.
    fn speak(&self, config: Option<&str>, variant: Option<&str>, args: &[&str]) -> Result<Finished, Error> {
        let mut command = self.command(args);
        if self.asks {
            command.stdin(Stdio::inherit());
            return finish(command, None);
        }
        finish(self.quiet(command, config, variant), Some(LIMIT))
    }

    /// A call that asks nothing: no terminal, no window, no password prompt.
    fn quiet(&self, mut command: Command, config: Option<&str>, variant: Option<&str>) -> Command {
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "")
            .env("SSH_ASKPASS_REQUIRE", "never")
            .env("GCM_INTERACTIVE", "never")
            .env("GIT_SSH_COMMAND", ssh(&self.ssh, config, variant));
        command
    }
}

/// The user's ssh, so that it asks nothing: `GIT_SSH_COMMAND`, else `core.sshCommand`, else `GIT_SSH`, else `ssh`.
fn ssh(environment: &[Option<String>; 2], config: Option<&str>, variant: Option<&str>) -> String {
    let [command, program] = environment;
    let program = program.as_deref().map(crate::safe_text::shell_word);
    let command = command.as_deref().or(config).or(program.as_deref()).unwrap_or("ssh");
    let first = shlex::split(command).and_then(|words| words.into_iter().next()).unwrap_or_default().to_lowercase();
    // As git does, by the name of the file, wherever that lies.
    let kind = variant.unwrap_or_else(|| first.rsplit(['/', '\\']).next().unwrap_or_default());
    if kind == "simple" {
        command.to_owned()
    } else if ["plink", "putty", "tortoiseplink"].contains(&kind.trim_end_matches(".exe")) {
        format!("{command} -batch")
    } else {
        format!("{command} -o BatchMode=yes")
    }
}

/// Runs a call to its end, or to the limit.
fn finish(mut command: Command, limit: Option<Duration>) -> Result<Finished, Error> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    // What git starts ends with it where the limit ends it. Whoever is asked has to be in the terminal's own group.
    #[cfg(unix)]
    if limit.is_some() {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    let mut child = command.spawn().map_err(|error| not_started(&error))?;
    let out = Collected::from(child.stdout.take(), false);
    // Without a limit somebody is there: passwords are asked for in the terminal itself, but what is said about them is
    // said here.
    let err = Collected::from(child.stderr.take(), limit.is_none());
    // Its output ends with it.
    let is_late = !out.is_complete_within(limit.unwrap_or(Duration::MAX));
    let is_good = if is_late {
        end(&mut child);
        false
    } else {
        child.wait().map_err(|error| not_started(&error))?.success()
    };
    // A connection of ssh's that stays open for later calls holds the other one, which is not waited for for long.
    err.is_complete_within(Duration::from_millis(200));
    Ok(Finished { is_good, out: out.text(), err: err.text(), is_late })
}

/// Ends git and what it has started, so that it takes its own lock files with it.
fn end(child: &mut std::process::Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        let group = Pid::from_child(child);
        let _ = kill_process_group(group, Signal::TERM);
        for _ in 0..50 {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// What a thread reads from a pipe.
struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Closed once the pipe has come to its end.
    end: mpsc::Receiver<()>,
}

impl Collected {
    /// Reads to the end; what is `shown` goes to our own standard error too, as it comes.
    fn from(pipe: Option<impl Read + Send + 'static>, shown: bool) -> Self {
        let (bytes, (ends, end)) = (Arc::<Mutex<Vec<u8>>>::default(), mpsc::channel());
        if let Some(mut pipe) = pipe {
            let bytes = Arc::clone(&bytes);
            thread::spawn(move || {
                let _ends: mpsc::Sender<()> = ends;
                let mut buffer = [0; 4096];
                while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                    // That a remote is still empty is no news.
                    if shown && !text(&buffer[..read]).contains(NO_BRANCH) {
                        let _ = io::stderr().write_all(&buffer[..read]);
                    }
                    if let Ok(mut bytes) = bytes.lock() {
                        bytes.extend_from_slice(&buffer[..read]);
                    }
                }
            });
        }
        Self { bytes, end }
    }

    fn is_complete_within(&self, limit: Duration) -> bool {
        self.end.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Disconnected)
    }

    /// What has come so far.
    fn text(&self) -> String {
        self.bytes.lock().map(|bytes| text(&bytes)).unwrap_or_default()
    }
}

impl Repository {
    fn speak(&self, args: &[&str]) -> Result<Finished, Error> {
        self.git.speak(self.get("core.sshcommand"), self.get("ssh.variant"), args)
    }

    /// Why it could not be done, from what git said. Who was asked already is not told to let git ask.
    fn refusal(&self, said: &str) -> Refusal {
        match Refusal::new(said) {
            Refusal::Unknown(why) if self.git.asks => Refusal::Other(why),
            refusal => refusal,
        }
    }

    /// Fetches the branch.
    pub fn fetch(&self, remote: &Remote) -> Result<Fetched, Error> {
        let refspec = format!("+{}:{}", remote.branch, remote.tracking());
        let answer = self.speak(&["fetch", "-q", "--no-tags", "--no-recurse-submodules", &remote.name, &refspec])?;
        Ok(match answer {
            Finished { is_good: true, .. } => Fetched::Known,
            Finished { is_late: true, .. } => Fetched::Refused(Refusal::TooSlow),
            Finished { err, .. } if err.contains(NO_BRANCH) => Fetched::NoBranch,
            Finished { err, .. } if self.is_contended(&err) => Fetched::Again,
            Finished { err, .. } => Fetched::Refused(self.refusal(&err)),
        })
    }

    /// The commit at which the branch is there, without fetching it; `None` where it can't be told.
    pub fn tip(&self, remote: &Remote) -> Result<Option<String>, Error> {
        let answer = self.speak(&["ls-remote", "-q", &remote.name, &remote.branch])?;
        let lines = answer.out.lines().filter_map(|line| line.split_once('\t'));
        Ok(lines.into_iter().find(|(_, name)| *name == remote.branch).map(|(id, _)| id.to_owned()))
    }

    /// The branches of the remote: its main one, and all.
    pub fn branches(&self, remote: &Remote) -> Result<(Option<String>, Vec<String>), Error> {
        let answer = self.speak(&["ls-remote", "--symref", &remote.name, "HEAD", "refs/heads/*"])?;
        let main = answer.out.lines().find_map(|line| Some(line.strip_prefix("ref: ")?.split_once('\t')?.0.to_owned()));
        let names = answer.out.lines().filter_map(|line| line.split_once('\t'));
        let all = names.map(|(_, name)| name.to_owned()).filter(|name| name.starts_with("refs/heads/"));
        Ok((main, all.collect()))
    }

    /// Pushes our branch to the one there.
    pub fn push(&self, remote: &Remote) -> Result<Pushed, Error> {
        const PUSH: [&str; 6] =
            ["push", "--no-verify", "--porcelain", "--no-progress", "--no-follow-tags", "--recurse-submodules=no"];
        let refspec = format!("{0}:{1}", self.branch.as_deref().unwrap_or(super::BRANCH), remote.branch);
        let answer = self.speak(&[&PUSH[..], &[&remote.name, &refspec]].concat())?;
        if answer.is_good {
            return Ok(Pushed::Sent);
        }
        if answer.is_late {
            return Ok(Pushed::Refused(Refusal::TooSlow));
        }
        // The other side's words are among those.
        let is_contended = self.is_contended(&answer.err);
        // `!<TAB>from:to<TAB>[rejected] (fetch first)`
        let refused =
            answer.out.lines().find_map(|line| line.strip_prefix("!\t")?.split_once('\t').map(|(_, why)| why));
        Ok(match refused {
            Some(why) if why.starts_with("[rejected]") || is_contended || self.is_contended(why) => Pushed::Again,
            Some(why) if why.contains("currently checked out") => Pushed::Refused(Refusal::InUse),
            Some(why) => {
                let why = why.split_once('(').map_or(why, |(_, why)| why.trim_end_matches(')'));
                Pushed::Refused(Refusal::Other(format!("`{}` was refused there: {why}", short(&remote.branch))))
            }
            None if is_contended => Pushed::Again,
            None => Pushed::Refused(self.refusal(&answer.err)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssh_is_the_users_own_and_asks_nothing() {
        #[track_caller]
        fn check(environment: [Option<&str>; 2], config: Option<&str>, variant: Option<&str>, expected: &str) {
            assert_eq!(ssh(&environment.map(|value| value.map(str::to_owned)), config, variant), expected);
        }
        check([None, None], None, None, "ssh -o BatchMode=yes");
        check([None, Some("/opt/my ssh")], None, None, "'/opt/my ssh' -o BatchMode=yes");
        check([None, Some("other")], Some("ssh -i key"), None, "ssh -i key -o BatchMode=yes");
        check([Some("ssh -p 22"), Some("other")], Some("ssh -i key"), None, "ssh -p 22 -o BatchMode=yes");
        check([Some("C:/PLINK.exe"), None], None, None, "C:/PLINK.exe -batch");
        check([Some("/home/plinker/bin/ssh"), None], None, None, "/home/plinker/bin/ssh -o BatchMode=yes");
        check([Some("mine"), None], None, Some("simple"), "mine");
        check([Some("mine"), None], None, Some("ssh"), "mine -o BatchMode=yes");
    }

    /// What it started and would write later is ended too: nobody has the pipe any more.
    #[cfg(unix)]
    #[test]
    fn what_is_late_is_ended_with_what_it_started() {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "exec 3>&0; (echo early >&3; sleep 3; echo late >&3) & wait"]).stdin(writer);
        let finished = finish(command, Some(Duration::from_millis(500))).unwrap();
        assert!(finished.is_late && !finished.is_good);
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        assert_eq!(said, "early\n");
    }

    #[test]
    fn gits_words_are_understood() {
        #[track_caller]
        fn check(said: &str, expected: &Refusal) {
            assert_eq!(Refusal::new(said), *expected);
        }
        let unreachable = |words: &str| Refusal::Unreachable(words.to_owned());
        check(
            "fatal: unable to access 'https://x/': Could not resolve host: x\n",
            &unreachable("Could not resolve host: x"),
        );
        check(
            "fatal: could not read Username for 'https://x': terminal prompts disabled\n",
            &Refusal::Unknown("could not read Username for 'https://x': terminal prompts disabled".to_owned()),
        );
        check(
            "Host key verification failed.\nfatal: Could not read from remote repository.\n",
            &Refusal::Unknown("Host key verification failed".to_owned()),
        );
        check(
            "fatal: '/x' does not appear to be a git repository\nfatal: Could not read from remote repository.\n",
            &Refusal::NoRepository("'/x' does not appear to be a git repository".to_owned()),
        );
        check("fatal: mismatched algorithms\n", &Refusal::Other("mismatched algorithms".to_owned()));
    }
}
