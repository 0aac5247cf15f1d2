//! Signatures that are missing, broken, of another kind, or nothing but numbers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use betancourt_auth::provider::Algorithm;
use betancourt_auth::store::MemoryStore;
use betancourt_auth::{Auth, Config};
use betancourt_auth_dev::{Endpoint, Face, Signature, Tamper};
use serde_json::{Value, json};

use crate::support::forger::{Claims, claims_of, id_token, keys, token};
use crate::support::{Forger, Place, SECRET, Stage, World, ask_for_more, at_google, signed_with};

/// A provider that names this algorithm and signs in this way.
fn signed(named: &'static str, signature: Signature) -> Tamper {
    Tamper::id_token(move |token| {
        token.header["alg"] = named.into();
        token.signature = signature.clone();
    })
}

/// A token that nobody signed, however it says so.
pub(crate) async fn oidc_11_a_token_without_a_signature(place: Place) {
    let world = World::with_user_info(place).await;
    for named in ["none", "None", "NONE", "nOnE", "", "RS256 "] {
        for signature in [Signature::Absent, Signature::Genuine] {
            let tampers = vec![signed(named, signature)];
            world.assert_rejected(tampers, "id_token.algorithm").await;
        }
    }
    world.assert_rejected(vec![signed("RS256", Signature::Absent)], "id_token.signature").await;
    world.assert_accepted(vec![signed("RS256", Signature::Genuine)]).await;
}

/// A signature is checked whatever channel the token came by: one bit of it, or of what it covers, is enough.
pub(crate) async fn oidc_12_a_broken_signature(place: Place) {
    let world = World::with_user_info(place).await;
    world.assert_rejected(vec![signed("RS256", Signature::Broken)], "id_token.signature").await;
    let somebody_else = Tamper::json(Endpoint::Token, |answer| {
        let genuine = answer["id_token"].as_str().unwrap();
        let mut claims = claims_of(genuine);
        claims.insert("sub".to_owned(), "somebody-else".into());
        let claims = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
        let (header, rest) = genuine.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        answer["id_token"] = format!("{header}.{claims}.{signature}").into();
    });
    world.assert_rejected(vec![somebody_else], "id_token.signature").await;
    world.assert_accepted(vec![]).await;
}

/// An HMAC keyed with what everybody knows, or with what the provider and we share, where a published key is configured.
pub(crate) async fn oidc_13_an_hmac_instead_of_a_signature(place: Place) {
    let world = World::with_user_info(place).await;
    let secret = world.net.lookalikes.client(Face::Google).secret().as_bytes().to_vec();
    let with_public_key = |named: &'static str, in_pem: bool| {
        Tamper::id_token(move |token| {
            token.header["alg"] = named.into();
            token.signature = Signature::Hmac(match in_pem {
                true => token.public_key_pem().into_bytes(),
                false => token.public_key_der().to_vec(),
            });
        })
    };
    for (named, reason) in [("HS256", "id_token.algorithm"), ("RS256", "id_token.signature")] {
        for hmac in [
            with_public_key(named, true),
            with_public_key(named, false),
            signed(named, Signature::Hmac(secret.clone())),
            signed(named, Signature::Hmac(Vec::new())),
        ] {
            world.assert_rejected(vec![hmac], reason).await;
        }
    }
    world.assert_accepted(vec![]).await;

    // Where the secret is what counts, published keys do not: never both.
    let shared = at_google(|registration| {
        ask_for_more(registration);
        signed_with(registration, &[Algorithm::Hs256]);
    });
    let world = Stage::new(place).config(shared).start().await;
    let secret = world.net.lookalikes.client(Face::Google).secret().as_bytes().to_vec();
    world.assert_rejected(vec![], "id_token.algorithm").await;
    world.assert_rejected(vec![with_public_key("HS256", true)], "id_token.signature").await;
    world.assert_accepted(vec![signed("HS256", Signature::Hmac(secret))]).await;
    let mut both = Config::new("https://localhost", SECRET).unwrap();
    both.registrations = world.net.lookalikes.registrations();
    assert!(Auth::new(both.clone(), MemoryStore::default()).is_ok());
    at_google(|registration| signed_with(registration, &[Algorithm::Rs256, Algorithm::Hs256]))(
        &mut both,
    );
    let refused = Auth::new(both, MemoryStore::default()).unwrap_err().to_string();
    assert!(refused.contains("algorithms of one kind"), "{refused}");
}

/// The order of the group on P-256 (FIPS 186-4 §D.1.2.3): no part of a signature is as large.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

type Forging = fn(&Forger, &[u8]) -> Vec<u8>;

/// Numbers that are no signature, and signatures in another form (CVE-2022-21449).
const FORGERIES: [Forging; 9] = [
    |_, _| vec![0; 64],                                            // zeros
    |key, signed| [&[0; 32], &key.sign(signed)[32..]].concat(),    // no r
    |key, signed| [&key.sign(signed)[..32], &[0; 32]].concat(),    // no s
    |key, signed| [&ORDER[..], &key.sign(signed)[32..]].concat(),  // r is the order
    |key, signed| [&key.sign(signed)[..32], &ORDER].concat(),      // s is the order
    |key, signed| [&key.sign(signed)[..32], &[0xff; 32]].concat(), // s is beyond it
    |key, signed| key.sign_in_der(signed),                         // in DER
    |key, signed| key.sign(signed)[..63].to_vec(),                 // cut short
    |key, signed| [&key.sign(signed)[..], &[0]].concat(),          // with something after it
];

/// A provider whose token is signed so, by a key that it publishes on a curve.
fn forged(key: &Forger, named: &'static str, sign: Forging) -> Vec<Tamper> {
    let signer = key.clone();
    let make = move |claims: Claims| {
        let header = json!({ "alg": named, "kid": "on-a-curve" });
        token(&header, &Value::Object(claims).to_string(), |signed| sign(&signer, signed))
    };
    vec![key.published("on-a-curve"), id_token(make)]
}

/// Elliptic curves: what is no signature, or one of another curve, is refused without a panic.
pub(crate) async fn oidc_14_numbers_that_are_no_signature_on_a_curve(place: Place) {
    let on_a_curve = || {
        at_google(|registration| {
            ask_for_more(registration);
            signed_with(registration, &[Algorithm::Es256]);
        })
    };
    let world = Stage::new(place).config(on_a_curve()).start().await;
    let key = Forger::on_p256();
    for sign in FORGERIES {
        world.assert_rejected(forged(&key, "ES256", sign), "id_token.signature").await;
    }
    world.assert_rejected(forged(&key, "ES384", Forger::sign), "id_token.algorithm").await;
    world.assert_accepted(forged(&key, "ES256", Forger::sign)).await;

    // Keys on another curve, off every curve, or with a name that is not their curve's.
    let larger = Forger::on_p384();
    let mut disguised = larger.jwk("on-a-curve");
    disguised["crv"] = "P-256".into();
    let mut nowhere = key.jwk("on-a-curve");
    nowhere["x"] = URL_SAFE_NO_PAD.encode([1; 32]).into();
    let strange = [(&larger, larger.jwk("on-a-curve")), (&larger, disguised), (&key, nowhere)];
    for (signer, jwk) in strange {
        let world = Stage::new(place).config(on_a_curve()).start().await;
        let mut tampers = forged(signer, "ES256", Forger::sign);
        tampers[0] = keys(vec![jwk], Vec::new());
        world.assert_rejected(tampers, "id_token.signature").await;
    }
}
