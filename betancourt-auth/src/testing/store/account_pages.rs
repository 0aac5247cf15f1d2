//! What a store promises to the pages on which people look after their accounts and sessions.

use time::Duration;

use super::fixture::{
    NOW, account_at, after, at_once, event, is_there, logged, session, session_until, sign_up,
    sweep, token,
};
use crate::model::{Account, AccountKey, AuditKind, SessionDetails, Tokens, User};
use crate::secret::Secret;
use crate::store::{Keeping, KnownSession, NewSession, Store, Unlinked};

/// A sealed session that a test calls `name`.
fn sealed(name: &str, user: &User) -> NewSession {
    let keeping = Keeping::Sealed { remember_until: after(60) };
    NewSession { keeping, ..session(name, user) }
}

/// One more account, at a provider, and one more session, called as the provider is.
async fn link(store: &dyn Store, provider: &str, user: &User) -> Account {
    let further = account_at(provider, user);
    store.link(&further, &session(provider, user), &[]).await.unwrap();
    further
}

async fn providers(store: &dyn Store, user: &User) -> Vec<String> {
    let accounts = store.accounts(&user.id).await.unwrap();
    accounts.into_iter().map(|account| account.key.provider).collect()
}

/// An account is found by exactly its key, with its user.
pub async fn an_account_is_found_by_its_key(store: &dyn Store) {
    let (ada, given) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    let found = store.account(&given.key).await.unwrap().unwrap();
    assert_eq!(
        (found.key, found.user_id, found.details),
        (given.key.clone(), ada.id, given.details)
    );
    for other in [
        AccountKey::new("apple", given.key.subject.clone()),
        AccountKey::new("google", given.key.subject.to_uppercase()),
        AccountKey::new("google", ""),
    ] {
        assert!(store.account(&other).await.unwrap().is_none());
    }
}

/// An account is untied from its own user, once, and everything else stays.
pub async fn an_account_is_untied_once(store: &dyn Store) {
    let (ada, given) = sign_up(store, "ada").await;
    let (ben, of_ben) = sign_up(store, "ben").await;
    link(store, "apple", &ada).await;
    let audit = event(AuditKind::AccountUnlinked, &ada);
    for (user, key) in [(&ben, &given.key), (&ada, &of_ben.key)] {
        let answer = store.unlink(&user.id, key, None, &audit).await.unwrap();
        assert_eq!(answer, Unlinked::Unknown, "it is somebody else's");
    }
    assert_eq!(store.unlink(&ada.id, &given.key, None, &audit).await.unwrap(), Unlinked::Done);
    assert_eq!(store.unlink(&ada.id, &given.key, None, &audit).await.unwrap(), Unlinked::Unknown);

    assert_eq!(providers(store, &ada).await, ["apple"]);
    assert_eq!(providers(store, &ben).await, ["google"]);
    assert_eq!(logged(store).await, [AuditKind::AccountUnlinked]);
    assert!(is_there(store, "ada").await && store.user(&ada.id).await.unwrap().is_some());
}

/// An account that was untied can be tied again, to anybody, and has no details from before.
pub async fn an_untied_account_is_free(store: &dyn Store) {
    let (ada, mut given) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    store.unlink(&ada.id, &given.key, None, &[]).await.unwrap();
    given.user_id = ben.id.clone();
    given.details.linked_at = Some(after(60));
    store.link(&given, &session("again", &ben), &[]).await.unwrap();
    let found = store.account(&given.key).await.unwrap().unwrap();
    assert_eq!((found.user_id, found.details), (ben.id, given.details));
}

/// Where another account must be left, one at a provider that does not count is none; nothing is written then.
pub async fn the_last_account_stays(store: &dyn Store) {
    let (ada, google) = sign_up(store, "ada").await;
    let apple = link(store, "apple", &ada).await;
    sign_up(store, "ben").await;
    let audit = event(AuditKind::AccountUnlinked, &ada);
    for another_at in [&[][..], &["google"], &["google", "facebook"], &["Apple"]] {
        let answer = store.unlink(&ada.id, &google.key, Some(another_at), &audit).await.unwrap();
        assert_eq!(answer, Unlinked::LastWayIn, "{another_at:?}");
    }
    assert_eq!(providers(store, &ada).await.len(), 2);
    assert_eq!(store.audit_log(100).await.unwrap(), []);

    let both: &[&str] = &["google", "apple"];
    let answers = [(&google.key, Unlinked::Done), (&apple.key, Unlinked::LastWayIn)];
    for (key, expected) in answers {
        let answer = store.unlink(&ada.id, key, Some(both), &audit).await.unwrap();
        assert_eq!(answer, expected);
    }
    assert_eq!(providers(store, &ada).await, ["apple"]);
}

