//! Whom a provider's message is about: strangers, people whose only way in it takes, and people who ask to be forgotten.

use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::hook::{Callbacks, ProviderReport};
use betancourt_auth::store::{AccountStore as _, Store as _, UserStore as _};
use betancourt_auth::{AccountKey, AuditKind, Ending, Reaction};
use betancourt_auth_dev::{Face, Message, News};
use time::Duration;

use crate::support::{
    ANA, Answer, CAMILA, JULIAN, NEWS, Place, Request, SANTIAGO, Stage, World, exchange,
};

/// Facebook's third person, who has no address.
const TOMAS: &str = "10221083659472160";

/// What an answer tells to whoever compares answers: not when it was made, and not a code, which is random to them.
fn shape(answer: &Answer) -> (u16, Vec<(String, String)>, Option<usize>) {
    let headers = answer.headers.iter().filter(|(name, _)| name != "date");
    let code = serde_json::from_str::<serde_json::Value>(&answer.body).ok();
    let code = code.and_then(|body| Some(body["confirmation_code"].as_str()?.len()));
    (answer.status, headers.cloned().collect(), code)
}

/// Nobody learns from an answer who is known here.
pub(crate) async fn inbox_06_a_message_about_a_stranger(place: Place) {
    let asks = (Face::Facebook, CAMILA, News::DeletionRequested);
    for (face, person, news) in NEWS.into_iter().chain([asks]) {
        let world = World::start(place).await;
        let stranger = world.report(face, person, news).await;
        stranger.assert_taken(face);
        assert_eq!(world.reports().await, 0, "{face}");
        let mut browser = world.signed_in(face, person).await;
        world.wait(Duration::seconds(1));
        let known = world.report(face, person, news).await;
        assert_eq!(shape(&stranger), shape(&known), "{face}");
        assert_eq!((browser.who().await, world.reports().await), (None, 1), "{face}");
    }
}

/// Bodies that are none, in every wrong place.
pub(crate) async fn inbox_07_bodies_that_are_none(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let before = world.snapshot().await;
    let send = async |method: &str, path: &str, kind: &str, body: String| {
        let request = Request { body, ..Request::new(method, path) }.with("accept", "*/*");
        let request = request.with("content-type", kind).header("host", &world.net.host);
        exchange(world.net.doors[0], &request.bytes()).await
    };
    let google = world.message(Face::Google, ANA, News::SessionsRevoked).await;
    let apple = world.message(Face::Apple, SANTIAGO, News::ConsentRevoked).await;
    let facebook = world.message(Face::Facebook, CAMILA, News::DeletionRequested).await;
    let paths = [&google, &apple, &facebook].map(|message| message.url.path().to_owned());
    let kinds =
        ["application/secevent+jwt", "application/json", "application/x-www-form-urlencoded"];
    let empty = ["", "a.b.c", "{}", "[]", "payload=", "signed_request=.", "\u{0}", "....."];
    for path in &paths {
        for kind in kinds {
            for body in empty {
                send("POST", path, kind, body.to_owned()).await.assert_status(400);
            }
        }
        let huge = send("POST", path, kinds[0], "a".repeat(300 * 1024)).await;
        huge.assert_status(413);
        let long = format!("payload={0}&signed_request={0}", "a.".repeat(10_000));
        send("POST", path, kinds[2], long).await.assert_status(400);
        send("GET", path, kinds[0], String::new()).await.assert_status(400);
    }
    let body = |message: &Message| message.body.clone();
    for (path, message) in [
        ("/auth/inbox/google/deletion", &google),
        ("/auth/inbox/apple/deauthorization", &apple),
        ("/auth/inbox/facebook", &facebook),
        ("/auth/inbox/microsoft-entra-id", &google),
        ("/auth/inbox/nobody", &google),
        ("/auth/inbox", &google),
        ("/auth/inbox/apple", &google),
        ("/auth/inbox/google", &apple),
    ] {
        send("POST", path, message.content_type, body(message)).await.assert_status(400);
    }
    let as_text = send("POST", google.url.path(), "text/plain", body(&google)).await;
    as_text.assert_status(400);
    world.assert_unchanged(&before).await;
    assert!(browser.who().await.is_some() && world.reports().await == 0);

    world.post(&google).await.assert_taken(Face::Google);
    assert_eq!(browser.who().await, None);
}

