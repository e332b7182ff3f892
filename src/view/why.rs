//! Why a prompt came: the reason, the weights as they were at the draw, and the evidence.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::card::lines;
use super::messages;
use super::theme::{self, Theme, pad};
use super::week::name;
use crate::catalogue::{Catalogue, Finding, Gesture};
use crate::journal::{Prompt, Why};
use crate::safe_text::clean;

const MARGIN: usize = 2;
/// The most columns that a bar takes.
const BAR: usize = 12;

pub fn why(prompt: &Prompt, why: Option<&Why>, catalogue: &Catalogue, theme: Theme) -> String {
    let reason = why.map(|why| clean(&why.reason)).filter(|reason| !reason.is_empty());
    let reason = reason.as_deref().unwrap_or("how this one came is not recorded");
    let mut text = lines(theme.wrap(&format!("{}.", messages::sentence(reason)), MARGIN), theme::bold);
    if let Some(why) = why {
        text += &draw(prompt, why, catalogue, theme);
    }
    if let Some(gesture) = catalogue.gesture(prompt.id()) {
        text.push('\n');
        text += &evidence(gesture, catalogue, theme);
    }
    theme.finish(text)
}

/// Each category's share of the draw, then the chance that this one gesture had.
fn draw(prompt: &Prompt, why: &Why, catalogue: &Catalogue, theme: Theme) -> String {
    let total = why.total().max(1);
    let most = why.weights.iter().map(|weight| weight.weight).max().unwrap_or(0).max(1);
    let mut text = String::new();
    if why.weights.len() > 1 {
        text.push('\n');
        let names: Vec<String> = why.weights.iter().map(|weight| name(catalogue, &weight.category)).collect();
        let longest = names.iter().map(|name| name.width()).max().unwrap_or(0);
        // On a narrow screen the bars are shorter.
        let widest = BAR.min(theme.width.saturating_sub(MARGIN + longest + 7)).max(1);
        for (weight, name) in why.weights.iter().zip(&names) {
            let share = match u128::from(weight.weight) * 100 / total {
                0 => "<1%".to_owned(),
                share => format!("{share}%"),
            };
            let bar = "█".repeat(bar(weight.weight, most, widest));
            let paint = if *weight.category == *prompt.category() { theme::good } else { theme::dim };
            let mut row = format!("{}{}  ", " ".repeat(MARGIN), pad(name, longest));
            let _ = write!(row, "{}  {share:>3}", paint(&pad(&bar, widest)));
            let done = weight.quiet_days.map(|days| format!("done {}", messages::ago(days))).unwrap_or_default();
            let used = MARGIN + longest + 2 + widest + 5;
            if !done.is_empty() && used + 2 + done.width() <= theme.width {
                let _ = write!(row, "  {}", theme::dim(&done));
            }
            let _ = writeln!(text, "{}", row.trim_end());
        }
        let absent: Vec<String> = catalogue
            .categories
            .iter()
            .filter(|category| why.weights.iter().all(|weight| *weight.category != *category.id))
            .map(|category| clean(&category.name).into_owned())
            .collect();
        if !absent.is_empty() {
            let absent = format!("Not in this draw: {}.", messages::list(&absent));
            text += &lines(theme.wrap(&absent, MARGIN), theme::dim);
        }
    }
    if let Some(one_in) = one_in(prompt, why) {
        text.push('\n');
        let pool = messages::count(why.pool, "gesture");
        let chance = if one_in > 1 {
            format!("Then one of {pool} that had waited longest: this one had 1 chance in {one_in}.")
        } else {
            "It was the only one that fitted.".to_owned()
        };
        text += &lines(theme.wrap(&chance, MARGIN), str::to_owned);
    }
    text
}

/// The columns of a bar, at most `widest`; the smallest weight is still seen.
fn bar(weight: u64, most: u64, widest: usize) -> usize {
    usize::try_from((u128::from(weight) * widest as u128).div_ceil(most.into())).unwrap_or(widest)
}

/// The chance that the prompt had, as one in so many; `None` where the draw does not say.
fn one_in(prompt: &Prompt, why: &Why) -> Option<u128> {
    let (own, pool) = why.odds(prompt.category())?;
    let (own, all) = (u128::from(own), why.total() * u128::from(pool));
    Some((all + own / 2) / own)
}

/// What is known about a gesture: each finding, then how near it is to the act itself.
pub fn evidence(gesture: &Gesture, catalogue: &Catalogue, theme: Theme) -> String {
    let findings: Vec<&Finding> = catalogue.findings(gesture).collect();
    let mut text = String::new();
    if findings.is_empty() {
        text += &lines(theme.wrap("It cites no study: it is somebody's own idea.", MARGIN), theme::dim);
        return text;
    }
    for finding in findings {
        text += &lines(theme.wrap(&clean(&finding.claim), MARGIN), str::to_owned);
        let grade = format!("Grade {}: {}.", finding.grade.word(), messages::grade(finding.grade));
        text += &lines(theme.wrap(&grade, MARGIN), str::to_owned);
        if let Some(caution) = &finding.caution {
            text += &lines(theme.wrap(&format!("Caution: {}", clean(caution)), MARGIN), theme::accent);
        }
        let mut source = format!("{} ({})", clean(&finding.source), finding.year);
        if let Some(doi) = &finding.doi {
            let _ = write!(source, " doi:{}", clean(doi));
        }
        text += &lines(theme.wrap(&source, MARGIN), theme::dim);
        text.push('\n');
    }
    text + &lines(theme.wrap(messages::fit(gesture.fit), MARGIN), str::to_owned)
}
