//! What an answer tells of an address, how much mail goes out, and what becomes of it when it cannot.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use betancourt_auth::Config;
use betancourt_auth::hook::{Arrival, Callbacks, Decision};
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::EmailProvider;
use betancourt_auth::testing::ManualClock;

use crate::support::{
    ANA, ASK, Answer, JULIAN, Place, Request, Stage, World, are_alike, exchange, in_full,
};

/// Five addresses of one length: of somebody known, of nobody, of somebody who may not come in, of somebody who would
/// be new where that is not wanted, and of somebody who has asked too often.
const KNOWN: &str = "known--@example.com";
const UNKNOWN: &str = "unknown@example.com";
const BLOCKED: &str = "blocked@example.com";
const CLOSED: &str = "closed-@example.com";
const LOUD: &str = "loud---@example.com";

#[derive(Debug)]
struct Guard;

#[async_trait]
impl Callbacks for Guard {
    async fn sign_in(&self, arrival: &Arrival<'_>) -> Decision {
        match arrival.verified_email {
            Some(BLOCKED | CLOSED) => Decision::Deny,
            _ => Decision::Allow,
        }
    }
}

/// An answer without what is drawn anew for each.
fn told(answer: &Answer) -> Answer {
    let mut told = answer.clone();
    told.headers.retain(|(name, _)| name != "date");
    for (name, value) in &mut told.headers {
        if name == "set-cookie" {
            let (cookie, rest) = value.split_once('=').unwrap();
            let (drawn, attributes) = rest.split_once(';').unwrap();
            *value = format!("{cookie}={} letters;{attributes}", drawn.len());
        }
    }
    told
}

/// Whoever asks for a mail learns nothing about its address: not by the answer, not by the time it takes.
pub(crate) async fn mail_08_answers_that_tell_who_is_known(place: Place) {
    let guard = |config: &mut Config| {
        config.callbacks = Arc::new(Guard);
        // All cookies end at one moment: else the tick of a second would be told, too.
        config.clock = Arc::new(ManualClock::at(config.clock.now()));
        config.rate.mails_to_one = if in_full() { u32::MAX } else { 3 };
    };
    let world = Stage::new(place).mail().config(guard).start().await;
    drop(world.signed_in_by_mail(KNOWN).await);
    for _ in 0..3 {
        world.browser().ask_for_mail(LOUD).await;
    }
    let mut answers = Vec::new();
    for address in [KNOWN, UNKNOWN, BLOCKED, CLOSED, LOUD] {
        let mut browser = world.browser();
        let answer = browser.ask_for_mail(address).await;
        answer.assert_sent();
        let waiting = browser.get("/auth/verify-request").await;
        assert!(waiting.body.contains(address), "{waiting:?}");
        answers.push((told(&answer), waiting.body.replace(address, "")));
    }
    for (answer, page) in &answers {
        assert_eq!(format!("{answer:?}"), format!("{:?}", answers[0].0));
        assert_eq!(without_token(page), without_token(&answers[0].1));
    }
    let sent: Vec<_> = world.mails().await.into_iter().map(|mail| mail.to).collect();
    assert!(!sent.iter().any(|to| [BLOCKED, CLOSED].contains(&to.as_str())), "{sent:?}");
    world.browser().press(&world.letter(UNKNOWN).await).await.assert_welcome();

    if in_full() {
        let same = async |once: u8| same_time(&world, once).await;
        assert!(same(1).await || same(2).await || same(3).await, "the time tells who is known");
    }
}

fn without_token(page: &str) -> String {
    let (before, rest) = page.split_once("name=\"csrfToken\" value=\"").unwrap();
    format!("{before}{}", &rest[64..])
}

