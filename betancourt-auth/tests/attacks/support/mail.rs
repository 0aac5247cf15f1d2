//! Mail: what a world sends, and what a person does with it.

use betancourt_auth::mailer::Mail;
use betancourt_auth::testing::Outbox;
use url::Url;

use super::answer::Answer;
use super::browser::Browser;
use super::request::Request;
use super::world::World;

/// Where a mail is asked for, and where its link leads.
pub(crate) const ASK: &str = "/auth/signin/email";
pub(crate) const OPEN: &str = "/auth/callback/email";

/// What somebody found in their mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) mail: Mail,
    /// Path and query of its link.
    pub(crate) link: String,
    pub(crate) token: String,
    pub(crate) address: String,
    pub(crate) code: String,
}

impl World {
    /// Everything that was sent, once nothing is on its way any more.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        for auth in &self.auths {
            auth.settle().await;
        }
        self.net.lookalikes.mailbox().mails()
    }

    /// The newest mail to an address. What is in it must never show in a log.
    pub(crate) async fn letter(&self, address: &str) -> Letter {
        let mails = self.mails().await;
        let mail = mails.into_iter().rev().find(|mail| mail.to == address);
        let mail = mail.unwrap_or_else(|| panic!("no mail to {address}"));
        let link = Url::parse(Outbox::link(&mail).unwrap()).unwrap();
        assert_eq!(link.origin().ascii_serialization(), self.net.origin);
        let value = |wanted: &str| {
            let (_, value) = link.query_pairs().find(|(name, _)| name == wanted).unwrap();
            value.into_owned()
        };
        let letter = Letter {
            link: format!("{}?{}", link.path(), link.query().unwrap()),
            token: value("token"),
            address: value("email"),
            code: Outbox::code(&mail).unwrap().to_owned(),
            mail,
        };
        self.net.secrets.add(&letter.token);
        self.net.secrets.add(&letter.address);
        letter
    }

    /// What a browser asked for and its person got.
    pub(crate) async fn letter_for(&self, browser: &mut Browser, address: &str) -> Letter {
        browser.ask_for_mail(address).await.assert_sent();
        self.letter(address).await
    }

    /// A browser whose person signed in by mail.
    pub(crate) async fn signed_in_by_mail(&self, address: &str) -> Browser {
        let mut browser = self.browser();
        let letter = self.letter_for(&mut browser, address).await;
        browser.press(&letter).await.assert_welcome();
        browser
    }
}

impl Browser {
    pub(crate) async fn ask_for_mail(&mut self, address: &str) -> Answer {
        self.submit(ASK, &[("email", address), ("callbackUrl", "/dashboard")]).await
    }

    /// Opens a link, and presses the button of its page.
    pub(crate) async fn press(&mut self, letter: &Letter) -> Answer {
        let page = self.get(&letter.link).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(page.body.contains(&letter.address), "the page names the address");
        self.confirm(&letter.address, &letter.token).await
    }

    /// What the button of the page sends.
    pub(crate) async fn confirm(&mut self, address: &str, token: &str) -> Answer {
        let form = [("email", address), ("token", token), ("callbackUrl", "/dashboard")];
        self.submit(OPEN, &form).await
    }

    pub(crate) async fn type_code(&mut self, code: &str) -> Answer {
        self.submit(OPEN, &[("code", code), ("callbackUrl", "/dashboard")]).await
    }

    /// The address that `GET /session` shows.
    pub(crate) async fn address(&mut self) -> Option<String> {
        let answer = self.send(Request::get("/auth/session").by_script()).await;
        answer.json()["user"]["email"].as_str().map(str::to_owned)
    }
}

impl Answer {
    /// A mail is on its way, or that is what everybody is told.
    #[track_caller]
    pub(crate) fn assert_sent(&self) {
        assert_eq!(self.status, 303, "{self:?}");
        let location = self.location();
        assert_eq!(
            (location.path(), location.query()),
            ("/auth/verify-request", Some("provider=email&type=email"))
        );
        assert!(!self.sets_a_session(), "{self:?}");
    }

    /// Another try is asked for.
    #[track_caller]
    pub(crate) fn assert_wrong_code(&self) {
        assert_eq!(self.status, 303, "{self:?}");
        let location = self.location();
        assert_eq!(location.path(), "/auth/verify-request");
        assert!(location.query().unwrap().ends_with("&error=Verification"));
        assert!(!self.sets_a_session(), "{self:?}");
    }
}
