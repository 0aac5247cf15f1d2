//! All that is peculiar to one provider, as data.
//!
//! A provider is a value: endpoints, scopes, one pure function from its documents to a [`Profile`], and a list of
//! [`Quirk`]s that are interpreted in one place. What an application registered with a provider — client id and
//! secret — stands beside it in a [`Registration`].

mod apple;
mod asgardeo;
mod assurance;
mod atlassian;
mod auth0;
mod authentik;
mod azure_ad;
mod azure_ad_b2c;
mod azure_devops;
mod bankid_no;
mod battlenet;
mod beyondidentity;
mod bitbucket;
mod box_com;
mod boxyhq_saml;
mod bungie;
mod catalogue;
mod click_up;
mod cognito;
mod coinbase;
mod concept2;
mod credentials;
mod descope;
mod discord;
mod dribbble;
mod dropbox;
mod duende_identity_server6;
mod email;
mod eventbrite;
mod eveonline;
mod facebook;
mod faceit;
mod figma;
mod foursquare;
mod freshbooks;
mod frontegg;
mod fusionauth;
mod generic;
mod gitea;
mod github;
mod gitlab;
mod google;
mod hubspot;
mod huggingface;
mod hydra;
mod identity_server4;
mod instagram;
mod kakao;
mod keycloak;
mod kinde;
mod line;
mod linkedin;
mod logto;
mod mailchimp;
mod mailru;
mod mastodon;
mod mattermost;
mod medium;
mod microsoft_entra_id;
mod naver;
mod netlify;
mod netsuite;
mod nextcloud;
mod notion;
mod okta;
mod onelogin;
mod osso;
mod osu;
mod passage;
mod patreon;
mod ping_id;
mod pinterest;
mod pipedrive;
mod profile;
mod protocol;
mod reddit;
mod registrar;
mod registration;
mod roblox;
mod salesforce;
mod school_42;
mod simplelogin;
mod slack;
mod spotify;
mod strava;
mod threads;
mod tiktok;
mod todoist;
mod trakt;
mod twitch;
mod twitter;
mod united_effects;
mod vipps;
mod vk;
mod webex;
mod wechat;
mod wikimedia;
mod wordpress;
mod workos;
mod yandex;
mod zitadel;
mod zoho;
mod zoom;

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};

use serde_json::Value;

pub use apple::apple;
pub use asgardeo::asgardeo;
pub use assurance::Assurance;
pub use atlassian::atlassian;
pub use auth0::auth0;
pub use authentik::authentik;
pub use azure_ad::azure_ad;
pub use azure_ad_b2c::azure_ad_b2c;
pub use azure_devops::azure_devops;
pub use bankid_no::bankid_no;
pub use battlenet::battlenet;
pub use beyondidentity::beyondidentity;
pub use bitbucket::bitbucket;
pub use box_com::box_com;
pub use boxyhq_saml::boxyhq_saml;
pub use bungie::bungie;
pub use catalogue::{CATALOGUE, Entry};
pub use click_up::click_up;
pub use cognito::cognito;
pub use coinbase::coinbase;
pub use concept2::concept2;
pub use credentials::{Authorize, AuthorizeError, CredentialsProvider, Field, Submitted};
pub use descope::descope;
pub use discord::discord;
pub use dribbble::dribbble;
pub use dropbox::dropbox;
pub use duende_identity_server6::duende_identity_server6;
pub use email::{EmailProvider, Opening};
pub use eventbrite::eventbrite;
pub use eveonline::eveonline;
pub use facebook::facebook;
pub use faceit::faceit;
pub use figma::figma;
pub use foursquare::foursquare;
pub use freshbooks::freshbooks;
pub use frontegg::frontegg;
pub use fusionauth::fusionauth;
pub use generic::{oauth2, oidc};
pub use gitea::gitea;
pub use github::github;
pub use gitlab::gitlab;
pub use google::google;
pub use hubspot::hubspot;
pub use huggingface::huggingface;
pub use hydra::hydra;
pub use identity_server4::identity_server4;
pub use instagram::instagram;
pub use kakao::kakao;
pub use keycloak::keycloak;
pub use kinde::kinde;
pub use line::line;
pub use linkedin::linkedin;
pub use logto::logto;
pub use mailchimp::mailchimp;
pub use mailru::mailru;
pub use mastodon::mastodon;
pub use mattermost::mattermost;
pub use medium::medium;
pub use microsoft_entra_id::microsoft_entra_id;
pub use naver::naver;
pub use netlify::netlify;
pub use netsuite::netsuite;
pub use nextcloud::nextcloud;
pub use notion::notion;
pub use okta::okta;
pub use onelogin::onelogin;
pub use osso::osso;
pub use osu::osu;
pub use passage::passage;
pub use patreon::patreon;
pub use ping_id::ping_id;
pub use pinterest::pinterest;
pub use pipedrive::pipedrive;
pub use profile::{Email, Profile};
pub use protocol::{Algorithm, ClientAuthentication, Inbox, Protocol, Quirk, Tenants};
pub use reddit::reddit;
pub use registrar::{Registrar, Unfindable};
pub(crate) use registration::Chooser;
pub use registration::{AppleKey, Credential, PrivateKey, Registration};
pub use roblox::roblox;
pub use salesforce::salesforce;
pub use school_42::school_42;
pub use simplelogin::simplelogin;
pub use slack::slack;
pub use spotify::spotify;
pub use strava::strava;
pub use threads::threads;
pub use tiktok::tiktok;
pub use todoist::todoist;
pub use trakt::trakt;
pub use twitch::twitch;
pub use twitter::twitter;
pub use united_effects::united_effects;
pub use vipps::vipps;
pub use vk::vk;
pub use webex::webex;
pub use wechat::wechat;
pub use wikimedia::wikimedia;
pub use wordpress::wordpress;
pub use workos::workos;
pub use yandex::yandex;
pub use zitadel::zitadel;
pub use zoho::zoho;
pub use zoom::zoom;

