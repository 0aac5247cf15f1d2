//! The pages on which Ana looks after what is hers.

use std::io::Cursor;

use betancourt_auth::store::UserStore as _;
use betancourt_auth::{AuditKind, UserId};
use betancourt_auth_dev::Face;
use betancourt_site::catalogue::Kind;
use betancourt_site::projects;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LOCATION};
use serde_json::Value;
use time::Duration;
use zip::ZipArchive;

use crate::api::sites;
use crate::browser::Browser;
use crate::support::{Running, SESSION};

const PAGES: [&str; 8] = [
    "/dashboard",
    "/dashboard/profile",
    "/dashboard/projects",
    "/dashboard/connections",
    "/dashboard/sessions",
    "/dashboard/history",
    "/dashboard/privacy",
    "/dashboard/preferences",
];
const REMOVE: &str = "/dashboard/connections/remove";
const END: &str = "/dashboard/sessions/end";
const END_OTHERS: &str = "/dashboard/sessions/end-others";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 \
                      Mobile/15E148 Safari/604.1";
/// The tokens of two more sessions.
const AT_HOME: &str = "a-session-token-of-ana-at-home-012345678901";
const ON_THE_ROAD: &str = "a-session-token-of-ana-on-the-road-01234567";

#[tokio::test]
async fn each_page_is_for_its_owner_and_for_nobody_else() {
    let site = Running::start().await;
    for page in PAGES {
        let stranger = site.get(page).await;
        assert_eq!(stranger.status, StatusCode::FOUND, "{page}");
        assert!(stranger.header(LOCATION).starts_with("/?callbackUrl=%2Fdashboard"), "{page}");
        let owner = site.get_as(page, SESSION).await;
        assert_eq!(owner.status, StatusCode::OK, "{page}");
        assert_eq!(owner.header(CACHE_CONTROL), "private, no-store", "{page}");
        let here = format!("href=\"{page}\" aria-current=\"page\"");
        assert!(owner.text.contains(&here), "{page}");
        for other in PAGES {
            assert!(owner.text.contains(&format!("href=\"{other}\"")), "{page} leads to {other}");
        }
    }
}

#[tokio::test]
async fn they_speak_both_languages() {
    let site = Running::start().await;
    for (page, english, spanish) in [
        ("/dashboard/profile", "What the studio knows about you", "Lo que el estudio sabe de ti"),
        ("/dashboard/projects", "What you make with the studio", "Lo que haces con el estudio"),
        ("/dashboard/connections", "Your only way in.", "Es tu única forma de ingresar."),
        ("/dashboard/sessions", "the only place where", "el único lugar donde"),
        ("/dashboard/history", "This was not me", "No fui yo"),
        ("/dashboard/not-me", "Then shut everybody else out", "Entonces deja primero"),
        ("/dashboard/privacy", "delete my account", "eliminar mi cuenta"),
        ("/dashboard/preferences", "The studio by day", "El estudio de día"),
    ] {
        let mut ana = Browser::with_session(&site, SESSION);
        assert!(ana.open(page).await.text.contains(english), "{page}");
        let mut ana = Browser::with_session(&site, SESSION).in_spanish();
        assert!(ana.open(page).await.text.contains(spanish), "{page}");
    }
}

#[tokio::test]
async fn a_second_account_can_go_and_the_last_way_in_stays() {
    let site = Running::start().await;
    let mut ana = Browser::with_session(&site, SESSION);
    let only = ana.open("/dashboard/connections").await.text.clone();
    assert!(only.contains("<h3>Google</h3>") && only.contains("Your only way in."));
    assert!(!only.contains(REMOVE));

    site.link_ana("facebook", "77").await;
    let two = ana.open("/dashboard/connections").await.text.clone();
    assert!(two.contains("<h3>Facebook</h3>") && two.matches(REMOVE).count() == 2);
    ana.press(REMOVE, "Remove: Google").await;
    let left = ana.follow().await;
    assert!(left.text.contains("no longer connected") && !left.text.contains("<h3>Google</h3>"));
    assert!(left.text.contains("<h3>Facebook</h3>") && left.text.contains("Your only way in."));
}

