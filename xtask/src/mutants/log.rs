//! Mutations of what is kept out of logs and answers.

use super::mutation::Mutation;

const ACTIONS: &str = "betancourt-auth/src/auth.rs";
const ERROR: &str = "betancourt-auth/src/error.rs";
const FLOWS: &str = "betancourt-auth/src/flow/mod.rs";
const OAUTH: &str = "betancourt-auth/src/flow/oauth.rs";
const REFUSAL: &str = "betancourt-auth/src/refusal.rs";
const SECRET: &str = "betancourt-auth/src/secret.rs";
const VISIT: &str = "betancourt-auth/src/session/visit.rs";

const SECRETS: &str = "memory::log_01_nothing_secret_is_told";
const LINES: &str = "memory::log_02_texts_that_would_be_lines";
const TRACES: &str = "memory::log_03_everything_leaves_a_trace";
const PANICS: &str = "memory::log_04_what_panics_tells_nothing";

/// The mutations of the group LOG.
pub(crate) fn mutations() -> Vec<Mutation> {
    [secrets(), events(), failures()].concat()
}

fn secrets() -> Vec<Mutation> {
    vec![
        Mutation::new("LOG-01", SECRETS, "the log has the addresses of people").edit(
            FLOWS,
            "tracing::info!(user = %user.id, provider",
            "tracing::info!(user = %user.id, email = user.email, provider",
        ),
        Mutation::new("LOG-01", SECRETS, "the quietest level has the parameters of a request").edit(
            ACTIONS,
            "        let manner = Manner::of_action(&request);\n",
            "        tracing::trace!(query = request.uri.query(), form = ?request.form, \"asked\");\n        let manner = Manner::of_action(&request);\n",
        ),
        Mutation::new("LOG-01", SECRETS, "a secret prints itself").edit(
            SECRET,
            "formatter.write_str(\"Secret(…)\")",
            "formatter.write_str(&self.0)",
        ),
        Mutation::new("LOG-01", SECRETS, "a visit prints its cookies").edit(
            VISIT,
            ".field(\"is_recalled\", &self.is_recalled)",
            ".field(\"cookies\", &self.cookies)",
        ),
    ]
}

fn events() -> Vec<Mutation> {
    vec![
        Mutation::new("LOG-02", LINES, "a cause is told as it came").edit(
            ERROR,
            "legible(&source.to_string())",
            "source.to_string()",
        ),
        Mutation::new("LOG-03", TRACES, "a refusal is not told").edit(
            REFUSAL,
            "        Severity::Warn => event!(warn),\n",
            "        Severity::Warn => {}\n",
        ),
    ]
}

fn failures() -> Vec<Mutation> {
    vec![
        Mutation::new("LOG-04", PANICS, "what panics takes the answer along").edit(
            ACTIONS,
            "caught(Box::pin(self.act(&request))).await",
            "self.act(&request).await",
        ),
        Mutation::new("LOG-04", PANICS, "what panics takes a guard along").edit(
            ACTIONS,
            "caught(session::visit_anyhow(&self.0, headers)).await",
            "session::visit_anyhow(&self.0, headers).await",
        ),
        Mutation::new("LOG-04", PANICS, "what panics leaves the attempt open").edit(
            OAUTH,
            "caught(complete(setup, registration, checked)).await",
            "complete(setup, registration, checked).await",
        ),
        Mutation::new("LOG-04", PANICS, "the page has no reference").edit(
            REFUSAL,
            "    let problem = |code| problem(setup, manner, code, Some(&reference));\n",
            "    let problem = |code| problem(setup, manner, code, None);\n",
        ),
    ]
}