use profile::{claimed_email, first_text, full_name, identifier, standard, text, vouched_email};

/// A text that is mostly known when the program is written.
pub type Text = Cow<'static, str>;

/// A place where people can prove who they are.
#[derive(Clone)]
pub struct Provider {
    /// The id, as it stands in paths and tables: that of Auth.js.
    pub id: Text,
    /// The name that people know.
    pub name: Text,
    /// How to speak with it.
    pub protocol: Protocol,
    /// The scopes to ask for.
    pub scopes: Vec<Text>,
    /// How our client proves itself at the token endpoint.
    pub client_authentication: ClientAuthentication,
    /// What it does in its own way.
    pub quirks: Vec<Quirk>,
    /// From its documents to what we take: the claims of the ID token, or the documents of
    /// [`Protocol::OAuth2`] in their order. `None` when they lack what a profile needs.
    pub profile: fn(&[Value]) -> Option<Profile>,
}

impl Provider {
    /// The same provider at another address: another issuer, or for plain OAuth 2 the same paths below another base.
    ///
    /// ```
    /// use betancourt_auth::provider::{Protocol, facebook};
    /// let Protocol::OAuth2 { token, .. } = facebook().at("https://graph.example.com").protocol else { panic!() };
    /// assert_eq!(token, "https://graph.example.com/v23.0/oauth/access_token");
    /// ```
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        let moved = |endpoint: &Text| {
            let (_, rest) = endpoint.split_once("://").unwrap_or_default();
            let (_, path) = rest.split_once('/').unwrap_or_default();
            Text::from(format!("{}/{path}", address.trim_end_matches('/')))
        };
        match &mut self.protocol {
            Protocol::OpenIdConnect { issuer, .. } => *issuer = address.to_owned().into(),
            Protocol::OAuth2 { authorization, token, documents } => {
                *authorization = moved(authorization);
                *token = moved(token);
                *documents = documents.iter().map(moved).collect();
            }
        }
        self
    }

    /// The same provider, asked for these scopes.
    ///
    /// ```
    /// use betancourt_auth::provider::gitlab;
    /// assert_eq!(gitlab().with_scopes(&["read_user", "email"]).scopes, ["read_user", "email"]);
    /// ```
    #[must_use]
    pub fn with_scopes(mut self, scopes: &[&'static str]) -> Self {
        self.scopes = scopes.iter().map(|scope| Text::Borrowed(scope)).collect();
        self
    }

    /// The same provider, whose ID tokens may be signed in these ways and in no other. Plain OAuth 2 has none.
    ///
    /// ```
    /// use betancourt_auth::provider::{Algorithm, Protocol, oidc};
    /// let provider = oidc("our-own", "Our own", "https://id.example.com");
    /// let Protocol::OpenIdConnect { algorithms, .. } = provider.with_algorithms(&[Algorithm::EdDsa]).protocol else {
    ///     panic!()
    /// };
    /// assert_eq!(algorithms, [Algorithm::EdDsa]);
    /// ```
    #[must_use]
    pub fn with_algorithms(mut self, admitted: &[Algorithm]) -> Self {
        if let Protocol::OpenIdConnect { algorithms, .. } = &mut self.protocol {
            *algorithms = admitted.to_vec();
        }
        self
    }

    /// The same provider with one thing more that it does in its own way.
    ///
    /// ```
    /// use betancourt_auth::provider::{Quirk, google};
    /// let offline = Quirk::Parameter("access_type".into(), "offline".into());
    /// assert!(google().with_quirk(offline.clone()).quirks.contains(&offline));
    /// ```
    #[must_use]
    pub fn with_quirk(mut self, quirk: Quirk) -> Self {
        self.quirks.push(quirk);
        self
    }

    /// The same provider with another way to prove our client.
    ///
    /// ```
    /// use betancourt_auth::provider::{ClientAuthentication, oidc};
    /// let provider = oidc("our-own", "Our own", "https://id.example.com");
    /// let provider = provider.with_client_authentication(ClientAuthentication::Post);
    /// assert_eq!(provider.client_authentication, ClientAuthentication::Post);
    /// ```
    #[must_use]
    pub fn with_client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.client_authentication = authentication;
        self
    }

    /// The same provider with another reading of its documents.
    ///
    /// ```
    /// use betancourt_auth::provider::{Profile, oidc};
    /// let provider = oidc("our-own", "Our own", "https://id.example.com").with_profile(|documents| {
    ///     let subject = documents.first()?.get("employee")?.as_str()?.to_owned();
    ///     Some(Profile { subject, name: None, email: None, image: None })
    /// });
    /// let claims = serde_json::json!({ "sub": "7", "employee": "e-12" });
    /// assert_eq!((provider.profile)(&[claims]).unwrap().subject, "e-12");
    /// ```
    #[must_use]
    pub fn with_profile(mut self, profile: fn(&[Value]) -> Option<Profile>) -> Self {
        self.profile = profile;
        self
    }

    /// How it tells of people who are not here, if it does.
    pub(crate) fn inbox(&self) -> Option<Inbox> {
        let inbox =
            |quirk: &Quirk| if let Quirk::Inbox(inbox) = quirk { Some(*inbox) } else { None };
        self.quirks.iter().find_map(inbox)
    }

    /// The `type` of its accounts, as Auth.js writes it: `oidc` or `oauth`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.protocol {
            Protocol::OpenIdConnect { .. } => "oidc",
            Protocol::OAuth2 { .. } => "oauth",
        }
    }
}

impl Debug for Provider {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Provider")
            .field("id", &self.id)
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}
