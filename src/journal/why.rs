//! The record of a draw: why a prompt came, as it was at the time.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::to_json;
use crate::ids::CategoryId;
use crate::safe_text::safe_json;

/// A draw as it was at the time, recorded with the offer, since later events would change it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// In words: "tone has not come up for 9 days".
    pub reason: String,
    /// Calendar days of quiet, if they are the reason.
    pub days: Option<u32>,
    /// The weights by which the category was drawn.
    pub weights: Vec<Weight>,
    /// The categories that could not be drawn.
    pub sat_out: Vec<Absent>,
    /// Boxed, so that an offer is not much larger than other events.
    pub filters: Box<Filters>,
    /// How many gestures of the drawn category the gesture was drawn from.
    pub pool: u32,
}

/// A [`Why`] as it stands in a line, safe to print: JSON that only those who ask for it read, since most look at many
/// offers.
#[derive(Clone, Debug)]
pub struct Recorded(pub(super) Box<RawValue>);

impl Recorded {
    /// The record of a draw; `None` for what is not a JSON object.
    pub(super) fn new(json: &RawValue) -> Option<Self> {
        match safe_json(json.get()) {
            json if !json.starts_with('{') => None,
            Cow::Borrowed(_) => Some(Self(json.to_owned())),
            Cow::Owned(safe) => RawValue::from_string(safe).ok().map(Self),
        }
    }

    /// The draw; `None` if another version recorded it in another shape.
    pub fn read(&self) -> Option<Why> {
        serde_json::from_str(self.0.get()).ok()
    }
}

impl From<&Why> for Recorded {
    fn from(why: &Why) -> Self {
        Self(RawValue::from_string(to_json(why)).unwrap_or_default())
    }
}

impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Why {
    /// The sum of all weights. It has 128 bits, since a line written by hand may hold any weights.
    pub fn total(&self) -> u128 {
        self.weights.iter().map(|weight| u128::from(weight.weight)).sum()
    }

    /// The share of each weight in a hundred, in their order, as whole numbers that add up to 100. They are rounded by
    /// the largest remainder method (Hare quota); of equal remainders the first is rounded up.
    pub fn shares(&self) -> Vec<u32> {
        let total = self.total();
        if total == 0 {
            return vec![0; self.weights.len()];
        }
        // A hundred times 64 bits fit into 128. A share is at most a hundred.
        let parts = self.weights.iter().map(|weight| u128::from(weight.weight) * 100);
        let (mut shares, remainders): (Vec<u32>, Vec<u128>) =
            parts.map(|part| (u32::try_from(part / total).unwrap_or(100), part % total)).unzip();
        let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
        by_remainder.sort_unstable_by_key(|at| (std::cmp::Reverse(remainders[*at]), *at));
        let missing = 100_u32.saturating_sub(shares.iter().sum());
        for at in by_remainder.into_iter().take(missing as usize) {
            shares[at] += 1;
        }
        shares
    }

    /// The weight of a category and the number of its gestures in the draw: the chance of a prompt is
    /// `weight / total / pool`. `None` if the draw does not say.
    pub fn odds(&self, category: &str) -> Option<(u64, u32)> {
        let weight = self.weights.iter().find(|weight| weight.category == *category)?.weight;
        (weight > 0 && self.pool > 0).then_some((weight, self.pool))
    }
}

/// A category's weight in a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weight {
    /// The category's id.
    pub category: CategoryId,
    /// Its weight in the draw; its chance is this over the sum of all weights.
    pub weight: u64,
    /// Calendar days since its last `done`; `None` if there was none in the events read.
    pub quiet_days: Option<u32>,
}

/// A category that was not in a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Absent {
    /// The category's id.
    pub category: CategoryId,
    /// Why it was not in the draw.
    pub because: SatOut,
}

/// Why a category was not in a draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SatOut {
    /// It had come up lately.
    Lately,
    /// Others had waited so long that they went first.
    Waits,
    /// None of its gestures fitted the place and the level, or all of them had come up lately.
    Unfitting,
    /// The user gave it weight 0.
    NoWeight,
    /// For a reason that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// The filters of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// The place asked for with `--place`, by its word.
    pub place: Option<String>,
    /// The category asked for with `--category`.
    pub category: Option<CategoryId>,
    /// Whether an easy gesture was asked for.
    pub easy: bool,
}
