//! `nudge catalogue`: look at the gestures, add your own, hide what is not for you.

mod add;
mod check;

use super::context::at_lines;
use super::{Context, lookup};
use crate::catalogue::edit;
use crate::catalogue::{self, Catalogue, Gesture, builtin};
use crate::cli::{Catalogue as CatalogueArgs, CatalogueCommand, CatalogueList};
use crate::error::Error;
use crate::store::Lock;
use crate::toml_reader::Problem;
use crate::view::{catalogue as view, grammar, json};

pub fn run(ctx: &Context<'_>, args: &CatalogueArgs) -> Result<(), Error> {
    match &args.command {
        None => ctx.paged(|| list(ctx, &args.list)),
        Some(CatalogueCommand::List(args)) => ctx.paged(|| list(ctx, args)),
        Some(CatalogueCommand::Show(args)) => show(ctx, &args.id),
        Some(CatalogueCommand::Add(args)) => add::run(ctx, args),
        Some(CatalogueCommand::Hide(args)) => hide(ctx, &args.id),
        Some(CatalogueCommand::Unhide(args)) => unhide(ctx, &args.id),
        Some(CatalogueCommand::Check(args)) => check::run(ctx, args),
    }
}

fn list(ctx: &Context<'_>, args: &CatalogueList) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let category = args.category.as_deref().map(|id| lookup::category(&catalogue, id)).transpose()?;
    let grep = args.grep.as_ref().map(|text| text.to_lowercase());
    let fits = |gesture: &&Gesture| {
        catalogue.is_hidden(&gesture.id) == args.hidden
            && category.is_none_or(|category| gesture.category == *category)
            && args.place.is_none_or(|place| gesture.places.contains(&lookup::place(place)))
            && args.level.is_none_or(|level| gesture.level == level)
            && grep.as_ref().is_none_or(|text| says(gesture, text))
    };
    let mut gestures: Vec<&Gesture> = catalogue.gestures.iter().filter(fits).collect();
    let places = catalogue.places();
    gestures.sort_by_key(|gesture| places.get(gesture.category.as_ref()));
    if ctx.json {
        return ctx.print(&json::catalogue(&gestures, &catalogue));
    }
    if gestures.is_empty() {
        return ctx.say(if args.hidden {
            "Nothing here is hidden."
        } else {
            "No gesture fits. `nudge catalogue` shows them all."
        });
    }
    ctx.print(&view::list(&gestures, &catalogue, ctx.theme))?;
    let mut total = grammar::count(gestures.len(), "gesture");
    // `hidden` may name gestures that no longer exist.
    let hidden = catalogue.gestures.iter().filter(|gesture| catalogue.is_hidden(&gesture.id)).count();
    if !args.hidden && hidden > 0 {
        total += &format!("; {hidden} hidden (`nudge catalogue list --hidden`)");
    }
    ctx.print("\n")?;
    ctx.say(&format!("{total}. `nudge catalogue show ID` shows one in full."))
}

/// Whether a lowercase text occurs anywhere in a gesture.
fn says(gesture: &Gesture, text: &str) -> bool {
    let texts = [Some(&*gesture.id), gesture.when.as_deref(), Some(&*gesture.action), gesture.instead.as_deref()];
    texts
        .into_iter()
        .flatten()
        .chain(gesture.say.iter().map(AsRef::as_ref))
        .any(|own| own.to_lowercase().contains(text))
}

fn show(ctx: &Context<'_>, wanted: &str) -> Result<(), Error> {
    let catalogue = ctx.catalogue()?;
    let gesture = lookup::gesture(&catalogue, wanted)?;
    if ctx.json {
        return ctx.print(&json::gesture_whole(gesture, &catalogue));
    }
    ctx.print(&view::show(gesture, &catalogue, ctx.theme))?;
    let id = &gesture.id;
    let hide = if catalogue.is_hidden(id) { "unhide" } else { "hide" };
    ctx.print("\n")?;
    ctx.next(&[&format!("nudge done {id}"), &format!("nudge catalogue {hide} {id}")])
}

