//! The names that other tools and interrupted calls give to files beside a book.

use super::Book;

/// Whether a file's name is what file-sync tools give to the copy of a book that they could not settle:
/// `journal.sync-conflict-….jsonl` (Syncthing), `journal (Ada's conflicted copy 2026-11-22).jsonl`
/// (Dropbox, Nextcloud), `journal_conflict-….jsonl` (ownCloud), `journal 2.jsonl` (iCloud),
/// `journal (1).jsonl` (Google Drive).
pub fn is_conflict_copy(name: &str, book: Book) -> bool {
    let whole = book.file_name();
    let stem = whole.strip_suffix(".jsonl").unwrap_or(whole);
    let Some(middle) = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(".jsonl")) else {
        return false;
    };
    let numbered = middle.strip_prefix(' ').is_some_and(|number| {
        let bare = number.strip_prefix('(').and_then(|number| number.strip_suffix(')')).unwrap_or(number);
        !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())
    });
    numbered || middle.to_lowercase().contains("conflict")
}

/// Whether a file's name is that of a new `file` whose swap was interrupted: `.journal.jsonl.Zk40vVw1Rt.new`.
pub fn is_unfinished_swap(name: &str, file: &str) -> bool {
    name.strip_prefix(&format!(".{file}.")).and_then(|rest| rest.strip_suffix(".new")).is_some_and(is_id)
}

/// Whether a file's name is that of a file that was made for an editor: `entries-Zk40vVw1Rt.toml`.
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
            assert_eq!(is_conflict_copy(name, Book::Journal), expected, "{name}");
        }
        check("journal.sync-conflict-20261122-120000-ABCDEFG.jsonl", true);
        check("journal (Ada's conflicted copy 2026-11-22).jsonl", true);
        check("journal (conflicted copy 2026-11-22 120000).jsonl", true);
        check("journal (Case Conflict).jsonl", true);
        check("journal_conflict-20261122-120000.jsonl", true);
        check("journal 2.jsonl", true);
        check("journal (1).jsonl", true);
        check("journal.jsonl", false);
        check("journal-2025.jsonl", false);
        check("journal .jsonl", false);
        check("journal.jsonl.backup-2026-11-22", false);
        check("plans 2.jsonl", false);
        assert!(is_conflict_copy("plans 2.jsonl", Book::Plans));
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
