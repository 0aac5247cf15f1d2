//! Somebody with an address of their own, who hears of everything that goes wrong on the way.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use url::form_urlencoded::Serializer;

/// One browser at one address, which names the same host at whatever door it knocks.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    address: Ipv4Addr,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// What a door answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Customer {
    /// Nobody knows them yet.
    pub(crate) fn new(address: Ipv4Addr, host: &str) -> Self {
        Self { address, host: host.to_owned(), cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, door: SocketAddr, target: &str) -> io::Result<Answer> {
        self.send(door, &format!("GET {target}"), "").await
    }

    pub(crate) async fn post(
        &mut self,
        door: SocketAddr,
        target: &str,
        fields: &[(&str, &str)],
    ) -> io::Result<Answer> {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let rest = format!("{kind}Content-Length: {}\r\n\r\n{form}", form.len());
        self.send(door, &format!("POST {target}"), &rest).await
    }

    /// Sends a request on a connection of its own. HTTP/1.0, so that an answer comes in one piece, and whole is what has
    /// the length it says.
    async fn send(&mut self, door: SocketAddr, what: &str, rest: &str) -> io::Result<Answer> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{what} HTTP/1.0\r\nHost: {}\r\nAccept: text/html\r\nCookie: {}\r\n{}",
            self.host,
            cookies.join("; "),
            if rest.is_empty() { "\r\n" } else { rest },
        );
        let socket = TcpSocket::new_v4()?;
        socket.bind((self.address, 0).into())?;
        let mut connection = socket.connect(door).await?;
        connection.write_all(request.as_bytes()).await?;
        let mut raw = String::new();
        connection.read_to_string(&mut raw).await?;
        let answer = Answer::parse(&raw).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.keep(&answer);
        Ok(answer)
    }

    fn keep(&mut self, answer: &Answer) {
        for (pair, attributes) in answer.cookies() {
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    /// `None`: it broke off.
    fn parse(raw: &str) -> Option<Self> {
        let (head, body) = raw.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let header = |line: &str| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers = lines.map(header).collect::<Option<_>>()?;
        let answer = Self { status, headers, body: body.to_owned() };
        let length = answer.header("content-length");
        (length.is_empty() || length == body.len().to_string()).then_some(answer)
    }

    /// The value of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether somebody is signed in by it.
    pub(crate) fn signs_in(&self) -> bool {
        let is_session = |pair: &str| pair.starts_with("authjs.session-token=");
        self.cookies()
            .any(|(pair, attributes)| is_session(pair) && !attributes.contains("Max-Age=0"))
    }

    fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.filter_map(|(_, value)| value.split_once(';'))
    }
}
