//! Look up or load, by hand: what the attribute does, with a closure for a body.

use std::hash::{BuildHasher, Hash};

use super::TtlCache;
use crate::call::memoize::{Begun, begin};
use crate::call::outcome::{OkOnly, Whole};
use crate::call::query::ByKey;

impl<K: Hash + Eq + Clone, V: Clone, S: BuildHasher> TtlCache<K, V, S> {
    /// The live value, or what `load` gives, which is stored. Concurrent calls for one key run
    /// one `load`; the others wait for its value.
    ///
    /// # Panics
    ///
    /// Hands on a panic of `load`; then nothing is stored, and one of those who wait loads.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// assert_eq!(cache.get_or_insert_with(1, || "one"), "one");
    /// assert_eq!(cache.get_or_insert_with(1, || unreachable!()), "one");
    /// ```
    pub fn get_or_insert_with(&self, key: K, load: impl FnOnce() -> V) -> V {
        match begin(self, &ByKey(&key), Whole::new(), ()) {
            Begun::Answer(value) => value,
            Begun::Load(flight) => flight.run(load),
        }
    }

    /// As [`get_or_insert_with`](Self::get_or_insert_with), for a `load` that may fail: an error
    /// is handed on and not stored.
    ///
    /// # Errors
    ///
    /// What `load` gives.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// assert!(cache.try_get_or_insert_with("x", || "x".parse::<u8>()).is_err());
    /// assert_eq!(cache.try_get_or_insert_with("x", || "7".parse::<u8>()), Ok(7));
    /// ```
    pub fn try_get_or_insert_with<E>(
        &self,
        key: K,
        load: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        match begin(self, &ByKey(&key), OkOnly::new(), ()) {
            Begun::Answer(value) => value,
            Begun::Load(flight) => flight.run(load),
        }
    }
}
