//! Values to text for a terminal. What stands in a file is cleaned here before a terminal sees it.

pub mod card;
pub mod catalogue;
pub mod doctor;
pub mod entries;
pub mod export;
pub mod json;
pub mod messages;
pub mod theme;
pub mod week;
pub mod why;
pub mod year;
