//! A real terminal with a shell in it, made by tmux: keys go in, and what is on the screen is looked at.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::home::Home;

/// How long something may take to appear. It is long, since it is only waited for where something is wrong.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a shell prints when it waits for a line.
pub const READY: &str = "ready>";

/// What most start-up files of zsh have, before or after.
pub const COMPINIT: &str = "autoload -Uz compinit && compinit -u -D\n";

/// Where a program is; said aloud once where it is not.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A shell, and how it is told to be at home with nudge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Nushell,
    Elvish,
}

impl Shell {
    pub const ALL: [Self; 5] = [Self::Bash, Self::Zsh, Self::Fish, Self::Nushell, Self::Elvish];

    /// As `nudge init` knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Nushell => "nushell",
            Self::Elvish => "elvish",
        }
    }

    /// The program. For nushell, which few distributions have, `NUDGE_TEST_NU` may say where it is.
    pub fn program(self) -> Option<&'static Path> {
        static FOUND: LazyLock<[Option<PathBuf>; 5]> = LazyLock::new(|| {
            Shell::ALL.map(|shell| {
                let found = match shell {
                    Shell::Nushell => std::env::var_os("NUDGE_TEST_NU").map(PathBuf::from).or_else(|| program("nu")),
                    shell => program(shell.name()),
                };
                if found.is_none() {
                    eprintln!("{} is not here: nothing of it is tried", shell.name());
                }
                found
            })
        });
        FOUND[self as usize].as_deref()
    }

    /// Its start-up file below the home folder.
    fn start_up_file(self) -> &'static str {
        match self {
            Self::Bash => ".bashrc",
            Self::Zsh => ".zshrc",
            Self::Fish => ".config/fish/config.fish",
            Self::Nushell => ".config/nushell/config.nu",
            Self::Elvish => ".config/elvish/rc.elv",
        }
    }

    /// What gives it a prompt that can be waited for, and nothing else on the screen.
    fn prompt(self) -> &'static str {
        match self {
            Self::Bash | Self::Zsh => "PS1='ready> '\n",
            Self::Fish => {
                "set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\nfunction fish_prompt; echo -n 'ready> '; end\n"
            }
            Self::Nushell => {
                "$env.config.show_banner = false\n$env.config.shell_integration.osc133 = false\n\
                 $env.PROMPT_COMMAND = {|| 'ready' }\n$env.PROMPT_COMMAND_RIGHT = ''\n$env.PROMPT_INDICATOR = '> '\n"
            }
            Self::Elvish => "set edit:prompt = { put 'ready> ' }\nset edit:rprompt = { }\n",
        }
    }

    /// The line of `nudge help init`.
    pub fn line(self) -> &'static str {
        match self {
            Self::Bash => "command -v nudge >/dev/null && eval \"$(nudge init bash)\"\n",
            Self::Zsh => "command -v nudge >/dev/null && eval \"$(nudge init zsh)\"\n",
            Self::Fish => "command -q nudge; and nudge init fish | source\n",
            Self::Nushell => {
                "if (which nudge | is-not-empty) {\n    \
                     let autoload = $nu.data-dir | path join vendor autoload\n    \
                     mkdir $autoload\n    \
                     nudge init nushell | save -f ($autoload | path join nudge.nu)\n\
                 }\n"
            }
            Self::Elvish => "if (has-external nudge) { eval (nudge init elvish | slurp) }\n",
        }
    }

    /// What a start-up file needs besides, so that anything is completed at all.
    pub fn compinit(self) -> &'static str {
        if self == Self::Zsh { COMPINIT } else { "" }
    }

    /// Writes the start-up file: a prompt, and these lines.
    pub fn set_up(self, home: &Home, lines: &str) {
        let file = home.path().join(self.start_up_file());
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, format!("{}{lines}", self.prompt())).unwrap();
    }
}

