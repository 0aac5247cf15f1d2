//! An authenticated request: a server with sign-in beside one without.

use std::sync::Arc;

use betancourt_benches::child::Server;
use betancourt_benches::load::Page;
use betancourt_benches::median::median;
use betancourt_benches::server::Audience;
use betancourt_benches::token::{COOKIE, ENCRYPTIONS, now, sealed};
use betancourt_benches::{Failure, load};

const ROUNDS: usize = 5;
const CONNECTIONS: usize = 32;
const REQUESTS: usize = 160_000;

/// Prints a table: the CPU time that a server takes for one request, and its ratio to bare axum. The servers take turns,
/// and each ratio is that of one turn: so it holds although the machine's speed drifts.
pub(crate) async fn report() -> Result<(), Failure> {
    let start = |audience: Audience| Server::start(audience.name(), &[]);
    let (bare, signed_in) = (start(Audience::Everybody)?, start(Audience::SignedIn)?);
    println!("A request with a session cookie, CPU time of the server\n");
    println!("{:<16} {:>10} {:>8}", "", "a request", "ratio");
    for (name, encryption) in ENCRYPTIONS {
        let cookie = format!("{COOKIE}={}", sealed(encryption, now())?);
        let (mut with, mut without, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let turn = (cost(&bare, &cookie).await?, cost(&signed_in, &cookie).await?);
            without.push(turn.0);
            with.push(turn.1);
            ratios.push(turn.1 / turn.0);
        }
        println!("{:<16} {:>7.2} µs", "bare axum", median(without) * 1e6);
        println!("{name:<16} {:>7.2} µs {:>7.2}×", median(with) * 1e6, median(ratios));
    }
    Ok(())
}

/// The seconds of CPU time that a request takes a server.
async fn cost(server: &Server, cookie: &str) -> Result<f64, Failure> {
    let before = server.seconds()?;
    let page = Page { path: "/", cookies: Arc::new([cookie.to_owned()]) };
    load::run(server.address, &page, CONNECTIONS, REQUESTS).await?;
    Ok((server.seconds()? - before) / REQUESTS as f64)
}
