//! The arguments of the binary.

/// What `betancourt-auth-dev` was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Serve an app on a port.
    Serve {
        /// Where the app's auth routes begin.
        app: String,
        /// The port; 0 takes a free one.
        port: u16,
    },
    /// Play the conformance modules against a server.
    Conformance(Conformance),
    /// Say how to use it.
    Help,
}

/// Which server the conformance modules are played against.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Conformance {
    /// Where its auth routes begin.
    pub(crate) app: String,
    /// What it calls the provider.
    pub(crate) provider: String,
    /// The provider's port; 0 takes a free one.
    pub(crate) port: u16,
    /// The page that asks for an access token.
    pub(crate) access_page: Option<String>,
    /// Whether the report is JSON.
    pub(crate) json: bool,
    /// The program that is the server, and its arguments. None: somebody else starts it.
    pub(crate) command: Vec<String>,
}

/// The app, unless another one is named.
const APP: &str = "http://localhost:3000/api/auth";

/// An argument that is not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArgumentError {
    #[error("`{0}` is not known here; --help says what is")]
    Unknown(String),
    #[error("{0} needs a value; --help says which")]
    NoValue(&'static str),
    #[error("`{0}` is not a port; use a number up to 65535, or 0 for a free one")]
    Port(String),
}

/// Reads the arguments after the program's name.
///
/// # Errors
///
/// [`ArgumentError`] for the first one that is not understood.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Asked, ArgumentError> {
    let mut arguments = arguments.into_iter().peekable();
    if arguments.next_if(|first| first == "conformance").is_some() {
        return conformance(arguments);
    }
    let (mut app, mut port) = (APP.to_owned(), 0);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--for" => app = arguments.next().ok_or(ArgumentError::NoValue("--for"))?,
            "--port" => port = port_in(arguments.next())?,
            "--help" | "-h" => return Ok(Asked::Help),
            _ => return Err(ArgumentError::Unknown(argument)),
        }
    }
    Ok(Asked::Serve { app, port })
}

fn conformance(mut arguments: impl Iterator<Item = String>) -> Result<Asked, ArgumentError> {
    let mut asked = Conformance {
        app: APP.to_owned(),
        provider: "oidc".to_owned(),
        port: 0,
        access_page: None,
        json: false,
        command: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        let mut value = |name| arguments.next().ok_or(ArgumentError::NoValue(name));
        match argument.as_str() {
            "--for" => asked.app = value("--for")?,
            "--provider" => asked.provider = value("--provider")?,
            "--access-page" => asked.access_page = Some(value("--access-page")?),
            "--port" => asked.port = port_in(arguments.next())?,
            "--json" => asked.json = true,
            "--help" | "-h" => return Ok(Asked::Help),
            "--" => {
                asked.command = arguments.collect();
                break;
            }
            _ => return Err(ArgumentError::Unknown(argument)),
        }
    }
    Ok(Asked::Conformance(asked))
}

fn port_in(value: Option<String>) -> Result<u16, ArgumentError> {
    let value = value.ok_or(ArgumentError::NoValue("--port"))?;
    value.parse().map_err(|_| ArgumentError::Port(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Asked, ArgumentError> {
        parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn both_arguments_have_defaults_and_are_checked() {
        let app = "http://localhost:3000/api/auth".to_owned();
        assert_eq!(parsed(&[]), Ok(Asked::Serve { app: app.clone(), port: 0 }));
        assert_eq!(parsed(&["--port", "4444"]), Ok(Asked::Serve { app, port: 4444 }));
        assert_eq!(parsed(&["--for", "x", "--help"]), Ok(Asked::Help));
        assert_eq!(parsed(&["--for"]), Err(ArgumentError::NoValue("--for")));
        assert_eq!(parsed(&["--port", "x"]), Err(ArgumentError::Port("x".to_owned())));
        assert_eq!(parsed(&["serve"]), Err(ArgumentError::Unknown("serve".to_owned())));
    }
    #[test]
    fn what_follows_two_dashes_is_the_server() {
        let Ok(Asked::Conformance(asked)) =
            parsed(&["conformance", "--provider", "keycloak", "--json", "--", "my-app", "--json"])
        else {
            unreachable!("they are understood")
        };
        assert_eq!((asked.provider.as_str(), asked.json), ("keycloak", true));
        assert_eq!(asked.command, ["my-app", "--json"]);
        let unknown = Err(ArgumentError::Unknown("--site".to_owned()));
        assert_eq!(parsed(&["conformance", "--site", "x"]), unknown);
        assert_eq!(parsed(&["conformance", "--help"]), Ok(Asked::Help));
    }
}
