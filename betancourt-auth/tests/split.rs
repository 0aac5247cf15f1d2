//! Two stores as one: what a crash between them leaves behind, and what a keeper that forgets cannot bring back.
#![cfg(test)]

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use betancourt_auth::store::{
    Keeping, KeptSession, Mailbox, Meant, MemorySessions, MemoryStore, NewSession, OriginKey,
    Perishable, Result, SessionKeeper, SessionOrigin, SessionStore, SplitStore, Store, StoreError,
    StoreErrorKind, TokenStore, UserStore,
};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, AuditKind, SessionDetails, StoredToken, User, UserId,
    VerificationToken,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2033-05-18 03:33:20.123 UTC);

/// A keeper that can be told to keep no new session, as one that went away a moment ago.
#[derive(Debug, Default)]
struct Fragile {
    keeper: MemorySessions,
    is_away: AtomicBool,
}

#[async_trait]
impl SessionKeeper for Fragile {
    async fn kept(&self, token: &StoredToken) -> Result<Option<KeptSession>> {
        self.keeper.kept(token).await
    }
    async fn keep(&self, session: &NewSession, cut: Option<OffsetDateTime>) -> Result<u64> {
        if self.is_away.load(Ordering::SeqCst) {
            return Err(StoreError::unavailable("the keeper is away"));
        }
        self.keeper.keep(session, cut).await
    }
    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        SessionKeeper::extend(&self.keeper, token, expires).await
    }
    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        SessionKeeper::touch(&self.keeper, token, now).await
    }
    async fn forget(&self, tokens: &[StoredToken]) -> Result<u64> {
        self.keeper.forget(tokens).await
    }
    async fn forget_all(&self, user: &UserId, cut: Option<OffsetDateTime>) -> Result<u64> {
        self.keeper.forget_all(user, cut).await
    }
    async fn kept_of(&self, user: &UserId) -> Result<Vec<KeptSession>> {
        self.keeper.kept_of(user).await
    }
    async fn kept_from(&self, meant: &Meant) -> Result<Vec<KeptSession>> {
        self.keeper.kept_from(meant).await
    }
    async fn ping(&self) -> Result<()> {
        SessionKeeper::ping(&self.keeper).await
    }
}

#[async_trait]
impl TokenStore for Fragile {
    async fn spend(&self, handshake: &str, expires: OffsetDateTime) -> Result<bool> {
        self.keeper.spend(handshake, expires).await
    }
    async fn count(&self, key: &str, now: OffsetDateTime, expires: OffsetDateTime) -> Result<u32> {
        self.keeper.count(key, now, expires).await
    }
    async fn keep_tokens(&self, identifier: &str, tokens: &[VerificationToken]) -> Result<()> {
        self.keeper.keep_tokens(identifier, tokens).await
    }
    async fn take_token(
        &self,
        identifier: &str,
        hashes: &[&str],
    ) -> Result<Option<VerificationToken>> {
        self.keeper.take_token(identifier, hashes).await
    }
    async fn sweep(&self, what: Perishable, until: OffsetDateTime, limit: u32) -> Result<u64> {
        self.keeper.sweep(what, until, limit).await
    }
}

type Split = SplitStore<MemoryStore, Fragile>;

fn split() -> Split {
    SplitStore::new(MemoryStore::default(), Fragile::default())
}

fn ada() -> (User, Account) {
    let mut ada = User::new(UserId::new("cm3ada"));
    ada.email = Some("ada@example.com".to_owned());
    let account = Account::new(AccountKey::new("google", "1042"), ada.id.clone(), "oidc");
    (ada, account)
}

fn session(name: &str) -> NewSession {
    NewSession {
        token: StoredToken::hashed(name),
        keeping: Keeping::Stored,
        user_id: UserId::new("cm3ada"),
        expires: NOW + Duration::days(30),
        details: SessionDetails::new(NOW, "google"),
        origin: Some(SessionOrigin { subject: subject(), session: None }),
        replaces: Vec::new(),
        keep: 20,
    }
}

fn subject() -> OriginKey {
    OriginKey::of_subject(&AccountKey::new("google", "1042"))
}

async fn is_there(store: &Split, name: &str) -> bool {
    store.session(&StoredToken::hashed(name)).await.unwrap().is_some()
}

#[tokio::test]
async fn a_crash_between_the_two_leaves_a_person_without_a_session() {
    let (store, (ada, account)) = (split(), ada());
    let audit = [AuditEvent::new(NOW, AuditKind::SignedUp).about(&ada.id)];
    store.keeper().is_away.store(true, Ordering::SeqCst);
    let error = store.sign_up(&ada, Some(&account), &session("lost"), &audit).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()), "the person is there");
    assert!(!is_there(&store, "lost").await, "the session is not");

    store.keeper().is_away.store(false, Ordering::SeqCst);
    let again = session("again");
    store.sign_in(&account, Mailbox::Unchanged, &again, &[]).await.unwrap();
    assert!(is_there(&store, "again").await, "they sign in as somebody who is here");
}

