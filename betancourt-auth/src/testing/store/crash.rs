//! What a store promises of work that it breaks off: nothing half-done is left, and the same call then does all of it.

use std::fmt::{Debug, Write as _};
use std::iter::once;

use time::Duration;

use super::fixture::{
    NOW, account, account_at, after, event, is_there, logged, session, session_until, sign_up,
    sweep, token, try_to_sweep, user,
};
use crate::event::{DeletionRequest, Ending, Reaction};
use crate::model::{Account, AuditEvent, AuditKind, Tokens, User, VerificationToken};
use crate::secret::Secret;
use crate::store::{
    Entered, Keeping, Mailbox, Meant, NewSession, OriginKey, Result, RoleChange, SessionOrigin,
    Store, StoreErrorKind, Suspended, Suspension, Unlinked, Withdrawal, Withdrawn,
};
use crate::testing::{CrashPoint, CrashPoints};

/// No intention takes more statements.
const MOST: u32 = 60;

/// Somebody, and all that hangs on them.
struct Someone {
    user: User,
    google: Account,
    apple: Account,
    name: String,
    audit: [AuditEvent; 1],
}

impl Someone {
    /// With no row yet.
    async fn new(store: &dyn Store, name: String) -> Self {
        let user = user(store, &name).await;
        let (google, apple) = (account(&user), account_at("apple", &user));
        let audit = event(AuditKind::SignedIn, &user);
        Self { user, google, apple, name, audit }
    }

    /// With two accounts, tokens, two stored sessions and a sealed one.
    async fn settled(store: &dyn Store, name: String) -> Self {
        let (user, google) = sign_up(store, &name).await;
        let apple = account_at("apple", &user);
        let it = Self { audit: event(AuditKind::SignedIn, &user), user, google, apple, name };
        let here = NewSession { origin: Some(it.origin()), ..it.session("second") };
        store.link(&it.apple, &here, &[]).await.unwrap();
        let keeping = Keeping::Sealed { remember_until: after(60) };
        let sealed = NewSession { keeping, ..it.session("sealed") };
        store.enter(&it.user.id, Mailbox::Unchanged, &sealed, &[]).await.unwrap();
        let tokens = Tokens { refresh_token: Some(Secret::new("refresh")), ..Tokens::default() };
        assert!(store.replace_tokens(&it.google.key, &tokens, None, &[]).await.unwrap());
        it
    }

    fn called(&self, session: &str) -> String {
        format!("{} {session}", self.name)
    }

    fn session(&self, called: &str) -> NewSession {
        session(&self.called(called), &self.user)
    }

    /// A session that replaces one, and for which another has to go.
    fn further(&self) -> NewSession {
        NewSession { replaces: vec![token(&self.name)], keep: 1, ..self.session("further") }
    }

    fn origin(&self) -> SessionOrigin {
        SessionOrigin { subject: OriginKey::of_subject(&self.google.key), session: None }
    }

    fn withdrawal(&self, reaction: Reaction) -> Withdrawal {
        let mut request = DeletionRequest::new(self.name.as_str(), "google", NOW);
        request.user_id = Some(self.user.id.clone());
        Withdrawal {
            message: self.called("message"),
            remember_until: after(60),
            at: NOW,
            key: self.google.key.clone(),
            user_id: Some(self.user.id.clone()),
            reaction,
            another_at: None,
            on_unlink: self.audit.to_vec(),
            deletion: Some(request),
        }
    }

    /// All that a store says of them, in words.
    async fn picture(&self, store: &dyn Store) -> String {
        let (id, mut said) = (&self.user.id, String::new());
        let mut say = |what: &dyn Debug| writeln!(said, "{what:?}").unwrap();
        say(&store.user(id).await.unwrap());
        say(&store.user_by_email(self.user.email.as_deref().unwrap()).await.unwrap());
        for account in store.accounts(id).await.unwrap() {
            let refresh = account.tokens.refresh_token.as_ref().map(Secret::expose);
            say(&(&account.key, refresh, &account.details));
        }
        for account in [&self.google, &self.apple] {
            let found = store.candidates(&account.key, None).await.unwrap().account;
            say(&found.map(|(account, user)| (account.key, user.id)));
        }
        for session in store.sessions(id, NOW - Duration::days(1)).await.unwrap() {
            say(&(session.token.as_str(), session.expires, session.details, session.is_sealed));
        }
        let sessions = ["second", "further"].map(|called| self.called(called));
        for name in sessions.iter().chain(once(&self.name)) {
            say(&is_there(store, name).await);
            say(&store.origin(&token(name)).await.unwrap());
        }
        say(&store.standing(id, &token(&self.called("sealed"))).await.unwrap());
        say(&store.deletion(&self.name).await.unwrap());
        say(&store.suspension(id).await.unwrap());
        let log = store.audit_log(1000).await.unwrap();
        say(&log.iter().filter(|event| event.user_id.as_ref() == Some(id)).count());
        said
    }
}

