//! The doctor: what is wrong is told, what is safe is mended, and nothing goes without a copy.

use crate::home::Home;

fn done(id: &str, rest: &str) -> String {
    format!("{{\"id\":\"{id}\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"{rest}}}\n")
}

const REST: &str =
    "{\"id\":\"r\",\"day\":\"2026-11-22\",\"event\":\"rest\",\"from\":\"2026-11-22\",\"until\":\"2026-11-23\"}\n";

/// Files as nudge itself leaves them.
fn private(home: &Home) {
    #[cfg(unix)]
    home.set_mode(".", 0o700);
    #[cfg(unix)]
    for name in home.names() {
        if std::fs::symlink_metadata(home.path().join(&name)).unwrap().is_file() {
            home.set_mode(&name, 0o600);
        }
    }
}

#[test]
fn all_is_well_where_nothing_is_wrong_and_nothing_is_written() {
    let home = Home::new();
    private(&home);
    for _ in 0..2 {
        let names = home.names();
        for args in [&["doctor"][..], &["doctor", "--fix"]] {
            assert!(home.ok(args).contains("All is well."));
        }
        assert_eq!(home.names(), names);
        for args in [&["today"][..], &["done", "-m", "x"], &["another"], &["rest"], &["undo"]] {
            home.ok(args);
        }
    }
}

/// One thing that is wrong with the journal: what is said, and the journal and the rejected lines after `--fix`.
#[test]
fn each_wrong_is_told_by_line_and_mended() {
    let (a, b) = (done("a", ""), done("b", ""));
    let windows = format!("{a}{b}").replace('\n', "\r\n");
    let other = done("a", ",\"note\":\"x\"");
    let cases: [(&str, String, &[&str], String, &str); 7] = [
        (
            "bad lines",
            format!("{a}rubbish \u{1B}[31m{}\n{{\n{b}", "x".repeat(99)),
            &["line 2: not JSON: rubbish xxx", "xxx…", "line 3: not JSON: {"],
            format!("{a}{b}"),
            "rubbish",
        ),
        ("a torn end", format!("{a}{{\"id\":\"t"), &["line 2: unfinished: {\"id\":\"t"], a.clone(), "{\"id\":\"t\n"),
        ("twice", format!("{a}{b}{a}"), &["line 3: the same event as line 1"], format!("{a}{b}"), ""),
        ("two versions", format!("{a}{other}"), &["line 2: another version of the event in line 1"], other.clone(), &a),
        ("of Windows", windows, &["line 1: the first of 2 lines with Windows line endings"], format!("{a}{b}"), ""),
        ("a mark", format!("\u{FEFF}{a}"), &["line 1: begins with a byte order mark"], a.clone(), ""),
        ("a rest", format!("{REST}{a}"), &["line 1: belongs in `plans.jsonl`"], a.clone(), ""),
    ];
    for (what, journal, says, mended, rejected) in cases {
        let home = Home::new();
        home.write("journal.jsonl", &journal);
        private(&home);
        let call = home.run(&["doctor"]);
        assert!(call.code == Some(1) && call.err.contains("hint: `nudge doctor --fix`"), "{what} {call:?}");
        assert!(says.iter().all(|say| call.out.contains(say)) && !call.out.contains('\u{1B}'), "{what} {}", call.out);
        assert_eq!(home.journal_text(), journal, "{what}");
        let fixed = home.ok(&["doctor", "--fix"]);
        assert!(fixed.contains("Fixed:") && fixed.contains("All is well."), "{what} {fixed}");
        assert_eq!(home.journal_text(), mended, "{what}");
        assert_eq!(home.text("journal.jsonl.backup-2026-11-22"), journal, "{what}");
        let aside = home.text("journal.jsonl.rejected");
        assert!(aside.contains(rejected) && aside.is_empty() == rejected.is_empty(), "{what} {aside}");
        assert_eq!(home.text("plans.jsonl") == REST, journal.contains(REST), "{what}");
        assert!(!home.ok(&["doctor", "--fix"]).contains("Fixed:"), "{what}");
    }
}

#[test]
fn what_lies_too_far_back_is_put_in_order() {
    let home = Home::new();
    // As nudge writes them, with the moment of writing: lines without one hide nothing.
    let at = |line: String, day: &str| line.replace("\"day\"", &format!("\"at\":\"{day}T08:00:00+01:00\",\"day\""));
    let early = |id: usize| at(done(&format!("e{id}"), "").replace("11-20", "11-01"), "2026-11-01");
    let late = at(done("late", ",\"note\":\"far back\""), "2026-11-20");
    home.write("journal.jsonl", late.clone() + &(0..1500).map(early).collect::<String>());
    private(&home);
    assert!(!home.run(&["journal", "--since", "2026-11-20", "-n", "5"]).out.contains("far back"));
    let call = home.run(&["doctor"]);
    assert!(call.code == Some(1) && call.out.contains("line 1: out of order, so Fri 20 Nov"), "{call:?}");
    home.ok(&["doctor", "--fix"]);
    assert!(home.journal_text().ends_with(&late));
    assert!(home.ok(&["journal", "--since", "2026-11-20"]).contains("far back"));
}

