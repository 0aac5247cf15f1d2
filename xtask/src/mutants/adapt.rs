//! Mutations of the adapters, and of what keeps an application from starting.

use super::mutation::Mutation;

const DESK: &str = "betancourt-auth-rocket/src/desk.rs";
const CONVERT: &str = "betancourt-auth-rocket/src/convert.rs";
const FAIRING: &str = "betancourt-auth-rocket/src/fairing.rs";
const REGISTRATIONS: &str = "betancourt-auth/src/config/registrations.rs";
const REQUIRE: &str = "betancourt-auth-rocket/src/require.rs";
const REQUEST: &str = "betancourt-auth/src/request.rs";
const SETUP: &str = "betancourt-auth/src/config/setup.rs";
const VISITOR: &str = "betancourt-auth/src/visitor/mod.rs";

const CLAIMS: &str = "memory::adapt_01_headers_that_claim_something_else";
const PATHS: &str = "rocket::adapt_02_paths_that_a_matcher_could_read_otherwise";
const FAILURES: &str = "memory::adapt_03_a_store_that_fails_while_a_guard_asks";
const SWALLOWED: &str = "rocket::adapt_03_a_store_that_fails_while_a_guard_asks";
const ALIKE: &str = "memory::adapt_05_both_adapters_answer_alike";
const START: &str = "memory::adapt_06_an_application_that_is_not_safe";

/// The mutations of the group ADAPT.
pub(crate) fn mutations() -> Vec<Mutation> {
    vec![
        Mutation::new("ADAPT-01", CLAIMS, "a header says which method it is").edit(
            REQUEST,
            "            method: parts.method,\n",
            "            method: parts.headers.get(\"x-http-method-override\").and_then(|method| Method::from_bytes(method.as_bytes()).ok()).unwrap_or(parts.method),\n",
        ),
        Mutation::new("ADAPT-02", PATHS, "a mount is guarded where the path looks like its own").edit(
            REQUIRE,
            "        match admitted.ok_map_forward(Err) {\n",
            "        let is_its_own = request.uri().path().starts_with(\"/members/\");\n        match if is_its_own { admitted.ok_map_forward(Err) } else { Ok(()) } {\n",
        ),
        Mutation::new("ADAPT-03", FAILURES, "a store that fails says that it is nobody").edit(
            VISITOR,
            "let visit = self.visit(asked).await.map_err(|error| self.stopped(asked, &error))?;\n        let somebody",
            "let Ok(visit) = self.visit(asked).await else { return Ok(Anybody::new(None)) };\n        let somebody",
        ),
        Mutation::new("ADAPT-03", SWALLOWED, "what `Option` swallowed is gone").edit(
            DESK,
            "instead.status().is_server_error() || status_of(instead) == response.status()",
            "status_of(instead) == response.status()",
        ),
        Mutation::new("ADAPT-05", ALIKE, "one cookie is kept of several").edit(
            CONVERT,
            "response.adjoin_raw_header(name",
            "response.set_raw_header(name",
        ),
        Mutation::new("ADAPT-05", ALIKE, "a form that calls itself HEAD gets no answer").edit(
            FAIRING,
            "response.set_streamed_body(body);",
            "*response.body_mut() = body;",
        ),
        Mutation::new("ADAPT-06", START, "a secret may be short").edit(
            SETUP,
            "if config.secrets.iter().any(|secret| weak(secret.expose())) {",
            "if config.secrets.iter().all(|secret| secret.expose() == \"secret\") {",
        ),
        Mutation::new("ADAPT-06", START, "the secret of an example is good enough").edit(
            SETUP,
            "if config.environment == Environment::Production && config.secrets.iter().any(is_of_an_example)",
            "if false && config.secrets.iter().any(is_of_an_example)",
        ),
        Mutation::new("ADAPT-06", START, "look-alikes are good enough for production").edit(
            REGISTRATIONS,
            "\"http\" => environment == Environment::Development && is_loopback(&url),",
            "\"http\" => is_loopback(&url),",
        ),
    ]
}
