//! What a store promises of what providers say about people who are not here, and of requests to delete.

use super::fixture::{
    NOW, account_at, after, at_once, event, is_there, logged, session, sign_up, sweep, token,
};
use crate::event::{DeletionRequest, Ending, Reaction};
use crate::model::{Account, AccountKey, AuditEvent, AuditKind, Tokens, User};
use crate::secret::Secret;
use crate::store::{Perishable, Store, Withdrawal, Withdrawn};

const REACTIONS: [Reaction; 5] = [
    Reaction::Note,
    Reaction::EndSessions,
    Reaction::DropTokens,
    Reaction::Unlink,
    Reaction::MarkForDeletion,
];

/// Someone with accounts at `google` and `apple`, a session called as they are, and tokens at `google`.
pub(super) async fn someone(store: &dyn Store, name: &str) -> (User, Account) {
    let (user, google) = sign_up(store, name).await;
    let apple = account_at("apple", &user);
    store.link(&apple, &session(&format!("{name} by apple"), &user), &[]).await.unwrap();
    let tokens = Tokens { refresh_token: Some(Secret::new("refresh")), ..Tokens::default() };
    assert!(store.replace_tokens(&google.key, &tokens, None, &[]).await.unwrap());
    (user, google)
}

/// What a provider says of somebody's account, in a message that is called so.
fn withdrawal(message: &str, account: &Account, reaction: Reaction) -> Withdrawal {
    Withdrawal {
        message: message.to_owned(),
        remember_until: after(60),
        at: NOW,
        key: account.key.clone(),
        user_id: Some(account.user_id.clone()),
        reaction,
        another_at: None,
        on_unlink: vec![AuditEvent::new(NOW, AuditKind::AccountUnlinked)],
        deletion: None,
    }
}

pub(super) fn request(code: &str, user: Option<&User>, seconds: i64) -> DeletionRequest {
    let mut request = DeletionRequest::new(code, "google", after(seconds));
    request.user_id = user.map(|user| user.id.clone());
    request
}

/// The requests that are open.
async fn open(store: &dyn Store) -> Vec<DeletionRequest> {
    store.deletions(None, 100).await.unwrap()
}

/// Writes a request to delete down, as a provider's message about that account.
pub(super) async fn ask(store: &dyn Store, account: &Account, request: &DeletionRequest) {
    let asked = Withdrawal {
        user_id: request.user_id.clone(),
        deletion: Some(request.clone()),
        ..withdrawal(&request.code, account, Reaction::MarkForDeletion)
    };
    let answer = store.withdraw(&asked, &[]).await.unwrap();
    assert!(matches!(answer, Withdrawn::Done { .. }));
}

/// Each reaction does what those before it do: sessions end, tokens go, the account is untied. Others keep all of theirs.
pub async fn a_withdrawal_goes_as_far_as_its_reaction(store: &dyn Store) {
    let (_, of_ben) = someone(store, "ben").await;
    for (number, reaction) in REACTIONS.into_iter().enumerate() {
        let name = format!("ada-{number}");
        let (ada, google) = someone(store, &name).await;
        let told = withdrawal(&name, &google, reaction);
        let audit = event(AuditKind::ProviderReported, &ada);
        let ended = if reaction >= Reaction::EndSessions { 2 } else { 0 };
        let untied = reaction == Reaction::Unlink;
        let answer = store.withdraw(&told, &audit).await.unwrap();
        assert_eq!(answer, Withdrawn::Done { ended, untied }, "{reaction:?}");

        assert_eq!(is_there(store, &name).await, ended == 0, "{reaction:?}");
        let standing = store.standing(&ada.id, &token("sealed")).await.unwrap().unwrap();
        assert_eq!(standing.not_before, (ended > 0).then_some(NOW), "{reaction:?}");
        let found = store.account(&google.key).await.unwrap();
        assert_eq!(found.is_none(), untied, "{reaction:?}");
        if let Some(found) = found {
            let drops = reaction >= Reaction::DropTokens;
            assert_eq!(found.tokens.refresh_token.is_none(), drops, "{reaction:?}");
            assert_eq!(found.details.reauth_since, drops.then_some(NOW), "{reaction:?}");
            assert_eq!(found.details.linked_at, google.details.linked_at);
        }
        let mut kinds = vec![AuditKind::ProviderReported];
        kinds.splice(0..0, untied.then_some(AuditKind::AccountUnlinked));
        assert!(logged(store).await.starts_with(&kinds), "{reaction:?}");
    }
    assert!(is_there(store, "ben").await);
    let of_ben = store.account(&of_ben.key).await.unwrap().unwrap();
    assert!(of_ben.tokens.refresh_token.is_some() && of_ben.details.reauth_since.is_none());
}

