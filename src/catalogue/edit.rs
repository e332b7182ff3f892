//! The user's own catalogue file: one change to its text at a time, with everything else left as it is.

use std::ops::Range;

use toml::de::DeTable;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TomlError, value};

use crate::catalogue::{Gesture, Place};

/// The text with a gesture added to `hidden`; `None` if it is already there, or `hidden` is not a list of texts.
///
/// Everything else stays as it is: comments, order, line endings, a byte order mark.
pub fn hide(text: &str, id: &str) -> Result<Option<String>, toml::de::Error> {
    let hidden = Hidden::find(text)?;
    if let Hidden::Missing = hidden {
        // After a byte order mark, and before any table, which the key would become a part of.
        let start = text.len() - text.trim_start_matches(MARK).len();
        let line = format!("hidden = [\"{id}\"]{}", line_end(text));
        return Ok(Some(with(text, &[(start..start, &line)])));
    }
    let Hidden::List { items, list } = hidden else {
        return Ok(None);
    };
    if items.iter().any(|(known, _)| known == id) {
        return Ok(None);
    }
    let spans: Vec<Range<usize>> = items.into_iter().map(|(_, item)| item).collect();
    Ok(Some(with_item(text, &spans, &list, &format!("\"{id}\""))))
}

/// The text with a gesture removed from `hidden`; `None` if it is not there. A comment beside it stays.
pub fn unhide(text: &str, id: &str) -> Result<Option<String>, toml::de::Error> {
    let Hidden::List { items, list } = Hidden::find(text)? else {
        return Ok(None);
    };
    let is_it = |place: usize| items[place].0 == id;
    let spans: Vec<Range<usize>> = items.iter().map(|(_, item)| item.clone()).collect();
    let is_there = (0..items.len()).any(is_it);
    Ok(is_there.then(|| without_items(text, &spans, &list, is_it)))
}

/// The text with one more item behind the others of a list in brackets or braces.
pub(crate) fn with_item(text: &str, items: &[Range<usize>], list: &Range<usize>, item: &str) -> String {
    let close = list.end - 1;
    let line = text[..close].rfind('\n').map_or(0, |at| at + 1);
    let stands_alone = line > list.start && text[line..close].trim().is_empty();
    let comma = items.last().filter(|last| comma_behind(text, last.end).is_none()).map(|last| last.end);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    if stands_alone {
        // On a line of its own before the bracket, indented as the last item is.
        edits.extend(comma.map(|at| (at..at, ",".to_owned())));
        let indent = items.last().map_or("  ", |last| indent_of(text, last.start));
        edits.push((line..line, format!("{indent}{item},{}", line_end(text))));
    } else {
        let gap = if items.is_empty() { "" } else { " " };
        let at = items.last().map_or(close, |last| comma_behind(text, last.end).map_or(last.end, |comma| comma + 1));
        let (before, behind) = if comma.is_none() && !items.is_empty() {
            ("", ",")
        } else {
            (if items.is_empty() { "" } else { "," }, "")
        };
        edits.push((at..at, format!("{before}{gap}{item}{behind}")));
    }
    let edits: Vec<(Range<usize>, &str)> = edits.iter().map(|(at, new)| (at.clone(), new.as_str())).collect();
    with(text, &edits)
}

