//! Somebody who has an account, and what an administrator may do about it.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use betancourt_auth::store::{StoreError, Suspension};
use betancourt_auth::{Administration, Error, ErrorKind, OwnAccount, SessionDetails, UserId};
use betancourt_auth_axum::Role;
use http::StatusCode;
use serde::Deserialize;
use url::form_urlencoded;

use super::super::{Frame, Person, minute};
use super::{Laid, Notice, Office, Room, lay, unavailable};
use crate::front::Front;
use crate::projects::{self, Project};
use crate::site::{Administrator, Site};

/// The roles that somebody can have.
const ROLES: [&str; 2] = ["CLIENT", "ADMIN"];
/// How many characters say why somebody is shut out.
const LONGEST_REASON: usize = 500;

/// Somebody who has an account.
#[derive(Debug, Template)]
#[template(path = "admin/person.html")]
pub struct PersonPage {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the administrators has.
    pub office: Office,
    /// Who it is.
    pub person: Person,
    /// Whether the administrator looks at themselves.
    pub is_self: bool,
    /// Through whom they sign in.
    pub accounts: Vec<OwnAccount>,
    /// Their sessions.
    pub sessions: Vec<Begun>,
    /// What they make with the studio.
    pub projects: Vec<Project>,
    /// That they are shut out, if they are.
    pub suspension: Option<ShutOut>,
}

/// Since when somebody is shut out, by whom and why.
#[derive(Clone, Debug)]
pub struct ShutOut {
    /// Since when.
    pub since: String,
    /// By whom, if by somebody.
    pub by: Option<String>,
    /// Why.
    pub reason: String,
}

impl ShutOut {
    /// With the name of whoever did it, as long as they have an account.
    async fn of(site: &Site, suspension: Suspension) -> Result<Self, StoreError> {
        let by = match suspension.by {
            Some(id) => {
                let user = site.auth.store().user(&id).await?;
                Some(user.map_or(id.to_string(), |user| user.display_name().to_owned()))
            }
            None => None,
        };
        Ok(Self { since: minute(suspension.since), by, reason: suspension.reason })
    }
}

/// When a session began, and how, as far as that is known.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// When.
    pub since: Option<String>,
    /// The way in that was taken.
    pub method: Option<String>,
}

impl PersonPage {
    /// What they have to be called to be deleted.
    fn named(&self) -> &str {
        self.person.email.as_deref().unwrap_or(&self.person.id)
    }

    fn path(&self) -> String {
        path_of(&self.person.id)
    }
}

/// `GET /admin/people/{id}`.
///
/// # Errors
/// `404` when there is no such person, `503` when the store does not answer, `500` when there is no token to be had.
pub async fn person(
    front: Front,
    administrator: Role<Administrator>,
    Path(id): Path<String>,
) -> Result<Response, StatusCode> {
    let auth = &front.site.auth;
    let id = UserId::new(id);
    let user = auth.store().user(&id).await.map_err(|error| unavailable(&error))?;
    let user = user.ok_or(StatusCode::NOT_FOUND)?;
    let accounts = auth.accounts(&user).await.map_err(|error| unavailable(&error))?;
    let sessions = auth.store().sessions(&id, front.site.now()).await;
    let sessions = sessions.map_err(|error| unavailable(&error))?.into_iter().map(|session| {
        let begun = |it: SessionDetails| Begun {
            since: Some(minute(it.created_at)),
            method: Some(it.method),
        };
        session.details.map(begun).unwrap_or_default()
    });
    let projects = projects::of(&front.site.store, &id).await;
    let projects = projects.map_err(|error| unavailable(&error))?;
    let suspension = auth.suspension(&id).await.map_err(|error| unavailable(&error))?;
    let suspension = match suspension {
        Some(found) => {
            let shut_out = ShutOut::of(&front.site, found).await;
            Some(shut_out.map_err(|error| unavailable(&error))?)
        }
        None => None,
    };
    let Laid { frame, office, token } = lay(&front, administrator.user(), Room::People)?;
    let page = PersonPage {
        frame,
        office,
        person: Person::from(&user),
        is_self: administrator.user().id == id,
        accounts,
        sessions: sessions.collect(),
        projects,
        suspension,
    };
    Ok(Front::show(&page, Some(&token)))
}

/// A button that was pressed: the token of its form, and what was chosen or typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pressed {
    #[serde(rename = "csrfToken")]
    csrf_token: String,
    role: String,
    named: String,
    reason: String,
}

