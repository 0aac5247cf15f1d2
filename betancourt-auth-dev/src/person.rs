//! A person with an account at a face.

use url::form_urlencoded::byte_serialize;

use crate::failure::Failure;

/// Somebody who can sign in at a face.
///
/// Every face has people of its own; [`Setup::people`](crate::Setup::people) brings others.
///
/// ```
/// use betancourt_auth_dev::Person;
///
/// let ana = Person::new("109", "Ana", "Restrepo").with_email("ana@example.com");
/// assert_eq!(ana.name(), "Ana Restrepo");
/// assert_eq!(ana.key(), "ana@example.com");
/// assert_eq!(Person::new("110", "Tomás", "Quintero").key(), "110");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// The identifier that never changes: `sub`, Graph's `id`, or Microsoft's `oid`.
    pub subject: String,
    /// The first name.
    pub given_name: String,
    /// The last name.
    pub family_name: String,
    /// The address, unless the person has none.
    pub email: Option<Email>,
    /// One line about the person for the page.
    pub about: String,
    /// Google: the workspace domain (`hd`) the account belongs to.
    pub hosted_domain: Option<String>,
    /// Microsoft: the tenant (`tid`) the account lives in.
    pub tenant: Option<String>,
}

/// An address as a face knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Email {
    /// The address itself.
    pub address: String,
    /// Whether the face vouches for it.
    pub verified: bool,
    /// Whether it only forwards to an address that stays hidden (Apple).
    pub relay: bool,
}

impl Person {
    /// A person without an address.
    #[must_use]
    pub fn new(subject: &str, given_name: &str, family_name: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            email: None,
            about: String::new(),
            hosted_domain: None,
            tenant: None,
        }
    }

    /// Gives the person a verified address.
    #[must_use]
    pub fn with_email(self, address: &str) -> Self {
        self.address(address, true, false)
    }

    /// Gives the person an address that nobody confirmed.
    #[must_use]
    pub fn with_unverified_email(self, address: &str) -> Self {
        self.address(address, false, false)
    }

    /// Gives the person a private relay address.
    #[must_use]
    pub fn with_relay_email(self, address: &str) -> Self {
        self.address(address, true, true)
    }

    /// Says one line about the person on the page.
    #[must_use]
    pub fn about(self, line: &str) -> Self {
        Self { about: line.to_owned(), ..self }
    }

    /// Places the account in a Google workspace.
    #[must_use]
    pub fn in_workspace(self, domain: &str) -> Self {
        Self { hosted_domain: Some(domain.to_owned()), ..self }
    }

    /// Places the account in a Microsoft tenant.
    #[must_use]
    pub fn in_tenant(self, tenant: &str) -> Self {
        Self { tenant: Some(tenant.to_owned()), ..self }
    }

    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// What the page's button carries in `data-person`: the address, or the subject without one.
    #[must_use]
    pub fn key(&self) -> &str {
        self.email.as_ref().map_or(&self.subject, |email| &email.address)
    }

    /// The failure that this person embodies, if any: an ordinary person has a verified address.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match &self.email {
            None => Some(Failure::NoEmail),
            Some(email) if !email.verified => Some(Failure::UnverifiedEmail),
            Some(email) if email.relay => Some(Failure::PrivateRelay),
            Some(_) => None,
        }
    }

    /// The person in a path.
    pub(crate) fn segment(&self) -> String {
        byte_serialize(self.subject.as_bytes()).collect()
    }

    pub(crate) fn initials(&self) -> String {
        [&self.given_name, &self.family_name].into_iter().filter_map(|n| n.chars().next()).collect()
    }

    fn address(self, address: &str, verified: bool, relay: bool) -> Self {
        Self { email: Some(Email { address: address.to_owned(), verified, relay }), ..self }
    }
}
