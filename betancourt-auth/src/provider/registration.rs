//! What an application registered with a provider: who it is there, and what proves it.

use super::{Algorithm, Assurance, ClientAuthentication, Provider, Text};
use crate::secret::Secret;

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
    /// What is demanded of a sign-in beyond who the person is: nothing.
    pub assurance: Assurance,
    /// Whether it was agreed with the provider that it signs what its UserInfo endpoint answers
    /// (`userinfo_signed_response_alg`), so that an answer without a signature is none: no.
    pub signed_user_info: bool,
    /// Whether who signs out here is sent on to sign out at the provider, too (OpenID Connect RP-Initiated Logout 1.0), if
    /// it has a place for that: no, as in Auth.js. Somebody who leaves one site seldom wants to leave their provider
    /// and all that hangs on it; people of one organisation, or at a shared computer, do.
    ///
    /// The provider has to know `/signed-out` below the base path as a `post_logout_redirect_uri`.
    pub sign_out_at_provider: bool,
    /// Other audiences that an ID token may be for beside us (OpenID Connect Core §3.1.3.7). It must name us as who it was
    /// given to, then, in `azp`.
    pub trusted_audiences: Vec<Text>,
    /// The key that tokens are bound to (DPoP, RFC 9449), so that nobody else can use them. The provider is asked for such
    /// tokens wherever this is set, and one that gives others is refused. ES256 is what every provider knows. All
    /// processes of an application need the same key, for as long as tokens bound to it live.
    pub dpop_key: Option<PrivateKey>,
    /// Other names of this application at the provider, to which what it tells of people who are not here may be
    /// addressed: Apple's App ID beside the Services ID, client ids of other platforms in the same Google project. Nobody
    /// signs in by them.
    pub also_known_as: Vec<Text>,
    /// By whose rules it is held.
    pub(crate) chosen_by: Chooser,
}

/// Who chose a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chooser {
    /// Who runs the application: it is configured.
    Operator,
    /// Somebody else: it came from a [`Registrar`](super::Registrar).
    Stranger,
}

impl Registration {
    /// Whether it is held to the rules for strangers.
    pub(crate) fn is_of_a_stranger(&self) -> bool {
        self.chosen_by == Chooser::Stranger
    }

    /// A registration with a client secret.
    pub fn new(
        provider: Provider,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::with_credential(provider, client_id, Credential::Secret(Secret::new(client_secret)))
    }

    /// A registration of a client that has no secret: a public client (RFC 6749 §2.1), proven by its code verifier.
    ///
    /// ```
    /// use betancourt_auth::provider::{ClientAuthentication, Registration, oidc};
    /// let provider = oidc("our-own", "Our own", "https://id.example.com");
    /// let registration = Registration::public(provider, "my-client-id");
    /// assert_eq!(registration.provider.client_authentication, ClientAuthentication::None);
    /// ```
    pub fn public(mut provider: Provider, client_id: impl Into<String>) -> Self {
        provider.client_authentication = ClientAuthentication::None;
        Self::with_credential(provider, client_id, Credential::Secret(Secret::new("")))
    }

    /// A registration of a client that proves itself with a signature, `private_key_jwt`: the provider knows the public
    /// half of the key, and there is no secret to be stolen on its side or on the way.
    ///
    /// ```
    /// use betancourt_auth::provider::{Algorithm, ClientAuthentication, PrivateKey, Registration, oidc};
    /// let provider = oidc("our-own", "Our own", "https://id.example.com");
    /// let key = PrivateKey::new(Algorithm::Es256, "-----BEGIN PRIVATE KEY-----…").with_id("2026-11");
    /// let registration = Registration::with_private_key(provider, "my-client-id", key);
    /// assert_eq!(registration.provider.client_authentication, ClientAuthentication::PrivateKeyJwt);
    /// ```
    pub fn with_private_key(
        mut provider: Provider,
        client_id: impl Into<String>,
        key: PrivateKey,
    ) -> Self {
        provider.client_authentication = ClientAuthentication::PrivateKeyJwt;
        Self::with_credential(provider, client_id, Credential::PrivateKey(key))
    }

    /// A registration with another credential. `{client_id}` in the provider's addresses becomes the client id.
    pub fn with_credential(
        mut provider: Provider,
        client_id: impl Into<String>,
        credential: Credential,
    ) -> Self {
        let client_id = client_id.into();
        provider.protocol.write_client_id(&client_id);
        Self {
            provider,
            client_id,
            credential,
            danger_email_account_linking: false,
            assurance: Assurance::default(),
            signed_user_info: false,
            sign_out_at_provider: false,
            trusted_audiences: Vec::new(),
            dpop_key: None,
            also_known_as: Vec::new(),
            chosen_by: Chooser::Operator,
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
    /// A key with which each request is signed: see [`Registration::with_private_key`].
    PrivateKey(PrivateKey),
}

/// A private key of ours, of which a provider has the public half.
///
/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` makes one for [`Algorithm::Es256`], and
/// `openssl pkey -pubout` shows its public half. [`Auth::new`](crate::Auth::new) refuses one that cannot be read.
///
/// ```
/// use betancourt_auth::provider::{Algorithm, PrivateKey};
/// let key = PrivateKey::new(Algorithm::Es256, "-----BEGIN PRIVATE KEY-----…").with_id("2026-11");
/// assert_eq!(key.id.as_deref(), Some("2026-11"));
/// assert_eq!(format!("{:?}", key.pem), "Secret(…)");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PrivateKey {
    /// What it signs with. HMAC needs no private key.
    pub algorithm: Algorithm,
    /// By which name the provider knows it, if it knows several: `kid`.
    pub id: Option<String>,
    /// PKCS #8 in PEM.
    pub pem: Secret,
}

impl PrivateKey {
    /// A key without a name.
    pub fn new(algorithm: Algorithm, pem: impl Into<String>) -> Self {
        Self { algorithm, id: None, pem: Secret::new(pem) }
    }

    /// The same key by that name.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
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
