//! Every command, flag and help sentence. Imports clap, and nothing from the rest of nudge.

mod catalogue;
mod help;
mod refusal;

use std::mem::ManuallyDrop;

use clap::builder::RangedU64ValueParser;
use clap::parser::ValueSource;
use clap::{ArgAction, Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use catalogue::{
    Catalogue, CatalogueAdd, CatalogueCheck, CatalogueCommand, CatalogueHide, CatalogueList, CatalogueShow,
    CatalogueUnhide, Sense,
};
pub use refusal::Refusal;

/// One small, caring gesture a day
///
/// nudge offers one gesture a day, chosen by what has been quiet lately. Do it, log it with
/// `nudge done`, and look back with `nudge week`. Without a command it shows today's prompt.
#[derive(Debug, Parser)]
#[command(
    name = "nudge",
    version,
    help_expected = true,
    after_long_help = help::EXAMPLES
)]
pub struct Cli {
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Print long lists at once instead of through `PAGER`
    #[arg(long, global = true)]
    pub no_pager: bool,

    /// The options of `nudge today`, which apply when no command is given.
    #[command(flatten)]
    pub today: Today,

    /// The command; `today` if there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// In a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Even if the output is not a terminal
    Always,
    /// Not at all
    Never,
}

/// A command with its arguments.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would replace the help, which is on each struct below")]
pub enum Command {
    Today(Today),
    Another(Another),
    Done(Done),
    Amend(Amend),
    Rest(Rest),
    Undo(Undo),
    Remember(Remember),
    People(People),
    Week(Week),
    Year(Year),
    Journal(Journal),
    Why(Why),
    Catalogue(Catalogue),
    Export(Export),
    Doctor(Doctor),
    Merge(Merge),
}

/// Where a gesture can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Place {
    /// With people you live with
    Home,
    /// Where you work or study, face to face
    Work,
    /// Out and about: in a shop, a queue, a waiting room, on the stairs
    Out,
    /// On a call
    Remote,
    /// In a message
    Text,
}

/// What a prompt has to be.
#[derive(Args, Clone, Debug, Default)]
pub struct Filters {
    /// Ask for a gesture that fits this place
    #[arg(short, long)]
    pub place: Option<Place>,

    /// Ask for a gesture of this category (id or prefix)
    #[arg(short, long)]
    pub category: Option<String>,

    /// Ask for an easy one
    #[arg(long)]
    pub easy: bool,
}

/// Show today's prompt
///
/// The first call of a day draws the prompt; later calls show the same one. The filters act on the
/// draw: once a prompt is drawn, use `nudge another`.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = "\
Examples:
  nudge today
  nudge today --place home --easy
  nudge today --brief          one line, for a shell prompt or a status bar")]
pub struct Today {
    /// What the prompt has to be.
    #[command(flatten)]
    pub filters: Filters,

    /// Print one line, record nothing; silent on rest days
    #[arg(long)]
    pub brief: bool,

    /// With `--brief`: how many columns the line may take
    #[arg(long, value_name = "N", default_value_t = 60, requires = "brief")]
    pub width: usize,

    /// For a start-up file: silent once today was greeted
    #[arg(long)]
    pub once: bool,
}

/// Swap today's prompt for another
///
/// Up to three times a day (`swaps` in the config). The filters apply to this call only. With `--hide` the
/// prompt is hidden for good, and the swap is free. Where today's prompt is somebody to ask after,
/// that is put off to tomorrow, which is free too.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge another
  nudge another --category appreciation
  nudge another --hide         this one is not for me")]
pub struct Another {
    /// What the new prompt has to be.
    #[command(flatten)]
    pub filters: Filters,

    /// Hide the current prompt for good; the swap is free
    #[arg(long)]
    pub hide: bool,

    /// Put off whom to ask to this day instead of tomorrow
    #[arg(long, value_name = "DATE", conflicts_with = "hide")]
    pub until: Option<String>,
}

