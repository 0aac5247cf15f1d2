//! How a store is opened.

use std::sync::Arc;
use std::time::Duration;

use betancourt_auth::TokenStorage;
#[cfg(feature = "testing")]
use betancourt_auth::testing::CrashPoints;

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
/// use betancourt_auth::TokenStorage;
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
    #[cfg(feature = "testing")]
    crash: Option<CrashPoints>,
    never_in_place: bool,
}

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
    /// [`OpenError::UnknownDatabase`] and [`OpenError::Unreachable`].
    #[cfg_attr(
        not(any(feature = "_sqlite", feature = "mysql", feature = "postgres")),
        expect(clippy::unused_async, reason = "without a database there is nothing to wait for")
    )]
    pub async fn open(self, url: &str) -> Result<SqlStore, OpenError> {
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        let pooling = self.pooling;
        match url.split_once(':').map_or("", |(scheme, _)| scheme) {
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
                let database = PostgresDatabase::opened(pool, url, pooling);
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
