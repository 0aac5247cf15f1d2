//! One and the same test on every kind of database that is there.

use sqlx::{
    AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection, query_scalar,
    raw_sql,
};

use super::{mysql, postgres, url_after};
use crate::adoption;

/// A database of some kind, by its address.
pub(crate) enum On {
    Mysql(String),
    Postgres(String),
    Sqlite(String),
}

impl On {
    /// Each kind that is there, after its statements were run.
    pub(crate) async fn each(of_mysql: &str, of_postgres: &str, of_sqlite: &str) -> Vec<Self> {
        let mysql = mysql::url_after(of_mysql).await.map(Self::Mysql);
        let postgres = postgres::url_after(of_postgres).await.map(Self::Postgres);
        let sqlite = Self::Sqlite(url_after(of_sqlite).await);
        mysql.into_iter().chain(postgres).chain([sqlite]).collect()
    }

    pub(crate) fn url(&self) -> &str {
        let (Self::Mysql(url) | Self::Postgres(url) | Self::Sqlite(url)) = self;
        url
    }

    /// Runs statements as this database has them.
    pub(crate) async fn run(&self, statements: &str) {
        match self {
            Self::Mysql(url) => crate::mysql::run(url, statements).await,
            Self::Postgres(url) => crate::postgres::run(url, statements).await,
            Self::Sqlite(url) => {
                let mut connection = SqliteConnection::connect(url).await.unwrap();
                let statements = raw_sql(AssertSqlSafe(statements.to_owned()));
                statements.execute(&mut connection).await.unwrap();
            }
        }
    }

    /// Runs statements that every database has, with names in double quotes.
    pub(crate) async fn change(&self, statements: &str) {
        match self {
            Self::Mysql(_) => self.run(&statements.replace('"', "`")).await,
            Self::Postgres(_) | Self::Sqlite(_) => self.run(statements).await,
        }
    }

    /// What stands in a column, as texts.
    pub(crate) async fn texts(&self, column: &str, table: &str) -> Vec<String> {
        match self {
            Self::Mysql(url) => {
                let question = format!("SELECT CAST(`{column}` AS CHAR) FROM `{table}` ORDER BY 1");
                let mut connection = MySqlConnection::connect(url).await.unwrap();
                query_scalar(AssertSqlSafe(question)).fetch_all(&mut connection).await.unwrap()
            }
            Self::Postgres(url) => {
                let question = format!(r#"SELECT "{column}"::text FROM "{table}" ORDER BY 1"#);
                let mut connection = PgConnection::connect(url).await.unwrap();
                query_scalar(AssertSqlSafe(question)).fetch_all(&mut connection).await.unwrap()
            }
            Self::Sqlite(url) => {
                let question =
                    format!(r#"SELECT CAST("{column}" AS TEXT) FROM "{table}" ORDER BY 1"#);
                let mut connection = SqliteConnection::connect(url).await.unwrap();
                query_scalar(AssertSqlSafe(question)).fetch_all(&mut connection).await.unwrap()
            }
        }
    }

    /// Every table, as the database itself defines it.
    pub(crate) async fn schema(&self) -> Vec<(String, String)> {
        match self {
            Self::Mysql(url) => crate::mysql::schema(url).await,
            Self::Postgres(url) => crate::postgres::schema(url).await,
            Self::Sqlite(url) => adoption::schema(url).await,
        }
    }
}
