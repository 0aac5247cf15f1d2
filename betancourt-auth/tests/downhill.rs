//! Water flows downhill: modules use only what lies below them, files stay short, and trust is created in few places.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, highest first. Modules on one line are strangers to each other.
const LAYERS: &[&[&str]] = &[
    &["lib", "parts", "testing"],
    &["visitor"],
    &["auth"],
    &["action", "refusal"],
    &["flow"],
    &["access", "administration", "own", "sweep"],
    &["check", "client", "link", "session"],
    &["answer", "presented"],
    &["page"],
    &["config"],
    &[
        "crowd",
        "documents",
        "errands",
        "nonces",
        "panics",
        "sealed",
        "standings",
        "turns",
        "witness",
    ],
    &["provider", "store", "hook", "http_client", "news", "remembered", "request"],
    &["event"],
    &["device", "mailer", "model", "role"],
    &["cookie", "jwe", "seal"],
    &["address", "secret", "clock", "error", "language", "theme"],
    &["code"],
];

/// The files that may create trust: each makes the one baton that is its own.
const MAY_ASSERT: &[&str] = &[
    "check/handshake.rs",
    "check/mailbox.rs",
    "client/mod.rs",
    "flow/credentials.rs",
    "link.rs",
    "session/issue.rs",
    "witness.rs",
];

const LONGEST: usize = 400;

/// How much code an adapter may have, all files together: more of it does more than convert.
const LARGEST_ADAPTER: usize = 300;

/// How much code the smallest complete application may have.
const LARGEST_EXAMPLE: usize = 40;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The code of a file, without tests, comments and empty lines.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap().lines();
    let code: Vec<_> =
        code.filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//")).collect();
    code.join("\n")
}

/// Each source file: its path below `src`, its module, and its code.
fn modules() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let module = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let code = code(&path);
        (name, module, code)
    };
    sources(&root).into_iter().map(read).collect()
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` has no layer"))
}

/// The modules that a file names by `crate::`.
fn used(code: &str) -> Vec<String> {
    let after = code.split("crate::").skip(1);
    let names = after.flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).collect(),
        None => vec![rest],
    });
    let name = |rest: &str| {
        rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    names.map(name).collect()
}

#[test]
fn modules_use_only_what_lies_below() {
    let mut uphill = Vec::new();
    for (name, module, code) in modules() {
        for used in used(&code).into_iter().filter(|used| *used != module && module != "lib") {
            if LAYERS.iter().flat_map(|layer| layer.iter()).any(|known| *known == used)
                && layer(&used) <= layer(&module)
            {
                uphill.push(format!("{name} uses crate::{used}"));
            }
        }
    }
    assert!(uphill.is_empty(), "water flows uphill:\n{}", uphill.join("\n"));
}

#[test]
fn every_module_has_a_layer_and_says_what_it_is() {
    for (name, module, _) in modules().into_iter().filter(|(name, _, _)| name != "lib.rs") {
        layer(&module);
        let text =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(&name))
                .unwrap();
        assert!(text.starts_with("//! "), "{name} does not say what it is");
    }
}

#[test]
fn files_stay_short() {
    for (name, _, code) in modules() {
        assert!(
            code.lines().count() <= LONGEST,
            "{name} has {} lines: look for the second idea",
            code.lines().count()
        );
    }
}

#[test]
fn adapters_stay_short_and_the_book_knows_how_short() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(workspace.join("docs/src/guide/your-own-adapter.md")).unwrap();
    let mut counts = Vec::new();
    for name in ["axum", "rocket"] {
        let files = sources(&workspace.join(format!("betancourt-auth-{name}/src")));
        let count: usize = files.iter().map(|path| code(path).lines().count()).sum();
        assert!(count <= LARGEST_ADAPTER, "the adapter for {name} has {count} lines");
        counts.push(count);
        let example = code(&workspace.join(format!("examples/{name}/src/main.rs"))).lines().count();
        assert!(example <= LARGEST_EXAMPLE, "the example with {name} has {example} lines");
    }
    let [axum, rocket] = counts[..] else { unreachable!() };
    let told = format!("for axum has {axum} lines of code, the one for\nRocket {rocket},");
    assert!(guide.contains(&told), "the guide does not say: {told}");
}

#[test]
fn trust_is_created_in_few_places() {
    let asserting: Vec<_> =
        modules().into_iter().filter(|(_, _, code)| code.contains("assertion(")).collect();
    for (name, _, _) in &asserting {
        assert!(MAY_ASSERT.contains(&name.as_str()), "{name} creates trust");
    }
    assert_eq!(asserting.len(), MAY_ASSERT.len(), "a file on the list no longer creates trust");
}
