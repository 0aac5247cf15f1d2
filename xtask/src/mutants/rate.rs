//! Mutations of what is counted, and of how much is read.

use super::mutation::Mutation;

const ADAPTER: &str = "betancourt-auth-axum/src/actions.rs";
const MEMORY: &str = "betancourt-auth/src/store/tables/tokens.rs";
const OAUTH: &str = "betancourt-auth/src/flow/oauth.rs";
const RATE: &str = "betancourt-auth/src/check/rate.rs";
const REQUEST: &str = "betancourt-auth/src/request.rs";

const MADE_UP: &str = "memory::rate_01_addresses_that_somebody_makes_up";
const CHANGING: &str = "memory::rate_02_an_address_that_changes_and_one_that_is_not_known";
const SPELLINGS: &str = "memory::rate_03_one_address_in_many_spellings";
const AT_ONCE: &str = "memory::rate_04_two_hundred_at_once_and_steady_traffic";
const UNCOUNTED: &str = "memory::rate_05_a_store_that_cannot_count";
const OVERSIZED: &str = "memory::rate_07_more_than_anybody_needs";

/// The mutations of the group RATE.
pub(crate) fn mutations() -> Vec<Mutation> {
    [whose(), how_many(), how_much()].concat()
}

fn whose() -> Vec<Mutation> {
    vec![
        Mutation::new("RATE-01", MADE_UP, "anybody's word about an address is taken").edit(
            REQUEST,
            "if !self.contains(peer) {",
            "if !self.contains(peer) && !headers.contains_key(FORWARDED_FOR) {",
        ),
        Mutation::new("RATE-01", MADE_UP, "the first address of a chain counts").edit(
            REQUEST,
            "hops.iter().rev().map_while",
            "hops.iter().map_while",
        ),
        Mutation::new("RATE-02", CHANGING, "every address of a /64 is somebody else").edit(
            REQUEST,
            "truncated(client, 32, 64)",
            "truncated(client, 32, 128)",
        ),
        Mutation::new("RATE-02", CHANGING, "a /56 and a /48 have no limit").edit(
            RATE,
            "networks.extend(AROUND.map(around));",
            "let _ = AROUND.map(around);",
        ),
        Mutation::new("RATE-02", CHANGING, "whoever is not known has no limit").edit(
            RATE,
            "return vec![(UNKNOWN.to_owned(), 1)] };",
            "return Vec::new() };",
        ),
        Mutation::new("RATE-03", SPELLINGS, "one spelling alone is counted").edit(
            OAUTH,
            "    rate::admit(setup, request).await?;\n",
            "    if !request.uri.path().contains(\"//\") {\n        rate::admit(setup, request).await?;\n    }\n",
        ),
    ]
}

fn how_many() -> Vec<Mutation> {
    vec![
        Mutation::new("RATE-04", AT_ONCE, "one more passes than may").edit(
            RATE,
            "if count > most {",
            "if count > most.saturating_add(1) {",
        ),
        Mutation::new("RATE-04", AT_ONCE, "steady traffic prolongs the window").edit(
            MEMORY,
            "        entry.0 = entry.0.saturating_add(1);\n",
            "        *entry = (entry.0.saturating_add(1), expires);\n",
        ),
        Mutation::new("RATE-05", UNCOUNTED, "whoever cannot be counted passes").edit(
            RATE,
            "    counted.map_err(|error| Error::because(ErrorKind::NotCounted, error))\n",
            "    Ok(counted.unwrap_or(0))\n",
        ),
        Mutation::new("RATE-05", UNCOUNTED, "whoever is not counted in time passes").edit(
            RATE,
            "let counted = counted.map_err(|error| Error::because(ErrorKind::NotCounted, error))?;",
            "let Ok(counted) = counted else { return Ok(0) };",
        ),
    ]
}

fn how_much() -> Vec<Mutation> {
    vec![
        Mutation::new("RATE-07", OVERSIZED, "a field may be as long as anybody likes").edit(
            REQUEST,
            "const LONGEST_FIELD: usize = 48 * 1024;",
            "const LONGEST_FIELD: usize = usize::MAX;",
        ),
        Mutation::new("RATE-07", OVERSIZED, "a thousand cookies are read").edit(
            REQUEST,
            "if is_long || Cookies::are_too_many(&parts.headers) {",
            "if is_long {",
        ),
        Mutation::new("RATE-07", OVERSIZED, "a form may have any number of fields").edit(
            REQUEST,
            "(in_query || in_form)",
            "(in_query && !in_form)",
        ),
        Mutation::new("RATE-07", OVERSIZED, "a body is read whole").edit(
            ADAPTER,
            "Limited::new(body, LARGEST_BODY)",
            "Limited::new(body, LARGEST_BODY * 1024)",
        ),
    ]
}
