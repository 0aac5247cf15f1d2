//! Signing in by mail, with a mail server of others in between.

use betancourt_auth_sqlx::SqlStore;
use serde_json::json;

use crate::app::{App, free_origin, pages_of};
use crate::post_office::PostOffice;
use crate::{script, tools};

#[tokio::test(flavor = "multi_thread")]
async fn by_the_link_on_any_device_and_by_the_code_in_the_browser_that_asked() {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node()) else { return };
    let Some(python) = tools::python_with_aiosmtpd() else { return };
    let mut post_office = PostOffice::open(python);
    let origin = free_origin();
    let store = SqlStore::connect("sqlite::memory:").await.unwrap();
    let _app = App::start(&origin, store, pages_of(Vec::new()), |config| {
        config.email = vec![post_office.email()];
    })
    .await;
    let input = json!({ "chromium": chromium.to_str(), "origin": origin });
    let play = || script::run(node, "by-mail.mjs", &input, |_| post_office.next());
    tokio::task::block_in_place(play);
}
