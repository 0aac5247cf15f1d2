//! The smallest complete application with Rocket. It needs no key: look-alikes stand in for the providers.
#![expect(clippy::needless_pass_by_value, reason = "Rocket hands guards over by value")]

use betancourt_auth::{Auth, Config};
use betancourt_auth_dev::LookAlikes;
use betancourt_auth_rocket::{MaybeSignedIn, Role, SignedIn, fairing};
use betancourt_auth_sqlx::SqlStore;
use rocket::{get, response::content::RawHtml, routes};

#[rocket::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or("http://localhost:3000".into());
    let lookalikes = LookAlikes::start(&format!("{url}/auth")).await?;
    let mut config = Config::new(&url, "everybody knows the secret of an example")?;
    config.registrations = lookalikes.registrations();
    let auth = Auth::new(config, SqlStore::connect("sqlite://example.db").await?)?;
    let settings = rocket::Config::figment().merge(("port", auth.config().url.port()));
    let pages = routes![home, members, admin];
    rocket::custom(settings).mount("/", pages).attach(fairing(&auth)).launch().await?;
    Ok(())
}

#[get("/")]
fn home(visitor: MaybeSignedIn) -> RawHtml<&'static str> {
    RawHtml(if visitor.user().is_some() {
        "<h1>Welcome back</h1> <a href=/members>Members</a> <a href=/admin>Administrators</a> <a href='/auth/signout?callbackUrl=/'>Sign out</a>"
    } else {
        "<h1>Welcome</h1> <a href=/members>Members</a> <a href=/auth/signin>Sign in</a>"
    })
}

#[get("/members")]
fn members(user: SignedIn) -> String {
    format!("Hello {}", user.name())
}

#[get("/admin")]
fn admin(admin: Role<Admin>) -> String {
    format!("At your service, {}", admin.name())
}

#[derive(Debug)]
struct Admin;

impl betancourt_auth::Role for Admin {
    const NAME: &'static str = "ADMIN";
}
