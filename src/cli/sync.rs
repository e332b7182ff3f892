//! The command line of `nudge sync`.

use clap::Args;

/// Exchange your files with your other machines
///
/// Through a git repository of your own: what was logged on each machine is then on all of them, and nothing is asked
/// twice. git carries, and nudge puts together by the rules of `nudge merge`. The journal and the plans go; your config
/// and your gestures stay. Nothing is asked in passing, so it can run by itself.
///
/// Everything that you noted goes into that repository, so let it be a private one.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge sync --init git@example.org:me/nudge.git
  nudge sync
  nudge sync --ask             once, where a password has to be typed
  nudge sync --status          what waits, without the network")]
pub struct Sync {
    /// Make your data folder a repository, name its remote, and sync
    #[arg(long, value_name = "URL", num_args = 0..=1)]
    pub init: Option<Option<String>>,

    /// Show the remote, the last exchange and what waits
    #[arg(long, conflicts_with_all = ["init", "ask"])]
    pub status: bool,

    /// Let git and ssh ask for a password in this terminal
    #[arg(long)]
    pub ask: bool,
}
