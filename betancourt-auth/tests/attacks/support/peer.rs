//! A peer on a socket of its own that answers as no look-alike would: over TLS that may be broken, slowly, endlessly, or
//! not at all.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// See the module. It ends with the test.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) port: u16,
    counts: Arc<Counts>,
    serving: JoinHandle<()>,
}

/// What came, and what went.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) connections: AtomicUsize,
    /// Requests that could be read.
    pub(crate) requests: AtomicUsize,
    /// Bytes of answers.
    pub(crate) written: AtomicUsize,
    /// Connections that are over.
    pub(crate) closed: AtomicUsize,
}

impl Peer {
    /// Treats each connection in that way.
    pub(crate) async fn treating<F>(
        treat: impl Fn(TcpStream, u16, Arc<Counts>) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::<Counts>::default();
        let counted = Arc::clone(&counts);
        let serving = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counted.connections.fetch_add(1, Ordering::SeqCst);
                let (treated, counts) =
                    (treat(socket, port, Arc::clone(&counted)), Arc::clone(&counted));
                tokio::spawn(async move {
                    treated.await;
                    counts.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self { port, counts, serving }
    }

    /// Answers each request with these bytes.
    pub(crate) async fn answering(answer: Vec<u8>) -> Self {
        let answer = Arc::new(answer);
        Self::treating(move |mut socket, _, counts| {
            let answer = Arc::clone(&answer);
            async move {
                if read_request(&mut socket).await.is_some() {
                    counts.requests.fetch_add(1, Ordering::SeqCst);
                    // Whoever hangs up early has seen enough.
                    let _ = socket.write_all(&answer).await;
                }
            }
        })
        .await
    }

    /// Publishes what an issuer does, over TLS with that certificate.
    pub(crate) async fn issuing(certificate: ServerConfig, jwks_uri: Option<&'static str>) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(certificate));
        Self::treating(move |socket, port, counts| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(mut socket) = acceptor.accept(socket).await else { return };
                let Some(request) = read_request(&mut socket).await else { return };
                counts.requests.fetch_add(1, Ordering::SeqCst);
                let is_discovery = request.contains("openid-configuration");
                let document = if is_discovery {
                    metadata(&format!("https://localhost:{port}"), jwks_uri)
                } else {
                    json!({ "keys": [] })
                };
                // Whoever hangs up early has seen enough.
                let _ = socket.write_all(&json_answer(&document)).await;
                let _ = socket.shutdown().await;
            }
        })
        .await
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The discovery document of an issuer.
pub(crate) fn metadata(issuer: &str, jwks_uri: Option<&str>) -> Value {
    let at = |path: &str| format!("{issuer}/{path}");
    json!({
        "issuer": issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "jwks_uri": jwks_uri.map_or_else(|| at("keys"), str::to_owned),
    })
}

/// An answer with a document, after which the connection ends.
pub(crate) fn json_answer(document: &Value) -> Vec<u8> {
    let body = document.to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The head of a request. `None`: none came.
pub(crate) async fn read_request(
    socket: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> Option<String> {
    let mut read = Vec::new();
    while !read.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut some = [0; 1024];
        let length = socket.read(&mut some).await.ok().filter(|length| *length > 0)?;
        read.extend_from_slice(&some[..length]);
    }
    String::from_utf8(read).ok()
}

/// A house that gives certificates.
pub(crate) struct House {
    issuer: Issuer<'static, KeyPair>,
    /// Its root certificate in PEM.
    pub(crate) root: String,
}

impl House {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), root }
    }

    /// A certificate for that name, good until the end of that year.
    pub(crate) fn certificate(&self, name: &str, until: i32) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, until).signed_by(&key, &self.issuer).unwrap();
        server(certificate.der().clone(), &key)
    }

    /// One that nobody gave.
    pub(crate) fn self_signed(name: &str) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, 2100).self_signed(&key).unwrap();
        server(certificate.der().clone(), &key)
    }
}

fn params(name: &str, until: i32) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(until, 12, 31);
    params
}

fn server(certificate: rustls::pki_types::CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}
