//! What Tab brings: in real bash, zsh, fish, nushell and elvish, in a real terminal.

use crate::home::Home;
use crate::tmux::{COMPINIT, READY, Shell, Terminal, in_shell};

/// Names that a shell could trip over.
const NAMES: [&str; 9] =
    ["Aunt May", "O'Brien", "Dr: Who", "*", "$(touch x)", "José 🌻", "Q\"uote", "back\\slash", "semi;colon"];

/// A home where people were named, and a shell in it that completes.
#[track_caller]
fn with_people(shell: Shell) -> Option<(Home, Terminal)> {
    let home = Home::new();
    for name in NAMES {
        home.ok(&["done", "-c", "tone", "-w", name]);
    }
    home.ok(&["today"]);
    let terminal = in_shell(&home, shell, "", shell.compinit())?;
    Some((home, terminal))
}

/// Each name typed as far as it needs to be, completed, and logged: what arrives in the journal is the name.
#[test]
fn names_are_inserted_as_they_are_and_nothing_in_them_is_run() {
    for shell in Shell::ALL {
        // What is typed before Tab, open quotes too. Nushell and elvish have no backslash outside of quotes.
        let typed: &[(&str, usize)] = match shell {
            Shell::Bash | Shell::Zsh | Shell::Fish => &[
                ("A", 0),
                ("\"Au", 0),
                ("'Aunt M", 0),
                ("Aunt\\ M", 0),
                ("O", 1),
                ("\"O", 1),
                ("D", 2),
                ("\"Dr:", 2),
                ("Dr:", 2),
                ("\"*", 3),
                ("\\$", 4),
                ("'$(", 4),
                ("\"\\$(", 4),
                ("J", 5),
                ("'Q", 6),
                ("\"Q", 6),
                ("b", 7),
                ("\"b", 7),
                ("s", 8),
                ("'semi;", 8),
            ],
            _ => &[("A", 0), ("'Au", 0), ("O", 1), ("D", 2), ("'$", 4), ("J", 5), ("Q", 6), ("b", 7), ("s", 8)],
        };
        let Some((home, terminal)) = with_people(shell) else {
            continue;
        };
        for (text, name) in typed {
            let before = home.count("done");
            let line = format!("nudge done -c names -w {text}");
            terminal.type_in(&line).press("Tab");
            let screen = terminal.wait_until("completed name", |screen| screen.trim_end() != format!("{READY} {line}"));
            if shell == Shell::Elvish {
                terminal.press("Enter"); // takes the candidate
            }
            terminal.run();
            assert_eq!(home.count("done"), before + 1, "{shell:?}: {text}\n{screen}");
            let last = home.journal_text().lines().last().unwrap().to_owned();
            let last: serde_json::Value = serde_json::from_str(&last).unwrap();
            assert_eq!(last["with"], serde_json::json!([NAMES[*name]]), "{shell:?}: {text}\n{screen}");
        }
        assert!(!home.path().join("x").exists(), "{shell:?}");
    }
}

/// What a list has to show: each candidate with what it is.
#[test]
fn tab_lists_what_there_is_with_what_it_is() {
    let catalogue = "builtin = false\n\
        [[category]]\nid = \"tone\"\nname = \"tone\"\nabout = \"How you say things.\"\n\
        [[gesture]]\nid = \"soft-one\"\ncategory = \"tone\"\ndo = \"Speak softly.\"\n\
        [[gesture]]\nid = \"soft-two\"\ncategory = \"tone\"\ndo = \"Speak slowly.\"\n";
    for shell in Shell::ALL {
        let home = Home::new();
        home.write("gestures.toml", catalogue);
        home.ok(&["done", "-c", "tone", "-w", "Sam"]);
        home.ok(&["done", "-c", "tone", "-w", "Ada"]);
        home.ok(&["remember", "Sam", "the move", "--on", "thu"]);
        let Some(terminal) = in_shell(&home, shell, "", shell.compinit()) else {
            continue;
        };
        terminal.clear();
        let files = ["journal.jsonl", "plans.jsonl"];
        for (line, shown) in [
            ("done ", &["soft-one", "Speak softly", "Speak slowly", "Sam: the move, on Thu 26 Nov"][..]),
            ("done -w ", &["Sam", "Ada", "1 gesture, today"]),
            ("done --on ", &["yesterday", "Sat 21 Nov", "thu", "Thu 19 Nov"]),
            ("rest --until ", &["tomorrow", "Mon 23 Nov", "thu", "Thu 26 Nov"]),
            ("catalogue show ", &["soft-two", "Speak slowly"]),
            ("undo ", &["today: tone, with Ada", "Sam: the move"]),
            ("week 2026-W4", &["16–22 November", "2026-W46"]),
            ("journal -", &["--since", "From this day on"]),
            ("config set s", &["swaps", "suggest_people"]),
            ("init ", &["nushell", "elvish"]),
        ] {
            terminal.type_in(&format!("nudge {line}")).press("Tab");
            if matches!(shell, Shell::Zsh | Shell::Elvish) {
                terminal.press("Tab"); // the first may insert what all have in common
            }
            if shell == Shell::Bash {
                // It inserts what all have in common, and lists them only when nothing more is left to insert.
                terminal.press("Tab").press("Tab");
            }
            let what = format!("list of `{line}` in {shell:?}");
            let screen = terminal.wait_until(&what, |screen| shown.iter().all(|shown| screen.contains(shown)));
            assert!(!files.iter().any(|file| screen.contains(file)), "{shell:?}: {screen}");
            terminal.cancel();
        }
    }
}

