//! Rocket with one page that says who is there: by the guard of this library, and by a guard with the same query by hand.
#![expect(clippy::needless_pass_by_value, reason = "Rocket hands guards over by value")]

use std::net::SocketAddr;

use betancourt_auth::store::{Keeping, NewSession, Store as _};
use betancourt_auth::{Auth, Config, SessionDetails, StoredToken};
use betancourt_auth_rocket::{SignedIn, fairing};
use betancourt_auth_sqlx::SqlStore;
use rocket::config::{Config as RocketConfig, LogLevel};
use rocket::fairing::AdHoc;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{get, routes};
use sqlx::Row as _;
use sqlx::sqlite::SqlitePool;
use time::Duration;

use crate::Failure;
use crate::child::announce;
use crate::server::{ada, describe};
use crate::token::{COOKIE, SECRET, now};

/// The token of the session that is in the database.
pub const TOKEN: &str = "a-session-token-of-the-usual-length-0123456";

/// Who finds out who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The guard of this library.
    Guard,
    /// A guard of the application's own, with the same query.
    Hand,
}

impl By {
    /// The argument by which a process is told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Guard => "rocket-by-guard",
            Self::Hand => "rocket-by-hand",
        }
    }

    /// Who has that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Guard, Self::Hand].into_iter().find(|known| known.name() == name)
    }
}

/// Serves the page on a free port of loopback until the process ends, from the SQLite database that `DATABASE_URL` names.
/// The first line of the output is the address.
///
/// # Errors
/// When there is no such database, or no port.
#[expect(clippy::disallowed_methods, reason = "a process of its own, told by its environment")]
pub async fn serve(by: By) -> Result<(), Failure> {
    let store = SqlStore::connect(&std::env::var("DATABASE_URL")?).await?;
    sign_in(&store).await?;
    let config =
        RocketConfig { port: 0, log_level: LogLevel::Off, ..RocketConfig::release_default() };
    let listening = AdHoc::on_liftoff("the first line", |rocket| {
        let address = SocketAddr::new(rocket.config().address, rocket.config().port);
        Box::pin(async move { announce(address).unwrap_or_default() })
    });
    let rocket = rocket::custom(config).attach(listening);
    let rocket = match by {
        By::Guard => {
            let auth = Auth::new(Config::new("http://localhost", SECRET)?, store)?;
            rocket.mount("/", routes![guarded]).attach(fairing(&auth))
        }
        By::Hand => {
            let pool = store.sqlite_pool().ok_or("the database is another one")?;
            rocket.mount("/", routes![by_hand]).manage(pool.clone())
        }
    };
    rocket.launch().await?;
    Ok(())
}

/// One person with one session.
async fn sign_in(store: &SqlStore) -> Result<(), Failure> {
    let (user, now) = (ada(), now());
    let session = NewSession {
        token: StoredToken::hashed(TOKEN),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: now + Duration::days(30),
        details: SessionDetails::new(now, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 1,
    };
    store.sign_up(&user, None, &session, &[]).await?;
    Ok(())
}

#[get("/")]
fn guarded(user: SignedIn) -> String {
    describe(user.user())
}

#[get("/")]
fn by_hand(member: Member) -> String {
    format!("{} ({}) is {}", member.name, member.id, member.role)
}

/// Whoever is signed in, as an application finds out that has no library for it.
struct Member {
    id: String,
    name: String,
    role: String,
}

const QUERY: &str = r#"
    SELECT u."id", u."name", u."email", u."emailVerified", u."image", u."role", s."expires",
        d."createdAt", d."authenticatedAt", d."method", d."device", d."seenAt"
    FROM "sessions" s
    JOIN "users" u ON u."id" = s."userId"
    LEFT JOIN "auth_sessions" d ON d."sessionToken" = s."sessionToken"
    WHERE s."sessionToken" = $1"#;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Member {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match Self::find(request).await {
            Ok(Some(member)) => Outcome::Success(member),
            Ok(None) => Outcome::Error((Status::Unauthorized, ())),
            Err(_) => Outcome::Error((Status::ServiceUnavailable, ())),
        }
    }
}

impl Member {
    async fn find(request: &Request<'_>) -> Result<Option<Self>, Failure> {
        let pool = request.rocket().state::<SqlitePool>().ok_or("there is no database")?;
        let Some(cookie) = request.cookies().get(COOKIE) else { return Ok(None) };
        let token = StoredToken::hashed(cookie.value());
        let found = sqlx::query(QUERY).bind(token.as_str()).fetch_optional(pool).await?;
        let Some(row) = found else { return Ok(None) };
        let expires: i64 = row.try_get("expires")?;
        let lives = i128::from(expires) * 1_000_000 > now().unix_timestamp_nanos();
        let (id, name, role) = (row.try_get("id")?, row.try_get("name")?, row.try_get("role")?);
        Ok(lives.then_some(Self { id, name, role }))
    }
}