/// Log a completed gesture
///
/// Without a gesture it logs today's prompt. If you have not seen the prompt yet, it is shown but not logged: run the
/// same command again to log it. If it is already logged, `-m` and `-w` add to the entry: a new note replaces the old
/// one, and new people are added.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge done
  nudge done -w Sam -m \"he told me about the move\"
  nudge done -c appreciation -w Mum --on yesterday
  nudge done turn-hands-off    a gesture by its id, or the beginning of it")]
pub struct Done {
    /// The gesture's id, or that of somebody to ask after, or an unambiguous beginning of it
    #[arg(conflicts_with = "category")]
    pub gesture: Option<String>,

    /// Log something of your own in this category
    #[arg(short, long)]
    pub category: Option<String>,

    /// With whom; may be given several times
    #[arg(short, long, value_name = "WHO", action = ArgAction::Append, allow_hyphen_values = true)]
    pub with: Vec<String>,

    /// A note; `-` reads it from standard input
    #[arg(short = 'm', long, value_name = "NOTE", allow_hyphen_values = true)]
    pub note: Option<String>,

    /// The day it was done: yesterday, thu, "3 days ago" or 2026-11-22
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}

/// Correct an entry
///
/// The latest one, or the one you name. Whatever you leave out stays as it was. Nothing is deleted from the journal:
/// `nudge undo` takes the correction back, and what was there before counts again.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge amend -m \"he told me about the move\"
  nudge amend -w Sam -w Ada    these people instead of those before
  nudge amend -m \"\"            without the note
  nudge amend Zk40 --on thu    the entry with this id, as `nudge journal --json` shows it")]
pub struct Amend {
    /// The entry's id, or an unambiguous beginning of it
    pub id: Option<String>,

    /// The note; an empty one removes it, `-` reads it from standard input
    #[arg(short = 'm', long, value_name = "NOTE", allow_hyphen_values = true)]
    pub note: Option<String>,

    /// With whom, instead of those before; may be given several times
    #[arg(short, long, value_name = "WHO", action = ArgAction::Append, allow_hyphen_values = true)]
    pub with: Vec<String>,

    /// The category; the entry is then something of your own
    #[arg(short, long)]
    pub category: Option<String>,

    /// The day it was done: yesterday, thu, "3 days ago" or 2026-11-22
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
}

/// Rest for a day or longer
///
/// For a holiday, an illness, grief: nothing is asked on these days, and no streak ends.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge rest                   today
  nudge rest --on yesterday
  nudge rest --on 2026-12-21 --until 2027-01-02
  nudge rest --end             back again: the days rested so far stay rest")]
pub struct Rest {
    /// The first day, if it is not today
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,

    /// The last day, inclusive; a weekday is the next one after the first day
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,

    /// End the current rest as of yesterday
    #[arg(long, conflicts_with_all = ["on", "until"])]
    pub end: bool,
}

/// Take back the latest entry or rest
///
/// Without an id it takes back the last thing that was logged or planned today, and says what that was; if the last
/// thing is older, it names its id instead. If the entry was corrected, the latest correction is taken back. Nothing
/// is deleted from the journal.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge undo
  nudge undo Zk40              the entry with this id, as `nudge journal --json` shows it")]
pub struct Undo {
    /// The entry's id, or an unambiguous beginning of it
    pub id: Option<String>,
}

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
/// nothing about a person need stand in your shell's history. Follow-ups stay on this machine, in `plans.jsonl`.
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

/// Show the week: days, streak, and what has been quiet
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge week
  nudge week last
  nudge week -2                two weeks ago
  nudge week 2026-W45")]
pub struct Week {
    /// The week: last, -2, 47, 2026-W45 or any day in it
    #[arg(allow_hyphen_values = true)]
    pub week: Option<String>,
}

/// Show the year: each day, and how strong the habit is
///
/// Each column is a week. Without a year it shows the last 53 weeks.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge year
  nudge year 2025
  nudge year --json            each day, and the strength of each week")]
pub struct Year {
    /// The year, in four digits
    pub year: Option<String>,
}

/// List what was done and rested, newest last
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge journal -n 10
  nudge journal --since mon --with Sam
  nudge journal --grep \"the move\"
  nudge journal --edit -n 10   in your editor: change, remove and add entries")]
