//! The catalogue: every provider that Auth.js has, by its id there, and some more.

use super::Provider;

/// Every provider of the catalogue, in the order of their ids.
///
/// ```
/// use betancourt_auth::provider::CATALOGUE;
/// let keycloak = CATALOGUE.iter().find(|entry| entry.id == "keycloak").unwrap();
/// assert!(keycloak.provider(None).is_none(), "a Keycloak is wherever its operator put it");
/// let provider = keycloak.provider(Some("https://id.example.com/realms/staff")).unwrap();
/// assert_eq!(provider.name, "Keycloak");
/// ```
pub static CATALOGUE: &[Entry] = &[
    Entry::fixed("42-school", super::school_42),
    Entry::fixed("apple", super::apple),
    Entry::placed("asgardeo", super::asgardeo),
    Entry::fixed("atlassian", super::atlassian),
    Entry::placed("auth0", super::auth0),
    Entry::placed("authentik", super::authentik),
    Entry::fixed("azure-ad", super::azure_ad),
    Entry::placed("azure-ad-b2c", super::azure_ad_b2c),
    Entry::fixed("azure-devops", super::azure_devops),
    Entry::fixed("bankid-no", super::bankid_no),
    Entry::fixed("battlenet", super::battlenet),
    Entry::placed("beyondidentity", super::beyondidentity),
    Entry::fixed("bitbucket", super::bitbucket),
    Entry::fixed("box", super::box_com),
    Entry::placed("boxyhq-saml", super::boxyhq_saml),
    Entry::fixed("bungie", super::bungie),
    Entry::fixed("click-up", super::click_up),
    Entry::placed("cognito", super::cognito),
    Entry::fixed("coinbase", super::coinbase),
    Entry::fixed("concept2", super::concept2),
    Entry::fixed("descope", super::descope),
    Entry::fixed("discord", super::discord),
    Entry::fixed("dribbble", super::dribbble),
    Entry::fixed("dropbox", super::dropbox),
    Entry::placed("duende-identity-server6", super::duende_identity_server6),
    Entry::fixed("eventbrite", super::eventbrite),
    Entry::fixed("eveonline", super::eveonline),
    Entry::fixed("facebook", super::facebook),
    Entry::fixed("faceit", super::faceit),
    Entry::fixed("figma", super::figma),
    Entry::fixed("foursquare", super::foursquare),
    Entry::fixed("freshbooks", super::freshbooks),
    Entry::placed("frontegg", super::frontegg),
    Entry::placed("fusionauth", super::fusionauth),
    Entry::placed("gitea", super::gitea),
    Entry::fixed("github", super::github),
    Entry::fixed("gitlab", super::gitlab),
    Entry::fixed("google", super::google),
    Entry::fixed("hubspot", super::hubspot),
    Entry::fixed("huggingface", super::huggingface),
    Entry::placed("hydra", super::hydra),
    Entry::placed("identity-server4", super::identity_server4),
    Entry::fixed("instagram", super::instagram),
    Entry::fixed("kakao", super::kakao),
    Entry::placed("keycloak", super::keycloak),
    Entry::placed("kinde", super::kinde),
    Entry::fixed("line", super::line),
    Entry::fixed("linkedin", super::linkedin),
    Entry::placed("logto", super::logto),
    Entry::fixed("mailchimp", super::mailchimp),
    Entry::fixed("mailru", super::mailru),
    Entry::placed("mastodon", super::mastodon),
    Entry::placed("mattermost", super::mattermost),
    Entry::fixed("medium", super::medium),
    Entry::fixed("microsoft-entra-id", super::microsoft_entra_id),
    Entry::fixed("naver", super::naver),
    Entry::fixed("netlify", super::netlify),
    Entry::placed("netsuite", super::netsuite),
    Entry::placed("nextcloud", super::nextcloud),
    Entry::fixed("notion", super::notion),
    Entry::placed("okta", super::okta),
    Entry::placed("onelogin", super::onelogin),
    Entry::placed("osso", super::osso),
    Entry::fixed("osu", super::osu),
    Entry::placed("passage", super::passage),
    Entry::fixed("patreon", super::patreon),
    Entry::placed("ping-id", super::ping_id),
    Entry::fixed("pinterest", super::pinterest),
    Entry::fixed("pipedrive", super::pipedrive),
    Entry::fixed("reddit", super::reddit),
    Entry::fixed("roblox", super::roblox),
    Entry::fixed("salesforce", super::salesforce),
    Entry::fixed("simplelogin", super::simplelogin),
    Entry::fixed("slack", super::slack),
    Entry::fixed("spotify", super::spotify),
    Entry::fixed("strava", super::strava),
    Entry::fixed("threads", super::threads),
    Entry::fixed("tiktok", super::tiktok),
    Entry::fixed("todoist", super::todoist),
    Entry::fixed("trakt", super::trakt),
    Entry::fixed("twitch", super::twitch),
    Entry::fixed("twitter", super::twitter),
    Entry::placed("united-effects", super::united_effects),
    Entry::fixed("vipps", super::vipps),
    Entry::fixed("vk", super::vk),
    Entry::fixed("webex", super::webex),
    Entry::fixed("wechat", super::wechat),
    Entry::fixed("wikimedia", super::wikimedia),
    Entry::fixed("wordpress", super::wordpress),
    Entry::fixed("workos", super::workos),
    Entry::fixed("yandex", super::yandex),
    Entry::placed("zitadel", super::zitadel),
    Entry::fixed("zoho", super::zoho),
    Entry::fixed("zoom", super::zoom),
];

/// One provider of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its id, which also names its variables: `AUTH_<ID>_ID`.
    pub id: &'static str,
    place: Place,
}

/// Where a provider is.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// At one place for everybody.
    Fixed(fn() -> Provider),
    /// Wherever its operator put it.
    Given(fn(&str) -> Provider),
}

impl Entry {
    const fn fixed(id: &'static str, make: fn() -> Provider) -> Self {
        Self { id, place: Place::Fixed(make) }
    }

    const fn placed(id: &'static str, make: fn(&str) -> Provider) -> Self {
        Self { id, place: Place::Given(make) }
    }

    /// Whether somebody must say where it is: its issuer, or the address that its endpoints lie below.
    #[must_use]
    pub fn needs_address(&self) -> bool {
        matches!(self.place, Place::Given(_))
    }

    /// The provider, at an address if there is one. `None` when it needs one.
    #[must_use]
    pub fn provider(&self, address: Option<&str>) -> Option<Provider> {
        match (self.place, address) {
            (Place::Fixed(make), None) => Some(make()),
            (Place::Fixed(make), Some(address)) => Some(make().at(address)),
            (Place::Given(make), Some(address)) => Some(make(address)),
            (Place::Given(_), None) => None,
        }
    }
}
