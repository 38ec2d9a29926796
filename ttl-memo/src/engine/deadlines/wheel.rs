//! A hierarchical timer wheel: deadlines in any order, and deadlines that are moved later behind its back.
//!
//! A deadline is read as a number of eleven digits of six bits. The wheel has a `base`, an instant up to which nothing
//! is left in it; a slot goes to the level of the highest digit in which its deadline differs from the base, into that
//! level's bucket for the digit. So the buckets of a level follow each other in time, each level's come before those of
//! the next, and what comes next is found by two bit scans. A bucket of level 0 is one nanosecond: the wheel is exact.
//!
//! When the time reaches a bucket, its list is joined to the *pending* list as it is, in constant time. Pending slots
//! are looked at one by one, each against the budget: one that is due is handed out, any other is filed again, at a
//! lower level. So a slot is looked at eleven times at most (about six for deadlines within minutes) for each time that
//! its deadline is moved, and each look makes progress: none is repeated by the next call.
//!
//! A deadline before the base (a clock that stepped back, or several threads whose readings arrive out of order) sends
//! the base back. The buckets at the levels that this invalidates all lie within one bucket of the next level up; they
//! are joined to it whole. At most as many joins are made as there are buckets in use, and each bucket is joined to
//! another once for each slot that brought it into use: that is constant too, in the long run.

use super::queue::QUEUES;
use super::{Budget, OutOfBudget};
use crate::engine::rings::Rings;

const BITS: u32 = 6;
const BUCKETS: usize = 1 << BITS;
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;

/// The list of slots that are to be looked at.
const PENDING: usize = QUEUES;
/// The list of the first bucket of level 0; the others follow, level by level.
pub(super) const FIRST: usize = PENDING + 1;

#[derive(Clone, Debug)]
pub(super) struct Wheel {
    /// Invariant: each slot in a bucket has (or had, if it was moved) a deadline that agrees with the base in all
    /// digits above its level, and is greater in the digit of its level; or, at level 0, equal.
    base: u64,
    /// A bit for each level that has a bucket in use.
    levels: u32,
    /// By level, a bit for each bucket in use.
    buckets: [u64; LEVELS],
}

/// A list of slots whose deadlines are (or were, if they were moved) within `start..=end`.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: usize,
    digit: usize,
    start: u64,
    end: u64,
}

impl Wheel {
    pub(super) const EMPTY: Self = Self { base: 0, levels: 0, buckets: [0; LEVELS] };

    /// Files a slot that is in no list. `now` is what the base may go back to, if it must.
    pub(super) fn push(&mut self, links: &mut Rings, slot: u32, deadline: u64, now: u64) {
        if self.levels == 0 {
            // Nothing ties the base. The finest place for this one is also a fine one for those like it.
            self.base = deadline;
        } else if deadline < self.base {
            self.step_back(links, deadline.min(now));
        }
        let level = highest_digit(deadline ^ self.base);
        let digit = digit(deadline, level);
        links.push(list_of(level, digit), slot);
        self.levels |= 1 << level;
        self.buckets[level] |= 1 << digit;
    }

    /// To be told when the last slot of a list is gone.
    pub(super) fn emptied(&mut self, list: usize) {
        if let Some(bucket) = list.checked_sub(FIRST) {
            self.unmark(bucket / BUCKETS, bucket % BUCKETS);
        }
    }

    /// A slot that is due, left in its place; `Ok(None)` if there is none, `Err` if the budget did not last.
    pub(super) fn find_due(
        &mut self,
        links: &mut Rings,
        now: u64,
        budget: &mut Budget<'_>,
        deadline_of: impl Fn(u32) -> u64,
    ) -> Result<Option<u32>, OutOfBudget> {
        loop {
            while let Some(slot) = links.first(PENDING) {
                budget.spend()?;
                let deadline = deadline_of(slot);
                if deadline <= now {
                    return Ok(Some(slot));
                }
                links.remove(slot);
                if deadline != u64::MAX {
                    self.push(links, slot, deadline, now);
                }
            }
            match self.next_bucket() {
                Some(bucket) if bucket.start <= now => {
                    budget.spend()?;
                    self.open(links, bucket, now);
                }
                _ => {
                    // Nothing lies between, so whatever is filed from now on can be filed more finely.
                    self.base = self.base.max(now);
                    return Ok(None);
                }
            }
        }
    }

    /// No slot is to be looked at earlier.
    pub(super) fn front(&self, links: &Rings) -> u64 {
        if links.first(PENDING).is_some() {
            return 0;
        }
        self.next_bucket().map_or(u64::MAX, |bucket| bucket.start)
    }

    /// One of the slots that come next, whichever.
    #[cfg(test)]
    pub(super) fn first(&self, links: &Rings) -> Option<u32> {
        links.first(PENDING).or_else(|| links.first(self.next_bucket()?.list()))
    }