/// The text without some items of a list in brackets or braces. Comments beside them stay.
pub(crate) fn without_items(
    text: &str,
    items: &[Range<usize>],
    list: &Range<usize>,
    is_gone: impl Fn(usize) -> bool,
) -> String {
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    for (place, item) in items.iter().enumerate().filter(|(place, _)| is_gone(*place)) {
        let mut gone = item.clone();
        match comma_behind(text, item.end) {
            Some(comma) if text[item.end..comma].trim().is_empty() => gone.end = comma + 1,
            // A comment before its comma stays.
            Some(comma) => edits.push((comma..comma + 1, "")),
            // The last item has no comma of its own: the one before it is removed.
            None if place > 0 => {
                let before = comma_behind(text, items[place - 1].end);
                let before = before.filter(|comma| text[*comma + 1..item.start].trim_matches([' ', '\t']).is_empty());
                gone.start = before.unwrap_or(gone.start);
            }
            None => {}
        }
        let line = text[..gone.start].rfind('\n').map_or(0, |at| at + 1).max(list.start + 1);
        let rest = text[gone.end..].find('\n').map_or(text.len(), |at| gone.end + at + 1);
        let is_alone =
            text[line..gone.start].trim().is_empty() && text[gone.end..rest].trim().is_empty() && rest < list.end;
        if is_alone && line > list.start + 1 {
            gone = line..rest;
        } else if gone.end < text.len()
            && text[gone.end..].starts_with(' ')
            && !text[gone.end..].trim_start_matches(' ').starts_with(['#', ']', '}', '\n', '\r'])
        {
            // The space before the next item.
            gone.end += 1;
        }
        edits.push((gone, ""));
    }
    edits.sort_unstable_by_key(|(at, _)| at.start);
    with(text, &edits)
}

/// A byte order mark, which some editors put at the beginning of a file.
pub(crate) const MARK: char = '\u{FEFF}';

/// What a text says about `hidden`.
enum Hidden {
    Missing,
    /// It is not a list of texts.
    Odd,
    /// The items and the whole list, by their bytes in the text.
    List {
        items: Vec<(String, Range<usize>)>,
        list: Range<usize>,
    },
}

impl Hidden {
    fn find(text: &str) -> Result<Self, toml::de::Error> {
        let bare = text.trim_start_matches(MARK);
        let shift = text.len() - bare.len();
        let document = DeTable::parse(bare)?;
        let moved = |span: Range<usize>| span.start + shift..span.end + shift;
        let Some(value) = document.get_ref().get("hidden") else {
            return Ok(Self::Missing);
        };
        let items = value.get_ref().as_array().and_then(|list| {
            list.iter().map(|item| Some((item.get_ref().as_str()?.to_owned(), moved(item.span())))).collect()
        });
        Ok(items.map_or(Self::Odd, |items| Self::List { items, list: moved(value.span()) }))
    }
}

/// Where the comma after an item is, past white space and comments; `None` if the list ends first.
fn comma_behind(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = &text[at..];
        match rest.chars().next()? {
            ',' => return Some(at),
            '#' => at += rest.find('\n')?,
            c if c.is_whitespace() => at += c.len_utf8(),
            _ => return None,
        }
    }
}

