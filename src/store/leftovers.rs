//! Recognises files that other tools and interrupted calls have left beside a book, by their names.

use super::Book;

/// Whether a file's name is that of a copy of a book: it has the book's stem in it, and ends as a book does or as
/// copies do. File-sync tools put a computer's name, a date, a number or the word for "conflict" in the user's language
/// around the stem; people write `copy`; editors and `cp` write `.bak`, `.orig` and `~`.
pub fn is_copy(name: &str, book: Book) -> bool {
    let (whole, name) = (book.file_name(), name.to_lowercase());
    let stem = whole.strip_suffix(".jsonl").unwrap_or(whole);
    name != whole && name.contains(stem) && [".jsonl", ".bak", ".orig", "~"].iter().any(|end| name.ends_with(end))
}

/// Whether a file's name is that of a new version of `file` that was being written when the call was interrupted:
/// `.journal.jsonl.Zk40vVw1Rt.new`.
pub fn is_unfinished_swap(name: &str, file: &str) -> bool {
    name.strip_prefix(&format!(".{file}.")).and_then(|rest| rest.strip_suffix(".new")).is_some_and(is_id)
}

/// Whether a file's name is that of a scratch file for an editor: `entries-Zk40vVw1Rt.toml`.
pub fn is_for_an_editor(name: &str) -> bool {
    name.strip_prefix("entries-").and_then(|rest| rest.strip_suffix(".toml")).is_some_and(is_id)
}

fn is_id(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_known_by_their_names() {
        #[track_caller]
        fn check(name: &str, expected: bool) {
            assert_eq!(is_copy(name, Book::Journal), expected, "{name}");
        }
        check("journal.sync-conflict-20261122-120000-ABCDEFG.jsonl", true);
        check("journal (Ada's conflicted copy 2026-11-22).jsonl", true);
        check("journal (Konflikt von Ada 2026-11-22).jsonl", true);
        check("journal-DESKTOP-4F2K.jsonl", true);
        check("Kopie von journal.jsonl", true);
        check("journal copy.jsonl", true);
        check("Journal 2.jsonl", true);
        check("journal (1).jsonl", true);
        check("journal-2025.jsonl", true);
        check("journal.jsonl.bak", true);
        check("journal.jsonl.orig", true);
        check("journal.jsonl~", true);
        check("journal.jsonl", false);
        check("journal.jsonl.backup-2026-11-22", false);
        check("journal.jsonl.rejected", false);
        check(".journal.jsonl.Zk40vVw1Rt.new", false);
        check("plans 2.jsonl", false);
        assert!(is_copy("plans 2.jsonl", Book::Plans));
    }

    #[test]
    fn what_an_interrupted_call_left_is_known_by_its_name() {
        let swap = |name: &str| is_unfinished_swap(name, "journal.jsonl");
        assert!(swap(".journal.jsonl.Zk40vVw1Rt.new"));
        for name in [".journal.jsonl.new", ".plans.jsonl.Zk40vVw1Rt.new", ".journal.jsonl.Zk40vVw1R/.new"] {
            assert!(!swap(name), "{name}");
        }
        assert!(is_for_an_editor("entries-Zk40vVw1Rt.toml"));
        for name in ["entries-.toml", "entries-2025.toml", "gestures.toml", "entries-Zk40vVw1Rt.jsonl"] {
            assert!(!is_for_an_editor(name), "{name}");
        }
    }
}
