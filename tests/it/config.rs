//! Settings: shown, changed by a word, and edited.

use std::fs;
use std::process::Stdio;

use crate::home::{Call, Home};

/// A file as somebody may have written it, with line ends of another system.
const OWN: &str =
    "# mine\r\nswaps = 2 # few\r\n\r\n[weights] # what I like\r\ntone = 3\r\n# names = 2\r\n\r\n# the end\r\n";

#[track_caller]
fn refused(home: &Home, args: &[&str], code: i32) -> String {
    let before = home.text("config.toml");
    let call = home.run(args);
    assert_eq!((call.code, call.out.as_str()), (Some(code), ""), "{args:?}: {call:?}");
    assert_eq!(home.text("config.toml"), before);
    assert!(call.err.contains("\n\nhint: "), "{call:?}");
    call.err
}

fn from(settings: &serde_json::Value, key: &str) -> (String, String) {
    let values = settings["values"].as_array().unwrap();
    let setting = values.iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("no {key}"));
    (setting["value"].to_string(), setting["from"].as_str().unwrap().to_owned())
}

#[test]
fn every_value_says_where_it_comes_from() {
    let home = Home::new();
    assert!(home.ok(&["config"]).contains("config.toml (not there yet)"));
    assert!(!home.names().contains(&"config.toml".to_owned()));
    home.write("config.toml", OWN);
    let settings = home.json(&["config", "show"]);
    assert_eq!(settings["file"], home.path().join("config.toml").to_str().unwrap());
    for (key, value, place) in [
        ("swaps", "2", "config.toml:2"),
        ("weights.tone", "3", "config.toml:5"),
        ("weights.names", "1", "default"),
        ("day_starts", "\"04:00\"", "default"),
        ("places.weekends", "[\"home\",\"out\",\"text\"]", "default"),
        ("remind.at", "null", "default"),
    ] {
        assert_eq!(from(&settings, key), (value.to_owned(), place.to_owned()), "{key}");
    }
    // A category of the user's own has a weight too.
    home.write("gestures.toml", "[[category]]\nid = 'calm'\nname = 'calm'\n");
    assert!(home.ok(&["config"]).contains("weights.calm"));
}

#[test]
fn one_setting_changes_and_the_rest_of_the_file_stays() {
    let home = Home::new();
    home.write("config.toml", OWN);
    home.ok(&["config", "set", "swaps", "4"]);
    home.ok(&["config", "set", "weights.names", "2"]);
    home.ok(&["config", "set", "max_level", "1"]);
    let expected = OWN
        .replace("swaps = 2 # few\r\n", "swaps = 4 # few\r\nmax_level = 1\r\n")
        .replace("# names = 2\r\n", "# names = 2\r\nnames = 2\r\n");
    assert_eq!(home.text("config.toml"), expected);
    // As it was before the day's first change.
    assert_eq!(home.text("config.toml.backup-2026-11-22"), OWN);
    home.ok(&["config", "set", "swaps", "2"]);
    home.ok(&["config", "set", "weights.names", "default"]);
    home.ok(&["config", "set", "max_level", "default"]);
    assert_eq!(home.text("config.toml"), OWN);
    // What is so already is not written again.
    assert!(home.ok(&["config", "set", "swaps", "2"]).contains("2 already"));
    assert_eq!(home.ok(&["config", "set", "swaps", "2", "--json"]), "");
}

#[test]
fn comments_in_braces_stay() {
    let home = Home::new();
    let own = "weights = { tone = 0x2, # loud\n  names = 3, # why\n}\n";
    home.write("config.toml", own);
    home.ok(&["config", "set", "weights.tone", "4"]);
    assert_eq!(home.text("config.toml"), own.replace("0x2", "4"));
    home.ok(&["config", "set", "weights.appreciation", "5"]);
    assert_eq!(home.text("config.toml"), own.replace("0x2", "4").replace('}', "  appreciation = 5,\n}"));
    home.ok(&["config", "set", "weights.names", "default"]);
    home.ok(&["config", "set", "weights.appreciation", "default"]);
    assert_eq!(home.text("config.toml"), own.replace("0x2", "4").replace("names = 3,", ""));
}

