//! What a store promises about people who are shut out.

use super::fixture::{
    NOW, ODD_TEXTS, account_at, after, assert_conflict, at_once, event, is_there, logged, session,
    sign_up, token, user,
};
use crate::model::{AuditKind, UserId};
use crate::store::{Keeping, Mailbox, NewSession, RoleChange, Store, Suspended, Suspension};

fn sealed(session: NewSession) -> NewSession {
    NewSession { keeping: Keeping::Sealed { remember_until: after(60) }, ..session }
}

fn elsewhere(session: NewSession) -> NewSession {
    NewSession { keeping: Keeping::Elsewhere { remember_until: after(60) }, ..session }
}

/// A suspension comes back as it was given, whatever its reason; a second one takes the place of the first. Nobody else
/// has it, and for nobody none is kept.
pub async fn a_suspension_is_read_as_written(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    assert_eq!(store.suspension(&ada.id).await.unwrap(), None);
    for (seconds, reason) in (0..).zip(ODD_TEXTS) {
        let mut suspension = Suspension::new(after(seconds), reason);
        suspension.by = (seconds % 2 == 0).then(|| ben.id.clone());
        let audit = event(AuditKind::UserSuspended, &ada);
        let done = store.suspend(&ada.id, &suspension, None, &audit).await.unwrap();
        assert!(matches!(done, Suspended::Done { .. }));
        assert_eq!(store.suspension(&ada.id).await.unwrap(), Some(suspension));
    }
    assert_eq!(store.suspension(&ben.id).await.unwrap(), None);
    assert_eq!(logged(store).await, [AuditKind::UserSuspended; ODD_TEXTS.len()]);

    let cho = user(store, "cho").await;
    let audit = event(AuditKind::UserSuspended, &cho);
    let nobody = store.suspend(&cho.id, &Suspension::new(NOW, "a reason"), None, &audit).await;
    assert_eq!(nobody.unwrap(), Suspended::Unknown);
    assert_eq!(store.suspension(&cho.id).await.unwrap(), None);
    assert_eq!(logged(store).await.len(), ODD_TEXTS.len());
}

/// All sessions of a user end with the suspension: those that have a row are counted, sealed ones are over, also one that
/// Auth.js seals afterwards. Those of others live.
pub async fn a_suspension_ends_all_sessions(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    let enter = async |session| {
        store.sign_in(&of_ada, Mailbox::Unchanged, &session, &[]).await.unwrap();
    };
    enter(session("second", &ada)).await;
    enter(sealed(session("sealed", &ada))).await;

    let suspension = Suspension::new(NOW, "a reason");
    let suspended = store.suspend(&ada.id, &suspension, None, &[]).await.unwrap();
    assert_eq!(suspended, Suspended::Done { ended: 2 });
    assert!(!is_there(store, "ada").await && !is_there(store, "second").await);
    assert!(store.sessions(&ada.id, NOW).await.unwrap().is_empty());
    for name in ["sealed", "made by Auth.js"] {
        let standing = store.standing(&ada.id, &token(name)).await.unwrap().unwrap();
        assert!(!standing.admits(after(60)), "{name}");
    }
    assert!(is_there(store, "ben").await);
    let standing = store.standing(&ben.id, &token("sealed")).await.unwrap().unwrap();
    assert!(standing.admits(NOW));
}

/// Whoever is suspended gets no session: not with their account, not with another one, not without any, and wherever it
/// would be kept. Nothing is written then. It can be seen who of those whom an identity could be is suspended.
pub async fn nobody_enters_who_is_suspended(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let (ben, of_ben) = sign_up(store, "ben").await;
    let email = ada.email.as_deref();
    assert!(store.candidates(&of_ada.key, email).await.unwrap().suspended.is_empty());
    store.suspend(&ada.id, &Suspension::new(NOW, "a reason"), None, &[]).await.unwrap();

    let audit = event(AuditKind::SignedIn, &ada);
    let kept: [fn(NewSession) -> NewSession; 3] = [|session| session, sealed, elsewhere];
    for kept in kept {
        let new = kept(session("new", &ada));
        let proven = Mailbox::Proven(NOW);
        assert_conflict(store.sign_in(&of_ada, proven, &new, &audit).await);
        assert_conflict(store.link(&account_at("apple", &ada), &new, &audit).await);
        for mailbox in [Mailbox::Unchanged, proven] {
            assert_conflict(store.enter(&ada.id, mailbox, &new, &audit).await);
        }
    }
    assert!(!is_there(store, "new").await);
    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()), "nothing is proven");
    assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    assert!(logged(store).await.is_empty());

    for (key, email, suspended) in [
        (&of_ada.key, None, true),
        (&of_ada.key, email, true),
        (&of_ben.key, email, true),
        (&of_ben.key, ben.email.as_deref(), false),
    ] {
        let found = store.candidates(key, email).await.unwrap();
        let expected: &[UserId] = if suspended { std::slice::from_ref(&ada.id) } else { &[] };
        assert_eq!(found.suspended, expected, "{key:?} {email:?}");
        assert!(found.account.is_some());
    }
    store.sign_in(&of_ben, Mailbox::Unchanged, &session("new", &ben), &[]).await.unwrap();
    assert!(is_there(store, "new").await);
}

