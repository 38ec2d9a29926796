//! A cache of one thread, to the calls that it answers.

use std::sync::Arc;
use std::time::Duration;

use super::LocalCore;
use crate::CacheInfo;
use crate::cache::home::{Home, Shown, Tally};
use crate::cache::landing::Leading;
use crate::cache::loads::{Entered, Held, How, Start};
use crate::cache::respite::Respites;
use crate::cache::rivals::{Rivals, Same};
use crate::cache::settings::Settings;
use crate::cache::sweep::{Sweep, Swept};
use crate::call::query::{Matches, Query};
use crate::clock::{self, Time};
use crate::counters::Pace;
use crate::farewells::Farewells;
use crate::flight::{Flight, FlightId, Step};
use crate::store::{NewEntry, Times};

impl<K, V> Swept for LocalCore<K, V> {
    fn swept(&self, step: Step, tag: Option<&Arc<str>>) {
        if step == Step::Mark {
            // None of them begins until it is over.
            self.within.forsake_all();
        }
        self.board.borrow_mut().swept(step, tag);
    }
}

impl<K, V> Home<K, V> for LocalCore<K, V> {
    #[inline]
    fn admit(&self, key: &K, value: &V, ttl: Option<Duration>, now: u64) -> Option<(Times, usize)> {
        let own = || self.hooks.expire_after.as_ref().and_then(|of| of(key, value));
        let weigh = || self.hooks.weigher.as_ref().map_or(1, |weigh| weigh(key, value));
        self.settings.admit_by(own, weigh, ttl, now)
    }

    fn settings(&self) -> &Settings<K, V> {
        &self.settings
    }

    fn time(&self) -> &Time {
        &self.time
    }

    fn respites(&self) -> &Respites {
        &self.respites
    }

    type Arrival = u64;

    /// Where nothing expires, the clock is not asked.
    #[inline]
    fn arrive(&self) -> u64 {
        if self.calm.get() == u64::MAX { clock::LAST } else { self.time.coarse() }
    }

    /// No body is timed by it.
    #[inline]
    fn coarse(&self, arrival: u64) -> u64 {
        arrival
    }

    #[inline]
    fn count(&self, tally: Tally) {
        let tally = self.tally(tally);
        tally.set(tally.get() + 1);
    }

    fn computed(&self, _: Pace, took: u64) {
        self.compute_nanos.set(self.compute_nanos.get().saturating_add(took));
    }

