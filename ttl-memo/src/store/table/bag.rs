//! What was taken out of readers' reach and waits until none of them can see it.

use std::ptr::NonNull;

use super::head::{self, Head};
use super::seen::Retired;
use super::slots::Slots;
use crate::reclaim::{Grace, Held};

/// A root that another has taken the place of.
pub(super) struct OldRoot(NonNull<Head>);

// SAFETY: it owns cells and no more.
unsafe impl Send for OldRoot {}

impl OldRoot {
    /// # Safety
    /// Nobody else will have it back.
    pub(super) unsafe fn of(root: NonNull<Head>) -> Self {
        Self(root)
    }
}

impl Drop for OldRoot {
    /// After its grace, or when there are no readers: with the bag's lots, or with the bag.
    fn drop(&mut self) {
        // SAFETY: by the promise in `of`; nobody is in it.
        unsafe { head::free(self.0) };
    }
}

/// Retired slots and roots, in no order.
struct Lot<K, V> {
    slots: Vec<Retired<K, V>>,
    roots: Vec<OldRoot>,
}

impl<K, V> Lot<K, V> {
    const fn new() -> Self {
        Self { slots: Vec::new(), roots: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.roots.is_empty()
    }
}

/// A shard's bag.
pub(super) struct Bag<K, V> {
    fresh: Lot<K, V>,
    /// Readers that were probing when this was looked at last have not all gone on.
    parked: Option<(Grace, Lot<K, V>)>,
}

/// Filled slots that nobody can see: their pairs are to be dropped, with no lock held.
///
/// Whatever its user's `Drop` does, every pair is dropped, and the slots come back to their shard.
pub(in crate::store) struct Ripe<K, V> {
    slots: Vec<Retired<K, V>>,
    /// How many have been dropped.
    dropped: usize,
}

/// A list longer than this is not kept for the next time.
const KEEP: usize = 256;

impl<K, V> Bag<K, V> {
    pub(super) const fn new() -> Self {
        Self { fresh: Lot::new(), parked: None }
    }

    #[inline]
    pub(super) fn add(&mut self, retired: Retired<K, V>) {
        self.fresh.slots.push(retired);
    }

    pub(super) fn add_root(&mut self, root: OldRoot) {
        self.fresh.roots.push(root);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.parked.is_none()
    }

    /// How many slots wait.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.fresh.slots.len() + self.parked.as_ref().map_or(0, |(_, lot)| lot.slots.len())
    }

    /// Whether a root waits: it may be as large as many slots.
    #[inline]
    pub(super) fn has_root(&self) -> bool {
        !self.fresh.roots.is_empty()
    }

    /// Whether readers that are in the way are waited for.
    #[inline]
    pub(super) fn is_parked(&self) -> bool {
        self.parked.is_some()
    }

    /// What nobody can see any more, of what is in here; never waits.
    pub(super) fn collect(&mut self) -> Option<Ripe<K, V>> {
        let mut lot = match self.parked.take() {
            Some((mut grace, lot)) => {
                if !grace.is_over() {
                    self.parked = Some((grace, lot));
                    return None;
                }
                lot
            }
            None if self.fresh.is_empty() => return None,
            None => {
                let lot = std::mem::replace(&mut self.fresh, Lot::new());
                let mut grace = Grace::begin();
                if !grace.is_over() {
                    self.parked = Some((grace, lot));
                    return None;
                }
                lot
            }
        };
        let held = Held::now();
        if !held.is_empty() {
            for retired in lot.slots.extract(|retired| held.has(retired.address())) {
                self.fresh.slots.push(retired);
            }
        }
        // The roots go here: nobody is probing in them.
        Some(Ripe { slots: lot.slots, dropped: 0 })
    }

    /// Keeps the memory of a list for the next.
    fn keep(&mut self, slots: Vec<Retired<K, V>>) {
        debug_assert!(slots.is_empty());
        if self.fresh.slots.capacity() == 0 && slots.capacity() <= KEEP {
            self.fresh.slots = slots;
        }
    }
}

/// `Vec::extract_if` is younger than our oldest compiler.
trait Extract<T> {
    fn extract(&mut self, wanted: impl FnMut(&T) -> bool) -> Vec<T>;
}

impl<T> Extract<T> for Vec<T> {
    fn extract(&mut self, mut wanted: impl FnMut(&T) -> bool) -> Vec<T> {
        let mut extracted = Vec::new();
        let mut at = 0;
        while at < self.len() {
            if wanted(&self[at]) {
                extracted.push(self.swap_remove(at));
            } else {
                at += 1;
            }
        }
        extracted
    }
}

impl<K, V> Ripe<K, V> {
    /// Drops what is left to be dropped. If a `Drop` panics, call it again for those behind.
    pub(in crate::store) fn drop_pairs(&mut self) {
        if std::mem::needs_drop::<(K, V)>() {
            while let Some(retired) = self.slots.get(self.dropped) {
                self.dropped += 1;
                // SAFETY: after its grace, and held by nobody; counted before, so once only.
                unsafe { retired.drop_pair() };
            }
        } else {
            self.dropped = self.slots.len();
        }
    }

    /// The slots are free; `gone` hears of the chunks that go with them.
    pub(super) fn give_back(
        mut self,
        slots: &mut Slots<K, V>,
        bag: &mut Bag<K, V>,
        mut gone: impl FnMut(usize),
    ) {
        debug_assert!(self.dropped == self.slots.len(), "each pair is dropped");
        for retired in self.slots.drain(..self.dropped) {
            // SAFETY: dropped, and nobody looks at it any more.
            let chunk = unsafe { slots.free(retired.number) };
            if let Some(chunk) = chunk {
                gone(chunk);
            }
        }
        slots.drop_vacant(gone);
        bag.keep(self.slots);
    }
}
