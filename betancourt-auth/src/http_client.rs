//! How requests reach a provider: a one-method trait, and the bundled client.

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;

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
pub struct Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Unreachable {
    /// Nothing came, and why. The cause is for logs only.
    pub fn because(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

#[cfg(feature = "reqwest")]
pub use bundled::BundledClient;

#[cfg(feature = "reqwest")]
mod bundled {
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;
    use bytes::{Bytes, BytesMut};
    use rustls::crypto::ring::default_provider;
    use rustls::{ClientConfig, RootCertStore};

    use super::{HttpClient, Unreachable};

    const CONNECT: Duration = Duration::from_secs(3);
    const WHOLE_EXCHANGE: Duration = Duration::from_secs(10);
    const LARGEST_BODY: usize = 1024 * 1024;

    /// The client that comes along: HTTP/1.1 and HTTP/2 over rustls with the web's root certificates. It follows no
    /// redirect, connects within 3 seconds, ends within 10, and reads at most 1 MiB.
    #[derive(Clone, Debug)]
    pub struct BundledClient(reqwest::Client);

    /// A body that goes on beyond the limit.
    #[derive(Debug, thiserror::Error)]
    #[error("the body is longer than {LARGEST_BODY} bytes")]
    struct TooLong;

    impl BundledClient {
        /// Sets the client up. It makes no connection yet.
        ///
        /// # Errors
        /// [`Unreachable`] when TLS cannot be set up on this system.
        pub fn new() -> Result<Self, Unreachable> {
            let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(Unreachable::because)?
                .with_root_certificates(roots)
                .with_no_client_auth();
            let client = reqwest::Client::builder()
                .tls_backend_preconfigured(tls)
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT)
                .timeout(WHOLE_EXCHANGE)
                .no_proxy()
                .user_agent(concat!("betancourt-auth/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(Unreachable::because)?;
            Ok(Self(client))
        }
    }

    #[async_trait]
    impl HttpClient for BundledClient {
        async fn send(
            &self,
            request: http::Request<Bytes>,
        ) -> Result<http::Response<Bytes>, Unreachable> {
            let request = request.try_into().map_err(Unreachable::because)?;
            let mut answer = self
                .0
                .execute(request)
                .await
                .map_err(|error| Unreachable::because(error.without_url()))?;
            let mut body = BytesMut::new();
            while let Some(chunk) =
                answer.chunk().await.map_err(|error| Unreachable::because(error.without_url()))?
            {
                if body.len() + chunk.len() > LARGEST_BODY {
                    return Err(Unreachable::because(TooLong));
                }
                body.extend_from_slice(&chunk);
            }
            let mut response = http::Response::new(body.freeze());
            *response.status_mut() = answer.status();
            *response.headers_mut() = std::mem::take(answer.headers_mut());
            Ok(response)
        }
    }
}
