//! Texts that are longer than their columns. Alone in its process, because it hears what the whole process tells.
#![cfg(test)]

#[path = "sql/database/mysql.rs"]
mod mysql;
#[path = "sql/person.rs"]
mod person;
#[path = "sql/database/postgres.rs"]
mod postgres;

use std::fmt::Debug;
use std::sync::Mutex;

use betancourt_auth::store::{
    AccountStore as _, Mailbox, SessionStore as _, Store as _, StoreErrorKind, UserStore as _,
};
use betancourt_auth::{Account, Secret, StoredToken, Tokens};
use betancourt_auth_sqlx::{Layout, SqlStore};
use sqlx::{Connection as _, MySqlConnection, PgConnection, raw_sql};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use self::person::{account, called, session, sign_up};

/// Every event that tells of texts which were too long, as one line.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "betancourt_auth_sqlx::room"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        TOLD.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

/// What was told since it was asked for last: of which columns, and what became of the text.
fn told() -> Vec<(String, String)> {
    let told = std::mem::take(&mut *TOLD.lock().unwrap());
    let part = |line: &str, name: &str| {
        let (_, part) = line.split_once(&format!("{name}=\"")).unwrap();
        part.split_once('"').unwrap().0.to_owned()
    };
    let of = |line: &String| {
        let became = ["was cut", "was left out", "ERROR"].into_iter();
        let became = became.filter(|became| line.contains(became)).collect();
        assert!(!line.contains("xxx") && !line.contains("zoe"), "a text is told: {line}");
        (format!("{}.{}", part(line, "table"), part(line, "column")), became)
    };
    told.iter().map(of).collect()
}

fn expected(columns: &[(&str, &str)]) -> Vec<(String, String)> {
    columns.iter().map(|(column, became)| ((*column).to_owned(), (*became).to_owned())).collect()
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

const SCOPE_LEFT_OUT: (&str, &str) = ("Account.scope", "was left out");

#[tokio::test]
async fn who_has_something_too_long_gets_in_all_the_same() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    let narrow = r#"
        ALTER TABLE "User" ALTER COLUMN "name" TYPE varchar(191), ALTER COLUMN "image" TYPE varchar(191);
        ALTER TABLE "Account" ALTER COLUMN "scope" TYPE varchar(191),
            ALTER COLUMN "session_state" TYPE varchar(191), ALTER COLUMN "token_type" TYPE varchar(191),
            ALTER COLUMN "access_token" TYPE varchar(5000),
            ALTER COLUMN "providerAccountId" TYPE varchar(191);"#;
    let tables = [include_str!("sql/layouts/prisma_postgres.sql"), narrow].concat();
    if let Some(url) = postgres::url_after(&tables).await {
        let store = SqlStore::options().layout(Layout::prisma()).connect(&url).await.unwrap();
        gets_in(&store).await;
        let wider = r#"ALTER TABLE "Account" ALTER COLUMN "scope" TYPE text"#;
        let mut connection = PgConnection::connect(&url).await.unwrap();
        raw_sql(wider).execute(&mut connection).await.unwrap();
        // What a connection has prepared to read that column it cannot read any more.
        let store = SqlStore::options().layout(Layout::prisma()).connect(&url).await.unwrap();
        is_kept_when_there_is_room(&store).await;
    }
    let narrow = "ALTER TABLE `Account` MODIFY `access_token` varchar(5000);";
    let tables = [include_str!("sql/layouts/prisma_mysql.sql"), narrow].concat();
    let collations = [mysql::url_after(&tables).await, mysql::url_telling_apart(&tables).await];
    for url in collations.into_iter().flatten() {
        let store = SqlStore::options().layout(Layout::prisma()).connect(&url).await.unwrap();
        gets_in(&store).await;
        let wider = "ALTER TABLE `Account` MODIFY `scope` text";
        let mut connection = MySqlConnection::connect(&url).await.unwrap();
        raw_sql(wider).execute(&mut connection).await.unwrap();
        is_kept_when_there_is_room(&store).await;
    }
}

/// The tokens of an account, as they are read back.
async fn tokens(store: &SqlStore, account: &Account) -> Tokens {
    store.account(&account.key).await.unwrap().unwrap().tokens
}

async fn gets_in(store: &SqlStore) {
    whatever_fits_is_kept(store).await;
    assert_eq!(told(), expected(&[]));

    let mut zoe = called(store, "zoe").await;
    zoe.name = Some(["Zoë ", &long(300)].concat());
    zoe.image = Some(format!("data:image/png;base64,{}", long(70_000)));
    let mut of_zoe = account(&zoe, "1042");
    of_zoe.tokens.access_token = Some(Secret::new("the first"));
    of_zoe.tokens.expires_at = Some(1);
    of_zoe.tokens.scope = Some(long(192));
    of_zoe.tokens.session_state = Some(long(300));
    store.sign_up(&zoe, Some(&of_zoe), &session(&zoe, "zoe"), &[]).await.unwrap();
    assert_eq!(
        told(),
        expected(&[
            ("User.name", "was cut"),
            ("User.image", "was left out"),
            SCOPE_LEFT_OUT,
            ("Account.session_state", "was left out"),
        ])
    );
    let kept = store.session(&StoredToken::hashed("zoe")).await.unwrap().unwrap().user;
    assert_eq!(kept.name, Some(["Zoë ", &long(187)].concat()));
    assert_eq!((kept.image, kept.email), (None, zoe.email.clone()));
    let kept = tokens(store, &of_zoe).await;
    assert_eq!(kept.access_token.unwrap().expose(), "the first");
    assert_eq!((kept.scope, kept.session_state, kept.expires_at), (None, None, Some(1)));

    comes_back(store, &of_zoe).await;
    takes_over(store, &of_zoe).await;
    is_refused_without_a_name_at_the_provider(store).await;
}

