//! What a cache is but for its hasher: shared with the work that it has in the background.

use std::sync::Arc;
use std::time::Duration;

use super::arrival::Arrival;
use super::home::{Home, Shown, Tally};
use super::landing::Leading;
use super::loads::{Entered, How};
use super::respite::Respites;
use super::rivals::Same;
use super::settings::Settings;
use super::sweep::{Sweep, Swept};
use crate::call::query::{Matches, Query};
use crate::clock::Time;
use crate::counters::{Counters, Pace};
use crate::farewells::Farewells;
use crate::flight::{Board, Flight, FlightId, Step};
use crate::observe::Watch;
use crate::store::{EntryRef, NewEntry, Spotted, Store, Times};
use crate::{CacheInfo, RemovalCause};

/// Its types are its users'; its methods are the crate's own.
pub struct Core<K, V> {
    pub(crate) store: Store<K, V, Board<K, V>>,
    pub(crate) time: Time,
    pub(crate) counters: Counters,
    pub(crate) settings: Settings<K, V>,
    pub(crate) respites: Respites,
    /// What was counted before the counters were last set back.
    #[cfg(feature = "metrics")]
    pub(crate) cleared: crate::observe::metrics::Cleared,
}

impl<K, V> Core<K, V> {
    /// A clone of the live value, counted as a hit; a miss is counted by whoever loads.
    #[inline]
    pub(crate) fn hit<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<V>
    where
        V: Clone,
    {
        Home::hit(self, self.arrive(), hash, matcher, false, |entry| Some(entry.value.clone()))
    }

    /// Counts a hit that was answered from the store.
    #[inline]
    pub(crate) fn count_hit(&self) {
        if self.counters.hit() {
            self.store.tidy();
        }
    }

    /// What a hit is to do beside: count itself if it could not, and its share of the upkeep. The
    /// value goes through, as its caller has nowhere to keep it.
    #[cold]
    #[inline(never)]
    fn looked_after<T>(&self, now: u64, count: Option<bool>, taken: T) -> T {
        if count.unwrap_or_else(|| self.counters.hit()) {
            self.store.tidy();
        }
        self.store.look_after(now);
        taken
    }

    /// The rest of a hit that is not ordinary. All of it: what the caller needs after a call costs
    /// every hit.
    #[cold]
    #[inline(never)]
    fn hit_with_care<T>(
        &self,
        now: u64,
        spotted: Spotted<'_, K, V, Board<K, V>>,
        take: impl FnOnce(Shown<'_, K, V>) -> Option<T>,
    ) -> Option<T> {
        if !self.store.is_used(&spotted, &self.time, now) {
            return None;
        }
        let taken = take(shown(&spotted.entry(&self.store.terms)))?;
        drop(spotted);
        Some(self.looked_after(now, None, taken))
    }

    /// As [`hit`](Self::hit), after it: finds also what was being moved then, and where that gave
    /// up.
    #[cold]
    pub(crate) fn hit_surely<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<V>
    where
        V: Clone,
    {
        let clone = |entry: EntryRef<'_, K, V>| entry.value.clone();
        let value = self
            .store
            .read(hash, matcher, &self.time, false, clone)
            .or_else(|| self.peek(hash, matcher, |entry| entry.value.clone()))?;
        self.count_hit();
        Some(value)
    }

    pub(crate) fn drop_all(&self) {
        let _sweep = Sweep::of(self);
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method is of one lifetime"
        )]
        self.store.each_shard(|locked| locked.clear());
    }

    /// Live entries, and their total weight.
    pub(crate) fn live(&self) -> (usize, usize) {
        let now = self.time.precise();
        let mut total = (0_usize, 0_usize);
        self.store.each_shard(|locked| {
            let (len, weight) = locked.live(now);
            total = (total.0 + len, total.1.saturating_add(weight));
        });
        total
    }
}

impl<K, V> Swept for Core<K, V> {
    fn swept(&self, step: Step, tag: Option<&Arc<str>>) {
        self.store.each_shard(|locked| locked.companion().swept(step, tag));
    }
}

impl<K, V> std::fmt::Debug for Core<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}

impl<K, V> Home<K, V> for Core<K, V> {
    #[inline]
    fn settings(&self) -> &Settings<K, V> {
        &self.settings
    }

    #[inline]
    fn time(&self) -> &Time {
        &self.time
    }

    fn respites(&self) -> &Respites {
        &self.respites
    }

    type Arrival = Arrival;

    #[inline]
    fn arrive(&self) -> Arrival {
        Arrival::at(&self.time)
    }

    #[inline]
    fn coarse(&self, arrival: Arrival) -> u64 {
        arrival.now
    }

    #[inline]
    fn count(&self, tally: Tally) {
        let counters = &self.counters;
        match tally {
            Tally::Hit => self.count_hit(),
            Tally::Miss => _ = counters.miss(),
            Tally::Coalesced => counters.coalesced.add_one(),
            Tally::Stale => counters.stale.add_one(),
            Tally::Failure => counters.failures.add_one(),
            Tally::Refresh => counters.refreshes.add_one(),
        }
    }

