//! Three servers in processes of their own, on one database, and fifty requests at each of them at the same moment.

use betancourt_auth::Strategy;
use betancourt_auth_dev::{Face, News};

use crate::support::{
    Answer, Browser, Ground, OPEN, Order, Request, Town, at_once, exchange, in_full, rounds, singer,
};

const SERVERS: usize = 3;
const EACH: usize = 50;

/// The answers of all servers to the same bytes, fifty times each.
async fn everybody(town: &Town, bytes: &[u8]) -> Vec<Answer> {
    let knock = |number: usize| {
        let (door, bytes) = (town.net.doors[number % SERVERS], bytes.to_vec());
        async move { exchange(door, &bytes).await }
    };
    at_once((0..SERVERS * EACH).map(knock)).await
}

/// Of all answers one lets somebody in.
#[track_caller]
fn one_winner(answers: &[Answer]) -> Vec<&Answer> {
    let (winners, losers): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.sets_a_session());
    assert_eq!(winners.len(), 1, "{winners:?}");
    winners[0].assert_welcome();
    losers
}

/// The same identity for the first time on many devices at once: one user, one account, a session for each.
pub(crate) async fn fault_04_two_devices_at_once(ground: Ground) {
    let Some(town) = Town::start(ground, SERVERS, rounds()).await else { return };
    let devices = if in_full() { SERVERS * 10 } else { SERVERS * 3 };
    let kept = i64::try_from(devices.min(10)).unwrap();
    for round in 0..rounds() {
        let person = singer(Face::Google, round);
        let before = town.books.rows().await;
        let mut arriving = Vec::new();
        for number in 0..devices {
            let mut browser = town.browser();
            let callback = browser.begin_as(Face::Google, &person).await;
            browser.door = number % SERVERS;
            arriving.push(async move { (browser.follow(&callback).await, browser) });
        }
        let mut alive = 0;
        for (answer, mut browser) in at_once(arriving).await {
            answer.assert_welcome();
            alive += i64::from(browser.who().await.is_some());
        }
        let after = town.books.rows().await;
        let added = (after.users - before.users, after.accounts - before.accounts);
        assert_eq!(added, (1, 1), "round {round}");
        assert_eq!(after.sessions - before.sessions, ground.rows(kept), "round {round}");
        let is_sealed = ground.strategy() == Strategy::Jwt;
        assert_eq!(alive, if is_sealed { devices as i64 } else { kept });
        town.books.assert_sound().await;
    }
}

/// Two providers that vouch for the same address, for the first time at once: one of them makes the user, and the other
/// one is told that the address is somebody's, as if they had come one after the other.
pub(crate) async fn fault_05_two_providers_with_one_address(ground: Ground) {
    let Some(town) = Town::start(ground, SERVERS, rounds()).await else { return };
    for round in 0..rounds() {
        let person = singer(Face::Google, round);
        let before = town.books.rows().await;
        let mut arriving = Vec::new();
        for number in 0..6 {
            let face = if number % 2 == 0 { Face::Google } else { Face::Apple };
            let mut browser = town.browser();
            let callback = browser.begin_as(face, &person).await;
            browser.door = number % SERVERS;
            arriving.push(async move { (face, browser.follow(&callback).await) });
        }
        let answers = at_once(arriving).await;
        let of = |wanted| answers.iter().filter(move |(face, _)| *face == wanted);
        let google = of(Face::Google).filter(|(_, answer)| answer.sets_a_session()).count();
        let apple = of(Face::Apple).filter(|(_, answer)| answer.sets_a_session()).count();
        assert!([(3, 0), (0, 3)].contains(&(google, apple)), "{google} and {apple}");
        for (_, answer) in answers.iter().filter(|(_, answer)| !answer.sets_a_session()) {
            answer.assert_refused("OAuthAccountNotLinked");
        }
        let after = town.books.rows().await;
        assert_eq!((after.users, after.accounts), (before.users + 1, before.accounts + 1));
        town.books.assert_sound().await;

        // One after the other.
        let (first, second) =
            if google > 0 { (Face::Google, Face::Apple) } else { (Face::Apple, Face::Google) };
        town.signed_in(first, &person).await;
        let mut browser = town.browser();
        let callback = browser.begin_as(second, &person).await;
        browser.follow(&callback).await.assert_refused("OAuthAccountNotLinked");
    }
}

/// One callback, a hundred and fifty times: one goes on, and nobody is told that something is broken.
pub(crate) async fn oauth_04_one_callback_at_three_processes(ground: Ground) {
    let Some(town) = Town::start(ground, SERVERS, rounds()).await else { return };
    for round in 0..rounds() {
        let mut browser = town.browser();
        let callback = browser.begin_as(Face::Google, &singer(Face::Google, round)).await;
        let answers = everybody(&town, &Town::callback(&browser, &callback)).await;
        for loser in one_winner(&answers) {
            loser.assert_refused("OAuthCallbackError");
        }
        let rows = town.books.rows().await;
        let expected = i64::try_from(round + 1).unwrap();
        assert_eq!((rows.users, rows.accounts), (expected, expected));
        assert_eq!(rows.sessions, ground.rows(expected));
    }
}

