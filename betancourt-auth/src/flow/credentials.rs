//! Signing in with credentials: the application judges; unknown and wrong cost and answer the same.

use serde_json::Value;
use tokio::time::{Duration, Instant, sleep_until};

use crate::address::Address;
use crate::answer::Answer;
use crate::check::return_to::ReturnTo;
use crate::check::{csrf, rate};
use crate::config::Setup;
use crate::error::{Error, ErrorKind};
use crate::flow::{finish, record_refusal};
use crate::model::{AccountKey, User};
use crate::presented::Presented;
use crate::provider::{AuthorizeError, CredentialsProvider, Email, Profile, Submitted};
use crate::request::Request;
use crate::witness::{Identity, Intention, Means, Proof, Visitor};

/// What a form carries besides the credentials.
const NOT_SUBMITTED: [&str; 2] = ["csrfToken", "callbackUrl"];

/// `POST /callback/:provider`: asks the application whose credentials these are.
///
/// # Errors
/// The groups *Request*, *Refused* and *Ours*.
pub(crate) async fn callback(
    setup: &Setup,
    request: &Request,
    provider: &CredentialsProvider,
) -> Result<Answer, Error> {
    csrf::verify(setup, request)?;
    let return_to = ReturnTo::read(setup, request).await?;
    let submitted = submitted(request);
    rate::admit(setup, request).await?;
    rate::admit_name(setup, request, provider, &submitted).await?;
    match judge(provider, &submitted).await {
        Ok(user) => {
            let identity = identity(setup, request, provider, user)?;
            let answer = finish(setup, identity, &return_to.after_sign_in(setup)).await?;
            Ok(answer.with_cookie(return_to.cookie))
        }
        Err(error) => {
            record_refusal(setup, request, &provider.id, &error).await;
            Err(error)
        }
    }
}

fn submitted(request: &Request) -> Submitted {
    let pairs = request.form.pairs().into_iter();
    let pairs = pairs.filter(|(name, _)| !NOT_SUBMITTED.contains(name));
    Submitted::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Asks the application. A refusal takes a whole number of `refusal_takes`, so that its time tells nothing.
async fn judge(provider: &CredentialsProvider, submitted: &Submitted) -> Result<User, Error> {
    let began = Instant::now();
    let error = match provider.authorize.authorize(submitted).await {
        Ok(user) => return Ok(user),
        Err(AuthorizeError::Rejected { code }) => {
            Error::from(ErrorKind::CredentialsRejected).with_word(code)
        }
        Err(AuthorizeError::Failed(cause)) => Error::because(ErrorKind::AuthorizeFailed, cause),
    };
    sleep_until(began + rounded_up(began.elapsed(), provider.refusal_takes)).await;
    Err(error)
}

/// A time as the next whole number of steps.
fn rounded_up(elapsed: Duration, step: Duration) -> Duration {
    let steps = elapsed.as_nanos().checked_div(step.as_nanos()).unwrap_or_default() + 1;
    step.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// The application's word is the proof.
fn identity(
    setup: &Setup,
    request: &Request,
    provider: &CredentialsProvider,
    mut user: User,
) -> Result<Identity, Error> {
    user.email = user.email.as_deref().and_then(Address::parse).map(String::from);
    let presented = match Presented::read(setup, &request.cookies) {
        Presented::Several => return Err(ErrorKind::CookieDuplicate.into()),
        presented => presented.into_token(),
    };
    let is_proven = user.email_verified.is_some();
    let email = user.email.clone();
    Ok(Identity::assertion(Proof {
        key: AccountKey::new(provider.id.clone(), user.id.as_str()),
        profile: Profile {
            subject: user.id.to_string(),
            name: user.name.clone(),
            email: email.map(if is_proven { Email::Verified } else { Email::Unverified }),
            image: user.image.clone(),
        },
        means: Means::Credentials(Box::new(user)),
        document: Value::Null,
        intention: Intention::SignIn,
        sessions: presented.into_iter().collect(),
        visitor: Visitor { device: request.device(), network: request.network() },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_takes_whole_steps() {
        let step = Duration::from_millis(500);
        for (elapsed, expected) in [(0, 500), (1, 500), (499, 500), (500, 1000), (1200, 1500)] {
            let rounded = rounded_up(Duration::from_millis(elapsed), step);
            assert_eq!(rounded, Duration::from_millis(expected), "{elapsed}");
        }
        assert_eq!(rounded_up(Duration::from_millis(7), Duration::ZERO), Duration::ZERO);
    }
}