/// `POST /admin/people/{id}/role`.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn set_role(
    front: Front,
    _: Role<Administrator>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    if !ROLES.contains(&pressed.role.as_str()) {
        return Err(back(&id, Notice::Gone));
    }
    let administration = admit(&front, &pressed, &id).await?;
    let changed = administration.set_role(&UserId::new(id.as_str()), &pressed.role).await;
    changed.map_err(|error| refused(&error, &id))?;
    Ok(back(&id, Notice::RoleChanged))
}

/// `POST /admin/people/{id}/sign-out`.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn sign_out(
    front: Front,
    _: Role<Administrator>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let administration = admit(&front, &pressed, &id).await?;
    let ended = administration.sign_out(&UserId::new(id.as_str())).await;
    ended.map_err(|error| refused(&error, &id))?;
    Ok(back(&id, Notice::SignedOut))
}

/// `POST /admin/people/{id}/suspend`: with a reason.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn suspend(
    front: Front,
    _: Role<Administrator>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let reason = pressed.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(back(&id, Notice::NoReason));
    }
    let administration = admit(&front, &pressed, &id).await?;
    let suspended = administration.suspend(&UserId::new(id.as_str()), reason).await;
    suspended.map_err(|error| refused(&error, &id))?;
    Ok(back(&id, Notice::Suspended))
}

/// `POST /admin/people/{id}/lift`.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn lift(
    front: Front,
    _: Role<Administrator>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let administration = admit(&front, &pressed, &id).await?;
    let lifted = administration.lift_suspension(&UserId::new(id.as_str())).await;
    let lifted = lifted.map_err(|error| refused(&error, &id))?;
    Ok(back(&id, if lifted { Notice::Lifted } else { Notice::Gone }))
}

/// `POST /admin/people/{id}/delete`. Whoever is to be deleted has to be named.
///
/// # Errors
/// What to answer instead: to sign in once more, or back to the page, which says why.
pub async fn delete(
    front: Front,
    _: Role<Administrator>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Response> {
    let found = front.site.auth.store().user(&UserId::new(id.as_str())).await;
    let user = found.map_err(|error| unavailable(&error).into_response())?;
    let user = user.ok_or_else(|| Room::People.saying(Notice::Gone))?;
    let typed = pressed.named.trim();
    if typed != user.email.as_deref().unwrap_or(&id) {
        return Err(back(&id, Notice::NotNamed));
    }
    let administration = admit(&front, &pressed, &id).await?;
    administration.delete(&user.id).await.map_err(|error| refused(&error, &id))?;
    let ended = projects::end_all(&front.site.store, &user.id).await;
    ended.map_err(|error| unavailable(&error).into_response())?;
    Ok(Room::People.saying(Notice::Deleted))
}

/// An administrator who pressed a button on one of our own pages.
async fn admit<'f>(
    front: &'f Front,
    pressed: &Pressed,
    id: &str,
) -> Result<Administration<'f>, Response> {
    let auth = &front.site.auth;
    if !auth.is_our_form(front.headers(), &pressed.csrf_token) {
        return Err(back(id, Notice::Outdated));
    }
    let visit = auth.visit(front.headers()).await.map_err(|error| refused(&error, id))?;
    auth.administration::<Administrator>(&visit).await.map_err(|error| refused(&error, id))
}

/// The answer to what could not be done. Whoever signed in too long ago is asked to do so again, and comes back.
fn refused(error: &Error, id: &str) -> Response {
    match error.kind() {
        ErrorKind::ReauthRequired => {
            let path: String = form_urlencoded::byte_serialize(path_of(id).as_bytes()).collect();
            Redirect::to(&format!("/dashboard/confirm?callbackUrl={path}")).into_response()
        }
        ErrorKind::LastAdministrator => back(id, Notice::LastAdministrator),
        ErrorKind::Myself => back(id, Notice::Myself),
        ErrorKind::UnknownUser => Room::People.saying(Notice::Gone),
        ErrorKind::SignedOut | ErrorKind::AccessDenied => {
            Redirect::to(Room::Overview.path()).into_response()
        }
        _ => {
            tracing::error!(
                reason = error.reason(),
                "what an administrator asked for was not done"
            );
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Back to the page of somebody, which says what came of it.
fn back(id: &str, notice: Notice) -> Response {
    Redirect::to(&format!("{}?said={}", path_of(id), notice.code())).into_response()
}

fn path_of(id: &str) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    format!("{}/{}", Room::People.path(), id.replace('+', "%20"))
}

impl Room {
    /// To this page, which says what came of something.
    fn saying(self, notice: Notice) -> Response {
        Redirect::to(&format!("{}?said={}", self.path(), notice.code())).into_response()
    }
}
