//! `nudge config set`: one setting changed, and nothing else in the file.

use super::{from, keys, read, wrong};
use crate::catalogue::Catalogue;
use crate::cli::ConfigSet;
use crate::commands::{Context, lookup};
use crate::config::{self, Config, Value, edit};
use crate::error::Error;
use crate::safe_text::shell_word;
use crate::view::config as view;

/// What is typed in place of a value to take a setting out of the file.
const DEFAULT: &str = "default";

/// A setting that was changed.
pub struct Changed {
    /// What is in force now, and from where.
    pub now: view::Setting,
    /// What was in force before, in words.
    pub before: String,
    /// What to type to have it as it was; `None` if the file was wrong before.
    pub way_back: Option<String>,
}

pub fn run(ctx: &Context<'_>, args: &ConfigSet) -> Result<(), Error> {
    let (key, typed) = match args.key.split_once('=') {
        Some((key, value)) if args.value.is_empty() => (key, value.to_owned()),
        _ => (args.key.as_str(), args.value.join(" ")),
    };
    if args.value.is_empty() && !args.key.contains('=') {
        return Err(Error::usage(format!("`{key}` needs a value"))
            .hint(format!("`nudge config set {} VALUE`; `nudge config` shows what it is now", shell_word(key))));
    }
    let Some(changed) = change(ctx, key, &typed)? else {
        let value = ctx.config.value(key).unwrap_or(Value::Absent);
        return ctx.say(&format!("`{key}` is {value} already."));
    };
    if ctx.json {
        return ctx.print(&view::setting_json(&changed.now));
    }
    let now = view::words(&changed.now.value, changed.now.from == view::DEFAULT);
    ctx.say(&view::changed(key, &now, &changed.before))?;
    // The system's scheduler has an hour of its own.
    if key == "remind.at" && changed.now.from != view::DEFAULT {
        ctx.say(&format!("`nudge remind --at {now}` sets up what calls it at that hour."))?;
    }
    changed.way_back.map_or(Ok(()), |command| ctx.next(&[&command]))
}

/// Gives one setting the value that was typed, or takes it out of the file where that is `default`; `None` if there was
/// nothing to change.
///
/// Takes the lock, and writes nothing unless the whole file is right afterwards and says the same of everything else.
pub fn change(ctx: &Context<'_>, key: &str, typed: &str) -> Result<Option<Changed>, Error> {
    let catalogue = ctx.catalogue()?;
    let is_known = keys(&catalogue).iter().any(|known| known == key);
    let value = if typed == DEFAULT { None } else { Some(value(&catalogue, key, typed)?) };
    let path = ctx.store.config_path();
    let lock = ctx.lock().map_err(not_set)?;
    let text = ctx.store.text_as_it_is(&path).map_err(not_set)?.unwrap_or_default();
    let old = read(&text, &catalogue);
    let written = match (edit::written(&text, key), &old) {
        (Ok(written), _) => written,
        (Err(_), Err(problems)) => return Err(not_set(wrong(ctx, problems))),
        (Err(_), Ok(_)) => return Err(not_set(unwritable(ctx))),
    };
    let was = old.as_ref().ok().and_then(|config| config.value(key));
    match &value {
        // What is wrong in the file can be taken out of it, whatever its name.
        None if written.is_none() && !is_known => return Err(unknown(&catalogue, key)),
        None if written.is_none() => return Ok(None),
        Some(_) if was == value => return Ok(None),
        _ => {}
    }
    let toml = value.as_ref().map(Value::to_toml);
    let new = edit::change(&text, key, toml.as_deref()).ok().flatten().ok_or_else(|| not_set(unwritable(ctx)))?;
    let config = read(&new, &catalogue).map_err(|problems| not_set(wrong(ctx, &problems)))?;
    let is_as_before = |old: &Config| keys(&catalogue).iter().all(|k| k == key || old.value(k) == config.value(k));
    let is_set = value.is_none() || config.value(key) == value;
    if !is_set || !old.as_ref().map_or(true, is_as_before) {
        return Err(not_set(unwritable(ctx)));
    }
    lock.replace_text(&path, &new).map_err(not_set)?;
    let was = was.filter(|_| is_known);
    let way_back = was.as_ref().map(|was| match written {
        None => format!("nudge config set {key} {DEFAULT}"),
        Some(_) => format!("nudge config set {key} {}", shell_word(&was.typable())),
    });
    let before = match was {
        Some(was) => view::words(&was, written.is_none()),
        None => written.unwrap_or("not set").to_owned(),
    };
    let value = config.value(key).filter(|_| is_known).unwrap_or(Value::Absent);
    let now = view::Setting { from: from(config::lines(&new).get(key)), value, key: key.to_owned() };
    Ok(Some(Changed { now, before, way_back }))
}

/// The same error, with what it kept from happening.
fn not_set(error: Error) -> Error {
    error.context("not set")
}

/// The value that was typed for a setting, if that is one of its values.
fn value(catalogue: &Catalogue, key: &str, typed: &str) -> Result<Value, Error> {
    let kind = keys(catalogue).iter().find(|known| *known == key).and_then(|key| Config::default().value(key));
    let kind = kind.ok_or_else(|| unknown(catalogue, key))?;
    let hint = || "`nudge config` shows every setting with its value";
    let value = kind
        .typed(typed)
        .map_err(|expected| Error::usage(format!("`{key}` is `{typed}`, expected {expected}")).hint(hint()))?;
    // A file with nothing else in it tells whether it is in range, and how it is best written.
    let alone = edit::change("", key, Some(&value.to_toml())).ok().flatten().unwrap_or_default();
    match Config::parse(&alone) {
        Ok(config) => Ok(config.value(key).unwrap_or(value)),
        Err(problems) => {
            let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            Err(Error::usage(messages.join("\n")).hint(hint()))
        }
    }
}

fn unknown(catalogue: &Catalogue, key: &str) -> Error {
    let error = Error::usage(format!("I don't know the setting `{key}`"));
    let known = keys(catalogue);
    match lookup::nearest(known.iter().map(String::as_str), key) {
        Some(nearest) => error.hint(format!("did you mean `{nearest}`? `nudge config` lists every setting")),
        None => error.hint("`nudge config` lists every setting"),
    }
}

fn unwritable(ctx: &Context<'_>) -> Error {
    Error::failed(format!("`{}` is written in a way that nudge can't change", ctx.store.config_path().display()))
        .hint("`nudge config edit` opens it, for you to change it there")
}
