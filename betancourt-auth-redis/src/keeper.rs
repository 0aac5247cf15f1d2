//! Sessions.

use async_trait::async_trait;
use betancourt_auth::store::{KeptSession, Meant, NewSession, Result, SessionKeeper, StoreError};
use betancourt_auth::{StoredToken, UserId};
use time::OffsetDateTime;

use crate::fields::{self, Fields, milliseconds};
use crate::script;
use crate::store::RedisStore;

#[async_trait]
impl SessionKeeper for RedisStore {
    async fn kept(&self, token: &StoredToken) -> Result<Option<KeptSession>> {
        let found: Fields = self.hash(&self.key("session", token.as_str())).await?;
        fields::kept(token.clone(), found)
    }

    async fn keep(&self, session: &NewSession, cut: Option<OffsetDateTime>) -> Result<u64> {
        let replaced = session.replaces.iter().map(|token| token.as_str().to_owned());
        let replaced: Vec<_> = replaced.collect();
        let head = [
            session.token.as_str().to_owned(),
            session.keep.to_string(),
            replaced.len().to_string(),
        ];
        let arguments = [head.to_vec(), replaced, fields::fields(session, cut)].concat();
        let evicted: i64 = self.tell(&script::KEEP, &arguments).await?;
        u64::try_from(evicted).map_err(|_| StoreError::conflict()) // the token is taken
    }

    async fn extend(&self, token: &StoredToken, expires: OffsetDateTime) -> Result<bool> {
        let arguments = [token.as_str().to_owned(), milliseconds(expires)];
        self.tell(&script::EXTEND, &arguments).await
    }

    async fn touch(&self, token: &StoredToken, now: OffsetDateTime) -> Result<bool> {
        let arguments = [token.as_str().to_owned(), milliseconds(now)];
        self.tell(&script::TOUCH, &arguments).await
    }

    async fn forget(&self, tokens: &[StoredToken]) -> Result<u64> {
        if tokens.is_empty() {
            return Ok(0);
        }
        let tokens: Vec<_> = tokens.iter().map(|token| token.as_str().to_owned()).collect();
        self.tell(&script::FORGET, &tokens).await
    }

    async fn forget_all(&self, user: &UserId, cut: Option<OffsetDateTime>) -> Result<u64> {
        let cut = cut.map(milliseconds).unwrap_or_default();
        self.tell(&script::FORGET_ALL, &[user.as_str().to_owned(), cut]).await
    }

    async fn kept_of(&self, user: &UserId) -> Result<Vec<KeptSession>> {
        self.listed("user", user.as_str()).await
    }

    async fn kept_from(&self, meant: &Meant) -> Result<Vec<KeptSession>> {
        let (list, key) = match meant {
            Meant::Subject(subject) | Meant::SessionOf { subject, .. } => ("subject", subject),
            Meant::Session(session) => ("sid", session),
        };
        let mut listed = self.listed(list, key.as_str()).await?;
        listed.retain(|kept| kept.origin.as_ref().is_some_and(|origin| meant.includes(origin)));
        Ok(listed)
    }

    async fn ping(&self) -> Result<()> {
        self.sign_of_life().await
    }
}

impl RedisStore {
    async fn listed(&self, list: &str, name: &str) -> Result<Vec<KeptSession>> {
        let arguments = [list.to_owned(), name.to_owned()];
        let found: Vec<(String, Fields)> = self.ask(&script::LISTED, &arguments).await?;
        let kept = |(token, found)| fields::kept(StoredToken::from_stored(token), found);
        found.into_iter().filter_map(|found| kept(found).transpose()).collect()
    }
}