pub struct Journal {
    /// Only the newest N entries
    #[arg(short, long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub number: Option<usize>,

    /// From this day on
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,

    /// Up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,

    /// Only those of this category
    #[arg(short, long)]
    pub category: Option<String>,

    /// Only those with this person
    #[arg(short, long, value_name = "WHO", allow_hyphen_values = true)]
    pub with: Option<String>,

    /// Only those with this text in the note, a name or the gesture, ignoring case
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub grep: Option<String>,

    /// Open these entries in your editor; what you change, remove or add there is logged
    #[arg(long)]
    pub edit: bool,

    /// With --edit: don't ask before entries are taken back
    #[arg(long, requires = "edit")]
    pub yes: bool,
}

/// Show why this prompt came, and what is known about it
///
/// The reason in a sentence, the draw in a line (each category's share of a hundred, and which sat out), then the
/// evidence behind the gesture with its grade, its source and a link.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge why
  nudge why --draw             the whole table of the draw
  nudge why --json")]
pub struct Why {
    /// Show the whole table of the draw
    #[arg(long)]
    pub draw: bool,
}

/// The format of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line
    #[default]
    Jsonl,
    /// A table for spreadsheets
    Csv,
    /// A list to paste into a note
    Markdown,
}

/// Print what was done and rested for another program
///
/// The entries that count, oldest first, without those that were undone and without duplicates.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge export > copy.jsonl
  nudge export --format csv --since 2026-01-01 > year.csv
  nudge export --format markdown --since mon")]
pub struct Export {
    /// The format
    #[arg(long, default_value = "jsonl")]
    pub format: Format,

    /// From this day on
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,

    /// Up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
}

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

/// Why there is no command to run.
pub enum Stop {
    /// Help or the version was asked for; clap prints it.
    Help(clap::Error),
    /// The command line makes no sense.
    Refused(Refusal),
}

/// The definition of the command line, with the help in groups.
pub fn command() -> clap::Command {
    help::grouped(Cli::command())
}

/// Reads the command line, whose first word is the program.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Cli, Stop> {
    let arguments: Vec<std::ffi::OsString> = arguments.into_iter().collect();
    // The texts of the help are only put together where somebody reads them, and what a short life doesn't need again
    // is not taken apart: together a quarter of a quick call's work.
    let mut plain = ManuallyDrop::new(Cli::command());
    let parsed = plain.try_get_matches_from_mut(&arguments).or_else(|error| {
        if error.use_stderr() {
            return Err(error);
        }
        command().color(color_of_help(&arguments)).try_get_matches_from(&arguments)
    });
    let stop = |error: clap::Error| {
        if error.use_stderr() { Stop::Refused(Refusal::new(&error, &arguments)) } else { Stop::Help(error) }
    };
    let mut matches = parsed.map_err(stop)?;
    if let Some(refusal) = before_its_command(&matches) {
        return Err(Stop::Refused(refusal));
    }
    Cli::from_arg_matches_mut(&mut matches).map_err(stop)
}

/// Refuses an option of `nudge today` before another command, where it would be ignored silently.
fn before_its_command(matches: &clap::ArgMatches) -> Option<Refusal> {
    let command = matches.subcommand_name()?;
    let given = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let option = ["place", "category", "easy", "brief", "width", "once"].into_iter().find(given)?;
    Some(Refusal {
        text: format!("`--{option}` comes before `{command}`"),
        hint: format!("the options of a command come after it; `nudge help {command}` lists them"),
    })
}

/// clap prints help while it parses, so whether to colour it has to be known before that.
fn color_of_help(arguments: &[std::ffi::OsString]) -> ColorChoice {
    let words: Vec<&str> =
        arguments.iter().map(|word| word.to_str().unwrap_or("")).take_while(|word| *word != "--").collect();
    let separate = words.windows(2).filter(|pair| pair[0] == "--color").map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| word.strip_prefix("--color="));
    match separate.chain(joined).last() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }
}
