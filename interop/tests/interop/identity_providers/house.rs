//! An application of ours whose people come from a provider of others.

use axum::Router;
use axum::routing::get;
use betancourt_auth::provider::Registration;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{AccountKey, Auth, UserId};
use betancourt_auth_sqlx::SqlStore;

use super::folder::Folder;
use crate::app::{App, BASE_PATH};

/// Where it keeps people and sessions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keeping {
    Memory,
    Sqlite,
}

/// An application that can be stopped, and started again on what it left behind.
pub(super) struct House {
    origin: String,
    keeping: Keeping,
    folder: Folder,
    registrations: Vec<Registration>,
    app: Option<App>,
}

impl House {
    pub(super) async fn open(
        origin: String,
        keeping: Keeping,
        registrations: Vec<Registration>,
    ) -> Self {
        let mut house = Self { origin, keeping, folder: Folder::new(), registrations, app: None };
        house.start().await;
        house
    }

    /// Stops it, and starts it again.
    pub(super) async fn restart(&mut self) {
        self.app.take().unwrap().stop().await;
        self.start().await;
    }

    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    pub(super) fn auth(&self) -> &Auth {
        self.app.as_ref().unwrap().auth()
    }

    /// Who has an account at a provider.
    pub(super) async fn user(&self, provider: &'static str, subject: &str) -> Option<UserId> {
        let key = AccountKey::new(provider, subject.to_owned());
        self.auth().store().account(&key).await.unwrap().map(|account| account.user_id)
    }

    async fn start(&mut self) {
        let database = format!("sqlite://{}", self.folder.path().join("house.db").display());
        let pages = Router::new().route("/", get("home"));
        let registrations = self.registrations.clone();
        let app = match self.keeping {
            Keeping::Memory => {
                let store = MemoryStore::default();
                App::start(&self.origin, store, pages, |config| {
                    config.registrations = registrations
                })
                .await
            }
            Keeping::Sqlite => {
                let store = SqlStore::connect(&database).await.unwrap();
                App::start(&self.origin, store, pages, |config| {
                    config.registrations = registrations
                })
                .await
            }
        };
        self.app = Some(app);
    }
}

/// Where a provider sends people back to.
pub(super) fn callback(origin: &str, provider: &str) -> String {
    format!("{origin}{BASE_PATH}/callback/{provider}")
}
