//! The servers that read who is there from a database: ours, and what somebody would write by hand.

use std::cell::RefCell;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use betancourt_auth::clock::{Clock as _, SystemClock};
use betancourt_auth::{Auth, Config, User};
use betancourt_auth_axum::SignedIn;
use betancourt_auth_sqlx::SqlStore;
use http::header::COOKIE;
use http::{HeaderMap, StatusCode};
use rusqlite::OptionalExtension as _;
use serde::Serialize;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{Row as _, query};
use time::{Duration, PrimitiveDateTime};

use crate::Failure;
use crate::child::listen;
use crate::server;
use crate::token::SECRET;

/// One of these servers. `/me` says who is there; `/public` asks nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// axum alone: `/me` is a page without sign-in.
    Bare,
    /// axum and one query on sqlx, as somebody would write it.
    ByHand,
    /// The same on rusqlite, on the thread that asks.
    ByHandInPlace,
    /// Ours, with sessions in the database.
    Ours,
    /// The same with the cache of sessions.
    OursCached,
    /// Ours, with sessions in cookies.
    OursSealed,
}

impl Measured {
    const ALL: [Self; 6] = [
        Self::Bare,
        Self::ByHand,
        Self::ByHandInPlace,
        Self::Ours,
        Self::OursCached,
        Self::OursSealed,
    ];

    /// The argument by which a process is told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::ByHand => "by-hand",
            Self::ByHandInPlace => "by-hand-in-place",
            Self::Ours => "ours",
            Self::OursCached => "ours-cached",
            Self::OursSealed => "ours-sealed",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// What every page says.
#[derive(Debug, Serialize)]
struct Seen {
    id: String,
    email: String,
    name: String,
    role: String,
}

impl From<&User> for Seen {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.clone().unwrap_or_default(),
            name: user.name.clone().unwrap_or_default(),
            role: user.role.clone(),
        }
    }
}

type Page = Result<Json<Seen>, StatusCode>;

/// Serves on a free port of loopback, with the people of `DATABASE_URL`, until the process ends.
///
/// # Errors
/// When the database or the port cannot be had.
pub async fn serve(measured: Measured) -> Result<(), Failure> {
    let app = match measured {
        Measured::Bare => Router::new().route("/me", get(async || Json(somebody()))),
        Measured::ByHand => by_hand(&database()?).await?,
        Measured::ByHandInPlace => {
            let file = Arc::new(PathBuf::from(database()?.trim_start_matches("sqlite://")));
            Router::new().route("/me", get(in_place)).with_state(file)
        }
        Measured::Ours => ours(&stored(Duration::ZERO).await?),
        Measured::OursCached => ours(&stored(Duration::seconds(5)).await?),
        Measured::OursSealed => ours(&server::auth().await?),
    };
    let app = app.route("/public", get(async || "ok"));
    Ok(axum::serve(listen(0).await?, app).await?)
}

#[expect(clippy::disallowed_methods, reason = "a process of its own, told by its environment")]
fn database() -> Result<String, Failure> {
    Ok(std::env::var("DATABASE_URL")?)
}

fn somebody() -> Seen {
    let text = |text: &str| text.to_owned();
    let [id, email, name] = ["u10000000", "u10000000@example.com", "Person u10000000"].map(text);
    Seen { id, email, name, role: text("CLIENT") }
}

async fn stored(cache_for: Duration) -> Result<Auth, Failure> {
    let mut config = Config::new("http://localhost", SECRET)?;
    config.session.cache_for = cache_for;
    Ok(Auth::new(config, SqlStore::open(&database()?).await?)?)
}

/// `/sweep` removes what has ended, and `/public-below` asks nobody either, but is below our layer.
fn ours(auth: &Auth) -> Router {
    let sweeping = auth.clone();
    let sweep = async move || {
        let swept = sweeping.sweep_in_turn().await.ok().flatten();
        swept.map_or(0, |swept| swept.total()).to_string()
    };
    Router::new()
        .route("/me", get(async |user: SignedIn| Json(Seen::from(user.user()))))
        .route("/public-below", get(async || "ok"))
        .route("/sweep", get(sweep))
        .layer(betancourt_auth_axum::layer(auth))
}

async fn by_hand(url: &str) -> Result<Router, Failure> {
    if url.starts_with("postgres") {
        let pool = PgPool::connect(url).await?;
        return Ok(Router::new().route("/me", get(on_postgres)).with_state(pool));
    }
    let options = SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let pool = SqlitePool::connect_with(options).await?;
    Ok(Router::new().route("/me", get(on_sqlite)).with_state(pool))
}

const QUERY: &str = r#"
    SELECT u."id", u."email", u."name", u."role"
    FROM "sessions" s JOIN "users" u ON u."id" = s."userId"
    WHERE s."sessionToken" = $1 AND s."expires" > $2"#;

fn token(headers: &HeaderMap) -> Result<&str, StatusCode> {
    let cookies = headers.get(COOKIE).and_then(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.unwrap_or_default().split("; ");
    pairs.find_map(|pair| pair.strip_prefix("session=")).ok_or(StatusCode::UNAUTHORIZED)
}

macro_rules! answer {
    ($row:expr) => {{
        let row = $row.map_err(failed)?.ok_or(StatusCode::UNAUTHORIZED)?;
        let text = |column: usize| row.try_get::<String, _>(column).map_err(failed);
        Ok(Json(Seen { id: text(0)?, email: text(1)?, name: text(2)?, role: text(3)? }))
    }};
}

async fn on_postgres(State(pool): State<PgPool>, headers: HeaderMap) -> Page {
    let now = SystemClock.now();
    let now = PrimitiveDateTime::new(now.date(), now.time());
    answer!(query(QUERY).bind(token(&headers)?).bind(now).fetch_optional(&pool).await)
}

async fn on_sqlite(State(pool): State<SqlitePool>, headers: HeaderMap) -> Page {
    answer!(query(QUERY).bind(token(&headers)?).bind(now()).fetch_optional(&pool).await)
}

thread_local! {
    static CONNECTION: RefCell<Option<rusqlite::Connection>> = const { RefCell::new(None) };
}

async fn in_place(State(file): State<Arc<PathBuf>>, headers: HeaderMap) -> Page {
    let token = token(&headers)?;
    let seen = CONNECTION.with_borrow_mut(|connection| {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(rusqlite::Connection::open(&*file)?),
        };
        let mut asked = connection.prepare_cached(QUERY)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Seen { id: row.get(0)?, email: row.get(1)?, name: row.get(2)?, role: row.get(3)? })
        };
        asked.query_row(rusqlite::params![token, now()], read).optional()
    });
    seen.map_err(failed)?.map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

fn now() -> i64 {
    i64::try_from(SystemClock.now().unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

fn failed(_: impl std::error::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}
