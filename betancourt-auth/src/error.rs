//! The one error: whose doing it was, what a person sees, what an operator sees.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Formatter};

use http::StatusCode;

pub use crate::code::Code;
pub(crate) use crate::code::Landing;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// What stands in `?code=` beside `AccessDenied` for somebody who is shut out, and has proven that it is them.
pub(crate) const SUSPENDED: &str = "suspended";

/// Something that stopped a request.
///
/// A person sees its [`Code`] and nothing else. An operator sees [`Error::reason`] and the source in one log event.
///
/// ```
/// use betancourt_auth::{Code, Error, ErrorKind};
/// let error = Error::from(ErrorKind::HandshakeExpired);
/// assert_eq!(error.code(), Code::OAuthCallbackError);
/// assert_eq!(error.reason(), "callback.transaction_expired");
/// ```
pub struct Error {
    kind: ErrorKind,
    source: Option<Source>,
    word: Option<Cow<'static, str>>,
    about: Option<Box<str>>,
}

impl Error {
    /// An error with what caused it. The cause is for logs only.
    pub(crate) fn because(kind: ErrorKind, source: impl Into<Source>) -> Self {
        Self { kind, source: Some(source.into()), word: None, about: None }
    }

    /// The same error with the application's own word for it, which a person may see.
    pub(crate) fn with_word(self, word: Cow<'static, str>) -> Self {
        Self { word: Some(word), ..self }
    }

    /// That somebody is shut out, with the word that tells them so.
    pub(crate) fn suspended() -> Self {
        Self::from(ErrorKind::Suspended).with_word(Cow::Borrowed(SUSPENDED))
    }

    /// The same error, and the id of the user whom somebody wanted to be. For the audit log only.
    pub(crate) fn about(self, user: &str) -> Self {
        Self { about: Some(user.into()), ..self }
    }

    /// The id of the user whom somebody wanted to be, if there is one.
    pub(crate) fn whom(&self) -> Option<&str> {
        self.about.as_deref()
    }

    /// The application's own word, which stands in `?code=` (`CredentialsSignin` of Auth.js).
    pub(crate) fn word(&self) -> Option<&str> {
        self.word.as_deref()
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What a person is told.
    #[must_use]
    pub fn code(&self) -> Code {
        self.kind.row().code
    }

    /// What an operator is told, in the manner of `callback.state_missing`.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.kind.row().reason
    }

