//! The pick: from catalogue, log, day and seed to a gesture and the reason for it.
//!
//! First a category is drawn, by a weight made of its age (in prompts, not in days), of how many of its last two
//! prompts were done, and of the user's favour; then one of its gestures that have waited longest. It uses integers
//! only, and no state but the log, so that two machines with the same journal agree.

mod history;

use std::collections::BTreeMap;

use rand::Rng;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::calendar::{self, Day};
use crate::catalogue::{Catalogue, Gesture, Place, Sense};
use crate::ids::CategoryId;
use crate::journal::{Log, SatOut};

use history::{History, Past};

/// How far back the pick looks, in days.
pub const MEMORY: u32 = 400;

/// For this many days after a gesture came up or was done it is not drawn, as long as there is another to draw.
const REST: i64 = 14;

/// What the user has set in `config.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// How much each category is favoured, by id: 1 if not listed; 0 leaves it out.
    pub favour: BTreeMap<String, u64>,
    /// The hardest level, 1 to 3.
    pub max_level: u8,
    /// What gestures must not need, unless they can be done another way.
    pub without: Vec<Sense>,
}

impl Preferences {
    fn favour(&self, category: &str) -> u64 {
        self.favour.get(category).copied().unwrap_or(1)
    }
}

/// What this one prompt has to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// The gesture fits one of these places; any gesture does if the list is empty.
    pub places: Vec<Place>,
    /// The category that was asked for.
    pub category: Option<CategoryId>,
    /// Whether it has to be of level 1.
    pub easy: bool,
}

/// What a draw is made from.
pub struct Draw<'c, 'd> {
    /// Where gestures come from.
    pub catalogue: &'c Catalogue,
    /// The events of the last [`MEMORY`] days at least.
    pub log: &'d Log,
    /// The day that the prompt is for.
    pub day: Day,
    /// What the user has set.
    pub preferences: &'d Preferences,
    /// What this one prompt has to be.
    pub filters: &'d Filters,
    /// The key of the random generator.
    pub seed: Seed,
}

/// The key of the generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// The seed that an event's id gives: its first 32 bytes, filled up with zeros.
    pub fn from_id(id: &str) -> Self {
        let mut key = [0; 32];
        for (slot, byte) in key.iter_mut().zip(id.bytes()) {
            *slot = byte;
        }
        Self(key)
    }

    /// The seed that `NUDGE_SEED` gives: the number in little-endian order, filled up with zeros.
    pub fn from_number(number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_le_bytes());
        Self(key)
    }
}

/// The gesture drawn, and the draw as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick<'a> {
    /// The gesture drawn.
    pub gesture: &'a Gesture,
    /// Why its category came.
    pub reason: Reason,
    /// The weights of the categories that could be drawn, by id.
    pub weights: Vec<(String, u64)>,
    /// The categories that could not be drawn, by id, and why; empty if a category was asked for.
    pub sat_out: Vec<(String, SatOut)>,
    /// How many of the category's gestures were in the draw.
    pub pool: usize,
}

/// Why this category came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has neither come up nor been done for some time.
    Quiet {
        /// Calendar days since.
        days: u32,
    },
    /// It was never offered.
    New,
    /// The user favours it.
    Favoured,
    /// Its last prompts were done.
    Done {
        /// How many of them.
        done: u8,
        /// How many there were, at most two.
        of: u8,
    },
    /// By chance alone.
    Chance {
        /// It had one chance in this many, rounded.
        one_in: u64,
    },
    /// It was asked for.
    Asked,
}

/// Why nothing can be offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPick {
    /// Everything that fits was offered today.
    AllOffered,
    /// Every gesture is hidden, or there is none.
    NothingEnabled,
    /// Every category that has gestures has weight 0.
    NoFavour,
    /// There is no gesture in the category that was asked for.
    Category,
    /// Nothing is easy enough, by `--easy` or by `max_level`.
    Level,
    /// Every gesture needs something that the user does without.
    Without,
    /// Nothing fits the place.
    Place,
}

/// A category that can be drawn.
struct Candidate<'a> {
    id: &'a str,
    past: Past,
    /// How many prompts ago it last came up or was done.
    age: u64,
    /// How many prompts ago it was last offered.
    since_offered: u64,
    /// At least 1.
    favour: u64,
}

impl Candidate<'_> {
    /// The factors of its weight: its age up to `cap`, favour², and (1 + how many of its last two prompts were done)².
    fn factors(&self, cap: u64) -> [u64; 3] {
        [self.age.clamp(1, cap), self.favour * self.favour, (1 + self.past.recent_done()).pow(2)]
    }

    fn weight(&self, cap: u64) -> u64 {
        self.factors(cap).iter().product()
    }
}

