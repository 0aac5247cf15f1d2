//! What is counted: many at once, steady traffic, a store that cannot count, and ever new names.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use betancourt_auth::provider::{Authorize, AuthorizeError, CredentialsProvider, Submitted};
use betancourt_auth::store::Perishable;
use betancourt_auth::{Config, TrustedProxies, User, UserId};
use betancourt_auth_dev::Face;
use time::Duration;

use crate::support::{
    ANA, ASK, Answer, Browser, CAMILA, Ground, OPEN, Order, Place, Request, Stage, Town, at_once,
    exchange, singer,
};

const BEGIN: &str = "/auth/signin/facebook";
const PASSWORDS: &str = "/auth/callback/credentials";
/// How often one network may begin, where that matters.
const ATTEMPTS: usize = 5;
const AT_ONCE: usize = 200;
const SERVERS: usize = 3;

/// A form of a browser as it goes over the wire.
async fn written(browser: &mut Browser, target: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let form = browser.form(fields).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.dressed(Request::post(target, &form))
}

/// Of two hundred that begin at the same moment as many are sent on as may be, and all others told to wait.
async fn all_at_once(doors: Vec<std::net::SocketAddr>, bytes: Vec<u8>) {
    let knock = |number: usize| {
        let (door, bytes) = (doors[number % doors.len()], bytes.clone());
        async move { exchange(door, &bytes).await }
    };
    let answers = at_once((0..AT_ONCE).map(knock)).await;
    let (sent_on, told): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer: &&Answer| answer.status == 303);
    assert_eq!(sent_on.len(), ATTEMPTS, "{:?}", sent_on.first());
    for answer in told {
        answer.assert_status(429);
    }
}

/// Two hundred at once, at three processes on one store.
pub(crate) async fn rate_04_two_hundred_at_three_processes(ground: Ground) {
    let few = |order: &mut Order| order.attempts = ATTEMPTS as u32;
    let Some(town) = Town::start_with(ground, SERVERS, 1, few).await else { return };
    let bytes = written(&mut town.browser(), BEGIN, &[("callbackUrl", "/dashboard")]).await;
    all_at_once(town.net.doors.clone(), bytes).await;
}

/// The same at three servers in one process; and attempts that never pause, which are let pass again when the window of
/// the first one is over.
pub(crate) async fn rate_04_two_hundred_at_once_and_steady_traffic(place: Place) {
    let few = |config: &mut Config| config.rate.attempts = ATTEMPTS as u32;
    let world = Stage::new(place).servers(SERVERS).config(few).start().await;
    let mut browser = world.browser();
    let bytes = written(&mut browser, BEGIN, &[("callbackUrl", "/dashboard")]).await;
    all_at_once(world.net.doors.clone(), bytes.clone()).await;
    for _ in 0..9 {
        world.wait(Duration::minutes(1));
        exchange(world.net.doors[0], &bytes).await.assert_status(429);
    }
    world.wait(Duration::minutes(1));
    all_at_once(world.net.doors.clone(), bytes).await;
}

/// An application that counts how often it is asked whose credentials these are.
#[derive(Debug, Default)]
struct Judge(AtomicU32);

#[async_trait]
impl Authorize for Judge {
    async fn authorize(&self, submitted: &Submitted) -> Result<User, AuthorizeError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match submitted.field("password") {
            Some("correct horse") => Ok(User::new(UserId::new("member-1"))),
            _ => Err(AuthorizeError::rejected()),
        }
    }
}

/// A store that cannot count, or takes its time: nobody passes uncounted, and all do when it is back.
pub(crate) async fn rate_05_a_store_that_cannot_count(place: Place) {
    let judge = Arc::new(Judge::default());
    let judging = Arc::clone(&judge);
    let credentials = move |config: &mut Config| {
        config.credentials = vec![CredentialsProvider::new(judging.clone())];
    };
    let world = Stage::new(place).mail().config(credentials).start().await;
    let mut browser = world.browser();
    let letter = world.letter_for(&mut browser, ANA).await;
    let link = [("email", ANA), ("token", letter.token.as_str())];
    let guesses: [(&str, &[(&str, &str)]); 5] = [
        (BEGIN, &[]),
        (ASK, &[("email", "somebody@example.com")]),
        (OPEN, &link),
        (OPEN, &[("code", letter.code.as_str())]),
        (PASSWORDS, &[("username", "ana"), ("password", "correct horse")]),
    ];
    world.store.watch.miscount(true);
    let before = world.snapshot().await;
    for (nth, (target, fields)) in guesses.iter().enumerate() {
        let answer = browser.submit(target, fields).await;
        answer.assert_status(503);
        assert_eq!(answer.header("retry-after"), Some("60"), "{answer:?}");
        assert_eq!(world.log.events("rate.not_counted").len(), nth + 1, "{target}");
    }
    world.assert_unchanged(&before).await;
    assert_eq!(judge.0.load(Ordering::SeqCst), 0, "the application was asked");
    assert_eq!(world.mails().await.len(), 1, "the first one");
    world.store.watch.miscount(false);
    browser.clone().press(&letter).await.assert_welcome();
    browser.submit(PASSWORDS, guesses[4].1).await.assert_welcome();
    world.signed_in(Face::Facebook, CAMILA).await;
    a_slow_one(place).await;
}