#[tokio::test]
async fn a_page_that_is_out_of_date_takes_nobodys_last_way_in() {
    let site = Running::start().await;
    site.link_ana("facebook", "77").await;
    let mut ana = Browser::with_session(&site, SESSION);
    let [mut second_tab, mut third_tab] = [(); 2].map(|()| Browser::with_session(&site, SESSION));
    for tab in [&mut ana, &mut second_tab, &mut third_tab] {
        tab.open("/dashboard/connections").await;
    }
    ana.press(REMOVE, "Remove: Google").await;
    assert_eq!(ana.page().header(LOCATION), "/dashboard/connections?said=unlinked");
    second_tab.press(REMOVE, "Remove: Google").await;
    assert_eq!(second_tab.page().header(LOCATION), "/dashboard/connections?said=gone");
    third_tab.press(REMOVE, "Remove: Facebook").await;
    assert_eq!(third_tab.page().header(LOCATION), "/dashboard/connections?said=last-way-in");
    assert!(third_tab.follow().await.text.contains("That is your only way in, so it stays."));
}

#[tokio::test]
async fn who_signed_in_long_ago_shows_first_that_it_is_them() {
    let site = Running::start().await;
    site.link_ana("facebook", "77").await;
    site.sign_in_ana(AT_HOME, Duration::hours(5), FIREFOX).await;
    let mut ana = Browser::with_session(&site, AT_HOME);
    let page = ana.open("/dashboard/connections").await;
    assert!(page.text.contains("show that it is you"));
    assert!(!page.text.contains("Connect Google"), "adding one would be in vain");
    ana.press(REMOVE, "Remove: Google").await;
    let confirm = "/dashboard/confirm?callbackUrl=%2Fdashboard%2Fconnections";
    assert_eq!(ana.page().header(LOCATION), confirm);
    let ask = ana.follow().await.text.clone();
    for way in ["google", "facebook"] {
        assert!(ask.contains(&format!("action=\"/api/auth/signin/{way}\"")), "{way}");
    }
    assert!(!ask.contains("/api/auth/signin/apple"), "she has no account there");
    assert_eq!(ask.matches("name=\"callbackUrl\" value=\"/dashboard/connections\"").count(), 2);
    assert!(ana.open("/dashboard/connections").await.text.contains("<h3>Google</h3>"));

    let mut fresh = Browser::with_session(&site, SESSION);
    assert_eq!(fresh.open(confirm).await.header(LOCATION), "/dashboard/connections");
    let elsewhere = fresh.open("/dashboard/confirm?callbackUrl=https%3A%2F%2Fevil.test").await;
    assert_eq!(elsewhere.header(LOCATION), "/dashboard");
}

