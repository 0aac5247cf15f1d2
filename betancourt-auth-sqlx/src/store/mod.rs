//! The one store of this crate: what it writes and reads is the same in every database.

mod inbox;
mod intention;
mod migrate;
mod options;
mod people;
mod retry;
mod session;
mod sign_in;
mod token;

use std::fmt::Debug;
use std::sync::Arc;

use betancourt_auth::TokenStorage;
use betancourt_auth::news::Newswire;
use betancourt_auth::store::{Recent, Result};

use self::intention::Intention;
use self::retry::{again, as_far_as_it_fits};
use crate::database::{Database, Lock};
use crate::error::OpenError;
use crate::migrations::Migration;
use crate::room::Room;
use crate::schema::Schema;
use crate::sql::{Pages, Sql, Statement};
use crate::value::{Row, Value};

pub use options::SqlOptions;

/// Keeps people, accounts and sessions in an SQL database. Clones share its connections.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use betancourt_auth::store::Store;
/// use betancourt_auth_sqlx::SqlStore;
///
/// let store = SqlStore::connect("sqlite::memory:").await?;
/// assert!(store.ping().await.is_ok());
/// # Ok::<(), betancourt_auth_sqlx::OpenError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct SqlStore(Arc<Opened>);

/// A database and how it is used.
#[derive(Debug)]
struct Opened {
    database: Box<dyn Database>,
    schema: Schema,
    token_storage: TokenStorage,
}

impl SqlStore {
    /// Opens the database at `url`, and makes its tables or adopts those that are there.
    ///
    /// - `sqlite://app.db` is a file beside the process, `sqlite:///var/lib/app/app.db` one somewhere else. The file is
    ///   created if it is not there.
    /// - `sqlite::memory:` is forgotten when the last clone of the store is dropped.
    /// - `postgres://user:password@host/name` is a database of a PostgreSQL server.
    /// - `mysql://user:password@host/name` is a database of a MySQL or MariaDB server.
    ///
    /// # Errors
    /// Those of [`SqlStore::open`] and [`SqlStore::migrate`].
    pub async fn connect(url: &str) -> std::result::Result<Self, OpenError> {
        Self::options().connect(url).await
    }

    /// Opens the database at `url` and leaves its tables alone, where [`SqlStore::migrate`] is a step of its own.
    ///
    /// # Errors
    /// [`OpenError::UnknownDatabase`] and [`OpenError::Unreachable`].
    pub async fn open(url: &str) -> std::result::Result<Self, OpenError> {
        Self::options().open(url).await
    }

    /// How a store can be opened otherwise: on tables that another tool made, or beside a running Auth.js.
    pub fn options() -> SqlOptions {
        SqlOptions::default()
    }

    /// A store on an SQLite pool of the application. Its tables are those of [`SqlStore::migrate`].
    ///
    /// The pool must have foreign keys on, as sqlx has them unless told otherwise, and a `busy_timeout`; the journal
    /// mode WAL lets people be read while somebody is written.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    /// let store = SqlStore::from_sqlite_pool(pool);
    /// store.migrate().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "_sqlite")]
    #[must_use]
    pub fn from_sqlite_pool(pool: sqlx::SqlitePool) -> Self {
        Self::options().on_sqlite_pool(pool)
    }