#[test]
fn a_backup_takes_the_place_of_none() {
    let home = Home::new();
    for (number, name) in ["backup-2026-11-22", "backup-2026-11-22-2", "backup-2026-11-22-3"].iter().enumerate() {
        let journal = format!("{}bad {number}\n", done("a", ""));
        home.write("journal.jsonl", &journal);
        home.ok(&["doctor", "--fix"]);
        assert_eq!(home.text(&format!("journal.jsonl.{name}")), journal);
    }
    assert_eq!(home.text("journal.jsonl.rejected"), "bad 0\nbad 1\nbad 2\n");
}

#[test]
fn what_is_only_worth_knowing_is_no_reason_for_an_error() {
    let home = Home::new();
    home.write(
        "journal.jsonl",
        done("a", ",\"gesture\":\"gone-by\"")
            + &done("f", "").replace("2026-11-20", "2036-11-20")
            + "{\"event\":\"sung\"}\n",
    );
    private(&home);
    let out = home.ok(&["doctor"]);
    for says in ["line 2: is for Thu 20 Nov 2036", "entries name `gone-by`", "All is well."] {
        assert!(out.contains(says), "{says}: {out}");
    }
}

#[test]
fn copies_of_file_sync_tools_are_named_with_what_is_new_in_them() {
    let home = Home::new();
    home.write("journal.jsonl", done("a", ""));
    let copy = "journal.sync-conflict-20261122-120000-ABCDEFG.jsonl";
    home.write(copy, done("a", "") + &done("b", ""));
    home.write("journal 2.jsonl", done("a", ""));
    private(&home);
    let call = home.run(&["doctor"]);
    let out = call.out.replace("\n      ", " ");
    assert!(call.code == Some(1) && out.contains("with 1 event that you don't have here"), "{out}");
    assert!(out.contains("journal 2.jsonl` looks like another copy of it, with nothing new in it"), "{out}");
    // To be pasted as it stands, however long it is.
    assert!(
        call.out.contains(&format!("\n        nudge merge {}\n", home.path().join(copy).display())),
        "{}",
        call.out
    );
    home.ok(&["merge", home.path().join(copy).to_str().unwrap()]);
    let out = home.ok(&["doctor"]);
    assert!(out.contains("It can be deleted."), "{out}");
}

#[test]
fn wrong_settings_and_gestures_are_told_with_all_else() {
    let home = Home::new();
    home.write("config.toml", "swap = 3\n[weights]\n");
    private(&home);
    home.write("gestures.toml", "[[gesture]]\nid = 'mine'\ncategory = 'tone'\n");
    let call = home.run(&["doctor"]);
    assert_eq!(call.code, Some(1));
    for says in ["line 1: column 1: unknown key `swap`", "line 1: column 1: this [[gesture]] has no `do`"] {
        assert!(call.out.contains(says), "{says}: {}", call.out);
    }
    // These are their owner's to mend.
    assert!(!call.err.contains("--fix") && home.run(&["doctor", "--fix"]).code == Some(1), "{}", call.err);
    home.write("config.toml", "[weights]\nkindness = 2\n");
    assert!(home.run(&["doctor"]).out.contains("weighs `kindness` in line 2"));
}

