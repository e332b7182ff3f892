//! Prints a made-up journal of so many events up to the day before 22 November 2026, for measuring and for looking at
//! long histories: `cargo run --example journal -- 1000 > journal.jsonl`.

#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;

#[path = "../benches/journal/mod.rs"]
mod journal;

fn main() -> Result<(), Box<dyn Error>> {
    let events = std::env::args().nth(1).ok_or("how many events?")?.parse()?;
    let today = nudge::calendar::parse_iso("2026-11-22").ok_or("a day that is no day")?;
    print!("{}", journal::journal(events, today));
    Ok(())
}
