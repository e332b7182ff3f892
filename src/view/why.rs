//! Why a prompt came: the reason, the weights as they were at the draw, and the evidence.

use std::collections::BTreeSet;

use super::catalogue::category_name;
use super::page::{BAR, Bar, Page};
use super::theme::{DIM, GOOD, Theme};
use super::{grammar, messages};
use crate::catalogue::{Catalogue, Finding, Gesture};
use crate::journal::{Prompt, Why};
use crate::safe_text::clean;

/// The reason for a prompt; `why` is the draw as it was recorded, if it was.
pub fn why(prompt: &Prompt, why: Option<&Why>, catalogue: &Catalogue, theme: Theme) -> String {
    let mut page = Page::new(theme);
    let reason = why.map(|why| clean(&why.reason)).filter(|reason| !reason.is_empty());
    let reason = reason.as_deref().unwrap_or("how this one came is not recorded");
    page.bold(&format!("{}.", grammar::capitalised(reason)));
    if let Some(why) = why {
        if why.weights.len() > 1 {
            page.blank();
            weights(&mut page, prompt, why, catalogue);
        }
        if let Some(one_in) = one_in(prompt, why) {
            page.blank().paragraph(&chance(one_in, why.pool));
        }
    }
    if let Some(gesture) = catalogue.gesture(prompt.id()) {
        page.blank();
        evidence(&mut page, gesture, catalogue);
    }
    page.finish()
}

/// Each category's share of the draw, the prompt's own standing out.
fn weights(page: &mut Page, prompt: &Prompt, why: &Why, catalogue: &Catalogue) {
    let total = why.total().max(1);
    let bars = why.weights.iter().map(|weight| {
        let share = match u128::from(weight.weight) * 100 / total {
            0 => "<1%".to_owned(),
            share => format!("{share:>2}%"),
        };
        Bar {
            name: category_name(catalogue, &weight.category),
            value: weight.weight,
            figure: Some(share),
            note: weight.quiet_days.map(|days| format!("done {}", grammar::ago(days))).unwrap_or_default(),
            style: if *weight.category == *prompt.category() { GOOD } else { DIM },
        }
    });
    page.bars(&bars.collect::<Vec<_>>(), BAR);
    let drawn: BTreeSet<&str> = why.weights.iter().map(|weight| &*weight.category).collect();
    let absent = catalogue.categories.iter().filter(|category| !drawn.contains(category.id.as_ref()));
    let absent: Vec<_> = absent.map(|category| clean(&category.name)).collect();
    if !absent.is_empty() {
        page.dim(&format!("Not in this draw: {}.", grammar::list(&absent)));
    }
}

/// The chance that the prompt had, as one in so many; `None` where the draw does not say.
fn one_in(prompt: &Prompt, why: &Why) -> Option<u128> {
    let (own, pool) = why.odds(prompt.category())?;
    let (own, all) = (u128::from(own), why.total() * u128::from(pool));
    Some((all + own / 2) / own)
}

fn chance(one_in: u128, pool: u32) -> String {
    if one_in <= 1 {
        return "It was the only one that fitted.".to_owned();
    }
    let pool = grammar::count(pool, "gesture");
    format!("Then one of {pool} that had waited longest: this one had 1 chance in {one_in}.")
}

/// What is known about a gesture: each finding, then how near it is to the act itself.
pub fn evidence(page: &mut Page, gesture: &Gesture, catalogue: &Catalogue) {
    let findings: Vec<&Finding> = catalogue.findings(gesture).collect();
    if findings.is_empty() {
        page.dim("No study that we know of is about this act.");
        return;
    }
    for finding in findings {
        page.paragraph(&clean(&finding.claim));
        page.paragraph(&format!("Grade {}: {}.", finding.grade.word(), messages::grade(finding.grade)));
        if let Some(caution) = &finding.caution {
            page.accent(&format!("Caution: {}", clean(caution)));
        }
        let doi = finding.doi.as_ref().map(|doi| format!(" doi:{}", clean(doi))).unwrap_or_default();
        page.dim(&format!("{} ({}){doi}", clean(&finding.source), finding.year)).blank();
    }
    page.paragraph(messages::fit(gesture.fit));
}
