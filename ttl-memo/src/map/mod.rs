//! [`TtlMap`], and what its methods give: [entries](Entry) and [iterators](Iter).

mod builder;
mod change;
mod entry;
mod iter;
mod options;
#[cfg(feature = "serde")]
mod serial;
#[cfg(test)]
mod tests;
mod too_heavy;
mod traits;

use std::hash::{BuildHasher, Hash};
use std::sync::Arc;
use std::time::Duration;

pub use builder::TtlMapBuilder;
pub use entry::{Entry, OccupiedEntry, VacantEntry};
use equivalent::Equivalent;
pub use iter::{IntoIter, Iter, IterMut, Keys, Values, ValuesMut};
use options::Options;
pub use too_heavy::TooHeavy;

use crate::engine::stock::Stock;
use crate::farewells::Farewells;
use crate::{CacheInfo, RandomState, RemovalCause};

/// A map of one owner whose pairs expire, and that holds so many at most: `cachetools.TTLCache` and
/// `TLRUCache`, under the names of [`HashMap`](std::collections::HashMap).
///
/// A pair is *live* until its ttl is over, and no method sees one that is not: neither a look-up
/// nor `len`, iteration or a clone. To store a value begins its ttl anew, to look it up does not (but
/// see [`tti`](TtlMapBuilder::tti)). Where there is no room, expired pairs go first, then the one
/// that the [policy](crate::Policy) chooses; never the one just stored.
///
/// An expired pair is dropped, with its key, within one of the next calls that take `&mut self`:
/// each gives back a bounded number (256 at most), [`expire`](Self::expire) all at once. So is a
/// pair that was evicted, within the call that evicted it.
///
/// Look-ups and changes take constant time (amortised, for changes), and hash once. A map does not
/// lock, nor does it run a thread; for a map of many owners, see [`TtlCache`](crate::TtlCache).
///
/// Code of yours (`Hash`, `Eq`, `Drop`, the closures of the [builder](Self::builder)) may panic:
/// the map stays whole, and the panic reaches the caller of the call that ran it.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::{ManualClock, TtlMap};
///
/// let clock = ManualClock::new();
/// let mut sessions = TtlMap::builder()
///     .maxsize(1_000)
///     .ttl(Duration::from_secs(1_800))
///     .clock(clock.clone())
///     .build();
/// sessions.insert("ada".to_owned(), 1);
/// sessions.insert_with_ttl("eve".to_owned(), 2, Duration::from_secs(5));
/// assert_eq!(sessions.get("ada"), Some(&1));
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(sessions.get("eve"), None);
/// assert_eq!(sessions.len(), 1);
/// ```
pub struct TtlMap<K, V, S = RandomState> {
    stock: Stock<K, V>,
    /// A pair that an entry gives access to though it cannot be stored.
    limbo: Option<(K, V)>,
    hits: u64,
    misses: u64,
    options: Arc<Options<K, V>>,
    hasher: S,
}

impl<K, V> TtlMap<K, V> {
    /// A map of at most `maxsize` pairs that live for `ttl`; `None` for either: no bound. Allocates
    /// nothing for pairs yet.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(100, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// let mut for_ever = TtlMap::new(None, None);
    /// for_ever.insert("a", 1);
    /// ```
    pub fn new(maxsize: impl Into<Option<usize>>, ttl: impl Into<Option<Duration>>) -> Self {
        Self::builder().maxsize(maxsize).ttl(ttl).build()
    }

    /// A map with options of its own; see [`TtlMapBuilder`].
    ///
    /// ```
    /// use ttl_memo::{Policy, TtlMap};
    ///
    /// let map: TtlMap<u64, u64> = TtlMap::builder().policy(Policy::Lru).build();
    /// assert_eq!(map.info().maxsize, Some(128));
    /// ```
    pub fn builder() -> TtlMapBuilder<K, V> {
        TtlMapBuilder::new()
    }
}

#[cfg(any(test, fuzzing))]
impl<K, V, S> TtlMap<K, V, S> {
    /// Recomputes every invariant.
    #[doc(hidden)]
    pub fn validate(&self) {
        self.stock.validate();
    }
}

