//! Where entries lie: in numbered slots that never move, in chunks that come and go.
//!
//! A slot is *free*, or *filled*: it holds a key and a value, which nobody changes. Between the two
//! only the shard's writer moves it, under the shard's lock; a filled slot is emptied no earlier
//! than nobody can be looking at it any more, which is for the [bag](super::bag) to know.
//!
//! Slots come in groups of eight, with what a writer wants to know of each (its policy word and
//! its hash) on the group's first cache line.

#![expect(
    clippy::cast_possible_truncation,
    reason = "slots are numbered by 32 bits, and cells made of them"
)]

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use crate::engine::policy::{EMPTY, GROUP, NONE};
use crate::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
// Hints, which the policies own: see there. Not modelled.
use std::sync::atomic::AtomicU32;

/// One entry's place.
pub(super) struct Slot<K, V> {
    /// Moves only where entries live on by being used.
    deadline: AtomicU64,
    /// Initialised while the slot is filled.
    pair: UnsafeCell<MaybeUninit<(K, V)>>,
}

/// Eight slots.
#[repr(C, align(64))]
pub(super) struct Group<K, V> {
    /// `EMPTY` where no entry lives.
    words: [AtomicU32; GROUP],
    hashes: [AtomicU32; GROUP],
    slots: [Slot<K, V>; GROUP],
}

/// What few entries need: a column that a chunk has only if one of its entries does.
///
/// Written while the slot is free, or the column is nowhere to be seen yet; atomic only so that
/// whoever finds the column may look at it.
#[derive(Debug)]
pub(super) struct Extra {
    stored: AtomicU64,
    limit: AtomicU64,
    window: AtomicU64,
    weight: AtomicUsize,
}

/// What is written down of an entry that its deadline does not tell.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Notes {
    pub(in crate::store) stored: u64,
    /// However often the entry is used, it ends here.
    pub(in crate::store) limit: u64,
    /// How long past its deadline it may serve.
    pub(in crate::store) window: u64,
    pub(in crate::store) weight: usize,
}

impl Extra {
    fn new(notes: Notes) -> Self {
        Self {
            stored: AtomicU64::new(notes.stored),
            limit: AtomicU64::new(notes.limit),
            window: AtomicU64::new(notes.window),
            weight: AtomicUsize::new(notes.weight),
        }
    }

    fn set(&self, notes: Notes) {
        self.stored.store(notes.stored, Ordering::Relaxed);
        self.limit.store(notes.limit, Ordering::Relaxed);
        self.window.store(notes.window, Ordering::Relaxed);
        self.weight.store(notes.weight, Ordering::Relaxed);
    }

    fn get(&self) -> Notes {
        Notes {
            stored: self.stored.load(Ordering::Relaxed),
            limit: self.limit.load(Ordering::Relaxed),
            window: self.window.load(Ordering::Relaxed),
            weight: self.weight.load(Ordering::Relaxed),
        }
    }
}

/// Where readers find a chunk; null where there is none.
pub(super) struct ChunkRef<K, V> {
    groups: AtomicPtr<Group<K, V>>,
    extras: AtomicPtr<Extra>,
}

/// An entry that is there for as long as `'s`.
#[derive(Debug)]
pub(in crate::store) struct Seen<'s, K, V> {
    slot: &'s Slot<K, V>,
    group: &'s Group<K, V>,
    /// Its chunk's column, or null.
    extras: *const Extra,
    number: u32,
}

impl<K, V> Clone for Seen<'_, K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Seen<'_, K, V> {}

/// How much of the memory a chunk may take that is not one group.
const CHUNK_BYTES: usize = 8 << 10;

impl<K, V> Group<K, V> {
    /// Log2 of the groups in a chunk: 128 small slots, or as few as 8 large ones.
    const SHIFT: u32 = {
        let mut shift = 4;
        while shift > 0 && size_of::<Self>() << shift > CHUNK_BYTES {
            shift -= 1;
        }
        shift
    };
    const IN_CHUNK: usize = 1 << Self::SHIFT;

    /// Makes a chunk's groups where they are to be: some are too large for a stack.
    fn new_chunk() -> NonNull<Self> {
        let mut groups = Box::<[Self]>::new_uninit_slice(Self::IN_CHUNK);
        for group in &mut groups {
            let group = group.as_mut_ptr();
            // SAFETY: all within the group's own memory; of the slots only the deadlines are
            // written, and a pair needs no initialisation.
            unsafe {
                (&raw mut (*group).words).write([const { AtomicU32::new(EMPTY) }; GROUP]);
                (&raw mut (*group).hashes).write([const { AtomicU32::new(0) }; GROUP]);
                for at in 0..GROUP {
                    (&raw mut (*group).slots[at].deadline).write(AtomicU64::new(0));
                }
            }
        }
        // SAFETY: every group is made.
        let groups = unsafe { groups.assume_init() };
        // A box must not be had while others look into it.
        NonNull::from(Box::leak(groups)).cast()
    }
}

