//! What every command is given: the moment, the files, the settings, and where to write.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use chrono::{DateTime, FixedOffset, TimeDelta};

use super::paging::{List, Paging};
use crate::calendar::{self, Day};
use crate::catalogue::{Catalogue, builtin, read_over};
use crate::cli::Command;
use crate::config::Config;
use crate::environment::{self, Environment};
use crate::error::Error;
use crate::journal::{BadLines, Done, Event, Log, What, to_line};
use crate::people::{self, People};
use crate::safe_text::clean;
use crate::store::{Book, Lock, Store};
use crate::toml_reader::Problem;
use crate::view::entries::{self, Plans};
use crate::view::grammar;
use crate::view::page::Page;
use crate::view::theme::Theme;

pub struct Context<'o> {
    pub now: DateTime<FixedOffset>,
    pub today: Day,
    pub seed: Option<u64>,
    /// The user's editor, as `VISUAL` or `EDITOR` names it.
    pub editor: Option<String>,
    /// `GIT_SSH_COMMAND`, and `GIT_SSH`.
    pub git_ssh: [Option<String>; 2],
    pub store: Store,
    pub config: Config,
    pub theme: Theme,
    pub json: bool,
    plans: OnceCell<Plans>,
    /// What this command does about a setting that is wrong.
    on_wrong_setting: OnWrongSetting,
    console: Console<'o>,
}

/// What a command does about a setting that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnWrongSetting {
    /// It stops.
    Stop,
    /// It warns and uses the default, so that nothing a person did goes unrecorded.
    Warn,
    /// It goes on silently, since reporting the problem is its own job.
    PassOver,
}

impl OnWrongSetting {
    fn of(command: &Command) -> Self {
        match command {
            Command::Done(_) | Command::Rest(_) | Command::Undo(_) | Command::Amend(_) | Command::Remember(_) => {
                Self::Warn
            }
            // What a sync carries hangs on no setting; the doctor names what is wrong.
            Command::Doctor(_) | Command::Config(_) | Command::Sync(_) => Self::PassOver,
            _ => Self::Stop,
        }
    }
}

impl<'o> Context<'o> {
    pub fn new(
        environment: Environment,
        command: &Command,
        json: bool,
        no_pager: bool,
        out: &'o mut dyn Write,
        err: &'o mut dyn Write,
    ) -> Result<Self, Error> {
        let Environment { now, seed, editor, pager, has_less, git_ssh, folders, screen } = environment;
        let theme = Theme::new(screen.width, screen.utf8, screen.colors);
        // A status bar or a shell that is starting: warnings about files would be in the way.
        let quiet = matches!(command, Command::Today(today) if today.brief || today.once);
        let paging = Paging {
            height: screen.height.filter(|_| !no_pager && !json),
            named: pager,
            has_less,
            has_colors: AutoStream::choice(&std::io::stdout()) != ColorChoice::Never,
        };
        let list = RefCell::new(None);
        let console = Console {
            paging,
            list,
            theme,
            quiet,
            warned: RefCell::default(),
            out: RefCell::new(out),
            err: RefCell::new(err),
        };
        let on_wrong_setting = OnWrongSetting::of(command);
        let store = Store::new(folders);
        let config = match (read_config(&store), on_wrong_setting) {
            // With all of nudge's files on a disk that is missing, the books are what the command says it of.
            (Err(Error::Missing(_)), _) if store.leads_somewhere(store.data_folder()).is_err() => Config::default(),
            (Err(error), OnWrongSetting::Stop) => return Err(error),
            (Err(error), OnWrongSetting::Warn) => {
                console.warn(&format!("{}; using the defaults", error.message()));
                Config::default()
            }
            (Err(_), OnWrongSetting::PassOver) => Config::default(),
            (Ok(config), _) => config,
        };
        let today = calendar::day_of(now, config.day_starts);
        Ok(Self {
            now,
            today,
            seed,
            editor,
            git_ssh,
            store,
            config,
            theme,
            json,
            plans: OnceCell::new(),
            on_wrong_setting,
            console,
        })
    }

    pub fn print(&self, text: &str) -> Result<(), Error> {
        if let Some(list) = self.console.list.borrow_mut().as_mut() {
            return match list.add(text, &self.console.paging)? {
                Some(text) => self.console.write(&text),
                None => Ok(()),
            };
        }
        self.console.write(text)
    }

