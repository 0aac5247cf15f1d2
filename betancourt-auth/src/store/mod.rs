//! Where people, accounts and sessions are kept: small traits and what each promises.
//!
//! A store speaks in whole intentions. Each method that writes is one transaction and takes the audit events to
//! write in it; unique keys decide races, and the loser is told so by [`StoreErrorKind::Conflict`].
//! The feature `testing` has a suite that holds a store to these promises:
//! [`store_conformance!`](crate::store_conformance).

mod error;
mod keeper;
mod list;
mod memory;
mod memory_sessions;
mod origin;
mod perishable;
mod recent;
mod record;
mod split;
mod tables;
mod whole;

use std::fmt::Debug;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::event::{DeletionRequest, Ending};
use crate::model::{
    Account, AccountKey, AuditEvent, Session, StoredToken, TokenStorage, Tokens, User, UserId,
    VerificationToken,
};

pub use error::{StoreError, StoreErrorKind};
pub use keeper::{KeptSession, SessionKeeper};
pub use list::{AuditEntry, AuditKey, MOST_LISTED, NoAuditKey, UserFilter};
pub use memory::MemoryStore;
pub use memory_sessions::MemorySessions;
pub use origin::{EndedSession, Meant, OriginKey, SessionOrigin, about_each};
pub use perishable::Perishable;
pub use recent::Recent;
pub use record::{
    Candidates, Entered, Keeping, KnownSession, Mailbox, NewSession, RoleChange, Standing,
    Suspended, Suspension, Unlinked, Withdrawal, Withdrawn,
};
pub use split::SplitStore;
pub use tables::Tables;
pub use whole::{Change, Look, WholeStore};

/// What every method of a store answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// People.
#[async_trait]
pub trait UserStore: Debug + Send + Sync {
    /// The user of that id.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`], as every method of a store.
    async fn user(&self, id: &UserId) -> Result<Option<User>>;

    /// The user of exactly that address.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn user_by_email(&self, email: &str) -> Result<Option<User>>;

    /// At most `limit` users to whom a filter applies, in an order that is the same each time, from behind the user
    /// `after` on, who need not be there any more.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn users(
        &self,
        filter: &UserFilter,
        after: Option<&UserId>,
        limit: u32,
    ) -> Result<Vec<User>>;

    /// An id for a new user, from a store that numbers its users itself. `None`, the default: any text will do.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn draw_id(&self) -> Result<Option<UserId>> {
        Ok(None)
    }

    /// Gives a user a role. Where `never_without` names one, whoever alone has it keeps it; of two callers at once who
    /// would take it from the last two, one is told [`RoleChange::LastOne`]. Whoever is suspended does not count as one
    /// who has it. Audit events are written only with [`RoleChange::Done`].
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn set_role(
        &self,
        id: &UserId,
        role: &str,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<RoleChange>;

    /// Puts a name and a picture in place of those of a user; `None` leaves what is there. `false`, and no audit event,
    /// when there is no such user.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn set_profile(
        &self,
        id: &UserId,
        name: Option<&str>,
        image: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<bool>;

    /// Shuts a user out: from now on nobody makes a session for them, whichever way they come, and theirs end as with
    /// [`end_sessions`](SessionStore::end_sessions). Whoever is suspended already is so from now on, for the new reason.
    /// Where `never_without` names a role, whoever alone has it and is not suspended stays; of two callers at once who
    /// would shut out the last two, one is told [`Suspended::LastOne`]. Audit events are written only with
    /// [`Suspended::Done`].
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn suspend(
        &self,
        id: &UserId,
        suspension: &Suspension,
        never_without: Option<&str>,
        audit: &[AuditEvent],
    ) -> Result<Suspended>;

    /// Lets a user in again. `false`, and no audit event, when they are not suspended.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn lift_suspension(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool>;

    /// Since when and why a user is shut out; `None` when they are not.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn suspension(&self, id: &UserId) -> Result<Option<Suspension>>;

    /// Deletes a user with everything that hangs on them: accounts, sessions, details. What was recorded about them stays,
    /// without networks and devices. `false` when there is none.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn delete_user(&self, id: &UserId, audit: &[AuditEvent]) -> Result<bool>;
}

/// Ties between people and providers.
#[async_trait]
pub trait AccountStore: Debug + Send + Sync {
    /// Who an identity could be: the account of `key`, and the user whose address is `email`.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn candidates(&self, key: &AccountKey, email: Option<&str>) -> Result<Candidates>;

    /// The accounts of a user, oldest first, [`MOST_LISTED`] at most.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn accounts(&self, user: &UserId) -> Result<Vec<Account>>;

    /// The account of exactly that key.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn account(&self, key: &AccountKey) -> Result<Option<Account>>;

    /// Unties an account from its user. Where `another_at` names providers, the user must have another account at one
    /// of them; of two callers at once who would take the last two, one is told [`Unlinked::LastWayIn`]. Audit events are
    /// written only with [`Unlinked::Done`].
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn unlink(
        &self,
        user: &UserId,
        key: &AccountKey,
        another_at: Option<&[&str]>,
        audit: &[AuditEvent],
    ) -> Result<Unlinked>;

