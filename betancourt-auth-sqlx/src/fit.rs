//! Whether tables that were there before can be written to as a layout says.

use crate::error::{Misfit, OpenError};
use crate::layout::{Ids, Keys, Layout};
use crate::own::OwnColumn;

/// What a column has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    /// A text that may be the same in any case.
    Address,
    Number,
    Milliseconds,
    Timestamp,
    Timestamptz,
}

/// A table as a database describes it.
#[derive(Debug)]
pub(crate) struct Found {
    /// None where there is no such table.
    pub(crate) columns: Vec<FoundColumn>,
    /// The columns that refer to users, and whose rows go with them.
    pub(crate) cascading: Vec<String>,
    /// The columns of each unique key, in the order of the alphabet.
    pub(crate) unique: Vec<Vec<String>>,
}

/// A column as a database describes it.
#[derive(Debug)]
pub(crate) struct FoundColumn {
    pub(crate) name: String,
    pub(crate) declared: String,
    pub(crate) not_null: bool,
    pub(crate) has_default: bool,
    /// Whether different texts are the same to it, or to its unique key: `a` and `A`, for example.
    pub(crate) takes_for_the_same: bool,
}

/// What a table has to be for us.
pub(crate) struct Table<'l> {
    pub(crate) name: &'l str,
    columns: Vec<Column<'l>>,
    /// The application's own columns that we fill.
    own: Vec<&'l str>,
    /// What can be done about a column that we do not know how to fill.
    remedy: &'static str,
    /// Whose the rows are, where they go with that user.
    owner: Option<&'l str>,
    /// What is there once, in the order of the alphabet.
    key: Vec<&'l str>,
}

/// What a column has to be for us.
struct Column<'l> {
    name: &'l str,
    holds: Holds,
    may_be_empty: bool,
    /// How many characters have to find room.
    width: u32,
}

/// What a sealed token takes: one of 3,000 characters, as some companies' directories issue them, and a third more.
const SEALED: u32 = 4096;

/// What the hash of a session token takes, with what says that it is one.
const HASHED: u32 = 48;

impl Column<'_> {
    fn of_width(self, width: u32) -> Self {
        Self { width, ..self }
    }

    fn or_empty(self) -> Self {
        Self { may_be_empty: true, ..self }
    }
}

fn column(name: &str, holds: Holds) -> Column<'_> {
    Column { name, holds, may_be_empty: false, width: 0 }
}

fn text(name: &str) -> Column<'_> {
    column(name, Holds::Text)
}

/// The tables of a layout where moments are kept in a certain way.
pub(crate) fn tables(layout: &Layout, moment: Holds) -> [Table<'_>; 4] {
    let id = match layout.ids {
        Ids::Text => Holds::Text,
        Ids::Serial => Holds::Number,
    };
    [users(layout, id, moment), accounts(layout, id, moment), sessions(layout, id, moment), {
        let identifier = column("identifier", Holds::Address);
        let columns = vec![identifier, text("token"), column("expires", moment)];
        Table {
            name: &layout.verification_tokens,
            columns,
            own: Vec::new(),
            remedy: "give the column a default",
            owner: None,
            key: Vec::new(),
        }
    }]
}

fn users(layout: &Layout, id: Holds, moment: Holds) -> Table<'_> {
    let users = &layout.users;
    let mut columns = vec![
        column("id", id),
        text("name").or_empty(),
        column("email", Holds::Address),
        column(&users.email_verified, moment).or_empty(),
        text("image").or_empty(),
    ];
    columns.extend(users.role.as_deref().map(text));
    let moments = [&users.created_at, &users.updated_at].into_iter().flatten();
    columns.extend(moments.map(|name| column(name, moment)));
    Table {
        name: &users.table,
        columns,
        own: names(&users.own),
        remedy: "say one in `layout.users.own`, or give the column a default",
        owner: None,
        key: vec!["email"],
    }
}

fn accounts(layout: &Layout, id: Holds, moment: Holds) -> Table<'_> {
    let accounts = &layout.accounts;
    let mut columns = vec![
        column(&accounts.user_id, id),
        text("type"),
        text("provider"),
        text(&accounts.provider_account_id),
        column("expires_at", Holds::Number).or_empty(),
    ];
    // SQLite has room in every text, whatever width is declared.
    let width = if moment == Holds::Milliseconds { 0 } else { SEALED };
    let sealed = ["refresh_token", "access_token", "id_token"];
    columns.extend(sealed.map(|name| text(name).or_empty().of_width(width)));
    columns.extend(["token_type", "scope", "session_state"].map(|name| text(name).or_empty()));
    columns.extend(accounts.row_id.as_deref().map(text));
    columns.extend(accounts.updated_at.as_deref().map(|name| column(name, moment)));
    let mut key = vec!["provider", &accounts.provider_account_id];
    key.sort_unstable();
    Table {
        name: &accounts.table,
        columns,
        own: names(&accounts.own),
        remedy: "say one in `layout.accounts.own`, or give the column a default",
        owner: Some(&accounts.user_id),
        key,
    }
}

fn sessions(layout: &Layout, id: Holds, moment: Holds) -> Table<'_> {
    let sessions = &layout.sessions;
    let width = if moment == Holds::Milliseconds { 0 } else { HASHED };
    let mut columns = vec![
        text(&sessions.session_token).of_width(width),
        column(&sessions.user_id, id),
        column("expires", moment),
    ];
    columns.extend(sessions.row_id.as_deref().map(text));
    columns.extend(sessions.updated_at.as_deref().map(|name| column(name, moment)));
    Table {
        name: &sessions.table,
        columns,
        own: names(&sessions.own),
        remedy: "say one in `layout.sessions.own`, or give the column a default",
        owner: Some(&sessions.user_id),
        key: vec![sessions.session_token.as_ref()],
    }
}

