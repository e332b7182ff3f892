//! Checks `gestures.toml` with the code that checks a user's file, and turns it into static data, so that an invalid
//! catalogue does not build and a valid one costs nothing at start.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

#[allow(dead_code, reason = "the build script needs only a part of these modules")]
#[path = "src/catalogue"]
mod catalogue {
    mod packed;
    mod schema;
    mod types;
    pub use packed::pack_all;
    pub use schema::*;
    pub use types::*;
}
#[allow(dead_code, reason = "as above")]
#[path = "src/ids.rs"]
mod ids;
#[allow(dead_code, reason = "as above")]
#[path = "src/toml_reader.rs"]
mod toml_reader;

use catalogue::{Catalogue, Category, Finding, Text};
use ids::GestureId;

const FILE: &str = "gestures.toml";

fn main() -> ExitCode {
    for path in [
        FILE,
        "build.rs",
        "src/catalogue/schema.rs",
        "src/catalogue/types.rs",
        "src/catalogue/packed.rs",
        "src/toml_reader.rs",
        "src/ids.rs",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the build has no store and no context")]
fn build() -> Result<(), Vec<String>> {
    let failed = |error: std::io::Error| vec![format!("{FILE}: {error}")];
    let text = std::fs::read_to_string(FILE).map_err(failed)?;
    let catalogue = catalogue::read_whole(&text)
        .map_err(|problems| problems.iter().map(|problem| format!("{FILE}:{problem}")).collect::<Vec<_>>())?;
    let folder = std::env::var("OUT_DIR").map_err(|error| vec![error.to_string()])?;
    std::fs::write(Path::new(&folder).join("builtin.rs"), source(&catalogue)).map_err(failed)
}

/// The catalogue as Rust source.
fn source(catalogue: &Catalogue) -> String {
    let mut source = String::new();
    let mut table = |name: &str, of: &str, rows: Vec<String>| {
        let _ = writeln!(source, "static {name}: &[{of}] = &[\n{}];", rows.concat());
    };
    table("CATEGORIES", "Category", catalogue.categories.iter().map(category).collect());
    table("EVIDENCE", "Finding", catalogue.evidence.iter().map(finding).collect());
    table("RETIRED", "GestureId", catalogue.retired.iter().map(|id| format!("{},\n", gesture_id(id))).collect());
    let _ = writeln!(source, "const GESTURES: &str = {:?};", catalogue::pack_all(&catalogue.gestures));
    let _ = writeln!(source, "const COUNT: usize = {};", catalogue.gestures.len());
    source
}

fn category(category: &Category) -> String {
    let Category { id, name, about } = category;
    format!(
        "Category {{ id: CategoryId::new_static({:?}), name: {}, about: {} }},\n",
        &**id,
        text(name),
        option(about.as_ref().map(text))
    )
}

fn finding(finding: &Finding) -> String {
    let Finding { key, claim, source, year, doi, grade, caution, acts } = finding;
    format!(
        "Finding {{ key: {}, claim: {}, source: {}, year: {year}, doi: {}, grade: Grade::{grade:?}, caution: {}, acts: {} }},\n",
        text(key),
        text(claim),
        text(source),
        option(doi.as_ref().map(text)),
        option(caution.as_ref().map(text)),
        list(acts.iter().map(gesture_id)),
    )
}

fn gesture_id(id: &GestureId) -> String {
    format!("GestureId::new_static({:?})", &**id)
}

fn text(text: &Text) -> String {
    format!("Borrowed({text:?})")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("Borrowed(&[{}])", items.collect::<Vec<_>>().join(", "))
}

fn option(value: Option<String>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({value})"))
}
