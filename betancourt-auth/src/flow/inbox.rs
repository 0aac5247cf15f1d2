//! What providers post about people who are not here, and what becomes of requests to delete.

use std::sync::Arc;

use http::StatusCode;
use serde_json::json;

use crate::answer::Answer;
use crate::client::{self, Door, Message};
use crate::config::{Setup, WayIn};
use crate::error::{Error, ErrorKind};
use crate::event::{DeletionRequest, Ending, Happening, ProviderEvent, Reaction};
use crate::flow::{LostTwice, TRIES};
use crate::hook::ProviderReport;
use crate::model::{Account, AuditEvent, AuditKind, DEFAULT_ROLE, User, UserId};
use crate::own::accounts;
use crate::page::{Deletion, Frame};
use crate::provider::{Inbox, Registration};
use crate::request::Request;
use crate::secret;
use crate::store::{RoleChange, Withdrawal, Withdrawn};

/// How many characters of its hash the code of a request to delete has: 128 bits, which nobody guesses.
const CODE_LENGTH: usize = 32;

/// `POST /inbox/:provider`, and Facebook's two doors below it. Whether anybody here is meant, the answer does not tell.
///
/// # Errors
/// [`ErrorKind::UnknownAction`] where there is no such address. What is wrong with a message is an answer, too, in the
/// form that its provider reads.
pub(crate) async fn receive(
    setup: &Setup,
    request: &Request,
    id: &str,
    door: Door,
) -> Result<Answer, Error> {
    let registration = match setup.way_in(id) {
        Ok(WayIn::Provider(registration)) => registration,
        Ok(WayIn::Email(_) | WayIn::Credentials(_)) | Err(_) => {
            return Err(ErrorKind::UnknownAction.into());
        }
    };
    let reads_rfc_8935 = matches!(registration.provider.inbox(), Some(Inbox::SecurityEvents(_)));
    match accept(setup, request, registration, door).await {
        Err(error) if error.kind() == ErrorKind::UnknownAction => Err(error),
        Err(error) if reads_rfc_8935 => Ok(Answer::event_refused(error)),
        Err(error) => Ok(Answer::failure(error)),
        Ok(_) if reads_rfc_8935 => Ok(Answer::accepted()),
        Ok(message) if door == Door::Deletion => {
            let code = code_of(setup, &message.name);
            let url = setup.action_url(&format!("/deletion/{code}"));
            Ok(Answer::json(json!({ "url": url, "confirmation_code": code })))
        }
        Ok(_) => Ok(Answer::json(json!({}))),
    }
}

/// `GET /deletion/:code`: how a request to delete stands, for whoever has its code.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn show_deletion(
    setup: &Setup,
    request: &Request,
    code: &str,
) -> Result<Answer, Error> {
    let found = setup.store.deletion(code).await?;
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let frame = Frame::new(setup, request.language());
    Ok(Answer::page(frame.page(status, &Deletion::new(&frame, found.as_ref()))))
}

/// Ends a request to delete, and hands the tokens of what went back to the providers. `false`: it is not open any more, or
/// there is none.
///
/// # Errors
/// [`ErrorKind::LastAdministrator`], [`ErrorKind::Store`].
pub(crate) async fn finish_deletion(
    setup: &Arc<Setup>,
    code: &str,
    ending: Ending,
) -> Result<bool, Error> {
    let found = setup.store.deletion(code).await?;
    let Some((request, user)) = found.and_then(|found| Some((found.clone(), found.user_id?)))
    else {
        return Ok(false);
    };
    let event = |kind| {
        let mut event = AuditEvent::new(setup.now(), kind).about(&user);
        event.provider = Some(request.provider.clone());
        event
    };
    let mut audit = vec![event(AuditKind::DeletionFinished)];
    audit.push(event(match ending {
        Ending::DeleteUser => AuditKind::UserDeleted,
        Ending::KeepUser => AuditKind::AccountUnlinked,
    }));
    let mut accounts = setup.store.accounts(&user).await?;
    if ending == Ending::DeleteUser {
        must_not_be_missed(setup, &user).await?;
    } else {
        accounts.retain(|account| account.key.provider == request.provider);
    }
    let finished = setup.store.finish_deletion(code, ending, setup.now(), &audit).await;
    setup.standings.forget_user(&user);
    let finished = finished?;
    if finished {
        client::hand_back(setup, accounts).await;
    }
    Ok(finished)
}

