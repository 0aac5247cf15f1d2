//! The built-in pages and the mail to sign in with. An application may bring its own.

mod confirm_sign_in;
mod deletion;
mod initiate;
mod mail;
mod notice;
mod problem;
mod sign_in;
mod sign_out;
mod signed_out;
mod texts;
mod verify_request;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_FRAME_OPTIONS,
};
use http::{Response, StatusCode};
use ring::digest;
use url::{Position, Url};

use crate::config::Setup;
use crate::language::Language;
use crate::theme::Theme;

use texts::Texts;

pub(crate) use confirm_sign_in::ConfirmSignIn;
pub(crate) use deletion::Deletion;
pub(crate) use initiate::Initiate;
pub(crate) use mail::SignInMail;
pub(crate) use notice::Notice;
pub(crate) use problem::{Problem, REFERENCE_LENGTH, REFERENCE_LETTERS, is_reference};
pub(crate) use sign_in::{SignIn, Ways};
pub(crate) use sign_out::SignOut;
pub(crate) use signed_out::SignedOut;
pub(crate) use verify_request::{CodeForm, VerifyRequest};

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const STYLE: &str = include_str!("../../templates/style.css");

/// What all pages for one person have in common: their language, and the application's name and looks.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    language: Language,
    texts: &'static Texts,
    theme: &'a Theme,
    /// The application's host, so that people see where they are.
    host: &'a str,
    name: &'a str,
    logo: Option<Url>,
    style: String,
    /// Where the application begins.
    home: &'a str,
    /// Where people sign in.
    sign_in_page: String,
}

impl<'a> Frame<'a> {
    /// The frame for somebody who would like to read in this language.
    pub(crate) fn new(setup: &'a Setup, wished: Language) -> Self {
        let (config, theme) = (&setup.config, &setup.config.theme);
        let language = config.language.unwrap_or(wished);
        let host = &config.url[Position::BeforeHost..Position::BeforePath];
        Self {
            language,
            texts: Texts::of(language),
            theme,
            host,
            name: theme.name.as_deref().unwrap_or(host),
            logo: theme.logo.as_ref().and_then(|logo| config.url.join(logo).ok()),
            style: format!("{STYLE}{}", theme.variables()),
            home: config.url.as_str(),
            sign_in_page: setup.sign_in_page(),
        }
    }

    /// Renders a template. A template over texts cannot fail, and if it did, an empty page would be honest.
    pub(crate) fn page(&self, status: StatusCode, template: &impl Template) -> Page {
        let style_hash = STANDARD.encode(digest::digest(&digest::SHA256, self.style.as_bytes()));
        Page {
            status,
            html: template.render().unwrap_or_default(),
            style_hash,
            logo_origin: self.logo.as_ref().map(|logo| logo.origin().ascii_serialization()),
            form_action: "'self'".to_owned(),
            framed_by: None,
        }
    }
}

/// A page, made and ready to be sent.
#[derive(Debug)]
pub(crate) struct Page {
    status: StatusCode,
    html: String,
    style_hash: String,
    logo_origin: Option<String>,
    form_action: String,
    framed_by: Option<String>,
}

impl Page {
    /// A page with nothing on it.
    pub(crate) fn empty() -> Self {
        Self {
            status: StatusCode::OK,
            html: "<!doctype html>\n<title></title>\n".to_owned(),
            style_hash: STANDARD.encode(digest::digest(&digest::SHA256, b"")),
            logo_origin: None,
            form_action: "'none'".to_owned(),
            framed_by: None,
        }
    }

    /// Lets pages of this origin show it in a frame.
    pub(crate) fn framed_by(self, origin: Option<String>) -> Self {
        Self { framed_by: origin, ..self }
    }

    /// Lets forms lead to these origins: browsers hold a redirect after a form's post to the same rule.
    pub(crate) fn leading_to(mut self, origins: &[String]) -> Self {
        for origin in origins {
            self.form_action.push(' ');
            self.form_action.push_str(origin);
        }
        self
    }

