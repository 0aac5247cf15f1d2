//! Servers that take turns, so that a machine which is slower for a while is slower for all of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use betancourt_benches::Failure;
use betancourt_benches::child::Server;
use betancourt_benches::load::{self, Page};
use betancourt_benches::median::median;
use betancourt_benches::postgres::Postgres;

use super::database::Engine;
use super::say;

const CONNECTIONS: usize = 32;

/// How much is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    rounds: usize,
    requests: usize,
}

impl Extent {
    pub(super) const SHORT: Self = Self { rounds: 3, requests: 32_000 };
    pub(super) const LONG: Self = Self { rounds: 7, requests: 96_000 };
}

/// One server, what it is asked, and what came of it.
#[derive(Debug)]
pub(super) struct Contender {
    pub(super) name: String,
    server: Option<Server>,
    page: Page,
    postgres: Option<Arc<Postgres>>,
    /// One that is slow is asked less.
    share: usize,
    rounds: Vec<Round>,
    /// The memory at the beginning and at the end, in MiB.
    pub(super) memory: [f64; 2],
}

/// What one round took.
#[derive(Clone, Copy, Debug)]
struct Round {
    /// Seconds of CPU time a request, of the server and of the database.
    cost: f64,
    /// Requests a second.
    throughput: f64,
    slowest: Duration,
}

impl Contender {
    pub(super) fn new(name: &str, server: Server, page: Page) -> Self {
        Self {
            name: name.to_owned(),
            server: Some(server),
            page,
            postgres: None,
            share: 1,
            rounds: Vec::new(),
            memory: [0.0; 2],
        }
    }

    /// Counts the time of the database along, where that is a server.
    pub(super) fn beside(self, engine: Engine, postgres: &Arc<Postgres>) -> Self {
        let postgres = (engine == Engine::Postgres).then(|| Arc::clone(postgres));
        Self { postgres, ..self }
    }

    /// Is asked so many times less than the others.
    pub(super) fn slow(self, share: usize) -> Self {
        Self { share, ..self }
    }

    /// The middle of what a request took, in seconds.
    pub(super) fn cost(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.cost).collect())
    }

    /// The time within which 99 of a hundred answers came.
    pub(super) fn slowest(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.slowest.as_secs_f64()).collect())
    }

    /// How many times as much of the processors it took as another one, round by round.
    pub(super) fn ratio(&self, other: &Self) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(ours, theirs)| ours.cost / theirs.cost).collect())
    }

    /// How many times as many requests it answered as another one, round by round.
    pub(super) fn faster(&self, other: &Self) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(ours, theirs)| ours.throughput / theirs.throughput).collect())
    }

    fn seconds(&self, server: &Server) -> Result<f64, Failure> {
        let database = self.postgres.as_ref().map_or(Ok(0.0), |postgres| postgres.seconds())?;
        Ok(server.seconds()? + database)
    }

    async fn round(&self, requests: usize) -> Result<Round, Failure> {
        let server = self.server.as_ref().ok_or("the server has stopped")?;
        let requests = (requests / self.share).max(CONNECTIONS) / CONNECTIONS * CONNECTIONS;
        let (before, began) = (self.seconds(server)?, Instant::now());
        let latencies = load::run(server.address, &self.page, CONNECTIONS, requests).await;
        let latencies = latencies.map_err(|why| format!("{}: {why}", self.name))?;
        let (took, cost) = (began.elapsed().as_secs_f64(), self.seconds(server)? - before);
        let requests = requests as f64;
        let slowest = latencies.percentile(99);
        Ok(Round { cost: cost / requests, throughput: requests / took, slowest })
    }

    fn memory_now(&self) -> Result<f64, Failure> {
        self.server.as_ref().map_or(Ok(0.0), Server::memory)
    }
}

/// Servers that are asked in turns.
#[derive(Debug)]
pub(super) struct Contest {
    pub(super) name: String,
    pub(super) contenders: Vec<Contender>,
}

impl Contest {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), contenders: Vec::new() }
    }

    pub(super) fn add(&mut self, contender: Contender) {
        self.contenders.push(contender);
    }

    pub(super) fn find(&self, name: &str) -> Option<&Contender> {
        self.contenders.iter().find(|contender| contender.name == name)
    }

    pub(super) async fn run(&mut self, extent: Extent) -> Result<(), Failure> {
        for contender in &mut self.contenders {
            contender.memory = [contender.memory_now()?; 2];
            contender.round(extent.requests / 4).await?;
        }
        for number in 1..=extent.rounds {
            say(&format!("{}: round {number} of {}", self.name, extent.rounds));
            for contender in &mut self.contenders {
                let round = contender.round(extent.requests).await?;
                contender.rounds.push(round);
            }
        }
        for contender in &mut self.contenders {
            contender.memory = {
                let [began, _] = contender.memory;
                [began, contender.memory_now()?]
            };
        }
        Ok(())
    }

    /// Stops all servers; what came of it stays.
    pub(super) fn stop(&mut self) {
        for contender in &mut self.contenders {
            contender.server = None;
        }
    }
}
