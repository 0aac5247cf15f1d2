//! A mailbox that shows what the app would have sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use betancourt_auth::mailer::{Mail, MailError, Mailer};

/// How many mails are kept; the oldest go first.
const MOST: usize = 100;

/// Takes the app's mail and shows it on the look-alikes' page `/mail`. Nothing leaves this computer. Clones are the
/// same mailbox.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use betancourt_auth::mailer::{Mail, Mailer};
/// use betancourt_auth_dev::LookAlikes;
///
/// let lookalikes = LookAlikes::start("http://localhost:3000/api/auth").await?;
/// let mailbox = lookalikes.mailbox();
/// mailbox.send(&Mail::new("ana@example.com", "Hello", "Hello, Ana.", "<p>Hello, Ana.</p>")).await?;
/// assert_eq!(mailbox.newest_to("ana@example.com").unwrap().subject, "Hello");
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Mailbox(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// How many have gone.
    gone: usize,
    mails: Vec<Mail>,
}

impl Mailbox {
    /// What was sent, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.kept().mails.clone()
    }

    /// The newest mail to an address.
    #[must_use]
    pub fn newest_to(&self, address: &str) -> Option<Mail> {
        self.kept().mails.iter().rev().find(|mail| mail.to == address).cloned()
    }

    /// Every mail with its number, newest first.
    pub(crate) fn numbered(&self) -> Vec<(usize, Mail)> {
        let kept = self.kept();
        let numbers = kept.gone + 1..;
        let mut mails: Vec<_> = numbers.zip(kept.mails.iter().cloned()).collect();
        mails.reverse();
        mails
    }

    /// The mail of that number.
    pub(crate) fn mail(&self, number: usize) -> Option<Mail> {
        let kept = self.kept();
        kept.mails.get(number.checked_sub(kept.gone + 1)?).cloned()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let mut kept = self.kept();
        if kept.mails.len() == MOST {
            kept.mails.remove(0);
            kept.gone += 1;
        }
        kept.mails.push(mail.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_number_stays_with_its_mail() {
        let mailbox = Mailbox::default();
        for number in 1..=MOST + 2 {
            let mail = Mail::new("ana@example.com", number.to_string(), "", "");
            mailbox.send(&mail).await.unwrap();
        }
        assert_eq!(mailbox.mail(2), None);
        assert_eq!(mailbox.mail(3).unwrap().subject, "3");
        assert_eq!(mailbox.mail(MOST + 2).unwrap().subject, (MOST + 2).to_string());
        assert_eq!(mailbox.mail(MOST + 3), None);
        assert_eq!(mailbox.numbered().first().unwrap().0, MOST + 2);
        assert_eq!(mailbox.mails().len(), MOST);
    }
}
