//! Two instances of the site behind nginx, which sends every request to the next one, on one database: one of them dies
//! while people sign in.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use betancourt_auth_dev::{Face, LookAlikes, Person, Setup};
use betancourt_auth_sqlx::SqlStore;
use sqlx::PgPool;
use tokio::task::JoinSet;
use url::Url;

use crate::app::SECRET;
use crate::customer::{Answer, Customer};
use crate::nginx::Nginx;
use crate::postgres::Postgres;
use crate::redis::Redis;
use crate::site::Site;
use crate::tools;

const PEOPLE: usize = 200;
/// So many of them are under way at the same time.
const AT_A_TIME: usize = 16;
/// So many are in when one instance dies.
const IN_BEFORE: usize = 70;
/// So many come from one address: with those who try again fewer than a network may.
const OF_ONE_ADDRESS: usize = 25;
/// So many sign in at the one instance and at the other, before all that.
const IN_PASSING: usize = 3;

/// Where the site keeps sessions: with the people, or in Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sessions {
    InPostgres,
    InRedis,
}

/// What runs.
struct Stage {
    look_alikes: Arc<LookAlikes>,
    instances: [Site; 2],
    /// Where people knock.
    nginx: SocketAddr,
    _nginx: Nginx,
    host: String,
    database: PgPool,
    _postgres: Arc<Postgres>,
    _redis: Option<Redis>,
}

impl Stage {
    async fn start(sessions: Sessions) -> Option<Self> {
        let postgres = Postgres::shared()?;
        let redis = match sessions {
            Sessions::InPostgres => None,
            Sessions::InRedis => Some(Redis::start(tools::redis()?)),
        };
        let (program, port) = Nginx::prepare()?;
        let url = format!("http://localhost:{port}");
        let people = (0..PEOPLE).map(|number| Person::new(&number.to_string(), "Ana", "Restrepo"));
        let setup = Setup::new(&format!("{url}/api/auth"));
        let look_alikes = setup.people(Face::Google, people.collect()).start().await.unwrap();
        let database = postgres.database("");
        let mut variables = look_alikes.client(Face::Google).variables();
        variables.extend(
            [
                ("AUTH_URL", &*url),
                ("AUTH_SECRET", SECRET),
                ("AUTH_TRUSTED_PROXIES", "127.0.0.1"),
                ("DATABASE_URL", &database),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        variables.extend(redis.iter().map(|redis| ("REDIS_URL".to_owned(), redis.url())));
        let instances = [(); 2].map(|()| Site::start_with(variables.clone()));
        let servers = instances.each_ref().map(|instance| format!("server {};", instance.door()));
        let http = format!(
            "upstream site {{ zone site 64k; {} }}
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://site;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    add_header X-Instance $upstream_addr always;
                }}
            }}",
            servers.concat()
        );
        let store = SqlStore::open(&database).await.unwrap();
        Some(Self {
            look_alikes: Arc::new(look_alikes),
            instances,
            nginx: ([127, 0, 0, 1], port).into(),
            _nginx: Nginx::start(program, port, &http),
            host: format!("localhost:{port}"),
            database: store.pg_pool().unwrap().clone(),
            _postgres: postgres,
            _redis: redis,
        })
    }

    /// One of those who live at some addresses of this machine.
    fn customer(&self, number: usize) -> Customer {
        let house = u8::try_from(number / OF_ONE_ADDRESS).unwrap();
        Customer::new(Ipv4Addr::new(127, 0, 1, house), &self.host)
    }

    async fn count(&self, table: &str) -> usize {
        let counted = format!(r#"SELECT count(*) FROM "{table}""#);
        let counted: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(counted))
            .fetch_one(&self.database)
            .await
            .unwrap();
        usize::try_from(counted).unwrap()
    }
}

/// A request that did not do what it was sent for, and when it was under way.
#[derive(Debug)]
struct Failed {
    began: Instant,
    ended: Instant,
    #[expect(dead_code, reason = "for whoever reads why a test failed")]
    why: String,
}

/// Who is in, and what it took.
struct SignedIn {
    customer: Customer,
    failed: Vec<Failed>,
    /// Who answered when it began, and when it ended: empty where nobody is asked to say.
    instances: [String; 2],
}

/// Somebody who tries again from the beginning when it fails, as people do.
async fn persistent(
    mut customer: Customer,
    doors: [SocketAddr; 3],
    look_alikes: &LookAlikes,
    person: String,
) -> SignedIn {
    let mut failed = Vec::new();
    loop {
        match sign_in(&mut customer, doors, look_alikes, &person).await {
            Ok(instances) => return SignedIn { customer, failed, instances },
            Err(failure) if failed.is_empty() => failed.push(failure),
            Err(failure) => panic!("{person} fails again: {failure:?}, after {failed:?}"),
        }
    }
}

