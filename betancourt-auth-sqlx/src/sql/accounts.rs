//! Queries about accounts.

use sqlx::SqlStr;

use super::{insert, people, quoted, sql};
use crate::layout::{self, Keys, Layout};

/// The columns that a token response fills, in the order of [`Tokens`](betancourt_auth::Tokens).
const TOKENS: [&str; 7] = [
    "access_token",
    "refresh_token",
    "id_token",
    "expires_at",
    "token_type",
    "scope",
    "session_state",
];

/// Queries about accounts.
#[derive(Debug)]
pub(crate) struct Accounts {
    /// The owner of the account, the owner of the address, or the one person who is both. `$1`, `$2`: provider and
    /// subject, `$3`: the address.
    pub(crate) candidates: SqlStr,
    /// `$1`, `$2`: provider and subject. The owner stands before the columns of the account.
    pub(crate) account: SqlStr,
    /// `$1`: the user. An account that Auth.js made has no moment of linking, and is older than ours.
    pub(crate) accounts: SqlStr,
    /// `$1` …: user, type, provider, subject, the seven columns of the tokens; then the columns that the layout has of
    /// the row's id and its change.
    pub(crate) insert_account: SqlStr,
    /// `$1` …: provider, subject, when it was linked, claims.
    pub(crate) insert_details: SqlStr,
    /// `$1` …: provider, subject, user, the seven columns of the tokens. What is NULL leaves what is there.
    pub(crate) update_account: SqlStr,
    /// `$1` …: provider, subject, the seven columns of the tokens. What is NULL goes.
    pub(crate) replace_tokens: SqlStr,
    /// `$1` …: provider, subject, since when. An account that Auth.js made has no details yet.
    pub(crate) set_reauth: SqlStr,
    /// `$1` …: user, provider, subject.
    pub(crate) delete_account: SqlStr,
    /// `$1`: the user.
    pub(crate) delete_accounts: SqlStr,
    /// Removes details of accounts that went without them. `$1`: when they were linked at the latest, `$2`: how many.
    pub(crate) leftovers: Option<SqlStr>,
}

