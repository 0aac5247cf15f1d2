//! Mutations of the checks on return addresses and hosts.

use super::mutation::Mutation;

const AUTH: &str = "betancourt-auth/src/auth.rs";
const REQUEST: &str = "betancourt-auth/src/request.rs";
const RETURN_TO: &str = "betancourt-auth/src/check/return_to.rs";

const IS_OURS: &str =
    "url.origin() == base.origin() && matches!(url.scheme(), \"http\" | \"https\")";

/// The mutations of the group REDIR.
pub(crate) fn mutations() -> Vec<Mutation> {
    [origins(), paths(), hosts()].concat()
}

fn origins() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "REDIR-01",
            "memory::redir_01_an_address_of_a_foreign_origin",
            "every origin will do",
        )
        .edit(RETURN_TO, IS_OURS, "matches!(url.scheme(), \"http\" | \"https\")"),
        Mutation::new("REDIR-04", "memory::redir_04_other_schemes", "every scheme will do").edit(
            RETURN_TO,
            IS_OURS,
            "url.origin() == base.origin()",
        ),
        Mutation::new(
            "REDIR-05",
            "memory::redir_05_addresses_that_look_like_ours",
            "an origin is compared as a text",
        )
        .edit(
            RETURN_TO,
            IS_OURS,
            "url.as_str().starts_with(base.as_str().trim_end_matches('/'))",
        ),
        Mutation::new(
            "REDIR-05",
            "memory::redir_05_addresses_that_look_like_ours",
            "the host alone is compared",
        )
        .edit(RETURN_TO, IS_OURS, "url.host() == base.host()"),
        Mutation::new(
            "REDIR-05",
            "memory::redir_05_addresses_that_look_like_ours",
            "a user name may stand before the host",
        )
        .edit(RETURN_TO, "url.username().is_empty() && url.password().is_none() && ", ""),
    ]
}

fn paths() -> Vec<Mutation> {
    vec![
        Mutation::new(
            "REDIR-02",
            "memory::redir_02_addresses_without_a_scheme",
            "a path may begin with two slashes",
        )
        .edit(RETURN_TO, " && !url.path().starts_with(\"//\");", ";"),
        Mutation::new(
            "REDIR-02",
            "memory::redir_02_addresses_without_a_scheme",
            "whatever begins with a slash is ours, unread",
        )
        .edit(
            RETURN_TO,
            "let Some(url) = address(base, wanted) else {",
            "if wanted.starts_with('/') { return Ok(Some(wanted.to_owned())) }\n    let Some(url) = address(base, wanted) else {",
        ),
        Mutation::new(
            "REDIR-03",
            "memory::redir_03_control_characters_and_double_encoding",
            "control characters are thrown away instead of refused",
        )
        .edit(RETURN_TO, "letter.is_control() || letter == '\\\\'", "letter == '\\\\'"),
        Mutation::new(
            "REDIR-06",
            "memory::redir_06_edited_looping_and_endless_addresses",
            "an action is a place to return to",
        )
        .edit(RETURN_TO, "(!goes_round).then_some(text)", "Some(text)"),
        Mutation::new(
            "REDIR-06",
            "memory::redir_06_edited_looping_and_endless_addresses",
            "only the text that came in is measured",
        )
        .edit(RETURN_TO, "if is_too_long(base, url.as_str()) {", "if false {"),
    ]
}

fn hosts() -> Vec<Mutation> {
    let foreign = "memory::redir_07_a_host_that_is_not_ours";
    vec![
        Mutation::new("REDIR-07", foreign, "every host is ours").edit(
            AUTH,
            "if !request.host.as_deref().is_some_and(|host| setup.is_our_host(host)) {",
            "if false {",
        ),
        Mutation::new("REDIR-07", foreign, "of two hosts the first one counts").edit(
            REQUEST,
            "if is_doubled {",
            "if false && is_doubled {",
        ),
        Mutation::new(
            "REDIR-08",
            "memory::redir_08_forwarding_headers_of_a_stranger",
            "everybody is a proxy of ours",
        )
        .edit(
            REQUEST,
            "text(&FORWARDED_HOST).filter(|_| peer.is_some_and(|Peer(peer)| self.contains(peer)));",
            "text(&FORWARDED_HOST);",
        ),
    ]
}
