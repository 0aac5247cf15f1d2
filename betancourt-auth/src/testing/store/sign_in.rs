//! What a store promises about returning people and further accounts.

use super::fixture::{
    NOW, account, account_at, after, assert_conflict, at_once, event, is_there, logged, session,
    sign_up, token, user,
};
use crate::model::{Account, AuditKind, Tokens};
use crate::secret::Secret;
use crate::store::{Mailbox, NewSession, Store, StoreErrorKind};

/// A returning person has a further session, the new tokens, and an audit event.
pub async fn a_sign_in_brings_tokens_up_to_date(store: &dyn Store) {
    let (ada, mut returning) = sign_up(store, "ada").await;
    returning.tokens = tokens("new");
    let audit = event(AuditKind::SignedIn, &ada);
    assert_eq!(
        store
            .sign_in(&returning, Mailbox::Unchanged, &session("second", &ada), &audit)
            .await
            .unwrap(),
        0
    );

    assert_tokens(store, &returning, "new").await;
    assert!(is_there(store, "ada").await && is_there(store, "second").await);
    assert_eq!(store.audit_log(100).await.unwrap(), audit);
}

/// What the provider did not give this time stays as it was: most give a refresh token only once.
pub async fn a_sign_in_keeps_what_it_was_not_given(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let mut first = account(&ada);
    first.tokens = tokens("old");
    store.sign_up(&ada, Some(&first), &session("ada", &ada), &[]).await.unwrap();
    let linked_at = first.details.linked_at;

    let returning = Account::new(first.key.clone(), ada.id.clone(), "oidc");
    store.sign_in(&returning, Mailbox::Unchanged, &session("second", &ada), &[]).await.unwrap();
    assert_tokens(store, &first, "old").await;
    let [read] = store.accounts(&ada.id).await.unwrap().try_into().unwrap();
    assert_eq!(read.details.linked_at, linked_at);
}

/// The tokens of one account are brought up to date, not those of the person's other accounts.
pub async fn a_sign_in_leaves_other_accounts_alone(store: &dyn Store) {
    let (ada, mut returning) = sign_up(store, "ada").await;
    let mut further = account_at("apple", &ada);
    further.tokens = tokens("old");
    store.link(&further, &session("second", &ada), &[]).await.unwrap();

    returning.tokens = tokens("new");
    store.sign_in(&returning, Mailbox::Unchanged, &session("third", &ada), &[]).await.unwrap();
    assert_tokens(store, &returning, "new").await;
    assert_tokens(store, &further, "old").await;
}

/// A sign-in with an account that is gone is a conflict, and nothing is written.
pub async fn a_sign_in_without_its_account_conflicts(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let gone = account_at("apple", &ada);
    let audit = event(AuditKind::SignedIn, &ada);
    assert_conflict(
        store.sign_in(&gone, Mailbox::Unchanged, &session("second", &ada), &audit).await,
    );
    assert!(!is_there(store, "second").await);
    assert!(logged(store).await.is_empty());
}

/// A sign-in with somebody else's account is a conflict, and nothing is written.
pub async fn a_sign_in_with_an_account_of_another_conflicts(store: &dyn Store) {
    let (_, of_ada) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    let mut stolen = Account::new(of_ada.key.clone(), ben.id.clone(), "oidc");
    stolen.tokens = tokens("stolen");
    assert_conflict(
        store
            .sign_in(
                &stolen,
                Mailbox::Unchanged,
                &session("second", &ben),
                &event(AuditKind::SignedIn, &ben),
            )
            .await,
    );

    assert!(!is_there(store, "second").await);
    let (read, _) = store.candidates(&of_ada.key, None).await.unwrap().account.unwrap();
    assert!(read.tokens.access_token.is_none());
    assert!(logged(store).await.is_empty());
}

