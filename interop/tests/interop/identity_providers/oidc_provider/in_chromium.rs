//! Chromium, which decides by itself which cookies go along when another site posts.

use betancourt_auth::provider::Quirk;
use serde_json::{Value, json};

use super::stage::{Stage, Variant};
use crate::identity_providers::house::Keeping;
use crate::{script, tools};

#[tokio::test(flavor = "multi_thread")]
async fn comes_back_across_sites_with_an_answer_by_form() {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node()) else { return };
    let variant = Variant::of("form", |provider| provider.with_quirk(Quirk::FormPost), json!({}));
    let Some(mut stage) = Stage::open(Keeping::Sqlite, &[variant]).await else { return };
    let input = json!({
        "chromium": chromium.to_str(),
        "origin": stage.house.origin(),
        "provider": "form",
        "person": "ana",
    });
    let play = || script::run(node, "answer-by-form.mjs", &input, |_| Value::Null);
    tokio::task::block_in_place(play);
    let modes = stage.provider.seen("authorized");
    assert!(modes.iter().all(|seen| seen["mode"] == "form_post"), "{modes:?}");
}
