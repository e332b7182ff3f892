//! The entry point: parse, dispatch, report, exit code.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice, StripStream};
use nudge::cli::{self, Color, Stop};
use nudge::commands;
use nudge::error::Error;
use nudge::safe_text::clean;

fn main() -> ExitCode {
    if commands::complete(std::env::args_os(), &mut io::stdout()) {
        return ExitCode::SUCCESS;
    }
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(Stop::Refused(refusal)) => {
            let mut err = AutoStream::auto(io::stderr());
            return report(&mut err, &Error::usage(refusal.text).hint(refusal.hint));
        }
        Err(Stop::Help(help)) => {
            let printed = help.print().and_then(|()| io::stdout().flush());
            // A pipe that was closed early is not a failure; help that can't be written is one.
            return ExitCode::from(match printed.map_err(|error| Error::output(&error)) {
                Err(error) if error.code() != 0 => error.code(),
                _ => u8::try_from(help.exit_code()).unwrap_or(2),
            });
        }
    };
    match cli.options.color.unwrap_or_default() {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
    let stdout = io::stdout();
    // Colours are taken out before the text is gathered, so that a view is one write.
    let mut out: Box<dyn Write> = match AutoStream::choice(&stdout) {
        ColorChoice::Never => Box::new(StripStream::new(Box::new(BufWriter::new(stdout.lock())) as Box<dyn Write>)),
        _ => Box::new(BufWriter::new(AutoStream::auto(stdout.lock()))),
    };
    let mut err = AutoStream::auto(io::stderr());
    let result = commands::run(cli, &mut out, &mut err);
    let flushed = out.flush().map_err(|error| Error::output(&error));
    match result.and(flushed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&mut err, &error),
    }
}

/// Prints what went wrong. If standard error can't be written, the exit code still says that something did.
fn report(err: &mut impl Write, error: &Error) -> ExitCode {
    if error.code() != 0 {
        let words: Vec<_> = error.to_string().lines().map(|line| clean(line).into_owned()).collect();
        let _ = writeln!(err, "{}", words.join("\n"));
    }
    ExitCode::from(error.code())
}
