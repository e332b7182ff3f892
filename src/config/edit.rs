//! One change to the text of `config.toml`, with everything else left as it is.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, Table, TomlError};

use super::{Parts, parts};
use crate::catalogue::edit::{MARK, line_end, with, with_item, without_items};

/// The value of a setting as it is written in a text; `None` if it is not there.
pub fn written<'t>(text: &'t str, key: &str) -> Result<Option<&'t str>, TomlError> {
    let bare = text.trim_start_matches(MARK);
    let document = Document::parse(bare)?;
    let item = find(document.as_table(), parts(key));
    Ok(item.and_then(Item::span).and_then(|span| bare.get(span)))
}

/// The text with a setting at this value, which is TOML; without the setting, if there is no value. `None` if the text
/// is written in a way that this can't change.
///
/// Everything else stays as it is: comments, order, line endings, a byte order mark. A new setting goes below a line
/// that has it commented out, or else behind the others of its table.
pub fn change(text: &str, key: &str, value: Option<&str>) -> Result<Option<String>, TomlError> {
    let start = text.len() - text.trim_start_matches(MARK).len();
    let (mark, bare) = text.split_at(start);
    let document = Document::parse(bare)?;
    let editor = Editor { text: bare, root: document.as_table() };
    Ok(editor.change(parts(key), value).map(|changed| format!("{mark}{changed}")))
}

fn find<'d>(root: &'d Table, (table, name): Parts<'_>) -> Option<&'d Item> {
    match table {
        None => root.get(name),
        Some(table) => root.get(table)?.as_table_like()?.get(name),
    }
}

struct Editor<'d> {
    text: &'d str,
    root: &'d Table,
}

