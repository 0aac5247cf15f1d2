//! Queries about people.

use betancourt_auth::DEFAULT_ROLE;

use super::accounts::are_its_details;
use super::{Dialect, NewRow, Pages, Statement, insert, numbers, quoted};
use crate::layout::{Ids, Keys, Layout};
use crate::row::NO_ADDRESS;

/// Queries about people.
#[derive(Debug)]
pub(crate) struct People {
    /// `$1`: the id.
    pub(crate) user: Statement,
    /// `$1`: the address.
    pub(crate) user_by_email: Statement,
    /// `$1`: how many, `$2`: a pattern in lower case, `$3`: a role; and behind whom: `$4`: the id.
    pub(crate) users: Pages,
    /// `$1` …: id, name, address, when it was proven, image; then the columns that the layout has of role, making and
    /// change, and those of the application's own.
    pub(crate) insert_user: Statement,
    /// `$1`: the id, `$2`: the role, `$3`: when, if that is known and has a column.
    pub(crate) set_role: Statement,
    /// `$1`: the role, `$2`: the id of who does not count.
    pub(crate) others_with_role: Statement,
    /// `$1`: the id, `$2`: the name, `$3`: the picture, `$4`: when, if there is a column for it. What is NULL leaves what
    /// is there.
    pub(crate) set_profile: Statement,
    /// `$1`: the id, `$2`: since when, `$3`: by whom, `$4`: why.
    pub(crate) suspend: Statement,
    /// `$1`: the id.
    pub(crate) lift_suspension: Statement,
    /// `$1`: the id.
    pub(crate) suspension: Statement,
    /// `$1`: the id. Somebody who is there and not suspended.
    pub(crate) admitted: Statement,
    /// `$1`: the id. The first one removes the user, the others what the database does not remove with them.
    pub(crate) delete_user: Vec<Statement>,
    /// `$1`: the id, `$2`: when. Only where the address was not proven before.
    pub(crate) prove_address: Statement,
    /// `$1`: the id, `$2`: when.
    pub(crate) prove_address_again: Statement,
    /// A number that no user has had, where they have numbers.
    pub(crate) draw_id: Option<Statement>,
}

