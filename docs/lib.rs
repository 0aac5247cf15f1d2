//! The book, page by page, as documentation: so that `cargo test` compiles and runs what it shows.
//!
//! Start reading at `docs/src/introduction.md`.

/// Makes a page of the book the documentation of a module of its own.
macro_rules! pages {
    ($($name:ident $path:literal)*) => {$(
        #[doc = include_str!(concat!("src/", $path))]
        pub mod $name {}
    )*};
}

pages! {
    introduction "introduction.md"

    guide_axum "guide/axum.md"
    guide_rocket "guide/rocket.md"
    guide_whole_routers "guide/whole-routers.md"
    guide_without_keys "guide/without-keys.md"
    guide_any_provider "guide/any-provider.md"
    guide_provider_api "guide/provider-api.md"
    guide_your_own_pages "guide/your-own-pages.md"
    guide_email "guide/email.md"
    guide_credentials "guide/credentials.md"
    guide_account_pages "guide/account-pages.md"
    guide_signing_out_at_the_provider "guide/signing-out-at-the-provider.md"
    guide_provider_events "guide/provider-events.md"
    guide_google "guide/providers/google.md"
    guide_facebook "guide/providers/facebook.md"
    guide_apple "guide/providers/apple.md"
    guide_microsoft_entra_id "guide/providers/microsoft-entra-id.md"
    guide_redis "guide/redis.md"
    guide_your_own_store "guide/your-own-store.md"
    guide_conformance "guide/conformance.md"
    guide_your_own_adapter "guide/your-own-adapter.md"
    guide_beside_auth_js "guide/beside-auth-js.md"

    reference_providers "reference/providers.md"
    reference_configuration "reference/configuration.md"
    reference_routes "reference/routes.md"
    reference_cookies "reference/cookies.md"
    reference_errors "reference/errors.md"
    reference_log "reference/log.md"
    reference_schema "reference/schema.md"

    explanation_request "explanation/request.md"
    explanation_sessions "explanation/sessions.md"
    explanation_linking "explanation/linking.md"
    explanation_attacks "explanation/attacks.md"
    explanation_defaults "explanation/defaults.md"
    explanation_speed "explanation/speed.md"
    explanation_coming_from_auth_js "explanation/coming-from-auth-js.md"
    explanation_decisions "explanation/decisions/README.md"
    explanation_decision_0001 "explanation/decisions/0001-token-exchange-and-verifier-on-ring.md"
    explanation_decision_0002 "explanation/decisions/0002-linking-in-the-browser-that-signed-in.md"
    explanation_decision_0003 "explanation/decisions/0003-sql-is-written-once.md"
    explanation_decision_0004 "explanation/decisions/0004-mail-after-the-answer.md"
    explanation_decision_0005 "explanation/decisions/0005-one-dpop-key-a-registration.md"
    explanation_decision_0006 "explanation/decisions/0006-what-ends-a-session-is-written-beside-the-people.md"

    runbook_rotate_the_secret "runbooks/rotate-the-secret.md"
    runbook_provider_is_down "runbooks/provider-is-down.md"
    runbook_sign_everyone_out "runbooks/sign-everyone-out.md"
}
