//! The entries of one owner: found by hash and equality, bounded, in order of going.
//!
//! Nothing here runs the user's code but [`Stock::find`], which only looks: `Eq` may panic there and
//! nothing has changed. What leaves is handed out, to be dropped where that may panic, too.

use super::ledger::Ledger;
use super::policy::{Marks, NONE, Policy, Recording, Residents};
use super::slots::{Held, Slots, Terms};
use super::table::Table;
use crate::RemovalCause;

/// The entries, and the books about them.
#[derive(Debug)]
pub(crate) struct Stock<K, V> {
    table: Table,
    slots: Slots<K, V>,
    ledger: Ledger,
    marks: Marks,
    /// How long an entry may go unused; `u64::MAX`: for ever.
    idle: u64,
    /// How the policy hears of uses.
    recording: Recording,
}

/// What there is to be written down of an entry beside its deadline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kinds {
    /// Entries may weigh other than 1.
    pub(crate) weighted: bool,
    /// How long an entry may go unused; `u64::MAX`: for ever.
    pub(crate) idle: u64,
    /// When it was stored.
    pub(crate) dated: bool,
}

/// What a new entry took the place of.
#[derive(Debug)]
pub(crate) enum Displaced<K, V> {
    Nothing,
    /// A live value; beside it the new key, which was not needed.
    Value(V, K),
    /// An entry whose time was over.
    Expired(Held<K, V>),
}

