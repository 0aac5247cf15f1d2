//! Ends sessions by where at a provider they began: the provider says so, or the application.

use std::collections::BTreeMap;

use super::remembered;
use crate::config::Setup;
use crate::error::Error;
use crate::model::AuditEvent;
use crate::store::Meant;

/// Ends the sessions that are meant, stored and sealed, and says how many. The event is written once for each user who
/// lost one, about that user.
///
/// # Errors
/// [`ErrorKind::Store`](crate::ErrorKind::Store).
pub(crate) async fn end_from(
    setup: &Setup,
    meant: &Meant,
    event: AuditEvent,
) -> Result<u64, Error> {
    let ended = setup.store.end_sessions_from(meant, remembered(setup), &[event]).await?;
    let mut by_user = BTreeMap::<_, u64>::new();
    for session in &ended {
        setup.standings.forget_session(&session.token);
        *by_user.entry(&session.user_id).or_default() += 1;
    }
    for (user, ended) in by_user {
        setup.config.events.revoke_sessions(user, ended).await;
    }
    Ok(ended.len() as u64)
}
