//! From a hash to a slot: one consistent view for a reader, of a size that does not change.
//!
//! A cell has 32 bits of the hash and the slot's number, or nothing; a collision goes to the next
//! cell. So finding, moving and deleting never touch a slot, nor call the user's `Hash`.
//!
//! There is one writer, under the shard's lock, and readers meanwhile. Deleting moves cells
//! towards their homes, each copied before it is written over: a reader may miss an entry that is
//! moved past it (a miss is asked for again under the lock), but a cell that it finds is one of an
//! entry that was there since the reader's section began.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::group::{Group, Groups, chunk_len};
use super::head::{self, Head};
use super::seen::Seen;
use super::walk::{Walk, cell, directory_of, hash_of, slot_of};
use crate::ahead;
use crate::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// Cells, and where the chunks are that they lead to; for as long as `'r`.
#[derive(Debug)]
pub(super) struct Root<'r, K, V> {
    head: NonNull<Head>,
    leads_to: PhantomData<&'r Group<K, V>>,
}

impl<K, V> Clone for Root<'_, K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Root<'_, K, V> {}

/// A directory's entry: a chunk's groups, or null.
pub(super) type ChunkRef<K, V> = AtomicPtr<Group<K, V>>;

/// Small roots are a quarter full at most, or half: collisions are few, and so are the branches that
/// nobody can foretell. Of large ones 13 of 16 cells are used, so that they take little beside the
/// entries.
const SMALLEST: usize = 4352;
const SMALL: usize = 8192;

/// How many entries so many cells are for.
#[inline]
const fn room_in(cells: usize) -> usize {
    if cells <= SMALLEST {
        cells / 4
    } else if cells <= SMALL {
        cells / 2
    } else {
        cells / 16 * 13
    }
}

/// Where the cell of a hash is, or would be if no other were.
#[inline]
fn home(hash: u32, cells: usize) -> usize {
    ((u64::from(hash) * cells as u64) >> 32) as usize
}

/// For so many entries, with a directory for so many chunks at least.
pub(super) fn new<K, V>(cells: usize, chunks: usize) -> NonNull<Head> {
    // And some for slots that wait to be free.
    let enough = room_in(cells) / chunk_len::<K, V>();
    head::make(cells, chunks.max(enough + enough / 16 + 2))
}

impl<'r, K, V> Root<'r, K, V> {
    /// # Safety
    /// Made by [`new`] for these types, or [nothing](head::nothing), and not freed within `'r`.
    #[inline]
    pub(super) unsafe fn of(head: NonNull<Head>) -> Self {
        Self { head, leads_to: PhantomData }
    }

    /// What tells it from others that are there meanwhile.
    pub(super) fn address(self) -> usize {
        self.head.addr().get()
    }

