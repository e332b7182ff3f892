//! `nudge man`, and the manual pages themselves: made of the help, with what a page has besides.

use std::io;

use clap::{Args, Command};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

/// The day on which this version was released, for the foot of each page. It is no clock's, so that the same source gives
/// the same pages.
const RELEASED: &str = "2026-11-27";

/// Print the manual page of a command
///
/// With `--dir` it writes the pages of all commands into a folder, for whoever makes a package.
#[derive(Args, Debug)]
#[command(
    hide = true,
    after_long_help = "\
Examples:
  nudge man | man -l -
  nudge man catalogue add | man -l -
  nudge man --dir ~/.local/share/man/man1"
)]
pub struct Man {
    /// The command; `nudge` itself if left out
    pub command: Vec<String>,

    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<std::path::PathBuf>,
}

/// What each exit code means.
const EXIT_CODES: [(&str, &str); 3] = [
    ("0", "It is done, or there was nothing to do."),
    ("1", "It could not be done, or something needs fixing."),
    ("2", "The command line can't be understood."),
];

/// What only a reminder's exit code means.
const LATER: (&str, &str) =
    ("75", "With `--now`: nobody is there yet to show the reminder, so that another try is worth it.");

const FILES: [(&str, &str); 5] = [
    (
        "~/.local/share/nudge/journal.jsonl",
        "What has happened, one event a line. Logging only ever appends to it. `XDG_DATA_HOME` is respected.",
    ),
    (
        "~/.local/share/nudge/plans.jsonl",
        "What is planned: days of rest, what to ask whom, and who has another name now.",
    ),
    ("~/.local/share/nudge/reminded", "The day of the latest reminder, where `nudge remind` set one up."),
    (
        "~/.config/nudge/config.toml",
        "The settings: `nudge config` shows them all, and changes them. `XDG_CONFIG_HOME` is respected.",
    ),
    ("~/.config/nudge/gestures.toml", "Gestures of your own, on top of those that come with nudge."),
];

const ENVIRONMENT: [(&str, &str); 8] = [
    ("NUDGE_DIR", "One folder for all files; an absolute path, or one that begins with `~/`."),
    ("NUDGE_NOW", "The moment to take for now, such as `2026-11-22T08:00:00+01:00`; for scripts and bug reports."),
    ("NUDGE_SEED", "A whole number that decides the draw; for scripts and bug reports."),
    ("NO_COLOR", "No colour, if it is set. `CLICOLOR_FORCE` asks for colour where the output is no terminal."),
    ("COLUMNS", "How wide the terminal is taken to be."),
    ("PAGER", "What shows a list that is longer than the window; `less -FRX` if it is not set."),
    ("VISUAL, EDITOR", "The editor; `vi` if neither is set."),
    ("LC_ALL, LC_CTYPE, LANG", "On Linux: whether characters beyond ASCII are shown."),
];

/// The manual page of the command that these words name, such as `catalogue add`; `None` if there is none.
pub fn page(command: Command, words: &[String]) -> Option<String> {
    let command = built(command);
    let mut found = &command;
    let mut parents = Vec::new();
    for word in words {
        parents.push(display_name(found));
        found = found.find_subcommand(word)?;
    }
    Some(render(found, &parents))
}

/// The manual pages of all commands, each with its file name.
pub fn pages(command: Command) -> Vec<(String, String)> {
    fn add(pages: &mut Vec<(String, String)>, command: &Command, parents: &[String]) {
        let name = display_name(command);
        pages.push((format!("{name}.1"), render(command, parents)));
        let parents = [parents, &[name]].concat();
        for subcommand in shown(command) {
            add(pages, subcommand, &parents);
        }
    }
    let mut pages = Vec::new();
    add(&mut pages, &built(command), &[]);
    pages
}

fn built(command: Command) -> Command {
    // `nudge help` has no page of its own.
    let mut command = command.disable_help_subcommand(true);
    command.build();
    command
}

/// The commands below one, but for those that are hidden.
fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| !below.is_hide_set())
}

/// As its page is called: `nudge-catalogue-add`.
fn display_name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn render(command: &Command, parents: &[String]) -> String {
    let name = display_name(command);
    let mut described = command.clone();
    // In one line, since all options follow.
    let usage = described.render_usage().to_string();
    described = described.override_usage(usage.trim_start_matches("Usage:").trim().to_owned());
    // The first line of the help stands behind the name already.
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    if let Some((_, rest)) = long.split_once("\n\n") {
        described = described.long_about(rest.to_owned());
    }
    let page = Page::new(described)
        .title(name.to_uppercase())
        .date(RELEASED)
        .source(concat!("nudge ", env!("CARGO_PKG_VERSION")))
        .manual("User Commands");
    let mut sections = vec![
        Page::render_title as fn(&Page, &mut dyn io::Write) -> io::Result<()>,
        Page::render_name_section,
        Page::render_synopsis_section,
        Page::render_description_section,
        Page::render_options_section,
    ];
    if shown(command).next().is_some() {
        sections.push(Page::render_subcommands_section);
    }
    let mut text = Vec::new();
    for section in sections {
        // Memory takes whatever is written to it.
        let _ = section(&page, &mut text);
    }
    let _ = more_sections(command, parents).to_writer(&mut text);
    tidied(&String::from_utf8_lossy(&text))
}