    /// Shows a list; one that is longer than the window goes through the pager.
    pub fn paged(&self, list: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        if self.console.paging.height.is_none() {
            return list();
        }
        self.console.list.replace(Some(List::new()));
        let shown = list();
        let left = self.console.list.take().and_then(List::finish);
        left.map_or(Ok(()), |text| self.console.write(&text)).and(shown)
    }

    /// Prints a question after everything printed so far. With `--json`, standard output is for JSON alone, so
    /// questions go to standard error.
    pub fn ask(&self, question: &str) -> Result<(), Error> {
        let text = self.theme.finish(format!("  {question}"));
        let mut out = if self.json { self.console.err.borrow_mut() } else { self.console.out.borrow_mut() };
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Error::output(&error))
    }

    /// Events as JSON, one a line.
    pub fn print_events(&self, events: &[Event]) -> Result<(), Error> {
        events.iter().try_for_each(|event| self.print(&format!("{}\n", to_line(event))))
    }

    /// Prints a sentence, unless JSON was asked for.
    pub fn say(&self, sentence: &str) -> Result<(), Error> {
        if self.json {
            return Ok(());
        }
        self.print(&Page::new(self.theme).paragraph(&clean(sentence)).finish())
    }

    /// Shows what can be typed next.
    pub fn next(&self, commands: &[&str]) -> Result<(), Error> {
        self.print(&Page::new(self.theme).next(commands).finish())
    }

    /// Prints a warning on standard error, each only once.
    pub fn warn(&self, text: &str) {
        self.console.warn(text);
    }

    /// The catalogue with the user's own file laid over it; without that file, and with a warning, if the file is
    /// invalid.
    pub fn catalogue(&self) -> Result<Catalogue, Error> {
        let catalogue = match read_catalogue(&self.store) {
            Ok(catalogue) => catalogue,
            Err(wrong) => {
                self.warn(&format!("{wrong}\nyour own gestures are left out until this is fixed"));
                return Ok(Catalogue { is_partial: true, ..builtin::catalogue() });
            }
        };
        if !catalogue.warnings.is_empty() {
            self.warn(&at_some_lines(&self.store.gestures_path(), &catalogue.warnings));
        }
        match (self.check_weights(&catalogue), self.on_wrong_setting) {
            (Err(error), OnWrongSetting::Stop) => return Err(error),
            (Err(error), OnWrongSetting::Warn) => {
                self.warn(&format!("{}; ignoring that weight", error.message()));
            }
            _ => {}
        }
        Ok(catalogue)
    }

    /// Checks that each weight is for a category that exists, which only the catalogue knows.
    fn check_weights(&self, catalogue: &Catalogue) -> Result<(), Error> {
        match self.config.unknown_weights(catalogue).first() {
            None => Ok(()),
            Some(problem) => Err(Error::failed(format!("{}:{problem}", self.store.config_path().display()))
                .hint("name a category of the catalogue, or remove the line")),
        }
    }

    /// What happened from a day on, and what was planned; warns of lines that are not events.
    pub fn log(&self, from: Day) -> Result<Log, Error> {
        let look = self.store.look(from)?;
        self.name_bad_lines([&look.journal.bad, &look.plans.bad]);
        Ok(look.into_log(from, self.today))
    }

    /// Entries of a day in words, with the names that people have now and what follow-ups are about.
    pub fn entries_of(&self, day: Day, events: &[&Event], catalogue: &Catalogue) -> String {
        // The plans can't be read: then what they would add is left out.
        let read = || self.store.plans(self.today).map(|log| plans(&log));
        let plans = self.plans.get_or_init(|| read().unwrap_or_default());
        entries::day(day, events, catalogue, plans, self.today, self.theme)
    }

    /// Warns of the lines of the journal and of the plans that are not events.
    pub fn name_bad_lines(&self, bad: [&BadLines; 2]) {
        for (book, bad) in Book::BOTH.into_iter().zip(bad) {
            for (line, reason) in &bad.first {
                self.warn(&format!("{}:{line}: {reason}; the line is kept but not counted", book.file_name()));
            }
            if bad.count > bad.first.len() as u64 {
                let more = grammar::count(bad.count - bad.first.len() as u64, "more line");
                self.warn(&format!("{}: {more} like this", book.file_name()));
            }
        }
    }

    /// Names the entries dated after today, as a clock that was ahead writes them: they are not counted yet.
    pub fn name_to_come(&self, events: &[Event]) -> Result<(), Error> {
        let named: Vec<String> = events
            .iter()
            .map(|event| format!("`{}` ({})", event.id, grammar::short_date(event.day, self.today)))
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let sentence = format!("Dated after today, and not counted yet: {}.", grammar::list_some(&named, 4));
        self.say(&format!("{sentence} `nudge undo ID` takes one back."))
    }

    /// Waits for the lock.
    pub fn lock(&self) -> Result<Lock<'_>, Error> {
        self.store.lock(self.today, || self.warn("another nudge is writing; waiting for it"))
    }

    /// Says what stopped nothing and is not as it should be with the files.
    pub fn warn_of_files(&self) {
        if let Some(warning) = self.store.take_warning() {
            self.warn(&warning);
        }
    }

    /// A new event that corrects an entry. It is dated after the entry's latest amendment, whatever the clock says, so
    /// that two corrections in one millisecond, or after the clock was put back, keep their order.
    pub fn amendment(&self, day: Day, done: Done, latest: Option<DateTime<FixedOffset>>) -> Result<Event, Error> {
        let event = self.event(day, What::Done(done))?;
        let least = latest.and_then(|at| at.checked_add_signed(TimeDelta::milliseconds(1)));
        Ok(Event { at: event.at.max(least), ..event })
    }

    /// A new event, written now, with a new id.
    pub fn event(&self, day: Day, what: What) -> Result<Event, Error> {
        Ok(Event { id: environment::new_id()?, at: Some(self.now), day, what })
    }
}

