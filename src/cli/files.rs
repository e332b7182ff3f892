//! The care of the files.

use clap::Args;

/// Check every file, and fix what is safe to fix
///
/// It reads the config, your own gestures, the journal and the plans, and looks beside them for what a
/// file-sync tool, an editor or an interrupted call has left behind. What is only worth knowing, such as
/// a day still to come or a gesture that the catalogue no longer has, is reported as a note. While
/// anything is wrong, the exit code is 1.
///
/// `--fix` fixes what is safe to fix: it keeps a backup, moves lines that can't be read to a file beside
/// the journal, puts events in order and in the right file, once each, makes files private, and removes
/// what an interrupted call has left behind. Your config and your gestures are yours to fix.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge doctor
  nudge doctor --fix           fix what is safe, after a backup
  nudge doctor --json          for a script")]
pub struct Doctor {
    /// Fix what is safe to fix, after a backup
    #[arg(long)]
    pub fix: bool,
}

/// Add the events of another copy of your files
///
/// Nothing is added twice and nothing is removed: events are recognised by their ids. Use it for a journal
/// kept on two machines, or for the copy that a file-sync tool has left behind; the copy stays as it is and
/// can then be deleted. The same copies give the same journal, whichever is merged first.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge merge ~/laptop/journal.jsonl
  nudge merge journal.sync-conflict-*.jsonl
  nudge merge ~/laptop/journal.jsonl ~/laptop/plans.jsonl")]
pub struct Merge {
    /// A copy of the journal or of the plans
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<std::path::PathBuf>,
}
