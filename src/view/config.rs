//! The settings as a list, each with its value and where that comes from.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json;
use super::page::{INSET, MARGIN, Page, pad};
use super::theme::{ACCENT, DIM, PLAIN, Theme, paint};
use crate::config::Value;
use crate::safe_text::clean;

/// A setting that is in force.
#[derive(Serialize)]
pub struct Setting {
    /// Its key, with the table that it stands in.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// `default`, or the file and the line that set it.
    pub from: String,
}

/// Where a value comes from that no file sets.
pub const DEFAULT: &str = "default";

/// One setting as JSON.
pub fn setting_json(setting: &Setting) -> String {
    json::line(setting)
}

/// All settings as JSON.
pub fn json(file: &str, values: &[Setting]) -> String {
    #[derive(Serialize)]
    struct Settings<'a> {
        file: &'a str,
        values: &'a [Setting],
    }
    json::line(&Settings { file, values })
}

/// A value in words, and whether it is the default.
pub fn words(value: &Value, by_default: bool) -> String {
    if by_default && *value != Value::Absent { format!("{value} (the default)") } else { value.to_string() }
}

/// What a setting is now, and what it was, each in words.
pub fn changed(key: &str, now: &str, before: &str) -> String {
    format!("`{key}` is now {now}. Before: {before}.")
}

/// All settings, in columns where they fit.
pub fn list(settings: &[Setting], theme: Theme) -> String {
    let mut page = Page::new(theme);
    let shown: Vec<[String; 3]> = settings
        .iter()
        .map(|Setting { key, value, from }| [key, &value.to_string(), from].map(|text| clean(text).into_owned()))
        .collect();
    let longest = |column: usize| shown.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let fits = MARGIN + longest(0) + 2 + longest(1) + 2 + longest(2) <= theme.width;
    for [key, value, from] in &shown {
        let (style, mark) = if from == DEFAULT { (DIM, DIM) } else { (PLAIN, ACCENT) };
        if fits {
            let value = format!("{}  {}", pad(key, longest(0)), pad(value, longest(1)));
            page.row(&format!("{}  {}", paint(&value, style), paint(from, mark)));
        } else {
            page.line(MARGIN, style, key).at(INSET, style, &format!("{value} · {from}"));
        }
    }
    page.finish()
}
