//! Somebody signs in on a device that they have not used lately, and says that it was not them.

use betancourt_auth_dev::Face;
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};
use time::Duration;

use crate::browser::Browser;
use crate::support::Running;

const ANA: &str = "ana-restrepo@gmail.com";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const NEWER_FIREFOX: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 \
                      Mobile/15E148 Safari/604.1";

/// The path of the link in a mail.
fn link(mail: &str) -> String {
    let at = mail.find("/not-me/").unwrap();
    mail[at..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_device_is_told_of_and_one_that_is_known_is_not() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    let mailbox = look_alikes.mailbox();
    for (device, mails) in [(FIREFOX, 0), (NEWER_FIREFOX, 0), (IPHONE, 1), (IPHONE, 1)] {
        Browser::new(&site).on(device).sign_in(&look_alikes, Face::Google).await;
        site.settle().await;
        assert_eq!(mailbox.mails().len(), mails, "{device}");
    }
    let mail = mailbox.newest_to(ANA).unwrap();
    for told in [
        "A new sign-in to Betancourt Audio · Un nuevo ingreso a Betancourt Audio",
        "Safari on iOS",
        "Safari en iOS",
        "If that was you",
        "Si fuiste tú",
    ] {
        assert!(mail.subject.contains(told) || mail.text.contains(told), "{told}");
        assert!(mail.subject.contains(told) || mail.html.contains(told), "{told}");
    }
    site.pass(Duration::days(91));
    Browser::new(&site).on(FIREFOX).sign_in(&look_alikes, Face::Google).await;
    site.settle().await;
    assert_eq!(mailbox.mails().len(), 1, "nobody knows what she used before that");
}

#[tokio::test]
async fn following_the_link_does_nothing_and_the_button_ends_every_session() {
    let (site, look_alikes) = Running::start_beside_look_alikes().await;
    let mut ana = Browser::new(&site).on(FIREFOX);
    ana.sign_in(&look_alikes, Face::Google).await;
    let mut thief = Browser::new(&site).on(IPHONE);
    thief.sign_in(&look_alikes, Face::Google).await;
    site.settle().await;
    let link = link(&look_alikes.mailbox().newest_to(ANA).unwrap().text);

    let mut reader = Browser::new(&site).in_spanish();
    let page = reader.open(&link).await;
    assert_eq!((page.status, page.header(CACHE_CONTROL)), (StatusCode::OK, "private, no-store"));
    assert!(page.text.contains("¿No fuiste tú?") && page.text.contains("Cerrar todas"));
    reader.forge(&link, &[("csrfToken", "another")]).await;
    assert_eq!(reader.page().header(LOCATION), link);
    for browser in [&mut ana, &mut thief] {
        assert_eq!(browser.open("/dashboard").await.status, StatusCode::OK);
    }
    reader.open(&link).await;
    reader.press(&link, "").await;
    assert!(reader.follow().await.text.contains("Se cerraron todas las sesiones"));
    for browser in [&mut ana, &mut thief] {
        assert_eq!(browser.open("/dashboard").await.status, StatusCode::FOUND);
    }

    let forged = format!("{link}x");
    site.pass(Duration::hours(1));
    ana.sign_in(&look_alikes, Face::Google).await;
    assert!(!reader.open(&forged).await.text.contains("action=\"/not-me/"));
    assert!(reader.open(&link).await.text.contains("action=\"/not-me/"));
    site.pass(Duration::days(14));
    let late = reader.open(&link).await;
    assert!(late.text.contains("demasiado viejo") && !late.text.contains("action=\"/not-me/"));
}
