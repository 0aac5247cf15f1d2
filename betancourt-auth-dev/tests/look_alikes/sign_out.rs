//! Signing out at the face that has a place for it.

use betancourt_auth_dev::Face;
use http::StatusCode;
use url::Url;

use crate::support::{APP, get, look_alikes};

/// Where a face's metadata says that people sign out.
async fn end_session(issuer: &str) -> Option<String> {
    let metadata = get(format!("{issuer}/.well-known/openid-configuration")).send().await.json();
    metadata["end_session_endpoint"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn whoever_signs_out_comes_back_to_the_app_and_nowhere_else() {
    let lookalikes = look_alikes().await;
    let endpoint = end_session(&lookalikes.client(Face::Microsoft).issuer()).await.unwrap();
    let leave = async |to: &str| {
        let parameters = [("post_logout_redirect_uri", to), ("state", "the state")];
        let address = Url::parse_with_params(&endpoint, parameters).unwrap();
        get(address.as_str()).send().await
    };
    let answer = leave(&format!("{APP}/signed-out")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.headers["location"].to_str().unwrap();
    assert_eq!(location, format!("{APP}/signed-out?state=the+state"));
    for other in [
        "https://evil.example/signed-out".to_owned(),
        format!("{APP}/signed-out/"),
        format!("{APP}/signed-out?x=1"),
        format!("{APP}/callback/microsoft-entra-id"),
        String::new(),
    ] {
        let answer = leave(&other).await;
        assert_eq!(answer.status, StatusCode::OK, "{other}");
        assert!(!answer.headers.contains_key("location"), "{other}");
    }
}

/// As their originals, which have none.
#[tokio::test]
async fn the_others_have_no_such_place() {
    let lookalikes = look_alikes().await;
    for face in [Face::Google, Face::Apple] {
        assert_eq!(end_session(&lookalikes.client(face).issuer()).await, None, "{face}");
    }
}
