//! axum-login on tower-sessions, with cookies that are signed and sessions that end when they are not used: as its own
//! examples have it. The address of the database comes as the variable `DATABASE_URL`.
//!
//! - `serve` listens on a free port of loopback, and says where.
//! - `seed` makes `SESSIONS` sessions of the users that are there, and prints up to `COOKIES` of their cookies.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::{self, Debug, Formatter};
use std::io::Write as _;

use axum::routing::get;
use axum::{Json, Router};
use axum_login::tower_sessions::{Expiry, SessionManagerLayer, SessionStore};
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, login_required};
use serde::Serialize;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteRow, SqliteSynchronous,
};
use sqlx::{FromRow, Row as _};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tower_sessions::cookie::{Cookie, CookieJar, Key};
use tower_sessions::session::{Id, Record};
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore};

type Failure = Box<dyn Error + Send + Sync>;

/// Sessions are inserted so many at a time.
const BATCH: usize = 10_000;

/// What every user's password is: axum-login ends sessions whose user has another one.
const PASSWORD: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

#[derive(Clone, FromRow, Serialize)]
struct Member {
    id: i64,
    email: String,
    name: String,
    role: String,
    #[serde(skip)]
    password: String,
}

impl Debug for Member {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Member").field("id", &self.id).finish_non_exhaustive()
    }
}

impl AuthUser for Member {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.password.as_bytes()
    }
}

#[derive(Clone, Debug)]
enum Members {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

impl AuthnBackend for Members {
    type User = Member;
    type Credentials = ();
    type Error = sqlx::Error;

    async fn authenticate(&self, (): ()) -> Result<Option<Member>, sqlx::Error> {
        Ok(None)
    }

    async fn get_user(&self, id: &i64) -> Result<Option<Member>, sqlx::Error> {
        match self {
            Self::Postgres(pool) => {
                let asked = sqlx::query_as::<_, Member>("SELECT * FROM members WHERE id = $1");
                asked.bind(id).fetch_optional(pool).await
            }
            Self::Sqlite(pool) => {
                let asked = sqlx::query_as::<_, Member>("SELECT * FROM members WHERE id = ?");
                asked.bind(id).fetch_optional(pool).await
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let url = std::env::var("DATABASE_URL")?;
    let seeds = std::env::args().nth(1).as_deref() == Some("seed");
    if url.starts_with("postgres") {
        let pool = PgPool::connect(&url).await?;
        let store = PostgresStore::new(pool.clone());
        store.migrate().await?;
        if seeds {
            seed(&Members::Postgres(pool)).await
        } else {
            serve(store, Members::Postgres(pool)).await
        }
    } else {
        let options: SqliteConnectOptions = url.parse()?;
        let options =
            options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePool::connect_with(options).await?;
        let store = SqliteStore::new(pool.clone());
        store.migrate().await?;
        if seeds {
            seed(&Members::Sqlite(pool)).await
        } else {
            serve(store, Members::Sqlite(pool)).await
        }
    }
}

/// The same key everywhere, so that cookies made by one process open at another.
fn key() -> Key {
    Key::from(&[7; 64])
}

async fn serve(store: impl SessionStore + Clone, members: Members) -> Result<(), Failure> {
    let sessions = SessionManagerLayer::new(store)
        .with_secure(false)
        .with_expiry(Expiry::OnInactivity(Duration::days(1)))
        .with_signed(key());
    let layer = AuthManagerLayerBuilder::new(members, sessions).build();
    let app = Router::new()
        .route("/me", get(me))
        .route_layer(login_required!(Members, login_url = "/login"))
        .route("/public", get(async || "ok"))
        .layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    Ok(axum::serve(listener, app).await?)
}

async fn me(session: AuthSession<Members>) -> Result<Json<Member>, axum::http::StatusCode> {
    session.user.map(Json).ok_or(axum::http::StatusCode::UNAUTHORIZED)
}

async fn seed(members: &Members) -> Result<(), Failure> {
    let number = |name: &str| Ok::<usize, Failure>(std::env::var(name)?.parse()?);
    let (sessions, cookies) = (number("SESSIONS")?, number("COOKIES")?);
    let ids = ids(members).await?;
    let expires = OffsetDateTime::now_utc() + Duration::days(1);
    let mut output = std::io::BufWriter::new(std::io::stdout());
    for start in (0..sessions).step_by(BATCH) {
        let mut batch = Vec::with_capacity(BATCH);
        for number in start..sessions.min(start + BATCH) {
            let member = ids.get(number % ids.len()).ok_or("there is nobody")?;
            let login = serde_json::json!({ "user_id": member, "auth_hash": PASSWORD.as_bytes() });
            let data = HashMap::from([("axum-login.data".to_owned(), login)]);
            let record = Record { id: Id::default(), data, expiry_date: expires };
            if number % (sessions / cookies).max(1) == 0 {
                let mut jar = CookieJar::new();
                jar.signed_mut(&key()).add(Cookie::new("id", record.id.to_string()));
                for cookie in jar.iter() {
                    writeln!(output, "{}", cookie.encoded().stripped())?;
                }
            }
            batch.push((record.id.to_string(), rmp_serde::to_vec(&record)?));
        }
        insert(members, batch, expires).await?;
    }
    Ok(output.flush()?)
}

async fn ids(members: &Members) -> Result<Vec<i64>, Failure> {
    let asked = "SELECT id FROM members ORDER BY id";
    Ok(match members {
        Members::Postgres(pool) => {
            let all: Vec<PgRow> = sqlx::query(asked).fetch_all(pool).await?;
            all.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?
        }
        Members::Sqlite(pool) => {
            let all: Vec<SqliteRow> = sqlx::query(asked).fetch_all(pool).await?;
            all.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?
        }
    })
}

async fn insert(
    members: &Members,
    batch: Vec<(String, Vec<u8>)>,
    expires: OffsetDateTime,
) -> Result<(), Failure> {
    match members {
        Members::Postgres(pool) => {
            let (ids, data): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let insert = "INSERT INTO tower_sessions.session (id, data, expiry_date)
                          SELECT *, $3 FROM UNNEST($1::text[], $2::bytea[])";
            sqlx::query(insert).bind(ids).bind(data).bind(expires).execute(pool).await?;
        }
        Members::Sqlite(pool) => {
            let mut transaction = pool.begin().await?;
            for (id, data) in batch {
                let insert = "INSERT INTO tower_sessions (id, data, expiry_date) VALUES (?, ?, ?)";
                let insert = sqlx::query(insert).bind(id).bind(data).bind(expires);
                insert.execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        }
    }
    Ok(())
}
