//! A mail server over TLS: mail goes to the one that the certificate names, and to no other.

use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use betancourt_auth::mailer::{Mail, Mailer as _, SmtpMailer};

use crate::post_office::{PostOffice, SENDER};
use crate::tools;

/// An authority of our own, and a certificate for `localhost`, in a folder that goes with the test.
struct Certificates(PathBuf);

impl Certificates {
    fn make() -> Self {
        let folder = std::env::temp_dir().join(format!("betancourt-mail-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let made = Self(folder);
        fs::write(made.path("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
            .unwrap();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout";
        made.openssl(&format!(
            "req -x509 {key} authority.key -out authority.pem -days 2 -subj /CN=authority"
        ));
        made.openssl(&format!("req {key} server.key -out server.csr -subj /CN=localhost"));
        made.openssl(
            "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
             -extfile names -out server.pem",
        );
        made
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        command.args(arguments.split_whitespace()).current_dir(&self.0);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// RUSTSEC-2026-0141: a certificate of another name counted. Here neither that nor one of a strange authority does.
#[tokio::test(flavor = "multi_thread")]
async fn rustsec_2026_0141_a_certificate_of_another_name_or_authority() {
    let Some(python) = tools::python_with_aiosmtpd() else { return };
    let certificates = Certificates::make();
    let [certificate, key] = ["server.pem", "server.key"].map(|name| certificates.path(name));
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
