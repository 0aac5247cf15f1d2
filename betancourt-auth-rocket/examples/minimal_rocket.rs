//! The smallest whole application: the text in the README, word for word.
#![expect(clippy::needless_pass_by_value, reason = "Rocket hands guards over by value")]

use betancourt_auth_rocket::{SignedIn, fairing};
use betancourt_auth_sqlx::SqlStore;
use rocket::{get, routes};

#[rocket::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = betancourt_auth::Auth::from_env(SqlStore::connect("sqlite://app.db").await?)?;
    rocket::build().mount("/", routes![home]).attach(fairing(&auth)).launch().await?;
    Ok(())
}

#[get("/")]
fn home(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}
