//! The memory store keeps every promise.

use betancourt_auth::store::MemoryStore;
use betancourt_auth::testing::BreakingStore;

betancourt_auth::store_conformance!(
    MemoryStore::default();
    |crash| BreakingStore::new(MemoryStore::default(), &crash)
);
