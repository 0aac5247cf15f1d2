//! What a page may have to say: our own codes, and the names by which the clients of Auth.js send people to sign in.

use crate::error::{Code, Landing};

/// Why somebody is on a page, as its `?error=` tells. Nothing of the parameter itself is ever shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// One of our own codes.
    Code(Code),
    /// A page is for people who have signed in: `SessionRequired`, which `useSession` sends.
    SessionRequired,
    /// The provider could not be asked: `Signin` and `OAuthSignin` of NextAuth.js v4.
    NotBegun,
    /// The provider's answer was of no use: `Callback` and `OAuthCallback` of NextAuth.js v4.
    NotCompleted,
    /// The account could not be made: `OAuthCreateAccount` and `EmailCreateAccount` of NextAuth.js v4.
    NotCreated,
    /// Anything else.
    Unknown,
}

impl Notice {
    /// Reads the value of `?error=`.
    pub(crate) fn parse(name: &str) -> Self {
        match name {
            "SessionRequired" => Self::SessionRequired,
            "Signin" | "OAuthSignin" => Self::NotBegun,
            "Callback" | "OAuthCallback" => Self::NotCompleted,
            "OAuthCreateAccount" | "EmailCreateAccount" => Self::NotCreated,
            name => Code::parse(name).map_or(Self::Unknown, Self::Code),
        }
    }

    /// Whether signing in, perhaps as somebody else, may help.
    pub(super) fn calls_for_sign_in(self) -> bool {
        match self {
            Self::Code(Code::AccessDenied | Code::Verification) => true,
            Self::Code(code) => code.landing() == Landing::SignIn,
            Self::SessionRequired | Self::NotBegun | Self::NotCompleted | Self::NotCreated => true,
            Self::Unknown => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::page::texts::Texts;

    fn all() -> Vec<Notice> {
        let others = [
            Notice::SessionRequired,
            Notice::NotBegun,
            Notice::NotCompleted,
            Notice::NotCreated,
            Notice::Unknown,
        ];
        Code::ALL.into_iter().map(Notice::Code).chain(others).collect()
    }

    #[test]
    fn every_notice_has_a_sentence_of_its_own_in_every_language() {
        let mut sentences: Vec<_> = Language::ALL
            .into_iter()
            .flat_map(|language| all().into_iter().map(Texts::of(language).notice))
            .collect();
        let count = sentences.len();
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), count);
    }

    #[test]
    fn every_name_that_auth_js_knows_is_known() {
        for code in Code::ALL {
            assert_eq!(Notice::parse(code.as_str()), Notice::Code(code));
        }
        let names = "Signin OAuthSignin OAuthCallback OAuthCallbackError OAuthCreateAccount EmailCreateAccount \
                     Callback OAuthAccountNotLinked EmailSignin SessionRequired";
        for name in names.split_whitespace() {
            assert_ne!(Notice::parse(name), Notice::Unknown, "{name}");
        }
        for other in ["", "signin", "<script>", "default", "Unknown"] {
            assert_eq!(Notice::parse(other), Notice::Unknown, "{other}");
        }
    }
}
