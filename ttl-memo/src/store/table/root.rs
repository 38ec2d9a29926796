//! From a hash to a slot: one consistent view for a reader, of a size that does not change.
//!
//! A cell has 32 bits of the hash and the slot's number, or nothing; a collision goes to the next
//! cell. So finding, moving and deleting never touch a slot, nor call the user's `Hash`.
//!
//! There is one writer, under the shard's lock, and readers meanwhile. Deleting moves cells
//! towards their homes, each copied before it is written over: a reader may miss an entry that is
//! moved past it (a miss is asked for again under the lock), but a cell that it finds is one of an
//! entry that was there since the reader's section began.

#![expect(
    clippy::cast_possible_truncation,
    reason = "slots are numbered by 32 bits, and cells made of them"
)]

use super::slots::{self, ChunkRef, Seen};
use crate::sync::atomic::{AtomicU64, Ordering};

/// Cells, and where the chunks are that they lead to.
pub(super) struct Root<K, V> {
    cells: Box<[AtomicU64]>,
    chunks: Box<[ChunkRef<K, V>]>,
}

/// Small roots are half full at most, so that collisions are few; of large ones 13 of 16 cells are
/// used, so that they take little beside the entries.
const SMALL: usize = 8192;

/// How many entries so many cells are for.
#[inline]
const fn room_in(cells: usize) -> usize {
    if cells <= SMALL { cells / 2 } else { cells / 16 * 13 }
}

/// The cell of an entry; never 0.
#[inline]
fn cell(hash: u32, slot: u32) -> u64 {
    (u64::from(slot) + 1) << 32 | u64::from(hash)
}

#[inline]
fn hash_of(cell: u64) -> u32 {
    cell as u32
}

#[inline]
fn slot_of(cell: u64) -> u32 {
    ((cell >> 32) as u32).wrapping_sub(1)
}

#[inline]
fn home(hash: u32, cells: usize) -> usize {
    ((u64::from(hash) * cells as u64) >> 32) as usize
}

impl<K, V> Root<K, V> {
    /// For so many entries, with a directory for so many chunks at least.
    pub(super) fn new(cells: usize, chunks: usize) -> Self {
        assert!(cells > 0, "a walk begins somewhere");
        let chunks = chunks.max(cells / slots::chunk_len::<K, V>() + 1);
        Self {
            cells: (0..cells).map(|_| AtomicU64::new(0)).collect(),
            chunks: (0..chunks).map(|_| ChunkRef::none()).collect(),
        }
    }

    pub(super) fn cells(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn chunks(&self) -> &[ChunkRef<K, V>] {
        &self.chunks
    }

    /// Whether there is room for one more than `len` entries.
    #[inline]
    pub(super) fn has_room(&self, len: usize) -> bool {
        len < room_in(self.cells.len())
    }

    /// Goes through the slots of this hash.
    #[inline]
    pub(super) fn walk(&self, hash: u32) -> Walk<'_> {
        let cells = &*self.cells;
        Walk { cells, hash, at: home(hash, cells.len()), turned: false, begun: false }
    }

