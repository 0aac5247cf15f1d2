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
    pub projects: Projects,
    pub connections: Connections,
    pub sessions: Sessions,
    pub history: History,
    pub happened: Happened,
    pub not_me: NotMe,
    pub privacy: Privacy,
    pub leaving: Leaving,
    pub preferences: OwnPreferences,
    pub confirm: Confirm,
    pub alarm: Alarm,
}

groups! {
    /// The way from one to the other.
    AccountNav { label, overview, profile, projects, connections, sessions, history, privacy, preferences }
    /// What came of what somebody did.
    Notices {
        unlinked, session_ended, others_ended, last_way_in, gone, outdated, leaving, staying, wrong_phrase,
        last_administrator, taken_over, project_begun, project_ended, no_title, too_many_projects,
    }
    /// Who somebody is.
    Profile {
        title, subtitle, proven, unproven, from_provider, picture, no_picture, elsewhere, elsewhere_hint, calls_you,
        has_picture, use_name, use_picture, in_use,
    }
    /// What they make with the studio.
    Projects { title, subtitle, none, since, begin, begin_hint, name, kind, end }
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
    /// What happened.
    History { title, subtitle, nothing, older, newest, not_me, through, from, reason }
    /// What an entry says.
    Happened {
        account_linked, account_unlinked, address_proven, deletion_requested, deletion_withdrawn, provider_reported,
        profile_changed, role_changed, session_revoked, sessions_ended, signed_in, signed_out, signed_out_by_provider,
        signed_up, sign_in_refused, suspension_lifted, tokens_revoked, user_suspended, other,
    }
    /// Somebody says that it was not them.
    NotMe { title, subtitle, first, second, third, end, connections, back }
    /// What they can take along, and how they go.
    Privacy {
        title, subtitle, take, take_hint, json, zip, leave, leave_hint, goes, stays, phrase, phrase_label, delete,
        policy, read_me,
    }
    /// They are about to leave.
    Leaving { on, stay, receipt }
    /// Language and theme.
    OwnPreferences { title, subtitle, language, language_hint, theme, theme_hint, english, spanish, dark, light, chosen }
    /// Somebody signed in on a new device.
    Alarm { subject, told, if_you, link, open, press, done, over }
    /// Signing in once more.
    Confirm { title, subtitle, with, mail, nothing, back }
}
