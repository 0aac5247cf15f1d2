//! `GET /api/services`: what the studio offers, for everybody.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Response};
use http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};

use crate::catalogue::{SERVICES, Service};
use crate::preferences::Language;

/// A service, in one language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    id: u32,
    name: &'static str,
    description: &'static str,
    price_usd: u32,
    price_cop: u32,
    r#type: &'static str,
    features: Vec<&'static str>,
    is_popular: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct In {
    #[serde(default)]
    lang: String,
}

/// In the language that was asked for, or in English.
pub(super) async fn list(Query(In { lang }): Query<In>) -> Response {
    let language = Language::from_tag(&lang).unwrap_or_default();
    let mut offers: Vec<Offer> =
        SERVICES.iter().map(|service| Offer::of(service, language)).collect();
    offers.sort_unstable_by_key(|offer| offer.id);
    ([(CACHE_CONTROL, "public, max-age=300")], Json(offers)).into_response()
}

impl Offer {
    fn of(service: &'static Service, language: Language) -> Self {
        Self {
            id: service.id,
            name: service.name.say(language),
            description: service.description.say(language),
            price_usd: service.usd,
            price_cop: service.cop,
            r#type: service.kind.name(),
            features: service.features.iter().map(|feature| feature.say(language)).collect(),
            is_popular: service.popular,
        }
    }
}
