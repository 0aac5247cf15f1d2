//! How a provider is spoken to: its protocol, and what it does in its own way.

use url::form_urlencoded::byte_serialize;

use super::Text;

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
        /// The token endpoint. `{client_secret}` in it stands for the secret.
        token: Text,
        /// The documents to read with the access token, in this order. The first must come; where the registration
        /// may not read one of the others, `null` stands in its place. A name in braces, `{access_token}` or
        /// `{user_id}`, stands for that member of the token endpoint's answer.
        documents: Vec<Text>,
    },
}

impl Protocol {
    /// Every address in it.
    pub(crate) fn addresses(&self) -> Vec<&Text> {
        match self {
            Self::OpenIdConnect { issuer, .. } => vec![issuer],
            Self::OAuth2 { authorization, token, documents } => {
                [authorization, token].into_iter().chain(documents).collect()
            }
        }
    }

    /// Puts the client id where `{client_id}` stands in an address.
    pub(super) fn write_client_id(&mut self, client_id: &str) {
        let encoded: String = byte_serialize(client_id.as_bytes()).collect();
        let addresses = match self {
            Self::OpenIdConnect { issuer, .. } => vec![issuer],
            Self::OAuth2 { authorization, token, documents } => {
                [authorization, token].into_iter().chain(documents).collect()
            }
        };
        for address in addresses.into_iter().filter(|address| address.contains("{client_id}")) {
            *address = address.replace("{client_id}", &encoded).into();
        }
    }
}

/// A signature algorithm of RFC 7518 §3.1 or RFC 8037 §3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// EdDSA on Ed25519. RFC 9864 calls it `Ed25519`: that is the same.
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// HMAC with SHA-256, keyed with the client secret (OpenID Connect Core §10.1).
    Hs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

impl Algorithm {
    /// The name in the header of a token.
    ///
    /// ```
    /// use betancourt_auth::provider::Algorithm;
    /// assert_eq!(Algorithm::EdDsa.name(), "EdDSA");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Hs256 => "HS256",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
        }
    }

    /// Whether a header or a key that says this means it.
    pub(crate) fn is_called(self, name: &str) -> bool {
        self.name() == name || (self == Self::EdDsa && name == "Ed25519")
    }
}

/// How a client proves itself at the token endpoint (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: id and secret in the `Authorization` header.
    Basic,
    /// `client_secret_post`: id and secret in the body.
    Post,
    /// `private_key_jwt`: a statement signed for this one request with a key of ours, which never travels (RFC 7523
    /// §2.2).
    PrivateKeyJwt,
    /// `none`: the id alone, in the body. What proves us is the code verifier (RFC 7636).
    None,
}

/// What a provider does in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quirk {
    /// Signs every call to its documents: `appsecret_proof` is the HMAC-SHA-256 of the access token.
    AppSecretProof,
    /// Wants the client id under this name, too, in the authorization request and in the body of the token request.
    ClientIdAs(&'static str),
    /// Reads scopes with commas between them.
    CommaScopes,
    /// Has its discovery document below this path of the issuer.
    DiscoveryBelow(&'static str),
    /// Wants a header with each call to its documents. `{client_id}` in the value stands for the client id.
    DocumentHeader(&'static str, Text),
    /// Is asked to answer by a cross-site POST (OAuth 2.0 Form Post Response Mode).
    FormPost,
    /// Writes its issuer in this way, too.
    IssuerSpelling(Text),
    /// Admits only people whose signed claim `hd` is this domain.
    HostedDomain(Text),
    /// Tells of people who are not here: what happened to their accounts there, and what they want to be deleted.
    Inbox(Inbox),
    /// The issuer of an ID token holds the tenant: `{tenantid}` stands for the claim `tid`.
    TenantIssuer(Tenants),
    /// Stable claims to keep beside the account.
    KeepClaims(&'static [&'static str]),
    /// Says the person's name in a field `user` beside its answer, and only the first time.
    NameInForm,
    /// Does not bring the nonce back in its ID token, so none is sent, and none may come.
    NoNonce,
    /// Refuses a token request with a code verifier, so neither challenge nor verifier is sent.
    NoPkce,
    /// Wants a parameter of its own in the authorization request, such as `access_type=offline` at Google, which then
    /// gives a refresh token. A page's hint of the same name is passed over.
    Parameter(Text, Text),
    /// Gives its documents for a POST only.
    PostedDocuments,
    /// Is told at its own endpoint what it is asked for, so that nothing of it travels through the browser (RFC 9126). The
    /// endpoint stands in the discovery document. One that announces `require_pushed_authorization_requests` is spoken to
    /// so without this.
    PushedRequests,
    /// The same, at this address: for one that has no discovery document, or does not say it there.
    PushedRequestsTo(Text),
    /// Lists the granted scopes in a JSON array.
    ScopeList,
    /// Wants the address of its token endpoint, rather than its issuer, as the audience of a signed statement
    /// ([`ClientAuthentication::PrivateKeyJwt`]), as OpenID Connect Core §9 had it.
    TokenEndpointAudience,
    /// Says more of the person beside the tokens: the token endpoint's answer, without the tokens, is the last document.
    TokenAnswer,
    /// Does not name the type of its access tokens, which are bearer tokens (RFC 6750).
    UntypedToken,
    /// Keeps claims for its UserInfo endpoint (OpenID Connect Core §5.3): they are asked for, and complete those of the
    /// ID token.
    UserInfo,
}

/// Whose tenants may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tenants {
    /// Everybody's.
    Any,
    /// Those of this list of tenant ids.
    Only(Vec<Text>),
}

/// How a provider tells of people who are not here, and what proves that it is the provider who does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inbox {
    /// Posts a token as the member `payload`, signed with the keys of its ID tokens (Apple).
    /// <https://developer.apple.com/documentation/signinwithapple/processing-changes-for-sign-in-with-apple-accounts>
    Notifications,
    /// Posts security event tokens (RFC 8417, RFC 8935) of the RISC profile, signed with the keys that a document at this
    /// path of the issuer names (Google). <https://developers.google.com/identity/protocols/risc>
    SecurityEvents(&'static str),
    /// Posts a `signed_request`, under the client secret, to one address for people who took their consent back and to
    /// another one for those who want everything deleted (Facebook).
    /// <https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback>
    SignedRequests,
}
