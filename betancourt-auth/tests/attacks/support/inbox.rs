//! Providers that post messages about people who are not there.

use betancourt_auth::AuditKind;
use betancourt_auth::store::Store as _;
use betancourt_auth_dev::{Face, IdToken, Message, News};

use super::answer::Answer;
use super::request::{Request, exchange};
use super::world::World;
use super::{ANA, CAMILA, SANTIAGO};

/// One person and one message of each provider that sends any. All of them end sessions.
pub(crate) const NEWS: [(Face, &str, News); 3] = [
    (Face::Google, ANA, News::SessionsRevoked),
    (Face::Facebook, CAMILA, News::ConsentRevoked),
    (Face::Apple, SANTIAGO, News::ConsentRevoked),
];

impl World {
    /// Posts a message, as its provider would.
    pub(crate) async fn post(&self, message: &Message) -> Answer {
        exchange(self.net.doors[0], &self.posted(message)).await
    }

    /// A message as it goes over the wire: without cookies, and not from a page.
    pub(crate) fn posted(&self, message: &Message) -> Vec<u8> {
        let path = message.url.path();
        let request = Request { body: message.body.clone(), ..Request::new("POST", path) };
        let request = request.with("accept", "*/*").with("content-type", message.content_type);
        request.header("host", &self.net.host).bytes()
    }

    /// A genuine message.
    pub(crate) async fn message(&self, face: Face, person: &str, news: News) -> Message {
        self.net.lookalikes.message(face, person, news).await.unwrap()
    }

    /// Lets a provider tell something.
    pub(crate) async fn report(&self, face: Face, person: &str, news: News) -> Answer {
        self.post(&self.message(face, person, news).await).await
    }

    /// Posts a message that was changed before it was signed.
    pub(crate) async fn report_tampered(
        &self,
        (face, person, news): (Face, &str, News),
        edit: impl FnOnce(&mut IdToken),
    ) -> Answer {
        let tampered = self.net.lookalikes.tampered_message(face, person, news, edit);
        self.post(&tampered.await.unwrap()).await
    }

    /// How often a provider was listened to.
    pub(crate) async fn reports(&self) -> usize {
        let log = self.store.audit_log(1000).await.unwrap();
        log.iter().filter(|event| event.kind == AuditKind::ProviderReported).count()
    }
}

impl Answer {
    /// The provider was listened to, in its own manner.
    #[track_caller]
    pub(crate) fn assert_taken(&self, face: Face) {
        let expected = if face == Face::Google { 202 } else { 200 };
        self.assert_status(expected);
        assert!(self.all("set-cookie").next().is_none(), "{self:?}");
    }

    /// The message is none, in the manner that its provider reads.
    #[track_caller]
    pub(crate) fn assert_not_taken(&self, face: Face, registered: &str) {
        self.assert_status(400);
        assert!(self.all("set-cookie").next().is_none(), "{self:?}");
        let (said, expected) = if face == Face::Google {
            (self.json()["err"].clone(), registered)
        } else {
            (self.json()["error"].clone(), "BadRequest")
        };
        assert_eq!(said, expected, "{self:?}");
    }
}
