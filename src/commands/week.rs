//! `nudge week`: the weekly look back.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::mem;

use super::{Context, prompt};
use crate::calendar::{self, Day, Week};
use crate::catalogue::Catalogue;
use crate::cli::Week as WeekArgs;
use crate::error::Error;
use crate::journal::Log;
use crate::picker::{self, Draw, Seed};
use crate::review::{self, Days, Suggest};
use crate::view::json;
use crate::view::week::{self, Way};

pub fn run(ctx: &Context<'_>, args: &WeekArgs) -> Result<(), Error> {
    let starts = ctx.config.week_starts;
    let wanted = match args.week.as_deref() {
        None => Week::of(ctx.today, starts),
        Some(text) => Week::parse(text, ctx.today, starts).ok_or_else(|| {
            Error::usage(format!("I don't know the week `{text}`"))
                .hint("a week is `last`, `-2`, `47`, `2026-W45` or a day in it")
        })?,
    };
    let catalogue = ctx.catalogue()?;
    let History { log, days, ever_done } = history(ctx, wanted)?;
    let all = categories(&catalogue, &log);
    // What was read for the week holds today as well, unless it is a week that is still far off.
    let of_today;
    let log_of_today = if review::reads_from(wanted) <= ctx.today {
        &log
    } else {
        of_today = ctx.log(ctx.today)?;
        &of_today
    };
    let moment = Moment::of(ctx, &catalogue, log_of_today);
    let never_done: Vec<&str> =
        ever_done.map_or(Vec::new(), |ever| all.iter().copied().filter(|id| !ever.contains(*id)).collect());
    let suggestible = OnceCell::new();
    let can_come = |id: &str| suggestible.get_or_init(|| moment.suggestible(ctx, &catalogue)).contains(&id);
    let of_catalogue = &all[..catalogue.categories.len()];
    let suggest = Suggest {
        categories: of_catalogue,
        can_come: &can_come,
        never_done: &never_done,
        people: ctx.config.suggest_people,
    };
    let review = review::review(&log, &days, wanted, &all, &suggest);
    let page = if ctx.json {
        json::week(&review, &catalogue)
    } else {
        week::week(&review, &catalogue, ctx.today, &moment.way(), ctx.theme)
    };
    let printed = ctx.print(&page);
    // The program ends here: to give back each event by itself would only take time.
    mem::forget(log);
    printed
}

/// What was read for a week.
struct History {
    /// The events of the weeks that are read in full.
    log: Log,
    /// The days as far back as the running streak goes; all of them if it began before the weeks of `log`.
    days: Days,
    /// The categories in which anything was ever done; `None` if the journal was not read to its beginning.
    ever_done: Option<HashSet<String>>,
}

fn history(ctx: &Context<'_>, wanted: Week) -> Result<History, Error> {
    let as_of = wanted.last().min(ctx.today);
    let from = review::reads_from(wanted);
    let look = ctx.store.look(from)?;
    ctx.name_bad_lines([&look.journal.bad, &look.plans.bad]);
    let is_whole = look.journal.is_whole;
    let log = look.into_log(from, ctx.today);
    let days = Days::new(&log, ctx.today, ctx.config.goal());
    if is_whole {
        let ever_done = log.dones().map(|(_, done)| done.category().to_owned()).collect();
        return Ok(History { log, days, ever_done: Some(ever_done) });
    }
    // If something was done before the days that are needed, this is not the first week, and day one does not matter.
    let needed = review::needs_from(wanted);
    let is_settled = days.first().is_some_and(|first| {
        let first_week = Week::of(first, ctx.config.week_starts).first;
        first < needed && days.streak_ends(as_of, calendar::forward(first_week, 7))
    });
    if is_settled {
        return Ok(History { log, days, ever_done: None });
    }
    let (tally, bad) = ctx.store.tally(ctx.today, &(Day::MIN..=ctx.today))?;
    ctx.name_bad_lines([&bad[0], &bad[1]]);
    let ever_done = tally.categories.keys().map(ToString::to_string).collect();
    let days = Days::of(tally.days, &log, ctx.today, ctx.config.goal());
    Ok(History { log, days, ever_done: Some(ever_done) })
}

/// The categories to count: those of the catalogue, then others that occur in the log.
fn categories<'a>(catalogue: &'a Catalogue, log: &'a Log) -> Vec<&'a str> {
    let mut all: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
    for (_, done) in log.dones() {
        if !all.contains(&done.category()) {
            all.push(done.category());
        }
    }
    all
}

/// The state of today, so that only what works at this moment is suggested.
struct Moment<'l> {
    log: &'l Log,
    /// The category of today's prompt, if it is not done yet.
    open: Option<String>,
    /// Whether a swap would bring another prompt today.
    can_swap: bool,
}

impl<'l> Moment<'l> {
    fn of(ctx: &Context<'_>, catalogue: &Catalogue, log: &'l Log) -> Self {
        let drawn = prompt::drawn(log, ctx.today, catalogue);
        let can_swap = match &drawn {
            None => true,
            Some(drawn) => !drawn.done && prompt::swaps_left(ctx, log, catalogue) > 0,
        };
        let open = drawn.filter(|drawn| !drawn.done).map(|drawn| drawn.prompt.category().to_owned());
        Self { log, open, can_swap }
    }

    /// The favoured categories from which `nudge another -c` would draw a gesture today or, if swaps are used up,
    /// tomorrow; and that of an open prompt.
    fn suggestible<'m>(&'m self, ctx: &Context<'_>, catalogue: &'m Catalogue) -> Vec<&'m str> {
        let day = if self.can_swap { ctx.today } else { calendar::forward(ctx.today, 1) };
        let preferences = ctx.config.preferences();
        let filters = picker::Filters { places: ctx.config.places(day).to_vec(), ..picker::Filters::default() };
        let (preferences, filters) = (&preferences, &filters);
        let draw = Draw { catalogue, log: self.log, day, preferences, filters, seed: Seed::default() };
        let mut left = picker::categories_left(&draw);
        let is_favoured = |id: &&str| ctx.config.weights.get(*id).is_none_or(|weight| weight.favour > 0);
        left.extend(self.open.as_deref().filter(is_favoured));
        left
    }

    fn way(&self) -> Way<'_> {
        Way { todays: self.open.as_deref(), is_tomorrow: !self.can_swap }
    }
}
