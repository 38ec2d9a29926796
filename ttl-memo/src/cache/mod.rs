//! [`TtlCache`]: shared, bounded, and its entries expire.

mod builder;
mod get_or;
mod loads;
mod settings;

use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::time::Duration;

pub use builder::TtlCacheBuilder;
use equivalent::Equivalent;
pub(crate) use loads::{Entered, Same};
pub(crate) use settings::Settings;

use crate::call::query::{ByEquivalent, ByKey, Matches, Query};
use crate::clock::Time;
use crate::counters::Counters;
use crate::flight::Board;
use crate::store::{EntryRef, NewEntry, Store};
use crate::{CacheInfo, CacheParameters, RandomState, RemovalCause};

/// A bounded map whose entries expire, for any number of threads: what `#[ttl_cache]` is made of.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::TtlCache;
///
/// let cache = TtlCache::new(1_000, Duration::from_secs(60));
/// cache.insert("a", 1);
/// assert_eq!(cache.get("a"), Some(1));
/// assert_eq!(cache.get_or_insert_with("b", || 2), 2);
/// ```
pub struct TtlCache<K, V, S = RandomState> {
    store: Store<K, V, Board<K, V>>,
    hasher: S,
    pub(crate) time: Time,
    pub(crate) counters: Counters,
    settings: Settings<K, V>,
}

impl<K, V> TtlCache<K, V> {
    /// A cache of at most `maxsize` entries that live for `ttl`; `None` for either: no bound.
    pub fn new(maxsize: impl Into<Option<usize>>, ttl: impl Into<Option<Duration>>) -> Self {
        Self::builder().maxsize(maxsize).ttl(ttl).build()
    }

    /// A cache with options of its own.
    pub fn builder() -> TtlCacheBuilder<K, V> {
        TtlCacheBuilder::new()
    }
}

impl<K, V, S: BuildHasher> TtlCache<K, V, S> {
    #[inline]
    pub(crate) fn hash_of(&self, query: &impl Query<Key = K>) -> u64 {
        let mut state = self.hasher.build_hasher();
        query.hash_into(&mut state);
        state.finish()
    }

    /// A clone of the live value, counted as a hit; a miss is counted by whoever loads.
    #[inline]
    pub(crate) fn hit<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<V>
    where
        V: Clone,
    {
        let value = self.store.read(hash, matcher, &self.time, |entry| entry.value.clone())?;
        self.counters.hit();
        Some(value)
    }

    /// The live value, cloned. Counts as a hit or a miss, and as a use to the policy.
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        V: Clone,
    {
        let value = self.hit(self.hasher.hash_one(key), &ByEquivalent::new(key));
        if value.is_none() {
            self.counters.misses.add_one();
        }
        value
    }

    /// The live value, cloned; neither counted nor a use.
    pub fn peek<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        V: Clone,
    {
        self.peek_by(self.hasher.hash_one(key), &ByEquivalent::new(key), |entry| {
            entry.value.clone()
        })
    }

    /// Whether a live value is held for `key`; neither counted nor a use.
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.peek_by(self.hasher.hash_one(key), &ByEquivalent::new(key), |_| ()).is_some()
    }

    pub(crate) fn peek_by<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let now = self.time.precise();
        let live = |entry: EntryRef<'_, K, V>| (now < entry.times.deadline).then(|| take(entry));
        self.store.read_held(hash, matcher, now, live)?
    }

    /// Stores a value for the cache's ttl, in place of one stored before.
    pub fn insert(&self, key: K, value: V)
    where
        K: Hash + Eq,
    {
        self.insert_for(key, value, None);
    }

    /// Stores a value for a ttl of its own; a ttl of zero stores nothing.
    pub fn insert_with_ttl(&self, key: K, value: V, ttl: Duration)
    where
        K: Hash + Eq,
    {
        self.insert_for(key, value, Some(ttl));
    }

    fn insert_for(&self, key: K, value: V, ttl: Option<Duration>)
    where
        K: Hash + Eq,
    {
        let hash = self.hasher.hash_one(&key);
        let now = self.time.precise();
        let Some((times, weight)) = self.admit(&key, &value, ttl, now) else {
            // What is not to be stored still ends what stood under its key.
            self.invalidate_by(hash, &ByKey(&key));
            return;
        };
        self.put(NewEntry { hash, key, value, times, weight }, K::eq, now);
    }

    /// Drops the value stored under `key`; whether it was live. A load of it that is in progress
    /// stores nothing.
    pub fn invalidate<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.invalidate_by(self.hasher.hash_one(key), &ByEquivalent::new(key))
    }

    pub(crate) fn invalidate_by<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> bool {
        let now = self.time.precise();
        self.store.locked(hash, matcher, |locked, found, _| {
            locked.companion().detach(hash);
            let Some(found) = found else { return false };
            let live = locked.times(hash, found).is_some_and(|times| now < times.deadline);
            let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
            locked.remove(found, hash, cause);
            live
        })
    }
}

