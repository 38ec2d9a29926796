//! [`TtlCache`]: shared, bounded, and its entries expire.

mod arrival;
mod builder;
mod core;
mod get_or;
mod home;
mod landing;
mod loads;
mod local;
mod respite;
mod rivals;
mod settings;
mod sweep;
mod traits;

use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

pub use builder::TtlCacheBuilder;
pub(crate) use core::Core;
use equivalent::Equivalent;
pub(crate) use home::{Home, Shown, Tally};
pub(crate) use landing::Leading;
pub(crate) use loads::{Entered, How, Start, aging_from};
pub(crate) use local::{LocalBuilder, LocalCache, LocalCore};
pub(crate) use settings::{ExpireAfter, Jitter, Settings, Weigher};
pub(crate) use sweep::{Sweep, Swept};

use crate::call::query::{ByEquivalent, ByKey, Query};
use crate::store::NewEntry;
use crate::{CacheInfo, CacheParameters, RandomState};

/// A bounded map whose entries expire, for any number of threads: what `#[ttl_cache]` is made of.
///
/// Every method takes `&self`. Look-ups take any borrowed form of the key: `&str` for a `String`,
/// and whatever else is [`Equivalent`] to it. A value is handed out as a clone; put a large one in
/// an [`Arc`]. Methods see live entries only: an entry stored at `t` for a time `d` is live
/// while `now < t + d`.
///
/// An operation on one key takes constant time, beside the key's `Hash` and `Eq` and a bounded
/// share of what has expired since. No lock is held while code of yours runs (`Hash`, `Eq`, `Clone`,
/// `Drop`, closures, listeners), so it may call the cache again; if it panics, the panic reaches
/// the caller whose call ran it, and the cache goes on.
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
    ///
    /// Allocates nothing for entries yet. A `maxsize` of 0 or a `ttl` of zero: nothing is ever
    /// stored.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let sessions = TtlCache::new(10_000, Duration::from_secs(3_600));
    /// let for_ever = TtlCache::new(None, None);
    /// sessions.insert(7, "ada");
    /// for_ever.insert("ada", 7);
    /// assert_eq!((sessions.get(&7), for_ever.get("ada")), (Some("ada"), Some(7)));
    /// ```
    pub fn new(maxsize: impl Into<Option<usize>>, ttl: impl Into<Option<Duration>>) -> Self {
        Self::builder().maxsize(maxsize).ttl(ttl).build()
    }

    /// A cache with options of its own.
    ///
    /// ```
    /// use ttl_memo::{Policy, TtlCache};
    ///
    /// let cache = TtlCache::builder().maxsize(2).policy(Policy::Fifo).build();
    /// cache.insert(1, "one");
    /// assert_eq!(cache.get(&1), Some("one"));
    /// ```
    pub fn builder() -> TtlCacheBuilder<K, V> {
        TtlCacheBuilder::new()
    }
}

