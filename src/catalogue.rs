//! The catalogue of gestures: what it is made of, what a file may say, one change to the user's own file, and the
//! built-in one.

pub mod builtin;
pub mod edit;
mod schema;
#[cfg(test)]
mod tests;
mod types;

pub use schema::*;
pub use types::*;
