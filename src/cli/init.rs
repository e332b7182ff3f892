//! `nudge init` and `nudge completions`.

use clap::{Args, ValueEnum};

/// A shell that nudge can be at home in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "a doc comment here would be help that only repeats the word")]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Nushell,
    Elvish,
}

impl Shell {
    /// The shell of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }
}

/// The line for each shell, as the README and `docs/terminal.md` have it too.
const LINES: &str = "\
Paste this into your shell's start-up file, anywhere in it.

bash, in ~/.bashrc:
  command -v nudge >/dev/null && eval \"$(nudge init bash)\"

zsh, in ~/.zshrc:
  command -v nudge >/dev/null && eval \"$(nudge init zsh)\"

fish, in ~/.config/fish/config.fish:
  command -q nudge; and nudge init fish | source

nushell, in config.nu, for the next start (`config nu` opens the file):
  if (which nudge | is-not-empty) {
      let autoload = $nu.data-dir | path join vendor autoload
      mkdir $autoload
      nudge init nushell | save -f ($autoload | path join nudge.nu)
  }

elvish, in ~/.config/elvish/rc.elv:
  if (has-external nudge) { eval (nudge init elvish | slurp) }

Examples:
  nudge init bash
  nudge init zsh --no-greeting     Tab completion alone";

/// Set up your shell: completion and a daily greeting
///
/// It prints a few lines for your shell to read when it starts. Tab then completes commands, options, gestures,
/// categories, people, days and entries, and the first terminal you open in a day shows today's prompt. Scripts, pipes
/// and every further terminal stay silent. What is printed is always the same; none of your files is read or written.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_long_help = LINES)]
pub struct Init {
    /// Your shell
    pub shell: Shell,

    /// Leave the greeting out, and only complete
    #[arg(long)]
    pub no_greeting: bool,
}

/// Print the completions as a file that a package installs
///
/// They ask the `nudge` on the path for what to complete, and greet nobody. For yourself, `nudge init` is the simpler way.
#[derive(Args, Clone, Copy, Debug)]
#[command(
    hide = true,
    after_long_help = "\
Where each belongs:
  bash     /usr/share/bash-completion/completions/nudge
  zsh      /usr/share/zsh/site-functions/_nudge
  fish     /usr/share/fish/vendor_completions.d/nudge.fish
  nushell  /usr/share/nushell/vendor/autoload/nudge.nu
  elvish   /usr/share/elvish/lib/nudge-completions.elv, and `use nudge-completions` in rc.elv

Examples:
  nudge completions zsh > _nudge"
)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}
