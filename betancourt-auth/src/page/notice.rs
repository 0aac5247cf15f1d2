//! What a page may have to say: our own codes, and the names by which the clients of Auth.js send people to sign in.

use crate::error::{Code, Error, Landing, SUSPENDED};

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
    /// An administrator has shut this person out: `AccessDenied`, with `suspended` for its `?code=`.
    Suspended,
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

    /// Reads the value of `?error=` beside that of `?code=`.
    pub(crate) fn parse_both(name: &str, code: Option<&str>) -> Self {
        match (Self::parse(name), code) {
            (Self::Code(Code::AccessDenied), Some(SUSPENDED)) => Self::Suspended,
            (notice, _) => notice,
        }
    }

    /// What an error has to say.
    pub(crate) fn of(error: &Error) -> Self {
        Self::parse_both(error.code().as_str(), error.word())
    }

    /// Whether signing in, perhaps as somebody else, may help.
    pub(super) fn calls_for_sign_in(self) -> bool {
        match self {
            Self::Code(Code::AccessDenied | Code::Verification) => true,
            Self::Code(code) => code.landing() == Landing::SignIn,
            Self::SessionRequired | Self::NotBegun | Self::NotCompleted | Self::NotCreated => true,
            Self::Suspended => true,
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
            Notice::Suspended,
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
    fn whoever_is_shut_out_is_told_so_beside_the_code_of_auth_js_alone() {
        assert_eq!(Notice::parse_both("AccessDenied", Some("suspended")), Notice::Suspended);
        assert_eq!(Notice::of(&Error::suspended()), Notice::Suspended);
        for (name, code) in [("AccessDenied", None), ("AccessDenied", Some("Suspended"))] {
            assert_eq!(Notice::parse_both(name, code), Notice::Code(Code::AccessDenied));
        }
        let others = Notice::parse_both("CredentialsSignin", Some("suspended"));
        assert_eq!(others, Notice::Code(Code::CredentialsSignin));
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
