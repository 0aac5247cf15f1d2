//! What a store promises of lists: page by page each row once, and never more than are asked for.

use super::fixture::{NOW, account, after, session, sign_up, token, user};
use super::inbox::{ask, request, someone};
use crate::model::{Account, AccountKey, AuditEvent, AuditKind, User, UserId};
use crate::store::{Keeping, MOST_LISTED, NewSession, RoleChange, Store, UserFilter};

/// All users to whom a filter applies, by pages of two.
async fn listed(store: &dyn Store, filter: &UserFilter) -> Vec<User> {
    let mut users: Vec<User> = Vec::new();
    loop {
        let last = users.last().map(|user| user.id.clone());
        let page = store.users(filter, last.as_ref(), 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            return users;
        }
        users.extend(page);
    }
}

/// What those are called to whom a filter applies, in the order of the alphabet.
async fn names(store: &dyn Store, filter: &UserFilter) -> Vec<String> {
    let mut names: Vec<_> =
        listed(store, filter).await.into_iter().filter_map(|user| user.name).collect();
    names.sort_unstable();
    names
}

/// Page by page every user is listed once, as they were written, in the same order each time.
pub async fn users_are_listed_page_by_page(store: &dyn Store) {
    let everybody = UserFilter::default();
    assert_eq!(listed(store, &everybody).await, []);
    let mut written = Vec::new();
    for name in ["ada", "ben", "cho", "dan", "eva"] {
        written.push(sign_up(store, name).await.0);
    }
    let read = listed(store, &everybody).await;
    assert_eq!(read, listed(store, &everybody).await);
    assert_eq!(store.users(&everybody, None, 100).await.unwrap(), read);
    assert!(store.users(&everybody, None, 0).await.unwrap().is_empty());
    let by_name = |users: &mut Vec<User>| users.sort_by(|one, other| one.name.cmp(&other.name));
    let mut sorted = read.clone();
    by_name(&mut sorted);
    assert_eq!(sorted, written);

    let (gone, rest) = read.split_at(2);
    let last = gone.last().map(|user| &user.id);
    for user in gone {
        assert!(store.delete_user(&user.id, &[]).await.unwrap());
        assert_eq!(store.users(&everybody, last, 100).await.unwrap(), rest);
    }
    let last = rest.last().map(|user| &user.id);
    assert!(store.users(&everybody, last, 100).await.unwrap().is_empty());
}

/// A search finds what a name or an address has in it, whatever signs that are, and no placeholder.
pub async fn users_are_found_by_what_they_are_called(store: &dyn Store) {
    for name in ["Ada Lovelace", "b_n", "bun", "100% cho"] {
        let mut person = user(store, name).await;
        person.email = person.email.map(|email| email.replace([' ', '%'], "."));
        store.sign_up(&person, None, &session(name, &person), &[]).await.unwrap();
    }
    let mut eva = user(store, "Eva").await;
    eva.email = None;
    store.sign_up(&eva, None, &session("eva", &eva), &[]).await.unwrap();

    for (search, expected) in [
        ("ada", vec!["Ada Lovelace"]),
        ("LOVE", vec!["Ada Lovelace"]),
        ("ada.lovelace@EXAMPLE", vec!["Ada Lovelace"]),
        ("b_n", vec!["b_n"]),
        ("%", vec!["100% cho"]),
        ("example.com", vec!["100% cho", "Ada Lovelace", "b_n", "bun"]),
        ("eva", vec!["Eva"]),
        ("invalid", vec![]),
        ("'; --", vec![]),
        ("", vec!["100% cho", "Ada Lovelace", "Eva", "b_n", "bun"]),
    ] {
        let filter = UserFilter { search: Some(search.to_owned()), role: None };
        assert_eq!(names(store, &filter).await, expected, "{search:?}");
    }
}

/// A role finds those who have exactly it; with a search, those who have both.
pub async fn users_are_found_by_their_role(store: &dyn Store) {
    for name in ["ada", "ben", "cho", "dan"] {
        let (person, _) = sign_up(store, name).await;
        if name < "cho" {
            let changed = store.set_role(&person.id, "ADMIN", None, &[]).await.unwrap();
            assert_eq!(changed, RoleChange::Done);
        }
    }
    let with = |role: &str, search: Option<&str>| UserFilter {
        role: Some(role.to_owned()),
        search: search.map(str::to_owned),
    };
    assert_eq!(names(store, &with("ADMIN", None)).await, ["ada", "ben"]);
    assert_eq!(names(store, &with("CLIENT", None)).await, ["cho", "dan"]);
    assert_eq!(names(store, &with("ADMIN", Some("b"))).await, ["ben"]);
    for nobody in [with("admin", None), with("", None), with("CLIENT", Some("ada"))] {
        assert_eq!(listed(store, &nobody).await, [], "{nobody:?}");
    }
}

