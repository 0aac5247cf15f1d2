//! The site on a free port, with one person in its database and a client that follows no redirect.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use betancourt_auth::clock::{Clock, SystemClock};
use betancourt_auth::http_client::{BundledClient, HttpClient as _};
use betancourt_auth::mailer::Mailer;
use betancourt_auth::provider::{self, EmailProvider, Registration};
use betancourt_auth::store::{Keeping, Mailbox, NewSession, Store};
use betancourt_auth::{
    Account, AccountKey, AuditEvent, AuditKind, Auth, Config, SessionDetails, StoredToken, User,
    UserId,
};
use betancourt_auth_dev::LookAlikes;
use betancourt_auth_sqlx::SqlStore;
use betancourt_site::alarm::Alarm;
use betancourt_site::database::ask_one;
use betancourt_site::site::Site;
use betancourt_site::{departures, routes, tables};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, ORIGIN, SET_COOKIE};
use http::{HeaderValue, Method, Request, StatusCode};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

/// The token of Ana's session.
pub(crate) const SESSION: &str = "a-session-token-of-the-usual-length-0123456";

/// An origin whose pages may read the API.
pub(crate) const NEIGHBOUR: &str = "https://desk.betancourtaudio.example";

/// Where messages to the studio go.
pub(crate) const STUDIO: &str = "studio@betancourtaudio.example";

/// The running site.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    client: BundledClient,
    clock: Arc<Ahead>,
    site: Site,
}

/// The clock of the house, so far ahead.
#[derive(Debug, Default)]
struct Ahead(Mutex<Duration>);

impl Clock for Ahead {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + *self.0.lock().unwrap()
    }
}

/// What it answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) text: String,
    /// How many bytes came over the line.
    pub(crate) size: usize,
    pub(crate) bytes: Bytes,
    headers: HeaderMap,
}

impl Running {
    /// Starts the site under its address, with the four providers and with Ana, who is signed in.
    pub(crate) async fn start() -> Self {
        Self::start_on(in_memory().await).await
    }