/// Another account at the same provider counts, too.
pub async fn another_account_at_the_same_provider_counts(store: &dyn Store) {
    let (ada, first) = sign_up(store, "ada").await;
    let key = AccountKey::new("google", "another subject");
    let second = Account::new(key, ada.id.clone(), "oidc");
    store.link(&second, &session("second", &ada), &[]).await.unwrap();
    let google: &[&str] = &["google"];
    let answer = store.unlink(&ada.id, &first.key, Some(google), &[]).await.unwrap();
    assert_eq!(answer, Unlinked::Done);
    let answer = store.unlink(&ada.id, &second.key, Some(google), &[]).await.unwrap();
    assert_eq!(answer, Unlinked::LastWayIn);
}

/// The last two accounts are untied at the same moment: one of them stays.
pub async fn the_last_two_accounts_never_go_at_once(store: &dyn Store) {
    for round in 0..5 {
        let (ada, google) = sign_up(store, &format!("ada-{round}")).await;
        let apple = account_at("apple", &ada);
        let further = session(&format!("apple-{round}"), &ada);
        store.link(&apple, &further, &[]).await.unwrap();
        let both: &[&str] = &["google", "apple"];
        let untie = |key| store.unlink(&ada.id, key, Some(both), &[]);
        let answers = at_once([&google.key, &apple.key].into_iter().map(untie)).await;
        let done = answers.iter().filter(|answer| *answer.as_ref().unwrap() == Unlinked::Done);
        assert_eq!(done.count(), 1);
        assert_eq!(providers(store, &ada).await.len(), 1);
    }
}

/// New tokens take the place of all the old ones: what is not given goes, and so does what belongs to them.
pub async fn tokens_are_replaced_whole(store: &dyn Store) {
    let (ada, given) = sign_up(store, "ada").await;
    let full = Tokens {
        access_token: Some(Secret::new("access")),
        refresh_token: Some(Secret::new("refresh")),
        id_token: Some(Secret::new("id")),
        expires_at: Some(2_147_483_647),
        token_type: Some("bearer".to_owned()),
        scope: Some("openid".to_owned()),
        session_state: Some("state".to_owned()),
    };
    let few = Tokens { access_token: Some(Secret::new("newer")), ..Tokens::default() };
    let shown = |tokens: &Tokens| {
        let [access, refresh, id] = [&tokens.access_token, &tokens.refresh_token, &tokens.id_token]
            .map(|token| token.as_ref().map(|token| token.expose().to_owned()));
        let texts = [&tokens.token_type, &tokens.scope, &tokens.session_state].map(Clone::clone);
        ([access, refresh, id], texts, tokens.expires_at)
    };
    for (tokens, reauth_since) in [(&full, None), (&few, Some(after(1))), (&full, None)] {
        let audit = event(AuditKind::TokensRevoked, &ada);
        assert!(store.replace_tokens(&given.key, tokens, reauth_since, &audit).await.unwrap());
        let found = store.account(&given.key).await.unwrap().unwrap();
        assert_eq!(shown(&found.tokens), shown(tokens));
        assert_eq!(found.details.reauth_since, reauth_since);
        assert_eq!(found.details.linked_at, given.details.linked_at);
    }
    assert_eq!(logged(store).await.len(), 3);
}

/// The tokens of an account that is gone are not written, and nothing is logged.
pub async fn tokens_of_nobody_are_not_kept(store: &dyn Store) {
    let (ada, given) = sign_up(store, "ada").await;
    store.unlink(&ada.id, &given.key, None, &[]).await.unwrap();
    let audit = event(AuditKind::TokensRevoked, &ada);
    let tokens = Tokens { access_token: Some(Secret::new("late")), ..Tokens::default() };
    assert!(!store.replace_tokens(&given.key, &tokens, None, &audit).await.unwrap());
    assert!(store.account(&given.key).await.unwrap().is_none());
    assert_eq!(store.audit_log(100).await.unwrap(), []);
}

/// The sessions of a user that have not ended are listed, stored and sealed ones, the one that ends last first.
pub async fn sessions_are_listed(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    let mut details = SessionDetails::new(NOW, "apple");
    details.device = Some("Firefox on a friend's computer".to_owned());
    let given = [
        NewSession { details: details.clone(), ..session_until("ends first", &ada, 20) },
        NewSession { expires: after(40), details, ..sealed("ends last", &ada) },
        session_until("has ended", &ada, 10),
        NewSession { expires: after(10), ..sealed("has ended, too", &ada) },
    ];
    for (number, new) in given.iter().enumerate() {
        let further = account_at(&format!("provider-{number}"), &ada);
        store.link(&further, new, &[]).await.unwrap();
    }
    store.end_session(&token("ada"), &[]).await.unwrap();

    let shown = |new: &NewSession| KnownSession {
        token: new.token.clone(),
        expires: new.expires,
        details: Some(new.details.clone()),
        is_sealed: new.keeping != Keeping::Stored,
    };
    let [first, last, ..] = &given;
    let expected = [shown(last), shown(first)];
    assert_eq!(store.sessions(&ada.id, after(10)).await.unwrap(), expected);
    assert_eq!(store.sessions(&ada.id, after(40)).await.unwrap(), []);
}

