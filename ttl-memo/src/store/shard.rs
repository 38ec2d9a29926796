//! A part of a cache's entries, chosen by hash: one lock for its writers, none for its readers.

use std::sync::atomic::AtomicU32;

use super::entry::Terms;
use super::table::{Desk, Face, Ripe, Slots};
use super::uses::Uses;
use crate::engine::ledger::{Entries, Ledger};
use crate::engine::policy::{EMPTY, GROUP, Marks, Policy, Recording, Residents};
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::sync::{Latch, Padded};

/// What hits read comes first, on lines that misses write rarely.
pub(super) struct Shard<K, V, B> {
    pub(super) face: Face<K, V>,
    pub(super) marks: Marks,
    /// Only for policies that hear of each hit.
    pub(super) uses: Option<Box<Uses>>,
    /// Before this instant nothing is past its time.
    pub(super) due: AtomicU64,
    /// Something waits to be dropped.
    pub(super) untidy: AtomicBool,
    pub(super) writer: Padded<Latch<Writer<K, V, B>>>,
}

/// What is behind the lock.
pub(super) struct Writer<K, V, B> {
    pub(super) desk: Desk<K, V>,
    pub(super) ledger: Ledger,
    pub(super) companion: B,
}

/// The entries as the ledger sees them.
pub(super) struct View<'w, K, V> {
    pub(super) slots: &'w Slots<K, V>,
    pub(super) weighted: bool,
}

impl<K, V, B: Default> Shard<K, V, B> {
    pub(super) fn new(policy: Policy, seed: u64, terms: &Terms) -> Self {
        let mut ledger = Ledger::new(policy, seed, terms.weighted, terms.tti != u64::MAX);
        ledger.set_window(terms.window);
        let uses = (ledger.recording() == Recording::Log).then(|| Box::new(Uses::new()));
        let writer = Writer { desk: Desk::new(), ledger, companion: B::default() };
        let more = uses.is_some() || terms.tti != u64::MAX;
        let marks = if more { Marks::that_hear_of_all() } else { Marks::new() };
        Self {
            face: Face::new(),
            marks,
            uses,
            due: AtomicU64::new(u64::MAX),
            untidy: AtomicBool::new(false),
            writer: Padded(Latch::new(writer)),
        }
    }
}

impl<K, V, B> Writer<K, V, B> {
    /// Brings the policy up to date.
    #[inline]
    pub(super) fn replay(&mut self, shard: &Shard<K, V, B>, terms: &Terms) {
        let Some(uses) = shard.uses.as_ref().filter(|uses| !uses.is_empty()) else { return };
        let view = View { slots: self.desk.slots(), weighted: terms.weighted };
        let ledger = &mut self.ledger;
        uses.replay(|slot| {
            if view.lives(slot) {
                ledger.touch(slot, &view, &shard.marks);
            }
        });
    }

    /// Takes what nobody sees any more from the bag, if it is worth it or `promptly`.
    #[inline]
    pub(super) fn tidy(&mut self, shard: &Shard<K, V, B>, promptly: bool) -> Option<Ripe<K, V>> {
        if promptly || self.desk.is_bag_full() {
            return self.collect(shard, promptly);
        }
        if !shard.untidy.load(Ordering::Relaxed) {
            shard.untidy.store(!self.desk.is_tidy(), Ordering::Relaxed);
        }
        None
    }

    #[inline(never)]
    fn collect(&mut self, shard: &Shard<K, V, B>, promptly: bool) -> Option<Ripe<K, V>> {
        let ripe = self.desk.collect(&shard.face);
        if promptly {
            self.shrink(shard);
        }
        shard.untidy.store(!self.desk.is_tidy(), Ordering::Relaxed);
        ripe
    }

    pub(super) fn shrink(&mut self, shard: &Shard<K, V, B>) {
        self.desk.shrink(&shard.face);
        self.ledger.shrink_to(self.desk.slots().top());
    }
}

impl<K, V> View<'_, K, V> {
    #[inline]
    pub(super) fn lives(&self, slot: u32) -> bool {
        slot < self.slots.top() && self.word(slot).load(Ordering::Relaxed) != EMPTY
    }
}

impl<K, V> Residents for View<'_, K, V> {
    #[inline]
    fn slots(&self) -> u32 {
        self.slots.top()
    }

    #[inline]
    fn word(&self, slot: u32) -> &AtomicU32 {
        let (group, at) = (slot as usize / GROUP, slot as usize % GROUP);
        &self.slots.words(group)[at]
    }

    #[inline]
    fn group(&self, group: u32) -> &[AtomicU32; GROUP] {
        self.slots.words(group as usize)
    }

    #[inline]
    fn weighted(&self) -> bool {
        self.weighted
    }

    #[inline]
    fn weight(&self, slot: u32) -> usize {
        if self.weighted { self.slots.weight(slot) } else { 1 }
    }
}

impl<K, V> Entries for View<'_, K, V> {
    #[inline]
    fn hash(&self, slot: u32) -> u32 {
        self.slots.hash(slot)
    }

    #[inline]
    fn deadline(&self, slot: u32) -> u64 {
        self.slots.deadline(slot)
    }
}
