//! Where at a provider a session began, and which sessions a provider means when it ends some.

use std::fmt::{self, Debug, Formatter};

use crate::model::{AccountKey, AuditEvent, StoredToken, UserId};
use crate::secret;

/// A person at a provider, or a session there, as it stands beside a session of ours: a hash, so that a copy of the
/// table tells nobody what a provider's logout would have to name.
///
/// ```
/// use betancourt_auth::AccountKey;
/// use betancourt_auth::store::OriginKey;
/// let ana = OriginKey::of_subject(&AccountKey::new("google", "1042"));
/// assert_eq!(ana, OriginKey::of_subject(&AccountKey::new("google", "1042")));
/// assert_ne!(ana, OriginKey::of_subject(&AccountKey::new("apple", "1042")));
/// assert_ne!(ana, OriginKey::of_session("google", "1042"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OriginKey(String);

impl OriginKey {
    /// A person at a provider.
    #[must_use]
    pub fn of_subject(account: &AccountKey) -> Self {
        Self::hashed("subject", &account.provider, &account.subject)
    }

    /// A session at a provider, by its `sid` (OpenID Connect Back-Channel Logout §2.1).
    #[must_use]
    pub fn of_session(provider: &str, sid: &str) -> Self {
        Self::hashed("sid", provider, sid)
    }

    fn hashed(kind: &str, provider: &str, name: &str) -> Self {
        Self(secret::sha256_base64url(&format!("{kind}\n{provider}\n{name}")))
    }

    /// A value read back from a store.
    pub fn from_stored(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value as it stands in the store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Debug for OriginKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("OriginKey(…)")
    }
}

/// Where at a provider a session began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOrigin {
    /// Who signed in there.
    pub subject: OriginKey,
    /// In which session there, if the provider said so.
    pub session: Option<OriginKey>,
}

/// Which sessions a provider means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// All that a person there began.
    Subject(OriginKey),
    /// Those that began in one session there.
    Session(OriginKey),
    /// Those that a person began in one session there; and of theirs those of which it is not known in which.
    SessionOf {
        /// The person.
        subject: OriginKey,
        /// The session.
        session: OriginKey,
    },
}

impl Meant {
    /// Whether a session that began there is meant.
    ///
    /// ```
    /// use betancourt_auth::AccountKey;
    /// use betancourt_auth::store::{Meant, OriginKey, SessionOrigin};
    /// let subject = OriginKey::of_subject(&AccountKey::new("google", "1042"));
    /// let session = Some(OriginKey::of_session("google", "s-1"));
    /// let origin = SessionOrigin { subject: subject.clone(), session };
    /// assert!(Meant::Subject(subject.clone()).includes(&origin));
    /// let other = OriginKey::of_session("google", "s-2");
    /// assert!(!Meant::SessionOf { subject, session: other }.includes(&origin));
    /// ```
    #[must_use]
    pub fn includes(&self, origin: &SessionOrigin) -> bool {
        match self {
            Self::Subject(subject) => origin.subject == *subject,
            Self::Session(session) => origin.session.as_ref() == Some(session),
            Self::SessionOf { subject, session } => {
                let is_it = |known: &OriginKey| known == session;
                origin.subject == *subject && origin.session.as_ref().is_none_or(is_it)
            }
        }
    }
}

/// A session that was ended because a provider meant it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// What it was known by.
    pub token: StoredToken,
    /// Whose it was.
    pub user_id: UserId,
}

/// The audit events of sessions that ended: each of `audit` once for each user who lost one, about that user. For
/// stores.
///
/// ```
/// use betancourt_auth::store::{EndedSession, about_each};
/// use betancourt_auth::{AuditEvent, AuditKind, StoredToken, UserId};
/// use time::OffsetDateTime;
/// let session = |token| EndedSession { token: StoredToken::hashed(token), user_id: UserId::new("cm3x9") };
/// let event = AuditEvent::new(OffsetDateTime::UNIX_EPOCH, AuditKind::SessionsEnded);
/// let written = about_each(&[session("one"), session("two")], &[event.clone()]);
/// assert_eq!(written, [event.about(&UserId::new("cm3x9"))]);
/// ```
#[must_use]
pub fn about_each(ended: &[EndedSession], audit: &[AuditEvent]) -> Vec<AuditEvent> {
    let mut users: Vec<_> = ended.iter().map(|session| &session.user_id).collect();
    users.sort();
    users.dedup();
    let of = |user| audit.iter().map(move |event| event.clone().about(user));
    users.into_iter().flat_map(of).collect()
}
