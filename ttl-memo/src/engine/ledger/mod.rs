//! The books of one map or shard: how much it holds, against which bound, and what goes next.
//!
//! Entries are another's: here they are slots, and what is to be known of one is asked of
//! [`Entries`]. The two queues that an entry stands in, that of its [policy](crate::engine::policy) and that
//! of its [deadline](super::deadlines), are kept in step with the sums.
//!
//! # Past the deadline
//! An entry is live before its deadline. Past it, it may be held for a *window* that is one for all
//! entries (none, mostly): it is *over* at its deadline and makes room for any other entry from then
//! on, and is *gone* at the end of the window, from when on it is given back unasked. Entries are
//! scheduled by their deadlines alone, so what is gone is what was over a window ago.

#[cfg(test)]
mod tests;

use crate::RemovalCause;
use crate::engine::deadlines::Deadlines;
use crate::engine::policy::{
    Marks, NONE, Policy, PolicyState, Recording, Replacement, Residents, Taken, take_word,
};

/// What one insertion may look at to find an entry that is over before it takes a live one.
///
/// Deadlines that arrived in order need [four looks](crate::engine::deadlines::ENOUGH_FOR_QUEUES) at most.
/// Others need more only when the time has just reached a part of the wheel that many share: then
/// each insertion works off so many, and one that is over may outlast a live one for a moment.
const THOROUGH: u32 = 4_096;

/// The least and the most of them that a call gives back unasked.
const LEAST_ALLOWANCE: u32 = 16;
const MOST_ALLOWANCE: u32 = 256;

/// What the books may ask of the entries that are in them.
pub(crate) trait Entries: Residents {
    /// The hash of the entry's key, as it was at its insertion.
    fn hash(&self, slot: u32) -> u32;

    /// The instant at which the entry is over, as it is now; `u64::MAX`: never.
    fn deadline(&self, slot: u32) -> u64;
}

/// What is written down of an entry when it comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filing {
    pub(crate) hash: u32,
    pub(crate) weight: usize,
    /// The instant at which it is over; `u64::MAX`: never.
    pub(crate) deadline: u64,
}

/// The books.
///
/// A slot is in them from [`inserted`](Self::inserted) until [`removed`](Self::removed),
/// [`replaced`](Self::replaced) by another, or handed out by [`surplus`](Self::surplus) or
/// [`due`](Self::due); its word is the one given at first, or as hits have changed it, and `EMPTY`
/// after.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    policy: PolicyState,
    deadlines: Deadlines,
    /// The most weight; `None`: any.
    bound: Option<usize>,
    weighted: bool,
    window: u64,
    len: usize,
    /// The sum of the weights: of more entries than one that weighs `usize::MAX`, if need be.
    weight: u128,
    evictions: u64,
    expirations: u64,
}

impl Ledger {
    /// Empty books without a bound. `weighted`: entries may weigh other than 1. `moving`: deadlines
    /// may move later without a word.
    pub(crate) fn new(policy: Policy, seed: u64, weighted: bool, moving: bool) -> Self {
        Self {
            policy: PolicyState::new(policy, seed),
            deadlines: if moving { Deadlines::movable() } else { Deadlines::new() },
            bound: None,
            weighted,
            window: 0,
            len: 0,
            weight: 0,
            evictions: 0,
            expirations: 0,
        }
    }

    /// How hits come to the policy's ears.
    pub(crate) fn recording(&self) -> Recording {
        self.policy.recording()
    }

    /// How long past its deadline an entry is held; it holds for all entries at once.
    pub(crate) fn set_window(&mut self, window: u64) {
        self.window = window;
    }

    /// A new bound, which there may be a surplus over.
    pub(crate) fn set_bound(&mut self, bound: Option<usize>, marks: &Marks) {
        self.bound = bound;
        // How many entries a weight is, nobody knows.
        let entries = bound.filter(|_| !self.weighted);
        self.policy.set_bound(entries.unwrap_or(usize::MAX), marks);
    }

    pub(crate) fn bound(&self) -> Option<usize> {
        self.bound
    }

    /// Whether entries may weigh other than 1.
    pub(crate) fn is_weighted(&self) -> bool {
        self.weighted
    }

    /// Entries held, live or not.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// What they weigh together.
    pub(crate) fn sum(&self) -> u128 {
        self.weight
    }

