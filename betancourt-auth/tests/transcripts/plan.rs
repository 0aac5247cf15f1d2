//! What the provider answers in an exchange: as the application was told, or as the note beside it says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::recording::{Exchange, Scenario};
use crate::report::pick;

/// The members that a token response has.
const TOKEN_MEMBERS: [&str; 7] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "session_state",
    "extra",
];

/// The answers of a provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Of the token endpoint.
    pub(crate) tokens: (u16, Value),
    /// Of the ID token, if there is one.
    pub(crate) claims: Option<Value>,
    /// Of the userinfo endpoint.
    pub(crate) document: Value,
    pub(crate) signature_is_broken: bool,
    /// Discovery answers 404.
    pub(crate) is_down: bool,
}

impl Plan {
    /// Stands for the nonce of the attempt.
    pub(crate) const NONCE: &str = "the nonce of the attempt";

    pub(crate) fn of(scenario: &Scenario, exchange: &Exchange) -> Self {
        // An exchange that failed had the answers of one that did not, but for what its note says.
        let told = std::iter::once(exchange).chain(&scenario.exchanges);
        let told = told.filter_map(|exchange| exchange.params("callbacks.signIn")).next();
        let (account, document) = match told {
            Some(told) => (told["account"].clone(), told["profile"].clone()),
            None => (default_account(), default_profile()),
        };
        let mut plan = Self {
            tokens: (200, pick(&account, &TOKEN_MEMBERS)),
            claims: account.get("id_token").map(claims),
            document,
            signature_is_broken: scenario.id == "callback-oidc-bad-signature",
            is_down: scenario.id == "signin-discovery-down",
        };
        plan.go_wrong(exchange);
        plan
    }

    /// What goes wrong, in the words of the note.
    fn go_wrong(&mut self, exchange: &Exchange) {
        let refused = json!({ "error": "invalid_grant" });
        let tokens = match &*exchange.note {
            "token endpoint: 400 invalid_grant" => (400, refused),
            "token endpoint: 500" => (500, json!("oops")),
            "token endpoint: no access_token" => (200, json!({ "token_type": "bearer" })),
            "token endpoint: no token_type" => (200, json!({ "access_token": "x" })),
            "token endpoint: unsupported token_type" => {
                (200, json!({ "access_token": "x", "token_type": "mac" }))
            }
            "token endpoint: scope is an array" => {
                (200, json!({ "access_token": "x", "token_type": "bearer", "scope": ["a"] }))
            }
            "token endpoint: expires_in as a string is accepted" => {
                (200, json!({ "access_token": "x", "token_type": "bearer", "expires_in": "3600" }))
            }
            "error in a 200 body" => (200, refused),
            _ => std::mem::take(&mut self.tokens),
        };
        self.tokens = tokens;
        if self.tokens.1.get("error").is_some() {
            self.claims = None;
        }
        let Some(claims) = &mut self.claims else { return };
        let now = exchange.now().unix_timestamp();
        let (member, value) = match &*exchange.note {
            "wrong nonce" => ("nonce", json!("another")),
            "no nonce" => ("nonce", Value::Null),
            "wrong audience" => ("aud", json!("another")),
            "several audiences without azp" => ("aud", json!([claims["aud"], "another"])),
            "wrong issuer" => ("iss", json!("https://another.example.com")),
            "expired 31 s ago" => ("exp", json!(now - 31)),
            "no sub" => ("sub", Value::Null),
            _ => return,
        };
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(member)),
            value => claims[member] = value,
        }
    }
}

/// The claims of a recorded ID token, for the nonce of the attempt.
fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    let mut claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    claims["nonce"] = Plan::NONCE.into();
    claims
}

fn default_account() -> Value {
    json!({
        "access_token": "at-123", "token_type": "bearer", "expires_in": 3600,
        "scope": "openid profile email", "type": "oauth",
    })
}

fn default_profile() -> Value {
    json!({
        "id": 4711, "name": "Ada Lovelace", "email": "Ada@Example.com",
        "avatar": "https://img.example.com/a.png",
    })
}
