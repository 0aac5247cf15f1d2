//! What is done after the answer, where nobody who waits for it can see what it was or how long it took.

use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

/// How many may be under way. Whoever asks for more than can be done is not waited for.
const MOST: u32 = 256;

/// See the module.
#[derive(Clone)]
pub(crate) struct Errands(Arc<Semaphore>);

impl Default for Errands {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST as usize)))
    }
}

impl Debug for Errands {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Errands")
    }
}

impl Errands {
    /// Begins an errand, and says whether it did: too many may be under way. Without a runtime that could do it in the
    /// meantime, it is done at once.
    pub(crate) async fn begin(&self, errand: impl Future<Output = ()> + Send + 'static) -> bool {
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else { return false };
        let errand = async move {
            errand.await;
            drop(permit);
        };
        let errand = errand.in_current_span().with_current_subscriber();
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(errand)),
            Err(_) => errand.await,
        }
        true
    }

    /// Waits until none is under way.
    pub(crate) async fn done(&self) {
        drop(self.0.acquire_many(MOST).await);
    }
}
