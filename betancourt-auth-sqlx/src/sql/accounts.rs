//! Queries about accounts.

use super::{Dialect, NewRow, Statement, insert, people, quoted};
use crate::layout::{self, Keys, Layout};
use betancourt_auth::store::MOST_LISTED;

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
    pub(crate) candidates: Statement,
    /// `$1`, `$2`: provider and subject. The owner stands before the columns of the account.
    pub(crate) account: Statement,
    /// `$1`: the user. An account that Auth.js made has no moment of linking, and is older than ours.
    pub(crate) accounts: Statement,
    /// The same, however many they are.
    pub(crate) all_accounts: Statement,
    /// `$1` …: user, type, provider, subject, the seven columns of the tokens; then the columns that the layout has of
    /// the row's id and its change, and those of the application's own.
    pub(crate) insert_account: Statement,
    /// `$1` …: provider, subject, when it was linked, claims.
    pub(crate) insert_details: Statement,
    /// `$1` …: provider, subject, user, the seven columns of the tokens. What is NULL leaves what is there.
    pub(crate) update_account: Statement,
    /// `$1` …: provider, subject, the seven columns of the tokens. What is NULL goes.
    pub(crate) replace_tokens: Statement,
    /// `$1` …: provider, subject, since when. An account that Auth.js made has no details yet.
    pub(crate) set_reauth: Statement,
    /// `$1` …: user, provider, subject.
    pub(crate) delete_account: Statement,
    /// `$1`: the user.
    pub(crate) delete_accounts: Statement,
    /// `$1`: the user, `$2`: the provider.
    pub(crate) delete_accounts_at: Statement,
    /// Removes details of accounts that went without them. `$1`: when they were linked at the latest, `$2`: how many.
    pub(crate) leftovers: Option<Statement>,
}

