//! A whole callback: the attempt is spent, the code is exchanged, the ID token verified with a cached key set, UserInfo
//! read, the account found or made, and a session begun.

use std::future::Future;

use betancourt_auth_dev::{Face, LookAlikes, Person, Setup};
use betancourt_benches::child::Server;
use betancourt_benches::median::median;
use betancourt_benches::token::SECRET;
use betancourt_benches::visitor::{Returning, Visitor};
use betancourt_benches::{Failure, arrivals};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::folder::Folder;

const ROUNDS: usize = 5;
/// So many people arrive in one round, and all of them at once in the last one.
const FLOWS: usize = 1_000;
/// So many of them at a time, where they come in turns.
const AT_A_TIME: usize = 16;
/// How the threads are named in which SQLite works.
const DATABASE: &str = "sqlx-sqlite";

/// Prints what a callback takes, beside what the two questions to the provider alone take, and what a thousand people
/// who come back at the same moment do.
pub(crate) async fn report() -> Result<(), Failure> {
    let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let origin = format!("http://localhost:{port}");
    let people = (0..FLOWS).map(|number| Person::new(&number.to_string(), "Ana", "Restrepo"));
    let base = format!("{origin}/auth");
    let lookalikes = Setup::new(&base).people(Face::Google, people.collect()).start().await?;
    let folder = Folder::new("arriving")?;
    let mut variables = lookalikes.client(Face::Google).variables();
    variables.push(("AUTH_URL".to_owned(), base));
    variables.push(("AUTH_SECRET".to_owned(), SECRET.to_owned()));
    variables.push(("DATABASE_URL".to_owned(), folder.database("betancourt")));
    let server = Server::start(arrivals::NAME, &variables)?;
    let visitor = Visitor::new(origin)?;

    let (mut asking, mut own, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let asked = (0..FLOWS).map(|_| visitor.clone().ask());
        asking.push(cost(&server, all(asked, AT_A_TIME)).await?.own);
        let returning = depart(&visitor, &lookalikes).await?;
        let arrived = returning.into_iter().map(|one| visitor.clone().arrive(one));
        let cost = cost(&server, all(arrived, AT_A_TIME)).await?;
        own.push(cost.own);
        whole.push(cost.own + cost.database);
    }
    let returning = depart(&visitor, &lookalikes).await?;
    all(returning.into_iter().map(|one| visitor.clone().arrive(one)), FLOWS).await?;

    println!("A whole callback, CPU time of the server\n");
    println!("{:<32} {:>6.2} ms", "the two questions alone", median(asking) * 1e3);
    println!("{:<32} {:>6.2} ms", "a callback", median(own) * 1e3);
    println!("{:<32} {:>6.2} ms", "a callback, with the database", median(whole) * 1e3);
    println!("{FLOWS} at once: no error, {:.0} MiB at most\n", server.peak_memory()?);
    Ok(())
}

/// Everybody goes to the provider, and none has come back yet.
async fn depart(visitor: &Visitor, lookalikes: &LookAlikes) -> Result<Vec<Returning>, Failure> {
    let mut returning = Vec::with_capacity(FLOWS);
    for number in 0..FLOWS {
        returning.push(visitor.depart(lookalikes, &number.to_string()).await?);
    }
    Ok(returning)
}

/// The seconds of CPU time that one of them takes.
struct Cost {
    own: f64,
    database: f64,
}

/// What the server takes for one of all that is done there.
async fn cost(
    server: &Server,
    done: impl Future<Output = Result<(), Failure>>,
) -> Result<Cost, Failure> {
    let seconds = || Ok::<_, Failure>((server.seconds()?, server.seconds_of_threads(DATABASE)?));
    let (began, database_began) = seconds()?;
    done.await?;
    let (ended, database_ended) = seconds()?;
    let database = database_ended - database_began;
    let one = |seconds: f64| seconds / FLOWS as f64;
    Ok(Cost { own: one(ended - began - database), database: one(database) })
}

/// Does everything, so much at the same time.
async fn all(
    tasks: impl Iterator<Item = impl Future<Output = Result<(), Failure>> + Send + 'static>,
    at_a_time: usize,
) -> Result<(), Failure> {
    let mut under_way = JoinSet::new();
    for task in tasks {
        if under_way.len() == at_a_time {
            under_way.join_next().await.transpose()?.transpose()?;
        }
        under_way.spawn(task);
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}
