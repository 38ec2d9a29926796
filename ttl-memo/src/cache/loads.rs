//! Loads and what they store: the protocol between the entries and the flights of a shard.
//!
//! Invariant: whether a key is stored, in the air or neither is decided under its shard's lock.
//! A load takes its flight off the board and stores its value in one critical section, so a
//! caller finds the one or the other, and the body runs once. An invalidation takes the entry out
//! and the flight off the board in one critical section, so nothing computed before it is stored
//! or joined after it.

use std::sync::Arc;
use std::time::Duration;

use super::TtlCache;
use crate::call::query::{Matches, Query};
use crate::clock::nanos;
use crate::flight::{Ending, Flight};
use crate::store::{NewEntry, Times};

/// What a caller that missed is to do.
#[derive(Debug)]
pub(crate) enum Entered<K, V> {
    /// A live entry is there by now: look again.
    Stored,
    /// Somebody loads it: wait.
    Join(Arc<Flight<K, V>>),
    /// Nobody does: run the body.
    Lead(Arc<Flight<K, V>>),
}

/// Compares two stored keys.
pub(crate) type Same<K> = fn(&K, &K) -> bool;

impl<K, V, S> TtlCache<K, V, S> {
    pub(crate) fn is_enabled(&self) -> bool {
        self.settings.is_enabled()
    }

    pub(crate) fn is_single_flight(&self) -> bool {
        self.settings.single_flight
    }

    /// Begins a load, or tells why not. `alone`: without waiting for another's, nor letting
    /// others wait for this one.
    pub(crate) fn enter<Q: Query<Key = K>>(
        &self,
        hash: u64,
        query: &Q,
        alone: bool,
    ) -> Entered<K, V> {
        // The user's `Clone` runs here, before the lock, his `Eq` after it.
        let mut key = Some(query.to_key());
        let mut others = Vec::new();
        loop {
            let now = self.time.precise();
            let entered = self.store.locked(hash, query, |locked, found, _| {
                let times = found.and_then(|found| locked.times(hash, found));
                if times.is_some_and(|times| now < times.deadline) {
                    return Some(Entered::Stored);
                }
                let board = locked.companion();
                let known = others.len();
                if !alone {
                    let flights = board.with_hash(hash).iter().filter(|flight| flight.joinable());
                    for flight in flights {
                        if !others.iter().any(|other| Arc::ptr_eq(other, flight)) {
                            others.push(Arc::clone(flight));
                        }
                    }
                }
                if others.len() > known {
                    return None;
                }
                let key = key.take().expect("a load begins once");
                Some(Entered::Lead(board.begin(hash, key, !alone)))
            });
            if let Some(entered) = entered {
                return entered;
            }
            if let Some(same) = others.iter().find(|flight| query.matches(flight.key())) {
                return Entered::Join(Arc::clone(same));
            }
        }
    }

    /// Ends a load that gave `value`: stores it unless an invalidation came first, and hands it to
    /// those who wait.
    pub(crate) fn finish(
        &self,
        hash: u64,
        flight: Arc<Flight<K, V>>,
        same: Same<K>,
        value: &V,
        now: u64,
    ) where
        K: Clone,
        V: Clone,
    {
        let Some((times, weight)) = self.admit(flight.key(), value, None, now) else {
            self.abandon(hash, &flight);
            return end_with(flight, value);
        };
        let mut flight = flight;
        let mut new = Some(value.clone());
        let mut key = None;
        loop {
            let matcher = FlightKey { flight, same };
            let stored = self.store.locked(hash, matcher, |locked, found, matcher| {
                let mut flight = matcher.flight;
                // Others know it: those who wait or compare keys. More come only under this lock.
                if key.is_none() && Arc::strong_count(&flight) > 2 {
                    return Err(flight);
                }
                if locked.companion().end(hash, &flight) && self.is_enabled() {
                    let key = key.take().or_else(|| flight.take_key());
                    let key = key.expect("a flight that nobody else knows gives up its key");
                    let value = new.take().expect("a value is stored once");
                    locked.insert(found, NewEntry { hash, key, value, times, weight }, now);
                }
                Ok(flight)
            });
            match stored {
                Ok(flight) => return end_with(flight, value),
                Err(known) => flight = known,
            }
            key = Some(flight.key().clone());
        }
    }

    /// Stores an entry at the caller's word: flights of its key store nothing.
    pub(crate) fn put(&self, new: NewEntry<K, V>, same: Same<K>, now: u64) {
        self.store.locked(new.hash, Put { new, same }, |locked, found, Put { new, .. }| {
            locked.companion().detach(new.hash);
            if self.is_enabled() {
                locked.insert(found, new, now);
            }
        });
    }

    /// Takes a load that stores nothing off the board.
    pub(crate) fn abandon(&self, hash: u64, flight: &Arc<Flight<K, V>>) {
        self.store.locked_by_hash(hash, |locked| locked.companion().end(hash, flight));
    }

    /// Times and weight of an entry stored now; None if it is not to be stored. Runs user code.
    pub(super) fn admit(
        &self,
        key: &K,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<(Times, usize)> {
        let settings = &self.settings;
        let own = || settings.expire_after.as_ref().and_then(|of| of(key, value));
        let ttl = ttl.or_else(own).map_or_else(|| settings.ttl(), nanos);
        let weight = settings.weigher.as_ref().map_or(1, |weigh| weigh(key, value));
        let fits = settings.maxsize().is_none_or(|maxsize| weight <= maxsize);
        let deadline = now.saturating_add(ttl);
        let stored = ttl > 0 && fits && settings.is_enabled();
        stored.then_some((Times { stored: now, deadline, gone: deadline }, weight))
    }
}

/// Off the board, nobody joins any more: who knows the flight now is all who ever will.
fn end_with<K, V: Clone>(flight: Arc<Flight<K, V>>, value: &V) {
    if Arc::strong_count(&flight) > 1 {
        flight.end(Ending::Value(Arc::new(value.clone())));
    }
}

/// Finds the entry of a flight's key, and owns the flight.
struct FlightKey<K, V> {
    flight: Arc<Flight<K, V>>,
    same: Same<K>,
}

impl<K, V> Matches for FlightKey<K, V> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        (self.same)(self.flight.key(), key)
    }
}

/// Finds the entry that a new one replaces, and owns the new one.
struct Put<K, V> {
    new: NewEntry<K, V>,
    same: Same<K>,
}

impl<K, V> Matches for Put<K, V> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        (self.same)(&self.new.key, key)
    }
}
