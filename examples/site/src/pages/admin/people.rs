//! Who has an account: found by name, address, role or state, page by page.
//!
//! The newest come first, and the page says how many there are; the lists of a store (`UserStore::users`) are in the order of
//! ids and say neither, so the site asks its database itself.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use betancourt_auth::Role as _;
use betancourt_auth_axum::Role;
use http::StatusCode;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::super::{Frame, minute};
use super::{Laid, Office, Room, lay, unavailable};
use crate::database::Value::{Number, Text};
use crate::database::{Moment, address, ask, ask_one};
use crate::front::Front;
use crate::site::Administrator;

/// How many people stand on a page.
const ON_A_PAGE: i64 = 50;

const FOUND: &str = r#"SELECT u."id", u."name", u."email", u."role", u."createdAt", s."since"
    FROM "users" u LEFT JOIN "auth_suspensions" s ON s."userId" = u."id"
    WHERE (LOWER(u."email") LIKE $1 ESCAPE '!' OR LOWER(u."name") LIKE $2 ESCAPE '!' OR u."id" = $3)
        AND (CASE WHEN u."role" = 'ADMIN' THEN 'ADMIN' ELSE 'CLIENT' END) LIKE $4
        AND (CASE WHEN s."since" IS NULL THEN 'welcome' ELSE 'suspended' END) LIKE $5
    ORDER BY u."createdAt" DESC, u."id" LIMIT $6 OFFSET $7"#;
const COUNT: &str = r#"SELECT COUNT(*)
    FROM "users" u LEFT JOIN "auth_suspensions" s ON s."userId" = u."id"
    WHERE (LOWER(u."email") LIKE $1 ESCAPE '!' OR LOWER(u."name") LIKE $2 ESCAPE '!' OR u."id" = $3)
        AND (CASE WHEN u."role" = 'ADMIN' THEN 'ADMIN' ELSE 'CLIENT' END) LIKE $4
        AND (CASE WHEN s."since" IS NULL THEN 'welcome' ELSE 'suspended' END) LIKE $5"#;

/// Who has an account.
#[derive(Debug, Template)]
#[template(path = "admin/people.html")]
pub struct People {
    /// What every page has.
    pub frame: Frame,
    /// What every page of the administrators has.
    pub office: Office,
    /// Who is looked for.
    pub wanted: Wanted,
    /// Those who were found, the newest first.
    pub found: Vec<Listed>,
    /// How many there are on all pages.
    pub count: i64,
}

/// Who is looked for, as the address of the page has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// A part of the name or of the address, or the whole id.
    pub q: String,
    /// `ADMIN`, `CLIENT`, or nothing for both.
    pub role: String,
    /// `suspended`, `welcome`, or nothing for both.
    pub state: String,
    /// The page, from 1 on.
    pub page: String,
}

/// A person in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Whether this is an administrator.
    pub administrator: bool,
    /// Whether they are shut out.
    pub suspended: bool,
    /// When they came for the first time.
    pub since: String,
}

type Row = (String, Option<String>, String, String, Moment, Option<i64>);

impl From<Row> for Listed {
    fn from((id, name, email, role, since, suspended): Row) -> Self {
        Self {
            id,
            name,
            email: address(email),
            administrator: role == Administrator::NAME,
            suspended: suspended.is_some(),
            since: minute(since.0),
        }
    }
}

impl Listed {
    /// The name, else the address, else the id.
    fn shown_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or(&self.id)
    }
}

impl Wanted {
    fn number(&self) -> i64 {
        self.page.parse().ok().filter(|page| *page > 0).unwrap_or(1)
    }

    fn role(&self) -> Option<&str> {
        Some(self.role.as_str()).filter(|role| ["ADMIN", "CLIENT"].contains(role))
    }

    fn state(&self) -> Option<&str> {
        Some(self.state.as_str()).filter(|state| ["suspended", "welcome"].contains(state))
    }

    /// The address of another page of the same.
    fn at(&self, page: i64) -> String {
        let path = format!("{}?", Room::People.path());
        let begins_at = path.len();
        let mut query = Serializer::for_suffix(path, begins_at);
        query.append_pair("q", &self.q).append_pair("role", self.role().unwrap_or_default());
        query.append_pair("state", self.state().unwrap_or_default());
        query.append_pair("page", &page.to_string());
        query.finish()
    }
}

impl People {
    /// The address of the page before this one.
    fn before(&self) -> Option<String> {
        let page = self.wanted.number();
        (page > 1).then(|| self.wanted.at(page - 1))
    }

    /// The address of the page after this one.
    fn after(&self) -> Option<String> {
        let page = self.wanted.number();
        (page.saturating_mul(ON_A_PAGE) < self.count).then(|| self.wanted.at(page + 1))
    }
}

/// `GET /admin/people?q=&role=&state=&page=`.
///
/// # Errors
/// `503` when the store does not answer, `500` when there is no token to be had.
pub async fn people(
    front: Front,
    administrator: Role<Administrator>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, StatusCode> {
    let part = pattern(&wanted.q);
    let (role, state) = (wanted.role().unwrap_or("%"), wanted.state().unwrap_or("%"));
    let before = (wanted.number() - 1).saturating_mul(ON_A_PAGE);
    let which = [Text(&part), Text(&part), Text(wanted.q.trim()), Text(role), Text(state)];
    let some = [which.as_slice(), &[Number(ON_A_PAGE), Number(before)]].concat();
    let store = &front.site.store;
    let found: Vec<Row> = ask(store, FOUND, &some).await.map_err(|error| unavailable(&error))?;
    let count = ask_one::<(i64,)>(store, COUNT, &which).await;
    let (count,) = count.map_err(|error| unavailable(&error))?.unwrap_or_default();

    let Laid { frame, office, token } = lay(&front, administrator.user(), Room::People)?;
    let found = found.into_iter().map(Listed::from).collect();
    let page = People { frame, office, wanted, found, count };
    Ok(Front::show(&page, Some(&token)))
}

/// What a part of a text is looked for with. Nothing in it has a meaning of its own.
fn pattern(part: &str) -> String {
    let part = part.trim().to_lowercase();
    let part = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{part}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_looked_for_has_a_meaning_of_its_own() {
        assert_eq!(pattern(" 100%_Ana! "), "%100!%!_ana!!%");
        assert_eq!(pattern(""), "%%");
    }

    #[test]
    fn the_address_of_a_page_keeps_what_was_asked() {
        let wanted = Wanted {
            q: "ana & co".into(),
            role: "ADMIN".into(),
            state: "suspended".into(),
            page: "x".into(),
        };
        assert_eq!(wanted.number(), 1);
        assert_eq!(wanted.at(2), "/admin/people?q=ana+%26+co&role=ADMIN&state=suspended&page=2");
        let odd = Wanted { role: "'".into(), state: "%".into(), ..Wanted::default() };
        assert_eq!(odd.at(1), "/admin/people?q=&role=&state=&page=1");
    }
}