/// A sign-in with a taken session token is a conflict, and nothing is written, not even the tokens.
pub async fn a_sign_in_never_takes_over_a_session(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, mut returning) = sign_up(store, "ben").await;
    returning.tokens = tokens("new");
    let new = NewSession { replaces: vec![token("ben")], ..session("ada", &ben) };
    assert_conflict(
        store
            .sign_in(&returning, Mailbox::Unchanged, &new, &event(AuditKind::SignedIn, &ben))
            .await,
    );

    assert_eq!(store.session(&token("ada")).await.unwrap().map(|session| session.user), Some(ada));
    assert!(is_there(store, "ben").await);
    let (read, _) = store.candidates(&returning.key, None).await.unwrap().account.unwrap();
    assert!(read.tokens.access_token.is_none());
    assert!(logged(store).await.is_empty());
}

/// A session cannot be made anew by naming it as the one that is replaced.
pub async fn a_session_never_replaces_itself(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let new = NewSession { replaces: vec![token("ada")], ..session("ada", &ada) };
    assert_conflict(store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await);
    assert!(is_there(store, "ada").await);
}

/// An address that was not proven before becomes so, and nothing that was there goes. One that was stays as it was.
pub async fn a_sign_in_proves_an_address_once(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    for (number, seconds) in [(1, 0), (2, 60)] {
        let (name, proven) = (format!("session-{number}"), Mailbox::Proven(after(seconds)));
        store.sign_in(&returning, proven, &session(&name, &ada), &[]).await.unwrap();
        assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email_verified, Some(NOW));
    }
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    for name in ["ada", "session-1", "session-2"] {
        assert!(is_there(store, name).await, "{name}");
    }
}

/// A sign-in that is a conflict proves no address.
pub async fn a_sign_in_that_conflicts_proves_nothing(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    let proven = Mailbox::Proven(NOW);
    assert_conflict(store.sign_in(&returning, proven, &session("ada", &ada), &[]).await);
    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email_verified, None);
}

/// Whoever signs in with an account that was to be signed in with again has done so, where that was known.
pub async fn a_sign_in_ends_the_wish_for_one(store: &dyn Store) {
    let (ada, mut returning) = sign_up(store, "ada").await;
    let wished = Some(after(1));
    store.replace_tokens(&returning.key, &tokens("old"), wished, &[]).await.unwrap();
    for (name, known, left) in [("second", None, wished), ("third", wished, None)] {
        returning.details.reauth_since = known;
        let new = session(name, &ada);
        store.sign_in(&returning, Mailbox::Unchanged, &new, &[]).await.unwrap();
        let found = store.account(&returning.key).await.unwrap().unwrap();
        assert_eq!(found.details.reauth_since, left, "{name}");
    }
    assert_tokens(store, &returning, "old").await;
}

/// A link replaces the sessions it names and keeps to the limit, as every sign-in does.
pub async fn a_link_replaces_and_evicts(store: &dyn Store) {
    let (ada, returning) = sign_up(store, "ada").await;
    store.sign_in(&returning, Mailbox::Unchanged, &session("second", &ada), &[]).await.unwrap();
    let new = NewSession { replaces: vec![token("ada")], keep: 1, ..session("new", &ada) };
    assert_eq!(store.link(&account_at("apple", &ada), &new, &[]).await.unwrap(), 1);
    assert!(is_there(store, "new").await);
    assert!(!is_there(store, "ada").await && !is_there(store, "second").await);
}

/// A further account is tied to a user who is there, with a session and an audit event.
pub async fn a_further_account_is_tied(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let mut further = account_at("apple", &ada);
    further.tokens = tokens("apple");
    let audit = event(AuditKind::AccountLinked, &ada);
    assert_eq!(store.link(&further, &session("second", &ada), &audit).await.unwrap(), 0);

    assert_eq!(
        store.candidates(&further.key, None).await.unwrap().account.map(|(_, user)| user),
        Some(ada.clone())
    );
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 2);
    assert_tokens(store, &further, "apple").await;
    assert!(is_there(store, "second").await);
    assert_eq!(store.audit_log(100).await.unwrap(), audit);
}