/// Breaks an intention off before each of its statements, of somebody else each time, until one gets through.
async fn breaks_off<T: Debug + PartialEq>(
    (store, crash): (&dyn Store, &CrashPoints),
    prepared: impl AsyncFn(String) -> Someone,
    intention: impl AsyncFn(&Someone) -> Result<T>,
    expected: T,
) {
    for nth in 1.. {
        assert!(nth <= MOST, "it has no end");
        let someone = prepared(format!("ada-{nth}")).await;
        let before = someone.picture(store).await;
        crash.fail_at(CrashPoint::BeforeStatement(nth));
        let answer = intention(&someone).await;
        if !crash.mend() {
            assert!(nth > 1, "the store passes no crash points");
            assert_eq!(answer.unwrap(), expected);
            assert_ne!(someone.picture(store).await, before);
            return;
        }
        assert_eq!(answer.unwrap_err().kind(), StoreErrorKind::Unavailable);
        assert_eq!(someone.picture(store).await, before, "broken off before statement {nth}");
        assert_eq!(intention(&someone).await.unwrap(), expected, "the same call again");
        assert_ne!(someone.picture(store).await, before);
    }
}

/// The same with somebody who has everything.
async fn breaks_off_for_someone<T: Debug + PartialEq>(
    store: &dyn Store,
    crash: &CrashPoints,
    intention: impl AsyncFn(&Someone) -> Result<T>,
    expected: T,
) {
    let settled = async |name| Someone::settled(store, name).await;
    breaks_off((store, crash), settled, intention, expected).await;
}

/// A sign-up that breaks off leaves neither a user nor an account nor a session, and the same person can then sign up.
pub async fn a_sign_up_that_breaks_off_leaves_nothing(store: &dyn Store, crash: &CrashPoints) {
    let new = async |name| Someone::new(store, name).await;
    let sign_up = async |it: &Someone| {
        store.sign_up(&it.user, Some(&it.google), &it.session("second"), &it.audit).await
    };
    breaks_off((store, crash), new, sign_up, 0).await;
}

/// A sign-in that breaks off changes nothing: no token, no proof, no session that is new, replaced or evicted.
pub async fn a_sign_in_that_breaks_off_changes_nothing(store: &dyn Store, crash: &CrashPoints) {
    let sign_in = async |it: &Someone| {
        let mut returning = it.google.clone();
        returning.tokens.refresh_token = Some(Secret::new("newer"));
        store.sign_in(&returning, Mailbox::Proven(NOW), &it.further(), &it.audit).await
    };
    breaks_off_for_someone(store, crash, sign_in, 1).await;
}

/// An entry that breaks off changes nothing: whoever was there before the proof still is.
pub async fn an_entry_that_breaks_off_changes_nothing(store: &dyn Store, crash: &CrashPoints) {
    let enter = async |it: &Someone| {
        store.enter(&it.user.id, Mailbox::Proven(NOW), &it.further(), &it.audit).await
    };
    breaks_off_for_someone(
        store,
        crash,
        enter,
        Entered { evicted: 0, unproven: 4, is_first_proof: true },
    )
    .await;
}

/// A link that breaks off ties nothing, and makes and ends no session.
pub async fn a_link_that_breaks_off_ties_nothing(store: &dyn Store, crash: &CrashPoints) {
    let with_one_account = async |name: String| {
        let (user, google) = sign_up(store, &name).await;
        let (apple, audit) = (account_at("apple", &user), event(AuditKind::SignedIn, &user));
        Someone { user, google, apple, name, audit }
    };
    let link = async |it: &Someone| store.link(&it.apple, &it.further(), &it.audit).await;
    breaks_off((store, crash), with_one_account, link, 0).await;
}

/// An account whose untying breaks off is still tied.
pub async fn an_untying_that_breaks_off_unties_nothing(store: &dyn Store, crash: &CrashPoints) {
    let both: &[&str] = &["google", "apple"];
    let unlink =
        async |it: &Someone| store.unlink(&it.user.id, &it.google.key, Some(both), &it.audit).await;
    breaks_off_for_someone(store, crash, unlink, Unlinked::Done).await;
}

/// Tokens whose replacement breaks off are the old ones, and so is what hangs on them.
pub async fn a_replacement_that_breaks_off_keeps_the_old_tokens(
    store: &dyn Store,
    crash: &CrashPoints,
) {
    let replace = async |it: &Someone| {
        store.replace_tokens(&it.google.key, &Tokens::default(), Some(NOW), &it.audit).await
    };
    breaks_off_for_someone(store, crash, replace, true).await;
}

