//! The two as one keep every promise.

use crate::scene;

betancourt_auth::store_conformance!({
    let Some(store) = scene::empty().await else { return };
    store
});