/// While the store is down nothing is taken, so that the provider comes again.
pub(crate) async fn inbox_07_a_store_that_is_down(place: Place) {
    for (face, person, news) in NEWS {
        let world = World::start(place).await;
        let mut browser = world.signed_in(face, person).await;
        let message = world.message(face, person, news).await;
        world.store.watch.set_broken(true);
        let answer = world.post(&message).await;
        answer.assert_status(503);
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        world.store.watch.set_broken(false);
        assert!(browser.who().await.is_some());
        world.post(&message).await.assert_taken(face);
        assert_eq!((browser.who().await, world.reports().await), (None, 1), "{face}");
    }
}

/// A provider takes back the only way in: nobody stays behind who cannot come in and whom nobody will delete. Where there
/// is another way, the account goes.
pub(crate) async fn inbox_08_the_last_way_in_is_taken_back(place: Place) {
    for others in [false, true] {
        let world = World::start(place).await;
        let mut browser = world.signed_in(Face::Apple, SANTIAGO).await;
        if others {
            browser.sign_in(Face::Facebook, TOMAS).await;
        }
        world.report(Face::Apple, SANTIAGO, News::AccountDeleted).await.assert_taken(Face::Apple);
        assert_eq!(browser.who().await, None);
        let key = AccountKey::new("apple", world.subject(Face::Apple, SANTIAGO));
        let account = world.store.account(&key).await.unwrap();
        let marked = world.auth.deletion_requests(None).await.unwrap();
        assert_eq!((account.is_none(), marked.is_empty()), (others, others));
        world.wait(Duration::seconds(1));
        if others {
            browser.sign_in(Face::Facebook, TOMAS).await;
            assert_eq!(browser.who().await.as_deref(), Some("Santiago Vélez"));
        } else {
            let account = account.unwrap();
            assert!(
                account.tokens.access_token.is_none() && account.details.reauth_since.is_some()
            );
            assert_eq!(marked[0].user_id.as_ref(), Some(&account.user_id));
            assert!(world.auth.finish_deletion(&marked[0].code, Ending::DeleteUser).await.unwrap());
            assert!(world.store.user(&account.user_id).await.unwrap().is_none());
        }
    }
}

/// Consent that is taken back and given again: the person is who they were.
pub(crate) async fn inbox_08_consent_that_is_given_again(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Facebook, TOMAS).await;
    let before = world.snapshot().await.users;
    world.report(Face::Facebook, TOMAS, News::ConsentRevoked).await.assert_taken(Face::Facebook);
    assert_eq!(browser.who().await, None);
    let key = AccountKey::new("facebook", TOMAS);
    let account = world.store.account(&key).await.unwrap().unwrap();
    assert!(account.tokens.access_token.is_none() && account.details.reauth_since.is_some());
    world.wait(Duration::seconds(1));
    browser.sign_in(Face::Facebook, TOMAS).await;
    assert_eq!(world.snapshot().await.users, before);
    let account = world.store.account(&key).await.unwrap().unwrap();
    assert!(account.tokens.access_token.is_some() && account.details.reauth_since.is_none());
}

