//! A mail to somebody who signed in on a device that they had not used lately, with a way to say that it was not them.

use std::sync::Arc;

use askama::Template;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::clock::Clock;
use betancourt_auth::hook::{Events, SignIn};
use betancourt_auth::mailer::{Mail, Mailer};
use betancourt_auth::store::{Store as _, StoreError};
use betancourt_auth::{AuditKind, Config, Device, Secret, User, UserId};
use betancourt_auth_sqlx::SqlStore;
use ring::hmac::{self, HMAC_SHA256};
use time::{Duration, OffsetDateTime};
use tokio_util::task::TaskTracker;
use url::Url;

use crate::pages::account::device_name;
use crate::pages::minute;
use crate::preferences::Language;
use crate::texts::{Alarm as Words, Texts};

/// A device that was not used for so long is a new one.
const LATELY: Duration = Duration::days(90);
/// How much of what happened is looked at.
const NEWEST: u32 = 200;
/// How long the link in the mail works.
const LINK_LIVES: Duration = Duration::days(14);

/// Hears of sign-ins, and writes to whom they are news.
#[derive(Debug)]
pub struct Alarm {
    store: SqlStore,
    mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
    secrets: Vec<Secret>,
    url: Url,
    letters: TaskTracker,
}

impl Alarm {
    /// One for a site that sends mail; `None` where it sends none. What is under way is tracked by `letters`: nobody who
    /// signs in waits for a mail server.
    #[must_use]
    pub fn of(config: &Config, store: &SqlStore, letters: &TaskTracker) -> Option<Self> {
        Some(Self {
            store: store.clone(),
            mailer: Arc::clone(&config.email.first()?.mailer),
            clock: Arc::clone(&config.clock),
            secrets: config.secrets.clone(),
            url: config.url.clone(),
            letters: letters.clone(),
        })
    }

    /// Whether somebody has used such a device lately, or has never told which they use. The newest sign-in is this one.
    async fn is_known(&self, user: &UserId, device: Device) -> Result<bool, StoreError> {
        let since = self.clock.now() - LATELY;
        let history = self.store.history(user, since, None, NEWEST).await?;
        let signed_in = |kind| {
            matches!(kind, AuditKind::SignedIn | AuditKind::SignedUp | AuditKind::AccountLinked)
        };
        let mut before = history
            .iter()
            .map(|recorded| &recorded.event)
            .filter(|event| signed_in(event.kind))
            .skip(1)
            .filter_map(|event| event.device.as_deref())
            .map(Device::of)
            .peekable();
        Ok(before.peek().is_none() || before.any(|known| known == device))
    }

    fn send(&self, mail: Mail) {
        let mailer = Arc::clone(&self.mailer);
        self.letters.spawn(async move {
            if let Err(error) = mailer.send(&mail).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "somebody was not told of a new device");
            }
        });
    }

    fn letter(&self, user: &User, event: &SignIn<'_>, address: &str) -> Mail {
        let now = self.clock.now();
        let token = NotMe::seal(&self.secrets, &user.id, now + LINK_LIVES);
        let path = format!("/not-me/{token}");
        let url = self.url.join(&path).map_or(path, String::from);
        let device = Device::of(event.device.unwrap_or_default());
        let said = Language::ALL.map(|language| Said {
            words: &Texts::of(language).account.alarm,
            language,
            device: device_name(device, Texts::of(language)),
        });
        let letter = Letter {
            said: &said,
            at: minute(now),
            through: &event.account.key.provider,
            network: event.network,
            url: &url,
        };
        let subject = said.iter().map(|said| said.words.subject).collect::<Vec<_>>().join(" · ");
        let plain = Plain { letter: &letter }.render().unwrap_or_default();
        Mail::new(address, subject, plain, letter.render().unwrap_or_default())
    }
}