/// The chunk that a slot is in.
pub(super) fn chunk_of<K, V>(slot: u32) -> usize {
    place::<K, V>(slot).0
}

/// Slots in a chunk.
pub(super) const fn chunk_len<K, V>() -> usize {
    Group::<K, V>::IN_CHUNK * GROUP
}

/// The chunk that a slot is in, the group within it, and the place in that.
#[inline]
fn place<K, V>(slot: u32) -> (usize, usize, usize) {
    let group = slot as usize / GROUP;
    (group >> Group::<K, V>::SHIFT, group % Group::<K, V>::IN_CHUNK, slot as usize % GROUP)
}

impl<K, V> ChunkRef<K, V> {
    pub(super) fn none() -> Self {
        Self { groups: AtomicPtr::new(ptr::null_mut()), extras: AtomicPtr::new(ptr::null_mut()) }
    }

    /// Whether no chunk is shown here.
    #[inline]
    pub(super) fn is_none(&self) -> bool {
        self.groups.load(Ordering::Relaxed).is_null()
    }

    /// The chunk is gone: no cell leads to it.
    pub(super) fn clear(&self) {
        self.groups.store(ptr::null_mut(), Ordering::Relaxed);
        self.extras.store(ptr::null_mut(), Ordering::Relaxed);
    }
}

/// The slot of this number.
///
/// # Safety
/// It is filled, and is not emptied within `'s`; `chunks` is the directory of its shard, or was
/// when a cell with this number was in reach.
#[inline]
pub(super) unsafe fn see<'s, K, V>(chunks: &[ChunkRef<K, V>], number: u32) -> Seen<'s, K, V> {
    let (chunk, group, at) = place::<K, V>(number);
    debug_assert!(chunk < chunks.len());
    // SAFETY: a slot's chunk is entered in the directory before the slot's number goes anywhere.
    let chunk = unsafe { chunks.get_unchecked(chunk) };
    let groups = chunk.groups.load(Ordering::Acquire);
    let extras = chunk.extras.load(Ordering::Acquire);
    // SAFETY: a chunk is there for as long as one of its slots is filled, with all its groups, and
    // so is its column.
    unsafe {
        let group = &*groups.add(group);
        Seen { slot: group.slots.get_unchecked(at), group, extras, number }
    }
}

impl<'s, K, V> Seen<'s, K, V> {
    #[inline]
    pub(in crate::store) fn pair(&self) -> &'s (K, V) {
        // SAFETY: who made this promised that the slot stays filled within `'s`; nobody writes to
        // a filled one.
        unsafe { (*self.slot.pair.get()).assume_init_ref() }
    }

    /// As long as the caller knows it to stay.
    ///
    /// # Safety
    /// The slot is not emptied within `'t`.
    pub(super) unsafe fn beyond<'t>(self) -> Seen<'t, K, V> {
        let Self { slot, group, extras, number } = self;
        // SAFETY: a slot that is filled keeps its chunk with all that is in it.
        unsafe {
            Seen { slot: &*ptr::from_ref(slot), group: &*ptr::from_ref(group), extras, number }
        }
    }

    fn extra(&self) -> Option<&'s Extra> {
        // SAFETY: a column is as long as its chunk, and there as long.
        let extra = || unsafe { &*self.extras.add(self.number as usize % chunk_len::<K, V>()) };
        (!self.extras.is_null()).then(extra)
    }

    /// What tells it from all others.
    #[inline]
    pub(in crate::store) fn address(&self) -> usize {
        ptr::from_ref(self.slot).addr()
    }

    #[inline]
    pub(in crate::store) fn number(&self) -> u32 {
        self.number
    }

    #[inline]
    pub(in crate::store) fn hash(&self) -> u32 {
        self.group.hashes[self.number as usize % GROUP].load(Ordering::Relaxed)
    }

    #[inline]
    pub(in crate::store) fn word(&self) -> &'s AtomicU32 {
        &self.group.words[self.number as usize % GROUP]
    }

    #[inline]
    pub(in crate::store) fn deadline(&self) -> u64 {
        self.slot.deadline.load(Ordering::Relaxed)
    }

    pub(in crate::store) fn noted(&self) -> Option<Notes> {
        self.extra().map(Extra::get)
    }

    /// A use at `now` of an entry that lives for `tti` from each.
    ///
    /// Relaxed: the deadline says nothing of anything else. A maximum: a reader that was held up
    /// must not take back what another has given since; and nothing is written twice for one
    /// reading of a coarse clock.
    pub(in crate::store) fn prolong(&self, now: u64, tti: u64) {
        let limit = self.extra().map_or(u64::MAX, |extra| extra.limit.load(Ordering::Relaxed));
        let deadline = now.saturating_add(tti).min(limit);
        if self.deadline() < deadline {
            self.slot.deadline.fetch_max(deadline, Ordering::Relaxed);
        }
    }
}

