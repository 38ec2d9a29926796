//! What a cache is but for its hasher: shared with the work that it has in the background.

use std::time::Duration;

use super::Settings;
use super::rivals::Same;
use crate::call::query::Matches;
use crate::clock::{Time, nanos};
use crate::counters::Counters;
use crate::flight::Board;
use crate::store::{EntryRef, Store, Times};
use crate::{CacheInfo, RemovalCause};

/// Its types are its users'; its methods are the crate's own.
pub struct Core<K, V> {
    pub(crate) store: Store<K, V, Board<K, V>>,
    pub(crate) time: Time,
    pub(crate) counters: Counters,
    pub(crate) settings: Settings<K, V>,
    /// What was counted before the counters were last set back.
    #[cfg(feature = "metrics")]
    pub(crate) cleared: crate::observe::metrics::Cleared,
}

impl<K, V> Core<K, V> {
    /// A clone of the live value, counted as a hit; a miss is counted by whoever loads.
    #[inline]
    pub(crate) fn hit<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<V>
    where
        V: Clone,
    {
        let clone = |entry: EntryRef<'_, K, V>| entry.value.clone();
        let value = self.store.read(hash, matcher, &self.time, false, clone)?;
        self.count_hit();
        Some(value)
    }

    /// Counts a hit that was answered from the store.
    #[inline]
    pub(crate) fn count_hit(&self) {
        if self.counters.hit() {
            self.store.tidy();
        }
    }

    /// As [`hit`](Self::hit), after it: finds also what was being moved then.
    #[cold]
    pub(crate) fn hit_surely<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<V>
    where
        V: Clone,
    {
        let value = self.peek(hash, matcher, |entry| entry.value.clone())?;
        self.counters.hit();
        Some(value)
    }

    /// What `take` makes of the live entry; neither counted nor a use.
    pub(crate) fn peek<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let now = self.time.precise();
        let live = |entry: EntryRef<'_, K, V>| (now < entry.deadline()).then(|| take(entry));
        self.store.read_held(hash, matcher, now, live)?
    }

    /// Times and weight of an entry stored now; None if it is not to be stored. Runs user code.
    pub(crate) fn admit(
        &self,
        key: &K,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<(Times, usize)> {
        let settings = &self.settings;
        let own = || settings.expire_after.as_ref().and_then(|of| of(key, value));
        let ttl = ttl.or_else(own).map_or_else(|| settings.ttl(), nanos);
        let weight = settings.weigher.as_ref().map_or(1, |weigh| weigh(key, value));
        let ttl = settings.jittered(ttl);
        let deadline = now.saturating_add(ttl);
        let gone = deadline.saturating_add(settings.stale_window());
        let lives = ttl > 0 && settings.tti != Some(Duration::ZERO);
        let stored = lives && settings.takes(weight);
        stored.then_some((Times { stored: now, deadline, gone }, weight))
    }

    /// Takes an entry out that a `valid_if` refused, as expired, unless another has come since.
    pub(crate) fn expire_one<M: Matches<Key = K>>(&self, hash: u64, matcher: &M, times: Times) {
        self.store.locked(hash, matcher, |locked, found, _| {
            let Some(found) = found else { return };
            if locked.times(found) == times {
                locked.remove(found, RemovalCause::Expired);
            }
        });
    }

    pub(crate) fn clear(&self) {
        self.drop_all();
        #[cfg(feature = "metrics")]
        self.cleared.keep(&self.info());
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method is of one lifetime"
        )]
        self.store.each_shard(|locked| locked.reset_removals());
        self.counters.reset();
    }

    pub(crate) fn drop_all(&self) {
        let mut detached = Vec::new();
        self.store.each_shard(|locked| {
            detached.push(locked.companion().detach_all());
            locked.clear();
        });
    }

    /// Off the board with every flight, and then every entry shown to `keep`; how many live ones
    /// left.
    pub(crate) fn retain(&self, mut keep: impl FnMut(&K, &V) -> bool) -> usize {
        let mut detached = Vec::new();
        self.store.each_shard(|locked| detached.push(locked.companion().detach_all()));
        drop(detached);
        self.store.visit(self.time.precise(), |entry| keep(entry.key, entry.value))
    }

    pub(crate) fn info(&self) -> CacheInfo {
        let (len, weight) = self.live();
        let (mut evictions, mut expirations) = (0, 0);
        self.store.each_shard(|locked| {
            let removals = locked.removals();
            (evictions, expirations) = (evictions + removals.0, expirations + removals.1);
        });
        let counters = &self.counters;
        CacheInfo {
            hits: counters.hits(),
            misses: counters.misses.get(),
            maxsize: self.settings.maxsize(),
            currsize: weight,
            len,
            evictions,
            expirations,
            coalesced: counters.coalesced.get(),
            stale: counters.stale.get(),
            failures: counters.failures.get(),
            refreshes: counters.refreshes.get(),
            compute_time: counters.compute_time(),
        }
    }

    /// Live entries, and their total weight.
    pub(crate) fn live(&self) -> (usize, usize) {
        let now = self.time.precise();
        let mut total = (0, 0);
        self.store.each_shard(|locked| {
            let (len, weight) = locked.live(now);
            total = (total.0 + len, total.1 + weight);
        });
        total
    }
}

impl<K, V> std::fmt::Debug for Core<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}

/// A stored key that finds its entry.
#[derive(Debug)]
pub(crate) struct KeyOf<'k, K> {
    pub(crate) key: &'k K,
    pub(crate) same: Same<K>,
}

impl<K> Matches for KeyOf<'_, K> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        (self.same)(self.key, key)
    }
}
