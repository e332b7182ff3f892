//! Every transcript in the README and in `tests/cmd` runs, and prints what stands there.
//!
//! `TRYCMD=overwrite cargo test transcripts` writes what is printed now.

use std::path::Path;

/// Each page is a home of its own, in which its commands follow one another.
fn check(page: &Path) {
    let home = tempfile::tempdir().unwrap();
    let folder = |name: &str| home.path().join(name).display().to_string();
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("nudge", Path::new(env!("CARGO_BIN_EXE_nudge")))
        .env("HOME", folder(""))
        .env("XDG_CONFIG_HOME", folder(".config"))
        .env("XDG_DATA_HOME", folder(".local/share"))
        .env("NUDGE_DIR", "")
        .env("SHELL", "/bin/bash")
        .env("NUDGE_NOW", "2026-11-22T12:40:52+01:00")
        .env("NUDGE_SEED", "42")
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "72")
        .env("TZ", "UTC")
        .case(page);
    cases.run();
}

#[test]
fn readme_transcripts() {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
}

#[test]
fn command_transcripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let mut pages: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(!pages.is_empty());
    for page in pages {
        check(&page);
    }
}
