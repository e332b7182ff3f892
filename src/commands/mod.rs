//! One verb a file; here the context that each is given, and the match.

mod another;
mod catalogue;
mod doctor;
mod done;
mod edit;
mod export;
mod journal;
mod merge;
mod prompt;
mod rest;
mod today;
mod undo;
mod week;
mod why;
mod year;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::Write;

use chrono::{DateTime, FixedOffset};

use crate::builtin;
use crate::calendar::{self, Day, Tense};
use crate::catalogue::{Catalogue, Gesture, read_over};
use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::document::{Problem, one_of};
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::journal::{BadLines, Doubt, Event, Ids, Log, What, to_line};
use crate::store::{Book, Lock, Pages, Store};
use crate::view::theme::{Theme, clean};
use crate::view::words;

/// What every command is given: the moment, the files, the settings, and where to write.
pub struct Context<'o> {
    pub now: DateTime<FixedOffset>,
    pub today: Day,
    pub seed: Option<u64>,
    /// The user's editor, as `VISUAL` or `EDITOR` names it.
    pub editor: Option<String>,
    pub store: Store,
    pub config: Config,
    pub theme: Theme,
    pub json: bool,
    /// Nothing is to be said about files: others may look on, or a shell is starting.
    quiet: bool,
    /// Something is to be recorded, which no wrong setting may stop.
    records: bool,
    /// The warnings so far.
    said: RefCell<BTreeSet<String>>,
    out: RefCell<&'o mut dyn Write>,
    err: RefCell<&'o mut dyn Write>,
}

/// Runs the command that was asked for.
pub fn run(cli: Cli, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let command = cli.command.unwrap_or_else(|| Command::Today(crate::cli::Today::default()));
    let environment = Environment::read()?;
    let quiet = matches!(&command, Command::Today(today) if today.brief || today.once);
    // These record something: they go on where a wrong setting stops the others.
    let records = matches!(command, Command::Done(_) | Command::Rest(_) | Command::Undo(_));
    let mut ctx = Context {
        now: environment.now,
        today: environment.now.date_naive(),
        seed: environment.seed,
        editor: environment.editor,
        store: Store::new(environment.folders),
        config: Config::default(),
        theme: Theme::new(environment.screen.width, environment.screen.utf8, environment.screen.colors),
        json: cli.json,
        quiet,
        records,
        said: RefCell::default(),
        out: RefCell::new(out),
        err: RefCell::new(err),
    };
    ctx.config = match config(&ctx, records) {
        // What is wrong there is the doctor's to tell.
        Err(_) if matches!(command, Command::Doctor(_)) => Config::default(),
        read => read?,
    };
    ctx.today = calendar::day_of(ctx.now, ctx.config.day_starts);
    match command {
        Command::Today(args) => today::run(&ctx, &args),
        Command::Another(args) => another::run(&ctx, &args),
        Command::Done(args) => done::run(&ctx, &args),
        Command::Rest(args) => rest::run(&ctx, &args),
        Command::Undo(args) => undo::run(&ctx, &args),
        Command::Week(args) => week::run(&ctx, &args),
        Command::Year(args) => year::run(&ctx, &args),
        Command::Journal(args) if args.edit => edit::run(&ctx),
        Command::Journal(args) => journal::run(&ctx, &args),
        Command::Why => why::run(&ctx),
        Command::Catalogue(args) => catalogue::run(&ctx, &args),
        Command::Export(args) => export::run(&ctx, &args),
        Command::Doctor(args) => doctor::run(&ctx, &args),
        Command::Merge(args) => merge::run(&ctx, &args),
    }
}

fn config(ctx: &Context<'_>, records: bool) -> Result<Config, Error> {
    let path = ctx.store.config_path();
    let read = ctx.store.text(&path).and_then(|text| {
        Config::parse(&text.unwrap_or_default()).map_err(|problems| {
            Error::failed(at_lines(&path, &problems)).hint(format!("mend `{}`, then try again", path.display()))
        })
    });
    match read {
        Err(error) if records => {
            ctx.warn(&format!("{}; going on with the defaults", says(&error)));
            Ok(Config::default())
        }
        read => read,
    }
}

