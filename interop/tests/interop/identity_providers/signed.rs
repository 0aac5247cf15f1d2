//! Providers of whose ID tokens we take those alone that are signed in one way.

use betancourt_auth::provider::{Algorithm, Protocol, Provider};

/// The same provider, whose ID tokens are signed in that way and no other.
pub(super) fn signed(mut provider: Provider, algorithm: Algorithm) -> Provider {
    let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol else {
        panic!("it signs nothing")
    };
    *algorithms = vec![algorithm];
    provider
}
