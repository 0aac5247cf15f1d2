//! The form in which what was recorded and what happens here are compared: a report of one exchange, as JSON.
//!
//! | member | what stands there |
//! | --- | --- |
//! | `status` | the status |
//! | `headers` | the headers that Auth.js sends somewhere, addresses taken apart |
//! | `body` | the JSON, or the forms of a page |
//! | `cookies` | by name: what stands in it, and its attributes |
//! | `callbacks`, `events` | each call, by its name |
//! | `redirects` | what the callback `redirect` is asked about here only: nothing, as a rule |
//! | `upstream` | each request to the provider |
//! | `tables` | the rows of the tables of Auth.js afterwards |
//! | `mail` | the mail that was sent |

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;
use time::macros::format_description;
use url::Url;

use crate::jwe;
use crate::recording::pairs;

/// The headers that are compared. Those that only we send make an answer stricter: `X-Content-Type-Options`,
/// `Referrer-Policy`, `Content-Security-Policy`, `X-Frame-Options`, `Clear-Site-Data`, `Retry-After`.
const HEADERS: [&str; 5] = ["cache-control", "content-type", "expires", "location", "pragma"];

/// An address, taken apart as a browser would.
pub(crate) fn address(text: &str) -> Value {
    let (place, query) = text.split_once('?').unwrap_or((text, ""));
    let place = match Url::parse(place) {
        Ok(url) => url.to_string(),
        Err(_) => place.to_owned(),
    };
    let mut query = parameters(query);
    if let Some(further) = query.get_mut("callbackUrl") {
        *further = address(further.as_str().unwrap());
    }
    json!({ "to": place, "query": query })
}

/// A form or a query, by name.
pub(crate) fn parameters(text: &str) -> Value {
    pairs(text).into_iter().map(|(name, value)| (name, Value::from(value))).collect()
}

/// The headers of an answer.
pub(crate) fn headers<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    let compared = all.into_iter().filter(|(name, _)| HEADERS.contains(name));
    let shown = |(name, value): (&str, &str)| match name {
        "location" => (name.to_owned(), address(value)),
        _ => (name.to_owned(), value.into()),
    };
    compared.map(shown).collect()
}

/// A JSON body, with the address in it taken apart.
pub(crate) fn json_body(mut body: Value) -> Value {
    if let Some(url) = body.get_mut("url") {
        *url = address(url.as_str().unwrap());
    }
    body
}

/// A page: its forms.
pub(crate) fn page(forms: impl IntoIterator<Item = Value>) -> Value {
    json!({ "page": forms.into_iter().collect::<Value>() })
}

/// A form: where it leads, and its named fields. The value of a field that a person fills in is empty.
pub(crate) fn form(action: &str, fields: impl IntoIterator<Item = (String, String)>) -> Value {
    let shown = |(name, value): (String, String)| match &*name {
        "callbackUrl" => (name, address(&value)),
        _ => (name, value.into()),
    };
    json!({ "action": action, "fields": fields.into_iter().map(shown).collect::<Value>() })
}

/// A `Set-Cookie` header: the name, and the rest.
pub(crate) fn cookie(header: &str, secrets: &[String]) -> (String, Value) {
    let mut parts = header.split("; ");
    let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap();
    let mut attributes: Vec<&str> = parts.collect();
    attributes.sort_unstable();
    let content = if value.is_empty() { json!("cleared") } else { content(name, value, secrets) };
    (general_name(name), json!({ "holds": content, "attributes": attributes }))
}

/// The name of a cookie without what is drawn for each attempt to sign in.
fn general_name(name: &str) -> String {
    match name.split_once("authjs.handshake.") {
        Some((prefix, _)) => format!("{prefix}authjs.handshake.*"),
        None => name.to_owned(),
    }
}

fn content(name: &str, value: &str, secrets: &[String]) -> Value {
    let text: String = pairs(&format!("_={}", value.replace('+', "%2B"))).remove(0).1;
    let plain = name.trim_start_matches("__Secure-").trim_start_matches("__Host-");
    match plain {
        "authjs.csrf-token" => csrf(&text, secrets),
        "authjs.callback-url" => address(&text),
        "authjs.session-token" if !text.starts_with("eyJ") => json!({ "sessionToken": text }),
        "authjs.session-token" => {
            let claims = secrets.iter().find_map(|secret| jwe::open(secret, name, &text));
            json!({ "claims": claims.unwrap_or_else(|| panic!("{name} cannot be opened")) })
        }
        _ => json!("sealed"),
    }
}

/// The token, and whether the hash beside it is that of the token and the secrets, joined by commas.
fn csrf(pair: &str, secrets: &[String]) -> Value {
    let (token, hash) = pair.split_once('|').unwrap();
    let is_right = hash == hex(&format!("{token}{}", secrets.join(",")));
    json!({ "csrfToken": token, "hash": is_right })
}

/// The SHA-256 of a text in hexadecimal digits.
pub(crate) fn hex(text: &str) -> String {
    let hash = digest(&SHA256, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a text in base64url.
pub(crate) fn base64url(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// A request to the provider. Of the headers count those that say something to it.
pub(crate) fn upstream<'a>(
    method: &str,
    url: &str,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> Value {
    const SAYING: [&str; 3] = ["accept", "authorization", "content-type"];
    let headers = headers.into_iter().filter(|(name, _)| SAYING.contains(name));
    let headers: Value =
        headers.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    json!({ "method": method, "url": url, "headers": headers, "body": parameters(body) })
}

/// A mail: to whom, where its link leads, and what has to be kept of the token in it: its hash with the secrets.
pub(crate) fn mail(to: &str, link: &str, secrets: &[String]) -> Value {
    let link = address(link);
    let token = link["query"]["token"].as_str().unwrap();
    let kept = hex(&format!("{token}{}", secrets.join(",")));
    json!({ "to": to, "link": link, "kept": { "token": kept } })
}

/// A moment as cookies have it (RFC 9110 §5.6.7).
pub(crate) fn http_date(moment: OffsetDateTime) -> String {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    moment.format(form).unwrap()
}

/// A moment as `Date.prototype.toISOString` writes it.
pub(crate) fn iso(moment: OffsetDateTime) -> String {
    let form =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    moment.format(form).unwrap()
}

/// Reads such a moment.
pub(crate) fn moment(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Iso8601::DEFAULT).unwrap()
}

/// Some members of an object, those that are there.
pub(crate) fn pick(object: &Value, names: &[&str]) -> Value {
    let picked =
        names.iter().filter_map(|name| Some(((*name).to_owned(), object.get(name)?.clone())));
    Value::Object(picked.collect::<Map<_, _>>())
}

/// The same, with `null` for what is not there.
pub(crate) fn pick_all(object: &Value, names: &[&str]) -> Value {
    let member = |name: &&str| object.get(name).cloned().unwrap_or_default();
    names.iter().map(|name| ((*name).to_owned(), member(name))).collect()
}
