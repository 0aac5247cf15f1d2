//! An authenticated request: a server with sign-in beside one without.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use betancourt_benches::median::median;
use betancourt_benches::server::Audience;
use betancourt_benches::token::{COOKIE, ENCRYPTIONS, now, sealed};
use betancourt_benches::{Failure, load, processor};

const ROUNDS: usize = 5;
const CONNECTIONS: u32 = 32;
const REQUESTS: u32 = 160_000;

/// Prints a table: the CPU time that a server takes for one request, and its ratio to bare axum. The servers take turns,
/// and each ratio is that of one turn: so it holds although the machine's speed drifts.
pub(crate) async fn report() -> Result<(), Failure> {
    let (bare, signed_in) =
        (Server::start(Audience::Everybody)?, Server::start(Audience::SignedIn)?);
    println!("A request with a session cookie, CPU time of the server\n");
    println!("{:<16} {:>10} {:>8}", "", "a request", "ratio");
    for (name, encryption) in ENCRYPTIONS {
        let cookie = format!("{COOKIE}={}", sealed(encryption, now())?);
        let (mut with, mut without, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let turn = (bare.cost(&cookie).await?, signed_in.cost(&cookie).await?);
            without.push(turn.0);
            with.push(turn.1);
            ratios.push(turn.1 / turn.0);
        }
        println!("{:<16} {:>7.2} µs", "bare axum", median(without) * 1e6);
        println!("{name:<16} {:>7.2} µs {:>7.2}×", median(with) * 1e6, median(ratios));
    }
    Ok(())
}

/// A server of ours, in a process of its own that ends with this value.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(audience: Audience) -> Result<Self, Failure> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(audience.name())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        let output = process.stdout.take().ok_or("the server says nothing")?;
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().parse()? })
    }

    /// The seconds of CPU time that a request takes.
    async fn cost(&self, cookie: &str) -> Result<f64, Failure> {
        let before = processor::seconds(self.process.id())?;
        load::run(self.address, cookie, CONNECTIONS, REQUESTS).await?;
        Ok((processor::seconds(self.process.id())? - before) / f64::from(REQUESTS))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended by itself
        let _ = self.process.wait();
    }
}