/// Whatever a person may type for a list, a time, yes or no.
#[test]
fn values_are_typed_as_people_type_them() {
    let home = Home::new();
    for (line, key, value) in [
        (&["places.weekdays", "home,text"][..], "places.weekdays", "[\"home\",\"text\"]"),
        (&["places.weekdays", "work", "out"], "places.weekdays", "[\"work\",\"out\"]"),
        (&["without", "sight, touch"], "without", "[\"sight\",\"touch\"]"),
        (&["without", ""], "without", "[]"),
        (&["suggest_people", "on"], "suggest_people", "true"),
        (&["remind.at", "08:30"], "remind.at", "\"08:30\""),
        (&["week_starts", "Sunday"], "week_starts", "\"sun\""),
        (&["swaps=5"], "swaps", "5"),
    ] {
        let args: Vec<&str> = ["config", "set"].iter().chain(line).copied().collect();
        home.ok(&args);
        assert_eq!(from(&home.json(&["config"]), key).0, value, "{line:?}");
    }
}

#[test]
fn what_is_no_setting_or_no_value_is_refused_with_what_would_be_right() {
    let home = Home::new();
    for (line, says) in [
        (&["swop", "3"][..], "did you mean `swaps`?"),
        (&["weekdays", "home"], "did you mean `places.weekdays`?"),
        (&["weights.tune", "2"], "did you mean `weights.tone`?"),
        (&["colour", "red"], "`nudge config` lists every setting"),
        (&["colour", "default"], "I don't know the setting `colour`"),
        (&["days_per_week", "8"], "`days_per_week` is 8, expected 1 to 7"),
        (&["days_per_week", "-1"], "expected a whole number"),
        (&["day_starts", "4 o'clock"], "expected a time from `00:00` to `12:00`"),
        (&["suggest_people", "perhaps"], "expected `true` or `false`"),
        (&["places.weekdays", "home,moon"], "`moon`, expected `home`"),
        (&["places.weekdays", ""], "expected at least one place"),
        (&["swaps"], "`swaps` needs a value"),
        (&["remind.at", "08:30\"\nswaps = 9"], "expected a time such as `09:00`"),
    ] {
        let args: Vec<&str> = ["config", "set"].iter().chain(line).copied().collect();
        let err = refused(&home, &args, 2);
        assert!(err.contains(says), "{line:?}: {err}");
    }
    assert!(refused(&home, &["config", "swaps"], 2).contains("`nudge config set swaps VALUE`"));
    assert!(refused(&home, &["config", "unset", "swaps"], 2).contains("`nudge config set KEY default`"));
    assert!(!home.names().contains(&"config.toml".to_owned()));
}

#[test]
fn a_wrong_file_is_put_right_by_a_word_where_one_is_enough() {
    let home = Home::new();
    home.write("config.toml", "swaps = 'many' # so\n");
    let shown = refused(&home, &["config"], 1);
    assert!(shown.contains("config.toml:1:9: `swaps` must be") && shown.contains("`nudge config edit`"), "{shown}");
    assert!(refused(&home, &["config", "set", "max_level", "1"], 1).contains("not set: "));
    assert!(home.ok(&["config", "set", "swaps", "4"]).contains("Before: 'many'."));
    assert_eq!(home.text("config.toml"), "swaps = 4 # so\n");
    // What is no setting goes, whatever it is called.
    home.write("config.toml", "swap = 3\n[weights]\nkindness = 2\n");
    assert!(refused(&home, &["config", "set", "swap", "default"], 1).contains("names `kindness`"));
    home.write("config.toml", "[weights]\nkindness = 2\n");
    assert!(home.ok(&["config", "set", "weights.kindness", "default"]).contains("is now not set"));
    home.ok(&["today"]);
    // Where it can't be read as TOML it is for the editor.
    home.write("config.toml", "swaps = = 3\n");
    assert!(refused(&home, &["config", "set", "swaps", "4"], 1).contains("config.toml:1:9: "));
    home.write("config.toml", "weights = 3\n");
    refused(&home, &["config", "set", "weights.tone", "2"], 1);
}

/// All that is set is read again, and the day goes by it.
#[test]
fn what_was_set_is_in_force() {
    let mut home = Home::new();
    home.ok(&["config", "set", "swaps", "0"]);
    home.ok(&["config", "set", "day_starts", "06:00"]);
    home.now = "2026-11-23T05:30:00+01:00".to_owned();
    let today = home.json(&["today"]);
    assert_eq!((today["day"].as_str(), today["swaps_left"].as_u64()), (Some("2026-11-22"), Some(0)));
}

