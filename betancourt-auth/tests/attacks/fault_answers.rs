//! A store that fails while somebody signs in, or whose answer is lost, and texts that would be orders.

use betancourt_auth::UserId;
use betancourt_auth::store::{AuditKey, UserFilter, UserStore as _};
use betancourt_auth_dev::{Face, Person};
use time::Duration;

use crate::support::{ANA, Browser, CAMILA, Place, Request, Stage, World, callback_request};

/// No callback asks more of a store.
const MOST: u32 = 30;

/// The store goes away before each question of a callback in turn: nothing half-done is left, nobody is let in, and with
/// the next attempt everything is well, without a restart.
pub(crate) async fn fault_01_a_store_that_goes_away_in_a_callback(place: Place) {
    let singers = (0..MOST as usize).map(|number| {
        Person::new(&format!("1{number:016}"), "Singer", "Sin Nombre").with_email(&address(number))
    });
    let world = Stage::new(place).people(Face::Google, singers.collect()).start().await;
    let mut failed = 0;
    for (nth, number) in (1..MOST).zip(0..) {
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, &address(number)).await;
        let before = world.snapshot().await;
        world.store.watch.break_after(nth - 1);
        let answer = browser.follow(&callback).await;
        world.store.watch.set_broken(false);
        if answer.status != 503 {
            answer.assert_welcome();
            assert!(browser.who().await.is_some(), "they were let in, and nobody knows them");
            break;
        }
        failed += 1;
        answer.assert_status(503);
        assert_eq!(answer.header("retry-after"), Some("60"), "{answer:?}");
        assert_eq!(answer.sets(), Vec::<&str>::new(), "{answer:?}");
        world.assert_unchanged(&before).await;
        browser.sign_in(Face::Google, &address(number)).await;
        let after = world.snapshot().await;
        assert_eq!(after.users.len(), before.users.len() + 1);
        assert_eq!(after.sessions.len(), before.sessions.len() + place.rows(1));
    }
    // The handshake, who it could be, and the sign-up itself.
    assert!((3..MOST).contains(&failed), "it failed {failed} times");
    assert!(world.log.events("store.unavailable").len() >= failed as usize);
}

fn address(number: usize) -> String {
    format!("singer-{number}@choir.example")
}

/// All is written, and the answer of the store is lost: nobody is let in by a session of which it is not known whether it
/// is there, and none is renewed.
pub(crate) async fn fault_06_a_commit_of_which_nobody_knows(place: Place) {
    let world = World::start(place).await;
    for is_known in [false, true] {
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, ANA).await;
        world.store.watch.lose_answers(true);
        let answer = browser.follow(&callback).await;
        world.store.watch.lose_answers(false);
        answer.assert_status(503);
        assert_eq!(answer.sets(), Vec::<&str>::new(), "{answer:?}");
        assert_eq!(browser.who().await, None);
        let after = world.snapshot().await;
        assert_eq!((after.users.len(), after.accounts.len()), (1, 1), "it was written");
        browser.sign_in(Face::Google, ANA).await;
        let again = world.snapshot().await;
        assert_eq!((again.users.len(), again.accounts.len()), (1, 1), "{is_known}");
        assert!(browser.who().await.is_some());
    }
    a_link(&world).await;
    if place.rows(1) == 1 {
        a_renewal(&world).await;
    }
}

/// The account may be tied; whoever was signed in is not, until they sign in again, with either of them.
async fn a_link(world: &World) {
    let mut browser = world.signed_in(Face::Google, ANA).await;
    let callback = browser.begin_as(Face::Facebook, CAMILA).await;
    world.store.watch.lose_answers(true);
    let answer = browser.follow(&callback).await;
    world.store.watch.lose_answers(false);
    answer.assert_status(503);
    assert_eq!(answer.sets(), Vec::<&str>::new(), "{answer:?}");
    let mut again = world.signed_in(Face::Facebook, CAMILA).await;
    assert_eq!(again.who().await.as_deref(), Some("Ana Restrepo"));
    assert_eq!(world.snapshot().await.users.len(), 1);
}

/// A row that is to be changed is gone by then: there is no session, and no cookie that says otherwise.
async fn a_renewal(world: &World) {
    for is_gone in [true, false] {
        let mut browser = world.signed_in(Face::Google, ANA).await;
        world.wait(Duration::days(2));
        let mut renewing = browser.clone();
        world.store.watch.before_extension.hold();
        let renewal = tokio::spawn(async move { renewing.fetch("/auth/session").await });
        world.store.watch.before_extension.reached().await;
        if is_gone {
            browser.submit("/auth/signout", &[]).await;
        }
        world.store.watch.before_extension.release();
        let answer = renewal.await.unwrap();
        assert_eq!(answer.sets_a_session(), !is_gone, "{answer:?}");
        assert_eq!(answer.body == "null", is_gone, "{answer:?}");
    }
}

