//! What clap refuses, in our own words, with a way that works.

use std::ffi::OsString;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::safe_text::shell_word;
use crate::toml_reader::one_of;

/// Why a command line was refused, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, without a full stop.
    pub text: String,
    /// A way that works.
    pub hint: String,
}

impl Refusal {
    /// Puts clap's error about a command line, whose first word is the program, into our own words.
    pub fn new(error: &Error, arguments: &[OsString]) -> Self {
        let line = Line::new(arguments);
        let argument = context(error, ContextKind::InvalidArg);
        let value = context(error, ContextKind::InvalidValue);
        match error.kind() {
            ErrorKind::InvalidSubcommand => {
                let word = context(error, ContextKind::InvalidSubcommand);
                let hint = match line.command {
                    Some("catalogue") => of_catalogue(&word),
                    Some("config") => of_config(&word),
                    _ => no_command(&word, &context(error, ContextKind::SuggestedSubcommand)),
                };
                Self { text: format!("`{word}` is not a command"), hint }
            }
            ErrorKind::UnknownArgument if argument.starts_with('-') => {
                let suggested = context(error, ContextKind::SuggestedArg);
                let meant = if suggested.is_empty() { String::new() } else { format!("did you mean `{suggested}`? ") };
                Self { text: format!("I don't know the option `{argument}`"), hint: format!("{meant}{}", line.help()) }
            }
            ErrorKind::UnknownArgument | ErrorKind::TooManyValues => Self {
                text: format!("I don't know what `{argument}` is for here"),
                hint: line.other_way().unwrap_or_else(|| line.help()),
            },
            ErrorKind::InvalidValue if value.is_empty() => {
                Self { text: format!("`{}` needs a value", flag(&argument)), hint: takes(error, &line) }
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                Self { text: format!("`{}` can't be `{value}`", flag(&argument)), hint: takes(error, &line) }
            }
            ErrorKind::ArgumentConflict => {
                let other = context(error, ContextKind::PriorArg);
                let text = if other.is_empty() {
                    format!("`{}` can't be used with the rest of the line", flag(&argument))
                } else if flag(&other) == flag(&argument) {
                    format!("`{}` can be given once", flag(&argument))
                } else {
                    format!("`{}` and `{}` can't be used together", flag(&argument), flag(&other))
                };
                Self { text, hint: line.help() }
            }
            ErrorKind::MissingRequiredArgument => match flag(&argument) {
                "SHELL" => Self {
                    text: "say which shell: `bash`, `zsh`, `fish`, `nushell` or `elvish`".to_owned(),
                    hint: line.help(),
                },
                option if option.starts_with('-') => {
                    Self { text: format!("an option here goes only with `{option}`"), hint: line.help() }
                }
                missing => Self { text: format!("`{missing}` is missing"), hint: line.help() },
            },
            _ => Self { text: "I can't make sense of this command line".to_owned(), hint: line.help() },
        }
    }
}

/// One piece of what clap knows about an error; several values are joined by spaces.
fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

/// `--place <PLACE>` as it is typed: `--place`; a positional argument without its brackets.
fn flag(argument: &str) -> &str {
    let word = argument.split_whitespace().next().unwrap_or(argument);
    word.split('=').next().unwrap_or(word).trim_matches(['<', '>', '[', ']', '.'])
}

/// What the argument accepts.
fn takes(error: &Error, line: &Line<'_>) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => {
            format!("it takes {}", one_of(&values.iter().map(String::as_str).collect::<Vec<_>>()))
        }
        _ if context(error, ContextKind::InvalidArg).starts_with("--number") => {
            "the newest N entries: `nudge journal -n 10`; without `-n` you see them all".to_owned()
        }
        _ if context(error, ContextKind::InvalidArg).starts_with("--level") => {
            "it takes `1` (easy), `2` (takes some nerve) or `3` (tender)".to_owned()
        }
        _ => line.help(),
    }
}

/// The command that was probably meant by a word that is not one.
fn no_command(word: &str, suggested: &str) -> String {
    let meant = match word.to_lowercase().as_str() {
        "stats" | "stat" | "streak" | "status" | "summary" | "review" => "`nudge week` shows your days and your streak",
        "skip" | "next" | "swap" | "new" => "`nudge another` swaps today's prompt",
        "list" | "ls" | "history" | "entries" => "`nudge journal` lists what was done",
        "gestures" | "gesture" | "catalogs" | "categories" => "`nudge catalogue` lists the gestures",
        "log" => "`nudge done` logs a gesture, `nudge journal` lists what was done",
        "did" | "complete" | "finish" | "check" | "add" => {
            "`nudge done` logs today's gesture, `nudge done -c CATEGORY -m \"…\"` something else"
        }
        "show" | "prompt" | "now" => "`nudge` alone shows today's prompt",
        "explain" | "reason" => "`nudge why` says why this prompt came",
        "pause" | "holiday" | "vacation" | "sick" => "`nudge rest` is for days on which nothing is asked",
        "edit" => "`nudge journal --edit` opens the entries in your editor",
        "remove" | "delete" | "rm" => "`nudge undo` takes back the latest entry",
        "settings" | "setting" | "preferences" | "set" => "`nudge config` shows your settings, and how to change them",
        "month" => "`nudge year` shows the last 53 weeks, `nudge week` the current one",
        "version" => "`nudge --version`",
        _ => {
            return match suggested {
                "" => "`nudge -h` shows the commands".to_owned(),
                suggested => format!("did you mean `nudge {suggested}`?"),
            };
        }
    };
    meant.to_owned()
}

