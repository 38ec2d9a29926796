//! What a map does as others do.

use std::fmt;
use std::hash::{BuildHasher, Hash};
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
