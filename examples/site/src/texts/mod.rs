//! Every sentence of the site, once per language. A text missing in one of them does not compile.

#[macro_use]
mod groups;
mod account;
mod administration;
mod english;
mod spanish;

use serde::Serialize;

use crate::preferences::Language;

pub use account::{
    Account, AccountNav, Alarm, Confirm, Connections, Happened, History, Leaving, NotMe, Notices,
    OwnPreferences, Privacy, Profile, Projects, Sessions,
};

pub use administration::{
    AdminNotices, Administration, OfMessages, OfPeople, OfProviders, OfRefusals, OfSomebody,
    OfficeNav,
};

/// All texts in one language, by the place they stand.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "a field is named after the place where its text is read")]
pub struct Texts {
    pub site: Site,
    pub nav: Nav,
    pub hero: Hero,
    pub services: Services,
    pub portfolio: Portfolio,
    pub contact: Contact,
    pub cookies: Cookies,
    pub sign_in: SignIn,
    pub sign_in_errors: SignInErrors,
    pub dashboard: Dashboard,
    pub account: Account,
    pub admin: Admin,
    pub administration: Administration,
    pub activity: Activity,
    pub help: Document,
    pub terms: Document,
    pub privacy: Document,
    pub failures: Failures,
    pub footer: Footer,
}

impl Texts {
    /// The texts of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &english::TEXTS,
            Language::Spanish => &spanish::TEXTS,
        }
    }
}

type Text = &'static str;

groups! {
    /// What search engines and browser tabs show.
    Site { title, description, development, mailbox, mailbox_link }
    /// The bar at the top.
    Nav {
        home, services, portfolio, contact, sign_in, dashboard, admin, sign_out, menu, language, theme, skip,
    }
    /// The first thing a visitor reads.
    Hero { badge, title, emphasis, subtitle, explore, portfolio, picture }
    /// What the studio offers.
    Services { title, subtitle, popular, starting_at, book }
    /// What the studio has made.
    Portfolio { title, subtitle, cover_of }
    /// How to reach the studio.
    Contact {
        title, subtitle, by_mail, at_home, place, name, email, message, send, sending, leave_empty, privacy,
        name_missing, name_too_long, email_wrong, message_missing, message_too_long, received, mailed, shown, kept,
        another, foreign, automatic, too_many, not_kept, about, mail_subject, mail_foot,
    }
    /// What each cookie is for, and the words for how long it stays.
    Cookies {
        session, csrf, return_to, handshake, mail, sign_out, language, theme, other, until_closed, minute, minutes, hour,
        hours, day, days, year, years,
    }
    /// The sign-in dialog.
    SignIn { title, subtitle, continue_with, or, by_mail, email, send_link, close, small_print, terms, and, privacy, reference, waiting, help }
    /// What the dialog says after a failure, one per public code.
    SignInErrors {
        access_denied, bad_request, configuration, credentials_sign_in, email_not_verified, email_sign_in,
        invalid_callback_url,
        missing_csrf, oauth_account_not_linked, oauth_callback_error, provider_unavailable, rate_limited,
        reauth_required, second_factor_required, session_required, suspended, unavailable, verification, general,
    }
    /// A person's own page.
    Dashboard {
        title, welcome, profile, name, email, role, account_id, missing, role_client, role_admin, session,
        signed_in_with, since, until, next_steps, services, services_hint, portfolio, portfolio_hint, write,
        write_hint, admin, admin_hint, connections, connections_hint, sessions, sessions_hint,
        privacy, privacy_hint,
    }
    /// The administrators' page.
    Admin {
        title, subtitle, users, projects, active_sessions, sign_ins_today, uptime, database_uptime, days, hours, minutes, activity,
        activity_hint, nothing_yet, when, what, who, by, through, roles, roles_hint,
    }
    /// What an entry of the audit log says.
    Activity {
        account_linked, role_changed, sessions_ended, signed_in, signed_out, signed_out_by_provider, signed_up,
        sign_in_refused, suspension_lifted, user_deleted, user_suspended, other,
    }
    /// Pages for what went wrong.
    Failures {
        not_found, not_found_hint, forbidden, forbidden_hint, misdirected, misdirected_hint, unavailable,
        unavailable_hint, broken, broken_hint, back_home,
    }
    /// The bottom of every page.
    Footer { tagline, rights, terms, privacy, help, explore, studio, place }
}

/// A page of plain prose.
#[derive(Debug, Serialize)]
pub struct Document {
    /// What it is called.
    pub title: Text,
    /// What it says, in one sentence.
    pub summary: Text,
    /// When it was last changed.
    pub updated: Text,
    /// Its sections, in order.
    pub sections: &'static [Section],
}

/// A part of a [`Document`].
#[derive(Debug, Serialize)]
pub struct Section {
    /// What it is about.
    pub heading: Text,
    /// What it says.
    pub paragraphs: &'static [Text],
    /// What it lists after that.
    pub list: List,
}

/// Facts that a [`Section`] lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum List {
    /// Nothing.
    Nothing,
    /// The ways to sign in that are switched on.
    Providers,
    /// The cookies that may be set, each with its reason.
    Cookies,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    /// The same word, sign or name in both languages.
    const MEANT: [&str; 8] = [
        ".account.preferences.english",
        ".account.preferences.spanish",
        ".admin.days",
        ".admin.hours",
        ".admin.minutes",
        ".admin.roles",
        ".contact.place",
        ".footer.place",
    ];

    fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(key, value)| leaves(value, &format!("{path}.{key}"), found)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, value)| leaves(value, &format!("{path}.{index}"), found)),
            Value::String(text) => drop(found.insert(path.to_owned(), text.clone())),
            other => panic!("{path} holds {other}, which is no text"),
        }
    }

    fn all(language: Language) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        leaves(&serde_json::to_value(Texts::of(language)).unwrap(), "", &mut found);
        found
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let (english, spanish) = (all(Language::English), all(Language::Spanish));
        assert!(english.len() > 150, "only {} texts were found", english.len());
        assert_eq!(english.keys().collect::<Vec<_>>(), spanish.keys().collect::<Vec<_>>());
    }

    #[test]
    fn no_text_is_empty() {
        for (key, text) in all(Language::English).into_iter().chain(all(Language::Spanish)) {
            assert!(!text.trim().is_empty(), "{key} is empty");
            assert_eq!(text, text.trim(), "{key} has spaces around it");
        }
    }

    #[test]
    fn what_reads_the_same_in_both_languages_is_meant_to() {
        let spanish = all(Language::Spanish);
        let same: Vec<_> = all(Language::English)
            .into_iter()
            .filter(|(key, text)| spanish[key] == *text)
            .map(|(key, _)| key)
            .collect();
        let meant = |key: &&String| {
            key.ends_with(".name") || key.ends_with(".list") || MEANT.contains(&key.as_str())
        };
        assert_eq!(
            same.iter().filter(|key| !meant(key)).collect::<Vec<_>>(),
            Vec::<&String>::new()
        );
    }
}
