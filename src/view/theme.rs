//! Colour, symbols, width: how text looks, apart from what it says.
//!
//! Colours are the terminal's own, so that they suit its background, and always go together with
//! a shape or a word: stripped of colour everything still makes sense.

use anstyle::{Ansi256Color, AnsiColor, Color, RgbColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::review::State;

/// Text is read best up to this many columns.
const WIDEST: usize = 72;
/// Narrower than this lines break anyway.
const NARROWEST: usize = 16;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const ACCENT: Style = AnsiColor::Cyan.on_default();
const GOOD: Style = AnsiColor::Green.on_default();
const CALM: Style = AnsiColor::Magenta.on_default();

#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// In columns, the margin included.
    pub width: usize,
    pub utf8: bool,
    /// How many colours there are, if any: 16, 256 or more.
    pub colors: u32,
}

impl Theme {
    /// For a terminal of `columns`.
    pub fn new(columns: usize, utf8: bool, colors: u32) -> Self {
        Self { width: columns.clamp(NARROWEST, WIDEST), utf8, colors }
    }

    /// The last step of every view: only ASCII where the locale's letters are not UTF-8.
    pub fn finish(self, text: String) -> String {
        if self.utf8 || text.is_ascii() {
            return text;
        }
        text.chars().map(|c| if c.is_ascii() { c } else { ascii(c) }).collect()
    }

    /// Lines of text, broken at words to fit, each behind `indent` spaces; a command in backticks stays whole.
    pub fn wrap(self, text: &str, indent: usize) -> Vec<String> {
        const NO_BREAK: &str = "\u{A0}";
        let margin = " ".repeat(indent);
        // A backtick that nothing closes is only a mark.
        let last = text.matches('`').count();
        let parts = text.split('`').enumerate();
        let parts =
            parts.map(
                |(place, part)| {
                    if place % 2 == 1 && place < last { part.replace(' ', NO_BREAK) } else { part.to_owned() }
                },
            );
        let text = parts.collect::<Vec<_>>().join("`");
        let room = self.width.saturating_sub(indent).max(NARROWEST / 2);
        let options = textwrap::Options::new(room).word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(&text, options).iter().map(|line| format!("{margin}{}", line.replace(NO_BREAK, " "))).collect()
    }

    /// Parts in a row with a dot between them, as many on a line as fit whole.
    pub fn wrap_parts(self, parts: &[String], indent: usize) -> Vec<String> {
        const DOT: &str = " · ";
        let mut lines: Vec<String> = Vec::new();
        for part in parts {
            match lines.last_mut() {
                Some(line) if indent + line.width() + DOT.width() + part.width() <= self.width => {
                    *line += &format!("{DOT}{part}");
                }
                _ => lines.push(part.clone()),
            }
        }
        lines.iter().flat_map(|line| self.wrap(line, indent)).collect()
    }

    /// A text at the left and one at the right, on one line if there is room.
    pub fn ends(self, left: (&str, Style), right: (&str, Style), indent: usize) -> String {
        let margin = " ".repeat(indent);
        let used = indent + left.0.width() + right.0.width();
        let left = paint(left.0, left.1);
        let right = paint(right.0, right.1);
        match self.width.checked_sub(used).filter(|gap| *gap >= 2) {
            Some(gap) => format!("{margin}{left}{}{right}\n", " ".repeat(gap)),
            None => format!("{margin}{left}\n{margin}{right}\n"),
        }
    }
}

/// The nearest ASCII character, of the same width.
fn ascii(c: char) -> char {
    match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '·' => '.',
        '…' => '~',
        '●' => '*',
        '○' => 'o',
        '▁' | '▂' => '_',
        '–' | '—' | '▃' | '▄' => '-',
        '▅' | '▆' => '=',
        '▒' => ':',
        '▓' => '+',
        '▇' | '█' => '#',
        _ => '?',
    }
}