    /// The same, as far as a number goes.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn weight(&self) -> usize {
        usize::try_from(self.weight).unwrap_or(usize::MAX)
    }

    /// Live entries that made room.
    pub(crate) fn evictions(&self) -> u64 {
        self.evictions
    }

    /// Entries that went because their time was over.
    pub(crate) fn expirations(&self) -> u64 {
        self.expirations
    }

    pub(crate) fn reset_counts(&mut self) {
        (self.evictions, self.expirations) = (0, 0);
    }

    /// An entry came to a slot that held none: the word to write there.
    #[inline]
    pub(crate) fn inserted(
        &mut self,
        slot: u32,
        new: Filing,
        entries: &impl Entries,
        marks: &Marks,
    ) -> u32 {
        debug_assert!(self.weighted || new.weight == 1);
        self.len += 1;
        self.weight += new.weight as u128;
        self.deadlines.schedule_new(slot, new.deadline);
        self.policy.insert(slot, new.hash, entries, marks)
    }

    /// A new entry, in `to`, took the place of the one in `from`, which may be the same slot: the
    /// word to write in `to`. `entries` shows the old one still.
    ///
    /// If the old one was live, that is a use of it. If its time was over, it counts as expired;
    /// an exact policy then knows the new one for the first time, but one that learns from a key's
    /// past has no reason to forget it.
    pub(crate) fn replaced(
        &mut self,
        from: u32,
        to: u32,
        new: Filing,
        now: u64,
        entries: &impl Entries,
        marks: &Marks,
    ) -> u32 {
        debug_assert!(self.weighted || new.weight == 1);
        let over = entries.deadline(from) <= now;
        self.expirations += u64::from(over);
        self.weight += new.weight as u128;
        self.weight -= entries.weight(from) as u128;
        let word = take_word(from, entries);
        self.deadlines.cancel(from);
        self.deadlines.schedule_new(to, new.deadline);
        if over && self.policy.recording() != Recording::Word {
            self.policy.remove(from, word, entries);
            self.policy.insert(to, new.hash, entries, marks)
        } else {
            self.policy.renew(Replacement { from, to, word, hash: new.hash }, entries, marks)
        }
    }

    /// An entry left, but not by this ledger's word.
    pub(crate) fn removed(&mut self, slot: u32, cause: RemovalCause, entries: &impl Entries) {
        debug_assert!(cause != RemovalCause::Size, "that is for `surplus` to say");
        self.deadlines.cancel(slot);
        self.strike(slot, cause, entries);
    }

    /// An entry was used: for a policy of [`Recording::Log`].
    #[inline]
    pub(crate) fn touch(&mut self, slot: u32, entries: &impl Entries, marks: &Marks) {
        let hash = entries.hash(slot);
        self.policy.touch(slot, hash, entries, marks);
    }

    /// Whether there is more than the bound allows.
    #[inline]
    pub(crate) fn is_over_bound(&self) -> bool {
        self.bound.is_some_and(|bound| self.weight > bound as u128)
    }

    /// While there is more than the bound allows: takes an entry that has to go out of the books,
    /// never `keep` ([`NONE`]: any). One that is over at `now`, or else the policy's choice.
    #[inline]
    pub(crate) fn surplus(
        &mut self,
        now: u64,
        keep: u32,
        entries: &impl Entries,
        marks: &Marks,
    ) -> Option<(u32, RemovalCause)> {
        if !self.is_over_bound() {
            return None;
        }
        if let Some(slot) = self.take_over(now, keep, entries) {
            return Some((slot, RemovalCause::Expired));
        }
        let Taken { slot, over, .. } = self.take_victim(now, keep, entries, marks)?;
        Some((slot, if over { RemovalCause::Expired } else { RemovalCause::Size }))
    }

    /// Takes an entry that is over at `now` out of the books, whatever the bound; never `keep`.
    #[inline]
    pub(crate) fn take_over(&mut self, now: u64, keep: u32, entries: &impl Entries) -> Option<u32> {
        // Mostly nothing is due, which is asked at each insertion.
        if now < self.deadlines.next_due() {
            return None;
        }
        let slot = self.over(now, keep, &mut { THOROUGH }, entries)?;
        self.strike(slot, RemovalCause::Expired, entries);
        Some(slot)
    }

    /// Takes the policy's choice out of the books, whatever the bound; never `keep`. It is over, or
    /// counts as an eviction.
    #[inline]
    pub(crate) fn take_victim(
        &mut self,
        now: u64,
        keep: u32,
        entries: &impl Entries,
        marks: &Marks,
    ) -> Option<Taken> {
        // As good as found by the search, had it been let on. Mostly nothing is due, and the entry
        // itself need not be looked at, which is on a line that nobody has touched for long.
        let any_over = self.deadlines.next_due() <= now;
        let mut weight = 0;
        let is_over = |slot| {
            weight = entries.weight(slot);
            any_over && entries.deadline(slot) <= now
        };
        let hash_of = |slot| entries.hash(slot);
        let taken = self.policy.take(keep, entries, marks, hash_of, is_over)?;
        self.deadlines.cancel(taken.slot);
        self.len -= 1;
        self.weight -= weight as u128;
        *(if taken.over { &mut self.expirations } else { &mut self.evictions }) += 1;
        Some(taken)
    }

    /// Takes an entry that is gone at `now` out of the books, if the search for it lasts no longer
    /// than `budget`, in entries looked at; what is left of it is left in it.
    #[inline]
    pub(crate) fn due(
        &mut self,
        now: u64,
        budget: &mut u32,
        entries: &impl Entries,
    ) -> Option<u32> {
        // Before the first window has passed nothing can be gone.
        let then = now.checked_sub(self.window)?;
        let slot = self.over(then, NONE, budget, entries)?;
        self.strike(slot, RemovalCause::Expired, entries);
        Some(slot)
    }

    /// The budget for [`due`](Self::due) of one call. What all has to go in one instant is worked
    /// off in some hundred calls, and none of them is slow.
    #[inline]
    pub(crate) fn allowance(&self) -> u32 {
        let share = u32::try_from(self.len / 32).unwrap_or(u32::MAX);
        share.clamp(LEAST_ALLOWANCE, MOST_ALLOWANCE)
    }

    /// Tells the policy how many entries there will be, where the bound is kept elsewhere.
    pub(crate) fn expect(&mut self, entries: usize, marks: &Marks) {
        self.policy.set_bound(entries, marks);
    }

    /// Before this instant nothing is over; `u64::MAX`: nothing ever is.
    #[inline]
    pub(crate) fn first_over(&self) -> u64 {
        self.deadlines.next_due()
    }

    /// Before this instant nothing is gone; `u64::MAX`: nothing ever is.
    #[inline]
    pub(crate) fn next_due(&self) -> u64 {
        self.deadlines.next_due().saturating_add(self.window)
    }

    /// The entry that the policy would evict next, which stays.
    pub(crate) fn victim(&mut self, entries: &impl Entries, marks: &Marks) -> Option<u32> {
        self.policy.victim(NONE, entries, marks)
    }

    /// Entries that are live at `now` and their weight, in time proportional to how many are not.
    pub(crate) fn live(&self, now: u64, entries: &impl Entries) -> (usize, usize) {
        let (mut len, mut weight) = (self.len, self.weight);
        let deadline_of = |slot| entries.deadline(slot);
        self.deadlines.for_each_due(now, deadline_of, |slot| {
            len -= 1;
            weight -= entries.weight(slot) as u128;
        });
        (len, usize::try_from(weight).unwrap_or(usize::MAX))
    }

    /// The entries that are over at `now`, in time proportional to how many they are.
    pub(crate) fn all_over(&self, now: u64, entries: &impl Entries) -> Vec<u32> {
        let mut over = Vec::new();
        self.deadlines.for_each_due(now, |slot| entries.deadline(slot), |slot| over.push(slot));
        over
    }

    /// All entries left. What was counted and learned stays.
    pub(crate) fn clear(&mut self) {
        self.policy.clear();
        self.deadlines.clear();
        (self.len, self.weight) = (0, 0);
    }

    /// No entry is in a slot from `slots` on, and what was needed for those may go.
    pub(crate) fn shrink_to(&mut self, slots: u32) {
        self.policy.shrink_to(slots);
        self.deadlines.shrink();
    }

    /// Takes an entry other than `keep` that is over off the schedule.
    fn over(
        &mut self,
        now: u64,
        keep: u32,
        budget: &mut u32,
        entries: &impl Entries,
    ) -> Option<u32> {
        let deadline_of = |slot| entries.deadline(slot);
        let slot = self.deadlines.pop_due(now, budget, deadline_of)?;
        if slot != keep {
            return Some(slot);
        }
        // Stored, and over already: it is in the way of the others.
        let other = self.deadlines.pop_due(now, budget, deadline_of);
        self.deadlines.schedule_new(keep, entries.deadline(keep));
        other
    }

    /// Takes an entry that is not scheduled out of the sums, and out of the policy's hands.
    fn strike(&mut self, slot: u32, cause: RemovalCause, entries: &impl Entries) {
        self.len -= 1;
        self.weight -= entries.weight(slot) as u128;
        let word = take_word(slot, entries);
        self.expirations += u64::from(cause == RemovalCause::Expired);
        self.policy.remove(slot, word, entries);
    }
}

#[cfg(any(test, fuzzing))]
impl Ledger {
    /// Recomputes the sums, and whether each entry and nothing else is scheduled.
    pub(crate) fn validate(&self, entries: &impl Entries) {
        use crate::engine::policy::EMPTY;
        use core::sync::atomic::Ordering::Relaxed;

        let lives = |slot: &u32| entries.word(*slot).load(Relaxed) != EMPTY;
        let living: Vec<u32> = (0..entries.slots()).filter(lives).collect();
        assert_eq!(self.len, living.len(), "the entries are counted");
        let weight: u128 = living.iter().map(|&slot| entries.weight(slot) as u128).sum();
        assert_eq!(self.weight, weight, "and weighed");
        for slot in 0..entries.slots() {
            let scheduled = lives(&slot) && entries.deadline(slot) != u64::MAX;
            assert_eq!(self.deadlines.contains(slot), scheduled, "slot {slot} is scheduled");
        }
    }
}
