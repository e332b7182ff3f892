//! Bad input and bad disks: a clear sentence, the right exit code, nothing lost.

use std::fs;
use std::process::Command;

use crate::home::{Call, Home};

/// Files that can't be read as they are: each call still works, names the line, and keeps every byte.
#[test]
fn what_cannot_be_read_is_named_and_kept() {
    let good = r#"{"id":"good","day":"2026-11-21","event":"done","category":"tone","note":"kept"}"#;
    let rubbish: [(&str, &[u8], usize); 7] = [
        ("binary", b"\x00\x01\x02\xFE", 1),
        ("invalid UTF-8", b"{\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"\xFF\"}", 1),
        ("half an object", b"{\"day\":", 1),
        ("no event", b"{\"day\":\"2026-11-22\"}", 1),
        ("carriage return", b"{\"id\":\"x\",\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"tone\"}\r", 0),
        ("to come", b"{\"id\":\"x\",\"day\":\"2099-01-01\",\"event\":\"done\",\"category\":\"tone\"}", 0),
        (
            "gesture that is gone",
            b"{\"id\":\"x\",\"day\":\"2026-11-22\",\"event\":\"done\",\"gesture\":\"gone\",\"category\":\"old\"}",
            0,
        ),
    ];
    for (what, line, warnings) in rubbish {
        let home = Home::new();
        let before = [good.as_bytes(), b"\n", line, b"\n"].concat();
        home.write("journal.jsonl", &before);
        for args in [&["today"][..], &["week"], &["journal"], &["done", "-c", "names"], &["undo"], &["another"]] {
            let call = home.run(args);
            assert_eq!(call.code, Some(0), "{what} {args:?} {call:?}");
            assert_eq!(call.err.matches("journal.jsonl:2: ").count(), warnings, "{what} {args:?} {call:?}");
        }
        assert!(home.run(&["journal"]).out.contains("kept"));
        assert!(fs::read(home.journal()).unwrap().starts_with(&before), "{what}");
    }
}

#[test]
fn a_torn_last_line_is_passed_over_and_then_closed() {
    let home = Home::new();
    home.write("journal.jsonl", "{\"id\":\"torn\",\"day\":\"2026-1");
    assert!(home.ok(&["today", "--brief"]).starts_with('○'));
    home.ok(&["today"]);
    let call = home.run(&["done"]);
    assert_eq!(call.code, Some(0));
    assert!(home.journal_text().starts_with("{\"id\":\"torn\",\"day\":\"2026-1\n{"));
    assert!(home.run(&["week"]).err.contains("journal.jsonl:1: not JSON"));
}

#[test]
fn many_bad_lines_cost_three_warnings_and_a_count() {
    let home = Home::new();
    home.write("journal.jsonl", "x\n".repeat(9));
    let call = home.run(&["journal"]);
    assert_eq!(call.err.lines().count(), 4);
    assert!(call.err.contains("6 more lines like this"), "{}", call.err);
    for quiet in ["--brief", "--once"] {
        assert_eq!(home.run(&["today", quiet]).err, "");
    }
}

#[test]
fn a_line_of_ten_megabytes_is_a_line() {
    let home = Home::new();
    let long = format!(
        "{{\"id\":\"long\",\"day\":\"2026-11-22\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{}\"}}\n",
        "x".repeat(10 << 20)
    );
    home.write("journal.jsonl", &long);
    assert_eq!(home.json(&["week"])["done_days"], 1);
    home.seen(&["done"]);
    assert!(home.journal_text().starts_with(&long));
    home.write("journal.jsonl", [&vec![b'#'; 10 << 20], "\n".as_bytes()].concat());
    assert!(home.run(&["today"]).err.contains("journal.jsonl:1: not JSON"));
}

#[test]
fn text_from_files_cannot_disturb_the_terminal() {
    let home = Home::new();
    let evil = "Sam\u{1B}[31m\u{1B}]0;title\u{7}\u{202E}\u{200B}\u{9B}2J";
    home.seen(&["done", "-w", evil, "-m", evil]);
    let file = home.journal_text();
    assert!(file.contains(r"Sam\u001b[31m\u001b]0;title\u0007\u202e\u200b\u009b2J"), "{file}");
    for args in [&["journal"][..], &["week"], &["journal", "--json"], &["week", "--json"], &["done", "-m", evil]] {
        let out = home.run(args).out;
        assert!(
            !out.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202E}' || c == '\u{200B}')),
            "{args:?} {out:?}"
        );
    }
    home.write("gestures.toml", "[[gesture]]\nid = 'x'\ncategory = 'tone'\ndo = \"Do \\u001B[2Jit \\u202E now.\"\nwhere = ['home', 'text']\n[[category]]\nid = 'tone'\nname = \"to\\u001B[5mne\"\n");
    let out = home.ok(&["done", "x"]);
    assert!(out.contains("Do it  now.") && !out.contains('\u{1B}'), "{out:?}");
}

