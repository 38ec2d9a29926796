//! What few entries need beside a deadline: a column that a chunk has only if one of its entries
//! does.

use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// One entry's place in it.
///
/// Written while the slot is free, or the column is nowhere to be seen yet; atomic only so that
/// whoever finds the column may look at it.
#[derive(Debug)]
pub(super) struct Extra {
    stored: AtomicU64,
    pub(super) limit: AtomicU64,
    window: AtomicU64,
    pub(super) weight: AtomicUsize,
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
    pub(super) fn new(notes: Notes) -> Self {
        Self {
            stored: AtomicU64::new(notes.stored),
            limit: AtomicU64::new(notes.limit),
            window: AtomicU64::new(notes.window),
            weight: AtomicUsize::new(notes.weight),
        }
    }

    pub(super) fn set(&self, notes: Notes) {
        self.stored.store(notes.stored, Ordering::Relaxed);
        self.limit.store(notes.limit, Ordering::Relaxed);
        self.window.store(notes.window, Ordering::Relaxed);
        self.weight.store(notes.weight, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> Notes {
        Notes {
            stored: self.stored.load(Ordering::Relaxed),
            limit: self.limit.load(Ordering::Relaxed),
            window: self.window.load(Ordering::Relaxed),
            weight: self.weight.load(Ordering::Relaxed),
        }
    }
}
