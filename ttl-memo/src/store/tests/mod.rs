#![expect(clippy::cast_possible_wrap, reason = "they count what lives, in small numbers")]
#![expect(clippy::redundant_closure_for_method_calls, reason = "a path is not general enough")]

#[cfg(not(shuttle))]
mod drops;
#[cfg(shuttle)]
mod interleavings;
#[cfg(not(shuttle))]
mod model;
#[cfg(not(shuttle))]
mod threads;

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::time::Duration;

use super::*;
use crate::Policy;
use crate::clock::ManualClock;

/// A key that is compared and hashed as the user's are, and of which all or none collide.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByEq<K>(pub(super) K);

impl<K: Eq> Matches for ByEq<K> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        self.0 == *key
    }
}

/// One that only our code compares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plainly(pub(super) u64);

impl Matches for Plainly {
    type Key = u64;
    const PLAIN: bool = true;

    fn matches(&self, key: &u64) -> bool {
        self.0 == *key
    }
}

/// Counts those that are alive.
#[derive(Debug)]
pub(super) struct Tracked<T> {
    pub(super) value: T,
    alive: Arc<AtomicIsize>,
}

impl<T> Tracked<T> {
    pub(super) fn new(value: T, alive: &Arc<AtomicIsize>) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self { value, alive: Arc::clone(alive) }
    }
}

impl<T: Clone> Clone for Tracked<T> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone(), &self.alive)
    }
}

impl<T> Drop for Tracked<T> {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) fn terms(ttl: u64) -> Terms {
    Terms { ttl, tti: u64::MAX, window: 0, weighted: false }
}

pub(super) fn design<K, V>(maxsize: usize, policy: Policy, ttl: u64) -> Design<K, V> {
    Design { maxsize: Some(maxsize), policy, terms: terms(ttl), listener: None, seed: 7 }
}

pub(super) fn times(now: u64, ttl: u64, window: u64) -> Times {
    let deadline = now.saturating_add(ttl);
    Times { stored: now, deadline, gone: deadline.saturating_add(window) }
}

pub(super) fn hash(key: u64) -> u64 {
    (key ^ key >> 7).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

pub(super) fn manual(now: u64) -> (ManualClock, Time) {
    let clock = ManualClock::new();
    clock.advance(Duration::from_nanos(now));
    (clock.clone(), Time::User(Box::new(clock)))
}

impl<K, V, B> Store<K, V, B> {
    /// Drops what can be dropped, until no more than `waiting` slots wait for that. Tests that run
    /// beside this one probe, too, but not for long.
    pub(super) fn settle(&self, waiting: usize) {
        for _ in 0..1_000_000 {
            self.tidy();
            let shards = self.shards.iter();
            let left: usize = shards.map(|shard| shard.writer.lock().desk.waiting()).sum();
            if left <= waiting {
                return;
            }
            crate::sync::yield_now();
        }
        panic!("what waits is given back");
    }
}
