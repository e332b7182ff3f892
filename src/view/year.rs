//! The year: a calendar of shades, the strength of the habit under it, and what it comes to.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::card::lines;
use super::messages;
use super::theme::{self, Theme};
use super::week::{bars, name};
use crate::calendar::{Day, Week};
use crate::catalogue::Catalogue;
use crate::review::{Goal, State, Year};

const MARGIN: usize = 2;
/// The names of the weekdays before the rows, and a space.
const LABEL: usize = 4;

/// `title` is the calendar year where one was asked for.
pub fn year(year: &Year, title: Option<&str>, catalogue: &Catalogue, goal: Goal, today: Day, theme: Theme) -> String {
    let begun = year.first.filter(|first| first <= year.span.end());
    let weeks = begun.map(|first| weeks(year, first, goal, today)).unwrap_or_default();
    let heading = title.map_or_else(|| messages::last_weeks(weeks.len()), str::to_owned);
    let mut text = lines(theme.wrap(&heading, MARGIN), theme::bold);
    if weeks.is_empty() {
        text.push('\n');
        return theme.finish(text + &lines(theme.wrap(beginning(year, today), MARGIN), str::to_owned));
    }
    let room = theme.width.saturating_sub(MARGIN + LABEL).max(1);
    let shown = &weeks[weeks.len().saturating_sub(room)..];
    text += &months(shown);
    text += &grid(shown, today, theme);
    text += &curve(year, shown);
    text.push('\n');
    text += &legend(shown, today, theme);
    if shown.len() < weeks.len() {
        let fewer = format!("There is room for {} here. A wider window shows more.", messages::weeks(shown.len()));
        text += &lines(theme.wrap(&fewer, MARGIN), theme::dim);
    }
    text.push('\n');
    text += &lines(theme.wrap_parts(&summary(year), MARGIN), str::to_owned);
    if year.strength > 0.0 {
        text += &lines(theme.wrap(&messages::strength(year.strength), MARGIN), str::to_owned);
    }
    let rows: Vec<(String, u32, String)> =
        year.categories.iter().map(|(id, done)| (name(catalogue, id), *done, String::new())).collect();
    if !rows.is_empty() {
        text.push('\n');
        text += &bars(&rows, theme);
    }
    theme.finish(text)
}

/// What a year says before anything was done in it or before it.
fn beginning(year: &Year, today: Day) -> &'static str {
    if *year.span.end() < today {
        "This year lies before your first entry."
    } else if *year.span.start() > today {
        "This year is still to come."
    } else {
        "Here each day will have its place, a little fuller with everything you do. \
         `nudge` shows a prompt, `nudge done` logs it."
    }
}

/// A column: a week's days from the first on; `None` for those outside the span.
struct Column {
    week: Week,
    cells: [Option<(Day, State, u32)>; 7],
}

/// The columns from the week of the first entry to the running one.
fn weeks(year: &Year, first: Day, goal: Goal, today: Day) -> Vec<Column> {
    let week_of = |day: Day| Week::of(day, goal.week_starts);
    let (first, last) = (week_of(first), week_of(today));
    year.days
        .chunk_by(|a, b| week_of(a.0) == week_of(b.0))
        .map(|days| {
            let week = week_of(days[0].0);
            let cell = |day: Day| days.iter().find(|(of, ..)| *of == day).copied();
            let mut cells = [None; 7];
            week.days().zip(&mut cells).for_each(|(day, slot)| *slot = cell(day));
            Column { week, cells }
        })
        .filter(|column| first <= column.week && column.week <= last)
        .collect()
}

/// Each month's name over the week in which it begins, as long as names do not touch.
fn months(columns: &[Column]) -> String {
    let mut row = String::new();
    for (place, column) in columns.iter().enumerate() {
        let days = || column.cells.iter().flatten();
        let begins = days().find(|(day, ..)| messages::begins_month(*day));
        // A calendar that begins in the middle of a month names that one too, if it goes on.
        let first = (place == 0).then(|| days().next()).flatten();
        let next_begins = columns.iter().skip(1).take(3).any(|next| {
            let mut days = next.cells.iter().flatten();
            days.any(|(day, ..)| messages::begins_month(*day))
        });
        let named = begins.or(first.filter(|_| !next_begins));
        if let Some((day, ..)) = named
            && (row.is_empty() || row.len() < place)
        {
            row += &" ".repeat(place - row.len());
            row += &messages::month(*day);
        }
    }
    format!("{}{}\n", " ".repeat(MARGIN + LABEL), theme::dim(&row))
}