    /// Puts tokens in place of those of an account, all of them: what is `None` goes. `reauth_since` becomes that of
    /// its [details](crate::AccountDetails). `false` when there is no such account.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn replace_tokens(
        &self,
        key: &AccountKey,
        tokens: &Tokens,
        reauth_since: Option<OffsetDateTime>,
        audit: &[AuditEvent],
    ) -> Result<bool>;
}

/// Sessions.
#[async_trait]
pub trait SessionStore: Debug + Send + Sync {
    /// The session of that token with its user, expired or not. One that Auth.js made for somebody who is suspended is
    /// none. One indexed read.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn session(&self, token: &StoredToken) -> Result<Option<Session>>;

    /// The same for a page, which nothing is written for: a store that has copies of itself may ask one that is no more
    /// than a moment behind. What the copy does not have is looked for as [`session`](SessionStore::session) does, which
    /// is the default.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn recent_session(&self, token: &StoredToken) -> Result<Option<Recent<Session>>> {
        Ok(self.session(token).await?.map(Recent::now))
    }

    /// Moves the end of a session to `expires`; `false` when the session is gone. Never makes one, never shortens one.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool>;

    /// Ends a session; `false`, and no audit event, when it was gone already.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_session(&self, token: &StoredToken, audit: &[AuditEvent]) -> Result<bool>;

    /// Ends all sessions of a user and says how many of them had a row. Those that are sealed in cookies end by
    /// `now`, which becomes the [`Standing::not_before`] of a user who is there, and never moves back.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_sessions(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// How things stand with a user and one of their sealed sessions; `None` where there is no such user.
    /// One indexed read.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn standing(&self, user: &UserId, session: &StoredToken) -> Result<Option<Standing>>;

    /// The same, as [`recent_session`](SessionStore::recent_session) is the same.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn recent_standing(
        &self,
        user: &UserId,
        session: &StoredToken,
    ) -> Result<Option<Recent<Standing>>> {
        Ok(self.standing(user, session).await?.map(Recent::now))
    }

    /// The sessions of a user that have not ended at `now`, stored and sealed, the one that ends last first,
    /// [`MOST_LISTED`] at most.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn sessions(&self, user: &UserId, now: OffsetDateTime) -> Result<Vec<KnownSession>>;

    /// Ends the sessions of a user but `kept`, and says how many. Sealed ones that are listed are remembered as ended
    /// until `remember_until`; one that Auth.js sealed is not known, and [`SessionStore::end_sessions`] alone ends it.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_other_sessions(
        &self,
        user: &UserId,
        kept: &StoredToken,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// Writes down that a stored session was used at `now`; `false` when it has no details or is gone.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool>;

    /// Writes down that a sealed session was renewed at `now` until `expires`; `false` when it is not listed.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn touch_sealed(
        &self,
        token: &StoredToken,
        now: OffsetDateTime,
        expires: OffsetDateTime,
    ) -> Result<bool>;

    /// Ends a sealed session, which leaves the list, and remembers it until `expires`; `false` when it was ended before.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_sealed(
        &self,
        session: &StoredToken,
        expires: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool>;

    /// Where at a provider a session began, stored or sealed. `None` when it is gone, or that was not written down.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn origin(&self, session: &StoredToken) -> Result<Option<SessionOrigin>>;

    /// Ends the sessions that a provider means, stored and sealed, and says which. Sealed ones are remembered as ended
    /// until `remember_until`. The audit events are written once for each user who lost one, about that user.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn end_sessions_from(
        &self,
        meant: &Meant,
        remember_until: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<Vec<EndedSession>>;
}

/// Things that count once or are counted.
#[async_trait]
pub trait TokenStore: Debug + Send + Sync {
    /// Spends a handshake: `true` for the first caller, `false` for every other one until `expires`.
    /// One insert-only statement.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool>;

    /// Counts one more event under `key` and says how many there are now. A count begins anew at its `expires`,
    /// which only the first event sets.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32>;

    /// Keeps verification tokens of an address. Older ones of that address go.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when one of them is there twice, and then nothing is written;
    /// [`StoreErrorKind::Unavailable`].
    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()>;

    /// Takes the verification token of an address that has one of these hashes, expired or not, and with it all others
    /// of that address. Of many callers at once one has it.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>>;

    /// Removes at most `limit` rows of a kind that were over at `until`, and says how many went. A store that forgets them
    /// by itself has nothing to do. Rows that somebody else holds at that moment are left for later.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64>;
}

/// What providers say of people who are not here, and what of them is to be deleted.
#[async_trait]
pub trait InboxStore: Debug + Send + Sync {
    /// Carries out what a provider says of an account: ends the sessions of its user as
    /// [`end_sessions`](SessionStore::end_sessions) does, drops its tokens and sets its
    /// [`reauth_since`](crate::AccountDetails::reauth_since), unties it, writes the request to delete down, each as far as
    /// the reaction goes. An account that must stay, because it is the last way in, keeps neither tokens nor peace: all
    /// else is carried out. Of many callers with one message one carries it out. Audit events are written only with
    /// [`Withdrawn::Done`].
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn withdraw(&self, withdrawal: &Withdrawal, audit: &[AuditEvent]) -> Result<Withdrawn>;