impl<K, V> std::fmt::Debug for Slot<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}

impl<K, V> std::fmt::Debug for Group<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}

/// A filled slot that no cell leads to any more: its holder is the one to empty it.
pub(in crate::store) struct Retired<K, V> {
    slot: NonNull<Slot<K, V>>,
    pub(super) number: u32,
}

// SAFETY: it is the pair that moves between threads, and is looked at by others meanwhile.
unsafe impl<K: Send + Sync, V: Send + Sync> Send for Retired<K, V> {}

impl<K, V> Retired<K, V> {
    #[inline]
    pub(super) fn address(&self) -> usize {
        self.slot.addr().get()
    }

    pub(in crate::store) fn pair(&self) -> &(K, V) {
        // SAFETY: filled, until its one holder empties it.
        unsafe { (*self.slot.as_ref().pair.get()).assume_init_ref() }
    }

    /// Drops the pair.
    ///
    /// # Safety
    /// Nobody looks at it any more, and nobody does this again.
    pub(super) unsafe fn drop_pair(&self) {
        // SAFETY: filled, and by the caller's promise nobody else's.
        unsafe { (*self.slot.as_ref().pair.get()).assume_init_drop() }
    }
}

/// A chunk, as its writer knows it.
struct Chunk<K, V> {
    groups: NonNull<Group<K, V>>,
    /// Null until an entry needs it.
    extras: *mut Extra,
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
}

// SAFETY: it owns its chunks, and they their pairs.
unsafe impl<K: Send + Sync, V: Send + Sync> Send for Slots<K, V> {}

/// A group of slots that are not there.
static NOBODY: [AtomicU32; GROUP] = [const { AtomicU32::new(EMPTY) }; GROUP];

impl<K, V> Slots<K, V> {
    const ALL: u128 = u128::MAX >> (128 - chunk_len::<K, V>());

