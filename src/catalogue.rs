//! The catalogue of gestures: what a file may say, one change to the user's own file, and the built-in one.

pub mod builtin;
pub mod edit;
mod schema;

pub use schema::*;
