//! `nudge catalogue add`: a gesture of the user's own, from options or from answers.

use std::io::{self, BufRead, IsTerminal};

use super::{own, read_own, replace_own};
use crate::catalogue::edit;
use crate::catalogue::{Catalogue, Gesture, Place, Sense};
use crate::cli::{self, CatalogueAdd};
use crate::commands::{Context, lookup};
use crate::error::Error;
use crate::view::{catalogue as view, grammar, json};

/// The parts of the gesture as they were given, not yet checked.
struct Draft {
    id: Option<String>,
    category: String,
    when: Option<String>,
    action: String,
    say: Vec<String>,
    places: Vec<Place>,
    seconds: Option<u8>,
    level: u8,
    needs: Vec<Sense>,
    instead: Option<String>,
}

pub fn run(ctx: &Context<'_>, args: &CatalogueAdd) -> Result<(), Error> {
    let catalogue = own(ctx).map(|(_, catalogue)| catalogue).map_err(|error| error.context("not added"))?;
    let draft =
        if is_bare(args) && io::stdin().is_terminal() { ask(ctx, &catalogue)? } else { given(args, &catalogue)? };
    let Some(draft) = draft else {
        return ctx.say("Nothing was added.");
    };
    let lock = ctx.lock().map_err(|error| error.context("not added"))?;
    // Another call may have added something while this one was asking.
    let (text, catalogue) = own(ctx).map_err(|error| error.context("not added"))?;
    let gesture = draft.into_gesture(&catalogue)?;
    let text = edit::add(&text, &gesture).ok().flatten();
    text.as_deref().map_or(Ok(()), check)?;
    let is_right = |after: &Catalogue| after.gesture(&gesture.id) == Some(&gesture);
    replace_own(ctx, &lock, text, is_right).map_err(|error| error.context("not added"))?;
    drop(lock);
    if ctx.json {
        return ctx.print(&json::gesture_whole(&gesture, &catalogue));
    }
    ctx.say(&format!("Added to `{}`:", ctx.store.gestures_path().display()))?;
    ctx.print("\n")?;
    ctx.print(&view::show(&gesture, &catalogue, ctx.theme))?;
    ctx.print("\n")?;
    ctx.next(&[&format!("nudge catalogue hide {}", gesture.id)])
}

/// Whether no part of the gesture was given.
fn is_bare(args: &CatalogueAdd) -> bool {
    let CatalogueAdd { id, category, when, action, say, places, seconds, level, needs, instead } = args;
    [id, category, when, action, instead].into_iter().all(Option::is_none)
        && (seconds.is_none() && level.is_none())
        && (say.is_empty() && places.is_empty() && needs.is_empty())
}

fn given(args: &CatalogueAdd, catalogue: &Catalogue) -> Result<Option<Draft>, Error> {
    let (Some(category), Some(action)) = (&args.category, &args.action) else {
        return Err(Error::usage("a gesture needs a category and an action")
            .hint("`nudge catalogue add -c CATEGORY --do ACTION`, or without options in a terminal"));
    };
    let sense = |sense: &cli::Sense| match sense {
        cli::Sense::Sight => Sense::Sight,
        cli::Sense::Hearing => Sense::Hearing,
        cli::Sense::Speech => Sense::Speech,
        cli::Sense::Touch => Sense::Touch,
    };
    Ok(Some(Draft {
        id: args.id.clone(),
        category: lookup::category(catalogue, category)?.to_owned(),
        when: args.when.clone(),
        action: action.clone(),
        say: args.say.clone(),
        places: args.places.iter().map(|place| lookup::place(*place)).collect(),
        seconds: args.seconds,
        level: args.level.unwrap_or(1),
        needs: args.needs.iter().map(sense).collect(),
        instead: args.instead.clone(),
    }))
}