    /// The status where no redirect takes the person back to a page: that of the code, or a more exact one.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind {
            ErrorKind::BodyTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::HeadTooLong => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            ErrorKind::UnreadableBody => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => self.code().status(),
        }
    }

    /// What caused it, for a log.
    pub(crate) fn cause(&self) -> Option<String> {
        std::error::Error::source(self).map(|source| legible(&source.to_string()))
    }

    pub(crate) fn severity(&self) -> Severity {
        self.kind.row().severity
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, source: None, word: None, about: None }
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl Debug for Error {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// Everything that can stop a request, grouped by whose doing it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    // Refused: policy said no.
    /// The `sign_in` callback said no.
    AccessDenied,
    /// The account, or its address, belongs to somebody else.
    AccountNotLinked,
    /// The application says that the submitted credentials are nobody's.
    CredentialsRejected,
    /// The provider does not vouch for an address that somebody else has.
    EmailNotVerified,
    /// Without this person there would be no administrator any more.
    LastAdministrator,
    /// Without this account the person could not sign in any more.
    LastWayIn,
    /// An administrator wanted to shut themselves out.
    Myself,
    /// There is no access token that is still good, and none can be had until the person signs in with the provider.
    NoAccessToken,
    /// Something sensitive was asked in a session whose person signed in too long ago.
    ReauthRequired,
    /// A provider's account is of another kind than the application admits: another tenant, another domain.
    OutsiderRefused,
    /// An administrator has shut this person out.
    Suspended,

    // Request: this browser's request fails a check.
    /// What was to be written to is not one address for certain.
    AddressMalformed,
    /// The body broke off before its end.
    BodyBroken,
    /// The body is longer than [`LARGEST_BODY`](crate::LARGEST_BODY).
    BodyTooLong,
    /// A code was not the one that was sent to who asked in this browser.
    CodeRefused,
    /// A cookie of the same name came twice.
    CookieDuplicate,
    /// A post did not prove that it came from our own page.
    CsrfMismatch,
    /// A page of another site asks for a WebSocket, or another upgrade (RFC 6455 §10.2).
    ForeignUpgrade,
    /// The handshake is older than its lifetime.
    HandshakeExpired,
    /// A `state` came that this browser holds no handshake for.
    HandshakeMissing,
    /// The handshake was made for another provider.
    HandshakeOfAnotherProvider,
    /// The handshake was spent before.
    HandshakeSpent,
    /// The fields of the head are longer, or bring more cookies, than any browser of ours would send.
    HeadTooLong,
    /// The link of a mail is older than its lifetime.
    LinkExpired,
    /// The link of a mail was used before.
    LinkReused,
    /// The link of a mail was never sent to that address, or a newer one was.
    LinkUnknown,
    /// A logout token came that was acted on before.
    LogoutTokenReplayed,
    /// More mail was asked for than an address, or all of them together, are sent.
    MailThrottled,
    /// A body lacks a field of its action, or has one that the action does not know.
    MalformedBody,
    /// What claims to come from a provider about somebody does not, or not to us, or not of now.
    MessageRefused(Flaw),
    /// `GET` where the provider posts, or the other way round.
    MethodMismatch,
    /// A parameter of the callback came more than once, or in two places.
    ParameterRepeated,
    /// Somebody else wants a sign-in to lead to another origin, or round in circles.
    ReturnToForeign,
    /// The return address is longer than 2,048 characters.
    ReturnToTooLong,
    /// The session that a link was begun in is over, or another one is presented.
    SessionChanged,
    /// Nobody is signed in who could ask for this.
    SignedOut,
    /// A callback without `state`.
    StateMissing,
    /// More attempts than the rate limit admits.
    TooMany,
    /// A query or a form has more than a thousand parameters.
    TooManyParameters,
    /// The person has no such account.
    UnknownAccount,
    /// No such action, or not by that method.
    UnknownAction,
    /// The request names a host that is not ours.
    UnknownHost,
    /// No provider of that id, or none that can be asked by that method.
    UnknownProvider,
    /// The person has no such session.
    UnknownSession,
    /// There is no such user.
    UnknownUser,
    /// The body is neither a form nor JSON.
    UnreadableBody,

    // Provider: the other side.
    /// The callback brought neither a code nor an error.
    CodeMissing,
    /// The discovery document names another issuer than the one configured (OpenID Connect Discovery §4.3).
    DiscoveryMismatch,
    /// A refreshed ID token names another issuer, person or audience than before (OpenID Connect Core §12.2).
    IdentityChanged,
    /// One of the checks on the ID token failed.
    IdToken(Claim),
    /// A logout token failed one of the checks (OpenID Connect Back-Channel Logout §2.6).
    LogoutToken,
    /// The callback lacks the `iss` that the provider announced (RFC 9207 §2.4).
    IssuerMissing,
    /// The callback's `iss` is another one (RFC 9207 §2.4).
    IssuerMismatch,
    /// A third party began a sign-in with a provider that is not configured (OpenID Connect Core §4).
    IssuerUnknown,
    /// What the provider sent cannot be read.
    ProviderMalformed,
    /// The provider's callback carries `error` (RFC 6749 §4.1.2.1).
    ProviderSaid,
    /// The provider refused what it was to be asked for before anybody was sent there (RFC 9126 §2.3).
    PushRefused,
    /// The provider did not answer, or answered that it is broken.
    ProviderUnreachable,
    /// An issuer that came at run time leads to an address of the inside, where a stranger may not send us.
    ProviderInside,
    /// The provider could not show that it is who it should be: its certificate, or TLS itself, was refused.
    ProviderTls,
    /// The provider does not know the refresh token any more (`invalid_grant`, RFC 6749 §5.2).
    RefreshRevoked,
    /// The token endpoint refused the code (RFC 6749 §5.2).
    TokenRefused,
    /// The token endpoint gave a token of a type other than the one that is wanted: `Bearer` (RFC 6749 §7.1), or `DPoP`
    /// where the registration has a key for it.
    TokenType,
    /// The UserInfo endpoint answered without the signature that was agreed (OpenID Connect Core §5.3.2).
    UserInfoUnsigned,

    // Ours, or the application's.
    /// The application could not judge credentials.
    AuthorizeFailed,
    /// Nobody took the mail.
    MailNotSent,
    /// The store could not count an attempt, or not in time: whether there were too many nobody knows.
    NotCounted,
    /// Something panicked: a hook of the application, its store, or we. The panic is in its own output.
    Panicked,
    /// There was no randomness to draw from.
    Randomness,
    /// What the `jwt` callback put into a session does not fit into its cookies.
    SessionTooLong,
    /// The store failed.
    Store,
    /// The application let a user in who is not in the store, and whom the store alone could number.
    UserNotNumbered,
}

