//! Many machines at once, killed at random, over slow ways and for a long time: nothing goes, and all come to the same.
//!
//! `SYNC_STRESS=25 cargo test --test it sync_together` has five machines live two hundred rounds, and two a hundred days;
//! without it, it is a part of that.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::home::{Call, Home};
use crate::strace::strace;
use crate::sync::{HAS_GIT, Remote, books, committed, git, machine};

const MACHINES: usize = 5;

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        // Knuth's linear congruential generator, of which the high bits are good.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// How many times as much is to be tried.
fn stress() -> u64 {
    std::env::var("SYNC_STRESS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// The ids of the events that a call says it wrote.
fn written(call: &Call) -> Vec<String> {
    let events = call.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    events.filter_map(|event| event["id"].as_str().map(str::to_owned)).collect()
}

/// The real clock: what is logged in one millisecond is rare, as in life.
fn run(home: &Home, args: &[&str]) -> Call {
    Call::of(&home.command(args).env_remove("NUDGE_NOW").env_remove("NUDGE_SEED").output().unwrap())
}

fn spawn(home: &Home, args: &[&str]) -> Child {
    let mut command = home.command(args);
    command
        .env_remove("NUDGE_NOW")
        .env_remove("NUDGE_SEED")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a person does on one machine; the ids that were acknowledged, and of its sync whether it was killed.
fn live(home: &Home, machine: usize, rounds: u64) -> (BTreeSet<String>, u64) {
    let mut chance = Chance(machine as u64 + 1);
    let (mut known, mut kills) = (BTreeSet::new(), 0);
    let mut entries: Vec<String> = Vec::new();
    for round in 0..rounds {
        let note = format!("{machine} {round}");
        let some = |chance: &mut Chance, entries: &[String]| {
            let at = chance.below(entries.len().max(1) as u64);
            usize::try_from(at).ok().and_then(|at| entries.get(at).cloned())
        };
        let what = chance.below(8);
        let call = match (what, some(&mut chance, &entries)) {
            (0..=3, _) | (4 | 5, None) => run(home, &["done", "-c", "tone", "-m", &note, "--json"]),
            (4, Some(id)) => run(home, &["amend", &id, "-m", &note, "--json"]),
            (5, Some(id)) => run(home, &["undo", &id, "--json"]),
            (6, _) => run(home, &["remember", "Sam", &note, "--json"]),
            _ => run(home, &["rest", "--on", &format!("in {} days", chance.below(300) + 1), "--json"]),
        };
        // What was taken back can't be corrected: that is told, and nothing is written.
        assert!(call.code == Some(0) || what == 4 || what == 5, "{call:?}");
        assert!(!call.err.contains("another nudge is writing"), "{call:?}");
        let ids = written(&call);
        if what < 4 {
            entries.extend(ids.iter().cloned());
        }
        known.extend(ids);
        let mut sync = spawn(home, &["sync"]);
        if chance.below(3) == 0 {
            thread::sleep(Duration::from_millis(chance.below(120)));
            sync.kill().unwrap();
        }
        let output = sync.wait_with_output().unwrap();
        let call = Call::of(&output);
        kills += u64::from(output.status.signal().is_some());
        let is_fine = output.status.signal().is_some() || call.code == Some(0);
        // In the crowd a turn may not come; the next one does.
        assert!(is_fine || call.err.contains("again and again"), "{call:?}");
    }
    (known, kills)
}

#[test]
fn five_machines_that_live_and_die_at_random_come_to_the_same() {
    if !*HAS_GIT {
        return;
    }
    let rounds = (8 * stress()).min(200);
    let remote = Remote::new();
    let homes: Vec<Home> = (0..MACHINES).map(|_| machine(&remote)).collect();
    let (mut known, mut kills) = (BTreeSet::new(), 0);
    thread::scope(|scope| {
        let lives: Vec<_> =
            homes.iter().enumerate().map(|(number, home)| scope.spawn(move || live(home, number, rounds))).collect();
        for life in lives {
            let (ids, killed) = life.join().unwrap();
            known.extend(ids);
            kills += killed;
        }
    });
    // Killed gits of killed syncs may still be writing.
    thread::sleep(Duration::from_millis(300));
    for _ in 0..2 {
        for home in &homes {
            remove_locks_of_killed(home);
            let call = run(home, &["sync"]);
            assert_eq!(call.code, Some(0), "{call:?}");
        }
    }
    let all = books(&homes[0]);
    assert_eq!(all, ["journal.jsonl", "plans.jsonl"].map(|name| committed(&remote.path(), name)));
    let text = all.concat();
    let ids: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect();
    let distinct: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(distinct.len(), ids.len());
    let gone: Vec<&String> = known.difference(&distinct).collect();
    assert!(gone.is_empty(), "{} of {}: {gone:?}", gone.len(), known.len());
    let head = |home: &Home| git(home.path(), &["rev-parse", "HEAD"]);
    let tip = head(&homes[0]);
    for home in &homes {
        assert_eq!(books(home), all);
        let call = run(home, &["sync"]);
        assert!(call.code == Some(0) && call.out.contains("In step: nothing new"), "{call:?}");
        assert_eq!((books(home), head(home)), (all.clone(), tip.clone()));
        let names = home.names();
        assert!(names.iter().all(|name| !name.contains("rejected") && !name.contains("backup")), "{names:?}");
        git(home.path(), &["fsck", "--no-dangling"]);
    }
    git(&remote.path(), &["fsck", "--no-dangling"]);
    eprintln!(
        "{MACHINES} machines, {rounds} rounds: {} events, {} acknowledged, {kills} syncs killed",
        ids.len(),
        known.len()
    );
}

/// A git that is killed leaves its lock file, as any git does; which only says that somebody has to look.
fn remove_locks_of_killed(home: &Home) {
    let _ = fs::remove_file(home.path().join(".git/index.lock"));
}

/// With the same files two machines offer the same, whoever asks first.
#[test]
fn two_machines_offer_the_same_prompt_for_a_hundred_days() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (mut a, mut b) = (machine(&remote), machine(&remote));
    let call = |home: &Home, args: &[&str]| {
        let call = Call::of(&home.command(args).env_remove("NUDGE_SEED").output().unwrap());
        assert_eq!(call.code, Some(0), "{args:?} {call:?}");
        call.out
    };
    let mut day = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let mut gestures = BTreeSet::new();
    let days = (12 * stress()).min(100);
    for number in 0..days {
        for (home, hour) in [(&mut a, 8), (&mut b, 9)] {
            home.now = format!("{day}T{hour:02}:00:00+01:00");
        }
        let prompts = [&a, &b].map(|home| {
            let today: Value = serde_json::from_str(&call(home, &["today", "--json"])).unwrap();
            today["gesture"]["id"].as_str().unwrap().to_owned()
        });
        // Before the first day both are new, and have nothing in common.
        assert!(number == 0 || prompts[0] == prompts[1], "{day}: {prompts:?}");
        gestures.insert(prompts[0].clone());
        let does = if number % 3 == 0 { &a } else { &b };
        if number % 4 != 3 {
            call(does, &["done"]);
        }
        for home in [&a, &b, &a] {
            call(home, &["sync"]);
        }
        assert_eq!(books(&a), books(&b));
        day = day.succ_opt().unwrap();
    }
    assert!(gestures.len() as u64 > days / 2, "{}", gestures.len());
}

/// What is logged while the network is waited for does not wait with it: the remote answers only after it was logged.
#[test]
fn nothing_is_locked_while_the_remote_is_waited_for() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let (home, other) = (machine(&remote), machine(&remote));
    other.ok(&["done", "-c", "names"]);
    other.ok(&["sync"]);
    home.ok(&["done", "-c", "tone", "-m", "before"]);
    // Each side of the wire waits until a file is there.
    let (asked, answers) = (home.path().join("asked"), home.path().join("answers"));
    let waits = |program: &str| {
        let script = home.path().join(program);
        let text = format!(
            "#!/bin/sh\ntouch {0}\nwhile ! test -e {1}; do sleep 0.02; done\nrm {1}\nexec git {program} \"$@\"\n",
            asked.display(),
            answers.display()
        );
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        script
    };
    git(home.path(), &["config", "remote.origin.uploadpack", waits("upload-pack").to_str().unwrap()]);
    git(home.path(), &["config", "remote.origin.receivepack", waits("receive-pack").to_str().unwrap()]);
    let sync = home.command(&["sync"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for note in ["during the question", "during the fetch", "during the push"] {
        while !asked.exists() {
            thread::sleep(Duration::from_millis(5));
        }
        fs::remove_file(&asked).unwrap();
        // It is acknowledged, and has waited for nobody, while git waits.
        let call = home.run(&["done", "-c", "tone", "-m", note]);
        assert!(call.code == Some(0) && call.out.contains("Logged.") && call.err.is_empty(), "{call:?}");
        assert!(!asked.exists());
        fs::write(&answers, "").unwrap();
    }
    let call = Call::of(&sync.wait_with_output().unwrap());
    assert!(call.code == Some(0) && call.out.contains("1 entry from elsewhere, 3 sent."), "{call:?}");
    assert!(!committed(&remote.path(), "journal.jsonl").contains("during the push"));
    assert!(home.journal_text().contains("during the push") && home.journal_text().contains("before"));
    let status = home.json(&["sync", "--status"]);
    assert_eq!(status["waiting"], 1, "{status}");
}

/// Two syncs of one folder at the same time, and entries meanwhile.
#[test]
fn syncs_of_one_folder_do_not_disturb_one_another() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    for round in 0..5 {
        let mut calls: Vec<Child> = (0..3).map(|_| spawn(&home, &["sync"])).collect();
        calls.push(spawn(&home, &["done", "-c", "tone", "-m", &format!("{round}")]));
        for call in calls {
            let call = Call::of(&call.wait_with_output().unwrap());
            assert_eq!(call.code, Some(0), "{call:?}");
        }
    }
    assert_eq!(run(&home, &["sync"]).code, Some(0));
    assert_eq!(committed(&remote.path(), "journal.jsonl"), home.journal_text());
    assert_eq!(home.journal_text().lines().count(), 5);
}

/// Each exchange adds a whole journal: now and then what there is gets packed, as the repository's own setting says.
#[test]
fn what_gathers_is_packed() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    assert_eq!(git(home.path(), &["config", "gc.auto"]), "300\n");
    git(home.path(), &["config", "gc.auto", "1"]);
    // git looks into one folder of 256, and packs where it finds two objects there: so many that it does.
    let loose = tempfile::tempdir().unwrap();
    let names: Vec<String> =
        (0..4000).map(|number| loose.path().join(number.to_string()).display().to_string()).collect();
    for name in &names {
        fs::write(name, name).unwrap();
    }
    git(home.path(), &[vec!["hash-object", "-w"], names.iter().map(String::as_str).collect()].concat());
    let is_packed = || !git(home.path(), &["count-objects", "-v"]).contains("\npacks: 0\n");
    // One in sixteen looks.
    let mut exchanges = 0;
    while !is_packed() && exchanges < 300 {
        home.ok(&["done", "-c", "tone"]);
        home.ok(&["sync"]);
        exchanges += 1;
    }
    assert!(is_packed());
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["sync"]);
    assert_eq!(committed(&remote.path(), "journal.jsonl"), home.journal_text());
}

