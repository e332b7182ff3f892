//! One small, caring gesture a day: proposed, done, recorded, and shaping tomorrow's.
//!
//! The modules are described in `ARCHITECTURE.md`. Those that are pure know no file, no environment, no clock and
//! no global randomness: `calendar`, `catalogue`, `config`, `ids`, `journal`, `people`, `picker`, `review`,
//! `safe_text`, `schedule`, `toml_reader`. Imports point one way: `main → commands → {cli, store, system, view} → pure modules`.

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
pub mod schedule;
pub mod store;
pub mod system;
pub mod toml_reader;
pub mod view;
