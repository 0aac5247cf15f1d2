//! Registrations that come while the application runs.

use std::fmt::Debug;

use async_trait::async_trait;

use super::Registration;

/// Finds registrations that are in no configuration: those of tenants who bring their own provider.
///
/// What it finds was chosen by strangers, and is held to stricter rules than what an operator wrote: https alone; no
/// connection to an address of the inside, whatever its name says; nobody else's address is proven by its word; and it
/// ties no accounts together. An id must always mean the same issuer, because accounts are kept by it.
///
/// ```
/// use async_trait::async_trait;
/// use betancourt_auth::provider::{Registrar, Registration, Unfindable, oidc};
///
/// #[derive(Debug)]
/// struct Tenants; // holds a pool of the database
///
/// #[async_trait]
/// impl Registrar for Tenants {
///     async fn registration(&self, id: &str) -> Result<Option<Registration>, Unfindable> {
///         let Some(tenant) = id.strip_prefix("sso-") else { return Ok(None) };
///         // The issuer, the client id and the secret that the tenant entered.
///         let issuer = format!("https://id.{tenant}.example.com");
///         let provider = oidc(id.to_owned(), tenant.to_owned(), issuer);
///         Ok(Some(Registration::new(provider, "client id", "client secret")))
///     }
/// }
///
/// let mut config = betancourt_auth::Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
/// config.registrar = Some(std::sync::Arc::new(Tenants));
/// # Ok::<(), betancourt_auth::SetupError>(())
/// ```
#[async_trait]
pub trait Registrar: Debug + Send + Sync {
    /// The registration with a provider of that id, if there is one. It is asked at each step of a sign-in, with what stood
    /// in the address: letters, digits, `-`, `_` and `.`, at most 128 of them.
    ///
    /// # Errors
    /// Whatever keeps it from knowing. The cause is for logs only.
    async fn registration(&self, id: &str) -> Result<Option<Registration>, Unfindable>;
}

/// Why a [`Registrar`] does not know.
pub type Unfindable = Box<dyn std::error::Error + Send + Sync>;
