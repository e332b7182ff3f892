//! Why a prompt came: the reason, the draw as it was, and what is known about the gesture.

use super::card::{self, Subject};
use super::catalogue::category_name;
use super::page::{BAR, Bar, Page};
use super::theme::{ACCENT, DIM, GOOD, PLAIN, Theme};
use super::{grammar, messages, people};
use crate::calendar::Day;
use crate::catalogue::{Catalogue, Finding, Gesture};
use crate::ids::CategoryId;
use crate::journal::{Prompt, SatOut, Why};
use crate::people::Question;
use crate::safe_text::clean;

/// The labels of the three parts.
const WHY: &str = "Why this one";
const DRAW: &str = "The draw";
const KNOWN: &str = "What is known";

/// About a draw from one category.
const ASKED_FOR: &str = "only this category, since you asked for it";

/// Why a prompt came. `why` is the draw, if it was recorded.
pub fn why(
    prompt: &Prompt,
    why: Option<&Why>,
    subject: Subject<'_>,
    catalogue: &Catalogue,
    today: Day,
    theme: Theme,
) -> String {
    let mut page = Page::new(theme);
    card::headline(&mut page, subject, today);
    page.blank();
    if let Subject::FollowUp(question) = subject {
        return follow_up(page, question, today);
    }
    let gesture = if let Subject::Gesture(gesture) = subject { Some(gesture) } else { None };
    let reason = messages::because(&clean(why.map_or("", |why| &why.reason)));
    page.labelled(WHY, |page, indent| {
        page.at(indent, PLAIN, &reason);
        let about = catalogue.category(prompt.category()).and_then(|category| category.about.as_ref());
        if let Some(about) = about {
            let name = grammar::capitalised(&category_name(catalogue, prompt.category()));
            page.at(indent, DIM, &format!("{name}: {}", grammar::after_comma(&clean(about))));
        }
    });
    if let Some(why) = why.filter(|why| !why.weights.is_empty()) {
        page.labelled(DRAW, |page, indent| {
            for line in draw(why, catalogue) {
                page.at(indent, PLAIN, &line);
            }
        });
    }
    if let Some(gesture) = gesture {
        page.labelled(KNOWN, |page, indent| evidence(page, indent, gesture, catalogue));
    }
    page.finish()
}

/// Of a follow-up: nothing was drawn, since the user asked for it.
fn follow_up(mut page: Page, question: &Question, today: Day) -> String {
    let noted = people::date(question.noted, today);
    let occurrence = grammar::near_date(question.occurrence, today);
    page.labelled(WHY, |page, indent| {
        page.at(indent, PLAIN, &format!("You noted it on {noted}, for {occurrence}."));
        page.at(indent, DIM, "What is due takes the day's place, so nothing was drawn.");
    });
    page.labelled(KNOWN, |page, indent| {
        page.at(indent, DIM, "No study that we know of is about this act.");
    });
    let id = clean(&question.id).into_owned();
    page.blank().paragraph(&format!("`nudge another` puts it off, `nudge undo {id}` takes it out for good.")).finish()
}

/// The draw in a few lines: each category's share of a hundred, then which sat out.
fn draw(why: &Why, catalogue: &Catalogue) -> Vec<String> {
    if why.filters.category.is_some() {
        return vec![ASKED_FOR.to_owned()];
    }
    let mut shares: Vec<(String, u32)> = why
        .shares()
        .into_iter()
        .zip(&why.weights)
        .map(|(share, weight)| (category_name(catalogue, &weight.category), share))
        .collect();
    // A stable sort: equal shares keep their order.
    shares.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
    let shares: Vec<String> = shares.iter().map(|(name, share)| format!("{name} {}", in_figures(*share))).collect();
    let mut lines = vec![format!("{}, of 100", shares.join(" · "))];
    lines.extend(sat_out(why, catalogue));
    lines
}

/// A share of a hundred; a very small one is "<1", not zero.
fn in_figures(share: u32) -> String {
    if share == 0 { "<1".to_owned() } else { share.to_string() }
}

