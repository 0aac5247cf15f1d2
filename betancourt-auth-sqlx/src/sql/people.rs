//! Queries about people.

use betancourt_auth::DEFAULT_ROLE;
use sqlx::SqlStr;

use super::{insert, quoted, sql};
use crate::layout::{Ids, Keys, Layout};

/// Queries about people.
#[derive(Debug)]
pub(crate) struct People {
    /// `$1`: the id.
    pub(crate) user: SqlStr,
    /// `$1`: the address.
    pub(crate) user_by_email: SqlStr,
    /// `$1` …: id, name, address, when it was proven, image; then the columns that the layout has of role, making and
    /// change.
    pub(crate) insert_user: SqlStr,
    /// `$1`: the id, `$2`: the role, `$3`: when, if that is known and has a column.
    pub(crate) set_role: SqlStr,
    /// `$1`: the id. The first one removes the user, the others what the database does not remove with them.
    pub(crate) delete_user: Vec<SqlStr>,
    /// `$1`: the id, `$2`: when. Only where the address was not proven before.
    pub(crate) prove_address: SqlStr,
    /// `$1`: the id, `$2`: when.
    pub(crate) prove_address_again: SqlStr,
    /// The next number of the sequence of users, where they have numbers.
    pub(crate) draw_id: Option<SqlStr>,
}

/// The six columns of a user who is called `u`.
pub(super) fn columns(layout: &Layout) -> String {
    let email_verified = quoted(&layout.users.email_verified);
    let role = match &layout.users.role {
        Some(role) => format!("u.{}", quoted(role)),
        None => format!(
            r#"COALESCE((SELECT "role" FROM "auth_roles" WHERE "userId" = u."id"), '{DEFAULT_ROLE}')"#
        ),
    };
    format!(r#"u."id", u."name", u."email", u.{email_verified}, u."image", {role}"#)
}

impl People {
    pub(super) fn of(layout: &Layout) -> Self {
        let users = quoted(&layout.users.table);
        let email_verified = quoted(&layout.users.email_verified);
        let columns = columns(layout);
        let select = |which: &str| {
            sql(format!(r#"SELECT {columns} FROM {users} u WHERE {which} ORDER BY u."id" LIMIT 1"#))
        };
        let prove = |and: &str| {
            sql(format!(r#"UPDATE {users} SET {email_verified} = $2 WHERE "id" = $1{and}"#))
        };
        Self {
            user: select(r#"u."id" = $1"#),
            user_by_email: select(r#"u."email" = $1"#),
            insert_user: insert_user(layout),
            set_role: set_role(layout),
            delete_user: delete_user(layout),
            prove_address: prove(&format!(" AND {email_verified} IS NULL")),
            prove_address_again: prove(""),
            draw_id: (layout.ids == Ids::Serial).then(|| {
                let table = users.replace('\'', "''");
                sql(format!("SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"))
            }),
        }
    }
}

fn insert_user(layout: &Layout) -> SqlStr {
    let users = &layout.users;
    let mut columns = vec!["id", "name", "email", users.email_verified.as_ref(), "image"];
    columns.extend(
        [&users.role, &users.created_at, &users.updated_at]
            .into_iter()
            .flatten()
            .map(AsRef::as_ref),
    );
    let table = quoted(&users.table);
    let unless = format!(r#"NOT EXISTS (SELECT 1 FROM {table} WHERE "id" = $1 OR "email" = $3)"#);
    sql(insert(layout, &table, &columns, &unless))
}

fn set_role(layout: &Layout) -> SqlStr {
    let users = quoted(&layout.users.table);
    let changed = layout.users.updated_at.as_deref().map(quoted);
    let changed = changed.map_or(String::new(), |at| format!(", {at} = COALESCE($3, {at})"));
    sql(match layout.users.role.as_deref().map(quoted) {
        Some(role) => format!(r#"UPDATE {users} SET {role} = $2{changed} WHERE "id" = $1"#),
        None => format!(
            r#"
            INSERT INTO "auth_roles" ("userId", "role") SELECT "id", $2 FROM {users} WHERE "id" = $1
            ON CONFLICT ("userId") DO UPDATE SET "role" = $2"#
        ),
    })
}

fn delete_user(layout: &Layout) -> Vec<SqlStr> {
    let Layout { accounts, sessions, .. } = layout;
    let delete = |table: &str, user_id: &str| {
        sql(format!("DELETE FROM {} WHERE {} = $1", quoted(table), quoted(user_id)))
    };
    let user = delete(&layout.users.table, "id");
    match layout.keys {
        Keys::Unique => vec![user],
        Keys::Absent => vec![
            user,
            details_of_sessions(layout),
            details_of_accounts(layout),
            delete(&sessions.table, &sessions.user_id),
            delete(&accounts.table, &accounts.user_id),
        ],
    }
}

fn details_of_sessions(layout: &Layout) -> SqlStr {
    let sessions = quoted(&layout.sessions.table);
    let [token, user_id] =
        [&layout.sessions.session_token, &layout.sessions.user_id].map(|name| quoted(name));
    sql(format!(
        r#"DELETE FROM "auth_sessions" WHERE "sessionToken" IN (SELECT {token} FROM {sessions} WHERE {user_id} = $1)"#
    ))
}

fn details_of_accounts(layout: &Layout) -> SqlStr {
    let accounts = quoted(&layout.accounts.table);
    let [subject, user_id] =
        [&layout.accounts.provider_account_id, &layout.accounts.user_id].map(|name| quoted(name));
    sql(format!(
        r#"
        DELETE FROM "auth_accounts"
        WHERE EXISTS (
            SELECT 1 FROM {accounts} a
            WHERE a.{user_id} = $1 AND a."provider" = "auth_accounts"."provider"
                AND a.{subject} = "auth_accounts"."providerAccountId"
        )"#
    ))
}
