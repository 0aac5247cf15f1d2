//! The application of a scenario: its configuration, as far as it can be said here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use betancourt_auth::hook::Decision;
use betancourt_auth::provider::{
    Algorithm, ClientAuthentication, Email, Profile, Protocol, Provider, Registration, apple,
    microsoft_entra_id,
};
use betancourt_auth::testing::ManualClock;
use betancourt_auth::{Config, NoRandomness, Random, Secret, Strategy};
use ring::digest::{SHA256, digest};
use serde_json::Value;
use time::Duration;

use crate::hooks::Decisions;
use crate::recording::{Exchange, Scenario};
use crate::ways_in::{self, Outbox};

/// A secret of a recording that is too short for us, and ours in its place.
const SHORT_SECRET: (&str, &str) =
    ("new-secret-0123456789", "a-newer-secret-of-at-least-32-characters!!");

/// The facts of a scenario that its parts ask for.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) strategy: Strategy,
    /// Newest first.
    pub(crate) secrets: Vec<String>,
    /// Those of the recording.
    pub(crate) recorded_secrets: Vec<String>,
    origin: String,
    pub(crate) providers: Vec<String>,
}

impl Stage {
    pub(crate) fn of(scenario: &Scenario, default_secret: &str) -> Self {
        let setup = &scenario.setup;
        let has_rows = ["-db", "database"].iter().any(|word| scenario.id.contains(word));
        let strategy = match setup["session"]["strategy"].as_str() {
            Some("jwt") => Strategy::Jwt,
            Some("database") => Strategy::Database,
            _ if has_rows || setup.get("adapter").is_some() => Strategy::Database,
            _ => Strategy::Jwt,
        };
        let secrets = |newer: &str| match setup.get("secret") {
            Some(Value::Null) => Vec::new(),
            Some(_) => vec![newer.to_owned(), default_secret.to_owned()],
            None => vec![default_secret.to_owned()],
        };
        let url = &scenario.exchanges[0].request.url;
        // A host that is not trusted is one that the configuration does not name.
        let origin = match setup["trustHost"].as_bool() {
            Some(false) => "https://another.example.com".to_owned(),
            _ => url.origin().ascii_serialization(),
        };
        Self {
            strategy,
            secrets: secrets(SHORT_SECRET.1),
            recorded_secrets: secrets(SHORT_SECRET.0),
            origin,
            providers: registrations(scenario).iter().map(id).collect(),
        }
    }

    /// Whether there is a provider of that id to sign in with.
    pub(crate) fn has_provider(&self, id: Option<&str>) -> bool {
        self.providers.iter().any(|known| Some(&**known) == id)
    }

    /// The configuration, with a clock and randomness of the test.
    pub(crate) fn config(
        &self,
        scenario: &Scenario,
        clock: &ManualClock,
        random: &Arc<Counted>,
        outbox: &Outbox,
    ) -> Config {
        let setup = &scenario.setup;
        let mut config = Config::new(&self.origin, "").unwrap();
        config.secrets = self.secrets.iter().map(Secret::new).collect();
        config.clock = Arc::new(clock.clone());
        config.random = Arc::<Counted>::clone(random);
        config.session.strategy = self.strategy;
        let seconds = |name: &str| setup["session"][name].as_i64().map(Duration::seconds);
        if let Some(max_age) = seconds("maxAge") {
            config.session.max_age = max_age;
        }
        if let Some(update_age) = seconds("updateAge") {
            config.session.update_age = update_age;
        }
        config.registrations = registrations(scenario);
        config.email = ways_in::email(scenario, outbox).into_iter().collect();
        config.credentials = ways_in::credentials(scenario).into_iter().collect();
        let page = |name: &str| setup["pages"][name].as_str().map(str::to_owned);
        config.pages.sign_in = page("signIn");
        config.pages.sign_out = page("signOut");
        config.pages.error = page("error");
        config.pages.verify_request = page("verifyRequest");
        config.pages.new_user = page("newUser");
        config
    }
}

fn id(registration: &Registration) -> String {
    registration.provider.id.to_string()
}

