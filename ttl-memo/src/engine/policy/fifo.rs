//! The one stored first goes: a list in the order of insertions, and uses change nothing.

use super::{EvictionPolicy, Marks, Recording, Replacement, Residents};
use crate::engine::rings::Rings;

/// The one list that there is.
const ORDER: usize = 0;

/// Its words stay zero, so that hits, which it does not hear of, find nothing to do.
#[derive(Clone, Debug)]
pub(crate) struct Fifo {
    slots: Rings,
}

impl EvictionPolicy for Fifo {
    const RECORDING: Recording = Recording::None;

    fn new(_seed: u64) -> Self {
        Self { slots: Rings::NONE }
    }

    #[inline]
    fn insert(
        &mut self,
        slot: u32,
        _hash: u32,
        _residents: &impl Residents,
        _marks: &Marks,
    ) -> u32 {
        self.slots.push(ORDER, slot);
        0
    }

    fn renew(&mut self, of: Replacement, _residents: &impl Residents, _marks: &Marks) -> u32 {
        self.slots.remove(of.from);
        self.slots.push(ORDER, of.to);
        0
    }

    fn touch(&mut self, _slot: u32, _hash: u32, _residents: &impl Residents, _marks: &Marks) {}

    #[inline]
    fn remove(&mut self, slot: u32, _word: u32, _residents: &impl Residents) {
        self.slots.remove(slot);
    }

    #[inline]
    fn victim(&mut self, keep: u32, _residents: &impl Residents, _marks: &Marks) -> Option<u32> {
        let oldest = self.slots.first(ORDER)?;
        if oldest == keep { self.slots.iter(ORDER).nth(1) } else { Some(oldest) }
    }

    #[inline]
    fn foresee(&self) -> Option<u32> {
        self.slots.first(ORDER)
    }

    #[inline]
    fn evicted(&mut self, slot: u32, _hash: u32, _word: u32, _residents: &impl Residents) {
        self.slots.remove(slot);
    }

    fn clear(&mut self) {
        self.slots = Rings::NONE;
    }

    fn shrink_to(&mut self, _slots: u32) {
        self.slots.shrink();
    }
}
