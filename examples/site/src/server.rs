//! Accepts connections, so many at a time, and gives nobody more time for a request than it takes.
//!
//! `axum::serve` waits for a request as long as its sender likes. Here a head has its deadline, and so has a body; one
//! network does not take the connections of all others; and nothing but HTTP/1.1 is spoken, so that a flood of frames is
//! no request.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use betancourt_auth::{Peer, TrustedProxies};
use http::{HeaderMap, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tower::Service as _;
use tower_http::timeout::RequestBodyDeadlineLayer;

/// How much of a head is read before it is refused: eight cookies of a sealed session are half of it.
const LONGEST_HEAD: usize = 64 * 1024;
/// How long the server rests when the system has no connection for it, because there are too many.
const REST: Duration = Duration::from_millis(50);

/// How much anybody may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a head may take. An idle connection is closed after it, too.
    pub header: Duration,
    /// How long a body may take.
    pub body: Duration,
    /// How many connections there may be.
    pub connections: u32,
    /// How many of them one network may have, but for proxies of ours.
    pub of_one_network: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            connections: 4096,
            of_one_network: 256,
        }
    }
}

/// Serves until it is asked to stop, and then what is under way.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    proxies: TrustedProxies,
    stop: impl Future<Output = ()>,
) {
    let app = app.layer(RequestBodyDeadlineLayer::new(limits.body));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header).max_buf_size(LONGEST_HEAD);
    let (rooms, graceful) = (Rooms::new(limits, proxies), GracefulShutdown::new());
    let mut stop = pin!(stop);
    loop {
        let next = rooms.next(&listener);
        let Some((socket, peer, place)) =
            (select! { next = next => next, () = &mut stop => break })
        else {
            continue;
        };
        let app = app.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().call(request.map(Body::new))
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(socket), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The connections that there may be, and whose they are.
struct Rooms {
    free: Arc<Semaphore>,
    taken: Arc<Mutex<HashMap<String, u32>>>,
    of_one_network: u32,
    proxies: TrustedProxies,
}

/// The place of one connection.
struct Place {
    network: Option<String>,
    taken: Arc<Mutex<HashMap<String, u32>>>,
    _one: OwnedSemaphorePermit,
}

impl Rooms {
    fn new(limits: Limits, proxies: TrustedProxies) -> Self {
        Self {
            free: Arc::new(Semaphore::new(limits.connections as usize)),
            taken: Arc::default(),
            of_one_network: limits.of_one_network,
            proxies,
        }
    }

    /// The next connection for which there is a place. Where none is free, whoever comes waits with the system. `None`: its
    /// network has too many, or it was gone at once.
    async fn next(&self, listener: &TcpListener) -> Option<(TcpStream, SocketAddr, Place)> {
        let one = Arc::clone(&self.free).acquire_owned().await.ok()?;
        match listener.accept().await {
            Ok((socket, peer)) => Some((socket, peer, self.place(peer.ip(), one)?)),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(REST).await;
                None
            }
        }
    }

    fn place(&self, peer: IpAddr, one: OwnedSemaphorePermit) -> Option<Place> {
        let network = (!self.proxies.contains(peer))
            .then(|| self.proxies.network(Some(Peer(peer)), &HeaderMap::new()))
            .flatten();
        if let Some(network) = &network {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let theirs = taken.entry(network.clone()).or_default();
            if *theirs >= self.of_one_network {
                return None;
            }
            *theirs += 1;
        }
        Some(Place { network, taken: Arc::clone(&self.taken), _one: one })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(network) = &self.network else { return };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = taken.get_mut(network) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.remove(network);
            }
        }
    }
}
