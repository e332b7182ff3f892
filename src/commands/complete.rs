//! What a shell is answered when somebody presses Tab.
//!
//! The scripts in `shell/` call nudge with `NUDGE_COMPLETE` set. Bash hands over its line and splits nothing itself;
//! the others hand over the words up to the cursor, the last of which is being typed. The answer is one candidate a
//! line. Nothing is written, no lock is taken, and nobody is warned: whatever can't be read has no candidates.

mod bash;
mod candidates;

use std::ffi::OsString;
use std::io::Write;

use clap::Command;
use clap_complete::engine::{self, CompletionCandidate};

use crate::cli::{self, Shell};
use crate::environment;
use crate::safe_text::clean;
use crate::view::page::cut;
use crate::view::theme::Theme;

/// Tells the scripts to let the shell complete files itself: no candidate begins with a tab.
const FILES: &str = "\tfiles";
/// A description has at most so many columns.
const WIDEST: usize = 100;

/// A candidate: what is inserted, and what it is.
struct Candidate {
    value: String,
    help: String,
}

/// Answers a shell that asks, and says whether one does. The first of the arguments is this program.
pub fn complete(arguments: impl Iterator<Item = OsString>, out: &mut dyn Write) -> bool {
    let Some(shell) = environment::completing().and_then(|name| Shell::named(&name)) else {
        return false;
    };
    let lines = answer(shell, arguments.skip(1).collect()).unwrap_or_else(|| vec![FILES.to_owned()]);
    // If it can't be told, there is nobody to be told so.
    let _ = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    true
}

/// The candidates as a shell takes them, one a line; `None` where a file is wanted.
fn answer(shell: Shell, arguments: Vec<OsString>) -> Option<Vec<String>> {
    Some(match shell {
        Shell::Bash => {
            let line = bash::Line::new(&arguments);
            line.answer(find(line.words())?)
        }
        Shell::Zsh => find(arguments)?.iter().map(with_colon).collect(),
        Shell::Fish | Shell::Elvish => {
            find(arguments)?.iter().map(|found| with_tab(&found.value, &found.help)).collect()
        }
        Shell::Nushell => {
            let words = arguments.iter().map(|word| without_quotes(&word.to_string_lossy()).into()).collect();
            find(words)?.iter().map(|found| with_tab(&nushell_word(&found.value), &found.help)).collect()
        }
    })
}

/// What can stand in place of the last word; `None` where that is a file.
fn find(mut words: Vec<OsString>) -> Option<Vec<Candidate>> {
    let is_option = |candidate: &CompletionCandidate| candidate.get_id().is_some_and(|id| id.starts_with("arg::"));
    let Some(last) = words.len().checked_sub(1).filter(|last| *last > 0) else {
        return Some(Vec::new());
    };
    let wants_option = words[last].as_encoded_bytes().starts_with(b"-");
    // The engine would offer the letters alone, which say less than the words.
    if words[last] == "-" {
        words[last] = "--".into();
    }
    let mut command = attach(cli::command());
    let mut found = engine::complete(&mut command, words, last, None).unwrap_or_default();
    if found.iter().any(candidates::is_files) {
        return None;
    }
    // Before anything is typed, options would bury what they stand beside.
    if !wants_option && !found.iter().all(is_option) {
        found.retain(|candidate| !is_option(candidate));
    }
    let screen = environment::screen();
    let theme = Theme::new(screen.width, screen.utf8, screen.colors);
    let candidate = |found: CompletionCandidate| {
        let value = found.get_value().to_str()?.to_owned();
        let help = found.get_help().map(ToString::to_string).unwrap_or_default();
        let help = theme.finish(cut(&clean(help.lines().next().unwrap_or_default()), WIDEST));
        // What would disturb the terminal can't be offered: without it, it would be another name.
        (!value.is_empty() && clean(&value) == value).then_some(Candidate { value, help })
    };
    Some(found.into_iter().filter_map(candidate).collect())
}

/// Hangs the candidates onto the arguments of a command and of those under it.
fn attach(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|argument| match candidates::of(&name, argument.get_id().as_str()) {
        Some(completer) => argument.add(completer),
        None => argument,
    });
    command.mut_subcommands(attach)
}

fn with_tab(value: &str, help: &str) -> String {
    if help.is_empty() { value.to_owned() } else { format!("{value}\t{help}") }
}

/// As zsh's `_describe` takes it apart again.
fn with_colon(candidate: &Candidate) -> String {
    let (value, help) =
        (candidate.value.replace('\\', "\\\\").replace(':', "\\:"), candidate.help.replace('\\', "\\\\"));
    if help.is_empty() { value } else { format!("{value}:{help}") }
}

/// A word as nushell hands it over: as it was typed, with a quote that may still be open.
fn without_quotes(word: &str) -> String {
    match word.strip_prefix(['"', '\'', '`']) {
        Some(inner) => inner.strip_suffix(&word[..1]).unwrap_or(inner).replace("\\\"", "\"").replace("\\\\", "\\"),
        None => word.to_owned(),
    }
}

/// A word as nushell reads it back.
fn nushell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
    if word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}
