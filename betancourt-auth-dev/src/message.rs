//! A message to an app about somebody who is not there, made and signed as its face does it.

use bytes::Bytes;
use http::{Method, Request as HttpRequest, header};
use serde_json::{Value, json};
use url::Url;

use crate::face::Face;
use crate::look_alikes::LookAlikes;
use crate::news::News;
use crate::person::Person;
use crate::random;
use crate::server::authorization_server::AuthorizationServer;
use crate::signing::id_token::IdToken;

const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const OAUTH: &str = "https://schemas.openid.net/secevent/oauth/event-type/";
/// How long Apple's notifications are good, in seconds.
const NOTIFICATION_LIFETIME: i64 = 86_400;

/// A message as the face would post it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The app's address for it.
    pub url: Url,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// Why there is no message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// No such person lives at the face.
    #[error("`{0}` is nobody who lives there")]
    Unknown(String),
    /// The face tells nothing of the kind.
    #[error("{face} does not tell `{}`", .news.id())]
    NotTold {
        /// The face.
        face: Face,
        /// What it does not tell.
        news: News,
    },
    /// The face has no key to sign with.
    #[error("the message could not be signed")]
    Unsigned,
}

impl LookAlikes {
    /// What a face tells the app of a person who is not there, ready to be posted. The same is on the face's page
    /// `/news`, with a button for each.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use betancourt_auth_dev::{Face, LookAlikes, News};
    ///
    /// let lookalikes = LookAlikes::start("http://localhost:3000/auth").await?;
    /// let person = lookalikes.people(Face::Apple).next().unwrap().key().to_owned();
    /// let message = lookalikes.message(Face::Apple, &person, News::ConsentRevoked).await?;
    /// assert_eq!(message.url.as_str(), "http://localhost:3000/auth/inbox/apple");
    /// assert!(message.body.starts_with(r#"{"payload":"#));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`MessageError`] when nobody has that key, or the face tells nothing of the kind.
    pub async fn message(
        &self,
        face: Face,
        person: &str,
        news: News,
    ) -> Result<Message, MessageError> {
        self.tampered_message(face, person, news, |_| ()).await
    }

    /// Like [`message`](Self::message), with something changed before it is signed. Facebook's has no header, and is signed
    /// with the app secret.
    ///
    /// # Errors
    ///
    /// As [`message`](Self::message).
    pub async fn tampered_message(
        &self,
        face: Face,
        person: &str,
        news: News,
        edit: impl FnOnce(&mut IdToken),
    ) -> Result<Message, MessageError> {
        let found = self.people(face).find(|candidate| candidate.key() == person);
        let person = found.ok_or_else(|| MessageError::Unknown(person.to_owned()))?;
        make(self.server.face(face), person, news, edit).await
    }
}

/// Makes a message and signs it as the face does.
pub(crate) async fn make(
    server: &AuthorizationServer,
    person: &Person,
    news: News,
    edit: impl FnOnce(&mut IdToken),
) -> Result<Message, MessageError> {
    let face = server.face();
    if !News::told_by(face).contains(&news) {
        return Err(MessageError::NotTold { face, news });
    }
    let url = server.client.below_the_app(&news.path(face));
    let claims = claims(server, person, news);
    if face == Face::Facebook {
        let mut payload = IdToken::without_header(claims);
        edit(&mut payload);
        let signed = payload.sign_request(server.client.secret().as_bytes());
        let body = format!("signed_request={signed}");
        return Ok(Message { url, content_type: "application/x-www-form-urlencoded", body });
    }
    let keys = server.key_ring().keys().await.map_err(|_| MessageError::Unsigned)?;
    let mut token = IdToken::new(&keys.current, claims);
    edit(&mut token);
    let signed = token.sign(&keys.current).await.map_err(|_| MessageError::Unsigned)?;
    Ok(match face {
        Face::Apple => {
            let body = json!({ "payload": signed }).to_string();
            Message { url, content_type: "application/json", body }
        }
        Face::Google | Face::Facebook | Face::Microsoft => {
            Message { url, content_type: "application/secevent+jwt", body: signed }
        }
    })
}

impl Message {
    /// The same as a request.
    pub(crate) fn request(&self) -> Result<HttpRequest<Bytes>, http::Error> {
        HttpRequest::builder()
            .method(Method::POST)
            .uri(self.url.as_str())
            .header(header::CONTENT_TYPE, self.content_type)
            .body(Bytes::from(self.body.clone()))
    }
}

fn claims(server: &AuthorizationServer, person: &Person, news: News) -> Value {
    let (now, subject) = (server.clock.now(), server.subject_of(person));
    let base = server.client.base();
    let jti = random::token("event-");
    match server.face() {
        Face::Facebook => {
            json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "user_id": subject })
        }
        Face::Apple => {
            let event = json!({ "type": apples(news), "sub": subject, "event_time": now * 1000 });
            json!({
                "iss": base, "aud": server.client.id(), "iat": now, "exp": now + NOTIFICATION_LIFETIME,
                "jti": jti, "events": event.to_string(),
            })
        }
        // The issuer of these events ends in a slash at Google, unlike that of its ID tokens.
        Face::Google | Face::Microsoft => json!({
            "iss": format!("{base}/"), "aud": server.client.id(), "iat": now, "jti": jti,
            "events": googles(news, &format!("{base}/"), &subject),
        }),
    }
}

fn apples(news: News) -> &'static str {
    match news {
        News::AccountDeleted => "account-deleted",
        News::RelayDisabled => "email-disabled",
        News::RelayEnabled => "email-enabled",
        _ => "consent-revoked",
    }
}

fn googles(news: News, issuer: &str, subject: &str) -> Value {
    let about = json!({ "subject_type": "iss-sub", "iss": issuer, "sub": subject });
    let event = json!({ "subject": about });
    let (kind, event) = match news {
        News::Verification => {
            (format!("{RISC}verification"), json!({ "state": "a look-alike tries" }))
        }
        News::TokensRevoked => (format!("{OAUTH}tokens-revoked"), event),
        News::AccountHijacked => {
            (format!("{RISC}account-disabled"), json!({ "subject": about, "reason": "hijacking" }))
        }
        News::AccountDeleted => (format!("{RISC}account-purged"), event),
        other => (format!("{RISC}{}", other.id()), event),
    };
    json!({ kind: event })
}
