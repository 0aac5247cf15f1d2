//! How requests reach a provider: a one-method trait, and the bundled client.

#[cfg(feature = "reqwest")]
mod bundled;
#[cfg(feature = "reqwest")]
mod outside;

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;

use crate::error::{Error, ErrorKind};

#[cfg(feature = "reqwest")]
pub use bundled::{BundledClient, ClientRules, Reach};

/// Sends one request and brings back one answer.
///
/// An implementation must not follow redirects (a redirect would carry a code or a secret elsewhere), must end within
/// some seconds, and must stop reading at a limit. The bundled client keeps all three.
#[async_trait]
pub trait HttpClient: Debug + Send + Sync {
    /// Sends `request` and answers with whatever came back, whatever its status.
    ///
    /// # Errors
    /// [`Unreachable`] when no whole answer came.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Unreachable>;
}

/// No whole answer came: no connection, no time left, or too much of it.
#[derive(Debug, thiserror::Error)]
#[error("no whole answer came")]
pub struct Unreachable {
    kind: ErrorKind,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Unreachable {
    /// Nothing came, and why. The cause is for logs only.
    pub fn because(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: ErrorKind::ProviderUnreachable, source: source.into() }
    }

    /// The other side could not show that it is who it should be: its certificate, or TLS itself, was refused.
    pub fn by_tls(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: ErrorKind::ProviderTls, source: source.into() }
    }

    /// The name leads to a place of the inside, where a stranger may not send us.
    pub fn inside(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: ErrorKind::ProviderInside, source: source.into() }
    }
}

impl From<Unreachable> for Error {
    fn from(unreachable: Unreachable) -> Self {
        Self::because(unreachable.kind, unreachable)
    }
}
