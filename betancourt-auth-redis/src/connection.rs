//! The way to Redis: one connection that is shared, made anew when it breaks, and never waited for long.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, RedisError, RedisResult, ServerErrorKind, Value,
};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::address::Address;
use crate::error::OpenError;

/// How long an answer may take, connecting included. Whoever asks is told to come back then.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How long it may take to connect, and how long a single answer. A connection that takes longer is made anew.
const CONNECTING: Duration = Duration::from_millis(1_000);
const ANSWERING: Duration = Duration::from_millis(1_000);

/// A way to Redis. Many commands are under way on it at once.
pub(crate) struct Connection {
    source: Source,
    /// What it leads over now, and how many there were before.
    link: Mutex<(Option<Link>, u64)>,
}

/// Where connections come from.
enum Source {
    One(Client),
    #[cfg(feature = "sentinel")]
    Sentinel(Mutex<redis::sentinel::SentinelClient>),
    #[cfg(feature = "cluster")]
    Cluster(redis::cluster::ClusterClient),
}

/// A connection. Clones share it.
#[derive(Clone)]
enum Link {
    One(MultiplexedConnection),
    #[cfg(feature = "cluster")]
    Cluster(redis::cluster_async::ClusterConnection),
}

impl Debug for Connection {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Connection(…)")
    }
}

impl Connection {
    /// The way to an address. `authority` is who vouches for its certificates, in PEM, in place of Mozilla's list.
    pub(crate) fn to(address: Address, authority: Option<&[u8]>) -> Result<Self, OpenError> {
        let source = match address {
            Address::One(info) => Source::One(one(*info, authority)?),
            #[cfg(feature = "sentinel")]
            Address::Sentinel { sentinels, name } => {
                Source::Sentinel(Mutex::new(sentinel(&sentinels, &name, authority)?))
            }
            #[cfg(feature = "cluster")]
            Address::Cluster(nodes) => Source::Cluster(cluster(nodes, authority)?),
        };
        Ok(Self { source, link: Mutex::default() })
    }

    /// Asks something that may be asked twice: once more if the connection was gone.
    pub(crate) async fn ask(&self, command: &Cmd) -> RedisResult<Value> {
        let answer = timeout(PATIENCE, async {
            match self.send(command).await {
                Err(error) if is_gone(&error) => self.send(command).await,
                answer => answer,
            }
        });
        answer.await.unwrap_or_else(|_| Err(too_late()))
    }

    /// Tells something that is not told again when its outcome is unknown.
    pub(crate) async fn tell(&self, command: &Cmd) -> RedisResult<Value> {
        timeout(PATIENCE, self.send(command)).await.unwrap_or_else(|_| Err(too_late()))
    }

    async fn send(&self, command: &Cmd) -> RedisResult<Value> {
        let (mut link, number) = self.link().await?;
        let answer = match &mut link {
            Link::One(connection) => connection.req_packed_command(command).await,
            #[cfg(feature = "cluster")]
            Link::Cluster(connection) => connection.req_packed_command(command).await,
        };
        let answer = answer.and_then(Value::extract_error);
        if answer.as_ref().is_err_and(|error| is_gone(error) || is_no_master(error)) {
            self.drop_link(number).await;
        }
        answer
    }

    /// The connection there is, or a new one. Who comes while it is made waits for it.
    async fn link(&self) -> RedisResult<(Link, u64)> {
        let mut link = self.link.lock().await;
        let (present, number) = &mut *link;
        if let Some(present) = present {
            return Ok((present.clone(), *number));
        }
        let new =
            timeout(CONNECTING, self.source.connect()).await.unwrap_or_else(|_| Err(too_late()))?;
        *number += 1;
        Ok((present.insert(new).clone(), *number))
    }

    /// Lets go of a connection that is of no use any more, unless somebody else did and there is a newer one.
    async fn drop_link(&self, broken: u64) {
        let mut link = self.link.lock().await;
        if link.1 == broken {
            link.0 = None;
        }
    }
}

