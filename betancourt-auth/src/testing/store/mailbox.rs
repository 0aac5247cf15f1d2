//! What a store promises about mailboxes: tokens that are sent to them, and who comes in by them.

use time::{Duration, OffsetDateTime};

use super::fixture::{
    NOW, account_at, after, assert_conflict, at_once, event, is_there, logged, session, sign_up,
    sweep, token, user,
};
use crate::model::{AuditKind, VerificationToken};
use crate::store::{Entered, Mailbox, NewSession, Store};

const ADA: &str = "ada@example.com";

/// A token of an address that ends ten minutes from now.
fn sent(identifier: &str, hash: &str) -> VerificationToken {
    until(identifier, hash, after(600))
}

fn until(identifier: &str, hash: &str, expires: OffsetDateTime) -> VerificationToken {
    VerificationToken { identifier: identifier.to_owned(), token: hash.to_owned(), expires }
}

async fn keep(store: &dyn Store, identifier: &str, hashes: &[&str]) {
    let tokens: Vec<_> = hashes.iter().map(|hash| sent(identifier, hash)).collect();
    store.keep_tokens(identifier, &tokens).await.unwrap();
}

async fn take(store: &dyn Store, identifier: &str, hashes: &[&str]) -> Option<VerificationToken> {
    store.take_token(identifier, hashes).await.unwrap()
}

/// A verification token is taken as it was kept, by the first who brings it, and by nobody after.
pub async fn a_verification_token_is_taken_once(store: &dyn Store) {
    keep(store, ADA, &["a1"]).await;
    assert_eq!(take(store, ADA, &["a1"]).await, Some(sent(ADA, "a1")));
    assert_eq!(take(store, ADA, &["a1"]).await, None);
}

/// Fifty who bring one verification token at the same moment: one has it.
pub async fn a_verification_token_is_taken_once_among_fifty(store: &dyn Store) {
    keep(store, ADA, &["a1", "a2"]).await;
    let answers = at_once((0..50).map(|_| store.take_token(ADA, &["a1"]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.as_ref().unwrap().is_some()).count(), 1);
}

/// A verification token counts for its address alone, letter by letter, and another address does not use it up.
pub async fn a_verification_token_belongs_to_its_address(store: &dyn Store) {
    keep(store, ADA, &["a1"]).await;
    keep(store, "eva@example.com", &["e1"]).await;
    for other in ["eva@example.com", "ADA@example.com", "ada@example.com ", ""] {
        assert_eq!(take(store, other, &["a1"]).await, None, "{other:?}");
    }
    assert!(take(store, ADA, &["a1"]).await.is_some());
    assert!(take(store, "eva@example.com", &["e1"]).await.is_some());
}

/// A wrong token takes nothing; of several that are asked for, the one that is there is taken.
pub async fn a_wrong_verification_token_takes_nothing(store: &dyn Store) {
    keep(store, ADA, &["a1"]).await;
    for wrong in [&[][..], &[""], &["A1"], &["a1 "], &["a"], &["a2", "a3"]] {
        assert_eq!(take(store, ADA, wrong).await, None, "{wrong:?}");
    }
    assert_eq!(take(store, ADA, &["a0", "a1", "a2"]).await, Some(sent(ADA, "a1")));
}

/// Whoever takes one verification token of an address ends all others of it.
pub async fn all_tokens_of_an_address_go_at_once(store: &dyn Store) {
    keep(store, ADA, &["link", "code"]).await;
    keep(store, "eva@example.com", &["other"]).await;
    assert!(take(store, ADA, &["code"]).await.is_some());
    assert_eq!(take(store, ADA, &["link"]).await, None);
    assert!(take(store, "eva@example.com", &["other"]).await.is_some());
}

/// Newer verification tokens of an address end its older ones.
pub async fn newer_tokens_end_older_ones(store: &dyn Store) {
    keep(store, ADA, &["old link", "old code"]).await;
    keep(store, ADA, &["new link", "new code"]).await;
    assert_eq!(take(store, ADA, &["old link", "old code"]).await, None);
    assert!(take(store, ADA, &["new link"]).await.is_some());
}

/// A verification token is not kept twice, and nothing is written then.
pub async fn a_token_is_not_kept_twice(store: &dyn Store) {
    keep(store, ADA, &["a1"]).await;
    let twice = ["a2", "a3", "a2"].map(|hash| sent(ADA, hash));
    assert_conflict(store.keep_tokens(ADA, &twice).await);
    assert_eq!(take(store, ADA, &["a2", "a3"]).await, None);
    assert!(take(store, ADA, &["a1"]).await.is_some(), "the older one is still there");
}

/// An expired verification token is taken like any other: its end is for the caller to judge.
pub async fn an_expired_token_is_still_taken(store: &dyn Store) {
    let ended = until(ADA, "a1", NOW - Duration::milliseconds(1));
    store.keep_tokens(ADA, std::slice::from_ref(&ended)).await.unwrap();
    assert_eq!(take(store, ADA, &["a1"]).await, Some(ended));
}

/// A sweep removes verification tokens that have ended, and no others.
pub async fn a_sweep_removes_tokens_that_have_ended(store: &dyn Store) {
    store.keep_tokens(ADA, &[until(ADA, "ended", NOW)]).await.unwrap();
    keep(store, "eva@example.com", &["alive"]).await;
    assert_eq!(sweep(store, NOW, 100).await, 1);
    assert_eq!(take(store, ADA, &["ended"]).await, None);
    assert!(take(store, "eva@example.com", &["alive"]).await.is_some());
}

/// Whoever enters without having proven an address gets a session, and nothing else changes.
pub async fn an_entry_makes_a_session(store: &dyn Store) {
    let (ada, tied) = sign_up(store, "ada").await;
    let audit = event(AuditKind::SignedIn, &ada);
    let entered = store.enter(&ada.id, Mailbox::Unchanged, &session("new", &ada), &audit).await;
    assert_eq!(entered.unwrap(), Entered::default());
    assert!(is_there(store, "ada").await && is_there(store, "new").await);
    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email_verified, None);
    let accounts = store.accounts(&ada.id).await.unwrap();
    assert_eq!(accounts.first().map(|account| &account.key), Some(&tied.key));
    assert_eq!(logged(store).await, [AuditKind::SignedIn]);
}

