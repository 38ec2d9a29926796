//! Look up or load, by hand: what the attribute does, with a closure for a body.

use std::future::Future;
use std::hash::{BuildHasher, Hash};

use super::TtlCache;
use crate::call::memoize::begin;
use crate::call::memoize_async::{Asking, Asleep, memoize};
use crate::call::outcome::{OkOnly, Whole};
use crate::call::query::ByKey;

impl<K: Hash + Eq + Clone, V: Clone, S: BuildHasher> TtlCache<K, V, S> {
    /// The live value, or what `load` gives, which is stored. Concurrent calls for one key run
    /// one `load`; the others wait for its value (but see
    /// [`single_flight`](super::TtlCacheBuilder::single_flight)).
    ///
    /// `load` may call the cache: with other keys, and with this one, when the inner call runs its
    /// own `load` and stores nothing. Loads that wait for each other in a circle are found out, and
    /// one of them runs by itself. What `load` hands to another thread and waits for cannot be
    /// seen.
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
    #[expect(clippy::needless_pass_by_value, reason = "what is to be stored is handed over")]
    pub fn get_or_insert_with(&self, key: K, load: impl FnOnce() -> V) -> V {
        begin(self, &ByKey(&key), Whole::new(), ()).run(load)
    }

    /// As [`get_or_insert_with`](Self::get_or_insert_with), for a `load` that may fail: an error
    /// is handed on and not stored.
    ///
    /// Those who waited for a `load` that failed run their own, side by side. Within
    /// [`stale_if_error`](super::TtlCacheBuilder::stale_if_error) of its deadline the value that
    /// was there stands in for the error.
    ///
    /// # Errors
    ///
    /// What `load` gives.
    ///
    /// # Panics
    ///
    /// As `get_or_insert_with`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// assert!(cache.try_get_or_insert_with("x", || "x".parse::<u8>()).is_err());
    /// assert_eq!(cache.try_get_or_insert_with("x", || "7".parse::<u8>()), Ok(7));
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "what is to be stored is handed over")]
    pub fn try_get_or_insert_with<E>(
        &self,
        key: K,
        load: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        begin(self, &ByKey(&key), OkOnly::new(), ()).run(load)
    }

    /// As [`get_or_insert_with`](Self::get_or_insert_with), for an async `load`.
    ///
    /// Nothing happens before the future is first polled, nothing blocks a thread, and any runtime
    /// will do. Dropped, the future of the call that loads gives way to one of those who wait. One
    /// that is kept and never polled again holds them up; a duration for
    /// [`single_flight`](super::TtlCacheBuilder::single_flight) bounds that.
    ///
    /// # Panics
    ///
    /// As `get_or_insert_with`; and when it is polled after it has answered.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// # futures_lite::future::block_on(async {
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// assert_eq!(cache.get_or_insert_async(1, async || "one").await, "one");
    /// assert_eq!(cache.get_or_insert_async(1, async || unreachable!()).await, "one");
    /// # });
    /// ```
    pub fn get_or_insert_async<F>(
        &self,
        key: K,
        load: impl FnOnce() -> F,
    ) -> impl Future<Output = V>
    where
        F: Future<Output = V>,
    {
        let look = |key: &K, asking: Asking<'_, Asleep<K, V>>| {
            asking.by(
                &**self.core(),
                self.hash_of(&ByKey(key)),
                || &**self.core(),
                &ByKey(key),
                Whole::new(),
                (),
            )
        };
        memoize(key, look, |_| load())
    }

    /// As [`get_or_insert_async`](Self::get_or_insert_async), for a `load` that may fail, as in
    /// [`try_get_or_insert_with`](Self::try_get_or_insert_with).
    ///
    /// # Errors
    ///
    /// What `load` gives.
    ///
    /// # Panics
    ///
    /// As `get_or_insert_async`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// # futures_lite::future::block_on(async {
    /// let cache = TtlCache::new(10, Duration::from_secs(60));
    /// assert!(cache.try_get_or_insert_async("x", async || "x".parse::<u8>()).await.is_err());
    /// assert_eq!(cache.try_get_or_insert_async("x", async || "7".parse::<u8>()).await, Ok(7));
    /// # });
    /// ```
    pub fn try_get_or_insert_async<F, E>(
        &self,
        key: K,
        load: impl FnOnce() -> F,
    ) -> impl Future<Output = Result<V, E>>
    where
        F: Future<Output = Result<V, E>>,
    {
        let look = |key: &K, asking: Asking<'_, Asleep<K, V>>| {
            asking.by(
                &**self.core(),
                self.hash_of(&ByKey(key)),
                || &**self.core(),
                &ByKey(key),
                OkOnly::new(),
                (),
            )
        };
        memoize(key, look, |_| load())
    }
}
