//! Where entries lie: in numbered slots that never move, in chunks that come and go.
//!
//! A slot is *free*, or *filled*: it holds a key and a value, which nobody changes. Between the two
//! only the shard's writer moves it, under the shard's lock; a filled slot is emptied no earlier
//! than nobody can be looking at it any more, which is for the [bag](super::bag) to know.

#![expect(
    clippy::cast_possible_truncation,
    reason = "slots are numbered by 32 bits, and cells made of them"
)]

use std::sync::atomic::AtomicU32;

use super::extras::{Extra, Notes};
use super::group::{Group, Groups, Slot, chunk_len, chunk_of};
use super::root::ChunkRef;
use super::seen::{Retired, Seen};
use crate::engine::policy::{EMPTY, GROUP, NONE};
use crate::sync::atomic::Ordering;

/// A chunk, as its writer knows it.
struct Chunk<K, V> {
    groups: Groups<K, V>,
    /// A bit for each slot that is free.
    free: u128,
}

/// A shard's slots. All but looking at filled ones is done under its lock.
pub(in crate::store) struct Slots<K, V> {
    chunks: Vec<Option<Chunk<K, V>>>,
    /// Numbers of chunks that are not there, though higher ones are; some of no chunk at all.
    holes: Vec<u32>,
    /// No chunk below has a free slot.
    lowest: usize,
    /// Chunks with none but free slots.
    vacant: usize,
    filled: usize,
    /// No slot from here on was filled since the last chunk went.
    top: u32,
    /// There has been a column.
    noted: bool,
}

// SAFETY: it owns its chunks, and they their pairs.
unsafe impl<K: Send + Sync, V: Send + Sync> Send for Slots<K, V> {}

/// A group of slots that are not there.
static NOBODY: [AtomicU32; GROUP] = [const { AtomicU32::new(EMPTY) }; GROUP];

impl<K, V> Slots<K, V> {
    const ALL: u128 = u128::MAX >> (128 - chunk_len::<K, V>());

    pub(super) fn new() -> Self {
        let (chunks, holes) = (Vec::new(), Vec::new());
        Self { chunks, holes, lowest: 0, vacant: 0, filled: 0, top: 0, noted: false }
    }

    /// Chunks are numbered below this.
    pub(super) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Slots are numbered below this, as far as they are filled.
    #[inline]
    pub(in crate::store) fn top(&self) -> u32 {
        self.top
    }

    /// A free slot, the lowest nearly, and the number of its chunk.
    #[inline]
    pub(super) fn vacancy(&mut self) -> (u32, usize) {
        while let Some(chunk) = self.chunks.get(self.lowest) {
            if let Some(chunk) = chunk.as_ref().filter(|chunk| chunk.free != 0) {
                let number = self.lowest * chunk_len::<K, V>();
                return (number as u32 + chunk.free.trailing_zeros(), self.lowest);
            }
            self.lowest += 1;
        }
        self.add_chunk()
    }

    #[cold]
    fn add_chunk(&mut self) -> (u32, usize) {
        // Or two slots would have one number.
        let most = NONE as usize / 2 / chunk_len::<K, V>();
        assert!(self.chunks.len() < most, "a shard has less than 2^31 entries");
        let chunk = Chunk { groups: Groups::make(), free: Self::ALL };
        self.vacant += 1;
        let at = loop {
            match self.holes.pop() {
                Some(hole) if self.chunks.get(hole as usize).is_some_and(Option::is_none) => {
                    self.chunks[hole as usize] = Some(chunk);
                    break hole as usize;
                }
                Some(_) => {}
                None => {
                    // An eighth more at a time, not twice.
                    let len = self.chunks.len();
                    if len == self.chunks.capacity() {
                        self.chunks.reserve_exact(len / 8 + 1);
                    }
                    self.chunks.push(Some(chunk));
                    break self.chunks.len() - 1;
                }
            }
        };
        self.lowest = self.lowest.min(at);
        ((at * chunk_len::<K, V>()) as u32, at)
    }