    /// The request to delete of exactly that code. Its user is `None` when they are gone, however they went.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn deletion(&self, code: &str) -> Result<Option<DeletionRequest>>;

    /// At most `limit` requests whose user is still here, oldest first, from behind the request `after` on, which need
    /// not be there any more.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn deletions(
        &self,
        after: Option<&DeletionRequest>,
        limit: u32,
    ) -> Result<Vec<DeletionRequest>>;

    /// Writes down that a user wants to be deleted when the [`due_at`](DeletionRequest::due_at) of the request has come.
    /// `false`, and no audit event, when there is no such user, or they have asked before.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn request_deletion(
        &self,
        request: &DeletionRequest,
        audit: &[AuditEvent],
    ) -> Result<bool>;

    /// The open request that a user made themselves.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn deletion_of(&self, user: &UserId) -> Result<Option<DeletionRequest>>;

    /// Takes the open request back that a user made themselves: from now on it has no user, and is
    /// [`withdrawn_at`](DeletionRequest::withdrawn_at) that moment. `false`, and no audit event, when there is none.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn withdraw_deletion(
        &self,
        user: &UserId,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool>;

    /// Ends a request to delete at `now`: deletes its user as [`delete_user`](UserStore::delete_user) does, or unties
    /// their accounts at its provider. `false`, and no audit event, when it is not open any more.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn finish_deletion(
        &self,
        code: &str,
        ending: Ending,
        now: OffsetDateTime,
        audit: &[AuditEvent],
    ) -> Result<bool>;
}

/// All of it, and the intentions that cross the lines.
#[async_trait]
pub trait Store: UserStore + AccountStore + SessionStore + TokenStore + InboxStore {
    /// In which form this store has session tokens and provider tokens.
    fn token_storage(&self) -> TokenStorage {
        TokenStorage::default()
    }

    /// A new person: user, the account they came through if it has a row, and session. Says how many sessions beyond
    /// `keep` had to go.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the id, the address, the account or the session token is taken;
    /// nothing is written then. [`StoreErrorKind::Unavailable`].
    async fn sign_up(
        &self,
        user: &User,
        account: Option<&Account>,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// A returning person: the account's tokens are brought up to date, an address that was not proven before becomes
    /// so, and a session is made. Says how many sessions beyond `keep` had to go. A `None` among the new tokens leaves
    /// the stored one. Where the details of `account` have a `reauth_since`, the stored one goes: they have signed in.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the account is gone, belongs to somebody else or to somebody who is suspended,
    /// or the session token is taken; nothing is written then. [`StoreErrorKind::Unavailable`].
    async fn sign_in(
        &self,
        account: &Account,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// A returning person who came without an account that has a row: by mail, or with credentials. A session is made.
    ///
    /// Whoever proves an address that nobody had proven before finds nothing of those who used it in vain: all accounts
    /// of the user are untied, and all their sessions end, sealed ones by a [`Standing::not_before`] of a millisecond
    /// before that moment.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the user is gone or suspended, or the session token is taken; nothing is written
    /// then. [`StoreErrorKind::Unavailable`].
    async fn enter(
        &self,
        user: &UserId,
        mailbox: Mailbox,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<Entered>;

    /// A further account for a user who is there: the account is tied and a session is made. Says how many sessions
    /// beyond `keep` had to go.
    ///
    /// # Errors
    /// [`StoreErrorKind::Conflict`] when the account is tied already, the user is gone or suspended, or the session token
    /// is taken; nothing is written then. [`StoreErrorKind::Unavailable`].
    async fn link(
        &self,
        account: &Account,
        session: &NewSession,
        audit: &[AuditEvent],
    ) -> Result<u64>;

    /// Writes audit events of something that changed nothing else.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn record(&self, audit: &[AuditEvent]) -> Result<()>;

    /// At most `limit` audit events, newest first: those before that one, or the newest.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn audit_page(&self, before: Option<AuditKey>, limit: u32) -> Result<Vec<AuditEntry>>;

    /// The newest audit events, newest first.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn audit_log(&self, newest: u32) -> Result<Vec<AuditEvent>> {
        let newest = self.audit_page(None, newest).await?;
        Ok(newest.into_iter().map(|entry| entry.event).collect())
    }

    /// What was recorded about a user since a moment, newest first, and no more of it than `limit`. With `before` only
    /// what has a smaller [number](AuditKey::number): the last one of a page leads to the next.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`].
    async fn history(
        &self,
        user: &UserId,
        since: OffsetDateTime,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>>;

    /// Whether the store answers at all; for a readiness probe.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unavailable`] when it does not.
    async fn ping(&self) -> Result<()>;
}
