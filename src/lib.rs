//! One small, caring gesture a day: proposed, done, recorded, and shaping tomorrow's.
//!
//! The rooms, each with its one concern. The pure ones know no file, no environment, no clock and
//! no global randomness: `document`, `calendar`, `catalogue`, `builtin`, `edit`, `journal`, `doctor`, `picker`,
//! `review`.
//! Imports point one way: `main → commands → {cli, store, view} → pure rooms`.

pub mod calendar;
pub mod catalogue;
pub mod cli;
pub mod commands;
pub mod config;
pub mod environment;
pub mod error;
pub mod ids;
pub mod import;
pub mod journal;
pub mod people;
pub mod picker;
pub mod review;
pub mod safe_text;
pub mod store;
pub mod system;
pub mod toml_reader;
pub mod view;
