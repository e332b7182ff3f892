//! What a call asks of the system, and what it does when the system refuses. strace looks at the calls, and answers
//! some of them with an error: no kill can show what a power cut would, and no disk fails when it is asked to.

use std::fs;
use std::os::unix::fs::symlink;

use crate::home::{Call, Home};
use crate::strace::strace;

/// Each system has one of these.
const RENAME: &str = "?rename,?renameat,?renameat2";

/// The calls that write, sync and rename, in their order.
fn calls(home: &Home, args: &[&str]) -> Option<Vec<String>> {
    let log = home.path().join("calls");
    let trace = format!("trace=write,fsync,fdatasync,{RENAME}");
    let output = strace(home, &["-y", "-s", "4000", "-e", &trace, "-o", log.to_str().unwrap()], args)?;
    let call = Call::of(&output);
    assert_eq!(call.code, Some(0), "{args:?} {call:?}");
    let text = fs::read_to_string(&log).unwrap();
    fs::remove_file(log).unwrap();
    // Each line begins with the number of its process.
    Some(text.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim().to_owned()).collect())
}

/// Runs nudge where the system answers some calls with an error, or those alone that are about one file of the home.
fn refused(home: &Home, about: Option<&str>, inject: &str, args: &[&str]) -> Option<Call> {
    let inject = format!("inject={inject}");
    let mut options = vec!["-o", "/dev/null", "-e", &inject];
    let path = about.map(|name| home.path().join(name).display().to_string());
    options.extend(path.iter().flat_map(|path| ["-P", path]));
    strace(home, &options, args).map(|output| Call::of(&output))
}

/// The steps have to come in this order, each a call and what stands in it.
#[track_caller]
fn check(home: &Home, args: &[&str], steps: &[[&str; 2]]) {
    let Some(calls) = calls(home, args) else {
        return;
    };
    let mut left = calls.iter();
    for [call, with] in steps {
        let found = left.any(|line| line.starts_with(call) && line.contains(with));
        assert!(found, "{args:?}: no {call} with {with} in its place:\n{}", calls.join("\n"));
    }
}

/// A home with an entry, and beside the journal a copy with another; and the copy's path.
fn with_a_copy() -> (Home, String) {
    let home = Home::new();
    home.seen(&["done"]);
    home.write("copy", "{\"id\":\"c\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}\n");
    let copy = home.path().join("copy").display().to_string();
    (home, copy)
}

#[test]
fn an_entry_is_on_disk_before_it_is_acknowledged() {
    let home = Home::new();
    let folder = format!("<{}>", home.path().display());
    let entry = [["write", "\"event\\\":\\\"done\\\""], ["fdatasync", "/journal.jsonl>"]];
    // The first makes the file, whose name has to be on disk too.
    check(&home, &["done", "-c", "tone"], &[["fsync", &folder], entry[0], entry[1], ["write", "Logged."]]);
    check(&home, &["done", "-c", "tone"], &[entry[0], entry[1], ["write", "Logged."]]);
    check(&home, &["undo"], &[["write", "undone"], ["fdatasync", "/journal.jsonl>"], ["write", "Taken back"]]);
    check(
        &home,
        &["rest", "--until", "tomorrow"],
        &[["fsync", &folder], ["write", "rest"], ["fdatasync", "/plans.jsonl>"], ["write", "Noted"]],
    );
}

#[test]
fn a_new_file_is_on_disk_before_it_takes_the_place_of_the_old_one() {
    let (home, copy) = with_a_copy();
    let folder = format!("<{}>", home.path().display());
    home.write("gestures.toml", "# mine\n");
    // What is to go is kept first: a file as it was, and the line that is not an event.
    let written = [["write", ".new>"], ["fsync", ".new>"]];
    let kept = [["fsync", ".backup-2026-11-22>"], ["fsync", &folder]];
    let renamed = [["rename", ".new"], ["fsync", &folder]];
    let swap = [written, kept, renamed].concat();
    check(&home, &["merge", &copy], &[&swap[..], &[["write", "Merged"]]].concat());
    check(&home, &["catalogue", "hide", "turn-hands-off"], &[&swap[..], &[["write", "Hidden"]]].concat());
    home.write("journal.jsonl", home.journal_text() + "bad\n");
    let kept = [["fsync", ".backup-2026-11-22-2>"], ["fsync", &folder], ["fsync", ".rejected>"], ["fsync", &folder]];
    check(&home, &["doctor", "--fix"], &[&written[..], &kept, &renamed, &[["write", "Fixed"]]].concat());
}

