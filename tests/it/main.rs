//! The program as its users meet it: real processes, real files.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::items_after_statements,
    clippy::print_stderr,
    reason = "a test makes its own world, and a panic is how it fails"
)]

mod catalogue;
#[cfg(target_os = "linux")]
mod completion;
mod config;
mod corrections;
mod daily;
#[cfg(target_os = "linux")]
mod desktop;
mod doctor;
mod doors;
#[cfg(unix)]
mod durability;
mod faults;
mod first_run;
mod home;
mod house;
mod json;
#[cfg(target_os = "linux")]
mod kills;
mod lived;
mod looks;
mod man;
mod merge;
mod own;
mod people;
mod pictures;
#[cfg(target_os = "linux")]
mod power;
#[cfg(target_os = "linux")]
mod remind;
#[cfg(target_os = "linux")]
mod schedulers;
mod shapes;
#[cfg(unix)]
mod sharing;
#[cfg(target_os = "linux")]
mod shells;
#[cfg(target_os = "linux")]
mod strace;
mod sync;
#[cfg(unix)]
mod sync_failures;
#[cfg(unix)]
mod sync_repositories;
#[cfg(target_os = "linux")]
mod sync_together;
#[cfg(target_os = "linux")]
mod system;
#[cfg(target_os = "linux")]
mod terminal;
mod time;
#[cfg(target_os = "linux")]
mod tmux;
#[cfg(target_os = "linux")]
mod torture;
mod transcripts;
