//! The rules of the layout, held by reading `src/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PURE: [&str; 12] = [
    "calendar",
    "catalogue",
    "config",
    "ids",
    "import",
    "journal",
    "people",
    "picker",
    "review",
    "safe_text",
    "schedule",
    "toml_reader",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The modules with the text of each; a module's tests may do more.
fn modules() -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    files(&source)
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs") && !path.ends_with("sample.rs"))
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .map(|path| {
            let module = path.strip_prefix(&source).unwrap().components().next().unwrap();
            let module = module.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
            (module, text)
        })
        .collect()
}

fn imports(text: &str) -> BTreeSet<String> {
    let crates = text.split("crate::").skip(1);
    crates.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}

#[test]
fn imports_point_one_way() {
    for (module, text) in modules() {
        let mut allowed: Vec<&str> = match module.as_str() {
            pure if PURE.contains(&pure) => Vec::new(),
            "error" | "cli" | "view" => Vec::new(),
            "environment" => vec!["error", "ids"],
            "system" => vec!["error"],
            "store" => vec!["error", "environment"],
            "commands" => vec!["error", "environment", "cli", "store", "system", "view"],
            "lib" | "main" => continue,
            other => panic!("`{other}` is a new module: say here what it may import"),
        };
        if !["error", "environment"].contains(&module.as_str()) {
            allowed.extend(PURE);
        }
        allowed.push(&module);
        let imports = imports(&text);
        let odd: Vec<&String> = imports.iter().filter(|import| !allowed.contains(&import.as_str())).collect();
        assert!(odd.is_empty(), "`{module}` imports {odd:?}");
    }
}

#[test]
fn pure_modules_know_no_file_no_clock_and_no_chance() {
    const OUTSIDE: [&str; 12] = [
        "std::env",
        "std::fs",
        "std::net",
        "std::process",
        "std::time",
        "SystemTime",
        "Instant",
        "Local",
        "Utc::now",
        "SysRng",
        "ThreadRng",
        "rand::rng()",
    ];
    for (module, text) in modules().into_iter().filter(|(module, _)| PURE.contains(&module.as_str())) {
        for word in OUTSIDE {
            assert!(!text.contains(word), "`{module}` names `{word}`");
        }
        // JSON is written to memory through the `Write` that serde_json asks for.
        let io = text.matches("std::io").count()
            - text.matches("std::io::Write").count()
            - text.matches("std::io::Result").count();
        assert_eq!(io, 0, "`{module}` names `std::io`");
    }
}

/// Nothing leaves the machine; which crates may come in is for `deny.toml` to say.
#[test]
fn no_module_opens_a_connection() {
    for (module, text) in modules() {
        for word in ["std::net", "TcpStream", "UdpSocket", "UnixStream"] {
            assert!(!text.contains(word), "`{module}` names `{word}`");
        }
    }
}

/// What breaks lines and what makes text safe each have one home.
#[test]
fn text_is_laid_out_and_made_safe_in_one_place() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let homes: [(&str, &[&str]); 3] = [
        ("textwrap", &["view/page.rs"]),
        // What JSON escapes it asks `safe_text`.
        ("is_unsafe_for_terminal", &["safe_text.rs", "journal/format.rs"]),
        ("\\u{1B}", &["safe_text.rs"]),
    ];
    for path in files(&source).into_iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let file = path.strip_prefix(&source).unwrap().to_str().unwrap().replace('\\', "/");
        for (word, homes) in homes {
            assert!(homes.contains(&file.as_str()) || !text.contains(word), "`{file}` names `{word}`");
        }
    }
}

#[test]
fn the_command_line_is_claps_alone() {
    for (_, cli) in modules().into_iter().filter(|(module, _)| module == "cli") {
        let mut uses = cli.lines().filter(|line| line.starts_with("use "));
        // What is ours alone is how a word is quoted and how several are listed.
        let own = [
            "use clap::",
            "use clap_mangen::",
            "use std::",
            "use super::",
            "use crate::safe_text::",
            "use crate::toml_reader::",
        ];
        let odd = uses.find(|line| !own.iter().any(|own| line.starts_with(own)));
        assert_eq!(odd, None);
    }
}

#[test]
fn the_entry_point_is_small() {
    let (_, main) = modules().into_iter().find(|(module, _)| module == "main").unwrap();
    assert!(main.lines().count() <= 60);
}