impl Editor<'_> {
    fn change(&self, key: Parts<'_>, value: Option<&str>) -> Option<String> {
        let table = key.0.and_then(|table| self.root.get(table));
        let inline = table.and_then(Item::as_inline_table);
        match (find(self.root, key), value, inline) {
            (Some(item), Some(value), _) => Some(with(self.text, &[(item.span()?, value)])),
            (None, None, _) => Some(self.text.to_owned()),
            (_, _, Some(inline)) => self.change_inline(inline, key.1, value),
            (Some(item), None, None) => {
                let value = item.span()?;
                let all = table.and_then(Item::as_table).and_then(|table| self.table_of(table, &value));
                Some(all.map_or_else(|| self.without(&value), |all| with(self.text, &[(all, "")])))
            }
            (None, Some(value), None) => self.insert(key, table, value),
        }
    }

    /// Puts a new setting into a table in braces, such as `weights = { tone = 2 }`, or takes one out of it.
    fn change_inline(&self, table: &InlineTable, name: &str, value: Option<&str>) -> Option<String> {
        let braces = table.span()?;
        let item = |(key, _): (&str, _)| {
            let (key, item) = table.get_key_value(key)?;
            Some(key.span()?.start..item.span()?.end)
        };
        let items: Vec<Range<usize>> = table.iter().map(item).collect::<Option<_>>()?;
        let is_it = |place: usize| table.iter().nth(place).is_some_and(|(key, _)| key == name);
        let inside = self.text[braces.start + 1..braces.end - 1].trim();
        Some(match value {
            Some(value) if inside.is_empty() => with(self.text, &[(braces, &format!("{{ {name} = {value} }}"))]),
            Some(value) => with_item(self.text, &items, &braces, &format!("{name} = {value}")),
            None if items.first().is_some_and(|only| inside == &self.text[only.clone()]) => {
                with(self.text, &[(braces, "{}")])
            }
            None => without_items(self.text, &items, &braces, is_it),
        })
    }

    /// The text without the lines of a value; a comment behind it stays.
    fn without(&self, value: &Range<usize>) -> String {
        let line = self.line_start(self.key_of(value));
        let end = self.line_end(value.end);
        let rest = self.text[value.end..end].trim();
        // At the very top the empty line that kept it apart goes too.
        let next = self.line_end(end);
        let end = if line == 0 && rest.is_empty() && self.text[end..next].trim().is_empty() { next } else { end };
        let gone = if rest.is_empty() { line..end } else { line..end - self.text[value.end..end].trim_start().len() };
        with(self.text, &[(gone, "")])
    }

    /// The whole of a table in which nothing but this value stands, not even a comment.
    fn table_of(&self, table: &Table, value: &Range<usize>) -> Option<Range<usize>> {
        let header = table.span().filter(|_| table.len() == 1 && !table.is_dotted())?;
        let (start, end) = (self.line_start(header.start), self.section(Some(header.start)).end);
        let is_last = end == self.text.len();
        let end = if is_last { end } else { self.above_comments(end) };
        let is_blank = |part: Range<usize>| self.text[part].trim().is_empty();
        let line = self.line_start(self.key_of(value));
        if self.above_comments(start) != start || !is_blank(header.end..line) || !is_blank(value.end..end) {
            return None;
        }
        // The empty lines that kept it apart go too.
        let above = self.text[..start].trim_end().len();
        Some(match above {
            0 => 0..end,
            _ if is_last => self.line_end(above)..end,
            _ => start..end,
        })
    }

    /// The text with a new setting; `table` is what stands under the name of its table.
    fn insert(&self, (table_name, name): Parts<'_>, table: Option<&Item>, value: &str) -> Option<String> {
        let end = line_end(self.text);
        let line = format!("{name} = {value}{end}");
        let section = match (table_name, table) {
            (None, _) => self.section(None),
            (Some(_), Some(Item::Table(table))) if table.is_dotted() => {
                let last = last_value(table)?;
                return Some(self.at_line_end(last, &format!("{}.{line}", table_name?)));
            }
            (Some(_), Some(Item::Table(table))) => self.section(Some(table.span()?.start)),
            (Some(_), Some(_)) => return None,
            (Some(table), None) => {
                let gap = if self.text.trim().is_empty() { "" } else { end };
                return Some(self.at_line_end(self.text.len(), &format!("{gap}[{table}]{end}{line}")));
            }
        };
        if let Some(comment) = self.commented_out(&section, name) {
            return Some(self.at_line_end(comment, &line));
        }
        let last = match table {
            Some(Item::Table(table)) => last_value(table).or_else(|| table.span().map(|header| header.end)),
            _ => last_value_before(self.root, section.end),
        };
        Some(match last {
            Some(last) => self.at_line_end(last, &line),
            None if section.end == self.text.len() => self.at_line_end(section.end, &line),
            // Before the first table, and before the comment that belongs to it.
            None => {
                let at = self.above_comments(section.end);
                with(self.text, &[(at..at, &format!("{line}{end}"))])
            }
        })
    }

    /// From a header, or the beginning, to the next header.
    fn section(&self, start: Option<usize>) -> Range<usize> {
        let headers = self.root.iter().filter_map(|(_, item)| match item {
            Item::Table(table) if !table.is_dotted() => table.span(),
            Item::ArrayOfTables(tables) => tables.get(0).and_then(Table::span),
            _ => None,
        });
        let behind = |header: &usize| start.is_none_or(|start| *header > start);
        let end = headers.map(|header| header.start).filter(behind).min();
        start.unwrap_or(0)..end.unwrap_or(self.text.len())
    }

    /// A place in the first line of a section that has the setting commented out.
    fn commented_out(&self, section: &Range<usize>, name: &str) -> Option<usize> {
        let is_it = |line: &str| {
            let code = line.trim_start().strip_prefix('#')?.trim_start().strip_prefix(name)?;
            code.trim_start().starts_with('=').then_some(())
        };
        let mut at = section.start;
        for line in self.text[section.clone()].split_inclusive('\n') {
            if is_it(line).is_some() {
                return Some(at);
            }
            at += line.len();
        }
        None
    }

    /// Where the comments begin that stand directly above a line.
    fn above_comments(&self, line: usize) -> usize {
        let mut at = self.line_start(line);
        while at > 0 {
            let above = self.line_start(at - 1);
            if !self.text[above..at].trim_start().starts_with('#') {
                break;
            }
            at = above;
        }
        at
    }

    /// Where the key of a value begins, at the latest.
    fn key_of(&self, value: &Range<usize>) -> usize {
        self.text[..value.start].rfind('=').unwrap_or(value.start)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// Behind the line that contains a place.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    /// The text with a line behind the one that contains a place.
    fn at_line_end(&self, at: usize, line: &str) -> String {
        let at = self.line_end(at);
        let is_open = at > 0 && !self.text[..at].ends_with('\n');
        let before = if is_open { line_end(self.text) } else { "" };
        with(self.text, &[(at..at, &format!("{before}{line}"))])
    }
}

