//! What a store promises of callers who come at the same moment: the result is that of some order, round after round.

use super::fixture::{NOW, account_at, after, at_once, event, is_there, session, sign_up};
use crate::event::{DeletionRequest, Ending, Reaction};
use crate::model::{Account, AuditKind, User, VerificationToken};
use crate::store::{Mailbox, RoleChange, Store, Unlinked, Withdrawal, Withdrawn};

/// As often as races are played unless `BETANCOURT_ROUNDS` says how often.
const FEW: usize = 3;

#[expect(clippy::disallowed_methods, reason = "the one variable that makes suites longer")]
fn rounds() -> usize {
    std::env::var("BETANCOURT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(FEW)
}

fn withdrawal(message: &str, account: &Account, reaction: Reaction) -> Withdrawal {
    Withdrawal {
        message: message.to_owned(),
        remember_until: after(60),
        at: NOW,
        key: account.key.clone(),
        user_id: Some(account.user_id.clone()),
        reaction,
        another_at: None,
        on_unlink: Vec::new(),
        deletion: None,
    }
}

/// Fifty who end one request to delete: one of them did.
pub async fn a_request_to_delete_ends_once_among_fifty(store: &dyn Store) {
    for round in 0..rounds() {
        let name = format!("ada-{round}");
        let (ada, google) = sign_up(store, &name).await;
        let mut request = DeletionRequest::new(name.as_str(), "google", NOW);
        request.user_id = Some(ada.id.clone());
        let asked = Withdrawal {
            deletion: Some(request),
            ..withdrawal(&name, &google, Reaction::MarkForDeletion)
        };
        store.withdraw(&asked, &[]).await.unwrap();
        let audit = event(AuditKind::DeletionFinished, &ada);
        let finish = |_| store.finish_deletion(&name, Ending::DeleteUser, NOW, &audit);
        let answers = at_once((0..50).map(finish)).await;
        assert_eq!(answers.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 1);
        assert!(store.user(&ada.id).await.unwrap().is_none());
        let told = store.audit_log(50).await.unwrap();
        let of_ada = told.iter().filter(|event| event.user_id.as_ref() == Some(&ada.id));
        assert_eq!(of_ada.count(), 1);
    }
}

/// The last two with a role who would both lose it at once: one of them keeps it.
pub async fn of_the_last_two_with_a_role_one_keeps_it(store: &dyn Store) {
    for round in 0..rounds() {
        let role = format!("role-{round}");
        let (ada, _) = sign_up(store, &format!("ada-{round}")).await;
        let (ben, _) = sign_up(store, &format!("ben-{round}")).await;
        for user in [&ada, &ben] {
            store.set_role(&user.id, &role, None, &[]).await.unwrap();
        }
        let lose = |id| store.set_role(id, "CLIENT", Some(&role), &[]);
        let answers = at_once([&ada.id, &ben.id].into_iter().map(lose)).await;
        let told = |expected| answers.iter().any(|answer| *answer.as_ref().unwrap() == expected);
        assert!(told(RoleChange::Done) && told(RoleChange::LastOne), "{answers:?}");
    }
}

/// Somebody is deleted while they sign in, in every way there is: neither account nor session outlives them.
pub async fn a_deletion_among_sign_ins_leaves_nothing_behind(store: &dyn Store) {
    for round in 0..rounds() {
        let (ada, google) = sign_up(store, &format!("ada-{round}")).await;
        let apple = account_at("apple", &ada);
        let names: Vec<_> = (0..6).map(|number| format!("{round}-{number}")).collect();
        let come = async |number: usize, name: &str| {
            let new = session(name, &ada);
            let unchanged = Mailbox::Unchanged;
            let answer = match number {
                0 => store.delete_user(&ada.id, &[]).await.map(|deleted| assert!(deleted)),
                1 => store.link(&apple, &new, &[]).await.map(drop),
                2 | 3 => store.enter(&ada.id, unchanged, &new, &[]).await.map(drop),
                _ => store.sign_in(&google, unchanged, &new, &[]).await.map(drop),
            };
            answer.map_err(|error| error.kind())
        };
        let callers = names.iter().enumerate().map(|(number, name)| come(number, name));
        for answer in at_once(callers).await {
            assert!(matches!(answer, Ok(()) | Err(crate::store::StoreErrorKind::Conflict)));
        }
        assert!(store.user(&ada.id).await.unwrap().is_none());
        assert!(store.accounts(&ada.id).await.unwrap().is_empty());
        for account in [&google, &apple] {
            assert!(store.account(&account.key).await.unwrap().is_none());
        }
        assert_eq!(store.sessions(&ada.id, NOW).await.unwrap(), []);
        for name in &names {
            assert!(!is_there(store, name).await, "{name} outlives its user");
        }
    }
}

/// All sessions end while others begin: each of them was either there, and is counted, or came later, and lives.
pub async fn an_end_of_all_sessions_among_sign_ins_counts_them(store: &dyn Store) {
    for round in 0..rounds() {
        let (ada, google) = sign_up(store, &format!("ada-{round}")).await;
        let names: Vec<_> = (0..8).map(|number| format!("{round}-{number}")).collect();
        let come = async |number: usize, name: &str| match number {
            4 => store.end_sessions(&ada.id, NOW, &[]).await.unwrap(),
            _ => {
                let new = session(name, &ada);
                store.sign_in(&google, Mailbox::Unchanged, &new, &[]).await.unwrap()
            }
        };
        let callers = names.iter().enumerate().map(|(number, name)| come(number, name));
        let ended: u64 = at_once(callers).await.into_iter().sum();
        let alive = store.sessions(&ada.id, NOW).await.unwrap().len() as u64;
        assert_eq!(ended + alive, 8, "the one of the sign-up and seven others");
        assert!(!is_there(store, &format!("ada-{round}")).await, "it was there before");
    }
}

/// The owner unties one of the last two accounts while a provider takes the other one back: one of them stays.
pub async fn a_provider_and_a_person_never_untie_both(store: &dyn Store) {
    for round in 0..rounds() {
        let name = format!("ada-{round}");
        let (ada, google) = sign_up(store, &name).await;
        let apple = account_at("apple", &ada);
        store.link(&apple, &session(&format!("apple-{round}"), &ada), &[]).await.unwrap();
        let both = ["google", "apple"];
        let told = Withdrawal {
            another_at: Some(both.map(str::to_owned).to_vec()),
            ..withdrawal(&name, &google, Reaction::Unlink)
        };
        let untie = async |by_hand: bool| {
            if by_hand {
                let answer = store.unlink(&ada.id, &apple.key, Some(&both), &[]).await.unwrap();
                return answer == Unlinked::Done;
            }
            let answer = store.withdraw(&told, &[]).await.unwrap();
            matches!(answer, Withdrawn::Done { untied: true, .. })
        };
        let untied = at_once([true, false].into_iter().map(untie)).await;
        assert_eq!(untied.into_iter().filter(|untied| *untied).count(), 1);
        assert_eq!(store.accounts(&ada.id).await.unwrap().len(), 1);
    }
}

/// Several mails to one address at the same moment: the tokens of one of them are left, all of them.
pub async fn newer_tokens_at_once_leave_those_of_one(store: &dyn Store) {
    for round in 0..rounds() {
        let address = format!("ada-{round}@example.com");
        let mails: Vec<_> = (0..5)
            .map(|mail| {
                ["link", "code"].map(|kind| VerificationToken {
                    identifier: address.clone(),
                    token: format!("{kind}-{round}-{mail}"),
                    expires: after(600),
                })
            })
            .collect();
        let kept = at_once(mails.iter().map(|mail| store.keep_tokens(&address, mail))).await;
        kept.into_iter().for_each(|kept| kept.unwrap());
        let links: Vec<_> = mails.iter().map(|[link, _]| link.token.as_str()).collect();
        let codes: Vec<_> = mails.iter().map(|[_, code]| code.token.as_str()).collect();
        assert!(store.take_token(&address, &links).await.unwrap().is_some());
        assert_eq!(store.take_token(&address, &codes).await.unwrap(), None);
    }
}

/// Two ids that are drawn for two people are two.
pub async fn drawn_ids_are_new(store: &dyn Store) {
    let drawn = at_once((0..5).map(|_| store.draw_id())).await;
    let mut drawn: Vec<_> = drawn.into_iter().filter_map(|id| id.unwrap()).collect();
    let number = drawn.len();
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), number);
    for (id, name) in drawn.into_iter().zip(["ada", "ben"]) {
        let someone = User::new(id);
        store.sign_up(&someone, None, &session(name, &someone), &[]).await.unwrap();
        assert_eq!(store.user(&someone.id).await.unwrap(), Some(someone));
    }
}
