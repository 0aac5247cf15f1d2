//! A session as the fields of a hash, and back.

use std::collections::HashMap;

use betancourt_auth::store::{
    KeptSession, NewSession, OriginKey, Result, SessionOrigin, StoreError,
};
use betancourt_auth::{SessionDetails, StoredToken, UserId};
use time::{Duration, OffsetDateTime};

/// A hash as it comes from Redis.
pub(crate) type Fields = HashMap<String, String>;

/// A moment as it stands in Redis: milliseconds since 1970.
pub(crate) fn milliseconds(moment: OffsetDateTime) -> String {
    moment.unix_timestamp_nanos().div_euclid(1_000_000).to_string()
}

/// A moment read back.
pub(crate) fn moment(text: &str) -> Result<OffsetDateTime> {
    let milliseconds = text.parse().map_err(StoreError::unavailable)?;
    let moment = OffsetDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(milliseconds));
    moment.ok_or_else(|| StoreError::unavailable("a moment is out of range"))
}

/// The fields of a new session, each followed by its value. What it has not, has no field.
pub(crate) fn fields(session: &NewSession, cut: Option<OffsetDateTime>) -> Vec<String> {
    let NewSession { user_id, expires, details, origin, .. } = session;
    let subject = origin.as_ref().map(|origin| origin.subject.as_str().to_owned());
    let sid = origin.as_ref().and_then(|origin| origin.session.as_ref());
    let fields = [
        ("user", Some(user_id.as_str().to_owned())),
        ("expires", Some(milliseconds(*expires))),
        ("created", Some(milliseconds(details.created_at))),
        ("authenticated", Some(milliseconds(details.authenticated_at))),
        ("method", Some(details.method.clone())),
        ("device", details.device.clone()),
        ("seen", details.seen_at.map(milliseconds)),
        ("subject", subject),
        ("sid", sid.map(|sid| sid.as_str().to_owned())),
        ("cut", cut.map(milliseconds)),
    ];
    let present = fields.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?]));
    present.flatten().collect()
}

/// A session read back; `None` where there is none.
pub(crate) fn kept(token: StoredToken, mut fields: Fields) -> Result<Option<KeptSession>> {
    if fields.is_empty() {
        return Ok(None);
    }
    let mut text = |name: &'static str| fields.remove(name);
    let missing = |name: &'static str| StoreError::unavailable(format!("a session has no {name}"));
    let mut required = |name| text(name).ok_or_else(|| missing(name));
    let created_at = moment(&required("created")?)?;
    let mut details = SessionDetails::new(created_at, required("method")?);
    details.authenticated_at = moment(&required("authenticated")?)?;
    let (user_id, expires) = (UserId::new(required("user")?), moment(&required("expires")?)?);
    details.device = text("device");
    details.seen_at = text("seen").as_deref().map(moment).transpose()?;
    let cut = text("cut").as_deref().map(moment).transpose()?;
    let session = text("sid").map(OriginKey::from_stored);
    let subject = text("subject").map(OriginKey::from_stored);
    let origin = subject.map(|subject| SessionOrigin { subject, session });
    Ok(Some(KeptSession { token, user_id, expires, details, origin, cut }))
}
