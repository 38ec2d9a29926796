//! From a hash to a slot.
//!
//! Open addressing: a cell is the hash and the slot in eight bytes, so a look-up seldom leaves a
//! cache line before it knows which entry to compare with; what collides goes to the next cell.
//! Taking a cell out moves those behind it up, so nothing is left of what has gone.

#![expect(clippy::cast_possible_truncation, reason = "cells are taken apart, tables fit memory")]

/// Cells in the smallest table there is.
const FEWEST: usize = 8;

/// Small tables are half full at most, so that collisions are few; of large ones 13 of 16 cells are
/// used, so that they take little beside the entries.
const SMALL: usize = 8192;

/// So many cells are looked at together.
const NEAR: usize = 4;

/// A cell that is free.
const FREE: u64 = 0;

/// Slots by the hash of their entries' keys.
///
/// Invariant: no cell is free between the one where the search for a hash begins, its *home*, and
/// the one where it is. Some cell is free.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    cells: Vec<u64>,
    len: usize,
}

impl Table {
    /// Of the slots with this hash, the one that `is` it.
    #[inline]
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        self.find_map(hash, |slot| is(slot).then_some(slot))
    }

    /// The first that `is` makes of one of the slots with this hash.
    #[inline]
    pub(crate) fn find_map<T>(&self, hash: u32, mut is: impl FnMut(u32) -> Option<T>) -> Option<T> {
        let home = self.home(hash);
        if let Some(near) = self.cells.get(home..home + NEAR) {
            // Mostly it is one of these. Which, no branch predictor can foresee: so no branch.
            let has = |at: usize| u32::from(hash_in(near[at]) == hash) << at;
            let same = has(0) | has(1) | has(2) | has(3);
            if same != 0 {
                let cell = near[same.trailing_zeros() as usize % NEAR];
                if cell != FREE {
                    let found = is(slot_in(cell));
                    if found.is_some() {
                        return found;
                    }
                }
            }
        }
        self.walk(home, hash, is)
    }

    fn walk<T>(&self, home: usize, hash: u32, mut is: impl FnMut(u32) -> Option<T>) -> Option<T> {
        let mut at = home;
        loop {
            let cell = *self.cells.get(at)?;
            if cell == FREE {
                return None;
            }
            if hash_in(cell) == hash {
                let found = is(slot_in(cell));
                if found.is_some() {
                    return found;
                }
            }
            at = self.after(at);
        }
    }

    /// Adds a slot, which may share its hash with others. `full`: how many there will be at most,
    /// about.
    #[inline]
    pub(crate) fn insert(&mut self, hash: u32, slot: u32, full: usize) {
        if self.len >= room_in(self.cells.len()) {
            self.resize(larger(self.cells.len(), full));
        }
        self.len += 1;
        self.put(cell(hash, slot));
    }

    /// Takes a slot out.
    #[inline]
    pub(crate) fn remove(&mut self, hash: u32, slot: u32) {
        let gone = cell(hash, slot);
        let mut hole = self.home(hash);
        while self.cells[hole] != gone {
            assert!(self.cells[hole] != FREE, "what is taken out is there");
            hole = self.after(hole);
        }
        self.len -= 1;
        let mut at = hole;
        loop {
            at = self.after(at);
            let cell = self.cells[at];
            if cell == FREE {
                break;
            }
            // It may move into the hole if that is not before its home.
            let from_home = self.distance(self.home(hash_in(cell)), at);
            if self.distance(hole, at) <= from_home {
                self.cells[hole] = cell;
                hole = at;
            }
        }
        self.cells[hole] = FREE;
    }

    /// Gives back what a burst that is over has taken.
    #[inline]
    pub(crate) fn shrink(&mut self) {
        if self.len == 0 {
            self.cells = Vec::new();
        } else if self.cells.len() > 2 * FEWEST && self.len < self.cells.len() / 10 {
            self.resize((self.len * 3).max(FEWEST));
        }
    }

    /// The cell where the search for a hash begins.
    #[inline]
    fn home(&self, hash: u32) -> usize {
        ((u64::from(hash) * self.cells.len() as u64) >> 32) as usize
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        if at + 1 == self.cells.len() { 0 } else { at + 1 }
    }

    /// How many cells on `to` is from `from`.
    #[inline]
    fn distance(&self, from: usize, to: usize) -> usize {
        if to >= from { to - from } else { to + self.cells.len() - from }
    }

    #[inline]
    fn put(&mut self, cell: u64) {
        let mut at = self.home(hash_in(cell));
        while self.cells[at] != FREE {
            at = self.after(at);
        }
        self.cells[at] = cell;
    }

    #[cold]
    fn resize(&mut self, cells: usize) {
        let old = std::mem::replace(&mut self.cells, vec![FREE; cells]);
        old.into_iter().filter(|&cell| cell != FREE).for_each(|cell| self.put(cell));
    }
}

/// How many entries so many cells are for.
#[inline]
const fn room_in(cells: usize) -> usize {
    if cells <= SMALL { cells / 2 } else { cells / 16 * 13 }
}

/// How many cells a table is to have that has outgrown so many.
fn larger(cells: usize, full: usize) -> usize {
    // One more than there will be, as an entry comes before another goes.
    let full = full.saturating_add(1);
    let enough = if full <= room_in(SMALL) {
        full * 2
    } else {
        (full / 13 + 1).saturating_mul(16).max(SMALL + 16)
    };
    if cells < enough && cells.saturating_mul(5) / 2 >= enough {
        // Not first to one that is nearly as large.
        enough.max(FEWEST)
    } else {
        cells.saturating_mul(2).max(FEWEST)
    }
}

#[inline]
fn cell(hash: u32, slot: u32) -> u64 {
    (u64::from(slot) + 1) << 32 | u64::from(hash)
}

#[inline]
fn hash_in(cell: u64) -> u32 {
    cell as u32
}

#[inline]
fn slot_in(cell: u64) -> u32 {
    ((cell >> 32) as u32).wrapping_sub(1)
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
        let taken = self.cells.iter().filter(|&&cell| cell != FREE);
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
                        table.insert(hash, slot, [usize::MAX, 60][slot as usize % 2]);
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
        (0..10_000).for_each(|slot| table.insert(slot * 7_919, slot, usize::MAX));
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

    #[test]
    fn a_table_for_so_many_is_as_large_as_it_takes() {
        for full in [0_u32, 1, 10, 1_024, 4_095, 4_096, 10_000, 100_000] {
            let mut table = Table::default();
            for slot in 0..=full {
                table.insert(slot.wrapping_mul(0x9E37_79B9), slot, full as usize);
            }
            let len = full as usize + 1;
            let most = if full <= 4_096 { 2 * len } else { len * 16 / 13 };
            let cells = table.cells.len();
            assert!(cells <= most + 40, "{cells} cells for {len}");
        }
    }
}
