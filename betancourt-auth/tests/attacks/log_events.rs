//! Each event is one line, whatever somebody writes into it; and nothing happens without one.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Field, Submitted};
use betancourt_auth::store::Store as _;
use betancourt_auth::{AuditEvent, AuditKind, Config, User, UserId};
use betancourt_auth_dev::{Body, Endpoint, Face, Tamper};
use http::StatusCode;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::support::{ANA, ASK, CAMILA, Place, Request, Stage, World, callback_request};

/// Texts that end a line, a string or a document, that colour a terminal, or have no end.
const HOSTILE: [&str; 6] = [
    "a\r\n{\"level\":\"INFO\",\"fields\":{\"message\":\"forged\"}}",
    "\"},\"reason\":\"forged",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}",
    "\u{2028}\u{202e}forged\u{0}\u{8}\u{7f}",
    "\\u0000\\n\\\"",
    "%0d%0a%1b%00forged",
];
/// No field of ours is longer.
const LONGEST: usize = 1_000;

/// Hostile texts wherever somebody outside can write: one event is one line of JSON, and none of it is forged.
pub(crate) async fn log_02_texts_that_would_be_lines(place: Place) {
    let directory = |config: &mut Config| {
        let mut provider = CredentialsProvider::new(Arc::new(NoDirectory));
        provider.refusal_takes = std::time::Duration::ZERO;
        config.credentials = vec![provider];
    };
    let world = Stage::new(place).mail().config(directory).start().await;
    let long = "x".repeat(50_000);
    for text in HOSTILE.into_iter().chain([long.as_str()]) {
        write_everywhere(&world, text).await;
    }
    let text = world.log.text();
    let mut heard = BTreeSet::new();
    for line in text.lines() {
        assert!(!line.chars().any(char::is_control), "{line}");
        let event: Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("no event: {line}"));
        assert!(event["timestamp"].as_str().unwrap().ends_with('Z'), "{event}");
        let is_ours = event["target"].as_str().unwrap().starts_with("betancourt_auth");
        for (name, value) in event["fields"].as_object().unwrap().iter().filter(|_| is_ours) {
            let value = value.as_str().unwrap_or_default();
            assert!(value.len() <= LONGEST, "{name} has {} letters", value.len());
            assert!(
                !value.chars().any(|letter| letter.is_control() || letter == '\u{202e}'),
                "{event}"
            );
        }
        assert_ne!(event["fields"]["message"], "forged");
        heard.extend(event["fields"]["reason"].as_str().map(str::to_owned));
    }
    for reason in [
        "credentials.not_judged",
        "mail.address_malformed",
        "callback.state_unknown",
        "provider.malformed",
        "token.refused",
    ] {
        assert!(heard.contains(reason), "{reason} was not told: {heard:?}");
    }
    assert!(!heard.contains("forged"), "{heard:?}");
    for event in world.store.audit_log(1000).await.unwrap() {
        assert!(event.device.is_none_or(|device| device.chars().count() <= 256));
    }
    world.signed_in(Face::Google, ANA).await;
}

/// One text in each place: what a browser sends, and what a provider says.
async fn write_everywhere(world: &World, text: &str) {
    let in_a_header: String =
        text.chars().filter(|letter| (' '..='~').contains(letter)).take(10_000).collect();
    let mut browser = world.browser();
    browser.submit(ASK, &[("email", text), ("callbackUrl", text)]).await;
    browser.submit(PASSWORDS, &[("username", text)]).await.assert_status(503);
    let segment: String =
        url::form_urlencoded::byte_serialize(text.as_bytes()).take(2_000).collect();
    browser
        .get(&format!("/auth/callback/google?state={segment}&code={segment}&error={segment}"))
        .await;
    browser.get(&format!("/auth/{segment}")).await;
    let odd = Request::get("/auth/session").header("user-agent", &in_a_header);
    browser.send(odd.header("x-forwarded-for", &in_a_header).header("referer", &in_a_header)).await;

    let refusing = text.to_owned();
    world.tamper(
        Face::Facebook,
        Tamper::answer(Endpoint::Token, move |answer| {
            answer.status = StatusCode::BAD_REQUEST;
            let body = json!({ "error": refusing, "error_description": refusing });
            answer.body = Body::Json(body);
        }),
    );
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    let request = callback_request(&callback).header("user-agent", &in_a_header);
    browser.send(request).await.assert_refused("OAuthCallbackError");
    let malformed = text.to_owned();
    world.tamper(
        Face::Google,
        Tamper::json(Endpoint::Token, move |answer| {
            answer["expires_in"] = malformed.clone().into()
        }),
    );
    let callback = browser.begin_as(Face::Google, ANA).await;
    let request = callback_request(&callback).header("user-agent", &in_a_header);
    browser.send(request).await;
    for face in [Face::Google, Face::Facebook] {
        world.net.lookalikes.behave(face);
    }
}

