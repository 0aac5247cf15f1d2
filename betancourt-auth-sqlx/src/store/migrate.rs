//! Makes the tables or adopts those of Auth.js; then hashes the session tokens it finds in clear.

use betancourt_auth::store::Result;
use betancourt_auth::{StoredToken, TokenStorage};

use super::{Opened, again};
use crate::error::{OpenError, not_migrated};

/// How many tokens are hashed before others may write again.
const BATCH: i64 = 500;

pub(super) async fn migrate(store: &Opened) -> std::result::Result<(), OpenError> {
    store.database.migrate(&store.schema.layout).await?;
    if store.token_storage == TokenStorage::Hashed {
        while again(|| hash_batch(store)).await.map_err(not_migrated)? > 0 {}
    }
    Ok(())
}

/// Replaces some plain session tokens by their hashes and says how many. The moments beside them are written anew, so
/// that on SQLite texts become milliseconds, which can be compared.
async fn hash_batch(store: &Opened) -> Result<usize> {
    let sql = &store.schema.sql.sessions;
    let mut transaction = store.database.begin(&[]).await?;
    let plain = transaction.read(&sql.plain, &[BATCH.into()]).await?;
    let number = plain.len();
    for mut session in plain {
        let (token, expires) = (session.required_text()?, session.required_moment()?);
        let hashed = StoredToken::hashed(&token);
        let values = [(&token).into(), hashed.as_str().into(), store.schema.moment(expires)];
        transaction.write(&sql.hash, &values).await?;
    }
    transaction.commit().await?;
    Ok(number)
}
