//! What a map does as others do.

use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::TtlMap;
use crate::RemovalCause;

/// The live pairs with what is left of their time, the policy's knowledge and the counters; the two
/// maps share the clock and the listener.
///
/// ```
/// let mut map = ttl_memo::TtlMap::new(10, None);
/// map.insert("a", 1);
/// let mut clone = map.clone();
/// map.clear();
/// assert_eq!(clone.get("a"), Some(&1));
/// ```
impl<K: Clone, V: Clone, S: Clone> Clone for TtlMap<K, V, S> {
    fn clone(&self) -> Self {
        let mut stock = self.stock.clone();
        let now = self.options.time.precise();
        for slot in stock.over(now) {
            // The listener hears of the original's.
            drop(stock.remove(slot, RemovalCause::Invalidated));
        }
        Self {
            stock,
            limbo: None,
            hits: self.hits,
            misses: self.misses,
            options: Arc::clone(&self.options),
            hasher: self.hasher.clone(),
        }
    }
}

/// As [`builder`](TtlMap::builder) makes one that is told nothing: at most 128 pairs, for ten
/// minutes each.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::TtlMap;
///
/// let mut map: TtlMap<&str, u32> = TtlMap::default();
/// map.insert("a", 1);
/// assert!(map.ttl_of("a").unwrap() <= Duration::from_secs(600));
/// ```
impl<K, V> Default for TtlMap<K, V> {
    fn default() -> Self {
        Self::builder().build()
    }
}

// The user's code may panic in any method that runs it, a listener or a weigher too, and leaves the
// map as it was before or after the change: see the tests of that name. So it is as safe to look at
// after a panic as what it holds.
impl<K: UnwindSafe, V: UnwindSafe, S: UnwindSafe> UnwindSafe for TtlMap<K, V, S> {}
impl<K: RefUnwindSafe, V: RefUnwindSafe, S: RefUnwindSafe> RefUnwindSafe for TtlMap<K, V, S> {}

impl<K: fmt::Debug, V: fmt::Debug, S> fmt::Debug for TtlMap<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// As [`insert`](TtlMap::insert), but nothing is handed back, so the listener hears of the values
/// that are replaced.
///
/// ```
/// let mut map = ttl_memo::TtlMap::new(10, None);
/// map.extend([("a", 1), ("b", 2), ("a", 3)]);
/// assert_eq!((map.len(), map.get("a")), (2, Some(&3)));
/// ```
impl<K: Hash + Eq, V, S: BuildHasher> Extend<(K, V)> for TtlMap<K, V, S> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(key, value)| self.overwrite(key, value));
    }
}

impl<'a, K, V, S> Extend<(&'a K, &'a V)> for TtlMap<K, V, S>
where
    K: Hash + Eq + Copy,
    V: Copy,
    S: BuildHasher,
{
    fn extend<I: IntoIterator<Item = (&'a K, &'a V)>>(&mut self, pairs: I) {
        self.extend(pairs.into_iter().map(|(key, value)| (*key, *value)));
    }
}
