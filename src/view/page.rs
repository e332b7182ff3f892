//! How a page is laid out: text behind a margin, wrapped at words, a line with two ends, bars, commands to type next. A
//! view writes its page from top to bottom; the time it takes is linear in the length of the text.

use std::borrow::Cow;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::theme::{ACCENT, BOLD, DIM, GOOD, PLAIN, Theme, paint};

/// Where text begins, in columns.
pub const MARGIN: usize = 2;
/// Where text that belongs to what is above it begins, in columns.
pub const INSET: usize = 4;
/// Where text beside a label begins, in columns.
const LABEL: usize = 17;
/// The narrowest page that has labels beside its text, in columns.
const LABELLED: usize = 56;
/// The most columns that a bar takes.
pub const BAR: usize = 12;
/// Text is never wrapped narrower than this, in columns.
const NARROWEST: usize = 8;

/// A page that is being written.
pub struct Page {
    theme: Theme,
    text: String,
}

/// A row of [`Page::bars`].
pub struct Bar {
    /// The name of the row, before its bar.
    pub name: String,
    /// What the length of the bar is proportional to.
    pub value: u64,
    /// The value in figures, after the bar; if there is none, the note takes the place of the bar.
    pub figure: Option<String>,
    /// Shown if there is room for it; may be empty.
    pub note: String,
    /// How the bar itself is painted.
    pub style: Style,
}

impl Bar {
    /// A row for a count; if it is zero, `instead` is shown in place of the bar.
    pub fn of_count(name: String, count: u32, instead: String) -> Self {
        let figure = (count > 0).then(|| count.to_string());
        let note = if count > 0 { String::new() } else { instead };
        Self { name, value: count.into(), figure, note, style: GOOD }
    }
}

impl Page {
    /// An empty page.
    pub fn new(theme: Theme) -> Self {
        Self { theme, text: String::new() }
    }

    /// The page as it is printed.
    pub fn finish(&mut self) -> String {
        self.theme.finish(std::mem::take(&mut self.text))
    }

    /// The terminal that the page is written for.
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// An empty line.
    pub fn blank(&mut self) -> &mut Self {
        self.text.push('\n');
        self
    }

    /// A paragraph behind the margin; the four methods below are the same in another style.
    pub fn paragraph(&mut self, text: &str) -> &mut Self {
        self.at(MARGIN, PLAIN, text)
    }

    /// A paragraph that says what the page, or a part of it, is about.
    pub fn bold(&mut self, text: &str) -> &mut Self {
        self.at(MARGIN, BOLD, text)
    }

    /// A paragraph that need not be read.
    pub fn dim(&mut self, text: &str) -> &mut Self {
        self.at(MARGIN, DIM, text)
    }

    /// A paragraph that stands out.
    pub fn accent(&mut self, text: &str) -> &mut Self {
        self.at(MARGIN, ACCENT, text)
    }

    /// A paragraph about what was done.
    pub fn good(&mut self, text: &str) -> &mut Self {
        self.at(MARGIN, GOOD, text)
    }

    /// A paragraph in a style, indented by `indent` columns.
    pub fn at(&mut self, indent: usize, style: Style, text: &str) -> &mut Self {
        for line in self.wrap(indent, text) {
            self.line(indent, style, &line);
        }
        self
    }

    /// A paragraph of at most `most` lines; a longer one is cut, and ends in `end`.
    pub fn excerpt(&mut self, most: usize, end: &str, style: Style, text: &str) -> &mut Self {
        let mut lines = self.wrap(MARGIN, text);
        if lines.len() > most {
            lines.truncate(most);
            let room = self.theme.width.saturating_sub(MARGIN + end.width());
            if let Some(last) = lines.last_mut() {
                let kept = fitting(last, room).trim_end_matches(|c: char| !c.is_alphanumeric());
                *last = format!("{kept}{end}");
            }
        }
        for line in lines {
            self.line(MARGIN, style, &line);
        }
        self
    }

    /// A paragraph behind a mark, with its other lines aligned with the first.
    pub fn marked(&mut self, mark: char, text: &str) -> &mut Self {
        for (number, line) in self.wrap(INSET + 2, text).into_iter().enumerate() {
            let mark = if number == 0 { mark } else { ' ' };
            self.line(INSET, PLAIN, &format!("{mark} {line}"));
        }
        self
    }

