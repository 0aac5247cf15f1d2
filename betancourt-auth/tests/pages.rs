//! The built-in pages as a browser gets them: in its language, in the application's colours, and with nothing in them
//! that the address of the request put there.
#![cfg(test)]

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::mailer::{Mail, MailError, Mailer};
use betancourt_auth::provider::{
    Authorize, AuthorizeError, CredentialsProvider, EmailProvider, Field, Registration, Submitted,
    facebook, google,
};
use betancourt_auth::store::MemoryStore;
use betancourt_auth::theme::{Color, ColorScheme};
use betancourt_auth::{Auth, Code, Config, Denial, Language, SetupError, User};
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};

const ORIGIN: &str = "https://app.example.com";
const HOSTILE: &str =
    "%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E";

fn set_up(change: impl FnOnce(&mut Config)) -> Result<Auth, SetupError> {
    let mut config = Config::new(ORIGIN, "a secret of at least 32 characters!!")?;
    config.registrations.push(Registration::new(google(), "client id", "client secret"));
    config.registrations.push(Registration::new(facebook(), "client id", "client secret"));
    change(&mut config);
    Auth::new(config, MemoryStore::default())
}

fn plain() -> Auth {
    set_up(|_| ()).unwrap()
}

async fn get(auth: &Auth, path: &str, language: &str) -> Response<Bytes> {
    let request = Request::get(format!("{ORIGIN}/auth{path}"))
        .header(HOST, "app.example.com")
        .header(ACCEPT, "text/html")
        .header(ACCEPT_LANGUAGE, language);
    auth.handle(request.body(Bytes::new()).unwrap()).await
}