/// An application that cannot judge, and says so with what somebody typed.
#[derive(Debug)]
struct NoDirectory;

#[async_trait]
impl Authorize for NoDirectory {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        let name = submitted.field("username").unwrap_or_default();
        Err(AuthorizeError::Failed(format!("there is no directory for {name}").into()))
    }
}

#[derive(Debug)]
struct OnePassword;

#[async_trait]
impl Authorize for OnePassword {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        match submitted.field("password") {
            Some("correct horse") => Ok(User::new(UserId::new("member-1"))),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

const PASSWORDS: &str = "/auth/callback/credentials";

/// The audit log and the other log, and how far they were read.
struct Trail<'w> {
    world: &'w World,
    audited: usize,
    logged: usize,
}

impl<'w> Trail<'w> {
    async fn of(world: &'w World) -> Self {
        let mut trail = Self { world, audited: 0, logged: 0 };
        trail.audited().await;
        trail.logged();
        trail
    }

    /// What was written into the audit log since it was last read, oldest first.
    async fn audited(&mut self) -> Vec<AuditEvent> {
        let log = self.world.store.audit_log(1000).await.unwrap();
        let new = log.len() - self.audited;
        self.audited = log.len();
        log.into_iter().take(new).rev().collect()
    }

    /// The refusals of the other log since it was last read.
    fn logged(&mut self) -> Vec<Value> {
        let mut refused = self.world.log.lines();
        refused.retain(|event| event["fields"]["message"] == "refused");
        let new = refused.split_off(self.logged);
        self.logged += new.len();
        new
    }

    /// Exactly one event of the audit log says what was done, when, by whom, how and from where.
    async fn done(&mut self, kind: AuditKind, provider: Option<&str>) {
        let events = self.audited().await;
        let [event] = events.as_slice() else { panic!("{kind:?}: {events:?}") };
        assert!(event.user_id.is_some(), "{event:?}");
        self.assert_told(event, kind, provider);
    }

    /// Exactly one event of the other log says what was refused, when, why and to which network.
    fn refused(&mut self, reason: &str) {
        let events = self.logged();
        let [event] = events.as_slice() else { panic!("{reason}: {events:?}") };
        assert_eq!(event["fields"]["reason"], reason, "{event}");
        assert_eq!(event["fields"]["network"], "127.0.0.0", "{event}");
        let at = event["timestamp"].as_str().unwrap();
        assert!(OffsetDateTime::parse(at, &Rfc3339).unwrap().offset().is_utc(), "{event}");
    }

    /// The same, and exactly one of the audit log with the same reason.
    async fn refused_and_kept(&mut self, reason: &str, provider: &str) {
        self.refused(reason);
        let events = self.audited().await;
        let [event] = events.as_slice() else { panic!("{reason}: {events:?}") };
        assert_eq!(event.reason.as_deref(), Some(reason), "{event:?}");
        self.assert_told(event, AuditKind::SignInRefused, Some(provider));
    }

