//! An entry, for those who know that it stays: readers in their sections, and whoever is to empty
//! its slot.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::sync::atomic::AtomicU32;

use super::extras::{Extra, Notes};
use super::group::{Groups, Slot};
use crate::engine::policy::GROUP;
use crate::sync::atomic::Ordering;

/// An entry that is there for as long as `'s`.
#[derive(Debug)]
pub(in crate::store) struct Seen<'s, K, V> {
    groups: Groups<K, V>,
    number: u32,
    life: PhantomData<&'s Slot<K, V>>,
}

impl<K, V> Clone for Seen<'_, K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Seen<'_, K, V> {}

impl<'s, K, V> Seen<'s, K, V> {
    /// # Safety
    /// `groups` are its chunk's, and it is not emptied within `'s`: a chunk is there for as long
    /// as one of its slots is filled.
    #[inline]
    pub(super) unsafe fn new(groups: Groups<K, V>, number: u32) -> Self {
        Self { groups, number, life: PhantomData }
    }

    #[inline]
    fn slot(&self) -> &'s Slot<K, V> {
        // SAFETY: see `new`.
        unsafe { self.groups.slot(self.number) }
    }

    #[inline]
    pub(in crate::store) fn pair(&self) -> &'s (K, V) {
        // SAFETY: who made this promised that the slot stays filled within `'s`; nobody writes to
        // a filled one.
        unsafe { (*self.slot().pair.get()).assume_init_ref() }
    }

    /// As long as the caller knows it to stay.
    ///
    /// # Safety
    /// The slot is not emptied within `'t`.
    pub(super) unsafe fn beyond<'t>(self) -> Seen<'t, K, V> {
        Seen { groups: self.groups, number: self.number, life: PhantomData }
    }

    fn extra(&self) -> Option<&'s Extra> {
        // SAFETY: see `new`.
        unsafe { self.groups.extra(self.number) }
    }

    /// What tells it from all others.
    #[inline]
    pub(in crate::store) fn address(&self) -> usize {
        ptr::from_ref(self.slot()).addr()
    }

    #[inline]
    pub(in crate::store) fn number(&self) -> u32 {
        self.number
    }

    #[inline]
    pub(in crate::store) fn word(&self) -> &'s AtomicU32 {
        // SAFETY: see `new`.
        &unsafe { self.groups.group_of(self.number) }.words[self.number as usize % GROUP]
    }

    #[inline]
    pub(in crate::store) fn deadline(&self) -> u64 {
        self.slot().deadline.load(Ordering::Relaxed)
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
            self.slot().deadline.fetch_max(deadline, Ordering::Relaxed);
        }
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
    pub(super) fn new(slot: &Slot<K, V>, number: u32) -> Self {
        Self { slot: NonNull::from(slot), number }
    }

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