/// Whoever is deleted loses the role before that somebody must have: of the last two who go at once, one stays.
async fn must_not_be_missed(setup: &Setup, user: &UserId) -> Result<(), Error> {
    let Some(role) = setup.config.never_without.as_deref() else { return Ok(()) };
    if setup.store.user(user).await?.is_none_or(|user| user.role != role) {
        return Ok(());
    }
    match setup.store.set_role(user, DEFAULT_ROLE, Some(role), &[]).await? {
        RoleChange::LastOne => Err(ErrorKind::LastAdministrator.into()),
        RoleChange::Done | RoleChange::Unknown => Ok(()),
    }
}

async fn accept(
    setup: &Setup,
    request: &Request,
    registration: &Registration,
    door: Door,
) -> Result<Message, Error> {
    let message = client::read_message(setup, request, registration, door).await?;
    for event in &message.events {
        carry_out(setup, request, &message, event).await?;
    }
    Ok(message)
}

/// Does what an event calls for, once, in one transaction, and tells the application. Of somebody who is not here nothing
/// is written but their request to delete, which is done.
async fn carry_out(
    setup: &Setup,
    request: &Request,
    message: &Message,
    event: &ProviderEvent,
) -> Result<(), Error> {
    for _ in 0..TRIES {
        let Some(concerned) = Concerned::find(setup, event).await? else {
            return note_stranger(setup, message, event).await;
        };
        let reaction = concerned.reaction(setup, event).await;
        let withdrawal = concerned.withdrawal(setup, request, message, (event, reaction));
        let audit = audit(setup, request, &withdrawal, event);
        let withdrawn = setup.store.withdraw(&withdrawal, &audit).await;
        if reaction.ends_sessions() {
            setup.standings.forget_user(&concerned.user.id);
        }
        match withdrawn? {
            Withdrawn::Moved => {}
            Withdrawn::Repeated => return Ok(()),
            Withdrawn::Done { ended, untied } => {
                tell(setup, &concerned, (event, reaction), (ended, untied)).await;
                return Ok(());
            }
        }
    }
    Err(Error::because(ErrorKind::Store, LostTwice))
}

/// Whom an event is about.
struct Concerned {
    user: User,
    account: Account,
    /// The providers at one of which another account must be left. `None`: they can sign in without any.
    another_at: Option<Vec<String>>,
    is_last_way_in: bool,
}

impl Concerned {
    async fn find(setup: &Setup, event: &ProviderEvent) -> Result<Option<Self>, Error> {
        let Some(account) = setup.store.account(&event.account).await? else { return Ok(None) };
        let Some(user) = setup.store.user(&account.user_id).await? else { return Ok(None) };
        let others = setup.store.accounts(&user.id).await?;
        let providers: Vec<_> = accounts::providers(setup).map(str::to_owned).collect();
        let without_any = accounts::signs_in_without(setup, &user).await;
        let is_another =
            |other: &Account| other.key != account.key && providers.contains(&other.key.provider);
        Ok(Some(Self {
            is_last_way_in: !without_any && !others.iter().any(is_another),
            another_at: (!without_any).then_some(providers),
            user,
            account,
        }))
    }

    /// The application has its say.
    async fn reaction(&self, setup: &Setup, event: &ProviderEvent) -> Reaction {
        let report = ProviderReport::new(event, &self.user, self.is_last_way_in);
        setup.config.callbacks.provider_event(&report).await
    }

    fn withdrawal(
        &self,
        setup: &Setup,
        request: &Request,
        message: &Message,
        (event, reaction): (&ProviderEvent, Reaction),
    ) -> Withdrawal {
        let is_asked = event.happening == Happening::DeletionRequested;
        let deletion = (is_asked || reaction == Reaction::MarkForDeletion).then(|| {
            let mut deletion = deletion(setup, message, event);
            deletion.user_id = Some(self.user.id.clone());
            deletion
        });
        Withdrawal {
            message: name_of(message, event),
            remember_until: message.believed_until,
            at: setup.now(),
            key: event.account.clone(),
            user_id: Some(self.user.id.clone()),
            reaction,
            another_at: self.another_at.clone(),
            on_unlink: vec![audit_event(setup, request, AuditKind::AccountUnlinked, &self.account)],
            deletion,
        }
    }
}