/// A role whose change breaks off is the old one.
pub async fn a_role_that_breaks_off_is_the_old_one(store: &dyn Store, crash: &CrashPoints) {
    let set_role =
        async |it: &Someone| store.set_role(&it.user.id, "ADMIN", Some("CLIENT"), &it.audit).await;
    let other = user(store, "other").await;
    store.sign_up(&other, None, &session("other", &other), &[]).await.unwrap();
    breaks_off_for_someone(store, crash, set_role, RoleChange::Done).await;
}

/// A suspension that breaks off shuts nobody out, and its sessions live; one whose lifting breaks off holds.
pub async fn a_suspension_that_breaks_off_shuts_nobody_out(store: &dyn Store, crash: &CrashPoints) {
    let suspension = Suspension::new(NOW, "a reason");
    let suspend = async |it: &Someone| {
        store.suspend(&it.user.id, &suspension, Some("ADMIN"), &it.audit).await
    };
    breaks_off_for_someone(store, crash, suspend, Suspended::Done { ended: 2 }).await;
    let suspended = async |name: String| {
        let it = Someone::settled(store, format!("suspended {name}")).await;
        store.suspend(&it.user.id, &suspension, None, &[]).await.unwrap();
        it
    };
    let lift = async |it: &Someone| store.lift_suspension(&it.user.id, &it.audit).await;
    breaks_off((store, crash), suspended, lift, true).await;
}

/// A deletion that breaks off deletes nothing: neither the user, nor what hangs on them.
pub async fn a_deletion_that_breaks_off_deletes_nothing(store: &dyn Store, crash: &CrashPoints) {
    let delete = async |it: &Someone| store.delete_user(&it.user.id, &it.audit).await;
    breaks_off_for_someone(store, crash, delete, true).await;
}

/// A session whose extension, or whose being seen, breaks off is as it was.
pub async fn a_session_whose_renewal_breaks_off_is_as_it_was(
    store: &dyn Store,
    crash: &CrashPoints,
) {
    let later = NOW + Duration::days(60);
    let extend = async |it: &Someone| store.extend(&token(&it.name), later).await;
    breaks_off_for_someone(store, crash, extend, true).await;
    let touch = async |it: &Someone| store.touch(&token(&it.called("second")), after(9)).await;
    let settled = async |name| Someone::settled(store, format!("seen {name}")).await;
    breaks_off((store, crash), settled, touch, true).await;
    let sealed = async |it: &Someone| {
        store.touch_sealed(&token(&it.called("sealed")), after(9), later).await
    };
    let settled = async |name| Someone::settled(store, format!("sealed {name}")).await;
    breaks_off((store, crash), settled, sealed, true).await;
}

/// A session whose end breaks off is alive, and is told of as ended only when it is not.
pub async fn a_session_whose_end_breaks_off_lives(store: &dyn Store, crash: &CrashPoints) {
    let end = async |it: &Someone| store.end_session(&token(&it.name), &it.audit).await;
    breaks_off_for_someone(store, crash, end, true).await;
    let settled = async |name| Someone::settled(store, format!("sealed {name}")).await;
    let end_sealed = async |it: &Someone| {
        store.end_sealed(&token(&it.called("sealed")), after(60), &it.audit).await
    };
    breaks_off((store, crash), settled, end_sealed, true).await;
}

/// Sessions that were all to end are all alive when that breaks off, stored and sealed ones.
pub async fn sessions_whose_end_breaks_off_all_live(store: &dyn Store, crash: &CrashPoints) {
    let all = async |it: &Someone| store.end_sessions(&it.user.id, NOW, &it.audit).await;
    breaks_off_for_someone(store, crash, all, 2).await;
    let settled = async |name| Someone::settled(store, format!("others {name}")).await;
    let others = async |it: &Someone| {
        store.end_other_sessions(&it.user.id, &token(&it.name), after(60), &it.audit).await
    };
    breaks_off((store, crash), settled, others, 2).await;
    let settled = async |name| Someone::settled(store, format!("meant {name}")).await;
    let meant = async |it: &Someone| {
        let meant = Meant::Subject(it.origin().subject);
        Ok(store.end_sessions_from(&meant, after(60), &it.audit).await?.len())
    };
    breaks_off((store, crash), settled, meant, 1).await;
}

/// A withdrawal that breaks off was not carried out, and its message does not count as heard.
pub async fn a_withdrawal_that_breaks_off_is_not_carried_out(
    store: &dyn Store,
    crash: &CrashPoints,
) {
    let withdraw =
        async |it: &Someone| store.withdraw(&it.withdrawal(Reaction::Unlink), &it.audit).await;
    let done = Withdrawn::Done { ended: 2, untied: true };
    breaks_off_for_someone(store, crash, withdraw, done).await;
}

