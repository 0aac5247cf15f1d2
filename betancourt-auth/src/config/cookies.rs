//! Which cookies browsers may be told to keep, for the page that tells people.

use time::Duration;

use super::{Config, Strategy};
use crate::cookie::Names;

/// How long a handshake, and a departure, may take: the cookies of both end then.
const ON_THE_WAY: Duration = Duration::minutes(10);

/// A cookie that a browser may be told to keep, for a page that says so: see [`Config::cookies`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownCookie {
    /// Its name. A `*` at the end stands for what differs from one attempt, or one part, to the next.
    pub name: String,
    /// What it is for.
    pub purpose: CookiePurpose,
    /// How long it stays. `None`: until the browser is closed.
    pub lifetime: Option<Duration>,
}

/// What a cookie is for. All of them are needed for what a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookiePurpose {
    /// It proves that a form was sent from a page of ours.
    Csrf,
    /// It ties the answer of a provider to the browser that went there.
    Handshake,
    /// It ties the code in a mail to the browser that asked for it.
    Mail,
    /// It remembers where a person wants to go after signing in.
    ReturnTo,
    /// It keeps a person signed in.
    Session,
    /// It ties the way back from signing out at a provider to the browser that left.
    SignOut,
}

impl Config {
    /// Every cookie that may be set with this configuration, and no other: for a page about privacy that cannot fall
    /// behind.
    ///
    /// ```
    /// use betancourt_auth::{Config, CookiePurpose};
    ///
    /// let config = Config::new("https://app.example.com", "a secret of at least 32 characters!!")?;
    /// let cookies = config.cookies();
    /// let session = cookies.iter().find(|cookie| cookie.purpose == CookiePurpose::Session).unwrap();
    /// assert_eq!(session.name, "__Secure-authjs.session-token");
    /// assert_eq!(session.lifetime, Some(config.session.max_age));
    /// assert!(cookies.iter().all(|cookie| cookie.purpose != CookiePurpose::Mail), "nobody sends mail");
    /// # Ok::<(), betancourt_auth::SetupError>(())
    /// ```
    #[must_use]
    pub fn cookies(&self) -> Vec<KnownCookie> {
        let names = Names::new(self.url.scheme() == "https");
        let known = |purpose, name: &str, lifetime| KnownCookie {
            name: name.to_owned(),
            purpose,
            lifetime,
        };
        // A sealed session may need more than one cookie.
        let parts = if self.session.strategy == Strategy::Jwt { "*" } else { "" };
        let session = format!("{}{parts}", names.session());
        let handshake = format!("{}*", names.handshakes());
        let departs = self.registrations.iter().any(|known| known.sign_out_at_provider);
        let mail = self.email.iter().map(|email| email.max_age).max();
        let always = [
            known(CookiePurpose::Session, &session, Some(self.session.max_age)),
            known(CookiePurpose::Csrf, names.csrf(), None),
            known(CookiePurpose::ReturnTo, names.callback_url(), None),
        ];
        let handshake = (!self.registrations.is_empty())
            .then(|| known(CookiePurpose::Handshake, &handshake, Some(ON_THE_WAY)));
        let mail = mail.map(|lasts| known(CookiePurpose::Mail, names.mail(), Some(lasts)));
        let departure =
            departs.then(|| known(CookiePurpose::SignOut, names.sign_out(), Some(ON_THE_WAY)));
        always.into_iter().chain(handshake).chain(mail).chain(departure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::{Registration, google};

    #[test]
    fn a_configuration_tells_only_of_what_it_can_set() {
        let mut config = Config::new("http://localhost:3000", "s".repeat(32)).unwrap();
        let purposes = |config: &Config| {
            config.cookies().into_iter().map(|cookie| cookie.purpose).collect::<Vec<_>>()
        };
        use CookiePurpose::{Csrf, Handshake, ReturnTo, Session, SignOut};
        assert_eq!(purposes(&config), [Session, Csrf, ReturnTo]);
        config.registrations.push(Registration::new(google(), "id", "secret"));
        assert_eq!(purposes(&config), [Session, Csrf, ReturnTo, Handshake]);
        for registration in &mut config.registrations {
            registration.sign_out_at_provider = true;
        }
        assert_eq!(purposes(&config), [Session, Csrf, ReturnTo, Handshake, SignOut]);
        config.session.strategy = Strategy::Jwt;
        assert_eq!(config.cookies().swap_remove(0).name, "authjs.session-token*");
    }
}
