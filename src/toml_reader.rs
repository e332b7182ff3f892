//! Reads TOML so that every value knows its place, and all problems of a file are reported at once, each with its
//! line and column. (Serde would stop at the first.)

use std::fmt;
use std::ops::Range;

use serde::Serialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing that is wrong in a file, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// One sentence without a full stop.
    pub message: String,
    /// How many characters of the line are wrong; at least 1.
    #[serde(skip)]
    pub width: usize,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// A value, and where it is in the text.
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// One table of the text: where its header is, and its entries.
#[derive(Clone)]
pub struct Table<'d> {
    span: Range<usize>,
    entries: &'d DeTable<'d>,
}

impl<'d> Table<'d> {
    /// The whole document.
    pub fn root(document: &'d Spanned<DeTable<'d>>) -> Self {
        Self { span: 0..0, entries: document.get_ref() }
    }

    /// The bytes of its header; empty for the whole document.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The text of a key, unchecked.
    pub fn text(&self, key: &str) -> Option<&'d str> {
        self.entries.get(key)?.get_ref().as_str()
    }

    /// The texts in the list of a key, unchecked, with their places.
    pub fn texts(&self, key: &str) -> Vec<Located<&'d str>> {
        let list = self.entries.get(key).and_then(|value| value.get_ref().as_array());
        let located =
            |item: &'d Spanned<DeValue<'d>>| Some(Located { value: item.get_ref().as_str()?, span: item.span() });
        list.into_iter().flat_map(|list| list.iter().filter_map(located)).collect()
    }

    /// Where the value of a key is; where the table is if it does not have the key.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.entries.get(key).map_or_else(|| self.span(), Spanned::span)
    }

    /// The keys in use, with their places.
    pub fn keys(&self) -> impl Iterator<Item = (&'d str, Range<usize>)> {
        self.entries.iter().map(|(key, _)| (key.get_ref().as_ref(), key.span()))
    }
}

/// The most problems that are reported.
const MOST: usize = 100;

/// The last message if there may be more problems than are reported.
pub const MORE: &str = "there may be more: fix these first, then check again";

/// In bytes. For a longer text only the first syntax error is reported: the parser would collect them all, which can
/// take a hundred times the memory of the text.
const LONG: usize = 128 * 1024;

/// The text being read and what was found wrong in it so far.
pub struct Reader<'t> {
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// Where each problem begins and ends, and what it is; at most [`MOST`].
    problems: Vec<(usize, usize, String)>,
    /// Whether there may be more problems than these.
    more: bool,
    /// Whether the text is not valid TOML, so that parts of it were not understood.
    has_syntax_errors: bool,
}

impl<'t> Reader<'t> {
    /// Parses a text. Syntax errors are noted as problems, and whatever could be parsed is returned.
    pub fn parse(text: &'t str) -> (Self, Spanned<DeTable<'t>>) {
        let (root, errors) = if text.len() <= LONG {
            DeTable::parse_recoverable(text)
        } else {
            match DeTable::parse(text) {
                Ok(root) => (root, Vec::new()),
                Err(error) => (Spanned::new(0..0, DeTable::new()), vec![error]),
            }
        };
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let has_syntax_errors = !errors.is_empty();
        let mut reader =
            Self { text, lines, problems: Vec::new(), more: has_syntax_errors && text.len() > LONG, has_syntax_errors };
        for error in errors {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            reader.problem(error.span().unwrap_or(0..0), message);
        }
        (reader, root)
    }

    /// Notes a problem at these bytes of the text.
    pub fn problem(&mut self, span: Range<usize>, message: impl Into<String>) {
        if self.problems.len() < MOST {
            let (start, end) = (self.text.floor_char_boundary(span.start), self.text.floor_char_boundary(span.end));
            self.problems.push((start, end, message.into()));
        } else {
            self.more = true;
        }
    }

    /// The problems, in the order of the text; the last is [`MORE`] if there may be more.
    pub fn into_problems(mut self) -> Vec<Problem> {
        let found = std::mem::take(&mut self.problems);
        let mut problems = self.located(found);
        if let Some(last) = problems.last().filter(|_| self.more) {
            problems.push(Problem { message: MORE.to_owned(), ..last.clone() });
        }
        problems
    }