impl<K, V, S: BuildHasher> TtlCache<K, V, S> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is fed is known where it is inlined, and folds")]
    pub(crate) fn hash_of(&self, query: &impl Query<Key = K>) -> u64 {
        let mut state = self.hasher.build_hasher();
        query.hash_into(&mut state);
        crate::hash::spread::<S>(state.finish())
    }

    /// The same, of a key or what is equivalent to one.
    #[inline]
    fn hash_one(&self, key: &(impl Hash + ?Sized)) -> u64 {
        crate::hash::spread::<S>(self.hasher.hash_one(key))
    }

    /// The live value, cloned. Counts as a hit or a miss, and as a use to the policy.
    ///
    /// Never waits for a load in progress, nor gives a value that is past its deadline.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache: TtlCache<String, u32> = TtlCache::new(10, Duration::from_secs(60));
    /// assert_eq!(cache.get("a"), None);
    /// cache.insert("a".to_owned(), 1);
    /// assert_eq!(cache.get("a"), Some(1));
    /// assert_eq!((cache.info().hits, cache.info().misses), (1, 1));
    /// ```
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        V: Clone,
    {
        let (hash, matcher) = (self.hash_one(key), ByEquivalent::new(key));
        let value = self.core.hit(hash, &matcher).or_else(|| self.core.hit_surely(hash, &matcher));
        if value.is_none() {
            self.core.counters.miss();
        }
        value
    }

    /// The live value, cloned; neither counted nor a use.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.insert("a", 1);
    /// assert_eq!(cache.peek("a"), Some(1));
    /// assert_eq!(cache.info().hits, 0);
    /// ```
    pub fn peek<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        V: Clone,
    {
        self.core.peek(self.hash_one(key), &ByEquivalent::new(key), |entry| entry.value.clone())
    }

    /// Whether a live value is held for `key`; neither counted nor a use, and nothing is cloned.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.insert("a", 1);
    /// assert!(cache.contains_key("a") && !cache.contains_key("b"));
    /// ```
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.core.peek(self.hash_one(key), &ByEquivalent::new(key), |_| ()).is_some()
    }

    /// Stores a value for the cache's ttl, in place of one stored before.
    ///
    /// A load of the key that is in progress gives its value to its own callers, and stores
    /// nothing over this one. A value heavier than `maxsize` is not stored, but ends what stood
    /// under its key.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.insert("a", 1);
    /// cache.insert("a", 2);
    /// assert_eq!(cache.get("a"), Some(2));
    /// ```
    pub fn insert(&self, key: K, value: V)
    where
        K: Hash + Eq,
    {
        self.insert_for(key, value, None);
    }

    /// Stores a value for a ttl of its own, which comes before the cache's `ttl` and its
    /// `expire_after`. A ttl of zero stores nothing, and ends what stood under the key.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlCache};
    ///
    /// let clock = ManualClock::new();
    /// let tokens = TtlCache::builder().clock(clock.clone()).build();
    /// tokens.insert_with_ttl("user", "token", Duration::from_secs(30));
    /// clock.advance(Duration::from_secs(30));
    /// assert_eq!(tokens.get("user"), None);
    /// ```
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
        let hash = self.hash_one(&key);
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
    ///
    /// A call that begins after this has returned never gets a value whose computation began
    /// before.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.insert("a", 1);
    /// assert!(cache.invalidate("a"));
    /// assert!(!cache.invalidate("a"));
    /// ```
    pub fn invalidate<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.core.invalidate(self.hash_one(key), &ByEquivalent::new(key))
    }
}

impl<K, V, S> TtlCache<K, V, S> {
    /// Recomputes every invariant; for the fuzzer.
    #[cfg(fuzzing)]
    #[doc(hidden)]
    pub fn validate(&self) {
        self.core.store.validate();
    }

    #[inline]
    pub(crate) fn core(&self) -> &Arc<Core<K, V>> {
        &self.core
    }

    /// Drops every entry, and zeroes the counters. Loads in progress store nothing, nor do those that
    /// begin before it returns.
    ///
    /// Takes time in proportion to what is held, because each value is dropped, and heard of by
    /// the listener, before it returns.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.get_or_insert_with("a", || 1);
    /// cache.clear();
    /// assert_eq!(cache.info(), TtlCache::<&str, i32>::new(10, None).info());
    /// ```
    pub fn clear(&self) {
        self.core.clear();
    }

    /// Drops the expired entries now; how many. Later calls would, a few at a time.
    ///
    /// An entry in a stale window stays until that is over. Takes time in proportion to what has
    /// expired.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlCache};
    ///
    /// let clock = ManualClock::new();
    /// let cache = TtlCache::builder().ttl(Duration::from_secs(1)).clock(clock.clone()).build();
    /// cache.insert("a", 1);
    /// clock.advance(Duration::from_secs(1));
    /// assert_eq!(cache.expire(), 1);
    /// ```
    pub fn expire(&self) -> usize {
        self.core.expire()
    }

    /// Drops the entries for which `keep` is false; how many live ones left the cache by this.
    /// Loads in progress store nothing, nor do those that begin before it returns.
    ///
    /// Entries in a stale window are asked for, too, and not counted. What is inserted while this
    /// runs may or may not be, also under a key that has been asked for already. Takes time in
    /// proportion to what is held.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// (0..6).for_each(|n| cache.insert(n, n * n));
    /// assert_eq!(cache.retain(|n, _| n % 2 == 0), 3);
    /// assert_eq!(cache.get(&4), Some(16));
    /// ```
    pub fn retain(&self, keep: impl FnMut(&K, &V) -> bool) -> usize {
        self.core.retain(keep)
    }

