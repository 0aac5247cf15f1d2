//! What administrators see and do.

use betancourt_auth::store::{SessionStore as _, Store as _, UserStore as _};
use betancourt_auth::{AuditEvent, AuditKind, UserId};
use betancourt_auth_dev::Face;
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};

use crate::api::{sites, with_people};
use crate::browser::Browser;
use crate::support::{Running, SESSION, in_memory};

const PAGES: [&str; 5] =
    ["/admin", "/admin/people", "/admin/messages", "/admin/refusals", "/admin/people/carl"];

async fn site() -> Running {
    with_people(in_memory().await).await
}

#[tokio::test]
async fn each_page_is_for_administrators_alone() {
    for site in sites().await {
        for page in PAGES {
            let answer = site.get_as(page, SESSION).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert_eq!(answer.header(CACHE_CONTROL), "private, no-store", "{page}");
            for other in &PAGES[..4] {
                assert!(
                    answer.text.contains(&format!("href=\"{other}\"")),
                    "{page} leads to {other}"
                );
            }
            let stranger = site.get(page).await;
            assert!(stranger.header(LOCATION).starts_with("/?callbackUrl=%2Fadmin"), "{page}");
        }
        site.set_role("CLIENT").await;
        for page in PAGES {
            let client = site.get_as(page, SESSION).await;
            assert_eq!(client.header(LOCATION), "/dashboard", "{page}");
        }
    }
}

