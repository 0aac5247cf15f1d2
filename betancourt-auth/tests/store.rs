//! The memory store keeps every promise, and so do two stores as one.

use betancourt_auth::store::{MemorySessions, MemoryStore, SplitStore};
use betancourt_auth::testing::BreakingStore;

betancourt_auth::store_conformance!(
    MemoryStore::default();
    |crash| BreakingStore::new(MemoryStore::default(), &crash)
);

mod split {
    use super::{MemorySessions, MemoryStore, SplitStore};

    betancourt_auth::store_conformance!(SplitStore::new(
        MemoryStore::default(),
        MemorySessions::default()
    ));
}