/// The environment of a shell in a home: nudge is on the path, and nothing of the outer environment is known.
pub fn environment(home: &Home) -> Vec<(String, String)> {
    let own = Path::new(env!("CARGO_BIN_EXE_nudge")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([own.to_owned()].into_iter().chain(std::env::split_paths(&path))).unwrap();
    let mut set: Vec<(String, String)> = home
        .command(&[])
        .get_envs()
        .map(|(name, value)| (name, value.unwrap_or_default()))
        .map(|(name, value)| (name.to_str().unwrap().to_owned(), value.to_str().unwrap().to_owned()))
        .collect();
    let folder = home.path().display().to_string();
    set.retain(|(name, _)| name != "PATH");
    set.push(("PATH".to_owned(), path.into_string().unwrap()));
    set.push(("HOME".to_owned(), folder.clone()));
    set.push(("TERM".to_owned(), "xterm".to_owned()));
    for (name, below) in [
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_RUNTIME_DIR", ".run"),
    ] {
        set.push((name.to_owned(), format!("{folder}/{below}")));
    }
    set
}

/// A terminal with a shell in it.
pub struct Terminal {
    /// The socket of a tmux of its own.
    folder: TempDir,
    shell: Shell,
}

impl Terminal {
    /// Starts a shell; `None` where tmux or the shell is missing.
    pub fn start(home: &Home, shell: Shell) -> Option<Self> {
        Self::start_with(home, shell, environment(home))
    }

    /// The same where no nudge is on the path.
    pub fn start_without_nudge(home: &Home, shell: Shell) -> Option<Self> {
        let path = std::env::var("PATH").unwrap();
        let mut environment = environment(home);
        environment.retain(|(name, _)| name != "PATH");
        environment.push(("PATH".to_owned(), path));
        Self::start_with(home, shell, environment)
    }

    fn start_with(home: &Home, shell: Shell, environment: Vec<(String, String)>) -> Option<Self> {
        Self::run_in(home, shell, &[shell.program()?.to_str().unwrap()], environment)
    }

    /// Starts a program in which such a shell will wait.
    pub fn run_in(home: &Home, shell: Shell, line: &[&str], environment: Vec<(String, String)>) -> Option<Self> {
        static TMUX: LazyLock<bool> = LazyLock::new(|| {
            let found = program("tmux").is_some();
            if !found {
                eprintln!("tmux is not here: no shell is tried in a terminal");
            }
            found
        });
        if !*TMUX {
            return None;
        }
        let terminal = Self { folder: tempfile::tempdir().unwrap(), shell };
        let mut command = terminal.command(&["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40"]);
        command.arg("-c").arg(home.path()).args(line).env_clear().envs(environment);
        let started = command.output().unwrap();
        assert!(started.status.success(), "{started:?}");
        Some(terminal)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.folder.path().join("tmux")).args(arguments);
        command
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Presses a key, as tmux names it.
    pub fn press(&self, key: &str) -> &Self {
        self.tmux(&["send-keys", key]);
        self
    }

    /// Types a text and waits until the shell shows it. A shell that was just interrupted throws away what was typed before
    /// it had its prompt again: then nothing of the text stands there, and it is typed once more.
    #[track_caller]
    pub fn type_in(&self, text: &str) -> &Self {
        // tmux takes a semicolon at the end for its own.
        let keys = text.strip_suffix(';').map_or(text.to_owned(), |text| format!("{text}\\;"));
        self.tmux(&["send-keys", "-l", &keys]);
        let typed = Instant::now();
        let is_lost = |screen: &str| typed.elapsed() > PATIENCE / 4 && screen.lines().last() == Some(READY);
        let wanted = text.trim_end();
        let screen = self.wait_until(wanted, |screen| screen.contains(wanted) || is_lost(screen));
        if !screen.contains(wanted) {
            self.tmux(&["send-keys", "-l", &keys]);
            self.wait_for(wanted);
        }
        self
    }

    pub fn screen(&self) -> String {
        let shown = String::from_utf8(self.tmux(&["capture-pane", "-p"]).stdout).unwrap();
        shown.trim_end().to_owned()
    }

    /// Waits until a text is on the screen, and returns all that is.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(text, |screen| screen.contains(text))
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_right: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let screen = self.screen();
            if is_right(&screen) {
                return screen;
            }
            assert!(started.elapsed() < PATIENCE, "no {what} on the screen:\n{screen}");
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Runs the line that stands there, and waits for the next prompt on a screen that is otherwise empty.
    #[track_caller]
    pub fn run(&self) {
        self.press("Enter");
        self.wait_until("new prompt", |screen| screen.lines().last() == Some(READY));
        self.clear();
    }

    /// Leaves the line that stands there, and whatever is listed, and waits for the next prompt.
    #[track_caller]
    pub fn cancel(&self) {
        match self.shell {
            Shell::Bash | Shell::Zsh => return self.press("C-u").clear(),
            Shell::Nushell => self.press("C-c"),
            // The first leaves the candidates.
            Shell::Fish | Shell::Elvish => self.press("C-c").press("C-c"),
        };
        self.wait_until("new prompt", |screen| screen.lines().last() == Some(READY));
        self.clear();
    }

    /// Empties the screen.
    #[track_caller]
    pub fn clear(&self) {
        if self.shell == Shell::Elvish {
            self.type_in("clear").press("Enter"); // the key means something else there
        } else {
            self.press("C-l");
        }
        self.wait_until("empty screen", |screen| screen == READY);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// A shell in a home with the line of `nudge init` and whatever comes before and after it, at its first prompt.
#[track_caller]
pub fn in_shell(home: &Home, shell: Shell, before: &str, after: &str) -> Option<Terminal> {
    shell.program()?;
    if shell == Shell::Nushell {
        // What the line writes is read at the next start.
        let folder = home.path().join(".local/share/nushell/vendor/autoload");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("nudge.nu"), home.ok_by_name(&["init", "nushell"])).unwrap();
    }
    shell.set_up(home, &format!("{before}{}{after}", shell.line()));
    let terminal = Terminal::start(home, shell)?;
    terminal.wait_for(READY);
    Some(terminal)
}

/// The lines of a start-up file that read what `nudge init` printed from the file `init`.
pub fn source_init(shell: Shell) -> String {
    let source = if shell == Shell::Elvish { "eval (slurp < ~/init)" } else { "source ~/init" };
    format!("{source}\n{}", shell.compinit())
}
