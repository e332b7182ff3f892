//! Candidates from the user's files: the catalogue, the plans, and the last part of the journal.

use std::cmp::Reverse;
use std::ffi::OsStr;

use chrono::{Datelike, NaiveDate};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::super::{context, lookup};
use crate::calendar::{self, Day, Week};
use crate::catalogue::{Catalogue, Gesture, builtin};
use crate::config::Config;
use crate::environment::Environment;
use crate::journal::{Event, Log, What};
use crate::people::{self, Counting, People};
use crate::store::Store;
use crate::view::{card, entries, grammar, messages, people as words};

/// So many days back entries are offered to be corrected or taken back, and weeks to be looked at.
const LATELY: u32 = 28;
const WEEKS: u32 = 12;

/// Finds the candidates of one argument.
type Find = fn(&Sources) -> Vec<Offer>;

/// A value, and what it is.
type Offer = (String, String);

/// Marks an argument that is a file.
const FILES: &str = "files";

/// Whether files are wanted here, which the shell completes itself.
pub fn is_files(candidate: &CompletionCandidate) -> bool {
    candidate.get_tag().is_some_and(|tag| tag.to_string() == FILES)
}

/// What completes an argument of a command; `None` if its own definition says it, or nothing can be offered.
pub fn of(command: &str, argument: &str) -> Option<ArgValueCompleter> {
    let find: Find = match (command, argument) {
        (_, "from" | "file" | "files" | "dir") => return Some(ArgValueCompleter::new(file)),
        ("done", "gesture") => to_log,
        ("show", "id") => |sources| gestures(&sources.catalogue(), |_, _| true),
        ("hide", "id") => |sources| gestures(&sources.catalogue(), |catalogue, id| !catalogue.is_hidden(id)),
        ("unhide", "id") => |sources| gestures(&sources.catalogue(), Catalogue::is_hidden),
        ("undo", "id") => |sources| latest(sources, |event| event.what.is_entry()),
        ("amend", "id") => |sources| latest(sources, |event| matches!(event.what, What::Done(_))),
        ("week", "week") => weeks,
        ("set", "key") => settings,
        (_, "level") => |_| (1..=3).map(|level| (level.to_string(), messages::level(level).to_owned())).collect(),
        (_, "category") => categories,
        (_, "with" | "who" | "old" | "new") => {
            return Some(ArgValueCompleter::new(|typed: &OsStr| offered(names, typed, str::to_lowercase)));
        }
        ("rest" | "remember" | "another", "on" | "until") => days_to_come,
        (_, "on" | "since" | "until") => days_past,
        _ => return None,
    };
    Some(ArgValueCompleter::new(move |typed: &OsStr| offered(find, typed, str::to_owned)))
}

/// Those that begin with what was typed, both looked at in the same `form`.
fn offered(find: Find, typed: &OsStr, form: fn(&str) -> String) -> Vec<CompletionCandidate> {
    let typed = form(&typed.to_string_lossy());
    let found = Sources::read().map(|sources| find(&sources)).unwrap_or_default();
    let fitting = found.into_iter().filter(|(value, _)| form(value).starts_with(&typed));
    fitting.map(|(value, help)| CompletionCandidate::new(value).help(Some(help.into()))).collect()
}

fn file(typed: &OsStr) -> Vec<CompletionCandidate> {
    if typed.as_encoded_bytes().starts_with(b"-") {
        return Vec::new();
    }
    vec![CompletionCandidate::new(typed).tag(Some(FILES.into()))]
}

/// What can be read without a word to anybody.
struct Sources {
    /// The calendar's date, which between midnight and `day_starts` is tomorrow's.
    date: NaiveDate,
    today: Day,
    config: Config,
    store: Store,
}

impl Sources {
    fn read() -> Option<Self> {
        let Environment { now, folders, .. } = Environment::read().ok()?;
        let store = Store::new(folders);
        let config = context::read_config(&store).unwrap_or_default();
        let today = calendar::day_of(now, config.day_starts);
        Some(Self { date: now.date_naive(), today, config, store })
    }

    fn catalogue(&self) -> Catalogue {
        context::read_catalogue(&self.store).unwrap_or_else(|_| builtin::catalogue())
    }

    /// What happened in so many days before today, and all plans.
    fn log(&self, days: u32) -> Log {
        let from = calendar::back(self.today, days);
        self.store.look(from).map(|look| look.into_log(from, self.today)).unwrap_or_default()
    }
}

fn categories(sources: &Sources) -> Vec<Offer> {
    let catalogue = sources.catalogue();
    let about = |about: Option<&str>| about.unwrap_or_default().to_owned();
    catalogue.categories.iter().map(|category| (category.id.to_string(), about(category.about.as_deref()))).collect()
}

