//! How a store is opened.

use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "testing")]
use betancourt_auth::testing::CrashPoints;
use betancourt_auth::{Secret, TokenStorage};

use super::{Opened, SqlStore};
#[cfg(feature = "testing")]
use crate::crash::Breaking;
use crate::database::{Database, Pooling};
use crate::error::OpenError;
use crate::layout::Layout;
#[cfg(feature = "mysql")]
use crate::mysql::{self, MySqlDatabase};
#[cfg(feature = "postgres")]
use crate::postgres::{self, PostgresDatabase};
use crate::schema::Schema;
use crate::sql::Dialect;
#[cfg(feature = "_sqlite")]
use crate::sqlite::{self, SqliteDatabase};

/// How a store is opened where [`SqlStore::connect`] is not enough.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use betancourt_auth::{Secret, TokenStorage};
/// use betancourt_auth::store::Store;
/// use betancourt_auth_sqlx::SqlStore;
///
/// let options = SqlStore::options().token_storage(TokenStorage::SharedWithAuthJs);
/// let store = options.connect("sqlite::memory:").await?;
/// assert_eq!(store.token_storage(), TokenStorage::SharedWithAuthJs);
/// # Ok::<(), betancourt_auth_sqlx::OpenError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct SqlOptions {
    layout: Layout,
    token_storage: TokenStorage,
    pooling: Pooling,
    replica: Option<Secret>,
    replica_lag: Option<Duration>,
    #[cfg(feature = "testing")]
    crash: Option<CrashPoints>,
    never_in_place: bool,
}

/// What the addresses of PostgreSQL begin with.
const POSTGRES: [&str; 2] = ["postgres", "postgresql"];
/// How far a replica may be behind, unless that is said.
#[cfg(feature = "postgres")]
const REPLICA_LAG: Duration = Duration::from_secs(5);
/// How far it may be behind, whatever is said.
#[cfg(feature = "postgres")]
const LONGEST_LAG: Duration = Duration::from_secs(60);

impl SqlOptions {
    /// The tables are those of another tool.
    pub fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// In which form session tokens and provider tokens stand in the tables. Beside a running Auth.js they have to be
    /// [in clear](TokenStorage::SharedWithAuthJs); whoever reads the tables can then be everybody.
    pub fn token_storage(self, token_storage: TokenStorage) -> Self {
        Self { token_storage, ..self }
    }

    /// How many connections to a PostgreSQL or MySQL server the store opens at most; 10 unless said otherwise. SQLite has
    /// one writer, whatever their number.
    pub fn connections(mut self, connections: u32) -> Self {
        self.pooling.connections = connections;
        self
    }

