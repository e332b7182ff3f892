//! Bash: its line split into words, and candidates quoted as they have to be in the middle of one.

use std::ffi::OsString;

use super::Candidate;
use crate::view::page::cut;

/// A line up to the cursor, as bash hands it over.
pub struct Line {
    words: Vec<String>,
    /// The quote that the last word stands in.
    quote: Option<char>,
    /// The last word as it was typed.
    raw: String,
    /// Where a list is shown and nothing inserted, how many columns it has.
    list: Option<usize>,
    /// Readline replaces only what comes after the last of these characters.
    breaks: String,
}

/// The values of `COMP_TYPE` for which candidates are listed: after a second Tab, and, where the user has set that, at once.
const LISTS: [&str; 3] = ["63", "33", "64"];

impl Line {
    /// From `COMP_LINE` up to `COMP_POINT`, `COMP_TYPE`, `COLUMNS` and `COMP_WORDBREAKS`.
    pub fn new(arguments: &[OsString]) -> Self {
        let argument = |number: usize| arguments.get(number).map(|text| text.to_string_lossy()).unwrap_or_default();
        let columns = argument(2).parse().ok().filter(|columns| *columns > 0).unwrap_or(80);
        let list = LISTS.contains(&&*argument(1)).then_some(columns);
        let mut line =
            Self { words: Vec::new(), quote: None, raw: String::new(), list, breaks: argument(3).into_owned() };
        line.split(&argument(0));
        line
    }

    fn split(&mut self, text: &str) {
        let (mut word, mut is_open) = (String::new(), false);
        let mut letters = text.chars();
        while let Some(c) = letters.next() {
            match (self.quote, c) {
                (None, ' ' | '\t' | '\n') => {
                    if is_open {
                        self.words.push(std::mem::take(&mut word));
                    }
                    self.raw.clear();
                    is_open = false;
                    continue;
                }
                (None, '\'' | '"') => self.quote = Some(c),
                (Some(quote), c) if quote == c => self.quote = None,
                (None | Some('"'), '\\') => {
                    self.raw.push(c);
                    if let Some(next) = letters.next() {
                        word.push(next);
                        self.raw.push(next);
                    }
                    is_open = true;
                    continue;
                }
                _ => word.push(c),
            }
            is_open = true;
            self.raw.push(c);
        }
        self.words.push(word);
    }

    /// The words, the last of which is being typed.
    pub fn words(&self) -> Vec<OsString> {
        self.words.iter().map(OsString::from).collect()
    }

    /// The candidates as readline inserts them.
    pub fn answer(&self, candidates: Vec<Candidate>) -> Vec<String> {
        let typed = self.kept();
        let is_list = candidates.len() > 1;
        let line = |Candidate { value, help }: Candidate| {
            let value = self.quoted(&value);
            let value = value.strip_prefix(typed).map_or(value.clone(), str::to_owned);
            match self.list.filter(|_| is_list && !help.is_empty()) {
                Some(columns) => {
                    let room = columns.saturating_sub(value.chars().count() + 6);
                    if room < 12 { value } else { format!("{value}  ({})", cut(&help, room)) }
                }
                None => value,
            }
        };
        candidates.into_iter().map(line).collect()
    }

    /// What of the typed word stays, since readline doesn't take it for a part of the word.
    fn kept(&self) -> &str {
        if self.quote.is_some() {
            return "";
        }
        let is_break = |c: char| self.breaks.contains(c) && !" \t\n\"'\\".contains(c);
        let mut end = 0;
        let mut letters = self.raw.char_indices();
        while let Some((at, c)) = letters.next() {
            if c == '\\' {
                letters.next();
            } else if is_break(c) {
                end = at + c.len_utf8();
            }
        }
        &self.raw[..end]
    }

    /// A value as bash reads it back from where the cursor is.
    fn quoted(&self, value: &str) -> String {
        let escaped = |is_plain: fn(char) -> bool| {
            value.chars().flat_map(|c| (!is_plain(c)).then_some('\\').into_iter().chain([c])).collect()
        };
        match self.quote {
            Some('"') => escaped(|c| !"\\\"$`".contains(c)),
            Some(_) => value.replace('\'', "'\\''"),
            None => escaped(|c| c.is_alphanumeric() || !c.is_ascii() || "-_./,+=:@%".contains(c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::new(&[text, "9", "80", " \t\n\"'><=;|&(:"].map(OsString::from))
    }

    #[test]
    fn a_line_is_split_as_bash_would() {
        #[track_caller]
        fn check(text: &str, words: &[&str]) {
            assert_eq!(line(text).words(), words);
        }
        check("nudge done ", &["nudge", "done", ""]);
        check("nudge  done tu", &["nudge", "done", "tu"]);
        check("nudge done -w \"Aunt M", &["nudge", "done", "-w", "Aunt M"]);
        check("nudge done -w 'O'\\''B", &["nudge", "done", "-w", "O'B"]);
        check("nudge done -w Aunt\\ M", &["nudge", "done", "-w", "Aunt M"]);
        check("nudge done -w \"\" ", &["nudge", "done", "-w", "", ""]);
        check("nudge done -w \"a \\\" b\" x\\", &["nudge", "done", "-w", "a \" b", "x"]);
        check("", &[""]);
    }

    #[test]
    fn a_candidate_is_quoted_as_it_is_being_typed() {
        #[track_caller]
        fn check(text: &str, value: &str, expected: &str) {
            let candidate = Candidate { value: value.to_owned(), help: String::new() };
            assert_eq!(line(text).answer(vec![candidate]), [expected]);
        }
        check("nudge done -w ", "Aunt May", "Aunt\\ May");
        check("nudge done -w ", "$(touch x)*~!", "\\$\\(touch\\ x\\)\\*\\~\\!");
        check("nudge done -w ", "José 🌻", "José\\ 🌻");
        check("nudge done -w \"A", "A \"$x\" `y`", "A \\\"\\$x\\\" \\`y\\`");
        check("nudge done -w 'O", "O'Brien", "O'\\''Brien");
        // Readline keeps what comes before a colon or an equals sign.
        check("nudge done --with=S", "--with=Sam", "Sam");
        check("nudge done -w Dr:", "Dr: Who", "\\ Who");
        check("nudge done -w \"Dr:", "Dr: Who", "Dr: Who");
    }

    #[test]
    fn a_list_says_what_each_is() {
        let candidates =
            || ["Sam", "Ada"].map(|who| Candidate { value: who.to_owned(), help: "3 gestures".to_owned() });
        let list = Line { list: Some(80), ..line("nudge done -w ") };
        assert_eq!(list.answer(candidates().into()), ["Sam  (3 gestures)", "Ada  (3 gestures)"]);
        assert_eq!(line("nudge done -w ").answer(candidates().into()), ["Sam", "Ada"]);
        // One alone is inserted.
        assert_eq!(list.answer(candidates().into_iter().take(1).collect()), ["Sam"]);
    }
}
