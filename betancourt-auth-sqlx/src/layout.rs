//! What the tables of Auth.js are called, and what kind of ids, moments and keys they have.

use std::borrow::Cow;

use betancourt_auth::store::NewSession;
use betancourt_auth::{Account, User};

use crate::own::OwnColumn;

/// The name of a table or of a column, without quotes.
pub type Name = Cow<'static, str>;

/// The tables of Auth.js as some tool made them.
///
/// The [default](Layout::default) is the one that is made where there are no tables. The others are those of the tools
/// that Auth.js works with; tables in such a layout are never made, only adopted. What an application named otherwise
/// is changed in a layout that comes near:
///
/// ```
/// use betancourt_auth_sqlx::{Layout, SqlStore};
///
/// let mut layout = Layout::prisma();
/// layout.users.table = "Person".into();
/// layout.users.role = Some("role".into());
/// let options = SqlStore::options().layout(layout);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// The people.
    pub users: Users,
    /// Their accounts at providers.
    pub accounts: Accounts,
    /// Their sessions.
    pub sessions: Sessions,
    /// The table of tokens that were sent by mail; its columns are `identifier`, `token` and `expires` everywhere.
    pub verification_tokens: Name,
    /// What kind of ids people have.
    pub ids: Ids,
    /// What kind of moments PostgreSQL keeps in these tables. SQLite has milliseconds since 1970, and MySQL what the
    /// columns are declared to be, whatever it says here.
    pub moments: Moments,
    /// Who sees to it that an address, an account and a session token are there once.
    pub keys: Keys,
}

/// The table of people. Its columns `id`, `name`, `email` and `image` are called so everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Users {
    /// The table.
    pub table: Name,
    /// When the address was proven to be the person's.
    pub email_verified: Name,
    /// What the person may do. `None`: there is no such column, and roles stand in `auth_roles`.
    pub role: Option<Name>,
    /// When the row was made, where we are to write that.
    pub created_at: Option<Name>,
    /// When the row was changed, where we are to write that.
    pub updated_at: Option<Name>,
    /// Columns of the application's own that we are to fill.
    pub own: Vec<OwnColumn<User>>,
}

/// The table of accounts. Its columns that are called after parameters of OAuth have one name everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accounts {
    /// The table.
    pub table: Name,
    /// The id of the row, where we are to make one, in the form of Prisma's `cuid()`.
    pub row_id: Option<Name>,
    /// Whose account it is.
    pub user_id: Name,
    /// Who that is at the provider.
    pub provider_account_id: Name,
    /// When the row was changed, where we are to write that.
    pub updated_at: Option<Name>,
    /// Columns of the application's own that we are to fill.
    pub own: Vec<OwnColumn<Account>>,
}

/// The table of sessions. Its column `expires` is called so everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sessions {
    /// The table.
    pub table: Name,
    /// The id of the row, where we are to make one, in the form of Prisma's `cuid()`.
    pub row_id: Option<Name>,
    /// What the session is known by.
    pub session_token: Name,
    /// Whose session it is.
    pub user_id: Name,
    /// When the row was changed, where we are to write that.
    pub updated_at: Option<Name>,
    /// Columns of the application's own that we are to fill.
    pub own: Vec<OwnColumn<NewSession>>,
}

/// What kind of ids people have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// Texts that whoever inserts a row makes up.
    Text,
    /// Numbers, none of which is given twice: on PostgreSQL those of the column's sequence. On SQLite and MySQL we count
    /// them ourselves, in `auth_counters`, past those that others have inserted.
    Serial,
}

/// What kind of moments PostgreSQL keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    /// `timestamp`, which knows no zone and holds UTC.
    Timestamp,
    /// `timestamp with time zone`.
    Timestamptz,
}

/// Who sees to it that an address, an account and a session token are there once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// The database, by unique keys; and what belongs to a user goes with them, by foreign keys.
    Unique,
    /// Nobody but us: what could meet another writer of ours waits for it, and the rows of a user who goes are removed
    /// one by one. A writer of somebody else's can still write the same thing twice.
    Absent,
}