    /// Fills a free slot. No entry lives in it yet: its word is empty still.
    #[inline]
    pub(super) fn fill(&mut self, number: u32, hash: u32, deadline: u64, key: K, value: V) {
        let chunk = self.chunks[chunk_of::<K, V>(number)].as_mut();
        let chunk = chunk.expect("a vacancy is in a chunk");
        let mask = 1 << (number as usize % chunk_len::<K, V>());
        assert!(chunk.free & mask != 0, "the slot is free");
        self.vacant -= usize::from(chunk.free == Self::ALL);
        chunk.free &= !mask;
        self.filled += 1;
        self.top = self.top.max(number + 1);
        let at = number as usize % GROUP;
        // SAFETY: the chunk is there.
        let group = unsafe { chunk.groups.group_of(number) };
        group.hashes[at].store(hash, Ordering::Relaxed);
        let slot = &group.slots[at];
        slot.deadline.store(deadline, Ordering::Relaxed);
        // SAFETY: the slot is free, so nobody looks at it; whoever did is ordered before by the
        // grace that it was freed after.
        unsafe { (*slot.pair.get()).write((key, value)) };
    }

    /// Notes of a slot what its deadline does not tell. `others`: what holds for the chunk's other
    /// entries by their deadlines, if this is the first that needs a column.
    pub(super) fn note(&mut self, number: u32, notes: Notes, others: impl Fn(u64) -> Notes) {
        match self.extra(number) {
            Some(extra) => extra.set(notes),
            None => self.add_extras(number, notes, others),
        }
    }

    fn extra(&self, number: u32) -> Option<&Extra> {
        let chunk = self.chunks[chunk_of::<K, V>(number)].as_ref()?;
        // SAFETY: the chunk is there.
        unsafe { chunk.groups.extra(number) }
    }

    /// Whether the slot's chunk has a column, so that each of its entries is to be noted.
    #[inline]
    pub(super) fn has_extras(&self, number: u32) -> bool {
        self.noted && self.extra(number).is_some()
    }

    #[cold]
    fn add_extras(&mut self, number: u32, notes: Notes, others: impl Fn(u64) -> Notes) {
        self.noted = true;
        let at = chunk_of::<K, V>(number);
        let first = (at * chunk_len::<K, V>()) as u32;
        let extra = |other| {
            let by_deadline = || others(self.slot(other).deadline.load(Ordering::Relaxed));
            Extra::new(if other == number { notes } else { by_deadline() })
        };
        let extras = (first..first + chunk_len::<K, V>() as u32).map(extra).collect();
        let chunk = self.chunks[at].as_ref().expect("its slot is filled");
        chunk.groups.set_column(extras);
    }

    /// Shows readers a chunk, in its place in a directory.
    pub(super) fn show(&self, at: usize, listed: &ChunkRef<K, V>) {
        let chunk = self.chunks[at].as_ref();
        let groups = chunk.map_or(std::ptr::null_mut(), |chunk| chunk.groups.as_ptr());
        // Release: its groups are made before.
        listed.store(groups, Ordering::Release);
    }

    /// Takes a filled slot that no cell leads to any more off.
    pub(super) fn retire(&self, number: u32) -> Retired<K, V> {
        Retired::new(self.slot(number), number)
    }

    /// A retired slot's pair is dropped, and nobody looks at it: it is free. The number of its
    /// chunk, if that has gone.
    ///
    /// # Safety
    /// So it is.
    pub(super) unsafe fn free(&mut self, number: u32) -> Option<usize> {
        let at = chunk_of::<K, V>(number);
        let chunk = self.chunks[at].as_mut().expect("a filled slot keeps its chunk");
        let mask = 1 << (number as usize % chunk_len::<K, V>());
        debug_assert!(chunk.free & mask == 0, "a slot is freed once");
        chunk.free |= mask;
        self.filled -= 1;
        self.lowest = self.lowest.min(at);
        if chunk.free != Self::ALL {
            return None;
        }
        self.vacant += 1;
        // One is kept for the next that come.
        if self.vacant == 1 { None } else { self.drop_chunk(at) }
    }

    /// Gives back the last chunks, if nothing is filled.
    pub(super) fn drop_vacant(&mut self, mut gone: impl FnMut(usize)) {
        if self.filled == 0 {
            for at in (0..self.chunks.len()).rev() {
                if self.chunks.get(at).is_some_and(Option::is_some) {
                    self.drop_chunk(at);
                    gone(at);
                }
            }
        }
    }

    /// Gives a chunk back. Nobody looks at any of its slots, so nobody looks at it.
    fn drop_chunk(&mut self, at: usize) -> Option<usize> {
        let chunk = self.chunks[at].take()?;
        self.vacant -= 1;
        // SAFETY: all slots are free, and have nothing to drop.
        unsafe { chunk.groups.free() };
        self.holes.push(at as u32);
        while self.chunks.last().is_some_and(Option::is_none) {
            self.chunks.pop();
        }
        let slots = self.chunks.len() * chunk_len::<K, V>();
        self.top = self.top.min(slots as u32);
        if self.chunks.is_empty() {
            (self.chunks, self.holes) = (Vec::new(), Vec::new());
        }
        Some(at)
    }

