//! What Auth.js reads of a `Cookie` header and writes into a `Set-Cookie` header, read and written here. (Tests.)
#![expect(clippy::print_stdout, reason = "the run says how many vectors it used")]

use serde_json::Value;

use super::*;

const VECTORS: &str = include_str!("../../tests/vectors/authjs/cookies.json");

fn vectors(part: &str) -> Vec<Value> {
    let mut vectors: Value = serde_json::from_str(VECTORS).unwrap();
    serde_json::from_value(vectors[part].take()).unwrap()
}

/// A cookie with the options of an entry; `None` where it has one that no cookie of ours has.
fn cookie(entry: &Value) -> Option<Cookie<'static>> {
    let text = |name: &str| entry[name].as_str().unwrap().to_owned();
    let mut cookie = Cookie::new(text("name"), text("value"));
    for (option, value) in entry["options"].as_object().unwrap() {
        match (option.as_str(), value) {
            ("httpOnly", value) => cookie.set_http_only(value.as_bool()),
            ("secure", value) => cookie.set_secure(value.as_bool()),
            ("path", value) => cookie.set_path(value.as_str().unwrap().to_owned()),
            ("maxAge", value) => cookie.set_max_age(value.as_i64().map(Duration::seconds)),
            ("expires", value) => cookie.set_expires(moment(value.as_str().unwrap())),
            ("sameSite", Value::String(value)) if value == "lax" => {
                cookie.set_same_site(SameSite::Lax)
            }
            ("sameSite", Value::String(value)) if value == "none" => {
                cookie.set_same_site(SameSite::None)
            }
            _ => return None,
        }
    }
    Some(cookie)
}

fn moment(iso: &str) -> OffsetDateTime {
    OffsetDateTime::parse(iso, &time::format_description::well_known::Rfc3339).unwrap()
}

#[test]
fn every_cookie_is_written_as_there() {
    let entries = vectors("set_cookie_serialisation");
    let (mut used, mut foreign) = (0, Vec::new());
    for entry in &entries {
        let expected = entry["header"].as_str().unwrap();
        match cookie(entry) {
            Some(cookie) => assert_eq!(header(&cookie).unwrap(), expected),
            None => foreign.push(expected),
        }
        used += 1;
    }
    // No cookie of ours is shared with other hosts of a domain, or with other sites.
    let foreign_to_us =
        "x=v; Domain=.example.com; Path=/; Partitioned; Priority=High; SameSite=Strict";
    assert_eq!(foreign, [foreign_to_us]);
    println!(
        "cookies.json, set_cookie_serialisation: used {used} of {}, 1 decided otherwise",
        entries.len()
    );
}

/// Auth.js takes the first of two cookies of one name; here both are seen, and none is taken.
const DOUBLED: &str = "a=1; a=2";

#[test]
fn every_header_is_read_as_there() {
    let entries = vectors("cookie_header_parsing");
    for entry in &entries {
        let text = entry["header"].as_str().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, text.parse().unwrap());
        let cookies = Cookies::read(&headers);
        for (name, value) in entry["parsed"].as_object().unwrap() {
            let found = cookies.find(name);
            if text == DOUBLED {
                assert_eq!(found, Found::Several);
            } else {
                assert_eq!(found, Found::One(value.as_str().unwrap()), "{text}");
            }
        }
        let names: std::collections::BTreeSet<_> = cookies.0.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), entry["parsed"].as_object().unwrap().len(), "{text}");
    }
    println!(
        "cookies.json, cookie_header_parsing: used {0} of {0}, 1 decided otherwise",
        entries.len()
    );
}
