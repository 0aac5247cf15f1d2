//! What is left of a sign-in: access to the provider in somebody's name, refreshed, and taken back.

use betancourt_auth::provider::{Provider, Quirk};
use betancourt_auth::{ErrorKind, UserId};
use serde_json::json;

use super::stage::{Stage, Variant};
use crate::identity_providers::house::Keeping;

/// A provider that gives refresh tokens: to those who ask for them, and have people agree each time.
pub(super) fn offline(mut provider: Provider) -> Provider {
    provider.scopes.push("offline_access".into());
    provider.with_quirk(Quirk::Parameter("prompt".into(), "consent".into()))
}

async fn token(stage: &Stage, user: &UserId) -> Result<String, ErrorKind> {
    let token = stage.house.auth().access_token(user, "offline").await;
    token.map(|token| token.token.expose().to_owned()).map_err(|error| error.kind())
}

/// Each access token lives a minute, so each is due at once; each refresh token is taken once.
async fn is_refreshed_until_it_is_taken_back(keeping: Keeping) {
    let variants = [Variant::of("offline", offline, json!({}))];
    let Some(mut stage) = Stage::open(keeping, &variants).await else { return };
    let mut person = stage.somebody();
    stage.signs_in(&mut person, "offline", "ana").await;
    let user = stage.house.user("ana@provider.example").await;

    let tokens = [token(&stage, &user).await.unwrap(), token(&stage, &user).await.unwrap()];
    assert_ne!(tokens[0], tokens[1]);
    let granted = stage.provider.seen("granted");
    let by: Vec<_> = granted.iter().map(|granted| granted["by"].as_str().unwrap()).collect();
    assert_eq!(by, ["authorization_code", "refresh_token", "refresh_token"]);

    stage.provider.revoke("ana", "offline");
    assert_eq!(token(&stage, &user).await, Err(ErrorKind::RefreshRevoked));
    assert_eq!(token(&stage, &user).await, Err(ErrorKind::NoAccessToken), "nobody asks again");
    assert_eq!(stage.provider.seen("grant failed").len(), 1);

    stage.signs_in(&mut stage.somebody(), "offline", "ana").await;
    assert_ne!(token(&stage, &user).await.unwrap(), tokens[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn access_is_refreshed_until_it_is_taken_back_with_the_memory_store() {
    is_refreshed_until_it_is_taken_back(Keeping::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_is_refreshed_until_it_is_taken_back_on_sqlite() {
    is_refreshed_until_it_is_taken_back(Keeping::Sqlite).await;
}
