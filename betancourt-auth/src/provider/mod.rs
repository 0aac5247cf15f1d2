//! All that is peculiar to one provider, as data.
//!
//! A provider is a value: endpoints, scopes, one pure function from its documents to a [`Profile`], and a list of
//! [`Quirk`]s that are interpreted in one place. What an application registered with a provider — client id and
//! secret — stands beside it in a [`Registration`].

mod apple;
mod credentials;
mod email;
mod facebook;
mod google;
mod microsoft_entra_id;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use serde_json::Value;

use crate::secret::Secret;

pub use apple::apple;
pub use credentials::{Authorize, AuthorizeError, CredentialsProvider, Field, Submitted};
pub use email::{EmailProvider, Opening};
pub use facebook::facebook;
pub use google::google;
pub use microsoft_entra_id::microsoft_entra_id;

/// Every provider of the catalogue, in the order of their ids.
///
/// ```
/// let ids: Vec<_> = betancourt_auth::provider::all().into_iter().map(|provider| provider.id).collect();
/// assert_eq!(ids, ["apple", "facebook", "google", "microsoft-entra-id"]);
/// ```
#[must_use]
pub fn all() -> Vec<Provider> {
    vec![apple(), facebook(), google(), microsoft_entra_id()]
}

/// A text that is mostly known when the program is written.
pub type Text = Cow<'static, str>;

/// A place where people can prove who they are.
#[derive(Clone)]
pub struct Provider {
    /// The id, as it stands in paths and tables: that of Auth.js.
    pub id: Text,
    /// The name that people know.
    pub name: Text,
    /// How to speak with it.
    pub protocol: Protocol,
    /// The scopes to ask for.
    pub scopes: Vec<Text>,
    /// How our client proves itself at the token endpoint.
    pub client_authentication: ClientAuthentication,
    /// What it does in its own way.
    pub quirks: Vec<Quirk>,
    /// From its documents to what we take: the claims of the ID token, or the documents of
    /// [`Protocol::OAuth2`] in their order. `None` when they lack what a profile needs.
    pub profile: fn(&[Value]) -> Option<Profile>,
}

impl Provider {
    /// The same provider at another address: another issuer, or for plain OAuth 2 the same paths below another base.
    ///
    /// ```
    /// use betancourt_auth::provider::{Protocol, facebook};
    /// let Protocol::OAuth2 { token, .. } = facebook().at("https://graph.example.com").protocol else { panic!() };
    /// assert_eq!(token, "https://graph.example.com/v23.0/oauth/access_token");
    /// ```
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        let moved = |endpoint: &Text| {
            let (_, rest) = endpoint.split_once("://").unwrap_or_default();
            let (_, path) = rest.split_once('/').unwrap_or_default();
            Text::from(format!("{}/{path}", address.trim_end_matches('/')))
        };
        match &mut self.protocol {
            Protocol::OpenIdConnect { issuer, .. } => *issuer = address.to_owned().into(),
            Protocol::OAuth2 { authorization, token, documents } => {
                *authorization = moved(authorization);
                *token = moved(token);
                *documents = documents.iter().map(moved).collect();
            }
        }
        self
    }

    /// The `type` of its accounts, as Auth.js writes it: `oidc` or `oauth`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.protocol {
            Protocol::OpenIdConnect { .. } => "oidc",
            Protocol::OAuth2 { .. } => "oauth",
        }
    }
}

impl Debug for Provider {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Provider")
            .field("id", &self.id)
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}

/// How to speak with a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OpenID Connect: everything else stands in the issuer's discovery document.
    OpenIdConnect {
        /// The issuer, exactly as it names itself.
        issuer: Text,
        /// The algorithms its ID tokens may be signed with. Never taken from the token.
        algorithms: Vec<Algorithm>,
    },
    /// Plain OAuth 2 (RFC 6749) with documents that say who the person is.
    OAuth2 {
        /// The authorization endpoint.
        authorization: Text,
        /// The token endpoint.
        token: Text,
        /// The documents to read with the access token, in this order.
        documents: Vec<Text>,
    },
}

/// A signature algorithm of RFC 7518 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

/// How a client proves itself at the token endpoint (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: id and secret in the `Authorization` header.
    Basic,
    /// `client_secret_post`: id and secret in the body.
    Post,
}