impl Source {
    async fn connect(&self) -> RedisResult<Link> {
        match self {
            Self::One(client) => client
                .get_multiplexed_async_connection_with_config(&patience())
                .await
                .map(Link::One),
            #[cfg(feature = "sentinel")]
            Self::Sentinel(client) => {
                let mut client = client.lock().await;
                client.get_async_connection_with_config(&patience()).await.map(Link::One)
            }
            #[cfg(feature = "cluster")]
            Self::Cluster(client) => client.get_async_connection().await.map(Link::Cluster),
        }
    }
}

fn patience() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECTING))
        .set_response_timeout(Some(ANSWERING))
}

/// Whether the connection is to be made anew.
fn is_gone(error: &RedisError) -> bool {
    error.is_unrecoverable_error() || error.is_io_error() || error.is_timeout()
}

/// Whether the server is the master no more.
fn is_no_master(error: &RedisError) -> bool {
    let demoted = [ServerErrorKind::ReadOnly, ServerErrorKind::MasterDown];
    demoted.map(ErrorKind::Server).contains(&error.kind())
}

fn too_late() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

fn one(info: redis::ConnectionInfo, authority: Option<&[u8]>) -> Result<Client, OpenError> {
    match authority {
        #[cfg(feature = "tls")]
        Some(authority) => Ok(Client::build_with_tls(info, certificates(authority))?),
        #[cfg(not(feature = "tls"))]
        Some(_) => Err(OpenError::NeedsFeature("tls")),
        None => Ok(Client::open(info)?),
    }
}

#[cfg(feature = "tls")]
fn certificates(authority: &[u8]) -> redis::TlsCertificates {
    redis::TlsCertificates { client_tls: None, root_cert: Some(authority.to_vec()) }
}

#[cfg(feature = "sentinel")]
fn sentinel(
    sentinels: &[redis::ConnectionInfo],
    name: &str,
    authority: Option<&[u8]>,
) -> Result<redis::sentinel::SentinelClient, OpenError> {
    use redis::sentinel::{SentinelClientBuilder, SentinelServerType};
    let first = sentinels.first().ok_or(OpenError::Address)?.clone();
    let is_encrypted = matches!(first.addr(), redis::ConnectionAddr::TcpTls { .. });
    let addresses: Vec<_> = sentinels.iter().map(|info| info.addr().clone()).collect();
    let mut builder = SentinelClientBuilder::new(addresses, name, SentinelServerType::Master)?;
    let master = first.redis_settings();
    builder = builder.set_client_to_redis_db(master.db());
    if let Some(username) = master.username() {
        builder = builder.set_client_to_redis_username(username);
    }
    if let Some(password) = master.password() {
        builder = builder.set_client_to_redis_password(password);
    }
    if is_encrypted {
        builder = builder.set_client_to_redis_tls_mode(redis::TlsMode::Secure);
    }
    #[cfg(feature = "tls")]
    if let Some(authority) = authority {
        builder = builder.set_client_to_redis_certificates(certificates(authority));
        builder = builder.set_client_to_sentinel_certificates(certificates(authority));
    }
    #[cfg(not(feature = "tls"))]
    if authority.is_some() {
        return Err(OpenError::NeedsFeature("tls"));
    }
    Ok(builder.build()?)
}

#[cfg(feature = "cluster")]
fn cluster(
    nodes: Vec<redis::ConnectionInfo>,
    authority: Option<&[u8]>,
) -> Result<redis::cluster::ClusterClient, OpenError> {
    let builder = redis::cluster::ClusterClientBuilder::new(nodes);
    let builder = builder.connection_timeout(CONNECTING).response_timeout(ANSWERING).retries(2);
    #[cfg(feature = "tls")]
    let builder = match authority {
        Some(authority) => builder.certs(certificates(authority)),
        None => builder,
    };
    #[cfg(not(feature = "tls"))]
    if authority.is_some() {
        return Err(OpenError::NeedsFeature("tls"));
    }
    Ok(builder.build()?)
}
