//! One application, made with axum and with Rocket: the same bytes in, the same answer out.

use betancourt_auth_dev::Face;

use crate::support::{ANA, Adapter, Answer, Browser, Place, Request, Stage, Wire, World, exchange};

/// What differs, because the framework answers before we are asked: axum's status, and Rocket's.
const DIFFERENT: [(&str, &str, u16, u16); 6] = [
    ("PROPFIND", "/dashboard", 405, 400),
    ("POST", "/dashboard", 405, 404),
    ("DELETE", "/public", 405, 404),
    ("GET", "//dashboard", 404, 401),
    ("GET", "/%64ashboard", 404, 401),
    ("GET", "/nothing/at/all", 404, 404),
];

/// Doubled headers, huge ones, odd bytes, bodies of every length, methods of every kind.
pub(crate) async fn adapt_05_both_adapters_answer_alike(place: Place) {
    let stage = |place| Stage::new(place).host("app.localhost").start();
    let (here, across) = (stage(place).await, stage(place.across()).await);
    let [ours, theirs] = [&here, &across].map(async |world| {
        let browser = world.signed_in(Face::Google, ANA).await;
        let mut answers = Vec::new();
        for request in requests() {
            for mut browser in [world.browser(), browser.clone()] {
                let said = format!("{} {}", request.method, request.target);
                answers.push((said, digest(&browser.send(request.clone()).await)));
            }
        }
        answers.extend(raw(world, &browser).await);
        answers
    });
    let (ours, theirs) = (ours.await, theirs.await);
    assert!(ours.len() > 150);
    for (one, other) in ours.iter().zip(&theirs) {
        assert_eq!(one, other);
    }
    for (world, place) in [(&here, place), (&across, place.across())] {
        let is_axum = place.adapter() == Adapter::Axum;
        for (method, target, axum, rocket) in DIFFERENT {
            let answer = world.browser().send(Request::new(method, target).by_script()).await;
            assert_eq!(answer.status, if is_axum { axum } else { rocket }, "{method} {target}");
        }
    }
    for (world, place) in [(&here, place), (&across, place.across())] {
        // Rocket forgets that a body in chunks broke off, and takes what there was of it: refused all the same.
        let broken = format!("{HEAD}{FORM}transfer-encoding: chunked\r\n\r\nzz\r\n");
        let answer = exchange(world.net.doors[0], broken.as_bytes()).await;
        assert_eq!(answer.status, if place.adapter() == Adapter::Axum { 400 } else { 303 });
        // What a form says of its own method counts for Rocket alone, and to the connection it is a post all the same: the
        // answer to a `HEAD` has no body there, but says so in chunks, because nobody would get as much as a length says.
        let length = "content-length: 12\r\n";
        let head = format!("{HEAD}{FORM}{length}\r\n_method=HEAD");
        let answer = exchange(world.net.doors[0], head.as_bytes()).await;
        let said = (answer.status, answer.header("content-length").is_some(), &*answer.body);
        let axum = (303, true, "");
        assert_eq!(
            said,
            if place.adapter() == Adapter::Axum { axum } else { (400, false, "0\r\n\r\n") }
        );
        // A cookie of another encoding beside the session in one header: Rocket drops the header, and knows nobody.
        let browser = world.signed_in(Face::Google, ANA).await;
        let genuine = browser.dressed(Request::get("/dashboard").by_script());
        let name = b"cookie: ";
        let cookies = genuine.windows(name.len()).position(|part| part == name).unwrap();
        let (before, after) = genuine.split_at(cookies + name.len());
        let odd = exchange(world.net.doors[0], &[before, b"odd=\xff; ", after].concat()).await;
        assert_eq!(odd.status, if place.adapter() == Adapter::Axum { 200 } else { 401 });
        assert_eq!(exchange(world.net.doors[0], &genuine).await.status, 200);
    }
    let rows = [here.snapshot().await, across.snapshot().await]
        .map(|rows| (rows.users.len(), rows.accounts.len(), rows.sessions.len()));
    assert_eq!(rows[0], rows[1]);
}

/// What a test compares: status, where to, which cookies, and everything that is ours about the rest.
fn digest(answer: &Answer) -> String {
    let one = |name: &str| answer.all(name).collect::<Vec<_>>().join(" | ");
    let (mut sets, mut clears) = (answer.sets(), answer.clears());
    let short = |name: &&str| {
        let is_drawn = name.contains("handshake"); // the rest of it is another one each time
        if is_drawn { "handshake".to_owned() } else { (*name).to_owned() }
    };
    sets.sort_unstable();
    clears.sort_unstable();
    let sets: Vec<_> = sets.iter().map(short).collect();
    let location = one("location");
    let location = location.split("ref=").next().unwrap_or_default();
    let kind = one("content-type");
    // What no two worlds have in common: tokens, moments, the ports of pictures.
    let of_this_world = ["<!doctype", "csrfToken", "expires", "createdAt"];
    let is_fixed = !of_this_world.iter().any(|sign| answer.body.contains(sign));
    let body = if is_fixed { &answer.body } else { "…" };
    let ours = ["cache-control", "vary", "referrer-policy", "retry-after", "clear-site-data"];
    let ours: Vec<_> = ours.iter().map(|name| one(name)).collect();
    format!("{} {location} {sets:?} {clears:?} {kind} {ours:?} {body}", answer.status)
}