impl Default for Layout {
    /// Prisma models that are mapped to `users`, `accounts`, `sessions` and `verification_tokens`, with a role.
    ///
    /// ```
    /// use betancourt_auth_sqlx::Layout;
    /// assert_eq!(Layout::default().users.role.as_deref(), Some("role"));
    /// ```
    fn default() -> Self {
        Self {
            users: Users {
                role: Some("role".into()),
                created_at: Some("createdAt".into()),
                updated_at: Some("updatedAt".into()),
                ..Users::called("users")
            },
            accounts: Accounts { row_id: Some("id".into()), ..Accounts::called("accounts") },
            sessions: Sessions { row_id: Some("id".into()), ..Sessions::called("sessions") },
            verification_tokens: "verification_tokens".into(),
            ids: Ids::Text,
            moments: Moments::Timestamp,
            keys: Keys::Unique,
        }
    }
}

impl Layout {
    /// The schema in the documentation of `@auth/prisma-adapter`: tables `User`, `Account`, `Session` and
    /// `VerificationToken`, without a role. Its older form, which has ids on accounts and sessions and says nothing of
    /// changes, is [`Layout::prisma_with_row_ids`].
    ///
    /// ```
    /// use betancourt_auth_sqlx::Layout;
    /// assert_eq!(Layout::prisma().verification_tokens, "VerificationToken");
    /// ```
    #[must_use]
    pub fn prisma() -> Self {
        let changed = || Some("updatedAt".into());
        Self {
            users: Users { updated_at: changed(), ..Users::called("User") },
            accounts: Accounts { updated_at: changed(), ..Accounts::called("Account") },
            sessions: Sessions { updated_at: changed(), ..Sessions::called("Session") },
            verification_tokens: "VerificationToken".into(),
            ..Self::default()
        }
    }

    /// Prisma's tables as older documentation of Auth.js has them.
    ///
    /// ```
    /// use betancourt_auth_sqlx::Layout;
    /// assert_eq!(Layout::prisma_with_row_ids().sessions.row_id.as_deref(), Some("id"));
    /// ```
    #[must_use]
    pub fn prisma_with_row_ids() -> Self {
        Self {
            users: Users::called("User"),
            accounts: Accounts { row_id: Some("id".into()), ..Accounts::called("Account") },
            sessions: Sessions { row_id: Some("id".into()), ..Sessions::called("Session") },
            ..Self::prisma()
        }
    }

    /// The tables of `@auth/pg-adapter`, which have numbers for ids and no unique keys. PostgreSQL only.
    ///
    /// ```
    /// use betancourt_auth_sqlx::{Ids, Keys, Layout};
    /// let layout = Layout::pg_adapter();
    /// assert_eq!((layout.ids, layout.keys), (Ids::Serial, Keys::Absent));
    /// ```
    #[must_use]
    pub fn pg_adapter() -> Self {
        Self {
            users: Users::called("users"),
            accounts: Accounts::called("accounts"),
            sessions: Sessions::called("sessions"),
            verification_tokens: "verification_token".into(),
            ids: Ids::Serial,
            moments: Moments::Timestamptz,
            keys: Keys::Absent,
        }
    }

    /// The default tables of `@auth/drizzle-adapter`, on PostgreSQL, MySQL and SQLite.
    ///
    /// ```
    /// use betancourt_auth_sqlx::Layout;
    /// assert_eq!(Layout::drizzle().users.table, "user");
    /// ```
    #[must_use]
    pub fn drizzle() -> Self {
        Self {
            users: Users::called("user"),
            accounts: Accounts::called("account"),
            sessions: Sessions::called("session"),
            verification_tokens: "verificationToken".into(),
            ..Self::default()
        }
    }

    /// Whether tables in this layout are made where there are none. Columns of the application's own are not for us to
    /// make.
    pub(crate) fn is_ours(&self) -> bool {
        *self == Self::default()
    }
}

impl Users {
    fn called(table: &'static str) -> Self {
        Self {
            table: table.into(),
            email_verified: "emailVerified".into(),
            role: None,
            created_at: None,
            updated_at: None,
            own: Vec::new(),
        }
    }
}

impl Accounts {
    fn called(table: &'static str) -> Self {
        Self {
            table: table.into(),
            row_id: None,
            user_id: "userId".into(),
            provider_account_id: "providerAccountId".into(),
            updated_at: None,
            own: Vec::new(),
        }
    }
}

impl Sessions {
    fn called(table: &'static str) -> Self {
        Self {
            table: table.into(),
            row_id: None,
            session_token: "sessionToken".into(),
            user_id: "userId".into(),
            updated_at: None,
            own: Vec::new(),
        }
    }
}
