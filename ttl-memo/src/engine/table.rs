//! From a hash to a slot.
//!
//! Open addressing, one cell after the other: a cell is the hash and the slot in eight bytes, so a
//! look-up seldom leaves a cache line before it knows which entry to compare with. Taking a cell
//! out moves those behind it up, so nothing is left of what has gone.

#![expect(clippy::cast_possible_truncation, reason = "cells are taken apart, tables fit memory")]

/// A cell that is free.
const FREE: u64 = u64::MAX;

/// Cells in the smallest table there is.
const FEWEST: usize = 8;

/// Slots by the hash of their entries' keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// A power of two of them, or none; at most three in four are taken.
    cells: Vec<u64>,
    len: usize,
}

impl Table {
    /// Of the slots with this hash, the one that `is` it.
    #[inline]
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.cells.len().wrapping_sub(1);
        let mut at = self.home(hash);
        loop {
            let cell = *self.cells.get(at)?;
            if cell == FREE {
                return None;
            }
            if hash_in(cell) == hash && is(slot_in(cell)) {
                return Some(slot_in(cell));
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a slot, which may share its hash with others.
    #[inline]
    pub(crate) fn insert(&mut self, hash: u32, slot: u32) {
        if self.len >= self.cells.len() / 4 * 3 {
            self.resize((self.cells.len() * 2).max(FEWEST));
        }
        self.len += 1;
        self.put(u64::from(hash) << 32 | u64::from(slot));
    }

    /// Takes a slot out.
    pub(crate) fn remove(&mut self, hash: u32, slot: u32) {
        let gone = u64::from(hash) << 32 | u64::from(slot);
        let mask = self.cells.len() - 1;
        let mut hole = self.home(hash);
        while self.cells[hole] != gone {
            debug_assert!(self.cells[hole] != FREE, "slot {slot} is in the table");
            hole = (hole + 1) & mask;
        }
        // A cell behind moves up unless that takes it out of reach from where its search begins.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let cell = self.cells[at];
            if cell == FREE {
                break;
            }
            let way = at.wrapping_sub(self.home(hash_in(cell))) & mask;
            if way >= at.wrapping_sub(hole) & mask {
                self.cells[hole] = cell;
                hole = at;
            }
        }
        self.cells[hole] = FREE;
        self.len -= 1;
    }

    /// Gives back what a burst that is over has taken.
    pub(crate) fn shrink(&mut self) {
        if self.len == 0 {
            self.cells = Vec::new();
        } else if self.cells.len() > FEWEST && self.len < self.cells.len() / 8 {
            self.resize(self.cells.len() / 4);
        }
    }

    /// Where the search for a hash begins.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        // The highest bits, as many as it takes.
        ((u64::from(hash) * self.cells.len() as u64) >> 32) as usize
    }

    fn put(&mut self, cell: u64) {
        let mask = self.cells.len() - 1;
        let mut at = self.home(hash_in(cell));
        while self.cells[at] != FREE {
            at = (at + 1) & mask;
        }
        self.cells[at] = cell;
    }

    #[cold]
    fn resize(&mut self, cells: usize) {
        let old = std::mem::replace(&mut self.cells, vec![FREE; cells.next_power_of_two()]);
        old.into_iter().filter(|&cell| cell != FREE).for_each(|cell| self.put(cell));
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

#[cfg(test)]
impl Table {
    /// Every slot is found, and there are no others.
    pub(crate) fn validate(&self, expected: impl Iterator<Item = (u32, u32)>) {
        let mut count = 0;
        for (hash, slot) in expected {
            assert_eq!(self.find(hash, |found| found == slot), Some(slot), "slot {slot} is found");
            count += 1;
        }
        assert_eq!(self.len, count);
        assert_eq!(self.cells.iter().filter(|&&cell| cell != FREE).count(), count);
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
    fn memory_goes_back_after_a_burst() {
        let mut table = Table::default();
        (0..10_000).for_each(|slot| table.insert(slot * 7_919, slot));
        for slot in 10..10_000 {
            table.remove(slot * 7_919, slot);
            table.shrink();
        }
        assert!(table.cells.len() <= 128, "{}", table.cells.len());
        table.validate((0..10).map(|slot| (slot * 7_919, slot)));
        (0..10).for_each(|slot| table.remove(slot * 7_919, slot));
        table.shrink();
        assert_eq!(table.cells.capacity(), 0);
    }
}
