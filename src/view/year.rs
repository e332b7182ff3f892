//! The year: its totals, a calendar of shades, and the strength of the habit under it.

use anstyle::Style;
use chrono::Datelike;
use unicode_width::UnicodeWidthStr;

use super::catalogue::category_name;
use super::page::{Bar, MARGIN, Page, pad};
use super::theme::{self, DIM, PLAIN, Theme, paint};
use super::{grammar, messages};
use crate::calendar::{Day, Week};
use crate::catalogue::Catalogue;
use crate::review::{DayState, Goal, State, Year};

/// The width of the weekdays before the rows, in columns, with the space after them.
const LABEL: usize = 4;

/// The year as a page. `title` is the calendar year, if one was asked for.
pub fn year(year: &Year, title: Option<&str>, catalogue: &Catalogue, goal: Goal, today: Day, theme: Theme) -> String {
    let mut page = Page::new(theme);
    let begun = year.first.filter(|first| *first <= year.to);
    let weeks = begun.map(|first| weeks(year, first, goal, today)).unwrap_or_default();
    page.bold(&title.map_or_else(|| messages::last_weeks(weeks.len()), str::to_owned));
    if weeks.is_empty() {
        return page.blank().paragraph(beginning(year, today)).finish();
    }
    page.parts(&summary(year)).blank();
    let room = theme.width.saturating_sub(MARGIN + LABEL).max(1);
    let shown = &weeks[weeks.len().saturating_sub(room)..];
    page.line(MARGIN + LABEL, DIM, &months(shown, room));
    grid(&mut page, shown, today);
    page.blank();
    legend(&mut page, shown, today);
    if shown.len() < weeks.len() {
        let shown = grammar::count(shown.len(), "week");
        page.dim(&format!("There is room for only {shown} here. A wider window shows more."));
    }
    if year.strength > 0.0 {
        page.blank();
        curve(&mut page, year, shown);
    }
    if !year.categories.is_empty() {
        let bars = year.categories.iter();
        let bars = bars.map(|of| Bar::of_count(category_name(catalogue, &of.id), of.done, String::new()));
        page.blank().bars(&bars.collect::<Vec<_>>(), 2);
    }
    page.finish()
}

/// What is said about a year if nothing was done in it or before it.
fn beginning(year: &Year, today: Day) -> &'static str {
    if year.to < today {
        "This year is before your first entry."
    } else if year.from > today {
        "This year is still to come."
    } else {
        "Here each day will have its place, a little fuller with everything you do. \
         `nudge` shows a prompt, `nudge done` logs it."
    }
}

/// A column of the calendar: the days of a week, first to last; `None` for those outside the span.
struct Column {
    week: Week,
    cells: [Option<DayState>; 7],
}

impl Column {
    fn days(&self) -> impl Iterator<Item = &DayState> {
        self.cells.iter().flatten()
    }

    /// The first day of a month, if it is in this week.
    fn month(&self) -> Option<Day> {
        self.days().map(|day| day.day).find(|day| day.day() == 1)
    }
}

/// The columns from the week of the first entry to the current week.
fn weeks(year: &Year, first: Day, goal: Goal, today: Day) -> Vec<Column> {
    let week_of = |day: Day| Week::of(day, goal.week_starts);
    let (first, last) = (week_of(first), week_of(today));
    year.days
        .chunk_by(|a, b| week_of(a.day) == week_of(b.day))
        .map(|days| {
            let week = week_of(days[0].day);
            let mut cells = [None; 7];
            for (day, cell) in week.days().zip(&mut cells) {
                *cell = days.iter().find(|of| of.day == day).copied();
            }
            Column { week, cells }
        })
        .filter(|column| first <= column.week && column.week <= last)
        .collect()
}

