//! `nudge catalogue` and its subcommands.

use clap::{ArgAction, Args, Subcommand, ValueEnum};

use super::Place;

/// A sense or ability that a gesture may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "a doc comment here would be help that only repeats the word")]
pub enum Sense {
    Sight,
    Hearing,
    Speech,
    Touch,
}

/// See the gestures, add your own, hide some
///
/// Your own gestures are in `gestures.toml` in the config folder, and come on top of those that come with
/// nudge. Commands that change this file keep your comments and your order. `builtin = false` in it leaves
/// out those that come with nudge.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_long_help = "\
Examples:
  nudge catalogue -c tone --level 1
  nudge catalogue show turn-hands-off
  nudge catalogue add -c appreciation --do \"Thank the driver by name.\""
)]
pub struct Catalogue {
    /// What to do with the catalogue; without a subcommand it is listed.
    #[command(subcommand)]
    pub command: Option<CatalogueCommand>,

    /// The filters of the list, which apply when no subcommand is given.
    #[command(flatten)]
    pub list: CatalogueList,
}

/// A subcommand of `nudge catalogue` with its arguments.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would replace the help, which is on each struct below")]
pub enum CatalogueCommand {
    List(CatalogueList),
    Show(CatalogueShow),
    Add(Box<CatalogueAdd>),
    Hide(CatalogueHide),
    Unhide(CatalogueUnhide),
    Check(CatalogueCheck),
}

/// List the gestures, with their ids
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge catalogue list
  nudge catalogue list -c tone -p text --level 1
  nudge catalogue list --hidden")]
pub struct CatalogueList {
    /// Only those of this category
    #[arg(short, long)]
    pub category: Option<String>,

    /// Only those that fit this place
    #[arg(short, long)]
    pub place: Option<Place>,

    /// Only those of this level: 1 easy, 2 takes some nerve, 3 tender
    #[arg(short, long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(1..=3))]
    pub level: Option<u8>,

    /// Only those that contain this text, ignoring case
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub grep: Option<String>,

    /// Only those that you have hidden
    #[arg(long)]
    pub hidden: bool,
}

/// Show one gesture in full, with the evidence behind it
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge catalogue show turn-hands-off
  nudge catalogue show turn-h")]
pub struct CatalogueShow {
    /// The gesture's id, or an unambiguous beginning of it
    pub id: String,
}

/// Add a gesture of your own
///
/// A category and one action are enough. Without options, in a terminal, it asks for each part.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge catalogue add
  nudge catalogue add -c appreciation --do \"Thank the driver by name.\"
  nudge catalogue add -c tone --when \"a call begins\" --do \"Smile before you speak.\" --where remote")]
pub struct CatalogueAdd {
    /// The id, in lowercase letters, digits and hyphens; made from the action if left out
    #[arg(long)]
    pub id: Option<String>,

    /// The category (its id or the beginning of it)
    #[arg(short, long)]
    pub category: Option<String>,

    /// The cue, as it continues after "When"
    #[arg(long, value_name = "CUE", allow_hyphen_values = true)]
    pub when: Option<String>,

    /// The one action
    #[arg(long = "do", value_name = "ACTION", allow_hyphen_values = true)]
    pub action: Option<String>,

    /// A phrase to say; may be given twice
    #[arg(long, value_name = "PHRASE", action = ArgAction::Append, allow_hyphen_values = true)]
    pub say: Vec<String>,

    /// Where it fits; may be given several times; anywhere if left out
    #[arg(long = "where", value_name = "PLACE", action = ArgAction::Append)]
    pub places: Vec<Place>,

    /// How long it takes, 5 to 60 seconds
    #[arg(long)]
    pub seconds: Option<u8>,

    /// 1 easy, 2 takes some nerve, 3 tender
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
    pub level: Option<u8>,

    /// A sense or ability that it needs; may be given several times
    #[arg(long, value_name = "SENSE", action = ArgAction::Append)]
    pub needs: Vec<Sense>,

    /// Another way to do it, for those who do without what it needs
    #[arg(long, value_name = "ACTION", requires = "needs", allow_hyphen_values = true)]
    pub instead: Option<String>,
}

/// Hide a gesture, so that it is no longer offered
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge catalogue hide turn-hands-off
  nudge another --hide         hide today's and swap it")]
pub struct CatalogueHide {
    /// The gesture's id, or an unambiguous beginning of it
    pub id: String,
}

/// Unhide a gesture, so that it can be offered again
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge catalogue unhide turn-hands-off
  nudge catalogue list --hidden")]
pub struct CatalogueUnhide {
    /// The gesture's id, or an unambiguous beginning of it
    pub id: String,
}

/// Check a catalogue file and name every problem in it
///
/// Each problem is shown with its line and column, and what would be right. The exit code is 1 if there are any.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge catalogue check        your own gestures.toml
  nudge catalogue check shared.toml")]
pub struct CatalogueCheck {
    /// The file; your own `gestures.toml` if left out
    pub file: Option<std::path::PathBuf>,
}