/// What the application decides in an exchange, in the words of its note.
pub(crate) fn decisions(scenario: &Scenario, exchange: &Exchange) -> Decisions {
    let callbacks = &scenario.setup["callbacks"];
    let sign_in = match exchange.note.strip_prefix("signIn callback: ") {
        None if callbacks["signIn"] == "false" => Decision::Deny,
        None => Decision::Allow,
        Some("'/denied'") => Decision::Redirect("/denied".to_owned()),
        Some(foreign) if foreign.starts_with("foreign URL") => {
            Decision::Redirect("https://evil.example.net/".to_owned())
        }
        Some(_) => Decision::Deny,
    };
    let may_have_mail = match callbacks["signIn"].as_str() {
        Some("false when verificationRequest") => Decision::Deny,
        _ => sign_in.clone(),
    };
    Decisions {
        sign_in,
        may_have_mail,
        jwt_is_null: callbacks["jwt"] == "null",
        takes_a_name: callbacks["jwt"].as_str().is_some_and(|says| says.contains("token.name")),
        shows_the_id: callbacks["session"] == "adds user.id = token.sub",
    }
}

/// Randomness that is the same at every run: the hashes of the numbers from one on.
#[derive(Debug, Default)]
pub(crate) struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for chunk in bytes.chunks_mut(32) {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&digest(&SHA256, &number.to_be_bytes()).as_ref()[..chunk.len()]);
        }
        Ok(())
    }
}

fn registrations(scenario: &Scenario) -> Vec<Registration> {
    let named = scenario.setup["providers"].as_str().unwrap_or_default();
    let mut registrations = Vec::new();
    if named.contains("GitHub") {
        registrations.push(Registration::new(acme("github", "GitHub"), "github-client", "secret"));
    }
    if named.starts_with("OAuth provider 'acme'") {
        let ids: &[&'static str] = match &*scenario.id {
            "callback-client-auth" => &["basic", "post"],
            "callback-oauth-errors" => &["acme", "other"],
            _ => &["acme"],
        };
        for id in ids {
            let mut provider = acme(id, "Acme");
            if scenario.id == "callback-profile-throws" {
                provider.profile = |_| None;
            }
            if *id == "post" {
                provider.client_authentication = ClientAuthentication::Post;
            }
            let mut registration =
                Registration::new(provider, "acme-client", "acme secret/with+chars");
            registration.danger_email_account_linking = named.contains("allowDangerous");
            registrations.push(registration);
        }
    }
    if named.contains("OIDC") {
        registrations.push(Registration::new(corp(), "corp-client", "corp-secret"));
    }
    if named.contains("Apple") {
        registrations.push(Registration::new(signed_here(apple()), "com.example.app", "x"));
    }
    if named.contains("MicrosoftEntraID") {
        let provider = signed_here(microsoft_entra_id());
        registrations.push(Registration::new(provider, "entra-client", "s"));
    }
    registrations
}

/// The same provider with tokens that the key of this test has signed.
fn signed_here(mut provider: Provider) -> Provider {
    if let Protocol::OpenIdConnect { algorithms, .. } = &mut provider.protocol {
        *algorithms = vec![Algorithm::Es256];
    }
    provider
}

fn acme(id: &'static str, name: &'static str) -> Provider {
    Provider {
        id: id.into(),
        name: name.into(),
        protocol: Protocol::OAuth2 {
            authorization: "https://idp.example.com/authorize".into(),
            token: "https://idp.example.com/token".into(),
            documents: vec!["https://idp.example.com/userinfo".into()],
        },
        scopes: vec!["read".into()],
        client_authentication: ClientAuthentication::Basic,
        quirks: Vec::new(),
        profile: |documents| profile(documents, "id", "avatar"),
    }
}

fn corp() -> Provider {
    Provider {
        id: "corp".into(),
        name: "Corp SSO".into(),
        protocol: Protocol::OpenIdConnect {
            issuer: "https://idp.example.com".into(),
            algorithms: vec![Algorithm::Es256],
        },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        client_authentication: ClientAuthentication::Basic,
        quirks: Vec::new(),
        profile: |documents| profile(documents, "sub", "picture"),
    }
}

fn profile(documents: &[Value], subject: &str, picture: &str) -> Option<Profile> {
    let document = documents.first()?;
    let text = |member: &str| document[member].as_str().map(str::to_owned);
    let subject = match &document[subject] {
        Value::Number(number) => number.to_string(),
        subject => subject.as_str()?.to_owned(),
    };
    let email = text("email").map(Email::Unverified);
    Some(Profile { subject, name: text("name"), email, image: text(picture) })
}
