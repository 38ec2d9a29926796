//! From a hash to a slot.
//!
//! Open addressing, in groups of cells: a cell is the hash and the slot in eight bytes, so a look-up
//! seldom leaves a cache line, nor surprises a branch predictor, before it knows which entry to
//! compare with. Taking a cell out moves those behind it up, so nothing is left of what has gone.

#![expect(clippy::cast_possible_truncation, reason = "cells are taken apart, tables fit memory")]

/// Groups in the smallest table there is.
const FEWEST: usize = 2;

/// A cell that is free.
const FREE: u64 = u64::MAX;

/// So many cells are looked at together, without a branch between them: half a cache line.
const GROUP: usize = 4;

/// Slots by the hash of their entries' keys.
///
/// Invariant: a cell is in the group where the search for its hash begins, or behind it, and then
/// all groups between are full.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// A power of two of them, or none; at most five cells in eight are taken.
    groups: Vec<[u64; GROUP]>,
    len: usize,
}

impl Table {
    /// Of the slots with this hash, the one that `is` it.
    #[inline]
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash);
        loop {
            let group = self.groups.get(at)?;
            let (mut same, mut free) = (0_u32, false);
            for (place, &cell) in group.iter().enumerate() {
                same |= u32::from(hash_in(cell) == hash) << place;
                free |= cell == FREE;
            }
            while same != 0 {
                let cell = group[same.trailing_zeros() as usize % GROUP];
                same &= same - 1;
                // A hash may look like that of a free cell.
                if cell != FREE && is(slot_in(cell)) {
                    return Some(slot_in(cell));
                }
            }
            if free {
                return None;
            }
            at = self.after(at);
        }
    }

    /// Adds a slot, which may share its hash with others.
    #[inline]
    pub(crate) fn insert(&mut self, hash: u32, slot: u32) {
        if self.len >= self.groups.len() * GROUP / 8 * 5 {
            self.resize((self.groups.len() * 2).max(FEWEST));
        }
        self.len += 1;
        self.put(u64::from(hash) << 32 | u64::from(slot));
    }

    /// Takes a slot out.
    pub(crate) fn remove(&mut self, hash: u32, slot: u32) {
        let gone = u64::from(hash) << 32 | u64::from(slot);
        let mut hole = self.home(hash);
        let mut place = loop {
            match self.groups[hole].iter().position(|&cell| cell == gone) {
                Some(place) => break place,
                None => hole = self.after(hole),
            }
        };
        self.len -= 1;
        // If the group was full, something may be behind it that is better in it.
        let mask = self.groups.len() - 1;
        let mut at = hole;
        let mut full = !self.groups[hole].contains(&FREE);
        self.groups[hole][place] = FREE;
        while full {
            at = self.after(at);
            full = !self.groups[at].contains(&FREE);
            let way = at.wrapping_sub(hole) & mask;
            let fits = |&cell: &u64| {
                cell != FREE && at.wrapping_sub(self.home(hash_in(cell))) & mask >= way
            };
            if let Some(from) = self.groups[at].iter().position(fits) {
                self.groups[hole][place] = self.groups[at][from];
                self.groups[at][from] = FREE;
                (hole, place) = (at, from);
            }
        }
    }

    /// Gives back what a burst that is over has taken.
    pub(crate) fn shrink(&mut self) {
        if self.len == 0 {
            self.groups = Vec::new();
        } else if self.groups.len() > FEWEST && self.len < self.groups.len() * GROUP / 8 {
            self.resize(self.groups.len() / 4);
        }
    }

    /// The group where the search for a hash begins.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        // The highest bits, as many as it takes.
        ((u64::from(hash) * self.groups.len() as u64) >> 32) as usize
    }

    #[inline]
    fn after(&self, group: usize) -> usize {
        (group + 1) & (self.groups.len() - 1)
    }

    fn put(&mut self, cell: u64) {
        let mut at = self.home(hash_in(cell));
        loop {
            if let Some(free) = self.groups[at].iter_mut().find(|cell| **cell == FREE) {
                *free = cell;
                return;
            }
            at = self.after(at);
        }
    }

    #[cold]
    fn resize(&mut self, groups: usize) {
        let groups = vec![[FREE; GROUP]; groups.next_power_of_two()];
        let old = std::mem::replace(&mut self.groups, groups);
        let old = old.into_iter().flatten();
        old.filter(|&cell| cell != FREE).for_each(|cell| self.put(cell));
    }
}

#[inline]
fn hash_in(cell: u64) -> u32 {
    (cell >> 32) as u32
}

#[inline]
fn slot_in(cell: u64) -> u32 {
    cell as u32
}

#[cfg(any(test, fuzzing))]
impl Table {
    /// Every slot is found, and there are no others.
    pub(crate) fn validate(&self, expected: impl Iterator<Item = (u32, u32)>) {
        let mut count = 0;
        for (hash, slot) in expected {
            assert_eq!(self.find(hash, |found| found == slot), Some(slot), "slot {slot} is found");
            count += 1;
        }
        assert_eq!(self.len, count);
        let taken = self.groups.iter().flatten().filter(|&&cell| cell != FREE);
        assert_eq!(taken.count(), count);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_put_in_is_found(
            run in prop::collection::vec((0..4_u32, 0..60_u32, any::<bool>()), 0..300)
        ) {
            let mut table = Table::default();
            let mut model = std::collections::BTreeMap::new();
            for (bucket, slot, add) in run {
                // Hashes that crowd together, at the end of the table too.
                let hash = bucket.wrapping_mul(0x5555_5555).wrapping_sub(slot % 3);
                match model.get(&slot).copied() {
                    None if add => {
                        model.insert(slot, hash);
                        table.insert(hash, slot);
                    }
                    Some(hash) if !add => {
                        model.remove(&slot);
                        table.remove(hash, slot);
                        table.shrink();
                    }
                    _ => {}
                }
                table.validate(model.iter().map(|(&slot, &hash)| (hash, slot)));
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "slow there")]
    fn memory_goes_back_after_a_burst() {
        let mut table = Table::default();
        (0..10_000).for_each(|slot| table.insert(slot * 7_919, slot));
        for slot in 10..10_000 {
            table.remove(slot * 7_919, slot);
            table.shrink();
        }
        assert!(table.groups.len() <= 32, "{}", table.groups.len());
        table.validate((0..10).map(|slot| (slot * 7_919, slot)));
        (0..10).for_each(|slot| table.remove(slot * 7_919, slot));
        table.shrink();
        assert_eq!(table.groups.capacity(), 0);
    }
}