/// An account that is tied already, to the same user or another, is a conflict, and nothing is written.
pub async fn a_tied_account_is_not_tied_again(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    for person in [&ada, &ben] {
        let mut tied = Account::new(of_ada.key.clone(), person.id.clone(), "oidc");
        tied.tokens = tokens("new");
        let audit = event(AuditKind::AccountLinked, person);
        assert_conflict(store.link(&tied, &session("second", person), &audit).await);
    }
    let (read, owner) = store.candidates(&of_ada.key, None).await.unwrap().account.unwrap();
    assert_eq!(owner, ada);
    assert!(read.tokens.access_token.is_none());
    assert!(!is_there(store, "second").await);
    assert!(logged(store).await.is_empty());
}

/// An account for a user who is gone is a conflict, and nothing is written.
pub async fn an_account_is_not_tied_to_nobody(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    store.delete_user(&ada.id, &[]).await.unwrap();
    let further = account_at("apple", &ada);
    let audit = event(AuditKind::AccountLinked, &ada);
    assert_conflict(store.link(&further, &session("second", &ada), &audit).await);
    assert!(store.candidates(&further.key, None).await.unwrap().account.is_none());
    assert!(logged(store).await.is_empty());
}

/// A link with a taken session token is a conflict, and the account is not tied.
pub async fn a_link_never_takes_over_a_session(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    let further = account_at("apple", &ada);
    assert_conflict(
        store.link(&further, &session("ben", &ada), &event(AuditKind::AccountLinked, &ada)).await,
    );
    assert!(store.candidates(&further.key, None).await.unwrap().account.is_none());
    assert!(logged(store).await.is_empty());
}

/// Five people tie one account at the same moment: one is first, the others are told of a conflict.
pub async fn links_at_once_have_one_winner(store: &dyn Store) {
    let mut attempts = Vec::new();
    for number in 0..5 {
        let (person, _) = sign_up(store, &format!("person-{number}")).await;
        let mut wanted = account_at("apple", &person);
        "wanted".clone_into(&mut wanted.key.subject);
        let name = format!("second-{number}");
        let session = session(&name, &person);
        attempts.push((wanted, session, name));
    }
    let answers =
        at_once(attempts.iter().map(|(wanted, session, _)| store.link(wanted, session, &[]))).await;

    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let conflicts = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(conflicts.map(|error| error.kind()).all(|kind| kind == StoreErrorKind::Conflict));
    for (wanted, _, name) in &attempts {
        let (_, owner) = store.candidates(&wanted.key, None).await.unwrap().account.unwrap();
        assert_eq!(is_there(store, name).await, owner.id == wanted.user_id);
    }
}

/// Tokens that can be told from others by a word.
fn tokens(word: &str) -> Tokens {
    Tokens {
        access_token: Some(Secret::new(format!("access-{word}"))),
        refresh_token: Some(Secret::new(format!("refresh-{word}"))),
        id_token: Some(Secret::new(format!("id-{word}"))),
        expires_at: i64::try_from(word.len()).ok(),
        token_type: Some(format!("type-{word}")),
        scope: Some(format!("scope-{word}")),
        session_state: Some(format!("state-{word}")),
    }
}

/// Fails unless the account in the store has the tokens of that word.
async fn assert_tokens(store: &dyn Store, account: &Account, word: &str) {
    let (read, _) = store.candidates(&account.key, None).await.unwrap().account.unwrap();
    assert_eq!(exposed(&read.tokens), exposed(&tokens(word)));
}

/// Every field of some tokens, to be compared.
fn exposed(tokens: &Tokens) -> String {
    let secrets = [&tokens.access_token, &tokens.refresh_token, &tokens.id_token];
    let secrets = secrets.map(|secret| secret.as_ref().map(Secret::expose));
    format!(
        "{secrets:?} {:?} {:?} {:?} {:?}",
        tokens.expires_at, tokens.token_type, tokens.scope, tokens.session_state
    )
}