fn grid(columns: &[Column], today: Day, theme: Theme) -> String {
    let mut text = String::new();
    for (row, day) in columns[0].week.days().enumerate() {
        let cells = columns.iter().map(|column| match column.cells[row] {
            Some(day) => cell(day, today, theme),
            None => (' ', Style::new()),
        });
        let cells = painted(cells);
        let name = messages::weekday(day);
        let label = if cells.is_empty() { name } else { theme::pad(&name, LABEL) };
        text += &format!("{}{}{cells}\n", " ".repeat(MARGIN), theme::dim(&label));
    }
    text
}

/// A day's shape and colour. What was let go by is a small dot, whoever forgave it.
fn cell((day, state, done): (Day, State, u32), today: Day, theme: Theme) -> (char, Style) {
    match state {
        State::Done if day != today => theme.shade(done),
        State::Missed => theme::mark(State::Spare),
        state => theme::mark(state),
    }
}

/// Cells in a row, each run of one style painted once; nothing behind the last.
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
    runs.iter().map(|(run, style)| theme::paint(run, *style)).collect()
}

/// Strength at the end of each week, two rows high.
fn curve(year: &Year, columns: &[Column]) -> String {
    const STEPS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let strength = |column: &Column| {
        let found = year.strength_by_week.iter().find(|(week, _)| *week == column.week);
        // Sixteen steps, and the lowest for anything at all.
        found.map_or(0, |(_, strength)| (1..=16_u8).rev().find(|step| strength * 16.0 >= f64::from(*step)).unwrap_or(1))
    };
    let heights: Vec<usize> = columns.iter().map(strength).map(usize::from).collect();
    let row = |above: usize| -> String {
        heights
            .iter()
            .map(|height| STEPS[height.saturating_sub(above).min(8)])
            .collect::<String>()
            .trim_end()
            .to_owned()
    };
    let rows = [row(8), row(0)].into_iter().filter(|row| !row.is_empty());
    lines(rows.map(|row| " ".repeat(MARGIN + LABEL) + &row).collect(), theme::accent)
}

/// What the shapes mean, of those that are there.
fn legend(columns: &[Column], today: Day, theme: Theme) -> String {
    let cells = || columns.iter().flat_map(|column| column.cells.iter().flatten());
    let mut items: Vec<((char, Style), &str)> = Vec::new();
    for (done, word) in [(1, "1"), (2, "2"), (3, "3 or more")] {
        if cells().any(|(day, _, count)| *day != today && (*count).min(3) == done) {
            items.push((theme.shade(done), word));
        }
    }
    if cells().any(|(_, state, _)| *state == State::Rest) {
        items.push((theme::mark(State::Rest), "rest"));
    }
    if let Some((_, state, _)) = cells().find(|(day, ..)| *day == today) {
        items.push((theme::mark(*state), "today"));
    }
    let mut text = String::new();
    let mut column = 0;
    for ((shape, style), word) in items {
        let width = 2 + word.width();
        if column > 0 && column + 2 + width > theme.width {
            text.push('\n');
            column = 0;
        }
        let gap = " ".repeat(if column == 0 { MARGIN } else { 2 });
        text += &format!("{gap}{} {}", theme::paint(&shape.to_string(), style), theme::dim(word));
        column += gap.len() + width;
    }
    text + "\n"
}

fn summary(year: &Year) -> Vec<String> {
    if year.done_days == 0 {
        return vec![messages::QUIET_STRETCH.to_owned()];
    }
    let mut parts = vec![messages::done(year.total_done, year.done_days)];
    parts.extend(messages::longest(year.longest));
    parts
}