    /// Messages about these bytes as problems with line and column, in the order of the text; at most 100.
    pub fn located(&self, mut found: Vec<(usize, usize, String)>) -> Vec<Problem> {
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST);
        let places = self.places(found.iter().map(|(start, _, _)| *start));
        let problem = |((line, column), (start, end, message)): ((usize, usize), (usize, usize, String))| {
            let meant = self.text.get(start..end).and_then(|meant| meant.lines().next()).unwrap_or("");
            Problem { line, column, message, width: meant.chars().count().max(1) }
        };
        places.into_iter().zip(found).map(problem).collect()
    }

    /// The lines and columns of bytes, which are given in ascending order, so that the text is walked through only
    /// once.
    pub fn places(&self, bytes: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
        let (mut at, mut line, mut column) = (0, 1, 1);
        bytes
            .map(|byte| {
                for character in self.text.get(at..byte).unwrap_or("").chars() {
                    (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
                }
                at = byte;
                (line, column)
            })
            .collect()
    }

    /// The line that contains a byte, counted from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte)
    }

    /// Notes a problem for every key that is not in `known`.
    pub fn deny_unknown(&mut self, table: &Table<'_>, known: &[&str]) {
        for (key, span) in table.keys() {
            if !known.contains(&key) {
                self.problem(span, format!("unknown key `{key}`, expected {}", one_of(known)));
            }
        }
    }

    /// Notes that a field is missing, unless the text has syntax errors: then the field may be in a part that was not
    /// understood.
    pub fn missing(&mut self, table: &Table<'_>, what: &str, field: &str) {
        if !self.has_syntax_errors {
            self.problem(table.span(), format!("{what} has no `{field}`"));
        }
    }

    fn take<'d, T>(
        &mut self,
        table: &Table<'d>,
        key: &str,
        expected: &str,
        read: impl Fn(&'d DeValue<'d>) -> Option<T>,
    ) -> Option<Located<T>> {
        let spanned = table.entries.get(key)?;
        let value = read(spanned.get_ref());
        // If the value itself is missing, that is already noted as a syntax error.
        if value.is_none() && !(self.has_syntax_errors && spanned.span().is_empty()) {
            let found = spanned.get_ref().type_str();
            self.problem(spanned.span(), format!("`{key}` must be {expected}, not a value of type {found}"));
        }
        Some(Located { value: value?, span: spanned.span() })
    }

    /// A text that is not blank, and at most `most` characters long.
    pub fn text<'d>(&mut self, table: &Table<'d>, key: &str, most: usize) -> Option<Located<&'d str>> {
        let text = self.take(table, key, "a text in quotes", DeValue::as_str)?;
        self.fits(key, text.value, most, &text.span).then_some(text)
    }

    /// A text that `parse` turns into a value; `expected` says what it takes.
    pub fn parsed<T>(
        &mut self,
        table: &Table<'_>,
        key: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(table, key, usize::MAX)?;
        let value = parse(text.value);
        if value.is_none() {
            self.problem(text.span, format!("`{key}` is `{}`, expected {expected}", text.value));
        }
        value
    }

    /// A whole number from `range`.
    pub fn number(&mut self, table: &Table<'_>, key: &str, range: Range<i64>) -> Option<Located<i64>> {
        let number = self.take(table, key, "a whole number", integer)?;
        if range.contains(&number.value) {
            return Some(number);
        }
        let (least, most) = (range.start, range.end - 1);
        self.problem(number.span, format!("`{key}` is {}, expected {least} to {most}", number.value));
        None
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, table: &Table<'_>, key: &str) -> Option<Located<bool>> {
        self.take(table, key, "true or false", DeValue::as_bool)
    }

    /// A list of texts, each at most `most` characters long.
    pub fn texts<'d>(&mut self, table: &Table<'d>, key: &str, most: usize) -> Option<Vec<Located<&'d str>>> {
        let list = self.take(table, key, "a list of texts", DeValue::as_array)?;
        let mut texts = Vec::new();
        for item in list.value {
            match item.get_ref().as_str() {
                Some(text) if self.fits(key, text, most, &item.span()) => {
                    texts.push(Located { value: text, span: item.span() });
                }
                Some(_) => {}
                None => self.problem(item.span(), format!("`{key}` must be a list of texts in quotes")),
            }
        }
        Some(texts)
    }

    /// The value of a text that is one of the `known` words.
    pub fn word<T: Copy>(&mut self, table: &Table<'_>, key: &str, known: &[(&str, T)]) -> Option<T> {
        let text = self.take(table, key, "a text in quotes", DeValue::as_str)?;
        self.known(key, &text, known)
    }

    /// The values of a list of texts that are all among the `known` words; `None` if any is not.
    pub fn words<T: Copy>(&mut self, table: &Table<'_>, key: &str, known: &[(&str, T)]) -> Option<Vec<T>> {
        let texts = self.texts(table, key, usize::MAX)?;
        let given =
            table.entries.get(key).and_then(|value| value.get_ref().as_array()).map_or(0, |list| list.iter().count());
        let words: Vec<T> = texts.iter().filter_map(|text| self.known(key, text, known)).collect();
        (words.len() == given).then_some(words)
    }

    /// A table inside a table.
    pub fn table<'d>(&mut self, table: &Table<'d>, key: &str) -> Option<Table<'d>> {
        let inner = self.take(table, key, "a table", DeValue::as_table)?;
        Some(Table { span: inner.span, entries: inner.value })
    }

    /// The tables of `[[key]]`, in order.
    pub fn tables<'d>(&mut self, table: &Table<'d>, key: &str) -> Vec<Table<'d>> {
        let Some(list) = self.take(table, key, &format!("a list of [[{key}]] tables"), DeValue::as_array) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list.value {
            match item.get_ref().as_table() {
                Some(entries) => tables.push(Table { span: item.span(), entries }),
                None => self.problem(item.span(), format!("`{key}` must be a list of [[{key}]] tables")),
            }
        }
        tables
    }

    fn known<T: Copy>(&mut self, key: &str, text: &Located<&str>, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            self.problem(text.span.clone(), format!("`{key}` is `{}`, expected {}", text.value, one_of(&words)));
        }
        found.map(|(_, value)| *value)
    }

    fn fits(&mut self, key: &str, text: &str, most: usize, span: &Range<usize>) -> bool {
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.problem(span.clone(), format!("`{key}` is blank"));
            return false;
        }
        if length > most {
            let message = format!("`{key}` has {length} characters, at most {most} are allowed");
            self.problem(span.clone(), message);
        }
        length <= most
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// "`red`, `blue` or `green`".
pub fn one_of(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (mut reader, document) = Reader::parse(text);
        let root = Table::root(&document);
        reader.deny_unknown(&root, &["name", "age", "wide", "tags", "day"]);
        reader.text(&root, "name", 5);
        reader.number(&root, "age", 1..10);
        reader.boolean(&root, "wide");
        reader.words(&root, "tags", &[("red", 1), ("blue", 2)]);
        reader.word(&root, "day", &[("mon", 1), ("sun", 2), ("sat", 3)]);
        let found: Vec<String> = reader.into_problems().iter().map(Problem::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn of_very_many_problems_the_first_are_reported() {
        // How many, and whether the last says that there may be more.
        let count = |text: &str| {
            let problems = Reader::parse(text).0.into_problems();
            (problems.len(), problems.last().is_some_and(|last| last.message == MORE))
        };
        let errors = |number: usize| count(&"x\n".repeat(number));
        assert_eq!([errors(1), errors(MOST), errors(MOST + 1)], [(1, false), (MOST, false), (MOST + 1, true)]);
        assert_eq!(errors(LONG / 2), (MOST + 1, true));
        // For a longer text only the first syntax error is reported, and nothing is reported missing.
        let text = format!("{}x\nx\n", "# plain\n".repeat(LONG / 8));
        let (mut reader, document) = Reader::parse(&text);
        reader.missing(&Table::root(&document), "it", "name");
        let found: Vec<String> = reader.into_problems().iter().map(Problem::to_string).collect();
        let line = LONG / 8 + 1;
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with(&format!("{line}:")) && found[1] == format!("{line}:2: {MORE}"), "{found:?}");
        assert_eq!(count(&"# plain\n".repeat(LONG / 8 + 1)), (0, false));
        // Problems that are not syntax errors are reported whatever the length.
        let (mut reader, document) = Reader::parse("a = 1\nb = 2\n");
        let root = Table::root(&document);
        (0..MOST).for_each(|_| reader.deny_unknown(&root, &["c"]));
        // The same problem is reported once, and those that were not noted may be different.
        let found: Vec<String> = reader.into_problems().iter().map(|problem| problem.message.clone()).collect();
        assert_eq!((found.len(), found[2].as_str()), (3, MORE));
    }

    #[test]
    fn problems_are_reported_all_at_once_by_line_and_column() {
        check("name = 'Ada'\nage = 3\nwide = true\ntags = ['red']\nday = 'sun'", &[]);
        check("nam = 1", &["1:1: unknown key `nam`, expected `name`, `age`, `wide`, `tags` or `day`"]);
        check(
            "name = 'too long'\nage = 10\ntags = ['red', 'pink', 3]\nwide = 'no'\nday = 'fri'",
            &[
                "1:8: `name` has 8 characters, at most 5 are allowed",
                "2:7: `age` is 10, expected 1 to 9",
                "3:16: `tags` is `pink`, expected `red` or `blue`",
                "3:24: `tags` must be a list of texts in quotes",
                "4:8: `wide` must be true or false, not a value of type string",
                "5:7: `day` is `fri`, expected `mon`, `sun` or `sat`",
            ],
        );
        check("name = ' '", &["1:8: `name` is blank"]);
        // Several on one line, after letters of several bytes, and on the line after it.
        check(
            "tags = ['é', 'ü', 'red', 'ö']\nday = 'x'",
            &[
                "1:9: `tags` is `é`, expected `red` or `blue`",
                "1:14: `tags` is `ü`, expected `red` or `blue`",
                "1:26: `tags` is `ö`, expected `red` or `blue`",
                "2:7: `day` is `x`, expected `mon`, `sun` or `sat`",
            ],
        );
        check(
            "# ä\n\"é\" = 1; x",
            &[
                "2:1: unknown key `é`, expected `name`, `age`, `wide`, `tags` or `day`",
                "2:7: string values must be quoted, expected literal string",
            ],
        );
    }
}
