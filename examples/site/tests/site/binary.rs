//! The binary as it is typed: what it needs to start, what it says when it does not, how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use sqlx::{Connection, SqliteConnection, query, query_scalar};

use crate::{postgres, redis};

/// An empty folder to work in, gone afterwards.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("betancourt-site-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The binary in this folder, with nothing in its environment but what is given.
    pub(crate) fn site(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_betancourt-site"));
        command.current_dir(&self.0).env_clear().args(arguments).envs(variables.iter().copied());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        self.site(arguments, variables).output().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

pub(crate) fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

/// Reads so many lines of what the site prints. The first one says where it is.
pub(crate) fn wait_for(site: &mut Child, lines: usize) -> String {
    let printed = BufReader::new(site.stdout.take().unwrap()).lines();
    let said: Vec<_> = printed.take(lines).map(Result::unwrap).collect();
    said.join("\n")
}

pub(crate) fn get(port: &str, path: &str) -> String {
    get_with(port, path, "x=1")
}

pub(crate) fn get_with(port: &str, path: &str, cookie: &str) -> String {
    get_from(port, path, &format!("localhost:{port}"), cookie)
}

/// Asks a site that is known by another name.
pub(crate) fn get_from(port: &str, path: &str, host: &str, cookie: &str) -> String {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let lines = format!("Host: {host}\r\nCookie: {cookie}\r\nConnection: close");
    write!(stream, "GET {path} HTTP/1.1\r\n{lines}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
#[cfg(unix)]
fn it_starts_with_nothing_set_and_ends_well_when_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let (folder, port) = (Folder::new(signal), free_port());
        let mut site = folder
            .site(&[], &[("PORT", &port)])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = wait_for(&mut site, 3);
        assert!(
            said.contains(&format!("http://localhost:{port}/"))
                && said.contains("look-alikes")
                && said.contains("/mail"),
            "{said}"
        );
        assert!(get(&port, "/readyz").starts_with("HTTP/1.1 200"));
        let page = get(&port, "/");
        assert!(page.contains("Development:") && page.contains("id=\"mailbox\""));
        assert!(page.contains("action=\"/api/auth/signin/email\""));

        let mode = std::os::unix::fs::PermissionsExt::mode(
            &fs::metadata(folder.0.join(".auth-secret")).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
        assert!(folder.0.join("betancourt.db").exists());

        assert!(
            Command::new("kill").args([signal, &site.id().to_string()]).status().unwrap().success()
        );
        assert_eq!(site.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[tokio::test]
#[cfg(unix)]
async fn it_starts_on_postgresql_where_database_url_says_so() {
    let Some(url) = postgres::url_after("").await else { return };
    let (folder, port) = (Folder::new("postgresql"), free_port());
    let variables = [("PORT", port.as_str()), ("DATABASE_URL", &url)];
    let mut site = folder.site(&[], &variables);
    let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(&mut site, 3);
    assert!(get(&port, "/readyz").starts_with("HTTP/1.1 200"));
    assert!(!folder.0.join("betancourt.db").exists());
    assert!(Command::new("kill").args([&site.id().to_string()]).status().unwrap().success());
    assert_eq!(site.wait().unwrap().code(), Some(0));
}

#[test]
#[cfg(unix)]
fn it_says_what_stands_where_and_keeps_sessions_in_redis_where_redis_url_says_so() {
    let Some(redis) = redis::Server::start(&[]) else { return };
    let (folder, port) = (Folder::new("redis"), free_port());
    let url = redis.url().replace("redis://", "redis://default:@");
    let variables = [("PORT", port.as_str()), ("REDIS_URL", &url)];
    let mut site = folder.site(&[], &variables);
    let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = wait_for(&mut site, 4);
    let expected = format!(
        "People are kept in sqlite://betancourt.db, sessions and limits in redis://…@127.0.0.1:{}.",
        redis.port
    );
    assert!(said.contains(&expected), "{said}");
    assert!(get(&port, "/readyz").starts_with("HTTP/1.1 200"));
    let page = get_with(&port, "/api/auth/callback/google?code=x&state=y", "x=1");
    assert!(page.starts_with("HTTP/1.1 302"), "{page}");
    drop(redis);
    assert!(get(&port, "/readyz").starts_with("HTTP/1.1 503"));
    assert!(Command::new("kill").args([&site.id().to_string()]).status().unwrap().success());
    assert_eq!(site.wait().unwrap().code(), Some(0));

    let away = [("PORT", port.as_str()), ("REDIS_URL", &url)];
    let said = folder.run(&[], &away);
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("REDIS_URL is `redis://…@127.0.0.1"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_provider_of_any_issuer_gets_a_button() {
    let (folder, port) = (Folder::new("any-issuer"), free_port());
    let variables = [
        ("PORT", port.as_str()),
        ("AUTH_OIDC_ISSUER", "http://127.0.0.1:8080"),
        ("AUTH_OIDC_ID", "a"),
        ("AUTH_OIDC_SECRET", "b"),
        ("AUTH_OIDC_NAME", "House of Sound"),
    ];
    let mut site = folder.site(&[], &variables);
    let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = BufReader::new(site.stdout.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().contains(&port));
    assert!(said.next().unwrap().unwrap().contains("mail is shown"), "no look-alikes stand in");
    let page = get(&port, "/");
    assert!(page.contains("action=\"/api/auth/signin/oidc\"") && page.contains("House of Sound"));
    assert!(!page.contains("action=\"/api/auth/signin/google\""));
    assert!(Command::new("kill").args([&site.id().to_string()]).status().unwrap().success());
    assert_eq!(site.wait().unwrap().code(), Some(0));
}

/// A session as Auth.js makes it, its token in clear.
const OF_AUTH_JS: &str = "5f0c7c6e-9b1d-4a5e-8f57-2d1b8a3c4e60";

#[tokio::test]
#[cfg(unix)]
async fn tokens_stay_in_clear_where_auth_js_is_to_read_them_and_nowhere_else() {
    let folder = Folder::new("shared");
    folder.run(&["migrate"], &[]);
    let file = format!("sqlite://{}", folder.0.join("betancourt.db").display());
    let mut database = SqliteConnection::connect(&file).await.unwrap();
    let ana = r#"INSERT INTO "users" ("id", "name", "email", "updatedAt") VALUES ('ana', 'Ana', 'ana@example.org', 0)"#;
    query(ana).execute(&mut database).await.unwrap();
    let session = r#"INSERT INTO "sessions" ("id", "sessionToken", "userId", "expires") VALUES ('1', $1, 'ana', 4102444800000)"#;
    query(session).bind(OF_AUTH_JS).execute(&mut database).await.unwrap();

    for (shared, expected) in [("1", true), ("0", false)] {
        let port = free_port();
        let variables = [("PORT", port.as_str()), ("AUTH_SHARED_WITH_AUTHJS", shared)];
        let mut site = folder.site(&[], &variables);
        let mut site = site.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        assert_eq!(wait_for(&mut site, 3).contains("in clear"), expected);
        let cookie = format!("authjs.session-token={OF_AUTH_JS}");
        assert!(get_with(&port, "/api/auth/session", &cookie).contains("ana@example.org"));
        let stored = query_scalar::<_, String>(r#"SELECT "sessionToken" FROM "sessions""#);
        let stored = stored.fetch_one(&mut database).await.unwrap();
        assert_eq!(stored == OF_AUTH_JS, expected, "{stored}");
        assert!(Command::new("kill").args([&site.id().to_string()]).status().unwrap().success());
        assert_eq!(site.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn the_password_of_a_database_is_not_shown() {
    let url = "postgres://ana:correct-horse@127.0.0.1:1/site";
    let output = Folder::new("password").run(&["migrate"], &[("DATABASE_URL", url)]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("DATABASE_URL is `postgres://…@127.0.0.1:1/site`"), "{said}");
    assert!(!said.contains("correct-horse"), "{said}");
}

#[test]
fn what_it_cannot_work_with_stops_it_with_one_sentence() {
    let folder = Folder::new("refusals");
    let https = ("AUTH_URL", "https://studio.example.com");
    let secret = ("AUTH_SECRET", "k6xJ0s2mN8qRv4tYw7zAbCdEfGhIjKlM");
    for (variables, beginning) in [
        (vec![("PORT", "web")], "PORT is `web`"),
        (vec![("HOST", "0.0.0.0")], "AUTH_URL is not set"),
        (vec![("NODE_ENV", "production")], "AUTH_URL is `http://localhost:3000`"),
        (vec![https], "AUTH_SECRET is not set"),
        (vec![https, secret], "No provider is configured"),
        (
            vec![
                https,
                ("AUTH_SECRET", "short"),
                ("AUTH_GOOGLE_ID", "a"),
                ("AUTH_GOOGLE_SECRET", "b"),
            ],
            "AUTH_SECRET",
        ),
        (vec![("AUTH_GOOGLE_ID", "a")], "AUTH_GOOGLE_ID is set"),
        (vec![("AUTH_OIDC_ISSUER", "https://id.example.com")], "AUTH_OIDC_ISSUER is set but"),
        (vec![("AUTH_OIDC_NAME", "House of Sound")], "AUTH_OIDC_NAME is set but"),
        (
            vec![
                ("AUTH_OIDC_ISSUER", "http://id.example.com"),
                ("AUTH_OIDC_ID", "a"),
                ("AUTH_OIDC_SECRET", "b"),
            ],
            "AUTH_OIDC_ISSUER is `http://id.example.com`",
        ),
        (vec![("DATABASE_URL", "oracle://db/site")], "DATABASE_URL is `oracle://db/site`"),
    ] {
        let output = folder.run(&[], &variables);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{variables:?}: {said}");
        let last = said.lines().last().unwrap_or_default();
        assert!(last.starts_with(beginning), "{variables:?}: {said}");
    }
}

#[test]
fn the_commands_say_what_they_did() {
    let folder = Folder::new("commands");
    let migrated = folder.run(&["migrate"], &[]);
    assert!(migrated.status.success() && folder.0.join("betancourt.db").exists());
    assert!(String::from_utf8(migrated.stdout).unwrap().contains("up to date"));
    let refused = folder.run(&["admin", "grant", "nobody@example.org"], &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("Nobody has signed in with the address nobody@example.org")
    );
}