/// A message is carried out once, whatever the second one of its name says, and nothing is logged for that.
pub async fn a_message_is_carried_out_once(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    let audit = event(AuditKind::ProviderReported, &ada);
    store.withdraw(&withdrawal("first", &google, Reaction::Note), &audit).await.unwrap();
    let again = Withdrawal {
        deletion: Some(request("code", Some(&ada), 0)),
        ..withdrawal("first", &google, Reaction::Unlink)
    };
    assert_eq!(store.withdraw(&again, &audit).await.unwrap(), Withdrawn::Repeated);
    assert!(is_there(store, "ada").await);
    assert!(store.account(&google.key).await.unwrap().is_some());
    assert_eq!(store.deletion("code").await.unwrap(), None);
    assert_eq!(logged(store).await, [AuditKind::ProviderReported]);

    sweep(store, after(61), 100).await;
    let later = store.withdraw(&withdrawal("first", &google, Reaction::Note), &[]).await.unwrap();
    assert_ne!(later, Withdrawn::Repeated, "it is forgotten by then");
}

/// Of fifty callers with one message one carries it out.
pub async fn a_message_is_carried_out_once_among_fifty(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    let told = withdrawal("told", &google, Reaction::Unlink);
    let audit = event(AuditKind::ProviderReported, &ada);
    let answers = at_once((0..50).map(|_| store.withdraw(&told, &audit))).await;
    let done = answers.iter().filter(|answer| *answer.as_ref().unwrap() != Withdrawn::Repeated);
    assert_eq!(done.count(), 1);
    assert_eq!(logged(store).await, [AuditKind::AccountUnlinked, AuditKind::ProviderReported]);
}

/// What is said of an account that is somebody else's by now, or nobody's, changes nothing and is not remembered.
pub async fn what_is_said_of_a_moved_account_changes_nothing(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    let (ben, of_ben) = someone(store, "ben").await;
    let audit = event(AuditKind::ProviderReported, &ada);
    let moved = Withdrawal {
        user_id: Some(ben.id),
        deletion: Some(request("code", Some(&ada), 0)),
        ..withdrawal("told", &google, Reaction::Unlink)
    };
    let gone = Withdrawal { key: AccountKey::new("google", "gone"), ..moved.clone() };
    for told in [moved, gone] {
        assert_eq!(store.withdraw(&told, &audit).await.unwrap(), Withdrawn::Moved);
    }
    assert!(is_there(store, "ada").await && is_there(store, "ben").await);
    for key in [&google.key, &of_ben.key] {
        assert!(store.account(key).await.unwrap().unwrap().tokens.refresh_token.is_some());
    }
    assert_eq!(store.deletion("code").await.unwrap(), None);
    assert_eq!(store.audit_log(100).await.unwrap(), []);
    let told = withdrawal("told", &google, Reaction::Note);
    assert_ne!(store.withdraw(&told, &[]).await.unwrap(), Withdrawn::Repeated);
}

/// An account that is the last way in stays, without tokens, and all else that was said is carried out.
pub async fn the_last_way_in_is_not_untied_by_a_provider(store: &dyn Store) {
    let (_, google) = someone(store, "ada").await;
    let among = |providers: &[&str]| Some(providers.iter().map(|id| (*id).to_owned()).collect());
    let last = Withdrawal {
        another_at: among(&["google", "facebook"]),
        ..withdrawal("last", &google, Reaction::Unlink)
    };
    let answer = store.withdraw(&last, &[]).await.unwrap();
    assert_eq!(answer, Withdrawn::Done { ended: 2, untied: false });
    let found = store.account(&google.key).await.unwrap().unwrap();
    assert!(found.tokens.refresh_token.is_none() && found.details.reauth_since == Some(NOW));
    assert!(!is_there(store, "ada").await);
    assert_eq!(store.audit_log(100).await.unwrap(), []);

    let another_at = among(&["google", "apple"]);
    let one_of_two = Withdrawal { message: "one of two".to_owned(), another_at, ..last };
    let answer = store.withdraw(&one_of_two, &[]).await.unwrap();
    assert_eq!(answer, Withdrawn::Done { ended: 0, untied: true });
}

