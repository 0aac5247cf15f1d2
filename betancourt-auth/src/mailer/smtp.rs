//! Sends mail by SMTP (RFC 5321), over TLS unless the server is on this machine.

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::{Mail, MailError, Mailer};

/// How long the server may take for one answer, and for a whole mail.
const ONE_ANSWER: Duration = Duration::from_secs(10);
const ONE_MAIL: Duration = Duration::from_secs(60);

/// Sends mail by SMTP.
///
/// `smtps://` is TLS from the first byte; `smtp://` asks for `STARTTLS` (RFC 3207) and goes no further without it, but
/// for a server on this machine. The certificate has to be the server's, signed by one of the web's authorities; nothing
/// switches that off.
///
/// ```
/// use betancourt_auth::mailer::SmtpMailer;
/// let mailer = SmtpMailer::from_url("smtps://user:p%40ss@smtp.example.com:465", "Example <sign-in@example.com>")?;
/// assert_eq!(format!("{mailer:?}"), "SmtpMailer");
/// assert!(SmtpMailer::from_url("https://smtp.example.com", "sign-in@example.com").is_err());
/// # Ok::<(), betancourt_auth::mailer::SmtpSetupError>(())
/// ```
#[derive(Clone)]
pub struct SmtpMailer {
    server: AsyncSmtpTransportBuilder,
    from: Mailbox,
}

/// Why a server cannot be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SmtpSetupError {
    /// The address of the server cannot be used.
    #[error(
        "write the mail server as `smtps://user:password@smtp.example.com:465`, or with `smtp://` and port 587"
    )]
    Url,
    /// The sender is not an address.
    #[error("write the sender as `sign-in@example.com` or `Example <sign-in@example.com>`")]
    From,
    /// A certificate cannot be read, or there is no TLS.
    #[error("the certificate for the mail server cannot be read: it must be PEM")]
    Certificate,
}

impl SmtpMailer {
    /// A mailer for the server at `url`, in the name of `from`.
    ///
    /// # Errors
    /// [`SmtpSetupError`].
    pub fn from_url(url: &str, from: &str) -> Result<Self, SmtpSetupError> {
        Self::connecting(url, from, None)
    }

    /// The same where the server's certificate was signed by an authority of one's own, given as PEM.
    ///
    /// # Errors
    /// [`SmtpSetupError`].
    pub fn from_url_trusting(
        url: &str,
        from: &str,
        authority: &[u8],
    ) -> Result<Self, SmtpSetupError> {
        // A text without any is read as a list of none.
        let has_one = String::from_utf8_lossy(authority).contains("-----BEGIN CERTIFICATE-----");
        let authority = Certificate::from_pem(authority).ok().filter(|_| has_one);
        let authority = authority.ok_or(SmtpSetupError::Certificate)?;
        Self::connecting(url, from, Some(authority))
    }

    fn connecting(
        url: &str,
        from: &str,
        authority: Option<Certificate>,
    ) -> Result<Self, SmtpSetupError> {
        let url = Url::parse(url.trim()).map_err(|_| SmtpSetupError::Url)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpSetupError::Url)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let (port, tls) = match url.scheme() {
            "smtps" => (465, Tls::Wrapper(tls_to(&host, authority)?)),
            "smtp" if is_this_machine(&host) => (25, Tls::None),
            "smtp" => (587, Tls::Required(tls_to(&host, authority)?)),
            _ => return Err(SmtpSetupError::Url),
        };
        // Dangerous is only that it says nothing of TLS by itself.
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(ONE_ANSWER));
        if !url.username().is_empty() {
            let password = url.password().unwrap_or_default();
            server =
                server.credentials(Credentials::new(decoded(url.username())?, decoded(password)?));
        }
        let from = from.trim().parse().map_err(|_| SmtpSetupError::From)?;
        Ok(Self { server, from })
    }

    /// The mail as it is sent: to one person, with both forms of its content.
    fn message(&self, mail: &Mail) -> Result<Message, Failure> {
        let to = mail.to.parse().map_err(|_| Failure::Unwritable)?;
        if mail.subject.contains(char::is_control) {
            return Err(Failure::Unwritable); // a header ends where its line does
        }
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted"); // RFC 3834 §5
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&mail.subject)
            .message_id(None)
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|_| Failure::Unwritable)
    }

    async fn deliver(&self, mail: &Mail) -> Result<(), Failure> {
        // One connection for each: they are few, and none has to be kept alive.
        let connection = self.server.clone().build::<Tokio1Executor>();
        let sent = timeout(ONE_MAIL, connection.send(self.message(mail)?));
        sent.await.map_err(|_| Failure::TimedOut)?.map(drop).map_err(|error| Failure::of(&error))
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.deliver(mail).await.map_err(MailError::because)
    }
}

