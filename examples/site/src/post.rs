//! Takes a message to the studio by mail.

use std::time::Duration;

use askama::Template;
use betancourt_auth::mailer::Mail;
use tokio::time::timeout;

use crate::messages::{self, Message};
use crate::pages::Receipt;
use crate::site::Site;
use crate::texts::{Contact, Texts};

/// How long a person waits for the mail server, at most. The message is kept by then.
const PATIENCE: Duration = Duration::from_secs(8);

/// The mail, as a page.
#[derive(Debug, Template)]
#[template(path = "mail/message.html")]
struct Letter<'m> {
    message: &'m Message,
    texts: &'static Contact,
}

/// Mails a message that is kept to the studio, and says whether that went well.
pub(crate) async fn forward(site: &Site, id: &str, message: &Message) -> Receipt {
    let Some(way) = site.auth.config().email.first() else { return Receipt::Kept };
    let texts = &Texts::of(message.language).contact;
    let mail = Mail::new(
        &site.contact,
        format!("{} {}", texts.mail_subject, message.name),
        format!(
            "{} <{}>\n\n{}\n\n-- \n{}\n",
            message.name, message.email, message.text, texts.mail_foot
        ),
        Letter { message, texts }.render().unwrap_or_default(),
    );
    match timeout(PATIENCE, way.mailer.send(&mail)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "a message to the studio is kept, and was not mailed");
            return Receipt::Kept;
        }
        Err(_) => {
            tracing::warn!("a message to the studio is kept, and was not mailed in time");
            return Receipt::Kept;
        }
    }
    if let Err(error) = messages::note_mailed(&site.store, site.now(), id).await {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "a message to the studio was mailed, which is not noted");
    }
    if site.mailbox.is_some() { Receipt::Shown } else { Receipt::Mailed }
}