/// The three requests of a sign-in, each at a door: the token for the form, the form, and the way back.
async fn sign_in(
    customer: &mut Customer,
    [token, form, back]: [SocketAddr; 3],
    look_alikes: &LookAlikes,
    person: &str,
) -> Result<[String; 2], Failed> {
    let began = Instant::now();
    let csrf = customer.get(token, "/api/auth/csrf").await;
    let csrf = judged(began, csrf, |answer| answer.status == 200)?;
    let csrf: serde_json::Value = serde_json::from_str(&csrf.body).unwrap();

    let began = Instant::now();
    let fields = [("csrfToken", csrf["csrfToken"].as_str().unwrap())];
    let begun = customer.post(form, "/api/auth/signin/google", &fields).await;
    let authorize = look_alikes.url();
    let leads_there = |answer: &Answer| answer.header("location").starts_with(authorize.as_str());
    let begun = judged(began, begun, leads_there)?;

    let approved = look_alikes.approve(begun.header("location"), person).await.unwrap();
    let target = target(&approved.location());
    let began = Instant::now();
    let arrived = customer.get(back, &target).await;
    let arrived = judged(began, arrived, |answer| answer.status == 302 && answer.signs_in())?;
    Ok([begun, arrived].map(|answer| answer.header("x-instance").to_owned()))
}

/// The answer, if it is one that leads on.
fn judged(
    began: Instant,
    answer: std::io::Result<Answer>,
    leads_on: impl FnOnce(&Answer) -> bool,
) -> Result<Answer, Failed> {
    let failed = |why: String| Failed { began, ended: Instant::now(), why };
    let answer = answer.map_err(|error| failed(error.to_string()))?;
    if leads_on(&answer) { Ok(answer) } else { Err(failed(format!("{answer:?}"))) }
}

fn target(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// Whoever begins at one instance can go on at the other, at every step, and is known at both.
async fn a_flow_goes_on_at_the_other(stage: &Stage) {
    let [one, other] = stage.instances.each_ref().map(Site::door);
    let ways: [_; IN_PASSING] = [[one, one, other], [other, one, other], [other, other, one]];
    for (number, doors) in ways.into_iter().enumerate() {
        let customer = stage.customer(PEOPLE);
        let person = number.to_string();
        let signed_in = persistent(customer, doors, &stage.look_alikes, person).await;
        assert!(signed_in.failed.is_empty(), "{:?}", signed_in.failed);
        for door in [one, other] {
            let mut customer = signed_in.customer.clone();
            let session = customer.get(door, "/api/auth/session").await.unwrap();
            assert!(session.body.contains("Ana Restrepo"), "{session:?}");
        }
    }
}

/// Nobody notices that an instance dies, but those whose request it had in hand: they are told that it failed, and are in
/// when they try again. What it had in hand is what was sent before it was gone, and not answered before it was killed.
async fn an_instance_dies_while_people_sign_in(sessions: Sessions) {
    let Some(mut stage) = Stage::start(sessions).await else { return };
    a_flow_goes_on_at_the_other(&stage).await;

    let (mut under_way, mut done, mut killed) = (JoinSet::new(), Vec::new(), None);
    let mut people = 0..PEOPLE;
    loop {
        while under_way.len() < AT_A_TIME
            && let Some(number) = people.next()
        {
            let (customer, look_alikes) = (stage.customer(number), Arc::clone(&stage.look_alikes));
            let doors = [stage.nginx; 3];
            under_way.spawn(async move {
                persistent(customer, doors, &look_alikes, number.to_string()).await
            });
        }
        let Some(signed_in) = under_way.join_next().await else { break };
        done.push(signed_in.unwrap());
        if done.len() == IN_BEFORE {
            let began = Instant::now();
            stage.instances[0].kill();
            killed = Some((began, Instant::now()));
        }
    }
    let (killed, gone) = killed.unwrap();
    assert_eq!(done.len(), PEOPLE);
    let failed: Vec<_> = done.iter().flat_map(|signed_in| &signed_in.failed).collect();
    for failure in &failed {
        assert!(failure.began <= gone && failure.ended >= killed, "{failure:?}");
    }
    assert!(failed.len() <= AT_A_TIME, "one request of each who was under way: {failed:?}");

    let dead = stage.instances[0].door().to_string();
    let changed = done.iter().filter(|one| one.instances[0] != one.instances[1]).count();
    let by_the_dead = done.iter().filter(|one| one.instances[1] == dead).count();
    assert!(changed > IN_BEFORE / 3, "{changed} began at one instance and ended at the other");
    assert!((IN_BEFORE / 3..PEOPLE / 2).contains(&by_the_dead), "{by_the_dead} before it died");
    for signed_in in &done {
        let mut customer = signed_in.customer.clone();
        let session = customer.get(stage.nginx, "/api/auth/session").await.unwrap();
        assert!(session.body.contains("Ana Restrepo"), "{session:?}");
    }
    // A session that the dead instance had begun, and whose cookie nobody got, is left, and nothing else.
    assert_eq!((stage.count("users").await, stage.count("accounts").await), (PEOPLE, PEOPLE));
    let known = if sessions == Sessions::InPostgres { PEOPLE + IN_PASSING } else { 0 };
    let spare = stage.count("sessions").await - known;
    assert!(spare <= failed.len(), "{spare} sessions that nobody has, of {failed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_dies_while_people_sign_in_on_one_postgres() {
    an_instance_dies_while_people_sign_in(Sessions::InPostgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_dies_while_people_sign_in_on_one_postgres_and_one_redis() {
    an_instance_dies_while_people_sign_in(Sessions::InRedis).await;
}
