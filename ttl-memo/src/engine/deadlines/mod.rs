//! What expires next: slots by their deadlines.
//!
//! A pure data structure: it knows no clock and no lock, and runs nobody's code. Entries and their deadlines are
//! another's; it holds slot numbers, and asks for a deadline when it needs one.
//!
//! Deadlines that arrive in order (one fixed ttl, or up to four) are queued, see [`queue`]: exact, in constant time.
//! All others go to a timer wheel, see [`wheel`]: exact too, in amortised constant time. Either way a slot takes eight
//! bytes, see [`rings`](super::rings).
//!
//! # Exactness under a budget
//! An answer is never wrong: what is handed out is due, to the nanosecond. But a search has a budget, and one that runs
//! out says so ([`Deadlines::backlog`]): until a later one comes to an end, a slot that is due may be waiting unseen
//! behind others that are not. With queues alone a budget of [`ENOUGH_FOR_QUEUES`] always suffices. With the wheel it
//! may not when the time has just reached a bucket of more slots than the budget (a bucket is as wide as a 64th to the
//! whole of the time that it was ahead when it was last looked at), or when many slots that were moved later come up at
//! their old deadlines. Each search carries on where the last one stopped.

use super::rings::{Removed, Rings};
use queue::{QUEUES, Queues};
use wheel::Wheel;

mod queue;
#[cfg(test)]
mod tests;
mod wheel;

/// A budget with which a search of deadlines that always arrived in order (of at most four ttls) comes to an end.
pub(crate) const ENOUGH_FOR_QUEUES: u32 = 4;
const _: () = assert!(ENOUGH_FOR_QUEUES as usize >= QUEUES, "a look at each");

/// Slots by their deadlines, in nanoseconds; `u64::MAX` is never, and no `now` is as late.
#[derive(Clone, Debug)]
pub(crate) struct Deadlines {
    links: Rings,
    queues: Queues,
    wheel: Wheel,
    /// What [`Deadlines::next_due`] gives. Invariant: at most the least of `queues.front()` and `wheel.front()`, or,
    /// where a slot was scheduled since these were last taken, that slot's deadline.
    next_due: u64,
    movable: bool,
    backlog: bool,
}

impl Deadlines {
    /// For deadlines that stand still: what is asked of `deadline_of` is what was scheduled.
    pub(crate) const fn new() -> Self {
        Self::empty(false)
    }

    /// For deadlines that may move later at any time without a word, as those of a time-to-idle do. A slot that was
    /// moved is met at its old deadline, and scheduled anew.
    ///
    /// No queue would do: behind a first that has moved, any other may be due.
    pub(crate) const fn movable() -> Self {
        Self::empty(true)
    }

    /// Schedules a slot, anew if it was scheduled before.
    #[cfg(test)]
    pub(crate) fn schedule(&mut self, slot: u32, deadline: u64) {
        self.cancel(slot);
        self.schedule_new(slot, deadline);
    }

    /// Schedules a slot that is not scheduled. Never costs nothing: the slot is then not scheduled.
    #[inline]
    pub(crate) fn schedule_new(&mut self, slot: u32, deadline: u64) {
        if deadline == u64::MAX {
            return;
        }
        self.next_due = self.next_due.min(deadline);
        if !self.movable {
            if let Some(queue) = self.queues.fitting(deadline) {
                return self.queues.push(&mut self.links, queue, slot, deadline);
            }
        }
        self.wheel.push(&mut self.links, slot, deadline, deadline);
    }

    /// Forgets a slot, if it is scheduled.
    #[inline]
    pub(crate) fn cancel(&mut self, slot: u32) {
        if let Removed::LastOf(list) = self.links.remove(slot) {
            self.emptied(list);
        }
    }

    /// Takes a slot whose deadline is `now` or earlier. `None` if there is none, or if the budget did not last: then
    /// there is a [backlog](Self::backlog).
    ///
    /// `budget` is what the search may cost, in slots and lists looked at; what is left of it is left in it.
    #[inline]
    pub(crate) fn pop_due(
        &mut self,
        now: u64,
        budget: &mut u32,
        deadline_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        let slot = self.peek_due(now, budget, deadline_of)?;
        self.cancel(slot);
        Some(slot)
    }

    /// As [`pop_due`](Self::pop_due), but leaves the slot scheduled: the next call gives the same.
    #[inline]
    pub(crate) fn peek_due(
        &mut self,
        now: u64,
        budget: &mut u32,
        deadline_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        self.backlog = false;
        if now < self.next_due {
            return None;
        }
        // One `match`: a comparison with `Ok(None)` and an `unwrap_or` were miscompiled together, see
        // the test `what_is_due_is_a_slot_with_an_entry`.
        match self.find_due(now, &mut Budget(budget), deadline_of) {
            Ok(Some(slot)) => return Some(slot),
            Ok(None) => {
                self.next_due = self.queues.front().min(self.wheel.front(&self.links));
            }
            Err(OutOfBudget) => self.backlog = true,
        }
        None
    }