fn html(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn policy(response: &Response<Bytes>) -> String {
    response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_is_in_the_language_of_its_reader() {
    let auth = plain();
    for (path, english, spanish) in [
        ("/signin", "Continue with Google", "Continuar con Google"),
        ("/signout", "Do you want to sign out", "¿Quieres cerrar la sesión"),
        ("/error?error=AccessDenied", "You cannot come in", "No puedes entrar"),
    ] {
        let page = html(&get(&auth, path, "es-CO,es;q=0.9,en;q=0.8").await);
        assert!(page.contains(r#"<html lang="es">"#) && page.contains(spanish), "{path}");
        for language in ["en-GB", "de", "", "\u{e9}"] {
            let page = html(&get(&auth, path, language).await);
            assert!(page.contains(r#"<html lang="en">"#) && page.contains(english), "{path}");
        }
    }
    let auth = set_up(|config| config.language = Some(Language::Spanish)).unwrap();
    assert!(html(&get(&auth, "/signin", "en").await).contains(r#"<html lang="es">"#));
}

#[tokio::test]
async fn whoever_is_turned_away_is_told_in_their_language() {
    let headers = [(ACCEPT, "text/html"), (ACCEPT_LANGUAGE, "es")];
    let headers = headers.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect();
    let denied =
        plain().deny(Denial::Forbidden, &Method::GET, &"/admin".parse().unwrap(), &headers);
    assert_eq!(denied.status(), StatusCode::FORBIDDEN);
    assert!(html(&denied).contains("No puedes entrar aquí"));
}

/// Every public code, and every name by which Auth.js sends people to its sign-in page.
#[tokio::test]
async fn every_code_has_a_sentence_of_its_own_in_every_language() {
    let others = ["SessionRequired", "OAuthSignin", "OAuthCallback", "EmailCreateAccount", "?"];
    let codes = Code::ALL.into_iter().map(Code::as_str).chain(others);
    let auth = plain();
    let mut sentences = BTreeSet::new();
    for (count, code) in codes.enumerate() {
        for language in ["en", "es"] {
            for page in ["/error", "/signin"] {
                let path = format!("{page}?error={code}&ref=K7QW2MXA");
                let html = html(&get(&auth, &path, language).await);
                let notice = html.split(r#"role="alert">"#).nth(1).unwrap();
                let notice = notice.split("</div>").next().unwrap();
                assert!(notice.contains("K7QW2MXA"), "{path} shows the reference");
                sentences.insert(notice.to_owned());
            }
        }
        assert_eq!(sentences.len(), 2 * (count + 1), "{code}");
    }
}

#[tokio::test]
async fn the_status_of_the_error_page_is_that_of_auth_js() {
    let auth = plain();
    for (error, status) in [
        ("Configuration", StatusCode::INTERNAL_SERVER_ERROR),
        ("AccessDenied", StatusCode::FORBIDDEN),
        ("Verification", StatusCode::FORBIDDEN),
        ("Default", StatusCode::OK),
        ("<script>", StatusCode::OK),
    ] {
        let path = format!("/error?error={}", error.replace('<', "%3C").replace('>', "%3E"));
        assert_eq!(get(&auth, &path, "en").await.status(), status, "{error}");
    }
    assert_eq!(get(&auth, "/error", "en").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn nothing_of_an_address_becomes_part_of_a_page() {
    let auth = plain();
    for page in ["/signin", "/signin/google", "/signout", "/error"] {
        for name in ["error", "ref", "callbackUrl", "code", "email", "error_description"] {
            let response = get(&auth, &format!("{page}?{name}={HOSTILE}"), HOSTILE).await;
            let html = html(&response);
            assert!(response.status().is_success() && html.contains("<main>"), "{page} {name}");
            for sign in ["<script", "<img", "\"'>"] {
                assert!(!html.contains(sign), "{page} {name} shows {sign}");
            }
        }
    }
    // The reference twin: what has the right form is shown.
    assert!(html(&get(&auth, "/error?ref=K7QW2MXA", "en").await).contains("Reference K7QW2MXA"));
    assert!(!html(&get(&auth, "/error?ref=K7QW2MX0", "en").await).contains("Reference"));
}

#[tokio::test]
async fn a_page_runs_nothing_and_stands_in_no_frame() {
    let auth = plain();
    for path in ["/signin", "/signout", "/error", "/error?error=Configuration"] {
        let response = get(&auth, path, "en").await;
        let policy = policy(&response);
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.ends_with("; base-uri 'none'; frame-ancestors 'none'"), "{policy}");
        for weakness in ["unsafe", "script-src", "img-src", "*"] {
            assert!(!policy.contains(weakness), "{policy}");
        }
        assert_eq!(response.headers()[X_FRAME_OPTIONS], "DENY");
        assert_eq!(response.headers()[REFERRER_POLICY], "same-origin");
        let html = html(&response);
        for weakness in ["<script", "javascript:", " on", "style=\"", "http-equiv"] {
            let markup: String = html.split('<').filter_map(|tag| tag.split('>').next()).collect();
            assert!(!markup.contains(weakness), "{path} holds {weakness}");
        }
    }
}

/// Sends nothing and admits nobody: a page only asks what it is called.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Mailer for Nobody {
    async fn send(&self, _mail: &Mail) -> Result<(), MailError> {
        Ok(())
    }
}

#[async_trait]
impl Authorize for Nobody {
    async fn authorize(&self, _submitted: &Submitted) -> Result<User, AuthorizeError> {
        Err(AuthorizeError::rejected())
    }
}

/// What the pages of Auth.js post, and where to.
#[tokio::test]
async fn there_is_a_form_for_every_way_to_sign_in() {
    let ask_nothing = CredentialsProvider::new(Arc::new(Nobody));
    let mut ask = ask_nothing.clone().with_fields([
        Field::text("username", "User name"),
        Field::password("password", "Password"),
    ]);
    ask.id = "staff".into();
    let auth = set_up(|config| {
        config.email.push(EmailProvider::new(Arc::new(Nobody)));
        config.credentials.extend([ask_nothing, ask]);
    });
    let auth = auth.unwrap();
    let page = html(&get(&auth, "/signin?callbackUrl=/studio", "en").await);
    let forms: Vec<_> = page.split("<form ").skip(1).collect();
    let posts = |form: &str, path: &str, fields: &[&str]| {
        assert!(
            form.starts_with(&format!(r#"method="post" action="{ORIGIN}/auth{path}""#)),
            "{form}"
        );
        assert!(form.contains(r#"name="callbackUrl" value="https://app.example.com/studio""#));
        for field in ["csrfToken", "callbackUrl"].iter().chain(fields) {
            assert_eq!(form.matches(&format!(r#"name="{field}""#)).count(), 1, "{form}");
        }
    };
    assert_eq!(forms.len(), 4, "credentials without fields are not shown");
    posts(forms[0], "/signin/google", &[]);
    posts(forms[1], "/signin/facebook", &[]);
    posts(forms[2], "/signin/email", &["email"]);
    posts(forms[3], "/callback/staff", &["username", "password"]);
    assert!(forms[2].contains(r#"type="email""#) && forms[2].contains(r#"autocomplete="email""#));
    assert!(forms[3].contains(r#"autocomplete="current-password""#));
    for id in ["email-for-email", "username-for-staff", "password-for-staff"] {
        assert!(page.contains(&format!(r#"<label for="input-{id}-provider">"#)), "{id}");
        assert!(page.contains(&format!(r#" id="input-{id}-provider""#)), "{id}");
    }
    assert!(!page.contains("ana@example.com"));
    let page = html(&get(&auth, "/signin?email=ana@example.com", "en").await);
    assert!(page.contains(r#"value="ana@example.com" required"#));
}

#[tokio::test]
async fn forms_lead_to_the_providers_and_nowhere_else() {
    let response = get(&plain(), "/signin", "en").await;
    let policy = policy(&response);
    let directives: Vec<_> = policy.split("; ").collect();
    assert!(
        directives
            .contains(&"form-action 'self' https://accounts.google.com https://www.facebook.com"),
        "{policy}"
    );
}

#[tokio::test]
async fn an_application_brings_its_name_its_logo_and_its_colours() {
    let auth = set_up(|config| {
        config.theme.name = Some("Betancourt <Audio>".to_owned());
        config.theme.logo = Some("https://cdn.example.net/logo.svg".to_owned());
        config.theme.color_scheme = ColorScheme::Dark;
        config.theme.dark.accent = Color(0xff, 0x99, 0x33);
        config.theme.corner = 0;
    });
    let response = get(&auth.unwrap(), "/signin", "en").await;
    let (html, policy) = (html(&response), policy(&response));
    assert!(html.contains("<title>Sign in · Betancourt &#60;Audio&#62;</title>"));
    assert!(html.contains(
        r#"<img src="https://cdn.example.net/logo.svg" alt="Betancourt &#60;Audio&#62;">"#
    ));
    assert!(html.contains(
        ":root{color-scheme:dark;--auth-corner:0px;--auth-accent:#ff9933;--auth-on-accent:#000000;"
    ));
    assert!(policy.contains("; img-src https://cdn.example.net; "), "{policy}");
}

#[tokio::test]
async fn without_a_name_a_page_says_whose_host_it_is() {
    let html = html(&get(&plain(), "/signin", "en").await);
    assert!(html.contains("<title>Sign in · app.example.com</title>"));
}

#[test]
fn a_logo_is_ours_or_travels_safely() {
    let with = |logo: &str| set_up(|config| config.theme.logo = Some(logo.to_owned()));
    for sound in ["/logo.svg", "logo.png?v=2", "https://cdn.example.net:8443/a/logo.svg"] {
        assert!(with(sound).is_ok(), "{sound}");
    }
    for unsound in [
        "http://cdn.example.net/logo.svg",
        "//cdn.example.net;script-src/logo.svg",
        "https://a;b/logo.svg",
        "https://a,b/logo.svg",
        "https://user:pass@cdn.example.net/logo.svg",
        "data:image/svg+xml,<svg/>",
        "javascript:alert(1)",
        "https://",
    ] {
        let Err(SetupError::Logo(logo)) = with(unsound) else { panic!("{unsound} was taken") };
        assert_eq!(logo, unsound);
    }
}
