//! From the environment variables of Auth.js to a `Config`. Pure: the variables come as a function.

#[cfg(feature = "smtp")]
use std::sync::Arc;

use time::Duration;
use url::Url;

use super::{Config, Environment, SetupError, is_safe};
#[cfg(feature = "smtp")]
use crate::mailer::SmtpMailer;
use crate::provider::{
    AppleKey, CATALOGUE, Credential, EmailProvider, Entry, Protocol, Provider, Quirk, Registration,
    Tenants, Text, oidc,
};
use crate::request::TrustedProxies;
use crate::secret::Secret;

const DEFAULT_URL: &str = "http://localhost:3000";
const SHOWN_FIRST: [&str; 4] = ["google", "facebook", "apple", "microsoft-entra-id"];

impl Config {
    /// Reads the variables of Auth.js from the environment of the process.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `AUTH_URL` (`NEXTAUTH_URL`) | the origin people see; a path in it is the base path. Default `http://localhost:3000` |
    /// | `AUTH_SECRET` (`NEXTAUTH_SECRET`) | at least 32 characters; `AUTH_SECRET_1`, `_2`, `_3` are newer ones |
    /// | `AUTH_<PROVIDER>_ID`, `AUTH_<PROVIDER>_SECRET` | a registration, for example `AUTH_GOOGLE_ID` |
    /// | `AUTH_<PROVIDER>_ISSUER` | the issuer of a provider that is wherever its operator put it, or another one; for plain OAuth 2, the base of its endpoints |
    /// | `AUTH_OIDC_ISSUER`, `AUTH_OIDC_ID`, `AUTH_OIDC_SECRET`, `AUTH_OIDC_NAME` | a provider of any issuer, and the name on its button |
    /// | `AUTH_MICROSOFT_ENTRA_ID_TENANT_ID` | a tenant instead of a whole issuer, or a list of those that may come in |
    /// | `AUTH_BUNGIE_API_KEY` | the key of an application that Bungie wants with each call |
    /// | `AUTH_APPLE_TEAM_ID`, `AUTH_APPLE_KEY_ID`, `AUTH_APPLE_PRIVATE_KEY` | what Apple's client secret is signed with |
    /// | `AUTH_SMTP_URL`, `AUTH_EMAIL_FROM` (`EMAIL_SERVER`, `EMAIL_FROM`) | sign-in by e-mail, with the feature `smtp` |
    /// | `AUTH_TRUSTED_PROXIES` | addresses and networks whose `X-Forwarded-For` counts |
    /// | `AUTH_SESSION_CACHE_SECONDS` | for how long a stored session counts without asking the store: [`cache_for`](super::SessionRules::cache_for). Default 0: not at all |
    /// | `AUTH_STRIPPED_PREFIX` | what a proxy takes from the beginning of every path, such as `/app` |
    /// | `APP_ENV`, `NODE_ENV` | `production` |
    ///
    /// # Errors
    /// [`SetupError`]: one sentence that says which variable, what is wrong with it, and what to do.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> Result<Self, SetupError> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables.
    ///
    /// ```
    /// use betancourt_auth::Config;
    /// let config = Config::from_variables(|name| match name {
    ///     "AUTH_SECRET" => Some("a secret of at least 32 characters!!".into()),
    ///     "AUTH_GOOGLE_ID" | "AUTH_GOOGLE_SECRET" => Some("from the console".into()),
    ///     _ => None,
    /// })?;
    /// assert_eq!(config.url.as_str(), "http://localhost:3000/");
    /// assert_eq!(config.registrations[0].provider.id, "google");
    /// # Ok::<(), betancourt_auth::SetupError>(())
    /// ```
    ///
    /// # Errors
    /// [`SetupError`], as [`Config::from_env`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SetupError> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        if set("AUTH_REDIRECT_PROXY_URL").is_some() {
            return Err(SetupError::RedirectProxy);
        }
        let secrets = secrets(&set)?;
        let url = set("AUTH_URL")
            .or_else(|| set("NEXTAUTH_URL"))
            .unwrap_or_else(|| DEFAULT_URL.to_owned());
        let mut config = Self::new(&url, String::new())?;
        config.secrets = secrets;
        if ["APP_ENV", "NODE_ENV"]
            .into_iter()
            .any(|name| set(name).as_deref() == Some("production"))
        {
            config.environment = Environment::Production;
        }
        if let Some(list) = set("AUTH_TRUSTED_PROXIES") {
            config.trusted_proxies =
                TrustedProxies::parse(&list).ok_or(SetupError::TrustedProxies { list })?;
        }
        if let Some(seconds) = set("AUTH_SESSION_CACHE_SECONDS") {
            let parsed =
                seconds.trim().parse::<u32>().map_err(|_| SetupError::SessionCache(seconds))?;
            config.session.cache_for = Duration::seconds(parsed.into());
        }
        config.stripped_prefix = set("AUTH_STRIPPED_PREFIX").unwrap_or_default();
        config.registrations = registrations(&set)?;
        config.registrations.extend(any_issuer(&set, config.environment)?);
        config.email.extend(email(&set)?);
        Ok(config)
    }
}

