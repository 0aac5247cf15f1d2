//! The test plans of the OpenID Foundation in which a relying party's modules stand.

use std::fmt;

/// A test plan for relying parties, as the OpenID Foundation's conformance suite names it.
///
/// ```
/// use betancourt_auth_dev::conformance::Plan;
///
/// assert_eq!(Plan::FormPostBasic.to_string(), "Form Post Basic");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Plan {
    /// The code flow, answered in the query.
    Basic,
    /// The code flow, answered by `form_post`.
    FormPostBasic,
    /// Discovery and keys.
    Config,
    /// Refresh tokens.
    Refresh,
    /// Sign-in that a third party begins.
    ThirdPartyInitiated,
    /// Sign-out that the relying party begins.
    RpInitiatedLogout,
    /// Sign-out that the provider tells the relying party's server.
    BackChannelLogout,
    /// Sign-out that the provider tells the relying party through the browser.
    FrontChannelLogout,
    /// Sign-out that a frame notices.
    SessionManagement,
    /// Providers that are found, and registered with, while running. Named only with modules that no plan in scope has.
    Dynamic,
    /// Tokens in the front channel, without or with a code. Named only with modules that no plan in scope has.
    ImplicitAndHybrid,
    /// What stands in the plan of all modules alone.
    Full,
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Basic => "Basic",
            Self::FormPostBasic => "Form Post Basic",
            Self::Config => "Config",
            Self::Refresh => "Refresh",
            Self::ThirdPartyInitiated => "Third-party-initiated",
            Self::RpInitiatedLogout => "RP-initiated logout",
            Self::BackChannelLogout => "Back-channel logout",
            Self::FrontChannelLogout => "Front-channel logout",
            Self::SessionManagement => "Session management",
            Self::Dynamic => "Dynamic",
            Self::ImplicitAndHybrid => "Implicit and Hybrid",
            Self::Full => "Full",
        })
    }
}