impl<K, V, S> TtlCache<K, V, S> {
    /// Drops every entry, and zeroes the counters. Loads in progress store nothing.
    pub fn clear(&self) {
        self.drop_all();
        self.store.each_shard(|locked| locked.reset_removals());
        self.counters.reset();
    }

    fn drop_all(&self) {
        self.store.each_shard(|locked| {
            locked.companion().detach_all();
            locked.clear();
        });
    }

    /// Drops the expired entries now; how many. Later calls would, a few at a time.
    pub fn expire(&self) -> usize {
        let now = self.time.precise();
        let mut expired = 0;
        self.store.each_shard(|locked| expired += locked.expire(now));
        expired
    }

    /// Drops the live entries for which `keep` is false; how many left.
    pub fn retain(&self, mut keep: impl FnMut(&K, &V) -> bool) -> usize {
        self.store.each_shard(|locked| locked.companion().detach_all());
        self.store.visit(self.time.precise(), |entry| keep(entry.key, entry.value))
    }

    /// A snapshot of the live entries, cloned, in no order.
    pub fn iter(&self) -> std::vec::IntoIter<(K, V)>
    where
        K: Clone,
        V: Clone,
    {
        let mut entries = Vec::new();
        self.store.visit(self.time.precise(), |entry| {
            entries.push((entry.key.clone(), entry.value.clone()));
            true
        });
        entries.into_iter()
    }

    /// Live entries.
    pub fn len(&self) -> usize {
        self.live().0
    }

    /// Whether there is no live entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn live(&self) -> (usize, usize) {
        let now = self.time.precise();
        let mut total = (0, 0);
        self.store.each_shard(|locked| {
            let (len, weight) = locked.live(now);
            total = (total.0 + len, total.1 + weight);
        });
        total
    }

    /// How the cache has done.
    pub fn info(&self) -> CacheInfo {
        let (len, weight) = self.live();
        let (mut evictions, mut expirations) = (0, 0);
        self.store.each_shard(|locked| {
            let removals = locked.removals();
            (evictions, expirations) = (evictions + removals.0, expirations + removals.1);
        });
        CacheInfo {
            hits: self.counters.hits(),
            misses: self.counters.misses.get(),
            maxsize: self.settings.maxsize(),
            currsize: weight,
            len,
            evictions,
            expirations,
            coalesced: self.counters.coalesced.get(),
            stale: self.counters.stale.get(),
            failures: self.counters.failures.get(),
            refreshes: self.counters.refreshes.get(),
            compute_time: self.counters.compute_time(),
        }
    }

    /// The options in force.
    pub fn parameters(&self) -> CacheParameters {
        self.settings.parameters()
    }

    /// A ttl for entries stored from now on.
    pub fn set_ttl(&self, ttl: impl Into<Option<Duration>>) {
        self.settings.set_ttl(ttl.into());
    }

    /// A new bound; evicts down to it before it returns.
    pub fn set_maxsize(&self, maxsize: impl Into<Option<usize>>) {
        let maxsize = maxsize.into();
        self.settings.set_maxsize(maxsize);
        let now = self.time.precise();
        self.store.each_shard(|locked| locked.set_maxsize(maxsize, now));
    }

    /// Off: every call runs its body, what was stored is dropped and nothing is stored.
    pub fn set_enabled(&self, enabled: bool) {
        self.settings.set_enabled(enabled);
        if !enabled {
            // A load that saw the cache on is on the board still, or has stored: each shard's
            // lock orders it before this. So the hit path need not ask: nothing is there to hit.
            self.drop_all();
        }
    }
}

impl<K, V, S> fmt::Debug for TtlCache<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlCache").field("parameters", &self.parameters()).finish_non_exhaustive()
    }
}