impl Accounts {
    pub(super) fn of(layout: &Layout, dialect: Dialect) -> Self {
        let [_, accounts, user_id, subject] = names(layout);
        let [columns, details] = [columns(layout), join_details(layout, dialect)];
        let this = |table: &str, at: usize| account(layout, dialect, table, at);
        let owner = |at: &str| dialect.is_user(layout.ids, &user_id, at);
        let accounts_of = |limit: &str| {
            let theirs = dialect.is_user(layout.ids, &format!("a.{user_id}"), "$1");
            dialect.sql(format!(
                r#"
                SELECT {columns} FROM {accounts} a {details} WHERE {theirs}
                ORDER BY COALESCE(d."linkedAt", 0), a."provider", a.{subject}{limit}"#
            ))
        };
        let delete = |which: String| dialect.sql(format!("DELETE FROM {accounts} WHERE {which}"));
        Self {
            candidates: candidates(layout, dialect),
            account: dialect.sql(format!(
                r#"SELECT a.{user_id}, {columns} FROM {accounts} a {details} WHERE {}"#,
                this("a.", 1)
            )),
            accounts: accounts_of(&format!(" LIMIT {MOST_LISTED}")),
            all_accounts: accounts_of(""),
            insert_account: insert_account(layout, dialect),
            insert_details: dialect.insert_or_update(
                r#""auth_accounts" ("provider", "providerAccountId", "linkedAt", "claims") VALUES ($1, $2, $3, $4)"#,
                r#""provider", "providerAccountId""#,
                r#""linkedAt" = $3, "claims" = $4, "reauthSince" = NULL"#,
            ),
            update_account: dialect.sql(format!(
                r#"UPDATE {accounts} SET {} WHERE {} AND {}"#,
                assignments(4, |column, value| format!(
                    r#""{column}" = COALESCE({value}, "{column}")"#
                )),
                this("", 1),
                owner("$3")
            )),
            replace_tokens: dialect.sql(format!(
                r#"UPDATE {accounts} SET {} WHERE {}"#,
                assignments(3, |column, value| format!(r#""{column}" = {value}"#)),
                this("", 1)
            )),
            set_reauth: dialect.insert_or_update(
                r#""auth_accounts" ("provider", "providerAccountId", "claims", "reauthSince") VALUES ($1, $2, '{}', $3)"#,
                r#""provider", "providerAccountId""#,
                r#""reauthSince" = $3"#,
            ),
            delete_account: delete(format!("{} AND {}", owner("$1"), this("", 2))),
            delete_accounts: delete(owner("$1")),
            delete_accounts_at: delete(format!(r#"{} AND {}"#, owner("$1"), dialect.is(r#""provider""#, "$2"))),
            leftovers: leftovers(layout, dialect),
        }
    }
}

/// The tables of users and accounts, and whose an account is and who that is at the provider.
fn names(layout: &Layout) -> [String; 4] {
    let layout::Accounts { table, user_id, provider_account_id, .. } = &layout.accounts;
    [&layout.users.table, table, user_id, provider_account_id].map(|name| quoted(name))
}

/// That an account is the one of the provider and the subject in `$at` and the value after it.
fn account(layout: &Layout, dialect: Dialect, table: &str, at: usize) -> String {
    let subject = quoted(&layout.accounts.provider_account_id);
    let provider = dialect.is(&format!(r#"{table}"provider""#), &format!("${at}"));
    let subject = dialect.is(&format!("{table}{subject}"), &format!("${}", at + 1));
    format!("{provider} AND {subject}")
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

fn join_details(layout: &Layout, dialect: Dialect) -> String {
    format!(r#"LEFT JOIN "auth_accounts" d ON {}"#, are_its_details(layout, dialect, "d"))
}

/// That these details are those of an account that is called `a`.
pub(super) fn are_its_details(layout: &Layout, dialect: Dialect, details: &str) -> String {
    let subject = format!("a.{}", quoted(&layout.accounts.provider_account_id));
    let provider = dialect.is(&format!(r#"{details}."provider""#), r#"a."provider""#);
    let subject = dialect.is(&format!(r#"{details}."providerAccountId""#), &subject);
    format!("{provider} AND {subject}")
}

fn candidates(layout: &Layout, dialect: Dialect) -> Statement {
    let [users, accounts, user_id, _] = names(layout);
    let [user, columns] = [people::columns(layout), columns(layout)];
    let details = join_details(layout, dialect);
    let this = |table| account(layout, dialect, table, 1);
    let (joined, found) = (this("a."), this(""));
    let has_address = dialect.is(r#"u."email""#, "$3");
    dialect.sql(format!(
        r#"
        SELECT {user}, (SELECT COUNT(*) FROM "auth_suspensions" x WHERE x."userId" = u."id"), {columns}
        FROM {users} u
        LEFT JOIN {accounts} a ON a.{user_id} = u."id" AND {joined}
        {details}
        WHERE {has_address} OR u."id" = (SELECT {user_id} FROM {accounts} WHERE {found} LIMIT 1)
        ORDER BY u."id""#
    ))
}

fn insert_account(layout: &Layout, dialect: Dialect) -> Statement {
    let accounts = &layout.accounts;
    let mut columns =
        vec![accounts.user_id.as_ref(), "type", "provider", accounts.provider_account_id.as_ref()];
    columns.extend(TOKENS);
    columns
        .extend([&accounts.row_id, &accounts.updated_at].into_iter().flatten().map(AsRef::as_ref));
    let [users, table, _, _] = names(layout);
    let owner = dialect.is_user(layout.ids, r#""id""#, "$1");
    let this = account(layout, dialect, "", 3);
    let unless = format!(
        "EXISTS (SELECT 1 FROM {users} WHERE {owner}) AND NOT EXISTS (SELECT 1 FROM {table} WHERE {this})"
    );
    dialect.sql(insert(layout, dialect, &NewRow::of(&table, columns, &accounts.own), &unless))
}

/// The database removes details with their account where it has a key to know it by.
fn leftovers(layout: &Layout, dialect: Dialect) -> Option<Statement> {
    let ([_, accounts, _, _], theirs) = (names(layout), are_its_details(layout, dialect, "d"));
    (layout.keys == Keys::Absent).then(|| {
        dialect.sql(format!(
            r#"
            DELETE FROM "auth_accounts"
            WHERE ("provider", "providerAccountId") IN (SELECT * FROM (
                SELECT d."provider", d."providerAccountId" FROM "auth_accounts" d
                WHERE COALESCE(d."linkedAt", 0) <= $1 AND NOT EXISTS (
                    SELECT 1 FROM {accounts} a WHERE {theirs}
                )
                LIMIT $2
            ) AS left_behind)"#
        ))
    })
}