/// A request to delete is read as it was written, by its code alone, and a second one of that code changes nothing.
pub async fn a_request_to_delete_is_read_as_written(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    let given = request("code", Some(&ada), 5);
    ask(store, &google, &given).await;
    assert_eq!(store.deletion("code").await.unwrap(), Some(given.clone()));
    for other in ["Code", "code ", ""] {
        assert_eq!(store.deletion(other).await.unwrap(), None, "{other:?}");
    }
    let again = Withdrawal {
        deletion: Some(request("code", None, 90)),
        ..withdrawal("again", &google, Reaction::MarkForDeletion)
    };
    store.withdraw(&again, &[]).await.unwrap();
    assert_eq!(store.deletion("code").await.unwrap(), Some(given));
}

/// The requests that are open are listed, oldest first.
pub async fn open_requests_to_delete_are_listed(store: &dyn Store) {
    assert_eq!(open(store).await, []);
    let (ada, of_ada) = someone(store, "ada").await;
    let (ben, of_ben) = someone(store, "ben").await;
    let mut of_nobody = request("nobody", None, 1);
    of_nobody.finished_at = Some(after(1));
    ask(store, &of_ada, &of_nobody).await;
    let (later, earlier) = (request("b", Some(&ada), 3), request("c", Some(&ben), 2));
    ask(store, &of_ada, &later).await;
    ask(store, &of_ben, &earlier).await;
    assert_eq!(open(store).await, [earlier, later]);
    assert_eq!(store.deletion("nobody").await.unwrap(), Some(of_nobody));
}

/// A request ends once: with its user, or with their accounts at the provider, even the last one. What is left of it says
/// nothing of whose it was.
pub async fn a_request_to_delete_ends_once(store: &dyn Store) {
    for (name, ending) in [("ada", Ending::DeleteUser), ("ben", Ending::KeepUser)] {
        let (user, google) = someone(store, name).await;
        ask(store, &google, &request(name, Some(&user), 0)).await;
        let audit = event(AuditKind::DeletionFinished, &user);
        let before = logged(store).await.len();
        assert!(store.finish_deletion(name, ending, after(9), &audit).await.unwrap());
        assert!(!store.finish_deletion(name, ending, after(99), &audit).await.unwrap());
        assert_eq!(logged(store).await.len(), before + 1);

        let found = store.deletion(name).await.unwrap().unwrap();
        assert_eq!((found.user_id.clone(), found.finished_at), (None, Some(after(9))));
        assert!(!found.is_open() && open(store).await.is_empty());
        let is_kept = ending == Ending::KeepUser;
        assert_eq!(store.user(&user.id).await.unwrap().is_some(), is_kept);
        let left = store.accounts(&user.id).await.unwrap();
        let left: Vec<_> = left.iter().map(|account| account.key.provider.as_str()).collect();
        assert_eq!(left, if is_kept { vec!["apple"] } else { vec![] });
    }
    let audit = [AuditEvent::new(NOW, AuditKind::DeletionFinished)];
    assert!(!store.finish_deletion("none", Ending::DeleteUser, NOW, &audit).await.unwrap());
}

/// Whoever is deleted otherwise leaves no request open.
pub async fn a_deleted_user_closes_their_requests(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    ask(store, &google, &request("code", Some(&ada), 0)).await;
    assert!(store.delete_user(&ada.id, &[]).await.unwrap());
    let found = store.deletion("code").await.unwrap().unwrap();
    assert_eq!((found.user_id, found.finished_at), (None, None));
    assert_eq!(open(store).await, []);
}

