//! A Redis that is spoken to over TLS, and never to anybody who is not vouched for.

use std::fs;
use std::path::Path;

use betancourt_auth_redis::{OpenError, RedisStore};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::scene;
use crate::server::{Server, free_port};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server that is called so, as that authority says, and speaks nothing but TLS.
fn server(authority: &Authority, called: &str) -> Option<Server> {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![called.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let port = free_port();
    let file = |kind: &str, text: String| {
        let name = format!("redis-tls-{}-{port}.{kind}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = file("crt", certificate.pem());
    let key = file("key", key.serialize_pem());
    let authority = file("ca", authority.pem());
    let port_text = port.to_string();
    let settings = [
        ["--port", "0"],
        ["--tls-port", &port_text],
        ["--save", ""],
        ["--tls-cert-file", &certificate],
        ["--tls-key-file", &key],
        ["--tls-ca-cert-file", &authority],
        ["--tls-auth-clients", "no"],
    ];
    let settings = settings.as_flattened().iter().map(|setting| (*setting).to_owned());
    let server = Server::start_on(port, settings.collect());
    for written in [certificate, key, authority] {
        fs::remove_file(written).unwrap();
    }
    server
}

#[tokio::test]
async fn a_server_is_spoken_to_over_tls_if_its_authority_is_trusted() {
    let (ours, theirs) = (authority(), authority());
    let Some(server) = server(&ours, "127.0.0.1") else { return };
    let url = server.url().replace("redis://", "rediss://");
    let trusting = RedisStore::options().trusting(ours.pem());
    let store = scene::beside(trusting.connect(&url).await.unwrap()).await;
    scene::works(&store, "ada").await;

    let of_others = RedisStore::options().trusting(theirs.pem()).connect(&url).await;
    assert!(matches!(of_others, Err(OpenError::Unreachable(_))), "{of_others:?}");
    let of_mozilla = RedisStore::connect(&url).await;
    assert!(matches!(of_mozilla, Err(OpenError::Unreachable(_))), "{of_mozilla:?}");
    let in_clear = RedisStore::connect(&server.url()).await;
    assert!(matches!(in_clear, Err(OpenError::Unreachable(_))), "{in_clear:?}");
    let unseen = RedisStore::connect(&format!("{url}/#insecure")).await;
    assert!(matches!(unseen, Err(OpenError::Insecure)), "{unseen:?}");
}

#[tokio::test]
async fn a_server_that_is_called_otherwise_is_not_spoken_to() {
    let ours = authority();
    let Some(server) = server(&ours, "redis.example.com") else { return };
    let url = server.url().replace("redis://", "rediss://");
    let answer = RedisStore::options().trusting(ours.pem()).connect(&url).await;
    assert!(matches!(answer, Err(OpenError::Unreachable(_))), "{answer:?}");
}
