//! Pages that ask a replica who is there: what it may answer, what it is never asked, and what becomes of people when it
//! falls behind or goes away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use betancourt_auth::http_client::{HttpClient, Unreachable};
use betancourt_auth::provider::{
    self, Authorize, AuthorizeError, CredentialsProvider, Registration, Submitted,
};
use betancourt_auth::store::{Keeping, NewSession, SessionStore as _, Store as _};
use betancourt_auth::{
    Account, AccountKey, Auth, Config, SessionDetails, StoredToken, User, UserId,
};
use betancourt_auth_sqlx::SqlStore;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Request, Response, StatusCode};
use time::OffsetDateTime;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::database::replicated::{LOOK_UP, Replicated, Server};

/// How far the replica may be behind: so long that a slow machine does not leave it by mistake.
const LAG: Duration = Duration::from_secs(5);
/// What takes so long does not come.
const IN_VAIN: Duration = Duration::from_secs(30);

/// There are no providers to speak to.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl HttpClient for Nobody {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        Err(Unreachable::because("nobody is there"))
    }
}

/// Whoever gives a name has it.
#[derive(Debug)]
struct Trusting;

#[async_trait]
impl Authorize for Trusting {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        let name = submitted.field("username").ok_or_else(AuthorizeError::rejected)?;
        Ok(User::new(UserId::new(name)))
    }
}

/// A process of the application.
struct Process {
    auth: Auth,
    store: SqlStore,
}

impl Process {
    async fn start(servers: &Replicated, has_wire: bool) -> Self {
        let options = SqlStore::options().replica(&servers.replica.url).replica_lag(LAG);
        let store = options.connect(&servers.primary.url).await.unwrap();
        let mut config =
            Config::new("http://localhost:3000", "a secret of at least 32 characters!!").unwrap();
        config.credentials = vec![CredentialsProvider::new(Arc::new(Trusting))];
        config.registrations = vec![Registration::new(provider::google(), "a client", "a secret")];
        config.http_client = Some(Arc::new(Nobody));
        if has_wire {
            config.newswire = store.newswire().await.unwrap();
        }
        Self { auth: Auth::new(config, store.clone()).unwrap(), store }
    }

    /// Whose page it is, within two seconds.
    async fn page(&self, cookie: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())]);
        let session = timeout(Duration::from_secs(2), self.auth.session(&headers)).await;
        session.expect("it takes longer than two seconds").unwrap().map(|it| it.user.id.to_string())
    }

    /// Who they are at this moment, as what is sensitive asks for it.
    async fn current_user(&self, cookie: &str) -> Option<User> {
        let headers = HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())]);
        let visit = self.auth.visit(&headers).await.unwrap();
        self.auth.current_user(&visit).await.unwrap()
    }

    async fn get(&self, path: &str, cookie: &str) -> Response<Bytes> {
        let request = Request::get(path).header(HOST, "localhost:3000").header(COOKIE, cookie);
        self.auth.handle(request.body(Bytes::new()).unwrap()).await
    }

    /// Sends the form of an action, with the token that belongs in it.
    async fn post(&self, path: &str, fields: &str, cookie: &str) -> Response<Bytes> {
        let csrf = self.get("/auth/csrf", cookie).await;
        let said: serde_json::Value = serde_json::from_slice(csrf.body()).unwrap();
        let form = format!("csrfToken={}&{fields}", said["csrfToken"].as_str().unwrap());
        let request = Request::post(path)
            .header(HOST, "localhost:3000")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, format!("{cookie}; {}", cookie_of(&csrf, "authjs.csrf-token")));
        self.auth.handle(request.body(form.into()).unwrap()).await
    }

    /// Signs somebody in who is known, and gives the cookie of their session.
    async fn sign_in(&self, name: &str) -> String {
        let fields = format!("username={name}");
        let answer = self.post("/auth/callback/credentials", &fields, "x=1").await;
        assert!(answer.status().is_redirection(), "{answer:?}");
        cookie_of(&answer, "authjs.session-token")
    }

    /// Makes a user with two accounts.
    async fn sign_up(&self, name: &str) {
        let user = User::new(UserId::new(name));
        let account =
            |provider| Account::new(AccountKey::new(provider, name), UserId::new(name), "oauth");
        let session = |number: u8| NewSession {
            token: StoredToken::hashed(&format!("{name}-{number}")),
            keeping: Keeping::Stored,
            user_id: user.id.clone(),
            expires: OffsetDateTime::UNIX_EPOCH,
            details: SessionDetails::new(OffsetDateTime::UNIX_EPOCH, "google"),
            origin: None,
            replaces: Vec::new(),
            keep: 10,
        };
        self.store.sign_up(&user, Some(&account("google")), &session(0), &[]).await.unwrap();
        self.store.link(&account("facebook"), &session(1), &[]).await.unwrap();
    }
}