/// Draws the day's next prompt. The day, and how many were offered on it, decide the random numbers.
pub fn pick<'c>(draw: &Draw<'c, '_>) -> Result<Pick<'c>, NoPick> {
    let history = History::new(draw.catalogue, draw.log, draw.day);
    let candidates = candidates(draw, &history)?;
    let mut generator = generator(draw.seed, draw.day, history.offered_today.len());

    // Categories with an enabled gesture and a weight above 0, whatever the filters.
    let in_play = history.categories.iter().filter(|(id, _)| draw.preferences.favour(id) > 0).count();
    let cap = 2 * (in_play as u64).max(1);
    let (drawable, overdue) = drawable(draw, &history, &candidates, cap);
    let weights: Vec<u64> = drawable.iter().map(|candidate| candidate.weight(cap)).collect();
    let mut left = draw_below(&mut generator, weights.iter().sum());
    let chosen = weights
        .iter()
        .position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        })
        .unwrap_or(0);
    let candidate = &drawable[chosen];

    let mut of_category: Vec<&Gesture> =
        candidates.iter().copied().filter(|gesture| gesture.category == *candidate.id).collect();
    if history.is_gentle(draw.day) && of_category.iter().any(|gesture| gesture.level == 1) {
        of_category.retain(|gesture| gesture.level == 1);
    }
    let pool = oldest_quarter(of_category.into_iter(), &history);
    let place = draw_below(&mut generator, pool.len() as u64);
    // Less than the pool's length, which is a `usize`.
    let gesture = pool[usize::try_from(place).unwrap_or(0)];
    Ok(Pick {
        gesture,
        sat_out: sat_out(draw, &history, &candidates, &drawable, overdue),
        reason: reason(draw, &drawable, candidate, overdue, cap),
        weights: drawable.iter().zip(&weights).map(|(candidate, weight)| (candidate.id.to_owned(), *weight)).collect(),
        pool: pool.len(),
    })
}

/// The categories of which a draw would find a gesture, in the byte order of their ids.
pub fn categories_left<'c>(draw: &Draw<'c, '_>) -> Vec<&'c str> {
    let left = fitting(draw, &History::new(draw.catalogue, draw.log, draw.day));
    left.map_or(Vec::new(), |gestures| categories_of(gestures.into_iter()))
}

/// The gestures that fit and were not offered today; only those that have rested for [`REST`] days, if there are any.
fn candidates<'c>(draw: &Draw<'c, '_>, history: &History<'_, '_>) -> Result<Vec<&'c Gesture>, NoPick> {
    let left = fitting(draw, history)?;
    let rested = |gesture: &Gesture| {
        history.gestures.get(gesture.id.as_ref()).is_none_or(|last| calendar::days_between(*last, draw.day) >= REST)
    };
    let fresh: Vec<&Gesture> = left.iter().copied().filter(|gesture| rested(gesture)).collect();
    Ok(if fresh.is_empty() { left } else { fresh })
}

/// The gestures that fit and were not offered today.
fn fitting<'c>(draw: &Draw<'c, '_>, history: &History<'_, '_>) -> Result<Vec<&'c Gesture>, NoPick> {
    let Draw { filters, preferences, .. } = draw;
    let mut left: Vec<&Gesture> = draw.catalogue.enabled().collect();
    let mut keep = |test: &dyn Fn(&Gesture) -> bool, otherwise: NoPick| {
        left.retain(|gesture| test(gesture));
        if left.is_empty() { Err(otherwise) } else { Ok(()) }
    };
    keep(&|_| true, NoPick::NothingEnabled)?;
    match &filters.category {
        Some(category) => keep(&|gesture| *gesture.category == **category, NoPick::Category)?,
        None => keep(&|gesture| preferences.favour(&gesture.category) > 0, NoPick::NoFavour)?,
    }
    let hardest = if filters.easy { 1 } else { preferences.max_level };
    keep(&|gesture| gesture.level <= hardest, NoPick::Level)?;
    keep(&|gesture| gesture.for_those_without(&preferences.without).is_some(), NoPick::Without)?;
    let fits = |gesture: &Gesture| {
        filters.places.is_empty() || gesture.places.iter().any(|place| filters.places.contains(place))
    };
    keep(&fits, NoPick::Place)?;
    keep(&|gesture| history.offered_today.binary_search(&gesture.id.as_ref()).is_err(), NoPick::AllOffered)?;
    Ok(left)
}

/// The categories of gestures, each once, in the byte order of their ids.
fn categories_of<'a>(gestures: impl Iterator<Item = &'a Gesture>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = gestures.map(|gesture| gesture.category.as_ref()).collect();
    // A catalogue is in order of category, so this leaves little to sort.
    ids.dedup();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The categories to draw from, by id, and whether they are all overdue: not offered for `cap` prompts.
fn drawable<'c>(
    draw: &Draw<'c, '_>,
    history: &History<'c, '_>,
    candidates: &[&'c Gesture],
    cap: u64,
) -> (Vec<Candidate<'c>>, bool) {
    let here = categories_of(candidates.iter().copied());
    let mut drawable: Vec<Candidate<'c>> = history
        .categories
        .iter()
        .filter(|(id, _)| here.binary_search(id).is_ok())
        .map(|(id, past)| Candidate {
            id,
            past: *past,
            age: history.since(past.touched, draw.day),
            since_offered: history.since(past.offered, draw.day),
            // A category of weight 0 is here only when it was asked for.
            favour: draw.preferences.favour(id).max(1),
        })
        .collect();
    let overdue = drawable.iter().any(|candidate| candidate.since_offered >= cap);
    if overdue {
        drawable.retain(|candidate| candidate.since_offered >= cap);
    } else {
        let least = drawable.iter().map(|candidate| candidate.age).max().unwrap_or(0).min(2);
        drawable.retain(|candidate| candidate.age >= least);
    }
    (drawable, overdue)
}

