//! Every address of the site, on one page.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use betancourt_auth_axum::{Role, SignedIn};
use http::{HeaderMap, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::headers::{self, Headers};
use crate::site::{Administrator, Site};
use crate::{api, assets, failures, health, host, pages, preferences};

/// Where people come who sign in without having asked for a page.
pub const AFTER_SIGN_IN: &str = "/dashboard";

/// The largest form of the site's own.
const LARGEST_FORM: usize = 8 * 1024;
/// Pages that are somebody's own lead a robot to the landing page, which says what its one address is.
const ROBOTS: &str = "User-agent: *\nDisallow: /api/\n";

/// The whole site.
pub fn router(site: Site) -> Router {
    let pages = Router::new()
        .route("/", get(pages::landing))
        .route("/dashboard", get(pages::dashboard))
        .route("/dashboard/", get(pages::dashboard))
        .merge(account())
        .route("/dashboard/{*below}", get(nothing_for_a_person))
        .merge(administration())
        .route("/admin/{*below}", get(nothing_for_an_administrator))
        .route("/help/sign-in", get(pages::help))
        .route("/terms", get(pages::terms))
        .route("/privacy", get(pages::privacy))
        .route("/contact", get(pages::contact_page).post(pages::contact).layer(longer_forms()))
        .route("/preferences", post(preferences::choose))
        .route("/robots.txt", get(|| async { ROBOTS }))
        .route(
            "/assets/{name}",
            get(|Path(name): Path<String>, headers: HeaderMap| async move {
                assets::answer(&name, &headers)
            }),
        )
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .merge(
            betancourt_auth_axum::routes(&site.auth).layer(from_fn(preferences::heard_everywhere)),
        )
        .merge(api::routes(&site))
        .merge(health::routes());
    dressed(pages, site)
}

/// Pages with everything around them that each answer of the site has.
pub fn dressed(pages: Router<Site>, site: Site) -> Router {
    let headers = Headers::of(&site);
    pages
        .layer(betancourt_auth_axum::layer(&site.auth))
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .layer(from_fn_with_state(site.clone(), host::only_ours))
        .layer(from_fn_with_state(site.clone(), failures::as_pages))
        .layer(from_fn(move |request, next| headers::put(headers.clone(), request, next)))
        .layer(CompressionLayer::new().compress_when(headers::is_public))
        .with_state(site)
}

/// The pages on which somebody looks after what is theirs.
fn account() -> Router<Site> {
    use pages::account::{
        begin_project, confirm, connections, delete, disown, disowned, end, end_others,
        end_project, export, history, keep, not_me, preferences, privacy, profile, projects,
        sessions, take_over, unlink,
    };
    Router::new()
        .route("/not-me/{token}", get(disowned).post(disown))
        .route("/dashboard/confirm", get(confirm))
        .route("/dashboard/connections", get(connections))
        .route("/dashboard/connections/remove", post(unlink))
        .route("/dashboard/history", get(history))
        .route("/dashboard/not-me", get(not_me))
        .route("/dashboard/preferences", get(preferences))
        .route("/dashboard/privacy", get(privacy))
        .route("/dashboard/privacy/delete", post(delete))
        .route("/dashboard/privacy/export", post(export))
        .route("/dashboard/privacy/keep", post(keep))
        .route("/dashboard/profile", get(profile))
        .route("/dashboard/profile/take-over", post(take_over))
        .route("/dashboard/projects", get(projects))
        .route("/dashboard/projects/begin", post(begin_project))
        .route("/dashboard/projects/end", post(end_project))
        .route("/dashboard/sessions", get(sessions))
        .route("/dashboard/sessions/end", post(end))
        .route("/dashboard/sessions/end-others", post(end_others))
}

/// Room for a message of five thousand letters, each of which a form may write with twelve.
fn longer_forms() -> DefaultBodyLimit {
    DefaultBodyLimit::max(8 * LARGEST_FORM)
}

/// The pages of administrators.
fn administration() -> Router<Site> {
    use pages::admin::{
        delete, lift, messages, overview, people, person, providers, refusals, set_role, sign_out,
        suspend,
    };
    Router::new()
        .route("/admin", get(overview))
        .route("/admin/", get(overview))
        .route("/admin/messages", get(messages))
        .route("/admin/people", get(people))
        .route("/admin/people/{id}", get(person))
        .route("/admin/people/{id}/role", post(set_role))
        .route("/admin/people/{id}/sign-out", post(sign_out))
        .route("/admin/people/{id}/suspend", post(suspend))
        .route("/admin/people/{id}/lift", post(lift))
        .route("/admin/people/{id}/delete", post(delete))
        .route("/admin/providers", get(providers))
        .route("/admin/refusals", get(refusals))
}

async fn nothing() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Below `/dashboard` nobody learns what there is without signing in.
async fn nothing_for_a_person(_: SignedIn) -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Below `/admin` nobody else learns what there is.
async fn nothing_for_an_administrator(_: Role<Administrator>) -> StatusCode {
    StatusCode::NOT_FOUND
}