#[test]
fn what_the_disk_does_not_confirm_is_not_acknowledged() {
    let home = Home::new();
    home.seen(&["done"]);
    let before = home.count("done");
    let Some(call) = refused(&home, None, "fdatasync:error=EIO", &["done", "-c", "tone", "-m", "about the move"])
    else {
        return;
    };
    assert!(call.code == Some(1) && !call.out.contains("Logged."), "{call:?}");
    assert!(call.err.contains("written, but not confirmed on disk") && call.err.contains("hint: "), "{call:?}");
    // It stands in the file, and the disk may still take it.
    assert_eq!(home.count("done"), before + 1);
    // What is refused is cut back; where that is refused too, it is said.
    for (refusal, stays) in [("write:error=EIO", false), ("write,ftruncate:error=EIO", true)] {
        let call =
            refused(&home, Some("journal.jsonl"), refusal, &["done", "-c", "tone", "-m", "about the move"]).unwrap();
        assert!(call.code == Some(1) && call.err.contains("not logged: can't write"), "{refusal} {call:?}");
        assert!(call.err.contains("about the move"), "{refusal} {call:?}");
        assert_eq!(call.err.contains("a part of it stays behind"), stays, "{refusal} {call:?}");
        assert_eq!(home.count("done"), before + 1);
    }
}

#[test]
fn a_swap_that_is_refused_leaves_the_old_file_and_nothing_beside_it() {
    let (home, copy) = with_a_copy();
    home.write("gestures.toml", "# mine\n");
    for kept in ["journal.jsonl", "gestures.toml"] {
        // Those of the day are there already.
        home.write(&format!("{kept}.backup-2026-11-22"), "");
    }
    let (journal, names) = (home.journal_text(), home.names());
    let no_rename = format!("{RENAME}:error=EACCES");
    for refusal in ["fsync:error=EIO:when=1", &no_rename, "write:error=ENOSPC:when=1"] {
        for args in [&["merge", &copy][..], &["catalogue", "hide", "turn-hands-off"]] {
            let Some(call) = refused(&home, None, refusal, args) else {
                return;
            };
            assert!(call.code == Some(1) && call.err.contains("can't replace"), "{refusal} {args:?} {call:?}");
            assert_eq!((home.journal_text(), home.names()), (journal.clone(), names.clone()), "{refusal} {args:?}");
        }
    }
    // The last step, whose failure leaves the new file.
    let merged = refused(&home, None, "fsync:error=EIO:when=2", &["merge", &copy]).unwrap();
    assert!(merged.code == Some(1) && merged.err.contains("written, but not confirmed on disk"), "{merged:?}");
    assert_eq!(home.count("done"), 2);
}

#[test]
fn nothing_is_mended_before_what_goes_is_kept() {
    let home = Home::new();
    home.seen(&["done"]);
    home.write("journal.jsonl", home.journal_text() + "bad\n");
    let (journal, names) = (home.journal_text(), home.names());
    let backup = "journal.jsonl.backup-2026-11-22";
    for refusal in ["openat:error=EDQUOT", "write:error=ENOSPC", "fsync:error=EIO"] {
        let Some(call) = refused(&home, Some(backup), refusal, &["doctor", "--fix"]) else {
            return;
        };
        assert!(call.code == Some(1) && call.err.contains("can't back up to"), "{refusal} {call:?}");
        assert_eq!((home.journal_text(), home.names()), (journal.clone(), names.clone()), "{refusal}");
    }
    for refusal in ["openat:error=EDQUOT", "write:error=ENOSPC", "fsync:error=EIO"] {
        let call = refused(&home, Some("journal.jsonl.rejected"), refusal, &["doctor", "--fix"]).unwrap();
        assert!(call.code == Some(1) && call.err.contains("journal.jsonl.rejected"), "{refusal} {call:?}");
        assert_eq!(home.journal_text(), journal, "{refusal}");
    }
    home.run(&["doctor", "--fix"]);
    assert!(home.text("journal.jsonl.rejected").contains("bad") && !home.journal_text().contains("bad"));
}