impl Debug for SmtpMailer {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("SmtpMailer")
    }
}

/// Why a mail was not taken, in words of our own: what servers answer often has the address in it.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the mail server answered {0}")]
    Answered(Code),
    #[error("the mail server took too long")]
    TimedOut,
    #[error("there is no TLS to the mail server, or not with its certificate")]
    Unsafe,
    #[error("the mail server cannot be reached")]
    Unreachable,
    #[error("the mail cannot be written as one to one person")]
    Unwritable,
}

impl Failure {
    fn of(error: &lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => Self::Answered(code),
            None if error.is_timeout() => Self::TimedOut,
            None if error.is_tls() || breaks_tls(error) => Self::Unsafe,
            None => Self::Unreachable,
        }
    }
}

/// Whether a connection came about that rustls did not accept: it says so by an error of the connection.
fn breaks_tls(error: &dyn std::error::Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    let mut causes = causes.filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::InvalidData)
}

/// TLS by rustls, which compares the name in the certificate with the server's.
fn tls_to(host: &str, authority: Option<Certificate>) -> Result<TlsParameters, SmtpSetupError> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(authority) = authority {
        parameters = parameters.add_root_certificate(authority);
    }
    parameters.build_rustls().map_err(|_| SmtpSetupError::Certificate)
}

fn is_this_machine(host: &str) -> bool {
    host.parse().map_or(host == "localhost", |address: IpAddr| address.is_loopback())
}

fn decoded(text: &str) -> Result<String, SmtpSetupError> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| SmtpSetupError::Url)?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer() -> SmtpMailer {
        SmtpMailer::from_url("smtp://127.0.0.1:2525", "Example <sign-in@example.com>").unwrap()
    }

    fn mail(to: &str, subject: &str) -> Mail {
        Mail::new(to, subject, "Hello", "<p>Hello</p>")
    }

    #[test]
    fn one_recipient_and_two_forms() {
        let message = mailer().message(&mail("ana@example.com", "Señas")).unwrap();
        let envelope = message.envelope();
        let recipients: Vec<_> = envelope.to().iter().map(ToString::to_string).collect();
        assert_eq!(recipients, ["ana@example.com"]);
        assert_eq!(envelope.from().unwrap().to_string(), "sign-in@example.com");
        let text = String::from_utf8(message.formatted()).unwrap();
        for part in
            ["multipart/alternative", "text/plain", "text/html", "Auto-Submitted: auto-generated"]
        {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn nothing_but_one_recipient_and_one_line() {
        for (to, subject) in [
            ("ana@example.com, eva@example.com", "Hello"),
            ("Ana <ana@example.com>", "Hello"),
            ("ana@example.com\r\nBcc: eva@example.com", "Hello"),
            ("ana@example.com", "Hello\r\nBcc: eva@example.com"),
            ("", "Hello"),
        ] {
            assert!(mailer().message(&mail(to, subject)).is_err(), "{to} {subject}");
        }
    }

    #[test]
    fn a_server_is_written_one_way() {
        let from = "sign-in@example.com";
        for url in
            ["", "smtp.example.com", "http://smtp.example.com", "smtp://", "smtps://%ff@host"]
        {
            assert_eq!(SmtpMailer::from_url(url, from).unwrap_err(), SmtpSetupError::Url, "{url}");
        }
        for from in ["", "example.com", "a@b@c", "a@b.test, c@d.test"] {
            let refused = SmtpMailer::from_url("smtps://smtp.example.com", from).unwrap_err();
            assert_eq!(refused, SmtpSetupError::From, "{from}");
        }
        let refused = SmtpMailer::from_url_trusting("smtps://smtp.example.com", from, b"no PEM");
        assert_eq!(refused.unwrap_err(), SmtpSetupError::Certificate);
    }

    #[test]
    fn only_this_machine_is_written_to_in_clear() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "::1"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["smtp.example.com", "10.0.0.1", "localhost.example.com", "0.0.0.0"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
