//! Pages of lists that may be long.
//!
//! A list is a bare array, of a thousand rows at most, and `Link` leads on. Whoever says `?page=` or `?page_size=`
//! gets pages that say of how many they are.

use std::collections::HashMap;
use std::str::FromStr as _;

use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::LINK;
use http::request::Parts;
use serde::Serialize;
use url::Url;

use super::answer::{Private, Refused};
use crate::database::{NotAnswered, Record, Value, ask, ask_one};
use crate::site::Site;

/// How many rows an answer has at most, whatever was asked for.
const MOST: i64 = 1000;
/// How many rows a page has unless it is said.
const USUAL: i64 = 100;
/// What there is to say of a page that is not there.
const NO_SUCH_PAGE: Refused = Refused::Nothing("Invalid page.");

/// Which part of a list was asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    site: Site,
    url: Url,
    page: Option<i64>,
    size: i64,
}

/// A list: its rows in order, and how many there are. The two last values of `rows` are how many, and after how many.
pub(super) struct List<'v> {
    pub(super) rows: &'static str,
    pub(super) count: &'static str,
    pub(super) values: &'v [Value<'v>],
}

#[derive(Debug, Serialize)]
struct Page<T> {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<T>,
}

impl FromRequestParts<Site> for Wanted {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refused> {
        let asked = Query::<HashMap<String, String>>::try_from_uri(&parts.uri);
        let Query(asked) = asked.map_err(|_| NO_SUCH_PAGE)?;
        let size = asked.get("page_size");
        let number = |text: &String| i64::from_str(text).ok().filter(|number| *number > 0);
        let page = match (asked.get("page"), size) {
            (Some(page), _) => Some(number(page).ok_or(NO_SUCH_PAGE)?),
            (None, Some(_)) => Some(1),
            (None, None) => None,
        };
        let usual = if page.is_some() { USUAL } else { MOST };
        let size = size.and_then(number).map_or(usual, |size| size.min(MOST));
        let mut url = site.auth.config().url.clone();
        url.set_path(parts.uri.path());
        url.set_query(parts.uri.query());
        Ok(Self { site: site.clone(), url, page, size })
    }
}

impl Wanted {
    /// Reads that part of a list.
    pub(super) async fn of<R: Record, T: Serialize>(
        self,
        list: List<'_>,
        shown: impl Fn(R) -> T,
    ) -> Result<Response, Refused> {
        let Some(number) = self.page else { return self.bare(list, shown).await };
        let before = (number - 1).saturating_mul(self.size);
        let (count,) =
            ask_one::<(i64,)>(&self.site.store, list.count, list.values).await?.unwrap_or_default();
        if number > 1 && before >= count {
            return Err(NO_SUCH_PAGE);
        }
        let results = self.rows(&list, self.size, before).await?;
        let page = Page {
            count,
            next: (before + self.size < count).then(|| self.at(number + 1)),
            previous: (number > 1).then(|| self.at(number - 1)),
            results: results.into_iter().map(shown).collect(),
        };
        Ok(Private(page).into_response())
    }

    async fn bare<R: Record, T: Serialize>(
        self,
        list: List<'_>,
        shown: impl Fn(R) -> T,
    ) -> Result<Response, Refused> {
        let mut rows = self.rows(&list, self.size + 1, 0).await?;
        let most = usize::try_from(self.size).unwrap_or_default();
        let is_more = rows.len() > most;
        rows.truncate(most);
        let rows: Vec<T> = rows.into_iter().map(shown).collect();
        let mut response = Private(rows).into_response();
        if is_more {
            let mut next = self.url.clone();
            next.query_pairs_mut()
                .append_pair("page", "2")
                .append_pair("page_size", &most.to_string());
            let next = HeaderValue::try_from(format!("<{next}>; rel=\"next\""));
            response.headers_mut().extend(next.ok().map(|next| (LINK, next)));
        }
        Ok(response)
    }

    async fn rows<R: Record>(
        &self,
        list: &List<'_>,
        most: i64,
        before: i64,
    ) -> Result<Vec<R>, NotAnswered> {
        let values = [list.values, &[Value::Number(most), Value::Number(before)]].concat();
        ask(&self.site.store, list.rows, &values).await
    }

    /// The address of another page. The first has none of its own.
    fn at(&self, page: i64) -> String {
        let mut url = self.url.clone();
        let others: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "page")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if page > 1 {
            url.query_pairs_mut().append_pair("page", &page.to_string());
        }
        if !others.is_empty() {
            url.query_pairs_mut().extend_pairs(others);
        }
        url.into()
    }
}