#[test]
fn a_wrong_config_is_named_and_only_records_go_on() {
    let home = Home::new();
    home.write("config.toml", "swap = 3\n\ndays_per_week = 9\n[weights]\ntone = true\n");
    for args in [&["today"][..], &["week"], &["journal"], &["another"]] {
        let call = home.run(args);
        assert_eq!(call.code, Some(1));
        for problem in [
            "config.toml:1:1: unknown key `swap`",
            "config.toml:3:17: `days_per_week` is 9, expected 1 to 7",
            "config.toml:5:8: `tone`",
        ] {
            assert!(call.err.contains(problem), "{problem}: {}", call.err);
        }
    }
    for args in [&["done", "-c", "tone"][..], &["rest"], &["undo"]] {
        let call = home.run(args);
        assert!(call.code == Some(0) && call.err.contains("using the defaults"), "{call:?}");
    }
    home.write("config.toml", "[weights]\nkindness = 2\n");
    let wrong = "config.toml:2:1: `[weights]` names `kindness`";
    let call = home.run(&["another"]);
    assert!(call.code == Some(1) && call.err.contains(wrong), "{call:?}");
    assert!(call.err.contains("expected `turning-toward`, ") && call.err.contains(" or `appreciation`"), "{call:?}");
    // Nothing that is to be recorded is stopped by it, and each call says so once.
    for args in [&["done", "-c", "tone"][..], &["rest"], &["undo"]] {
        let call = home.run(args);
        assert!(call.code == Some(0) && call.err.matches(wrong).count() == usize::from(args[0] != "rest"), "{call:?}");
    }
}

#[test]
fn of_many_slips_in_a_catalogue_the_first_are_shown_beside_a_prompt() {
    let home = Home::new();
    let check = |slips: usize, shown: usize, more: &str, all: &str| {
        home.write("gestures.toml", "bad\n".repeat(slips));
        let call = home.run(&["today"]);
        assert_eq!((call.code, call.err.matches("gestures.toml:").count()), (Some(0), shown), "{}", call.err);
        assert!(call.err.contains(more), "{}", call.err);
        let check = home.run(&["catalogue", "check"]);
        assert!(check.code == Some(1) && check.err.contains(all), "{}", check.err);
    };
    check(8, 8, "left out until this is fixed", "has 8 problems\n");
    check(9, 8, "1 more problem; `nudge catalogue check` shows them", "has 9 problems\n");
    check(100, 8, "92 more problems", "has 100 problems\n");
    check(101, 8, "93 more problems", "has 100 problems or more\n");
}

#[test]
fn a_wrong_catalogue_is_named_and_left_out() {
    let home = Home::new();
    home.write(
        "gestures.toml",
        "[[gesture]]\nid = 'Bad Id'\ncategory = 'nowhere'\ndo = 'x'\nmood = 1\n\n[[gesture]]\nid = 'a'\ncategory = 'tone'\nlevel = 4\nevidence = ['none1999']\n",
    );
    let call = home.run(&["today"]);
    assert_eq!(call.code, Some(0));
    for problem in [
        "gestures.toml:2:6: `id` is `Bad Id`, expected lowercase letters, digits and hyphens",
        "gestures.toml:3:12: `category` is `nowhere`, expected one of `turning-toward`",
        "gestures.toml:5:1: unknown key `mood`",
        "gestures.toml:7:1: this [[gesture]] has no `do`",
        "gestures.toml:10:9: `level` is 4, expected 1 to 3",
        "your own gestures are left out until this is fixed",
    ] {
        assert!(call.err.contains(problem), "{problem}: {}", call.err);
    }
}

/// A slip in the user's own file must not turn what was done into something else.
#[test]
fn todays_own_gesture_stands_while_the_file_is_wrong() {
    let home = Home::new();
    let file = "[[category]]\nid = 'play'\nname = 'play'\n[[gesture]]\nid = 'mine'\ncategory = 'play'\ndo = 'Mine.'\n";
    home.write("gestures.toml", file);
    home.ok(&["today", "-c", "play"]);
    home.write("gestures.toml", format!("{file}oops\n"));
    assert_eq!(home.run(&["today"]).code, Some(0));
    assert_eq!(home.run(&["done"]).code, Some(0));
    let text = home.journal_text();
    assert_eq!((text.lines().count(), text.matches("\"gesture\":\"mine\"").count()), (2, 2), "{text}");
}

