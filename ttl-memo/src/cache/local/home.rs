//! A cache of one thread, to the calls that it answers.

use std::sync::Arc;
use std::time::Duration;

use super::LocalCore;
use crate::CacheInfo;
use crate::cache::home::{Home, Shown, Tally};
use crate::cache::landing::Leading;
use crate::cache::loads::{Entered, Held, How};
use crate::cache::rivals::Same;
use crate::cache::settings::Settings;
use crate::call::query::{Matches, Query};
use crate::clock::{self, Time};
use crate::flight::Flight;
use crate::store::{NewEntry, Times};

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

    type Arrival = u64;

    /// Where nothing expires, the clock is not asked.
    #[inline]
    fn arrive(&self) -> u64 {
        if self.calm.get() == u64::MAX { clock::LAST } else { self.time.coarse() }
    }

    #[inline]
    fn count(&self, tally: Tally) {
        let tally = self.tally(tally);
        tally.set(tally.get() + 1);
    }

    fn computed(&self, took: u64) {
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

    fn enter<Q: Query<Key = K>>(&self, hash: u64, query: &Q, how: &mut How) -> Entered<K, V> {
        // All code of the user's: what it changes meanwhile comes before this load begins.
        let key = query.to_key();
        let now = self.time.precise();
        how.looked = now;
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
            let board = self.board.borrow();
            let aloft = board.with_hash(hash).find(|aloft| {
                let is = same.iter().any(|flight| Arc::ptr_eq(flight, &aloft.flight));
                is && (aloft.joinable || held != Held::No)
            });
            if let Some(aloft) = aloft {
                return how.behind(aloft, held, since);
            }
        }
        let flight = self.board.borrow_mut().begin(hash, key, !how.alone);
        if held == Held::No { Entered::Lead(flight) } else { Entered::Renew(flight) }
    }

    fn abandon(&self, hash: u64, flight: &Arc<Flight<K, V>>) {
        let ended = self.board.borrow_mut().end(hash, flight);
        drop(ended);
    }

    fn finish(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<Times>
    where
        K: Clone,
        V: Clone,
    {
        leading.flight.as_ref()?;
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
        times
    }

    fn expire_one<M: Matches<Key = K>>(&self, hash: u64, matcher: &M, times: Times) {
        self.take_out(hash, matcher, u64::MAX, |found| found == times);
    }

    fn put(&self, new: NewEntry<K, V>, same: Same<K>, now: u64) {
        self.put_in(new, same, now);
    }

    fn invalidate<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> bool {
        let now = self.time.precise();
        let live = self.take_out(hash, matcher, now, |_| true);
        // Last: what `Eq` began meanwhile is older than this, too.
        let rivals = self.rivals(hash, u64::MAX, |key| matcher.matches(key));
        self.take_off(hash, &rivals);
        self.within.forsake(hash, |key| matcher.matches(key));
        live
    }

    fn retain(&self, keep: impl FnMut(&K, &V) -> bool) -> usize {
        let detached = self.detach_all();
        drop(detached);
        self.visit(self.time.precise(), keep)
    }

    fn clear(&self) {
        let detached = self.detach_all();
        self.tallies.iter().for_each(|tally| tally.set(0));
        self.compute_nanos.set(0);
        let stock = self.stock.borrow();
        self.removals.set((stock.ledger().evictions(), stock.ledger().expirations()));
        drop(stock);
        self.doom();
        drop(detached);
    }

    fn expire(&self) -> usize {
        self.expire_some(self.time.precise(), u32::MAX)
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
