//! What somebody signs in with: accounts at providers, and how to add and to remove one.

use askama::Template;
use axum::Form;
use axum::response::Response;
use betancourt_auth::OwnAccount;
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::{Frame, Provider};
use super::{
    Desk, Laid, Notice, Pressed, Section, admit, back, day, lay, mail_of, refused, unavailable,
};
use crate::front::Front;

/// What somebody signs in with.
#[derive(Debug, Template)]
#[template(path = "account/connections.html")]
pub struct Connections {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// The accounts, oldest first.
    pub connections: Vec<Connection>,
    /// The proven address, if links are mailed to it.
    pub mail: Option<String>,
    /// What can be added.
    pub providers: Vec<Provider>,
}

/// An account at a provider, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Connection {
    /// What its form calls it.
    pub id: String,
    /// The provider.
    pub provider: Provider,
    /// The address there, if the provider told it.
    pub email: Option<String>,
    /// The day on which it was added, if that is known.
    pub linked_on: Option<String>,
    /// Whether another way in is left without it.
    pub can_go: bool,
}

impl Connection {
    fn of(own: OwnAccount, providers: &[Provider]) -> Self {
        let known = providers.iter().find(|provider| provider.id == own.key.provider).cloned();
        Self {
            id: own.id,
            provider: known.unwrap_or(Provider { id: own.key.provider, name: own.provider_name }),
            email: own.email,
            linked_on: own.linked_at.map(day),
            can_go: own.can_unlink,
        }
    }
}

/// `GET /dashboard/connections`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn connections(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let user = visitor.user();
    let accounts = front.site.auth.accounts(user).await.map_err(|error| unavailable(&error))?;
    let providers = front.providers();
    let Laid { frame, desk, token } = lay(&front, visitor.session(), Section::Connections).await?;
    let page = Connections {
        frame,
        desk,
        connections: accounts.into_iter().map(|own| Connection::of(own, &providers)).collect(),
        mail: mail_of(&front, user).map(|(_, address)| address),
        providers,
    };
    Ok(Front::show(&page, Some(&token)))
}

/// `POST /dashboard/connections/remove`.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn unlink(
    front: Front,
    _: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    const HERE: Section = Section::Connections;
    let visit = admit(&front, &pressed, HERE).await?;
    let unlinked = front.site.auth.unlink(&visit, &pressed.id).await;
    unlinked.map_err(|error| refused(&error, HERE))?;
    Ok(back(HERE, Notice::Unlinked))
}