/// The part of an ID token that failed (OpenID Connect Core §3.1.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Claim {
    /// `alg` is not one that is configured for the provider.
    Algorithm,
    /// `at_hash` does not belong to the access token.
    AccessTokenHash,
    /// `aud` or `azp` is not our client id.
    Audience,
    /// `acr` is none of the classes that were demanded, or missing.
    AuthenticationClass,
    /// `auth_time` is longer ago than was demanded, or missing.
    AuthenticationTime,
    /// `events` does not say that this is about signing out (OpenID Connect Back-Channel Logout §2.4).
    Events,
    /// `exp` has passed.
    Expiry,
    /// `iat` or `nbf` lies ahead, or `iat` is missing.
    IssuedAt,
    /// `iss` is another issuer.
    Issuer,
    /// The token cannot be read, or lacks what every ID token has.
    Malformed,
    /// `nonce` is another attempt's, or missing.
    Nonce,
    /// The signature is not the issuer's.
    Signature,
    /// `sub` is missing, empty, not a text, or longer than 255 characters.
    Subject,
}

/// What is wrong with a provider's message about somebody who is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flaw {
    /// It is signed by an algorithm that is not configured for the provider, or says that it is another kind of token.
    Algorithm,
    /// It is for another application.
    Audience,
    /// It names another issuer.
    Issuer,
    /// It cannot be read, or lacks what every message has.
    Malformed,
    /// It was made longer ago than such messages are believed, or lies ahead.
    Moment,
    /// The signature is not the provider's.
    Signature,
}

impl Flaw {
    fn reason(self) -> &'static str {
        match self {
            Self::Algorithm => "inbox.algorithm",
            Self::Audience => "inbox.audience",
            Self::Issuer => "inbox.issuer",
            Self::Malformed => "inbox.malformed",
            Self::Moment => "inbox.moment",
            Self::Signature => "inbox.signature",
        }
    }

    /// What RFC 8935 §2.4 calls it.
    pub(crate) fn registered(self) -> &'static str {
        match self {
            Self::Algorithm | Self::Signature => "invalid_key",
            Self::Audience => "invalid_audience",
            Self::Issuer => "invalid_issuer",
            Self::Malformed | Self::Moment => "invalid_request",
        }
    }
}

/// How loud an event is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    Info,
    Warn,
    Error,
}

struct Row {
    code: Code,
    severity: Severity,
    reason: &'static str,
}

const fn row(code: Code, severity: Severity, reason: &'static str) -> Row {
    Row { code, severity, reason }
}

