//! A shard under its lock.

use super::Store;
use super::entry::{NewEntry, Times};
use super::shard::{Shard, View, Writer};
use super::table::{Notes, Retired};
use crate::RemovalCause;
use crate::engine::ledger::Filing;
use crate::engine::policy::{NONE, Residents};
use crate::sync::atomic::Ordering;

/// An entry found under the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found(pub(super) u32);

/// A shard under its lock. What leaves is dropped, and told to the listener, after it.
pub(crate) struct Locked<'s, K, V, B> {
    pub(super) store: &'s Store<K, V, B>,
    pub(super) shard: &'s Shard<K, V, B>,
    pub(super) writer: &'s mut Writer<K, V, B>,
    /// What the listener is to hear of, if there is one.
    pub(super) left: Vec<(Retired<K, V>, RemovalCause)>,
    /// Entries came or left, or are to be looked after.
    pub(super) changed: bool,
    /// Something left that was not merely in the way of others.
    pub(super) promptly: bool,
    /// The time, and what was stored, if something was.
    pub(super) stored: Option<(u64, u32)>,
}

impl<K, V, B> Locked<'_, K, V, B> {
    /// What is kept under this lock beside the entries.
    pub(crate) fn companion(&mut self) -> &mut B {
        &mut self.writer.companion
    }

    /// Whether there is an entry of this hash, live or not.
    #[inline]
    pub(crate) fn has_any(&mut self, hash: u64) -> bool {
        self.writer.desk.find(&self.shard.face, super::short(hash), |_| true).is_some()
    }

    /// The entry of this hash, live or not, that `is` knows, which sees also what is kept beside
    /// the entries. None of the user's code may run in that.
    #[inline]
    pub(crate) fn find_beside(&mut self, hash: u64, is: impl Fn(&B, &K) -> bool) -> Option<Found> {
        let Writer { desk, companion, .. } = &mut *self.writer;
        let is = |key: &K| is(companion, key);
        desk.find(&self.shard.face, super::short(hash), |seen| is(&seen.pair().0)).map(Found)
    }

    /// When an entry was stored, and how long it lives.
    pub(crate) fn times(&self, found: Found) -> Times {
        self.store.terms.times(&self.writer.desk.see(found.0))
    }

    /// Stores `new` in place of `found`, and evicts what is too much then. It is for the caller to
    /// refuse what is heavier than the bound.
    #[inline]
    pub(crate) fn insert(&mut self, found: Option<Found>, new: NewEntry<K, V>, now: u64) {
        let terms = &self.store.terms;
        let NewEntry { hash, key, value, times, weight } = new;
        let filing = Filing {
            hash: super::short(hash),
            weight: if terms.weighted { weight } else { 1 },
            // Within its ttl, however often it is used.
            deadline: times.deadline.min(times.stored.saturating_add(terms.tti)),
        };
        let full = || self.store.share();
        let at = (filing.hash, filing.deadline);
        // Here, so that what is stored goes to its place at once.
        let slot = self.writer.desk.fill(&self.shard.face, at, key, value, full);
        self.enter(found, slot, filing, times, now);
    }

    /// Enters into the books what has been filled into a slot.
    #[inline(never)]
    fn enter(&mut self, found: Option<Found>, slot: u32, filing: Filing, times: Times, now: u64) {
        let (terms, shard) = (&self.store.terms, self.shard);
        self.changed = true;
        let Writer { desk, ledger, .. } = &mut *self.writer;
        if !terms.are_kept_by(&times) || desk.takes_notes(slot) {
            let notes = Notes {
                stored: times.stored,
                limit: times.deadline,
                window: match times.gone {
                    // It never ends by its ttl, but may by its tti.
                    u64::MAX => terms.window,
                    gone => gone.saturating_sub(times.deadline),
                },
                weight: filing.weight,
            };
            desk.note(slot, notes, |deadline| terms.notes_by(deadline));
        }
        let view = View { slots: desk.slots(), weighted: terms.weighted };
        let mut debt = filing.weight as i128;
        if let Some(Found(from)) = found {
            let cause = if desk.slots().deadline(from) <= now {
                RemovalCause::Expired
            } else {
                RemovalCause::Replaced
            };
            debt -= view.weight(from) as i128;
            let word = ledger.replaced(from, slot, filing, now, &view, &shard.marks);
            view.word(slot).store(word, Ordering::Relaxed);
            let retired = desk.exchange(&shard.face, from, slot);
            self.promptly = true;
            self.leave(retired, cause);
        } else {
            let word = ledger.inserted(slot, filing, &view, &shard.marks);
            view.word(slot).store(word, Ordering::Relaxed);
            desk.publish(&shard.face, slot);
        }
        self.stored = Some((now, slot));
        self.make_room(debt, now, slot);
    }

    /// Pays for so much more by what leaves, or leaves it to [`Store::relieve`].
    #[inline]
    fn make_room(&mut self, mut debt: i128, now: u64, keep: u32) {
        let room = &self.store.room;
        if debt == 1 && !self.store.terms.weighted {
            // As mostly. It takes the place of one, or it is one more.
            if !room.reserve(1) && self.evict_for(now, keep).is_none() {
                room.force(1);
            }
            return;
        }
        while debt > 0 {
            let owed = u64::try_from(debt).unwrap_or(u64::MAX);
            if room.reserve(owed) {
                return;
            }
            let Some(weight) = self.evict_for(now, keep) else { return room.force(owed) };
            debt -= weight as i128;
        }
        room.release(u64::try_from(-debt).unwrap_or(u64::MAX));
    }

    /// Takes one out to make room; its weight. None if it is better taken from another shard, or
    /// has to be.
    #[inline]
    fn evict_for(&mut self, now: u64, keep: u32) -> Option<usize> {
        if let Some(weight) = self.take_over(now, keep) {
            return Some(weight);
        }
        // Expired ones go before live ones, wherever they are.
        if self.store.is_sharded() && (self.store.may_be_over(now) || self.is_thin()) {
            return None;
        }
        self.take_victim(now, keep)
    }

    /// Whether it holds so little of what the cache does that others are to make room.
    fn is_thin(&self) -> bool {
        let bound = self.store.room.bound().unwrap_or(0);
        self.writer.ledger.sum() < ((bound / 2) >> self.store.shards.log2()) as u128
    }

    /// Takes out one that is past its deadline; its weight, which the room still counts.
    #[inline]
    pub(super) fn take_over(&mut self, now: u64, keep: u32) -> Option<usize> {
        self.changed = true;
        let Writer { desk, ledger, .. } = &mut *self.writer;
        let view = View { slots: desk.slots(), weighted: self.store.terms.weighted };
        let slot = ledger.take_over(now, keep, &view)?;
        let weight = view.weight(slot);
        self.take_out(slot, RemovalCause::Expired);
        Some(weight)
    }

    /// Takes out the policy's choice; its weight, which the room still counts.
    #[inline]
    pub(super) fn take_victim(&mut self, now: u64, keep: u32) -> Option<usize> {
        let Writer { desk, ledger, .. } = &mut *self.writer;
        let view = View { slots: desk.slots(), weighted: self.store.terms.weighted };
        let taken = ledger.take_victim(now, keep, &view, &self.shard.marks)?;
        let weight = view.weight(taken.slot);
        if let Some(next) = taken.next {
            desk.approach(&self.shard.face, next);
        }
        let cause = if taken.over { RemovalCause::Expired } else { RemovalCause::Size };
        self.take_out(taken.slot, cause);
        Some(weight)
    }

    /// Takes out an entry that is out of the books.
    #[inline]
    fn take_out(&mut self, slot: u32, cause: RemovalCause) {
        let retired = self.writer.desk.withdraw(&self.shard.face, slot);
        self.leave(retired, cause);
    }

    #[inline]
    fn leave(&mut self, retired: Retired<K, V>, cause: RemovalCause) {
        self.changed = true;
        if self.store.listener.is_some() {
            self.left.push((retired, cause));
        } else {
            self.writer.desk.discard(retired);
        }
    }

    pub(crate) fn remove(&mut self, found: Found, cause: RemovalCause) {
        let Writer { desk, ledger, .. } = &mut *self.writer;
        let view = View { slots: desk.slots(), weighted: self.store.terms.weighted };
        let weight = view.weight(found.0) as u64;
        ledger.removed(found.0, cause, &view);
        self.store.room.release(weight);
        self.promptly = true;
        self.take_out(found.0, cause);
    }

    /// Takes out what is past its time; how many.
    pub(crate) fn expire(&mut self, now: u64) -> usize {
        let mut expired = 0;
        loop {
            let mut budget = u32::MAX;
            let gone = self.expire_some(now, &mut budget);
            expired += gone;
            if gone == 0 {
                return expired;
            }
        }
    }

    /// Takes out what is past its time, as far as the budget goes; how many.
    pub(super) fn expire_some(&mut self, now: u64, budget: &mut u32) -> usize {
        // The ledger may have found out that nothing is due for longer than it thought.
        self.changed = true;
        let mut expired = 0;
        loop {
            let Writer { desk, ledger, .. } = &mut *self.writer;
            let view = View { slots: desk.slots(), weighted: self.store.terms.weighted };
            let Some(slot) = ledger.due(now, budget, &view) else { return expired };
            let weight = view.weight(slot) as u64;
            self.store.room.release(weight);
            self.promptly = true;
            self.take_out(slot, RemovalCause::Expired);
            expired += 1;
        }
    }

    /// Takes out everything.
    pub(crate) fn clear(&mut self) {
        self.changed = true;
        let Writer { desk, ledger, .. } = &mut *self.writer;
        self.store.room.release_sum(ledger.sum());
        ledger.clear();
        for retired in desk.withdraw_all(&self.shard.face) {
            self.leave(retired, RemovalCause::Invalidated);
        }
        self.promptly = true;
    }

    pub(crate) fn reset_removals(&mut self) {
        self.writer.ledger.reset_counts();
    }

    /// Live entries and their total weight.
    pub(crate) fn live(&self, now: u64) -> (usize, usize) {
        let Writer { desk, ledger, .. } = &*self.writer;
        let view = View { slots: desk.slots(), weighted: self.store.terms.weighted };
        ledger.live(now, &view)
    }

    /// Entries that left to make room, and because their time was over.
    pub(crate) fn removals(&self) -> (u64, u64) {
        (self.writer.ledger.evictions(), self.writer.ledger.expirations())
    }

    /// Says when this shard is due next, and the cache if that is sooner than it thought.
    #[inline]
    pub(super) fn announce(&self) {
        let due = self.writer.ledger.next_due();
        let before = self.shard.due.load(Ordering::Relaxed);
        if due != before {
            self.shard.due.store(due, Ordering::Relaxed);
            if due < before {
                self.store.due_by(due);
            }
        }
    }

    /// No entry is to be kept whatever it costs.
    pub(super) const ANY: u32 = NONE;
}
