//! How slots lie in memory: eight in a group, and some groups in a chunk.
//!
//! What a writer wants to know of the eight (their policy words and hashes) is on the group's first
//! cache line.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use super::extras::Extra;
use crate::engine::policy::{EMPTY, GROUP};
use crate::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
// Hints, which the policies own: see there. Not modelled.
use std::sync::atomic::AtomicU32;

/// One entry's place.
pub(super) struct Slot<K, V> {
    /// Moves only where entries live on by being used.
    pub(super) deadline: AtomicU64,
    /// Initialised while the slot is filled.
    pub(super) pair: UnsafeCell<MaybeUninit<(K, V)>>,
}

/// Eight slots.
#[repr(C, align(64))]
pub(super) struct Group<K, V> {
    /// `EMPTY` where no entry lives.
    pub(super) words: [AtomicU32; GROUP],
    pub(super) hashes: [AtomicU32; GROUP],
    pub(super) slots: [Slot<K, V>; GROUP],
}

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

    /// Makes a group where it is to be: some are too large for a stack.
    ///
    /// # Safety
    /// There is memory for it.
    unsafe fn make(group: *mut Self) {
        // SAFETY: all within the group's own memory; of the slots only the deadlines are written,
        // and a pair needs no initialisation.
        unsafe {
            (&raw mut (*group).words).write([const { AtomicU32::new(EMPTY) }; GROUP]);
            (&raw mut (*group).hashes).write([const { AtomicU32::new(0) }; GROUP]);
            for at in 0..GROUP {
                (&raw mut (*group).slots[at].deadline).write(AtomicU64::new(0));
            }
        }
    }
}

/// The chunk that a slot is in.
#[inline]
pub(super) fn chunk_of<K, V>(slot: u32) -> usize {
    slot as usize / chunk_len::<K, V>()
}

/// Slots in a chunk.
pub(super) const fn chunk_len<K, V>() -> usize {
    Group::<K, V>::IN_CHUNK * GROUP
}

/// A chunk's groups, and behind them where its [column](super::extras) is, if it has one. Whoever
/// has one of these sees to it that the chunk is there.
pub(super) struct Groups<K, V>(NonNull<Group<K, V>>);

impl<K, V> Clone for Groups<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Groups<K, V> {}

impl<K, V> std::fmt::Debug for Groups<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Groups").field(&self.0).finish()
    }
}

impl<K, V> Groups<K, V> {
    fn layout() -> (Layout, usize) {
        let groups = Layout::array::<Group<K, V>>(Group::<K, V>::IN_CHUNK);
        let both = groups.and_then(|groups| groups.extend(Layout::new::<AtomicPtr<Extra>>()));
        both.expect("a chunk is not large")
    }

    /// A chunk, without a column.
    #[expect(clippy::cast_ptr_alignment, reason = "the layout sees to it")]
    pub(super) fn make() -> Self {
        let (layout, column) = Self::layout();
        // SAFETY: it is not of no size, as there are groups.
        let memory = unsafe { alloc(layout) };
        if memory.is_null() {
            handle_alloc_error(layout);
        }
        // SAFETY: all within what `layout` has laid out.
        unsafe {
            let groups = memory.cast::<Group<K, V>>();
            for at in 0..Group::<K, V>::IN_CHUNK {
                Group::make(groups.add(at));
            }
            memory.add(column).cast::<AtomicPtr<Extra>>().write(AtomicPtr::new(ptr::null_mut()));
            Self(NonNull::new_unchecked(groups))
        }
    }

    /// What a directory says.
    ///
    /// # Safety
    /// It says so of a chunk that is there, and stays for as long as this is used.
    #[inline]
    pub(super) unsafe fn listed(groups: *mut Group<K, V>) -> Self {
        // SAFETY: by the caller's promise, it is one of these.
        Self(unsafe { NonNull::new_unchecked(groups) })
    }

    /// For a directory.
    pub(super) fn as_ptr(self) -> *mut Group<K, V> {
        self.0.as_ptr()
    }

    /// The group that a slot is in; in which chunk is left out.
    ///
    /// # Safety
    /// The chunk is there within `'s`.
    #[inline]
    pub(super) unsafe fn group_of<'s>(self, slot: u32) -> &'s Group<K, V> {
        let at = slot as usize % chunk_len::<K, V>() / GROUP;
        // In bytes: less is to be shifted.
        let at = at * size_of::<Group<K, V>>();
        // SAFETY: a chunk has so many groups; nobody writes to one but by its atomics, and to
        // pairs of free slots.
        unsafe { self.0.byte_add(at).as_ref() }
    }

    /// The slot of this number; in which chunk is left out.
    ///
    /// # Safety
    /// The chunk is there within `'s`.
    #[inline]
    pub(super) unsafe fn slot<'s>(self, slot: u32) -> &'s Slot<K, V> {
        // SAFETY: by the caller's promise.
        &unsafe { self.group_of(slot) }.slots[slot as usize % GROUP]
    }

    fn column<'s>(self) -> &'s AtomicPtr<Extra> {
        // SAFETY: made there with the chunk, which is there.
        unsafe { self.0.byte_add(Self::layout().1).cast().as_ref() }
    }

    /// A slot's place in the column, if there is one.
    ///
    /// # Safety
    /// The chunk is there within `'s`.
    pub(super) unsafe fn extra<'s>(self, slot: u32) -> Option<&'s Extra> {
        let column = self.column().load(Ordering::Acquire);
        // SAFETY: a column is as long as its chunk, and there as long.
        (!column.is_null()).then(|| unsafe { &*column.add(slot as usize % chunk_len::<K, V>()) })
    }

    /// Gives a chunk that has none a column.
    pub(super) fn set_column(self, extras: Box<[Extra]>) {
        debug_assert!(self.column().load(Ordering::Relaxed).is_null());
        debug_assert!(extras.len() == chunk_len::<K, V>());
        // Release: it is made before.
        self.column().store(Box::into_raw(extras).cast(), Ordering::Release);
    }

    /// Gives the chunk back.
    ///
    /// # Safety
    /// Nobody looks at it any more, and this is the last use of it. There is nothing to drop in it.
    pub(super) unsafe fn free(self) {
        let column = self.column().load(Ordering::Relaxed);
        if !column.is_null() {
            let column = ptr::slice_from_raw_parts_mut(column, chunk_len::<K, V>());
            // SAFETY: a box's, see `set_column`.
            drop(unsafe { Box::from_raw(column) });
        }
        // SAFETY: allocated so by `make`.
        unsafe { dealloc(self.0.cast().as_ptr(), Self::layout().0) };
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
