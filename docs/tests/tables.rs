//! The tables of the reference and the list of attacks say what the code says.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use betancourt_auth::store::Perishable;
use betancourt_auth::theme::Theme;
use betancourt_auth::{Code, Retention};
use time::Duration;

/// The cells of every row of the tables in a page.
fn rows(page: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with('|') && !line.starts_with("| ---"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
}

#[test]
fn the_table_of_errors_is_the_closed_list() {
    let page = include_str!("../src/reference/errors.md");
    let told: Vec<_> =
        rows(page).skip(1).map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
    let known =
        Code::ALL.map(|code| (format!("`{}`", code.as_str()), code.status().as_u16().to_string()));
    assert_eq!(told, known);
}

#[test]
fn the_table_of_retention_is_the_declared_one() {
    let page = include_str!("../src/reference/configuration.md");
    let section = page.split_once("## Retention").unwrap().1.split_once("\n## ").unwrap().0;
    let told: Vec<_> = rows(section)
        .skip(1)
        .map(|row| (row[0].to_owned(), row[1].split_once(" days").unwrap().0.to_owned()))
        .collect();
    let retention = Retention::default();
    let declared = Perishable::ALL
        .map(|what| (format!("`{}`", what.as_str()), retention.of(what).whole_days().to_string()));
    assert_eq!(told, declared);
    assert_eq!(retention.sweep_every, Duration::HOUR);
}

#[test]
fn every_variable_of_the_style_sheet_is_in_the_guide() {
    let page = include_str!("../src/guide/your-own-pages.md");
    let told: BTreeSet<_> =
        rows(page).filter_map(|row| row[0].strip_prefix('`')?.strip_suffix('`')).collect();
    let told = told.into_iter().filter(|name| name.starts_with("--auth-"));
    let sheet = Theme::default().variables();
    let known: BTreeSet<_> =
        sheet.split([';', '{']).filter_map(|rule| Some(rule.split_once(':')?.0)).collect();
    let known = known.into_iter().filter(|name| name.starts_with("--auth-"));
    assert!(told.eq(known));
}

#[test]
fn the_schema_is_that_of_the_migrations() {
    let page = include_str!("../src/reference/schema.md");
    let made = tables();
    for (table, columns) in &made {
        let cell = format!("`{table}`");
        let row = rows(page).find(|row| row[0] == cell).unwrap_or_else(|| panic!("{table}"));
        for column in columns {
            assert!(row[1].contains(&format!("`{column}`")), "{table} lacks {column}");
        }
    }
    let ours = rows(page).filter(|row| row[0].starts_with("`auth_"));
    assert_eq!(ours.count(), made.keys().filter(|table| table.starts_with("auth_")).count());
}

/// What all migrations together make: the columns of each table, and on MySQL a table of locks besides.
fn tables() -> BTreeMap<String, BTreeSet<String>> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../betancourt-auth-sqlx/migrations/sqlite");
    let of_mysql = include_str!("../../betancourt-auth-sqlx/migrations/mysql/0001_auth.sql");
    assert!(of_mysql.contains("TABLE IF NOT EXISTS `auth_locks`"));
    let locks = ("auth_locks".to_owned(), BTreeSet::from(["number".to_owned()]));
    let mut made = BTreeMap::from([locks]);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for file in entries.filter(|path| path.extension().is_some_and(|kind| kind == "sql")) {
        let script = fs::read_to_string(file).unwrap();
        for statement in script.split("TABLE ").skip(1) {
            let statement = statement.split(';').next().unwrap();
            let table = statement.split('"').nth(1).unwrap();
            let columns =
                statement.lines().skip(1).filter_map(|line| line.trim().strip_prefix('"'));
            let added = statement.split("ADD COLUMN \"").skip(1);
            let names = columns.chain(added).map(|rest| rest.split('"').next().unwrap().to_owned());
            made.entry(table.to_owned()).or_default().extend(names);
        }
    }
    made
}

/// Whether a row, or a test, is about something that was published.
fn is_advisory(id: &str) -> bool {
    ["GHSA-", "CVE-", "ghsa_", "cve_"].iter().any(|begin| id.starts_with(begin))
}

#[test]
fn every_advisory_on_the_list_has_its_test_and_the_other_way_round() {
    let page = include_str!("../src/explanation/attacks.md");
    let listed = rows(page).map(|row| row[0].to_lowercase().replace('-', "_"));
    let listed: Vec<_> = listed.filter(|id| is_advisory(id)).collect();
    let code = include_str!("../../betancourt-auth/tests/wire/advisories.rs");
    let tests = code.split("async fn ").skip(1);
    let tests = tests.filter(|test| is_advisory(test));
    let mut told: BTreeSet<_> = listed.iter().map(String::as_str).collect();
    for test in tests {
        let of_it = told.iter().copied().find(|id| test.starts_with(*id));
        told.remove(of_it.unwrap_or_else(|| panic!("not on the list: {test}")));
    }
    assert!(told.is_empty() && listed.len() > 10, "{told:?} have no test");
}

/// The rows of the page that have a test; the others are named in its text.
#[test]
fn every_attack_on_the_list_has_its_test_and_the_other_way_round() {
    let page = include_str!("../src/explanation/attacks.md");
    let listed: BTreeSet<_> = rows(page)
        .filter_map(|row| row.first().copied())
        .filter(|id| id.contains('-') && !is_advisory(id))
        .collect();
    assert!(listed.len() > 30, "the list was found");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../betancourt-auth/tests/attacks");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let code: String = files.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let tests = code.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
    let ids = tests.filter_map(|name| {
        let mut parts = name.split('_');
        let (group, number) = (parts.next()?.to_uppercase(), parts.next()?);
        number.parse::<u8>().ok().map(|_| format!("{group}-{number}"))
    });
    let played: BTreeSet<_> = ids.collect();
    assert_eq!(played.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
}