    /// A store on a PostgreSQL pool of the application. Its tables are those of [`SqlStore::migrate`].
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let pool = sqlx::PgPool::connect_lazy("postgres://app@127.0.0.1/app")?;
    /// let store = SqlStore::from_pg_pool(pool); // then, as a step of its own: store.migrate().await?
    /// assert!(store.pg_pool().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn from_pg_pool(pool: sqlx::PgPool) -> Self {
        Self::options().on_pg_pool(pool)
    }

    /// A store on a MySQL or MariaDB pool of the application. Its tables are those of [`SqlStore::migrate`].
    ///
    /// The pool must have the time zone and the character set that sqlx sets unless told otherwise, and a strict
    /// `sql_mode`, which servers have by default: otherwise a text that is too long is cut without a word.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let pool = sqlx::MySqlPool::connect_lazy("mysql://app@127.0.0.1/app")?;
    /// let store = SqlStore::from_mysql_pool(pool); // then, as a step of its own: store.migrate().await?
    /// assert!(store.mysql_pool().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "mysql")]
    #[must_use]
    pub fn from_mysql_pool(pool: sqlx::MySqlPool) -> Self {
        Self::options().on_mysql_pool(pool)
    }

    /// The connections of a store on SQLite, for questions of the application's own to the same tables.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let store = SqlStore::connect("sqlite::memory:").await?;
    /// let pool = store.sqlite_pool().ok_or("not SQLite")?;
    /// let people: i64 = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(pool).await?;
    /// assert_eq!(people, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "_sqlite")]
    #[must_use]
    pub fn sqlite_pool(&self) -> Option<&sqlx::SqlitePool> {
        self.0.database.sqlite_pool()
    }

    /// The connections of a store on PostgreSQL, for questions of the application's own to the same tables.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let pool = sqlx::PgPool::connect_lazy("postgres://app@127.0.0.1/app")?;
    /// assert!(SqlStore::from_pg_pool(pool).pg_pool().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "postgres")]
    #[must_use]
    pub fn pg_pool(&self) -> Option<&sqlx::PgPool> {
        self.0.database.pg_pool()
    }

    /// The connections of a store on MySQL or MariaDB, for questions of the application's own to the same tables.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let pool = sqlx::MySqlPool::connect_lazy("mysql://app@127.0.0.1/app")?;
    /// assert!(SqlStore::from_mysql_pool(pool).mysql_pool().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[cfg(feature = "mysql")]
    #[must_use]
    pub fn mysql_pool(&self) -> Option<&sqlx::MySqlPool> {
        self.0.database.mysql_pool()
    }

    /// What tells the other processes of an application what ends in this one, where the database can: with PostgreSQL by
    /// `LISTEN` and `NOTIFY`, on a connection of its own, which is made anew when it is lost. `None` with the others: there
    /// a process knows within [`cache_for`](betancourt_auth::SessionRules::cache_for) what another one has ended.
    ///
    /// A pooler that hands connections on between statements or transactions, such as `PgBouncer`, lets nobody listen:
    /// open a store past it for this.
    ///
    /// ```no_run
    /// # async fn example(mut config: betancourt_auth::Config) -> Result<(), Box<dyn std::error::Error>> {
    /// use betancourt_auth::Auth;
    /// use betancourt_auth_sqlx::SqlStore;
    ///
    /// let store = SqlStore::connect("postgres://app@127.0.0.1/app").await?;
    /// config.session.cache_for = time::Duration::seconds(5);
    /// config.newswire = store.newswire().await?;
    /// let auth = Auth::new(config, store)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`OpenError::Unreachable`] when there is no connection to listen on.
    pub async fn newswire(&self) -> std::result::Result<Option<Arc<dyn Newswire>>, OpenError> {
        self.0.database.newswire().await
    }

    /// Makes the tables, or adopts those that Auth.js left behind, and brings both up to date.
    ///
    /// Adopting changes no table of Auth.js. Unless the tables are
    /// [shared](betancourt_auth::TokenStorage::SharedWithAuthJs), it does replace the session tokens in them by their
    /// hashes, so that nobody is signed out and a stolen table opens no session; an Auth.js application that still runs
    /// on the tables knows its sessions no more. Can be repeated and interrupted at any time.
    ///
    /// # Errors
    /// [`OpenError::Misfit`] when a table is not as the layout has it: nothing was changed then.
    /// [`OpenError::ChangedMigration`] when a script was run before in another form.
    /// [`OpenError::Migration`] when the database refuses.
    pub async fn migrate(&self) -> std::result::Result<(), OpenError> {
        migrate::migrate(&self.0).await
    }

    /// Every script that [`SqlStore::migrate`] runs in the layout of this store, and what became of it, oldest first. Nothing
    /// is changed.
    ///
    /// Who runs migrations with a tool of their own takes the statements from here, and then only opens the store.
    ///
    /// # Errors
    /// [`OpenError::Migration`] when the database does not answer.
    pub async fn migrations(&self) -> std::result::Result<Vec<Migration>, OpenError> {
        self.0.database.migrations(&self.0.schema.layout).await
    }

    /// Takes the scripts back that are newer than a version, newest first, with all that is kept in their tables. With 0
    /// everything goes that is ours, and the schema is as it was before [`SqlStore::migrate`]; the tables of Auth.js stay,
    /// whoever made them, and so do the hashes of the session tokens in them.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use betancourt_auth_sqlx::{MigrationState, SqlStore};
    ///
    /// let store = SqlStore::connect("sqlite::memory:").await?;
    /// store.revert(1).await?;
    /// let states: Vec<_> = store.migrations().await?.iter().map(|script| script.state).collect();
    /// assert_eq!(states[..3], [MigrationState::Applied, MigrationState::Applied, MigrationState::Pending]);
    /// # Ok::<(), betancourt_auth_sqlx::OpenError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// [`OpenError::ChangedMigration`] and [`OpenError::Migration`].
    pub async fn revert(&self, version: i64) -> std::result::Result<(), OpenError> {
        self.0.database.revert(&self.0.schema.layout, version).await
    }

    fn schema(&self) -> &Schema {
        &self.0.schema
    }

    fn sql(&self) -> &Sql {
        &self.0.schema.sql
    }

    async fn begin(&self, locks: &[Lock<'_>]) -> Result<Intention<'_>> {
        Ok(Intention::new(self.0.database.begin(locks).await?, &self.0.schema))
    }

    /// What the tables of people and accounts have room for.
    async fn room(&self) -> Result<Room> {
        let Schema { layout, sql, .. } = self.schema();
        let mut found = Vec::new();
        for table in [&*layout.users.table, &*layout.accounts.table] {
            if let Some(widths) = &sql.widths {
                found.push((table, self.read(widths, &[table.into()]).await?));
            }
        }
        Room::of(found)
    }

    async fn read(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>> {
        self.0.database.read(statement, values).await
    }

    async fn read_one(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Option<Row>> {
        Ok(self.read(statement, values).await?.into_iter().next())
    }

    /// What a row says that is found by its key: what nearly every request asks.
    async fn look_up(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Option<Row>> {
        Ok(self.0.database.look_up(statement, values).await?.into_iter().next())
    }

    /// The same in a copy of the database, if there is one that has such a row.
    async fn look_up_lately(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Recent<Row>>> {
        if let Some((found, as_of)) = self.0.database.look_up_in_copy(statement, values).await
            && let Some(row) = found.into_iter().next()
        {
            return Ok(Some(Recent::copied(row, as_of)));
        }
        Ok(self.look_up(statement, values).await?.map(Recent::now))
    }

    /// Runs what reads a page: behind something where there are more values than the first page has.
    async fn read_page(
        &self,
        pages: &Pages,
        of_first: usize,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>> {
        let page = if values.len() > of_first { &pages.next } else { &pages.first };
        self.read(page, values).await
    }

    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> Result<u64> {
        again(|| self.0.database.write(statement, values)).await
    }

    /// Runs a statement that writes one row or none, and says which.
    async fn write_one(&self, statement: &Statement, values: &[Value<'_>]) -> Result<bool> {
        Ok(self.write(statement, values).await? > 0)
    }
}
