//! The client that comes along.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use time::Duration;

use super::outside::{Inside, Outside};
use super::{HttpClient, Unreachable};

const LARGEST_BODY: usize = 1024 * 1024;

/// The client that comes along: HTTP/1.1 and HTTP/2 over rustls with the web's root certificates. It follows no
/// redirect, connects within 3 seconds, ends within 10, and reads at most 1 MiB. It asks for no compression and undoes
/// none. Certificates are always verified: there is no switch.
#[derive(Clone, Debug)]
pub struct BundledClient {
    client: reqwest::Client,
    outside: Option<Outside>,
}

/// What a [`BundledClient`] keeps to.
///
/// ```
/// use betancourt_auth::http_client::{BundledClient, ClientRules, Reach};
///
/// let mut rules = ClientRules::default();
/// rules.exchange = time::Duration::seconds(5);
/// rules.reach = Reach::outside();
/// assert!(BundledClient::with(&rules).is_ok());
///
/// rules.roots = Some("no certificate".into());
/// assert!(BundledClient::with(&rules).is_err());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientRules {
    /// Root certificates in PEM that are trusted beside those of the web, for providers with a certificate of the house:
    /// none.
    pub roots: Option<String>,
    /// How long a connection may take to come about: 3 seconds.
    pub connect: Duration,
    /// How long all of it may take, from the first byte to the last: 10 seconds.
    pub exchange: Duration,
    /// Where it connects to: anywhere.
    pub reach: Reach,
}

/// Where a client connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reach {
    /// To whatever it is told: for addresses that the application chose.
    Anywhere,
    /// To public addresses over https, and to nothing of the inside: not to this machine, its networks, or what clouds
    /// tell their machines. For addresses that a stranger chose. It is the resolved address that is judged, and the one
    /// that is judged is the one that is connected to.
    Outside {
        /// Networks of the inside, each an address and the length of its prefix, that strangers may name all the same.
        /// Whoever can enter an issuer can then make this machine send requests there.
        danger_admitted: Vec<(IpAddr, u8)>,
    },
}

impl Reach {
    /// To public addresses alone.
    #[must_use]
    pub fn outside() -> Self {
        Self::Outside { danger_admitted: Vec::new() }
    }
}

impl Default for ClientRules {
    fn default() -> Self {
        Self {
            roots: None,
            connect: Duration::seconds(3),
            exchange: Duration::seconds(10),
            reach: Reach::Anywhere,
        }
    }
}

/// A body that goes on beyond the limit.
#[derive(Debug, thiserror::Error)]
#[error("the body is longer than {LARGEST_BODY} bytes")]
struct TooLong;

/// What was given as roots is none.
#[derive(Debug, thiserror::Error)]
#[error("the roots to trust are no certificates in PEM")]
struct NoCertificate;

impl BundledClient {
    /// Sets the client up as it is usual. It makes no connection yet.
    ///
    /// # Errors
    /// [`Unreachable`] when TLS cannot be set up on this system.
    pub fn new() -> Result<Self, Unreachable> {
        Self::with(&ClientRules::default())
    }

    /// The same, by other rules.
    ///
    /// # Errors
    /// [`Unreachable`] when the roots are no certificates, or TLS cannot be set up on this system.
    pub fn with(rules: &ClientRules) -> Result<Self, Unreachable> {
        let outside = match &rules.reach {
            Reach::Anywhere => None,
            Reach::Outside { danger_admitted } => Some(Outside::new(danger_admitted)?),
        };
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Unreachable::because)?
            .with_root_certificates(roots(rules)?)
            .with_no_client_auth();
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(rules.connect.unsigned_abs())
            .timeout(rules.exchange.unsigned_abs())
            .no_proxy()
            .user_agent(concat!("betancourt-auth/", env!("CARGO_PKG_VERSION")));
        if let Some(outside) = &outside {
            builder = builder.https_only(true).dns_resolver(Arc::new(outside.clone()));
        }
        let client = builder.build().map_err(Unreachable::because)?;
        Ok(Self { client, outside })
    }
}

/// Those of the web, and those that the rules add.
fn roots(rules: &ClientRules) -> Result<RootCertStore, Unreachable> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let Some(added) = &rules.roots else { return Ok(roots) };
    let mut read = CertificateDer::pem_slice_iter(added.as_bytes()).peekable();
    if read.peek().is_none() {
        return Err(Unreachable::because(NoCertificate));
    }
    for certificate in read {
        let certificate = certificate.map_err(|_| Unreachable::because(NoCertificate))?;
        roots.add(certificate).map_err(Unreachable::because)?;
    }
    Ok(roots)
}

#[async_trait]
impl HttpClient for BundledClient {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Unreachable> {
        let request: reqwest::Request = request.try_into().map_err(Unreachable::because)?;
        // An address in place of a name is resolved by nobody.
        if let Some(outside) = &self.outside {
            outside.check_host(request.url()).map_err(Unreachable::inside)?;
        }
        let mut answer = self.client.execute(request).await.map_err(unreachable)?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
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

/// What went wrong, without the address, which may hold a secret.
fn unreachable(error: reqwest::Error) -> Unreachable {
    let error = error.without_url();
    if is_caused::<Inside>(&error) {
        Unreachable::inside(error)
    } else if is_caused::<rustls::Error>(&error) {
        Unreachable::by_tls(error)
    } else {
        Unreachable::because(error)
    }
}

/// Whether an error of that type is among the causes, also where `std::io::Error` hides it.
fn is_caused<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| {
        let hidden = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause.is::<E>() || hidden.is_some_and(|hidden| is_caused::<E>(hidden))
    })
}
