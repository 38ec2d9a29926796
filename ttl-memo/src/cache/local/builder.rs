//! The options of a cache for each thread: those of a [`TtlCache`](crate::TtlCache), but for hooks,
//! which need not be `Send`, as they stay where they were made.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use super::LocalCache;
use crate::clock::Clock;
use crate::options::SingleFlight;
use crate::{Policy, RandomState, RemovalCause, TtlCache, TtlCacheBuilder};

/// Counts what an entry weighs.
pub(super) type Weigher<K, V> = Box<dyn Fn(&K, &V) -> usize>;
/// Gives an entry a ttl of its own.
pub(super) type ExpireAfter<K, V> = Box<dyn Fn(&K, &V) -> Option<Duration>>;
/// Hears of each entry that has left.
pub(super) type Listener<K, V> = Box<dyn Fn(&K, &V, RemovalCause)>;

/// What of the user's is called.
pub(super) struct Hooks<K, V> {
    pub(super) weigher: Option<Weigher<K, V>>,
    pub(super) expire_after: Option<ExpireAfter<K, V>>,
    pub(super) listener: Option<Listener<K, V>>,
}

/// Makes a [`LocalCache`].
pub struct LocalBuilder<K, V, S = RandomState> {
    builder: TtlCacheBuilder<K, V, S>,
    hooks: Hooks<K, V>,
}

impl<K, V> LocalBuilder<K, V> {
    pub(crate) fn new() -> Self {
        let hooks = Hooks { weigher: None, expire_after: None, listener: None };
        Self { builder: TtlCache::builder(), hooks }
    }
}

/// Options that are those of other caches.
macro_rules! the_same {
    ($($name:ident: $ty:ty),* $(,)?) => {$(
        #[doc = concat!("As that of a [`TtlCacheBuilder`](TtlCacheBuilder::", stringify!($name), ").")]
        #[must_use]
        pub fn $name(mut self, $name: $ty) -> Self {
            self.builder = self.builder.$name($name);
            self
        }
    )*};
}

impl<K, V, S> LocalBuilder<K, V, S> {
    the_same! {
        maxsize: impl Into<Option<usize>>,
        ttl: impl Into<Option<Duration>>,
        tti: Duration,
        err_ttl: Duration,
        stale_while_revalidate: Duration,
        stale_if_error: Duration,
        policy: Policy,
        single_flight: impl Into<SingleFlight>,
        jitter: f64,
        clock: impl Clock,
        name: impl Into<Cow<'static, str>>,
    }

    /// How keys are hashed.
    #[must_use]
    pub fn hasher<T>(self, hasher: T) -> LocalBuilder<K, V, T> {
        LocalBuilder { builder: self.builder.hasher(hasher), hooks: self.hooks }
    }

    /// What an entry counts against `maxsize`.
    #[must_use]
    pub fn weigher(mut self, weigher: impl Fn(&K, &V) -> usize + 'static) -> Self {
        self.hooks.weigher = Some(Box::new(weigher));
        self
    }

    /// A ttl of its own for each value.
    #[must_use]
    pub fn expire_after(mut self, of: impl Fn(&K, &V) -> Option<Duration> + 'static) -> Self {
        self.hooks.expire_after = Some(Box::new(of));
        self
    }

    /// Hears of each entry that has left.
    #[must_use]
    pub fn on_evict(mut self, listener: impl Fn(&K, &V, RemovalCause) + 'static) -> Self {
        self.hooks.listener = Some(Box::new(listener));
        self
    }

    /// For a world for tests, if `here` is one: its clock, and nobody hears of its end.
    #[cfg(feature = "testing")]
    pub(crate) fn in_world(mut self, here: &crate::testing::Here) -> Self
    where
        K: 'static,
        V: 'static,
    {
        let Some(end) = here.end() else { return self };
        self.builder = self.builder.in_world(here);
        self.hooks.listener = self.hooks.listener.map(|listener| -> Listener<K, V> {
            Box::new(move |key, value, cause| {
                if !end.has_come() {
                    listener(key, value, cause);
                }
            })
        });
        self
    }

    /// The cache.
    pub(crate) fn build(self) -> LocalCache<K, V, S> {
        let (settings, time, hasher) = self.builder.essence();
        LocalCache::new(settings, time, self.hooks, hasher)
    }
}

impl<K, V, S> fmt::Debug for LocalBuilder<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalBuilder").finish_non_exhaustive()
    }
}
