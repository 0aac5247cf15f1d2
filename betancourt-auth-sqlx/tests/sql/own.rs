//! Columns of the application's own, which are NOT NULL and have no default.

use betancourt_auth::store::{NewSession, Store as _, UserStore as _};
use betancourt_auth::{Account, User};
use betancourt_auth_sqlx::{ColumnValue, Layout, Misfit, OpenError, OwnColumn};

use crate::database;
use crate::database::on::On;
use crate::layouts::{PG_ADAPTER, PRISMA_MYSQL, PRISMA_POSTGRES, PRISMA_WITH_ROW_IDS_SQLITE, on};
use crate::person::{NOW, account, called, session, sign_up};

/// Every database that is there, with tables of its own and their layout: those with unique keys, and those without.
async fn each() -> Vec<(On, Layout)> {
    let prisma = |on: &On| match on {
        On::Mysql(_) | On::Postgres(_) => Layout::prisma(),
        On::Sqlite(_) => Layout::prisma_with_row_ids(),
    };
    let each = On::each(PRISMA_MYSQL, PRISMA_POSTGRES, PRISMA_WITH_ROW_IDS_SQLITE).await;
    let mut each: Vec<_> = each.into_iter().map(|on| (prisma(&on), on)).collect();
    if let Some(url) = database::postgres::url_after(PG_ADAPTER).await {
        each.push((Layout::pg_adapter(), On::Postgres(url)));
    }
    each.into_iter().map(|(layout, on)| (on, layout)).collect()
}

