//! What look-alikes need to start, and where they refuse to.

use std::collections::HashMap;
use std::net::IpAddr;

use url::Url;

use crate::face::Face;
use crate::loopback::is_loopback;
use crate::person::Person;

/// How look-alikes shall start. [`LookAlikes::start`](crate::LookAlikes::start) is the short way.
///
/// ```
/// # async fn example() -> Result<(), betancourt_auth_dev::StartError> {
/// use betancourt_auth_dev::{Face, Person, Setup};
///
/// let lookalikes = Setup::new("http://localhost:3000/api/auth")
///     .credentials(Face::Google, "my app", "p+ss:wörd")
///     .people(Face::Google, vec![Person::new("1", "Ana", "Restrepo").with_email("a@a.example")])
///     .start()
///     .await?;
/// assert_eq!(lookalikes.client(Face::Google).id(), "my app");
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Debug)]
pub struct Setup {
    app: String,
    /// Apps that are registered as the same client.
    others: Vec<String>,
    pub(crate) port: u16,
    environment: HashMap<String, String>,
    people: HashMap<Face, Vec<Person>>,
    credentials: HashMap<Face, (String, String)>,
}

/// Why look-alikes do not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The app's URL cannot be read.
    #[error(
        "the app's URL `{url}` is not an http or https URL with only a path, like \
         http://localhost:3000/api/auth"
    )]
    AppUrl {
        /// What was given.
        url: String,
    },
    /// The app's URL names another computer.
    #[error(
        "the app's URL names `{host}`, which is not this computer: look-alikes sign in whoever \
         asks and serve loopback only, so use http://localhost:<port>"
    )]
    AppNotLoopback {
        /// The host it names.
        host: String,
    },
    /// A variable of the environment says that this is production.
    #[error(
        "{variable} is `production`: look-alikes sign in whoever asks and never run in \
         production, so configure real providers there or unset {variable}"
    )]
    Production {
        /// Which variable.
        variable: &'static str,
    },
    /// A variable of the environment says that the app is reached from elsewhere.
    #[error(
        "{variable} is `{value}`, which is not this computer: look-alikes serve loopback only, \
         so configure real providers or let {variable} name localhost"
    )]
    NotLoopback {
        /// Which variable.
        variable: &'static str,
        /// What it says.
        value: String,
    },
    /// A face was given nobody who could sign in.
    #[error("nobody lives at {face}: give it at least one person")]
    Nobody {
        /// Which face.
        face: Face,
    },
    /// The port could not be had.
    #[error("127.0.0.1:{port} cannot be listened on")]
    Listen {
        /// Which port; 0 stands for any.
        port: u16,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The operating system gave no randomness for a key.
    #[error("no key could be made for the app at Apple")]
    AppleKey,
    /// No keys could be made to sign with.
    #[error("no keys could be made to sign with")]
    Keys(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Setup {
    /// Serves the app whose auth routes are below this URL (`http://localhost:3000/api/auth`).
    ///
    /// The redirect addresses are `<app>/callback/<provider id>`.
    #[must_use]
    pub fn new(app: &str) -> Self {
        Self {
            app: app.to_owned(),
            others: Vec::new(),
            port: 0,
            environment: HashMap::new(),
            people: HashMap::new(),
            credentials: HashMap::new(),
        }
    }

    /// Serves this app, too, as the same client with redirect addresses of its own: for servers side by side that
    /// share their people.
    ///
    /// ```
    /// # async fn example() -> Result<(), betancourt_auth_dev::StartError> {
    /// use betancourt_auth_dev::{Face, Setup};
    ///
    /// let setup = Setup::new("http://localhost:3000/api/auth").also("http://localhost:4000/auth");
    /// let lookalikes = setup.start().await?;
    /// let registered = lookalikes.client(Face::Google).redirect_uris();
    /// let registered: Vec<_> = registered.map(url::Url::as_str).collect();
    /// assert_eq!(registered[1], "http://localhost:4000/auth/callback/google");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    #[must_use]
    pub fn also(mut self, app: &str) -> Self {
        self.others.push(app.to_owned());
        self
    }

    /// Listens on this port of 127.0.0.1; 0, the default, takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Takes these environment variables into account: `APP_ENV`, `NODE_ENV`, `AUTH_URL` and
    /// `HOST` can forbid the start. None are known unless given.
    #[must_use]
    pub fn environment(self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { environment: variables.into_iter().collect(), ..self }
    }

    /// Takes the environment of this process into account.
    #[must_use]
    pub fn environment_of_this_process(self) -> Self {
        self.environment(std::env::vars_os().filter_map(|(name, value)| {
            // What is not Unicode cannot say `production`.
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }))
    }

    /// Lets these people live at a face, instead of its own. What goes wrong goes wrong for the
    /// first of them.
    #[must_use]
    pub fn people(mut self, face: Face, people: Vec<Person>) -> Self {
        self.people.insert(face, people);
        self
    }

    /// Registers the app under this client id and secret, instead of the usual id and a random
    /// secret. At Apple, whose secrets are signed, only the id counts.
    #[must_use]
    pub fn credentials(mut self, face: Face, id: &str, secret: &str) -> Self {
        self.credentials.insert(face, (id.to_owned(), secret.to_owned()));
        self
    }

    /// The URL of the app and those of the others, once this is known to be a place for look-alikes.
    pub(crate) fn apps(&self) -> Result<(Url, Vec<Url>), StartError> {
        self.refuse_production()?;
        self.refuse_other_hosts()?;
        let others = self.others.iter().map(|other| app(other)).collect::<Result<_, _>>()?;
        Ok((app(&self.app)?, others))
    }

    pub(crate) fn take_people(&mut self, face: Face) -> Result<Vec<Person>, StartError> {
        let people = self.people.remove(&face).unwrap_or_else(|| crate::people::people(face));
        if people.is_empty() { Err(StartError::Nobody { face }) } else { Ok(people) }
    }

    pub(crate) fn take_credentials(&mut self, face: Face) -> Option<(String, String)> {
        self.credentials.remove(&face)
    }

    fn refuse_production(&self) -> Result<(), StartError> {
        for variable in ["APP_ENV", "NODE_ENV"] {
            let value = self.environment.get(variable).map(|value| value.trim());
            if value.is_some_and(|value| value.eq_ignore_ascii_case("production")) {
                return Err(StartError::Production { variable });
            }
        }
        Ok(())
    }

    /// `HOST` counts only as an address: some shells export the machine's name under it.
    fn refuse_other_hosts(&self) -> Result<(), StartError> {
        let elsewhere = |variable, value: &str| {
            Err(StartError::NotLoopback { variable, value: value.to_owned() })
        };
        if let Some(value) = self.environment.get("AUTH_URL").filter(|value| !value.is_empty()) {
            let here = Url::parse(value)
                .is_ok_and(|url| url.host().is_some_and(|host| is_loopback(&host)));
            if !here {
                return elsewhere("AUTH_URL", value);
            }
        }
        match self.environment.get("HOST").map(|value| (value, value.parse::<IpAddr>())) {
            Some((value, Ok(address))) if !address.is_loopback() => elsewhere("HOST", value),
            _ => Ok(()),
        }
    }
}

/// An app's URL: on this computer, and with nothing but a path.
fn app(url: &str) -> Result<Url, StartError> {
    let unreadable = || StartError::AppUrl { url: url.to_owned() };
    let app = Url::parse(url).map_err(|_| unreadable())?;
    let plain = matches!(app.scheme(), "http" | "https")
        && app.query().is_none()
        && app.fragment().is_none()
        && app.username().is_empty()
        && app.password().is_none();
    match app.host() {
        Some(host) if plain && !is_loopback(&host) => {
            Err(StartError::AppNotLoopback { host: host.to_string() })
        }
        Some(_) if plain => Ok(app),
        _ => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(app: &str, variables: &[(&str, &str)]) -> Option<String> {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Setup::new(app).environment(variables).apps().err().map(|refusal| refusal.to_string())
    }

    #[test]
    fn an_app_on_this_computer_is_served() {
        for app in ["http://localhost:3000/api/auth", "https://127.0.0.1/auth/", "http://[::1]:80"]
        {
            assert_eq!(refusal(app, &[("NODE_ENV", "development"), ("HOST", "studio-mac")]), None);
        }
    }

    #[test]
    fn an_app_elsewhere_or_without_a_plain_url_is_refused_by_name() {
        let refusal = |app| refusal(app, &[]).unwrap();
        assert!(refusal("https://studio.example/auth").contains("`studio.example`"));
        for app in
            ["localhost:3000", "ftp://localhost/", "http://localhost/?a=b", "http://a@localhost/"]
        {
            assert!(refusal(app).contains(app), "{app}");
            let second = Setup::new("http://localhost:3000/auth").also(app).apps().err();
            assert!(second.unwrap().to_string().contains(app), "{app}");
        }
    }

    #[test]
    fn production_is_refused_by_the_name_of_the_variable() {
        let app = "http://localhost:3000/auth";
        for variable in ["APP_ENV", "NODE_ENV"] {
            assert!(refusal(app, &[(variable, "Production")]).unwrap().starts_with(variable));
        }
        let elsewhere = refusal(app, &[("AUTH_URL", "https://studio.example")]).unwrap();
        assert!(elsewhere.starts_with("AUTH_URL"));
        assert!(refusal(app, &[("HOST", "0.0.0.0")]).unwrap().starts_with("HOST"));
        assert_eq!(refusal(app, &[("HOST", "127.0.0.1"), ("AUTH_URL", app)]), None);
    }
}