/// Each month's name above the week in which it begins, unless it would touch the one before or not fit into `room`.
fn months(columns: &[Column], room: usize) -> String {
    let mut row = String::new();
    for (place, column) in columns.iter().enumerate() {
        // A calendar that begins within a month names that month too, if at least three more weeks of it follow.
        let goes_on = place == 0 && columns.iter().skip(1).take(3).all(|next| next.month().is_none());
        let first = column.days().next().filter(|_| goes_on).map(|day| day.day);
        if let Some(day) = column.month().or(first)
            && (row.is_empty() || row.len() < place)
        {
            let month = grammar::month(day);
            if place + month.len() <= room {
                row = pad(&row, place) + &month;
            }
        }
    }
    row
}

fn grid(page: &mut Page, columns: &[Column], today: Day) {
    let theme = page.theme();
    for (row, day) in columns[0].week.days().enumerate() {
        let cells = columns.iter().map(|column| column.cells[row]);
        let cells = painted(cells.map(|day| day.map_or((' ', PLAIN), |day| cell(day, today, theme))));
        let name = grammar::weekday(day);
        let label = if cells.is_empty() { name } else { pad(&name, LABEL) };
        page.row(&format!("{}{cells}", paint(&label, DIM)));
    }
}

/// A day's shape and colour.
fn cell(day: DayState, today: Day, theme: Theme) -> (char, Style) {
    match day.state {
        State::Done if day.day != today => theme.shade(day.done),
        state => theme::mark(state),
    }
}

/// Cells as a row, each run of one style painted once, without trailing spaces.
fn painted(cells: impl Iterator<Item = (char, Style)>) -> String {
    let mut runs: Vec<(String, Style)> = Vec::new();
    for (shape, style) in cells {
        match runs.last_mut() {
            Some((run, last)) if *last == style => run.push(shape),
            _ => runs.push((shape.to_string(), style)),
        }
    }
    if runs.last().is_some_and(|(run, _)| run.trim().is_empty()) {
        runs.pop();
    }
    runs.iter().map(|(run, style)| paint(run, *style)).collect()
}

/// The strength of the habit at the end of each week, with a heading, and a sentence about it.
fn curve(page: &mut Page, year: &Year, columns: &[Column]) {
    const STEPS: [char; 8] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇'];
    let step = |column: &Column| {
        let found = year.strength_by_week.iter().find(|of| of.week == column.week);
        // Seven steps, and the lowest for anything at all.
        found.map_or(0, |of| (1..=7_u8).rev().find(|step| of.strength * 7.0 >= f64::from(*step)).unwrap_or(1))
    };
    let row: String = columns.iter().map(|column| STEPS[usize::from(step(column))]).collect();
    page.paragraph("Strength of the habit, week by week");
    page.line(MARGIN + LABEL, DIM, row.trim_end());
    page.paragraph(&messages::strength(year.strength));
}

/// What the shapes mean that are shown.
fn legend(page: &mut Page, columns: &[Column], today: Day) {
    let theme = page.theme();
    let days = || columns.iter().flat_map(Column::days);
    let mut items: Vec<((char, Style), &str)> = Vec::new();
    for (done, word) in [(1, "1 gesture"), (2, "2"), (3, "3 or more")] {
        if days().any(|day| day.day != today && day.done.min(3) == done) {
            items.push((theme.shade(done), word));
        }
    }
    for (state, word) in [(State::Spare, "spare"), (State::Missed, "quiet"), (State::Rest, "rest")] {
        if days().any(|day| day.state == state) {
            items.push((theme::mark(state), word));
        }
    }
    if let Some(day) = days().find(|day| day.day == today) {
        items.push((theme::mark(day.state), "today"));
    }
    let painted = items.into_iter().map(|((shape, style), word)| {
        (format!("{} {}", paint(&shape.to_string(), style), paint(word, DIM)), 2 + word.width())
    });
    page.flow(2, painted);
}

fn summary(year: &Year) -> Vec<String> {
    if year.done_days == 0 {
        return vec![messages::QUIET_STRETCH.to_owned()];
    }
    let mut parts = vec![messages::done(year.total_done, year.done_days)];
    parts.extend(messages::longest(year.longest));
    parts
}
