//! A reader's stay among things that may be taken out meanwhile.

use std::marker::PhantomData;

use super::threads::{self, ThreadSlot};
use crate::sync::atomic::Ordering;

/// The states of a pin, in its two lowest bits; 0: not in a section.
pub(super) const STATE: usize = 3;
pub(super) const PROBING: usize = 1;
pub(super) const HOLDING: usize = 2;
/// From one section to the next.
const NEXT: usize = 4;

/// This thread reads; see the [module](super) for what that means. Ends when it is dropped, a
/// panic's unwinding included.
#[derive(Debug)]
pub(crate) struct Section {
    slot: &'static ThreadSlot,
    /// The pin without its state. Kept, as the pin itself would have to be loaded from a store that
    /// was made just now.
    base: usize,
    /// The slot is not this thread's own.
    lent: bool,
    /// The slot is one thread's.
    bound: PhantomData<*const ()>,
}

impl Section {
    /// Begins, probing, in this thread's own slot, if that is free.
    #[inline]
    pub(crate) fn begin_in(own: &'static ThreadSlot) -> Option<Self> {
        let base = own.pin.load(Ordering::Relaxed);
        if base & STATE != 0 {
            return None;
        }
        probe(own, base);
        Some(Self { slot: own, base, lent: false, bound: PhantomData })
    }

    /// Begins, probing.
    #[inline]
    pub(crate) fn begin() -> Self {
        if let Some(section) = threads::own().and_then(Self::begin_in) {
            return section;
        }
        let section = Self::begin_elsewhere();
        probe(section.slot, section.base);
        section
    }

    /// Begins with nothing in reach: `hold` follows, under the lock of what is to be held.
    #[inline]
    pub(crate) fn idle() -> Self {
        if let Some(slot) = threads::own() {
            let base = slot.pin.load(Ordering::Relaxed);
            if base & STATE == 0 {
                return Self { slot, base, lent: false, bound: PhantomData };
            }
        }
        Self::begin_elsewhere()
    }

    /// For the first call of a thread, for one from within a section (the user's `Eq` or `Clone`
    /// calls a cached function) and for one from a thread-local's destructor.
    #[cold]
    fn begin_elsewhere() -> Self {
        let own = threads::join().filter(|own| own.pin.load(Ordering::Relaxed) & STATE == 0);
        let lent = own.is_none();
        let slot = own.unwrap_or_else(threads::claim);
        let base = slot.pin.load(Ordering::Relaxed);
        Self { slot, base, lent, bound: PhantomData }
    }

    /// Lets all go but what is at `address`.
    #[inline]
    pub(crate) fn hold(&self, address: usize) {
        self.slot.held.store(address, Ordering::Release);
        self.slot.pin.store(self.base | HOLDING, Ordering::Release);
    }

    /// Lets go of what was held, and probes anew: nothing found before may be used any more.
    pub(crate) fn probe_again(&mut self) {
        self.base = self.base.wrapping_add(NEXT);
        probe(self.slot, self.base);
    }
}

#[inline]
fn probe(slot: &ThreadSlot, base: usize) {
    // Release: who sees this pin, and not the one before that ended a section, must still see that
    // section's reads behind it.
    slot.pin.store(base | PROBING, Ordering::Release);
    // Against the fence in `Grace::begin`.
    crate::sync::fence();
}

impl Drop for Section {
    #[inline]
    fn drop(&mut self) {
        self.slot.pin.store(self.base.wrapping_add(NEXT), Ordering::Release);
        if self.lent {
            self.slot.release();
        }
    }
}