impl<K, V> Stock<K, V> {
    pub(crate) fn new(
        policy: Policy,
        seed: u64,
        bound: Option<usize>,
        Kinds { weighted, idle, dated }: Kinds,
    ) -> Self {
        let moving = idle != u64::MAX;
        let mut ledger = Ledger::new(policy, seed, weighted, moving);
        let recording = ledger.recording();
        let more = moving || recording == Recording::Log;
        let marks = if more { Marks::that_hear_of_all() } else { Marks::new() };
        ledger.set_bound(bound, &marks);
        let slots = Slots::new(weighted, moving, dated);
        Self { table: Table::default(), slots, ledger, marks, idle, recording }
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) fn ledger_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// The slot of an entry, live or not, by its key's hash and what `is` it.
    #[inline]
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(&K) -> bool) -> Option<u32> {
        self.table.find(hash, |slot| is(&self.slots.get(slot).key))
    }

    /// The same, and what is in it.
    #[inline]
    pub(crate) fn find_held(
        &self,
        hash: u32,
        mut is: impl FnMut(&K) -> bool,
    ) -> Option<(u32, &Held<K, V>)> {
        self.table.find_map(hash, |slot| {
            let held = self.slots.get(slot);
            is(&held.key).then_some((slot, held))
        })
    }

    #[inline]
    pub(crate) fn get(&self, slot: u32) -> &Held<K, V> {
        self.slots.get(slot)
    }

    #[inline]
    pub(crate) fn value_mut(&mut self, slot: u32) -> &mut V {
        &mut self.slots.get_mut(slot).value
    }

    /// When an entry was stored, if that is written down.
    pub(crate) fn stored(&self, slot: u32) -> Option<u64> {
        self.slots.stored(slot)
    }

    /// Until when an entry is served at most, however often it is used.
    #[cfg(feature = "serde")]
    pub(crate) fn limit(&self, slot: u32) -> u64 {
        self.slots.limit(slot)
    }

    /// Every slot, in order, with an entry or without.
    pub(crate) fn as_slice(&self) -> &[Option<Held<K, V>>] {
        self.slots.as_slice()
    }

    /// For the values only.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [Option<Held<K, V>>] {
        self.slots.as_mut_slice()
    }

    pub(crate) fn into_vec(self) -> Vec<Option<Held<K, V>>> {
        self.slots.into_vec()
    }

    /// Until when an entry used now is served, if it is not used again.
    #[inline]
    pub(crate) fn idle_until(&self, now: u64) -> u64 {
        now.saturating_add(self.idle)
    }

    /// Until when an entry that is used now is served, if it is not used again.
    pub(crate) fn prolonged(&self, slot: u32, now: u64) -> u64 {
        self.slots.prolonged(slot, self.idle_until(now))
    }

    /// Whether a use is of interest to nobody.
    #[inline]
    pub(crate) fn ignores_uses(&self) -> bool {
        self.idle == u64::MAX && self.recording == Recording::None
    }

    /// An entry was used, if that can be told while others look on; if not, it is to be told by
    /// [`touch`](Self::touch). `held`: what is in the slot.
    #[inline]
    pub(crate) fn touch_shared(&self, slot: u32, held: &Held<K, V>) -> bool {
        self.marks.has_marked(self.slots.word(slot)) || self.touch_noted(slot, held)
    }

    #[inline(never)]
    fn touch_noted(&self, slot: u32, held: &Held<K, V>) -> bool {
        if self.recording == Recording::Word {
            self.marks.hit(self.slots.word(slot), held.hash());
        }
        self.idle == u64::MAX && self.recording != Recording::Log
    }

    /// An entry was used.
    #[inline]
    pub(crate) fn touch(&mut self, slot: u32, now: u64) {
        if self.recording != Recording::None {
            self.ledger.touch(slot, &self.slots, &self.marks);
        }
        if self.idle != u64::MAX {
            let until = self.idle_until(now);
            self.slots.prolong(slot, until);
        }
    }

    /// Stores an entry, in the place of the one in `found`; its slot. There may be a
    /// [`surplus`](Self::surplus) then.
    #[inline]
    pub(crate) fn insert(
        &mut self,
        found: Option<u32>,
        hash: u32,
        pair: (K, V),
        terms: Terms,
        now: u64,
    ) -> (u32, Displaced<K, V>) {
        let Some(slot) = found else {
            // If each weighs 1, there are no more than that.
            let full = if self.ledger.is_weighted() { None } else { self.ledger.bound() };
            let full = full.unwrap_or(usize::MAX);
            let slot = self.slots.vacant(full);
            let word = self.ledger.inserted(slot, terms.filing(hash), &self.slots, &self.marks);
            self.table.insert(hash, slot, full);
            let nothing = self.slots.fill(slot, word, hash, pair, terms);
            debug_assert!(nothing.is_none());
            return (slot, Displaced::Nothing);
        };
        if now < self.slots.get(slot).deadline {
            let (key, value) = pair;
            return (slot, Displaced::Value(self.renew(slot, value, terms), key));
        }
        let expired = self.exchange(slot, hash, pair, terms, now);
        (slot, expired.map_or(Displaced::Nothing, Displaced::Expired))
    }

    /// Stores a value in the place of another that was live when it was looked at. There may be a
    /// [`surplus`](Self::surplus) then.
    pub(crate) fn renew(&mut self, slot: u32, value: V, terms: Terms) -> V {
        let filing = terms.filing(self.slots.get(slot).hash());
        // At the beginning of time everything is live.
        let word = self.ledger.replaced(slot, slot, filing, 0, &self.slots, &self.marks);
        self.slots.renew(slot, word, value, terms)
    }

    /// Stores an entry in the place of another, which it gives with its key. There may be a
    /// [`surplus`](Self::surplus) then.
    pub(crate) fn exchange(
        &mut self,
        slot: u32,
        hash: u32,
        pair: (K, V),
        terms: Terms,
        now: u64,
    ) -> Option<Held<K, V>> {
        let filing = terms.filing(hash);
        let word = self.ledger.replaced(slot, slot, filing, now, &self.slots, &self.marks);
        self.slots.fill(slot, word, hash, pair, terms)
    }

    /// While there is more than the bound allows: an entry that has to go, never the one in `keep`.
    #[inline]
    pub(crate) fn surplus(
        &mut self,
        now: u64,
        keep: Option<u32>,
    ) -> Option<(Held<K, V>, RemovalCause)> {
        let keep = keep.unwrap_or(NONE);
        let (slot, cause) = self.ledger.surplus(now, keep, &self.slots, &self.marks)?;
        Some((self.take(slot), cause))
    }

    /// An entry that is gone at `now`, within the budget.
    #[inline]
    pub(crate) fn due(&mut self, now: u64, budget: &mut u32) -> Option<Held<K, V>> {
        let slot = self.ledger.due(now, budget, &self.slots)?;
        let held = self.take(slot);
        self.shrink();
        Some(held)
    }

    /// Takes an entry out.
    pub(crate) fn remove(&mut self, slot: u32, cause: RemovalCause) -> Held<K, V> {
        self.ledger.removed(slot, cause, &self.slots);
        let held = self.take(slot);
        self.shrink();
        held
    }

    /// The entry that the policy would evict next.
    pub(crate) fn victim(&mut self) -> Option<u32> {
        self.ledger.victim(&self.slots, &self.marks)
    }

    /// Live entries and their weight.
    pub(crate) fn live(&self, now: u64) -> (usize, usize) {
        self.ledger.live(now, &self.slots)
    }

    /// The slots of entries whose time is over.
    pub(crate) fn over(&self, now: u64) -> Vec<u32> {
        self.ledger.all_over(now, &self.slots)
    }

    /// Takes everything out.
    pub(crate) fn clear(&mut self) -> Vec<Option<Held<K, V>>> {
        self.table = Table::default();
        self.ledger.clear();
        let empty = self.slots.another();
        std::mem::replace(&mut self.slots, empty).into_vec()
    }

    #[inline]
    fn take(&mut self, slot: u32) -> Held<K, V> {
        let held = self.slots.take(slot);
        self.table.remove(held.hash(), slot);
        held
    }

    fn shrink(&mut self) {
        self.table.shrink();
        if let Some(slots) = self.slots.shrink() {
            self.ledger.shrink_to(slots);
        }
    }
}

impl<K: Clone, V: Clone> Clone for Stock<K, V> {
    fn clone(&self) -> Self {
        Self {
            table: self.table.clone(),
            slots: self.slots.clone(),
            ledger: self.ledger.clone(),
            marks: self.marks.clone(),
            idle: self.idle,
            recording: self.recording,
        }
    }
}

#[cfg(any(test, fuzzing))]
impl<K, V> Stock<K, V> {
    /// Recomputes every invariant.
    pub(crate) fn validate(&self) {
        self.slots.validate();
        self.ledger.validate(&self.slots);
        let held = (0..).zip(self.as_slice());
        self.table.validate(held.filter_map(|(slot, held)| Some((held.as_ref()?.hash(), slot))));
    }
}
