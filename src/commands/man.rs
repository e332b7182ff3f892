//! `nudge man`: the manual pages. It looks at no file of the user's, so that packages can be made with it anywhere.

use std::io::Write;

use crate::cli::{self, Man};
use crate::error::Error;
use crate::safe_text::clean;
use crate::store;
use crate::view::grammar;

pub fn run(args: &Man, out: &mut dyn Write) -> Result<(), Error> {
    let text = match &args.dir {
        Some(folder) => {
            let pages = cli::pages(cli::command());
            store::publish(folder, &pages)?;
            let folder = folder.display().to_string();
            format!("Wrote {} to `{}`.\n", grammar::count(pages.len(), "page"), clean(&folder))
        }
        None => cli::page(cli::command(), &args.command).ok_or_else(|| {
            Error::usage(format!("`{}` is not a command", args.command.join(" "))).hint("`nudge -h` lists the commands")
        })?,
    };
    out.write_all(text.as_bytes()).map_err(|error| Error::output(&error))
}