/// What the plans say to entries.
fn plans(log: &Log) -> Plans {
    let about = people::open(log).map(|open| (open.id.clone(), open.follow_up.what.clone())).collect();
    Plans { people: People::renamed(log), about }
}

/// Where to write, and which warnings were written already.
struct Console<'o> {
    theme: Theme,
    quiet: bool,
    paging: Paging,
    /// The list that is being printed.
    list: RefCell<Option<List>>,
    /// The warnings so far: a file may be read more than once, but each problem in it is reported once.
    warned: RefCell<BTreeSet<String>>,
    out: RefCell<&'o mut dyn Write>,
    err: RefCell<&'o mut dyn Write>,
}

impl Console<'_> {
    fn write(&self, text: &str) -> Result<(), Error> {
        self.out.borrow_mut().write_all(text.as_bytes()).map_err(|error| Error::output(&error))
    }

    fn warn(&self, text: &str) {
        if !self.quiet && self.warned.borrow_mut().insert(text.to_owned()) {
            let lines: Vec<_> = text.lines().map(clean).collect();
            let text = self.theme.finish(format!("warning: {}\n", lines.join("\n         ")));
            // If standard error can't be written, there is nowhere left to say so.
            let _ = self.err.borrow_mut().write_all(text.as_bytes());
        }
    }
}

/// The catalogue with the user's own file laid over it, or what is wrong with that file.
pub fn read_catalogue(store: &Store) -> Result<Catalogue, String> {
    let (built_in, path) = (builtin::catalogue(), store.gestures_path());
    match store.text(&path).map_err(|error| error.message().to_owned())? {
        None => Ok(built_in),
        Some(text) => read_over(&built_in, &text).map_err(|problems| at_some_lines(&path, &problems)),
    }
}

/// The settings, or what is wrong with them.
pub fn read_config(store: &Store) -> Result<Config, Error> {
    let path = store.config_path();
    let text = store.text(&path)?.unwrap_or_default();
    Config::parse(&text).map_err(|problems| {
        Error::failed(at_lines(&path, &problems)).hint("`nudge config edit` opens the file, for you to fix it")
    })
}

/// Every problem with its file, line and column, one a line.
pub fn at_lines(path: &Path, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{}:{problem}", path.display())).collect();
    lines.join("\n")
}

/// Problems of the user's catalogue, reported in passing: the first few, and which command shows them all.
fn at_some_lines(path: &Path, problems: &[Problem]) -> String {
    const SHOWN: usize = 8;
    let shown = at_lines(path, &problems[..problems.len().min(SHOWN)]);
    match problems.len().saturating_sub(SHOWN) {
        0 => shown,
        more => {
            format!("{shown}\n{}; `nudge catalogue check` shows them", grammar::count(more, "more problem"))
        }
    }
}
