//! How long the statistics API of the site takes, with so many people in the database.

use std::sync::Arc;

use betancourt_benches::Failure;
use betancourt_benches::load::{self, Page};
use betancourt_benches::postgres::Postgres;

use super::database::{Engine, Seeded};
use super::say;
use super::site::Site;
use super::table::grouped;

const PEOPLE: u64 = 100_000;
/// Two a person, as there are; and ten, with the index that the book tells whoever has so many to make.
const SESSIONS: [(u64, Option<&str>); 2] = [(2 * PEOPLE, None), (10 * PEOPLE, Some(INDEX))];
const INDEX: &str = r#"CREATE INDEX "sessions_expires_idx" ON "sessions" ("expires")"#;
const REQUESTS: usize = 100;
/// So many ask at a time.
const CONNECTIONS: usize = 2;
/// Everybody has an account, one in ten a link that waits in their mailbox, and one of them is an administrator.
const MORE: &str = r#"
    INSERT INTO "accounts" ("id", "userId", "type", "provider", "providerAccountId")
    SELECT 'a' || "id", "id", 'oauth', CASE WHEN "id" LIKE '%3' THEN 'facebook' ELSE 'google' END, "id" FROM "users";
    INSERT INTO "verification_tokens" ("identifier", "token", "expires")
    SELECT u."email", u."id", s."expires" FROM "users" u JOIN "sessions" s ON s."id" = 'k1' WHERE u."id" LIKE '%7';
    UPDATE "users" SET "role" = 'ADMIN' WHERE "id" = (SELECT "userId" FROM "sessions" WHERE "id" = 'k1');"#;
/// Everything that can be asked for, one of its kind where it is about one.
const PAGES: [&str; 17] = [
    "/api/auth/",
    "/api/auth/users/",
    "/api/auth/users/?page=500&page_size=100",
    "/api/auth/users/stats/",
    "/api/auth/users/by_email/?email=u10050000@example.com",
    "/api/auth/users/u10050000/",
    "/api/auth/accounts/",
    "/api/auth/accounts/?page=500&page_size=100",
    "/api/auth/accounts/stats/",
    "/api/auth/accounts/by_user/?user_id=u10050000",
    "/api/auth/accounts/au10050000/",
    "/api/auth/sessions/",
    "/api/auth/sessions/?page=500&page_size=100",
    "/api/auth/sessions/stats/",
    "/api/auth/sessions/k17/",
    "/api/auth/tokens/",
    "/api/services?lang=es",
];

/// Prints how long 95 of a hundred answers took at most.
pub(crate) async fn report() -> Result<(), Failure> {
    let postgres = Postgres::start().await?;
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    for (sessions, index) in SESSIONS {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let name = format!("{}, {} sessions", engine.name(), grouped(sessions));
            say(&name);
            let seeded = Seeded::make_of(engine, &postgres, sessions, PEOPLE).await?;
            for statements in [Some(MORE), index, Some("ANALYZE")].into_iter().flatten() {
                seeded.run(statements).await?;
            }
            columns.push(on(&seeded).await?);
            names.push(name);
            seeded.remove(&postgres).await?;
        }
    }
    println!("| 95 of 100 answers within | {} |", names.join(" | "));
    println!("| --- |{}", " --: |".repeat(names.len()));
    for (place, path) in PAGES.iter().enumerate() {
        let times = columns.iter().filter_map(|column| column.get(place));
        let times: Vec<_> = times.map(|time| format!("{:.1} ms", time * 1e3)).collect();
        println!("| `{path}` | {} |", times.join(" | "));
    }
    Ok(())
}

async fn on(seeded: &Seeded) -> Result<Vec<f64>, Failure> {
    let site = Site::start(&seeded.url).await?;
    let cookies: Arc<[String]> = seeded.page_of_ours().cookies.iter().take(1).cloned().collect();
    let mut times = Vec::new();
    for path in PAGES {
        say(&format!("{}: {path}", seeded.engine.name()));
        let page = Page { path, cookies: Arc::clone(&cookies) };
        let latencies = load::run(site.address, &page, CONNECTIONS, REQUESTS).await;
        let latencies = latencies.map_err(|why| format!("{path}: {why}"))?;
        let time = latencies.percentile(95).as_secs_f64();
        say(&format!("  {:.1} ms", time * 1e3));
        times.push(time);
    }
    Ok(times)
}
