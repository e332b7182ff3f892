//! Turns values into text for a terminal, and into `--json`. Text from files is made safe for the terminal here.

pub mod card;
pub mod catalogue;
pub mod config;
pub mod doctor;
pub mod entries;
pub mod export;
pub mod first_run;
pub mod grammar;
pub mod json;
pub mod messages;
pub mod page;
pub mod people;
pub mod remind;
pub mod sync;
pub mod theme;
pub mod week;
pub mod why;
pub mod year;
