//! What a store promises about sessions that began at a provider: the provider can end them, and no others.

use super::fixture::{after, event, is_there, logged, session, sign_up, token, user};
use crate::model::{AccountKey, AuditEvent, AuditKind, User};
use crate::store::{
    Keeping, Mailbox, Meant, NewSession, OriginKey, SessionOrigin, Store, about_each,
};

fn subject(name: &str) -> OriginKey {
    OriginKey::of_subject(&AccountKey::new("google", name))
}

fn at(sid: &str) -> OriginKey {
    OriginKey::of_session("google", sid)
}

/// A session that began with that person at the provider, and in that session there if it is known.
fn from(who: &str, sid: Option<&str>, session: NewSession) -> NewSession {
    NewSession {
        origin: Some(SessionOrigin { subject: subject(who), session: sid.map(at) }),
        ..session
    }
}

fn sealed(session: NewSession) -> NewSession {
    NewSession { keeping: Keeping::Sealed { remember_until: after(60) }, ..session }
}

async fn enter(store: &dyn Store, user: &User, new: &NewSession) {
    store.enter(&user.id, Mailbox::Unchanged, new, &[]).await.unwrap();
}

async fn is_ended(store: &dyn Store, user: &User, name: &str) -> bool {
    store.standing(&user.id, &token(name)).await.unwrap().unwrap().ended
}

/// Two people with stored and sealed sessions that began in sessions of the provider, or in none that is known.
async fn two_people(store: &dyn Store) -> [User; 2] {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    for (name, sid) in [("a-1", Some("1")), ("a-2", Some("2")), ("a-0", None)] {
        enter(store, &ada, &from("ada", sid, session(name, &ada))).await;
        let name = format!("{name} sealed");
        enter(store, &ada, &from("ada", sid, sealed(session(&name, &ada)))).await;
    }
    enter(store, &ben, &from("ben", Some("3"), session("b-3", &ben))).await;
    enter(store, &ben, &from("ben", Some("3"), sealed(session("b-3 sealed", &ben)))).await;
    [ada, ben]
}

/// Fails unless exactly these of the sessions of [`two_people`] are left, each stored and sealed.
async fn assert_left(store: &dyn Store, [ada, ben]: &[User; 2], left: &[&str]) {
    for (user, name) in [(ada, "a-1"), (ada, "a-2"), (ada, "a-0"), (ben, "b-3")] {
        let stays = left.contains(&name);
        assert_eq!(is_there(store, name).await, stays, "{name}");
        let ended = is_ended(store, user, &format!("{name} sealed")).await;
        assert_eq!(ended, !stays, "{name} sealed");
    }
    assert!(is_there(store, "ada").await, "a session that began nowhere");
}

/// Where a session began is read as it was written, while the session is there.
pub async fn where_a_session_began_is_read_as_written(store: &dyn Store) {
    two_people(store).await;
    for (name, sid) in [("a-1", Some("1")), ("a-2 sealed", Some("2")), ("a-0", None)] {
        let origin = SessionOrigin { subject: subject("ada"), session: sid.map(at) };
        assert_eq!(store.origin(&token(name)).await.unwrap(), Some(origin), "{name}");
    }
    assert_eq!(store.origin(&token("ada")).await.unwrap(), None, "it began nowhere");
    assert_eq!(store.origin(&token("nobody's")).await.unwrap(), None);
    store.end_session(&token("a-1"), &[]).await.unwrap();
    store.end_sealed(&token("a-2 sealed"), after(60), &[]).await.unwrap();
    for name in ["a-1", "a-2 sealed"] {
        assert_eq!(store.origin(&token(name)).await.unwrap(), None, "{name} has ended");
    }
}

