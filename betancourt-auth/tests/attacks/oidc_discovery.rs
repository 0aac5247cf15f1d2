//! Discovery documents that are somebody else's, or lead to places where no provider is.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::http_client::{BundledClient, HttpClient, Unreachable};
use betancourt_auth::provider::Protocol;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Environment};
use betancourt_auth_dev::{Body, Endpoint, Face, Tamper};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Request, Response};
use serde_json::{Value, json};
use time::Duration;

use crate::support::{
    ANA, Browser, CanaryHost, Place, SECRET, Stage, VALENTINA, World, ask_for_more, at_google,
};

/// So long after a failure nobody asks a provider again.
const PAUSE: Duration = Duration::seconds(11);

/// Presses Google's button while it cannot be used.
async fn begin_in_vain(world: &World) -> Browser {
    let mut browser = world.browser();
    let answer = browser.submit("/auth/signin/google", &[("callbackUrl", "/dashboard")]).await;
    answer.assert_refused("ProviderUnavailable");
    assert_eq!(browser.handshake(), None, "no attempt has begun");
    browser
}

/// A document that names another issuer is nobody's: not for those who begin, nor for those who are half way, nor for a
/// moment longer than it is wrong.
pub(crate) async fn oidc_01_a_document_of_another_issuer(place: Place) {
    let of = |world: &World| world.net.lookalikes.client(Face::Google).issuer();
    let wrong: [fn(String) -> String; 4] = [
        |_| "https://accounts.evil.example".to_owned(),
        |issuer| format!("{issuer}/"),
        |issuer| issuer.replace("127.0.0.1", "localhost"),
        |issuer| issuer.to_uppercase(),
    ];
    for wrong in wrong {
        let world = World::start(place).await;
        let before = world.snapshot().await;
        let named = wrong(of(&world));
        world.tamper(
            Face::Google,
            Tamper::json(Endpoint::Discovery, move |document| {
                document["issuer"] = named.clone().into()
            }),
        );
        let mut browser = begin_in_vain(&world).await;
        let event = world.log.once("discovery.issuer_mismatch");
        assert_eq!(
            (&event["level"], &event["fields"]["provider"]),
            (&"ERROR".into(), &"google".into())
        );
        assert!(!world.log.text().contains("evil.example"), "the document is quoted");
        assert!(world.net.lookalikes.seen(Face::Google, Endpoint::Authorization).is_empty());
        world.assert_unchanged(&before).await;
        world.browser().sign_in(Face::Microsoft, VALENTINA).await;

        // Nothing of it was kept.
        world.net.lookalikes.behave(Face::Google);
        world.wait(PAUSE);
        browser.sign_in(Face::Google, ANA).await;
    }
    half_way(place).await;
}

/// The document changes while somebody is at the provider, and has to be read anew when they come back.
async fn half_way(place: Place) {
    for hostile in [true, false] {
        let world = World::start(place).await;
        let short = HeaderValue::from_static("max-age=60");
        world.tamper(
            Face::Google,
            Tamper::answer(Endpoint::Discovery, move |answer| {
                answer.headers.insert(CACHE_CONTROL, short.clone());
            }),
        );
        let mut browser = world.browser();
        let authorize = browser.begin(Face::Google).await;
        world.wait(Duration::minutes(6));
        if hostile {
            world.tamper(
                Face::Google,
                Tamper::json(Endpoint::Discovery, |document| {
                    document["issuer"] = "https://accounts.evil.example".into();
                }),
            );
        }
        let callback = world.net.approve(&authorize, ANA).await;
        let answer = browser.follow(&callback).await;
        if hostile {
            answer.assert_refused("ProviderUnavailable");
            assert_eq!(world.token_requests(Face::Google), 0, "the code went nowhere");
        } else {
            answer.assert_welcome();
        }
    }
}

