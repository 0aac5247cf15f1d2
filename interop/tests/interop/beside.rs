//! A server of ours beside three with Auth.js: one host, one PostgreSQL database, one secret.

use std::path::Path;

use betancourt_auth::Strategy;
use betancourt_auth_dev::{Face, LookAlikes, Setup};
use serde_json::json;

use crate::adapter::Adapter;
use crate::app::{App, BASE_PATH, SECRET, free_origin, pages_of};
use crate::authjs::{self, Variables, build_next};
use crate::post_office::{PostOffice, SENDER};
use crate::postgres::Postgres;
use crate::program::Program;
use crate::{script, tools};

/// The servers that share sessions with ours.
const SHARING: &[&str] = &["auth-core", "next-auth-5", "next-auth-4-sharing"];
/// The one whose sessions ours takes over.
const OLD: &[&str] = &["next-auth-4"];

/// In which tables, and where sessions are.
#[derive(Clone, Copy)]
struct Keeping(Adapter, Strategy);

/// What stands side by side.
struct Street {
    /// Where our server is, and then the others.
    origins: Vec<String>,
    _look_alikes: LookAlikes,
    _ours: App,
    _theirs: Vec<Program>,
}

impl Street {
    async fn start(
        node: &Path,
        database: &str,
        Keeping(adapter, strategy): Keeping,
        servers: &[&str],
        post_office: &PostOffice,
    ) -> Self {
        build_next(node);
        let origins: Vec<String> = (0..=servers.len()).map(|_| free_origin()).collect();
        let base = |origin: &String| format!("{origin}{BASE_PATH}");
        let setup = Setup::new(&base(&origins[0]));
        let setup = origins[1..].iter().fold(setup, |setup, origin| setup.also(&base(origin)));
        let look_alikes = setup.start().await.unwrap();
        let store = adapter.store(database).await;
        let ours = App::start(&origins[0], store, pages_of(Vec::new()), |config| {
            config.registrations = vec![look_alikes.client(Face::Google).registration()];
            config.email = vec![post_office.email()];
            config.session.strategy = strategy;
            config.session.reads_v4 = true;
        })
        .await;
        let theirs = servers.iter().zip(&origins[1..]).map(|(server, origin)| {
            let mut variables = variables(&look_alikes, origin, strategy);
            variables.insert("DATABASE_URL", database.to_owned());
            variables.insert("ADAPTER", adapter.name().to_owned());
            variables.insert("EMAIL_SERVER", post_office.url());
            variables.insert("EMAIL_FROM", SENDER.to_owned());
            authjs::server(node, server, &variables)
        });
        let theirs = theirs.collect();
        Self { origins, _look_alikes: look_alikes, _ours: ours, _theirs: theirs }
    }
}

impl Street {
    /// Where a server is, if it stands here.
    fn at(&self, name: &str, servers: &[&str]) -> Option<&str> {
        let position = servers.iter().position(|server| *server == name)?;
        self.origins.get(position + 1).map(String::as_str)
    }
}

/// The environment of an application with Auth.js, as its documentation has it; v4 has names of its own.
fn variables(look_alikes: &LookAlikes, origin: &str, strategy: Strategy) -> Variables {
    let google = look_alikes.client(Face::Google);
    let strategy = if strategy == Strategy::Jwt { "jwt" } else { "database" };
    Variables::from([
        ("AUTH_URL", format!("{origin}{BASE_PATH}")),
        ("AUTH_SECRET", SECRET.to_owned()),
        ("NEXTAUTH_URL", format!("{origin}{BASE_PATH}")),
        ("NEXTAUTH_SECRET", SECRET.to_owned()),
        ("AUTH_GOOGLE_ID", google.id().to_owned()),
        ("AUTH_GOOGLE_SECRET", google.secret().to_owned()),
        ("AUTH_GOOGLE_ISSUER", google.issuer()),
        ("NEXT_TELEMETRY_DISABLED", "1".to_owned()),
        ("STRATEGY", strategy.to_owned()),
    ])
}

/// Plays a scenario on a street of its own.
async fn plays(scenario: &str, keeping: Keeping, servers: &[&str]) {
    let (Some(chromium), Some(node)) = (tools::chromium(), tools::node_with_authjs()) else {
        return;
    };
    let (Some(postgres), Some(python)) = (Postgres::shared(), tools::python_with_aiosmtpd()) else {
        return;
    };
    let mut post_office = PostOffice::open(python);
    let Keeping(adapter, strategy) = keeping;
    let database = postgres.database(adapter.tables());
    let street = Street::start(node, &database, keeping, servers, &post_office).await;
    let input = json!({
        "chromium": chromium.to_str(),
        "origin": street.origins[0],
        "name": format!("{}-{strategy:?}", adapter.name()).to_lowercase(),
        "servers": street.origins,
        "next": street.at("next-auth-5", servers),
        "strategy": format!("{strategy:?}"),
        "provider": Face::Google.id(),
        "people": [
            { "person": "ana-restrepo@gmail.com", "name": "Ana Restrepo" },
            { "person": "julian@casa-ortega.example", "name": "Julián Ortega" },
            { "person": "mariana@duarte.example", "name": "Mariana Duarte" },
        ],
    });
    let play = || script::run(node, scenario, &input, |_| post_office.next());
    tokio::task::block_in_place(play);
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_sessions_in_the_tables_of_drizzle() {
    plays("beside.mjs", Keeping(Adapter::Drizzle, Strategy::Database), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_sessions_in_the_tables_of_the_pg_adapter() {
    plays("beside.mjs", Keeping(Adapter::Pg, Strategy::Database), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_sessions_in_the_tables_of_prisma() {
    plays("beside.mjs", Keeping(Adapter::Prisma, Strategy::Database), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_sessions_with_people_in_the_tables_of_drizzle() {
    plays("beside.mjs", Keeping(Adapter::Drizzle, Strategy::Jwt), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_sessions_with_people_in_the_tables_of_the_pg_adapter() {
    plays("beside.mjs", Keeping(Adapter::Pg, Strategy::Jwt), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_sessions_with_people_in_the_tables_of_prisma() {
    plays("beside.mjs", Keeping(Adapter::Prisma, Strategy::Jwt), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_sessions_of_v4_are_taken_over() {
    plays("from-v4.mjs", Keeping(Adapter::Prisma, Strategy::Database), OLD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_sessions_of_v4_are_taken_over() {
    plays("from-v4.mjs", Keeping(Adapter::Prisma, Strategy::Jwt), OLD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_sent_by_one_are_taken_by_another_with_stored_sessions() {
    plays("magic-links.mjs", Keeping(Adapter::Prisma, Strategy::Database), SHARING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_sent_by_one_are_taken_by_another_with_sealed_sessions() {
    plays("magic-links.mjs", Keeping(Adapter::Pg, Strategy::Jwt), SHARING).await;
}
