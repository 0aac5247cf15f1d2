//! Asks a server for one page over and over, on connections that stay open.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Failure;

/// What is asked for, and with which cookies, in turn.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its path.
    pub path: &'static str,
    /// The cookies of people who are signed in: at least one.
    pub cookies: Arc<[String]>,
}

impl Page {
    fn request(&self, number: usize) -> String {
        let cookie = self.cookies.get(number % self.cookies.len().max(1));
        let cookie = cookie.map_or("", String::as_str);
        format!("GET {} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n", self.path)
    }
}

/// How long the answers of a run took.
#[derive(Clone, Debug)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// The time within which so many of a hundred answers came.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(place).copied().unwrap_or_default()
    }
}

/// Sends `requests` requests, spread over `connections`, and waits for all answers.
///
/// # Errors
/// When the server closes a connection, or an answer is not as long as the first of its connection and a `200`.
pub async fn run(
    server: SocketAddr,
    page: &Page,
    connections: usize,
    requests: usize,
) -> Result<Latencies, Failure> {
    let mut clients = JoinSet::new();
    let each = requests / connections;
    for number in 0..connections {
        // One after the other, so that no two ask with the same cookie at the same moment.
        let numbers = (number..each * connections).step_by(connections);
        clients.spawn(ask(server, page.clone(), numbers));
    }
    let mut all = Vec::with_capacity(requests);
    while let Some(client) = clients.join_next().await {
        all.extend(client??);
    }
    all.sort_unstable();
    Ok(Latencies(all))
}

async fn ask(
    server: SocketAddr,
    page: Page,
    numbers: impl ExactSizeIterator<Item = usize>,
) -> Result<Vec<Duration>, Failure> {
    let mut connection = TcpStream::connect(server).await?;
    connection.set_nodelay(true)?;
    let mut answer = Vec::new();
    let mut latencies = Vec::with_capacity(numbers.len());
    for number in numbers {
        let began = Instant::now();
        connection.write_all(page.request(number).as_bytes()).await?;
        if latencies.is_empty() {
            answer = first_answer(&mut connection).await?;
        } else {
            connection.read_exact(&mut answer).await?; // as long as the first: names are, too
        }
        latencies.push(began.elapsed());
        if !answer.starts_with(b"HTTP/1.1 200 ") {
            return Err(String::from_utf8_lossy(&answer).into());
        }
    }
    Ok(latencies)
}

/// Reads until the answer is as long as it says.
async fn first_answer(connection: &mut TcpStream) -> Result<Vec<u8>, Failure> {
    let mut answer = Vec::new();
    while length(&answer) != Some(answer.len()) {
        if connection.read_buf(&mut answer).await? == 0 {
            return Err("a server closes the connection".into());
        }
    }
    Ok(answer)
}

/// How long an answer is, its head and its body, once its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, _) = text.split_once("\r\n\r\n")?;
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        value.trim().parse::<usize>().ok().filter(|_| is_length)
    };
    Some(head.len() + 4 + head.lines().find_map(named).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_how_long_it_is() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(length(head.as_bytes()), Some(head.len() + 2));
        assert_eq!(length(b"HTTP/1.1 200 OK\r\nContent-Le"), None);
        assert_eq!(length(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(27));
    }
}
