//! The least recently used goes: a list in the order of uses.

use core::sync::atomic::AtomicU32;

use super::links::Queue;
use super::{EvictionPolicy, Marks, NONE, Recording, Residents};

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
    fn insert(
        &mut self,
        slot: u32,
        _hash: u32,
        _residents: &impl Residents,
        _marks: &Marks,
    ) -> u32 {
        self.order.push(slot);
        0
    }

    fn renew(&mut self, from: u32, to: u32, _word: u32, _hash: u32, _marks: &Marks) -> u32 {
        self.order.remove(from);
        self.order.push(to);
        0
    }

    fn touch(&mut self, slot: u32, _word: &AtomicU32, _hash: u32, _marks: &Marks) {
        self.order.refresh(slot);
    }

    #[inline]
    fn remove(&mut self, slot: u32) {
        self.order.remove(slot);
    }

    #[inline]
    fn victim(&mut self, keep: u32, _residents: &impl Residents, _marks: &Marks) -> Option<u32> {
        self.order.oldest(keep)
    }

    #[inline]
    fn foresee(&self, hash_of: impl Fn(u32) -> u32) -> Option<u32> {
        self.order.oldest(NONE).map(hash_of)
    }

    #[inline]
    fn evicted(&mut self, slot: u32, _hash: u32, _word: u32) {
        self.order.remove(slot);
    }

    fn clear(&mut self) {
        self.order.clear();
    }

    fn shrink_to(&mut self, slots: u32) {
        self.order.shrink_to(slots);
    }
}