    fn head(self) -> &'r Head {
        // SAFETY: there within `'r`, and not changed.
        unsafe { self.head.as_ref() }
    }

    #[inline]
    pub(super) fn cells(self) -> usize {
        self.head().cells
    }

    #[inline]
    fn first_cell(self) -> NonNull<AtomicU64> {
        // SAFETY: there within `'r`.
        unsafe { head::first_cell(self.head) }
    }

    #[inline]
    fn cell(self, at: usize) -> &'r AtomicU64 {
        assert!(at < self.cells(), "a cell's number");
        // SAFETY: there are so many, within `'r`.
        unsafe { self.first_cell().add(at).as_ref() }
    }

    #[inline]
    fn all_cells(self) -> &'r [AtomicU64] {
        // SAFETY: there are so many, within `'r`.
        unsafe { std::slice::from_raw_parts(self.first_cell().as_ptr(), self.cells()) }
    }

    /// How many chunks its directory has room for.
    #[inline]
    pub(super) fn chunks(self) -> usize {
        self.head().chunks
    }

    /// Where a chunk's groups are entered; none if the directory has no room for that.
    #[inline]
    pub(super) fn chunk(self, at: usize) -> Option<&'r ChunkRef<K, V>> {
        // SAFETY: there are so many, within `'r`.
        (at < self.chunks())
            .then(|| unsafe { head::entry(self.head, head::backwards(at)).as_ref() })
    }

    #[inline]
    pub(super) fn is_large(self) -> bool {
        self.cells() > SMALL
    }

    /// Whether there is room for one more than `len` entries.
    #[inline]
    pub(super) fn has_room(self, len: usize) -> bool {
        len < room_in(self.cells())
    }

    /// Goes through the cells of this hash.
    #[inline]
    pub(super) fn walk(self, hash: u32) -> Walk<'r> {
        let cells = self.cells();
        // SAFETY: there are so many, within `'r`, and a home is one of them.
        unsafe { Walk::from((self.first_cell(), cells), hash, home(hash, cells)) }
    }

    /// The slot that a cell leads to.
    ///
    /// # Safety
    /// It is one of this root's, and the slot stays filled within `'s`.
    #[inline]
    pub(super) unsafe fn see<'s>(self, cell: u64) -> Seen<'s, K, V> {
        // SAFETY: a slot's chunk is entered in the directory before the slot's number goes
        // anywhere, and a chunk is there for as long as one of its slots is filled.
        unsafe {
            let listed: &ChunkRef<K, V> =
                head::entry(self.head, directory_of::<K, V>(cell)).as_ref();
            Seen::new(Groups::listed(listed.load(Ordering::Acquire)), slot_of::<K, V>(cell))
        }
    }

    /// Enters a slot. There must be room.
    pub(super) fn put(self, hash: u32, slot: u32) {
        self.put_from(home(hash, self.cells()), hash, slot);
    }

    /// The same, where all cells from the hash's home to `at` are known to be taken.
    #[inline]
    pub(super) fn put_from(self, mut at: usize, hash: u32, slot: u32) {
        while self.cell(at).load(Ordering::Relaxed) != 0 {
            at = self.after(at);
        }
        // Release: who finds the slot finds it filled.
        self.cell(at).store(cell::<K, V>(hash, slot), Ordering::Release);
    }

    /// Lets the cell of one slot lead to another with the same hash.
    pub(super) fn exchange(self, hash: u32, from: u32, to: u32) {
        let at = self.find(hash, from);
        self.cell(at).store(cell::<K, V>(hash, to), Ordering::Release);
    }

    /// Takes a slot out of reach.
    pub(super) fn take(self, hash: u32, slot: u32) {
        let cells = self.all_cells();
        let mut gap = self.find(hash, slot);
        // Mostly all that is to be moved stands before the end. A cell may go into the gap unless
        // its home is behind it; a branch predictor cannot know whether it is, so a cell that
        // stays is written over by itself.
        for at in gap + 1..cells.len() {
            let cell = cells[at].load(Ordering::Relaxed);
            if cell == 0 {
                return cells[gap].store(0, Ordering::Release);
            }
            let behind_gap = home(hash_of(cell), cells.len()).wrapping_sub(gap + 1);
            let moves = behind_gap >= at - gap;
            cells[if moves { gap } else { at }].store(cell, Ordering::Release);
            gap = if moves { at } else { gap };
        }
        self.close_round_the_end(gap);
    }

    /// Closes a gap, where none of the cells behind it to the end is to be moved.
    #[cold]
    fn close_round_the_end(self, mut gap: usize) {
        for at in 0..self.cells() {
            let cell = self.cell(at).load(Ordering::Relaxed);
            if cell == 0 {
                break;
            }
            // It may move into the gap if that is not before its home.
            let from_home = self.distance(home(hash_of(cell), self.cells()), at);
            if self.distance(gap, at) <= from_home {
                self.cell(gap).store(cell, Ordering::Release);
                gap = at;
            }
        }
        self.cell(gap).store(0, Ordering::Release);
    }

    /// The cells of this hash will be walked along.
    #[inline]
    pub(super) fn approach(self, hash: u32) {
        ahead::ask_for(self.cell(home(hash, self.cells())));
    }

    /// Enters all that another has.
    pub(super) fn put_all(self, other: Self) {
        for at in 0..other.cells() {
            let cell = other.cell(at).load(Ordering::Relaxed);
            if cell != 0 {
                self.put(hash_of(cell), slot_of::<K, V>(cell));
            }
        }
    }

    #[inline]
    fn find(self, hash: u32, slot: u32) -> usize {
        let wanted = cell::<K, V>(hash, slot);
        let is_wanted = |cell: &AtomicU64| cell.load(Ordering::Relaxed) == wanted;
        let home = home(hash, self.cells());
        let (before, from_home) = self.all_cells().split_at(home);
        let behind = from_home.iter().position(is_wanted).map(|at| home + at);
        let at = behind.or_else(|| before.iter().position(is_wanted));
        at.expect("an entry that lives has a cell")
    }

    #[inline]
    fn after(self, at: usize) -> usize {
        if at + 1 == self.cells() { 0 } else { at + 1 }
    }

    /// How many cells on `to` is from `from`.
    #[inline]
    fn distance(self, from: usize, to: usize) -> usize {
        if to >= from { to - from } else { to + self.cells() - from }
    }
}