fn cookie_of(answer: &Response<Bytes>, name: &str) -> String {
    let mut set = answer.headers().get_all(SET_COOKIE).iter().map(|set| set.to_str().unwrap());
    let cookie = set.find(|set| set.starts_with(&format!("{name}=")));
    cookie.unwrap_or_else(|| panic!("{name}: {answer:?}")).split(';').next().unwrap().to_owned()
}

/// Looks until something is so.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let so = async {
        while !is_so().await {
            yield_now().await;
        }
    };
    timeout(IN_VAIN, so).await.expect("it does not come");
}

/// Waits until pages of this process ask the replica for a session.
async fn until_the_replica_is_asked(servers: &Replicated, process: &Process, cookie: &str) {
    let before = servers.replica.was_sent(LOOK_UP);
    until(async || {
        assert!(process.page(cookie).await.is_some(), "whoever answers, they are signed in");
        let expected = servers.primary.was_sent(LOOK_UP);
        process.page(cookie).await;
        servers.replica.was_sent(LOOK_UP) > before && servers.primary.was_sent(LOOK_UP) == expected
    })
    .await;
}

/// How often the primary and the replica were asked for a session meanwhile.
async fn asked<T>(servers: &Replicated, meanwhile: impl Future<Output = T>) -> (T, [usize; 2]) {
    let so_far = || [&servers.primary, &servers.replica].map(|server| server.was_sent(LOOK_UP));
    let before = so_far();
    let done = meanwhile.await;
    let [primary, replica] = so_far();
    (done, [primary - before[0], replica - before[1]])
}

#[tokio::test]
async fn pages_ask_the_replica_and_nothing_else_does() {
    let Some(mut servers) = Replicated::start() else { return };
    let here = Process::start(&servers, false).await;
    for name in ["ada", "grace", "joan"] {
        here.sign_up(name).await;
    }
    a_page_asks_the_replica_and_whatever_is_done_the_primary(&servers, &here).await;
    whoever_has_just_signed_in_is_signed_in_where_the_replica_stands_still(&servers, &here).await;
    nobody_is_signed_out_when_the_replica_goes_away(&mut servers, &here).await;
}

