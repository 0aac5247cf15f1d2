//! `kill -9` of the database, while people sign in and out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use betancourt_auth_dev::Face;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::{
    Browser, Durable, Ground, Order, Request, Town, callback_request, singer, try_exchange,
};

const VISITORS: usize = 8;
/// So many people for each of them.
const PEOPLE: usize = 300;

/// Somebody who was answered that they are in, and out again if so.
struct Answered {
    browser: Browser,
    is_out: bool,
}

/// The database dies under load, twice, and comes back: what was acknowledged is there, nobody is there twice or in part,
/// and whoever was signed out stays so. In between there are no answers but `503`, and no server is started anew.
pub(crate) async fn fault_03_a_database_that_is_killed_under_load(ground: Ground) {
    let Some(mut server) = Durable::start(ground).await else { return };
    let people = VISITORS * PEOPLE;
    let short = |order: &mut Order| order.patience = Duration::from_millis(500);
    let town = Town::start_at((ground, server.url(), None), 2, people, short).await;
    let (ends, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let town = Arc::new(town);
    let mut visitors = JoinSet::new();
    for visitor in 0..VISITORS {
        let (town, ends, done) = (Arc::clone(&town), Arc::clone(&ends), Arc::clone(&done));
        visitors.spawn(async move {
            let mut answered = Vec::new();
            for number in visitor * PEOPLE..(visitor + 1) * PEOPLE {
                if ends.load(Ordering::SeqCst) {
                    break;
                }
                if let Some(visit) = visited(&town, number).await {
                    done.fetch_add(1, Ordering::SeqCst);
                    answered.push(visit);
                } else {
                    sleep(Duration::from_millis(100)).await;
                }
            }
            answered
        });
    }
    for deaths in 1..=2 {
        more(&done, 10).await;
        server.kill();
        sleep(Duration::from_millis(300)).await;
        server.go_on().await;
        assert!(deaths <= 2);
    }
    more(&done, 10).await;
    ends.store(true, Ordering::SeqCst);

    let mut alive = 0;
    for Answered { mut browser, is_out } in visitors.join_all().await.into_iter().flatten() {
        assert_eq!(browser.who().await.is_some(), !is_out, "what was acknowledged is so");
        alive += i64::from(!is_out);
    }
    let rows = town.books.rows().await;
    assert!(rows.sessions >= alive && rows.users >= alive, "{rows:?} and {alive}");
    assert_eq!(rows.users, rows.accounts);
    town.books.assert_sound().await;
}

/// Waits until so many more visits have gone well.
async fn more(done: &AtomicUsize, visits: usize) {
    let before = done.load(Ordering::SeqCst);
    let more = async {
        while done.load(Ordering::SeqCst) < before + visits {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), more).await.expect("nobody is let in any more");
}

/// Somebody new comes in, and goes again if their number is even; `None` where the database was away meanwhile.
async fn visited(town: &Town, number: usize) -> Option<Answered> {
    let mut browser = town.browser();
    browser.door = number % 2;
    let door = town.net.doors[browser.door];
    let send = async |browser: &mut Browser, request: Request| {
        let answer = try_exchange(door, &browser.dressed(request)).await?;
        if answer.status == 503 {
            return None;
        }
        assert!(answer.status < 500, "{answer:?}");
        answer.all("set-cookie").for_each(|cookie| browser.jar.keep(cookie));
        Some(answer)
    };
    let csrf = Request::get("/auth/csrf").by_script();
    let token = send(&mut browser, csrf.clone()).await?.json()["csrfToken"].as_str()?.to_owned();
    let form = [("callbackUrl", "/dashboard"), ("csrfToken", token.as_str())];
    let begun = send(&mut browser, Request::post("/auth/signin/google", &form)).await?;
    let begun = begun.location();
    if !begun.as_str().starts_with(town.net.lookalikes.url().as_str()) {
        return None;
    }
    let callback = town.net.approve(begun.as_str(), &singer(Face::Google, number)).await;
    send(&mut browser, callback_request(&callback)).await?.assert_welcome();
    if number % 2 == 1 {
        return Some(Answered { browser, is_out: false });
    }
    let token = send(&mut browser, csrf).await?.json()["csrfToken"].as_str()?.to_owned();
    let thief = browser.clone();
    send(&mut browser, Request::post("/auth/signout", &[("csrfToken", token.as_str())])).await?;
    Some(Answered { browser: thief, is_out: true })
}