    /// Parts with a dot between them, as many to a line as fit.
    pub fn parts(&mut self, parts: &[String]) -> &mut Self {
        const DOT: &str = " · ";
        let mut line = String::new();
        let mut column = MARGIN;
        for part in parts {
            let width = DOT.width() + part.width();
            if !line.is_empty() && column + width <= self.theme.width {
                line += DOT;
                column += width;
            } else {
                if !line.is_empty() {
                    self.paragraph(&std::mem::take(&mut line));
                }
                column = MARGIN + part.width();
            }
            line += part;
        }
        self.paragraph(&line)
    }

    /// A dim text at the left and a coloured one at the right, on one line if there is room.
    pub fn ends(&mut self, left: &str, right: &str) -> &mut Self {
        let used = MARGIN + left.width() + right.width();
        let (left, right) = (paint(left, DIM), paint(right, ACCENT));
        match self.theme.width.checked_sub(used).filter(|gap| *gap >= 2) {
            Some(gap) => self.row(&format!("{left}{}{right}", " ".repeat(gap))),
            None => self.row(&left).row(&right),
        }
    }

    /// A part of a page with its label beside it, or above it if there is no room. `write` is given the indentation of
    /// the part, and has to write something.
    pub fn labelled(&mut self, label: &str, write: impl FnOnce(&mut Self, usize)) -> &mut Self {
        if self.theme.width < LABELLED {
            self.dim(label);
            write(self, INSET);
            return self;
        }
        let from = self.text.len() + MARGIN;
        write(self, LABEL);
        // The first line is indented with spaces, which the label replaces.
        self.text.replace_range(from..from + label.len(), &paint(label, DIM));
        self
    }

    /// One line behind the margin, already painted, not wrapped.
    pub fn row(&mut self, text: &str) -> &mut Self {
        self.line(MARGIN, PLAIN, text)
    }

    /// One line, not wrapped; the spaces at its beginning are not painted.
    pub fn line(&mut self, indent: usize, style: Style, text: &str) -> &mut Self {
        let bare = text.trim_start_matches(' ');
        let indent = indent + text.len() - bare.len();
        let line = format!("{}{}", " ".repeat(indent), paint(bare, style));
        self.text += line.trim_end_matches(' ');
        self.blank()
    }

    /// Commands to type next, on as few lines as possible.
    pub fn next(&mut self, commands: &[&str]) -> &mut Self {
        self.flow(3, commands.iter().map(|command| (paint(command, ACCENT), command.width())))
    }

    /// A sentence and the command that it leads to, on one line if there is room.
    pub fn with_command(&mut self, sentence: &str, command: &str) -> &mut Self {
        if MARGIN + sentence.width() + 1 + command.width() <= self.theme.width {
            self.row(&format!("{sentence} {}", paint(command, ACCENT)))
        } else {
            self.paragraph(sentence).next(&[command])
        }
    }

    /// Items, each already painted and with its width, `gap` columns apart and on as few lines as possible.
    pub fn flow(&mut self, gap: usize, items: impl Iterator<Item = (String, usize)>) -> &mut Self {
        let mut line = String::new();
        let mut column = MARGIN;
        for (item, width) in items {
            if !line.is_empty() && column + gap + width > self.theme.width {
                self.row(&std::mem::take(&mut line));
                column = MARGIN;
            }
            if !line.is_empty() {
                line += &" ".repeat(gap);
                column += gap;
            }
            line += &item;
            column += width;
        }
        if line.is_empty() { self } else { self.row(&line) }
    }

    /// Names, each with a bar and its figure; a bar has at most `each` columns for each unit of its value.
    pub fn bars(&mut self, bars: &[Bar], each: usize) -> &mut Self {
        let width = self.theme.width;
        let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
        let longest = bars.iter().map(|bar| bar.name.width()).max().unwrap_or(0);
        let figures = bars.iter().flat_map(|bar| &bar.figure).map(|figure| figure.width()).max().unwrap_or(0);
        // Names and figures come first; the bars get what is left.
        let room = width.saturating_sub(MARGIN + longest + figures + 4);
        let wanted = usize::try_from(most).unwrap_or(BAR).saturating_mul(each);
        let widest = BAR.min(room).min(wanted).max(1);
        for Bar { name, value, figure, note, style } in bars {
            let label = pad(name, longest);
            let note_width = note.width();
            let note = paint(note, DIM);
            let Some(figure) = figure else {
                if MARGIN + longest + 2 + note_width <= width {
                    self.row(&format!("{label}  {note}"));
                } else {
                    self.row(name).row(&format!("  {note}"));
                }
                continue;
            };
            // 128 bits hold any product; rounded up, so that the smallest value is still seen.
            let columns = (u128::from(*value) * widest as u128).div_ceil(most.into());
            let columns = usize::try_from(columns).unwrap_or(widest);
            let (bar, gap) = (paint(&"━".repeat(columns), *style), " ".repeat(widest - columns));
            let used = MARGIN + longest + 2 + widest + 2 + figures;
            let note = if used + 2 + note_width <= width { note.as_str() } else { "" };
            self.row(&format!("{label}  {bar}{gap}  {figure:>figures$}  {note}"));
        }
        self
    }

