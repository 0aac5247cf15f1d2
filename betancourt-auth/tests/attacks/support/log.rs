//! The log stream of one world, as JSON lines.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;
use tracing::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::MakeWriter;

/// Everything that a world's servers say. Clones are the same log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

/// Hears nothing, and lives as long as the process. Whether an event is heard is remembered for all threads: where one
/// subscriber is alone, as whichever thread comes first has it, and that one may have none. With two alive, all are asked.
static SECOND: OnceLock<Dispatch> = OnceLock::new();

impl Log {
    /// A subscriber that writes into this log everything that is said, the quietest word of every dependency, too.
    pub(crate) fn dispatch(&self) -> Dispatch {
        SECOND.get_or_init(|| Dispatch::new(NoSubscriber::default()));
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(LevelFilter::TRACE)
            .with_writer(self.clone());
        Dispatch::new(subscriber.finish())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Everything that was said, one JSON document a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The events that give this reason.
    pub(crate) fn events(&self, reason: &str) -> Vec<Value> {
        let mut events = self.lines();
        events.retain(|event| event["fields"]["reason"] == reason);
        events
    }

    /// The one event with this reason.
    #[track_caller]
    pub(crate) fn once(&self, reason: &str) -> Value {
        let mut events = self.events(reason);
        assert_eq!(events.len(), 1, "`{reason}` in the log:\n{}", self.text());
        events.remove(0)
    }

    /// The one refusal with this reason: it names provider and attempt, and the network instead of the address.
    #[track_caller]
    pub(crate) fn refusal(&self, reason: &str, provider: &str) {
        let event = self.once(reason);
        let fields = &event["fields"];
        assert_eq!(fields["provider"], provider, "{event}");
        assert_eq!(fields["network"], "127.0.0.0", "{event}");
        let is_hash = |attempt: &str| {
            attempt.len() == 12 && attempt.chars().all(|letter| letter.is_ascii_hexdigit())
        };
        assert!(fields["attempt"].as_str().is_none_or(is_hash), "{event}");
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