/// Each setting, with the value that it has.
fn settings(sources: &Sources) -> Vec<Offer> {
    let catalogue = sources.catalogue();
    let keys = Config::keys(catalogue.categories.iter().map(|category| category.id.as_ref()));
    let value = |key: &str| sources.config.value(key).map(|value| value.to_string()).unwrap_or_default();
    keys.into_iter().map(|key| (key.clone(), value(&key))).collect()
}

fn gestures(catalogue: &Catalogue, is_wanted: impl Fn(&Catalogue, &str) -> bool) -> Vec<Offer> {
    let wanted = catalogue.gestures.iter().filter(|gesture| is_wanted(catalogue, &gesture.id));
    wanted.map(|gesture: &Gesture| (gesture.id.to_string(), card::in_a_line(gesture))).collect()
}

/// Open follow-ups, then gestures.
fn to_log(sources: &Sources) -> Vec<Offer> {
    let (log, since) = (sources.log(lookup::NAMES), calendar::back(sources.today, lookup::NAMES));
    let people = People::renamed(&log);
    // Whether one that comes once and was noted before that was answered is not looked for.
    let open = people::open(&log)
        .filter(|open| open.follow_up.every.is_some() || open.noted >= since)
        .filter(|open| open.is_open(&log));
    let open = open.filter(|open| can_be_typed(open.id)).map(|open| {
        let who = people.shown(&open.follow_up.who);
        (open.id.to_string(), words::planned(who, open.follow_up, open.next(&log, sources.today), sources.today))
    });
    let mut found: Vec<Offer> = open.collect();
    found.extend(gestures(&sources.catalogue(), |catalogue, id| !catalogue.is_hidden(id)));
    found
}

/// People, whoever was there latest first.
fn names(sources: &Sources) -> Vec<Offer> {
    let log = sources.log(lookup::NAMES);
    let mut counting = Counting::new(&log);
    log.dones().for_each(|(event, done)| counting.take(event.day, done));
    let (people, known) = counting.finish(&log);
    let mut all: Vec<_> = people.all().map(|(person, shown)| (known.get(person), shown)).collect();
    all.sort_unstable_by_key(|(known, shown)| (Reverse(known.map(|known| known.last)), *shown));
    let offer = |(known, shown): (Option<&people::Known>, &str)| {
        let help = known.map_or_else(
            || "to be asked".to_owned(),
            |known| {
                let count = grammar::count(known.done, "gesture");
                format!("{count}, {}", grammar::long_ago(known.last, sources.today))
            },
        );
        (shown.to_owned(), help)
    };
    all.into_iter().map(offer).collect()
}

/// Today, yesterday and the weekdays before.
fn days_past(sources: &Sources) -> Vec<Offer> {
    let today = sources.today;
    let earlier = (2..7).map(|days| calendar::back(today, days));
    // At night the calendar's weekday means the day that has not ended yet.
    let earlier = earlier.filter(|day| day.weekday() != sources.date.weekday()).map(|day| (weekday(day), day));
    let near = [("today".to_owned(), today), ("yesterday".to_owned(), calendar::back(today, 1))];
    near.into_iter().chain(earlier).map(|(word, day)| (word, grammar::short_date(day, today))).collect()
}

/// Today, tomorrow and the weekdays after.
fn days_to_come(sources: &Sources) -> Vec<Offer> {
    let today = sources.today;
    let later = (2..=7).map(|days| calendar::forward(today, days)).map(|day| (weekday(day), day));
    let near = [("today".to_owned(), today), ("tomorrow".to_owned(), calendar::forward(today, 1))];
    near.into_iter().chain(later).map(|(word, day)| (word, grammar::short_date(day, today))).collect()
}

fn weekday(day: Day) -> String {
    grammar::weekday(day).to_lowercase()
}

fn weeks(sources: &Sources) -> Vec<Offer> {
    let this = Week::of(sources.today, sources.config.week_starts);
    let named = |week: Week, name: String| (name, grammar::week_dates(week, sources.today));
    let last = named(this.back(1), "last".to_owned());
    [last].into_iter().chain((0..WEEKS).map(|weeks| this.back(weeks)).map(|week| named(week, week.name()))).collect()
}

/// The latest entries, the latest first.
fn latest(sources: &Sources, is_wanted: fn(&Event) -> bool) -> Vec<Offer> {
    let (log, catalogue) = (sources.log(LATELY), sources.catalogue());
    let people = People::renamed(&log);
    let since = calendar::back(sources.today, LATELY);
    let mut found: Vec<&Event> = log.events().iter().chain(log.plans()).filter(|event| is_wanted(event)).collect();
    found.retain(|event| event.day >= since && can_be_typed(&event.id));
    found.sort_unstable_by(|a, b| (b.day, b.order()).cmp(&(a.day, a.order())));
    found
        .iter()
        .map(|event| (event.id.to_string(), entries::in_a_line(event, &catalogue, &people, sources.today)))
        .collect()
}

/// The id of a line that was written by hand may be all of the line.
fn can_be_typed(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