/// Adds columns to the empty tables of a layout.
async fn add_columns(on: &On, layout: &Layout) {
    let moment = match on {
        On::Mysql(_) => "DATETIME(3)",
        On::Postgres(_) => "TIMESTAMP(3)",
        On::Sqlite(_) => "DATETIME",
    };
    for (table, column) in [
        (&layout.users.table, r#""tenant" VARCHAR(191)"#.to_owned()),
        (&layout.users.table, r#""seats" INTEGER"#.to_owned()),
        (&layout.users.table, r#""isTrial" BOOLEAN"#.to_owned()),
        (&layout.users.table, format!(r#""joinedAt" {moment}"#)),
        (&layout.accounts.table, r#""addedBy" VARCHAR(191)"#.to_owned()),
        (&layout.sessions.table, r#""it's""shard" INTEGER"#.to_owned()),
    ] {
        on.run(&names_of(on, &format!(r#"ALTER TABLE "{table}" ADD COLUMN {column} NOT NULL"#)))
            .await;
    }
}

/// Names as the database quotes them.
fn names_of(on: &On, statement: &str) -> String {
    match on {
        On::Mysql(_) => statement.replace(r#""""#, "\0").replace('"', "`").replace('\0', "\""),
        On::Postgres(_) | On::Sqlite(_) => statement.to_owned(),
    }
}

/// What the domain of an address says of whose somebody is.
fn tenant(user: &User) -> String {
    user.email.as_deref().unwrap().split('@').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn they_are_filled_when_a_row_is_made() {
    for (database, mut layout) in each().await {
        add_columns(&database, &layout).await;
        layout.users.own = vec![
            OwnColumn::by("tenant", tenant),
            OwnColumn::always("seats", 5),
            OwnColumn::always("isTrial", true),
            OwnColumn::always("joinedAt", NOW),
        ];
        layout.accounts.own =
            vec![OwnColumn::by("addedBy", |account: &Account| account.user_id.to_string())];
        layout.sessions.own =
            vec![OwnColumn::by(r#"it's"shard"#, |session: &NewSession| i64::from(session.keep))];
        let Layout { users, accounts, sessions, .. } = &layout;
        let store = on(layout.clone()).connect(database.url()).await.unwrap();

        let ada = sign_up(&store, "ada", "1042").await.unwrap();
        let of_users = [("tenant", "example.com"), ("seats", "5")];
        for (column, expected) in of_users {
            assert_eq!(database.texts(column, &users.table).await, [expected]);
        }
        let (truth, moment) = match database {
            On::Mysql(_) => ("1", "2033-05-18 03:33:20.123"),
            On::Postgres(_) => ("true", "2033-05-18 03:33:20.123"),
            On::Sqlite(_) => ("1", "2000000000123"),
        };
        assert_eq!(database.texts("isTrial", &users.table).await, [truth]);
        assert_eq!(database.texts("joinedAt", &users.table).await, [moment]);
        assert_eq!(database.texts("addedBy", &accounts.table).await, [ada.id.to_string()]);

        let another = account(&ada, "2042");
        store.link(&another, &session(&ada, "another"), &[]).await.unwrap();
        assert_eq!(database.texts("addedBy", &accounts.table).await.len(), 2);
        let shard =
            if matches!(database, On::Mysql(_)) { r#"it's"shard"# } else { r#"it's""shard"# };
        assert_eq!(database.texts(shard, &sessions.table).await, ["20", "20"]);
        assert_eq!(store.user(&ada.id).await.unwrap(), Some(ada));
    }
}

#[tokio::test]
async fn a_table_with_one_that_nothing_is_said_of_is_refused() {
    for (database, mut layout) in each().await {
        add_columns(&database, &layout).await;
        let Layout { users, accounts, sessions, .. } = layout.clone();
        let refused = |table: &str, column: &str, part: &str| {
            format!(
                "the table `{table}` cannot be adopted: its column `{column}` is NOT NULL without a default, and a sign-in does not know a value for it: say one in `layout.{part}.own`, or give the column a default"
            )
        };
        let before = database.schema().await;
        let asked = [
            (&users.table, "tenant", "users"),
            (&users.table, "seats", "users"),
            (&users.table, "isTrial", "users"),
            (&users.table, "joinedAt", "users"),
            (&accounts.table, "addedBy", "accounts"),
            (&sessions.table, r#"it's"shard"#, "sessions"),
        ];
        for (table, column, part) in asked {
            let error = on(layout.clone()).connect(database.url()).await.unwrap_err();
            assert_eq!(error.to_string(), refused(table, column, part));
            assert_eq!(database.schema().await, before, "a refusal changes nothing");
            match part {
                "users" => layout.users.own.push(OwnColumn::always(column, 1)),
                "accounts" => layout.accounts.own.push(OwnColumn::always(column, 1)),
                _ => layout.sessions.own.push(OwnColumn::always(column, 1)),
            }
        }
        on(layout).connect(database.url()).await.unwrap();
    }
}

#[tokio::test]
async fn a_column_that_is_not_the_applications_is_refused() {
    for (database, layout) in each().await {
        for (column, expected) in [("tenant", Misfit::Missing), ("name", Misfit::Ours)] {
            let mut layout = layout.clone();
            layout.users.own = vec![OwnColumn::always(column, "acme")];
            let error = on(layout).connect(database.url()).await.unwrap_err();
            let OpenError::Misfit { table: _, column: named, misfit } = error else {
                panic!("{error}")
            };
            assert_eq!((named.as_str(), misfit), (column, expected));
        }
        on(layout).connect(database.url()).await.unwrap();
    }
}

#[tokio::test]
async fn the_default_tables_are_made_without_them_alone() {
    let url = database::url();
    let mut layout = Layout::default();
    layout.users.own = vec![OwnColumn::always("tenant", "acme")];
    let error = on(layout.clone()).connect(&url).await.unwrap_err();
    assert!(matches!(error, OpenError::MissingTable { table } if table == "users"));

    on(Layout::default()).connect(&url).await.unwrap();
    On::Sqlite(url.clone())
        .change(r#"ALTER TABLE "users" ADD COLUMN "tenant" TEXT NOT NULL"#)
        .await;
    assert!(on(Layout::default()).connect(&url).await.is_err());
    let store = on(layout).connect(&url).await.unwrap();
    sign_up(&store, "ada", "1042").await.unwrap();
    assert_eq!(On::Sqlite(url).texts("tenant", "users").await, ["acme"]);
}

#[tokio::test]
async fn postgresql_makes_of_a_text_what_the_column_holds() {
    let columns = r#"
        CREATE TYPE plan AS ENUM ('free', 'paid');
        ALTER TABLE "User" ADD COLUMN "plan" plan NOT NULL;
        ALTER TABLE "User" ADD COLUMN "publicId" uuid NOT NULL;
        ALTER TABLE "User" ADD COLUMN "settings" jsonb NOT NULL;
        ALTER TABLE "User" ADD COLUMN "credit" numeric(10, 2) NOT NULL;
        ALTER TABLE "User" ADD COLUMN "seenAt" timestamptz NOT NULL;"#;
    let Some(url) = database::postgres::url_after(&format!("{PRISMA_POSTGRES}\n{columns}")).await
    else {
        return;
    };
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let mut layout = Layout::prisma();
    layout.users.own = vec![
        OwnColumn::always("plan", "paid"),
        OwnColumn::always("publicId", id),
        OwnColumn::always("settings", serde_json::json!({ "news": false })),
        OwnColumn::always("credit", 12),
        OwnColumn::by("seenAt", |_: &User| ColumnValue::Moment(NOW)),
    ];
    let store = on(layout).connect(&url).await.unwrap();
    let ada = called(&store, "ada").await;
    store.sign_up(&ada, None, &session(&ada, "ada"), &[]).await.unwrap();
    let database = On::Postgres(url);
    for (column, expected) in [
        ("plan", "paid"),
        ("publicId", id),
        ("settings", r#"{"news": false}"#),
        ("credit", "12.00"),
        ("seenAt", "2033-05-18 03:33:20.123+00"),
    ] {
        assert_eq!(database.texts(column, "User").await, [expected]);
    }
}
