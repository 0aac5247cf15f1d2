//! The adapters of Auth.js and our store read what the other wrote, each adapter in tables of its own.

use std::slice::from_ref;

use betancourt_auth::store::{AccountStore as _, TokenStore as _, UserStore as _};
use betancourt_auth::{AccountKey, Auth, Config, UserId, VerificationToken};
use betancourt_auth_dev::{Face, LookAlikes, Person, Setup};
use betancourt_auth_sqlx::SqlStore;
use serde_json::{Value, json};
use time::macros::datetime;

use crate::adapter::Adapter;
use crate::app::SECRET;
use crate::authjs::{self, Variables};
use crate::postgres::Postgres;
use crate::program::Program;
use crate::tools;
use crate::visitor::Visitor;

const SESSION: &str = "authjs.session-token";
const PERSON: &str = "ana-restrepo@gmail.com";
const SUBJECT: &str = "104729318650274913867";
const NAME: &str = "Ana Restrepo";

/// One database, and both who work on it.
struct Pair {
    auth: Auth,
    store: SqlStore,
    adapter: Program,
    look_alikes: LookAlikes,
    /// The server lives as long as the pair.
    _postgres: std::sync::Arc<Postgres>,
}

impl Pair {
    async fn start(adapter: Adapter) -> Option<Self> {
        let (node, postgres) = (tools::node_with_authjs()?, Postgres::shared()?);
        let database = postgres.database(adapter.tables());
        let ana = Person::new(SUBJECT, "Ana", "Restrepo").with_email(PERSON);
        let setup = Setup::new("http://localhost:3000/auth").people(Face::Google, vec![ana]);
        let look_alikes = setup.start().await.unwrap();
        let mut config = Config::new("http://localhost:3000", SECRET).unwrap();
        config.registrations = vec![look_alikes.client(Face::Google).registration()];
        let store = adapter.store(&database).await;
        let auth = Auth::new(config, store.clone()).unwrap();
        let variables =
            Variables::from([("ADAPTER", adapter.name().to_owned()), ("DATABASE_URL", database)]);
        let adapter = authjs::server(node, "adapter-alone", &variables);
        Some(Self { auth, store, adapter, look_alikes, _postgres: postgres })
    }

    /// Calls a method of the adapter.
    fn call(&mut self, method: &str, values: &[Value]) -> Value {
        self.adapter.ask(&json!({ "method": method, "values": values }))
    }
}

/// Somebody signs in here: the adapter finds user, account and session, changes them, and ends the session.
async fn reads_what_we_wrote(adapter: Adapter) {
    let Some(mut pair) = Pair::start(adapter).await else { return };
    let auth = pair.auth.clone();
    let mut visitor = Visitor::new(&auth);
    visitor.sign_in(&pair.look_alikes, Face::Google, PERSON).await;
    let shown = visitor.get("/session").await;
    let token = visitor.cookie(SESSION).unwrap().to_owned();

    let found = pair.call("getSessionAndUser", &[json!(token)]);
    let (session, user) = (&found["session"], &found["user"]);
    assert_eq!(session["expires"], shown["expires"]);
    assert_eq!(session["userId"], user["id"]);
    assert_eq!((&user["name"], &user["email"]), (&json!(NAME), &json!(PERSON)));
    assert!(user["emailVerified"].is_string(), "the provider proved the address");

    let stored = pair.store.user_by_email(PERSON).await.unwrap().unwrap();
    let account = pair.store.accounts(&stored.id).await.unwrap().remove(0);
    let key = json!({ "provider": "google", "providerAccountId": account.key.subject });
    assert_eq!(pair.call("getUserByAccount", &[key]), *user);
    assert_eq!(pair.call("getUserByEmail", &[json!(PERSON)]), *user);
    assert_eq!(pair.call("getUser", &[user["id"].clone()]), *user);

    pair.call("updateUser", &[json!({ "id": user["id"], "name": "Ana R." })]);
    let expires = "2099-01-02T03:04:05.678Z";
    pair.call("updateSession", &[json!({ "sessionToken": token, "expires": expires })]);
    let shown = visitor.get("/session").await;
    assert_eq!(shown["user"]["name"], "Ana R.");
    assert_eq!(shown["expires"], expires);

    pair.call("deleteSession", &[json!(token)]);
    assert_eq!(visitor.get("/session").await, Value::Null);
}

