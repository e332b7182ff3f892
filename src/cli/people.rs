//! People and follow-ups.

use clap::{Args, Subcommand, ValueEnum};

/// How often a follow-up comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "a doc comment here would be help that only repeats the word")]
pub enum Every {
    Year,
    Month,
    Week,
}

/// Note something to ask a person about
///
/// On its day it comes as the day's prompt. Without a day that is in a week. What you leave out is asked for, so that
/// nothing about a person need stand in your shell's history. Follow-ups are kept in `plans.jsonl`, and leave this machine
/// only with `nudge sync`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge remember Sam \"presentation to the board\" --on thu
  nudge remember Ada birthday --on \"12 apr\" --every year
  nudge remember               who, what and when are asked for
  nudge remember --from contacts.vcf --dry-run")]
pub struct Remember {
    /// Whom to ask
    pub who: Option<String>,

    /// What about, in a few words
    pub what: Option<String>,

    /// The day: thu, tomorrow, "12 apr", "in 3 weeks" or 2026-11-26
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,

    /// Ask again every year, month or week
    #[arg(long, value_name = "HOW OFTEN")]
    pub every: Option<Every>,

    /// Take birthdays and anniversaries out of an address book (.vcf), every year; run again, nothing doubles
    #[arg(long, value_name = "FILE", conflicts_with_all = ["who", "what", "on", "every"])]
    pub from: Option<std::path::PathBuf>,

    /// With --from: show what would be noted, and note nothing
    #[arg(long, requires = "from")]
    pub dry_run: bool,
}

/// See whom you thought of, and whom to ask
///
/// Who waits with something to ask, who was there lately, and who a while ago. Of one person it shows the story. A name
/// stands for the same person in upper and lower case, and after `rename` by either name.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_long_help = "\
Examples:
  nudge people
  nudge people Sam             what there was with Sam, newest last
  nudge people rename Sma Sam  one person from now on; `nudge undo` takes it back
  nudge people erase Sam       take a name out of your files for good"
)]
pub struct People {
    /// What was asked about people, if not the list or a story.
    #[command(subcommand)]
    pub command: Option<PeopleCommand>,

    /// The person
    pub who: Option<String>,
}

/// A subcommand of `nudge people` with its arguments.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would replace the help, which is on each struct below")]
pub enum PeopleCommand {
    Rename(PeopleRename),
    Erase(PeopleErase),
}

/// Take a person out of your files for good
///
/// What you did stays, without the name, so that no streak ends. What was to be asked goes, and notes that hold the name
/// are shown and asked about. No backup is made, and it can't be taken back; what still holds the name is listed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge people erase Sam")]
pub struct PeopleErase {
    /// The person
    pub who: String,

    /// Don't ask; notes that hold the name go too
    #[arg(long)]
    pub yes: bool,
}

/// Call a person by another name
///
/// Both names are one person from now on, and whatever was noted under either is theirs. `nudge undo` takes it back.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge people rename Sma Sam")]
pub struct PeopleRename {
    /// The name until now
    pub old: String,

    /// The name from now on
    pub new: String,
}
