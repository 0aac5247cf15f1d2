//! A connection that stays open: what comes over it piece by piece.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::answer::Answer;
use super::request::Request;

/// Whatever has not come by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection with a request on it.
pub(crate) struct Wire {
    socket: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    pub(crate) async fn open(door: SocketAddr, bytes: &[u8]) -> Self {
        let mut socket = TcpStream::connect(door).await.unwrap();
        socket.write_all(bytes).await.unwrap();
        Self { socket, read: Vec::new() }
    }

    /// Says that nothing more will come, and reads the whole answer.
    pub(crate) async fn hang_up(mut self) -> Answer {
        self.socket.shutdown().await.unwrap();
        let _ = timeout(PATIENCE, self.socket.read_to_end(&mut self.read)).await;
        Answer::parse(&self.read)
    }

    /// Reads on until it has come.
    pub(crate) async fn until(&mut self, wanted: &[u8]) -> Answer {
        while !self.read.windows(wanted.len()).any(|part| part == wanted) {
            let read = timeout(PATIENCE, self.socket.read_buf(&mut self.read)).await;
            let read = read.expect("nothing more came").unwrap();
            assert!(read > 0, "it ended before: {}", String::from_utf8_lossy(&self.read));
        }
        Answer::parse(&self.read)
    }

    /// Waits until the other side has closed the connection, and gives what came last.
    pub(crate) async fn end(mut self) -> Vec<u8> {
        let end = timeout(PATIENCE, self.socket.read_to_end(&mut self.read)).await;
        let _ = end.expect("it was not closed");
        self.read
    }
}

/// The same request for a WebSocket (RFC 6455 §4.1).
pub(crate) fn upgrading(request: Request) -> Request {
    request
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

/// The same as it goes over the wire.
pub(crate) fn upgrading_bytes(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    text.replace("connection: close\r\n", "connection: Upgrade\r\n").into_bytes()
}
