//! Whose a file is, where the real one lies, and who else writes to it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::process::{Child, Command, Stdio};

use crate::home::{Call, Home};

fn done(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\",\"note\":\"{id}\"}}\n")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

/// Runs a line of a shell in which `$n` is nudge, in a home.
fn shell(home: &Home, line: &str) -> Child {
    let own = home.command(&[]);
    let mut shell = Command::new("bash");
    shell.args(["-c", line]).env_clear().envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("n", own.get_program()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap()
}

/// Three writers and a merger over two folders that lead to one journal, and to one journal and different plans; all
/// the while someone removes the lock file.
#[test]
fn two_folders_that_lead_to_one_journal_lose_nothing() {
    const EACH: usize = 12;
    for with_plans in [true, false] {
        let (real, one, other) = (Home::new(), Home::new(), Home::new());
        let many: String = (0..4000).map(|id| done(&format!("own{id}"))).collect();
        real.write("journal.jsonl", &many);
        real.write("plans.jsonl", "");
        for home in [&one, &other] {
            symlink(real.journal(), home.journal()).unwrap();
            if with_plans {
                symlink(real.path().join("plans.jsonl"), home.path().join("plans.jsonl")).unwrap();
            }
            (0..EACH).for_each(|number| home.write(&format!("copy{number}"), done(&format!("copy{number}"))));
        }
        let writing = |home: &Home, who: &str| {
            shell(home, &format!("for i in $(seq {EACH}); do $n done -c tone -m {who}$i || exit 1; done"))
        };
        let merging = |home: &Home| {
            shell(home, &format!("for i in $(seq 0 {}); do $n merge $NUDGE_DIR/copy$i || exit 1; done", EACH - 1))
        };
        let running = [writing(&one, "a"), writing(&other, "b"), writing(&other, "c"), merging(&one)];
        let mut removing = shell(&real, "while sleep 0.02; do rm -f $NUDGE_DIR/nudge.lock; done");
        for mut child in running {
            assert!(child.wait().unwrap().success());
        }
        removing.kill().unwrap();
        removing.wait().unwrap();
        let text = real.journal_text();
        let numbers = (1..=EACH).flat_map(|number| ["a", "b", "c"].map(|who| format!("{who}{number}")));
        let copies = (0..EACH).map(|number| format!("copy{number}"));
        for note in numbers.chain(copies) {
            assert_eq!(text.matches(&format!("\"note\":\"{note}\"")).count(), 1, "{note}");
        }
        assert_eq!(text.lines().count(), 4000 + 4 * EACH);
    }
}

#[test]
fn what_root_rewrites_stays_its_owners() {
    if !is_root() {
        eprintln!("the tests do not run as root: files of somebody else are not tried");
        return;
    }
    const OWNER: u32 = 65534;
    let home = Home::new();
    home.write("journal.jsonl", done("a") + "bad\n");
    home.write("gestures.toml", "# mine\n");
    home.write("copy", done("b"));
    for name in home.names().iter().map(String::as_str).chain(["."]) {
        chown(home.path().join(name), Some(OWNER), Some(OWNER)).unwrap();
    }
    chown(home.path().join("gestures.toml"), Some(OWNER), Some(1234)).unwrap();
    home.set_mode("gestures.toml", 0o640);
    home.set_mode("journal.jsonl", 0o600);
    home.set_mode(".", 0o700);
    home.run(&["merge", home.path().join("copy").to_str().unwrap()]);
    home.run(&["doctor", "--fix"]);
    home.run(&["catalogue", "hide", "turn-hands-off"]);
    home.run(&["rest"]);
    let names = home.names();
    assert!(
        names.contains(&"journal.jsonl.rejected".to_owned()) && names.contains(&"plans.jsonl".to_owned()),
        "{names:?}"
    );
    for name in &names {
        let file = fs::metadata(home.path().join(name)).unwrap();
        assert_eq!(file.uid(), OWNER, "{name}");
    }
    let gestures = fs::metadata(home.path().join("gestures.toml")).unwrap();
    assert_eq!((gestures.gid(), gestures.permissions().mode() & 0o777), (1234, 0o640));
    // And the owner goes on with it.
    let call = Call::of(&home.command_of_another(&["done", "-c", "names"]).output().unwrap());
    assert_eq!(call.code, Some(0), "{call:?}");
}

/// Somebody else's file in a folder that both may write to: its owner can't be kept, so it is not replaced.
#[test]
fn a_file_whose_owner_cannot_be_kept_is_not_replaced() {
    if !is_root() {
        return;
    }
    let home = Home::new();
    let journal = done("a") + &done("a");
    home.write("journal.jsonl", &journal);
    home.set_mode("journal.jsonl", 0o666);
    home.set_mode(".", 0o777);
    for args in [&["doctor", "--fix"][..], &["merge", "/dev/null"]] {
        let call = Call::of(&home.command_of_another(args).output().unwrap());
        assert_eq!(home.journal_text(), journal, "{call:?}");
    }
    let call = Call::of(&home.command_of_another(&["doctor", "--fix"]).output().unwrap());
    assert!(call.code == Some(1) && call.err.contains("can't keep owner, group and mode"), "{call:?}");
    assert_eq!(home.mode("."), 0o777);
}

#[test]
fn nothing_is_written_or_closed_through_a_link() {
    let (home, victim) = (Home::new(), Home::new());
    victim.write("profile", "# mine\n");
    victim.set_mode("profile", 0o644);
    victim.set_mode(".", 0o755);
    home.write("journal.jsonl", done("a") + "bad\n");
    home.set_mode("journal.jsonl", 0o600);
    symlink(victim.path().join("profile"), home.path().join("journal.jsonl.rejected")).unwrap();
    symlink(victim.path(), home.path().join("journal.jsonl.backup-x")).unwrap();
    let call = home.run(&["doctor", "--fix"]);
    assert!(call.code == Some(1) && call.err.contains("is a link"), "{call:?}");
    assert_eq!((victim.text("profile").as_str(), victim.mode("profile"), victim.mode(".")), ("# mine\n", 0o644, 0o755));
    assert!(home.journal_text().contains("bad"));
    // A lock file that is one is not followed either.
    let home = Home::new();
    symlink(victim.path().join("profile"), home.path().join("nudge.lock")).unwrap();
    assert_eq!(home.run(&["done", "-c", "tone"]).code, Some(1));
}

/// The system says by a signal that a file may grow no more, which would end a program that does not heed it.
#[test]
fn a_limit_on_the_size_of_files_is_an_error() {
    let home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    let before = home.journal_text();
    let script = format!("ulimit -f 1; $n done -c names -m {}", "x".repeat(5000));
    let own = home.command(&[]);
    let mut command = Command::new("bash");
    command.args(["-c", &script]).env_clear().envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let call = Call::of(&command.env("n", own.get_program()).output().unwrap());
    assert!(
        call.code == Some(1) && call.err.contains("not logged: can't write") && call.err.contains("your note: xxx")
    );
    assert_eq!(home.journal_text(), before);
}

#[test]
fn a_missing_disk_is_not_an_empty_life() {
    let home = Home::new();
    symlink("/nowhere/journal.jsonl", home.journal()).unwrap();
    for args in
        [&["week"][..], &["year"], &["journal"], &["why"], &["export"], &["undo"], &["rest"], &["another"], &["doctor"]]
    {
        let call = home.run(args);
        assert!(call.code == Some(1) && (call.err + &call.out).contains("not there"), "{args:?}");
    }
    let today = home.run(&["today"]);
    assert!(
        today.code == Some(0) && today.out.contains("nudge done") && today.err.contains("not recorded"),
        "{today:?}"
    );
    assert!(!today.out.contains("Welcome"), "{today:?}");
    for args in [["today", "--once"], ["today", "--brief"]] {
        let call = home.run(&args);
        assert_eq!((call.code, call.out.as_str(), call.err.as_str()), (Some(0), "", ""));
    }
}
