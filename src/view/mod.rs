//! Values to text for a terminal, and to `--json`. Text from a file is made safe here before a terminal sees it.

pub mod card;
pub mod catalogue;
pub mod doctor;
pub mod entries;
pub mod export;
pub mod grammar;
pub mod json;
pub mod messages;
pub mod page;
pub mod people;
pub mod theme;
pub mod week;
pub mod why;
pub mod year;