/// Of accounts and sessions of one user no more are listed than somebody can look through: the oldest accounts, and the
/// sessions that end last.
pub async fn nobody_has_a_list_without_an_end(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let keeping = Keeping::Sealed { remember_until: after(60) };
    let begin = |name: &str, number: u32| NewSession {
        keeping,
        expires: after(1_000 + i64::from(number)),
        ..session(name, &ada)
    };
    store.sign_up(&ada, None, &begin("first", 0), &[]).await.unwrap();
    let most = usize::try_from(MOST_LISTED).unwrap();
    for number in 1..=MOST_LISTED + 5 {
        let key = AccountKey::new("google", format!("{number:03}"));
        let mut further = Account::new(key, ada.id.clone(), "oidc");
        further.details.linked_at = Some(after(i64::from(number)));
        store.link(&further, &begin(&number.to_string(), number), &[]).await.unwrap();
    }
    let accounts = store.accounts(&ada.id).await.unwrap();
    assert_eq!(accounts.len(), most);
    assert_eq!(accounts.first().unwrap().key.subject, "001");
    let sessions = store.sessions(&ada.id, NOW).await.unwrap();
    assert_eq!(sessions.len(), most);
    assert_eq!(sessions.first().unwrap().token, token(&(MOST_LISTED + 5).to_string()));
    assert_eq!(sessions.last().unwrap().token, token("6"));
}

/// Page by page the audit log tells everything once, also what happened at one moment; what is recorded in between makes
/// no difference, and what is swept is gone.
pub async fn the_audit_log_is_read_page_by_page(store: &dyn Store) {
    let told = |number: i64| {
        let mut event = AuditEvent::new(after(number / 3), AuditKind::SignedIn);
        event.reason = Some(number.to_string());
        event
    };
    for number in 0..10 {
        store.record(&[told(number)]).await.unwrap();
    }
    let (mut read, mut before) = (Vec::new(), None);
    loop {
        let page = store.audit_page(before, 4).await.unwrap();
        assert!(page.len() <= 4);
        let Some(last) = page.last() else { break };
        assert_eq!(last.key.at(), last.event.at);
        let key = last.key.to_string();
        before = Some(key.parse().unwrap());
        read.extend(page.into_iter().map(|entry| entry.event));
        store.record(&[told(100)]).await.unwrap();
    }
    assert_eq!(read, (0..10).rev().map(told).collect::<Vec<_>>());
    assert!(store.audit_page(None, 0).await.unwrap().is_empty());
}

/// Page by page every open request to delete is listed once, oldest first, also those of one moment.
pub async fn requests_to_delete_are_listed_page_by_page(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    let mut written = Vec::new();
    for (code, seconds) in [("c", 2), ("a", 1), ("e", 3), ("b", 2), ("d", 3)] {
        let asked = request(code, Some(&ada), seconds);
        ask(store, &google, &asked).await;
        written.push(asked);
    }
    written.sort_by(|one, other| {
        (one.requested_at, &one.code).cmp(&(other.requested_at, &other.code))
    });
    let mut read: Vec<_> = store.deletions(None, 2).await.unwrap();
    assert!(written.starts_with(&read) && read.len() == 2);
    read.extend(store.deletions(read.last(), 2).await.unwrap());
    read.extend(store.deletions(read.last(), 2).await.unwrap());
    assert_eq!(read, written);
    assert!(store.deletions(read.last(), 2).await.unwrap().is_empty());
    assert!(store.deletions(None, 0).await.unwrap().is_empty());
}

/// Whoever asks for what is behind somebody who was never there is answered, whatever they ask.
pub async fn a_page_behind_nobody_is_a_page(store: &dyn Store) {
    let ada = user(store, "ada").await;
    store.sign_up(&ada, Some(&account(&ada)), &session("ada", &ada), &[]).await.unwrap();
    for behind in ["", "'; --", "zzzzzzzzzzzzzzzzzzzzzzzzzzz"] {
        let page = store.users(&UserFilter::default(), Some(&UserId::new(behind)), 10).await;
        assert!(page.unwrap().len() <= 1, "{behind:?}");
    }
}
