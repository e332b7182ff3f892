//! The commands, one a file; here the match that leads to each.

mod amend;
mod another;
mod catalogue;
mod complete;
mod config;
mod context;
mod doctor;
mod done;
mod edit;
mod entry;
mod export;
mod init;
mod journal;
mod lookup;
mod man;
mod merge;
mod paging;
mod people;
mod prompt;
mod remember;
mod remind;
mod rest;
mod sync;
mod today;
mod undo;
mod week;
mod why;
mod year;

use std::io::Write;

pub use complete::complete;
use context::Context;

use crate::cli::{Cli, Command, Options};
use crate::environment::Environment;
use crate::error::Error;

/// Runs the command that was asked for.
pub fn run(cli: Cli, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let Options { json, no_pager, today, .. } = cli.options;
    let command = cli.command.unwrap_or(Command::Today(today));
    let is_in_passing = matches!(&command, Command::Today(today) if today.once || today.brief);
    match run_command(command, json, no_pager, out, err) {
        // The start of a shell and its prompt are no place for errors of files: `nudge` and `nudge doctor` name them.
        Err(error) if is_in_passing && error.code() == 1 => Ok(()),
        result => result,
    }
}

fn run_command(
    command: Command,
    json: bool,
    no_pager: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Error> {
    // These print what hangs on none of the user's files, and is needed without a home too.
    match &command {
        Command::Init(args) => return init::run(*args, out),
        Command::Completions(args) => return init::completions(*args, out),
        Command::Man(args) => return man::run(args, out),
        _ => {}
    }
    let ctx = Context::new(Environment::read()?, &command, json, no_pager, out, err)?;
    let result = match command {
        Command::Today(args) => today::run(&ctx, &args),
        Command::Another(args) => another::run(&ctx, &args),
        Command::Done(args) => done::run(&ctx, &args),
        Command::Amend(args) => amend::run(&ctx, &args),
        Command::Rest(args) => rest::run(&ctx, &args),
        Command::Undo(args) => undo::run(&ctx, &args),
        Command::Remember(args) => remember::run(&ctx, &args),
        Command::People(args) => people::run(&ctx, &args),
        Command::Week(args) => week::run(&ctx, &args),
        Command::Year(args) => year::run(&ctx, &args),
        Command::Journal(args) if args.edit => edit::run(&ctx, &args),
        Command::Journal(args) => ctx.paged(|| journal::run(&ctx, &args)),
        Command::Why(args) => why::run(&ctx, &args),
        Command::Catalogue(args) => catalogue::run(&ctx, &args),
        Command::Config(args) => config::run(&ctx, &args),
        Command::Export(args) => export::run(&ctx, &args),
        Command::Remind(args) => remind::run(&ctx, &args),
        Command::Doctor(args) => doctor::run(&ctx, &args),
        Command::Merge(args) => merge::run(&ctx, &args),
        Command::Sync(args) => sync::run(&ctx, &args),
        // They ran before there was a context.
        Command::Init(_) | Command::Completions(_) | Command::Man(_) => Ok(()),
    };
    ctx.warn_of_files();
    result
}
