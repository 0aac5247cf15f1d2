//! The running look-alikes: look, tamper, stop.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

use crate::client::Client;
use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::face::Face;
use crate::mailbox::Mailbox;
use crate::person::Person;
use crate::request::Request;
use crate::server::Server;
use crate::tamper::Tamper;

/// How long [`LookAlikes::stop`] waits for answers under way.
const DRAIN: Duration = Duration::from_secs(1);

/// Four look-alike providers on one port of 127.0.0.1. They stop when this is dropped.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use betancourt_auth_dev::{Face, LookAlikes};
///
/// let lookalikes = LookAlikes::start("http://localhost:3000/api/auth").await?;
/// let google = lookalikes.client(Face::Google);
/// // Configure the app with google.id(), google.secret() and google.issuer(). It will then send
/// // its people to an address like this one:
/// let authorize = format!(
///     "{}?client_id={}&redirect_uri={}&response_type=code&scope=openid&state=xyz\
///      &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
///     google.endpoints().authorization,
///     google.id(),
///     google.redirect_uri(),
/// );
/// let callback = lookalikes.approve(&authorize, "ana-restrepo@gmail.com").await?;
/// assert_eq!(callback.value("state"), Some("xyz"));
/// assert!(callback.value("code").is_some());
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Debug)]
pub struct LookAlikes {
    pub(crate) server: Arc<Server>,
    pub(crate) clock: Clock,
    pub(crate) url: Url,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) serving: JoinHandle<std::io::Result<()>>,
}

impl LookAlikes {
    /// Where they run: `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Where the app's mail can be read instead of being sent: `config.email.push(EmailProvider::new(Arc::new(
    /// lookalikes.mailbox())))`. People read it at [`mailbox_url`](Self::mailbox_url).
    #[must_use]
    pub fn mailbox(&self) -> Mailbox {
        self.server.mailbox.clone()
    }

    /// The page of the [mailbox](Self::mailbox): `http://127.0.0.1:PORT/mail`.
    #[must_use]
    pub fn mailbox_url(&self) -> Url {
        let mut url = self.url.clone();
        url.set_path("/mail");
        url
    }

    /// Waits until every face has made its keys. They are made when somebody asks for them, and on a busy machine that can
    /// take longer than an app waits for a provider.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use betancourt_auth_dev::LookAlikes;
    ///
    /// let lookalikes = LookAlikes::start("http://localhost:3000/auth").await?;
    /// lookalikes.ready().await;
    /// assert!(lookalikes.log().is_empty(), "nobody had to ask for them");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub async fn ready(&self) {
        for face in [Face::Google, Face::Apple, Face::Microsoft] {
            self.server.face(face).make_keys().await;
        }
    }

    /// What the app is registered as at a face, and must be configured with.
    #[must_use]
    pub fn client(&self, face: Face) -> &Client {
        &self.server.face(face).client
    }

    /// The people who live at a face, in the order of its page.
    pub fn people(&self, face: Face) -> impl Iterator<Item = &Person> {
        self.server.face(face).people().iter().map(AsRef::as_ref)
    }

    /// Every request seen until now, in order, a browser's and [`approve`](Self::approve)'s alike.
    #[must_use]
    pub fn log(&self) -> Vec<Request> {
        self.server.log().clone()
    }

    /// The requests seen at one endpoint of a face.
    #[must_use]
    pub fn seen(&self, face: Face, endpoint: Endpoint) -> Vec<Request> {
        let there = |request: &&Request| request.face == face && request.endpoint == endpoint;
        self.server.log().iter().filter(there).cloned().collect()
    }

    /// How often a code was presented at a face that had been redeemed before.
    #[must_use]
    pub fn reused_codes(&self, face: Face) -> usize {
        self.server.face(face).memory().reused_codes()
    }

    /// How often a refresh token was presented at a face that had been traded for another one before: see
    /// [`Tamper::rotating_refresh_tokens`].
    #[must_use]
    pub fn stolen_refresh_tokens(&self, face: Face) -> usize {
        self.server.face(face).memory().stolen_refresh_tokens()
    }

    /// Takes back every refresh token of a face, as when people remove the app from their account there.
    pub fn revoke_refresh_tokens(&self, face: Face) {
        self.server.face(face).memory().revoke_refresh_tokens();
    }

    /// Makes a face hostile in one more respect.
    pub fn tamper(&self, face: Face, tamper: Tamper) {
        self.server.face(face).tamper(tamper);
    }

    /// Undoes every [`tamper`](Self::tamper) of a face.
    pub fn behave(&self, face: Face) {
        self.server.face(face).behave();
    }

    /// Lets time pass for the faces alone: codes, pages and tokens age, and tokens are dated later.
    pub fn advance_clock(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Stops them: finishes the answers under way, for a second at most, and frees the port.
    pub async fn stop(self) {
        let Self { stop, mut serving, .. } = self;
        drop(stop);
        if timeout(DRAIN, &mut serving).await.is_err() {
            serving.abort();
        }
    }
}
