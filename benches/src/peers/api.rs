//! How long the statistics API of the site takes, with so many people in the database.

use std::sync::Arc;

use betancourt_benches::Failure;
use betancourt_benches::load::{self, Page};
use betancourt_benches::postgres::Postgres;

use super::database::{Engine, Seeded};
use super::say;
use super::site::Site;
use super::table::grouped;

/// Of whom every tenth is a person.
const SESSIONS: u64 = 1_000_000;
const REQUESTS: usize = 100;
const CONNECTIONS: usize = 4;
/// Everybody has an account, one in ten a link that waits in their mailbox, and one of them is an administrator.
const MORE: &str = r#"
    INSERT INTO "accounts" ("id", "userId", "type", "provider", "providerAccountId")
    SELECT 'a' || "id", "id", 'oauth', CASE WHEN "id" LIKE '%3' THEN 'facebook' ELSE 'google' END, "id" FROM "users";
    INSERT INTO "verification_tokens" ("identifier", "token", "expires")
    SELECT u."email", u."id", s."expires" FROM "users" u JOIN "sessions" s ON s."id" = 'k1' WHERE u."id" LIKE '%7';
    UPDATE "users" SET "role" = 'ADMIN' WHERE "id" = (SELECT "userId" FROM "sessions" WHERE "id" = 'k1');"#;
/// Everything that can be asked for, one of its kind where it is about one.
const PAGES: [&str; 16] = [
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
    "/api/auth/sessions/stats/",
    "/api/auth/sessions/k17/",
    "/api/auth/tokens/",
    "/api/services?lang=es",
];

/// Prints how long 95 of a hundred answers took at most.
pub(crate) async fn report() -> Result<(), Failure> {
    let postgres = Postgres::start().await?;
    let mut columns = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        say(&format!("{}: making {} sessions", engine.name(), grouped(SESSIONS)));
        let seeded = Seeded::make(engine, &postgres, SESSIONS).await?;
        seeded.run(MORE).await?;
        columns.push(on(&seeded).await?);
        seeded.remove(&postgres).await?;
    }
    println!("| 95 of 100 answers within | SQLite | PostgreSQL |\n| --- | --: | --: |");
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