    /// How long a request waits for a connection to a PostgreSQL or MySQL server, before it is answered that the
    /// database is away; a second and a half unless said otherwise.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.pooling.patience = patience;
        self
    }

    /// Pages ask the streaming replica at that address who is there, in place of the PostgreSQL server that the store is
    /// opened at, its primary. The replica need not be there when the store is opened, and nothing is lost when it goes.
    ///
    /// What this costs: **a session that was ended, or a role that was taken away, may be shown by a page for as long as
    /// the replica may be [behind](Self::replica_lag)**, as with [`cache_for`](betancourt_auth::SessionRules::cache_for),
    /// and never longer. What this process ends or changes itself, and what it hears of by a
    /// [newswire](SqlStore::newswire), counts at once. So does everything somebody *does*: `Role<R>`,
    /// [`Auth::current_user`](betancourt_auth::Auth::current_user), signing in and out, tying accounts, lists, and
    /// whatever a write depends on are asked of the primary. A session that the replica does not have is looked for at
    /// the primary: whoever has just signed in is.
    ///
    /// How far it is behind is measured and not believed: all the time both are asked for their places in the log, which
    /// takes PostgreSQL's own replication. What does not answer `pg_last_wal_replay_lsn()`, or is another cluster or
    /// another database, is never asked for sessions.
    ///
    /// It is for stores that are opened by an address; a pool of the application is asked as it is.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::{OpenError, SqlStore};
    ///
    /// let options = SqlStore::options().replica("postgres://app@replica.example/app");
    /// // options.connect("postgres://app@primary.example/app").await?
    /// let error = options.connect("sqlite::memory:").await.unwrap_err();
    /// assert!(matches!(error, OpenError::NoReplica { scheme } if scheme == "sqlite"));
    /// # });
    /// ```
    pub fn replica(self, url: &str) -> Self {
        Self { replica: Some(Secret::new(url)), ..self }
    }

    /// How far the [replica](Self::replica) may be behind before the primary is asked in its place; five seconds unless
    /// said otherwise, and a minute at most.
    pub fn replica_lag(self, lag: Duration) -> Self {
        Self { replica_lag: Some(lag), ..self }
    }

    /// The store breaks off where a test says so: before each statement it asks these points.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth::store::Store;
    /// use betancourt_auth::testing::{CrashPoint, CrashPoints};
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let crash = CrashPoints::default();
    /// let store = SqlStore::options().crash_points(&crash).connect("sqlite::memory:").await?;
    /// crash.fail_at(CrashPoint::BeforeStatement(1));
    /// assert!(store.ping().await.is_err());
    /// # Ok::<(), betancourt_auth_sqlx::OpenError>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "testing")]
    pub fn crash_points(self, crash: &CrashPoints) -> Self {
        Self { crash: Some(crash.clone()), ..self }
    }

    /// Whether the session of a request is read from an SQLite file on the thread that asks, instead of by one of sqlx's:
    /// yes, which spares most of what the question costs. That thread waits then for what has to come from the disk. Where
    /// the file is far larger than the memory and the disk is slow, say no.
    ///
    /// It is for files that the store opens itself; a pool of the application is asked as it is.
    pub fn reads_in_place(self, reads_in_place: bool) -> Self {
        Self { never_in_place: !reads_in_place, ..self }
    }

    /// Opens the database at `url`, as [`SqlStore::connect`] does.
    ///
    /// # Errors
    /// Those of [`SqlStore::open`] and [`SqlStore::migrate`].
    pub async fn connect(self, url: &str) -> Result<SqlStore, OpenError> {
        let store = self.open(url).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Opens the database at `url` and leaves its tables alone, as [`SqlStore::open`] does.
    ///
    /// # Errors
    /// [`OpenError::UnknownDatabase`] and [`OpenError::Unreachable`]; [`OpenError::NoReplica`].
    #[cfg_attr(
        not(any(feature = "_sqlite", feature = "mysql", feature = "postgres")),
        expect(clippy::unused_async, reason = "without a database there is nothing to wait for")
    )]
    pub async fn open(self, url: &str) -> Result<SqlStore, OpenError> {
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        let pooling = self.pooling;
        let scheme = |url: &str| url.split_once(':').map_or("", |(scheme, _)| scheme).to_owned();
        let without = |url: &&str| !POSTGRES.contains(&scheme(url).as_str());
        let replica = self.replica.as_ref().map(Secret::expose);
        if let Some(other) = replica.and_then(|replica| [url, replica].into_iter().find(without)) {
            return Err(OpenError::NoReplica { scheme: scheme(other) });
        }
        match scheme(url).as_str() {
            #[cfg(feature = "_sqlite")]
            "sqlite" if !self.never_in_place => {
                let database = SqliteDatabase::reading_in_place(sqlite::connect(url).await?, url);
                Ok(self.on(database, Dialect::Sqlite))
            }
            #[cfg(feature = "_sqlite")]
            "sqlite" => Ok(self.on_sqlite_pool(sqlite::connect(url).await?)),
            #[cfg(feature = "mysql")]
            "mysql" | "mariadb" => Ok(self.on_mysql_pool(mysql::connect(url, pooling).await?)),
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                let pool = postgres::connect(url, pooling).await?;
                let mut database = PostgresDatabase::opened(pool, url, pooling);
                if let Some(replica) = replica {
                    let lag = self.replica_lag.unwrap_or(REPLICA_LAG).min(LONGEST_LAG);
                    database = database.with_replica(replica, lag, pooling)?;
                }
                Ok(self.on(database, Dialect::Postgres))
            }
            unknown => Err(OpenError::UnknownDatabase { scheme: unknown.to_owned() }),
        }
    }

    /// A store on an SQLite pool of the application, as [`SqlStore::from_sqlite_pool`] is.
    #[cfg(feature = "_sqlite")]
    #[must_use]
    pub fn on_sqlite_pool(self, pool: sqlx::SqlitePool) -> SqlStore {
        self.on(SqliteDatabase::new(pool), Dialect::Sqlite)
    }

    /// A store on a MySQL or MariaDB pool of the application, as [`SqlStore::from_mysql_pool`] is.
    #[cfg(feature = "mysql")]
    #[must_use]
    pub fn on_mysql_pool(self, pool: sqlx::MySqlPool) -> SqlStore {
        self.on(MySqlDatabase::new(pool), Dialect::Mysql)
    }

    /// A store on a PostgreSQL pool of the application, as [`SqlStore::from_pg_pool`] is.
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn on_pg_pool(self, pool: sqlx::PgPool) -> SqlStore {
        self.on(PostgresDatabase::new(pool), Dialect::Postgres)
    }

    fn on(self, database: impl Database + 'static, dialect: Dialect) -> SqlStore {
        #[cfg(feature = "testing")]
        if let Some(crash) = self.crash.clone() {
            return self.opened(Box::new(Breaking { database, crash }), dialect);
        }
        self.opened(Box::new(database), dialect)
    }

    fn opened(self, database: Box<dyn Database>, dialect: Dialect) -> SqlStore {
        let Self { layout, token_storage, .. } = self;
        let schema = Schema::new(layout, dialect);
        SqlStore(Arc::new(Opened { database, schema, token_storage }))
    }
}