    #[inline]
    fn read<M: Matches<Key = K>, T>(
        &self,
        now: u64,
        hash: u64,
        matcher: &M,
        _: bool,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        self.read_live(now, hash, matcher, |entry| Some(take(entry)))
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, the call's parts cost 2 ns")]
    fn hit<M: Matches<Key = K>, T>(
        &self,
        now: u64,
        hash: u64,
        matcher: &M,
        _: bool,
        take: impl FnOnce(Shown<'_, K, V>) -> Option<T>,
    ) -> Option<T> {
        let taken = self.read_live(now, hash, matcher, take)?;
        self.count(Tally::Hit);
        Some(taken)
    }

    fn read_held<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        self.read_any(hash, matcher, now, take)
    }

    #[inline]
    fn lead(&self, _: u64, _: &mut Option<K>, _: bool) -> Option<FlightId> {
        None
    }

    fn enter<Q: Query<Key = K>>(
        &self,
        hash: u64,
        query: &Q,
        key: Option<K>,
        how: &mut How,
    ) -> Entered<K, V> {
        // All code of the user's: what it changes meanwhile comes before this load begins.
        let key = key.unwrap_or_else(|| query.to_key());
        let now = self.time.precise();
        let times = self.find(hash, query).map(|(_, times)| times);
        let held = how.held(times, now, self.settings.while_revalidate);
        if held == Held::Fresh {
            return Entered::Stored;
        }
        if self.within.has(hash, |key| query.matches(key)) {
            return Entered::Within;
        }
        let since = *how.since.get_or_insert(self.board.borrow().next());
        if !how.alone || held != Held::No {
            let same = self.rivals(hash, u64::MAX, |key| query.matches(key));
            let mut rivals = Rivals::default();
            let mut board = self.board.borrow_mut();
            let aloft = board.with_hash_mut(hash).find(|aloft| {
                let is = same.iter().any(|flight| flight.id() == aloft.id());
                is && (aloft.joinable || held != Held::No)
            });
            if let Some(behind) = aloft.and_then(|it| how.behind(it, held, since, &mut rivals)) {
                return behind;
            }
        }
        let begun = Start::Known(self.board.borrow_mut().begin(hash, key, !how.alone));
        if held == Held::No { Entered::Lead(begun) } else { Entered::Renew(begun) }
    }

    fn take_up(&self, hash: u64, id: FlightId, joinable: bool) -> bool {
        self.board.borrow_mut().take_up(hash, id, joinable)
    }

    fn share(&self, hash: u64, id: FlightId) -> Option<Arc<Flight<K, V>>> {
        // It has had one from the start.
        self.board.borrow_mut().get_mut(hash, id)?.share(&mut Vec::new())
    }

    fn abandon(&self, hash: u64, id: FlightId) -> Option<Arc<Flight<K, V>>> {
        let ended = self.board.borrow_mut().end(hash, id);
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
        leading.known()?;
        let Some(admitted) = self.admitted(leading, value, ttl, now) else {
            // Refused for itself, not because nothing is stored at all.
            if self.stores_anything() {
                self.count(Tally::Failure);
            }
            self.hand_out(leading, value);
            return None;
        };
        let times = self.store(leading, value.clone(), admitted, now);
        match times {
            Some(_) => leading.end(self),
            None => self.hand_out(leading, value),
        }
        times.map(|times| times.deadline)
    }

    fn expire_one<M: Matches<Key = K>>(&self, hash: u64, matcher: &M, times: Times) {
        self.take_out(hash, matcher, u64::MAX, |found| found == times);
    }

    fn put(&self, new: NewEntry<K, V>, same: Same<K>, now: u64) {
        self.put_in(new, same, now);
    }

    fn invalidate<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> bool {
        let now = self.time.precise();
        // The listener may panic: what is in the air stores nothing all the same.
        let mut farewells = Farewells::default();
        let live = farewells.attempt(|| self.take_out(hash, matcher, now, |_| true));
        // Last: what `Eq` began meanwhile is older than this, too.
        let rivals = self.rivals(hash, u64::MAX, |key| matcher.matches(key));
        self.put_off(hash, &rivals);
        self.within.forsake(hash, |key| matcher.matches(key));
        farewells.end();
        live == Some(true)
    }

    fn retain(&self, keep: impl FnMut(&K, &V) -> bool) -> usize {
        let now = self.time.precise();
        let _sweep = Sweep::of(self);
        self.visit(now, keep)
    }

    /// Needs no [`Sweep`]: nobody sees an entry any more when the first of them is dropped.
    fn clear(&self) {
        self.put_all_off();
        self.respites.clear();
        self.tallies.iter().for_each(|tally| tally.set(0));
        self.compute_nanos.set(0);
        let stock = self.stock.borrow();
        self.removals.set((stock.ledger().evictions(), stock.ledger().expirations()));
        drop(stock);
        self.doom();
    }

    fn expire(&self) -> usize {
        let now = self.time.precise();
        self.respites.expire(now);
        self.expire_some(now, u32::MAX)
    }

    fn info(&self) -> CacheInfo {
        let (len, weight) = self.live();
        let stock = self.stock.borrow();
        let (evicted, expired) = self.removals.get();
        let count = |tally| self.tally(tally).get();
        CacheInfo {
            hits: count(Tally::Hit),
            misses: count(Tally::Miss),
            maxsize: self.settings.maxsize(),
            currsize: weight,
            len,
            evictions: stock.ledger().evictions() - evicted,
            expirations: stock.ledger().expirations() - expired,
            coalesced: count(Tally::Coalesced),
            stale: count(Tally::Stale),
            failures: count(Tally::Failure),
            refreshes: count(Tally::Refresh),
            compute_time: Duration::from_nanos(self.compute_nanos.get()),
        }
    }
}