/// Killed before each step that changes something: the next one goes on, and nothing is gone.
#[test]
fn a_sync_that_is_killed_anywhere_loses_nothing() {
    if !*HAS_GIT {
        return;
    }
    // Not every one: they are much like their neighbours.
    let step = usize::try_from(24 / stress()).unwrap().max(1);
    let mut kills = 0;
    for call in
        ["write", "?rename", "?link,linkat", "?unlink,unlinkat", "fsync", "flock", "execve", "clone,?clone3,?vfork"]
    {
        for when in (1..).step_by(step) {
            let remote = Remote::new();
            let (a, b) = (machine(&remote), machine(&remote));
            b.ok(&["done", "-c", "names", "-m", "there"]);
            b.ok(&["sync"]);
            a.ok(&["done", "-c", "tone", "-m", "here"]);
            let inject = format!("inject={call}:signal=KILL:when={when}");
            let Some(output) = strace(&a, &["-o", "/dev/null", "-e", &inject], &["sync"]) else {
                return;
            };
            for home in [&a, &b, &a] {
                remove_locks_of_killed(home);
                let mut call = home.run(&["sync"]);
                // A git that was killed while it wrote a ref leaves its lock: which one is said, and what to do.
                while let Some(command) = call.err.split('`').find(|part| part.starts_with("rm ")) {
                    assert!(call.code == Some(1) && command.contains(".lock"), "{inject} {call:?}");
                    assert!(Command::new("sh").args(["-c", command]).status().unwrap().success(), "{inject} {call:?}");
                    call = home.run(&["sync"]);
                }
                assert_eq!(call.code, Some(0), "{inject} {call:?}");
            }
            assert_eq!(books(&a), books(&b), "{inject}");
            for note in ["here", "there"] {
                assert_eq!(a.journal_text().matches(&format!("\"note\":\"{note}\"")).count(), 1, "{inject}");
            }
            if output.status.signal().is_none() && output.status.success() {
                break;
            }
            kills += 1;
        }
    }
    eprintln!("{kills} kills of sync and its gits");
    assert!(kills >= 8, "{kills}");
}

