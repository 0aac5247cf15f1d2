//! Mutations of the checks on sessions that are sealed in their cookies.

use super::mutation::Mutation;

const CHUNKS: &str = "betancourt-auth/src/cookie/chunks.rs";
const CONTENT: &str = "betancourt-auth/src/jwe/content.rs";
const HEADER: &str = "betancourt-auth/src/jwe/header.rs";
const JWE: &str = "betancourt-auth/src/jwe/mod.rs";
const SEALED: &str = "betancourt-auth/src/session/sealed.rs";
const SEALED_SESSION: &str = "betancourt-auth/src/sealed.rs";
const SESSION: &str = "betancourt-auth/src/session/mod.rs";
const REMEMBERED: &str = "betancourt-auth/src/remembered.rs";
const STORE: &str = "betancourt-auth/src/store/record.rs";
const VISITOR: &str = "betancourt-auth/src/visitor/mod.rs";

/// The mutations of the group JWE.
pub(crate) fn mutations() -> Vec<Mutation> {
    [tokens(), chunks(), ends()].concat()
}

fn tokens() -> Vec<Mutation> {
    let header = "sealed::jwe_01_other_algorithms";
    let claims = "sealed::jwe_08_claims_that_are_not_the_applications";
    vec![
        Mutation::new("JWE-01", header, "the algorithm is whatever the header says").edit(
            HEADER,
            "alg != \"dir\" || zip",
            "alg.is_empty() || zip",
        ),
        Mutation::new("JWE-01", header, "what is critical may be unknown").edit(
            HEADER,
            "zip || crit {",
            "zip || (crit && false) {",
        ),
        Mutation::new("JWE-02", "sealed::jwe_02_a_compressed_payload", "what is compressed is read")
            .edit(HEADER, "|| zip || crit", "|| (zip && false) || crit"),
        Mutation::new("JWE-03", "sealed::jwe_03_every_part_tampered_with", "the tag does not count")
            .edit(CONTENT, "if !bool::from(is_authentic) {", "if !bool::from(is_authentic) && false {"),
        Mutation::new("JWE-03", "sealed::jwe_03_every_part_tampered_with", "an encrypted key is passed over")
            .edit(
                CONTENT,
                "rest.strip_prefix('.')?.split_once('.')?",
                "rest.split_once('.')?.1.split_once('.')?",
            ),
        Mutation::new("JWE-04", "sealed::jwe_04_tokens_of_another_purpose", "a key of another cookie opens a session")
            .edit(JWE, "let derive = |secret: &Secret| {", "let derive = |(secret, salt): (&Secret, &str)| {")
            .edit(
                JWE,
                "secrets.iter().map(derive)",
                "secrets.iter().flat_map(|secret| [(secret, salt), (secret, \"__Secure-authjs.state\")]).map(derive)",
            ),
        Mutation::new("JWE-06", "sealed::jwe_06_secrets_that_change", "what an older secret opened stays as it is")
            .edit(SEALED, "is_outdated || sealed.issued_at", "(is_outdated && false) || sealed.issued_at"),
        Mutation::new("JWE-08", "sealed::jwe_08_tokens_that_are_too_much", "no token is too long")
            .edit(JWE, "if token.len() > LONGEST {", "if token.is_empty() {"),
        Mutation::new("JWE-08", claims, "the application says whose session it is").edit(
            SEALED_SESSION,
            "        token.retain(|name, _| !RESERVED.contains(&&**name));\n        token.insert(\"sub\".to_owned(), self.user_id.as_str().into());",
            "        token.entry(\"sub\").or_insert(self.user_id.as_str().into());",
        ),
    ]
}

fn chunks() -> Vec<Mutation> {
    let chunks = "sealed::jwe_05_chunks_that_do_not_fit_together";
    vec![
        Mutation::new("JWE-05", chunks, "a gap is passed over").edit(
            CHUNKS,
            "Some(_) if is_unbroken && ",
            "Some(_) if (is_unbroken || true) && ",
        ),
        Mutation::new("JWE-05", chunks, "every name that begins so is a chunk").edit(
            CHUNKS,
            "if digits.is_empty() || ",
            "if digits == \"note\" { return Some(Self::Whole); }\n        if digits.is_empty() || ",
        ),
        Mutation::new("JWE-05", chunks, "what is left over from a longer value stays").edit(
            CHUNKS,
            "self.forget(stale).into_iter()",
            "self.forget(stale.into_iter().take(0)).into_iter()",
        ),
    ]
}

fn ends() -> Vec<Mutation> {
    let (copy, role) =
        ("sealed::jwe_07_a_copy_after_the_end", "sealed::jwe_07_a_role_that_was_taken_away");
    vec![
        Mutation::new("JWE-07", copy, "an end is forgotten").edit(STORE, "!self.ended && ", ""),
        Mutation::new("JWE-07", copy, "signing out everywhere leaves sealed sessions alone").edit(
            STORE,
            "self.not_before.is_none_or(|cut| cut < began_at)",
            "self.not_before.is_none_or(|cut| cut < began_at || true)",
        ),
        Mutation::new("JWE-07", copy, "what was known of a session counts for ever").edit(
            REMEMBERED,
            "((now - answer.read_at).abs() < window)",
            "(answer.read_at <= now + window)",
        ),
        Mutation::new(
            "JWE-07",
            copy,
            "the process that ended a session believes in it a little longer",
        )
        .edit(SESSION, "setup.standings.forget_session(&key.token);", ""),
        Mutation::new("JWE-07", copy, "a renewal does not ask").edit(
            SEALED,
            "if is_due { Duration::ZERO } else { rules.recheck_after }",
            "rules.recheck_after",
        ),
        Mutation::new("JWE-07", role, "a role may be a minute old").edit(
            VISITOR,
            "let user = self.auth.current_user(visit).await.map_err(stopped)?;",
            "let user = visit.session().map(|session| session.user.clone());",
        ),
    ]
}
