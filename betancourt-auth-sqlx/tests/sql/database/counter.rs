//! Counts the statements that sqlx runs, on whatever thread: for a test that is alone in its process.

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Statement);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Reads what sqlx tells of a statement. The drivers of PostgreSQL and MySQL tell of the ends of a transaction, too, and
/// that of MySQL of its beginning and of the settings of a new connection.
struct Statement;

const NONE_OF_OURS: [&str; 4] = ["BEGIN", "COMMIT", "ROLLBACK", "SET "];

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" && !NONE_OF_OURS.iter().any(|other| value.starts_with(other)) {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }
    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// Counts from now on.
pub(crate) fn begin() {
    tracing::subscriber::set_global_default(Counter).unwrap();
}

/// How many there were.
pub(crate) fn so_far() -> usize {
    STATEMENTS.load(Ordering::SeqCst)
}