/// With nothing to do, eight processes, counted as programs that were started: nudge itself, and all that it starts and
/// those start.
#[test]
fn with_nothing_to_do_eight_processes_suffice() {
    if !*HAS_GIT {
        return;
    }
    let remote = Remote::new();
    let home = machine(&remote);
    home.ok(&["done", "-c", "tone"]);
    home.ok(&["sync"]);
    let before = fs::metadata(home.journal()).unwrap().modified().unwrap();
    let record = tempfile::NamedTempFile::new().unwrap();
    let path = record.path().to_str().unwrap();
    let Some(output) = strace(&home, &["-e", "trace=execve", "-o", path], &["sync"]) else {
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let record = fs::read_to_string(path).unwrap();
    let started: Vec<&str> = record.lines().filter(|line| line.contains("execve(") && line.ends_with("= 0")).collect();
    assert!((1..=8).contains(&started.len()), "{}", started.join("\n"));
    assert_eq!(fs::metadata(home.journal()).unwrap().modified().unwrap(), before);
}

/// Each of the hints about git that name a whole command can be pasted.
#[test]
fn a_folder_with_a_space_in_its_name_is_quoted() {
    if !*HAS_GIT {
        return;
    }
    let outer = Home::new();
    let folder = outer.path().join("my nudge");
    let run = |args: &[&str]| Call::of(&outer.command(args).env("NUDGE_DIR", &folder).output().unwrap());
    assert_eq!(run(&["sync", "--init", "/nowhere/at all.git"]).code, Some(0));
    assert_eq!(run(&["done", "-c", "tone"]).code, Some(0));
    let call = run(&["sync"]);
    assert!(call.err.contains("`git init --bare -b main '/nowhere/at all.git'`"), "{call:?}");
    fs::write(folder.join(".git/MERGE_HEAD"), git(&folder, &["rev-parse", "HEAD"])).unwrap();
    let call = run(&["sync"]);
    let command = call.err.split('`').find(|part| part.starts_with("git -C")).unwrap().to_owned();
    assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success(), "{command}");
    assert!(run(&["sync"]).err.contains("there is no repository"));
}