/// How many cells a root is to have, so that one that holds `len` entries has room for more;
/// `full`: how many there will be at most, about.
pub(super) fn larger(cells: usize, full: usize) -> usize {
    const LEAST: usize = 8;
    // A little more than what they need: shards are not all of one size.
    let full = full.saturating_add(full / 64).saturating_add(4);
    let enough = match full {
        full if full <= room_in(SMALLEST) => full * 4,
        full if full <= room_in(SMALL) => full * 2,
        full => (full / 13 + 1).saturating_mul(16),
    };
    match cells {
        // There was nothing.
        0 | 1 => LEAST.min(enough),
        // Not first to one that is nearly as large.
        cells if cells < enough && cells.saturating_mul(5) / 2 >= enough => enough,
        cells if cells < enough => cells.saturating_mul(2),
        cells => cells + cells / 32 + LEAST,
    }
}

/// How many cells are enough for `len` entries, if that is so much less that it is worth it.
pub(super) fn smaller(cells: usize, len: usize) -> Option<usize> {
    // A large one is gone through for few, so that no call takes long.
    let few = if cells > 1 << 16 { cells / 32 } else { cells / 16 };
    (cells > 64 && len < few).then(|| (len * 6).max(16))
}

#[cfg(any(test, fuzzing))]
impl<K, V> Root<'_, K, V> {
    pub(super) fn filled(self) -> usize {
        (0..self.cells()).filter(|&at| self.cell(at).load(Ordering::Relaxed) != 0).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_go_back_towards_their_homes_round_the_end() {
        // Homes near the end and the beginning, and more than one to a cell.
        let hash = |n: u32| (n % 4).wrapping_sub(2) << 29 | n;
        let mut random = 1_u32;
        for cells in [8, 16, 23] {
            let made = new::<u8, u8>(cells, 1);
            // SAFETY: just made for these types; freed below.
            let root = unsafe { Root::<u8, u8>::of(made) };
            let mut held: Vec<u32> = Vec::new();
            for slot in 0..if cfg!(miri) { 500 } else { 20_000_u32 } {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if held.len() + 1 < cells && random >> 16 & 1 == 0 {
                    root.put(hash(slot), slot);
                    held.push(slot);
                } else if !held.is_empty() {
                    let gone = held.swap_remove(random as usize % held.len());
                    root.take(hash(gone), gone);
                    assert!(!root.walk(hash(gone)).any(|cell| slot_of::<u8, u8>(cell) == gone));
                }
                assert_eq!(root.filled(), held.len());
                let found = |slot: u32| move |cell| slot_of::<u8, u8>(cell) == slot;
                let is_found = |&slot: &u32| root.walk(hash(slot)).any(found(slot));
                assert!(held.iter().all(is_found), "every slot that was put in is found");
            }
            // SAFETY: nobody else knows it.
            unsafe { head::free(made) };
        }
    }
}
