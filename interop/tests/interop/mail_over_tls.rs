//! A mail server over TLS: mail goes to the one that the certificate names, and to no other.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use betancourt_auth::mailer::{Mail, Mailer as _, SmtpMailer};

use crate::certificates::Certificates;
use crate::post_office::{PostOffice, SENDER};
use crate::tools;

/// RUSTSEC-2026-0141: a certificate of another name counted. Here neither that nor one of a strange authority does.
#[tokio::test(flavor = "multi_thread")]
async fn rustsec_2026_0141_a_certificate_of_another_name_or_authority() {
    let Some(python) = tools::python_with_aiosmtpd() else { return };
    let Some(certificates) = Certificates::make() else { return };
    let [certificate, key] = [certificates.path("server.pem"), certificates.path("server.key")];
    let files: [&Path; 2] = [&certificate, &key];
    let mut office = PostOffice::open_with(python, &files);
    let authority = fs::read(certificates.path("authority.pem")).unwrap();
    let url = |host: &str| format!("smtps://{host}:{}", office.port());
    let mail = Mail::new("ana@example.com", "Hello", "Hello, Ana.", "<p>Hello, Ana.</p>");

    let another_name =
        SmtpMailer::from_url_trusting(&url("127.0.0.1"), SENDER, &authority).unwrap();
    let another_authority = SmtpMailer::from_url(&url("localhost"), SENDER).unwrap();
    for mailer in [another_name, another_authority] {
        let error = mailer.send(&mail).await.unwrap_err();
        let reason = error.source().unwrap().to_string();
        assert_eq!(reason, "there is no TLS to the mail server, or not with its certificate");
    }

    let ours = SmtpMailer::from_url_trusting(&url("localhost"), SENDER, &authority).unwrap();
    ours.send(&mail).await.unwrap();
    assert_eq!(office.next()["envelope"]["to"][0], "ana@example.com");
}