/// Which categories were not in the draw, and why; a draw that does not record this leaves out the reasons.
fn sat_out(why: &Why, catalogue: &Catalogue) -> Vec<String> {
    let name = |id: &CategoryId| category_name(catalogue, id);
    if why.sat_out.is_empty() {
        let drawn = |id: &CategoryId| why.weights.iter().any(|weight| weight.category == *id);
        let absent: Vec<String> = catalogue
            .categories
            .iter()
            .filter(|category| !drawn(&category.id))
            .map(|category| clean(&category.name).into_owned())
            .collect();
        return if absent.is_empty() { Vec::new() } else { vec![messages::sat_out(&absent, SatOut::Unknown)] };
    }
    let reasons = [SatOut::Lately, SatOut::Waits, SatOut::Unfitting, SatOut::NoWeight, SatOut::Unknown];
    reasons
        .into_iter()
        .filter_map(|because| {
            let those = why.sat_out.iter().filter(|absent| absent.because == because);
            let those: Vec<String> = those.map(|absent| name(&absent.category)).collect();
            (!those.is_empty()).then(|| messages::sat_out(&those, because))
        })
        .collect()
}

/// The whole table of a draw: each category's share and how long it has been quiet, and the chance of this gesture.
pub fn table(prompt: &Prompt, why: Option<&Why>, catalogue: &Catalogue, theme: Theme) -> String {
    let mut page = Page::new(theme);
    if matches!(prompt, Prompt::FollowUp { .. }) {
        return page.paragraph("What is due takes the day's place, so nothing was drawn.").finish();
    }
    let Some(why) = why.filter(|why| !why.weights.is_empty()) else {
        return page.paragraph("This draw was not recorded.").finish();
    };
    let bars = why.weights.iter().zip(why.shares()).map(|(weight, share)| Bar {
        name: category_name(catalogue, &weight.category),
        value: weight.weight,
        figure: Some(in_figures(share)),
        note: weight.quiet_days.map(|days| format!("done {}", grammar::ago(days))).unwrap_or_default(),
        style: if *weight.category == *prompt.category() { GOOD } else { DIM },
    });
    page.bold("The draw, of 100").blank().bars(&bars.collect::<Vec<_>>(), BAR);
    if why.filters.category.is_some() {
        page.dim(ASKED_FOR);
    } else {
        for line in sat_out(why, catalogue) {
            page.dim(&line);
        }
    }
    if let Some(one_in) = one_in(prompt, why) {
        page.blank().paragraph(&chance(one_in, why.pool));
    }
    page.finish()
}

/// The chance that the prompt had, as 1 in this many, rounded; `None` if the draw does not say.
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

/// What is known about a gesture, indented by `indent` columns: each finding with its grade, how close it is to the
/// act, its source, and a link.
pub fn evidence(page: &mut Page, indent: usize, gesture: &Gesture, catalogue: &Catalogue) {
    let findings: Vec<&Finding> = catalogue.findings(gesture).collect();
    if findings.is_empty() {
        page.at(indent, DIM, "No study that we know of is about this act.");
        return;
    }
    for (number, finding) in findings.into_iter().enumerate() {
        if number > 0 {
            page.blank();
        }
        page.at(indent, PLAIN, &clean(&finding.claim));
        let grade = grammar::capitalised(messages::grade(finding.grade));
        let (source, fit) = (clean(&finding.source), messages::fit(gesture.fit));
        let end = if finding.doi.is_some() { "," } else { "." };
        page.at(
            indent,
            PLAIN,
            &format!("{grade} (grade {}), {fit}: {source}, {}{end}", finding.grade.word(), finding.year),
        );
        if let Some(doi) = &finding.doi {
            // Never wrapped, however narrow the window: a broken link can't be followed.
            page.line(indent, PLAIN, &format!("https://doi.org/{}", clean(doi)));
        }
        if let Some(caution) = &finding.caution {
            page.at(indent, ACCENT, &format!("Caution: {}", clean(caution)));
        }
    }
}