    /// A snapshot of the live entries, cloned, in no order; neither counted nor a use.
    ///
    /// Takes time and memory in proportion to what is held. What is stored or dropped by others
    /// meanwhile may or may not be in it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.insert("a", 1);
    /// cache.insert("b", 2);
    /// let mut entries: Vec<_> = cache.iter().collect();
    /// entries.sort();
    /// assert_eq!(entries, [("a", 1), ("b", 2)]);
    /// ```
    pub fn iter(&self) -> std::vec::IntoIter<(K, V)>
    where
        K: Clone,
        V: Clone,
    {
        let mut entries = Vec::new();
        let now = self.core.time.precise();
        self.core.store.visit(now, |entry| {
            if now < entry.deadline() {
                entries.push((entry.key.clone(), entry.value.clone()));
            }
            true
        });
        entries.into_iter()
    }

    /// Live entries, in time proportional to what has expired.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.insert("a", 1);
    /// assert_eq!(cache.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.core.live().0
    }

    /// Whether there is no live entry, in time proportional to what has expired.
    ///
    /// ```
    /// use ttl_memo::TtlCache;
    ///
    /// assert!(TtlCache::<u8, u8>::new(10, None).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How the cache has done since it was made or last cleared, in time proportional to what has
    /// expired.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.get_or_insert_with("a", || 1);
    /// cache.get_or_insert_with("a", || 1);
    /// assert_eq!(
    ///     cache.info().to_string(),
    ///     "CacheInfo(hits=1, misses=1, maxsize=10, currsize=1)",
    /// );
    /// ```
    pub fn info(&self) -> CacheInfo {
        self.core.info()
    }

    /// The options in force.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache: TtlCache<u8, u8> = TtlCache::new(10, Duration::from_secs(60));
    /// cache.set_ttl(Duration::from_secs(5));
    /// assert_eq!(cache.parameters().ttl, Some(Duration::from_secs(5)));
    /// ```
    pub fn parameters(&self) -> CacheParameters {
        self.core.settings.parameters()
    }

    /// A ttl for entries stored from now on; `None`: they live for ever. Zero: none is stored.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.set_ttl(Duration::ZERO);
    /// cache.insert("a", 1);
    /// assert!(cache.is_empty());
    /// ```
    pub fn set_ttl(&self, ttl: impl Into<Option<Duration>>) {
        self.core.settings.set_ttl(ttl.into());
    }

    /// A new bound; evicts down to it before it returns, expired entries first. `None`: unbounded.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// (0..10).for_each(|n| cache.insert(n, n));
    /// cache.set_maxsize(3);
    /// assert_eq!(cache.len(), 3);
    /// ```
    pub fn set_maxsize(&self, maxsize: impl Into<Option<usize>>) {
        let maxsize = maxsize.into();
        // First: the clock may be the user's.
        let now = self.core.time.precise();
        self.core.store.set_maxsize(maxsize, now, || self.core.settings.set_maxsize(maxsize));
    }

    /// Off: every call runs its body, what was stored is dropped and nothing is stored.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// cache.set_enabled(false);
    /// assert_eq!(cache.get_or_insert_with("a", || 1), 1);
    /// assert_eq!(cache.get_or_insert_with("a", || 2), 2);
    /// ```
    pub fn set_enabled(&self, enabled: bool) {
        self.core.settings.set_enabled(enabled);
        if !enabled {
            // A load that saw the cache on is on the board still, or has stored: each shard's
            // lock orders it before this. So the hit path need not ask: nothing is there to hit.
            self.core.drop_all();
        }
    }
}

/// As [`iter`](TtlCache::iter).
impl<K: Clone, V: Clone, S> IntoIterator for &TtlCache<K, V, S> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K, V, S> fmt::Debug for TtlCache<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlCache").field("parameters", &self.parameters()).finish_non_exhaustive()
    }
}
