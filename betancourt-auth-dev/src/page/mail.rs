//! The mailbox: a list of what the app sent, and each mail as its reader sees it.

use askama::Template;
use betancourt_auth::mailer::Mail;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use http::{Method, StatusCode};

use crate::answer::{Answer, Body};
use crate::mailbox::Mailbox;

use super::{STYLE, answer};

/// What a mail may do: look as it was written, and lead somewhere when its reader presses a link.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
                      frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

#[derive(Template)]
#[template(path = "mailbox.html")]
struct List {
    style: &'static str,
    mails: Vec<(usize, Mail)>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Letter {
    style: &'static str,
    number: usize,
    mail: Mail,
    /// The text, cut into what leads somewhere and what does not.
    words: Vec<(String, bool)>,
}

/// `GET /mail`, `/mail/<number>` and `/mail/<number>/html`. `None`: it is none of these.
pub(crate) fn mail(mailbox: &Mailbox, method: &Method, path: &str) -> Option<Answer> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let found = |number: &str| {
        let number = number.parse().ok()?;
        Some((number, mailbox.mail(number)?))
    };
    let shown = match (parts.next()?, parts.next(), parts.next(), parts.next()) {
        ("mail", None, None, None) => list(mailbox),
        ("mail", Some(number), None, None) => letter(found(number)?),
        ("mail", Some(number), Some("html"), None) => html(&found(number)?.1),
        _ => return None,
    };
    let refused = || Answer::text(StatusCode::METHOD_NOT_ALLOWED, "Mail can be read only.\n");
    Some(if *method == Method::GET { shown } else { refused() })
}

fn list(mailbox: &Mailbox) -> Answer {
    answer(StatusCode::OK, &List { style: STYLE, mails: mailbox.numbered() })
}

fn letter((number, mail): (usize, Mail)) -> Answer {
    let is_link = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    let words = mail.text.split_inclusive(char::is_whitespace);
    let words = words.map(|word| (word.to_owned(), is_link(word))).collect();
    answer(StatusCode::OK, &Letter { style: STYLE, number, mail, words })
}

/// The part in HTML, alone: its frame holds it to its own policy. Links leave the frame.
fn html(mail: &Mail) -> Answer {
    let html = mail.html.replacen("<head>", "<head><base target=\"_top\">", 1);
    Answer::new(StatusCode::OK, Body::Text(html))
        .with(CONTENT_SECURITY_POLICY, POLICY)
        .with(CONTENT_TYPE, "text/html; charset=utf-8")
        .with(REFERRER_POLICY, "no-referrer")
        .private()
}
