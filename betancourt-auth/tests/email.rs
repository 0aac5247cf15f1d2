//! Signing in by e-mail through `Auth::handle`: link, page, button, code.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use betancourt_auth::clock::Clock;
use betancourt_auth::hook::{Arrival, Callbacks, Decision, Events, SignIn};
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::{
    Authorize, AuthorizeError, CredentialsProvider, EmailProvider, Opening, Submitted,
};
use betancourt_auth::store::{MemoryStore, Suspension};
use betancourt_auth::testing::{ManualClock, Outbox};
use betancourt_auth::{AuditKind, Auth, Config, Strategy, User, UserId};
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{Request, Response};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use url::{Url, form_urlencoded};

const APP: &str = "https://app.example.com";
const ANA: &str = "ana@example.com";

/// An application whose mail goes into an outbox.
struct World {
    auth: Auth,
    outbox: Outbox,
    clock: ManualClock,
}

/// A browser of somebody.
#[derive(Clone)]
struct Browser {
    auth: Auth,
    cookies: BTreeMap<String, String>,
    headers: Vec<(http::HeaderName, &'static str)>,
}

impl World {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Config)) -> Self {
        let outbox = Outbox::default();
        let clock = ManualClock::at(OffsetDateTime::UNIX_EPOCH + Duration::days(20_000));
        let mut config = Config::new(APP, "a secret of at least 32 characters!!").unwrap();
        config.email.push(EmailProvider::new(Arc::new(outbox.clone())));
        config.clock = Arc::new(clock.clone());
        change(&mut config);
        let auth = Auth::new(config, MemoryStore::default()).unwrap();
        Self { auth, outbox, clock }
    }

    fn browser(&self) -> Browser {
        Browser {
            auth: self.auth.clone(),
            cookies: BTreeMap::new(),
            headers: vec![(ACCEPT, "text/html")],
        }
    }

    async fn user(&self, address: &str) -> Option<User> {
        self.auth.store().user_by_email(address).await.unwrap()
    }

    /// The mail that a browser asked for and got.
    async fn mail(&self, browser: &mut Browser, address: &str) -> Mail {
        browser.ask(address).await;
        self.auth.settle().await;
        self.outbox.newest_to(address).expect("a mail")
    }
}

impl Browser {
    async fn send(&mut self, request: http::request::Builder, body: String) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            request.header(HOST, "app.example.com").header(COOKIE, cookies.join("; "));
        for (name, value) in &self.headers {
            request = request.header(name, *value);
        }
        let response = self.auth.handle(request.body(Bytes::from(body)).unwrap()).await;
        for cookie in response.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    async fn get(&mut self, path: &str) -> Response<Bytes> {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response<Bytes> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let post = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(post, body).await
    }

    async fn csrf(&mut self) -> String {
        let answer = self.get("/auth/csrf").await;
        let token: Value = serde_json::from_slice(answer.body()).unwrap();
        token["csrfToken"].as_str().unwrap().to_owned()
    }

    async fn ask(&mut self, address: &str) -> Response<Bytes> {
        let token = self.csrf().await;
        let form =
            [("csrfToken", &*token), ("email", address), ("callbackUrl", "/dashboard?tab=1")];
        self.post("/auth/signin/email", &form).await
    }

    /// Opens a link and presses the button of its page.
    async fn follow(&mut self, link: &str) -> String {
        let page = self.get(link.strip_prefix(APP).unwrap()).await;
        assert_eq!(page.status(), 200);
        let form = hidden_fields(&text(&page));
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        location(&self.post("/auth/callback/email", &form).await)
    }

    async fn type_code(&mut self, code: &str) -> Response<Bytes> {
        let page = text(&self.get("/auth/verify-request?provider=email&type=email").await);
        let fields = hidden_fields(&page);
        let mut form: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        form.push(("code", code));
        self.post("/auth/callback/email", &form).await
    }