/// `AUTH_SECRET_3`, `_2`, `_1`, then `AUTH_SECRET`: the order in which Auth.js tries them.
fn secrets(set: &impl Fn(&str) -> Option<String>) -> Result<Vec<Secret>, SetupError> {
    let newest_first = ["AUTH_SECRET_3", "AUTH_SECRET_2", "AUTH_SECRET_1", "AUTH_SECRET"];
    let mut secrets: Vec<Secret> =
        newest_first.into_iter().filter_map(set).map(Secret::new).collect();
    if secrets.is_empty() {
        secrets.extend(set("NEXTAUTH_SECRET").map(Secret::new));
    }
    if secrets.is_empty() { Err(SetupError::MissingSecret) } else { Ok(secrets) }
}

/// Sign-in by e-mail, where a mail server is named.
fn email(set: &impl Fn(&str) -> Option<String>) -> Result<Option<EmailProvider>, SetupError> {
    let server = set("AUTH_SMTP_URL").or_else(|| set("EMAIL_SERVER"));
    let from = set("AUTH_EMAIL_FROM").or_else(|| set("EMAIL_FROM"));
    let half = |present: &str, missing: &str| SetupError::HalfRegistration {
        present: present.to_owned(),
        missing: missing.to_owned(),
    };
    match (server, from) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("AUTH_SMTP_URL", "AUTH_EMAIL_FROM")),
        (None, Some(_)) => Err(half("AUTH_EMAIL_FROM", "AUTH_SMTP_URL")),
        (Some(server), Some(from)) => smtp(&server, &from).map(Some),
    }
}

#[cfg(feature = "smtp")]
fn smtp(server: &str, from: &str) -> Result<EmailProvider, SetupError> {
    let mailer = SmtpMailer::from_url(server, from).map_err(SetupError::Smtp)?;
    Ok(EmailProvider::new(Arc::new(mailer)))
}

#[cfg(not(feature = "smtp"))]
fn smtp(_server: &str, _from: &str) -> Result<EmailProvider, SetupError> {
    Err(SetupError::NoMailer)
}

/// The providers for which there is a client id: those that people expect first, then the others by their ids.
fn registrations(set: &impl Fn(&str) -> Option<String>) -> Result<Vec<Registration>, SetupError> {
    let place = |entry: &&Entry| SHOWN_FIRST.iter().position(|id| *id == entry.id);
    let mut shown: Vec<&Entry> = CATALOGUE.iter().collect();
    shown.sort_by_key(|entry| place(entry).unwrap_or(SHOWN_FIRST.len()));
    shown.into_iter().filter_map(|entry| registration(entry, set).transpose()).collect()
}

