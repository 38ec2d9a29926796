//! Periods after which what was taken out is nobody's any more.

use super::section::{HOLDING, PROBING, STATE};
use super::threads::{self, ThreadSlot};
use crate::sync::atomic::Ordering;

/// A period of grace for all that was taken out before it began.
#[derive(Debug)]
pub(crate) struct Grace {
    /// The sections that were probing then, by their pins.
    waits: Vec<(&'static ThreadSlot, usize)>,
}

impl Grace {
    pub(crate) fn begin() -> Self {
        // Against the fence in `section::probe`.
        crate::sync::fence();
        let pins = threads::all().map(|slot| (slot, slot.pin.load(Ordering::Acquire)));
        Self { waits: pins.filter(|(_, pin)| pin & STATE == PROBING).collect() }
    }

    /// Whether it is over; never waits.
    pub(crate) fn is_over(&mut self) -> bool {
        self.waits.retain(|(slot, pin)| slot.pin.load(Ordering::Acquire) == *pin);
        self.waits.is_empty()
    }
}

/// What is held now. To be taken when a period is over.
#[derive(Debug)]
pub(crate) struct Held {
    addresses: Vec<usize>,
}

impl Held {
    pub(crate) fn now() -> Self {
        let holding = threads::all()
            .filter(|slot| slot.pin.load(Ordering::Acquire) & STATE == HOLDING)
            .map(|slot| slot.held.load(Ordering::Acquire));
        Self { addresses: holding.collect() }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    #[inline]
    pub(crate) fn has(&self, address: usize) -> bool {
        self.addresses.contains(&address)
    }
}
