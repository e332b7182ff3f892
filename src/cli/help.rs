//! The short help of `nudge` itself: the commands in groups, one line each, on one screen.

use clap::Command;

/// The groups, as the README and the man page have them, each with its rows: one command, whose own first line stands
/// beside it, or several that share a line.
const GROUPS: [(&str, &[(&str, &str)]); 5] = [
    (
        "Every day",
        &[
            ("today", ""),
            ("another", ""),
            ("done", ""),
            ("amend, undo", "Correct an entry; take one back"),
            ("rest", ""),
        ],
    ),
    ("Look back", &[("week", ""), ("year", ""), ("journal", ""), ("why", "")]),
    ("People", &[("remember", ""), ("people", "")]),
    ("Make it yours", &[("catalogue", ""), ("config, export", "Your settings; your entries for other programs")]),
    (
        "Set up",
        &[
            ("init", ""),
            ("remind, sync", "A reminder once a day; several machines in step"),
            ("doctor, merge", "Check and fix your files; add a copy of them"),
        ],
    ),
];

/// The end of the long help of `nudge` itself.
pub const EXAMPLES: &str = "\
Examples:
  nudge                        today's prompt
  nudge done -w Sam -m \"he told me about the move\"
  nudge week                   the week so far";

/// What each built-in category is.
const CATEGORIES: &str = "\
Categories (yours too, where your gestures.toml has others):
  turning-toward   Giving people your attention when they reach out to you, or
                   reaching out to them first.
  names            Learning people's names, getting them right, and giving
                   credit by name.
  validations      Letting someone know that what they feel makes sense,
                   without having to agree.
  remembering      Remembering what people have told you, and acting on it.
  tone             How you say things: your words, your voice, and how you hold
                   your face and body.
  appreciation     Thanking people, and telling them exactly what they did.";

/// A command with the categories explained at the end of its long help.
fn with_categories(command: Command) -> Command {
    let examples = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    command.after_long_help(format!("{examples}\n\n{CATEGORIES}"))
}

/// The options of `nudge` itself, as its long help lists them.
fn options(command: &Command) -> String {
    let lines = command.get_arguments().map(|argument| {
        let short = argument.get_short().map_or_else(|| "    ".to_owned(), |short| format!("-{short}, "));
        let value = argument.get_value_names().filter(|_| argument.get_action().takes_values());
        let value = value.map(|names| format!(" {}", names.join(" "))).unwrap_or_default();
        let name = format!("{short}--{}{value}", argument.get_long().unwrap_or_default());
        format!("  {name:<26}{}\n", argument.get_help().map(ToString::to_string).unwrap_or_default())
    });
    format!("Options:\n{}\n{EXAMPLES}", lines.collect::<String>())
}

/// The command with its help in groups.
pub fn grouped(command: Command) -> Command {
    let explained = ["today", "another", "done"].into_iter();
    let command = explained.fold(command, |command, name| command.mut_subcommand(name, with_categories));
    let mut lines = String::new();
    for (group, rows) in GROUPS {
        for (number, (names, shared)) in rows.iter().enumerate() {
            let group = if number == 0 { group } else { "" };
            let about = command.find_subcommand(names).and_then(Command::get_about).map(ToString::to_string);
            lines += &format!("{group:<15}{names:<15}{}\n", about.as_deref().unwrap_or(shared));
        }
    }
    let options = options(&command);
    command.after_long_help(options).help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{lines}\n\
         Options: -p, -c, --easy, --brief, --once, --json. More: `nudge help COMMAND`.{{after-help}}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_place() {
        let command = crate::cli::command();
        let rows = GROUPS.iter().flat_map(|(_, rows)| rows.iter());
        let placed: Vec<&str> = rows.flat_map(|(names, _)| names.split(", ")).collect();
        assert_eq!(placed.iter().find(|name| command.find_subcommand(name).is_none()), None);
        for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
            let name = subcommand.get_name();
            assert!(placed.contains(&name) || name == "help", "`{name}` is in no group");
        }
    }

    #[test]
    fn no_line_of_the_long_help_is_broken() {
        let help = crate::cli::command().term_width(0).render_long_help().to_string();
        let options = help.lines().skip_while(|line| *line != "Options:");
        assert_eq!(options.filter(|line| line.chars().count() > 80).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn the_short_help_fits_a_screen() {
        let help = crate::cli::command().render_help().to_string();
        assert!(help.lines().count() <= 22, "{}:\n{help}", help.lines().count());
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }
}
