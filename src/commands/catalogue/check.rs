//! `nudge catalogue check`: every problem of a catalogue file.

use crate::catalogue::{self, builtin};
use crate::cli::CatalogueCheck;
use crate::commands::Context;
use crate::error::Error;
use crate::toml_reader::MORE;
use crate::view::{catalogue as view, grammar, json};

pub fn run(ctx: &Context<'_>, args: &CatalogueCheck) -> Result<(), Error> {
    let path = args.file.clone().unwrap_or_else(|| ctx.store.gestures_path());
    let name = path.display().to_string();
    let Some(text) = ctx.store.text(&path)? else {
        if args.file.is_some() {
            return Err(Error::failed(format!("there is no file `{name}`"))
                .hint("`nudge catalogue check` alone checks your own file"));
        }
        if ctx.json {
            return ctx.print(&json::problems(&name, &[]));
        }
        return ctx.say(
            "You have no gestures of your own yet, so there is nothing to check. `nudge catalogue add` adds one.",
        );
    };
    let (problems, warnings, gestures) = match catalogue::read_over(&builtin::catalogue(), &text) {
        Ok(catalogue) => (Vec::new(), catalogue.warnings, catalogue.gestures.len()),
        Err(problems) => (problems, Vec::new(), 0),
    };
    for warning in &warnings {
        ctx.warn(&format!("{name}:{warning}"));
    }
    if ctx.json {
        ctx.print(&json::problems(&name, &problems))?;
    } else if problems.is_empty() {
        return ctx.say(&format!("`{name}` is sound. With it there are {gestures} gestures."));
    } else {
        ctx.print(&view::problems(&name, &text, &problems, ctx.theme))?;
    }
    let or_more = problems.last().is_some_and(|last| last.message == MORE);
    match problems.len() - usize::from(or_more) {
        0 => Ok(()),
        number => {
            let or_more = if or_more { " or more" } else { "" };
            Err(Error::failed(format!("`{name}` has {}{or_more}", grammar::count(number, "problem")))
                .hint("fix each line named above, then check again"))
        }
    }
}