    async fn who(&mut self) -> Option<String> {
        let answer = self.get("/auth/session").await;
        let session: Value = serde_json::from_slice(answer.body()).unwrap();
        session["user"]["email"].as_str().map(str::to_owned)
    }
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn location(response: &Response<Bytes>) -> String {
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// The hidden fields of the only form of a page, with what escaping did undone.
fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let inputs = page.split("<input type=\"hidden\" ").skip(1);
    let value = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().replace("&#38;", "&").replace("&#61;", "=")
    };
    inputs.map(|input| (value(input, "name"), value(input, "value"))).collect()
}

fn parameters(link: &str) -> Vec<(String, String)> {
    Url::parse(link).unwrap().query_pairs().into_owned().collect()
}

fn error_of(location: &str) -> Option<String> {
    parameters(location).into_iter().find(|(name, _)| name == "error").map(|(_, code)| code)
}

#[tokio::test]
async fn a_link_leads_to_a_page_whose_button_signs_in() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let world = World::with(|config| config.session.strategy = strategy);
        let mut browser = world.browser();
        let asked = browser.ask(" Ana@Example.COM").await;
        assert_eq!(asked.status(), 303);
        assert_eq!(
            location(&asked),
            format!("{APP}/auth/verify-request?provider=email&type=email")
        );
        let waiting = text(&browser.get("/auth/verify-request?provider=email&type=email").await);
        assert!(waiting.contains("<strong>ana@example.com</strong>"));

        world.auth.settle().await;
        let mail = world.outbox.newest_to(ANA).expect("the mail");
        let link = Outbox::link(&mail).unwrap();
        assert_eq!((mail.link.as_deref(), mail.code.as_deref()), (Some(link), Outbox::code(&mail)));
        let names: Vec<_> = parameters(link).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["callbackUrl", "token", "email"]);
        assert!(link.starts_with(&format!("{APP}/auth/callback/email?callbackUrl=")));
        assert!(mail.html.contains(&link.replace('&', "&#38;")));

        let path = link.strip_prefix(APP).unwrap();
        let page = text(&browser.get(path).await);
        assert!(page.contains(r#"<p class="address">ana@example.com</p>"#), "{page}");
        assert_eq!((browser.who().await, world.user(ANA).await), (None, None));
        assert_eq!(browser.follow(link).await, format!("{APP}/dashboard?tab=1"));
        assert_eq!(browser.who().await.as_deref(), Some(ANA));
        assert!(
            !browser.cookies.contains_key("__Host-authjs.mail"),
            "there is nothing to wait for"
        );

        let user = world.user(ANA).await.unwrap();
        assert!(user.email_verified.is_some());
        assert!(world.auth.store().accounts(&user.id).await.unwrap().is_empty());
        let again = browser.follow(link).await;
        assert!(again.starts_with(&format!("{APP}/auth/error?error=Verification")), "{again}");
        let kinds: Vec<_> = world.auth.store().audit_log(9).await.unwrap();
        let kinds: Vec<_> = kinds.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [AuditKind::SignInRefused, AuditKind::SignedUp]);
    }
}

#[tokio::test]
async fn a_code_signs_in_the_browser_that_asked() {
    let world = World::new();
    let mut browser = world.browser();
    let mail = world.mail(&mut browser, ANA).await;
    let code = Outbox::code(&mail).unwrap();
    assert!(code.len() == 9 && code.chars().nth(4) == Some(' '), "{code}");

    let mut another = world.browser();
    world.mail(&mut another, "eva@example.com").await;
    let refused = another.type_code(code).await;
    assert_eq!(error_of(&location(&refused)).as_deref(), Some("Verification"));
    assert_eq!(another.who().await, None);

    let wrong = browser.type_code("0000 0000").await;
    let again = location(&wrong);
    assert_eq!(
        again,
        format!("{APP}/auth/verify-request?provider=email&type=email&error=Verification")
    );
    let page = text(&browser.get(again.strip_prefix(APP).unwrap()).await);
    assert!(page.contains("This is not the code"));

    assert_eq!(location(&browser.type_code(code).await), format!("{APP}/dashboard?tab=1"));
    assert_eq!(browser.who().await.as_deref(), Some(ANA));
    let link = Outbox::link(&mail).unwrap();
    assert_eq!(error_of(&world.browser().follow(link).await).as_deref(), Some("Verification"));
}