async fn a_page_asks_the_replica_and_whatever_is_done_the_primary(
    servers: &Replicated,
    here: &Process,
) {
    let cookie = here.sign_in("ada").await;
    until_the_replica_is_asked(servers, here, &cookie).await;
    let pages = async {
        for _ in 0..5 {
            assert_eq!(here.page(&cookie).await.as_deref(), Some("ada"));
        }
    };
    assert_eq!(asked(servers, pages).await, ((), [0, 5]));
    let (user, asked_for_user) = asked(servers, here.current_user(&cookie)).await;
    assert_eq!((user.unwrap().id.as_str(), asked_for_user), ("ada", [1, 1]));
    let (answer, asked_for_session) = asked(servers, here.get("/auth/session", &cookie)).await;
    assert!(String::from_utf8_lossy(answer.body()).contains("expires"));
    assert_eq!(asked_for_session, [1, 0]);

    // Whatever writes: signing in anew, taking an account off, a role, the end.
    let again = here.sign_in("ada").await;
    let accounts: serde_json::Value =
        serde_json::from_slice(here.get("/auth/me/accounts", &again).await.body()).unwrap();
    let mut accounts = accounts["accounts"].as_array().unwrap().iter();
    let facebook = accounts.find(|account| account["provider"] == "facebook");
    let fields = format!("id={}", facebook.unwrap()["id"].as_str().unwrap());
    let taken_off = here.post("/auth/me/accounts/unlink", &fields, &again).await;
    assert_eq!(taken_off.status(), StatusCode::OK, "{taken_off:?}");
    assert!(here.auth.set_role(&UserId::new("ada"), "ADMIN").await.unwrap());
    assert_eq!(here.current_user(&again).await.unwrap().role, "ADMIN");
    let out = here.post("/auth/signout", "", &again).await;
    assert!(out.status().is_redirection(), "{out:?}");
    assert_eq!(here.page(&again).await, None, "it is over at once where it was ended");
    assert_eq!(here.page(&cookie).await.as_deref(), Some("ada"));
    let followed = "pg_last_wal_replay_lsn()";
    for statement in servers.replica.statements() {
        let is_known = statement.contains(LOOK_UP) || statement.contains(followed);
        assert!(is_known, "the replica was asked {statement}");
    }
    assert!(servers.primary.was_sent(r#"DELETE FROM "accounts""#) > 0, "the log has everything");
}

async fn whoever_has_just_signed_in_is_signed_in_where_the_replica_stands_still(
    servers: &Replicated,
    here: &Process,
) {
    let [there, hears] = [Process::start(servers, true).await, Process::start(servers, true).await];
    let cookie = here.sign_in("grace").await;
    for process in [here, &hears] {
        until_the_replica_is_asked(servers, process, &cookie).await;
    }
    stand_still(&servers.replica).await;

    // The replica does not have it, and says so; the primary does.
    let joan = here.sign_in("joan").await;
    let (page, asked_for_joan) = asked(servers, here.page(&joan)).await;
    assert_eq!((page.as_deref(), asked_for_joan), (Some("joan"), [1, 1]));

    // Ended in another process. Where that is heard of, and in what is sensitive, it is over; a page may show it until the
    // replica has been behind for too long, and no longer.
    let ended_at = Instant::now();
    assert!(there.auth.sign_out_everywhere(&UserId::new("grace")).await.unwrap() > 0);
    assert_eq!(here.page(&cookie).await.as_deref(), Some("grace"), "nobody has told");
    assert_eq!(here.current_user(&cookie).await, None);
    assert_eq!(there.page(&cookie).await, None, "it is over at once where it was ended");
    until(async || hears.page(&cookie).await.is_none()).await;
    assert!(servers.replica.is("pg_is_wal_replay_paused()").await, "it was news that told");
    loop {
        let began = Instant::now();
        if here.page(&cookie).await.is_none() {
            break;
        }
        assert!(began < ended_at + LAG, "it is shown for longer than the replica may be behind");
        yield_now().await;
    }
    let (page, asked_for_joan) = asked(servers, here.page(&joan)).await;
    assert_eq!((page.as_deref(), asked_for_joan), (Some("joan"), [1, 0]), "it is left alone");

    servers.replica.run("SELECT pg_wal_replay_resume()").await;
    until_the_replica_is_asked(servers, here, &joan).await;
    assert_eq!(here.page(&cookie).await, None);
}

/// From now on the replica hears what the primary writes, and does not follow.
async fn stand_still(replica: &Server) {
    replica.run("SELECT pg_wal_replay_pause()").await;
    until(async || replica.is("pg_get_wal_replay_pause_state() = 'paused'").await).await;
}

async fn nobody_is_signed_out_when_the_replica_goes_away(servers: &mut Replicated, here: &Process) {
    let cookie = here.sign_in("joan").await;
    until_the_replica_is_asked(servers, here, &cookie).await;
    servers.order("stop");
    let (page, [primary, _]) = asked(servers, here.page(&cookie)).await;
    assert_eq!((page.as_deref(), primary), (Some("joan"), 1));
    let pages = async {
        for _ in 0..5 {
            assert_eq!(here.page(&cookie).await.as_deref(), Some("joan"));
        }
    };
    assert_eq!(asked(servers, pages).await, ((), [5, 0]));
    servers.order("start");
    until_the_replica_is_asked(servers, here, &cookie).await;
}

/// The server itself, and another database of the replica's that knows the same session: whatever is no replica of this
/// database.
#[tokio::test]
async fn what_is_no_replica_is_not_asked() {
    let Some(servers) = Replicated::start() else { return };
    servers.primary.run("CREATE DATABASE other").await;
    let other = |server: &Server| format!("{}other", server.url.strip_suffix("postgres").unwrap());
    let store = async |replica: &str| {
        let options = SqlStore::options().replica(replica).replica_lag(LAG);
        options.connect(&servers.primary.url).await.unwrap()
    };
    let others = [store(&servers.primary.url).await, store(&other(&servers.replica)).await];
    let replicated = store(&servers.replica.url).await;
    let user = User::new(UserId::new("ada"));
    let token = StoredToken::hashed("ada");
    let session = NewSession {
        token: token.clone(),
        keeping: Keeping::Stored,
        user_id: user.id.clone(),
        expires: OffsetDateTime::UNIX_EPOCH,
        details: SessionDetails::new(OffsetDateTime::UNIX_EPOCH, "google"),
        origin: None,
        replaces: Vec::new(),
        keep: 10,
    };
    let alike = SqlStore::connect(&other(&servers.primary)).await.unwrap();
    for store in [&alike, &replicated] {
        store.sign_up(&user, None, &session, &[]).await.unwrap();
    }
    let recent = async |store: &SqlStore| store.recent_session(&token).await.unwrap().unwrap();
    until(async || recent(&replicated).await.as_of.is_some()).await;
    for other in others {
        let found = recent(&other).await;
        assert_eq!((found.value.user.id, found.as_of), (UserId::new("ada"), None));
    }
    let standing = replicated.recent_standing(&user.id, &token).await.unwrap().unwrap();
    assert!(standing.as_of.is_some(), "the same for how things stand");
}