/// `remind 9:00`, `remind off`, and what is for `remember`.
fn remind(words: &[&str]) -> String {
    match words {
        ["off" | "stop" | "no"] => "`nudge remind --off` takes the reminder away".to_owned(),
        ["now"] => "`nudge remind --now` reminds you if it is time".to_owned(),
        [hour]
            if hour.starts_with(|first: char| first.is_ascii_digit())
                && hour.chars().all(|c| c.is_ascii_digit() || ":apmAPM".contains(c)) =>
        {
            format!("name the hour with `nudge remind --at {hour}`")
        }
        _ => "`nudge remember` notes what to ask somebody; `nudge remind --at 09:00` sets a daily reminder".to_owned(),
    }
}

fn of_catalogue(word: &str) -> String {
    let word = shell_word(word);
    format!(
        "`nudge catalogue -c {word}` lists a category, `nudge catalogue show {word}` shows one gesture, `nudge catalogue -g {word}` searches for words"
    )
}

fn of_config(word: &str) -> String {
    match word {
        "get" | "list" | "ls" => "`nudge config` lists every setting".to_owned(),
        "unset" | "reset" | "remove" | "rm" => {
            "`nudge config set KEY default` takes a setting out of your config".to_owned()
        }
        _ => format!(
            "`nudge config` lists every setting, `nudge config set {} VALUE` changes one",
            shell_word(word.split('=').next().unwrap_or(word))
        ),
    }
}

/// A command line as far as it can be read without clap.
struct Line<'a> {
    /// The first word that is not an option.
    command: Option<&'a str>,
    /// The words after it that are neither options nor the values of options.
    words: Vec<&'a str>,
    /// The names given with `-w`, and what follows them.
    with: Vec<&'a str>,
}

impl<'a> Line<'a> {
    fn new(arguments: &'a [OsString]) -> Self {
        let mut all = arguments.iter().skip(1).map(|word| word.to_str().unwrap_or("")).peekable();
        let mut line = Self { command: None, words: Vec::new(), with: Vec::new() };
        while let Some(word) = all.next() {
            match word {
                "-w" | "--with" => {
                    while let Some(name) = all.next_if(|word| !word.starts_with('-')) {
                        line.with.push(name);
                    }
                }
                "-c" | "--category" | "-m" | "--note" | "--on" | "--until" | "--since" | "-n" | "--number" | "-g"
                | "--grep" | "-p" | "--place" | "--color" | "--format" | "--width" | "--at" => {
                    all.next();
                }
                _ if word.starts_with('-') => {}
                _ if line.command.is_none() => line.command = Some(word),
                _ => line.words.push(word),
            }
        }
        line
    }

    fn help(&self) -> String {
        match self.command {
            Some(command) => format!("`nudge help {command}` lists what you can use"),
            None => "`nudge -h` lists what you can use".to_owned(),
        }
    }

    /// What was probably meant by words where the command takes none.
    fn other_way(&self) -> Option<String> {
        let all = self.words.join(" ");
        let all = shell_word(&all);
        match self.command? {
            "done" | "log" if self.with.len() > 1 => {
                let names: Vec<String> = self.with.iter().map(|who| format!("-w {}", shell_word(who))).collect();
                Some(format!("give each name its own `-w`: `nudge done {}`", names.join(" ")))
            }
            "done" | "log" => Some(format!("in your own words: `nudge done -c CATEGORY -m {all}`")),
            "rest" => Some(self.rest()),
            "week" => Some("a week is `last`, `-2`, `47`, `2026-W45` or a day in it, such as `\"22 nov\"`".to_owned()),
            "undo" => Some("`nudge undo` takes back the latest entry, `nudge undo ID` another".to_owned()),
            "today" | "another" => {
                let command = self.command?;
                Some(format!("use `-c` for a category and `-p` for a place: `nudge {command} -c {all}`"))
            }
            "journal" => Some(format!("`nudge journal -g {all}` searches for words, `-w {all}` for a person")),
            "export" => Some(format!("use `--format` for a format: `nudge export --format {all}`")),
            "remind" => Some(remind(&self.words)),
            "why" => Some(format!("`nudge catalogue show {all}` shows another gesture")),
            _ => None,
        }
    }

    /// `rest 3 days`, `rest until friday`, `rest tomorrow`.
    fn rest(&self) -> String {
        match self.words.as_slice() {
            [first, unit] => {
                let count = match *first {
                    "a" | "one" => Some(1_u32),
                    digits => digits.parse().ok().filter(|count| (1..=366).contains(count)),
                };
                let days = match *unit {
                    "day" | "days" => count,
                    "week" | "weeks" => count.map(|weeks| weeks * 7),
                    _ => None,
                };
                match (days, *first) {
                    (Some(1), _) => "for today alone: `nudge rest`".to_owned(),
                    (Some(days), _) => {
                        let last = match days - 1 {
                            1 => "tomorrow".to_owned(),
                            more => format!("\"in {more} days\""),
                        };
                        format!("with today as the first of them: `nudge rest --until {last}`")
                    }
                    (None, "until" | "till" | "to") => format!("`nudge rest --until {}`", shell_word(self.words[1])),
                    (None, "on" | "from") => format!("`nudge rest --on {}`", shell_word(self.words[1])),
                    _ => format!("`nudge rest --on {}`", shell_word(&self.words.join(" "))),
                }
            }
            ["until" | "till" | "to", day @ ..] if !day.is_empty() => {
                format!("`nudge rest --until {}`", shell_word(&day.join(" ")))
            }
            [] => "`nudge help rest` lists what you can use".to_owned(),
            words => format!("`nudge rest --on {0}`, or `nudge rest --until {0}`", shell_word(&words.join(" "))),
        }
    }
}
