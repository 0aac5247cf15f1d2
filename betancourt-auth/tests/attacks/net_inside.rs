//! Issuers that strangers bring along, and that lead to where only the operator may send us.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use async_trait::async_trait;
use betancourt_auth::http_client::{BundledClient, ClientRules, Reach};
use betancourt_auth::provider::{Registrar, Registration, Unfindable, oidc};
use betancourt_auth::{Config, ErrorKind};
use betancourt_auth_dev::Face;
use serde_json::json;

use crate::support::{ANA, CanaryHost, House, Peer, Place, Stage, World};

/// Tenants, and the issuers that they entered.
#[derive(Clone, Debug, Default)]
struct Tenants(BTreeMap<String, String>);

#[async_trait]
impl Registrar for Tenants {
    async fn registration(&self, id: &str) -> Result<Option<Registration>, Unfindable> {
        Ok(self.0.get(id).map(|issuer| registration(id, issuer)))
    }
}

fn registration(id: &str, issuer: &str) -> Registration {
    let mut registration =
        Registration::new(oidc(id.to_owned(), id.to_owned(), issuer.to_owned()), "id", "secret");
    registration.danger_email_account_linking = true; // counts for nothing
    registration
}

/// A client for strangers that trusts the house, and what of the inside it admits.
fn outward(house: &House, admits_loopback: bool) -> Arc<BundledClient> {
    let loopback = vec![(Ipv4Addr::LOCALHOST.into(), 8), (Ipv6Addr::LOCALHOST.into(), 128)];
    let mut rules = ClientRules::default();
    rules.roots = Some(house.root.clone());
    rules.reach =
        Reach::Outside { danger_admitted: if admits_loopback { loopback } else { Vec::new() } };
    Arc::new(BundledClient::with(&rules).unwrap())
}

async fn world(place: Place, tenants: Tenants, client: Option<Arc<BundledClient>>) -> World {
    let change = move |config: &mut Config| {
        config.registrar = Some(Arc::new(tenants.clone()));
        config.http_client_for_strangers = client.clone().map(|client| client as _);
    };
    Stage::new(place).config(change).start().await
}

async fn begin(world: &World, id: &str) -> crate::support::Answer {
    world.browser().submit(&format!("/auth/signin/{id}"), &[("callbackUrl", "/dashboard")]).await
}

/// Addresses of the inside: those with the port lead to one and the same place of this machine.
fn inside(port: &str) -> [String; 15] {
    [
        format!("https://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("https://127.1:{port}"),
        format!("https://2130706433:{port}"),
        format!("https://0x7f000001:{port}"),
        format!("https://0.0.0.0:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("https://[64:ff9b::7f00:1]:{port}"),
        "https://10.0.0.1".to_owned(),
        "https://100.100.100.200".to_owned(),
        "https://169.254.169.254".to_owned(),
        "https://192.168.0.1".to_owned(),
        "https://[fd00:ec2::254]".to_owned(),
        "https://[fe80::1]".to_owned(),
    ]
}

/// A tenant enters the address of something inside, as a name, as a number, in every spelling; or an issuer whose own
/// documents lead there.
pub(crate) async fn net_01_an_issuer_that_leads_inside(place: Place) {
    let house = House::new();
    let canary = CanaryHost::serving(&json!({ "keys": [] })).await;
    let peer = Peer::issuing(house.certificate("localhost", 2100), None).await;
    let leading_inside =
        Peer::issuing(house.certificate("localhost", 2100), Some("https://169.254.169.254/keys"))
            .await;
    let port = canary.url("").rsplit_once(':').unwrap().1.to_owned();
    let inside = inside(&port);
    let mut tenants = Tenants::default();
    for (number, issuer) in inside.iter().enumerate() {
        tenants.0.insert(format!("sso-{number}"), issuer.clone());
    }
    let [ours, theirs] =
        [&peer, &leading_inside].map(|peer| format!("https://localhost:{}", peer.port));
    tenants.0.insert("in-clear".into(), format!("http://127.0.0.1:{port}"));
    tenants.0.insert("ours".into(), ours.clone());

    // As it is when nothing is configured about it.
    let usual = world(place, tenants.clone(), None).await;
    let before = usual.snapshot().await;
    for (number, issuer) in inside.iter().enumerate() {
        let id = format!("sso-{number}");
        begin(&usual, &id).await.assert_refused("ProviderUnavailable");
        let refused = usual.log.events("provider.private_address");
        assert_eq!(refused.len(), number + 1, "{issuer}: {}", usual.log.text());
        let probed = usual.auth.probe(&registration("probed", &format!("{issuer}/other"))).await;
        assert_eq!(probed.unwrap_err().kind(), ErrorKind::ProviderInside, "{issuer}");
    }
    begin(&usual, "in-clear").await.assert_refused("Configuration");
    begin(&usual, "nobody").await.assert_refused("Configuration");
    canary.assert_unvisited().await;
    usual.assert_unchanged(&before).await;

    // A certificate that is right opens no door; that the operator admits the network does.
    let strict = world(place, tenants.clone(), Some(outward(&house, false))).await;
    begin(&strict, "ours").await.assert_refused("ProviderUnavailable");
    assert_eq!(peer.connections(), 0);
    let admitting = world(place, tenants, Some(outward(&house, true))).await;
    let answer = begin(&admitting, "ours").await;
    assert!(answer.location().as_str().starts_with(&format!("{ours}/authorize?")), "{answer:?}");
    admitting.auth.probe(&registration("probed", &ours)).await.unwrap();
    let probed = admitting.auth.probe(&registration("probed", &theirs)).await;
    assert_eq!(probed.unwrap_err().kind(), ErrorKind::ProviderInside);

    // What the operator configured may be inside.
    usual.browser().sign_in(Face::Google, ANA).await;
}
