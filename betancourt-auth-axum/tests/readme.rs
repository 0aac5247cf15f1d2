//! The application in the README runs as it stands there, and signs a person in.
#![cfg(test)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use betancourt_auth_dev::{Face, LookAlikes};
use reqwest::Client;
use reqwest::header::ACCEPT;

const README: &str = include_str!("../../README.md");
const EXAMPLE: &str = include_str!("../examples/minimal_axum.rs");

/// The application, as a process. It ends with the test.
struct App(Child);

impl Drop for App {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl App {
    /// Starts the example in a folder of its own, with these variables and no others.
    fn start(origin: &str, variables: Vec<(String, String)>) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("readme");
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new(program());
        command.current_dir(folder).env_clear().envs(variables);
        command.env("AUTH_URL", origin).env("AUTH_SECRET", "a secret of at least 32 characters!!");
        Self(command.spawn().unwrap())
    }
}

/// Where cargo puts the example before it runs the tests of this package.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).map(|folder| folder.join("examples").join("minimal_axum"));
    built
        .filter(|path| Path::exists(path))
        .expect("`cargo test -p betancourt-auth-axum` builds the example")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The front page as a browser asks for it, once the application listens.
async fn open(browser: &Client, origin: &str) -> reqwest::Response {
    let began = Instant::now();
    loop {
        match browser.get(origin).header(ACCEPT, "text/html").send().await {
            Ok(answer) => return answer,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(20), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A browser without scripts. All it visits is loopback, but its client asks for somebody who could do TLS.
fn browser() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().cookie_store(true).build().unwrap()
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> String {
    let rest = page.split(&format!(r#"name="{name}" value=""#)).nth(1).expect("the field is there");
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn the_readme_shows_the_example() {
    let shown = README.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    let (_, example) = EXAMPLE.split_once("\n\n").unwrap();
    assert_eq!(shown, example);
    assert!(shown.lines().count() <= 15, "it is short");
}

#[tokio::test]
async fn it_signs_a_person_in() {
    let origin = format!("http://localhost:{}", free_port());
    let lookalikes = LookAlikes::start(&format!("{origin}/auth")).await.unwrap();
    let _app = App::start(&origin, lookalikes.client(Face::Google).variables());
    let browser = browser();

    let sign_in_page = open(&browser, &origin).await;
    assert_eq!(sign_in_page.url().path(), "/auth/signin");
    let page = sign_in_page.text().await.unwrap();
    let form =
        [("csrfToken", field(&page, "csrfToken")), ("callbackUrl", field(&page, "callbackUrl"))];
    let begin = browser.post(format!("{origin}/auth/signin/google")).form(&form);
    let at_google = begin.send().await.unwrap();

    let ana = "ana-restrepo@gmail.com";
    let callback = lookalikes.approve(at_google.url().as_str(), ana).await.unwrap();
    let home = browser.get(callback.location()).send().await.unwrap();
    assert_eq!(home.url().path(), "/");
    assert_eq!(home.text().await.unwrap(), "Hello Ana Restrepo");
}
