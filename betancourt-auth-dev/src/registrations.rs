//! What `betancourt-auth` must be configured with: its own providers, at the faces' addresses.

use betancourt_auth::Secret;
use betancourt_auth::provider::{self, Credential, Provider, Registration};

use crate::client::Client;
use crate::face::Face;
use crate::look_alikes::LookAlikes;

impl LookAlikes {
    /// The registrations of an app at all four faces, for `Config::registrations`. The providers
    /// are the real ones; only their addresses differ.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use betancourt_auth::store::MemoryStore;
    /// use betancourt_auth::{Auth, Config};
    /// use betancourt_auth_dev::LookAlikes;
    ///
    /// let lookalikes = LookAlikes::start("http://localhost:3000/auth").await?;
    /// let mut config = Config::new("http://localhost:3000", "a secret of 32 characters or more")?;
    /// config.registrations = lookalikes.registrations();
    /// let auth = Auth::new(config, MemoryStore::default())?;
    /// assert_eq!(auth.config().registrations.len(), 4);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration> {
        Face::ALL.into_iter().map(|face| self.client(face).registration()).collect()
    }
}

impl Client {
    /// This registration, as `betancourt-auth` takes it.
    #[must_use]
    pub fn registration(&self) -> Registration {
        let provider = provider_of(self.face()).at(&self.issuer());
        Registration::with_credential(provider, self.id(), self.credential())
    }

    /// Apple's key where there is one, so that the app signs its secrets as it will have to.
    fn credential(&self) -> Credential {
        match self.apple_key() {
            Some(key) => Credential::AppleKey(provider::AppleKey {
                team_id: key.team_id().to_owned(),
                key_id: key.key_id().to_owned(),
                private_key: Secret::new(key.private_key()),
            }),
            None => Credential::Secret(Secret::new(self.secret())),
        }
    }
}

fn provider_of(face: Face) -> Provider {
    match face {
        Face::Google => provider::google(),
        Face::Facebook => provider::facebook(),
        Face::Apple => provider::apple(),
        Face::Microsoft => provider::microsoft_entra_id(),
    }
}