pub fn paint(text: &str, style: Style) -> String {
    if style.is_plain() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

pub fn bold(text: &str) -> String {
    paint(text, BOLD)
}

pub fn dim(text: &str) -> String {
    paint(text, DIM)
}

pub fn accent(text: &str) -> String {
    paint(text, ACCENT)
}

pub fn good(text: &str) -> String {
    paint(text, GOOD)
}

/// Styles for [`Theme::ends`].
pub const fn dim_style() -> Style {
    DIM
}

pub const fn accent_style() -> Style {
    ACCENT
}

/// A text filled up with spaces to a width in columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A day's state: a shape, and a colour that goes with it.
pub fn mark(state: State) -> (char, Style) {
    match state {
        State::Done => ('●', GOOD),
        State::Open => ('○', ACCENT),
        State::Spare => ('·', DIM),
        State::Missed => ('–', DIM),
        State::Rest => ('~', CALM),
        State::Future | State::Before => (' ', Style::new()),
    }
}

/// Blue over teal to green, each about as far from white as from black, so that they are seen on both.
/// Of the terminal's own sixteen, blue is too dark on a dark ground for so small a shape.
const SHADES: [(RgbColor, u8, AnsiColor); 3] = [
    (RgbColor(0x2A, 0x7F, 0xA8), 31, AnsiColor::Cyan),
    (RgbColor(0x12, 0x86, 0x7C), 30, AnsiColor::Green),
    (RgbColor(0x1E, 0x8A, 0x2E), 28, AnsiColor::Green),
];

impl Theme {
    /// A day by how much was done on it: the more, the fuller the cell and the greener its colour. A full
    /// cell stands out on a dark ground by its light and on a light one by its depth.
    pub fn shade(self, done: u32) -> (char, Style) {
        let step = done.clamp(1, 3) as usize - 1;
        let (rgb, indexed, ansi) = SHADES[step];
        let color: Color = match self.colors {
            ..256 => ansi.into(),
            256 => Ansi256Color(indexed).into(),
            _ => rgb.into(),
        };
        (['▒', '▓', '█'][step], Style::new().fg_color(Some(color)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of WCAG 2.2 between a colour and black or white; 3 is what it asks of a shape.
    #[test]
    fn shades_are_seen_on_black_and_on_white() {
        for (RgbColor(red, green, blue), ..) in SHADES {
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            let light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
            assert!((light + 0.05) / 0.05 >= 4.0 && 1.05 / (light + 0.05) >= 4.0, "{red} {green} {blue}: {light}");
        }
    }

    #[test]
    fn ascii_keeps_the_width() {
        let theme = Theme { width: 40, utf8: false, colors: 16 };
        assert_eq!(theme.finish("“I'm” · ● ○ – █▃ é".to_owned()), "\"I'm\" . * o - #- ?");
        let theme = Theme { width: 40, utf8: true, colors: 16 };
        assert_eq!(theme.finish("●".to_owned()), "●");
    }

    #[test]
    fn lines_break_by_width_on_the_screen() {
        let theme = Theme { width: 16, utf8: true, colors: 16 };
        assert_eq!(theme.wrap("one two three four", 2), ["  one two three", "  four"]);
        assert_eq!(theme.wrap("日本語日本語日本 x", 2), ["  日本語日本語日", "  本 x"]);
        let parts = ["one", "two three", "four five six seven"].map(str::to_owned);
        assert_eq!(theme.wrap_parts(&parts, 2), ["  one", "  two three", "  four five six", "  seven"]);
        assert_eq!(theme.wrap_parts(&parts[..1], 2), ["  one"]);
        assert_eq!(theme.wrap_parts(&["one".to_owned(), "two".to_owned()], 2), ["  one · two"]);
        assert_eq!(theme.ends(("left", Style::new()), ("right", Style::new()), 2), "  left     right\n");
        assert_eq!(theme.ends(("a long left", Style::new()), ("right", Style::new()), 2), "  a long left\n  right\n");
        assert_eq!(theme.wrap("don`t know why it is", 2), ["  don`t know why", "  it is"]);
        assert_eq!(theme.wrap("say `a b` now", 8), ["        say", "        `a b`", "        now"]);
        assert_eq!(pad("日本", 6), "日本  ");
    }
}