#[test]
fn a_catalogue_that_cannot_be_read_stops_nothing() {
    let home = Home::new();
    home.write("gestures.toml", b"hidden = [\"\xFF\"]\n");
    for args in [&["today"][..], &["done"], &["week"], &["catalogue", "list", "-c", "tone"]] {
        let call = home.run(args);
        assert!(call.code == Some(0) && call.err.matches("is not UTF-8 in line 1").count() == 1, "{args:?} {call:?}");
    }
}

#[test]
fn the_users_catalogue_adds_replaces_and_hides() {
    let home = Home::new();
    let built_in: Vec<String> = {
        let tone = home.run(&["done", "tone-"]).err;
        tone.split('`').filter(|word| word.starts_with("tone-") && word.len() > 5).map(str::to_owned).collect()
    };
    assert!(built_in.len() > 4, "{built_in:?}");
    home.write("gestures.toml", "hidden = ['thank-trait']\n[[category]]\nid = 'play'\nname = 'play'\n[[gesture]]\nid = 'play-joke'\ncategory = 'play'\ndo = 'Tell a joke.'\n");
    let today = home.json(&["today", "-c", "play"]);
    assert_eq!((today["gesture"]["id"].as_str(), today["gesture"]["when"].as_str()), (Some("play-joke"), None));
    assert!(home.seen(&["done"]).contains("Tell a joke."));
    let week = home.json(&["week"]);
    assert!(
        week["categories"].as_array().unwrap().iter().any(|category| category["id"] == "play" && category["done"] == 1)
    );
}

#[test]
fn a_prompt_that_has_left_the_catalogue_is_drawn_again() {
    let home = Home::new();
    home.write("gestures.toml", "[[gesture]]\nid = 'mine'\ncategory = 'tone'\ndo = 'Mine.'\n[[category]]\nid = 'play'\nname = 'play'\n[[gesture]]\nid = 'play-joke'\ncategory = 'play'\ndo = 'Tell a joke.'\n");
    home.ok(&["today", "-c", "play"]);
    home.write("gestures.toml", "");
    let today = home.json(&["today"]);
    assert_ne!(today["gesture"]["id"], "play-joke");
    assert_eq!((today["swaps_left"].as_u64(), home.count("offered"), home.count("swapped")), (Some(3), 2, 1));
    assert_eq!(home.json(&["today"]), today);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &std::path::Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn files_are_their_owners_alone_whatever_the_umask() {
        for umask in ["000", "022", "077"] {
            let home = Home::new();
            let folder = home.path().join("new");
            let run = |args: &str| {
                let script = format!("umask {umask}; exec {} {args}", env!("CARGO_BIN_EXE_nudge"));
                let output = Command::new("sh")
                    .args(["-c", &script])
                    .env("NUDGE_DIR", &folder)
                    .env("NUDGE_NOW", &home.now)
                    .output()
                    .unwrap();
                assert_eq!(Call::of(&output).code, Some(0));
            };
            run("today");
            run("done");
            run("rest");
            assert_eq!(mode(&folder), 0o700);
            for name in ["journal.jsonl", "plans.jsonl", "nudge.lock"] {
                assert_eq!(mode(&folder.join(name)), 0o600, "{name} {umask}");
            }
        }
    }

    /// The journal on a full disk, which as a device also has no end when read.
    #[test]
    fn a_full_disk_takes_nothing_and_gives_the_note_back() {
        let home = Home::new();
        symlink("/dev/full", home.journal()).unwrap();
        let call = home.run(&["done", "-m", "about the move"]);
        assert_eq!(call.code, Some(1));
        assert!(call.err.contains("not logged: can't write"), "{}", call.err);
        assert!(call.err.contains("hint: free some space"), "{}", call.err);
        // A device keeps nothing of it.
        assert!(!call.err.contains("stays behind"), "{}", call.err);
        assert!(
            call.err.contains("No space left on device") && call.err.contains("your note: about the move"),
            "{}",
            call.err
        );
        assert!(!call.out.contains("Logged."));
        let call = home.run(&["today"]);
        assert!(call.code == Some(0) && call.out.contains("nudge done"), "{call:?}");
        assert!(call.err.contains("today's prompt is not recorded"), "{}", call.err);
        assert_eq!(home.run(&["another"]).code, Some(0));
        assert_eq!(home.run(&["week"]).code, Some(0));
    }

    #[test]
    fn a_write_that_stops_half_way_is_cut_back() {
        let home = Home::new();
        home.ok(&["done", "-c", "tone"]);
        let before = home.journal_text();
        // The limit is in blocks of 512 or 1024 bytes; the signal is ignored so that the write fails instead.
        let script = format!(
            "ulimit -f 1; trap '' XFSZ; exec {} done -c names -m {}",
            env!("CARGO_BIN_EXE_nudge"),
            "x".repeat(5000)
        );
        let output = Command::new("bash")
            .args(["-c", &script])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("NUDGE_DIR", home.path())
            .env("NUDGE_NOW", &home.now)
            .output()
            .unwrap();
        let call = Call::of(&output);
        assert!(call.code == Some(1) && call.err.contains("not logged"), "{call:?}");
        assert_eq!(home.journal_text(), before);
    }

    #[test]
    fn what_is_no_file_is_refused_without_waiting() {
        for (make, named) in [("mkfifo", "is a FIFO"), ("mkdir", "is a folder")] {
            for name in ["journal.jsonl", "plans.jsonl", "config.toml", "gestures.toml"] {
                let home = Home::new();
                assert!(Command::new(make).arg(home.path().join(name)).status().unwrap().success());
                let args = if name == "plans.jsonl" { &["week"][..] } else { &["today"][..] };
                let call = home.run(args);
                // The built-in gestures are there without the user's own.
                let code = i32::from(name != "gestures.toml");
                assert!(call.code == Some(code) && call.err.contains(named), "{name} {call:?}");
            }
        }
    }

    #[test]
    fn a_linked_journal_is_followed_and_never_replaced() {
        let home = Home::new();
        let elsewhere = tempfile::tempdir().unwrap();
        let real = elsewhere.path().join("mine.jsonl");
        symlink(&real, home.journal()).unwrap();
        // A link to nothing may be one to a disk that is missing.
        assert_eq!(home.run(&["done"]).code, Some(1));
        fs::write(&real, "").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        home.seen(&["done"]);
        assert!(fs::symlink_metadata(home.journal()).unwrap().is_symlink());
        assert_eq!((fs::read_to_string(&real).unwrap().lines().count(), mode(&real)), (2, 0o640));
    }

    #[test]
    fn a_folder_that_cannot_be_made_still_shows_a_prompt() {
        let home = Home::new();
        home.write("file", "");
        let call = |args: &[&str]| {
            Call::of(&home.command(args).env("NUDGE_DIR", home.path().join("file/inside")).output().unwrap())
        };
        let first = call(&["today"]);
        assert_eq!(first.code, Some(1), "a file where a folder should be: {first:?}");
        // As another user than the owner, where the test runs as root.
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let mut command = if running_as_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_nudge")]);
            command
        } else {
            Command::new(env!("CARGO_BIN_EXE_nudge"))
        };
        command.env("NUDGE_DIR", home.path()).env("NUDGE_NOW", &home.now).env("LANG", "C.UTF-8");
        let today = Call::of(&command.arg("today").output().unwrap());
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(today.code == Some(0) && today.out.contains("nudge done"), "{today:?}");
        assert!(today.err.contains("not recorded") && today.err.contains("Permission denied"), "{today:?}");
    }

    fn running_as_root() -> bool {
        let output = Command::new("id").arg("-u").output().unwrap();
        output.stdout == b"0\n"
    }

    #[test]
    fn many_first_calls_at_once_write_one_offer() {
        let home = Home::new();
        let calls: Vec<_> =
            (0..16).map(|_| home.command(&["today"]).stdout(std::process::Stdio::null()).spawn().unwrap()).collect();
        for mut call in calls {
            assert!(call.wait().unwrap().success());
        }
        assert_eq!((home.count("offered"), home.journal_text().lines().count()), (1, 1));
    }
}

