//! A host of the attacker's that nobody of ours may ever ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// It listens, counts who connects, and answers everybody with the same document, so that whoever asks gets what they
/// hoped for.
#[derive(Debug)]
pub(crate) struct CanaryHost {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl CanaryHost {
    pub(crate) async fn serving(document: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::<AtomicUsize>::default();
        let body = document.to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let counted = Arc::clone(&connections);
        let serving = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                // Whoever hangs up early has been counted.
                let _ = socket.read(&mut [0; 1024]).await;
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, connections, serving }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Nobody came. That it would have been noticed, a visit of our own shows.
    pub(crate) async fn assert_unvisited(&self) {
        assert_eq!(
            self.connections.load(Ordering::SeqCst),
            0,
            "somebody asked the attacker's host"
        );
        let mut socket = tokio::net::TcpStream::connect(self.address).await.unwrap();
        socket.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        socket.read_to_end(&mut Vec::new()).await.unwrap();
        assert_eq!(self.connections.swap(0, Ordering::SeqCst), 1);
    }
}

impl Drop for CanaryHost {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
