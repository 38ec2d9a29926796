//! A cache's options as they are in force.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::clock::nanos;
use crate::{CacheParameters, Policy};

/// Counts what an entry weighs.
pub(crate) type Weigher<K, V> = Box<dyn Fn(&K, &V) -> usize + Send + Sync>;
/// Gives an entry a ttl of its own.
pub(crate) type ExpireAfter<K, V> = Box<dyn Fn(&K, &V) -> Option<Duration> + Send + Sync>;

/// Options, some of which may change while calls are running.
///
/// Relaxed throughout: each is a number of its own, and a change holds for what begins after it.
pub(crate) struct Settings<K, V> {
    pub(crate) name: Cow<'static, str>,
    pub(crate) policy: Policy,
    pub(crate) tti: Option<Duration>,
    pub(crate) jitter: f64,
    pub(crate) weigher: Option<Weigher<K, V>>,
    pub(crate) expire_after: Option<ExpireAfter<K, V>>,
    pub(crate) single_flight: bool,
    /// `usize::MAX`: unbounded.
    maxsize: AtomicUsize,
    /// In nanoseconds; `u64::MAX`: for ever.
    ttl: AtomicU64,
    enabled: AtomicBool,
}

impl<K, V> Settings<K, V> {
    pub(crate) fn new(maxsize: Option<usize>, ttl: Option<Duration>) -> Self {
        Self {
            name: Cow::Borrowed(""),
            policy: Policy::default(),
            tti: None,
            jitter: 0.0,
            weigher: None,
            expire_after: None,
            single_flight: true,
            maxsize: AtomicUsize::new(maxsize.unwrap_or(usize::MAX)),
            ttl: AtomicU64::new(ttl.map_or(u64::MAX, nanos)),
            enabled: AtomicBool::new(true),
        }
    }

    pub(crate) fn maxsize(&self) -> Option<usize> {
        Some(self.maxsize.load(Ordering::Relaxed)).filter(|maxsize| *maxsize != usize::MAX)
    }

    pub(crate) fn set_maxsize(&self, maxsize: Option<usize>) {
        self.maxsize.store(maxsize.unwrap_or(usize::MAX), Ordering::Relaxed);
    }

    /// In nanoseconds; `u64::MAX`: for ever.
    pub(crate) fn ttl(&self) -> u64 {
        self.ttl.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ttl(&self, ttl: Option<Duration>) {
        self.ttl.store(ttl.map_or(u64::MAX, nanos), Ordering::Relaxed);
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.load(Ordering::Relaxed)
    }

    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.enabled.store(enabled, Ordering::Relaxed);
    }

    pub(crate) fn parameters(&self) -> CacheParameters {
        CacheParameters {
            name: self.name.clone(),
            maxsize: self.maxsize(),
            ttl: Some(self.ttl()).filter(|ttl| *ttl != u64::MAX).map(Duration::from_nanos),
            tti: self.tti,
            policy: self.policy,
        }
    }
}