#[async_trait]
impl Events for Alarm {
    async fn sign_in(&self, event: &SignIn<'_>) {
        let user = event.user;
        let proven = user.email.as_deref().filter(|_| user.email_verified.is_some());
        let (Some(address), false) = (proven, event.is_new_user) else { return };
        let device = Device::of(event.device.unwrap_or_default());
        match self.is_known(&user.id, device).await {
            Ok(true) => {}
            Ok(false) => self.send(self.letter(user, event, address)),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "nobody knows whether a device is new");
            }
        }
    }
}

/// The mail in one language.
#[derive(Debug)]
struct Said {
    words: &'static Words,
    language: Language,
    device: String,
}

/// The mail: in both languages, because nobody knows here which of them its reader speaks.
#[derive(Debug, Template)]
#[template(path = "mail/new_device.html")]
struct Letter<'l> {
    said: &'l [Said],
    at: String,
    through: &'l str,
    network: Option<&'l str>,
    url: &'l str,
}

#[derive(Debug, Template)]
#[template(path = "mail/new_device.txt")]
struct Plain<'l> {
    letter: &'l Letter<'l>,
}

/// What the link in the mail says: whose it is, and until when. Nobody makes one without our secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMe {
    /// Whose mail it was.
    pub user: UserId,
}

impl NotMe {
    /// The link's token.
    #[must_use]
    pub fn seal(secrets: &[Secret], user: &UserId, until: OffsetDateTime) -> String {
        let claim = format!("{}\n{user}", until.unix_timestamp());
        let tag = secrets.first().map(|secret| hmac::sign(&key(secret), claim.as_bytes()));
        let tag = tag.map(|tag| URL_SAFE_NO_PAD.encode(tag)).unwrap_or_default();
        format!("{}.{tag}", URL_SAFE_NO_PAD.encode(claim))
    }

    /// What a token says that is one of ours and not over.
    #[must_use]
    pub fn open(secrets: &[Secret], token: &str, now: OffsetDateTime) -> Option<Self> {
        let (claim, tag) = token.split_once('.')?;
        let (claim, tag) = (URL_SAFE_NO_PAD.decode(claim).ok()?, URL_SAFE_NO_PAD.decode(tag).ok()?);
        let is_ours = |secret| hmac::verify(&key(secret), &claim, &tag).is_ok();
        secrets.iter().any(is_ours).then_some(())?;
        let claim = String::from_utf8(claim).ok()?;
        let (until, user) = claim.split_once('\n')?;
        let is_open = until.parse::<i64>().ok()? > now.unix_timestamp();
        is_open.then(|| Self { user: UserId::new(user) })
    }
}

/// A key for this purpose alone.
fn key(secret: &Secret) -> hmac::Key {
    let root = hmac::Key::new(HMAC_SHA256, secret.expose().as_bytes());
    hmac::Key::new(HMAC_SHA256, hmac::sign(&root, b"betancourt-site not-me").as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_ours_whole_and_in_time() {
        let [newest, older, other] = ["the newest", "an older one", "another"].map(Secret::new);
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(9);
        let ana = UserId::new("ana");
        let token = NotMe::seal(std::slice::from_ref(&older), &ana, now);
        let just_before = now - Duration::seconds(1);
        let open = |secrets: &[&Secret], token: &str, at| {
            let secrets: Vec<_> = secrets.iter().map(|secret| (*secret).clone()).collect();
            NotMe::open(&secrets, token, at)
        };
        assert_eq!(open(&[&newest, &older], &token, just_before), Some(NotMe { user: ana }));
        assert_eq!(open(&[&newest, &older], &token, now), None);
        assert_eq!(open(&[&newest, &other], &token, just_before), None);
        let longer = URL_SAFE_NO_PAD.encode("9999999999\nana");
        let tag = token.split_once('.').unwrap().1;
        for forged in ["", ".", &longer, &format!("{longer}."), &format!("{longer}.{tag}")] {
            assert_eq!(open(&[&older], forged, just_before), None, "{forged}");
        }
    }
}
