//! What a store promises about accounts and who an identity could be.

use serde_json::json;

use super::fixture::{ODD_TEXTS, account, account_at, after, session, sign_up, user};
use crate::model::{Account, AccountKey, Tokens};
use crate::secret::Secret;
use crate::store::Store;

/// Every field of an account comes back as it was given: tokens, claims, the moment of its linking.
pub async fn an_account_is_read_as_written(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let mut given = account(&ada);
    given.tokens = Tokens {
        access_token: Some(Secret::new("a".repeat(8192))),
        refresh_token: Some(Secret::new("refresh")),
        id_token: Some(Secret::new("id")),
        expires_at: Some(2_147_483_647),
        token_type: Some("bearer".to_owned()),
        scope: Some("openid email profile".to_owned()),
        session_state: Some("state".to_owned()),
    };
    given.details.claims.insert("tid".to_owned(), json!("9188040d"));
    given.details.claims.insert("nested".to_owned(), json!({ "list": [1, null, "two"] }));
    store.sign_up(&ada, Some(&given), &session("ada", &ada), &[]).await.unwrap();

    let (read, owner) = store.candidates(&given.key, None).await.unwrap().account.unwrap();
    assert_eq!(owner, ada);
    assert_same(&read, &given);
    let [listed] = store.accounts(&ada.id).await.unwrap().try_into().unwrap();
    assert_same(&listed, &given);
}

/// An account without tokens has none when it is read, not empty ones.
pub async fn an_account_without_tokens_has_none(store: &dyn Store) {
    let (ada, given) = sign_up(store, "ada").await;
    let [read] = store.accounts(&ada.id).await.unwrap().try_into().unwrap();
    assert_same(&read, &given);
}

/// A subject finds the account of exactly it, at exactly its provider: no other case, no space, no other accent.
pub async fn subjects_are_compared_exactly(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let given = Account::new(AccountKey::new("google", "Zo\u{eb}-1042"), ada.id.clone(), "oidc");
    store.sign_up(&ada, Some(&given), &session("ada", &ada), &[]).await.unwrap();

    for other in [
        "zo\u{eb}-1042",
        "Zo\u{eb}-1042 ",
        " Zo\u{eb}-1042",
        "Zoe\u{308}-1042",
        "Zoe-1042",
        "Zo_-1042",
        "%",
        "",
    ] {
        let candidates = store.candidates(&AccountKey::new("google", other), None).await.unwrap();
        assert!(candidates.account.is_none(), "{other:?} finds the account of another subject");
    }
    for other in ["Google", "google ", "facebook", ""] {
        let candidates =
            store.candidates(&AccountKey::new(other, "Zo\u{eb}-1042"), None).await.unwrap();
        assert!(candidates.account.is_none(), "{other:?} finds the account of another provider");
    }
}

/// Subjects that differ in case, spaces or accents alone are different accounts.
pub async fn subjects_that_look_alike_are_different_accounts(store: &dyn Store) {
    let subjects = ["abc", "ABC", "abc ", "\u{e4}bc", "a\u{308}bc"].into_iter().chain(ODD_TEXTS);
    for (number, subject) in subjects.enumerate() {
        let person = user(store, &format!("person-{number}")).await;
        let given = Account::new(AccountKey::new("google", subject), person.id.clone(), "oidc");
        store
            .sign_up(&person, Some(&given), &session(person.id.as_str(), &person), &[])
            .await
            .unwrap();
        let (_, owner) = store.candidates(&given.key, None).await.unwrap().account.unwrap();
        assert_eq!(owner, person, "{subject:?} finds somebody else");
    }
}

/// Both questions are answered: whose account it is, and whose address; by one person or by two.
pub async fn candidates_answer_both_questions(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    let unknown = AccountKey::new("google", "nobody");

    for (key, email, owner, by_email) in [
        (&of_ada.key, Some("ada@example.com"), Some(&ada), Some(&ada)),
        (&of_ada.key, Some("ben@example.com"), Some(&ada), Some(&ben)),
        (&of_ada.key, Some("cho@example.com"), Some(&ada), None),
        (&of_ada.key, None, Some(&ada), None),
        (&unknown, Some("ben@example.com"), None, Some(&ben)),
        (&unknown, Some("cho@example.com"), None, None),
        (&unknown, None, None, None),
    ] {
        let candidates = store.candidates(key, email).await.unwrap();
        assert_eq!(candidates.account.as_ref().map(|(_, user)| user), owner);
        assert_eq!(candidates.account.map(|(account, _)| account.key).as_ref(), owner.map(|_| key));
        assert_eq!(candidates.by_email.as_ref(), by_email);
    }
}

/// The account that is asked for is the one found, among several of one person.
pub async fn candidates_find_the_account_asked_for(store: &dyn Store) {
    let (ada, of_google) = sign_up(store, "ada").await;
    let of_apple = account_at("apple", &ada);
    store.link(&of_apple, &session("second", &ada), &[]).await.unwrap();

    for asked in [&of_google, &of_apple] {
        let candidates = store.candidates(&asked.key, ada.email.as_deref()).await.unwrap();
        let (found, owner) = candidates.account.unwrap();
        assert_eq!(
            (&found.key, &owner, candidates.by_email.as_ref()),
            (&asked.key, &ada, Some(&ada))
        );
    }
}

/// A person without an address is nobody's candidate by address.
pub async fn candidates_without_an_address_are_found_by_account_alone(store: &dyn Store) {
    let mut ada = user(store, "ada").await;
    ada.email = None;
    let given = account(&ada);
    store.sign_up(&ada, Some(&given), &session("ada", &ada), &[]).await.unwrap();

    for email in [None, Some(""), Some("ada@example.com")] {
        let candidates = store.candidates(&given.key, email).await.unwrap();
        assert_eq!(candidates.account.map(|(_, user)| user), Some(ada.clone()));
        assert!(candidates.by_email.is_none());
    }
}

/// The accounts of a user are listed oldest first, without those of others.
pub async fn accounts_are_listed_oldest_first(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    sign_up(store, "ben").await;
    for (seconds, provider) in [(1, "facebook"), (2, "apple")] {
        let mut further = account_at(provider, &ada);
        further.details.linked_at = Some(after(seconds));
        store.link(&further, &session(provider, &ada), &[]).await.unwrap();
    }
    let providers: Vec<_> = store
        .accounts(&ada.id)
        .await
        .unwrap()
        .into_iter()
        .map(|account| account.key.provider)
        .collect();
    assert_eq!(providers, ["google", "facebook", "apple"]);
}

/// Fails unless two accounts are the same in every field.
#[track_caller]
fn assert_same(read: &Account, given: &Account) {
    assert_eq!((&read.key, &read.user_id, &read.kind), (&given.key, &given.user_id, &given.kind));
    assert_eq!(read.details, given.details);
    assert_eq!(fields(&read.tokens), fields(&given.tokens));
}

fn fields(tokens: &Tokens) -> ([Option<&str>; 6], Option<i64>) {
    let secrets = [&tokens.access_token, &tokens.refresh_token, &tokens.id_token];
    let [access, refresh, id] = secrets.map(|secret| secret.as_ref().map(Secret::expose));
    let [kind, scope, state] =
        [&tokens.token_type, &tokens.scope, &tokens.session_state].map(Option::as_deref);
    ([access, refresh, id, kind, scope, state], tokens.expires_at)
}
