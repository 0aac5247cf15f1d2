//! The four faces, named as Auth.js names its providers.

use std::fmt;

/// One of the providers that the look-alikes imitate.
///
/// ```
/// use betancourt_auth_dev::Face;
///
/// assert_eq!(Face::Microsoft.id(), "microsoft-entra-id");
/// assert_eq!(Face::Microsoft.name(), "Microsoft");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Face {
    /// OpenID Connect, with a workspace person (`hd`).
    Google,
    /// Plain OAuth 2 with a profile in Graph's shape.
    Facebook,
    /// OpenID Connect that answers by `form_post` and takes a signed client secret.
    Apple,
    /// OpenID Connect whose issuer depends on the tenant.
    Microsoft,
}

impl Face {
    /// Every face, in the order a person meets them.
    pub const ALL: [Self; 4] = [Self::Google, Self::Facebook, Self::Apple, Self::Microsoft];

    /// The provider id in Auth.js, and the last part of the redirect address.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Facebook => "facebook",
            Self::Apple => "apple",
            Self::Microsoft => "microsoft-entra-id",
        }
    }

    /// The name people know.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Facebook => "Facebook",
            Self::Apple => "Apple",
            Self::Microsoft => "Microsoft",
        }
    }

    /// The first segment of every path of this face.
    pub(crate) const fn segment(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Facebook => "facebook",
            Self::Apple => "apple",
            Self::Microsoft => "microsoft",
        }
    }

    /// The letter on its pages, in place of a logo.
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Google => 'G',
            Self::Facebook => 'f',
            Self::Apple => 'A',
            Self::Microsoft => 'M',
        }
    }

    /// How the names of an app's environment variables for this face begin.
    pub(crate) const fn variable_prefix(self) -> &'static str {
        match self {
            Self::Google => "AUTH_GOOGLE",
            Self::Facebook => "AUTH_FACEBOOK",
            Self::Apple => "AUTH_APPLE",
            Self::Microsoft => "AUTH_MICROSOFT_ENTRA_ID",
        }
    }
}

impl fmt::Display for Face {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