#[test]
fn an_interrupted_read_is_read_on_and_a_refused_one_named() {
    let home = Home::new();
    home.seen(&["done"]);
    let (year, export) = (home.ok(&["year"]), home.ok(&["export"]));
    for (args, expected) in [(["year"], &year), (["export"], &export)] {
        let mut named = 0;
        for when in 1..5 {
            let at = |error: &str, when: &str| {
                refused(&home, Some("journal.jsonl"), &format!("pread64:error={error}:when={when}"), &args)
            };
            // Once, and from then on.
            let (once, for_good) = (when.to_string(), format!("{when}+"));
            let (Some(interrupted), Some(failed)) = (at("EINTR", &once), at("EIO", &for_good)) else {
                return;
            };
            assert!(interrupted.code == Some(0) && interrupted.out == *expected, "{when} {interrupted:?}");
            let is_named = failed.code == Some(1) && failed.err.contains("can't read") && failed.out.is_empty();
            assert!(is_named || (failed.code == Some(0) && failed.out == *expected), "{when} {failed:?}");
            named += u32::from(is_named);
        }
        // A journal is read once, and an entry that is exported once more.
        assert_eq!(named, if args == ["year"] { 1 } else { 2 });
    }
}

/// Killed before the new file takes the place of the old one, which a link may lead to.
#[test]
fn what_a_killed_swap_leaves_is_found_and_removed() {
    let calls: [(&str, &[&str]); 2] =
        [("gestures.toml", &["catalogue", "hide", "turn-hands-off"]), ("journal.jsonl", &["doctor", "--fix"])];
    for (name, args) in calls {
        for linked in [false, true] {
            let home = Home::new();
            home.seen(&["done"]);
            if name == "gestures.toml" && !linked {
                home.write(name, "# mine\n");
            }
            if linked {
                fs::create_dir(home.path().join("elsewhere")).unwrap();
                if name == "journal.jsonl" {
                    fs::rename(home.journal(), home.path().join("elsewhere/real")).unwrap();
                } else {
                    fs::write(home.path().join("elsewhere/real"), "").unwrap();
                }
                symlink("elsewhere/real", home.path().join(name)).unwrap();
            }
            if name == "journal.jsonl" {
                home.write("journal.jsonl", home.journal_text() + "bad\n");
            }
            let Some(_) = refused(&home, None, &format!("{RENAME}:signal=KILL"), args) else {
                return;
            };
            let folder = home.path().join(if linked { "elsewhere" } else { "" });
            let left = || {
                let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
                files.filter(|file| file.extension().is_some_and(|extension| extension == "new")).count()
            };
            assert_eq!(left(), 1, "{name} {linked}");
            assert!(home.run(&["doctor"]).out.contains("interrupted"), "{name} {linked}");
            home.run(&["doctor", "--fix"]);
            assert_eq!(left(), 0, "{name} {linked}");
        }
    }
}

/// A new file has the mode of the old one; where that can't be known, the old one stays.
#[test]
fn a_mode_that_cannot_be_read_is_not_guessed() {
    let stats = "?stat,?lstat,?fstat,?newfstatat,?statx";
    let mut refusals = 0;
    for when in 1..12 {
        let home = Home::new();
        home.write("gestures.toml", "# mine\n");
        home.set_mode("gestures.toml", 0o640);
        let inject = format!("{stats}:error=EACCES:when={when}");
        let Some(call) = refused(&home, Some("gestures.toml"), &inject, &["catalogue", "hide", "turn-hands-off"])
        else {
            return;
        };
        let is_old = home.text("gestures.toml") == "# mine\n";
        assert_eq!((call.code, home.mode("gestures.toml")), (Some(i32::from(is_old)), 0o640), "{when} {call:?}");
        refusals += u32::from(is_old);
    }
    assert!(refusals > 1, "{refusals}");
}

/// Views are seen at once, and cost one call.
#[test]
fn a_view_is_written_at_once() {
    let home = Home::new();
    home.seen(&["done", "-w", "Sam"]);
    for args in [&["today"][..], &["week"], &["why"], &["journal"], &["today", "--color", "always"]] {
        let Some(output) = strace(&home, &["-e", "trace=write"], args) else { return };
        let asked = String::from_utf8_lossy(&output.stderr);
        assert_eq!(asked.matches("write(1, ").count(), 1, "{args:?}: {asked}");
    }
}
