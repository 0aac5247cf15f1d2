//! How long it takes to open a session's token, and to answer who is there, with each content encryption.
#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up measures nothing")]

use std::hint::black_box;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use betancourt_benches::server::auth;
use betancourt_benches::token::{self, ENCRYPTIONS, now, opener, sealed};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

fn open(criterion: &mut Criterion) {
    let (now, opener) = (now(), opener().unwrap());
    let mut group = criterion.benchmark_group("open a token");
    for (name, encryption) in ENCRYPTIONS {
        let token = sealed(encryption, now).unwrap();
        assert!(opener.open(&token, now).is_some());
        group.bench_function(name, |bencher| bencher.iter(|| opener.open(black_box(&token), now)));
    }
    group.finish();
}

fn session(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let auth = runtime.block_on(auth()).unwrap();
    let mut group = criterion.benchmark_group("say who is there");
    for (name, encryption) in ENCRYPTIONS {
        let token = sealed(encryption, now()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, format!("{}={token}", token::COOKIE).parse().unwrap());
        let ask = || runtime.block_on(auth.session(black_box(&headers))).unwrap();
        assert!(ask().is_some());
        group.bench_function(name, |bencher| bencher.iter(ask));
    }
    group.finish();
}

criterion_group!(benches, open, session);
criterion_main!(benches);
