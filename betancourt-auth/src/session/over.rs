//! Waits for the end of a session, for what stays open longer than a request.

use std::time::Duration;

use tokio::time::timeout;

use super::Visit;
use crate::config::{Setup, Strategy};
use crate::presented;

/// How often the store is asked at most, whatever `recheck_after` says.
const SHORTEST: Duration = Duration::from_secs(1);

/// Waits until a session has ended, or nobody can tell whether it has. What is ended in this process is heard of at
/// once; whatever other processes end, the store says within `recheck_after`.
pub(crate) async fn over(setup: &Setup, visit: &Visit) {
    let Some((key, session)) = visit.presented() else { return };
    let user = &session.user.id;
    let pause = setup.config.session.recheck_after.unsigned_abs().max(SHORTEST);
    // Listens before it looks, so that nothing ends unheard in between.
    let mut news = setup.standings.listen();
    let has_expired = || {
        // What a sealed session says counts; of a stored one the store knows better, and is asked.
        setup.config.session.strategy == Strategy::Jwt && session.expires <= setup.now()
    };
    while !has_expired() && matches!(presented::alive(setup, user, key).await, Ok(Some(_))) {
        let heard = async { while !news.concern(user, &key.token).await {} };
        let _ = timeout(pause, heard).await;
    }
}
