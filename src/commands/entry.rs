//! One entry of the journal or the plans: the latest, or the one that an id stands for.

use super::{Context, lookup};
use crate::error::Error;
use crate::journal::{Event, What};
use crate::store::{Found, Search, Standing};

/// Which entries are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Any,
    Done,
}

impl Wanted {
    fn fits(self, event: &Event) -> bool {
        match self {
            Self::Any => event.what.is_entry(),
            Self::Done => matches!(event.what, What::Done(_)),
        }
    }
}

/// The entry that an id, or an unambiguous beginning of one, stands for; without one, the latest of the wanted kind, if
/// there is any.
pub fn find(ctx: &Context<'_>, id: Option<&str>, wanted: Wanted) -> Result<Option<Found>, Error> {
    match id {
        Some(id) => named(ctx, id).map(Some),
        None => {
            let Search { mut found, to_come, bad } = ctx.store.latest(ctx.today, |event| wanted.fits(event))?;
            ctx.name_bad_lines([&bad[0], &bad[1]]);
            ctx.name_to_come(&to_come)?;
            Ok(found.pop())
        }
    }
}

const HINT: &str = "`nudge journal --json` shows the entries with their ids";

fn named(ctx: &Context<'_>, wanted: &str) -> Result<Found, Error> {
    if wanted.trim().is_empty() {
        return Err(Error::usage("an id can't be empty").hint(HINT));
    }
    let Search { mut found, bad, .. } = ctx.store.find(wanted)?;
    ctx.name_bad_lines([&bad[0], &bad[1]]);
    let id =
        lookup::id(found.iter().map(|found| &*found.event.id), wanted, "entry").map_err(|error| error.or_hint(HINT))?;
    let at = found.iter().position(|found| *found.event.id == *id).unwrap_or(0);
    let found = found.swap_remove(at);
    let Event { id, what, .. } = &found.event;
    if !what.is_entry() {
        let word = what.word();
        return Err(Error::usage(format!(
            "`{id}` is `{word}`, and only entries, rests, follow-ups and renames can be taken back"
        ))
        .hint(HINT));
    }
    match found.standing {
        Standing::Counts => Ok(found),
        Standing::TakenBack => Err(Error::failed(format!("`{id}` was already taken back")).hint(HINT)),
    }
}

/// The same error with the note in it, so that its writer need not write it again.
pub fn give_back(mut error: Error, note: Option<&str>) -> Error {
    if let (Error::Failed(message) | Error::Usage(message) | Error::Missing(message), Some(note)) = (&mut error, note) {
        message.text = format!("{}\nyour note: {note}", message.text);
    }
    error
}