#[tokio::test]
async fn somebody_who_is_not_there_never_has_a_session() {
    let (store, (ada, account)) = (split(), ada());
    let first = session("first");
    store.sign_up(&ada, Some(&account), &first, &[]).await.unwrap();
    assert!(is_there(&store, "first").await);
    let mut namesake = ada.clone();
    namesake.id = UserId::new("cm3eve");
    let mut stolen = session("stolen");
    stolen.user_id = namesake.id.clone();
    store.sign_up(&namesake, None, &stolen, &[]).await.unwrap_err();
    assert!(store.keeper().kept(&stolen.token).await.unwrap().is_none());

    store.delete_user(&ada.id, &[]).await.unwrap();
    store.keeper().keep(&first, None).await.unwrap(); // the keeper falls back
    assert!(!is_there(&store, "first").await);
}

/// The ways in which a session ends that the keeper then knows again.
#[derive(Clone, Copy, Debug)]
enum Ends {
    Alone,
    WithAll,
    WithTheOthers,
    Replaced,
    ByProvider,
    ByProof,
}

async fn end(store: &Split, way: Ends) {
    let (ada, account) = ada();
    let (token, until) = (StoredToken::hashed("old"), NOW + Duration::days(30));
    let other = StoredToken::hashed("other");
    match way {
        Ends::Alone => assert!(store.end_session(&token, &[]).await.unwrap()),
        Ends::WithAll => assert_eq!(store.end_sessions(&ada.id, NOW, &[]).await.unwrap(), 1),
        Ends::WithTheOthers => {
            let ended = store.end_other_sessions(&ada.id, &other, until, &[]).await;
            assert_eq!(ended.unwrap(), 1);
        }
        Ends::Replaced => {
            let new = NewSession { replaces: vec![token], ..session("new") };
            store.sign_in(&account, Mailbox::Unchanged, &new, &[]).await.unwrap();
        }
        Ends::ByProvider => {
            let ended = store.end_sessions_from(&Meant::Subject(subject()), until, &[]).await;
            assert_eq!(ended.unwrap().len(), 1);
        }
        Ends::ByProof => {
            let proven = Mailbox::Proven(NOW + Duration::seconds(1));
            let entered = store.enter(&ada.id, proven, &session("new"), &[]).await.unwrap();
            assert_eq!((entered.unproven, entered.is_first_proof), (2, true));
        }
    }
}

#[tokio::test]
async fn a_keeper_that_falls_back_brings_no_ended_session_back() {
    let ways = [
        Ends::Alone,
        Ends::WithAll,
        Ends::WithTheOthers,
        Ends::Replaced,
        Ends::ByProvider,
        Ends::ByProof,
    ];
    for way in ways {
        let (store, (ada, account)) = (split(), ada());
        let old = session("old");
        store.sign_up(&ada, Some(&account), &old, &[]).await.unwrap();
        store.keeper().forget(std::slice::from_ref(&old.token)).await.unwrap();
        assert!(!is_there(&store, "old").await, "a keeper that forgot signs out");
        store.keeper().keep(&old, None).await.unwrap();
        assert!(is_there(&store, "old").await, "what had not ended is there again");

        end(&store, way).await;
        assert!(store.keeper().kept(&old.token).await.unwrap().is_none(), "{way:?}");
        store.keeper().keep(&old, None).await.unwrap();
        assert!(!is_there(&store, "old").await, "{way:?} was undone");
    }
}

#[tokio::test]
async fn a_sign_in_that_arrives_after_the_end_of_all_sessions_has_ended_with_them() {
    let (store, (ada, account)) = (split(), ada());
    store.sign_up(&ada, Some(&account), &session("first"), &[]).await.unwrap();
    // It was committed beside the people, and its process died before it looked again.
    let (late, until) = (session("late"), NOW + Duration::days(30));
    let told = NewSession { keeping: Keeping::Elsewhere { remember_until: until }, ..late.clone() };
    store.people().sign_in(&account, Mailbox::Unchanged, &told, &[]).await.unwrap();
    store.end_sessions(&ada.id, NOW, &[]).await.unwrap();
    store.keeper().keep(&late, None).await.unwrap();
    assert!(!is_there(&store, "late").await);
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap(), [], "nor is it listed");

    store.sign_in(&account, Mailbox::Unchanged, &session("after"), &[]).await.unwrap();
    assert!(is_there(&store, "after").await);
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap().len(), 1);
}

#[tokio::test]
async fn sessions_from_before_the_two_were_put_together_stay_alive() {
    let (people, (ada, account)) = (MemoryStore::default(), ada());
    people.sign_up(&ada, Some(&account), &session("before"), &[]).await.unwrap();
    let store = SplitStore::new(people, Fragile::default());
    store.sign_in(&account, Mailbox::Unchanged, &session("after"), &[]).await.unwrap();
    let later = NOW + Duration::days(40);
    for name in ["before", "after"] {
        let token = StoredToken::hashed(name);
        assert!(
            store.extend(&token, later).await.unwrap() && store.touch(&token, NOW).await.unwrap()
        );
        let read = store.session(&token).await.unwrap().unwrap();
        assert_eq!((read.expires, read.details.unwrap().seen_at), (later, Some(NOW)), "{name}");
        assert!(store.origin(&token).await.unwrap().is_some());
    }
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap().len(), 2);
    assert!(store.end_session(&StoredToken::hashed("before"), &[]).await.unwrap());
    let meant = Meant::Subject(subject());
    assert_eq!(store.end_sessions_from(&meant, later, &[]).await.unwrap().len(), 1);
    assert!(!is_there(&store, "before").await && !is_there(&store, "after").await);
}
