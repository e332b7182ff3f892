//! `nudge config edit`: the file in the user's editor, checked afterwards.

use super::{keys, read};
use crate::commands::Context;
use crate::commands::context::at_lines;
use crate::commands::edit::{agrees_by_default, editor, say_how_to_wait};
use crate::config::TEMPLATE;
use crate::error::Error;
use crate::view::config as view;

/// What to do about a file that was left wrong.
const WRONG: &str = "`nudge config edit` opens it again; until it is right, most commands stop with this error";

pub fn run(ctx: &Context<'_>) -> Result<(), Error> {
    let editor = editor(ctx)?;
    let catalogue = ctx.catalogue()?;
    let path = ctx.store.config_path();
    let text = || ctx.store.text(&path);
    if text()?.is_none() {
        // Under the lock, where another call may have made it meanwhile.
        let lock = ctx.lock()?;
        if text()?.is_none() {
            lock.replace_text(&path, TEMPLATE)?;
        }
    }
    let before = text()?.unwrap_or_default();
    // Behind all links, so that no editor puts a file in the place of one.
    let real = ctx.store.real(&path);
    let owned = ctx.store.owned(&real);
    let (config, was_open, after) = loop {
        let was_open = editor.open(&real)?;
        if let Some(owned) = &owned {
            owned.restore()?;
        }
        let text = text()?.unwrap_or_default();
        match read(&text, &catalogue) {
            Ok(config) => break (config, was_open, text),
            Err(problems) => {
                let wrong = at_lines(&path, &problems);
                if !agrees_by_default(&format!("{wrong}\nEdit again? [Y/n] ")) {
                    return Err(Error::failed(wrong).hint(WRONG));
                }
            }
        }
    };
    if after == before {
        ctx.say(&format!("`{}` is as it was.", path.display()))?;
        return say_how_to_wait(ctx, was_open);
    }
    ctx.say(&format!("`{}` is in order.", path.display()))?;
    let Ok(was) = read(&before, &catalogue) else {
        return Ok(());
    };
    for key in keys(&catalogue) {
        let (Some(before), Some(now)) = (was.value(&key), config.value(&key)) else { continue };
        if before != now {
            ctx.say(&view::changed(&key, &now.to_string(), &before.to_string()))?;
        }
    }
    Ok(())
}
