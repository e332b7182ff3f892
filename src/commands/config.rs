//! `nudge config`: what is in force and where it comes from; one setting changed, or the file in the editor.

mod edit;
pub mod set;

use super::Context;
use super::context::at_lines;
use crate::catalogue::Catalogue;
use crate::cli::{Config as ConfigArgs, ConfigCommand};
use crate::config::{self, Config};
use crate::error::Error;
use crate::toml_reader::Problem;
use crate::view::config as view;

pub fn run(ctx: &Context<'_>, args: &ConfigArgs) -> Result<(), Error> {
    match &args.command {
        None | Some(ConfigCommand::Show(_)) => show(ctx),
        Some(ConfigCommand::Edit(_)) => edit::run(ctx),
        Some(ConfigCommand::Set(args)) => set::run(ctx, args),
    }
}

fn show(ctx: &Context<'_>) -> Result<(), Error> {
    let path = ctx.store.config_path();
    let name = path.display().to_string();
    let found = ctx.store.text(&path)?;
    let text = found.as_deref().unwrap_or_default();
    let catalogue = ctx.catalogue()?;
    let config = read(text, &catalogue).map_err(|problems| wrong(ctx, &problems))?;
    let lines = config::lines(text);
    let settings = keys(&catalogue)
        .into_iter()
        .filter_map(|key| Some(view::Setting { value: config.value(&key)?, from: from(lines.get(&key)), key }));
    let settings: Vec<view::Setting> = settings.collect();
    if ctx.json {
        return ctx.print(&view::json(&name, &settings));
    }
    ctx.say(&if found.is_some() { name } else { format!("{name} (not there yet)") })?;
    ctx.print("\n")?;
    ctx.print(&view::list(&settings, ctx.theme))?;
    ctx.print("\n")?;
    ctx.next(&["nudge config set KEY VALUE", "nudge config edit"])
}

/// Reads a text as the settings, and its weights by the categories of the catalogue.
fn read(text: &str, catalogue: &Catalogue) -> Result<Config, Vec<Problem>> {
    let config = Config::parse(text.trim_start_matches('\u{FEFF}'))?;
    // Without the user's own gestures it is not known which categories there are.
    let unknown = if catalogue.is_partial { Vec::new() } else { config.unknown_weights(catalogue) };
    if unknown.is_empty() { Ok(config) } else { Err(unknown) }
}

/// The keys of all settings.
fn keys(catalogue: &Catalogue) -> Vec<String> {
    Config::keys(catalogue.categories.iter().map(|category| category.id.as_ref()))
}

/// Where a value comes from: the line of the file that sets it, or the default.
fn from(line: Option<&usize>) -> String {
    line.map_or_else(|| view::DEFAULT.to_owned(), |line| format!("config.toml:{line}"))
}

/// The error that names every problem of the file.
fn wrong(ctx: &Context<'_>, problems: &[Problem]) -> Error {
    Error::failed(at_lines(&ctx.store.config_path(), problems)).hint("`nudge config edit` opens the file")
}