/// The sections that clap has nothing for.
fn more_sections(command: &Command, parents: &[String]) -> Roff {
    let mut roff = Roff::new();
    let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let mut notes = Roff::new();
    for block in help.split("\n\n").filter(|block| !block.is_empty()) {
        let (heading, lines) = block.split_once('\n').unwrap_or((block, ""));
        match heading.split([':', '(']).next().unwrap_or_default().trim() {
            "Examples" => unfilled(roff.control("SH", ["EXAMPLES"]), lines),
            "Categories" => listed(&mut roff, "CATEGORIES", &columns(lines)),
            // They are there already.
            "Options" => {}
            _ => {
                // The heading of the section begins the first paragraph.
                if notes != Roff::new() {
                    notes.control("PP", []);
                }
                if heading.ends_with(':') {
                    unfilled(notes.text([roman(heading)]), lines);
                } else {
                    notes.text([roman(block)]);
                }
            }
        }
    }
    if notes != Roff::new() {
        roff.control("SH", ["NOTES"]).extend([notes]);
    }
    let later = (command.get_name() == "remind").then_some(LATER);
    listed(&mut roff, "EXIT STATUS", &EXIT_CODES.into_iter().chain(later).collect::<Vec<_>>());
    if parents.is_empty() {
        listed(&mut roff, "FILES", &FILES);
        roff.control("PP", []);
        roff.text([roman("These are their places on Linux; `nudge doctor` says where yours are.")]);
        listed(&mut roff, "ENVIRONMENT", &ENVIRONMENT);
    } else {
        roff.control("SH", ["FILES"]);
        roff.text([roman("`journal.jsonl`, `plans.jsonl`, `config.toml` and `gestures.toml`;")]);
        roff.text([bold("nudge"), roman("(1) says where they are.")]);
        roff.control("SH", ["ENVIRONMENT"]);
        roff.text([roman("`NUDGE_DIR` names one folder for all of them;")]);
        roff.text([bold("nudge"), roman("(1) lists the other variables.")]);
    }
    let mut others: Vec<String> = parents.iter().cloned().chain(shown(command).map(display_name)).collect();
    others.sort_unstable();
    roff.control("SH", ["SEE ALSO"]);
    for (number, other) in others.iter().enumerate() {
        let end = if number + 1 < others.len() { "(1)," } else { "(1)" };
        roff.text([bold(other), roman(end)]);
    }
    roff
}

/// Lines in letters of one width, which are not filled.
fn unfilled(roff: &mut Roff, lines: &str) {
    roff.control("EX", []);
    for line in lines.lines() {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("EE", []);
}

fn listed<T: AsRef<str>>(roff: &mut Roff, heading: &str, items: &[(T, T)]) {
    roff.control("SH", [heading]);
    for (term, words) in items {
        roff.control("TP", []);
        roff.text([bold(term.as_ref())]);
        roff.text([roman(words.as_ref())]);
    }
}

/// Two columns of a help text, whose second may go on in the lines below.
fn columns(lines: &str) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in lines.lines() {
        match (line.trim().split_once("  "), rows.last_mut()) {
            (Some((term, words)), _) => rows.push((term.to_owned(), words.trim().to_owned())),
            (None, Some((_, words))) => *words += &format!(" {}", line.trim()),
            (None, None) => {}
        }
    }
    rows
}

/// The page without what the checkers of pages complain of, and with bold type for what stands in backticks.
fn tidied(page: &str) -> String {
    /// How an apostrophe is written, which each section says anew.
    const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";
    let body = page.replace(PREAMBLE, "");
    let mut lines: Vec<&str> = body.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines.dedup_by(|line, before| *line == ".br" && *before == ".br");
    let mut tidied = PREAMBLE.to_owned();
    for line in lines {
        let last = line.matches('`').count();
        for (place, part) in line.split('`').enumerate() {
            let is_code = place % 2 == 1 && place < last;
            tidied += &if is_code { format!("\\fB{part}\\fR") } else { part.to_owned() };
        }
        tidied.push('\n');
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;

    #[test]
    fn each_command_has_a_page() {
        let pages = pages(cli::command());
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["nudge.1", "nudge-done.1", "nudge-catalogue-add.1", "nudge-people-rename.1", "nudge-config-set.1"]
        {
            assert!(names.contains(&name), "{names:?}");
        }
        assert!(!names.iter().any(|name| name.contains("help") || name.contains("man")), "{names:?}");
        for (name, page) in &pages {
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "\"EXIT STATUS\"", "\"SEE ALSO\""]
            {
                assert_eq!(page.matches(&format!(".SH {section}\n")).count(), 1, "{name} {section}");
            }
            let words: Vec<String> = name.trim_end_matches(".1").split('-').skip(1).map(str::to_owned).collect();
            assert_eq!(super::page(cli::command(), &words).as_ref(), Some(page), "{name}");
        }
        assert_eq!(page(cli::command(), &["dune".to_owned()]), None);
    }

    #[test]
    fn the_date_is_that_of_the_release() {
        let changelog = include_str!("../../CHANGELOG.md");
        let heading = format!("## [{}] - ", env!("CARGO_PKG_VERSION"));
        let released = changelog.split_once(&heading).map(|(_, rest)| &rest[..10]);
        // A version that is not out yet has no day of its own.
        assert_eq!(released.unwrap_or(RELEASED), RELEASED);
    }
}