#[test]
fn the_report_as_json() {
    let home = Home::new();
    home.write("journal.jsonl", done("a", "") + "bad\n");
    private(&home);
    let call = home.run(&["doctor", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&call.out).unwrap();
    assert_eq!((call.code, report["well"].as_bool()), (Some(1), Some(false)));
    let finding = &report["files"][2]["findings"][0];
    assert_eq!((finding["line"].as_u64(), finding["wrong"].as_bool()), (Some(2), Some(true)));
    let fixed = home.json(&["doctor", "--fix"]);
    assert!(fixed["well"] == true && fixed["mended"].as_array().unwrap().len() == 3, "{fixed}");
}

#[cfg(unix)]
mod unix {
    use std::process::Command;

    use super::*;

    #[test]
    fn what_others_could_read_is_told_and_closed() {
        let home = Home::new();
        home.write("journal.jsonl", done("a", "") + "bad\n");
        for (file, folder, says) in [
            (0o640, 0o755, ["! `FILE` can be read by others", "· `FOLDER` can be looked into by others"]),
            (0o602, 0o770, ["! `FILE` can be changed by others", "! `FOLDER` can be changed by others"]),
        ] {
            home.set_mode("journal.jsonl", file);
            home.set_mode(".", folder);
            let out = home.run(&["doctor"]).out.replace("\n      ", " ");
            let (file, folder) = (home.journal(), home.path().to_owned());
            for say in says {
                let say = say.replace("FILE", file.to_str().unwrap()).replace("FOLDER", folder.to_str().unwrap());
                assert!(out.contains(&say), "{say} {out}");
            }
        }
        // Others may have put into such a folder what is theirs: it is told, and left as it is.
        let call = home.run(&["doctor", "--fix"]);
        assert!(
            call.code == Some(1) && call.out.contains(&format!("\n        chmod go-rwx {}\n", home.path().display()))
        );
        assert_eq!((home.mode("journal.jsonl"), home.mode(".")), (0o600, 0o770), "{call:?}");
        home.set_mode(".", 0o755);
        home.write("journal.jsonl", done("a", "") + "bad\n");
        home.ok(&["doctor", "--fix"]);
        for name in ["journal.jsonl", "journal.jsonl.backup-2026-11-22", "journal.jsonl.rejected"] {
            assert_eq!(home.mode(name), 0o600, "{name}");
        }
        assert_eq!(home.mode("."), 0o700);
        // What the user writes holds no person's name: it may be read, as an editor leaves it, and not changed.
        home.write("config.toml", "swaps = 2\n");
        for (mode, wrong) in [(0o644, false), (0o664, true)] {
            home.set_mode("config.toml", mode);
            assert_eq!(home.run(&["doctor"]).code, Some(i32::from(wrong)));
        }
        home.ok(&["doctor", "--fix"]);
        assert_eq!(home.mode("config.toml"), 0o600);
    }

    #[test]
    fn what_is_no_file_is_told_and_left() {
        for (make, says) in [("mkfifo", "is a FIFO"), ("mkdir", "is a folder")] {
            for name in ["journal.jsonl", "plans.jsonl", "config.toml", "gestures.toml"] {
                let home = Home::new();
                assert!(Command::new(make).arg(home.path().join(name)).status().unwrap().success());
                for args in [&["doctor"][..], &["doctor", "--fix"]] {
                    let call = home.run(args);
                    assert!(call.code == Some(1) && call.out.contains(says), "{name} {call:?}");
                }
            }
        }
    }

    /// Neither a backup nor the lines set aside fit: the journal stays as it is.
    #[test]
    fn nothing_is_mended_where_no_copy_can_be_kept() {
        let home = Home::new();
        let journal = done("a", &format!(",\"note\":\"{}\"", "x".repeat(3000))) + "bad\n";
        home.write("journal.jsonl", &journal);
        private(&home);
        let script = format!("ulimit -f 1; trap '' XFSZ; exec {} doctor --fix", env!("CARGO_BIN_EXE_nudge"));
        let mut command = Command::new("bash");
        command.args(["-c", &script]).env_clear().env("NUDGE_DIR", home.path()).env("NUDGE_NOW", &home.now);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!((home.journal_text(), home.names()), (journal, vec!["journal.jsonl".into(), "nudge.lock".into()]));
    }

    #[test]
    fn what_an_interrupted_swap_left_is_removed() {
        let home = Home::new();
        home.seen(&["done"]);
        let before = home.names();
        for left in [".journal.jsonl.Zk40vVw1Rt.new", ".plans.jsonl.Zk40vVw1Rt.new", ".gestures.toml.Zk40vVw1Rt.new"] {
            home.write(left, "half");
            let call = home.run(&["doctor"]);
            assert!(call.code == Some(1) && call.out.contains("interrupted"), "{left} {call:?}");
            home.ok(&["doctor", "--fix"]);
            assert_eq!(home.names(), before);
        }
    }

    /// It may be open in an editor, or hold what was changed in one: it is named, and left alone.
    #[test]
    fn a_file_that_an_editor_was_given_is_named() {
        let home = Home::new();
        home.seen(&["done"]);
        let before = home.names();
        // What was saved can't be read, and there is no terminal to ask in: the file stays.
        let editor = home.command(&["journal", "--edit"]).env("VISUAL", "sh -c 'echo bad >> \"$0\"'").output().unwrap();
        assert_eq!(editor.status.code(), Some(1));
        let left = home.names().into_iter().find(|name| !before.contains(name)).unwrap();
        private(&home);
        for args in [&["doctor"][..], &["doctor", "--fix"]] {
            let said = home.ok(args).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("was left by `nudge journal --edit`") && said.contains("All is well."), "{said}");
        }
        assert!(home.names().contains(&left));
    }

    #[test]
    fn what_is_too_much_to_be_told_is_counted() {
        let home = Home::new();
        home.write("journal.jsonl", done("a", "") + &"bad\n".repeat(1500));
        private(&home);
        let call = home.run(&["doctor"]);
        assert!(call.out.contains("and 1497 more lines like this"), "{}", call.out);
        assert!(call.err.contains("1500 things need fixing"), "{}", call.err);
        let home = Home::new();
        home.write("config.toml", "bad\n".repeat(300));
        assert!(home.run(&["doctor"]).err.contains("101 things need fixing"));
        assert_eq!(home.run(&["today"]).err.matches("config.toml:").count(), 101);
    }
}