    /// Text as lines, wrapped at words to fit behind `indent` columns; a command in backticks is not broken.
    fn wrap(&self, indent: usize, text: &str) -> Vec<String> {
        const NO_BREAK: &str = "\u{A0}";
        let room = self.theme.width.saturating_sub(indent).max(NARROWEST);
        // No character has more columns than bytes.
        if text.len() <= room && !text.contains('\n') {
            return vec![text.replace(NO_BREAK, " ")];
        }
        // A backtick without a closing one is only a character.
        let last = text.matches('`').count();
        let parts = text.split('`').enumerate().map(|(place, part)| {
            let is_command = place % 2 == 1 && place < last;
            if is_command { Cow::Owned(part.replace(' ', NO_BREAK)) } else { Cow::Borrowed(part) }
        });
        let text = parts.collect::<Vec<_>>().join("`");
        let options = textwrap::Options::new(room).word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(&text, options).iter().map(|line| line.replace(NO_BREAK, " ")).collect()
    }
}

/// A text padded with spaces to a width in columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The longest beginning of a text that fits into this many columns. Each character is measured only once, however many
/// of them have no width.
pub fn fitting(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let mut end = 0;
    for cluster in clusters(text) {
        let Some(rest) = left.checked_sub(cluster.width()) else { break };
        left = rest;
        end += cluster.len();
    }
    &text[..end]
}

