//! The least recently used goes: a list in the order of uses.

use super::links::Queue;
use super::{EvictionPolicy, Marks, Recording, Replacement, Residents};

#[derive(Clone, Debug)]
pub(crate) struct Lru {
    order: Queue,
}

impl EvictionPolicy for Lru {
    const RECORDING: Recording = Recording::Log;

    fn new(_seed: u64) -> Self {
        Self { order: Queue::new() }
    }

    #[inline]
    fn insert(&mut self, slot: u32, _hash: u32, residents: &impl Residents, _marks: &Marks) -> u32 {
        self.order.push(slot, residents)
    }

    fn renew(&mut self, of: Replacement, residents: &impl Residents, _marks: &Marks) -> u32 {
        self.order.remove(of.from, of.word, residents);
        self.order.push(of.to, residents)
    }

    fn touch(&mut self, slot: u32, _hash: u32, residents: &impl Residents, _marks: &Marks) {
        self.order.refresh(slot, residents);
    }

    #[inline]
    fn remove(&mut self, slot: u32, word: u32, residents: &impl Residents) {
        self.order.remove(slot, word, residents);
    }

    #[inline]
    fn victim(&mut self, keep: u32, residents: &impl Residents, _marks: &Marks) -> Option<u32> {
        self.order.oldest(keep, residents)
    }

    #[inline]
    fn foresee(&self) -> Option<u32> {
        self.order.first()
    }

    #[inline]
    fn evicted(&mut self, slot: u32, _hash: u32, word: u32, residents: &impl Residents) {
        self.order.remove(slot, word, residents);
    }

    fn clear(&mut self) {
        self.order.clear();
    }

    fn shrink_to(&mut self, _slots: u32) {
        self.order.shrink();
    }
}
