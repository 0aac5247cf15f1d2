//! Google as a hostile provider: one sign-in for each way in which it is, and what must come of it.

use betancourt_auth::Config;
use betancourt_auth::provider::{Algorithm, Protocol, Quirk, Registration};
use betancourt_auth_dev::{Endpoint, Face, Tamper};

use super::{ANA, Answer, Place, Stage, World};

/// Changes what the application registered with Google.
pub(crate) fn at_google(
    change: impl Fn(&mut Registration) + Send + 'static,
) -> impl Fn(&mut Config) + Send + 'static {
    move |config| {
        let mut registrations = config.registrations.iter_mut();
        change(registrations.find(|known| known.provider.id == "google").unwrap());
    }
}

/// Asks Google's UserInfo endpoint, too, so that a test sees whether it was asked.
pub(crate) fn ask_for_more(registration: &mut Registration) {
    registration.provider.quirks.push(Quirk::UserInfo);
}

/// Takes ID tokens that are signed in one of these ways.
pub(crate) fn signed_with(registration: &mut Registration, configured: &[Algorithm]) {
    if let Protocol::OpenIdConnect { algorithms, .. } = &mut registration.provider.protocol {
        *algorithms = configured.to_vec();
    }
}

impl World {
    /// A world in which Google's UserInfo endpoint is asked.
    pub(crate) async fn with_user_info(place: Place) -> Self {
        Stage::new(place).config(at_google(ask_for_more)).start().await
    }

    /// What becomes of Ana's sign-in at a Google that is hostile in these ways, and only this time.
    pub(crate) async fn at_hostile_google(&self, tampers: Vec<Tamper>) -> Answer {
        for tamper in tampers {
            self.tamper(Face::Google, tamper);
        }
        let mut browser = self.browser();
        let callback = browser.begin_as(Face::Google, ANA).await;
        let answer = browser.follow(&callback).await;
        assert_eq!(browser.knock().await == 200, answer.sets_a_session());
        self.net.lookalikes.behave(Face::Google);
        answer
    }

    /// Nobody gets in: refused for that reason, once, before UserInfo is asked, and nothing changes.
    pub(crate) async fn assert_rejected(&self, tampers: Vec<Tamper>, reason: &str) {
        let asked = || self.net.lookalikes.seen(Face::Google, Endpoint::UserInfo).len();
        let before = asked();
        self.assert_rejected_after_all(tampers, reason).await;
        assert_eq!(asked(), before, "UserInfo was asked with the tokens of a refused answer");
    }

    /// The same, but for UserInfo, which may have been asked.
    pub(crate) async fn assert_rejected_after_all(&self, tampers: Vec<Tamper>, reason: &str) {
        let (before, told) = (self.snapshot().await, self.log.events(reason).len());
        self.at_hostile_google(tampers).await.assert_refused("OAuthCallbackError");
        let events = self.log.events(reason);
        assert_eq!(events.len(), told + 1, "`{reason}` in the log:\n{}", self.log.text());
        assert_eq!(events[told]["fields"]["provider"], "google");
        self.assert_unchanged(&before).await;
    }

    /// The sign-in succeeds: what a test changed does no harm.
    pub(crate) async fn assert_accepted(&self, tampers: Vec<Tamper>) {
        self.at_hostile_google(tampers).await.assert_welcome();
    }
}

/// A Google whose ID tokens say something else, or nothing where that is `None`.
pub(crate) fn claim(name: &'static str, value: Option<serde_json::Value>) -> Tamper {
    Tamper::id_token(move |token| {
        let claims = token.claims.as_object_mut().unwrap();
        match &value {
            Some(value) => claims.insert(name.to_owned(), value.clone()),
            None => claims.remove(name),
        };
    })
}
