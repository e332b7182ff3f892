//! Each command that rewrites is killed before each of its calls to the system that change something: the old files are
//! there or the new ones, no line has gone, and the next call and the doctor put right what is left.

use std::os::unix::process::ExitStatusExt;

use crate::home::Home;
use crate::strace::strace;

/// Those that change something on the disk, or what is held of it; some systems have only one of two.
const CALLS: [&str; 14] = [
    "openat",
    "write",
    "ftruncate",
    "fchmod",
    "?chmod",
    "fchown",
    "?rename",
    "?renameat,?renameat2",
    "?link,linkat",
    "?unlink,unlinkat",
    "?mkdir,mkdirat",
    "fsync",
    "fdatasync",
    "flock",
];

fn done(id: &str) -> String {
    format!("{{\"id\":\"{id}\",\"day\":\"2026-11-20\",\"event\":\"done\",\"category\":\"tone\"}}")
}

const REST: &str = r#"{"id":"r","day":"2026-11-22","event":"rest","from":"2026-11-22","until":"2026-11-22"}"#;

/// Kills a command before each of its calls in turn; the number of kills. `None` where strace can't.
fn killed_everywhere(files: &[(&str, String)], args: &[&str], lines: &[String]) -> Option<usize> {
    let mut kills = 0;
    for call in CALLS {
        // Each call to the system has a count of its own.
        for when in 1.. {
            if !is_killed(files, args, lines, &format!("{call}:signal=KILL:when={when}"))? {
                break;
            }
            kills += 1;
        }
    }
    Some(kills)
}

/// Whether a command was killed before one of its calls; after that no line may have gone.
fn is_killed(files: &[(&str, String)], args: &[&str], lines: &[String], inject: &str) -> Option<bool> {
    let home = Home::new();
    home.set_mode(".", 0o700);
    for (name, text) in files {
        home.write(name, text);
        home.set_mode(name, 0o600);
    }
    let copy = home.path().join("copy").display().to_string();
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "COPY" { copy.as_str() } else { arg }).collect();
    let output = strace(&home, &["-o", "/dev/null", "-e", &format!("inject={inject}")], &args)?;
    let check = |what: &str| {
        let is_own = |name: &&String| *name != "copy" && !name.contains("backup") && !name.starts_with('.');
        let text: String = home.names().iter().filter(is_own).map(|name| home.text(name)).collect();
        let gone = lines.iter().find(|line| !text.lines().any(|own| own == *line));
        assert_eq!(gone, None, "{args:?} {inject} {what}: {:?}\n{text}", home.names());
    };
    check("killed");
    let next = home.run(&["done", "-c", "names", "-m", "next"]);
    assert_eq!(next.code, Some(0), "{args:?} {inject} {next:?}");
    home.run(&["doctor", "--fix"]);
    check("mended");
    assert!(home.names().iter().all(|name| !name.contains(".new")), "{args:?} {inject} {:?}", home.names());
    assert!(output.status.signal().is_some() || output.status.success(), "{args:?} {inject} {output:?}");
    Some(output.status.signal().is_some())
}

#[test]
fn a_rewrite_that_is_killed_anywhere_loses_no_line() {
    let journal = format!("{}\n{REST}\nbad\n{}\n", done("a"), done("a"));
    let books = [("journal.jsonl", journal), ("plans.jsonl", done("p") + "\nbad plan\n"), ("copy", done("c") + "\n")];
    let kept =
        ["bad", "bad plan", REST].map(str::to_owned).into_iter().chain([done("a"), done("p")]).collect::<Vec<_>>();
    let gestures = [("gestures.toml", "# mine\nhidden = []\n".to_owned())];
    let mine = ["# mine".to_owned()];
    for (files, args, lines) in [
        (&books[..], &["merge", "COPY"][..], &kept[..]),
        (&books, &["doctor", "--fix"], &kept),
        (&gestures, &["catalogue", "add", "-c", "tone", "--do", "Say it softly"], &mine),
        (&gestures, &["catalogue", "hide", "turn-hands-off"], &mine),
    ] {
        let Some(kills) = killed_everywhere(files, args, lines) else {
            return;
        };
        eprintln!("{kills} kills: {args:?}");
        assert!(kills > 10, "{kills}");
    }
}