/// Nothing is left out that there is room for, to the last letter.
async fn whatever_fits_is_kept(store: &SqlStore) {
    let mut ada = called(store, "ada").await;
    ada.name = Some("ë".repeat(191));
    ada.image = Some(long(191));
    let mut of_ada = account(&ada, "ada");
    of_ada.tokens.scope = Some(long(191));
    store.sign_up(&ada, Some(&of_ada), &session(&ada, "ada"), &[]).await.unwrap();
    assert_eq!(tokens(store, &of_ada).await.scope, of_ada.tokens.scope);
    assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada));
}

/// A later sign-in, a further account and a refresh.
async fn comes_back(store: &SqlStore, of_zoe: &Account) {
    let zoe = store.user(&of_zoe.user_id).await.unwrap().unwrap();
    let mut again = of_zoe.clone();
    again.tokens.access_token = Some(Secret::new("the second"));
    again.tokens.session_state = None;
    again.tokens.expires_at = Some(2);
    let unchanged = Mailbox::Unchanged;
    store.sign_in(&again, unchanged, &session(&zoe, "second"), &[]).await.unwrap();
    assert_eq!(told(), expected(&[SCOPE_LEFT_OUT]));
    assert_eq!(tokens(store, &again).await.access_token.unwrap().expose(), "the second");

    again.tokens.access_token = Some(Secret::new(long(6000)));
    again.tokens.expires_at = Some(3);
    store.sign_in(&again, unchanged, &session(&zoe, "third"), &[]).await.unwrap();
    assert_eq!(told(), expected(&[("Account.access_token", "was left out"), SCOPE_LEFT_OUT]));
    let kept = tokens(store, &again).await;
    assert_eq!(kept.access_token.unwrap().expose(), "the second");
    assert_eq!(kept.expires_at, Some(2), "the end of a token that is not there");

    let mut further = account(&zoe, "1043");
    further.tokens.scope = Some(long(192));
    store.link(&further, &session(&zoe, "fourth"), &[]).await.unwrap();
    let refreshed = Tokens {
        access_token: Some(Secret::new("refreshed")),
        scope: Some(long(192)),
        ..Tokens::default()
    };
    assert!(store.replace_tokens(&further.key, &refreshed, None, &[]).await.unwrap());
    assert_eq!(told(), expected(&[SCOPE_LEFT_OUT, SCOPE_LEFT_OUT]));
    assert_eq!(tokens(store, &further).await.access_token.unwrap().expose(), "refreshed");
}

/// A name and a picture that are taken over later.
async fn takes_over(store: &SqlStore, of_zoe: &Account) {
    let (name, image) = (long(300), long(300));
    assert!(store.set_profile(&of_zoe.user_id, Some(&name), Some(&image), &[]).await.unwrap());
    assert_eq!(told(), expected(&[("User.name", "was cut"), ("User.image", "was left out")]));
    let zoe = store.user(&of_zoe.user_id).await.unwrap().unwrap();
    assert_eq!((zoe.name, zoe.image), (Some(long(191)), None));
    assert!(store.set_profile(&zoe.id, Some("Zoë"), Some(&long(191)), &[]).await.unwrap());
    assert_eq!(told(), expected(&[]));
    assert_eq!(store.user(&zoe.id).await.unwrap().unwrap().image, Some(long(191)));
}

/// What somebody is known by is never cut: that could be somebody else.
async fn is_refused_without_a_name_at_the_provider(store: &SqlStore) {
    let too_long = long(192);
    let refused = sign_up(store, "nobody", &too_long).await;
    assert_eq!(refused, Err(StoreErrorKind::Unavailable));
    assert_eq!(told(), expected(&[("Account.providerAccountId", "ERROR")]));
    assert!(store.user_by_email("nobody@example.com").await.unwrap().is_none());
    sign_up(store, "nobody", &long(191)).await.unwrap();
    assert_eq!(told(), expected(&[]));
}

/// Once a column is wide enough, nothing is left out any more.
async fn is_kept_when_there_is_room(store: &SqlStore) {
    let zoe = store.user_by_email("zoe@example.com").await.unwrap().unwrap();
    let mut of_zoe = account(&zoe, "1042");
    of_zoe.tokens.scope = Some(long(192));
    store.sign_in(&of_zoe, Mailbox::Unchanged, &session(&zoe, "fifth"), &[]).await.unwrap();
    assert_eq!(told(), expected(&[]));
    assert_eq!(tokens(store, &of_zoe).await.scope, of_zoe.tokens.scope);
}
