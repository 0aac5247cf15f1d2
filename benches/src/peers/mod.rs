//! Ours beside its peers, on databases of several sizes: what a request takes of the processors, as the operating system
//! accounts for it, of the server and of the database together.

pub(crate) mod api;
mod chart;
mod contest;
mod database;
mod node;
mod others;
mod site;
mod table;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use betancourt_auth::Encryption;
use betancourt_benches::Failure;
use betancourt_benches::child::Server;
use betancourt_benches::load::Page;
use betancourt_benches::measured::Measured;
use betancourt_benches::postgres::Postgres;
use betancourt_benches::token::{COOKIE, now, sealed};

use self::contest::{Contender, Contest, Extent};
use self::database::{Engine, Seeded};

/// Beyond so many sessions the peers are left out: what grows there is the database.
const LARGEST_OF_PEERS: u64 = 1_000_000;

/// Between these the page of the book has what was written last.
const BEGIN: &str = "<!-- Written by the benches, not by hand: from here … -->";
const END: &str = "<!-- … to here. -->";

/// What is measured beside what, and how long.
#[derive(Debug)]
struct Plan {
    sizes: Vec<u64>,
    extent: Extent,
    writes: bool,
}

impl Plan {
    /// From the words behind `peers`: sizes such as `1k`, `1m` and `10m`, `long` for more requests, and `write` to put the
    /// results into the book.
    fn parse(words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut plan = Self { sizes: Vec::new(), extent: Extent::SHORT, writes: false };
        for word in words {
            match word.as_str() {
                "1k" => plan.sizes.push(1_000),
                "1m" => plan.sizes.push(1_000_000),
                "10m" => plan.sizes.push(10_000_000),
                "long" => plan.extent = Extent::LONG,
                "write" => plan.writes = true,
                _ => return Err(format!("`{word}` is none of 1k, 1m, 10m, long and write").into()),
            }
        }
        if plan.sizes.is_empty() {
            plan.sizes.push(1_000);
        }
        Ok(plan)
    }
}

/// What peers are there: those whose tools are missing are left out, and that is said.
struct Peers {
    axum_login: Option<PathBuf>,
    node: Option<node::Peers>,
    postgres: Arc<Postgres>,
}

/// Measures, shows how far it is, and writes a table and a chart.
pub(crate) async fn report(words: impl Iterator<Item = String>) -> Result<(), Failure> {
    let plan = Plan::parse(words)?;
    let peers = Peers {
        axum_login: or_say(others::build_axum_login()),
        node: or_say(node::Peers::install()),
        postgres: Arc::new(Postgres::start().await?),
    };
    let mut contests = vec![without_a_database(&plan, &peers).await?];
    for engine in [Engine::Sqlite, Engine::Postgres] {
        contests.extend(on_a_database(&plan, &peers, engine).await?);
    }
    let others = others::measure(&peers.postgres).await?;
    let written = table::written(&contests, &others, &machine(&peers));
    println!("\n{written}");
    if plan.writes {
        let page = std::fs::read_to_string(book().join("explanation/speed.md"))?;
        let page = put(&page, &written).ok_or("the page has no place for the tables")?;
        std::fs::write(book().join("explanation/speed.md"), page)?;
        std::fs::write(book().join("images/speed-peers.svg"), chart::drawn(&contests))?;
    }
    Ok(())
}

async fn without_a_database(plan: &Plan, peers: &Peers) -> Result<Contest, Failure> {
    let mut contest = Contest::new("Nothing is read from a database");
    let bare = start(Measured::Bare, "")?;
    let sealed = Arc::new([format!("{COOKIE}={}", sealed(Encryption::A256CbcHs512, now())?)]);
    let page = |path| Page { path, cookies: sealed.clone() };
    contest.add(Contender::new("bare axum", bare, page("/me")));
    let ours = start(Measured::OursSealed, "")?;
    contest.add(Contender::new("ours, a page that asks nobody", ours, page("/public-below")));
    let ours = start(Measured::OursSealed, "")?;
    contest.add(Contender::new("ours, sealed in a cookie", ours, page("/me")));
    if let Some(node) = &peers.node {
        contest.add(node.auth_js_sealed()?);
    }
    contest.run(plan.extent).await?;
    contest.stop();
    Ok(contest)
}

