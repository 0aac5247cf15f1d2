//! How the API answers: JSON that nobody keeps, moments in ISO 8601, and one sentence where there is nothing.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderName};
use serde::{Serialize, Serializer};
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use crate::database::{Moment, NotAnswered};

/// For one reader, and not to be kept.
pub(super) const PRIVATE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "private, no-store")];

const SECONDS: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const MICROSECONDS: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// An answer, or why there is none.
pub(super) type Answer<T> = Result<Private<T>, Refused>;

/// JSON for one reader.
#[derive(Debug)]
pub(super) struct Private<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Private<T> {
    fn into_response(self) -> Response {
        (PRIVATE, Json(self.0)).into_response()
    }
}

/// A sentence in the place of an answer.
#[derive(Debug, Serialize)]
pub(super) struct Detail {
    detail: Cow<'static, str>,
}

impl Detail {
    pub(super) fn new(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into() }
    }
}

/// The same under the name that two of the questions have for it.
#[derive(Debug, Serialize)]
struct Mistake {
    error: &'static str,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refused {
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is, who is no administrator.
    Forbidden,
    /// There is nothing of that id, or no such page.
    Nothing(&'static str),
    /// A parameter is missing, or leads to nobody.
    Mistaken(StatusCode, &'static str),
    /// The store does not answer.
    Unavailable,
}

impl From<NotAnswered> for Refused {
    fn from(error: NotAnswered) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "the API has no answer");
        Self::Unavailable
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, sentence) = match self {
            Self::Mistaken(status, error) => {
                return (status, PRIVATE, Json(Mistake { error })).into_response();
            }
            Self::SignedOut => {
                (StatusCode::UNAUTHORIZED, "Authentication credentials were not provided.")
            }
            Self::Forbidden => {
                (StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
            }
            Self::Nothing(sentence) => (StatusCode::NOT_FOUND, sentence),
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "The service is temporarily unavailable.")
            }
        };
        (status, PRIVATE, Json(Detail::new(sentence))).into_response()
    }
}

/// ISO 8601 in UTC, with six more digits where the moment is not a whole second.
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shape = if self.0.microsecond() == 0 { SECONDS } else { MICROSECONDS };
        let text = self.0.to_offset(time::UtcOffset::UTC).format(shape);
        serializer.serialize_str(&text.map_err(serde::ser::Error::custom)?)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn moments_have_fractions_where_they_are_not_whole() {
        let shown = |at| serde_json::to_string(&Moment(at)).unwrap();
        assert_eq!(shown(datetime!(2026-01-01 00:00:00 UTC)), "\"2026-01-01T00:00:00Z\"");
        assert_eq!(shown(datetime!(2026-01-01 02:00:00.123 +2)), "\"2026-01-01T00:00:00.123000Z\"");
    }
}