/// The adapter writes user, account and session: the person is signed in here, and comes in as the same user.
async fn writes_what_we_read(adapter: Adapter) {
    let Some(mut pair) = Pair::start(adapter).await else { return };
    let auth = pair.auth.clone();
    let proven = "2025-06-07T08:09:10.123Z";
    let user = pair.call(
        "createUser",
        &[json!({ "id": "of-no-account", "name": NAME, "email": PERSON, "emailVerified": proven, "image": null })],
    );
    let id = &user["id"];
    pair.call(
        "linkAccount",
        &[json!({
            "userId": id, "type": "oidc", "provider": "google", "providerAccountId": SUBJECT,
            "access_token": "an access token", "expires_at": 1_999_999_999, "scope": "openid", "token_type": "bearer",
        })],
    );
    let token = "4f9c2a52-6f5e-4a0a-9d1f-0a3c5b7d9e11";
    let expires = "2099-01-02T03:04:05.678Z";
    pair.call(
        "createSession",
        &[json!({ "sessionToken": token, "userId": id, "expires": expires })],
    );

    let mut visitor = Visitor::new(&auth).with_cookie(SESSION, token);
    let shown = visitor.get("/session").await;
    assert_eq!(shown["user"], json!({ "name": NAME, "email": PERSON, "image": null }));
    assert_eq!(shown["expires"], expires);

    let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let stored = pair.store.user(&UserId::new(text)).await.unwrap().unwrap();
    assert_eq!(stored.email_verified, Some(datetime!(2025-06-07 08:09:10.123 UTC)));
    let key = AccountKey::new("google", SUBJECT);
    let account = pair.store.account(&key).await.unwrap().unwrap();
    assert_eq!(account.tokens.access_token.unwrap().expose(), "an access token");
    assert_eq!(account.tokens.expires_at, Some(1_999_999_999));

    let mut returning = Visitor::new(&auth);
    returning.sign_in(&pair.look_alikes, Face::Google, PERSON).await;
    let found = pair.call("getSessionAndUser", &[json!(returning.cookie(SESSION).unwrap())]);
    assert_eq!(found["user"]["id"], *id, "the same user, by the same account");
}

/// A verification token is used once, wherever it was made.
async fn shares_verification_tokens(adapter: Adapter) {
    let Some(mut pair) = Pair::start(adapter).await else { return };
    let (hash, expires) = ("5e88".repeat(16), "2099-01-02T03:04:05.678Z");
    let moment = datetime!(2099-01-02 03:04:05.678 UTC);
    let written = json!({ "identifier": PERSON, "token": hash, "expires": expires });
    let asked = json!({ "identifier": PERSON, "token": hash });

    pair.call("createVerificationToken", from_ref(&written));
    let taken = pair.store.take_token(PERSON, &[&hash]).await.unwrap().unwrap();
    assert_eq!(taken.expires, moment);
    assert_eq!(pair.call("useVerificationToken", from_ref(&asked)), Value::Null);

    let token =
        VerificationToken { identifier: PERSON.to_owned(), token: hash.clone(), expires: moment };
    pair.store.keep_tokens(PERSON, &[token]).await.unwrap();
    assert_eq!(pair.call("useVerificationToken", &[asked]), written);
    assert!(pair.store.take_token(PERSON, &[&hash]).await.unwrap().is_none());
}

/// A test of its own for each adapter and each direction.
macro_rules! adapters {
    ($($module:ident: $adapter:ident,)*) => {$(
        mod $module {
            use super::Adapter;

            #[tokio::test(flavor = "multi_thread")]
            async fn reads_what_we_wrote() {
                super::reads_what_we_wrote(Adapter::$adapter).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn writes_what_we_read() {
                super::writes_what_we_read(Adapter::$adapter).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn shares_verification_tokens() {
                super::shares_verification_tokens(Adapter::$adapter).await;
            }
        }
    )*};
}

adapters! {
    drizzle: Drizzle,
    pg: Pg,
    prisma: Prisma,
}