/// A request to delete is answered with a page for whoever has its code, and for nobody else, and says what is true.
pub(crate) async fn inbox_09_the_page_of_a_request_to_delete(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Facebook, TOMAS).await;
    let message = world.message(Face::Facebook, TOMAS, News::DeletionRequested).await;
    let answer = world.post(&message).await;
    answer.assert_taken(Face::Facebook);
    let (told, again) = (answer.json(), world.post(&message).await.json());
    assert_eq!(told, again, "whoever asks twice is answered alike");
    assert_eq!(browser.who().await, None);
    let code = told["confirmation_code"].as_str().unwrap().to_owned();
    world.net.secrets.add(&code);
    assert!(code.len() >= 32 && code.chars().all(char::is_alphanumeric), "{code}");
    let url = told["url"].as_str().unwrap();
    assert_eq!(url, format!("{}/auth/deletion/{code}", world.net.origin));

    let mut stranger = world.browser();
    let page = async |browser: &mut crate::support::Browser, code: &str, language: &str| {
        let request = Request::get(&format!("/auth/deletion/{code}"));
        browser.send(request.header("accept-language", language)).await
    };
    for guess in ["a", "00000000000000000000000000000000", &code.to_uppercase(), &code[1..]] {
        let guessed = page(&mut stranger, guess, "en").await;
        guessed.assert_status(404);
        assert!(guessed.body.contains("We know no request"), "{}", guessed.body);
        assert!(!guessed.body.contains(&code));
    }
    let open = page(&mut stranger, &code, "es").await;
    open.assert_status(200);
    assert!(open.body.contains("estamos eliminando") && open.body.contains(&code), "{}", open.body);
    for name in ["Tomás", "Quintero", TOMAS] {
        assert!(!open.body.contains(name), "the page names the person");
    }
    let [request] = world.auth.deletion_requests(None).await.unwrap().try_into().unwrap();
    assert_eq!((request.code.as_str(), request.provider.as_str()), (code.as_str(), "facebook"));
    assert!(world.auth.finish_deletion(&code, Ending::DeleteUser).await.unwrap());
    assert!(!world.auth.finish_deletion(&code, Ending::DeleteUser).await.unwrap());
    assert!(world.auth.deletion_requests(None).await.unwrap().is_empty());
    let done = page(&mut stranger, &code, "en").await;
    assert!(done.body.contains("We keep nothing"), "{}", done.body);
    let snapshot = world.snapshot().await;
    assert!(snapshot.users.is_empty() && snapshot.accounts.is_empty());
    let kinds: Vec<_> =
        world.store.audit_log(2).await.unwrap().iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [AuditKind::UserDeleted, AuditKind::DeletionFinished]);
}

/// Somebody who keeps their user: what came from the provider is gone, and the rest is there.
pub(crate) async fn inbox_09_a_user_who_stays(place: Place) {
    let world = World::start(place).await;
    let mut browser = world.signed_in(Face::Google, JULIAN).await;
    browser.sign_in(Face::Facebook, TOMAS).await;
    world.report(Face::Facebook, TOMAS, News::DeletionRequested).await.assert_taken(Face::Facebook);
    assert_eq!(
        world.snapshot().await.accounts.len(),
        2,
        "nothing goes before the application says so"
    );
    let [request] = world.auth.deletion_requests(None).await.unwrap().try_into().unwrap();
    assert!(world.auth.finish_deletion(&request.code, Ending::KeepUser).await.unwrap());
    let snapshot = world.snapshot().await;
    assert_eq!((snapshot.users.len(), snapshot.accounts.len()), (1, 1));
    world.wait(Duration::seconds(1));
    browser.sign_in(Face::Google, JULIAN).await;
}

/// Writes everything down and does nothing.
#[derive(Debug)]
struct Calm;

#[async_trait]
impl Callbacks for Calm {
    async fn provider_event(&self, report: &ProviderReport<'_>) -> Reaction {
        assert!(report.is_last_way_in && report.usual_reaction() > Reaction::Note);
        Reaction::Note
    }
}

/// The application has its say; but whoever asks to be deleted is answered.
pub(crate) async fn inbox_10_an_application_with_a_say(place: Place) {
    for calm in [true, false] {
        let stage = Stage::new(place);
        let stage =
            if calm { stage.config(|config| config.callbacks = Arc::new(Calm)) } else { stage };
        let world = stage.start().await;
        let mut browser = world.signed_in(Face::Facebook, TOMAS).await;
        let answer = world.report(Face::Facebook, TOMAS, News::DeletionRequested).await;
        answer.assert_taken(Face::Facebook);
        assert_eq!(browser.who().await.is_some(), calm);
        assert_eq!(world.auth.deletion_requests(None).await.unwrap().len(), 1);
        let account = world.store.account(&AccountKey::new("facebook", TOMAS)).await.unwrap();
        assert_eq!(account.unwrap().tokens.access_token.is_some(), calm);
    }
}