/// The categories with an enabled gesture that are not in the draw, each with the reason.
fn sat_out(
    draw: &Draw<'_, '_>,
    history: &History<'_, '_>,
    candidates: &[&Gesture],
    drawable: &[Candidate<'_>],
    overdue: bool,
) -> Vec<(String, SatOut)> {
    if draw.filters.category.is_some() {
        return Vec::new();
    }
    let others = history.categories.iter().filter(|(id, _)| drawable.iter().all(|candidate| candidate.id != *id));
    let because = |id: &str| {
        if draw.preferences.favour(id) == 0 {
            SatOut::NoWeight
        } else if candidates.iter().all(|gesture| *gesture.category != *id) {
            SatOut::Unfitting
        } else if overdue {
            SatOut::Waits
        } else {
            SatOut::Lately
        }
    };
    others.map(|(id, _)| ((*id).to_owned(), because(id))).collect()
}

/// The quarter that came up longest ago, beginning with those that never did, and all others of the same day as the
/// last.
fn oldest_quarter<'a>(gestures: impl Iterator<Item = &'a Gesture>, history: &History<'_, '_>) -> Vec<&'a Gesture> {
    let mut sorted: Vec<(Option<Day>, &Gesture)> =
        gestures.map(|gesture| (history.gestures.get(gesture.id.as_ref()).copied(), gesture)).collect();
    sorted.sort_unstable_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    let quarter = sorted.len().div_ceil(4);
    let last = quarter.checked_sub(1).and_then(|last| sorted.get(last)).and_then(|(day, _)| *day);
    sorted
        .iter()
        .enumerate()
        .filter(|(place, (day, _))| *place < quarter || *day == last)
        .map(|(_, (_, gesture))| *gesture)
        .collect()
}

fn reason(
    draw: &Draw<'_, '_>,
    drawable: &[Candidate<'_>],
    candidate: &Candidate<'_>,
    overdue: bool,
    cap: u64,
) -> Reason {
    if draw.filters.category.is_some() {
        return Reason::Asked;
    }
    // Less than MEMORY.
    let quiet = |day: Day| Reason::Quiet { days: u32::try_from(calendar::days_between(day, draw.day)).unwrap_or(0) };
    match (overdue, candidate.past.touched, candidate.past.offered) {
        (true, Some(touched), _) => return quiet(touched),
        (_, _, None) => return Reason::New,
        _ => {}
    }
    let own = candidate.factors(cap);
    let sums = drawable.iter().fold([0; 3], |sums: [u64; 3], other| {
        let factors = other.factors(cap);
        [sums[0] + factors[0], sums[1] + factors[1], sums[2] + factors[2]]
    });
    // The factor that is largest relative to its mean (own · count / sum) is the reason; of equals, the first.
    let largest = (1..3).fold(0, |best, at| if own[at] * sums[best] > own[best] * sums[at] { at } else { best });
    let above = own[largest] * drawable.len() as u64 > sums[largest];
    match (above, largest, candidate.past.touched) {
        (true, 0, Some(touched)) => quiet(touched),
        (true, 1, _) => Reason::Favoured,
        (true, 2, _) => {
            let answers = candidate.past.answered.iter().flatten();
            let of = answers.clone().count();
            let done = answers.filter(|done| **done).count();
            // Two at most.
            Reason::Done { done: u8::try_from(done).unwrap_or(2), of: u8::try_from(of).unwrap_or(2) }
        }
        _ => {
            let all: u64 = drawable.iter().map(|candidate| candidate.weight(cap)).sum();
            let own = candidate.weight(cap);
            Reason::Chance { one_in: (all + own / 2) / own }
        }
    }
}

/// The generator for one prompt: its stream is the day, and each prompt of the day has its own part of the stream.
fn generator(seed: Seed, day: Day, offered: usize) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::from_seed(seed.0);
    // Days before 1970 wrap around to streams of their own.
    generator.set_stream(calendar::number(day).cast_unsigned());
    generator.set_word_pos(16 * offered as u128);
    generator
}

/// A number below `bound`: the high half of the product of the next random number and `bound`. Its bias is at most
/// `bound / 2^64` (Lemire, "Fast Random Integer Generation in an Interval", 2019, without the rejection step).
fn draw_below(generator: &mut ChaCha8Rng, bound: u64) -> u64 {
    let product = u128::from(generator.next_u64()) * u128::from(bound);
    // The high 64 bits of 128 always fit.
    u64::try_from(product >> 64).unwrap_or(0)
}

#[cfg(test)]
mod tests;