#[test]
fn a_home_that_is_unset_is_said_or_found() {
    let home = Home::new();
    let mut command = home.command(&["today", "--brief"]);
    command.env_remove("NUDGE_DIR").env_remove("HOME");
    let call = Call::of(&command.output().unwrap());
    // The system may know the home by the user; if not, the hint says what to set.
    assert!(call.code == Some(0) || call.err.contains("NUDGE_DIR"), "{call:?}");
    let xdg = |name: &str| home.path().join(name);
    let mut command = home.command(&["done", "-c", "tone"]);
    command.env_remove("NUDGE_DIR").env("XDG_DATA_HOME", xdg("data")).env("XDG_CONFIG_HOME", xdg("config"));
    assert_eq!(Call::of(&command.output().unwrap()).code, Some(0));
    assert!(xdg("data/nudge/journal.jsonl").is_file());
}

#[test]
fn a_wrong_environment_is_an_error() {
    let home = Home::new();
    for (name, value) in [("NUDGE_NOW", "soon"), ("NUDGE_SEED", "-1")] {
        let call = Call::of(&home.command(&["today"]).env(name, value).output().unwrap());
        assert!(call.code == Some(1) && call.err.contains(&format!("`{name}` is `{value}`")), "{call:?}");
    }
    for columns in ["1", "20", "0", "x", "100000"] {
        for args in [&["today"][..], &["week"], &["done"], &["journal"]] {
            let call = Call::of(&home.command(args).env("COLUMNS", columns).output().unwrap());
            assert_eq!(call.code, Some(0), "{columns} {call:?}");
        }
    }
}
