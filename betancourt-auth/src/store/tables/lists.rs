//! Lists of what tables has.

use std::cmp::Reverse;

use time::OffsetDateTime;

use super::{SessionRow, Tables};
use crate::event::DeletionRequest;
use crate::model::{StoredToken, User, UserId};
use crate::store::{KnownSession, MOST_LISTED, UserFilter};

impl Tables {
    /// Users to whom a filter applies, by their ids.
    pub(in crate::store) fn users_behind(
        &self,
        filter: &UserFilter,
        after: Option<&UserId>,
        limit: u32,
    ) -> Vec<User> {
        let search = filter.search.as_ref().map(|search| search.to_lowercase());
        let has = |text: &Option<String>, search: &str| {
            text.as_ref().is_some_and(|text| text.to_lowercase().contains(search))
        };
        let is_meant = |user: &&User| {
            after.is_none_or(|after| user.id > *after)
                && filter.role.as_ref().is_none_or(|role| user.role == *role)
                && search
                    .as_ref()
                    .is_none_or(|search| has(&user.name, search) || has(&user.email, search))
        };
        let mut users: Vec<_> = self.users.values().filter(is_meant).cloned().collect();
        users.sort_by(|one, other| one.id.cmp(&other.id));
        users.truncate(limit as usize);
        users
    }

    /// The sessions of a user at a moment, the one that ends last first.
    pub(in crate::store) fn list(&self, user: &UserId, now: OffsetDateTime) -> Vec<KnownSession> {
        let known = |is_sealed| {
            move |(token, row): (&StoredToken, &SessionRow)| KnownSession {
                token: token.clone(),
                expires: row.expires,
                details: Some(row.details.clone()),
                is_sealed,
            }
        };
        let lives =
            |(_, row): &(&StoredToken, &SessionRow)| row.user_id == *user && row.expires > now;
        let stored = self.sessions.iter().filter(lives).map(known(false));
        let sealed = self.sealed.iter().filter(lives).map(known(true));
        let mut sessions: Vec<_> = stored.chain(sealed).collect();
        sessions.sort_by_key(|session| Reverse(session.expires));
        sessions.truncate(MOST_LISTED as usize);
        sessions
    }

    /// The open requests to delete, oldest first.
    pub(in crate::store) fn open_deletions(
        &self,
        after: Option<&DeletionRequest>,
        limit: u32,
    ) -> Vec<DeletionRequest> {
        fn order(request: &DeletionRequest) -> (OffsetDateTime, &str) {
            (request.requested_at, &request.code)
        }
        let is_meant = |request: &&DeletionRequest| {
            request.is_open() && after.is_none_or(|after| order(request) > order(after))
        };
        let mut open: Vec<_> = self.deletions.values().filter(is_meant).cloned().collect();
        open.sort_by(|one, other| order(one).cmp(&order(other)));
        open.truncate(limit as usize);
        open
    }
}
