//! The hits that an exact policy is still to hear of, in their order.

// Numbers that guard nothing; see `push`.
use crate::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

const LEN: usize = 64;

/// A log of slots that were hit, written by any thread without the lock.
///
/// Complete and in order for calls made one after another. Of calls side by side some may be
/// missing, or be noted for an entry that came to the same slot just then: there is no one order of
/// these anyway.
#[derive(Debug)]
pub(super) struct Uses {
    len: AtomicUsize,
    /// By one more than the slot's number; 0: not written yet.
    slots: [AtomicU32; LEN],
}

impl Uses {
    pub(super) fn new() -> Self {
        Self { len: AtomicUsize::new(0), slots: std::array::from_fn(|_| AtomicU32::new(0)) }
    }

    /// Notes a hit; true if the log is full now, and is to be replayed.
    #[inline]
    pub(super) fn push(&self, slot: u32) -> bool {
        let at = self.len.fetch_add(1, Ordering::Relaxed);
        if let Some(place) = self.slots.get(at) {
            place.store(slot + 1, Ordering::Relaxed);
        }
        at + 1 >= LEN
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.len.load(Ordering::Relaxed) == 0
    }

    /// Takes the hits out; for one caller at a time.
    pub(super) fn replay(&self, mut touch: impl FnMut(u32)) {
        let len = self.len.load(Ordering::Relaxed).min(LEN);
        for place in &self.slots[..len] {
            let noted = place.swap(0, Ordering::Relaxed);
            if let Some(slot) = noted.checked_sub(1) {
                touch(slot);
            }
        }
        self.len.store(0, Ordering::Relaxed);
    }
}
