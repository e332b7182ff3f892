//! A power cut, simulated: what a call writes is recorded, every state that the disk may be left in is rebuilt, and on
//! each of them the next call has to run, with nothing gone that was acknowledged and no earlier byte changed.

mod disk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use disk::{Disk, Tree};

use crate::home::{Call, Home};
use crate::strace::strace_in;

/// Calls one after another, and what each acknowledges.
struct Story {
    /// What lies in the folder before: names with texts.
    before: Vec<(&'static str, String)>,
    calls: Vec<Vec<String>>,
}

/// What has to be in one of the files: in which, and the text.
type Fact = (BTreeSet<&'static str>, String);

const BOOKS: [&str; 2] = ["journal.jsonl", "plans.jsonl"];

fn entry(id: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"at\":\"2026-11-20T08:00:00.000+01:00\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}}"
    )
}

/// Where the files lie in the home: two folders that the first call makes.
const FOLDER: &str = "a/nudge";

/// Records a story, rebuilds every state, and tries each. The number of states; `None` where strace can't look.
fn try_all(story: &Story) -> Option<usize> {
    let home = Home::new();
    let folder = home.path().join(FOLDER);
    if !story.before.is_empty() {
        fs::create_dir_all(&folder).unwrap();
    }
    for (name, text) in &story.before {
        fs::write(folder.join(name), text).unwrap();
    }
    let mut disk = Disk::of(home.path());
    let mut kept: Vec<Fact> = story.before.iter().filter(|(name, _)| *name != "copy").flat_map(facts).collect();
    // Of each state what has to be there: the most that was acknowledged before the disk may be left in it.
    let mut states: BTreeMap<Tree, Vec<Fact>> = BTreeMap::new();
    let log = tempfile::NamedTempFile::new().unwrap();
    for args in &story.calls {
        let trace = "trace=?open,openat,?creat,write,pwrite64,writev,ftruncate,?rename,?renameat,?renameat2,?unlink,unlinkat,?mkdir,mkdirat,?link,linkat,fsync,fdatasync,lseek";
        let options = ["-xx", "-s", "10000000", "-e", trace, "-o", log.path().to_str().unwrap()];
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = strace_in(&home, &options, &args, &[("NUDGE_DIR", folder.to_str().unwrap())])?;
        let call = Call::of(&output);
        assert_eq!(call.code, Some(0), "{args:?} {call:?}");
        let said = disk.record(&fs::read_to_string(log.path()).unwrap());
        for point in said.from..said.acknowledged {
            disk.states_at(point, |tree| {
                states.entry(tree).or_insert_with(|| kept.clone());
            });
        }
        // What stands in the files once the call has ended was acknowledged, a prompt alone left out.
        let acknowledged = BOOKS.iter().chain(&["gestures.toml"]).map(|name| (*name, text(&folder, name)));
        kept.extend(
            acknowledged
                .flat_map(|(name, text)| facts(&(name, text)))
                .filter(|(_, line)| !line.contains("\"offered\"")),
        );
        kept.sort();
        kept.dedup();
        for point in said.acknowledged..=disk.steps() {
            disk.states_at(point, |tree| {
                states.insert(tree, kept.clone());
            });
        }
    }
    let (states, failed) = (Mutex::new(states.into_iter()), Mutex::new(Vec::new()));
    let count = thread::scope(|scope| {
        let work = || {
            let mut tried = 0;
            loop {
                let next = states.lock().unwrap().next();
                let Some((tree, kept)) = next else { return tried };
                tried += 1;
                if let Err(why) = try_one(&tree, &kept) {
                    failed.lock().unwrap().push(format!("{why}\n{}", disk::shown(&tree)));
                }
            }
        };
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {count} states: {:?}\n{}", failed.len(), story.calls, failed[0]);
    Some(count)
}

/// The lines of a file, each of which has to stay; an event may go to the other book, and what is not one be set aside.
fn facts((name, text): &(&'static str, String)) -> Vec<Fact> {
    let homes: BTreeSet<&'static str> = match *name {
        "journal.jsonl" | "plans.jsonl" => {
            [BOOKS[0], BOOKS[1], "journal.jsonl.rejected", "plans.jsonl.rejected"].into()
        }
        other => [other].into(),
    };
    text.lines().map(|line| (homes.clone(), line.to_owned())).collect()
}

fn text(folder: &Path, name: &str) -> String {
    String::from_utf8_lossy(&fs::read(folder.join(name)).unwrap_or_default()).into_owned()
}

fn try_one(tree: &Tree, kept: &[Fact]) -> Result<(), String> {
    let home = Home::new();
    disk::build(tree, home.path());
    let folder = home.path().join(FOLDER);
    let check = |when: &str| {
        let gone = kept
            .iter()
            .find(|(names, line)| !names.iter().any(|name| text(&folder, name).lines().any(|own| own == line)));
        gone.map_or(Ok(()), |(names, line)| Err(format!("{when} `{line}` is not in {names:?}")))
    };
    check("after the cut")?;
    let before = text(&folder, "journal.jsonl");
    for args in [&["done", "-c", "tone", "-m", "next"][..], &["week"], &["catalogue", "check"]] {
        let call = Call::of(&home.command(args).env("NUDGE_DIR", &folder).output().unwrap());
        if call.code != Some(0) {
            return Err(format!("{args:?} {call:?}"));
        }
    }
    let after = text(&folder, "journal.jsonl");
    if !after.starts_with(&before) || !after[before.len()..].contains("\"note\":\"next\"") {
        return Err(format!("{before:?} became {after:?}"));
    }
    check("after the next call")
}

fn calls(calls: &[&[&str]]) -> Vec<Vec<String>> {
    calls.iter().map(|args| args.iter().map(|arg| (*arg).to_owned()).collect()).collect()
}

/// Tries a story; says how many states there were, for `docs/reliability.md`.
fn check(before: &[(&'static str, String)], story: &[&[&str]]) {
    if let Some(states) = try_all(&Story { before: before.to_vec(), calls: calls(story) }) {
        eprintln!("{states:5} states: {story:?}");
        assert!(states > 1, "nothing was recorded");
    }
}

#[test]
fn the_first_day() {
    check(&[], &[&["today"], &["done", "-m", "first"]]);
    check(&[], &[&["done", "-c", "tone"]]);
    check(&[], &[&["rest"]]);
    check(&[], &[&["catalogue", "add", "-c", "tone", "--do", "Say it softly"]]);
}

#[test]
fn any_other_day() {
    let journal = ("journal.jsonl", entry("a") + "\n" + &entry("b") + "\n");
    check(std::slice::from_ref(&journal), &[&["today"], &["done"], &["undo"]]);
    check(
        std::slice::from_ref(&journal),
        &[&["done", "-c", "names", "-m", "one"], &["rest", "--until", "tomorrow"], &["undo"]],
    );
    check(&[journal], &[&["done", "-c", "names"], &["amend", "-m", "two"], &["undo"], &["rest", "--end"]]);
    // An unfinished line before.
    check(&[("journal.jsonl", entry("a"))], &[&["done", "-c", "tone"]]);
}

#[test]
fn a_rewrite() {
    let journal = ("journal.jsonl", entry("a") + "\n" + &entry("b") + "\n");
    let rest =
        "{\"id\":\"r\",\"day\":\"2026-11-22\",\"event\":\"rest\",\"from\":\"2026-11-23\",\"until\":\"2026-11-23\"}\n";
    let copy = Home::new();
    copy.write("copy", entry("c") + "\n" + rest);
    let path = copy.path().join("copy").display().to_string();
    check(&[journal], &[&["merge", &path]]);
    let broken = entry("a") + "\nbad\n" + rest + &entry("a") + "\n";
    check(&[("journal.jsonl", broken), ("plans.jsonl", entry("p") + "\nbad plan\n")], &[&["doctor", "--fix"]]);
    let gestures = ("gestures.toml", "# mine\nhidden = []\n".to_owned());
    check(&[gestures], &[&["catalogue", "add", "-c", "tone", "--do", "Say it softly"]]);
}
