//! Osso. <https://ossoapp.com/docs>

use super::{Provider, oauth2, standard};

/// People of a SAML identity provider behind an Osso instance. Keyed by `sub`; an address is as proven as
/// `email_verified` says.
#[must_use]
pub fn osso(address: &str) -> Provider {
    let address = address.trim_end_matches('/');
    let addresses = [
        format!("{address}/oauth/authorize"),
        format!("{address}/oauth/token"),
        format!("{address}/oauth/me"),
    ];
    oauth2("osso", "Osso", addresses, standard).with_scopes(&["openid", "profile", "email"])
}