    /// A scheduled slot, due or not: one that comes next, or nearly so. `None` only if nothing is scheduled.
    #[cfg(test)]
    pub(crate) fn first(&self) -> Option<u32> {
        self.queues.first(&self.links).or_else(|| self.wheel.first(&self.links))
    }

    /// Whether the last search ran out of budget, so that something may be due.
    #[cfg(test)]
    pub(crate) fn backlog(&self) -> bool {
        self.backlog
    }

    /// A lower bound of the earliest deadline: before this instant nothing is due. `u64::MAX` if nothing ever is.
    ///
    /// When a search at `now` found nothing and left no backlog, this is later than `now`.
    #[inline]
    pub(crate) fn next_due(&self) -> u64 {
        self.next_due
    }

    /// Calls `f` with every slot whose deadline is `now` or earlier, in no particular order.
    ///
    /// The time it takes is proportional to their number, but for the wheel's backlog and the one bucket that `now`
    /// falls into, which are looked through. (A search at `now` clears both away, within its budget.)
    pub(crate) fn for_each_due(
        &self,
        now: u64,
        deadline_of: impl Fn(u32) -> u64,
        mut f: impl FnMut(u32),
    ) {
        if now >= self.next_due {
            self.queues.for_each_due(&self.links, now, &deadline_of, &mut f);
            self.wheel.for_each_due(&self.links, now, &deadline_of, &mut f);
        }
    }

    /// Forgets every slot, and gives the memory back.
    pub(crate) fn clear(&mut self) {
        *self = Self::empty(self.movable);
    }

    /// Gives back what is kept for slots to come, and what the wheel needs, if it is empty.
    pub(crate) fn shrink(&mut self) {
        self.links.shrink();
        if self.wheel.is_empty(&self.links) {
            self.links.shrink_lists_to(wheel::FIRST);
        }
    }

    const fn empty(movable: bool) -> Self {
        Self {
            links: Rings::NONE,
            queues: Queues::EMPTY,
            wheel: Wheel::EMPTY,
            next_due: u64::MAX,
            movable,
            backlog: false,
        }
    }

    /// Apart from the question whether anything is due, which is asked at each insertion.
    #[inline(never)]
    fn find_due(
        &mut self,
        now: u64,
        budget: &mut Budget<'_>,
        deadline_of: impl Fn(u32) -> u64,
    ) -> Result<Option<u32>, OutOfBudget> {
        if let Some(slot) = self.queues.find_due(&self.links, now, budget, &deadline_of)? {
            return Ok(Some(slot));
        }
        self.wheel.find_due(&mut self.links, now, budget, deadline_of)
    }

    fn emptied(&mut self, list: usize) {
        if list < QUEUES {
            self.queues.emptied(list);
        } else {
            self.wheel.emptied(list);
        }
    }
}

/// What is left of what a search may cost.
struct Budget<'a>(&'a mut u32);

/// A search that came to no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OutOfBudget;

impl Budget<'_> {
    #[inline]
    fn spend(&mut self) -> Result<(), OutOfBudget> {
        *self.0 = self.0.checked_sub(1).ok_or(OutOfBudget)?;
        Ok(())
    }
}

#[cfg(any(test, fuzzing))]
impl Deadlines {
    pub(crate) fn contains(&self, slot: u32) -> bool {
        self.links.contains(slot)
    }
}

#[cfg(test)]
impl Deadlines {
    /// Recomputes every invariant; `scheduled` tells with which deadline a slot was last filed at the latest, and
    /// `None` of one that is not scheduled.
    fn validate(&self, slots: u32, scheduled: impl Fn(u32) -> Option<u64>) {
        let list_of = self.links.validate();
        for slot in 0..slots {
            let list = list_of.get(slot as usize).copied().flatten();
            assert_eq!(
                list.is_some(),
                scheduled(slot).is_some(),
                "slot {slot} is linked if it is scheduled"
            );
        }
        let deadline = |slot| scheduled(slot).expect("linked, so scheduled");
        self.queues.validate(&self.links, deadline);
        self.wheel.validate(&self.links, deadline);
        assert!(
            self.first().is_some() == list_of.iter().any(Option::is_some),
            "the first is one of all"
        );
        let queued = self.queues.front();
        assert!(!self.movable || queued == u64::MAX, "what moves is not queued");
    }
}