#[test]
fn two_at_once_both_count() {
    let home = Home::new();
    let keys = ["weights.tone", "weights.names", "swaps", "days_per_week", "max_level"];
    let calls =
        keys.map(|key| home.command(&["config", "set", key, "2", "--json"]).stdout(Stdio::null()).spawn().unwrap());
    for mut call in calls {
        assert!(call.wait().unwrap().success());
    }
    let settings = home.json(&["config"]);
    for key in keys {
        assert_eq!(from(&settings, key).0, "2", "{key}: {}", home.text("config.toml"));
    }
}

#[cfg(unix)]
mod editor {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    use std::process::Command;

    use super::*;

    /// A call of `config edit` with a shell script as the editor, for which the file is `$0`.
    fn edit(home: &Home, script: &str) -> Call {
        let editor = format!("sh -c {}", shlex::try_quote(script).unwrap());
        Call::of(&home.command(&["config", "edit"]).env("VISUAL", editor).output().unwrap())
    }

    #[test]
    fn it_begins_with_a_file_that_explains_each_setting() {
        let home = Home::new();
        let call = edit(&home, "true");
        assert!(call.code == Some(0) && call.out.contains("as it was") && call.out.contains("--wait"), "{call:?}");
        assert_eq!(home.mode("config.toml"), 0o600);
        assert!(home.text("config.toml").contains("\n# days_per_week = 5 "));
        assert!(home.json(&["config"])["values"].as_array().unwrap().iter().all(|value| value["from"] == "default"));
        let call = edit(&home, "sed -i 's/^# swaps = 3/swaps = 4/' \"$0\"");
        assert_eq!((call.code, call.err.as_str()), (Some(0), ""));
        assert!(call.out.contains("`swaps` is now 4. Before: 3."), "{call:?}");
        // A word finds its line in there.
        home.ok(&["config", "set", "days_per_week", "4"]);
        home.ok(&["config", "set", "weights.tone", "2"]);
        let text = home.text("config.toml");
        assert!(text.contains("are spare\ndays_per_week = 4\n") && text.contains("# tone = 1\ntone = 2\n"), "{text}");
    }

    #[test]
    fn what_is_wrong_afterwards_is_named() {
        let home = Home::new();
        home.write("config.toml", "swaps = 4\n");
        let call = edit(&home, "printf 'swap = 3\\n[weights]\\ntune = 9\\n' > \"$0\"");
        assert_eq!((call.code, call.out.as_str()), (Some(1), ""));
        assert!(call.err.contains("config.toml:1:1: unknown key `swap`") && call.err.contains("`nudge config edit`"));
        // It is there as it was left, and the next call can put it right.
        let call = edit(&home, "sed -i '/^swap/d; s/tune/tone/' \"$0\"");
        assert!(call.code == Some(0) && call.out.contains("is in order"), "{call:?}");
        let call = edit(&home, "sed -i s/tone/tune/ \"$0\"");
        assert!(call.err.contains("config.toml:2:1: `[weights]` names `tune`, expected `turning-toward`"), "{call:?}");
        assert_eq!(edit(&home, "exit 3").code, Some(1));
        assert!(home.run(&["config", "edit"]).err.contains("no terminal for an editor"));
    }

    #[test]
    fn a_link_is_followed_and_the_owner_kept() {
        let (home, dotfiles) = (Home::new(), Home::new());
        dotfiles.write("nudge.toml", "swaps = 4\n");
        dotfiles.set_mode("nudge.toml", 0o640);
        let (link, real) = (home.path().join("config.toml"), dotfiles.path().join("nudge.toml"));
        symlink(&real, &link).unwrap();
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if is_root {
            chown(&real, Some(65534), Some(65534)).unwrap();
        } else {
            eprintln!("the tests do not run as root: an editor that changes the owner is not tried");
        }
        let as_it_was = |value: &str| {
            let file = fs::metadata(&real).unwrap();
            assert!(link.is_symlink() && fs::read_to_string(&real).unwrap().contains(value));
            assert_eq!(file.permissions().mode() & 0o777, 0o640);
            assert!(!is_root || (file.uid(), file.gid()) == (65534, 65534));
        };
        home.ok(&["config", "set", "swaps", "5"]);
        as_it_was("swaps = 5");
        // As some editors do, it puts a new file in the place of the old one.
        let call = edit(&home, "printf 'swaps = 6\\n' > \"$0.new\" && mv \"$0.new\" \"$0\"");
        assert_eq!(call.code, Some(0), "{call:?}");
        as_it_was("swaps = 6");
    }
}