    /// A filled slot, under the lock.
    pub(super) fn see(&self, number: u32) -> Seen<'_, K, V> {
        let chunk = self.chunks[chunk_of::<K, V>(number)].as_ref();
        let chunk = chunk.expect("a filled slot keeps its chunk");
        let mask: u128 = 1 << (number as usize % chunk_len::<K, V>());
        assert!(chunk.free & mask == 0, "the slot is filled");
        // SAFETY: filled, and emptied by whoever has this exclusively.
        unsafe { Seen::new(chunk.groups, number) }
    }

    #[inline]
    fn group(&self, group: usize) -> Option<&Group<K, V>> {
        let first = (group * GROUP) as u32;
        let chunk = self.chunks.get(chunk_of::<K, V>(first))?.as_ref()?;
        // SAFETY: the chunk is there for as long as nobody has this exclusively.
        Some(unsafe { chunk.groups.group_of(first) })
    }

    #[inline]
    fn slot(&self, number: u32) -> &Slot<K, V> {
        let group = self.group(number as usize / GROUP).expect("its chunk is there");
        &group.slots[number as usize % GROUP]
    }

    #[inline]
    pub(in crate::store) fn words(&self, group: usize) -> &[AtomicU32; GROUP] {
        self.group(group).map_or(&NOBODY, |group| &group.words)
    }

    #[inline]
    pub(in crate::store) fn hash(&self, number: u32) -> u32 {
        let group = self.group(number as usize / GROUP).expect("its chunk is there");
        group.hashes[number as usize % GROUP].load(Ordering::Relaxed)
    }

    #[inline]
    pub(in crate::store) fn deadline(&self, number: u32) -> u64 {
        self.slot(number).deadline.load(Ordering::Relaxed)
    }

    pub(in crate::store) fn weight(&self, number: u32) -> usize {
        self.extra(number).map_or(1, |extra| extra.weight.load(Ordering::Relaxed))
    }
}

impl<K, V> Slots<K, V> {
    fn drop_pairs(&mut self) {
        for number in 0..self.top {
            let at = chunk_of::<K, V>(number);
            let mask: u128 = 1 << (number as usize % chunk_len::<K, V>());
            let Some(chunk) = self.chunks[at].as_mut().filter(|it| it.free & mask == 0) else {
                continue;
            };
            chunk.free |= mask;
            let retired = self.retire(number);
            // SAFETY: filled until just now, and nobody else's.
            unsafe { retired.drop_pair() };
        }
    }
}

impl<K, V> Drop for Slots<K, V> {
    /// Drops every pair: nobody looks any more, or this could not be had.
    fn drop(&mut self) {
        /// Goes on behind a `Drop` that panicked.
        struct Rest<'r, K, V>(&'r mut Slots<K, V>);

        impl<K, V> Drop for Rest<'_, K, V> {
            fn drop(&mut self) {
                if std::mem::needs_drop::<(K, V)>() {
                    self.0.drop_pairs();
                }
                for chunk in self.0.chunks.drain(..).flatten() {
                    // SAFETY: nobody looks at it any more, and its pairs are dropped, or need not
                    // be.
                    unsafe { chunk.groups.free() };
                }
            }
        }

        let rest = Rest(self);
        if std::mem::needs_drop::<(K, V)>() {
            rest.0.drop_pairs();
        }
    }
}

#[cfg(test)]
impl<K, V> Slots<K, V> {
    /// How many chunks there are.
    pub(in crate::store) fn present(&self) -> usize {
        self.chunks.iter().flatten().count()
    }
}

#[cfg(any(test, fuzzing))]
impl<K, V> Slots<K, V> {
    pub(super) fn validate(&self, filled: usize) {
        let len = chunk_len::<K, V>();
        let chunks = self.chunks.iter().flatten();
        let counted: usize = chunks.clone().map(|it| len - it.free.count_ones() as usize).sum();
        assert_eq!((self.filled, counted), (filled, filled), "filled slots are counted");
        let vacant = chunks.filter(|chunk| chunk.free == Self::ALL).count();
        assert_eq!(self.vacant, vacant, "empty chunks are counted");
        let open = |chunk: &Option<Chunk<K, V>>| chunk.as_ref().is_some_and(|it| it.free != 0);
        assert!(!self.chunks.iter().take(self.lowest).any(open), "the lowest free slot is known");
    }
}
