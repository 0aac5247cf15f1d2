//! An authenticated request with the session in a database: Rocket with our guard beside Rocket with the same query by hand.

use std::sync::Arc;
use std::time::Instant;

use betancourt_benches::child::Server;
use betancourt_benches::load::Page;
use betancourt_benches::median::median;
use betancourt_benches::rocket_server::{By, TOKEN};
use betancourt_benches::token::COOKIE;
use betancourt_benches::{Failure, load};

use crate::folder::Folder;

const ROUNDS: usize = 9;
const CONNECTIONS: usize = 32;
const REQUESTS: usize = 40_000;

/// Prints the CPU time that each server takes for one request, how many it answers in a second, and the ratios. The servers
/// take turns, and each ratio is that of one turn.
pub(crate) async fn report() -> Result<(), Failure> {
    let folder = Folder::new("rocket")?;
    let start = |by: By| {
        let database = ("DATABASE_URL".to_owned(), folder.database(by.name()));
        Server::start(by.name(), &[database])
    };
    let (guard, hand) = (start(By::Guard)?, start(By::Hand)?);
    let (mut by_hand, mut by_guard) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        by_hand.push(Turn::of(&hand).await?);
        by_guard.push(Turn::of(&guard).await?);
    }
    println!(
        "A request on Rocket with a session in SQLite: CPU time of the server, answers in a second\n"
    );
    println!("{:<20} {:>10} {:>8} {:>12} {:>8}", "", "a request", "ratio", "a second", "ratio");
    println!("{:<20} {}", "the query by hand", columns(&by_hand, &by_hand));
    println!("{:<20} {}\n", "our guard", columns(&by_guard, &by_hand));
    Ok(())
}

/// The medians of some turns, and of their ratios to others.
fn columns(turns: &[Turn], others: &[Turn]) -> String {
    let medians = |figure: fn(&Turn) -> f64| {
        let ratios = turns.iter().zip(others).map(|(turn, other)| figure(turn) / figure(other));
        (median(turns.iter().map(figure).collect()), median(ratios.collect()))
    };
    let ((cost, cost_ratio), (rate, rate_ratio)) =
        (medians(|turn| turn.cost), medians(|turn| turn.rate));
    format!("{:>7.1} µs {cost_ratio:>7.2}× {rate:>12.0} {rate_ratio:>7.2}×", cost * 1e6)
}

/// One turn of a server.
struct Turn {
    /// The seconds of CPU time of a request.
    cost: f64,
    /// How many were answered in a second.
    rate: f64,
}

impl Turn {
    async fn of(server: &Server) -> Result<Self, Failure> {
        let (before, began) = (server.seconds()?, Instant::now());
        let page = Page { path: "/", cookies: Arc::new([format!("{COOKIE}={TOKEN}")]) };
        load::run(server.address, &page, CONNECTIONS, REQUESTS).await?;
        let took = began.elapsed().as_secs_f64();
        let requests = REQUESTS as f64;
        Ok(Self { cost: (server.seconds()? - before) / requests, rate: requests / took })
    }
}
