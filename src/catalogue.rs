//! The catalogue of gestures: its types, reading it from a file, changing the user's own file, and the built-in
//! catalogue.

pub mod builtin;
pub mod edit;
mod packed;
mod schema;
#[cfg(test)]
mod tests;
mod types;

pub use schema::*;
pub use types::*;
