//! A book in another shape is offered back whole, one that can't be read is left alone, and an empty one is never well.

use crate::home::Home;

fn done(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}}")
}

fn spread(event: &str) -> String {
    event.replace('{', "{\n  ").replace(',', ",\n  ").replace('}', "\n}").replace(':', ": ")
}

fn private(home: &Home) {
    #[cfg(unix)]
    for (name, mode) in [(".", 0o700), ("journal.jsonl", 0o600)] {
        home.set_mode(name, mode);
    }
}

#[test]
fn events_in_another_shape_come_back_whole() {
    let (a, b, c) = (done("a"), done("b"), done("c"));
    let whole = format!("{a}\n{b}\n{c}\n");
    for (what, text) in [
        ("spread", [&a, &b, &c].map(|event| spread(event) + "\n").concat()),
        ("a list", format!("[{a},{b},{c}]\n")),
        ("a list of lines", format!("[\n{a},\n{b},\n{c}\n]\n")),
        ("a spread list", spread(&format!("[{a},{b},{c}]"))),
        ("glued", format!("{a}{b}\n{c}\n")),
        ("a mark in the middle", format!("{a}\n\u{FEFF}{b}\u{FEFF}{c}\n")),
    ] {
        let home = Home::new();
        home.write("journal.jsonl", &text);
        private(&home);
        let call = home.run(&["doctor"]);
        let out = call.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(call.code == Some(1) && out.contains("in another shape, this one first"), "{what} {out}");
        assert_eq!(home.journal_text(), text, "{what}");
        let fixed = home.ok(&["doctor", "--fix"]);
        assert!(fixed.contains("All is well."), "{what} {fixed}");
        assert_eq!(home.journal_text(), whole, "{what}");
        assert_eq!(home.text("journal.jsonl.backup-2026-11-22"), text, "{what}");
        assert_eq!(home.text("journal.jsonl.rejected"), "", "{what}");
        assert!(home.names().iter().all(|name| !name.contains(".new")), "{what}");
    }
}

#[test]
fn what_is_rejected_keeps_the_order_of_the_file() {
    let home = Home::new();
    let twice = done("a").replace("tone", "uncounted");
    home.write("journal.jsonl", format!("z bad\n{}\n{twice}\na bad\n{}\nm bad\n", done("a"), done("b")));
    private(&home);
    let fixed = home.ok(&["doctor", "--fix"]);
    assert!(fixed.split_whitespace().collect::<Vec<_>>().join(" ").contains("a merge of an older copy"), "{fixed}");
    assert_eq!(home.text("journal.jsonl.rejected"), format!("z bad\n{twice}\na bad\nm bad\n"));
}

#[test]
fn what_may_be_no_journal_is_left_alone() {
    let utf16: Vec<u8> = format!("\u{FEFF}{}\n", done("a")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], &str); 3] = [
        (&utf16, "is written in UTF-16"),
        (b"\x1F\x8B\x08rubbish\nmore\n", "not one of its 2 lines"),
        (b"", "is empty"),
    ];
    for (bytes, says) in cases {
        let home = Home::new();
        home.write("journal.jsonl", bytes);
        private(&home);
        home.write("plans.jsonl", "bad plan\n".to_owned() + &done("p") + "\n");
        for args in [&["doctor"][..], &["doctor", "--fix"]] {
            let call = home.run(args);
            assert!(call.code == Some(1) && call.out.contains(says), "{call:?}");
            assert!(!call.out.contains("All is well"), "{call:?}");
        }
        let kept = std::fs::read(home.journal()).unwrap();
        assert!(kept == bytes || bytes.is_empty(), "{kept:?}");
    }
}

/// What was kept of a book says that there were events in it.
#[test]
fn a_book_that_was_emptied_is_never_well() {
    for gone in [true, false] {
        let home = Home::new();
        home.write("journal.jsonl", done("a") + "\nbad\n");
        private(&home);
        home.ok(&["doctor", "--fix"]);
        std::fs::remove_file(home.journal()).unwrap();
        if !gone {
            home.write("journal.jsonl", "\n");
        }
        let call = home.run(&["doctor"]);
        assert!(call.code == Some(1) && !call.out.contains("All is well"), "{call:?}");
        let backup = home.path().join("journal.jsonl.backup-2026-11-22");
        assert!(call.out.contains(&format!("\n        nudge merge {}\n", backup.display())), "{call:?}");
        home.run(&["merge", backup.to_str().unwrap()]);
        assert!(home.journal_text().contains(&done("a")));
    }
}

#[test]
fn a_copy_of_any_name_is_found_and_its_command_can_be_pasted() {
    for name in [
        "journal (Ada's Konflikt).jsonl",
        "Kopie von journal.jsonl",
        "journal-DESKTOP.jsonl",
        "journal.jsonl.bak",
        "journal.jsonl~",
    ] {
        let home = Home::new();
        home.write("journal.jsonl", done("a") + "\n");
        private(&home);
        home.write(name, done("b") + "\n");
        let call = home.run(&["doctor"]);
        let command = call.out.lines().map(str::trim).find_map(|line| line.strip_prefix("nudge merge "));
        let words = shlex::split(command.unwrap_or_else(|| panic!("{call:?}"))).unwrap();
        assert_eq!(words, [home.path().join(name).to_str().unwrap()]);
        // What only looks like one by its name.
        home.write(name, "a photo\n");
        assert!(home.ok(&["doctor"]).contains("All is well."));
    }
}

#[test]
fn a_folder_is_named_whole() {
    let home = Home::new();
    for (named, code) in [("relative", Some(1)), ("./here", Some(1)), ("~/below", Some(0)), ("~other/x", Some(1))] {
        let mut command = home.command(&["done", "-c", "tone"]);
        let output =
            command.env("NUDGE_DIR", named).env("HOME", home.path()).current_dir(home.path()).output().unwrap();
        let call = crate::home::Call::of(&output);
        assert_eq!(call.code, code, "{named} {call:?}");
        assert!(code == Some(0) || call.err.contains("which is not an absolute path"), "{named} {call:?}");
    }
    assert_eq!(home.names(), ["below"]);
}
