//! What is typed every day: the prompt, and logging it.

use clap::{ArgAction, Args, ValueEnum};

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
#[derive(Args, Clone, Debug, Default)]
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

    /// With `--brief`: how many columns, 60 by default
    #[arg(long, value_name = "N", requires = "brief")]
    pub width: Option<usize>,

    /// For a start-up file: greet once a day
    #[arg(long, conflicts_with = "brief")]
    pub once: bool,
}

impl Today {
    /// With one option alone, as start-up files and status bars give it.
    pub(super) fn of(option: &str) -> Option<Self> {
        match option {
            "--once" => Some(Self { once: true, ..Self::default() }),
            "--brief" => Some(Self { brief: true, ..Self::default() }),
            _ => None,
        }
    }
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
#[derive(Args, Debug, Default)]
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
