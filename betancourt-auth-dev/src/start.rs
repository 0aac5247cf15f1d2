//! How look-alikes start: a port, four faces, and a task that serves them.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

use crate::client::Client;
use crate::clock::Clock;
use crate::face::Face;
use crate::look_alikes::LookAlikes;
use crate::mailbox::Mailbox;
use crate::server::Server;
use crate::server::authorization_server::AuthorizationServer;
use crate::setup::{Setup, StartError};

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
}

impl Setup {
    /// Starts the look-alikes on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError`] when this is no place for look-alikes, or the port is taken.
    pub async fn start(mut self) -> Result<LookAlikes, StartError> {
        let (app, others) = self.apps()?;
        let port = self.port;
        let refused = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        let origin = format!("http://127.0.0.1:{port}");
        let clock = Clock::default();
        let mut face = |face: Face| {
            let base = format!("{origin}/{}", face.segment());
            let people = self.take_people(face)?;
            let credentials = self.take_credentials(face);
            let client = Client::register(face, base, &app, credentials, clock.now())
                .map_err(|_| StartError::AppleKey)?
                .also(&others);
            Ok(AuthorizationServer::new(client, clock.clone(), people))
        };
        let server = Arc::new(Server {
            google: face(Face::Google)?,
            facebook: face(Face::Facebook)?,
            apple: face(Face::Apple)?,
            microsoft: face(Face::Microsoft)?,
            mailbox: Mailbox::default(),
            log: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(listener, Arc::clone(&server), stopped));
        let url = Url::parse(&origin).map_err(|_| StartError::AppUrl { url: origin })?;
        Ok(LookAlikes { server, clock, url, stop, serving })
    }
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