impl ErrorKind {
    /// What an operator is told.
    pub(crate) fn reason(self) -> &'static str {
        self.row().reason
    }

    /// Code, loudness and reason of every kind: a new one does not compile without them.
    #[expect(clippy::too_many_lines, reason = "a table, one line for each kind")]
    fn row(self) -> Row {
        use Code::{OAuthAccountNotLinked, OAuthCallbackError, ProviderUnavailable, Verification};
        use Severity::{Error, Info, Warn};
        match self {
            Self::AccessDenied => row(Code::AccessDenied, Info, "sign_in.denied"),
            Self::AccountNotLinked => row(OAuthAccountNotLinked, Info, "link.account_not_linked"),
            Self::CredentialsRejected => row(Code::CredentialsSignin, Info, "credentials.rejected"),
            Self::EmailNotVerified => row(Code::EmailNotVerified, Info, "link.email_not_verified"),
            Self::LastAdministrator => row(Code::LastAdministrator, Info, "role.last_one"),
            Self::LastWayIn => row(Code::LastWayIn, Info, "unlink.last_way_in"),
            Self::Myself => row(Code::BadRequest, Info, "suspension.of_oneself"),
            Self::NoAccessToken => row(Code::ReauthRequired, Info, "tokens.missing"),
            Self::ReauthRequired => row(Code::ReauthRequired, Info, "link.reauth_required"),
            Self::OutsiderRefused => row(Code::AccessDenied, Info, "provider.outsider_refused"),
            Self::Suspended => row(Code::AccessDenied, Info, "sign_in.suspended"),

            Self::AddressMalformed => row(Code::EmailSignin, Info, "mail.address_malformed"),
            Self::BodyBroken => row(Code::BadRequest, Warn, "body.broken"),
            Self::BodyTooLong => row(Code::BadRequest, Warn, "body.too_long"),
            Self::CodeRefused => row(Verification, Warn, "code.refused"),
            Self::CookieDuplicate => row(Code::BadRequest, Warn, "cookie.duplicate"),
            Self::CsrfMismatch => row(Code::MissingCSRF, Warn, "csrf.refused"),
            Self::ForeignUpgrade => row(Code::AccessDenied, Warn, "upgrade.foreign_origin"),
            Self::HandshakeExpired => row(OAuthCallbackError, Warn, "callback.transaction_expired"),
            Self::HandshakeMissing => row(OAuthCallbackError, Warn, "callback.state_unknown"),
            Self::HandshakeOfAnotherProvider => {
                row(OAuthCallbackError, Warn, "callback.provider_mismatch")
            }
            Self::HandshakeSpent => row(OAuthCallbackError, Warn, "callback.replayed"),
            Self::HeadTooLong => row(Code::BadRequest, Warn, "head.too_long"),
            Self::LinkExpired => row(Verification, Info, "link.expired"),
            Self::LinkReused => row(Verification, Info, "link.reused"),
            Self::LinkUnknown => row(Verification, Warn, "link.unknown"),
            Self::LogoutTokenReplayed => row(Code::BadRequest, Warn, "logout.replayed"),
            Self::MailThrottled => row(Code::RateLimited, Warn, "mail.throttled"),
            Self::MalformedBody => row(Code::BadRequest, Warn, "body.malformed"),
            Self::MessageRefused(flaw) => row(Code::BadRequest, Warn, flaw.reason()),
            Self::MethodMismatch => row(OAuthCallbackError, Warn, "callback.method_mismatch"),
            Self::ParameterRepeated => row(OAuthCallbackError, Warn, "callback.parameter_repeated"),
            Self::ReturnToForeign => row(Code::InvalidCallbackUrl, Warn, "redirect.foreign"),
            Self::ReturnToTooLong => row(Code::InvalidCallbackUrl, Warn, "redirect.too_long"),
            Self::SessionChanged => row(OAuthCallbackError, Warn, "callback.session_changed"),
            Self::SignedOut => row(Code::Unauthorized, Info, "session.missing"),
            Self::StateMissing => row(OAuthCallbackError, Warn, "callback.state_missing"),
            Self::TooMany => row(Code::RateLimited, Warn, "rate.limited"),
            Self::TooManyParameters => row(Code::BadRequest, Warn, "parameters.too_many"),
            Self::UnknownAccount => row(Code::NotFound, Warn, "account.unknown"),
            Self::UnknownAction => row(Code::BadRequest, Warn, "action.unknown"),
            Self::UnknownHost => row(Code::BadRequest, Warn, "host.unknown"),
            Self::UnknownProvider => row(Code::Configuration, Warn, "provider.unknown"),
            Self::UnknownSession => row(Code::NotFound, Warn, "session.unknown"),
            Self::UnknownUser => row(Code::NotFound, Info, "user.unknown"),
            Self::UnreadableBody => row(Code::BadRequest, Warn, "body.unreadable"),

            Self::CodeMissing => row(OAuthCallbackError, Warn, "callback.code_missing"),
            Self::DiscoveryMismatch => row(ProviderUnavailable, Error, "discovery.issuer_mismatch"),
            Self::IdentityChanged => row(Code::ReauthRequired, Warn, "refresh.identity_changed"),
            Self::IdToken(claim) => row(OAuthCallbackError, Warn, claim.reason()),
            Self::IssuerMissing => row(OAuthCallbackError, Warn, "callback.iss_missing"),
            Self::IssuerMismatch => row(OAuthCallbackError, Warn, "callback.iss_mismatch"),
            Self::IssuerUnknown => row(Code::InvalidCallbackUrl, Warn, "initiate.issuer_unknown"),
            Self::LogoutToken => row(Code::BadRequest, Warn, "logout.token_refused"),
            Self::ProviderMalformed => row(OAuthCallbackError, Warn, "provider.malformed"),
            Self::ProviderSaid => row(OAuthCallbackError, Info, "callback.provider_said"),
            Self::ProviderInside => row(ProviderUnavailable, Warn, "provider.private_address"),
            Self::ProviderTls => row(ProviderUnavailable, Warn, "provider.tls"),
            Self::ProviderUnreachable => row(ProviderUnavailable, Warn, "provider.unreachable"),
            Self::PushRefused => row(OAuthCallbackError, Warn, "authorization.push_refused"),
            Self::RefreshRevoked => row(Code::ReauthRequired, Warn, "refresh.revoked"),
            Self::TokenRefused => row(OAuthCallbackError, Warn, "token.refused"),
            Self::TokenType => row(OAuthCallbackError, Warn, "token.type"),
            Self::UserInfoUnsigned => row(OAuthCallbackError, Warn, "user_info.unsigned"),

            Self::AuthorizeFailed => row(Code::Unavailable, Error, "credentials.not_judged"),
            Self::MailNotSent => row(Code::Unavailable, Error, "mail.not_sent"),
            Self::NotCounted => row(Code::Unavailable, Error, "rate.not_counted"),
            Self::Panicked => row(Code::Unavailable, Error, "action.panicked"),
            Self::Randomness => row(Code::Unavailable, Error, "randomness.exhausted"),
            Self::SessionTooLong => row(Code::Configuration, Error, "session.too_long"),
            Self::Store => row(Code::Unavailable, Error, "store.unavailable"),
            Self::UserNotNumbered => row(Code::Configuration, Error, "credentials.user_unknown"),
        }
    }
}