/// Ending a session of the provider ends those that began in it, and is told once for each user.
pub async fn a_session_at_a_provider_ends_what_began_in_it(store: &dyn Store) {
    let people = two_people(store).await;
    let audit = event(AuditKind::SessionsEnded, &people[1]);
    let [event] = &audit;
    let event = AuditEvent { user_id: None, ..event.clone() };
    let meant = Meant::Session(at("1"));
    let mut ended =
        store.end_sessions_from(&meant, after(60), std::slice::from_ref(&event)).await.unwrap();
    ended.sort_by_key(|session| session.token != token("a-1"));
    let tokens: Vec<_> = ended.iter().map(|session| session.token.clone()).collect();
    assert_eq!(tokens, [token("a-1"), token("a-1 sealed")]);
    assert!(ended.iter().all(|session| session.user_id == people[0].id));
    assert_left(store, &people, &["a-2", "a-0", "b-3"]).await;
    assert_eq!(
        store.audit_log(100).await.unwrap(),
        about_each(&ended, std::slice::from_ref(&event))
    );

    assert_eq!(store.end_sessions_from(&meant, after(60), &[event]).await.unwrap(), []);
    assert_eq!(logged(store).await, [AuditKind::SessionsEnded]);
}

/// Ending all sessions of a person at the provider ends what they began, whatever the session there.
pub async fn a_person_at_a_provider_ends_what_they_began(store: &dyn Store) {
    let people = two_people(store).await;
    let ended =
        store.end_sessions_from(&Meant::Subject(subject("ada")), after(60), &[]).await.unwrap();
    assert_eq!(ended.len(), 6);
    assert_left(store, &people, &["b-3"]).await;
}

/// Where both are named, what began in other sessions of that person stays, and what began in that one of others.
pub async fn a_session_of_a_person_ends_what_began_in_both(store: &dyn Store) {
    let people = two_people(store).await;
    let of = |who, sid| Meant::SessionOf { subject: subject(who), session: at(sid) };
    assert_eq!(store.end_sessions_from(&of("ben", "1"), after(60), &[]).await.unwrap(), []);
    assert_left(store, &people, &["a-1", "a-2", "a-0", "b-3"]).await;
    store.end_sessions_from(&of("ada", "1"), after(60), &[]).await.unwrap();
    assert_left(store, &people, &["a-2", "b-3"]).await;
}

/// Names are compared exactly, and those of another provider are others.
pub async fn a_stranger_at_a_provider_ends_nothing(store: &dyn Store) {
    let people = two_people(store).await;
    for meant in [
        Meant::Session(at("4")),
        Meant::Session(at("")),
        Meant::Session(OriginKey::of_session("apple", "1")),
        Meant::Session(subject("ada")),
        Meant::Subject(subject("Ada")),
        Meant::Subject(at("1")),
    ] {
        assert_eq!(store.end_sessions_from(&meant, after(60), &[]).await.unwrap(), []);
    }
    assert_left(store, &people, &["a-1", "a-2", "a-0", "b-3"]).await;
}

/// A session that takes another's place, and a person who is new, begin where they say.
pub async fn every_way_in_writes_where_it_began(store: &dyn Store) {
    let ada = user(store, "ada").await;
    let account = super::fixture::account(&ada);
    let new = from("ada", Some("1"), session("signed up", &ada));
    store.sign_up(&ada, Some(&account), &new, &[]).await.unwrap();
    let new = from("ada", Some("2"), session("signed in", &ada));
    store.sign_in(&account, Mailbox::Unchanged, &new, &[]).await.unwrap();
    let new = from("ada", Some("3"), session("linked", &ada));
    let further = super::fixture::account_at("apple", &ada);
    store.link(&further, &new, &[]).await.unwrap();
    for (name, sid) in [("signed up", "1"), ("signed in", "2"), ("linked", "3")] {
        let ended = store.end_sessions_from(&Meant::Session(at(sid)), after(60), &[]).await;
        let tokens: Vec<_> = ended.unwrap().into_iter().map(|session| session.token).collect();
        assert_eq!(tokens, [token(name)]);
    }
}