/// A sealed session leaves the list when it ends: by itself, by a cut, by a sign-in in its place, or by being swept.
pub async fn what_has_ended_is_not_listed(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store.end_session(&token("ada"), &[]).await.unwrap();
    let listed = || async { store.sessions(&ada.id, NOW).await.unwrap().len() };
    let enter = async |new: &NewSession| {
        store.sign_in(&returning, crate::store::Mailbox::Unchanged, new, &[]).await.unwrap();
    };
    enter(&sealed("first", &ada)).await;
    store.end_sealed(&token("first"), after(60), &[]).await.unwrap();
    assert_eq!(listed().await, 0);
    enter(&sealed("second", &ada)).await;
    enter(&NewSession { replaces: vec![token("second")], ..sealed("third", &ada) }).await;
    assert_eq!(listed().await, 1);
    store.end_sessions(&ada.id, NOW, &[]).await.unwrap();
    assert_eq!(listed().await, 0);
    enter(&NewSession { expires: after(5), ..sealed("fourth", &ada) }).await;
    sweep(store, after(5), 100).await;
    assert_eq!(listed().await, 0);
}

/// All sessions of a user end but one: stored ones are gone, sealed ones are remembered, those of others stay.
pub async fn all_sessions_but_one_end(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    for (name, new) in [
        ("kept", session("kept", &ada)),
        ("stored", session("stored", &ada)),
        ("sealed", sealed("sealed", &ada)),
    ] {
        store.link(&account_at(name, &ada), &new, &[]).await.unwrap();
    }
    let audit = event(AuditKind::SessionsEnded, &ada);
    let ended = store.end_other_sessions(&ada.id, &token("kept"), after(60), &audit).await.unwrap();
    assert_eq!(ended, 3);
    assert!(is_there(store, "kept").await && is_there(store, "ben").await);
    assert!(!is_there(store, "ada").await && !is_there(store, "stored").await);
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert_eq!((standing.ended, standing.not_before), (true, None));
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap().len(), 1);
    assert_eq!(logged(store).await, [AuditKind::SessionsEnded]);

    let ended = store.end_other_sessions(&ada.id, &token("kept"), after(60), &[]).await.unwrap();
    assert_eq!(ended, 0);
}

/// A sealed session can be the one that is kept.
pub async fn a_sealed_session_is_kept_when_others_end(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    for name in ["kept", "other"] {
        store.link(&account_at(name, &ada), &sealed(name, &ada), &[]).await.unwrap();
    }
    let ended = store.end_other_sessions(&ada.id, &token("kept"), after(60), &[]).await.unwrap();
    assert_eq!(ended, 2);
    let [kept] = store.sessions(&ada.id, NOW).await.unwrap().try_into().unwrap();
    assert!(kept.is_sealed && kept.token == token("kept"));
    let standing = store.standing(&ada.id, &token("kept")).await.unwrap().unwrap();
    assert!(standing.admits(NOW));
}

/// A stored session is seen, and neither lives longer for it nor comes back.
pub async fn a_session_is_seen(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    assert!(store.touch(&token("ada"), after(90)).await.unwrap());
    let read = store.session(&token("ada")).await.unwrap().unwrap();
    assert_eq!(read.details.unwrap().seen_at, Some(after(90)));
    assert_eq!(read.expires, NOW + Duration::days(30));
    let [listed] = store.sessions(&ada.id, NOW).await.unwrap().try_into().unwrap();
    assert_eq!(listed.details.unwrap().seen_at, Some(after(90)));

    store.end_session(&token("ada"), &[]).await.unwrap();
    assert!(!store.touch(&token("ada"), after(100)).await.unwrap());
    assert!(!is_there(store, "ada").await);
}

/// A sealed session is seen when it is sealed anew, with its new end; one that is not listed stays so.
pub async fn a_sealed_session_is_seen(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    store.end_session(&token("ada"), &[]).await.unwrap();
    store.link(&account_at("apple", &ada), &sealed("sealed", &ada), &[]).await.unwrap();
    let end = NOW + Duration::days(31);
    assert!(store.touch_sealed(&token("sealed"), after(90), end).await.unwrap());
    let [listed] = store.sessions(&ada.id, NOW).await.unwrap().try_into().unwrap();
    assert_eq!((listed.expires, listed.details.unwrap().seen_at), (end, Some(after(90))));

    store.end_sealed(&token("sealed"), after(60), &[]).await.unwrap();
    for name in ["sealed", "made by Auth.js"] {
        assert!(!store.touch_sealed(&token(name), after(100), end).await.unwrap());
    }
    assert_eq!(store.sessions(&ada.id, NOW).await.unwrap(), []);
}
