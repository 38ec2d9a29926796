//! What a cell says, and a walk along the cells of a hash.
//!
//! A cell has 32 bits of hash, and above them the number of a slot; of that, the part that is the
//! chunk's number complemented. So a shift, which draws the sign along, gives where the chunk is in
//! the directory, which lies backwards.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "slots are numbered by 32 bits, and cells made of them"
)]

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::group::chunk_len;
use crate::sync::atomic::{AtomicU64, Ordering};

/// The cell of an entry; never 0, as no hash is.
#[inline]
pub(super) fn cell<K, V>(hash: u32, slot: u32) -> u64 {
    debug_assert!(hash != 0, "made so by `short`");
    u64::from(slot ^ chunk_bits::<K, V>()) << 32 | u64::from(hash)
}

/// Those of a slot's number that are its chunk's.
#[inline]
const fn chunk_bits<K, V>() -> u32 {
    !(chunk_len::<K, V>() as u32 - 1)
}

#[inline]
pub(super) fn hash_of(cell: u64) -> u32 {
    cell as u32
}

#[inline]
pub(super) fn slot_of<K, V>(cell: u64) -> u32 {
    (cell >> 32) as u32 ^ chunk_bits::<K, V>()
}

/// Where in a directory the chunk is that a cell leads to: `-1 - number`.
#[inline]
pub(super) fn directory_of<K, V>(cell: u64) -> isize {
    // All bits of a number but the sign's: there are no more slots than that.
    const { assert!(chunk_len::<K, V>().is_power_of_two()) };
    (cell as i64 >> (32 + chunk_len::<K, V>().trailing_zeros())) as isize
}

/// A walk along the cells of a hash.
#[derive(Debug)]
pub(super) struct Walk<'r> {
    first: NonNull<AtomicU64>,
    cells: usize,
    hash: u32,
    /// Less than there are cells.
    at: usize,
    /// It has come to the end of the cells, and gone on at their beginning.
    turned: bool,
    /// It has been asked for a slot.
    begun: bool,
    life: PhantomData<&'r AtomicU64>,
}

impl Walk<'_> {
    /// One that begins at `at`, from which all cells of this hash come next, on and round the end.
    ///
    /// # Safety
    /// From `first` there are so many cells, more than `at`, for as long as this is used.
    #[inline]
    pub(super) unsafe fn from(
        (first, cells): (NonNull<AtomicU64>, usize),
        hash: u32,
        at: usize,
    ) -> Self {
        Self { first, cells, hash, at, turned: false, begun: false, life: PhantomData }
    }

    /// Lets it go on from where another walk of this hash was; from the last cell if here are fewer.
    pub(super) fn after(self, (at, turned): (usize, bool)) -> Self {
        Self { at: at.min(self.cells - 1), turned, begun: true, ..self }
    }

    /// What the first cell of the hash says, from where it is.
    #[inline]
    pub(super) fn next_match(&mut self) -> Option<u64> {
        loop {
            // SAFETY: `at` is less than the number of cells, from the beginning (see `from`), and
            // so `step` leaves it.
            let cell = unsafe { self.first.add(self.at).as_ref() }.load(Ordering::Acquire);
            if hash_of(cell) == self.hash {
                return Some(cell);
            }
            if cell == 0 || !self.step() {
                return None;
            }
        }
    }

    /// Goes to the next cell; false if it has been everywhere, however many cells are moved
    /// meanwhile.
    #[inline]
    pub(super) fn step(&mut self) -> bool {
        self.at += 1;
        if self.at < self.cells {
            return true;
        }
        self.at = 0;
        !std::mem::replace(&mut self.turned, true)
    }

    /// The cell where it came to an end: the first from its hash's home that is free, if there is
    /// one, and nothing has changed since.
    #[inline]
    pub(super) fn end(&self) -> usize {
        self.at
    }

    /// Where it is.
    pub(super) fn rest(&self) -> (usize, bool) {
        (self.at, self.turned)
    }
}

impl Iterator for Walk<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if std::mem::replace(&mut self.begun, true) && !self.step() {
            return None;
        }
        self.next_match()
    }
}
