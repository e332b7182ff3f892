//! The user's own catalogue file: one change to its text at a time, comments and order left alone.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TomlError, Value, value};

use crate::catalogue::{Gesture, Place};

/// The text with a gesture put into `hidden`; `None` if it stands there.
pub fn hide(text: &str, id: &str) -> Result<Option<String>, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let hidden = document.entry("hidden").or_insert_with(|| value(Array::new()));
    let Some(hidden) = hidden.as_array_mut() else {
        return Ok(None);
    };
    if hidden.iter().any(|known| known.as_str() == Some(id)) {
        return Ok(None);
    }
    // As the last one stands: on a line of its own, or on the same line.
    let before = hidden.iter().last().and_then(|last| last.decor().prefix()?.as_str());
    match before.and_then(|before| before.rfind('\n').map(|at| before[at..].to_owned())) {
        Some(line) => hidden.push_formatted(Value::from(id).decorated(line, "")),
        None => hidden.push(id),
    }
    Ok(Some(document.to_string()))
}

/// The text with a gesture taken out of `hidden`; `None` if it is not there.
pub fn unhide(text: &str, id: &str) -> Result<Option<String>, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let Some(hidden) = document.get_mut("hidden").and_then(Item::as_array_mut) else {
        return Ok(None);
    };
    let Some(place) = hidden.iter().position(|known| known.as_str() == Some(id)) else {
        return Ok(None);
    };
    let gone = hidden.remove(place);
    if place == 0
        && let Some(first) = hidden.get_mut(0)
    {
        *first.decor_mut() = gone.decor().clone();
    }
    // A file edited by hand may name it twice.
    hidden.retain(|known| known.as_str() != Some(id));
    Ok(Some(document.to_string()))
}

/// The text with a gesture at its end; `None` if its gestures are written as an inline list, which has no end
/// to add a table to.
pub fn add(text: &str, gesture: &Gesture) -> Result<Option<String>, TomlError> {
    let document: DocumentMut = text.parse()?;
    if document.get("gesture").is_some_and(|gestures| !gestures.is_array_of_tables()) {
        return Ok(None);
    }
    let mut own = DocumentMut::new();
    own["gesture"] = Item::ArrayOfTables([table(gesture)].into_iter().collect::<ArrayOfTables>());
    // Put behind the text as it is, so that nothing in it moves.
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let gap = if text.is_empty() { "" } else { "\n" };
    Ok(Some(format!("{text}{end}{gap}{own}")))
}