impl Claim {
    fn reason(self) -> &'static str {
        match self {
            Self::Algorithm => "id_token.algorithm",
            Self::AccessTokenHash => "id_token.at_hash",
            Self::Audience => "id_token.audience",
            Self::AuthenticationClass => "id_token.acr",
            Self::AuthenticationTime => "id_token.auth_time",
            Self::Events => "logout_token.events",
            Self::Expiry => "id_token.expired",
            Self::IssuedAt => "id_token.issued_at",
            Self::Issuer => "id_token.issuer",
            Self::Malformed => "id_token.malformed",
            Self::Nonce => "id_token.nonce",
            Self::Signature => "id_token.signature",
            Self::Subject => "id_token.subject",
        }
    }
}

/// How many bytes of a cause anybody reads.
const LONGEST_CAUSE: usize = 500;

/// A text of somebody else's for a log: no longer than anybody reads, and with everything written out that would begin a
/// line, colour a terminal, or turn the direction of what follows.
pub(crate) fn legible(text: &str) -> String {
    let is_plain = |letter: char| {
        let steers = matches!(
            letter,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        );
        !letter.is_control() && !steers
    };
    let mut legible = String::new();
    for letter in text.chars() {
        if legible.len() >= LONGEST_CAUSE {
            legible.push('…');
            break;
        }
        if is_plain(letter) {
            legible.push(letter);
        } else {
            legible.extend(letter.escape_unicode());
        }
    }
    legible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_begins_a_line_or_goes_on_forever() {
        assert_eq!(legible("relation «users» is missing"), "relation «users» is missing");
        assert_eq!(legible("a\r\nb\u{1b}[31m"), r"a\u{d}\u{a}b\u{1b}[31m");
        assert_eq!(legible("a\u{202e}b\u{2028}c\u{0}"), r"a\u{202e}b\u{2028}c\u{0}");
        let (whole, more) = ("x".repeat(LONGEST_CAUSE), "x".repeat(LONGEST_CAUSE + 1));
        assert_eq!((legible(&whole), legible(&more)), (whole.clone(), format!("{whole}…")));
    }
}
