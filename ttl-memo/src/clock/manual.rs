//! A clock for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Clock, nanos};

/// A clock that moves only when told to. Clones share the time.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::{Clock, ManualClock};
///
/// let clock = ManualClock::new();
/// let same = clock.clone();
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(same.now(), Duration::from_secs(90));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock {
    nanos: Arc<AtomicU64>,
}

impl ManualClock {
    /// A clock that stands at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the time on by `step`, for every clone; saturates after 584 years.
    pub fn advance(&self, step: Duration) {
        // Release, beside the Acquire of `now`: who sees the new time also sees what the thread
        // that moved it did before.
        let later = |now: u64| Some(now.saturating_add(nanos(step)));
        let _ = self.nanos.fetch_update(Ordering::Release, Ordering::Relaxed, later);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Acquire))
    }
}