fn registration(
    entry: &Entry,
    set: &impl Fn(&str) -> Option<String>,
) -> Result<Option<Registration>, SetupError> {
    let prefix = format!("AUTH_{}", entry.id.to_uppercase().replace('-', "_"));
    let id_variable = format!("{prefix}_ID");
    let secret_variable = format!("{prefix}_SECRET");
    let secret = set(&secret_variable);
    let Some(client_id) = set(&id_variable) else {
        return match secret {
            Some(_) => {
                Err(SetupError::HalfRegistration { present: secret_variable, missing: id_variable })
            }
            None => Ok(None),
        };
    };
    let issuer_variable = format!("{prefix}_ISSUER");
    let issuer = set(&issuer_variable);
    let Some(mut provider) = entry.provider(issuer.as_deref()) else {
        return Err(SetupError::HalfRegistration {
            present: id_variable,
            missing: issuer_variable,
        });
    };
    if let (None, Some(tenants)) = (issuer, set(&format!("{prefix}_TENANT_ID"))) {
        provider = of_tenants(provider, &tenants);
    }
    if let Some(key) = set(&format!("{prefix}_API_KEY")) {
        provider.quirks.push(Quirk::DocumentHeader("X-API-Key", key.into()));
    }
    let credential = match apple_key(&provider, secret.as_deref(), set)? {
        Some(key) => Credential::AppleKey(key),
        None => Credential::Secret(Secret::new(secret.ok_or(SetupError::HalfRegistration {
            present: id_variable,
            missing: secret_variable,
        })?)),
    };
    Ok(Some(Registration::with_credential(provider, client_id, credential)))
}

/// A provider that keeps to OpenID Connect, wherever it is: the last of the buttons.
fn any_issuer(
    set: &impl Fn(&str) -> Option<String>,
    environment: Environment,
) -> Result<Option<Registration>, SetupError> {
    let names = ["AUTH_OIDC_ISSUER", "AUTH_OIDC_ID", "AUTH_OIDC_SECRET"];
    let [Some(issuer), Some(client_id), Some(secret)] = names.map(set) else {
        let all = names.into_iter().chain(["AUTH_OIDC_NAME"]);
        let present = all.into_iter().find(|name| set(name).is_some());
        let missing = names.into_iter().find(|name| set(name).is_none());
        let Some((present, missing)) = present.zip(missing) else { return Ok(None) };
        return Err(SetupError::HalfRegistration {
            present: present.to_owned(),
            missing: missing.to_owned(),
        });
    };
    let is_bare = |url: Url| url.query().is_none() && url.fragment().is_none();
    if !is_safe(&issuer, environment) || !Url::parse(&issuer).is_ok_and(is_bare) {
        return Err(SetupError::Issuer(issuer));
    }
    let name = set("AUTH_OIDC_NAME").unwrap_or_else(|| "OpenID Connect".to_owned());
    // Many keep a person's claims for UserInfo, and nobody knows beforehand whether this one does.
    let provider = oidc("oidc", name, issuer).with_quirk(Quirk::UserInfo);
    Ok(Some(Registration::new(provider, client_id, secret)))
}

/// Admits one tenant, by its own issuer, or each of a list.
fn of_tenants(mut provider: Provider, tenants: &str) -> Provider {
    let Protocol::OpenIdConnect { issuer, .. } = &mut provider.protocol else { return provider };
    let tenants: Vec<Text> =
        tenants.split(',').map(|tenant| tenant.trim().to_owned().into()).collect();
    match (tenants.as_slice(), issuer.strip_suffix("/common/v2.0")) {
        ([tenant], Some(authority)) => *issuer = format!("{authority}/{tenant}/v2.0").into(),
        (_, Some(_)) => {
            provider.quirks.retain(|quirk| !matches!(quirk, Quirk::TenantIssuer(_)));
            provider.quirks.push(Quirk::TenantIssuer(Tenants::Only(tenants)));
        }
        (_, None) => {}
    }
    provider
}

