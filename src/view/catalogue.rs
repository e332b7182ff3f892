//! The catalogue: its gestures as a list, one of them whole, and what is wrong in a file.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::card::{self, lines};
use super::theme::{self, Theme};
use super::week::name;
use super::{messages, why};
use crate::catalogue::{Catalogue, Gesture};
use crate::safe_text::{clean, is_unsafe_for_terminal};
use crate::toml_reader::Problem;

const MARGIN: usize = 2;
const INSET: usize = 4;
/// A longer line is not shown, in bytes: nobody writes one by hand, and it may have a problem in every word.
const LONGEST: usize = 4096;

/// The gestures by category, each with its id and where it fits.
pub fn list(gestures: &[&Gesture], catalogue: &Catalogue, theme: Theme) -> String {
    let mut text = String::new();
    let places = catalogue.places();
    for of_category in gestures.chunk_by(|a, b| a.category == b.category) {
        if !text.is_empty() {
            text.push('\n');
        }
        let id = of_category[0].category.as_ref();
        let name = places.get(id).map_or(id, |place| &catalogue.categories[*place].name);
        let count = messages::count(of_category.len() as u64, "gesture");
        let heading = format!("{} · {count}", messages::sentence(&clean(name)));
        text += &lines(theme.wrap(&heading, MARGIN), theme::bold);
        for gesture in of_category {
            let id = format!("{} · {}", clean(&gesture.id), card::facts(gesture).join(" · "));
            text += &lines(theme.wrap(&id, MARGIN), theme::accent);
            text += &lines(theme.wrap(&card::sentence(gesture), INSET), str::to_owned);
        }
    }
    theme.finish(text)
}

/// One gesture whole, with what is known about it.
pub fn show(gesture: &Gesture, catalogue: &Catalogue, theme: Theme) -> String {
    let category = name(catalogue, &gesture.category);
    let id = clean(&gesture.id);
    let mut text = theme.ends((&id, theme::dim_style()), (&category, theme::accent_style()), MARGIN);
    text.push('\n');
    text += &card::body(gesture, theme);
    text.push('\n');
    let mut facts = card::facts(gesture);
    if catalogue.is_hidden(&gesture.id) {
        facts.push("hidden".to_owned());
    }
    text += &lines(theme.wrap(&facts.join(" · "), MARGIN), theme::dim);
    if !gesture.needs.is_empty() {
        let needs: Vec<&str> = gesture.needs.iter().map(|sense| sense.word()).collect();
        let instead = gesture.instead.as_ref().map(|instead| format!(" Without: {}", clean(instead)));
        let needs = format!("Needs {}.{}", messages::list(&needs), instead.unwrap_or_default());
        text += &lines(theme.wrap(&needs, MARGIN), str::to_owned);
    }
    text.push('\n');
    text += &why::evidence(gesture, catalogue, theme);
    theme.finish(text)
}

/// Each problem of a file with the line it stands in and a caret under the place.
pub fn problems(path: &str, file: &str, problems: &[Problem], theme: Theme) -> String {
    let file: Vec<&str> = file.lines().collect();
    let mut text = String::new();
    for problem in problems {
        text += &format!("{}\n", theme::bold(&clean(&format!("{path}:{problem}"))));
        let line = file.get(problem.line - 1).filter(|line| line.len() <= LONGEST && !line.trim().is_empty());
        if let Some(line) = line {
            text += &snippet(line, problem, theme);
        }
        text.push('\n');
    }
    theme.finish(text)
}

/// The line, cut to the part that fits, and carets under what is meant.
fn snippet(line: &str, problem: &Problem, theme: Theme) -> String {
    let number = problem.line.to_string();
    let room = theme.width.saturating_sub(number.len() + 5).max(8);
    let characters: Vec<char> = line.chars().map(|c| if !is_unsafe_for_terminal(c) { c } else { ' ' }).collect();
    let place = (problem.column - 1).min(characters.len());
    // The place stands in the first half of what is shown.
    let from = place.saturating_sub(room / 2);
    let width = |part: &[char]| part.iter().collect::<String>().width();
    let shown: String = characters[from..]
        .iter()
        .scan(0, |used, c| {
            *used += width(&[*c]);
            (*used <= room).then_some(*c)
        })
        .collect();
    let before = width(&characters[from..place]);
    let meant = &characters[place..characters.len().min(place + problem.width)];
    let carets = width(meant).clamp(1, room.saturating_sub(before).max(1));
    let mut text = String::new();
    let _ = writeln!(text, "  {} {}", theme::dim(&format!("{number} |")), shown.trim_end());
    let gutter = format!("{} |", " ".repeat(number.len()));
    let _ = writeln!(text, "  {} {}{}", theme::dim(&gutter), " ".repeat(before), theme::accent(&"^".repeat(carets)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_under_what_is_meant() {
        #[track_caller]
        fn check(line: &str, column: usize, width: usize, expected: &str) {
            let problem = Problem { line: 7, column, message: "no".to_owned(), width };
            let theme = Theme { width: 30, utf8: true, colors: 16 };
            let shown = snippet(line, &problem, theme);
            assert_eq!(anstream::adapter::strip_str(&shown).to_string(), expected);
        }
        check("id = 'Bad'", 6, 5, "  7 | id = 'Bad'\n    |      ^^^^^\n");
        check("id = '日本' x", 10, 1, "  7 | id = '日本' x\n    |            ^\n");
        check("id", 3, 1, "  7 | id\n    |   ^\n");
        let long = format!("{}wrong{}", "x".repeat(100), "y".repeat(100));
        check(&long, 101, 5, "  7 | xxxxxxxxxxxxwrongyyyyyyy\n    |             ^^^^^\n");
        check("a\tb\u{1B}[31m", 3, 99, "  7 | a b [31m\n    |   ^^^^^^\n");
    }
}