#[tokio::test]
async fn a_code_can_be_tried_five_times() {
    let world = World::new();
    let mut browser = world.browser();
    let mail = world.mail(&mut browser, ANA).await;
    for _ in 0..5 {
        assert_eq!(browser.type_code("00000000").await.status(), 303);
    }
    assert_eq!(browser.type_code(Outbox::code(&mail).unwrap()).await.status(), 429);
    assert_eq!(browser.who().await, None);
    let link = Outbox::link(&mail).unwrap();
    assert_eq!(error_of(&browser.follow(link).await), None, "the link still opens");
}

#[tokio::test]
async fn a_link_lives_ten_minutes() {
    let world = World::new();
    let mut browser = world.browser();
    let mail = world.mail(&mut browser, ANA).await;
    world.clock.advance(Duration::minutes(10));
    let late = browser.follow(Outbox::link(&mail).unwrap()).await;
    assert_eq!(error_of(&late).as_deref(), Some("Verification"));
    let mail = world.mail(&mut browser, ANA).await;
    world.clock.advance(Duration::minutes(10) - Duration::milliseconds(1));
    assert_eq!(error_of(&browser.follow(Outbox::link(&mail).unwrap()).await), None);
}

#[tokio::test]
async fn a_newer_mail_ends_the_older_one() {
    let world = World::new();
    let mut browser = world.browser();
    let older = world.mail(&mut browser, ANA).await;
    let newer = world.mail(&mut browser, ANA).await;
    let follow = browser.follow(Outbox::link(&older).unwrap()).await;
    assert_eq!(error_of(&follow).as_deref(), Some("Verification"));
    assert_eq!(error_of(&browser.follow(Outbox::link(&newer).unwrap()).await), None);
}

#[tokio::test]
async fn as_in_auth_js_a_link_can_sign_in_at_once() {
    let world = World::with(|config| config.email[0].opening = Opening::SignsIn);
    let mut browser = world.browser();
    let mail = world.mail(&mut browser, ANA).await;
    let path = Outbox::link(&mail).unwrap().strip_prefix(APP).unwrap().to_owned();
    assert_eq!(location(&browser.get(&path).await), format!("{APP}/dashboard?tab=1"));
    assert_eq!(browser.who().await.as_deref(), Some(ANA));
    let again = location(&browser.get(&path).await);
    assert_eq!(error_of(&again).as_deref(), Some("Verification"));
}

#[tokio::test]
async fn the_browser_client_is_told_where_to_go() {
    let world = World::new();
    let mut browser = world.browser();
    browser.headers = vec![(http::HeaderName::from_static("x-auth-return-redirect"), "1")];
    let answer = browser.ask(ANA).await;
    assert_eq!(answer.status(), 200);
    let told: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(
        told,
        json!({ "url": format!("{APP}/auth/verify-request?provider=email&type=email") })
    );
    let refused = browser.ask("ana@@example.com").await;
    let told: Value = serde_json::from_slice(refused.body()).unwrap();
    assert_eq!(error_of(told["url"].as_str().unwrap()).as_deref(), Some("EmailSignin"));
    world.auth.settle().await;
    assert_eq!(world.outbox.mails().len(), 1);
}