async fn a_slow_one(place: Place) {
    let impatient = |config: &mut Config| config.rate.patience = Duration::milliseconds(50);
    let world = Stage::new(place).config(impatient).start().await;
    let mut browser = world.browser();
    let bytes = written(&mut browser, BEGIN, &[]).await;
    world.store.watch.after_count.hold();
    exchange(world.net.doors[0], &bytes).await.assert_status(503);
    world.log.once("rate.not_counted");
    assert_eq!(exchange(world.net.doors[0], &bytes).await.status, 303, "it counts again");
}

/// How many networks begin, each of them once.
const NETWORKS: u32 = 400;
/// How many of them are told apart here.
const TOLD_APART: u32 = 20;
/// How many counts the others share.
const SHARED: u64 = 256;

/// A flood from ever new networks, and of links that were never sent: what the store keeps of it is bounded, and an attempt
/// is kept in its browser until somebody comes back with it.
pub(crate) async fn rate_06_ever_new_names(place: Place) {
    let few = |config: &mut Config| {
        config.rate.told_apart = TOLD_APART;
        config.rate.attempts = 60;
        config.trusted_proxies = TrustedProxies::parse("127.0.0.0/8").unwrap();
    };
    let world = Stage::new(place).mail().config(few).start().await;
    let mut browser = world.browser();
    let form = browser.form(&[("callbackUrl", "/dashboard")]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let begin = |number: u32| {
        let address = format!("100.{}.{}.7", 64 + number / 250, number % 250);
        Request::post(BEGIN, &form).header("x-forwarded-for", address)
    };
    let mut sent_on = 0;
    for number in 0..NETWORKS {
        // Each in a browser of its own: one keeps five attempts.
        sent_on += u32::from(browser.clone().send(begin(number)).await.status == 303);
    }
    assert_eq!(sent_on, NETWORKS, "whoever comes once is let pass");
    let kept = guess_links(&mut browser).await;
    assert!(kept <= 60, "{kept} guesses were tried");
    assert_eq!(world.snapshot().await.sessions.len(), 0);
    world.wait(Duration::days(1));
    let swept = world.auth.sweep().await.unwrap();
    let counts = swept.removed(Perishable::Counts);
    assert!(
        counts <= u64::from(TOLD_APART) + SHARED + 2,
        "{counts} counts for {NETWORKS} networks"
    );
    assert!(counts > u64::from(TOLD_APART) + SHARED / 4, "they are counted: {counts}");
    assert_eq!(swept.removed(Perishable::Handshakes), kept, "what was spent");
    assert_eq!(swept.total(), counts + kept, "and nothing else was written");
    world.signed_in(Face::Google, ANA).await;
}

/// Tries links that were never sent, and says how many of them were looked for.
async fn guess_links(browser: &mut Browser) -> u64 {
    let mut looked_for = 0;
    for number in 0..100 {
        let token = format!("{number:064x}");
        let answer = browser.submit(OPEN, &[("email", ANA), ("token", &token)]).await;
        looked_for += u64::from(answer.status == 303);
    }
    looked_for
}

/// The same in a process of its own, whose memory can be measured.
pub(crate) async fn rate_06_memory_while_ever_new_names_come(ground: Ground) {
    let trusts = |order: &mut Order| {
        order.attempts = 60;
        order.trusts = true;
    };
    let Some(town) = Town::start_with(ground, 1, 1, trusts).await else { return };
    let mut browser = town.browser();
    let form = browser.form(&[("callbackUrl", "/dashboard")]).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let flood = async |from: u32, to: u32| {
        for number in from..to {
            let address = format!("2001:db8:{:x}:{:x}::1", number / 64, number % 64 * 256);
            let request = Request::post(BEGIN, &form).header("x-forwarded-for", address);
            let answer = exchange(town.net.doors[0], &browser.dressed(request)).await;
            assert_eq!(answer.status, 303, "{answer:?}");
        }
    };
    flood(0, 200).await;
    let Some(before) = town.memory(0) else { return };
    flood(200, 1200).await;
    let grown = town.memory(0).unwrap().saturating_sub(before);
    assert!(grown < 8 * 1024, "{grown} KiB for a thousand networks");
    let spent = town.books.number(r#"SELECT COUNT(*) FROM "auth_spent""#).await;
    assert_eq!((town.books.rows().await.sessions, spent), (0, 0), "they wait in their browsers");
    town.signed_in(Face::Google, &singer(Face::Google, 0)).await;
}
