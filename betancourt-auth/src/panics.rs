//! Whatever panics while somebody waits for an answer ends with an answer.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::error::{Error, ErrorKind};

/// Does something that may panic: a hook of the application, a store, a mailer. What they said in doing so is in the output
/// of the panic, where their author looks for it, and nowhere else.
///
/// # Errors
/// [`ErrorKind::Panicked`], and what the work itself fails with. Nothing of what it was at work on is seen again, so
/// nothing that it left half-done is.
pub(crate) async fn caught<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let mut work = pin!(work);
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(ErrorKind::Panicked.into())))
    })
    .await
}
