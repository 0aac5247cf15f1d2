//! What the pages say on which somebody looks after what is theirs.

use serde::Serialize;

use super::Text;

/// The texts of all of them.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "a field is named after the place where its text is read")]
pub struct Account {
    pub nav: AccountNav,
    pub notices: Notices,
    pub profile: Profile,
    pub connections: Connections,
    pub sessions: Sessions,
    pub preferences: OwnPreferences,
    pub confirm: Confirm,
}

groups! {
    /// The way from one to the other.
    AccountNav { label, overview, profile, connections, sessions, preferences }
    /// What came of what somebody did.
    Notices { unlinked, session_ended, others_ended, last_way_in, gone, outdated }
    /// Who somebody is.
    Profile { title, subtitle, proven, unproven, from_provider }
    /// What they sign in with.
    Connections {
        title, subtitle, yours, no_address, linked_on, long_ago, remove, last, mail, mail_hint, add, add_hint, add_to,
        stale, confirm,
    }
    /// Where they are signed in.
    Sessions {
        title, subtitle, current, on, unknown_device, method, since, seen, until, long_ago, end, end_others,
        end_others_hint, only_this,
    }
    /// Language and theme.
    OwnPreferences { title, subtitle, language, language_hint, theme, theme_hint, english, spanish, dark, light, chosen }
    /// Signing in once more.
    Confirm { title, subtitle, with, mail, nothing, back }
}