impl Accounts {
    pub(super) fn of(layout: &Layout) -> Self {
        let [_, accounts, user_id, subject] = names(layout);
        let [columns, details] = [columns(layout), join_details(layout)];
        let delete = |which: String| sql(format!("DELETE FROM {accounts} WHERE {which}"));
        Self {
            candidates: candidates(layout),
            account: sql(format!(
                r#"SELECT a.{user_id}, {columns} FROM {accounts} a {details} WHERE a."provider" = $1 AND a.{subject} = $2"#
            )),
            accounts: sql(format!(
                r#"
                SELECT {columns} FROM {accounts} a {details} WHERE a.{user_id} = $1
                ORDER BY COALESCE(d."linkedAt", 0), a."provider", a.{subject}"#
            )),
            insert_account: insert_account(layout),
            insert_details: sql(r#"
                INSERT INTO "auth_accounts" ("provider", "providerAccountId", "linkedAt", "claims")
                VALUES ($1, $2, $3, $4)
                ON CONFLICT ("provider", "providerAccountId")
                DO UPDATE SET "linkedAt" = $3, "claims" = $4, "reauthSince" = NULL"#),
            update_account: sql(format!(
                r#"UPDATE {accounts} SET {} WHERE "provider" = $1 AND {subject} = $2 AND {user_id} = $3"#,
                assignments(4, |column, value| format!(
                    r#""{column}" = COALESCE({value}, "{column}")"#
                ))
            )),
            replace_tokens: sql(format!(
                r#"UPDATE {accounts} SET {} WHERE "provider" = $1 AND {subject} = $2"#,
                assignments(3, |column, value| format!(r#""{column}" = {value}"#))
            )),
            set_reauth: sql(r#"
                INSERT INTO "auth_accounts" ("provider", "providerAccountId", "claims", "reauthSince")
                VALUES ($1, $2, '{}', $3)
                ON CONFLICT ("provider", "providerAccountId") DO UPDATE SET "reauthSince" = $3"#),
            delete_account: delete(format!(
                r#"{user_id} = $1 AND "provider" = $2 AND {subject} = $3"#
            )),
            delete_accounts: delete(format!("{user_id} = $1")),
            leftovers: leftovers(layout),
        }
    }
}

/// The tables of users and accounts, and whose an account is and who that is at the provider.
fn names(layout: &Layout) -> [String; 4] {
    let layout::Accounts { table, user_id, provider_account_id, .. } = &layout.accounts;
    [&layout.users.table, table, user_id, provider_account_id].map(|name| quoted(name))
}

/// The columns of the tokens, each set to a value of its own from `$first` on.
fn assignments(first: usize, assignment: impl Fn(&str, String) -> String) -> String {
    let numbered = (first..).zip(TOKENS);
    let each = numbered.map(|(number, column)| assignment(column, format!("${number}")));
    each.collect::<Vec<_>>().join(", ")
}

/// The thirteen columns of an account that is called `a` and its details [called `d`](join_details).
fn columns(layout: &Layout) -> String {
    let subject = quoted(&layout.accounts.provider_account_id);
    let tokens = TOKENS.map(|column| format!(r#"a."{column}""#)).join(", ");
    format!(
        r#"a."provider", a.{subject}, a."type", {tokens}, d."linkedAt", d."claims", d."reauthSince""#
    )
}

fn join_details(layout: &Layout) -> String {
    let subject = quoted(&layout.accounts.provider_account_id);
    format!(
        r#"LEFT JOIN "auth_accounts" d ON d."provider" = a."provider" AND d."providerAccountId" = a.{subject}"#
    )
}

fn candidates(layout: &Layout) -> SqlStr {
    let [users, accounts, user_id, subject] = names(layout);
    let [user, account, details] = [people::columns(layout), columns(layout), join_details(layout)];
    sql(format!(
        r#"
        SELECT {user}, {account}
        FROM {users} u
        LEFT JOIN {accounts} a ON a.{user_id} = u."id" AND a."provider" = $1 AND a.{subject} = $2
        {details}
        WHERE u."email" = $3
            OR u."id" = (SELECT {user_id} FROM {accounts} WHERE "provider" = $1 AND {subject} = $2 LIMIT 1)
        ORDER BY u."id""#
    ))
}

fn insert_account(layout: &Layout) -> SqlStr {
    let accounts = &layout.accounts;
    let mut columns =
        vec![accounts.user_id.as_ref(), "type", "provider", accounts.provider_account_id.as_ref()];
    columns.extend(TOKENS);
    columns
        .extend([&accounts.row_id, &accounts.updated_at].into_iter().flatten().map(AsRef::as_ref));
    let [users, table, _, subject] = names(layout);
    let unless = format!(
        r#"EXISTS (SELECT 1 FROM {users} WHERE "id" = $1)
            AND NOT EXISTS (SELECT 1 FROM {table} WHERE "provider" = $3 AND {subject} = $4)"#
    );
    sql(insert(layout, &table, &columns, &unless))
}

/// The database removes details with their account where it has a key to know it by.
fn leftovers(layout: &Layout) -> Option<SqlStr> {
    let [_, accounts, _, subject] = names(layout);
    (layout.keys == Keys::Absent).then(|| {
        sql(format!(
            r#"
            DELETE FROM "auth_accounts"
            WHERE ("provider", "providerAccountId") IN (
                SELECT d."provider", d."providerAccountId" FROM "auth_accounts" d
                WHERE COALESCE(d."linkedAt", 0) <= $1 AND NOT EXISTS (
                    SELECT 1 FROM {accounts} a
                    WHERE a."provider" = d."provider" AND a.{subject} = d."providerAccountId"
                )
                LIMIT $2
            )"#
        ))
    })
}