    /// Every slot that is due. Looked at are beside those: what is pending, and the bucket that `now` falls into.
    pub(super) fn for_each_due(
        &self,
        links: &Rings,
        now: u64,
        deadline_of: impl Fn(u32) -> u64,
        mut f: impl FnMut(u32),
    ) {
        let due = |&slot: &u32| deadline_of(slot) <= now;
        links.iter(PENDING).filter(due).for_each(&mut f);
        for bucket in self.iter().take_while(|bucket| bucket.start <= now) {
            links.iter(bucket.list()).filter(due).for_each(&mut f);
        }
    }

    pub(super) fn is_empty(&self, links: &Rings) -> bool {
        self.levels == 0 && links.first(PENDING).is_none()
    }

    /// Moves the first bucket's slots to the pending list, and the base to `now`, as far as the bucket reaches: of what
    /// is left, all is later.
    fn open(&mut self, links: &mut Rings, bucket: Bucket, now: u64) {
        links.append(bucket.list(), PENDING);
        self.unmark(bucket.level, bucket.digit);
        self.base = now.min(bucket.end);
    }

    /// Moves the base to an earlier instant.
    fn step_back(&mut self, links: &mut Rings, base: u64) {
        let level = highest_digit(base ^ self.base);
        let digit = digit(self.base, level);
        // Below this level, a slot's digit is compared with a base that is gone. Seen from the new one they all differ
        // first in this digit. Its bucket was none of the level's before: those are greater than the old base's digit.
        // (At level 0 there is nothing below, and greater than the old digit is greater than the new one.)
        let mut joined = false;
        for below in self.used_levels().take_while(|&below| below < level) {
            for from in bits(self.buckets[below]) {
                links.append(list_of(below, from), list_of(level, digit));
                self.unmark(below, from);
                joined = true;
            }
        }
        if joined {
            self.levels |= 1 << level;
            self.buckets[level] |= 1 << digit;
        }
        self.base = base;
    }

    fn unmark(&mut self, level: usize, digit: usize) {
        self.buckets[level] &= !(1 << digit);
        if self.buckets[level] == 0 {
            self.levels &= !(1 << level);
        }
    }

    fn next_bucket(&self) -> Option<Bucket> {
        let level = bits(self.levels.into()).next()?;
        let digit = bits(self.buckets[level]).next()?;
        Some(self.bucket(level, digit))
    }

    /// The buckets in use, in the order of time.
    fn iter(&self) -> impl Iterator<Item = Bucket> {
        self.used_levels().flat_map(move |level| {
            bits(self.buckets[level]).map(move |digit| self.bucket(level, digit))
        })
    }

    fn used_levels(&self) -> impl Iterator<Item = usize> + use<> {
        bits(self.levels.into())
    }

    fn bucket(&self, level: usize, digit: usize) -> Bucket {
        let shift = shift_of(level);
        let within = (1 << shift) - 1;
        // The digits above the level are the base's. (Two shifts: the top level's digit ends at bit 66.)
        let above = (self.base >> shift >> BITS) << BITS << shift;
        let start = above | (digit as u64) << shift;
        Bucket { level, digit, start, end: start | within }
    }
}

impl Bucket {
    fn list(self) -> usize {
        list_of(self.level, self.digit)
    }
}

fn list_of(level: usize, digit: usize) -> usize {
    FIRST + level * BUCKETS + digit
}

/// The level of the highest digit that is not 0; 0 if there is none.
fn highest_digit(difference: u64) -> usize {
    ((difference | 1).ilog2() / BITS) as usize
}

fn digit(deadline: u64, level: usize) -> usize {
    #[allow(clippy::cast_possible_truncation, reason = "only the lowest six bits are wanted")]
    let shifted = (deadline >> shift_of(level)) as usize;
    shifted % BUCKETS
}

fn shift_of(level: usize) -> u32 {
    #[allow(clippy::cast_possible_truncation, reason = "there are eleven levels")]
    let level = level as u32;
    level * BITS
}

/// The positions of the bits that are set, from the lowest on.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(lowest)
    })
}

#[cfg(test)]
impl Wheel {
    pub(super) fn validate(&self, links: &Rings, filed: impl Fn(u32) -> u64) {
        for level in 0..LEVELS {
            assert_eq!(
                self.levels >> level & 1 == 1,
                self.buckets[level] != 0,
                "a used level is marked"
            );
            for digit in 0..BUCKETS {
                let used = links.first(list_of(level, digit)).is_some();
                assert_eq!(self.buckets[level] >> digit & 1 == 1, used, "a used bucket is marked");
            }
        }
        let mut after = self.base;
        for bucket in self.iter() {
            assert!(bucket.end >= after, "buckets follow each other, from the base on");
            after = bucket.end;
            for slot in links.iter(bucket.list()) {
                assert!(
                    (bucket.start..=bucket.end).contains(&filed(slot)),
                    "slot {slot} is in its bucket"
                );
            }
        }
    }

    /// How many buckets are in use.
    pub(super) fn used(&self) -> usize {
        self.iter().count()
    }
}
