//! The configured ways to sign in: providers, then mail, then credentials.

use super::Setup;
use crate::error::{Error, ErrorKind};
use crate::provider::{CredentialsProvider, EmailProvider, Registration};

/// A configured way to sign in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WayIn<'a> {
    Provider(&'a Registration),
    Email(&'a EmailProvider),
    Credentials(&'a CredentialsProvider),
}

impl<'a> WayIn<'a> {
    /// Its id, as it stands in addresses.
    pub(crate) fn id(self) -> &'a str {
        match self {
            Self::Provider(registration) => &registration.provider.id,
            Self::Email(email) => &email.id,
            Self::Credentials(credentials) => &credentials.id,
        }
    }

    /// The name that people read.
    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::Provider(registration) => &registration.provider.name,
            Self::Email(email) => &email.name,
            Self::Credentials(credentials) => &credentials.name,
        }
    }

    /// Its `type`, as Auth.js has it.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Provider(registration) => registration.provider.kind(),
            Self::Email(_) => EmailProvider::KIND,
            Self::Credentials(_) => "credentials",
        }
    }
}

impl Setup {
    /// Every way in, in the order in which they are shown.
    pub(crate) fn ways_in(&self) -> impl Iterator<Item = WayIn<'_>> {
        let providers = self.config.registrations.iter().map(WayIn::Provider);
        let email = self.config.email.iter().map(WayIn::Email);
        providers.chain(email).chain(self.config.credentials.iter().map(WayIn::Credentials))
    }

    /// The way in of an id.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownProvider`].
    pub(crate) fn way_in(&self, id: &str) -> Result<WayIn<'_>, Error> {
        self.ways_in().find(|way| way.id() == id).ok_or_else(|| ErrorKind::UnknownProvider.into())
    }
}
