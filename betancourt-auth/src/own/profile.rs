//! Somebody takes over what a provider calls them, or its picture of them.

use super::Owner;
use super::accounts::{self, OwnAccount};
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::model::AuditKind;

/// A part of a profile that can be taken over from a provider.
///
/// ```
/// use betancourt_auth::ProfilePart;
/// assert_eq!(ProfilePart::parse("picture"), Some(ProfilePart::Picture));
/// assert_eq!(ProfilePart::parse("role"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfilePart {
    /// What people are called.
    Name,
    /// The address of their picture.
    Picture,
}

impl ProfilePart {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Name, Self::Picture];

    /// Its name, as the reason in the audit log has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Picture => "picture",
        }
    }

    /// The part of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }
}

/// Takes it over from the account of an id.
///
/// # Errors
/// [`ErrorKind::UnknownAccount`], also where the provider tells no such thing; [`ErrorKind::Store`].
pub(crate) async fn take_over(
    setup: &Setup,
    owner: &Owner<'_>,
    id: &str,
    part: ProfilePart,
) -> Result<(), Error> {
    let user = owner.user();
    let own = accounts::list(setup, user).await?.into_iter().find(|own| own.id == id);
    let OwnAccount { key, name, image, .. } = own.ok_or(ErrorKind::UnknownAccount)?;
    let (name, image) = match part {
        ProfilePart::Name => (name, None),
        ProfilePart::Picture => (None, image),
    };
    if name.is_none() && image.is_none() {
        return Err(ErrorKind::UnknownAccount.into());
    }
    let mut event = owner.event(setup, AuditKind::ProfileChanged);
    event.provider = Some(key.provider);
    event.reason = Some(part.as_str().to_owned());
    let store = &setup.store;
    let changed = store.set_profile(&user.id, name.as_deref(), image.as_deref(), &[event]).await?;
    setup.standings.forget_user(&user.id);
    if let Some(user) = store.user(&user.id).await?.filter(|_| changed) {
        setup.config.events.update_user(&user).await;
    }
    Ok(())
}
