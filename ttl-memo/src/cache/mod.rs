//! [`TtlCache`]: shared, bounded, and its entries expire.

mod builder;
mod core;
mod get_or;
mod landing;
mod loads;
mod rivals;
mod settings;

use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

pub use builder::TtlCacheBuilder;
pub(crate) use core::Core;
use equivalent::Equivalent;
pub(crate) use landing::Leading;
pub(crate) use loads::{Entered, How};
pub(crate) use settings::Settings;

use crate::call::query::{ByEquivalent, ByKey, Query};
use crate::store::NewEntry;
use crate::{CacheInfo, CacheParameters, RandomState};

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
    /// Shared with renewals in the background, which do not keep it alive.
    core: Arc<Core<K, V>>,
    hasher: S,
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

    /// The live value, cloned. Counts as a hit or a miss, and as a use to the policy.
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        V: Clone,
    {
        let (hash, matcher) = (self.hasher.hash_one(key), ByEquivalent::new(key));
        let value = self.core.hit(hash, &matcher).or_else(|| self.core.hit_surely(hash, &matcher));
        if value.is_none() {
            self.core.counters.misses.add_one();
        }
        value
    }

    /// The live value, cloned; neither counted nor a use.
    pub fn peek<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        V: Clone,
    {
        self.core
            .peek(self.hasher.hash_one(key), &ByEquivalent::new(key), |entry| entry.value.clone())
    }

    /// Whether a live value is held for `key`; neither counted nor a use.
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.core.peek(self.hasher.hash_one(key), &ByEquivalent::new(key), |_| ()).is_some()
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
        let now = self.core.time.precise();
        let Some((times, weight)) = self.core.admit(&key, &value, ttl, now) else {
            // What is not to be stored still ends what stood under its key.
            self.core.invalidate(hash, &ByKey(&key));
            return;
        };
        self.core.put(NewEntry { hash, key, value, times, weight }, K::eq, now);
    }

    /// Drops the value stored under `key`; whether it was live. A load of it that is in progress
    /// stores nothing.
    pub fn invalidate<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.core.invalidate(self.hasher.hash_one(key), &ByEquivalent::new(key))
    }
}

impl<K, V, S> TtlCache<K, V, S> {
    #[inline]
    pub(crate) fn core(&self) -> &Arc<Core<K, V>> {
        &self.core
    }

    /// Drops every entry, and zeroes the counters. Loads in progress store nothing.
    pub fn clear(&self) {
        self.core.clear();
    }

    /// Drops the expired entries now; how many. Later calls would, a few at a time.
    pub fn expire(&self) -> usize {
        let now = self.core.time.precise();
        let mut expired = 0;
        self.core.store.each_shard(|locked| expired += locked.expire(now));
        expired
    }

    /// Drops the live entries for which `keep` is false; how many left. Loads in progress store
    /// nothing.
    pub fn retain(&self, keep: impl FnMut(&K, &V) -> bool) -> usize {
        self.core.retain(keep)
    }

    /// A snapshot of the live entries, cloned, in no order.
    pub fn iter(&self) -> std::vec::IntoIter<(K, V)>
    where
        K: Clone,
        V: Clone,
    {
        let mut entries = Vec::new();
        self.core.store.visit(self.core.time.precise(), |entry| {
            entries.push((entry.key.clone(), entry.value.clone()));
            true
        });
        entries.into_iter()
    }

    /// Live entries.
    pub fn len(&self) -> usize {
        self.core.live().0
    }

    /// Whether there is no live entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How the cache has done.
    pub fn info(&self) -> CacheInfo {
        self.core.info()
    }

    /// The options in force.
    pub fn parameters(&self) -> CacheParameters {
        self.core.settings.parameters()
    }

    /// A ttl for entries stored from now on.
    pub fn set_ttl(&self, ttl: impl Into<Option<Duration>>) {
        self.core.settings.set_ttl(ttl.into());
    }

    /// A new bound; evicts down to it before it returns.
    pub fn set_maxsize(&self, maxsize: impl Into<Option<usize>>) {
        let maxsize = maxsize.into();
        self.core.settings.set_maxsize(maxsize);
        let now = self.core.time.precise();
        self.core.store.set_maxsize(maxsize, now);
    }

    /// Off: every call runs its body, what was stored is dropped and nothing is stored.
    pub fn set_enabled(&self, enabled: bool) {
        self.core.settings.set_enabled(enabled);
        if !enabled {
            // A load that saw the cache on is on the board still, or has stored: each shard's
            // lock orders it before this. So the hit path need not ask: nothing is there to hit.
            self.core.drop_all();
        }
    }
}

impl<K, V, S> fmt::Debug for TtlCache<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlCache").field("parameters", &self.parameters()).finish_non_exhaustive()
    }
}
