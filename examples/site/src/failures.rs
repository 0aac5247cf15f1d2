//! What went wrong becomes a page of the site, for whoever reads pages.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{ACCEPT, ALLOW, CACHE_CONTROL, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, StatusCode};

use crate::front::{FOR_ONE, Front};
use crate::pages::Failure;
use crate::site::Site;

/// On an answer that says by itself, on a page of the site, what went wrong.
#[derive(Clone, Copy, Debug)]
pub struct Told;

/// Lets an answer pass unless it is a failure that a person would read. The actions of sign-in, and whatever a
/// script asks for, answer in their own way.
pub async fn as_pages(
    State(site): State<Site>,
    front: Front,
    request: Request,
    next: Next,
) -> Response {
    let is_action = request.uri().path().starts_with(&site.auth.config().base_path);
    let headers = request.headers().clone();
    let answer = next.run(request).await;
    let failed = answer.status().is_client_error() || answer.status().is_server_error();
    if is_action || !failed || is_told(&answer) || !reads_pages(&headers) {
        return answer;
    }
    let session = match answer.status() {
        StatusCode::NOT_FOUND => site.auth.session(&headers).await.ok().flatten(),
        _ => None,
    };
    let user = session.as_ref().map(|session| &session.user);
    let Ok(token) = front.token_if(user.is_some()) else { return answer };
    let reference = answer.status().is_server_error().then(|| reference(&site, answer.status()));
    let (frame, status) = (front.frame(user, token.as_ref()), answer.status());
    let page = Failure { frame, status, reference };
    dressed(&answer, Front::show(&page, token.as_ref()))
}

/// What somebody can quote to whom it is our fault, and what stands in the log of it.
fn reference(site: &Site, status: StatusCode) -> String {
    let mut bytes = [0; 4];
    // Without randomness it is the same for all.
    let _ = site.auth.config().random.fill(&mut bytes);
    let reference = format!("{:08x}", u32::from_be_bytes(bytes));
    tracing::error!(reason = "page.failed", status = status.as_u16(), reference, "a page failed");
    reference
}

/// The page, with the status of the answer it stands for and the headers that still hold. Nobody keeps it.
fn dressed(answer: &Response, mut page: Response) -> Response {
    *page.status_mut() = answer.status();
    page.headers_mut().insert(CACHE_CONTROL, FOR_ONE);
    for name in [ALLOW, RETRY_AFTER, SET_COOKIE] {
        for value in answer.headers().get_all(&name) {
            page.headers_mut().append(name.clone(), value.clone());
        }
    }
    page
}

fn is_told(answer: &Response) -> bool {
    answer.extensions().get::<Told>().is_some()
}

fn reads_pages(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