/// A request to delete that is done goes some time after its end; one that nobody finished, because its user was deleted
/// otherwise, some time after it was made. One that is open stays.
pub async fn requests_to_delete_are_swept_when_they_are_done(store: &dyn Store) {
    for (name, seconds) in [("ada", 0), ("ben", 10), ("cho", 0)] {
        let (user, google) = someone(store, name).await;
        ask(store, &google, &request(name, Some(&user), seconds)).await;
        match name {
            "ada" => {
                let finished = store.finish_deletion(name, Ending::DeleteUser, after(60), &[]);
                assert!(finished.await.unwrap());
            }
            "ben" => assert!(store.delete_user(&user.id, &[]).await.unwrap()),
            _ => {}
        }
    }
    let swept = async |seconds| store.sweep(Perishable::Deletions, after(seconds), 100).await;
    for (seconds, expected) in [(9, 0), (10, 1), (59, 0), (60, 1), (1_000_000, 0)] {
        assert_eq!(swept(seconds).await.unwrap(), expected, "after {seconds} seconds");
    }
    assert_eq!(store.deletion("ada").await.unwrap(), None);
    assert!(store.deletion("cho").await.unwrap().is_some());
}

/// Whoever wants to be deleted says so once, and may change their mind; then they may say it anew. A provider's request is
/// none of theirs.
pub async fn a_wish_to_be_deleted_can_be_taken_back(store: &dyn Store) {
    let (ada, google) = someone(store, "ada").await;
    ask(store, &google, &request("of-google", Some(&ada), 0)).await;
    assert_eq!(store.deletion_of(&ada.id).await.unwrap(), None);
    assert!(!store.withdraw_deletion(&ada.id, NOW, &[]).await.unwrap());

    let asked = event(AuditKind::DeletionRequested, &ada);
    let changed = event(AuditKind::DeletionWithdrawn, &ada);
    for code in ["first", "second"] {
        let mut wish = request(code, Some(&ada), 1);
        wish.due_at = Some(after(14));
        assert!(store.request_deletion(&wish, &asked).await.unwrap());
        let again = DeletionRequest { code: format!("{code} again"), ..wish.clone() };
        assert!(!store.request_deletion(&again, &asked).await.unwrap());
        assert_eq!(store.deletion(&again.code).await.unwrap(), None);
        assert_eq!(store.deletion_of(&ada.id).await.unwrap(), Some(wish.clone()));
        assert!(store.deletions(None, 100).await.unwrap().contains(&wish));

        assert!(store.withdraw_deletion(&ada.id, after(7), &changed).await.unwrap());
        assert!(!store.withdraw_deletion(&ada.id, after(8), &changed).await.unwrap());
        assert_eq!(store.deletion_of(&ada.id).await.unwrap(), None);
        let kept = store.deletion(code).await.unwrap().unwrap();
        assert_eq!((kept.user_id, kept.withdrawn_at), (None, Some(after(7))));
        assert!(!store.finish_deletion(code, Ending::DeleteUser, NOW, &[]).await.unwrap());
    }
    let kinds = logged(store).await;
    let count = |kind| kinds.iter().filter(|logged| **logged == kind).count();
    let [asked, changed] = [AuditKind::DeletionRequested, AuditKind::DeletionWithdrawn].map(count);
    assert_eq!((asked, changed), (2, 2));
    assert!(store.user(&ada.id).await.unwrap().is_some());
    assert_eq!(store.deletions(None, 100).await.unwrap().len(), 1, "that of the provider stands");
}

/// Of somebody who is not here nobody wants anything.
pub async fn a_wish_of_nobody_is_not_kept(store: &dyn Store) {
    let gone = someone(store, "ada").await.0;
    store.delete_user(&gone.id, &[]).await.unwrap();
    let mut wish = request("code", Some(&gone), 1);
    wish.due_at = Some(after(14));
    let audit = event(AuditKind::DeletionRequested, &gone);
    assert!(!store.request_deletion(&wish, &audit).await.unwrap());
    assert_eq!(store.deletion("code").await.unwrap(), None);
    assert!(!logged(store).await.contains(&AuditKind::DeletionRequested));
}
