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
    /// Its state, as the pin has it. The rest of that is not kept: to load it again costs a hit
    /// less than a register.
    state: usize,
    /// The slot is not this thread's own.
    lent: bool,
    /// The slot is one thread's.
    bound: PhantomData<*const ()>,
}

impl Section {
    /// Begins, probing, in this thread's own slot, if that is free.
    #[inline]
    pub(crate) fn begin_in(own: &'static ThreadSlot) -> Option<Self> {
        if own.pin.load(Ordering::Relaxed) & STATE != 0 {
            return None;
        }
        let mut section = Self { slot: own, state: 0, lent: false, bound: PhantomData };
        section.probe();
        Some(section)
    }

    /// Begins, probing.
    #[inline]
    pub(crate) fn begin() -> Self {
        if let Some(section) = Self::begin_in(threads::here()) {
            return section;
        }
        let mut section = Self::begin_elsewhere();
        section.probe();
        section
    }

    /// Begins with nothing in reach: `hold` follows, under the lock of what is to be held.
    #[inline]
    pub(crate) fn idle() -> Self {
        let slot = threads::here();
        if slot.pin.load(Ordering::Relaxed) & STATE == 0 {
            return Self { slot, state: 0, lent: false, bound: PhantomData };
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
        Self { slot, state: 0, lent, bound: PhantomData }
    }

    /// Lets all go but what is at `address`.
    #[inline]
    pub(crate) fn hold(&mut self, address: usize) {
        self.slot.held.store(address, Ordering::Release);
        self.advance(HOLDING - self.state);
        self.state = HOLDING;
    }

    /// Lets go of what was held, and probes anew: nothing found before may be used any more.
    pub(crate) fn probe_again(&mut self) {
        self.advance(NEXT - self.state);
        self.state = 0;
        self.probe();
    }

    #[inline]
    fn probe(&mut self) {
        // Release: who sees this pin, and not the one before that ended a section, must still see
        // that section's reads behind it.
        self.advance(PROBING);
        self.state = PROBING;
        // Against the fence in `Grace::begin`.
        crate::sync::fence();
    }

    /// Moves the pin on, which nobody else writes. Release.
    #[inline]
    fn advance(&self, by: usize) {
        let pin = self.slot.pin.load(Ordering::Relaxed);
        self.slot.pin.store(pin.wrapping_add(by), Ordering::Release);
    }
}

impl Drop for Section {
    #[inline]
    fn drop(&mut self) {
        self.advance(NEXT - self.state);
        if self.lent {
            self.slot.release();
        }
    }
}
