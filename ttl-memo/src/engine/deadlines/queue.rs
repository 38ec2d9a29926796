//! Queues of deadlines that arrive in order: nearly all of them, nearly always.
//!
//! With one fixed ttl each deadline is later than the one before, so the order of arrival is the order of expiry: a
//! slot is appended, and popped from the front, exactly and in constant time. A cache whose entries have a few fixed
//! ttls (values and kept errors; `insert_with_ttl` with the same two or three constants; a ttl that was set anew) has
//! one such order for each, so there are [`QUEUES`] of them, and a deadline goes to the one whose last it follows most
//! closely. That rule needs no more queues than there are fixed ttls, and a single deadline far ahead does not close
//! the way to those that follow it.
//!
//! A queue is right only while the deadlines in it stand still.

use super::Budget;
use crate::engine::rings::Rings;

/// How many orders of arrival are told apart. Queue `n` is list `n`.
pub(super) const QUEUES: usize = 4;

/// What is known of one queue without asking for the deadlines in it.
#[derive(Clone, Copy, Debug)]
struct Ends {
    /// No deadline in the queue is earlier; `u64::MAX` if it is empty.
    front: u64,
    /// No deadline in the queue is later; 0 if it is empty.
    back: u64,
}

impl Ends {
    const EMPTY: Self = Self { front: u64::MAX, back: 0 };

    fn is_empty(self) -> bool {
        self.front == u64::MAX
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Queues {
    ends: [Ends; QUEUES],
    /// No queue from here on has anything in it.
    used: usize,
}

impl Queues {
    pub(super) const EMPTY: Self = Self { ends: [Ends::EMPTY; QUEUES], used: 0 };

    /// The queue at whose end a deadline keeps the order, if there is one.
    #[inline]
    pub(super) fn fitting(&self, deadline: u64) -> Option<usize> {
        // As with one ttl.
        if self.used <= 1 && deadline >= self.ends[0].back {
            return Some(0);
        }
        self.closest(deadline)
    }

    #[inline(never)]
    fn closest(&self, deadline: u64) -> Option<usize> {
        let mut best = None;
        let mut closest = 0;
        // From the last, and without a branch that is hard to foresee: of equals the first.
        for (queue, ends) in self.ends.iter().enumerate().rev() {
            if (closest..=deadline).contains(&ends.back) {
                best = Some(queue);
                closest = ends.back;
            }
        }
        best
    }

    #[inline]
    pub(super) fn push(&mut self, links: &mut Rings, queue: usize, slot: u32, deadline: u64) {
        links.push(queue, slot);
        self.used = self.used.max(queue + 1);
        let ends = &mut self.ends[queue];
        ends.back = deadline;
        ends.front = ends.front.min(deadline);
    }

    /// To be told when the last slot of a queue is gone: any deadline fits into it again.
    pub(super) fn emptied(&mut self, queue: usize) {
        self.ends[queue] = Ends::EMPTY;
        while self.used > 0 && self.ends[self.used - 1].is_empty() {
            self.used -= 1;
        }
    }

    /// A slot that is due, left in its place; `Ok(None)` if there is none, `Err` if the budget did not last.
    #[inline]
    pub(super) fn find_due(
        &mut self,
        links: &Rings,
        now: u64,
        budget: &mut Budget<'_>,
        deadline_of: impl Fn(u32) -> u64,
    ) -> Result<Option<u32>, super::OutOfBudget> {
        for (queue, ends) in self.ends.iter_mut().enumerate() {
            // `front` may lag behind after a removal; asking for the first deadline brings it up to date.
            if ends.front <= now {
                let Some(slot) = links.first(queue) else { continue };
                budget.spend()?;
                ends.front = deadline_of(slot);
                if ends.front <= now {
                    return Ok(Some(slot));
                }
            }
        }
        Ok(None)
    }

    /// No deadline in any queue is earlier.
    #[inline]
    pub(super) fn front(&self) -> u64 {
        self.ends.iter().fold(u64::MAX, |least, ends| least.min(ends.front))
    }

    /// The first slot of the queue that comes next, as far as is known.
    #[cfg(test)]
    pub(super) fn first(&self, links: &Rings) -> Option<u32> {
        let (queue, _) = self.ends.iter().enumerate().min_by_key(|(_, ends)| ends.front)?;
        links.first(queue)
    }

    /// Every slot that is due, and beside those one deadline for each queue is looked at.
    pub(super) fn for_each_due(
        &self,
        links: &Rings,
        now: u64,
        deadline_of: impl Fn(u32) -> u64,
        mut f: impl FnMut(u32),
    ) {
        for (queue, ends) in self.ends.iter().enumerate() {
            if ends.front <= now {
                links.iter(queue).take_while(|&slot| deadline_of(slot) <= now).for_each(&mut f);
            }
        }
    }
}

#[cfg(test)]
impl Queues {
    pub(super) fn validate(&self, links: &Rings, deadline_of: impl Fn(u32) -> u64) {
        let used = self.ends.iter().rposition(|ends| !ends.is_empty());
        assert_eq!(self.used, used.map_or(0, |last| last + 1), "the queues in use are counted");
        for (queue, ends) in self.ends.iter().enumerate() {
            let mut latest = ends.front;
            for slot in links.iter(queue) {
                assert!(deadline_of(slot) >= latest, "a queue is in order, from its front on");
                latest = deadline_of(slot);
            }
            match links.first(queue) {
                Some(_) => assert!(latest <= ends.back, "nothing is later than the back"),
                None => assert_eq!(
                    (ends.front, ends.back),
                    (u64::MAX, 0),
                    "an empty queue takes anything"
                ),
            }
        }
    }
}