    /// At the cell where another walk of this hash was; at the last if this root is smaller.
    pub(super) fn walk_on(&self, hash: u32, (at, turned): (usize, bool)) -> Walk<'_> {
        let at = at.min(self.cells.len() - 1);
        Walk { cells: &self.cells, hash, at, turned, begun: true }
    }

    /// The slot of this number.
    ///
    /// # Safety
    /// One of this root's cells has led to it, and it stays filled within `'s`.
    #[inline]
    pub(super) unsafe fn see<'s>(&self, slot: u32) -> Seen<'s, K, V> {
        // SAFETY: by the caller's promise.
        unsafe { slots::see(&self.chunks, slot) }
    }

    /// Enters a slot. There must be room.
    pub(super) fn put(&self, hash: u32, slot: u32) {
        let mut at = home(hash, self.cells.len());
        while self.cells[at].load(Ordering::Relaxed) != 0 {
            at = self.after(at);
        }
        // Release: who finds the slot finds it filled.
        self.cells[at].store(cell(hash, slot), Ordering::Release);
    }

    /// Lets the cell of one slot lead to another with the same hash.
    pub(super) fn exchange(&self, hash: u32, from: u32, to: u32) {
        let at = self.find(hash, from);
        self.cells[at].store(cell(hash, to), Ordering::Release);
    }

    /// Takes a slot out of reach.
    pub(super) fn take(&self, hash: u32, slot: u32) {
        let mut gap = self.find(hash, slot);
        let mut at = gap;
        loop {
            at = self.after(at);
            let cell = self.cells[at].load(Ordering::Relaxed);
            if cell == 0 {
                break;
            }
            // It may move into the gap if that is not before its home.
            let from_home = self.distance(home(hash_of(cell), self.cells.len()), at);
            if self.distance(gap, at) <= from_home {
                self.cells[gap].store(cell, Ordering::Release);
                gap = at;
            }
        }
        self.cells[gap].store(0, Ordering::Release);
    }

    /// Enters all that another has.
    pub(super) fn put_all(&self, other: &Self) {
        for cell in &other.cells {
            let cell = cell.load(Ordering::Relaxed);
            if cell != 0 {
                self.put(hash_of(cell), slot_of(cell));
            }
        }
    }

    fn find(&self, hash: u32, slot: u32) -> usize {
        let wanted = cell(hash, slot);
        let mut at = home(hash, self.cells.len());
        for _ in 0..self.cells.len() {
            if self.cells[at].load(Ordering::Relaxed) == wanted {
                return at;
            }
            at = self.after(at);
        }
        unreachable!("an entry that lives has a cell");
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
}

/// A walk along the cells of a hash.
#[derive(Debug)]
pub(super) struct Walk<'r> {
    cells: &'r [AtomicU64],
    hash: u32,
    /// Less than there are cells.
    at: usize,
    /// It has come to the end of the cells, and gone on at their beginning.
    turned: bool,
    /// It has been asked for a slot.
    begun: bool,
}

impl Walk<'_> {
    /// The slot of the first cell of the hash, from where it is.
    #[inline]
    pub(super) fn next_match(&mut self) -> Option<u32> {
        loop {
            // SAFETY: there are cells, and `at` is less than their number: so is a home, and so
            // `step` leaves it.
            let cell = unsafe { self.cells.get_unchecked(self.at) }.load(Ordering::Acquire);
            if cell == 0 {
                return None;
            }
            if hash_of(cell) == self.hash {
                return Some(slot_of(cell));
            }
            if !self.step() {
                return None;
            }
        }
    }

    /// Goes to the next cell; false if it has been everywhere, however many cells are moved
    /// meanwhile.
    #[inline]
    pub(super) fn step(&mut self) -> bool {
        self.at += 1;
        if self.at < self.cells.len() {
            return true;
        }
        self.at = 0;
        !std::mem::replace(&mut self.turned, true)
    }

    /// Where it is.
    pub(super) fn rest(&self) -> (usize, bool) {
        (self.at, self.turned)
    }
}

impl Iterator for Walk<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if std::mem::replace(&mut self.begun, true) && !self.step() {
            return None;
        }
        self.next_match()
    }
}

/// How many cells a root is to have, so that one that holds `len` entries has room for more;
/// `full`: how many there will be at most, about.
pub(super) fn larger(cells: usize, full: usize) -> usize {
    const LEAST: usize = 8;
    // A little more than what they need: shards are not all of one size.
    let full = full.saturating_add(full / 64).saturating_add(4);
    let enough = if full <= room_in(SMALL) { full * 2 } else { (full / 13 + 1).saturating_mul(16) };
    match cells {
        0 => LEAST.min(enough),
        // Not first to one that is nearly as large.
        cells if cells < enough && cells.saturating_mul(5) / 2 >= enough => enough,
        cells if cells < enough => cells.saturating_mul(2),
        cells => cells + cells / 32 + LEAST,
    }
}

/// How many cells are enough for `len` entries, if that is so much less that it is worth it.
pub(super) fn smaller(cells: usize, len: usize) -> Option<usize> {
    // A large one is gone through for few, so that no call takes long.
    let few = if cells > 1 << 16 { cells / 32 } else { cells / 8 };
    (cells > 64 && len < few).then(|| (len * 3).max(16))
}

#[cfg(any(test, fuzzing))]
impl<K, V> Root<K, V> {
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| cell.load(Ordering::Relaxed) != 0).count()
    }
}
