//! Every command, flag and help sentence. Imports clap, and nothing from the rest of nudge.

mod catalogue;
mod config;
mod daily;
mod files;
mod help;
mod init;
mod look_back;
mod man;
mod people;
mod refusal;
mod remind;
mod sync;

use std::mem::ManuallyDrop;

use clap::parser::ValueSource;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub use catalogue::{
    Catalogue, CatalogueAdd, CatalogueCheck, CatalogueCommand, CatalogueHide, CatalogueList, CatalogueShow,
    CatalogueUnhide, Sense,
};
pub use config::{Config, ConfigCommand, ConfigEdit, ConfigSet, ConfigShow};
pub use daily::{Amend, Another, Done, Filters, Place, Rest, Today, Undo};
pub use files::{Doctor, Merge};
pub use init::{Completions, Init, Shell};
pub use look_back::{Export, Format, Journal, Week, Why, Year};
pub use man::{Man, page, pages};
pub use people::{Every, People, PeopleCommand, PeopleErase, PeopleRename, Remember};
pub use refusal::Refusal;
pub use remind::Remind;
pub use sync::Sync;

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
    /// What is typed before a command, or without one.
    #[command(flatten)]
    pub options: Options,

    /// The command; `today` if there is none.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options of every command, and those of `nudge today`, which apply when no command is given.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,

    /// When to use colour, auto by default
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<Color>,

    /// Print long lists at once instead of through `PAGER`
    #[arg(long, global = true)]
    pub no_pager: bool,

    /// The options of `nudge today`.
    #[command(flatten)]
    pub today: Today,
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
    Config(Config),
    Export(Export),
    Init(Init),
    Remind(Remind),
    Doctor(Doctor),
    Merge(Merge),
    Sync(Sync),
    Man(Man),
    Completions(Completions),
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
    if let Some(cli) = at_once(&arguments) {
        return Ok(cli);
    }
    // What a short life doesn't need again is not taken apart.
    let mut narrow = ManuallyDrop::new(narrow(&arguments));
    let parsed = narrow.try_get_matches_from_mut(&arguments).or_else(|_| {
        // Help, or a mistake: both need to know of every command.
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

/// The calls that shells, status bars and people make all day, which need no parser.
fn at_once(arguments: &[std::ffi::OsString]) -> Option<Cli> {
    let words: Vec<&str> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let (command, today) = match words.as_slice() {
        [] => (None, Today::default()),
        ["today"] => (Some(Command::Today(Today::default())), Today::default()),
        ["today", option] => (Some(Command::Today(Today::of(option)?)), Today::default()),
        ["done"] => (Some(Command::Done(Done::default())), Today::default()),
        ["week"] => (Some(Command::Week(Week::default())), Today::default()),
        [option] => (None, Today::of(option)?),
        _ => return None,
    };
    Some(Cli { options: Options { today, ..Options::default() }, command })
}

/// The command line with the options that are always there and the one command that is called: to define the others
/// too would be a sixth of a quick call's work.
fn narrow(arguments: &[std::ffi::OsString]) -> clap::Command {
    let root = Options::augment_args(clap::Command::new("nudge").disable_help_subcommand(true));
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let first = words.find(|word| !["--json", "--no-pager"].contains(word));
    match CALLED_OFTEN.iter().find(|(name, _)| first == Some(name)) {
        Some((name, define)) => root.subcommand(define(clap::Command::new(*name))),
        None => root,
    }
}

/// A command's name, and what defines its arguments.
type Definition = (&'static str, fn(clap::Command) -> clap::Command);

/// The commands that are defined alone; of any other the whole command line is defined.
const CALLED_OFTEN: [Definition; 13] = [
    ("today", Today::augment_args),
    ("another", Another::augment_args),
    ("done", Done::augment_args),
    ("rest", Rest::augment_args),
    ("undo", Undo::augment_args),
    ("remember", Remember::augment_args),
    ("week", Week::augment_args),
    ("year", Year::augment_args),
    ("journal", Journal::augment_args),
    ("why", Why::augment_args),
    ("init", Init::augment_args),
    ("remind", Remind::augment_args),
    ("sync", Sync::augment_args),
];

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

    /// What is understood is the same, whether no command was defined, one, or all.
    #[test]
    fn a_narrow_command_line_understands_what_the_whole_does() {
        for line in [
            "nudge",
            "nudge --once",
            "nudge --brief",
            "nudge today",
            "nudge today --once",
            "nudge today --brief",
            "nudge done",
            "nudge week",
            "nudge -c tone --easy --json",
            "nudge today --brief --width 20",
            "nudge --json done -w Sam -w Ada -m x --on thu",
            "nudge done turn --color never",
            "nudge week -2",
            "nudge rest --until fri",
            "nudge journal -n 3 --no-pager",
            "nudge init bash --no-greeting",
        ] {
            let arguments: Vec<std::ffi::OsString> = line.split(' ').map(Into::into).collect();
            let read = |command: clap::Command| {
                format!("{:?}", Cli::from_arg_matches(&command.try_get_matches_from(&arguments).unwrap()).unwrap())
            };
            let whole = read(Cli::command());
            assert_eq!(read(narrow(&arguments)), whole, "{line}");
            assert!(at_once(&arguments).is_none_or(|cli| format!("{cli:?}") == whole), "{line}");
        }
    }
}