/// The six columns of a user who is called `u`.
pub(super) fn columns(layout: &Layout) -> String {
    let email_verified = quoted(&layout.users.email_verified);
    let role = role(layout);
    format!(r#"u."id", u."name", u."email", u.{email_verified}, u."image", {role}"#)
}

/// The role of a user who is called `u`.
fn role(layout: &Layout) -> String {
    match &layout.users.role {
        Some(role) => format!("u.{}", quoted(role)),
        None => format!(
            r#"COALESCE((SELECT "role" FROM "auth_roles" WHERE "userId" = u."id"), '{DEFAULT_ROLE}')"#
        ),
    }
}

impl People {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let users = quoted(&layout.users.table);
        let email_verified = quoted(&layout.users.email_verified);
        let columns = columns(layout);
        let select = |which: &str| {
            dialect.sql(format!(
                r#"SELECT {columns} FROM {users} u WHERE {which} ORDER BY u."id" LIMIT 1"#
            ))
        };
        let id = |table: &str| dialect.is_user(layout.ids, &format!(r#"{table}"id""#), "$1");
        let suspended = dialect.is_user(layout.ids, r#""userId""#, "$1");
        let prove = |and: &str| {
            dialect.sql(format!("UPDATE {users} SET {email_verified} = $2 WHERE {}{and}", id("")))
        };
        Self {
            user: select(&id("u.")),
            users: users_listed(layout, dialect),
            user_by_email: select(&dialect.is(r#"u."email""#, "$1")),
            insert_user: insert_user(layout, dialect),
            set_role: set_role(layout, dialect),
            others_with_role: others_with_role(layout, dialect),
            set_profile: set_profile(layout, dialect),
            suspend: dialect.insert_or_update(
                &format!(
                    r#""auth_suspensions" ("userId", "since", "actor", "reason")
                    SELECT "id", $2, $3, $4 FROM {users} WHERE {}"#,
                    id("")
                ),
                r#""userId""#,
                r#""since" = $2, "actor" = $3, "reason" = $4"#,
            ),
            lift_suspension: dialect
                .sql(format!(r#"DELETE FROM "auth_suspensions" WHERE {suspended}"#)),
            suspension: dialect.sql(format!(
                r#"SELECT "since", "actor", "reason" FROM "auth_suspensions" WHERE {suspended}"#
            )),
            admitted: dialect.sql(format!(
                "SELECT 1 FROM {users} WHERE {} AND {}",
                id(""),
                is_admitted(layout, dialect, "$1")
            )),
            delete_user: delete_user(layout, dialect),
            prove_address: prove(&format!(" AND {email_verified} IS NULL")),
            prove_address_again: prove(""),
            draw_id: (layout.ids == Ids::Serial).then(|| numbers::draw(&users, dialect)),
        }
    }
}

/// That the user of an id, which is a column or a value, is not suspended.
pub(super) fn is_admitted(layout: &Layout, dialect: Dialect, id: &str) -> String {
    let theirs = dialect.is_user(layout.ids, r#"x."userId""#, id);
    format!(r#"NOT EXISTS (SELECT 1 FROM "auth_suspensions" x WHERE {theirs})"#)
}

/// What stands in place of an address is none, and is not found.
fn users_listed(layout: &Layout, dialect: Dialect) -> Pages {
    let (columns, users, role) = (columns(layout), quoted(&layout.users.table), role(layout));
    let has_role = dialect.is(&role, "$3");
    let [name, email] = [r#"u."name""#, r#"u."email""#].map(|column| dialect.lower(column));
    Pages::of(dialect, |behind| {
        let after = if behind { r#" AND u."id" > $4"# } else { "" };
        format!(
            r#"
            SELECT {columns} FROM {users} u
            WHERE ($3 IS NULL OR {has_role})
                AND ($2 IS NULL OR {name} LIKE $2 ESCAPE '!'
                    OR ({email} LIKE $2 ESCAPE '!' AND {email} NOT LIKE '%{NO_ADDRESS}')){after}
            ORDER BY u."id"
            LIMIT $1"#
        )
    })
}

fn insert_user(layout: &Layout, dialect: Dialect) -> Statement {
    let users = &layout.users;
    let mut columns = vec!["id", "name", "email", users.email_verified.as_ref(), "image"];
    columns.extend(
        [&users.role, &users.created_at, &users.updated_at]
            .into_iter()
            .flatten()
            .map(AsRef::as_ref),
    );
    let table = quoted(&users.table);
    let id = dialect.is_user(layout.ids, r#""id""#, "$1");
    let email = dialect.is(r#""email""#, "$3");
    let unless = format!("NOT EXISTS (SELECT 1 FROM {table} WHERE {id} OR {email})");
    let row = NewRow::of(&table, columns, &users.own).with_drawn_id(layout.ids, dialect);
    dialect.sql(insert(layout, dialect, &row, &unless))
}

fn set_role(layout: &Layout, dialect: Dialect) -> Statement {
    let users = quoted(&layout.users.table);
    let changed = layout.users.updated_at.as_deref().map(quoted);
    let changed = changed.map_or(String::new(), |at| format!(", {at} = COALESCE($3, {at})"));
    let id = dialect.is_user(layout.ids, r#""id""#, "$1");
    match layout.users.role.as_deref().map(quoted) {
        Some(role) => dialect.sql(format!("UPDATE {users} SET {role} = $2{changed} WHERE {id}")),
        None => dialect.insert_or_update(
            &format!(r#""auth_roles" ("userId", "role") SELECT "id", $2 FROM {users} WHERE {id}"#),
            r#""userId""#,
            r#""role" = $2"#,
        ),
    }
}

fn others_with_role(layout: &Layout, dialect: Dialect) -> Statement {
    let (table, id, role) = match layout.users.role.as_deref() {
        Some(role) => (quoted(&layout.users.table), quoted("id"), quoted(role)),
        None => (quoted("auth_roles"), quoted("userId"), quoted("role")),
    };
    let (has_it, is_them) = (dialect.is(&role, "$1"), dialect.is_user(layout.ids, &id, "$2"));
    let counts = is_admitted(layout, dialect, &format!("{table}.{id}"));
    dialect
        .sql(format!("SELECT 1 FROM {table} WHERE {has_it} AND NOT {is_them} AND {counts} LIMIT 1"))
}

fn set_profile(layout: &Layout, dialect: Dialect) -> Statement {
    let users = quoted(&layout.users.table);
    let changed = layout.users.updated_at.as_deref().map(quoted);
    let changed = changed.map_or(String::new(), |at| format!(", {at} = COALESCE($4, {at})"));
    let id = dialect.is_user(layout.ids, r#""id""#, "$1");
    dialect.sql(format!(
        r#"UPDATE {users} SET "name" = COALESCE($2, "name"), "image" = COALESCE($3, "image"){changed} WHERE {id}"#
    ))
}

fn delete_user(layout: &Layout, dialect: Dialect) -> Vec<Statement> {
    let Layout { accounts, sessions, .. } = layout;
    let delete = |table: &str, user_id: &str| {
        let theirs = dialect.is_user(layout.ids, &quoted(user_id), "$1");
        dialect.sql(format!("DELETE FROM {} WHERE {theirs}", quoted(table)))
    };
    let user = delete(&layout.users.table, "id");
    let theirs = match layout.keys {
        Keys::Unique => Vec::new(),
        Keys::Absent => vec![
            details_of_sessions(layout, dialect),
            details_of_accounts(layout, dialect),
            delete(&sessions.table, &sessions.user_id),
            delete(&accounts.table, &accounts.user_id),
        ],
    };
    let number = (layout.ids == Ids::Serial).then(|| numbers::never_again(dialect)).flatten();
    [user].into_iter().chain(theirs).chain(number).collect()
}

fn details_of_sessions(layout: &Layout, dialect: Dialect) -> Statement {
    let sessions = quoted(&layout.sessions.table);
    let [token, user_id] =
        [&layout.sessions.session_token, &layout.sessions.user_id].map(|name| quoted(name));
    let theirs = dialect.is_user(layout.ids, &user_id, "$1");
    dialect.sql(format!(
        r#"DELETE FROM "auth_sessions" WHERE "sessionToken" IN (SELECT {token} FROM {sessions} WHERE {theirs})"#
    ))
}

fn details_of_accounts(layout: &Layout, dialect: Dialect) -> Statement {
    let accounts = quoted(&layout.accounts.table);
    let user_id = quoted(&layout.accounts.user_id);
    let theirs = dialect.is_user(layout.ids, &format!("a.{user_id}"), "$1");
    let are_its_details = are_its_details(layout, dialect, r#""auth_accounts""#);
    dialect.sql(format!(
        r#"
        DELETE FROM "auth_accounts"
        WHERE EXISTS (SELECT 1 FROM {accounts} a WHERE {theirs} AND {are_its_details})"#
    ))
}
