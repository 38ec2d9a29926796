//! What calls do for their cache beside what they came for: expired entries are given back, and
//! the bound is kept across shards.

use super::locked::Locked;
use super::shard::Shard;
use super::{Padded, Store};
use crate::farewells::Farewells;
use crate::sync::atomic::{Ordering, fence};

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
        fence(Ordering::SeqCst);
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
        fence(Ordering::SeqCst);
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
            let take = |locked: &mut Locked<'_, K, V, B>| locked.take_over(now, keep(shard));
            if over && self.relieve_by(shard, take, 1, &mut farewells) {
                return farewells.end();
            }
        }
        // A little from each, as long as there is something.
        loop {
            let mut some = false;
            for at in 0..self.shards.len() {
                let shard = from(at);
                let take = |locked: &mut Locked<'_, K, V, B>| {
                    let weight = locked.take_victim(now, keep(shard));
                    some |= weight.is_some();
                    weight
                };
                if self.relieve_by(shard, take, self.shards.len(), &mut farewells) {
                    return farewells.end();
                }
            }
            if !some {
                break;
            }
        }
        // What is left is heavier than a bound that has been lowered since it was admitted.
        let any = Locked::<K, V, B>::ANY;
        self.relieve_by(own, |locked| locked.take_victim(now, any), 1, &mut farewells);
        farewells.end();
    }

    /// Lets a shard give up what `take` takes, until the bound is kept or nothing is taken;
    /// `rounds`: but one entry at a time if there are several shards. Whether the bound is kept.
    fn relieve_by(
        &self,
        shard: &Shard<K, V, B>,
        mut take: impl FnMut(&mut Locked<'_, K, V, B>) -> Option<usize>,
        rounds: usize,
        farewells: &mut Farewells,
    ) -> bool {
        farewells.attempt(|| {
            self.under(shard, shard.writer.lock(), None, |locked| {
                while self.room.is_over() {
                    let Some(weight) = take(locked) else { break };
                    self.room.release(weight as u64);
                    if rounds > 1 {
                        break;
                    }
                }
            });
        });
        !self.room.is_over()
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