#[tokio::test]
async fn they_speak_both_languages() {
    let site = site().await;
    for (page, english, spanish) in [
        ("/admin", "System Uptime", "Tiempo en servicio"),
        ("/admin/people", "Everybody who has an account", "Todas las que tienen una cuenta"),
        ("/admin/people/carl", "Sign out everywhere", "Cerrar todas sus sesiones"),
        ("/admin/messages", "Nobody has written yet", "Todavía no ha escrito nadie"),
        ("/admin/refusals", "Who did not get in", "Quién no pudo ingresar"),
    ] {
        let mut ana = Browser::with_session(&site, SESSION);
        assert!(ana.open(page).await.text.contains(english), "{page}");
        let mut ana = Browser::with_session(&site, SESSION).in_spanish();
        assert!(ana.open(page).await.text.contains(spanish), "{page}");
    }
    assert_eq!(site.get_as("/admin/people/nobody", SESSION).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn people_are_found_by_name_address_role_and_id() {
    for site in sites().await {
        let all = ["ana", "bea", "carl"];
        for (query, expected) in [
            ("", &all[..]),
            ("?q=PRADA", &["ana"]),
            ("?q=example.org", &["ana", "carl"]),
            ("?q=bea", &["bea"]),
            ("?q=carl", &["carl"]),
            ("?q=%25", &[]),
            ("?q=_", &[]),
            ("?q=%27+OR+1%3D1+--", &[]),
            ("?role=ADMIN", &["ana"]),
            ("?role=CLIENT", &["bea", "carl"]),
            ("?role=%25&page=x", &all),
            ("?q=example.org&role=CLIENT&page=1", &["carl"]),
            ("?state=welcome", &all),
            ("?state=suspended", &[]),
            ("?state=%25", &all),
            ("?page=2", &[]),
        ] {
            let answer = site.get_as(&format!("/admin/people{query}"), SESSION).await;
            assert_eq!(answer.status, StatusCode::OK, "{query}");
            for id in all {
                let listed = answer.text.contains(&format!("href=\"/admin/people/{id}\""));
                assert_eq!(listed, expected.contains(&id), "{query}: {id}");
            }
            assert!(!answer.text.contains("no-address.invalid"));
        }
    }
}

#[tokio::test]
async fn a_role_is_given_and_taken_and_holds_at_once() {
    for site in sites().await {
        let mut ana = Browser::with_session(&site, SESSION);
        ana.open("/admin/people/carl").await;
        ana.fill("/admin/people/carl/role", &[("role", "ADMIN")]).await;
        let page = ana.follow().await;
        assert!(page.text.contains("The role is changed"), "{}", page.text);
        assert!(page.text.contains("<dd data-field=\"role\">Administrator</dd>"));
        let log = site.store().audit_log(1).await.unwrap();
        assert_eq!(log[0].kind, AuditKind::RoleChanged);
        assert_eq!(log[0].actor, Some(UserId::new("ana")));
        assert_eq!(log[0].user_id, Some(UserId::new("carl")));
        assert!(ana.open("/admin").await.text.contains("By ana@example.org"));

        ana.open("/admin/people/carl").await;
        ana.fill("/admin/people/carl/role", &[("role", "ROOT")]).await;
        assert!(ana.follow().await.text.contains("That is not there any more"));
        let carl = site.store().user(&UserId::new("carl")).await.unwrap().unwrap();
        assert_eq!(carl.role, "ADMIN");

        ana.open("/admin/people/ana").await;
        ana.fill("/admin/people/ana/role", &[("role", "CLIENT")]).await;
        assert_eq!(site.get_as("/admin", SESSION).await.header(LOCATION), "/dashboard");
    }
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let site = site().await;
    let mut ana = Browser::with_session(&site, SESSION);
    let page = ana.open("/admin/people/ana").await;
    assert!(page.text.contains("This is you."));
    ana.fill("/admin/people/ana/role", &[("role", "CLIENT")]).await;
    assert!(ana.follow().await.text.contains("There is no other administrator"));
    ana.fill("/admin/people/ana/delete", &[("named", "ana@example.org")]).await;
    assert!(ana.follow().await.text.contains("There is no other administrator"));
    assert_eq!(site.get_as("/admin", SESSION).await.status, StatusCode::OK);
}

#[tokio::test]
async fn somebody_is_signed_out_everywhere() {
    let site = site().await;
    let now = site.now();
    let bea = UserId::new("bea");
    assert_eq!(site.store().sessions(&bea, now).await.unwrap().len(), 1);
    let mut ana = Browser::with_session(&site, SESSION);
    ana.open("/admin/people/bea").await;
    ana.press("/admin/people/bea/sign-out", "").await;
    assert!(ana.follow().await.text.contains("They are signed out everywhere"));
    assert!(site.store().sessions(&bea, now).await.unwrap().is_empty());
    assert_eq!(site.get_as("/admin", SESSION).await.status, StatusCode::OK, "Ana is not");
}

#[tokio::test]
async fn whoever_is_to_be_deleted_has_to_be_named() {
    for site in sites().await {
        let carl = UserId::new("carl");
        let mut ana = Browser::with_session(&site, SESSION);
        ana.open("/admin/people/carl").await;
        ana.fill("/admin/people/carl/delete", &[("named", "ana@example.org")]).await;
        assert!(ana.follow().await.text.contains("Nothing was deleted"));
        assert!(site.store().user(&carl).await.unwrap().is_some());
        ana.fill("/admin/people/carl/delete", &[("named", " carl@example.org ")]).await;
        assert!(ana.follow().await.text.contains("The account is deleted"));
        assert!(site.store().user(&carl).await.unwrap().is_none());
        ana.open("/admin/people/bea").await;
        ana.fill("/admin/people/bea/delete", &[("named", "bea")]).await;
        assert!(site.store().user(&UserId::new("bea")).await.unwrap().is_none());
    }
}

const SUSPEND: &str = "/admin/people/bea/suspend";

#[tokio::test]
async fn somebody_is_shut_out_for_a_reason_and_let_in_again() {
    for site in sites().await {
        let bea = UserId::new("bea");
        let mut ana = Browser::with_session(&site, SESSION);
        ana.open("/admin/people/bea").await;
        for reason in ["", "  ", &"x".repeat(501)] {
            ana.open("/admin/people/bea").await;
            ana.fill(SUSPEND, &[("reason", reason)]).await;
            assert!(ana.follow().await.text.contains("Give a reason"), "{reason:?}");
        }
        assert_eq!(site.store().suspension(&bea).await.unwrap(), None);

        ana.fill(SUSPEND, &[("reason", " She wrote <b>to</b> strangers. ")]).await;
        let page = ana.follow().await.text.clone();
        assert!(page.contains("They are shut out") && !page.contains(SUSPEND), "{page}");
        assert!(page.contains("She wrote &#60;b&#62;to&#60;/b&#62; strangers."), "{page}");
        assert!(page.contains("Suspended since") && page.contains("by Ana Prada"));
        assert!(site.store().sessions(&bea, site.now()).await.unwrap().is_empty());
        let log = site.store().audit_log(1).await.unwrap();
        assert_eq!((log[0].kind, &log[0].user_id), (AuditKind::UserSuspended, &Some(bea.clone())));
        assert_eq!(log[0].actor, Some(UserId::new("ana")));
        assert_eq!(log[0].reason.as_deref(), Some("She wrote <b>to</b> strangers."));
        assert!(ana.open("/admin").await.text.contains("Account suspended"));

        for (query, listed) in [("", true), ("?state=suspended", true), ("?state=welcome", false)] {
            let people = ana.open(&format!("/admin/people{query}")).await;
            assert_eq!(people.text.contains("href=\"/admin/people/bea\""), listed, "{query}");
            let told = people.text.contains("<span class=\"role refused\">Suspended</span>");
            assert_eq!(told, listed, "{query}");
        }

        ana.open("/admin/people/bea").await;
        ana.press("/admin/people/bea/lift", "").await;
        let page = ana.follow().await.text.clone();
        assert!(page.contains("They may sign in again") && page.contains(SUSPEND));
        assert_eq!(site.store().suspension(&bea).await.unwrap(), None);
        let log = site.store().audit_log(1).await.unwrap();
        assert_eq!(log[0].kind, AuditKind::SuspensionLifted);
        ana.send_with_token("/admin/people/bea/lift", &[]).await;
        assert!(ana.follow().await.text.contains("That is not there any more"));
    }
}

#[tokio::test]
async fn nobody_shuts_out_themselves_or_the_last_administrator() {
    let site = site().await;
    let mut ana = Browser::with_session(&site, SESSION);
    ana.open("/admin/people/ana").await;
    ana.fill("/admin/people/ana/suspend", &[("reason", "Enough.")]).await;
    assert!(ana.follow().await.text.contains("You cannot shut yourself out."));
    ana.open("/admin/people/carl").await;
    ana.fill("/admin/people/carl/role", &[("role", "ADMIN")]).await;
    ana.follow().await;
    ana.fill("/admin/people/carl/suspend", &[("reason", "Enough.")]).await;
    assert!(ana.follow().await.text.contains("They are shut out"));
    // Carl counts no more, so Ana is the last one.
    ana.open("/admin/people/ana").await;
    ana.fill("/admin/people/ana/role", &[("role", "CLIENT")]).await;
    assert!(ana.follow().await.text.contains("There is no other administrator"));
    assert_eq!(site.get_as("/admin", SESSION).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_shut_out_is_out_at_once_and_told_so_in_their_language() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    site.set_role("ADMIN").await;
    let mut person = Browser::new(&site).in_spanish();
    person.sign_in(&look_alikes, Face::Google).await;
    let dashboard = person.open("/dashboard").await;
    assert_eq!(dashboard.status, StatusCode::OK);
    let found = site.store().user_by_email("ana-restrepo@gmail.com").await.unwrap().unwrap();
    let path = format!("/admin/people/{}", found.id);

    let mut ana = Browser::with_session(&site, SESSION);
    ana.open(&path).await;
    ana.fill(&format!("{path}/suspend"), &[("reason", "Enough.")]).await;
    assert!(ana.follow().await.text.contains("They are shut out"));
    for page in ["/dashboard", "/api/auth/me/sessions"] {
        assert_ne!(person.open(page).await.status, StatusCode::OK, "{page}");
    }

    person.open("/?callbackUrl=%2Fdashboard").await;
    let told = person.approve(&look_alikes, Face::Google).await;
    assert!(told.text.contains("Esta cuenta está suspendida"), "{}", told.text);
    assert_ne!(person.open("/dashboard").await.status, StatusCode::OK);
    let mut person = Browser::new(&site);
    person.open("/?callbackUrl=%2Fdashboard").await;
    let told = person.approve(&look_alikes, Face::Google).await;
    assert!(told.text.contains("This account is suspended"), "{}", told.text);
    let refused = site.store().audit_log(1).await.unwrap();
    assert_eq!(refused[0].kind, AuditKind::SignInRefused);
    assert_eq!(refused[0].reason.as_deref(), Some("sign_in.suspended"));
    assert_eq!(refused[0].user_id, Some(found.id));

    ana.open(&path).await;
    ana.press(&format!("{path}/lift"), "").await;
    person.sign_in(&look_alikes, Face::Google).await;
    let history = person.open("/dashboard/history").await.text.clone();
    assert!(history.contains("Your account was suspended") && history.contains("Enough."));
    assert!(history.contains("Your account was given back to you"));
}

#[tokio::test]
async fn every_act_asks_for_a_form_of_ours_and_a_fresh_sign_in() {
    let site = site().await;
    let acts = [
        ("role", "role", "ADMIN"),
        ("sign-out", "", ""),
        ("suspend", "reason", "Enough."),
        ("lift", "", ""),
        ("delete", "named", "carl@example.org"),
    ];
    let mut ana = Browser::with_session(&site, SESSION);
    for (act, name, value) in acts {
        let action = format!("/admin/people/carl/{act}");
        ana.forge(&action, &[(name, value), ("csrfToken", "made up")]).await;
        assert!(ana.follow().await.text.contains("open for too long"), "{act}");
    }
    const OLD: &str = "a-session-token-of-ana-an-hour-ago-01234567";
    site.sign_in_ana(OLD, time::Duration::HOUR, "").await;
    let mut ana = Browser::with_session(&site, OLD);
    for (act, name, value) in acts {
        let action = format!("/admin/people/carl/{act}");
        ana.open("/admin/people/carl").await;
        let answer = ana.send_with_token(&action, &[(name, value)]).await;
        let back = "/dashboard/confirm?callbackUrl=%2Fadmin%2Fpeople%2Fcarl";
        assert_eq!(answer.header(LOCATION), back, "{act}");
    }
    let carl = site.store().user(&UserId::new("carl")).await.unwrap().unwrap();
    assert_eq!(carl.role, "GUEST");
    assert_eq!(site.store().suspension(&carl.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_client_does_nothing_to_anybody() {
    let site = site().await;
    site.set_role("CLIENT").await;
    let mut ana = Browser::with_session(&site, SESSION);
    for act in ["role", "sign-out", "suspend", "lift", "delete"] {
        let typed = [("role", "ADMIN"), ("named", "carl@example.org"), ("reason", "Enough.")];
        let answer = ana.forge(&format!("/admin/people/carl/{act}"), &typed).await;
        assert_eq!(answer.header(LOCATION), "/dashboard", "{act}");
    }
    assert!(site.store().user(&UserId::new("carl")).await.unwrap().is_some());
}

#[tokio::test]
async fn refusals_are_counted_and_providers_asked() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    site.set_role("ADMIN").await;
    let mut ana = Browser::with_session(&site, SESSION);
    assert!(ana.open("/admin/refusals").await.text.contains("Nobody was refused."));
    let mut refused =
        AuditEvent::new(site.now(), AuditKind::SignInRefused).about(&UserId::new("ana"));
    refused.network = Some("203.0.113.0".to_owned());
    refused.reason = Some("link.email_not_verified".to_owned());
    site.store().record(&[refused.clone(), refused.clone()]).await.unwrap();
    (refused.user_id, refused.network, refused.reason) = (None, None, None);
    refused.at = site.now() - time::Duration::days(8);
    site.store().record(&[refused]).await.unwrap();
    let page = ana.open("/admin/refusals").await;
    for counted in ["203.0.113.0", "link.email_not_verified", "ana@example.org"] {
        assert!(page.text.contains(&format!("<td>{counted}</td><td>2</td>")), "{counted}");
    }
    assert!(!page.text.contains("not known"), "what was a week ago does not count");

    let mut bea = Browser::new(&site);
    bea.sign_in(&look_alikes, Face::Google).await;
    let row = |page: &str, id: &str| {
        let row = page.split(&format!("data-provider=\"{id}\"")).nth(1).unwrap();
        row.split("</tr>").next().unwrap().to_owned()
    };
    let page = ana.open("/admin/providers").await;
    assert!(row(&page.text, "google").ends_with("<td>answers</td><td>1</td>"), "{}", page.text);
    assert!(row(&page.text, "facebook").ends_with("<td>answers</td><td>0</td>"), "{}", page.text);
    look_alikes.stop().await;
    let page = ana.open("/admin/providers").await;
    let closed = "does not answer</span> <code>provider.unreachable</code></td><td>0</td>";
    assert!(row(&page.text, "facebook").ends_with(closed), "{}", page.text);
}

#[tokio::test]
async fn a_store_that_is_away_is_no_empty_page() {
    let site = site().await;
    site.lose_the_database().await;
    for page in PAGES {
        let answer = site.get_as(page, SESSION).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{page}");
    }
}
