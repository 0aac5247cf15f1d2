//! What `GET /api/auth/session` shows of a person beyond the usual: the id and the role.

use async_trait::async_trait;
use betancourt_auth::Session;
use betancourt_auth::hook::Callbacks;
use serde_json::{Value, json};

/// `{"user": {"name", "email", "image", "id", "role"}, "expires"}`.
#[derive(Debug)]
pub struct WithIdAndRole;

#[async_trait]
impl Callbacks for WithIdAndRole {
    async fn session(&self, session: &Session, mut shown: Value, _: Option<&Value>) -> Value {
        if let Some(user) = shown.get_mut("user").and_then(Value::as_object_mut) {
            user.insert("id".to_owned(), json!(session.user.id.as_str()));
            user.insert("role".to_owned(), json!(session.user.role));
        }
        shown
    }
}
