//! The built-in catalogue: `gestures.toml`, checked and turned into static data by the build script.

use std::borrow::Cow::Borrowed;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::catalogue::{Catalogue, Category, Finding, Gesture, Gestures, Grade};
use crate::ids::{CategoryId, GestureId};

/// The gestures that were asked for so far; boxed, so that the others take no room in the program.
static KNOWN: [OnceLock<Box<Gesture>>; COUNT] = [const { OnceLock::new() }; COUNT];

/// The built-in catalogue; it costs nothing to load.
pub fn catalogue() -> Catalogue {
    Catalogue {
        categories: Borrowed(CATEGORIES),
        gestures: Gestures::built_in(GESTURES, &KNOWN),
        evidence: Borrowed(EVIDENCE),
        retired: Borrowed(RETIRED),
        hidden: BTreeSet::new(),
        warnings: Vec::new(),
        is_partial: false,
    }
}

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