    fn assert_told(&self, event: &AuditEvent, kind: AuditKind, provider: Option<&str>) {
        assert_eq!((event.kind, event.provider.as_deref()), (kind, provider), "{event:?}");
        assert_eq!(event.network.as_deref(), Some("127.0.0.0"), "{event:?}");
        assert!((self.world.now() - event.at).abs() < Duration::MINUTE, "{event:?}");
    }
}

/// Whatever is done or refused leaves one event: in the audit log where it was done, or refused to somebody who had begun
/// here; in the other log where it was refused to anybody.
pub(crate) async fn log_03_everything_leaves_a_trace(place: Place) {
    let password = |config: &mut Config| {
        let fields = [Field::text("username", "Name"), Field::password("password", "Password")];
        let mut provider = CredentialsProvider::new(Arc::new(OnePassword)).with_fields(fields);
        provider.attempts = 2;
        config.credentials = vec![provider];
    };
    let world = Stage::new(place).mail().config(password).start().await;
    let mut trail = Trail::of(&world).await;
    what_is_done(&world, &mut trail).await;
    what_is_refused(&world, &mut trail).await;
}

async fn what_is_done(world: &World, trail: &mut Trail<'_>) {
    use AuditKind::{
        AccountLinked, AccountUnlinked, RoleChanged, SessionRevoked, SessionsEnded, SignedIn,
        SignedOut, SignedUp,
    };
    let mut browser = world.signed_in(Face::Google, ANA).await;
    trail.done(SignedUp, Some("google")).await;
    browser.submit("/auth/signout", &[]).await;
    trail.done(SignedOut, Some("google")).await;
    browser.sign_in(Face::Google, ANA).await;
    trail.done(SignedIn, Some("google")).await;
    browser.sign_in(Face::Facebook, CAMILA).await;
    trail.done(AccountLinked, Some("facebook")).await;
    let accounts = browser.fetch("/auth/me/accounts").await.json();
    let id = accounts["accounts"][1]["id"].as_str().unwrap().to_owned();
    assert_eq!(browser.submit("/auth/me/accounts/unlink", &[("id", &id)]).await.status, 200);
    trail.done(AccountUnlinked, Some("facebook")).await;
    world.signed_in(Face::Google, ANA).await;
    trail.audited().await;
    let sessions = browser.fetch("/auth/me/sessions").await.json();
    let sessions = sessions["sessions"].as_array().unwrap();
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let id = other["id"].as_str().unwrap().to_owned();
    assert_eq!(browser.submit("/auth/me/sessions/revoke", &[("id", &id)]).await.status, 200);
    trail.done(SessionRevoked, None).await;
    assert_eq!(browser.submit("/auth/me/sessions/revoke-others", &[]).await.status, 200);
    trail.done(SessionsEnded, None).await;
    world.browser().submit(PASSWORDS, &[("password", "correct horse")]).await.assert_welcome();
    trail.done(SignedUp, Some("credentials")).await;
    drop(world.signed_in_by_mail("reader@example.com").await);
    trail.done(SignedUp, Some("email")).await;
    let member = UserId::new("member-1");
    world.auth.set_role(&member, "EDITOR").await.unwrap();
    let [event] = &*trail.audited().await else { panic!("one event") };
    assert_eq!((event.kind, event.reason.as_deref()), (RoleChanged, Some("EDITOR")));
    assert_eq!(event.user_id.as_ref(), Some(&member));
    assert_eq!(trail.logged(), Vec::<Value>::new(), "nothing was refused");
}

async fn what_is_refused(world: &World, trail: &mut Trail<'_>) {
    let mut browser = world.browser();
    // To whoever had begun here: the audit log has it, too, with the same reason.
    browser.submit(PASSWORDS, &[("username", "ana"), ("password", "wrong")]).await;
    trail.refused_and_kept("credentials.rejected", "credentials").await;
    world.tamper(
        Face::Google,
        Tamper::json(Endpoint::Token, |answer| answer["id_token"] = "a.b.c".into()),
    );
    let callback = browser.begin_as(Face::Google, ANA).await;
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    trail.refused_and_kept("id_token.malformed", "google").await;
    world.net.lookalikes.behave(Face::Google);

    // To anybody: the log alone, so that nobody fills the table.
    browser.submit(PASSWORDS, &[("username", "ana"), ("password", "wrong")]).await;
    trail.logged();
    trail.audited().await;
    browser
        .submit(PASSWORDS, &[("username", "ana"), ("password", "correct horse")])
        .await
        .assert_status(429);
    trail.refused("rate.limited");
    for (request, reason) in [
        (Request::post("/auth/signout", &[]), "csrf.refused"),
        (Request::get("/auth/callback/google?state=x&code=y"), "callback.state_unknown"),
        (Request::get("/auth/callback/google?code=y"), "callback.state_missing"),
        (Request::get("/auth/nothing"), "action.unknown"),
    ] {
        browser.send(request).await;
        trail.refused(reason);
    }
    browser.confirm(ANA, "never sent").await;
    trail.refused("link.unknown");
    let letter = world.letter_for(&mut browser, ANA).await;
    browser.type_code("00000000").await.assert_wrong_code();
    trail.refused("code.refused");
    browser.press(&letter).await.assert_welcome();
    let callback = browser.begin_as(Face::Google, ANA).await;
    browser.clone().follow(&callback).await.assert_welcome();
    trail.audited().await;
    browser.follow(&callback).await.assert_refused("OAuthCallbackError");
    trail.refused("callback.replayed");
    assert_eq!(trail.audited().await, [], "a table that anybody could fill");
}
