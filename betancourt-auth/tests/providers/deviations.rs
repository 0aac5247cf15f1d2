//! Where a provider does otherwise than at Auth.js, and why.

/// What can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The name, or the type of its accounts.
    Name,
    /// Where the discovery document is.
    Discovery,
    /// The authorization endpoint.
    Authorization,
    Scope,
    /// What else stands in the authorization request.
    Parameters,
    /// The token endpoint.
    Token,
    ClientAuthentication,
    /// The first document with the person.
    Document,
    /// What a profile becomes.
    Person,
}

/// Providers that refuse a parameter that all others get.
pub(crate) const EXEMPT: &[(&str, &str, &str)] = &[
    ("linkedin", "nonce", "its ID tokens do not bring it back"),
    ("linkedin", "code_challenge", "its web flow refuses a token request with a code verifier"),
    ("vk", "code_challenge", "its authorization server does not do PKCE for clients on a server"),
];

/// The deviations.
pub(crate) const DEVIATIONS: &[(&str, Part, &str)] = &[
    ("apple", Part::Person, "an address is no name to show to others"),
    ("azure-ad", Part::Scope, "`User.Read` is for the photo in the Graph, which is not fetched"),
    (
        "azure-devops",
        Part::Authorization,
        "its own server registers no applications any more; Microsoft Entra ID does",
    ),
    ("azure-devops", Part::Scope, "the same scope, as Microsoft Entra ID writes it"),
    ("azure-devops", Part::Parameters, "`response_type=code`, as the standard has it"),
    (
        "azure-devops",
        Part::Token,
        "Auth.js asks the authorization endpoint for tokens, which cannot work",
    ),
    ("azure-devops", Part::Document, "without the picture"),
    ("azure-devops", Part::Person, "a picture of some kilobytes in an address is dropped"),
    (
        "bungie",
        Part::Document,
        "Auth.js sends the template as it stands; the token answer has the id",
    ),
    (
        "click-up",
        Part::Person,
        "Auth.js leaves the picture under another name, where nothing finds it",
    ),
    ("dribbble", Part::Scope, "Auth.js sends the word `undefined`"),
    ("facebook", Part::Authorization, "a version of the Graph that is still served"),
    ("facebook", Part::Token, "the same version"),
    ("facebook", Part::ClientAuthentication, "the documentation wants id and secret as parameters"),
    ("facebook", Part::Document, "the same version, and `appsecret_proof`"),
    (
        "foursquare",
        Part::Document,
        "Auth.js adds the token while sending, too: the recording lacks it",
    ),
    ("google", Part::ClientAuthentication, "the documentation wants id and secret as parameters"),
    ("hubspot", Part::Document, "Auth.js adds the token while sending, too"),
    ("hubspot", Part::Person, "an address is no name to show to others"),
    (
        "microsoft-entra-id",
        Part::Scope,
        "`User.Read` is for the photo in the Graph, which is not fetched",
    ),
    ("netsuite", Part::Document, "the RESTlet lies at its account, whose name its address tells"),
    ("nextcloud", Part::Document, "Auth.js adds the id of the person while sending, too"),
    ("nextcloud", Part::Person, "no picture: its address would need that of the server"),
    (
        "notion",
        Part::Document,
        "what Auth.js asks for while sending, too: the recording has another address",
    ),
    ("osso", Part::Authorization, "Auth.js forgets the slash after the address"),
    ("osso", Part::Token, "Auth.js forgets the slash after the address"),
    ("osso", Part::Document, "Auth.js forgets the slash after the address"),
    (
        "pinterest",
        Part::Person,
        "a username can change hands, and the account with it: the id is the subject",
    ),
    (
        "todoist",
        Part::Document,
        "Auth.js has none and does not start; this one is in the documentation",
    ),
    (
        "trakt",
        Part::Person,
        "a slug can change hands, and the account with it: the uuid is the subject",
    ),
    ("wechat", Part::Authorization, "the documentation wants the fragment `#wechat_redirect`"),
    ("wechat", Part::Document, "Auth.js adds token and openid while sending, too"),
];

/// The members by which a provider of plain OAuth 2 vouches for an address. Those of OpenID Connect have the claim
/// `email_verified`, and X tells a proven address as `confirmed_email`. Of the others no address counts as proven.
pub(crate) const VOUCHES: &[(&str, &str)] = &[
    ("discord", "verified"),
    ("dropbox", "email_verified"),
    ("eventbrite", "verified"),
    ("gitlab", "confirmed_at"),
    ("kakao", "is_email_verified"),
    ("mattermost", "email_verified"),
    ("osso", "email_verified"),
    ("patreon", "is_email_verified"),
    ("wikimedia", "confirmed_email"),
    ("wordpress", "email_verified"),
    ("zoom", "verified"),
];

/// Providers that vouch for addresses of their own alone, the member that makes one theirs, and why.
pub(crate) const OWN_ALONE: &[(&str, &str, &str)] = &[(
    "google",
    "hd",
    "Google checked an address elsewhere once; whoever has it now may be somebody else",
)];

/// Providers of OpenID Connect whose claim `email_verified` is not heard: anybody's tenant can write an address.
pub(crate) const UNHEARD: &[&str] = &["azure-ad", "azure-ad-b2c", "microsoft-entra-id"];
