//! Who somebody is here, and what of that comes from elsewhere.

use askama::Template;
use axum::Form;
use axum::response::Response;
use betancourt_auth::{OwnAccount, ProfilePart, User};
use betancourt_auth_axum::SignedIn;
use http::StatusCode;

use super::super::{Person, Provider};
use super::{Desk, Laid, Notice, Pressed, Section, admit, back, lay, refused, unavailable};
use crate::front::Front;
use crate::pages::Frame;

const HERE: Section = Section::Profile;

/// Who somebody is here, and where that comes from.
#[derive(Debug, Template)]
#[template(path = "account/profile.html")]
pub struct Profile {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the account has.
    pub desk: Desk,
    /// Whose page it is.
    pub person: Person,
    /// The address of their picture.
    pub image: Option<String>,
    /// Whether the address was proven to be theirs.
    pub is_proven: bool,
    /// What their providers say of them.
    pub told: Vec<Told>,
}

/// What a provider says of somebody.
#[derive(Clone, Debug)]
pub struct Told {
    /// What the form calls the account.
    pub id: String,
    /// The provider.
    pub provider: Provider,
    /// What it calls them.
    pub name: Option<String>,
    /// Whether they are called so here.
    pub is_named_so: bool,
    /// Whether it has a picture of them.
    pub has_picture: bool,
    /// Whether that is their picture here.
    pub is_pictured_so: bool,
}

impl Told {
    /// What there is to take over from an account, if anything.
    fn of(own: OwnAccount, user: &User, providers: &[Provider]) -> Option<Self> {
        if own.name.is_none() && own.image.is_none() {
            return None;
        }
        let known = providers.iter().find(|provider| provider.id == own.key.provider).cloned();
        Some(Self {
            id: own.id,
            provider: known.unwrap_or(Provider { id: own.key.provider, name: own.provider_name }),
            is_named_so: own.name == user.name,
            name: own.name,
            has_picture: own.image.is_some(),
            is_pictured_so: own.image == user.image,
        })
    }
}

/// `GET /dashboard/profile`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn profile(front: Front, visitor: SignedIn) -> Result<Response, StatusCode> {
    let user = visitor.user();
    let accounts = front.site.auth.accounts(user).await.map_err(|error| unavailable(&error))?;
    let providers = front.providers();
    let told = accounts.into_iter().filter_map(|own| Told::of(own, user, &providers)).collect();
    let Laid { frame, desk, token } = lay(&front, visitor.session(), HERE).await?;
    let (person, is_proven) = (Person::from(user), user.email_verified.is_some());
    let page = Profile { frame, desk, person, image: user.image.clone(), is_proven, told };
    Ok(Front::show(&page, Some(&token)))
}

/// `POST /dashboard/profile/take-over`: the name, or the picture, of an account of theirs.
///
/// # Errors
/// What to answer instead: back to the page, which says why.
pub async fn take_over(
    front: Front,
    _: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let visit = admit(&front, &pressed, HERE).await?;
    let part = ProfilePart::parse(&pressed.part).ok_or_else(|| back(HERE, Notice::Gone))?;
    let taken = front.site.auth.take_over(&visit, &pressed.id, part).await;
    taken.map_err(|error| refused(&error, HERE))?;
    Ok(back(HERE, Notice::TakenOver))
}
