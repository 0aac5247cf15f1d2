//! Tokens of another time, and times that are none.

use betancourt_auth_dev::{IdToken, Tamper};
use serde_json::{Value, json};

use crate::support::{Place, World, claim};

/// A provider whose clock is off by so many seconds.
fn clock_off(by: i64) -> Tamper {
    let shift = move |token: &mut IdToken| {
        for name in ["iat", "exp", "auth_time"] {
            let moment = token.claims[name].as_i64().unwrap();
            token.claims[name] = (moment + by).into();
        }
    };
    Tamper::id_token(shift)
}

/// A claim that lies so many seconds after the token was issued.
fn moment(name: &'static str, after: i64) -> Tamper {
    Tamper::id_token(move |token| {
        let issued = token.claims["iat"].as_i64().unwrap();
        token.claims[name] = (issued + after).into();
    })
}

/// Up to a minute clocks may differ. Beyond it nobody gets in, and the log says by how much they do.
pub(crate) async fn oidc_06_a_token_that_has_ended_or_a_clock_that_is_wrong(place: Place) {
    let world = World::with_user_info(place).await;
    world.assert_rejected(vec![moment("exp", -70)], "id_token.expired").await;
    let measured = |reason: &str| {
        let event = world.log.events(reason).pop().unwrap();
        let cause = event["fields"]["cause"].as_str().unwrap().to_owned();
        let offset = cause.split(' ').find_map(|word| word.parse::<i64>().ok());
        offset.unwrap_or_else(|| panic!("{cause}"))
    };
    for (off, reason) in [
        (-600, "id_token.expired"),
        (600, "id_token.issued_at"),
        (-90, "id_token.expired"),
        (90, "id_token.issued_at"),
    ] {
        world.assert_rejected(vec![clock_off(off)], reason).await;
        // The token is a moment old when it is judged.
        assert!((0..30).contains(&(off - measured(reason))), "{off}: {}", measured(reason));
    }
    for off in [-45, 45] {
        world.assert_accepted(vec![clock_off(off)]).await;
    }
    world.assert_accepted(vec![moment("exp", -30)]).await;
}

/// A time that is no number is no time, and never one that is merely missing.
pub(crate) async fn oidc_07_times_that_are_none(place: Place) {
    let world = World::with_user_info(place).await;
    let wrong = [
        json!("never"),
        json!("9999999999"),
        json!(-1),
        json!(1e300),
        json!({}),
        json!([9_999_999_999_i64]),
        json!(true),
        Value::Null,
    ];
    for name in ["exp", "iat", "nbf"] {
        for wrong in &wrong {
            let tampers = vec![claim(name, Some(wrong.clone()))];
            world.assert_rejected(tampers, "id_token.malformed").await;
        }
    }
    world.assert_rejected(vec![claim("exp", None)], "id_token.expired").await;

    let with_fraction = Tamper::id_token(|token| {
        let issued = token.claims["iat"].as_f64().unwrap();
        token.claims["exp"] = json!(issued + 60.5);
    });
    world.assert_accepted(vec![with_fraction, moment("nbf", 0)]).await;
}

/// A token says when it was issued, and neither that nor when it begins to count lies ahead.
pub(crate) async fn oidc_08_tokens_of_no_time_or_of_the_future(place: Place) {
    let world = World::with_user_info(place).await;
    for wrong in [
        claim("iat", None),
        Tamper::id_token(|token| {
            let issued = token.claims["iat"].as_i64().unwrap();
            token.claims["iat"] = (issued + 90).into();
        }),
        moment("nbf", 90),
    ] {
        world.assert_rejected(vec![wrong], "id_token.issued_at").await;
    }
    world.assert_accepted(vec![moment("nbf", 30)]).await;
}
