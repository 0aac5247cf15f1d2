//! Mutations of the checks on what providers tell of people who are not here.

use super::mutation::Mutation;

const FLOW: &str = "betancourt-auth/src/flow/inbox.rs";
const MEMORY: &str = "betancourt-auth/src/store/tables/mod.rs";
const NOTIFICATION: &str = "betancourt-auth/src/client/inbox/notification.rs";
const READ: &str = "betancourt-auth/src/client/inbox/mod.rs";
const SIGNED_REQUEST: &str = "betancourt-auth/src/client/inbox/signed_request.rs";

/// The mutations of the group INBOX.
pub(crate) fn mutations() -> Vec<Mutation> {
    [messages(), people()].concat()
}

fn messages() -> Vec<Mutation> {
    let forged = "memory::inbox_01_a_message_that_somebody_else_signed";
    let of_another = "memory::inbox_02_a_message_for_another_application";
    let of_another_kind = "memory::inbox_05_a_message_of_another_kind";
    vec![
        Mutation::new("INBOX-01", forged, "a token's signature is not looked at").edit(
            READ,
            "    parts.check_signature(algorithm, expected.registration, keys)?;\n",
            "    let _ = (parts.check_signature(algorithm, expected.registration, keys), algorithm);\n",
        ),
        Mutation::new("INBOX-01", forged, "a signed request's signature is not looked at").edit(
            SIGNED_REQUEST,
            ".map_err(|_| Flaw::Signature)?;",
            ".map_err(|_| Flaw::Signature).ok();",
        ),
        Mutation::new("INBOX-02", of_another, "a message may be for anybody").edit(
            READ,
            "    check_audience(&claims, expected.registration)?;\n",
            "    let _ = check_audience(&claims, expected.registration);\n",
        ),
        Mutation::new("INBOX-02", of_another, "a message may be by anybody").edit(
            READ,
            "if text(&claims, \"iss\") != Some(expected.issuer) {",
            "if text(&claims, \"iss\") != Some(expected.issuer) && false {",
        ),
        Mutation::new(
            "INBOX-03",
            "memory::inbox_03_a_message_that_is_repeated",
            "a message happens as often as it comes",
        )
        .edit(MEMORY, "if self.spent.contains_key(message) {", "if self.spent.contains_key(message) && false {"),
        Mutation::new(
            "INBOX-04",
            "memory::inbox_04_a_message_of_another_time",
            "a message is never too old",
        )
        .edit(READ, "now - made_at <= longest + SKEW", "now - made_at <= longest + SKEW * 10_000_000"),
        Mutation::new("INBOX-05", of_another_kind, "a token may call itself anything").edit(
            READ,
            "parts.algorithm(expected.algorithms(), expected.kinds)?",
            "parts.algorithm(expected.algorithms(), &[\"secevent+jwt\", \"JWT\", \"at+jwt\"])?",
        ),
        Mutation::new("INBOX-05", of_another_kind, "a signed request may name any algorithm").edit(
            SIGNED_REQUEST,
            "text(&payload, \"algorithm\") == Some(ALGORITHM)",
            "text(&payload, \"algorithm\") == Some(ALGORITHM) || true",
        ),
        Mutation::new(
            "INBOX-05",
            of_another_kind,
            "a token that tells nothing is a message, too",
        )
        .edit(NOTIFICATION, "_ => return Err(Flaw::Malformed),", "_ => return Ok(Vec::new()),"),
    ]
}

fn people() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "INBOX-06",
            "memory::inbox_06_a_message_about_a_stranger",
            "a message about a stranger is refused",
        )
        .edit(
            FLOW,
            "return note_stranger(setup, message, event).await;",
            "return Err(ErrorKind::UnknownAccount.into());",
        ),
        Mutation::new(
            "INBOX-08",
            "memory::inbox_08_the_last_way_in_is_taken_back",
            "nobody asks whether it is the last way in",
        )
        .edit(
            FLOW,
            "is_last_way_in: !without_any && !others.iter().any(is_another),",
            "is_last_way_in: !without_any && others.iter().all(is_another) && false,",
        ),
        Mutation::new(
            "INBOX-09",
            "memory::inbox_09_the_page_of_a_request_to_delete",
            "a request is done as soon as it is made",
        )
        .edit(
            FLOW,
            "deletion.user_id = Some(self.user.id.clone());",
            "deletion.user_id = None;",
        ),
        Mutation::new(
            "INBOX-10",
            "memory::inbox_10_an_application_with_a_say",
            "nobody asks the application",
        )
        .edit(
            FLOW,
            "setup.config.callbacks.provider_event(&report).await",
            "{ let _ = setup; report.usual_reaction() }",
        ),
    ]
}
