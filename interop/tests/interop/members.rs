//! The credentials of an application of ours: one member, with a password.

use async_trait::async_trait;
use betancourt_auth::provider::{Authorize, AuthorizeError, Submitted};
use betancourt_auth::{User, UserId};

/// Who knows the password is Lucía.
#[derive(Debug)]
pub(crate) struct Members;

#[async_trait]
impl Authorize for Members {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        match (submitted.field("username"), submitted.field("password")) {
            (Some("lucia"), Some("correct horse battery staple")) => {
                let mut user = User::new(UserId::new("member-1"));
                user.name = Some("Lucía Moreno".to_owned());
                user.email = Some("lucia@moreno.example".to_owned());
                Ok(user)
            }
            _ => Err(AuthorizeError::rejected()),
        }
    }
}
