//! Asks a server for one page over and over, on connections that stay open.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Failure;

/// Sends `requests` requests with a session cookie, spread over `connections`, and waits for all answers.
///
/// # Errors
/// When the server closes a connection, or an answer is not like the first and a `200`.
pub async fn run(
    server: SocketAddr,
    cookie: &str,
    connections: u32,
    requests: u32,
) -> Result<(), Failure> {
    let request = format!("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        clients.spawn(ask(server, request.clone(), requests / connections));
    }
    while let Some(client) = clients.join_next().await {
        client??;
    }
    Ok(())
}

async fn ask(server: SocketAddr, request: String, times: u32) -> Result<(), Failure> {
    let mut connection = TcpStream::connect(server).await?;
    connection.set_nodelay(true)?;
    let mut answer = vec![0; 4096];
    connection.write_all(request.as_bytes()).await?;
    let length = connection.read(&mut answer).await?;
    answer.truncate(length);
    for _ in 1..times {
        if !answer.starts_with(b"HTTP/1.1 200 ") {
            return Err(String::from_utf8_lossy(&answer).into());
        }
        connection.write_all(request.as_bytes()).await?;
        connection.read_exact(&mut answer).await?; // as long as the first: only the date changes
    }
    Ok(())
}
