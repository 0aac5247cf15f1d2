//! The two arguments of the binary.

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
    /// Say how to use it.
    Help,
}

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
    let mut arguments = arguments.into_iter();
    let (mut app, mut port) = ("http://localhost:3000/api/auth".to_owned(), 0);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--for" => app = arguments.next().ok_or(ArgumentError::NoValue("--for"))?,
            "--port" => {
                let value = arguments.next().ok_or(ArgumentError::NoValue("--port"))?;
                port = value.parse().map_err(|_| ArgumentError::Port(value))?;
            }
            "--help" | "-h" => return Ok(Asked::Help),
            _ => return Err(ArgumentError::Unknown(argument)),
        }
    }
    Ok(Asked::Serve { app, port })
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
}
