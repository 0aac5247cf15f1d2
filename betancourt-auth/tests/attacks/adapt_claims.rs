//! Requests that say of themselves what they are not: in headers, in forms, in the way they write a path.

use betancourt_auth_dev::Face;

use crate::support::{ANA, Answer, JULIAN, Place, Request, World};

const CLAIMS: [(&str, &str); 9] = [
    ("x-middleware-subrequest", "middleware:middleware:middleware:middleware:middleware"),
    ("x-original-url", "/public"),
    ("x-rewrite-url", "/public"),
    ("x-forwarded-uri", "/public"),
    ("x-forwarded-prefix", "/public"),
    ("x-forwarded-method", "OPTIONS"),
    ("x-http-method", "OPTIONS"),
    ("x-http-method-override", "OPTIONS"),
    ("x-method-override", "OPTIONS"),
];

/// Headers and a field by which others let themselves be told another path or method.
pub(crate) async fn adapt_01_headers_that_claim_something_else(place: Place) {
    let world = World::start(place).await;
    let mut member = world.signed_in(Face::Google, ANA).await;
    for (name, value) in CLAIMS {
        let page = world.browser().send(Request::get("/dashboard").header(name, value)).await;
        page.assert_status(302);
        assert_eq!(
            page.header("location"),
            Some("/auth/signin?callbackUrl=%2Fdashboard"),
            "{name}"
        );
        for (target, status) in [("/dashboard", 401), ("/admin", 401), ("/members/room", 401)] {
            let script = Request::get(target).by_script().header(name, value);
            world.browser().send(script).await.assert_status(status);
        }
        let admin = Request::get("/admin").by_script().header(name, value);
        member.send(admin).await.assert_status(403);
        assert_eq!(
            member.send(Request::get("/dashboard").header(name, value)).await.body,
            "Ana Restrepo"
        );
        // By the method that it has, and no other: a page is shown, and nobody is signed out.
        let shown = member.send(Request::get("/auth/signout").header(name, "POST")).await;
        assert_eq!((shown.status, shown.sets_a_session(), member.knock().await), (200, false, 200));
    }
    for field in ["_method=GET", "_method=get", "_method=PUT", "_method=HEAD", "_method=OPTIONS"] {
        let form = Request { body: field.to_owned(), ..Request::post("/dashboard", &[]) };
        let answer = world.browser().send(form.by_script()).await;
        assert!(matches!(answer.status, 401 | 404 | 405), "{field}: {answer:?}");
    }
    for (name, _) in CLAIMS {
        let mut leaving = world.signed_in(Face::Google, ANA).await;
        let form = leaving.form(&[]).await;
        let form: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
        let out = leaving.send(Request::post("/auth/signout", &form).header(name, "GET")).await;
        assert_eq!((out.status, leaving.knock().await), (303, 401), "{name}");
    }
}

/// Other ways to write a guarded path, for a matcher that is not the one that routes.
const PATHS: [&str; 26] = [
    "/Admin",
    "/ADMIN",
    "//admin",
    "///admin",
    "/admin/",
    "/admin//",
    "/%61dmin",
    "/%2561dmin",
    "/adm%69n?x=%00",
    "/admin;x",
    "/admin;x=/public",
    "/public/../admin",
    "/public/%2e%2e/admin",
    "/public/..%2fadmin",
    "/./admin",
    "/admin/.",
    "/admin/..",
    "/admin?",
    "/admin?/public",
    "/admin?path=/public&_method=GET",
    "/admin%20",
    "/admin%00",
    "/admin%2f",
    "/admin.json",
    "/members/../admin",
    "/public%2f..%2fadmin",
];

/// The router decides which route it is, and the guard sits on the route: every way of writing is guarded or nothing.
pub(crate) async fn adapt_02_paths_that_a_matcher_could_read_otherwise(place: Place) {
    let world = World::start(place).await;
    let mut member = world.signed_in(Face::Google, ANA).await;
    let mut admin = world.signed_in(Face::Google, JULIAN).await;
    let users = world.snapshot().await.users;
    let julian = users.iter().find(|user| user.contains(JULIAN)).unwrap();
    let id = betancourt_auth::UserId::new(julian.split(' ').next().unwrap());
    world.auth.set_role(&id, "ADMIN").await.unwrap();
    assert_eq!(admin.get("/admin").await.status, 200);

    let leaks =
        |answer: &Answer| answer.status == 200 && !["public", "nobody"].contains(&&*answer.body);
    let guarded = ["/dashboard", "/members/room", "/office/books"];
    let variants = guarded.iter().flat_map(|path| {
        let name = &path[1..];
        [
            format!("//{name}"),
            format!("/%{:02x}{}", name.as_bytes()[0], &name[1..]),
            format!("/{}", name.to_uppercase()),
            format!("/public/../{name}"),
            format!("{path}/"),
            format!("{path};x"),
        ]
    });
    for path in PATHS.iter().map(ToString::to_string).chain(variants) {
        for request in [Request::get(&path), Request::get(&path).by_script()] {
            let nobody = world.browser().send(request.clone()).await;
            assert!(!leaks(&nobody), "{path}: {nobody:?}");
            assert!(matches!(nobody.status, 302 | 400 | 401 | 404), "{path}: {nobody:?}");
            if path.to_lowercase().contains("min") && !path.starts_with("/members") {
                let other = member.send(request).await;
                assert!(matches!(other.status, 400 | 403 | 404), "{path}: {other:?}");
            }
        }
    }
    // What stands in the path is the parameter, whatever the query calls by its name.
    for query in ["provider=google", "nxtPprovider=google", "action=session"] {
        let nobody = Request::get(&format!("/access/nowhere?{query}")).by_script();
        world.browser().send(nobody).await.assert_status(401);
        let answer = member.get(&format!("/access/nowhere?{query}")).await;
        assert_eq!((answer.status, &*answer.body), (500, "provider.unknown"));
    }
    assert_eq!(member.get("/access/google").await.status, 200);
    assert_eq!(member.get("/members/room").await.body, "the room");
    assert_eq!(admin.get("/office/books").await.body, "the books");
}
