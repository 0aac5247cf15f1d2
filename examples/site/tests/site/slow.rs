//! RATE-08: clients that take their time, many of them, and floods of frames, at the binary as it is typed.
#![cfg(target_os = "linux")] // a machine with more than one address of its own is needed

use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::binary::{Folder, free_port, wait_for};

/// The deadlines of these tests. Those of the binary, ten and thirty seconds, are held by a test of its settings.
const HEADER: Duration = Duration::from_millis(300);
const BODY: Duration = Duration::from_millis(600);
/// Whoever has not been cut off by then never will be.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many connections one network may have here.
const OF_ONE_NETWORK: usize = 5;

/// The binary in a process of its own.
struct Site {
    process: Child,
    address: SocketAddr,
    _folder: Folder,
}

impl Site {
    fn start(name: &str) -> Self {
        let (folder, port) = (Folder::new(name), free_port());
        let (header, body) = (HEADER.as_millis().to_string(), BODY.as_millis().to_string());
        let variables = [
            ("PORT", port.as_str()),
            ("HEADER_TIMEOUT_MS", &header),
            ("BODY_TIMEOUT_MS", &body),
            ("CONNECTIONS_OF_ONE_NETWORK", "5"),
        ];
        let mut site = folder.site(&[], &variables);
        let mut process = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        wait_for(&mut process, 3);
        let address = SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
        Self { process, address, _folder: folder }
    }

    /// A connection from an address of this machine.
    async fn connect(&self, from: [u8; 4]) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// What a page is answered, on a connection of its own.
    async fn get(&self, path: &str, more: &str) -> String {
        let mut stream = self.connect([127, 0, 0, 1]).await;
        let host = format!("Host: localhost:{}\r\nConnection: close", self.address.port());
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\n{host}\r\n{more}\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The slowest but one of a hundred honest requests.
    async fn p99(&self) -> Duration {
        let mut times = Vec::new();
        for _ in 0..100 {
            let began = Instant::now();
            assert!(self.get("/healthz", "").await.ends_with("alive\n"));
            times.push(began.elapsed());
        }
        times.sort_unstable();
        times[98]
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes the beginning, and then a letter now and then, until the other side has had enough. How long that took, and what
/// it said.
async fn drip(mut stream: TcpStream, beginning: &str) -> (Duration, String) {
    let began = Instant::now();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    loop {
        assert!(began.elapsed() < PATIENCE, "it was never cut off");
        match timeout(Duration::from_millis(20), stream.read_buf(&mut said)).await {
            Err(_) => {
                let _ = stream.write_all(b"x").await; // it may be closed by now
            }
            Ok(Ok(0) | Err(_)) => {
                return (began.elapsed(), String::from_utf8_lossy(&said).into_owned());
            }
            Ok(Ok(_)) => {}
        }
    }
}

#[tokio::test]
async fn rate_08_a_request_that_takes_its_time_is_cut_off() {
    let site = Site::start("slow");
    let (took, said) =
        drip(site.connect([127, 0, 0, 1]).await, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert!(took >= HEADER && said.is_empty(), "{took:?}: {said}");
    let (took, _) = drip(site.connect([127, 0, 0, 1]).await, "").await;
    assert!(took >= HEADER, "{took:?}");
    let host = format!("Host: localhost:{}", site.address.port());
    for path in ["/api/auth/signin/google", "/contact", "/preferences"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\n{host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\na="
        );
        let (took, said) = drip(site.connect([127, 0, 0, 1]).await, &head).await;
        assert!(took >= BODY, "{path}: {took:?}");
        assert!(said.starts_with("HTTP/1.1 4"), "{path}: {said}");
    }
    // Whoever is honest has all the time that it takes.
    assert!(site.get("/", "").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn rate_08_many_slow_connections_keep_nobody_else_waiting() {
    let site = Site::start("many");
    let alone = site.p99().await;
    let mut slow = Vec::new();
    for host in 2..32 {
        for _ in 0..OF_ONE_NETWORK {
            let stream = site.connect([127, 0, 0, host]).await;
            slow.push(tokio::spawn(drip(stream, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")));
        }
    }
    let beside = site.p99().await;
    assert!(
        beside <= 2 * alone || beside < Duration::from_millis(100),
        "{beside:?}, and {alone:?} alone"
    );
    for one in slow {
        let (_, said) = one.await.unwrap();
        assert_eq!(said, "", "each of them is cut off");
    }
    // One network has so many connections, and its next one is closed at once.
    let mut idle = Vec::new();
    for _ in 0..OF_ONE_NETWORK {
        idle.push(site.connect([127, 0, 0, 2]).await);
    }
    let mut one_more = site.connect([127, 0, 0, 2]).await;
    let began = Instant::now();
    let read = timeout(PATIENCE, one_more.read(&mut [0; 1])).await.unwrap();
    assert!(
        read.map_or(true, |read| read == 0) && began.elapsed() < HEADER,
        "{:?}",
        began.elapsed()
    );
    assert!(site.get("/healthz", "").await.ends_with("alive\n"), "others go on");
    drop(idle);
}

/// The preface of HTTP/2 (RFC 9113 §3.4), and an empty `SETTINGS`.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

#[tokio::test]
async fn rate_08_floods_of_frames_are_no_requests() {
    let site = Site::start("frames");
    let reset =
        |stream: u32| [b"\0\0\x04\x03\0".as_slice(), &stream.to_be_bytes(), b"\0\0\0\x08"].concat();
    let empty = |stream: u32| [b"\0\0\0\0\0".as_slice(), &stream.to_be_bytes()].concat();
    let floods: [Vec<u8>; 2] = [
        (0..10_000).flat_map(|number| reset(2 * number + 1)).collect(),
        (0..10_000).flat_map(|number| empty(2 * number + 1)).collect(),
    ];
    for flood in floods {
        let mut stream = site.connect([127, 0, 0, 1]).await;
        let mut said = Vec::new();
        stream.write_all(PREFACE).await.unwrap();
        let _ = stream.write_all(&flood).await; // it may be closed by now
        let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("it was not closed");
        let said = String::from_utf8_lossy(&said);
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 4"),
            "nobody speaks HTTP/2 here: {said}"
        );
    }
    let upgrade = "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings\r\n";
    assert!(site.get("/healthz", upgrade).await.starts_with("HTTP/1.1 200"));
}
