//! Mutations of the checks on mail: its addresses, its links, its codes, and what an answer tells.

use super::mutation::Mutation;

const ADDRESS: &str = "betancourt-auth/src/address.rs";
const EMAIL: &str = "betancourt-auth/src/flow/email.rs";
const MAILBOX: &str = "betancourt-auth/src/check/mailbox.rs";
const MEMORY: &str = "betancourt-auth/src/store/tables/tokens.rs";
const RATE: &str = "betancourt-auth/src/check/rate.rs";
const TABLES: &str = "betancourt-auth/src/store/tables/mod.rs";
const TEMPLATE: &str = "betancourt-auth/templates/confirm_sign_in.html";

const ONCE: &str = "memory::mail_01_a_link_opened_twice_at_once_and_too_late";
const GUESSED: &str = "memory::mail_02_a_code_that_is_guessed";
const SCANNED: &str = "memory::mail_03_a_scanner_opens_the_link_first";
const ASKED_BY_ANOTHER: &str = "memory::mail_04_a_link_asked_for_by_somebody_else";
const TWO_MAILBOXES: &str = "memory::mail_05_addresses_that_name_two_mailboxes";
const SYNTAX: &str = "memory::mail_06_characters_that_become_syntax";
const TWINS: &str = "memory::mail_07_twins_of_an_address";
const KNOWN: &str = "memory::mail_08_answers_that_tell_who_is_known";
const FLOODED: &str = "memory::mail_09_a_mailbox_that_is_flooded";
const ELSEWHERE: &str = "memory::mail_10_a_token_that_is_used_for_something_else";
const ARRIVED: &str = "memory::link_02_the_owner_of_the_mailbox_arrives_by_mail";
const LEFTOVERS: &str = "memory::link_03_leftovers_after_the_mailbox_was_proven";
const WAITING: &str = "memory::link_04_an_identity_that_waits_in_the_account";

/// The mutations of the group MAIL, and of the rows of LINK that are about mailboxes.
pub(crate) fn mutations() -> Vec<Mutation> {
    [links(), codes(), addresses(), answers(), owners()].concat()
}

fn links() -> Vec<Mutation> {
    vec![
        Mutation::new("MAIL-01", ONCE, "a link is opened as often as anybody likes")
            .edit(MAILBOX, "if !setup.store.spend(", "if false && !setup.store.spend(")
            .edit(
                MEMORY,
                "        self.verification.retain(|known| known.identifier != identifier);\n        Some(taken)",
                "        Some(taken)",
            ),
        Mutation::new("MAIL-01", ONCE, "a link lives forever").edit(
            MAILBOX,
            "if taken.expires <= setup.now() {",
            "if false {",
        ),
        Mutation::new("MAIL-03", SCANNED, "opening the link signs in").edit(
            EMAIL,
            "if opens && provider.opening == Opening::AsksFirst {",
            "if false {",
        ),
        Mutation::new("MAIL-03", SCANNED, "the button needs no token").edit(
            EMAIL,
            "    if !opens {\n        csrf::verify(setup, request)?;\n    }\n",
            "",
        ),
        Mutation::new("MAIL-10", ELSEWHERE, "a link counts for every address").edit(
            MEMORY,
            "known.identifier == identifier && hashes.contains(&known.token.as_str())",
            "hashes.contains(&known.token.as_str())",
        ),
        Mutation::new("MAIL-10", ELSEWHERE, "an older link outlives a newer one").edit(
            MEMORY,
            "        self.verification.retain(|known| known.identifier != identifier);\n        for new",
            "        for new",
        ),
    ]
}

fn codes() -> Vec<Mutation> {
    vec![
        Mutation::new("MAIL-02", GUESSED, "a code may be tried forever").edit(
            MAILBOX,
            "> TRIES {",
            "> u32::MAX - TRIES {",
        ),
        Mutation::new("MAIL-04", ASKED_BY_ANOTHER, "a code counts in every browser").edit(
            MAILBOX,
            "format!(\"{code}.{}\", self.attempt)",
            "format!(\"{code}.{}\", self.provider)",
        ),
        Mutation::new("MAIL-04", ASKED_BY_ANOTHER, "the page does not say whose link it is")
            .edit(TEMPLATE, "<p class=\"address\">{{ address }}</p>\n", "")
            .edit(TEMPLATE, "name=\"email\" value=\"{{ address }}\"", "name=\"email\" value=\"\""),
    ]
}

fn addresses() -> Vec<Mutation> {
    vec![
        Mutation::new("MAIL-05", TWO_MAILBOXES, "anything may stand before the at sign").edit(
            ADDRESS,
            "&& local.chars().all(|letter| !is_syntax(letter));",
            ";",
        ),
        Mutation::new("MAIL-06", SYNTAX, "syntax is looked for before it comes about").edit(
            ADDRESS,
            "let folded = nfkc.normalize(&folded);\n        let (local",
            "let folded = text.to_lowercase();\n        let (local",
        ),
        Mutation::new("MAIL-07", TWINS, "a domain has as many forms as spellings").edit(
            ADDRESS,
            "idna::domain_to_ascii_strict(domain).ok()",
            "Some(domain)",
        ),
    ]
}

fn answers() -> Vec<Mutation> {
    vec![
        Mutation::new("MAIL-08", KNOWN, "whoever may not come in is told so").edit(
            EMAIL,
            "    let wanted = return_to.after_sign_in(setup);\n",
            "    let wanted = return_to.after_sign_in(setup);\n    let key = AccountKey::new(provider.id.to_string(), address.as_str());\n    let arrival = Arrival::request_for_mail(&key, None, address.as_str());\n    if setup.config.callbacks.sign_in(&arrival).await == Decision::Deny {\n        return Err(ErrorKind::AccessDenied.into());\n    }\n",
        ),
        Mutation::new("MAIL-09", FLOODED, "an address gets as much mail as anybody likes").edit(
            RATE,
            "rate.mails_to_one, beyond",
            "u32::MAX, beyond",
        ),
        Mutation::new("MAIL-09", FLOODED, "there is no limit to all mail").edit(
            RATE,
            "rate.mails, beyond",
            "u32::MAX, beyond",
        ),
    ]
}

fn owners() -> Vec<Mutation> {
    let keeps = |row, test, what| {
        Mutation::new(row, test, what).edit(
            TABLES,
            "        if !is_first {\n            return Ok(Entered::default());",
            "        if is_first || !is_first {\n            return Ok(Entered::default());",
        )
    };
    vec![
        keeps("LINK-02", ARRIVED, "what was there before stays"),
        keeps("LINK-03", LEFTOVERS, "sessions from before stay"),
        keeps("LINK-04", WAITING, "accounts from before stay"),
    ]
}