const HEAD: &str = "POST /auth/signout HTTP/1.1\r\nhost: app.localhost\r\nconnection: close\r\n";
const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";
const METHODS: [&str; 9] =
    ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"];
const ACTIONS: [&str; 8] = [
    "/auth/session",
    "/auth/signin/google",
    "/auth/signout",
    "/auth/csrf",
    "/auth/callback/google?state=%ff%00&code=%zz",
    "/auth/me/sessions",
    "/auth//providers/",
    "/auth/%73ession",
];
const PAGES: [&str; 9] = [
    "/",
    "/public",
    "/dashboard?tab=2&q=%C3%B1",
    "/dashboard?q=a+b%20c&callbackUrl=//evil.example",
    "/admin",
    "/members/room",
    "/members/archive/of/1994.txt",
    "/office/books",
    "/access/nowhere",
];

fn requests() -> Vec<Request> {
    let actions =
        ACTIONS.iter().flat_map(|action| METHODS.map(|method| Request::new(method, action)));
    let pages =
        PAGES.iter().flat_map(|page| ["GET", "HEAD"].map(|method| Request::new(method, page)));
    let requests: Vec<_> = actions.chain(pages).collect();
    let scripts = requests.iter().cloned().map(Request::by_script);
    let session = || Request::get("/auth/session").by_script();
    let post = |body: String| Request { body, ..Request::post("/auth/signout", &[]) };
    let odd = [
        session().header("cookie", "a=b").header("cookie", "c=d"),
        session().header("host", "app.localhost").header("host", "app.localhost"),
        session().header("host", "app.localhost").header("host", "evil.example"),
        session().header("authorization", "Bearer a").header("authorization", "Bearer b"),
        session().header("cookie", "x".repeat(60_000)),
        session().header("x-long", "y".repeat(1_000_000)),
        (0..150).fold(session(), |request, number| request.header(&format!("x-{number}"), "z")),
        post("x".repeat(65_536)),
        post("x".repeat(65_537)),
        post("x".repeat(1_000_000)),
        post("csrfToken=%ff%fe&csrfToken=%00".to_owned()),
        post("{}".to_owned()).with("content-type", "application/json"),
        post("{\"csrfToken\":".to_owned()).with("content-type", "application/json"),
        post("a=b".to_owned()).with("content-type", "text/plain"),
        post("a=b".to_owned()).header("content-type", "application/json"),
        post("a=b".to_owned())
            .header("origin", "https://evil.example")
            .header("origin", "https://app.localhost"),
        Request::get(&format!("/auth/signin?callbackUrl=/{}", "x".repeat(3000))),
    ];
    requests.iter().cloned().chain(scripts).chain(odd).collect()
}

/// What no client would write.
async fn raw(world: &World, browser: &Browser) -> Vec<(String, String)> {
    let door = world.net.doors[0];
    let chunk = format!("{:x}\r\n{}\r\n0\r\n\r\n", 70_000, "x".repeat(70_000));
    let small = "3\r\na=b\r\n0\r\n\r\n";
    let whole = [
        format!("{HEAD}{FORM}transfer-encoding: chunked\r\n\r\n{chunk}"),
        format!("{HEAD}{FORM}transfer-encoding: chunked\r\n\r\n{small}"),
        "GET /auth/session HTTP/1.0\r\nhost: app.localhost\r\n\r\n".to_owned(),
        "GET /auth/session HTTP/1.1\r\nconnection: close\r\n\r\n".to_owned(),
        "get /auth/session HTTP/1.1\r\nhost: app.localhost\r\nconnection: close\r\n\r\n".to_owned(),
        "GET /auth/ses sion HTTP/1.1\r\nhost: app.localhost\r\nconnection: close\r\n\r\n"
            .to_owned(),
        "GET /auth/session HTTP/1.1\r\nhost app.localhost\r\nconnection: close\r\n\r\n".to_owned(),
    ];
    let mut answers = Vec::new();
    for bytes in whole {
        let answer = exchange(door, bytes.as_bytes()).await;
        let said = bytes.chars().take(60).collect();
        answers.push((said, digest(&answer)));
    }
    let broken = format!("{HEAD}{FORM}content-length: 100\r\n\r\na=b");
    let answer = Wire::open(door, broken.as_bytes()).await.hang_up().await;
    answers.push(("a body that breaks off".to_owned(), digest(&answer)));
    let genuine = exchange(door, &browser.dressed(Request::get("/dashboard"))).await;
    assert_eq!(genuine.body, "Ana Restrepo");
    answers
}