/// Every problem with its file, line and column, one a line.
fn at_lines(path: &std::path::Path, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{}:{problem}", path.display())).collect();
    lines.join("\n")
}

/// Problems of the user's catalogue beside another concern: of many the first few, and where all of them are told.
fn at_some_lines(path: &std::path::Path, problems: &[Problem]) -> String {
    const SHOWN: usize = 8;
    let shown = at_lines(path, &problems[..problems.len().min(SHOWN)]);
    match problems.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}\n{}; `nudge catalogue check` shows them", words::count(more as u64, "more problem")),
    }
}

/// An error's message alone.
fn says(error: &Error) -> String {
    match error {
        Error::Failed(said) | Error::Usage(said) | Error::Unconfirmed(said) => said.message.clone(),
        Error::ClosedPipe => String::new(),
    }
}

impl Context<'_> {
    pub fn print(&self, text: &str) -> Result<(), Error> {
        self.out.borrow_mut().write_all(text.as_bytes()).map_err(|error| Error::output(&error))
    }

    /// Shows what was printed so far, before a question waits for its answer.
    pub fn flush(&self) -> Result<(), Error> {
        self.out.borrow_mut().flush().map_err(|error| Error::output(&error))
    }

    /// Events as JSON, one a line.
    pub fn print_events(&self, events: &[Event]) -> Result<(), Error> {
        events.iter().try_for_each(|event| self.print(&format!("{}\n", to_line(event))))
    }

    /// A sentence where there is nothing to show or to write; none where JSON was asked for.
    pub fn say(&self, sentence: &str) -> Result<(), Error> {
        if self.json {
            return Ok(());
        }
        let lines = self.theme.wrap(sentence, 2).join("\n");
        self.print(&self.theme.finish(format!("{lines}\n")))
    }

    /// A word on standard error. Where that can't be written there is nowhere left to say so.
    pub fn warn(&self, text: &str) {
        // Files are read more than once; what is wrong in them is told once.
        if !self.quiet && self.said.borrow_mut().insert(text.to_owned()) {
            let lines: Vec<_> = text.lines().map(clean).collect();
            let text = self.theme.finish(format!("warning: {}\n", lines.join("\n         ")));
            let _ = self.err.borrow_mut().write_all(text.as_bytes());
        }
    }

    /// The catalogue, with the user's own file laid over it; without that file if it is wrong.
    pub fn catalogue(&self) -> Result<Catalogue, Error> {
        let built_in = builtin::catalogue();
        let path = self.store.gestures_path();
        let own = self.store.text(&path).map_err(|error| says(&error)).and_then(|text| match text {
            None => Ok(built_in.clone()),
            Some(text) => read_over(&built_in, &text).map_err(|problems| at_some_lines(&path, &problems)),
        });
        let catalogue = match own {
            Ok(catalogue) => catalogue,
            Err(wrong) => {
                self.warn(&format!("{wrong}\nyour own gestures are left out until this is mended"));
                return Ok(Catalogue { is_partial: true, ..built_in });
            }
        };
        match self.check_weights(&catalogue) {
            Err(error) if self.records => self.warn(&format!("{}; going on without that weight", says(&error))),
            checked => checked?,
        }
        Ok(catalogue)
    }

    /// Only the catalogue knows which categories a weight can be for.
    fn check_weights(&self, catalogue: &Catalogue) -> Result<(), Error> {
        let unknown = self.config.weights.iter().find(|(category, _)| catalogue.category(category).is_none());
        let Some((category, weight)) = unknown else {
            return Ok(());
        };
        let known: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
        let place = format!("{}:{}:{}", self.store.config_path().display(), weight.line, weight.column);
        Err(Error::failed(format!("{place}: `[weights]` names `{category}`, expected {}", one_of(&known)))
            .hint("name a category of the catalogue, or take the line out"))
    }

    /// The log of a book from a day on, or all of it; lines that are no event are named.
    pub fn log(&self, book: Book, from: Option<Day>) -> Result<Log, Error> {
        let read = self.store.events(book, from)?;
        self.name_bad_lines(book, &read.bad);
        Ok(Log::new(read.events, self.today))
    }

    pub fn name_bad_lines(&self, book: Book, bad: &BadLines) {
        for (line, reason) in &bad.first {
            self.warn(&format!("{}:{line}: {reason}; the line is kept, and not counted", book.file_name()));
        }
        if bad.count > bad.first.len() as u64 {
            let more = words::count(bad.count - bad.first.len() as u64, "more line");
            self.warn(&format!("{}: {more} like this", book.file_name()));
        }
    }

    /// Waits for the right to write.
    pub fn lock(&self) -> Result<Lock<'_>, Error> {
        self.store.lock(|| self.warn("another nudge is writing; waiting for it"))
    }

    /// A new event of this moment, with an id of its own.
    pub fn event(&self, day: Day, what: What) -> Result<Event, Error> {
        use chrono::Timelike;
        // The file keeps whole seconds.
        let at = self.now.with_nanosecond(0).unwrap_or(self.now);
        Ok(Event { id: environment::new_id()?, at: Some(at), day, what })
    }

    pub fn day(&self, text: &str, tense: Tense) -> Result<Day, Error> {
        calendar::parse_day(text, self.today, tense).ok_or_else(|| {
            Error::usage(format!("`{text}` is no day"))
                .hint("a day is `today`, `yesterday`, a weekday such as `thu`, `3 days ago` or `2026-11-22`")
        })
    }
}

