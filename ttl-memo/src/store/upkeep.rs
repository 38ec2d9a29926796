//! What calls do for their cache beside what they came for: expired entries are given back, and
//! the bound is kept across shards.

use super::locked::Locked;
use super::shard::Shard;
use super::{Padded, Store};
use crate::farewells::Farewells;
use crate::sync::atomic::Ordering;

/// The most that leave to keep a bound while others wait for their shard's lock.
const AT_ONCE: usize = 128;

impl<K, V, B> Store<K, V, B> {
    /// Gives back some of what is past its time at `now`: a bounded number of entries, from one
    /// shard, and never waits for its lock.
    #[cold]
    pub(super) fn upkeep(&self, now: u64) {
        let first = self.sweep.fetch_add(1, Ordering::Relaxed);
        for at in 0..self.shards.len() {
            let shard = &self.shards[first.wrapping_add(at) & (self.shards.len() - 1)];
            if shard.due.load(Ordering::Relaxed) > now {
                continue;
            }
            let Some(guard) = shard.writer.try_lock() else { continue };
            self.under(shard, guard, None, |locked| {
                let mut budget = locked.writer.ledger.allowance();
                locked.expire_some(now, &mut budget);
            });
            break;
        }
        self.set_due();
    }

    /// A shard is due earlier than it said before.
    #[cold]
    pub(super) fn due_by(&self, due: u64) {
        // Between the store of the shard's `due` and the load here: see `set_due`.
        crate::sync::fence();
        if due < self.due.load(Ordering::Relaxed) {
            self.due.fetch_min(due, Ordering::Relaxed);
        }
    }

    /// Finds out when the cache is due next.
    ///
    /// A shard that becomes due earlier meanwhile is not overlooked: of the two fences one comes
    /// first. If it is the one in `due_by`, its shard's `due` is seen here. If it is this one, the
    /// load in `due_by` sees the `MAX`, or what was made of it later, and lowers it.
    fn set_due(&self) {
        let least = |shards: &[Padded<Shard<K, V, B>>]| {
            shards.iter().map(|shard| shard.due.load(Ordering::Relaxed)).min().unwrap_or(u64::MAX)
        };
        // Mostly there is more to do, and nothing to be told.
        if least(&self.shards) == self.due.load(Ordering::Relaxed) {
            return;
        }
        self.due.store(u64::MAX, Ordering::Relaxed);
        crate::sync::fence();
        self.due.fetch_min(least(&self.shards), Ordering::Relaxed);
    }

    /// Whether a shard may hold an entry that is past its deadline, in its stale window or not.
    #[inline]
    pub(super) fn may_be_over(&self, now: u64) -> bool {
        self.due.load(Ordering::Relaxed).saturating_sub(self.terms.window) <= now
    }

    /// Takes out what is more than the bound allows: from shards other than `own`, which has
    /// stored `kept` just now and had nothing to give, if they have something.
    #[cold]
    pub(super) fn relieve(&self, own: &Shard<K, V, B>, now: u64, kept: u32) {
        // Each shard does its part, whatever panics at another's.
        let mut farewells = Farewells::default();
        let start = self.sweep.fetch_add(1, Ordering::Relaxed);
        let from = |at: usize| &*self.shards[start.wrapping_add(at) & (self.shards.len() - 1)];
        let keep = |shard: &Shard<K, V, B>| {
            if std::ptr::eq(shard, own) { kept } else { Locked::<K, V, B>::ANY }
        };
        for at in 0..self.shards.len() {
            let shard = from(at);
            let over = shard.due.load(Ordering::Relaxed).saturating_sub(self.terms.window) <= now;
            let mut take = |locked: &mut Locked<'_, K, V, B>| locked.take_over(now, keep(shard));
            while over && self.relieve_by(shard, &mut take, u64::MAX, &mut farewells) {}
            if !self.room.is_over() {
                return farewells.end();
            }
        }
        // Its part from each, as long as there is something.
        let mut some = true;
        while some {
            some = false;
            let part = self.room.excess().div_ceil(self.shards.len() as u64);
            for at in 0..self.shards.len() {
                let shard = from(at);
                let take = |locked: &mut Locked<'_, K, V, B>| locked.take_victim(now, keep(shard));
                some |= self.relieve_by(shard, take, part, &mut farewells);
                if !self.room.is_over() {
                    return farewells.end();
                }
            }
        }
        // What is left is heavier than a bound that has been lowered since it was admitted.
        let any = Locked::<K, V, B>::ANY;
        let mut take = |locked: &mut Locked<'_, K, V, B>| locked.take_victim(now, any);
        while self.relieve_by(own, &mut take, u64::MAX, &mut farewells) {}
        farewells.end();
    }

    /// Lets a shard give up what `take` takes, until the bound is kept, so much weight or as many as
    /// are let go at once are taken, or there is nothing; whether something was.
    fn relieve_by(
        &self,
        shard: &Shard<K, V, B>,
        mut take: impl FnMut(&mut Locked<'_, K, V, B>) -> Option<usize>,
        part: u64,
        farewells: &mut Farewells,
    ) -> bool {
        if !self.room.is_over() {
            return false;
        }
        let mut taken = 0_u64;
        farewells.attempt(|| {
            self.under(shard, shard.writer.lock(), None, |locked| {
                for _ in 0..AT_ONCE {
                    if taken >= part || !self.room.is_over() {
                        break;
                    }
                    let Some(weight) = take(locked) else { break };
                    self.room.release(weight as u64);
                    // What weighs nothing left, too.
                    taken = taken.saturating_add(weight.max(1) as u64);
                }
            });
        });
        taken > 0
    }

    /// A new bound, told to `others` who go by it; evicts down to it.
    pub(crate) fn set_maxsize(&self, maxsize: Option<usize>, now: u64, others: impl FnOnce()) {
        {
            // Of two new bounds, all go by the one that came last.
            let _one_by_one = self.retuning.lock();
            others();
            self.room.set_bound(maxsize);
            self.tell_policies();
        }
        if let Some(shard) = self.shards.first().filter(|_| self.room.is_over()) {
            self.relieve(shard, now, Locked::<K, V, B>::ANY);
        }
    }

    /// Drops what waits to be dropped, as far as nobody looks at it.
    #[cold]
    pub(crate) fn tidy(&self) {
        for shard in &self.shards {
            if shard.untidy.load(Ordering::Relaxed) {
                if let Some(guard) = shard.writer.try_lock() {
                    self.under(shard, guard, None, |locked| {
                        (locked.changed, locked.promptly) = (true, true);
                    });
                }
            }
        }
    }
}
