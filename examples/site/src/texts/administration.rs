//! What the pages of the administrators say.

use serde::Serialize;

use super::Text;

/// The texts of all of them.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "a field is named after the place where its text is read")]
pub struct Administration {
    pub nav: OfficeNav,
    pub notices: AdminNotices,
    pub people: OfPeople,
    pub somebody: OfSomebody,
    pub messages: OfMessages,
    pub refusals: OfRefusals,
    pub providers: OfProviders,
}

groups! {
    /// The way from one to the other.
    OfficeNav { label, overview, people, messages, refusals, providers }
    /// What came of what an administrator did.
    AdminNotices {
        role_changed, signed_out, deleted, suspended, lifted, last_administrator, myself, no_reason, not_named, gone,
        outdated,
    }
    /// Who has an account.
    OfPeople {
        title, subtitle, search, search_hint, role, any_role, state, any_state, suspended, welcome, find, found, nobody,
        since, before, after, client, administrator,
    }
    /// Somebody who has an account.
    OfSomebody {
        back, you, accounts, no_accounts, no_address, projects, no_projects, sessions, no_sessions, unknown, began, role, role_hint, change,
        sign_out, sign_out_hint, suspension, suspended_since, by, suspend, suspend_hint, reason, lift, lift_hint, delete,
        delete_hint, type_to_delete,
    }
    /// What people wrote.
    OfMessages { title, subtitle, not_mailed, none }
    /// Who did not get in.
    OfRefusals { title, subtitle, networks, accounts, reasons, of, often, latest, unknown, none }
    /// Through whom people come.
    OfProviders { title, subtitle, provider, state, open, closed, sign_ins, none }
}