/// What an id, or an unambiguous beginning of one, stands for.
fn find<'i>(ids: impl Iterator<Item = &'i str>, wanted: &str, what: &str) -> Result<&'i str, Error> {
    let mut matching: Vec<&str> = ids.filter(|id| id.starts_with(wanted)).collect();
    matching.sort_unstable();
    matching.dedup();
    match matching.as_slice() {
        // An exact id sorts before those that it begins.
        [exact, ..] if *exact == wanted => Ok(exact),
        [only] => Ok(only),
        [] => Err(Error::failed(format!("no {what} begins with `{wanted}`"))),
        several => {
            let names: Vec<String> = several.iter().take(8).map(|id| format!("`{id}`")).collect();
            let more = if several.len() > 8 { ", …" } else { "" };
            Err(Error::failed(format!("`{wanted}` begins more than one {what}"))
                .hint(format!("name one of {}{more}", names.join(", "))))
        }
    }
}

/// The category that the user names.
fn find_category<'c>(catalogue: &'c Catalogue, wanted: &str) -> Result<&'c str, Error> {
    let ids = || catalogue.categories.iter().map(|category| category.id.as_ref());
    find(ids(), wanted, "category").map_err(|error| {
        let names: Vec<String> = ids().map(|id| format!("`{id}`")).collect();
        error.or_hint(format!("the categories are {}", words::list(&names)))
    })
}

/// The gesture that the user names.
fn find_gesture<'c>(catalogue: &'c Catalogue, wanted: &str) -> Result<&'c Gesture, Error> {
    let ids = catalogue.gestures.iter().map(|gesture| gesture.id.as_ref());
    let found = find(ids, wanted, "gesture").map(|id| catalogue.gesture(id));
    let found = found.and_then(|gesture| gesture.ok_or_else(|| Error::failed(format!("no gesture is `{wanted}`"))));
    found.map_err(|error| error.or_hint("`nudge catalogue` lists the gestures with their ids"))
}

/// The ids of a book that only a log can tell the worth of.
fn doubt(pages: &Pages) -> Result<Doubt, Error> {
    Ok(Ids::doubt(pages.halves(Ids::default, |ids, line, _, _| ids.take(line))?))
}
