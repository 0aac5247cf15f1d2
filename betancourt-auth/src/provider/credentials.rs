//! Sign-in with what only the application can judge: a password, a one-time code, a badge.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::Text;
use crate::model::User;

/// Signs people in by the application's own judgement.
///
/// ```
/// use std::sync::Arc;
///
/// use async_trait::async_trait;
/// use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Field, Submitted};
/// use betancourt_auth::{User, UserId};
///
/// #[derive(Debug)]
/// struct Members;
///
/// #[async_trait]
/// impl Authorize for Members {
///     async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
///         match (submitted.field("username"), submitted.field("password")) {
///             (Some("ana"), Some("correct horse battery staple")) => Ok(User::new(UserId::new("1"))),
///             _ => Err(AuthorizeError::rejected()),
///         }
///     }
/// }
///
/// let credentials = CredentialsProvider::new(Arc::new(Members))
///     .with_fields([Field::text("username", "User name"), Field::password("password", "Password")]);
/// assert_eq!(credentials.id, "credentials");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CredentialsProvider {
    /// The id in addresses: `credentials`.
    pub id: Text,
    /// The name that people read: `Credentials`.
    pub name: Text,
    /// What the built-in page asks for. Without fields the page does not show it, as in Auth.js.
    pub fields: Vec<Field>,
    /// The application's judgement.
    pub authorize: Arc<dyn Authorize>,
    /// How long a refusal takes: half a second, longer than the judgement, so that the time tells nobody whether the
    /// name or the password was wrong.
    pub refusal_takes: Duration,
    /// How many attempts one network has for one name within [`RateLimit::window`](crate::RateLimit::window): 10. The
    /// name is what stands in the first of `fields` that is no password; without one, only the limit on all attempts
    /// of a network counts.
    pub attempts: u32,
}

impl CredentialsProvider {
    /// Sign-in by the judgement of `authorize`, with no fields on the built-in page.
    #[must_use]
    pub fn new(authorize: Arc<dyn Authorize>) -> Self {
        Self {
            id: "credentials".into(),
            name: "Credentials".into(),
            fields: Vec::new(),
            authorize,
            refusal_takes: Duration::from_millis(500),
            attempts: 10,
        }
    }

    /// The same with fields for the built-in page.
    #[must_use]
    pub fn with_fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// The name that somebody tries.
    pub(crate) fn name_in<'a>(&self, submitted: &'a Submitted) -> Option<&'a str> {
        let field = self.fields.iter().find(|field| field.kind != "password")?;
        submitted.field(&field.name)
    }
}

/// A field of the built-in page (an entry of `credentials` in Auth.js).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The `name` under which it is submitted.
    pub name: Text,
    /// What stands above it.
    pub label: Text,
    /// The `type` of the input, for example `text` or `password`.
    pub kind: Text,
    /// The `autocomplete` token by which a browser fills it (HTML, autofill), for example `username`.
    pub autocomplete: Text,
    /// What stands in it while it is empty.
    pub placeholder: Option<Text>,
}

impl Field {
    /// A field for a name.
    pub fn text(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            kind: "text".into(),
            autocomplete: "username".into(),
            placeholder: None,
        }
    }

    /// A field for a password.
    pub fn password(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Self {
            kind: "password".into(),
            autocomplete: "current-password".into(),
            ..Self::text(name, label)
        }
    }
}

/// The application's judgement of credentials.
#[async_trait]
pub trait Authorize: Debug + Send + Sync {
    /// Whose credentials these are. A user who is not in the store yet is put there, with everything that stands in
    /// the answer, an address that is none left out; of one who is there, only the `id` counts.
    ///
    /// # Errors
    /// [`AuthorizeError::Rejected`], for a name that nobody has and for a wrong password alike.
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError>;

    /// Whether a user could come in this way, so that they may give up every other. By default nobody can.
    async fn admits(&self, _user: &User) -> bool {
        false
    }
}

/// What somebody submitted: the members of the form, `csrfToken` and `callbackUrl` left out.
///
/// `Debug` leaves everything out.
#[derive(Clone)]
pub struct Submitted(Vec<(String, String)>);

impl Submitted {
    pub(crate) fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The value of a field; of two of one name the last, as in Auth.js.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Debug for Submitted {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Submitted(…)")
    }
}

/// Why credentials let nobody in.
///
/// ```
/// use betancourt_auth::provider::AuthorizeError;
/// let AuthorizeError::Rejected { code } = AuthorizeError::rejected() else { unreachable!() };
/// assert_eq!(code, "credentials");
/// ```
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// They are nobody's: `CredentialsSignin` of Auth.js.
    #[error("the credentials are nobody's")]
    Rejected {
        /// A word for the page, which stands in `?code=`. It is public: it must not tell whether the name or the
        /// password was wrong.
        code: Text,
    },
    /// The application cannot tell at the moment.
    #[error("the credentials could not be judged")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AuthorizeError {
    /// They are nobody's, with the code of Auth.js: `credentials`.
    #[must_use]
    pub fn rejected() -> Self {
        Self::Rejected { code: "credentials".into() }
    }
}
