//! A cluster of three masters: everything of one site stands in one slot, so its scripts run on one of them.

use std::process::Command;

use betancourt_auth::StoredToken;
use betancourt_auth::store::{SessionStore, Store};
use betancourt_auth_redis::RedisStore;

use crate::scene::{self, cli, person, session, whose};
use crate::server::{Server, free_port};

async fn three_masters() -> Option<Vec<Server>> {
    let mut masters = Vec::new();
    for _ in 0..3 {
        let bus = free_port().to_string();
        let settings = ["--cluster-enabled", "yes", "--cluster-port", &bus, "--appendonly", "yes"];
        masters.push(Server::start(&settings)?);
    }
    let addresses = masters.iter().map(|master| format!("127.0.0.1:{}", master.port));
    let mut create = Command::new("redis-cli");
    create.args(["--cluster", "create"]).args(addresses).arg("--cluster-yes");
    let created = create.output().unwrap();
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stdout));
    for master in &masters {
        scene::until("the cluster stands", async || {
            cli(master.port, &["CLUSTER", "INFO"]).contains("cluster_state:ok")
        })
        .await;
    }
    Some(masters)
}

#[tokio::test]
async fn a_cluster_keeps_a_site_on_one_of_its_masters() {
    let Some(mut masters) = three_masters().await else { return };
    let [first, second, _] = &masters[..] else { panic!("three") };
    let url = format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", first.port, second.port);
    for site in ["a", "b", "c"] {
        let keeper = RedisStore::options().prefix(site).connect(&url).await.unwrap();
        scene::works(&scene::beside(keeper).await, "ada").await;
    }
    let keeper = RedisStore::connect(&url).await.unwrap();
    let store = scene::beside(keeper).await;
    let (ada, account) = person("ada");
    store.sign_up(&ada, Some(&account), &session("of-ada", &ada), &[]).await.unwrap();
    let keys = |master: &Server| cli(master.port, &["KEYS", "{betancourt-auth}:*"]);
    let has_some: Vec<_> = masters.iter().map(|master| !keys(master).is_empty()).collect();
    assert_eq!(has_some.iter().filter(|has| **has).count(), 1);

    let one = has_some.iter().position(|has| *has).unwrap();
    masters[one].kill();
    let token = StoredToken::hashed("of-ada");
    assert!(store.session(&token).await.is_err());
    masters[one].start_again();
    scene::until("it is back", async || store.session(&token).await.is_ok()).await;
    assert_eq!(whose(&store, "of-ada").await, Some(ada.id));
}