/// Asks for each part in turn; `None` if the answers end before the action.
fn ask(ctx: &Context<'_>, catalogue: &Catalogue) -> Result<Option<Draft>, Error> {
    let known: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_ref()).collect();
    ctx.say("A gesture of your own. A blank answer leaves a part out; Ctrl-D cancels.")?;
    let category = loop {
        let Some(answer) = answer(ctx, &format!("Category ({}): ", known.join(", ")))? else {
            return Ok(None);
        };
        match lookup::category(catalogue, &answer) {
            Ok(category) if !answer.is_empty() => break category.to_owned(),
            _ => ctx.say("That is not one of them.")?,
        }
    };
    let Some(when) = answer(ctx, "The cue, as it continues after “When”: ")? else {
        return Ok(None);
    };
    let action = loop {
        match answer(ctx, "The one action: ")? {
            None => return Ok(None),
            Some(action) if action.is_empty() => ctx.say("A gesture needs an action.")?,
            Some(action) => break action,
        }
    };
    let Some(phrase) = answer(ctx, "A phrase to say: ")? else {
        return Ok(None);
    };
    let places = loop {
        let Some(answer) = answer(ctx, "Where (home, work, out, remote, text; blank for anywhere): ")? else {
            return Ok(None);
        };
        let words: Vec<&str> = answer.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let place = |word: &&str| Place::WORDS.iter().find(|(known, _)| known == word).map(|(_, place)| *place);
        match words.iter().map(place).collect::<Option<Vec<Place>>>() {
            Some(places) => break places,
            None => ctx.say("That is not one of them.")?,
        }
    };
    Ok(Some(Draft {
        id: None,
        category,
        when: Some(when).filter(|when| !when.is_empty()),
        action,
        say: Some(phrase).filter(|phrase| !phrase.is_empty()).into_iter().collect(),
        places,
        seconds: None,
        level: 1,
        needs: Vec::new(),
        instead: None,
    }))
}

/// One line from the terminal, without white space around it; `None` at the end of input.
fn answer(ctx: &Context<'_>, question: &str) -> Result<Option<String>, Error> {
    ctx.ask(question)?;
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    match read.map_err(|error| Error::failed(format!("can't read your answer: {error}")))? {
        0 => ctx.ask("\n").map(|()| None),
        _ => Ok(Some(line.trim().to_owned())),
    }
}

impl Draft {
    fn into_gesture(self, catalogue: &Catalogue) -> Result<Gesture, Error> {
        let id = match self.id {
            Some(id) if catalogue.gesture(&id).is_some() => {
                return Err(Error::failed(format!("not added: there is already a gesture `{id}`"))
                    .hint("name another with `--id`, or leave it out"));
            }
            Some(id) => id,
            None => free_id(&self.action, catalogue),
        };
        // As the built-in ones are written: the cue continues after "When", the action is a sentence.
        let when = self.when.map(|when| {
            let when = when.trim().trim_end_matches([',', '.']);
            let bare = when.strip_prefix("When ").or_else(|| when.strip_prefix("when "));
            bare.unwrap_or(when).to_owned()
        });
        let mut action = grammar::capitalised(self.action.trim());
        if action.ends_with(char::is_alphanumeric) {
            action.push('.');
        }
        let mut places = self.places;
        places.sort_unstable();
        places.dedup();
        let places = if places.is_empty() { Place::ALL.to_vec() } else { places };
        Ok(Gesture {
            id: id.into(),
            category: self.category.into(),
            when: when.map(Into::into),
            action: action.into(),
            say: self.say.into_iter().map(Into::into).collect(),
            places: places.into(),
            seconds: self.seconds,
            level: self.level,
            often: None,
            evidence: [].as_slice().into(),
            fit: None,
            needs: self.needs.into(),
            instead: self.instead.map(Into::into),
        })
    }
}

/// An id from the first words of the action, with a number where it is taken.
fn free_id(action: &str, catalogue: &Catalogue) -> String {
    let words = action.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let stem = words.take(4).map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let stem = if stem.is_empty() { "mine".to_owned() } else { stem.chars().take(40).collect() };
    let stem = stem.trim_end_matches('-');
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    let mut ids = std::iter::once(stem.to_owned()).chain(numbered);
    // There are more numbers than gestures.
    ids.find(|id| catalogue.gesture(id).is_none()).unwrap_or_default()
}

/// The whole text as it would be, read as a user's file is.
fn check(text: &str) -> Result<(), Error> {
    let Err(problems) = read_own(text) else {
        return Ok(());
    };
    let messages: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
    Err(Error::failed(format!("not added: {}", messages.join("\n")))
        .hint("`nudge catalogue add --help` says what is allowed"))
}
