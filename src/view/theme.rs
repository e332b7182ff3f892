//! Colour, symbols, width: how text looks, apart from what it says.
//!
//! Colours are those of the terminal's palette, so that they suit its background, and always come with a shape or a
//! word: without colour everything still makes sense.

use anstyle::{Ansi256Color, AnsiColor, Color, RgbColor, Style};

use crate::review::State;

/// Text is easiest to read up to this many columns.
const WIDEST: usize = 72;
/// A narrower terminal has to break the lines itself.
const NARROWEST: usize = 16;

/// Text as the terminal shows it.
pub const PLAIN: Style = Style::new();
/// What a page is about.
pub const BOLD: Style = Style::new().bold();
/// What need not be read.
pub const DIM: Style = Style::new().dimmed();
/// What stands out, and what can be typed.
pub const ACCENT: Style = AnsiColor::Cyan.on_default();
/// What was done, or is right.
pub const GOOD: Style = AnsiColor::Green.on_default();
const CALM: Style = AnsiColor::Magenta.on_default();

/// What the terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// In columns, the margin included.
    pub width: usize,
    /// Whether it can show characters beyond ASCII.
    pub utf8: bool,
    /// How many colours it has: 16, 256 or more.
    pub colors: u32,
}

impl Theme {
    /// For a terminal of `columns`.
    pub fn new(columns: usize, utf8: bool, colors: u32) -> Self {
        Self { width: columns.clamp(NARROWEST, WIDEST), utf8, colors }
    }

    /// The last step of every view: replaces characters beyond ASCII if the terminal can't show them.
    pub fn finish(self, text: String) -> String {
        if self.utf8 || text.is_ascii() {
            return text;
        }
        text.chars().map(|c| if c.is_ascii() { c } else { ascii(c) }).collect()
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
        '▅' | '▆' | '━' => '=',
        '▪' => ':',
        '■' => '+',
        '▇' | '█' => '#',
        _ => '?',
    }
}

/// A text in a style; without escape sequences if the text is empty.
pub fn paint(text: &str, style: Style) -> String {
    if style.is_plain() || text.is_empty() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

/// The shape and the colour of a day's state.
pub fn mark(state: State) -> (char, Style) {
    match state {
        State::Done => ('●', GOOD),
        State::Open => ('○', ACCENT),
        State::Spare => ('·', DIM),
        State::Missed => ('-', DIM),
        State::Rest => ('~', CALM),
        State::Future | State::Before => (' ', PLAIN),
    }
}

/// Blue, teal and green, each with about as much contrast to white as to black, so that they are seen on both: in true
/// colour, of 256 colours, and of 16. Of the 16, blue is too dark on a dark background for such a small shape.
const SHADES: [(RgbColor, u8, AnsiColor); 3] = [
    (RgbColor(0x2A, 0x7F, 0xA8), 31, AnsiColor::Cyan),
    (RgbColor(0x12, 0x86, 0x7C), 30, AnsiColor::Green),
    (RgbColor(0x1E, 0x8A, 0x2E), 28, AnsiColor::Green),
];

impl Theme {
    /// The shape and the colour of a day by how much was done on it: the more, the larger the square and the greener.
    pub fn shade(self, done: u32) -> (char, Style) {
        let step = done.clamp(1, 3) as usize - 1;
        let (rgb, indexed, ansi) = SHADES[step];
        let color: Color = match self.colors {
            ..256 => ansi.into(),
            256 => Ansi256Color(indexed).into(),
            _ => rgb.into(),
        };
        (['▪', '■', '▆'][step], Style::new().fg_color(Some(color)))
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
}
