//! Protocol parameters, each at most once.

use std::collections::BTreeMap;

/// A parameter was there twice, which RFC 6749 §3.1 forbids.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated;

/// The parameters of a request; one without a value counts as absent (RFC 6749 §3.1).
#[derive(Debug)]
pub(crate) struct Parameters<'request>(BTreeMap<&'request str, &'request str>);

impl<'request> Parameters<'request> {
    /// Gathers name and value pairs.
    ///
    /// # Errors
    ///
    /// [`Repeated`] when a name is there twice, with or without a value.
    pub(crate) fn once(
        pairs: impl IntoIterator<Item = &'request (String, String)>,
    ) -> Result<Self, Repeated> {
        let mut found = BTreeMap::new();
        for (name, value) in pairs {
            if found.insert(name.as_str(), value.as_str()).is_some() {
                return Err(Repeated);
            }
        }
        found.retain(|_, value| !value.is_empty());
        Ok(Self(found))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'request str> {
        self.0.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn an_empty_value_is_an_absent_one_and_a_repeated_name_is_refused() {
        let pairs = [pair("code", "abc"), pair("state", "")];
        let parameters = Parameters::once(&pairs).unwrap();
        assert_eq!(parameters.value("code"), Some("abc"));
        assert_eq!(parameters.value("state"), None);
        let twice = [pair("state", ""), pair("state", "x")];
        assert_eq!(Parameters::once(&twice).unwrap_err(), Repeated);
    }
}