fn names<R>(own: &[OwnColumn<R>]) -> Vec<&str> {
    own.iter().map(|column| &*column.name).collect()
}

/// Compares a table of a layout with what is there. A table that is not there fits where we make it.
pub(crate) fn check(
    layout: &Layout,
    table: &Table<'_>,
    found: &Found,
    holds: impl Fn(&str, Holds) -> bool,
) -> Result<(), OpenError> {
    if found.columns.is_empty() {
        let missing = OpenError::MissingTable { table: table.name.to_owned() };
        return if layout.is_ours() { Ok(()) } else { Err(missing) };
    }
    warn_of_look_alikes(layout, table, found);
    let misfit = columns_misfit(table, found, holds);
    let misfit = misfit.or_else(|| match layout.keys {
        Keys::Unique => keys_misfit(layout, table, found),
        Keys::Absent => None,
    });
    misfit.map_or(Ok(()), |(column, misfit)| {
        Err(OpenError::Misfit { table: table.name.to_owned(), column, misfit })
    })
}

/// Says where the second of two people cannot sign up, because what they are known by at a provider differs in case alone.
/// Who is there is never taken for somebody else.
fn warn_of_look_alikes(layout: &Layout, table: &Table<'_>, found: &Found) {
    let subject = &layout.accounts.provider_account_id;
    let are_kept_apart = layout.keys == Keys::Absent || table.name != layout.accounts.table;
    let mut subjects = found.columns.iter().filter(|column| column.name == *subject);
    if !are_kept_apart && subjects.any(|column| column.takes_for_the_same) {
        tracing::warn!(
            table = table.name,
            column = &**subject,
            "different people can be the same to the collation of a column: the second one cannot sign up"
        );
    }
}

/// The first column that does not fit, and why.
fn columns_misfit(
    table: &Table<'_>,
    found: &Found,
    holds: impl Fn(&str, Holds) -> bool,
) -> Option<(String, Misfit)> {
    for column in &table.columns {
        let name = column.name.to_owned();
        let Some(found) = found.columns.iter().find(|found| found.name == column.name) else {
            return Some((name, Misfit::Missing));
        };
        if !holds(&found.declared, column.holds) {
            let declared = found.declared.clone();
            let holds = if declared.ends_with("citext") {
                "texts that differ in case alone"
            } else {
                column.holds.what()
            };
            return Some((name, Misfit::Type { declared, holds }));
        }
        if width(&found.declared).is_some_and(|width| width < column.width) {
            let declared = found.declared.clone();
            let holds = match column.width {
                SEALED => "a token that is sealed: make it TEXT",
                _ => "the hash of a token: make it VARCHAR(64)",
            };
            return Some((name, Misfit::Narrow { declared, holds }));
        }
        if found.not_null && column.may_be_empty {
            return Some((name, Misfit::NotNull));
        }
    }
    own_misfit(table, found)
}

/// The first column of the application's own that does not fit, and why.
fn own_misfit(table: &Table<'_>, found: &Found) -> Option<(String, Misfit)> {
    let is_ours = |name: &str| table.columns.iter().any(|column| column.name == name);
    for name in &table.own {
        if is_ours(name) {
            return Some(((*name).to_owned(), Misfit::Ours));
        }
        if !found.columns.iter().any(|found| found.name == *name) {
            return Some(((*name).to_owned(), Misfit::Missing));
        }
    }
    let is_filled = |name: &str| is_ours(name) || table.own.contains(&name);
    let unknown = found
        .columns
        .iter()
        .find(|found| found.not_null && !found.has_default && !is_filled(&found.name));
    unknown.map(|found| (found.name.clone(), Misfit::Unknown { remedy: table.remedy }))
}

/// How many characters a column has room for, where its type says so.
fn width(declared: &str) -> Option<u32> {
    if declared.eq_ignore_ascii_case("tinytext") {
        return Some(255);
    }
    declared.split_once('(')?.1.split_once(')')?.0.parse().ok()
}

/// What the database does not see to, though the layout relies on it. Missing keys of our own tables are made.
fn keys_misfit(layout: &Layout, table: &Table<'_>, found: &Found) -> Option<(String, Misfit)> {
    if let Some(owner) = table.owner
        && !found.cascading.iter().any(|column| column == owner)
    {
        return Some((owner.to_owned(), Misfit::Reference));
    }
    let is_unique = table.key.is_empty() || found.unique.iter().any(|key| *key == table.key);
    (!is_unique && !layout.is_ours()).then(|| (table.key.join("`, `"), Misfit::NotUnique))
}

impl Holds {
    fn what(self) -> &'static str {
        match self {
            Self::Text | Self::Address => "texts",
            Self::Number => "numbers",
            Self::Milliseconds => "moments",
            Self::Timestamp => "moments without a zone",
            Self::Timestamptz => "moments with a zone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn a_width_is_what_stands_in_parentheses() {
        assert_eq!(width("varchar(191)"), Some(191));
        assert_eq!(width("character varying(255)"), Some(255));
        assert_eq!(width("tinytext"), Some(255));
        assert_eq!((width("text"), width("decimal(10,2)")), (None, None));
    }
}