    /// Starts it with people in a database of the test.
    pub(crate) async fn start_on(store: SqlStore) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self::start_as(&url, listener, store).await
    }

    /// Starts it behind something that speaks TLS for it under a name.
    pub(crate) async fn start_under(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_as(url, listener, in_memory().await).await
    }

    async fn start_as(url: &str, listener: TcpListener, store: SqlStore) -> Self {
        let providers = [
            provider::google(),
            provider::facebook(),
            provider::apple(),
            provider::microsoft_entra_id(),
        ];
        let registered = |provider| Registration::new(provider, "a client", "a client secret");
        Self::start_with(url, listener, store, providers.map(registered).into(), None).await
    }

    /// Starts it with a database and with somebody who takes its mail.
    pub(crate) async fn start_mailing(store: SqlStore, mailer: Arc<dyn Mailer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self::start_with(&url, listener, store, Vec::new(), Some(mailer)).await
    }

    /// Starts it beside look-alikes, as it runs without keys.
    pub(crate) async fn start_beside_look_alikes() -> (Self, LookAlikes) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lookalikes = LookAlikes::start(&format!("{url}/api/auth")).await.unwrap();
        let registrations = lookalikes.registrations();
        let store = in_memory().await;
        let mailer: Arc<dyn Mailer> = Arc::new(lookalikes.mailbox());
        let site = Self::start_with(&url, listener, store, registrations, Some(mailer)).await;
        (site, lookalikes)
    }

    async fn start_with(
        url: &str,
        listener: TcpListener,
        store: SqlStore,
        registrations: Vec<Registration>,
        mailer: Option<Arc<dyn Mailer>>,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let mut config = Config::new(url, "k6xJ0s2mN8qRv4tYw7zAbCdEfGhIjKlM").unwrap();
        config.base_path = "/api/auth".to_owned();
        config.pages.sign_in = Some("/".to_owned());
        config.pages.error = Some("/".to_owned());
        config.pages.forbidden = Some("/dashboard".to_owned());
        config.never_without = Some("ADMIN".into());
        config.registrations = registrations;
        config.email.extend(mailer.map(EmailProvider::new));
        let now = config.clock.now();
        let clock = Arc::new(Ahead::default());
        config.clock = clock.clone();
        let mut ana = User::new(UserId::new("ana"));
        ana.name = Some("Ana Prada".to_owned());
        ana.email = Some("ana@example.org".to_owned());
        let account = Account::new(AccountKey::new("google", "1042"), ana.id.clone(), "oidc");
        let session = NewSession {
            token: StoredToken::hashed(SESSION),
            keeping: Keeping::Stored,
            user_id: ana.id.clone(),
            expires: now + Duration::days(30),
            details: SessionDetails::new(now, "google"),
            origin: None,
            replaces: Vec::new(),
            keep: 10,
        };
        let event = AuditEvent::new(now, AuditKind::SignedUp).about(&ana.id);
        tables::make(&store).await.unwrap();
        store.sign_up(&ana, Some(&account), &session, &[event]).await.unwrap();
        let letters = TaskTracker::new();
        if let Some(alarm) = Alarm::of(&config, &store, &letters) {
            config.events = Arc::new(alarm);
        }
        let auth = Auth::new(config, store.clone()).unwrap();
        let site = Site {
            auth,
            store,
            look_alikes: false,
            mailbox: None,
            contact: STUDIO.to_owned(),
            other_origins: vec![HeaderValue::from_static(NEIGHBOUR)],
            letters,
            counts_sessions: true,
            started: Instant::now(),
        };
        let app = routes::router(site.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = BundledClient::new().unwrap();
        Self { address, client, clock, site }
    }

    /// Serves other pages, with everything around them that the site has.
    pub(crate) async fn serve_beside(&self, pages: Router<Site>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = routes::dressed(pages, self.site.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    /// Asks one of them, by the name that the site has.
    pub(crate) async fn ask_beside(&self, address: SocketAddr, path: &str) -> Answer {
        let request = Request::get(format!("http://{address}{path}"))
            .header(HOST, self.address.to_string())
            .header(ACCEPT, "text/html");
        self.send(request.body(Bytes::new()).unwrap()).await
    }

    /// Another session of Ana's, in which she signed in so long ago, with this browser.
    pub(crate) async fn sign_in_ana(&self, token: &str, ago: Duration, agent: &str) {
        let now = self.site.now();
        let mut details = SessionDetails::new(now - ago, "google");
        details.device = Some(agent.to_owned());
        let session = NewSession {
            token: StoredToken::hashed(token),
            keeping: Keeping::Stored,
            user_id: UserId::new("ana"),
            expires: now + Duration::days(30),
            details,
            origin: None,
            replaces: Vec::new(),
            keep: 100,
        };
        let google = Account::new(AccountKey::new("google", "1042"), UserId::new("ana"), "oidc");
        let mut event = AuditEvent::new(now - ago, AuditKind::SignedIn).about(&google.user_id);
        event.network = Some("203.0.113.0".to_owned());
        event.device = Some(agent.to_owned());
        let audit = [event];
        self.site.store.sign_in(&google, Mailbox::Unchanged, &session, &audit).await.unwrap();
    }

    /// Lets time pass, for the site.
    pub(crate) fn pass(&self, time: Duration) {
        *self.clock.0.lock().unwrap() += time;
    }

    /// Deletes who asked for it and whose time has come, and says how many.
    pub(crate) async fn delete_who_is_due(&self) -> u64 {
        departures::carry_out(&self.site).await.unwrap()
    }

    /// How many rows there are of Ana, of what is hers, and of requests of hers.
    pub(crate) async fn rows_about_ana(&self) -> i64 {
        const COUNT: &str = r#"
            SELECT (SELECT COUNT(*) FROM "users") + (SELECT COUNT(*) FROM "accounts")
                + (SELECT COUNT(*) FROM "sessions") + (SELECT COUNT(*) FROM "auth_sessions")
                + (SELECT COUNT(*) FROM "auth_accounts")
                + (SELECT COUNT(*) FROM "auth_deletions" WHERE "userId" IS NOT NULL)"#;
        let found: Option<(i64,)> = ask_one(&self.site.store, COUNT, &[]).await.unwrap();
        found.unwrap().0
    }

    /// What is still known of what happened to her.
    pub(crate) async fn log_about_ana(&self) -> Vec<AuditEvent> {
        let mut log = self.site.store.audit_log(1000).await.unwrap();
        log.retain(|event| event.user_id == Some(UserId::new("ana")));
        log
    }

    /// Ties another account to Ana.
    pub(crate) async fn link_ana(&self, provider: &str, subject: &str) {
        let now = self.site.now();
        let key = AccountKey::new(provider, subject);
        let account = Account::new(key, UserId::new("ana"), "oauth");
        let session = NewSession {
            token: StoredToken::hashed("a-session-that-ends-as-soon-as-it-begins-01"),
            keeping: Keeping::Stored,
            user_id: UserId::new("ana"),
            expires: now,
            details: SessionDetails::new(now, provider),
            origin: None,
            replaces: Vec::new(),
            keep: 10,
        };
        self.site.store.link(&account, &session, &[]).await.unwrap();
    }

    /// Gives Ana a role behind the back of her session.
    pub(crate) async fn set_role(&self, role: &str) {
        assert!(self.site.auth.set_role(&UserId::new("ana"), role).await.unwrap());
    }

    /// What it keeps things in.
    pub(crate) fn store(&self) -> &SqlStore {
        &self.site.store
    }

    /// Waits until no mail about a new device is on its way.
    pub(crate) async fn settle(&self) {
        self.site.letters.close();
        self.site.letters.wait().await;
        self.site.letters.reopen();
    }

    /// The present, by the site's clock.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.site.now()
    }

    /// From now on the database does not answer.
    pub(crate) async fn lose_the_database(&self) {
        self.site.store.sqlite_pool().unwrap().close().await;
    }

    /// Asks as a browser of nobody.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(path, &[]).await
    }

    /// Asks as a browser with a session.
    pub(crate) async fn get_as(&self, path: &str, token: &str) -> Answer {
        self.ask(path, &[(COOKIE, &format!("authjs.session-token={token}"))]).await
    }

    /// Asks as a browser with headers. One of the test takes the place of the usual one.
    pub(crate) async fn ask(&self, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
        let mut request =
            Request::get(self.url(path)).header(ACCEPT, "text/html").body(Bytes::new()).unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.send(request).await
    }

    /// Asks as a script, by any method.
    pub(crate) async fn call(
        &self,
        method: &Method,
        path: &str,
        headers: &[(HeaderName, &str)],
    ) -> Answer {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method.clone();
        *request.uri_mut() = self.url(path).parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.send(request).await
    }

    /// Asks whoever is at an address.
    pub(crate) async fn ask_at(&self, url: &str) -> Answer {
        let request = Request::get(url).header(ACCEPT, "text/html");
        self.send(request.body(Bytes::new()).unwrap()).await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.post_as(&self.url(path), form, "x=1").await
    }

    /// Sends a form to an address, with cookies.
    pub(crate) async fn post_as(&self, url: &str, form: &str, cookies: &str) -> Answer {
        let request = Request::post(url)
            .header(ACCEPT, "text/html")
            .header(COOKIE, cookies)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Bytes::copy_from_slice(form.as_bytes())).unwrap()).await
    }

    /// Sends a form as a browser does, or as one that has been told other headers.
    pub(crate) async fn submit(
        &self,
        path: &str,
        form: &str,
        headers: &[(HeaderName, &str)],
    ) -> Answer {
        let mut request = Request::post(self.url(path))
            .header(ACCEPT, "text/html")
            .header(ORIGIN, format!("http://{}", self.address))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::copy_from_slice(form.as_bytes()))
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.send(request).await
    }

    async fn send(&self, request: Request<Bytes>) -> Answer {
        let (parts, body) = self.client.send(request).await.unwrap().into_parts();
        let text = String::from_utf8_lossy(&body).into_owned();
        let (status, headers, size) = (parts.status, parts.headers, body.len());
        Answer { status, text, bytes: body, size, headers }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Answer {
    /// Whether it has a header.
    pub(crate) fn has(&self, name: HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// The cookies that it sets, as they are sent back.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let set = self.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
        set.filter_map(|cookie| cookie.split(';').next()).collect()
    }

    /// A header, empty if there is none.
    pub(crate) fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The opening tag of the sign-in dialog.
    pub(crate) fn dialog(&self) -> &str {
        let begin = self.text.find("<dialog id=\"sign-in\"").unwrap();
        self.text[begin..].split_inclusive('>').next().unwrap()
    }

    /// The addresses of our own that the page names.
    pub(crate) fn addresses(&self) -> BTreeSet<String> {
        let named = ["href=\"/", "src=\"/"].into_iter().flat_map(|before| {
            self.text
                .split(before)
                .skip(1)
                .map(|rest| format!("/{}", rest.split(['"', '#']).next().unwrap()))
        });
        named.collect()
    }
}

pub(crate) async fn in_memory() -> SqlStore {
    SqlStore::connect("sqlite::memory:").await.unwrap()
}