#[tokio::test]
async fn no_form_of_another_page_does_anything() {
    let site = Running::start().await;
    site.link_ana("facebook", "77").await;
    site.sign_in_ana(AT_HOME, Duration::ZERO, FIREFOX).await;
    let mut ana = Browser::with_session(&site, SESSION);
    ana.open("/dashboard/connections").await;
    for action in [REMOVE, END, END_OTHERS] {
        let page = action.rsplit_once('/').unwrap().0;
        for token in ["", "0000000000000000000000000000000000000000000000000000000000000000"] {
            let forged = ana.forge(action, &[("csrfToken", token), ("id", "x")]).await;
            assert_eq!(forged.header(LOCATION), format!("{page}?said=outdated"), "{action}");
        }
    }
    assert!(ana.open("/dashboard/connections?said=outdated").await.text.contains("once more"));
    assert_eq!(ana.page().text.matches(REMOVE).count(), 2);
    assert_eq!(site.get_as("/dashboard", AT_HOME).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sessions_are_told_apart_and_end_one_by_one_or_all_at_once() {
    let site = Running::start().await;
    site.sign_in_ana(AT_HOME, Duration::hours(2), FIREFOX).await;
    site.sign_in_ana(ON_THE_ROAD, Duration::hours(1), IPHONE).await;
    let mut ana = Browser::with_session(&site, SESSION);
    let page = ana.open("/dashboard/sessions").await.text.clone();
    assert_eq!(page.matches("This device").count(), 1);
    let first = page.split("<ul class=\"rows\">").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(first.contains("This device") && first.contains("/api/auth/signout"));
    assert!(page.contains("Firefox on Linux") && page.contains("Safari on iOS"));
    assert_eq!(page.matches("<dt>Signed in with</dt><dd>Google</dd>").count(), 3);

    ana.press(END, "Firefox on Linux").await;
    assert!(ana.follow().await.text.contains("That session has ended."));
    let (home, road) =
        (site.get_as("/dashboard", AT_HOME).await, site.get_as("/dashboard", ON_THE_ROAD).await);
    assert_eq!((home.status, road.status), (StatusCode::FOUND, StatusCode::OK));

    ana.press(END_OTHERS, "").await;
    let alone = ana.follow().await;
    assert!(alone.text.contains("signed out everywhere else"));
    assert!(alone.text.contains("the only place") && !alone.text.contains(END_OTHERS));
    assert_eq!(site.get_as("/dashboard", ON_THE_ROAD).await.status, StatusCode::FOUND);
    assert_eq!(site.get_as("/dashboard", SESSION).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_account_is_added_without_a_script_and_says_whose_it_is() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    let mut ana = Browser::new(&site);
    ana.sign_in(&look_alikes, Face::Google).await;
    let first = ana.open("/dashboard/connections").await;
    assert!(first.text.contains("<p>ana-restrepo@gmail.com</p>"), "the ID token says so");
    ana.approve(&look_alikes, Face::Microsoft).await;
    let both = &ana.page().text;
    assert!(both.contains("<h3>Google</h3>") && both.contains("<h3>Microsoft</h3>"));
    assert_eq!(both.matches(REMOVE).count(), 2);
    assert_eq!(both.matches("Connected on <time").count(), 2);
}

#[tokio::test]
async fn language_and_theme_are_chosen_on_a_page_of_their_own() {
    let site = Running::start().await;
    let mut ana = Browser::with_session(&site, SESSION);
    let page = ana.open("/dashboard/preferences").await.text.clone();
    assert!(page.contains("value=\"en\" lang=\"en\" aria-pressed=\"true\""));
    ana.fill("/preferences", &[("lang", "es"), ("theme", "light")]).await;
    let page = ana.follow().await.text.clone();
    assert!(page.contains("<html lang=\"es\" class=\"light\">") && page.contains("Idioma y tema"));
    assert!(page.contains("value=\"es\" lang=\"es\" aria-pressed=\"true\""));
    assert!(page.contains("value=\"light\" aria-pressed=\"true\""));
}

#[tokio::test]
async fn what_happened_is_shown_page_by_page_and_says_where() {
    let site = Running::start().await;
    for hour in 1..=30 {
        site.sign_in_ana(&format!("{AT_HOME}-{hour}"), Duration::hours(hour), FIREFOX).await;
    }
    site.sign_in_ana(ON_THE_ROAD, Duration::days(91), IPHONE).await;
    let mut ana = Browser::with_session(&site, SESSION);
    let first = ana.open("/dashboard/history").await.text.clone();
    assert_eq!(first.matches("<h2>Signed in</h2>").count(), 25);
    assert!(first.contains("Firefox on Linux") && first.contains("203.0.113.0"));
    assert!(!first.contains("Safari on iOS"), "that was long ago");
    assert_eq!(first.matches("href=\"/dashboard/not-me\"").count(), 25);
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = ana.open(next).await.text.clone();
    assert_eq!(second.matches("<h2>Signed in</h2>").count(), 5);
    assert!(second.contains("Signed in for the first time") && !second.contains("rel=\"next\""));
    assert!(second.contains("href=\"/dashboard/history\">Newest"));
}

#[tokio::test]
async fn a_refused_attempt_stands_in_the_history_of_whom_it_was_about() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    let mut ana = Browser::new(&site);
    ana.sign_in(&look_alikes, Face::Google).await;
    let told = ana.open("/dashboard/history").await.text.clone();
    assert!(told.contains("Signed in for the first time") && !told.contains("refused"));

    // The first person at Facebook connects an account that is Ana's.
    let mut camila = Browser::new(&site);
    camila.sign_in(&look_alikes, Face::Facebook).await;
    camila.open("/dashboard/connections").await;
    camila.approve(&look_alikes, Face::Google).await;
    let told = ana.open("/dashboard/history").await.text.clone();
    assert!(told.contains("An attempt to sign in was refused"), "{told}");
}

#[tokio::test]
async fn who_finds_a_stranger_shuts_them_out() {
    let site = Running::start().await;
    site.sign_in_ana(AT_HOME, Duration::hours(1), FIREFOX).await;
    let mut ana = Browser::with_session(&site, SESSION);
    ana.open("/dashboard/not-me").await;
    assert_eq!(site.get_as("/dashboard", AT_HOME).await.status, StatusCode::OK);
    ana.press(END_OTHERS, "").await;
    assert!(ana.follow().await.text.contains("signed out everywhere else"));
    assert_eq!(site.get_as("/dashboard", AT_HOME).await.status, StatusCode::FOUND);
}

const EXPORT: &str = "/dashboard/privacy/export";
const DELETE: &str = "/dashboard/privacy/delete";
const KEEP: &str = "/dashboard/privacy/keep";

#[tokio::test]
async fn everything_is_taken_along_and_no_secret() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    let mut ana = Browser::new(&site);
    ana.sign_in(&look_alikes, Face::Google).await;
    ana.open("/dashboard/privacy").await;
    let json = ana.fill(EXPORT, &[("form", "json")]).await;
    assert_eq!(json.header(CACHE_CONTROL), "private, no-store");
    assert!(json.header(CONTENT_DISPOSITION).contains("betancourt-audio.json"));
    let whole: Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(whole["profile"]["email"], "ana-restrepo@gmail.com");
    assert_eq!(whole["accounts"][0]["provider"], "google");
    assert_eq!(whole["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(whole["history"][0]["what"], "signed_up");
    assert_eq!(whole["deletionRequests"], Value::Array(Vec::new()));
    for secret in ["oken", "sealed1.", "s256:", "ession-"] {
        assert!(!json.text.contains(secret), "{secret}: {}", json.text);
    }

    ana.open("/dashboard/privacy").await;
    let zip = ana.fill(EXPORT, &[("form", "zip")]).await;
    let mut archive = ZipArchive::new(Cursor::new(zip.bytes.clone())).unwrap();
    let mut names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    let parts =
        ["accounts", "deletionRequests", "history", "messages", "profile", "projects", "sessions"];
    assert_eq!(names[0], "READ-ME.txt");
    assert_eq!(names[1..], parts.map(|part| format!("{part}.json")));
    let profile: Value = serde_json::from_reader(archive.by_name("profile.json").unwrap()).unwrap();
    assert_eq!(profile, whole["profile"]);
}

#[tokio::test]
async fn nothing_is_taken_along_and_nobody_deleted_without_a_recent_sign_in() {
    let site = Running::start().await;
    site.sign_in_ana(AT_HOME, Duration::hours(5), FIREFOX).await;
    for (action, typed) in [(EXPORT, ("form", "json")), (DELETE, ("phrase", "delete my account"))] {
        let mut ana = Browser::with_session(&site, AT_HOME);
        ana.open("/dashboard/privacy").await;
        let asked = ana.fill(action, &[typed]).await;
        assert_eq!(
            asked.header(LOCATION),
            "/dashboard/confirm?callbackUrl=%2Fdashboard%2Fprivacy",
            "{action}"
        );
        assert!(!ana.open("/dashboard").await.text.contains(KEEP));
    }
}

#[tokio::test]
async fn an_account_is_deleted_by_a_phrase_two_weeks_later_unless_its_owner_stays() {
    let site = Running::start().await;
    let mut ana = Browser::with_session(&site, SESSION);
    ana.open("/dashboard/privacy").await;
    ana.fill(DELETE, &[("phrase", "delete it")]).await;
    assert!(ana.follow().await.text.contains("That was not the phrase"));
    ana.fill(DELETE, &[("phrase", " Delete my account ")]).await;
    let asked = ana.follow().await.text.clone();
    assert!(asked.contains("Your account will be deleted on") && !asked.contains(DELETE));
    let receipt = receipt(&asked);
    assert!(site.get(&receipt).await.text.contains("Until the day below"));

    ana.open("/dashboard/sessions").await;
    ana.press(KEEP, "").await;
    let stays = ana.follow().await.text.clone();
    assert!(stays.contains("You stay.") && !stays.contains(KEEP) && stays.contains(DELETE));
    assert!(site.get(&receipt).await.text.contains("taken this request back"));

    ana.fill(DELETE, &[("phrase", "eliminar mi cuenta")]).await;
    let second = self::receipt(&ana.follow().await.text);
    site.pass(Duration::days(14) - Duration::seconds(1));
    assert_eq!(site.delete_who_is_due().await, 0);
    assert_eq!(site.get_as("/dashboard", SESSION).await.status, StatusCode::OK);
    site.pass(Duration::seconds(1));
    assert_eq!(site.delete_who_is_due().await, 1);
    assert_eq!(site.get_as("/dashboard", SESSION).await.status, StatusCode::FOUND);
    assert!(site.get(&second).await.text.contains("We keep nothing any more"));
    assert!(site.get("/api/auth/deletion/another").await.text.contains("no request of that code"));
    assert_eq!(site.rows_about_ana().await, 0);
    let log = site.log_about_ana().await;
    assert!(log.iter().any(|event| event.kind == AuditKind::DeletionFinished), "{log:?}");
    assert!(log.iter().all(|event| event.network.is_none() && event.device.is_none()));
}

/// The address of the receipt that a page names.
fn receipt(page: &str) -> String {
    let at = page.find("/api/auth/deletion/").unwrap();
    page[at..].split('"').next().unwrap().to_owned()
}

const TAKE_OVER: &str = "/dashboard/profile/take-over";

#[tokio::test]
async fn a_name_and_a_picture_are_taken_from_a_provider_of_ones_own() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    let mut ana = Browser::new(&site);
    ana.sign_in(&look_alikes, Face::Google).await;
    ana.open("/dashboard/connections").await;
    ana.approve(&look_alikes, Face::Microsoft).await;
    let page = ana.open("/dashboard/profile").await.text.clone();
    assert!(
        page.contains("Calls you Ana Restrepo <span class=\"role\">in use here</span>"),
        "{page}"
    );
    assert!(page.contains("Calls you Valentina Gómez</p>"), "{page}");
    let id =
        page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    ana.fill(TAKE_OVER, &[("part", "name")]).await;
    let page = ana.follow().await.text.clone();
    assert!(page.contains("That is what you look like here now."));
    assert!(page.contains("<strong>Valentina Gómez</strong>"), "{page}");
    assert!(page.contains("Calls you Ana Restrepo</p>"), "{page}");
    let session = ana.open("/api/auth/session").await.text.clone();
    assert!(session.contains("Valentina Gómez"), "{session}");
    let history = ana.open("/dashboard/history").await;
    assert!(history.text.contains("Your name or picture was taken from a provider"));

    let page = ana.open("/dashboard/profile").await.text.clone();
    let google = page.split("<h3>Google</h3>").nth(1).unwrap();
    let of_google = google.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for (id, part, said) in [
        (of_google, "role", "That was already gone."),
        ("another", "name", "That was already gone."),
        (of_google, "name", "That is what you look like here now."),
    ] {
        ana.open("/dashboard/profile").await;
        ana.send_with_token(TAKE_OVER, &[("id", id), ("part", part)]).await;
        assert!(ana.follow().await.text.contains(said), "{part}");
    }
    assert!(ana.page().text.contains("<strong>Ana Restrepo</strong>"));
    let typed = [("id", &*id), ("part", "name"), ("csrfToken", "made up")];
    ana.forge(TAKE_OVER, &typed).await;
    assert!(ana.follow().await.text.contains("open for too long"));
    assert!(ana.page().text.contains("<strong>Ana Restrepo</strong>"), "nothing changed");
}

const BEGIN: &str = "/dashboard/projects/begin";
const END_PROJECT: &str = "/dashboard/projects/end";

#[tokio::test]
async fn projects_begin_and_end_and_are_counted_and_go_with_their_owner() {
    for site in sites().await {
        let mut ana = Browser::with_session(&site, SESSION);
        let count = async |ana: &mut Browser<'_>| {
            let page = ana.open("/admin").await.text.clone();
            let number = page.split("data-number=\"projects\">").nth(1).unwrap();
            number.split('<').next().unwrap().to_owned()
        };
        assert_eq!(count(&mut ana).await, "0");
        for (title, kind) in
            [("", "MIXING"), ("  ", "MIXING"), (&*"x".repeat(121), "MIXING"), ("x", "SINGING")]
        {
            ana.open("/dashboard/projects").await;
            ana.fill(BEGIN, &[("title", title), ("kind", kind)]).await;
            assert!(ana.follow().await.text.contains("Nothing was begun"), "{title:?} {kind}");
        }
        ana.fill(BEGIN, &[("title", " Lluvia <b> "), ("kind", "MASTERING")]).await;
        let page = ana.follow().await.text.clone();
        assert!(
            page.contains("The project is begun.") && page.contains("<h2>Lluvia &#60;b&#62;</h2>")
        );
        ana.fill(BEGIN, &[("title", "Neblina"), ("kind", "MIXING")]).await;
        assert_eq!(count(&mut ana).await, "2");
        let person = ana.open("/admin/people/ana").await.text.clone();
        assert!(person.contains("Neblina <span class=\"by\">Mixing</span>"), "{person}");

        // Nobody ends what is another one's.
        let bea = UserId::new("bea");
        let kind = Kind::Production;
        projects::begin(site.store(), &bea, ("Sombra", kind), site.now()).await.unwrap();
        let theirs = projects::of(site.store(), &bea).await.unwrap().remove(0);
        ana.open("/dashboard/projects").await;
        ana.send_with_token(END_PROJECT, &[("id", &theirs.id)]).await;
        assert_eq!(count(&mut ana).await, "3");
        ana.open("/dashboard/projects").await;
        ana.press(END_PROJECT, "Neblina").await;
        assert!(ana.follow().await.text.contains("The project is ended."));
        assert_eq!(count(&mut ana).await, "2");

        ana.open("/admin/people/bea").await;
        ana.fill("/admin/people/bea/delete", &[("named", "bea")]).await;
        assert_eq!(count(&mut ana).await, "1");
        ana.open("/dashboard/privacy").await;
        let json = ana.fill(EXPORT, &[("form", "json")]).await;
        let whole: Value = serde_json::from_str(&json.text).unwrap();
        assert_eq!(whole["projects"][0]["title"], "Lluvia <b>");
        assert_eq!(whole["projects"][0]["kind"], "MASTERING");
    }
}

#[tokio::test]
async fn the_last_administrator_cannot_leave() {
    for site in sites().await {
        let mut ana = Browser::with_session(&site, SESSION);
        ana.open("/dashboard/privacy").await;
        ana.fill(DELETE, &[("phrase", "delete my account")]).await;
        assert!(ana.follow().await.text.contains("You are the last administrator"));
        let mut spanish = Browser::with_session(&site, SESSION).in_spanish();
        spanish.open("/dashboard/privacy?said=last-administrator").await;
        assert!(spanish.page().text.contains("Eres la última persona que administra"));

        // With another one she may; and stays if that one is none any more when her day has come.
        let carl = UserId::new("carl");
        let set_role = async |role| site.store().set_role(&carl, role, None, &[]).await.unwrap();
        set_role("ADMIN").await;
        ana.open("/dashboard/privacy").await;
        ana.fill(DELETE, &[("phrase", "delete my account")]).await;
        assert!(ana.follow().await.text.contains("Your account will be deleted on"));
        ana.open("/dashboard/projects").await;
        ana.fill(BEGIN, &[("title", "Neblina"), ("kind", "MIXING")]).await;
        set_role("CLIENT").await;
        site.pass(Duration::days(14));
        assert_eq!(site.delete_who_is_due().await, 0);
        assert_eq!(projects::of(site.store(), &UserId::new("ana")).await.unwrap().len(), 1);
        set_role("ADMIN").await;
        assert_eq!(site.delete_who_is_due().await, 1);
        assert!(site.store().user(&UserId::new("ana")).await.unwrap().is_none());
        assert!(projects::of(site.store(), &UserId::new("ana")).await.unwrap().is_empty());
    }
}