/// Its fields in the order of the built-in file, absent ones left out.
fn table(gesture: &Gesture) -> Table {
    let Gesture { id, category, when, action, say, places, seconds, level, often, evidence, fit, needs, instead } =
        gesture;
    let mut table = Table::new();
    let list = |texts: Vec<&str>| value(texts.into_iter().collect::<Array>());
    table["id"] = value(id.as_ref());
    table["category"] = value(category.as_ref());
    if let Some(when) = when {
        table["when"] = value(when.as_ref());
    }
    table["do"] = value(action.as_ref());
    if !say.is_empty() {
        table["say"] = list(say.iter().map(AsRef::as_ref).collect());
    }
    if places.as_ref() != Place::ALL {
        table["where"] = list(places.iter().map(|place| place.word()).collect());
    }
    if let Some(seconds) = seconds {
        table["seconds"] = value(i64::from(*seconds));
    }
    table["level"] = value(i64::from(*level));
    if let Some(often) = often {
        table["often"] = value(often.word());
    }
    if !evidence.is_empty() {
        table["evidence"] = list(evidence.iter().map(AsRef::as_ref).collect());
    }
    if let Some(fit) = fit {
        table["fit"] = value(fit.word());
    }
    if !needs.is_empty() {
        table["needs"] = list(needs.iter().map(|sense| sense.word()).collect());
    }
    if let Some(instead) = instead {
        table["instead"] = value(instead.as_ref());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Catalogue, read_over};

    #[test]
    fn hiding_leaves_the_rest_alone() {
        #[track_caller]
        fn check(text: &str, id: &str, expected: Option<&str>) {
            assert_eq!(hide(text, id).unwrap().as_deref(), expected);
        }
        check("", "a", Some("hidden = [\"a\"]\n"));
        check("hidden = [\"a\"]\n", "a", None);
        check("hidden = ['a'] # quiet\n", "b", Some("hidden = ['a', \"b\"] # quiet\n"));
        check("hidden = ['a', 'b']\n", "c", Some("hidden = ['a', 'b', \"c\"]\n"));
        check(
            "hidden = [\n  'a', # too loud\n  'b',\n]\n",
            "c",
            Some("hidden = [\n  'a', # too loud\n  'b',\n  \"c\",\n]\n"),
        );
        check(
            "# mine\n[[gesture]]\nid = 'x' # the first\n",
            "a",
            Some("hidden = [\"a\"]\n# mine\n[[gesture]]\nid = 'x' # the first\n"),
        );
        check("hidden = 3\n", "a", None);
    }

    #[test]
    fn taking_out_of_hiding_leaves_the_rest_alone() {
        #[track_caller]
        fn check(text: &str, id: &str, expected: Option<&str>) {
            assert_eq!(unhide(text, id).unwrap().as_deref(), expected);
        }
        check("", "a", None);
        check("hidden = ['b']\n", "a", None);
        check("hidden = ['a', 'b'] # quiet\n", "a", Some("hidden = ['b'] # quiet\n"));
        check("hidden = ['a', 'b']\n", "b", Some("hidden = ['a']\n"));
        check("hidden = ['a', 'b', 'a']\n", "a", Some("hidden = ['b']\n"));
        check("hidden = [\n  'a',\n  'b',\n]\n", "a", Some("hidden = [\n  'b',\n]\n"));
    }

    #[test]
    fn what_is_added_is_read_again_as_it_was() {
        let base = "[[category]]\nid = 'tone'\nname = 'tone'\n# the end\n";
        let given = "[[gesture]]\nid = 'x'\ncategory = 'tone'\nwhen = 'a call begins'\ndo = \"Say \\\"hm\\\".\"\n\
                     say = ['Hm.']\nwhere = ['remote']\nseconds = 5\nlevel = 2\noften = 'weekly'\nneeds = ['speech']\ninstead = 'Type it.'\n";
        let read = |text: &str| read_over(&Catalogue::default(), text).unwrap();
        let gesture = read(&format!("{base}{given}")).gesture("x").unwrap().clone();
        let text = add(base, &gesture).unwrap().unwrap();
        assert!(text.starts_with(base) && text.contains("\n\n[[gesture]]\nid = \"x\"\n"), "{text}");
        assert_eq!(read(&text).gesture("x"), Some(&gesture));
        let short = Gesture { when: None, say: [].as_slice().into(), places: Place::ALL.into(), ..gesture };
        let twice = add(&text, &Gesture { id: "y".into(), ..short.clone() }).unwrap().unwrap();
        assert!(twice.starts_with(&text));
        assert_eq!(read(&twice).gestures.len(), 2);
        // Whatever kind of table stands last, and a last line that lacks its end.
        let other = format!(
            "{base}{given}\n[[evidence]]\nkey = 'k1999'\nclaim = 'c'\nsource = 's'\nyear = 1999\ngrade = 'A' # end"
        );
        let after = add(&other, &Gesture { id: "z".into(), ..short.clone() }).unwrap().unwrap();
        assert!(after.starts_with(&format!("{other}\n\n[[gesture]]\n")), "{after}");
        assert_eq!(read(&after).gestures.len(), 2);
        assert!(!add("", &short).unwrap().unwrap().starts_with('\n'));
        assert_eq!(add("gesture = []\n", &short).unwrap(), None);
    }
}
