//! Looking back: the week, the year, the journal, the reasons, and an export of it all.

use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};

/// Show the week: days, streak, what has been quiet
#[derive(Args, Debug, Default)]
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

/// Show the year day by day, and the habit's strength
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

/// Show why this prompt came, and what is known of it
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

/// Print what was done and rested, for other programs
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
