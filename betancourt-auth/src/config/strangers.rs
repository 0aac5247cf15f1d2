//! Providers that strangers chose: found by the application while it runs, held to stricter rules, and kept apart.

use std::sync::Arc;

use super::{Config, Environment, Setup, SetupError, registrations};
use crate::documents::Documents;
use crate::error::{Error, ErrorKind};
use crate::http_client::HttpClient;
use crate::provider::{Chooser, Registrar, Registration};

const LONGEST_ID: usize = 128;

/// See the module.
#[derive(Debug)]
pub(super) struct Strangers {
    registrar: Arc<dyn Registrar>,
    http: Arc<dyn HttpClient>,
    documents: Documents,
}

impl Strangers {
    pub(super) fn of(config: &Config) -> Result<Option<Self>, SetupError> {
        let Some(registrar) = config.registrar.clone() else { return Ok(None) };
        let http = match &config.http_client_for_strangers {
            Some(client) => Arc::clone(client),
            None => outward_client()?,
        };
        Ok(Some(Self { registrar, http, documents: Documents::default() }))
    }
}

#[cfg(feature = "reqwest")]
fn outward_client() -> Result<Arc<dyn HttpClient>, SetupError> {
    use crate::http_client::{BundledClient, ClientRules, Reach};
    let rules = ClientRules { reach: Reach::outside(), ..ClientRules::default() };
    Ok(Arc::new(BundledClient::with(&rules).map_err(SetupError::HttpClient)?))
}

#[cfg(not(feature = "reqwest"))]
fn outward_client() -> Result<Arc<dyn HttpClient>, SetupError> {
    Err(SetupError::NoHttpClient)
}

impl Setup {
    /// The registration that the application has for an id which is in no configuration.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownProvider`], also for one that breaks the rules; [`ErrorKind::Store`] where the application cannot
    /// tell.
    pub(crate) async fn late_registration(&self, id: &str) -> Result<Registration, Error> {
        let strangers = self.strangers.as_ref().filter(|_| is_sound(id));
        let registrar = &strangers.ok_or(ErrorKind::UnknownProvider)?.registrar;
        let found = registrar.registration(id).await;
        let found = found.map_err(|error| Error::because(ErrorKind::Store, error))?;
        let found = found.filter(|found| found.provider.id == id);
        let found = self.as_strangers(found.ok_or(ErrorKind::UnknownProvider)?);
        found.map_err(|error| Error::because(ErrorKind::UnknownProvider, error))
    }

    /// A registration by the rules for strangers.
    ///
    /// # Errors
    /// [`SetupError`] for one that breaks them.
    pub(crate) fn as_strangers(
        &self,
        mut registration: Registration,
    ) -> Result<Registration, SetupError> {
        registration.chosen_by = Chooser::Stranger;
        registration.danger_email_account_linking = false;
        registrations::check(&registration, Environment::Production)?;
        Ok(registration)
    }

    /// Who speaks to a provider, and what is known of it.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownProvider`] for one of strangers where there are none.
    pub(crate) fn line_to(
        &self,
        registration: &Registration,
    ) -> Result<(&dyn HttpClient, &Documents), Error> {
        match &self.strangers {
            _ if !registration.is_of_a_stranger() => Ok((&*self.http, &self.documents)),
            Some(strangers) => Ok((&*strangers.http, &strangers.documents)),
            None => Err(ErrorKind::UnknownProvider.into()),
        }
    }

    /// By which rules a provider's addresses are judged.
    pub(crate) fn environment_of(&self, registration: &Registration) -> Environment {
        if registration.is_of_a_stranger() {
            Environment::Production
        } else {
            self.config.environment
        }
    }
}

/// What may be looked up: an id comes out of an address.
fn is_sound(id: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    !id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(letters)
}