impl<K, V, S: BuildHasher> TtlMap<K, V, S> {
    /// The value under `key`. Counts as a hit or a miss, and as a use to the policy; does not prolong
    /// its ttl. In constant time, beside a few expired pairs that it may drop.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a".to_owned(), 1);
    /// assert_eq!(map.get("a"), Some(&1));
    /// assert_eq!(map.get("b"), None);
    /// ```
    #[inline]
    pub fn get<Q>(&mut self, key: &Q) -> Option<&V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let slot = self.look_up(key)?;
        Some(&self.stock.get(slot).value)
    }

    /// As [`get`](Self::get), to change the value where it is. Neither its ttl nor its weight is
    /// taken anew.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// *map.get_mut("a").unwrap() += 1;
    /// assert_eq!(map.get("a"), Some(&2));
    /// ```
    #[inline]
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let slot = self.look_up(key)?;
        Some(self.stock.value_mut(slot))
    }

    /// The value under `key`, neither counted nor a use, in constant time.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// assert_eq!(map.peek("a"), Some(&1));
    /// assert_eq!(map.info().hits, 0);
    /// ```
    pub fn peek<Q>(&self, key: &Q) -> Option<&V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let held = self.stock.get(self.find(key)?);
        self.options.time.is_before(held.deadline).then_some(&held.value)
    }

    /// Whether there is a value under `key`; neither counted nor a use, in constant time.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// assert!(map.contains_key("a") && !map.contains_key("b"));
    /// ```
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.peek(key).is_some()
    }

    /// What is left of the time of the pair under `key`, in constant time; `Duration::MAX` if it
    /// never expires, as `None` says that there is no such pair. Neither counted nor a use.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlMap};
    ///
    /// let clock = ManualClock::new();
    /// let mut map = TtlMap::builder().ttl(Duration::from_secs(60)).clock(clock.clone()).build();
    /// map.insert("a", 1);
    /// clock.advance(Duration::from_secs(20));
    /// assert_eq!(map.ttl_of("a"), Some(Duration::from_secs(40)));
    /// assert_eq!(map.ttl_of("b"), None);
    /// ```
    pub fn ttl_of<Q>(&self, key: &Q) -> Option<Duration>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let deadline = self.stock.get(self.find(key)?).deadline;
        if deadline == u64::MAX {
            return Some(Duration::MAX);
        }
        let left = deadline.checked_sub(self.options.time.precise())?;
        (left > 0).then_some(Duration::from_nanos(left))
    }

    /// The slot of a live pair, used and counted.
    #[inline]
    fn look_up<Q>(&mut self, key: &Q) -> Option<u32>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let hash = self.hash_of(key);
        let now = self.glance();
        self.tend(now);
        let found = self.stock.find(hash, |held| key.equivalent(held));
        self.serve(found, now)
    }

    /// What was found at a `glance`, if it is live; counted.
    #[inline]
    fn serve(&mut self, found: Option<u32>, now: u64) -> Option<u32> {
        let time = &self.options.time;
        let live = |slot: &u32| time.is_yet_before(now, self.stock.get(*slot).deadline);
        let Some(slot) = found.filter(live) else {
            self.misses += 1;
            return None;
        };
        self.hits += 1;
        if !self.stock.ignores_uses() {
            self.stock.touch(slot, now);
        }
        Some(slot)
    }

    #[inline]
    fn find<Q>(&self, key: &Q) -> Option<u32>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.stock.find(self.hash_of(key), |held| key.equivalent(held))
    }

    #[inline]
    fn hash_of<Q: Hash + ?Sized>(&self, key: &Q) -> u32 {
        // Half of it is enough for a slot, and for hash functions that leave the other half as it
        // was, all bits are to have a say.
        let spread = self.hasher.hash_one(key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (spread >> 32) as u32
    }
}

impl<K, V, S> TtlMap<K, V, S> {
    /// How many pairs are live, in time proportional to how many are not, and have not been dropped
    /// yet.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// assert_eq!(map.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.live().0
    }

    /// Whether no pair is live; takes as long as [`len`](Self::len).
    ///
    /// ```
    /// let map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(None, None);
    /// assert!(map.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the live pairs weigh in total: as many as there are, without a weigher. Takes as long
    /// as [`len`](Self::len).
    ///
    /// ```
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().maxsize(10).weigher(|_, weight: &usize| *weight).build();
    /// map.insert("a", 3);
    /// map.insert("b", 4);
    /// assert_eq!((map.len(), map.weight()), (2, 7));
    /// ```
    pub fn weight(&self) -> usize {
        self.live().1
    }

    /// How the map has done since it was made or last cleared; takes as long as
    /// [`len`](Self::len).
    ///
    /// Hits and misses are those of `get`, `get_mut` and `entry`. What only a cache that runs
    /// bodies counts is zero.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// map.get("a");
    /// map.get("b");
    /// assert_eq!(
    ///     map.info().to_string(),
    ///     "CacheInfo(hits=1, misses=1, maxsize=10, currsize=1)",
    /// );
    /// ```
    pub fn info(&self) -> CacheInfo {
        let (len, weight) = self.live();
        let ledger = self.stock.ledger();
        CacheInfo {
            hits: self.hits,
            misses: self.misses,
            maxsize: ledger.bound(),
            currsize: weight,
            len,
            evictions: ledger.evictions(),
            expirations: ledger.expirations(),
            ..CacheInfo::default()
        }
    }

    fn live(&self) -> (usize, usize) {
        self.stock.live(self.options.time.precise())
    }

    /// The time for a look-up: as cheap as will do.
    #[inline]
    fn glance(&self) -> u64 {
        let Options { time, idle, .. } = &*self.options;
        // An idle pair's new deadline is reckoned from it.
        if *idle == u64::MAX { time.coarse() } else { time.precise() }
    }

    /// What every call that may change the map begins with: drops some of what is to be dropped.
    #[inline]
    fn tend(&mut self, now: u64) {
        if self.limbo.is_some() {
            self.limbo = None;
        }
        if now >= self.stock.ledger().next_due() {
            self.give_back(now);
        }
    }

    #[cold]
    fn give_back(&mut self, now: u64) {
        let mut farewells = Farewells::default();
        let mut budget = self.stock.ledger().allowance();
        while let Some(held) = self.stock.due(now, &mut budget) {
            farewells.tell(
                self.options.listener.as_ref(),
                held.key,
                held.value,
                RemovalCause::Expired,
            );
        }
        farewells.end();
    }
}
