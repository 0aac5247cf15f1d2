//! The example starts with nothing in its environment, greets whoever comes, and shows its members' page to none of them.
#![cfg(test)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The example, as a process that ends with the test.
struct Example(Child);

impl Drop for Example {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn it_greets_strangers_and_lets_none_of_them_in() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_PKG_NAME"));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    let test = std::env::current_exe().unwrap();
    let binary = test.ancestors().nth(2).unwrap().join(env!("CARGO_PKG_NAME"));
    let mut command = Command::new(binary);
    command.arg(format!("http://localhost:{port}")).current_dir(folder).env_clear();
    let _example = Example(command.spawn().unwrap());

    let home = ask(port, "/");
    assert!(home.starts_with("HTTP/1.1 200 ") && home.contains("<h1>Welcome</h1>"), "{home}");
    let members = ask(port, "/members").to_lowercase();
    assert!(members.starts_with("http/1.1 30"), "{members}");
    assert!(members.contains("/auth/signin?callbackurl="), "{members}");
}

/// What a browser gets, once the example listens.
fn ask(port: u16, path: &str) -> String {
    let began = Instant::now();
    let mut connection = loop {
        match TcpStream::connect(("127.0.0.1", port)) {
            Ok(connection) => break connection,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(60), "{error}"),
        }
        sleep(Duration::from_millis(20));
    };
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}