/// The indentation of the line that contains a place.
fn indent_of(text: &str, place: usize) -> &str {
    let line = &text[text[..place].rfind('\n').map_or(0, |at| at + 1)..place];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The line ending that a text uses.
pub(crate) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The text with some ranges replaced; the ranges are in order.
pub(crate) fn with(text: &str, edits: &[(Range<usize>, &str)]) -> String {
    let mut new = String::with_capacity(text.len() + 80);
    let mut at = 0;
    for (range, part) in edits {
        new.push_str(&text[at..range.start]);
        new.push_str(part);
        at = range.end;
    }
    new + &text[at..]
}

/// The text with a gesture appended; `None` if its gestures are written as an inline list, to which no table can be
/// appended.
pub fn add(text: &str, gesture: &Gesture) -> Result<Option<String>, TomlError> {
    let document: DocumentMut = text.trim_start_matches(MARK).parse()?;
    if document.get("gesture").is_some_and(|gestures| !gestures.is_array_of_tables()) {
        return Ok(None);
    }
    let mut own = DocumentMut::new();
    own["gesture"] = Item::ArrayOfTables([table(gesture)].into_iter().collect::<ArrayOfTables>());
    // Appended to the text as it is, so that nothing in it changes.
    let line_end = line_end(text);
    let is_empty = text.trim_start_matches(MARK).is_empty();
    let end = if is_empty || text.ends_with('\n') { "" } else { line_end };
    let gap = if is_empty { "" } else { line_end };
    let own = own.to_string().replace('\n', line_end);
    Ok(Some(format!("{text}{end}{gap}{own}")))
}

/// The gesture as a table, with its fields in the order of the built-in file; absent ones are left out.
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
            // The same with other line ends, and behind a mark.
            let dressed = |text: &str| format!("{MARK}{}", text.replace('\n', "\r\n"));
            if text.contains('\n') {
                assert_eq!(hide(&dressed(text), id).unwrap(), expected.map(dressed));
            }
        }
        check("", "a", Some("hidden = [\"a\"]\n"));
        check("hidden = [\"a\"]\n", "a", None);
        check("hidden = []\n", "a", Some("hidden = [\"a\"]\n"));
        check("hidden = ['a'] # quiet\n", "b", Some("hidden = ['a', \"b\"] # quiet\n"));
        check("hidden = ['a', 'b']\n", "c", Some("hidden = ['a', 'b', \"c\"]\n"));
        check("hidden = ['a', ] # x\n", "b", Some("hidden = ['a', \"b\", ] # x\n"));
        check("hidden = [\n]\n", "a", Some("hidden = [\n  \"a\",\n]\n"));
        check("hidden = [ # mine\n  # none\n]\n", "a", Some("hidden = [ # mine\n  # none\n  \"a\",\n]\n"));
        check(
            "hidden = [\n  'a', # too loud\n  'b', # b\n]\n",
            "c",
            Some("hidden = [\n  'a', # too loud\n  'b', # b\n  \"c\",\n]\n"),
        );
        check("hidden = [\n\t'a' # a\n\t# end\n]\n", "b", Some("hidden = [\n\t'a', # a\n\t# end\n\t\"b\",\n]\n"));
        check("hidden = ['a', # a\n  'b'] # b\n", "c", Some("hidden = ['a', # a\n  'b', \"c\"] # b\n"));
        check(
            "# mine\n[[gesture]]\nid = 'x' # the first\n",
            "a",
            Some("hidden = [\"a\"]\n# mine\n[[gesture]]\nid = 'x' # the first\n"),
        );
        check("hidden = 3\n", "a", None);
        check("hidden = [3]\n", "a", None);
    }

    #[test]
    fn taking_out_of_hiding_leaves_the_rest_alone() {
        #[track_caller]
        fn check(text: &str, id: &str, expected: Option<&str>) {
            assert_eq!(unhide(text, id).unwrap().as_deref(), expected);
            let dressed = |text: &str| format!("{MARK}{}", text.replace('\n', "\r\n"));
            assert_eq!(unhide(&dressed(text), id).unwrap(), expected.map(dressed));
        }
        check("", "a", None);
        check("hidden = ['b']\n", "a", None);
        check("hidden = ['a'] # quiet\n", "a", Some("hidden = [] # quiet\n"));
        check("hidden = ['a', 'b'] # quiet\n", "a", Some("hidden = ['b'] # quiet\n"));
        check("hidden = ['a', 'b']\n", "b", Some("hidden = ['a']\n"));
        check("hidden = ['a', 'b', 'c']\n", "b", Some("hidden = ['a', 'c']\n"));
        check("hidden = ['a', 'b', 'a']\n", "a", Some("hidden = ['b']\n"));
        check("hidden = [\n  'a',\n  'b',\n]\n", "a", Some("hidden = [\n  'b',\n]\n"));
        check("hidden = [\n  'a', # a\n  'b', # b\n]\n", "b", Some("hidden = [\n  'a', # a\n   # b\n]\n"));
        check("hidden = [\n  'a', # a\n  'b'\n]\n", "b", Some("hidden = [\n  'a', # a\n]\n"));
        check("hidden = [\n  'a' # a\n  , 'b'\n]\n", "a", Some("hidden = [\n   # a\n   'b'\n]\n"));
    }

    #[test]
    fn what_is_hidden_and_shown_again_is_the_text_it_was() {
        for text in ["hidden = ['a']\n", "hidden = [\n  'a', # a\n  'b', # b\n]\n", "hidden = ['a', # a\n 'b'] # b\n"] {
            assert_eq!(unhide(&hide(text, "c").unwrap().unwrap(), "c").unwrap().as_deref(), Some(text));
        }
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
