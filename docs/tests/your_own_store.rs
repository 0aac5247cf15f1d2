//! The store of the guide keeps every promise, and the guide shows all of it.
#![cfg(test)]

mod versions {
    use std::sync::{Arc, Mutex, PoisonError};

    use async_trait::async_trait;
    use betancourt_auth::store::{Change, Look, Result, StoreError, Tables, WholeStore};
    use betancourt_auth::testing::CrashPoints;

    /// As good as any server that keeps one value under a key, with the number of its version.
    #[derive(Debug, Default)]
    struct Server(Mutex<(u64, Arc<Tables>)>);

    impl Server {
        fn newest(&self) -> (u64, Arc<Tables>) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
        }

        /// Compare and swap: puts the next version in place of `seen`, unless somebody was faster.
        fn put(&self, seen: u64, next: Tables) -> bool {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let is_newest = kept.0 == seen;
            if is_newest {
                *kept = (seen + 1, Arc::new(next));
            }
            is_newest
        }
    }

    /// People, accounts and sessions in one value, of which each change makes a new version.
    #[derive(Debug, Default)]
    struct VersionedStore {
        server: Server,
        crash: CrashPoints,
    }

    #[async_trait]
    impl WholeStore for VersionedStore {
        async fn look(&self, look: Look<'_>) -> Result<()> {
            self.crash.before_statement().await?;
            let (_, tables) = self.server.newest();
            look(&tables);
            Ok(())
        }

        async fn change(&self, change: Change<'_>) -> Result<()> {
            for _ in 0..1000 {
                self.crash.before_statement().await?;
                let (seen, tables) = self.server.newest();
                let mut next = Tables::clone(&tables);
                change(&mut next)?; // a conflict, for one: nothing was put then
                self.crash.before_statement().await?;
                if self.server.put(seen, next) {
                    return Ok(());
                }
            }
            Err(StoreError::unavailable("others are always faster"))
        }
    }

    betancourt_auth::store_conformance!(
        VersionedStore::default();
        |crash| VersionedStore { server: Server::default(), crash: crash.clone() }
    );
}

#[test]
fn the_guide_shows_the_store_that_is_tested() {
    let own = include_str!("your_own_store.rs");
    let store = own.split("mod versions {\n").nth(1).unwrap().split("\n}\n").next().unwrap();
    let store: Vec<_> =
        store.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    assert!(store.len() < 70, "it is a short one: {} lines", store.len());
    let page = include_str!("../src/guide/your-own-store.md");
    assert!(page.contains(&store.join("\n")), "the guide shows another store");
}