/// Nobody here is meant. A request to delete is answered all the same: there is nothing, so it is done.
async fn note_stranger(
    setup: &Setup,
    message: &Message,
    event: &ProviderEvent,
) -> Result<(), Error> {
    let happening = event.happening.as_str();
    tracing::info!(happening, provider = event.account.provider, "a provider told of a stranger");
    if event.happening != Happening::DeletionRequested {
        return Ok(());
    }
    let mut deletion = deletion(setup, message, event);
    deletion.finished_at = Some(setup.now());
    let withdrawal = Withdrawal {
        message: name_of(message, event),
        remember_until: message.believed_until,
        at: setup.now(),
        key: event.account.clone(),
        user_id: None,
        reaction: Reaction::Note,
        another_at: None,
        on_unlink: Vec::new(),
        deletion: Some(deletion),
    };
    setup.store.withdraw(&withdrawal, &[]).await?;
    Ok(())
}

fn deletion(setup: &Setup, message: &Message, event: &ProviderEvent) -> DeletionRequest {
    let code = code_of(setup, &message.name);
    DeletionRequest::new(code, event.account.provider.clone(), setup.now())
}

/// A message may tell of several things, each of which happens once.
fn name_of(message: &Message, event: &ProviderEvent) -> String {
    format!("{} {}", message.name, event.happening.as_str())
}

/// The code of a request to delete: the same for the same message, so that a provider that asks twice is answered alike,
/// and of use to nobody who does not know our secret.
fn code_of(setup: &Setup, message: &str) -> String {
    let mut code = secret::hash_with(&setup.config.secrets, &format!("deletion\n{message}\n"));
    code.truncate(CODE_LENGTH);
    code
}

/// What is remembered of an event, and of what is done about it.
fn audit(
    setup: &Setup,
    request: &Request,
    withdrawal: &Withdrawal,
    event: &ProviderEvent,
) -> Vec<AuditEvent> {
    let Withdrawal { reaction, deletion, user_id, key, .. } = withdrawal;
    let kinds = [
        (true, AuditKind::ProviderReported),
        (reaction.ends_sessions(), AuditKind::SessionsEnded),
        (reaction.drops_tokens(), AuditKind::TokensRevoked),
        (deletion.is_some(), AuditKind::DeletionRequested),
    ];
    let happened = kinds.into_iter().filter_map(|(happens, kind)| happens.then_some(kind));
    let told = |kind| {
        let mut told = AuditEvent::new(setup.now(), kind);
        told.user_id.clone_from(user_id);
        told.provider = Some(key.provider.clone());
        told.network = request.network();
        if kind == AuditKind::ProviderReported {
            told.reason = Some(event.happening.as_str().to_owned());
        }
        told
    };
    happened.map(told).collect()
}

fn audit_event(setup: &Setup, request: &Request, kind: AuditKind, account: &Account) -> AuditEvent {
    let mut event = AuditEvent::new(setup.now(), kind).about(&account.user_id);
    event.provider = Some(account.key.provider.clone());
    event.network = request.network();
    event
}

async fn tell(
    setup: &Setup,
    concerned: &Concerned,
    (event, reaction): (&ProviderEvent, Reaction),
    (ended, untied): (u64, bool),
) {
    let (user, events) = (&concerned.user, &setup.config.events);
    let happening = event.happening.as_str();
    tracing::info!(
        happening, provider = event.account.provider, user = %user.id, ?reaction, ended, untied,
        "a provider told of a user"
    );
    if reaction.ends_sessions() {
        events.revoke_sessions(&user.id, ended).await;
    }
    if untied {
        events.unlink_account(user, &concerned.account).await;
    }
    events.provider_event(event, user, reaction).await;
}