/// Texts that end a statement, a string or a pattern, in each notation that a database has.
const ORDERS: [&str; 6] = [
    "'; DROP TABLE users; --",
    "\" OR 1=1 --",
    "` OR `1`=`1",
    "\\'; DELETE FROM sessions; #",
    "%_$1?:x{users}",
    "x') ON CONFLICT DO UPDATE SET role='ADMIN' --",
];

/// Every field that somebody outside can write into, filled with orders and with more than anybody needs: they are texts,
/// or they are refused, and the tables are as they were.
pub(crate) async fn fault_10_texts_that_would_be_orders(place: Place) {
    let people = ORDERS.iter().zip(0..).map(|(order, number): (_, usize)| {
        let mut person = Person::new(&format!("{number}{order}"), order, order);
        person = person.with_email(&address(number));
        person
    });
    let world = Stage::new(place).mail().people(Face::Google, people.collect()).start().await;
    let mut ana = world.browser();
    ana.sign_in(Face::Facebook, CAMILA).await;
    for (number, order) in ORDERS.iter().enumerate() {
        // What a provider says of somebody, and the browser of itself.
        let mut browser = world.browser();
        let callback = browser.begin_as(Face::Google, &address(number)).await;
        let request = callback_request(&callback).header("user-agent", order);
        browser.send(request).await.assert_welcome();
        assert_eq!(browser.who().await.as_deref(), Some(&*format!("{order} {order}")));

        let before = world.snapshot().await;
        asked_for(&mut browser, order).await;
        searched_for(&world, order).await;
        world.assert_unchanged(&before).await;
        assert!(ana.who().await.is_some() && browser.who().await.is_some());
    }
    too_long(&world, &mut ana).await;
    assert_eq!(world.snapshot().await.users.len(), ORDERS.len() + 1);
}

/// In cookies, in queries, in forms and in paths.
async fn asked_for(browser: &mut Browser, order: &str) {
    let encoded: String = url::form_urlencoded::byte_serialize(order.as_bytes()).collect();
    for target in [
        format!("/auth/callback/google?state={encoded}&code={encoded}"),
        format!("/auth/callback/email?token={encoded}&email={encoded}"),
        format!("/auth/deletion/{}", encoded.replace('+', "%20")),
        format!("/auth/me/sessions?sort={encoded}&cursor={encoded}&limit={encoded}"),
        format!("/auth/me/accounts?sort={encoded}&cursor={encoded}"),
        format!("/auth/signin?error={encoded}&callbackUrl={encoded}"),
    ] {
        let answer = browser.clone().get(&target).await;
        assert!(answer.status < 500, "{target}: {answer:?}");
    }
    let forms: [(&str, &[&str]); 5] = [
        ("/auth/signin/email", &["email"]),
        ("/auth/callback/email", &["email", "token"]),
        ("/auth/callback/email", &["code"]),
        ("/auth/me/accounts/unlink", &["id"]),
        ("/auth/me/sessions/revoke", &["id"]),
    ];
    for (target, fields) in forms {
        let form: Vec<_> = fields.iter().map(|field| (*field, order)).collect();
        let answer = browser.clone().submit(target, &form).await;
        assert!(answer.status < 500 && !answer.sets_a_session(), "{target}: {answer:?}");
    }
    let cookie = format!("__Secure-authjs.session-token={encoded}");
    let request = Request::get("/auth/session").by_script().header("cookie", cookie);
    assert_eq!(browser.clone().send(request).await.body, "null");
}

/// In what administrators search for, and where their lists go on from.
async fn searched_for(world: &World, order: &str) {
    let find = async |search: &str, after: Option<&UserId>| {
        let filter = UserFilter { search: Some(search.to_owned()), ..UserFilter::default() };
        world.store.users(&filter, after, 100).await.unwrap()
    };
    let found = find(order, None).await;
    assert_eq!(found.len(), 1, "{order} is a text, and somebody's name");
    assert_eq!(found[0].name.as_deref(), Some(&*format!("{order} {order}")));
    assert_eq!(find("nobody is called so", Some(&UserId::new(order))).await, []);
    let filter = UserFilter { role: Some(order.to_owned()), ..UserFilter::default() };
    assert_eq!(world.store.users(&filter, None, 100).await.unwrap(), []);
    assert!(order.parse::<AuditKey>().is_err());
}

/// What is too long is refused before a store hears of it.
async fn too_long(world: &World, browser: &mut Browser) {
    let asked = world.store.watch.asked();
    let long = "a".repeat(3_000_000);
    let answer = browser.send(Request::post("/auth/signin/email", &[("email", &long)])).await;
    assert!([400, 403, 413].contains(&answer.status), "{}", answer.status);
    let mut thief = world.browser();
    let cookie = format!("__Secure-authjs.session-token={}", "a".repeat(60_000));
    let request = Request::get("/auth/session").by_script().header("cookie", cookie);
    let answer = thief.send(request).await;
    assert!(answer.body == "null" || [400, 431].contains(&answer.status), "{answer:?}");
    assert_eq!(world.store.watch.asked(), asked, "no store hears of it");
}