    #[inline]
    fn missed(&self) -> Pace {
        let pace = self.counters.miss();
        // A clock of the user's is as dear read coarsely; whoever watches sees each body's time.
        if Watch::SEES || self.time.is_users() { Pace::Each } else { pace }
    }

    #[inline]
    fn computed(&self, pace: Pace, took: u64) {
        self.counters.computed(pace, took);
    }

    #[inline]
    fn read<M: Matches<Key = K>, T>(
        &self,
        now: u64,
        hash: u64,
        matcher: &M,
        code: bool,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        self.store.read_at(now, hash, matcher, &self.time, code, |entry| take(shown(&entry)))
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
    fn hit<M: Matches<Key = K>, T>(
        &self,
        arrival: Arrival,
        hash: u64,
        matcher: &M,
        code: bool,
        take: impl FnOnce(Shown<'_, K, V>) -> Option<T>,
    ) -> Option<T> {
        let Arrival { now, slot } = arrival;
        let spotted = self.store.look_in_haste(slot, now, hash, matcher, code)?;
        if !spotted.ordinary {
            return self.hit_with_care(now, spotted, take);
        }
        let taken = take(shown(&spotted.entry(&self.store.terms)))?;
        drop(spotted);
        let count = self.counters.hit_by(slot);
        if count != Some(false) || self.store.is_due(now) {
            return Some(self.looked_after(now, count, taken));
        }
        Some(taken)
    }

    fn read_held<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        self.store.read_held(hash, matcher, now, |entry| take(shown(&entry)))
    }

    #[inline]
    fn lead(&self, hash: u64, key: &mut Option<K>, joinable: bool) -> Option<FlightId> {
        Core::lead(self, hash, key, joinable)
    }

    fn enter<Q: Query<Key = K>>(
        &self,
        hash: u64,
        query: &Q,
        key: Option<K>,
        how: &mut How,
    ) -> Entered<K, V> {
        Core::enter(self, hash, query, key, how)
    }

    fn take_up(&self, hash: u64, id: FlightId, joinable: bool) -> bool {
        self.store.locked_by_hash(hash, |locked| locked.companion().take_up(hash, id, joinable))
    }

    fn share(&self, hash: u64, id: FlightId) -> Option<Arc<Flight<K, V>>> {
        let mut vacant = vec![Arc::new(Flight::vacant())];
        self.store
            .locked_by_hash(hash, |locked| locked.companion().get_mut(hash, id)?.share(&mut vacant))
    }

    fn abandon(&self, hash: u64, id: FlightId) -> Option<Arc<Flight<K, V>>> {
        let ended = self.store.locked_by_hash(hash, |locked| locked.companion().end(hash, id));
        ended?.into_flight()
    }

    fn finish(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<u64>
    where
        K: Clone,
        V: Clone,
    {
        Core::finish(self, leading, value, ttl, now)
    }

    fn expire_one<M: Matches<Key = K>>(&self, hash: u64, matcher: &M, times: Times) {
        self.store.locked(hash, matcher, |locked, found, _| {
            let Some(found) = found else { return };
            if locked.times(found) == times {
                locked.remove(found, RemovalCause::Expired);
            }
        });
    }

    fn put(&self, new: NewEntry<K, V>, same: Same<K>, now: u64) {
        Core::put(self, new, same, now);
    }

    fn invalidate<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> bool {
        Core::invalidate(self, hash, matcher)
    }

    fn retain(&self, mut keep: impl FnMut(&K, &V) -> bool) -> usize {
        let now = self.time.precise();
        let _sweep = Sweep::of(self);
        self.store.visit(now, |entry| keep(entry.key, entry.value))
    }

    fn clear(&self) {
        let mut farewells = Farewells::default();
        farewells.attempt(|| self.drop_all());
        self.respites.clear();
        #[cfg(feature = "metrics")]
        self.cleared.keep(&self.info());
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method is of one lifetime"
        )]
        self.store.each_shard(|locked| locked.reset_removals());
        self.counters.reset();
        farewells.end();
    }

    fn expire(&self) -> usize {
        let now = self.time.precise();
        self.respites.expire(now);
        let mut expired = 0;
        self.store.each_shard(|locked| expired += locked.expire(now));
        // And what left before, of a cache that may have fallen silent since.
        self.store.tidy();
        expired
    }

    fn info(&self) -> CacheInfo {
        let (len, weight) = self.live();
        let (mut evictions, mut expirations) = (0, 0);
        self.store.each_shard(|locked| {
            let removals = locked.removals();
            (evictions, expirations) = (evictions + removals.0, expirations + removals.1);
        });
        let counters = &self.counters;
        CacheInfo {
            hits: counters.hits(),
            misses: counters.misses(),
            maxsize: self.settings.maxsize(),
            currsize: weight,
            len,
            evictions,
            expirations,
            coalesced: counters.coalesced.get(),
            stale: counters.stale.get(),
            failures: counters.failures.get(),
            refreshes: counters.refreshes.get(),
            compute_time: counters.compute_time(),
        }
    }
}

/// An entry of the store's, as calls see it.
#[inline]
fn shown<'e, K, V>(entry: &'e EntryRef<'_, K, V>) -> Shown<'e, K, V> {
    Shown { key: entry.key, value: entry.value, deadline: entry.deadline(), details: entry }
}