/// A request to delete whose end breaks off is open, and nothing is deleted.
pub async fn a_request_to_delete_that_breaks_off_is_open(store: &dyn Store, crash: &CrashPoints) {
    for ending in [Ending::DeleteUser, Ending::KeepUser] {
        let asked = async |name: String| {
            let it = Someone::settled(store, format!("{ending:?} {name}")).await;
            store.withdraw(&it.withdrawal(Reaction::Note), &[]).await.unwrap();
            it
        };
        let finish =
            async |it: &Someone| store.finish_deletion(&it.name, ending, after(9), &it.audit).await;
        breaks_off((store, crash), asked, finish, true).await;
    }
}

/// What is counted, spent and recorded while the store breaks off was not: the next who asks is the first.
pub async fn what_breaks_off_was_not_counted(store: &dyn Store, crash: &CrashPoints) {
    crash.fail_at(CrashPoint::BeforeStatement(1));
    assert!(store.spend("handshake", after(60)).await.is_err());
    assert!(store.count("key", NOW, after(60)).await.is_err());
    let audit =
        [AuditEvent::new(NOW, AuditKind::SignedIn), AuditEvent::new(NOW, AuditKind::SignedOut)];
    assert!(store.record(&audit).await.is_err());
    assert!(crash.mend(), "the store passes no crash points");
    for nth in 1..MOST {
        crash.fail_at(CrashPoint::BeforeStatement(nth));
        let recorded = store.record(&audit).await;
        if !crash.mend() {
            recorded.unwrap();
            break;
        }
        assert_eq!(logged(store).await, [], "broken off before statement {nth}");
    }
    assert_eq!(logged(store).await, [AuditKind::SignedOut, AuditKind::SignedIn]);
    assert!(store.spend("handshake", after(60)).await.unwrap());
    assert_eq!(store.count("key", NOW, after(60)).await.unwrap(), 1);
}

/// A verification token whose taking breaks off is there; those whose keeping breaks off are not, and older ones are.
pub async fn verification_tokens_that_break_off_are_as_before(
    store: &dyn Store,
    crash: &CrashPoints,
) {
    for nth in 1.. {
        assert!(nth <= MOST, "it has no end");
        let address = format!("ada-{nth}@example.com");
        let sent = |name: &str| VerificationToken {
            identifier: address.clone(),
            token: format!("{name}-{nth}"),
            expires: after(600),
        };
        let take = async |name: &str| store.take_token(&address, &[&sent(name).token]).await;
        store.keep_tokens(&address, &[sent("old")]).await.unwrap();

        crash.fail_at(CrashPoint::BeforeStatement(nth));
        let kept = store.keep_tokens(&address, &[sent("new link"), sent("new code")]).await;
        let keeping_broke = crash.mend();
        assert_eq!(kept.is_err(), keeping_broke, "before statement {nth}");
        let there = if keeping_broke { "old" } else { "new link" };

        crash.fail_at(CrashPoint::BeforeStatement(nth));
        let taken = take(there).await;
        let taking_broke = crash.mend();
        if !taking_broke {
            assert_eq!(taken.unwrap(), Some(sent(there)), "before statement {nth}");
        } else {
            taken.unwrap_err();
            assert_eq!(take("new code").await.unwrap().is_some(), !keeping_broke, "{nth}");
            assert_eq!(take(there).await.unwrap().is_some(), keeping_broke, "{nth}");
        }
        assert_eq!(take(there).await.unwrap(), None);
        if !keeping_broke && !taking_broke {
            assert!(nth > 1, "the store passes no crash points");
            return;
        }
    }
}

/// A sweep may break off between two kinds, but touches nothing that lives, and the next one finishes its work.
pub async fn a_sweep_that_breaks_off_is_finished_later(store: &dyn Store, crash: &CrashPoints) {
    let (ada, returning) = sign_up(store, "ada").await;
    for nth in 1.. {
        assert!(nth <= MOST, "it has no end");
        let name = format!("ended-{nth}");
        let ended = session_until(&name, &ada, -60);
        store.sign_in(&returning, Mailbox::Unchanged, &ended, &[]).await.unwrap();
        store.spend(&name, after(-60)).await.unwrap();
        store.count(&name, after(-120), after(-60)).await.unwrap();
        crash.fail_at(CrashPoint::BeforeStatement(nth));
        let swept = try_to_sweep(store, NOW, 100).await;
        let broke = crash.mend();
        assert_eq!(swept.is_err(), broke, "before statement {nth}");
        // What broke off may hold its rows for a moment longer, and is passed over until then.
        let mut sweeps = 0;
        while is_there(store, &name).await || !store.spend(&name, after(-60)).await.unwrap() {
            assert!(sweeps < 1_000, "it is never finished");
            sweep(store, NOW, 100).await;
            sweeps += 1;
        }
        assert!(is_there(store, "ada").await);
        if !broke {
            assert!(nth > 1, "the store passes no crash points");
            return;
        }
    }
}
