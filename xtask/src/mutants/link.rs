//! Mutations of the checks on accounts: which user an identity belongs to, and what may be tied or untied.

use super::mutation::Mutation;

const ACCOUNTS: &str = "betancourt-auth/src/own/accounts.rs";
const ADDRESS: &str = "betancourt-auth/src/address.rs";
const CLIENT: &str = "betancourt-auth/src/client/mod.rs";
const HANDSHAKE: &str = "betancourt-auth/src/check/handshake.rs";
const ID_TOKEN: &str = "betancourt-auth/src/client/id_token.rs";
const LINK: &str = "betancourt-auth/src/link.rs";
const ME: &str = "betancourt-auth/src/flow/me.rs";
const OWNER: &str = "betancourt-auth/src/own/mod.rs";
const SESSION: &str = "betancourt-auth/src/session/mod.rs";
const SESSIONS: &str = "betancourt-auth/src/own/sessions.rs";
const STORED: &str = "betancourt-auth/src/session/stored.rs";

/// The mutations of the group LINK, and of the rows of SESS that are about the list of one's own sessions.
pub(crate) fn mutations() -> Vec<Mutation> {
    [addresses(), identities(), own()].concat()
}

fn addresses() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "LINK-01",
            "memory::link_01_an_account_made_before_its_owner_comes",
            "an address that nobody proved ties accounts together",
        )
        .edit(LINK, "vouched.email_links && user.email_verified.is_some()", "vouched.email_links"),
        Mutation::new(
            "LINK-05",
            "memory::link_05_a_provider_that_does_not_prove_addresses",
            "a provider's word counts that it does not give",
        )
        .edit(LINK, "(false, _) => Neighbour::Claimed,", "(false, _) => Neighbour::Trusted,"),
        Mutation::new(
            "LINK-12",
            "memory::link_12_addresses_that_are_none",
            "whatever holds an at sign is an address",
        )
        .edit(
            ADDRESS,
            "idna::domain_to_ascii_strict(domain).ok().filter(|_| is_local && !has_syntax)?",
            "Some(domain.to_owned()).filter(|_| is_local || has_syntax)?",
        ),
        Mutation::new(
            "LINK-13",
            "memory::link_13_fields_that_nobody_asked_for",
            "a claim gives a role",
        )
        .edit(
            LINK,
            "    user.name.clone_from(&proof.profile.name);\n",
            "    user.name.clone_from(&proof.profile.name);\n    \
             if let Some(role) = proof.document[\"role\"].as_str() { role.clone_into(&mut user.role); }\n",
        ),
        Mutation::new(
            "LINK-13",
            "memory::link_13_fields_that_nobody_asked_for",
            "a form may have any field",
        )
        .edit(ME, "fields.contains(&name);", "fields.contains(&name) || true;"),
    ]
}

fn identities() -> Vec<Mutation> {
    let mixed = "memory::link_08_an_attempt_and_a_session_of_different_people";
    vec![
        Mutation::new(
            "LINK-06",
            "memory::link_06_one_subject_at_several_providers",
            "a subject is one person, wherever it comes from",
        )
        .edit(
            CLIENT,
            "AccountKey::new(provider.id.clone(), person.profile.subject.clone())",
            "AccountKey::new(\"anywhere\", person.profile.subject.clone())",
        ),
        Mutation::new(
            "LINK-07",
            "memory::link_07_an_account_of_somebody_else",
            "whoever brings an account is its owner",
        )
        .edit(
            LINK,
            "(Some(_), Some(_), _) => Err(ErrorKind::AccountNotLinked),",
            "(Some(_), Some(_), _) => Ok(Ruling::SignIn),",
        ),
        Mutation::new("LINK-08", mixed, "an attempt ends in whatever session there is").edit(
            HANDSHAKE,
            "presented.is_some_and(|presented| presented != key.token)",
            "presented.is_some_and(|presented| presented != key.token) && false",
        ),
        Mutation::new("LINK-08", mixed, "a session counts in every browser").edit(
            HANDSHAKE,
            "&& csrf::came_with(setup, &request.cookies, &key.token),",
            ",",
        ),
        Mutation::new(
            "LINK-09",
            "memory::link_09_a_proof_for_another_subject",
            "an ID token of another attempt will do",
        )
        .edit(ID_TOKEN, "secret::eq(nonce, ours)", "secret::eq(nonce, nonce)"),
    ]
}

fn own() -> Vec<Mutation> {
    vec![
        Mutation::new("LINK-10", "memory::link_10_the_last_way_in", "the last account goes")
            .edit(ACCOUNTS, ".then_some(providers.as_slice())", ".then_some(providers.as_slice()).filter(|_| false)"),
        Mutation::new(
            "LINK-14",
            "memory::link_14_a_stolen_session_of_yesterday",
            "an old session parts with accounts",
        )
        .edit(ACCOUNTS, "    owner.must_be_fresh(setup)?;\n", ""),
        Mutation::new(
            "SESS-10",
            "sealed::sess_10_a_revoked_session_in_the_memory_of_another_server",
            "what was known a moment ago will do for anything",
        )
        .edit(
            OWNER,
            "session::current_user(setup, visit).await?;",
            "session::current_user(setup, visit).await.map(|_| visit.session().map(|session| session.user.clone()))?;",
        ),
        Mutation::new(
            "SESS-10",
            "memory::sess_10_a_revoked_session_in_the_memory_of_another_server",
            "the list of sessions is shown to one that is remembered",
        )
        .edit(
            SESSION,
            "Presented::read(setup, cookies), Occasion::Action).await",
            "Presented::read(setup, cookies), Occasion::Visit).await",
        )
        .edit(SESSION, "Strategy::Database if !visit.is_recalled() =>", "Strategy::Database =>"),
        Mutation::new(
            "SESS-10",
            "sqlite::sess_10_a_revoked_session_in_the_memory_of_another_server",
            "what is remembered counts, whether or not that is switched on",
        )
        .edit(
            STORED,
            "if cache_for.is_positive() && matches!(occasion, Occasion::Visit) {",
            "let cache_for = cache_for.max(time::Duration::MINUTE);\n    if matches!(occasion, Occasion::Visit) {",
        ),
        Mutation::new(
            "SESS-11",
            "memory::sess_11_a_session_of_somebody_else",
            "a session is called by what the store has of it",
        )
        .edit(
            SESSIONS,
            "secret::sha256_base64url(&format!(\"session\\n{}\", token.as_str()))",
            "token.as_str().to_owned()",
        ),
    ]
}