/// What a provider does in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quirk {
    /// Signs every call to its documents: `appsecret_proof` is the HMAC-SHA-256 of the access token.
    AppSecretProof,
    /// Answers by a cross-site POST (OAuth 2.0 Form Post Response Mode), with the person's name in a field `user`,
    /// and only the first time.
    FormPost,
    /// Writes its issuer in this way, too.
    IssuerSpelling(Text),
    /// Admits only people whose signed claim `hd` is this domain.
    HostedDomain(Text),
    /// The issuer of an ID token holds the tenant: `{tenantid}` stands for the claim `tid`.
    TenantIssuer(Tenants),
    /// Stable claims to keep beside the account.
    KeepClaims(&'static [&'static str]),
    /// Wants a parameter of its own in the authorization request, such as `access_type=offline` at Google, which then
    /// gives a refresh token. A page's hint of the same name is passed over.
    Parameter(Text, Text),
}

/// Whose tenants may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenants {
    /// Everybody's.
    Any,
    /// Those of this list of tenant ids.
    Only(Vec<Text>),
}

/// What we take from a provider's documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The provider's own, unchanging id of the person. Never an address.
    pub subject: String,
    /// The name to show.
    pub name: Option<String>,
    /// The address, with what the provider says of it.
    pub email: Option<Email>,
    /// The address of a picture.
    pub image: Option<String>,
}

/// An address and whether the provider proved that it is the person's.
#[derive(Clone, PartialEq, Eq)]
pub enum Email {
    /// The provider says that the person reads mail there.
    Verified(String),
    /// The provider does not say so.
    Unverified(String),
}

impl Email {
    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Verified(address) | Self::Unverified(address) => address,
        }
    }

    /// The address, if it is proven.
    #[must_use]
    pub fn verified(&self) -> Option<&str> {
        match self {
            Self::Verified(address) => Some(address),
            Self::Unverified(_) => None,
        }
    }
}

impl Debug for Email {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.verified().is_some() {
            "Verified(…)"
        } else {
            "Unverified(…)"
        })
    }
}

/// What an application registered with a provider (RFC 6749 §2).
///
/// ```
/// use betancourt_auth::provider::{Registration, google};
/// let registration = Registration::new(google(), "my-client-id", "my-client-secret");
/// assert_eq!(registration.provider.id, "google");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Registration {
    /// Where.
    pub provider: Provider,
    /// The client id.
    pub client_id: String,
    /// What proves that we are that client.
    pub credential: Credential,
    /// Ties an account to the user who has the same address, without asking them to sign in first. Counts only when
    /// the provider vouches for the address and the user's own was proven, too. Whoever controls the provider, or
    /// an address there, can then enter the user's account.
    pub danger_email_account_linking: bool,
}

impl Registration {
    /// A registration with a client secret.
    pub fn new(
        provider: Provider,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::with_credential(provider, client_id, Credential::Secret(Secret::new(client_secret)))
    }

    /// A registration with another credential.
    pub fn with_credential(
        provider: Provider,
        client_id: impl Into<String>,
        credential: Credential,
    ) -> Self {
        Self {
            provider,
            client_id: client_id.into(),
            credential,
            danger_email_account_linking: false,
        }
    }
}

/// What proves that we are the client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A client secret.
    Secret(Secret),
    /// A key with which a client secret is signed anew, well before the last one ends.
    AppleKey(AppleKey),
}

/// Apple's way: the client secret is a JWT signed with ES256 that lives six months at most.
/// <https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret>
#[derive(Clone, Debug)]
pub struct AppleKey {
    /// The ten characters of the developer team.
    pub team_id: String,
    /// The ten characters of the key.
    pub key_id: String,
    /// The content of the `.p8` file: a PKCS #8 private key in PEM.
    pub private_key: Secret,
}

/// A member of a JSON object that is a text with something in it.
fn text(document: &Value, member: &str) -> Option<String> {
    document.get(member)?.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// The address of the claims `email` and `email_verified` (OpenID Connect Core §5.1).
/// Only the boolean counts; `also` lists other values that a provider documents.
fn claimed_email(claims: &Value, also: &[Value]) -> Option<Email> {
    let address = text(claims, "email")?;
    let said = claims.get("email_verified");
    let verified = said.is_some_and(|said| *said == Value::Bool(true) || also.contains(said));
    Some(if verified { Email::Verified(address) } else { Email::Unverified(address) })
}
