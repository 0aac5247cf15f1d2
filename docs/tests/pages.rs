//! Every page is in the summary and in `lib.rs`, and every link between pages leads somewhere.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every page below a folder, the summary left out.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { pages(&path) } else { vec![path] });
    let is_page = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "md");
    below.filter(is_page).filter(|path| !path.ends_with("SUMMARY.md")).collect()
}

/// Where the links of a page lead, without those that leave the book.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://"))
}

/// The name by which a heading is linked to.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|letter| letter.is_alphanumeric() || *letter == '-').collect()
}

#[test]
fn every_page_is_in_the_summary_and_compiled() {
    let summary = fs::read_to_string(book().join("SUMMARY.md")).unwrap();
    let compiled = include_str!("../lib.rs");
    let pages = pages(&book());
    assert!(pages.len() > 20, "the book was found");
    for page in pages {
        let name = page.strip_prefix(book()).unwrap().to_str().unwrap();
        assert!(summary.contains(&format!("]({name})")), "{name} is not in SUMMARY.md");
        assert!(compiled.contains(&format!("\"{name}\"")), "{name} is not in lib.rs");
    }
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages(&book()).into_iter().chain([book().join("SUMMARY.md")]) {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let linked = fs::read(&target) // a picture is no text
                .unwrap_or_else(|_| panic!("{}: {link} leads nowhere", page.display()));
            let linked = String::from_utf8_lossy(&linked);
            let headings = linked.lines().filter_map(|line| line.strip_prefix("## "));
            let found = fragment.is_empty() || headings.map(anchor).any(|known| known == fragment);
            assert!(found, "{}: {link} names no heading", page.display());
        }
    }
}
