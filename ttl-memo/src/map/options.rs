//! What a map and its clones have in common.

use std::time::Duration;

use crate::cache::{ExpireAfter, Jitter, Weigher};
use crate::clock::{Time, nanos};
use crate::farewells::Listener;

/// The options that do not change.
pub(super) struct Options<K, V> {
    #[cfg(feature = "serde")]
    pub(super) policy: crate::Policy,
    pub(super) time: Time,
    /// In nanoseconds; `u64::MAX`: for ever.
    pub(super) ttl: u64,
    /// How long a pair may go unused, in nanoseconds; `u64::MAX`: for ever.
    pub(super) idle: u64,
    pub(super) weigher: Option<Weigher<K, V>>,
    pub(super) expire_after: Option<ExpireAfter<K, V>>,
    pub(super) jitter: Option<Jitter>,
    pub(super) listener: Option<Listener<K, V>>,
}

impl<K, V> Options<K, V> {
    pub(super) fn new(ttl: u64) -> Self {
        Self {
            #[cfg(feature = "serde")]
            policy: crate::Policy::default(),
            time: Time::System,
            ttl,
            idle: u64::MAX,
            weigher: None,
            expire_after: None,
            jitter: None,
            listener: None,
        }
    }

    /// A pair's ttl in nanoseconds, given one of its own or not; zero if it is not to be stored.
    /// Runs user code.
    pub(super) fn ttl_of(&self, key: &K, value: &V, own: Option<Duration>) -> u64 {
        let own = own.or_else(|| self.expire_after.as_ref().and_then(|of| of(key, value)));
        let ttl = own.map_or(self.ttl, nanos);
        match &self.jitter {
            _ if self.idle == 0 => 0,
            Some(jitter) if ttl != u64::MAX => jitter.draw(ttl),
            _ => ttl,
        }
    }

    /// Runs user code.
    pub(super) fn weight_of(&self, key: &K, value: &V) -> usize {
        self.weigher.as_ref().map_or(1, |weigh| weigh(key, value))
    }
}