fn hide(ctx: &Context<'_>, wanted: &str) -> Result<(), Error> {
    let lock = ctx.lock().map_err(|error| error.context("not hidden"))?;
    let id = lookup::gesture(&ctx.catalogue()?, wanted)?.id.clone();
    let is_new = hide_gesture(ctx, &lock, &id)?;
    drop(lock);
    if ctx.json {
        return ctx.print(&json::hidden(&id, true));
    }
    ctx.say(&if is_new { format!("Hidden: `{id}`.") } else { format!("`{id}` was already hidden.") })?;
    ctx.next(&[&format!("nudge catalogue unhide {id}")])
}

/// Adds a gesture to the user's `hidden`; returns whether it was new there.
pub fn hide_gesture(ctx: &Context<'_>, lock: &Lock<'_>, id: &str) -> Result<bool, Error> {
    let (text, catalogue) = own(ctx).map_err(|error| error.context("not hidden"))?;
    // A gesture that is not in the catalogue is never offered anyway.
    if catalogue.is_hidden(id) || catalogue.gesture(id).is_none() {
        return Ok(false);
    }
    let hidden = edit::hide(&text, id).ok().flatten();
    let is_right = |after: &Catalogue| after.is_hidden(id) && after.gestures == catalogue.gestures;
    replace_own(ctx, lock, hidden, is_right).map_err(|error| error.context("not hidden"))?;
    Ok(true)
}

fn unhide(ctx: &Context<'_>, wanted: &str) -> Result<(), Error> {
    let failed = |error: Error| error.context("not unhidden");
    let lock = ctx.lock().map_err(failed)?;
    let (text, catalogue) = own(ctx).map_err(failed)?;
    // The file may hide a gesture that no longer exists.
    let id = match catalogue.hidden.get(wanted) {
        Some(hidden) => hidden.clone(),
        None => lookup::gesture(&catalogue, wanted)?.id.clone(),
    };
    let is_new = catalogue.is_hidden(&id);
    if is_new {
        let shown = edit::unhide(&text, &id).ok().flatten();
        let is_right = |after: &Catalogue| !after.is_hidden(&id) && after.gestures == catalogue.gestures;
        replace_own(ctx, &lock, shown, is_right).map_err(failed)?;
    }
    drop(lock);
    if ctx.json {
        return ctx.print(&json::hidden(&id, false));
    }
    ctx.say(&match is_new {
        true if catalogue.gesture(&id).is_none() => format!("`{id}` is no longer in `hidden`; no gesture has this id."),
        true => format!("`{id}` can come up again."),
        false => format!("`{id}` is not hidden."),
    })
}

/// The text of the user's own file, and the catalogue with it; fails if the file is invalid, so that it is not changed.
fn own(ctx: &Context<'_>) -> Result<(String, Catalogue), Error> {
    let path = ctx.store.gestures_path();
    let text = ctx.store.text_as_it_is(&path)?.unwrap_or_default();
    let catalogue = read_own(&text).map_err(|problems| {
        Error::failed(at_lines(&path, &problems)).hint(format!("fix `{}`, then try again", path.display()))
    })?;
    Ok((text, catalogue))
}

fn read_own(text: &str) -> Result<Catalogue, Vec<Problem>> {
    catalogue::read_over(&builtin::catalogue(), text.trim_start_matches('\u{FEFF}'))
}

/// Replaces the user's own file with a changed text, if that can be read again and `is_right`.
fn replace_own(
    ctx: &Context<'_>,
    lock: &Lock<'_>,
    text: Option<String>,
    is_right: impl Fn(&Catalogue) -> bool,
) -> Result<(), Error> {
    let text = text.ok_or_else(|| unwritable(ctx))?;
    if !read_own(&text).is_ok_and(|after| is_right(&after)) {
        return Err(unwritable(ctx));
    }
    lock.replace_text(&ctx.store.gestures_path(), &text)
}

fn unwritable(ctx: &Context<'_>) -> Error {
    Error::failed(format!("`{}` is written in a way that nudge can't edit", ctx.store.gestures_path().display()))
        .hint("write `hidden` as a list, and each gesture under a `[[gesture]]` of its own")
}
