//! What people may do, where their table has no column for it.

use betancourt_auth::store::{RoleChange, SessionStore as _, UserFilter, UserStore as _};
use betancourt_auth::{DEFAULT_ROLE, StoredToken, UserId};
use betancourt_auth_sqlx::Layout;

use crate::database::on::On;
use crate::layouts::{
    PRISMA_MYSQL, PRISMA_POSTGRES, PRISMA_WITH_ROW_IDS_SQLITE, numbered, numbered_mysql,
    numbered_postgres, numbered_sqlite, on,
};
use crate::person::sign_up;

/// Every database that is there, with texts for ids and with numbers.
async fn each() -> Vec<(On, Layout)> {
    let prisma = |on: &On| match on {
        On::Mysql(_) | On::Postgres(_) => Layout::prisma(),
        On::Sqlite(_) => Layout::prisma_with_row_ids(),
    };
    let texts = On::each(PRISMA_MYSQL, PRISMA_POSTGRES, PRISMA_WITH_ROW_IDS_SQLITE).await;
    let texts: Vec<_> = texts.into_iter().map(|on| (prisma(&on), on)).collect();
    let numbers = On::each(&numbered_mysql(), &numbered_postgres(), &numbered_sqlite()).await;
    let numbers = numbers.into_iter().map(|on| (numbered(prisma(&on)), on));
    texts.into_iter().chain(numbers).map(|(layout, on)| (on, layout)).collect()
}

#[tokio::test]
async fn they_stand_beside_the_table_and_go_with_the_user() {
    for (database, layout) in each().await {
        assert_eq!(layout.users.role, None);
        let store = on(layout).connect(database.url()).await.unwrap();
        let ada = sign_up(&store, "ada", "1042").await.unwrap();
        let ben = sign_up(&store, "ben", "1043").await.unwrap();
        assert_eq!(ada.role, DEFAULT_ROLE);

        let nobody = UserId::new("0");
        let given = store.set_role(&nobody, "ADMIN", None, &[]).await.unwrap();
        assert_eq!(given, RoleChange::Unknown);
        let given = store.set_role(&ada.id, "ADMIN", Some("ADMIN"), &[]).await.unwrap();
        assert_eq!(given, RoleChange::Done);

        let session = store.session(&StoredToken::hashed("1042")).await.unwrap().unwrap();
        assert_eq!(session.user.role, "ADMIN");
        let of_ben = store.session(&StoredToken::hashed("1043")).await.unwrap().unwrap();
        assert_eq!(of_ben.user.role, DEFAULT_ROLE);
        let filter = UserFilter { role: Some("ADMIN".to_owned()), ..UserFilter::default() };
        let found = store.users(&filter, None, 10).await.unwrap();
        assert_eq!(found, [session.user]);
        assert_eq!(database.texts("userId", "auth_roles").await, [ada.id.to_string()]);

        let taken = store.set_role(&ada.id, "CLIENT", Some("ADMIN"), &[]).await.unwrap();
        assert_eq!(taken, RoleChange::LastOne);
        assert!(store.delete_user(&ada.id, &[]).await.unwrap());
        assert!(database.texts("userId", "auth_roles").await.is_empty());
        assert_eq!(store.user(&ben.id).await.unwrap(), Some(ben));
    }
}