async fn on_a_database(
    plan: &Plan,
    peers: &Peers,
    engine: Engine,
) -> Result<Vec<Contest>, Failure> {
    let mut contests = Vec::new();
    let smallest = Seeded::make(engine, &peers.postgres, 1_000).await?;
    for &size in &plan.sizes {
        let name = format!("{}, {} sessions", engine.name(), table::grouped(size));
        say(&format!("{name}: making them"));
        let larger = if size > 1_000 {
            Some(Seeded::make(engine, &peers.postgres, size).await?)
        } else {
            None
        };
        let seeded = larger.as_ref().unwrap_or(&smallest);
        let mut contest = Contest::new(&name);
        add_ours(&mut contest, peers, seeded)?;
        if larger.is_some() {
            let ours = start(Measured::Ours, &smallest.url)?;
            let small = Contender::new("ours, with 1,000 sessions", ours, smallest.page_of_ours());
            contest.add(small.beside(engine, &peers.postgres));
        }
        if size <= LARGEST_OF_PEERS {
            add_peers(&mut contest, peers, seeded, size).await?;
        }
        contest.run(plan.extent).await?;
        contest.stop();
        contests.push(contest);
        if let Some(larger) = larger {
            larger.remove(&peers.postgres).await?;
        }
    }
    smallest.remove(&peers.postgres).await?;
    Ok(contests)
}

fn add_ours(contest: &mut Contest, peers: &Peers, seeded: &Seeded) -> Result<(), Failure> {
    let (engine, postgres) = (seeded.engine, &peers.postgres);
    let mut add = |name: &str, measured, page| -> Result<(), Failure> {
        let contender = Contender::new(name, start(measured, &seeded.url)?, page);
        contest.add(contender.beside(engine, postgres));
        Ok(())
    };
    add("bare axum", Measured::Bare, seeded.page_of_ours())?;
    add("one query by hand on sqlx", Measured::ByHand, seeded.page_by_hand())?;
    if engine == Engine::Sqlite {
        add("one query by hand on rusqlite", Measured::ByHandInPlace, seeded.page_by_hand())?;
    }
    add("ours", Measured::Ours, seeded.page_of_ours())?;
    add("ours, with the cache", Measured::OursCached, seeded.page_of_ours())
}

async fn add_peers(
    contest: &mut Contest,
    peers: &Peers,
    seeded: &Seeded,
    size: u64,
) -> Result<(), Failure> {
    if let Some(program) = &peers.axum_login {
        let contender = others::axum_login(program, seeded, size)?;
        contest.add(contender.beside(seeded.engine, &peers.postgres));
    }
    if let (Some(node), Engine::Postgres) = (&peers.node, seeded.engine) {
        for contender in node.on_postgres(&peers.postgres, size).await? {
            contest.add(contender.beside(seeded.engine, &peers.postgres));
        }
    }
    Ok(())
}

fn start(measured: Measured, url: &str) -> Result<Server, Failure> {
    Server::start(measured.name(), &[("DATABASE_URL".to_owned(), url.to_owned())])
}

/// Tells how far it is.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}"); // whoever does not read on is no reason to end
}

fn or_say<T>(peer: Result<T, Failure>) -> Option<T> {
    peer.map_err(|why| say(&format!("left out: {why}"))).ok()
}

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src")
}

/// The page with what was written in its place.
fn put(page: &str, written: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{written}\n{END}{after}"))
}

/// On what it was measured, in one sentence.
fn machine(peers: &Peers) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let named = |line: &str| {
        line.strip_prefix("model name").map(|it| it.trim_matches([' ', '\t', ':']).to_owned())
    };
    let model = processors.lines().find_map(named).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = read("/proc/sys/kernel/osrelease");
    let told = |program: &str| {
        let said = Command::new(program).arg("--version").output().map(|said| said.stdout);
        String::from_utf8_lossy(&said.unwrap_or_default()).trim().to_owned()
    };
    format!(
        "{cores} cores of {model}, Linux {}, {}, PostgreSQL {}, SQLite {}, Node {}",
        kernel.trim(),
        told("rustc").split(" (").next().unwrap_or_default(),
        peers.postgres.version.split(' ').next().unwrap_or_default(),
        rusqlite::version(),
        told("node"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_place_and_keeps_the_rest() {
        let page = std::fs::read_to_string(book().join("explanation/speed.md")).unwrap();
        let once = put(&page, "| one |").unwrap();
        assert!(once.contains("| one |") && once.ends_with(page.split(END).nth(1).unwrap()));
        let twice = put(&once, "| two |").unwrap();
        assert!(twice.contains("| two |") && !twice.contains("| one |"));
    }

    #[test]
    fn words_say_what_is_measured() {
        let parse = |words: &[&str]| Plan::parse(words.iter().map(|word| (*word).to_owned()));
        let plan = parse(&["1k", "10m", "write"]).unwrap();
        assert_eq!((plan.sizes, plan.writes), (vec![1_000, 10_000_000], true));
        assert_eq!(parse(&[]).unwrap().sizes, [1_000]);
        assert!(parse(&["2k"]).is_err());
    }
}
