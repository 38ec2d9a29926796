//! The one stored first goes: a list in the order of insertions, and uses change nothing.

use core::sync::atomic::AtomicU32;

use super::links::Queue;
use super::{EvictionPolicy, Marks, NONE, Recording, Residents};

#[derive(Clone, Debug)]
pub(crate) struct Fifo {
    order: Queue,
}

impl EvictionPolicy for Fifo {
    const RECORDING: Recording = Recording::None;

    fn new(_seed: u64) -> Self {
        Self { order: Queue::new() }
    }

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

    fn touch(&mut self, _slot: u32, _word: &AtomicU32, _hash: u32, _marks: &Marks) {}

    fn remove(&mut self, slot: u32) {
        self.order.remove(slot);
    }

    fn victim(&mut self, keep: u32, _residents: &impl Residents, _marks: &Marks) -> Option<u32> {
        self.order.oldest(keep)
    }

    #[inline]
    fn foresee(&self, hash_of: impl Fn(u32) -> u32) -> Option<u32> {
        self.order.oldest(NONE).map(hash_of)
    }

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
