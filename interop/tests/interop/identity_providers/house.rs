//! An application of ours whose people come from a provider of others.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use betancourt_auth::provider::Registration;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config, Strategy, UserId};
use betancourt_auth_sqlx::SqlStore;
use http::StatusCode;

use super::folder::Folder;
use crate::app::{App, BASE_PATH};
use crate::user_agent::Page;

/// All there is to see.
const HOME: &str =
    "<!doctype html><html lang=en><title>Home</title><link rel=icon href=data:,><h1>Home</h1>";

/// Where it keeps people and sessions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keeping {
    Memory,
    Sqlite,
    /// People on SQLite, sessions in cookies.
    Sealed,
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

    /// Whose address that is.
    pub(super) async fn user(&self, address: &str) -> UserId {
        self.auth().store().user_by_email(address).await.unwrap().unwrap().id
    }

    /// Makes sure that a page is where people land who signed in.
    pub(super) fn is_home(&self, page: &Page) {
        let home = format!("{}/", self.origin);
        assert_eq!((page.status, page.url.as_str()), (StatusCode::OK, home.as_str()), "{page:?}");
    }

    async fn start(&mut self) {
        let database = format!("sqlite://{}", self.folder.path().join("house.db").display());
        let pages = Router::new().route("/", get(Html(HOME)));
        let registrations = self.registrations.clone();
        let strategy = match self.keeping {
            Keeping::Memory | Keeping::Sqlite => Strategy::Database,
            Keeping::Sealed => Strategy::Jwt,
        };
        let configure = |config: &mut Config| {
            config.registrations = registrations;
            config.session.strategy = strategy;
        };
        let app = match self.keeping {
            Keeping::Memory => {
                App::start(&self.origin, MemoryStore::default(), pages, configure).await
            }
            Keeping::Sqlite | Keeping::Sealed => {
                let store = SqlStore::connect(&database).await.unwrap();
                App::start(&self.origin, store, pages, configure).await
            }
        };
        self.app = Some(app);
    }
}

/// Where a provider sends people back to.
pub(super) fn callback(origin: &str, provider: &str) -> String {
    format!("{origin}{BASE_PATH}/callback/{provider}")
}
