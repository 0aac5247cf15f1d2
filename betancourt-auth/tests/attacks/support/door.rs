//! The doors of a world's servers: each is known before a server stands behind it, made with axum or with Rocket.

use std::net::SocketAddr;
use std::thread;

use betancourt_auth::Auth;
use rocket::Shutdown;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tracing::Dispatch;

use super::{axum_application, rocket_application};

/// The framework that an application is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adapter {
    Axum,
    Rocket,
}

/// A port of this machine that nobody else gets.
#[derive(Debug)]
pub(crate) enum Door {
    Axum(TcpListener),
    /// Rocket binds its port itself; until then, and as long as it serves, the port is held.
    Rocket(TcpSocket),
}

/// A server that runs. It ends with its world.
#[derive(Debug)]
pub(crate) struct Server(Option<(Shutdown, TcpSocket)>);

impl Door {
    pub(crate) async fn find(adapter: Adapter) -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        match adapter {
            Adapter::Axum => Self::Axum(TcpListener::bind(any).await.unwrap()),
            Adapter::Rocket => {
                let socket = TcpSocket::new_v4().unwrap();
                socket.set_reuseaddr(true).unwrap();
                socket.bind(any).unwrap();
                Self::Rocket(socket)
            }
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Self::Axum(listener) => listener.local_addr().unwrap(),
            Self::Rocket(socket) => socket.local_addr().unwrap(),
        }
    }

    /// Serves the application, with everything that it says going into the log.
    pub(crate) async fn open(self, auth: Auth, log: Dispatch) -> Server {
        match self {
            Self::Axum(listener) => {
                tokio::spawn(axum_application::serve(listener, auth, log));
                Server(None)
            }
            Self::Rocket(socket) => {
                let (ready, is_ready) = oneshot::channel();
                let port = socket.local_addr().unwrap().port();
                // A thread of its own: what Rocket spawns is heard there, too.
                thread::spawn(move || {
                    let mut runtime = tokio::runtime::Builder::new_current_thread();
                    let runtime = runtime.enable_all().build().unwrap();
                    let serve = rocket_application::serve(port, auth, ready);
                    tracing::dispatcher::with_default(&log, || runtime.block_on(serve));
                });
                Server(Some((is_ready.await.unwrap(), socket)))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((shutdown, _)) = self.0.take() {
            shutdown.notify();
        }
    }
}
