//! The relying-party modules against a server of ours, and against one that checks nothing.

#![cfg(test)]

mod app;
mod careless;

use std::collections::BTreeSet;

use betancourt_auth_dev::conformance::{Plan, Report, Suite, Verdict};

/// Every module, as the suite names them, without what their names have in common.
const ALL: &[&str] = &[
    "",
    "-nonce-invalid",
    "-nonce-unless-code-flow",
    "-invalid-iss",
    "-missing-sub",
    "-missing-aud",
    "-invalid-aud",
    "-missing-iat",
    "-kid-absent-single-jwks",
    "-kid-absent-multiple-jwks",
    "-idtoken-sig-rs256",
    "-idtoken-sig-none",
    "-invalid-sig-rs256",
    "-invalid-sig-hs256",
    "-invalid-sig-es256",
    "-userinfo-bearer-header",
    "-userinfo-bearer-body",
    "-userinfo-invalid-sub",
    "-userinfo-signed",
    "-scope-userinfo-claims",
    "-client-secret-basic",
    "-invalid-athash",
    "-missing-athash",
    "-invalid-chash",
    "-missing-chash",
    "-form-post-error",
    "-aggregated-claims",
    "-distributed-claims",
    "-mtls-endpoint-aliases",
    "-discovery-openid-config",
    "-discovery-jwks-uri-keys",
    "-discovery-issuer-mismatch",
    "-discovery-webfinger-acct",
    "-discovery-webfinger-url",
    "-dynamic-registration",
    "-request-uri-signed-rs256",
    "-request-uri-signed-none",
    "-signing-key-rotation",
    "-signing-key-rotation-just-before-signing",
    "-refresh-token",
    "-refresh-token-invalid-issuer",
    "-refresh-token-invalid-sub",
    "-3rd-party-init-login",
    "-rp-init-logout",
    "-rp-init-logout-other-state",
    "-rp-init-logout-no-state",
    "-rp-backchannel-rpinitlogout",
    "-rp-backchannel-rpinitlogout-alg-none",
    "-rp-backchannel-rpinitlogout-wrong-alg",
    "-rp-backchannel-rpinitlogout-wrong-iss",
    "-rp-backchannel-rpinitlogout-wrong-aud",
    "-rp-backchannel-rpinitlogout-no-event",
    "-rp-backchannel-rpinitlogout-wrong-event",
    "-rp-backchannel-rpinitlogout-with-nonce",
    "-rp-frontchannel-rpinitlogout",
    "-rp-frontchannel-opinitlogout",
    "-session-management",
];

/// How many modules each plan in scope has.
const PLANS: &[(Plan, usize)] = &[
    (Plan::Basic, 16),
    (Plan::FormPostBasic, 16),
    (Plan::Config, 6),
    (Plan::Refresh, 3),
    (Plan::ThirdPartyInitiated, 1),
    (Plan::RpInitiatedLogout, 3),
    (Plan::BackChannelLogout, 8),
    (Plan::SessionManagement, 1),
    (Plan::Full, 39),
];

/// What this library does not do, and says so.
const NOT_SUPPORTED: &[&str] = &[
    "oidcc-client-test-discovery-webfinger-acct",
    "oidcc-client-test-discovery-webfinger-url",
    "oidcc-client-test-distributed-claims",
    "oidcc-client-test-dynamic-registration",
    "oidcc-client-test-invalid-chash",
    "oidcc-client-test-missing-athash",
    "oidcc-client-test-missing-chash",
    "oidcc-client-test-mtls-endpoint-aliases",
    "oidcc-client-test-request-uri-signed-none",
    "oidcc-client-test-request-uri-signed-rs256",
    "oidcc-client-test-session-management",
    "oidcc-client-test-userinfo-bearer-body",
];

/// What a relying party that checks nothing gets right all the same.
const RIGHT_BY_CHANCE: &[&str] = &[
    "oidcc-client-test-discovery-openid-config",
    "oidcc-client-test-idtoken-sig-rs256",
    "oidcc-client-test-kid-absent-multiple-jwks",
    "oidcc-client-test-kid-absent-single-jwks",
];

/// The modules on which that verdict stands.
fn modules(report: &Report, verdict: &str) -> BTreeSet<&'static str> {
    let rows = report.rows.iter().filter(|row| row.verdict.word() == verdict);
    rows.map(|row| row.module).collect()
}

fn set(names: &[&'static str]) -> BTreeSet<&'static str> {
    names.iter().copied().collect()
}

#[tokio::test]
async fn our_server_passes_every_module_that_it_supports() {
    let app = app::listen().await;
    let suite = Suite::start(&app.base).await.unwrap().access_page("/access/{provider}");
    app.serve(&suite);
    let report = suite.play().await;
    let named: BTreeSet<_> = report.rows.iter().map(|row| row.module.to_owned()).collect();
    assert_eq!(named, ALL.iter().map(|end| format!("oidcc-client-test{end}")).collect());
    assert_eq!(named.len(), 57);
    for (plan, modules) in PLANS {
        let in_it = report.rows.iter().filter(|row| row.plans.contains(plan));
        assert_eq!(in_it.count(), *modules, "{plan}");
    }
    assert_eq!(modules(&report, "failed"), BTreeSet::new(), "{report}");
    assert_eq!(modules(&report, "not played"), BTreeSet::new(), "{report}");
    assert_eq!(modules(&report, "not supported"), set(NOT_SUPPORTED), "{report}");
}

#[tokio::test]
async fn a_careless_server_fails_whatever_it_does_not_check() {
    let app = app::listen().await;
    let suite = Suite::start(&app.base).await.unwrap();
    careless::serve(app, &suite);
    let report = suite.play().await;
    assert_eq!(modules(&report, "passed"), set(RIGHT_BY_CHANCE), "{report}");
    let reason = |module| report.verdicts(module).next().and_then(Verdict::reason);
    for (module, expected) in [
        ("oidcc-client-test", "a token or a secret stands in an address"),
        ("oidcc-client-test-nonce-invalid", "somebody is signed in"),
        ("oidcc-client-test-invalid-sig-rs256", "somebody is signed in"),
        ("oidcc-client-test-missing-chash", "somebody is signed in"),
        ("oidcc-client-test-form-post-error", "nobody is signed in, and nobody was told why"),
        ("oidcc-client-test-discovery-issuer-mismatch", "somebody is signed in"),
        (
            "oidcc-client-test-rp-backchannel-rpinitlogout-alg-none",
            "somebody else's word signed the person out",
        ),
        (
            "oidcc-client-test-rp-frontchannel-opinitlogout",
            "somebody else's word signed the person out",
        ),
        ("oidcc-client-test-rp-init-logout", "whoever signs out here is not sent to the provider"),
    ] {
        assert_eq!(reason(module), Some(expected), "{module}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_fails_everything_that_is_played() {
    let app = app::listen().await;
    let suite = Suite::start(&app.base).await.unwrap();
    drop(app);
    let report = suite.play().await;
    assert_eq!(modules(&report, "passed"), BTreeSet::new(), "{report}");
    assert!(report.failed().all(|row| row.verdict.reason().unwrap().contains("does not answer")));
}