#[tokio::test]
async fn the_provider_is_listed_and_its_form_shown() {
    let world = World::new();
    let mut browser = world.browser();
    let providers: Value =
        serde_json::from_slice(browser.get("/auth/providers").await.body()).unwrap();
    let expected = json!({
        "id": "email", "name": "Email", "type": "email",
        "signinUrl": format!("{APP}/auth/signin/email"),
        "callbackUrl": format!("{APP}/auth/callback/email"),
    });
    assert_eq!(providers, json!({ "email": expected }));
    let page = text(&browser.get("/auth/signin").await);
    assert!(page.contains(&format!(r#"action="{APP}/auth/signin/email""#)));
    assert!(page.contains(r#"type="email" name="email""#));
}

#[tokio::test]
async fn mail_and_pages_speak_the_persons_language() {
    let world = World::new();
    let mut browser = world.browser();
    browser.headers.push((ACCEPT_LANGUAGE, "es-CO"));
    let mail = world.mail(&mut browser, ANA).await;
    assert_eq!(mail.subject, "Tu enlace para ingresar a app.example.com");
    let path = Outbox::link(&mail).unwrap().strip_prefix(APP).unwrap().to_owned();
    assert!(text(&browser.get(&path).await).contains("<html lang=\"es\">"));
}

/// Admits who is known, and remembers what it was asked and told.
#[derive(Clone, Debug, Default)]
struct Doorkeeper(Arc<Mutex<Vec<String>>>);

impl Doorkeeper {
    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

#[async_trait]
impl Callbacks for Doorkeeper {
    async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
        let (is_request, is_known) = (arrival.is_request_for_mail, arrival.user.is_some());
        self.note(format!("asked {is_request} {is_known} {:?}", arrival.verified_email));
        match arrival.verified_email {
            Some("eva@example.com") => Decision::Redirect("/elsewhere".into()),
            Some(email) if email.ends_with("@example.com") => Decision::Allow,
            _ => Decision::Deny,
        }
    }
}

#[async_trait]
impl Events for Doorkeeper {
    async fn sign_in(&self, event: &SignIn<'_>) {
        self.note(format!("{} {}", event.account.kind, event.is_new_user));
        assert_eq!(event.account.key.subject, ANA);
        assert!(event.user.email_verified.is_some());
    }
    async fn create_user(&self, user: &User) {
        self.note(format!("created {}", user.email_verified.is_some()));
    }
    async fn update_user(&self, user: &User) {
        self.note(format!("updated {}", user.email_verified.is_some()));
    }
}

#[tokio::test]
async fn the_application_is_asked_before_a_mail_and_before_a_session() {
    let doorkeeper = Doorkeeper::default();
    let world = World::with(|config| {
        config.callbacks = Arc::new(doorkeeper.clone());
        config.events = Arc::new(doorkeeper.clone());
    });
    let mut browser = world.browser();
    for is_new in [true, false] {
        let mail = world.mail(&mut browser, ANA).await;
        browser.follow(Outbox::link(&mail).unwrap()).await;
        let known = !is_new;
        let what = if is_new { "created" } else { "updated" };
        let expected = [
            format!("asked true {known} Some(\"{ANA}\")"),
            format!("asked false {known} Some(\"{ANA}\")"),
            format!("{what} true"),
            format!("email {is_new}"),
        ];
        assert_eq!(std::mem::take(&mut *doorkeeper.0.lock().unwrap()), expected);
    }
    let welcome = world.browser().ask(ANA).await;
    for address in ["mallory@evil.test", "eva@example.com"] {
        let answer = world.browser().ask(address).await;
        assert_eq!((answer.status(), location(&answer)), (welcome.status(), location(&welcome)));
    }
    world.auth.settle().await;
    assert!(world.outbox.mails().iter().all(|mail| mail.to == ANA));
}

/// Takes nothing.
#[derive(Debug)]
struct Broken;

#[async_trait]
impl Mailer for Broken {
    async fn send(&self, _mail: &Mail) -> Result<(), MailError> {
        Err(MailError::because("the line is dead"))
    }
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_changes_no_answer() {
    let world = World::with(|config| config.email = vec![EmailProvider::new(Arc::new(Broken))]);
    let answer = world.browser().ask(ANA).await;
    world.auth.settle().await;
    assert_eq!(location(&answer), format!("{APP}/auth/verify-request?provider=email&type=email"));
}

#[tokio::test]
async fn several_ways_by_mail_have_addresses_of_their_own() {
    let world = World::with(|config| {
        let mut second = config.email[0].clone();
        (second.id, second.name) = ("post".into(), "Post".into());
        config.email.push(second);
    });
    let mut browser = world.browser();
    let token = browser.csrf().await;
    let form = [("csrfToken", &*token), ("email", ANA)];
    let asked = location(&browser.post("/auth/signin/post", &form).await);
    assert_eq!(asked, format!("{APP}/auth/verify-request?provider=post&type=email"));
    world.auth.settle().await;
    let mail = world.outbox.newest_to(ANA).unwrap();
    assert!(Outbox::link(&mail).unwrap().starts_with(&format!("{APP}/auth/callback/post?")));
    let page = text(&browser.get("/auth/verify-request").await);
    assert!(page.contains(&format!(r#"action="{APP}/auth/callback/post""#)));
}

/// A clock that has moved on whenever somebody looks.
#[derive(Debug)]
struct Ticking(ManualClock);

impl Clock for Ticking {
    fn now(&self) -> OffsetDateTime {
        self.0.advance(Duration::milliseconds(1));
        self.0.now()
    }
}

/// Lets whoever says so in with an address that nobody has proven.
#[derive(Debug)]
struct Anybody;

#[async_trait]
impl Authorize for Anybody {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        let mut user = User::new(UserId::new("anybody"));
        user.email = submitted.field("email").map(str::to_owned);
        Ok(user)
    }
}

#[tokio::test]
async fn who_proves_an_address_ends_every_session_from_before_but_their_own() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let world = World::with(|config| {
            config.session.strategy = strategy;
            config.credentials.push(CredentialsProvider::new(Arc::new(Anybody)));
            config.clock = Arc::new(Ticking(ManualClock::at(config.clock.now())));
        });
        let mut somebody = world.browser();
        let token = somebody.csrf().await;
        somebody.post("/auth/callback/credentials", &[("csrfToken", &token), ("email", ANA)]).await;
        assert_eq!(somebody.who().await.as_deref(), Some(ANA));

        let mut ana = world.browser();
        let mail = world.mail(&mut ana, ANA).await;
        ana.follow(Outbox::link(&mail).unwrap()).await;
        assert_eq!(ana.who().await.as_deref(), Some(ANA), "{strategy:?}");
        assert_eq!(somebody.who().await, None, "{strategy:?}");
    }
}

#[tokio::test]
async fn whoever_is_suspended_is_sent_no_mail_and_an_older_one_opens_nothing() {
    for strategy in [Strategy::Database, Strategy::Jwt] {
        let world = World::with(|config| config.session.strategy = strategy);
        let mut browser = world.browser();
        let mail = world.mail(&mut browser, ANA).await;
        browser.follow(Outbox::link(&mail).unwrap()).await;
        let ana = world.user(ANA).await.unwrap().id;
        let older = world.mail(&mut browser, ANA).await;
        let store = world.auth.store();
        let suspension = Suspension::new(world.clock.now(), "a reason");
        store.suspend(&ana, &suspension, None, &[]).await.unwrap();
        world.clock.advance(Duration::minutes(1));

        let mut other = world.browser();
        let to = other.follow(Outbox::link(&older).unwrap()).await;
        assert!(to.contains("error=AccessDenied&code=suspended"), "{to}");
        assert_eq!((other.who().await, browser.who().await), (None, None));
        let sent = world.outbox.mails().len();
        let [asked, stranger] = [ANA, "ben@example.com"];
        let answers = [other.ask(asked).await, other.ask(stranger).await];
        world.auth.settle().await;
        assert_eq!(location(&answers[0]), location(&answers[1]), "the answer tells nothing");
        assert_eq!(world.outbox.mails().len(), sent + 1, "ben's alone");

        store.lift_suspension(&ana, &[]).await.unwrap();
        world.clock.advance(Duration::minutes(11)); // an address is sent three mails in ten
        let mail = world.mail(&mut other, ANA).await;
        other.follow(Outbox::link(&mail).unwrap()).await;
        assert_eq!(other.who().await.as_deref(), Some(ANA));
    }
}