/// Endpoints in clear, in a file, behind a user's name, or at a port where no provider is.
pub(crate) async fn oidc_02_endpoints_where_no_provider_is(place: Place) {
    let world = Stage::new(place).config(at_google(ask_for_more)).start().await;
    let canary = CanaryHost::serving(&json!({ "keys": [] })).await;
    let genuine = world.net.lookalikes.url().join("/google/token").unwrap();
    let mut with_user = genuine.clone();
    with_user.set_username("ana").unwrap();
    let places = [
        "http://accounts.example.com/token".to_owned(),
        "http://10.0.0.1/token".to_owned(),
        "file:///etc/passwd".to_owned(),
        "javascript:alert(1)".to_owned(),
        "https://ana:secret@accounts.example.com/token".to_owned(),
        "https://accounts.example.com:22/token".to_owned(),
        with_user.into(),
        canary.url("/token"),
    ];
    let before = world.snapshot().await;
    for member in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"] {
        for address in &places {
            let address = address.clone();
            world.tamper(
                Face::Google,
                Tamper::json(Endpoint::Discovery, move |document| {
                    document[member] = address.clone().into();
                }),
            );
            begin_in_vain(&world).await;
            world.net.lookalikes.behave(Face::Google);
            world.wait(PAUSE);
        }
    }
    assert_eq!(world.log.events("provider.unreachable").len(), 4 * places.len());
    canary.assert_unvisited().await;
    world.assert_unchanged(&before).await;
    world.browser().sign_in(Face::Google, ANA).await;
    in_production(place).await;
}

/// What stands where in production: the look-alikes, under a name and over https as far as anybody can tell.
const PUBLIC: &str = "https://id.example.com";

/// Brings requests to the public name to the look-alikes.
#[derive(Debug)]
struct Rerouted {
    client: BundledClient,
    to: String,
}

#[async_trait]
impl HttpClient for Rerouted {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, Unreachable> {
        let rerouted = request.uri().to_string().replace(PUBLIC, &self.to);
        *request.uri_mut() = rerouted.parse().unwrap();
        self.client.send(request).await
    }
}

/// An application that is in production and knows the look-alike Google by its public name.
fn in_public(config: &mut Config) {
    config.registrations.retain(|known| known.provider.id == "google");
    let google = &mut config.registrations[0].provider;
    let Protocol::OpenIdConnect { issuer, .. } = &google.protocol else { panic!("no issuer") };
    let to = issuer.strip_suffix("/google").unwrap().to_owned();
    *google = google.clone().at(&format!("{PUBLIC}/google"));
    config.environment = Environment::Production;
    config.http_client = Some(Arc::new(Rerouted { client: BundledClient::new().unwrap(), to }));
}

/// In production not even an address of this machine may be in clear: neither in the configuration nor in a document.
async fn in_production(place: Place) {
    let world = Stage::new(place).config(in_public).start().await;
    let mut config = Config::new("https://app.example.com", SECRET).unwrap();
    config.registrations = world.net.lookalikes.registrations();
    let refused = Auth::new(config.clone(), MemoryStore::default()).unwrap_err().to_string();
    assert!(refused.contains("use https"), "{refused}");
    config.environment = Environment::Development;
    assert!(Auth::new(config, MemoryStore::default()).is_ok());

    let here = world.net.lookalikes.url().as_str().trim_end_matches('/').to_owned();
    let issuer = format!("{PUBLIC}/google");
    world.tamper(Face::Google, published_as(&here));
    let in_clear = format!("{here}/google/jwks");
    world.tamper(
        Face::Google,
        Tamper::json(Endpoint::Discovery, move |document| {
            document["jwks_uri"] = in_clear.clone().into();
        }),
    );
    begin_in_vain(&world).await;
    world.net.lookalikes.behave(Face::Google);
    world.wait(PAUSE);

    world.tamper(Face::Google, published_as(&here));
    let claimed = issuer.clone();
    world.tamper(
        Face::Google,
        Tamper::id_token(move |token| token.claims["iss"] = claimed.clone().into()),
    );
    world.tamper(Face::Google, Tamper::callback(move |callback| callback.set("iss", &issuer)));
    let mut browser = world.browser();
    let answer = browser.submit("/auth/signin/google", &[]).await;
    let authorize = answer.location().as_str().replace(PUBLIC, &here);
    let callback = world.net.approve(&authorize, ANA).await;
    browser.follow(&callback).await.assert_welcome();
}

/// The document as it is at the public name.
fn published_as(here: &str) -> Tamper {
    let here = here.to_owned();
    Tamper::answer(Endpoint::Discovery, move |answer| {
        if let Body::Json(document) = &mut answer.body {
            let published = document.to_string().replace(&here, PUBLIC);
            *document = serde_json::from_str::<Value>(&published).unwrap();
        }
    })
}
