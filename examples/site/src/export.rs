//! Everything that is kept of somebody, for them to take along. No secret is in it.

use std::io::{Cursor, Write as _};

use betancourt_auth::store::StoreError;
use betancourt_auth::{Account, DeletionRequest, Session, User, UserId};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::database::NotAnswered;
use crate::site::Site;
use crate::{messages, projects};

/// How many entries of the log are read at once.
const BATCH: u32 = 500;

/// Why it cannot be collected.
#[derive(Debug, thiserror::Error)]
#[error("what is kept of somebody cannot be read")]
pub enum NotCollected {
    /// The store does not answer.
    Store(#[from] StoreError),
    /// The database behind it does not.
    Database(#[from] NotAnswered),
}

/// Everything that is kept of somebody: a part for each kind of thing.
#[derive(Clone, Debug)]
pub struct Export(Map<String, Value>);

impl Export {
    /// Collects it.
    ///
    /// # Errors
    /// [`NotCollected`].
    pub async fn of(site: &Site, session: &Session) -> Result<Self, NotCollected> {
        let (store, user) = (site.auth.store(), &session.user);
        let accounts = store.accounts(&user.id).await?;
        let sessions = store.sessions(&user.id, site.now()).await?;
        let sessions = sessions.into_iter().map(|known| {
            let details = known.details.as_ref();
            json!({
                "method": details.map(|details| &details.method),
                "device": details.and_then(|details| details.device.as_ref()),
                "createdAt": details.map(|details| shown(details.created_at)),
                "authenticatedAt": details.map(|details| shown(details.authenticated_at)),
                "lastSeenAt": details.and_then(|details| details.seen_at).map(shown),
                "expires": shown(known.expires),
            })
        });
        let deletions = store.deletion_of(&user.id).await?;
        let parts = [
            ("profile", profile(user)),
            ("accounts", accounts.iter().map(account).collect()),
            ("sessions", sessions.collect()),
            ("history", history(site, &user.id).await?),
            ("messages", messages(site, user).await?),
            ("projects", projects(site, user).await?),
            ("deletionRequests", deletions.iter().map(deletion).collect()),
        ];
        Ok(Self(parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()))
    }

    /// All of it in one.
    #[must_use]
    pub fn whole(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// A file for each part, and one that says what they are.
    ///
    /// # Errors
    /// When it cannot be packed.
    pub fn archive(&self, read_me: &str, now: OffsetDateTime) -> Result<Vec<u8>, ZipError> {
        let modified =
            zip::DateTime::try_from(time::PrimitiveDateTime::new(now.date(), now.time()));
        let options = SimpleFileOptions::default();
        let options = modified.map_or(options, |at| options.last_modified_time(at));
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let parts = self.0.iter().map(|(name, part)| (format!("{name}.json"), pretty(part)));
        let read_me = ("READ-ME.txt".to_owned(), format!("{read_me}\n").into_bytes());
        for (name, content) in [read_me].into_iter().chain(parts) {
            archive.start_file(name, options)?;
            archive.write_all(&content)?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

/// JSON for people.
#[must_use]
pub fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

fn profile(user: &User) -> Value {
    json!({
        "id": user.id.as_str(),
        "name": user.name,
        "email": user.email,
        "emailVerified": user.email_verified.map(shown),
        "image": user.image,
        "role": user.role,
    })
}

fn account(account: &Account) -> Value {
    json!({
        "provider": account.key.provider,
        "subject": account.key.subject,
        "type": account.kind,
        "scope": account.tokens.scope,
        "linkedAt": account.details.linked_at.map(shown),
        "claims": account.details.claims,
    })
}

async fn history(site: &Site, user: &UserId) -> Result<Value, StoreError> {
    let (mut events, mut before) = (Vec::new(), None);
    loop {
        let page =
            site.auth.store().history(user, OffsetDateTime::UNIX_EPOCH, before, BATCH).await?;
        let Some(last) = page.last() else { return Ok(Value::Array(events)) };
        before = Some(last.key.number());
        events.extend(page.iter().map(|recorded| {
            let event = &recorded.event;
            json!({
                "at": shown(event.at),
                "what": event.kind.as_str(),
                "provider": event.provider,
                "reason": event.reason,
                "network": event.network,
                "device": event.device,
            })
        }));
    }
}

/// What they wrote to the studio, if the address there is proven to be theirs.
async fn messages(site: &Site, user: &User) -> Result<Value, NotAnswered> {
    let address = user.email.as_ref().filter(|_| user.email_verified.is_some());
    let Some(address) = address else { return Ok(Value::Array(Vec::new())) };
    let kept = messages::of(&site.store, address).await?;
    let shown = kept.into_iter().map(|kept| {
        json!({
            "at": shown(kept.at),
            "name": kept.message.name,
            "email": kept.message.email,
            "text": kept.message.text,
        })
    });
    Ok(shown.collect())
}

async fn projects(site: &Site, user: &User) -> Result<Value, NotAnswered> {
    let projects = projects::of(&site.store, &user.id).await?;
    let shown = projects.into_iter().map(|project| {
        json!({ "title": project.title, "kind": project.kind.name(), "begunAt": shown(project.at) })
    });
    Ok(shown.collect())
}

fn deletion(request: &DeletionRequest) -> Value {
    json!({
        "code": request.code,
        "by": request.provider,
        "requestedAt": shown(request.requested_at),
        "dueAt": request.due_at.map(shown),
    })
}

fn shown(moment: OffsetDateTime) -> String {
    moment.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}