/// Apple's private key, from its own variable or pasted where other providers have their secret. A variable can
/// hold it on one line, with `\n` written out.
fn apple_key(
    provider: &Provider,
    secret: Option<&str>,
    set: &impl Fn(&str) -> Option<String>,
) -> Result<Option<AppleKey>, SetupError> {
    let pasted = || secret.filter(|secret| secret.starts_with("-----BEGIN")).map(str::to_owned);
    if provider.id != "apple" {
        return Ok(None);
    }
    let Some(private_key) = set("AUTH_APPLE_PRIVATE_KEY").or_else(pasted) else { return Ok(None) };
    let needed = |name: &'static str| {
        let missing = || SetupError::HalfRegistration {
            present: "AUTH_APPLE_PRIVATE_KEY".into(),
            missing: name.into(),
        };
        set(name).ok_or_else(missing)
    };
    Ok(Some(AppleKey {
        team_id: needed("AUTH_APPLE_TEAM_ID")?,
        key_id: needed("AUTH_APPLE_KEY_ID")?,
        private_key: Secret::new(private_key.replace("\\n", "\n")),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: (&str, &str) = ("AUTH_SECRET", "a secret of at least 32 characters!!");

    fn read(variables: &[(&str, &str)]) -> Result<Config, SetupError> {
        Config::from_variables(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn sentence(variables: &[(&str, &str)]) -> String {
        let error = read(variables).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{error:?}"),
            "what a program prints that ends with it"
        );
        error.to_string()
    }

    #[test]
    fn the_newest_secret_comes_first() {
        let config =
            read(&[SECRET, ("AUTH_SECRET_1", "newer"), ("AUTH_SECRET_2", "newest")]).unwrap();
        let secrets: Vec<_> = config.secrets.iter().map(Secret::expose).collect();
        assert_eq!(secrets, ["newest", "newer", SECRET.1]);
    }

    #[cfg(feature = "smtp")]
    #[test]
    fn a_mail_server_is_named_by_our_variables_or_by_those_of_auth_js() {
        let server = "smtp://user:password@smtp.example.com:587";
        for [url, from] in [["AUTH_SMTP_URL", "AUTH_EMAIL_FROM"], ["EMAIL_SERVER", "EMAIL_FROM"]] {
            let config = read(&[SECRET, (url, server), (from, "sign-in@example.com")]).unwrap();
            assert_eq!(config.email.len(), 1);
            assert!(sentence(&[SECRET, (url, server)]).contains("AUTH_EMAIL_FROM is not"));
            assert!(sentence(&[SECRET, (from, "a@b.test")]).contains("AUTH_SMTP_URL is not"));
            let wrong = sentence(&[SECRET, (url, "smtp.example.com"), (from, "a@b.test")]);
            assert!(wrong.contains("`smtps://user:password@smtp.example.com:465`"), "{wrong}");
        }
        assert!(read(&[SECRET]).unwrap().email.is_empty());
    }

    #[test]
    fn every_wrong_variable_is_named_in_one_sentence() {
        assert!(sentence(&[]).starts_with("AUTH_SECRET is not set"));
        assert!(
            sentence(&[SECRET, ("AUTH_GOOGLE_ID", "id")]).contains("AUTH_GOOGLE_SECRET is not")
        );
        assert!(sentence(&[SECRET, ("AUTH_GOOGLE_SECRET", "s")]).contains("AUTH_GOOGLE_ID is not"));
        assert!(
            sentence(&[SECRET, ("AUTH_URL", "localhost")]).starts_with("AUTH_URL is `localhost`")
        );
        assert!(
            sentence(&[SECRET, ("AUTH_TRUSTED_PROXIES", "nginx")])
                .starts_with("AUTH_TRUSTED_PROXIES is `nginx`")
        );
        assert!(
            sentence(&[SECRET, ("AUTH_REDIRECT_PROXY_URL", "x")])
                .starts_with("AUTH_REDIRECT_PROXY_URL is set")
        );
        let apple =
            [SECRET, ("AUTH_APPLE_ID", "id"), ("AUTH_APPLE_SECRET", "-----BEGIN PRIVATE KEY-----")];
        assert!(sentence(&apple).contains("AUTH_APPLE_TEAM_ID is not"));
    }

    #[test]
    fn a_provider_of_any_issuer_is_beside_the_others() {
        let [issuer, id, secret] = [
            ("AUTH_OIDC_ISSUER", "https://id.example.com/realms/a"),
            ("AUTH_OIDC_ID", "id"),
            ("AUTH_OIDC_SECRET", "secret"),
        ];
        let provider = |variables: &[(&str, &str)]| {
            let mut registrations = read(variables).unwrap().registrations;
            registrations.pop().map(|registration| registration.provider)
        };
        assert!(provider(&[SECRET]).is_none());
        let unnamed = provider(&[SECRET, issuer, id, secret]).unwrap();
        assert_eq!((&*unnamed.id, &*unnamed.name), ("oidc", "OpenID Connect"));
        let named = provider(&[SECRET, issuer, id, secret, ("AUTH_OIDC_NAME", "Studio")]).unwrap();
        assert_eq!(named.name, "Studio");
        let loopback = ("AUTH_OIDC_ISSUER", "http://127.0.0.1:8080");
        assert!(provider(&[SECRET, loopback, id, secret]).is_some());

        assert!(sentence(&[SECRET, id, secret]).contains("AUTH_OIDC_ISSUER is not"));
        assert!(sentence(&[SECRET, issuer, secret]).contains("AUTH_OIDC_ID is not"));
        assert!(sentence(&[SECRET, issuer, id]).contains("AUTH_OIDC_SECRET is not"));
        let name_alone = sentence(&[SECRET, ("AUTH_OIDC_NAME", "Studio")]);
        assert!(name_alone.starts_with("AUTH_OIDC_NAME is set but AUTH_OIDC_ISSUER is not"));
        for wrong in [
            "id.example.com",
            "http://id.example.com",
            "https://user:password@id.example.com",
            "https://id.example.com?tenant=a",
            "https://id.example.com#a",
        ] {
            let said = sentence(&[SECRET, ("AUTH_OIDC_ISSUER", wrong), id, secret]);
            assert!(said.starts_with(&format!("AUTH_OIDC_ISSUER is `{wrong}`")), "{said}");
        }
        let in_production = sentence(&[SECRET, ("APP_ENV", "production"), loopback, id, secret]);
        assert!(in_production.starts_with("AUTH_OIDC_ISSUER is `http://127.0.0.1:8080`"));
    }

    fn microsoft(tenants: &str) -> Provider {
        let config = read(&[
            SECRET,
            ("AUTH_MICROSOFT_ENTRA_ID_ID", "id"),
            ("AUTH_MICROSOFT_ENTRA_ID_SECRET", "secret"),
            ("AUTH_MICROSOFT_ENTRA_ID_TENANT_ID", tenants),
        ]);
        config.unwrap().registrations.remove(0).provider
    }

    #[test]
    fn one_tenant_is_an_issuer_and_several_are_a_list() {
        let issuer = |provider: &Provider| match &provider.protocol {
            Protocol::OpenIdConnect { issuer, .. } => issuer.to_string(),
            Protocol::OAuth2 { .. } => panic!("OpenID Connect"),
        };
        let one = microsoft("contoso.example");
        assert_eq!(issuer(&one), "https://login.microsoftonline.com/contoso.example/v2.0");
        let several = microsoft("one, two");
        assert_eq!(issuer(&several), "https://login.microsoftonline.com/common/v2.0");
        let listed = Quirk::TenantIssuer(Tenants::Only(vec!["one".into(), "two".into()]));
        assert!(
            several.quirks.contains(&listed)
                && !several.quirks.contains(&Quirk::TenantIssuer(Tenants::Any))
        );
    }

    #[test]
    fn production_is_where_people_are() {
        assert_eq!(read(&[SECRET]).unwrap().environment, Environment::Development);
        assert_eq!(
            read(&[SECRET, ("APP_ENV", "production")]).unwrap().environment,
            Environment::Production
        );
        let config = read(&[SECRET, ("AUTH_URL", "https://app.example.com/api/auth")]).unwrap();
        assert_eq!(config.environment, Environment::Production);
        assert_eq!(
            (config.url.as_str(), config.base_path.as_str()),
            ("https://app.example.com/", "/api/auth")
        );
    }
}