/// A text cut to fit into this many columns: a longer one is cut after a word and ends in an ellipsis. A word that is more
/// than half of it, as in languages that are written without spaces, is cut itself.
pub fn cut(text: &str, columns: usize) -> String {
    let kept = fitting(text, columns);
    if kept.len() == text.len() || columns == 0 {
        return kept.to_owned();
    }
    let kept = fitting(text, columns.saturating_sub(1));
    let ends_a_word = text[kept.len()..].starts_with(|c: char| !c.is_alphanumeric());
    let word = kept.rfind(' ').filter(|word| !ends_a_word && *word >= kept.len() / 2);
    let end = word.unwrap_or(kept.len());
    format!("{}…", kept[..end].trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// A text split into what is shown as one sign: a character with the marks, joiners and modifiers that follow it. This
/// is an approximation of grapheme clusters (UAX #29) that is good enough for cutting.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    const JOINER: char = '\u{200D}';
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut before = rest.chars().next()?;
        let first = before.len_utf8();
        let begins_another = |c: char| {
            let follows = c.width() == Some(0) || matches!(c, '\u{1F3FB}'..='\u{1F3FF}') || before == JOINER;
            before = c;
            !follows
        };
        let length = rest[first..].find(begins_another).map_or(rest.len(), |length| first + length);
        let (cluster, others) = rest.split_at(length);
        rest = others;
        Some(cluster)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 16 columns.
    fn narrow() -> Page {
        Page::new(Theme { width: 16, utf8: true, colors: 16 })
    }

    fn bare(page: &mut Page) -> String {
        anstream::adapter::strip_str(&page.finish()).to_string()
    }

    #[test]
    fn lines_break_by_width_on_the_screen() {
        #[track_caller]
        fn check(indent: usize, text: &str, expected: &str) {
            assert_eq!(narrow().at(indent, PLAIN, text).finish(), expected);
        }
        check(2, "one two three four", "  one two three\n  four\n");
        check(2, "日本語日本語日本 x", "  日本語日本語日\n  本 x\n");
        check(2, "don`t know why it is", "  don`t know why\n  it is\n");
        check(8, "say `a b` now", "        say\n        `a b`\n        now\n");
        assert_eq!(pad("日本", 6), "日本  ");
    }

    #[test]
    fn parts_and_ends_share_a_line_where_they_fit() {
        #[track_caller]
        fn check(parts: &[&str], expected: &str) {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(narrow().parts(&parts).finish(), expected);
        }
        check(&["one"], "  one\n");
        check(&["one", "two"], "  one · two\n");
        check(&["one", "two three", "four five six seven"], "  one\n  two three\n  four five six\n  seven\n");
        assert_eq!(bare(narrow().ends("left", "right")), "  left     right\n");
        assert_eq!(bare(narrow().ends("a long left", "right")), "  a long left\n  right\n");
        assert_eq!(bare(narrow().next(&["one", "two", "three"])), "  one   two\n  three\n");
    }

    #[test]
    fn bars_take_what_names_and_figures_leave() {
        #[track_caller]
        fn check(bars: &[(&str, u32, &str)], expected: &str) {
            let of = |(name, count, instead): &(&str, u32, &str)| {
                Bar::of_count((*name).to_owned(), *count, (*instead).to_owned())
            };
            let bars: Vec<Bar> = bars.iter().map(of).collect();
            assert_eq!(bare(narrow().bars(&bars, 2)), expected);
        }
        check(&[("a", 1, ""), ("bc", 2, "")], "  a   ━━    1\n  bc  ━━━━  2\n");
        check(&[("a", 100, ""), ("bc", 1, "")], "  a   ━━━━━  100\n  bc  ━        1\n");
        check(&[("a", 1, ""), ("bc", 0, "quiet")], "  a   ━━  1\n  bc  quiet\n");
        check(&[("names of ours", 1, ""), ("b", 0, "quiet")], "  names of ours  ━  1\n  b\n    quiet\n");
    }

    #[test]
    fn a_line_is_cut_at_a_word_if_it_has_words() {
        #[track_caller]
        fn check(text: &str, columns: usize, expected: &str) {
            assert_eq!(cut(text, columns), expected);
        }
        check("○ one two", 9, "○ one two");
        check("○ one, two", 9, "○ one…");
        check("○ one two", 8, "○ one…");
        check("○ one", 1, "…");
        check("○ one", 0, "");
        check("○ 手を止めて聞く", 16, "○ 手を止めて聞く");
        check("○ 手を止めて聞く", 15, "○ 手を止めて聞…");
        check("○ 手を止めて聞く", 14, "○ 手を止めて…");
        check("○ antidisestablishment", 12, "○ antidises…");
    }

    #[test]
    fn a_text_is_cut_where_it_is_full() {
        #[track_caller]
        fn check(text: &str, columns: usize, expected: &str) {
            assert_eq!(fitting(text, columns), expected);
        }
        check("one two", 3, "one");
        check("one", 9, "one");
        check("日本語", 5, "日本");
        check("e\u{301}e\u{301}", 1, "e\u{301}");
        check("\u{301}e", 0, "\u{301}");
        // What is shown as one sign is kept or cut as one.
        check("👩‍👧x", 3, "👩‍👧x");
        check("👩‍👧x", 1, "");
        check("👍🏽👍🏽", 3, "👍🏽");
        check("❤️❤️", 3, "❤️");
        let excerpt = |text: &str| narrow().excerpt(2, "…", PLAIN, text).finish();
        assert_eq!(excerpt("one two three four five"), "  one two three\n  four five\n");
        assert_eq!(excerpt("one two three four - five six seven"), "  one two three\n  four - five…\n");
        assert_eq!(excerpt(&"x".repeat(99)), format!("  {}\n  {}…\n", "x".repeat(14), "x".repeat(13)));
    }

    /// If each cut measured anew what is left, this would take minutes.
    #[test]
    fn a_long_run_without_width_is_measured_once() {
        const LONG: usize = 1 << 18;
        for mark in ["\u{301}", "\u{FE0F}", "\u{200D}"] {
            let marks = mark.repeat(LONG);
            // All of them go with the letter that they follow.
            assert_eq!(fitting(&format!("abc{marks}"), 2), "ab");
            assert_eq!(fitting(&format!("abc{marks}"), 3).len(), 3 + marks.len());
            let page = narrow().excerpt(1, "…", PLAIN, &format!("one{marks} two {}", "x ".repeat(LONG))).finish();
            assert!(page.starts_with("  one") && page.ends_with("…\n"));
        }
    }
}
