//! Reads on the thread that asks, for the one statement that nearly every request runs.
//!
//! A row that is found by its key lies a few pages away, nearly always in memory, and comes in some microseconds. Handing
//! the question to a thread of sqlx and waiting for its answer takes several times as long as that. Where the pages have
//! to come from a disk, the thread of the runtime waits for it, as it does not otherwise: so this is for single rows by
//! their key, and [`SqlOptions::reads_in_place`](crate::SqlOptions::reads_in_place) switches it off.
//!
//! With a write-ahead log nobody who reads waits for somebody who writes. Whatever does not go smoothly all the same (a
//! lock, a file that cannot be opened once more, a value of a kind that nobody expects) is left to sqlx, whose threads
//! may wait, and which knows what to say. There is one SQLite in the process for both, as its locks demand
//! (<https://www.sqlite.org/howtocorrupt.html#multiple_copies_of_sqlite_linked_into_the_same_application>).

use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement};

use crate::sql;
use crate::value::{Cell, Row, Value, milliseconds};

/// How many connections are kept open. As many are in use as threads read at the same moment.
const MOST: usize = 16;

/// How much memory a connection keeps pages in, in KiB.
const PAGES: i64 = 8 * 1_024;

/// Connections to one file that read only.
pub(super) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, idle: Mutex::default() }
    }

    /// The rows that a statement finds. `None`: sqlx must be asked.
    pub(super) fn read(
        &self,
        statement: &sql::Statement,
        values: &[Value<'_>],
    ) -> Option<Vec<Row>> {
        let idle = self.idle().pop();
        let connection = idle.or_else(|| open(&self.file).ok())?;
        let rows = read(&connection, statement, values).ok()?; // one that failed is closed
        let mut idle = self.idle();
        if idle.len() < MOST {
            idle.push(connection);
        }
        rows
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debug for Readers {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Readers").field(&self.file).finish()
    }
}

fn open(file: &PathBuf) -> rusqlite::Result<Connection> {
    // Each is used by one thread at a time, which the mutex sees to.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.pragma_update(None, "cache_size", -PAGES)?;
    // Once somebody ran ANALYZE, SQLite would plan a statement anew for every value, in case another plan suits it better.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// The rows, unless there is a value in them that only sqlx knows to read.
fn read(
    connection: &Connection,
    statement: &sql::Statement,
    values: &[Value<'_>],
) -> rusqlite::Result<Option<Vec<Row>>> {
    let text = statement.text();
    let mut prepared = connection.prepare_cached(text.as_str())?;
    let columns = prepared.column_count();
    for place in 1..=prepared.parameter_count() {
        let Some(value) = value_at(&prepared, place, values) else { return Ok(None) };
        bind(&mut prepared, place, value)?;
    }
    let (mut found, mut rows) = (Vec::new(), prepared.raw_query());
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            let Some(cell) = cell(row.get_ref(column)?) else { return Ok(None) };
            cells.push(cell);
        }
        found.push(Row::new(cells));
    }
    Ok(Some(found))
}

/// What belongs at a placeholder. To SQLite `$2` is a name, and names are counted as they come.
fn value_at<'v>(prepared: &Statement<'_>, place: usize, values: &[Value<'v>]) -> Option<Value<'v>> {
    let number: usize = prepared.parameter_name(place)?.strip_prefix('$')?.parse().ok()?;
    values.get(number.checked_sub(1)?).copied()
}

fn bind(prepared: &mut Statement<'_>, place: usize, value: Value<'_>) -> rusqlite::Result<()> {
    match value {
        Value::Text(text) => prepared.raw_bind_parameter(place, text),
        Value::Number(it) => prepared.raw_bind_parameter(place, it),
        Value::Timestamp(None) | Value::Timestamptz(None) => {
            prepared.raw_bind_parameter(place, Null)
        }
        Value::Timestamp(Some(at)) | Value::Timestamptz(Some(at)) => {
            prepared.raw_bind_parameter(place, milliseconds(at))
        }
    }
}

fn cell(value: ValueRef<'_>) -> Option<Cell> {
    match value {
        ValueRef::Null => Some(Cell::Empty),
        ValueRef::Integer(number) => Some(Cell::Number(number)),
        ValueRef::Text(text) => String::from_utf8(text.to_vec()).ok().map(Cell::Text),
        ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}