    pub(super) fn new() -> Self {
        Self { chunks: Vec::new(), holes: Vec::new(), lowest: 0, vacant: 0, filled: 0, top: 0 }
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
        let most = (NONE as usize - 1) / chunk_len::<K, V>();
        assert!(self.chunks.len() < most, "a shard has less than 2^32 entries");
        let groups = Group::new_chunk();
        let chunk = Chunk { groups, extras: ptr::null_mut(), free: Self::ALL };
        self.vacant += 1;
        let at = loop {
            match self.holes.pop() {
                Some(hole) if self.chunks.get(hole as usize).is_some_and(Option::is_none) => {
                    self.chunks[hole as usize] = Some(chunk);
                    break hole as usize;
                }
                Some(_) => {}
                None => {
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
        let (at, group, bit) = place::<K, V>(number);
        let chunk = self.chunks[at].as_mut().expect("a vacancy is in a chunk");
        let mask = 1 << (number as usize % chunk_len::<K, V>());
        assert!(chunk.free & mask != 0, "the slot is free");
        self.vacant -= usize::from(chunk.free == Self::ALL);
        chunk.free &= !mask;
        self.filled += 1;
        self.top = self.top.max(number + 1);
        // SAFETY: the group is there, and nobody writes to it but by its atomics.
        let group = unsafe { chunk.groups.add(group).as_ref() };
        group.hashes[bit].store(hash, Ordering::Relaxed);
        let slot = &group.slots[bit];
        slot.deadline.store(deadline, Ordering::Relaxed);
        // SAFETY: the slot is free, so nobody looks at it; whoever did is ordered before by the
        // grace that it was freed after.
        unsafe { (*slot.pair.get()).write((key, value)) };
    }

    /// Notes of a slot what its deadline does not tell. `others`: what holds for the chunk's other
    /// entries by their deadlines, if this is the first that needs a column.
    pub(super) fn note(&mut self, number: u32, notes: Notes, others: impl Fn(u64) -> Notes) {
        let at = place::<K, V>(number).0;
        if self.chunks[at].as_ref().is_some_and(|chunk| chunk.extras.is_null()) {
            self.add_extras(at, others);
        }
        let chunk = self.chunks[at].as_ref().expect("its slot is filled");
        // SAFETY: the column is as long as the chunk.
        let extra = unsafe { &*chunk.extras.add(number as usize % chunk_len::<K, V>()) };
        extra.set(notes);
    }

    /// Whether the slot's chunk has a column, so that each of its entries is to be noted.
    #[inline]
    pub(super) fn has_extras(&self, number: u32) -> bool {
        let chunk = &self.chunks[place::<K, V>(number).0];
        chunk.as_ref().is_some_and(|chunk| !chunk.extras.is_null())
    }

    #[cold]
    fn add_extras(&mut self, at: usize, others: impl Fn(u64) -> Notes) {
        let first = at * chunk_len::<K, V>();
        let extra =
            |number| Extra::new(others(self.slot(number as u32).deadline.load(Ordering::Relaxed)));
        let extras: Box<[_]> = (first..first + chunk_len::<K, V>()).map(extra).collect();
        let chunk = self.chunks[at].as_mut().expect("asked for by one of its slots");
        chunk.extras = Box::into_raw(extras).cast();
    }

    /// Shows readers a chunk, in a directory.
    pub(super) fn show(&self, at: usize, chunks: &[ChunkRef<K, V>]) {
        let (groups, extras) = match &self.chunks[at] {
            Some(chunk) => (chunk.groups.as_ptr(), chunk.extras),
            None => (ptr::null_mut(), ptr::null_mut()),
        };
        // Release: its groups are made before.
        chunks[at].groups.store(groups, Ordering::Release);
        chunks[at].extras.store(extras, Ordering::Release);
    }

    /// Takes a filled slot that no cell leads to any more off.
    pub(super) fn retire(&self, number: u32) -> Retired<K, V> {
        Retired { slot: NonNull::from(self.slot(number)), number }
    }

    /// A retired slot's pair is dropped, and nobody looks at it: it is free. The number of its
    /// chunk, if that has gone.
    ///
    /// # Safety
    /// So it is.
    pub(super) unsafe fn free(&mut self, number: u32) -> Option<usize> {
        let at = place::<K, V>(number).0;
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
        // SAFETY: made so in `new_chunk`; all slots are free, and have nothing to drop.
        drop(unsafe { Box::from_raw(chunk.groups()) });
        if !chunk.extras.is_null() {
            // SAFETY: made so in `add_extras`.
            drop(unsafe { Box::from_raw(chunk.extras()) });
        }
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
        let (at, group, bit) = place::<K, V>(number);
        let chunk = self.chunks[at].as_ref().expect("a filled slot keeps its chunk");
        let mask: u128 = 1 << (number as usize % chunk_len::<K, V>());
        assert!(chunk.free & mask == 0, "the slot is filled");
        // SAFETY: filled, and emptied by whoever has this exclusively; the column is as long as
        // the chunk.
        unsafe {
            let group = &*chunk.groups.as_ptr().add(group);
            Seen { slot: &group.slots[bit], group, extras: chunk.extras, number }
        }
    }

    #[inline]
    fn group(&self, group: usize) -> Option<&Group<K, V>> {
        let chunk = self.chunks.get(group >> Group::<K, V>::SHIFT)?.as_ref()?;
        // SAFETY: a chunk has so many groups, and they live as long as it.
        Some(unsafe { chunk.groups.add(group % Group::<K, V>::IN_CHUNK).as_ref() })
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
        let (at, ..) = place::<K, V>(number);
        let extras = self.chunks[at].as_ref().map_or(ptr::null_mut(), |chunk| chunk.extras);
        if extras.is_null() {
            return 1;
        }
        // SAFETY: the column is as long as the chunk.
        unsafe { &*extras.add(number as usize % chunk_len::<K, V>()) }
            .weight
            .load(Ordering::Relaxed)
    }
}

impl<K, V> Chunk<K, V> {
    fn groups(&self) -> *mut [Group<K, V>] {
        ptr::slice_from_raw_parts_mut(self.groups.as_ptr(), Group::<K, V>::IN_CHUNK)
    }

    fn extras(&self) -> *mut [Extra] {
        ptr::slice_from_raw_parts_mut(self.extras, chunk_len::<K, V>())
    }
}

impl<K, V> Slots<K, V> {
    fn drop_pairs(&mut self) {
        for number in 0..self.top {
            let at = place::<K, V>(number).0;
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
                    // SAFETY: made so in `new_chunk` and `add_extras`.
                    unsafe {
                        drop(Box::from_raw(chunk.groups()));
                        if !chunk.extras.is_null() {
                            drop(Box::from_raw(chunk.extras()));
                        }
                    }
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
