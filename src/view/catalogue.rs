//! The catalogue: its gestures as a list, one of them in full, and the problems of a file.

use unicode_width::UnicodeWidthStr;

use super::page::{INSET, MARGIN, Page, fitting};
use super::theme::{ACCENT, BOLD, DIM, PLAIN, Theme, paint};
use super::{card, grammar, why};
use crate::catalogue::{Catalogue, Gesture};
use crate::safe_text::{blanked, clean};
use crate::toml_reader::Problem;

/// The longest line of a file that is shown, in bytes. Nobody writes a longer one by hand, and it may have a problem in
/// every word.
const LONGEST: usize = 4096;

/// A category's name, or its id if the catalogue does not have it.
pub fn category_name(catalogue: &Catalogue, id: &str) -> String {
    let name = catalogue.category(id).map_or(id, |category| &category.name);
    clean(name).into_owned()
}

/// The gestures by category, each category with its description, each gesture with its id and where it fits.
pub fn list(gestures: &[&Gesture], catalogue: &Catalogue, theme: Theme) -> String {
    let mut page = Page::new(theme);
    let places = catalogue.places();
    for of_category in gestures.chunk_by(|a, b| a.category == b.category) {
        if !page.is_empty() {
            page.blank();
        }
        let id = of_category[0].category.as_ref();
        let category = places.get(id).map(|place| &catalogue.categories[*place]);
        let name = category.map_or(id, |category| &category.name);
        let count = grammar::count(of_category.len(), "gesture");
        page.bold(&format!("{} · {count}", grammar::capitalised(&clean(name))));
        if let Some(about) = category.and_then(|category| category.about.as_ref()) {
            page.dim(&clean(about));
        }
        for gesture in of_category {
            page.accent(&format!("{} · {}", clean(&gesture.id), card::facts(gesture).join(" · ")));
            page.at(INSET, PLAIN, &card::sentence(gesture));
        }
    }
    page.finish()
}

/// One gesture in full, with what is known about it.
pub fn show(gesture: &Gesture, catalogue: &Catalogue, theme: Theme) -> String {
    let mut page = Page::new(theme);
    page.ends(&clean(&gesture.id), &category_name(catalogue, &gesture.category)).blank();
    card::body(&mut page, gesture);
    let mut facts = card::facts(gesture);
    if catalogue.is_hidden(&gesture.id) {
        facts.push("hidden".to_owned());
    }
    page.blank().dim(&facts.join(" · "));
    if !gesture.needs.is_empty() {
        let needs: Vec<&str> = gesture.needs.iter().map(|sense| sense.word()).collect();
        let instead = gesture.instead.as_ref().map(|instead| format!(" Otherwise: {}", clean(instead)));
        page.paragraph(&format!("Needs {}.{}", grammar::list(&needs), instead.unwrap_or_default()));
    }
    page.blank();
    why::evidence(&mut page, MARGIN, gesture, catalogue);
    page.finish()
}

/// Each problem of a file, with the line it is in and carets under what is wrong.
pub fn problems(path: &str, file: &str, problems: &[Problem], theme: Theme) -> String {
    let file: Vec<&str> = file.lines().collect();
    let mut page = Page::new(theme);
    for problem in problems {
        page.line(0, BOLD, &clean(&format!("{path}:{problem}")));
        let line = file.get(problem.line - 1).filter(|line| line.len() <= LONGEST && !line.trim().is_empty());
        if let Some(line) = line {
            snippet(&mut page, line, problem);
        }
        page.blank();
    }
    page.finish()
}

/// The line, cut to the part that fits, and carets under what is wrong.
fn snippet(page: &mut Page, line: &str, problem: &Problem) {
    let number = problem.line.to_string();
    let room = page.theme().width.saturating_sub(number.len() + 5).max(8);
    let line = blanked(line);
    let byte = |character: usize| line.char_indices().nth(character).map_or(line.len(), |(byte, _)| byte);
    let place = problem.column - 1;
    // The place is in the first half of what is shown.
    let shown = &line[byte(place.min(line.chars().count()).saturating_sub(room / 2))..];
    let from = line.len() - shown.len();
    let before = line[from..byte(place)].width();
    let meant = line[byte(place)..byte(place.saturating_add(problem.width))].width();
    let carets = "^".repeat(meant.clamp(1, room.saturating_sub(before).max(1)));
    let gutter = " ".repeat(number.len());
    page.row(&format!("{} {}", paint(&format!("{number} |"), DIM), fitting(shown, room).trim_end()));
    page.row(&format!("{} {}{}", paint(&format!("{gutter} |"), DIM), " ".repeat(before), paint(&carets, ACCENT)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_under_what_is_meant() {
        #[track_caller]
        fn check(line: &str, column: usize, width: usize, expected: &str) {
            let problem = Problem { line: 7, column, message: "no".to_owned(), width };
            let mut page = Page::new(Theme { width: 30, utf8: true, colors: 16 });
            snippet(&mut page, line, &problem);
            assert_eq!(anstream::adapter::strip_str(&page.finish()).to_string(), expected);
        }
        check("id = 'Bad'", 6, 5, "  7 | id = 'Bad'\n    |      ^^^^^\n");
        check("id = '日本' x", 10, 1, "  7 | id = '日本' x\n    |            ^\n");
        check("id", 3, 1, "  7 | id\n    |   ^\n");
        let long = format!("{}wrong{}", "x".repeat(100), "y".repeat(100));
        check(&long, 101, 5, "  7 | xxxxxxxxxxxxwrongyyyyyyy\n    |             ^^^^^\n");
        check("a\tb\u{1B}[31m", 3, 99, "  7 | a b [31m\n    |   ^^^^^^\n");
    }
}