/// One link of a mail, and one code, at three processes.
pub(crate) async fn mail_01_one_link_and_one_code_at_three_processes(ground: Ground) {
    let by_mail = |order: &mut Order| order.mails = true;
    let Some(mut town) = Town::start_with(ground, SERVERS, 1, by_mail).await else { return };
    for round in 0..rounds() {
        for by_link in [true, false] {
            let address = format!("reader-{round}-{by_link}@example.com");
            let mut browser = town.browser();
            browser.ask_for_mail(&address).await.assert_sent();
            let mail = town.mail(0).await;
            let form = if by_link {
                [("email", address.as_str()), ("token", mail["token"].as_str())].to_vec()
            } else {
                [("code", mail["code"].as_str())].to_vec()
            };
            let form = browser.form(&form).await;
            let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
            let bytes = browser.dressed(Request::post(OPEN, &form));
            let answers = everybody(&town, &bytes).await;
            for loser in one_winner(&answers) {
                match loser.status {
                    429 if !by_link => loser.assert_status(429), // five tries are enough
                    303 if loser.location().path() == "/auth/verify-request" => {
                        loser.assert_wrong_code();
                    }
                    _ => loser.assert_refused("Verification"),
                }
            }
        }
        let rows = town.books.rows().await;
        assert_eq!(rows.users, 2 * i64::try_from(round + 1).unwrap());
    }
}

/// Two ways in, and both are taken away at once: one stays.
pub(crate) async fn link_10_the_last_way_in_at_three_processes(ground: Ground) {
    let Some(town) = Town::start(ground, SERVERS, rounds()).await else { return };
    for round in 0..rounds() {
        let mut browser = town.signed_in(Face::Google, &singer(Face::Google, round)).await;
        browser.sign_in(Face::Facebook, &singer(Face::Facebook, round)).await;
        let before = town.books.rows().await;
        let requests = unlinking(&mut browser).await;
        let knock = |number: usize| {
            let (door, bytes) = (town.net.doors[number % SERVERS], requests[number % 2].clone());
            async move { exchange(door, &bytes).await.status }
        };
        let statuses = at_once((0..SERVERS * EACH).map(knock)).await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
        assert!(statuses.iter().all(|status| [200, 404, 409].contains(status)), "{statuses:?}");
        assert_eq!(town.books.rows().await.accounts, before.accounts - 1);
        assert!(browser.who().await.is_some());
        town.books.assert_sound().await;
    }
}

/// For each account of somebody the request that unties it.
async fn unlinking(browser: &mut Browser) -> Vec<Vec<u8>> {
    let shown = browser.fetch("/auth/me/accounts").await.json();
    let mut requests = Vec::new();
    for account in shown["accounts"].as_array().unwrap() {
        let form = browser.form(&[("id", account["id"].as_str().unwrap())]).await;
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        requests.push(browser.dressed(Request::post("/auth/me/accounts/unlink", &form)));
    }
    requests
}

/// One message of a provider, and one request to delete that it makes, at three processes: heard once, ended once.
pub(crate) async fn inbox_03_one_message_at_three_processes(ground: Ground) {
    let Some(town) = Town::start(ground, SERVERS, rounds()).await else { return };
    for round in 0..rounds() {
        let person = singer(Face::Facebook, round);
        let mut browser = town.signed_in(Face::Facebook, &person).await;
        let message = town.net.lookalikes.message(Face::Facebook, &person, News::DeletionRequested);
        let message = message.await.unwrap();
        let request =
            Request { body: message.body.clone(), ..Request::new("POST", message.url.path()) };
        let request = request.with("accept", "*/*").with("content-type", message.content_type);
        let bytes = request.header("host", &town.net.host).bytes();
        let answers = everybody(&town, &bytes).await;
        answers.iter().for_each(|answer| answer.assert_taken(Face::Facebook));
        let told = answers[0].json();
        assert!(answers.iter().all(|answer| answer.json() == told), "all are told the same");
        assert_eq!(browser.who().await, None);
        let heard = r#"SELECT COUNT(*) FROM "auth_audit" WHERE "kind" LIKE 'provider%'"#;
        assert_eq!(town.books.number(heard).await, i64::try_from(round + 1).unwrap());

        let code = told["confirmation_code"].as_str().unwrap();
        let request = Request::post(&format!("/deleted/{code}"), &[]);
        let bytes = request.header("host", &town.net.host).bytes();
        let answers = everybody(&town, &bytes).await;
        let ended = answers.iter().filter(|answer| answer.body == "true").count();
        assert_eq!(
            (ended, answers.iter().filter(|answer| answer.body == "false").count()),
            (1, SERVERS * EACH - 1)
        );
        assert_eq!(town.books.rows().await.users, 0);
    }
}
