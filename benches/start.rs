//! How much longer than an empty program the everyday commands take: `cargo bench --bench start`.
//!
//! The empty program is built with the same compiler, and the two are started in turn in one run, so that whatever
//! slows the machine down affects both. The figures are medians and their ratio. At the end: what the line of `nudge init`
//! adds to the start of an interactive bash in a terminal, on a day that was greeted already, in starts of the empty program.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures and prints")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

mod journal;

const TURNS: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo test --benches` only checks that it runs.
    let turns = if std::env::args().any(|argument| argument == "--bench") { TURNS } else { 1 };
    let folder = tempfile::tempdir()?;
    let empty = empty_program(folder.path())?;
    let today = nudge::calendar::parse_iso("2026-11-22").ok_or("a day that is no day")?;
    for events in [1_000, 100_000] {
        let home = folder.path().join(events.to_string());
        fs::create_dir(&home)?;
        fs::write(home.join("journal.jsonl"), journal::journal(events, today))?;
        for args in [&["today"][..], &["today", "--brief"], &["week"], &["done", "-c", "tone"]] {
            let nudge = || {
                let mut command = Command::new(env!("CARGO_BIN_EXE_nudge"));
                command.args(args).env("NUDGE_DIR", &home).env("NUDGE_NOW", "2026-11-22T12:00:00Z");
                command
            };
            // The first call of the day draws the prompt; the calls after it all do the same.
            time(&mut nudge())?;
            let mut pairs = Vec::new();
            for _ in 0..turns {
                pairs.push((time(&mut Command::new(&empty))?, time(&mut nudge())?));
            }
            let (base, own) = (median(&pairs, |pair| pair.0), median(&pairs, |pair| pair.1));
            let ratio = own.as_secs_f64() / base.as_secs_f64();
            println!(
                "{events:>7} events  nudge {:<14} {own:>10.2?}  empty {base:>10.2?}  ratio {ratio:.2}",
                args.join(" ")
            );
        }
    }
    if cfg!(target_os = "linux") { line_of_init(folder.path(), &empty, turns) } else { Ok(()) }
}

fn median<T>(turns: &[T], pick: fn(&T) -> Duration) -> Duration {
    let mut times: Vec<Duration> = turns.iter().map(pick).collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn line_of_init(folder: &Path, empty: &Path, turns: usize) -> Result<(), Box<dyn Error>> {
    let home = folder.join("shell");
    fs::create_dir(&home)?;
    let own = Path::new(env!("CARGO_BIN_EXE_nudge")).parent().unwrap_or(folder);
    let path = format!("{}:{}", own.display(), std::env::var("PATH")?);
    let bash = |name: &str, line: &str| {
        let file = home.join(name);
        fs::write(&file, format!("{line}\nexit\n"))?;
        let mut command = Command::new("script");
        command.args(["-qec", &format!("exec bash --rcfile {} -i", file.display()), "/dev/null"]);
        command.env("NUDGE_DIR", &home).env("PATH", &path).env("TERM", "xterm");
        Ok::<_, Box<dyn Error>>(command)
    };
    let mut plain = bash("plain", "")?;
    let mut with_line = bash("line", "command -v nudge >/dev/null && eval \"$(nudge init bash)\"")?;
    time(&mut with_line)?; // greets
    let mut trios = Vec::new();
    for _ in 0..turns {
        trios.push((time(&mut plain)?, time(&mut with_line)?, time(&mut Command::new(empty))?));
    }
    let [plain, with_line, empty] =
        [median(&trios, |trio| trio.0), median(&trios, |trio| trio.1), median(&trios, |trio| trio.2)];
    let added = with_line.saturating_sub(plain);
    let starts = added.as_secs_f64() / empty.as_secs_f64();
    println!(
        "interactive bash {plain:.2?}, with the line {with_line:.2?}: {added:.2?} more, {starts:.1} empty programs"
    );
    Ok(())
}

fn time(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let took = started.elapsed();
    if status.success() { Ok(took) } else { Err(format!("{command:?}: {status}").into()) }
}

fn empty_program(folder: &Path) -> Result<std::path::PathBuf, Box<dyn Error>> {
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    fs::write(&source, "fn main() {}\n")?;
    let built = Command::new("rustc").args(["-O", "-o"]).arg(&program).arg(&source).status()?;
    if built.success() { Ok(program) } else { Err("the empty program can't be built".into()) }
}