    pub(crate) fn into_response(self) -> Response<Bytes> {
        let policy = self.policy();
        let mut response = Response::new(self.html.into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        // `no-referrer` would make browsers send `Origin: null` with the page's own forms.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        // It knows nobody but ourselves, and browsers that read the policy pass it over.
        if self.framed_by.is_none() {
            headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        }
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// What the page may do: look as we wrote it, show the logo, and send its forms. No script at all.
    fn policy(&self) -> String {
        let Self { style_hash, form_action, .. } = self;
        let framed_by = self.framed_by.as_deref().unwrap_or("'none'");
        let images =
            self.logo_origin.as_ref().map_or_else(String::new, |from| format!("; img-src {from}"));
        format!(
            "default-src 'none'; style-src 'sha256-{style_hash}'{images}; form-action {form_action}; \
             base-uri 'none'; frame-ancestors {framed_by}"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::{fs, iter};

    use time::OffsetDateTime;

    use super::sign_in::{CredentialsForm, EmailForm, ProviderButton};
    use super::*;
    use crate::config::Config;
    use crate::error::Code;
    use crate::event::DeletionRequest;
    use crate::model::UserId;
    use crate::provider::Field;
    use crate::store::MemoryStore;

    const HOSTILE: &str = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}&lt;"#;
    const ANA: &str = "ana.maria@example.com";

    fn setup(change: impl FnOnce(&mut Config)) -> Setup {
        let secret = "a secret of at least 32 characters!!";
        let mut config = Config::new("https://app.example.com", secret).unwrap();
        change(&mut config);
        Setup::check(config, Arc::new(MemoryStore::default())).unwrap()
    }

    /// Every page, with `text` wherever a text comes from outside.
    fn pages(setup: &Setup, language: Language, text: &str) -> Vec<(String, Page)> {
        let frame = Frame::new(setup, language);
        let url = |path: &str| setup.action_url(path);
        let provider = |id, name| ProviderButton { id, name, action: url("/signin/google") };
        let fields =
            [Field::text("username", text.to_owned()), Field::password("password", "Password")];
        let ways = || Ways {
            providers: vec![
                provider("google", "Google"),
                provider("facebook", "Facebook"),
                provider("apple", text),
                provider("microsoft-entra-id", "Microsoft Entra ID"),
            ],
            emails: vec![EmailForm { id: "email", action: url("/signin/email") }],
            credentials: vec![CredentialsForm {
                id: "credentials",
                name: text,
                action: url("/callback/credentials"),
                fields: &fields,
            }],
        };
        let sign_in = |notice: Option<Notice>| SignIn {
            frame: &frame,
            notice,
            reference: notice.map(|_| "K7QW2MXA"),
            ways: ways(),
            address: notice.map(|_| text),
            csrf_token: text,
            callback_url: text,
        };
        let action = &url("/callback/email");
        let code = |was_refused| {
            Some(CodeForm { action, csrf_token: text, callback_url: text, was_refused })
        };
        let waiting = |code| VerifyRequest { frame: &frame, address: Some(text), code };
        let confirm = ConfirmSignIn {
            frame: &frame,
            action,
            csrf_token: text,
            callback_url: text,
            address: text,
            token: text,
        };
        let sign_out = SignOut { frame: &frame, action, csrf_token: text, callback_url: text };
        let ok = StatusCode::OK;
        let mut pages = vec![
            ("sign-in", frame.page(ok, &sign_in(None))),
            ("sign-in-refused", frame.page(ok, &sign_in(Some(Notice::NotCompleted)))),
            ("sign-out", frame.page(ok, &sign_out)),
            ("verify-request", frame.page(ok, &waiting(code(false)))),
            ("verify-request-refused", frame.page(ok, &waiting(code(true)))),
            ("verify-request-elsewhere", frame.page(ok, &waiting(None))),
            ("confirm", frame.page(ok, &confirm)),
        ];
        pages.extend(around_the_provider(&frame, action, text));
        pages.extend(deletions(&frame, text));
        for code in [Code::AccessDenied, Code::OAuthCallbackError] {
            let problem = Problem::new(&frame, Notice::Code(code), Some("K7QW2MXA"));
            pages.push((code.as_str(), frame.page(ok, &problem)));
        }
        pages.into_iter().map(|(name, page)| (name.to_owned(), page)).collect()
    }

    /// The pages before and after somebody was at a provider that begins a sign-in, or ends one.
    fn around_the_provider(
        frame: &Frame<'_>,
        action: &str,
        text: &str,
    ) -> [(&'static str, Page); 2] {
        let (provider, csrf_token, callback_url) = (text, text, text);
        let initiate = Initiate { frame, provider, action, csrf_token, callback_url };
        let ok = StatusCode::OK;
        [
            ("initiate", frame.page(ok, &initiate)),
            ("signed-out", frame.page(ok, &SignedOut { frame })),
        ]
    }

    /// The page about a request to delete, in every state.
    fn deletions(frame: &Frame<'_>, code: &str) -> [(&'static str, Page); 3] {
        let done = DeletionRequest::new(code, "facebook", OffsetDateTime::UNIX_EPOCH);
        let open = DeletionRequest { user_id: Some(UserId::new("1")), ..done.clone() };
        let page = |request| frame.page(StatusCode::OK, &Deletion::new(frame, request));
        [
            ("deletion", page(Some(&open))),
            ("deletion-done", page(Some(&done))),
            ("deletion-unknown", page(None)),
        ]
    }

    fn mail<'a>(frame: &'a Frame<'a>, text: &'a str) -> SignInMail<'a> {
        SignInMail { frame, url: text, code: Some("48291736"), minutes: 10 }
    }

    #[test]
    fn hostile_texts_stay_texts() {
        let setup = setup(|config| config.theme.name = Some(HOSTILE.to_owned()));
        for language in Language::ALL {
            let frame = Frame::new(&setup, language);
            let mail = mail(&frame, HOSTILE).html();
            let pages = pages(&setup, language, HOSTILE);
            let pages = pages.into_iter().map(|(name, page)| (name, page.html));
            for (name, html) in pages.chain(iter::once(("mail".to_owned(), mail))) {
                assert!(html.contains("&#60;script&#62;"), "{name} shows the text");
                for sign in ["<script", "<img", "onerror=alert(1)>", "\"'"] {
                    assert!(!html.contains(sign), "{name} holds {sign}");
                }
            }
        }
    }

    /// The hash in the policy is that of the sheet as it stands in the page: nothing in it was escaped.
    #[test]
    fn the_policy_names_the_style_of_the_page() {
        let setup = setup(|_| ());
        for (name, page) in pages(&setup, Language::English, ANA) {
            let sheet =
                page.html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
            let hash = STANDARD.encode(digest::digest(&digest::SHA256, sheet.as_bytes()));
            assert!(page.policy().contains(&format!("style-src 'sha256-{hash}';")), "{name}");
            assert!(!page.html.contains("style="), "{name} has a style that the policy refuses");
        }
    }

    #[test]
    fn only_a_logo_lets_images_in() {
        let policy = |logo: Option<&str>| {
            let setup = setup(|config| config.theme.logo = logo.map(str::to_owned));
            let (_, page) = pages(&setup, Language::English, ANA).remove(0);
            (page.policy(), page.html)
        };
        assert!(!policy(None).0.contains("img-src"));
        let (ours, html) = policy(Some("/logo.svg"));
        assert!(ours.contains("; img-src https://app.example.com;"), "{ours}");
        assert!(html.contains(r#"src="https://app.example.com/logo.svg""#));
        let (elsewhere, _) = policy(Some("https://cdn.example.net/logo.svg"));
        assert!(elsewhere.contains("; img-src https://cdn.example.net;"), "{elsewhere}");
    }

    #[test]
    fn the_application_has_the_last_word_on_the_language() {
        let html = |language: Option<Language>, wished| {
            let setup = setup(|config| config.language = language);
            pages(&setup, wished, ANA).remove(0).1.html
        };
        assert!(html(None, Language::Spanish).contains(r#"<html lang="es">"#));
        assert!(html(None, Language::English).contains(r#"<html lang="en">"#));
        let fixed = html(Some(Language::Spanish), Language::English);
        assert!(fixed.contains(r#"<html lang="es">"#) && fixed.contains("Continuar con Google"));
    }

    #[test]
    fn both_parts_of_the_mail_say_the_same() {
        let setup = setup(|_| ());
        let link = "https://app.example.com/auth/callback/email?callbackUrl=%2F&token=a1&email=ana";
        for language in Language::ALL {
            let frame = Frame::new(&setup, language);
            let mail = mail(&frame, link);
            let (html, text) = (mail.html(), mail.text());
            assert!(mail.subject().ends_with(" app.example.com"));
            assert!(text.contains(&format!("\n{link}\n")) && text.contains("48291736"));
            assert!(html.contains(&link.replace('&', "&#38;")) && html.contains("48291736"));
            for part in [&html, &text] {
                assert!(part.contains("10 min") && part.contains(frame.texts.mail.not_you));
                assert_eq!(part.matches("http").count(), 1, "one address");
            }
            let without = SignInMail { code: None, ..mail };
            assert!(!without.text().contains(frame.texts.mail.code));
            assert!(!without.html().contains(frame.texts.mail.code));
        }
    }

    #[test]
    fn no_template_prints_anything_as_it_is() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for template in fs::read_dir(folder).unwrap() {
            let template = template.unwrap().path();
            let source = fs::read_to_string(&template).unwrap();
            assert!(!source.contains("safe"), "{}", template.display());
        }
    }

    #[test]
    #[ignore = "writes every page and the mail into target/pages, for whoever wants to look at them"]
    fn pages_to_look_at() {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pages");
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or(target, |folder| Path::new(&folder).join("pages"));
        fs::create_dir_all(&target).unwrap();
        let setup = setup(|config| config.theme.name = Some("Betancourt Audio".to_owned()));
        for language in Language::ALL {
            let frame = Frame::new(&setup, language);
            let mail = mail(&frame, "https://app.example.com/auth/callback/email?token=a1");
            let tag = language.tag();
            fs::write(target.join(format!("mail.{tag}.html")), mail.html()).unwrap();
            fs::write(target.join(format!("mail.{tag}.txt")), mail.text()).unwrap();
            for (name, page) in pages(&setup, language, ANA) {
                fs::write(target.join(format!("{name}.{tag}.html")), page.html).unwrap();
            }
        }
    }
}