/// Files are the shell's own business.
#[test]
fn files_are_completed_by_the_shell() {
    for shell in Shell::ALL {
        let Some((home, terminal)) = with_people(shell) else {
            continue;
        };
        terminal.clear();
        home.write("a copy (1).jsonl", home.journal_text());
        for (line, shown) in [("merge jour", "merge journal.jsonl"), ("catalogue check jour", "check journal.jsonl")] {
            terminal.type_in(&format!("nudge {line}")).press("Tab");
            terminal.wait_for(shown);
            terminal.cancel();
        }
        if shell == Shell::Elvish {
            continue; // takes a candidate only after one more key, which the others don't need
        }
        terminal.type_in("nudge merge a").press("Tab");
        terminal.wait_for("(1");
        terminal.press("Enter");
        terminal.wait_for("Nothing new");
    }
}

/// The files of a package: found by each shell where it looks for them, and silent.
#[test]
fn completions_are_found_where_a_package_puts_them() {
    for shell in Shell::ALL {
        if shell.program().is_none() {
            continue;
        }
        let home = Home::new();
        let bash_completion = "/usr/share/bash-completion/bash_completion";
        let (file, line) = match shell {
            Shell::Bash => (".local/share/bash-completion/completions/nudge", format!(". {bash_completion}\n")),
            Shell::Zsh => ("functions/_nudge", format!("fpath=(~/functions $fpath)\n{COMPINIT}")),
            Shell::Fish => (".local/share/fish/vendor_completions.d/nudge.fish", String::new()),
            Shell::Nushell => (".local/share/nushell/vendor/autoload/nudge.nu", String::new()),
            Shell::Elvish => (".config/elvish/lib/nudge-completions.elv", "use nudge-completions\n".to_owned()),
        };
        if shell == Shell::Bash && !std::path::Path::new(bash_completion).exists() {
            eprintln!("bash-completion is not here: how it finds the completions is not tried");
            continue;
        }
        std::fs::create_dir_all(home.path().join(file).parent().unwrap()).unwrap();
        home.write(file, home.ok_by_name(&["completions", shell.name()]));
        shell.set_up(&home, &line);
        let Some(terminal) = Terminal::start(&home, shell) else {
            continue;
        };
        assert_eq!(terminal.wait_for(READY), READY, "{shell:?}");
        for _ in 0..2 {
            terminal.type_in("nudge catalogue show turn-hands-").press("Tab");
            terminal.wait_for("show turn-hands-off");
            terminal.cancel();
        }
        assert!(!home.journal().exists(), "{shell:?}");
    }
}

/// What a shell is answered where a file is wrong or missing: what is left, and not a word about it.
#[test]
fn broken_files_are_passed_over_in_silence() {
    let ask = |home: &Home, set: &[(&str, &str)], words: &[&str]| {
        let before = home.names();
        let mut command = home.command(words);
        let output = command.env("NUDGE_COMPLETE", "fish").envs(set.iter().copied()).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{set:?} {words:?}");
        assert_eq!(output.status.code(), Some(0), "{set:?} {words:?}");
        assert_eq!(home.names(), before, "{set:?} {words:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let home = Home::new();
    for words in [&["nudge", "done", ""][..], &["nudge", "done", "-w", ""], &["nudge", "undo", ""]] {
        ask(&home, &[], words);
    }
    home.write("config.toml", "day_starts = 4\nno = \n");
    home.write("gestures.toml", "[[gesture]]\nid = 3\n");
    home.write("plans.jsonl", "\u{FFFD}\n{\"event\":\n");
    home.write("journal.jsonl", b"\xFF\xFE\n{\"day\":\"2026-11-21\",\"event\":\"done\",\"category\":\"tone\",\"with\":[\"Sam\",\"T\\tab\",\"E\\u001b[31m\"]}\nnot\n");
    assert!(ask(&home, &[], &["nudge", "done", "turn-ha"]).contains("turn-hands-off\t"));
    assert_eq!(ask(&home, &[], &["nudge", "done", "-w", ""]), "Sam\t1 gesture, yesterday\n");
    // A line that somebody wrote by hand has no id that could be typed.
    assert_eq!(ask(&home, &[], &["nudge", "amend", ""]).lines().find(|line| line.contains("tone")), None);
    assert_eq!(ask(&home, &[("NUDGE_NOW", "soon")], &["nudge", "done", "-w", ""]), "");
    assert_eq!(ask(&home, &[("NUDGE_DIR", "here")], &["nudge", "done", "-w", ""]), "");
    assert!(ask(&home, &[("NUDGE_NOW", "soon")], &["nudge", "jour"]).starts_with("journal\t"));
    for words in [&[][..], &["nudge"], &["nudge", "no-such", ""], &["nudge", "done", "--no-such=", "-w"]] {
        ask(&home, &[], words);
    }
    // Somebody else's variable: nudge is nudge.
    let other = home.command(&["--version"]).env("NUDGE_COMPLETE", "1").output().unwrap();
    assert!(String::from_utf8(other.stdout).unwrap().starts_with("nudge "));
}
