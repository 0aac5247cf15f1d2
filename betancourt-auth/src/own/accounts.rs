//! The accounts somebody signs in with: which there are, and which can go. The last way in stays.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use time::OffsetDateTime;

use super::Owner;
use crate::client;
use crate::config::{Setup, WayIn};
use crate::error::{Error, ErrorKind};
use crate::model::{Account, AccountKey, AuditKind, User};
use crate::secret;
use crate::store::Unlinked;

/// An account as its owner sees it: no token is in it.
///
/// `Debug` leaves the address out: it must never reach a log.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnAccount {
    /// What [`Auth::unlink`](crate::Auth::unlink) calls it.
    pub id: String,
    /// The provider, and who the person is there.
    pub key: AccountKey,
    /// The name of the provider; its id where it is not configured any more.
    pub provider_name: String,
    /// The address that the provider had for the person when they signed in with it last, where its ID token says so.
    pub email: Option<String>,
    /// What the provider called the person then, where its ID token says so.
    pub name: Option<String>,
    /// The address of its picture of the person, where its ID token says so.
    pub image: Option<String>,
    /// The `type` of Auth.js: `oauth` or `oidc`.
    pub kind: String,
    /// When it was tied to its owner. `None` for an account that Auth.js made.
    pub linked_at: Option<OffsetDateTime>,
    /// Whether another way to sign in is left without it.
    pub can_unlink: bool,
}

impl Debug for OwnAccount {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OwnAccount")
            .field("id", &self.id)
            .field("key", &self.key)
            .field("can_unlink", &self.can_unlink)
            .finish_non_exhaustive()
    }
}

/// The accounts of a user, oldest first.
///
/// # Errors
/// [`ErrorKind::Store`].
pub(crate) async fn list(setup: &Setup, user: &User) -> Result<Vec<OwnAccount>, Error> {
    let accounts = setup.store.accounts(&user.id).await?;
    let without_any = signs_in_without(setup, user).await;
    let usable = |account: &&Account| providers(setup).any(|id| id == account.key.provider);
    let show = |account: &Account| {
        let mut others = accounts.iter().filter(|other| other.key != account.key);
        let claims = client::claims_of(setup, account);
        let claims = claims.as_ref();
        let email = claims.and_then(|claims| claims.get("email")?.as_str());
        let told = claims.and_then(|claims| client::told(setup, &account.key.provider, claims));
        let (name, image) = told.map_or((None, None), |told| (told.name, told.image));
        OwnAccount {
            id: id_of(&account.key),
            key: account.key.clone(),
            provider_name: name_of(setup, &account.key.provider).to_owned(),
            email: email.map(str::to_owned),
            name,
            image,
            kind: account.kind.clone(),
            linked_at: account.details.linked_at,
            can_unlink: without_any || others.any(|other| usable(&other)),
        }
    };
    Ok(accounts.iter().map(show).collect())
}

/// Unties an account from its owner, who must have signed in just now and must be able to do so again, and hands its tokens
/// back to the provider.
///
/// # Errors
/// [`ErrorKind::ReauthRequired`], [`ErrorKind::UnknownAccount`], [`ErrorKind::LastWayIn`], [`ErrorKind::Store`].
pub(crate) async fn unlink(setup: &Arc<Setup>, owner: &Owner<'_>, id: &str) -> Result<(), Error> {
    owner.must_be_fresh(setup)?;
    let user = owner.user();
    let accounts = setup.store.accounts(&user.id).await?;
    let account = accounts.iter().find(|account| id_of(&account.key) == id);
    let account = account.ok_or(ErrorKind::UnknownAccount)?;
    let providers: Vec<&str> = providers(setup).collect();
    let another_at = (!signs_in_without(setup, user).await).then_some(providers.as_slice());
    let mut event = owner.event(setup, AuditKind::AccountUnlinked);
    event.provider = Some(account.key.provider.clone());
    match setup.store.unlink(&user.id, &account.key, another_at, &[event]).await? {
        Unlinked::Done => {
            setup.config.events.unlink_account(user, account).await;
            client::hand_back(setup, vec![account.clone()]).await;
            Ok(())
        }
        Unlinked::LastWayIn => Err(ErrorKind::LastWayIn.into()),
        Unlinked::Unknown => Err(ErrorKind::UnknownAccount.into()),
    }
}

/// The providers that somebody can sign in with: an account at another one opens nothing.
pub(crate) fn providers(setup: &Setup) -> impl Iterator<Item = &str> {
    setup.config.registrations.iter().map(|registration| &*registration.provider.id)
}

/// Whether somebody can sign in without any account: by mail to an address that they proved, or with credentials.
pub(crate) async fn signs_in_without(setup: &Setup, user: &User) -> bool {
    if !setup.config.email.is_empty() && user.email.is_some() && user.email_verified.is_some() {
        return true;
    }
    for provider in &setup.config.credentials {
        if provider.authorize.admits(user).await {
            return true;
        }
    }
    false
}

/// The name of a way in that people read.
pub(super) fn name_of<'a>(setup: &'a Setup, id: &'a str) -> &'a str {
    setup.way_in(id).map_or(id, WayIn::name)
}

/// What an account is called outside.
fn id_of(key: &AccountKey) -> String {
    secret::sha256_base64url(&format!("account\n{}\n{}", key.provider, key.subject))
}
