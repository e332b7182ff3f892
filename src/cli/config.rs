//! `nudge config` and its subcommands.

use clap::{Args, Subcommand};

/// See your settings, and change them
///
/// Without a subcommand it lists every setting with its value, and where that comes from: the default, or a line of
/// `config.toml`. `set` and `edit` work while a setting is wrong, too.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge config
  nudge config set days_per_week 4
  nudge config edit            the whole file, in your editor")]
pub struct Config {
    /// What to do with the settings; without a subcommand they are listed.
    #[command(subcommand)]
    pub command: Option<ConfigCommand>,
}

/// A subcommand of `nudge config` with its arguments.
#[derive(Debug, Subcommand)]
#[expect(missing_docs, reason = "a doc comment here would replace the help, which is on each struct below")]
pub enum ConfigCommand {
    Show(ConfigShow),
    Edit(ConfigEdit),
    Set(ConfigSet),
}

/// List every setting, and where its value comes from
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge config show
  nudge config show --json")]
pub struct ConfigShow {}

/// Open `config.toml` in your editor, and check it afterwards
///
/// If there is no such file yet, it begins as one that explains each setting. What is wrong afterwards is named by line
/// and column.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge config edit
  EDITOR=nano nudge config edit")]
pub struct ConfigEdit {}

/// Change one setting
///
/// The file is checked before it is written, and keeps your comments and your order. A list is written with commas. The
/// value `default` takes the setting out of the file. `nudge config` lists the keys.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge config set days_per_week 4
  nudge config set places.weekdays home,text
  nudge config set weights.tone 2
  nudge config set weights.tone default")]
pub struct ConfigSet {
    /// The setting, such as `swaps` or `places.weekdays`
    pub key: String,

    /// The value; `default` takes the setting out of the file
    #[arg(num_args = 1.., allow_negative_numbers = true)]
    pub value: Vec<String>,
}
