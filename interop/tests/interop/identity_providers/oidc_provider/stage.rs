//! An application of ours and the provider, which know each other in several ways at once.

use betancourt_auth::provider::{Provider, Quirk, Registration, oidc};
use serde_json::{Value, json};
use url::Url;

use super::provider::{OidcProvider, issuer};
use crate::app::{BASE_PATH, free_origin, free_port};
use crate::identity_providers::house::{House, Keeping, callback};
use crate::identity_providers::person::Person;
use crate::tools;
use crate::user_agent::{Page, Step};

/// What our side has for a secret: every character of it counts.
pub(super) const SECRET: &str = "50 % of this: a+b/c=d & e~f, which is no secret";

/// A way to be registered: what our side says of it, and what the provider's side says.
pub(super) struct Variant {
    pub(super) id: &'static str,
    ours: Box<dyn Fn(Registration) -> Registration>,
    theirs: Value,
}

impl Variant {
    /// One that differs from the usual by that. What is `null` on the provider's side is not there.
    pub(super) fn new(
        id: &'static str,
        ours: impl Fn(Registration) -> Registration + 'static,
        theirs: Value,
    ) -> Self {
        Self { id, ours: Box::new(ours), theirs }
    }

    /// One that differs in what our side knows of the provider.
    pub(super) fn of(
        id: &'static str,
        provider: impl Fn(Provider) -> Provider + 'static,
        theirs: Value,
    ) -> Self {
        let ours = move |mut registration: Registration| {
            registration.provider = provider(registration.provider);
            registration
        };
        Self::new(id, ours, theirs)
    }

    /// With a secret in the header.
    pub(super) fn usual() -> Self {
        Self::new("usual", |registration| registration, json!({}))
    }

    fn registration(&self, issuer: &str) -> Registration {
        // A certified provider gives the claims of a person at its UserInfo endpoint (OpenID Connect Core §5.4).
        let provider = oidc(self.id, "The provider", issuer.to_owned()).with_quirk(Quirk::UserInfo);
        (self.ours)(Registration::new(provider, self.id, SECRET))
    }

    fn metadata(&self, origin: &str) -> Value {
        let address = |action: &str| format!("{origin}{BASE_PATH}/{action}");
        let mut metadata = json!({
            "client_id": self.id,
            "client_secret": SECRET,
            "redirect_uris": [callback(origin, self.id)],
            "post_logout_redirect_uris": [address("signed-out")],
            "backchannel_logout_uri": address(&format!("backchannel-logout/{}", self.id)),
            "backchannel_logout_session_required": true,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
        });
        let members = metadata.as_object_mut().unwrap();
        members.extend(self.theirs.as_object().unwrap().clone());
        members.retain(|_, value| !value.is_null());
        metadata
    }
}

pub(super) struct Stage {
    pub(super) provider: OidcProvider,
    pub(super) house: House,
}

impl Stage {
    /// Both, with these registrations. `None`: something is missing, and that has been said.
    pub(super) async fn open(keeping: Keeping, variants: &[Variant]) -> Option<Self> {
        let node = tools::node_with_oidc_provider()?;
        let (origin, port) = (free_origin(), free_port());
        let clients: Vec<_> = variants.iter().map(|variant| variant.metadata(&origin)).collect();
        let registrations = variants.iter().map(|variant| variant.registration(&issuer(port)));
        let provider = OidcProvider::start(node, port, &clients);
        let house = House::open(origin, keeping, registrations.collect()).await;
        Some(Self { provider, house })
    }

    /// Somebody who has not been here before.
    pub(super) fn somebody(&self) -> Person {
        Person::at(self.house.origin())
    }

    /// Signs somebody in, and makes sure who that is.
    pub(super) async fn signs_in(&self, person: &mut Person, variant: &str, name: &str) {
        let page = arrives(person, variant, name).await;
        self.house.is_home(&page);
        assert_eq!(person.is_known_as().await, known(name));
    }
}

/// Goes the whole way, to wherever it leads.
pub(super) async fn arrives(person: &mut Person, variant: &str, name: &str) -> Page {
    let page = asked(person, variant).await;
    let page = person.browser.submit(&page, &[("person", name), ("answer", "agree")]).await;
    if page.url.path().starts_with("/auth/") {
        return person.browser.submit(&page, &[]).await; // what the script in an answer by form does
    }
    page
}

/// Goes as far as the page where the provider asks who somebody is.
pub(super) async fn asked(person: &mut Person, variant: &str) -> Page {
    let to = person.begin(variant).await;
    let page = person.browser.open(&to).await;
    assert!(page.url.path().starts_with("/interaction/"), "{page:?}");
    page
}

/// Goes as far as the address with the code, without opening it.
pub(super) async fn sent_back(person: &mut Person, variant: &str, name: &str) -> Url {
    let page = asked(person, variant).await;
    let step = agree(person, &page, name).await;
    person.until_sent_back(step, variant).await
}

/// Presses the button on the provider's page.
pub(super) async fn agree(person: &mut Person, page: &Page, name: &str) -> Step {
    person.browser.press(page, &[("person", name), ("answer", "agree")]).await
}

/// What our server knows of somebody at the provider.
pub(super) fn known(name: &str) -> Option<(String, String)> {
    Some((format!("{name} of the provider"), format!("{name}@provider.example")))
}