/// A suspension is lifted once; then its user signs in again, and sessions that ended with it stay over.
pub async fn a_suspension_is_lifted_once(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let audit = event(AuditKind::SuspensionLifted, &ada);
    assert!(!store.lift_suspension(&ada.id, &audit).await.unwrap());
    store.suspend(&ada.id, &Suspension::new(NOW, "a reason"), None, &[]).await.unwrap();
    assert!(store.lift_suspension(&ada.id, &audit).await.unwrap());
    assert!(!store.lift_suspension(&ada.id, &audit).await.unwrap());
    assert_eq!(logged(store).await, [AuditKind::SuspensionLifted]);
    assert_eq!(store.suspension(&ada.id).await.unwrap(), None);
    assert!(!is_there(store, "ada").await);
    let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
    assert!(!standing.admits(NOW) && standing.admits(after(1)));
    store.sign_in(&of_ada, Mailbox::Unchanged, &session("new", &ada), &[]).await.unwrap();
    assert!(is_there(store, "new").await);
}

/// Whoever alone has a role that must be had is not suspended. Somebody who has it and is suspended does not count: then
/// the other one stays, too, and keeps the role.
pub async fn the_last_one_with_a_role_is_not_suspended(store: &dyn Store) {
    let (ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    store.set_role(&ada.id, "ADMIN", None, &[]).await.unwrap();
    let audit = event(AuditKind::UserSuspended, &ada);
    let suspension = Suspension::new(NOW, "a reason");
    let suspend = |id| store.suspend(id, &suspension, Some("ADMIN"), &audit);
    assert_eq!(suspend(&ada.id).await.unwrap(), Suspended::LastOne);
    assert_eq!(store.suspension(&ada.id).await.unwrap(), None);
    assert!(is_there(store, "ada").await && logged(store).await.is_empty());

    store.set_role(&ben.id, "ADMIN", None, &[]).await.unwrap();
    assert_eq!(suspend(&ben.id).await.unwrap(), Suspended::Done { ended: 1 });
    assert_eq!(suspend(&ada.id).await.unwrap(), Suspended::LastOne);
    let kept = store.set_role(&ada.id, "CLIENT", Some("ADMIN"), &[]).await.unwrap();
    assert_eq!(kept, RoleChange::LastOne);
    store.lift_suspension(&ben.id, &[]).await.unwrap();
    let lost = store.set_role(&ada.id, "CLIENT", Some("ADMIN"), &[]).await.unwrap();
    assert_eq!(lost, RoleChange::Done);
    assert_eq!(suspend(&ada.id).await.unwrap(), Suspended::Done { ended: 1 }, "a client now");
}

/// Of the last two with a role that must be had, who are suspended at once, one stays.
pub async fn of_the_last_two_with_a_role_one_is_not_suspended(store: &dyn Store) {
    let mut people = Vec::new();
    for name in ["ada", "ben"] {
        let (user, _) = sign_up(store, name).await;
        store.set_role(&user.id, "ADMIN", None, &[]).await.unwrap();
        people.push(user.id);
    }
    let suspension = Suspension::new(NOW, "a reason");
    let both = people.iter().map(|id| store.suspend(id, &suspension, Some("ADMIN"), &[]));
    let answers = at_once(both).await;
    let stayed = answers.iter().filter(|answer| matches!(answer, Ok(Suspended::LastOne)));
    assert_eq!(stayed.count(), 1, "{answers:?}");
}

/// Whoever signs in while they are suspended is in no longer afterwards, whoever was first.
pub async fn a_suspension_among_sign_ins_leaves_no_session(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    let suspension = Suspension::new(NOW, "a reason");
    let names: Vec<_> = (0..20).map(|number| format!("session-{number}")).collect();
    let callers = names.iter().map(|name| {
        let (ada, of_ada, suspension) = (&ada, &of_ada, &suspension);
        async move {
            if name == "session-10" {
                let suspended = store.suspend(&ada.id, suspension, None, &[]).await.unwrap();
                return matches!(suspended, Suspended::Done { .. });
            }
            let new = session(name, ada);
            match store.sign_in(of_ada, Mailbox::Unchanged, &new, &[]).await {
                Ok(_) => true,
                refused => {
                    assert_conflict(refused);
                    false
                }
            }
        }
    });
    assert!(at_once(callers).await.contains(&true));
    assert!(store.sessions(&ada.id, NOW).await.unwrap().is_empty());
    for name in &names {
        assert!(!is_there(store, name).await, "{name}");
    }
}

/// Nothing of a suspension is left when its user is deleted: whoever is given that id next may come in.
pub async fn a_suspended_user_is_deleted_as_any_other(store: &dyn Store) {
    let (ada, of_ada) = sign_up(store, "ada").await;
    store.suspend(&ada.id, &Suspension::new(NOW, "a reason"), None, &[]).await.unwrap();
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
    assert_eq!(store.suspension(&ada.id).await.unwrap(), None);
    store.sign_up(&ada, Some(&of_ada), &session("again", &ada), &[]).await.unwrap();
    assert!(is_there(store, "again").await);
}

/// A name and a picture take the place of what was there, each by itself, in living sessions as well; all else stays.
pub async fn a_name_and_a_picture_are_taken_over(store: &dyn Store) {
    let (mut ada, _) = sign_up(store, "ada").await;
    let (ben, _) = sign_up(store, "ben").await;
    let audit = event(AuditKind::ProfileChanged, &ada);
    for text in ODD_TEXTS {
        ada.name = Some(text.to_owned());
        assert!(store.set_profile(&ada.id, Some(text), None, &audit).await.unwrap());
        assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada.clone()));
        ada.image = Some(text.to_owned());
        assert!(store.set_profile(&ada.id, None, Some(text), &audit).await.unwrap());
        assert_eq!(store.session(&token("ada")).await.unwrap().unwrap().user, ada);
    }
    let told = logged(store).await.len();
    let cho = user(store, "cho").await;
    assert!(!store.set_profile(&cho.id, Some("Cho"), None, &audit).await.unwrap());
    assert_eq!(store.user(&ben.id).await.unwrap(), Some(ben));
    assert_eq!((told, logged(store).await.len()), (2 * ODD_TEXTS.len(), told));
}
