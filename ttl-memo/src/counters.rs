//! What a cache counts, without its hits writing a line that another core writes.
//!
//! A stand-in for striping: the face is what counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Time;

/// Counts that only grow, but for [`reset`](Self::reset).
///
/// Relaxed throughout: nothing is published through a count, and a total is exact only at rest.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    hits: AtomicU64,
    pub(crate) misses: Count,
    pub(crate) coalesced: Count,
    pub(crate) stale: Count,
    pub(crate) failures: Count,
    pub(crate) refreshes: Count,
    compute_nanos: AtomicU64,
}

/// A count off the hit path.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl Counters {
    #[inline]
    pub(crate) fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    /// A body begins: the time, if this one is measured.
    pub(crate) fn began(&self, time: &Time) -> Option<u64> {
        Some(time.precise())
    }

    /// A body has returned.
    pub(crate) fn computed(&self, began: Option<u64>, now: u64) {
        if let Some(began) = began {
            self.compute_nanos.fetch_add(now.saturating_sub(began), Ordering::Relaxed);
        }
    }

    pub(crate) fn compute_time(&self) -> Duration {
        Duration::from_nanos(self.compute_nanos.load(Ordering::Relaxed))
    }

    pub(crate) fn reset(&self) {
        self.hits.store(0, Ordering::Relaxed);
        self.compute_nanos.store(0, Ordering::Relaxed);
        for count in [&self.misses, &self.coalesced, &self.stale, &self.failures, &self.refreshes] {
            count.reset();
        }
    }
}
