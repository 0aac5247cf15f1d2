//! Who is shut out of tables.

use super::Tables;
use crate::model::UserId;
use crate::store::{Suspended, Suspension};

impl Tables {
    /// Shuts a user out, unless they alone have a role that somebody must have.
    pub(in crate::store) fn suspend(
        &mut self,
        id: &UserId,
        suspension: &Suspension,
        never_without: Option<&str>,
    ) -> Suspended {
        if !self.users.contains_key(id) {
            return Suspended::Unknown;
        }
        if never_without.is_some_and(|role| self.is_last_with(role, id)) {
            return Suspended::LastOne;
        }
        self.suspensions.insert(id.clone(), suspension.clone());
        Suspended::Done { ended: self.end_sessions(id, suspension.since) }
    }

    /// Whether a user is there whom nobody has shut out.
    pub(in crate::store) fn admits(&self, id: &UserId) -> bool {
        self.users.contains_key(id) && !self.suspensions.contains_key(id)
    }

    /// Whether a user has a role that nobody else has who can come in.
    pub(in crate::store) fn is_last_with(&self, role: &str, id: &UserId) -> bool {
        let has_it = self.users.get(id).is_some_and(|user| user.role == role);
        let mut others = self.users.values().filter(|user| user.id != *id && user.role == role);
        has_it && !others.any(|other| self.admits(&other.id))
    }
}
