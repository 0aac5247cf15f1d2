//! The memory store keeps every promise.

use betancourt_auth::store::MemoryStore;

betancourt_auth::store_conformance!(MemoryStore::default());