/// A thousand answers of each kind, in a random order.
async fn same_time(world: &World, seed: u8) -> bool {
    let kinds = [KNOWN, UNKNOWN, BLOCKED, CLOSED];
    let mut requests = Vec::new();
    for address in kinds {
        let mut browser = world.browser();
        let form = browser.form(&[("email", address), ("callbackUrl", "/dashboard")]).await;
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        requests.push(browser.dressed(Request::post(ASK, &form)));
    }
    let mut times = vec![Vec::new(); kinds.len()];
    let mut random = u64::from(seed);
    for _ in 0..1_000 * kinds.len() {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let kind = usize::try_from(random >> 33).unwrap() % kinds.len();
        let begun = Instant::now();
        exchange(world.net.doors[0], &requests[kind]).await.assert_sent();
        times[kind].push(begun.elapsed());
        world.auth.settle().await;
    }
    let (known, others) = times.split_first_mut().unwrap();
    others.iter_mut().all(|other: &mut Vec<Duration>| are_alike(known, other))
}

/// Many networks ask for mail to one victim, and one of them for mail to everybody.
pub(crate) async fn mail_09_a_mailbox_that_is_flooded(place: Place) {
    let few = |config: &mut Config| config.rate.mails = 8;
    let world = Stage::new(place).mail().servers(2).config(few).start().await;
    for number in 0..20 {
        let mut browser = world.browser();
        browser.door = number % 2;
        browser.ask_for_mail(ANA).await.assert_sent();
    }
    let to = |address: &'static str| {
        let mails = world.mails();
        async move { mails.await.iter().filter(|mail| mail.to == address).count() }
    };
    assert_eq!(to(ANA).await, 3);
    assert_eq!(world.log.events("mail.throttled").len(), 17);
    let newest = world.letter(ANA).await;
    world.browser().press(&newest).await.assert_welcome();

    for number in 0..10 {
        world.browser().ask_for_mail(&format!("reader-{number}@example.com")).await.assert_sent();
    }
    assert_eq!(world.mails().await.len(), 8, "all of them together have a limit, too");
    world.wait(time::Duration::minutes(10));
    world.letter_for(&mut world.browser(), ANA).await;
}

/// Takes no mail.
#[derive(Debug)]
struct OutOfOrder;

#[async_trait]
impl Mailer for OutOfOrder {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        match mail.to.as_str() {
            JULIAN => Err(MailError::because("550 for this one")),
            _ => Err(MailError::because("the line is dead")),
        }
    }
}

/// The mail server is down, or does not want one of the recipients; and what came from outside stays text in a mail.
pub(crate) async fn mail_11_mail_that_cannot_be_sent_and_hostile_texts(place: Place) {
    let broken = |config: &mut Config| {
        config.email = vec![EmailProvider::new(Arc::new(OutOfOrder))];
    };
    let world = Stage::new(place).mail().config(broken).start().await;
    let mut answers = Vec::new();
    for address in [JULIAN, "others@casa-ortega.example"] {
        answers.push(format!("{:?}", told(&world.browser().ask_for_mail(address).await).headers));
    }
    assert_eq!(world.mails().await, []);
    assert_eq!(
        answers[0].replace(|sign: char| sign.is_ascii_digit(), ""),
        answers[1].replace(|sign: char| sign.is_ascii_digit(), "")
    );
    assert_eq!(world.log.events("mail.not_sent").len(), 2);
    world.store.watch.set_broken(true);
    let form = [("email", ANA), ("callbackUrl", "/dashboard")];
    let mut browser = world.browser();
    browser.submit(ASK, &form).await.assert_status(503);
    world.store.watch.set_broken(false);

    let world = Stage::new(place).mail().start().await;
    for hostile in
        ["https://evil.example/", "/\"><a href=\"https://evil.example/\">{{7*7}}", "//evil.example"]
    {
        let mut browser = world.browser();
        browser.submit(ASK, &[("email", ANA), ("callbackUrl", hostile)]).await.assert_sent();
        let mail = world.letter(ANA).await.mail;
        for part in [&mail.text, &mail.html] {
            let links =
                part.split("://").skip(1).map(|rest| rest.split(['/', '"']).next().unwrap());
            links.for_each(|host| assert_eq!(host, world.net.host, "{part}"));
            assert!(!part.contains("<a href=\"https://evil"), "{part}");
        }
        browser.press(&world.letter(ANA).await).await;
        assert_eq!(browser.address().await.as_deref(), Some(ANA));
    }
}
