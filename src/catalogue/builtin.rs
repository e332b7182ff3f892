//! The built-in catalogue: `gestures.toml`, checked and turned into static data by the build script.

use std::borrow::Cow::Borrowed;
use std::collections::BTreeSet;

use crate::catalogue::{Catalogue, Category, Finding, Fit, Gesture, Grade, Often, Place, Sense};
use crate::ids::{CategoryId, GestureId};

/// The built-in catalogue; it costs nothing to load.
pub fn catalogue() -> Catalogue {
    Catalogue {
        categories: Borrowed(CATEGORIES),
        gestures: Borrowed(GESTURES),
        evidence: Borrowed(EVIDENCE),
        retired: Borrowed(RETIRED),
        hidden: BTreeSet::new(),
        warnings: Vec::new(),
        is_partial: false,
    }
}

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