/// Nobody enters who is not there, or under a session token that is taken; nothing is written then.
pub async fn an_entry_that_conflicts_writes_nothing(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (eva, _) = sign_up(store, "eva").await;
    let stranger = user(store, "stranger").await;
    let audit = event(AuditKind::SignedIn, &ada);
    let proven = Mailbox::Proven(NOW);
    assert_conflict(store.enter(&stranger.id, proven, &session("new", &stranger), &audit).await);
    assert_conflict(store.enter(&ada.id, proven, &session("eva", &ada), &audit).await);
    assert!(is_there(store, "ada").await && !is_there(store, "new").await);
    let evas = store.session(&token("eva")).await.unwrap().unwrap();
    assert_eq!(evas.user.id, eva.id);
    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email_verified, None);
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    assert_eq!(logged(store).await, []);
}

/// Whoever proves an address that nobody had proven before finds neither accounts nor sessions of those who used it.
pub async fn a_first_proof_ends_what_was_there_before(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    store.link(&account_at("apple", &ada), &session("second", &ada), &[]).await.unwrap();
    let (eva, _) = sign_up(store, "eva").await;
    let entered = store.enter(&ada.id, Mailbox::Proven(NOW), &session("new", &ada), &[]).await;
    assert_eq!(entered.unwrap(), Entered { evicted: 0, unproven: 4, is_first_proof: true });

    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email_verified, Some(NOW));
    assert!(store.accounts(&ada.id).await.unwrap().is_empty());
    assert!(!is_there(store, "ada").await && !is_there(store, "second").await);
    assert!(is_there(store, "new").await);
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert!(!standing.admits(NOW - Duration::milliseconds(1)), "a sealed session from before");
    assert!(standing.admits(NOW), "one that begins now");

    assert!(is_there(store, "eva").await, "others are spared");
    assert_eq!(store.accounts(&eva.id).await.unwrap().len(), 1);
}

/// Whoever proves an address once more loses nothing; the moment is written down.
pub async fn a_further_proof_ends_nothing(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    store.enter(&ada.id, Mailbox::Proven(NOW), &session("first", &ada), &[]).await.unwrap();
    store.link(&account_at("apple", &ada), &session("second", &ada), &[]).await.unwrap();
    let later = Mailbox::Proven(after(60));
    let entered = store.enter(&ada.id, later, &session("third", &ada), &[]).await.unwrap();
    assert_eq!(entered, Entered::default());
    for name in ["first", "second", "third"] {
        assert!(is_there(store, name).await, "{name}");
    }
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    assert_eq!(store.user(&ada.id).await.unwrap().unwrap().email_verified, Some(after(60)));
}

/// Of proofs at the same moment one is the first, and none ends the session of another.
pub async fn proofs_at_once_end_what_was_there_before_once(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let sessions: Vec<NewSession> =
        (0..5).map(|number| session(&format!("new-{number}"), &ada)).collect();
    let proven = Mailbox::Proven(NOW);
    let entries = at_once(sessions.iter().map(|new| store.enter(&ada.id, proven, new, &[]))).await;
    let unproven: Vec<_> = entries.into_iter().map(|entry| entry.unwrap().unproven).collect();
    assert_eq!(unproven.iter().filter(|gone| **gone == 2).count(), 1, "{unproven:?}");
    assert_eq!(unproven.iter().sum::<u64>(), 2);
    for number in 0..5 {
        assert!(is_there(store, &format!("new-{number}")).await, "{number}");
    }
    assert!(!is_there(store, "ada").await);
}

/// An entry replaces the sessions it names and keeps to the limit, as every sign-in does.
pub async fn an_entry_replaces_and_evicts(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    store.enter(&ada.id, Mailbox::Unchanged, &session("second", &ada), &[]).await.unwrap();
    let new = NewSession { replaces: vec![token("second")], keep: 1, ..session("new", &ada) };
    let entered = store.enter(&ada.id, Mailbox::Unchanged, &new, &[]).await.unwrap();
    assert_eq!(entered, Entered { evicted: 1, ..Entered::default() });
    assert!(is_there(store, "new").await);
    assert!(!is_there(store, "ada").await && !is_there(store, "second").await);
}
