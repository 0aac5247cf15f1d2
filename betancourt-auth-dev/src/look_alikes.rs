//! The running look-alikes: start, look, tamper, sign in without a browser, stop.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, Method};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

use crate::clock::Clock;
use crate::endpoint::{Place, locate};
use crate::server::{AuthorizationServer, Reply, Server};
use crate::{
    Callback, Client, Endpoint, Face, Failure, Person, Request, Setup, StartError, Tamper,
};

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
    server: Arc<Server>,
    clock: Clock,
    url: Url,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

/// Why a person without a browser did not get through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApproveError {
    /// The address is not an authorization endpoint of these look-alikes.
    #[error("`{0}` is not an authorization endpoint of these look-alikes")]
    OtherAddress(String),
    /// The page says that this cannot go on; its words are in the answer's body.
    #[error("the authorization request was refused on a page")]
    Refused(Box<crate::Answer>),
    /// No such person may sign in at this address.
    #[error("`{0}` is nobody who may sign in there")]
    Unknown(String),
}

impl LookAlikes {
    /// Starts look-alikes for an app on a free port, on the current tokio runtime.
    ///
    /// `app` is where the app's auth routes begin, like `http://localhost:3000/api/auth`. The
    /// process's environment is asked whether this is production; see [`Setup`] to bring another.
    ///
    /// # Errors
    ///
    /// [`StartError`] when this is no place for look-alikes.
    pub async fn start(app: &str) -> Result<Self, StartError> {
        Setup::new(app).environment_of_this_process().start().await
    }

    pub(crate) async fn start_as(mut setup: Setup) -> Result<Self, StartError> {
        let app = setup.app()?;
        let port = setup.port;
        let refused = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        let origin = format!("http://127.0.0.1:{port}");
        let clock = Clock::default();
        let mut face = |face: Face| {
            let base = format!("{origin}/{}", face.segment());
            let people = setup.take_people(face)?;
            let credentials = setup.take_credentials(face);
            let client = Client::register(face, base, &app, credentials, clock.now())
                .map_err(|_| StartError::AppleKey)?;
            Ok(AuthorizationServer::new(client, clock.clone(), people))
        };
        let server = Arc::new(Server {
            google: face(Face::Google)?,
            facebook: face(Face::Facebook)?,
            apple: face(Face::Apple)?,
            microsoft: face(Face::Microsoft)?,
            log: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(listener, Arc::clone(&server), stopped));
        let url = Url::parse(&origin).map_err(|_| StartError::AppUrl { url: origin })?;
        Ok(Self { server, clock, url, stop, serving })
    }

    /// Where they run: `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
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

    /// Signs in a person without a browser: opens the authorization address, presses the button
    /// with this `data-person`, and returns what the browser would carry back to the app.
    ///
    /// # Errors
    ///
    /// [`ApproveError`] when the address is another server's, the page refuses, or nobody there
    /// has that key. A refusal that the face tells the app is a [`Callback`] with `error`.
    pub async fn approve(&self, authorize: &str, person: &str) -> Result<Callback, ApproveError> {
        self.answer(authorize, |people| {
            let chosen = people.iter().find(|candidate| candidate.key() == person)?;
            Some(("person", chosen.subject.clone()))
        })
        .await?
        .ok_or_else(|| ApproveError::Unknown(person.to_owned()))
    }

    /// Like [`approve`](Self::approve), but presses the button with this `data-failure`.
    ///
    /// # Errors
    ///
    /// As [`approve`](Self::approve).
    pub async fn fail(&self, authorize: &str, failure: Failure) -> Result<Callback, ApproveError> {
        self.answer(authorize, |_| Some(("failure", failure.id().to_owned())))
            .await?
            .ok_or_else(|| ApproveError::Unknown(failure.id().to_owned()))
    }

    /// Stops them: finishes the answers under way, for a second at most, and frees the port.
    pub async fn stop(self) {
        let Self { stop, mut serving, .. } = self;
        drop(stop);
        if timeout(DRAIN, &mut serving).await.is_err() {
            serving.abort();
        }
    }

    /// Opens the page and posts what is chosen on it; `None` when the choice finds nobody.
    async fn answer(
        &self,
        authorize: &str,
        choose: impl FnOnce(&[Arc<Person>]) -> Option<(&'static str, String)>,
    ) -> Result<Option<Callback>, ApproveError> {
        let (place, query) = self.authorization_endpoint(authorize)?;
        let face = place.face;
        let opened = self.server.reply(browsed(place, Method::GET, query, Vec::new())).await;
        let page = match opened {
            Reply::Choice(page) => page,
            Reply::Callback(callback) => return Ok(Some(callback)),
            Reply::Answer(answer) => return Err(ApproveError::Refused(Box::new(answer))),
        };
        let Some((name, value)) = choose(&page.people) else {
            return Ok(None);
        };
        let form = vec![("ticket".to_owned(), page.ticket), (name.to_owned(), value)];
        let place = Place { face, endpoint: Endpoint::Choice, detail: String::new() };
        match self.server.reply(browsed(place, Method::POST, Vec::new(), form)).await {
            Reply::Callback(callback) => Ok(Some(callback)),
            Reply::Choice(_) | Reply::Answer(_) => Ok(None),
        }
    }

    fn authorization_endpoint(
        &self,
        authorize: &str,
    ) -> Result<(Place, Vec<(String, String)>), ApproveError> {
        let other = || ApproveError::OtherAddress(authorize.to_owned());
        let address = Url::parse(authorize).map_err(|_| other())?;
        let place = locate(address.path())
            .filter(|place| place.endpoint == Endpoint::Authorization)
            .filter(|_| address.origin() == self.url.origin())
            .ok_or_else(other)?;
        Ok((place, address.query_pairs().into_owned().collect()))
    }
}

/// A request as a browser would have sent it.
fn browsed(
    place: Place,
    method: Method,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
) -> Request {
    let Place { face, endpoint, detail } = place;
    Request { face, endpoint, method, headers: HeaderMap::new(), query, form, detail }
}

/// Serves until the sender is dropped.
async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    stopped: oneshot::Receiver<()>,
) -> std::io::Result<()> {
    let answer = move |request| {
        let server = Arc::clone(&server);
        async move { server.respond(request).await }
    };
    axum::serve(listener, axum::Router::new().fallback(answer))
        .with_graceful_shutdown(async move { drop(stopped.await) })
        .await
}
