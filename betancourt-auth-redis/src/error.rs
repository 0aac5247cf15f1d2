//! Why a Redis could not be opened.

use redis::RedisError;

/// Why a Redis could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The address is none.
    #[error(
        "it is no address of a Redis: write redis://127.0.0.1:6379, rediss:// for TLS, redis+sentinel://host,host/name or redis+cluster://host,host"
    )]
    Address,
    /// The address is of a kind that is not compiled in.
    #[error("addresses of that kind need the feature `{0}` of betancourt-auth-redis")]
    NeedsFeature(&'static str),
    /// The address asks for TLS with anybody.
    #[error(
        "TLS with a server that nobody vouches for is not offered: give its authority to `trusting` instead"
    )]
    Insecure,
    /// The prefix could not begin a key.
    #[error("the prefix must be letters, digits and any of `-_.:`, at least one and at most 64")]
    Prefix,
    /// The server does not answer, or refuses.
    #[error("it does not answer: {0}")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<RedisError> for OpenError {
    fn from(error: RedisError) -> Self {
        Self::Unreachable(error.into())
    }
}