/// Where the last value of a table ends.
fn last_value(table: &Table) -> Option<usize> {
    table.iter().filter_map(|(_, item)| item.span()).map(|span| span.end).max()
}

/// Where the last value ends that stands before a place, whether by itself or with the name of its table.
fn last_value_before(root: &Table, end: usize) -> Option<usize> {
    let values = root.iter().filter_map(|(_, item)| match item {
        Item::Table(table) if table.is_dotted() => last_value(table),
        Item::Table(_) => None,
        item => item.span().map(|span| span.end),
    });
    values.filter(|value| *value <= end).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// The change, also with other line ends and behind a byte order mark.
    #[track_caller]
    fn check(text: &str, key: &str, value: Option<&str>, expected: &str) {
        assert_eq!(change(text, key, value).unwrap().as_deref(), Some(expected));
        if text.contains('\n') {
            let dressed = |text: &str| format!("{MARK}{}", text.replace('\n', "\r\n"));
            assert_eq!(change(&dressed(text), key, value).unwrap(), Some(dressed(expected)));
        }
    }

    #[test]
    fn a_value_is_exchanged_where_it_stands() {
        let four = Some("4");
        check("swaps = 3 # few\n", "swaps", four, "swaps = 4 # few\n");
        check("# mine\n  swaps=0x3\n[weights]\n", "swaps", four, "# mine\n  swaps=4\n[weights]\n");
        check("[weights]\ntone = 3\n", "weights.tone", four, "[weights]\ntone = 4\n");
        check("weights.tone = 3 # t\n", "weights.tone", four, "weights.tone = 4 # t\n");
        check(
            "weights = { tone = 3, names = 2 } # t\n",
            "weights.tone",
            four,
            "weights = { tone = 4, names = 2 } # t\n",
        );
        check("without = [\n  'sight', # s\n]\n", "without", Some("[]"), "without = []\n");
    }

    /// As TOML 1.1 has them: over several lines, with comments, with a comma behind the last.
    #[test]
    fn a_table_in_braces_keeps_what_is_in_it() {
        let four = Some("4");
        let lines = "weights = {\n  tone = 0x2, # loud\n  names = 3 # why\n  , # both\n}\n";
        check(lines, "weights.tone", four, &lines.replace("0x2", "4"));
        check(lines, "weights.names", four, &lines.replace("= 3", "= 4"));
        check(lines, "weights.tone", None, &lines.replace("tone = 0x2,", ""));
        check(lines, "weights.names", None, &lines.replace("names = 3", "").replace("\n  ,", "\n  "));
        check(lines, "weights.calm", four, &lines.replace('}', "  calm = 4,\n}"));
        let open = "weights = {\n  tone = 0x2, # loud\n  names = 3 # why\n}\n";
        check(open, "weights.tone", None, &open.replace("tone = 0x2,", ""));
        check(open, "weights.names", None, &open.replace("names = 3", ""));
        check(open, "weights.calm", four, &open.replace("3 # why\n", "3, # why\n  calm = 4,\n"));
        check("weights = { # mine\n}\n", "weights.tone", four, "weights = { # mine\n  tone = 4,\n}\n");
        check("weights = {\n  tone = 2,\n  names = 3,\n}\n", "weights.tone", None, "weights = {\n  names = 3,\n}\n");
        let line = "weights = { \"tone\" = 0x2, names = 3 } # w\n";
        check(line, "weights.names", None, "weights = { \"tone\" = 0x2 } # w\n");
        check(line, "weights.calm", four, &line.replace("3 }", "3, calm = 4 }"));
        check("weights = { tone = 2 }\n", "weights.tone", None, "weights = {}\n");
        check("weights={tone=2,names=3,}\n", "weights.tone", None, "weights={names=3,}\n");
    }

    #[test]
    fn a_new_setting_stands_behind_its_own() {
        let four = Some("4");
        check("", "swaps", four, "swaps = 4\n");
        check("# mine\n", "swaps", four, "# mine\nswaps = 4\n");
        check("# mine", "swaps", four, "# mine\nswaps = 4\n");
        check("max_level = 1", "swaps", four, "max_level = 1\nswaps = 4\n");
        check("max_level = 1 # m\n\n[places]\n", "swaps", four, "max_level = 1 # m\nswaps = 4\n\n[places]\n");
        check("# mine\n\n# p\n[places]\n", "swaps", four, "# mine\n\nswaps = 4\n\n# p\n[places]\n");
        check("[places]\n", "swaps", four, "swaps = 4\n\n[places]\n");
        check("weights.tone = 2\n", "swaps", four, "weights.tone = 2\nswaps = 4\n");
        check("weights.tone = 2\n", "weights.names", four, "weights.tone = 2\nweights.names = 4\n");
        check("weights = {}\n", "weights.names", four, "weights = { names = 4 }\n");
        check("", "weights.tone", four, "[weights]\ntone = 4\n");
        check("swaps = 1\n", "weights.tone", four, "swaps = 1\n\n[weights]\ntone = 4\n");
        check("[weights] # w\n\n[places]\n", "weights.tone", four, "[weights] # w\ntone = 4\n\n[places]\n");
        check(
            "[weights]\nnames = 2\n# end\n[remind]\n",
            "weights.tone",
            four,
            "[weights]\nnames = 2\ntone = 4\n# end\n[remind]\n",
        );
        check("[remind]\n[weights]\n", "weights.tone", four, "[remind]\n[weights]\ntone = 4\n");
    }

    #[test]
    fn a_new_setting_stands_below_the_line_that_has_it_commented_out() {
        let four = Some("4");
        let root = "# swaps = 3 # few\n# max_level = 3\n\n[weights]\n# tone = 1\n# names = 1\n";
        check(root, "swaps", four, &root.replace("# few\n", "# few\nswaps = 4\n"));
        check(root, "weights.tone", four, &root.replace("tone = 1\n", "tone = 1\ntone = 4\n"));
        let first = "[weights]\n# tone = 1\n# names = 1\n";
        check(first, "weights.names", four, &format!("{first}names = 4\n"));
        // In its own table, not in another.
        check("#tone = 3\n[weights]\n", "weights.tone", four, "#tone = 3\n[weights]\ntone = 4\n");
    }

    #[test]
    fn a_setting_goes_and_its_comment_stays() {
        check("swaps = 3\nmax_level = 1\n", "swaps", None, "max_level = 1\n");
        check("# why\nswaps = 3 # few\n", "swaps", None, "# why\n# few\n");
        check("max_level = 1\nswaps = 3", "swaps", None, "max_level = 1\n");
        check("without = [\n  'sight', # s\n]\n[weights]\n", "without", None, "[weights]\n");
        check("[weights]\ntone = 2\nnames = 1\n", "weights.tone", None, "[weights]\nnames = 1\n");
        check("weights = { tone = 2, names = 3 }\n", "weights.tone", None, "weights = { names = 3 }\n");
        check("weights.tone = 2\n", "weights.tone", None, "");
        check("max_level = 1\n", "swaps", None, "max_level = 1\n");
    }

    #[test]
    fn a_table_goes_with_its_last_setting_where_it_has_no_comment() {
        let check = |text: &str, expected: &str| check(text, "remind.at", None, expected);
        check("[remind]\nat = '09:00'\n", "");
        check("[remind]\nat = '09:00'", "");
        check("\n [ remind ]\n\n at='09:00'\n\n[places]\n", "[places]\n");
        check("swaps = 4\n\n[remind]\nat = '09:00'\n\n", "swaps = 4\n");
        check("swaps = 4\n\n[remind]\nat = '09:00'\n\n# p\n[places]\n", "swaps = 4\n\n# p\n[places]\n");
        check("[remind] # r\nat = '09:00'\n", "[remind] # r\n");
        check("# r\n[remind]\nat = '09:00'\n", "# r\n[remind]\n");
        check("[remind]\n# a\nat = '09:00'\n", "[remind]\n# a\n");
        check("[remind]\nat = '09:00' # a\n", "[remind]\n# a\n");
        check("[remind]\nat = '09:00'\n# the end\n", "[remind]\n# the end\n");
        check("[remind]\nat = '09:00'\n# a\n\n[places]\n", "[remind]\n# a\n\n[places]\n");
    }

    #[test]
    fn what_is_set_and_taken_out_again_is_the_text_it_was() {
        for text in [
            "",
            "# mine\n",
            "swaps = 3\n",
            "# max_level = 3\n\n[weights]\n# tone = 1\n",
            "[weights]\n",
            "weights.tone = 2\n",
        ] {
            for key in ["max_level", "remind.at"] {
                let set = change(text, key, Some("1")).unwrap().unwrap();
                assert_eq!(change(&set, key, None).unwrap().as_deref(), Some(text));
            }
        }
    }

    #[test]
    fn whatever_the_file_looks_like_one_value_changes_and_no_other() {
        const FORMS: [&str; 10] = [
            "",
            "# swaps = 3\n\n[weights]\n# tone = 1\n[remind]\n",
            "swaps = 2\nmax_level = 2\nweights = { names = 3, tone = 5 }\n",
            "weights.names = 3\nremind.at = '10:00'\nswaps = 2",
            "weights = { # w\n  tone = 2, # , }\n  names = 3 # n\n}\nplaces = {\n  weekends = ['home'],\n}\n",
            "weights = { names = 0x3 }\nremind = { at = '10:00' }\nplaces = { }",
            "[remind]\nat = '10:00' # ten\n\n[weights]\nnames = 3\ntone = 5\n\n# places\n[places]\nweekends = [\n  'home',\n]\n",
            "  [ weights ]  \n\t\"tone\" = 5\n\n[places] # p\n",
            "[weights]\nnames = 3\n[remind]",
            "without = ['sight', # s\n  'touch']\n\n\n[places]\nweekdays = ['out'] # = out\nweekends = ['text']",
        ];
        let changes = [
            ("swaps", "4"),
            ("without", "[\"speech\"]"),
            ("weights.tone", "7"),
            ("remind.at", "\"11:00\""),
            ("places.weekends", "[\"work\", \"out\"]"),
        ];
        let keys = Config::keys(["tone", "names"].into_iter());
        for text in FORMS {
            let before = Config::parse(text).unwrap();
            for (key, value) in changes {
                let set = change(text, key, Some(value)).unwrap().unwrap();
                let gone = change(&set, key, None).unwrap().unwrap();
                let read = |text: &str| Config::parse(text).unwrap_or_else(|problems| panic!("{problems:?}: {text}"));
                let (set, gone) = (read(&set), read(&gone));
                assert_eq!(set.value(key).unwrap().to_toml(), value, "{text}");
                assert_eq!(gone.value(key), Config::default().value(key), "{text}");
                for other in keys.iter().filter(|other| *other != key) {
                    assert_eq!(
                        [set.value(other), gone.value(other)],
                        [before.value(other), before.value(other)],
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_can_not_be_changed_is_left_alone() {
        assert_eq!(change("weights = 3\n", "weights.tone", Some("4")).unwrap(), None);
        assert!(change("swaps = \n", "swaps", Some("4")).is_err());
        assert_eq!(written("swaps = 0x3 # few\n", "swaps").unwrap(), Some("0x3"));
        assert_eq!(written("[weights]\n", "weights.tone").unwrap(), None);
    }
}
