//! What an application of ours does with `update`: people may give themselves a nickname.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use betancourt_auth::Session;
use betancourt_auth::hook::{Callbacks, Sealing};
use serde_json::{Map, Value};

const NICKNAME: &str = "nickname";

/// Keeps nicknames, in the cookie of a sealed session and beside a stored one.
#[derive(Debug, Default)]
pub(crate) struct Nicknames(Mutex<HashMap<String, Value>>);

#[async_trait]
impl Callbacks for Nicknames {
    async fn session(&self, session: &Session, mut shown: Value, update: Option<&Value>) -> Value {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = session.user.id.as_str();
        if let Some(nickname) = update.and_then(|update| update.get(NICKNAME)) {
            kept.insert(id.to_owned(), nickname.clone());
        }
        if let Some(nickname) = session.claims.get(NICKNAME).or(kept.get(id)) {
            shown["user"][NICKNAME] = nickname.clone();
        }
        shown
    }

    async fn jwt(
        &self,
        mut token: Map<String, Value>,
        sealing: &Sealing<'_>,
    ) -> Option<Map<String, Value>> {
        if let Some(nickname) = sealing.update.and_then(|update| update.get(NICKNAME)) {
            token.insert(NICKNAME.to_owned(), nickname.clone());
        }
        Some(token)
    }
}
