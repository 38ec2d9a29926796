//! The entries of one owner, by slot.

#![expect(clippy::cast_possible_truncation, reason = "slots are numbers of 32 bits")]

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

use super::ledger::{Entries, Filing};
use super::policy::{EMPTY, GROUP, Residents};
use super::vacancies::Vacancies;

/// An entry.
#[derive(Clone, Debug)]
pub(crate) struct Held<K, V> {
    pub(crate) key: K,
    pub(crate) value: V,
    /// Live while `now < deadline`; moves on with each use where there is a time to idle.
    pub(crate) deadline: u64,
    hash: u32,
    /// Whether it is held past its deadline, where others are. (Of the other bit patterns one stands
    /// for a slot without an entry, so that no more is needed for that.)
    pub(crate) lingers: bool,
}

impl<K, V> Held<K, V> {
    pub(crate) fn hash(&self) -> u32 {
        self.hash
    }
}

const _: () = assert!(size_of::<Option<Held<u64, u64>>>() == 32, "no more for an empty slot");

/// On what terms an entry is stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) weight: usize,
    pub(crate) stored: u64,
    /// Until when it is served at most.
    pub(crate) limit: u64,
    /// Until when it is served if it is not used before.
    pub(crate) deadline: u64,
    /// Whether it is held past its deadline, where others are.
    pub(crate) lingers: bool,
}

impl Terms {
    pub(crate) fn filing(self, hash: u32) -> Filing {
        Filing { hash, weight: self.weight, deadline: self.deadline }
    }
}

/// All entries, some slots free between them.
#[derive(Debug)]
pub(crate) struct Slots<K, V> {
    held: Vec<Option<Held<K, V>>>,
    words: Vec<Words>,
    vacancies: Vacancies,
    /// By slot, if entries weigh other than 1.
    weights: Option<Vec<usize>>,
    /// By slot, if deadlines move: how far at most.
    limits: Option<Vec<u64>>,
    /// By slot, if it is written down: when it was stored.
    dates: Option<Vec<u64>>,
    /// So many entries are to go before the end is looked at again.
    patience: usize,
}

/// Policy words, in a cache line at most.
#[derive(Debug)]
#[repr(align(32))]
struct Words([AtomicU32; GROUP]);

impl Words {
    const fn empty() -> Self {
        Self([const { AtomicU32::new(EMPTY) }; GROUP])
    }
}

impl<K, V> Slots<K, V> {
    pub(crate) fn new(weighted: bool, moving: bool, dated: bool) -> Self {
        Self {
            held: Vec::new(),
            words: Vec::new(),
            vacancies: Vacancies::default(),
            weights: weighted.then(Vec::new),
            limits: moving.then(Vec::new),
            dates: dated.then(Vec::new),
            patience: 0,
        }
    }

    /// Empty ones of the same kind.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.weights.is_some(), self.limits.is_some(), self.dates.is_some())
    }

    /// The entry in a slot that holds one.
    #[inline]
    pub(crate) fn get(&self, slot: u32) -> &Held<K, V> {
        self.held[slot as usize].as_ref().expect("an entry lives here")
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: u32) -> &mut Held<K, V> {
        self.held[slot as usize].as_mut().expect("an entry lives here")
    }

    /// Every slot, in order.
    pub(crate) fn as_slice(&self) -> &[Option<Held<K, V>>] {
        &self.held
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [Option<Held<K, V>>] {
        &mut self.held
    }

    pub(crate) fn into_vec(self) -> Vec<Option<Held<K, V>>> {
        self.held
    }

    /// A slot for an entry to come: the lowest that is free. `full`: how many there will be at
    /// most, about.
    #[inline]
    pub(crate) fn vacant(&mut self, full: usize) -> u32 {
        self.vacancies.pop().unwrap_or_else(|| self.add(full))
    }

    fn add(&mut self, full: usize) -> u32 {
        let slot = self.held.len();
        assert!(slot < EMPTY as usize - 1, "a map holds fewer than four billion entries");
        add(&mut self.held, None, full);
        if slot % GROUP == 0 {
            add(&mut self.words, Words::empty(), full / GROUP + 1);
        }
        if let Some(weights) = &mut self.weights {
            add(weights, 0, full);
        }
        for times in [&mut self.limits, &mut self.dates].into_iter().flatten() {
            add(times, 0, full);
        }
        slot as u32
    }

    /// Fills a slot, and gives what was in it.
    #[inline]
    pub(crate) fn fill(
        &mut self,
        slot: u32,
        word: u32,
        hash: u32,
        (key, value): (K, V),
        terms: Terms,
    ) -> Option<Held<K, V>> {
        self.file(slot, word, terms);
        let Terms { deadline, lingers, .. } = terms;
        let held = Held { key, value, deadline, hash, lingers };
        self.held[slot as usize].replace(held)
    }

    /// Puts a new value in the place of another, which it gives, under the key that is there.
    pub(crate) fn renew(&mut self, slot: u32, word: u32, value: V, terms: Terms) -> V {
        self.file(slot, word, terms);
        let held = self.get_mut(slot);
        held.deadline = terms.deadline;
        held.lingers = terms.lingers;
        std::mem::replace(&mut held.value, value)
    }

    fn file(&mut self, slot: u32, word: u32, terms: Terms) {
        if let Some(weights) = &mut self.weights {
            weights[slot as usize] = terms.weight;
        }
        if let Some(limits) = &mut self.limits {
            limits[slot as usize] = terms.limit;
        }
        if let Some(dates) = &mut self.dates {
            dates[slot as usize] = terms.stored;
        }
        self.word(slot).store(word, Relaxed);
    }

    /// Empties a slot, whose word is `EMPTY` already.
    #[inline]
    pub(crate) fn take(&mut self, slot: u32) -> Held<K, V> {
        let held = self.held[slot as usize].take().expect("an entry lives here");
        self.vacancies.push(slot);
        held
    }

    /// The deadline of an entry after a use that keeps it `until` then, as far as its limit allows.
    #[inline]
    pub(crate) fn prolonged(&self, slot: u32, until: u64) -> u64 {
        let deadline = self.get(slot).deadline;
        match &self.limits {
            Some(limits) => deadline.max(until.min(limits[slot as usize])),
            None => deadline,
        }
    }

    /// After such a use.
    #[inline]
    pub(crate) fn prolong(&mut self, slot: u32, until: u64) {
        let deadline = self.prolonged(slot, until);
        self.get_mut(slot).deadline = deadline;
    }

    /// When an entry was stored, if that is written down.
    pub(crate) fn stored(&self, slot: u32) -> Option<u64> {
        self.dates.as_ref().map(|dates| dates[slot as usize])
    }

    /// Until when an entry is served at most, however often it is used.
    #[cfg(feature = "serde")]
    pub(crate) fn limit(&self, slot: u32) -> u64 {
        let deadline = self.get(slot).deadline;
        self.limits.as_ref().map_or(deadline, |limits| limits[slot as usize])
    }

    /// An entry has gone: gives back the free slots at the end, if most are free; how many are left
    /// then.
    pub(crate) fn shrink(&mut self) -> Option<u32> {
        let slots = self.held.len();
        let taken = slots - self.vacancies.len();
        if slots < 64 || taken > slots / 4 {
            return None;
        }
        if taken > 0 && self.patience > 0 {
            self.patience -= 1;
            return None;
        }
        let left = self.held.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        if left > slots / 2 {
            // In vain. As many go before the next look as this one has passed, lest each of them is
            // paid for by all that are free.
            self.patience = slots - left;
            return None;
        }
        self.patience = 0;
        self.held.truncate(left);
        self.held.shrink_to_fit();
        self.words.truncate(left.div_ceil(GROUP));
        self.words.shrink_to_fit();
        if let Some(weights) = &mut self.weights {
            weights.truncate(left);
            weights.shrink_to_fit();
        }
        for times in [&mut self.limits, &mut self.dates].into_iter().flatten() {
            times.truncate(left);
            times.shrink_to_fit();
        }
        self.vacancies.truncate(left as u32);
        Some(left as u32)
    }
}

/// Adds to the end. An eighth more at a time, not twice, which would be idle room; no more than
/// `full` and one, as an entry comes before another goes.
#[inline]
fn add<T>(all: &mut Vec<T>, last: T, full: usize) {
    if all.len() == all.capacity() {
        make_room(all, full);
    }
    all.push(last);
}

#[cold]
fn make_room<T>(all: &mut Vec<T>, full: usize) {
    let left = full.saturating_add(1).saturating_sub(all.len());
    all.reserve_exact((all.len() / 8 + 8).min(left).max(1));
}

impl<K: Clone, V: Clone> Clone for Slots<K, V> {
    fn clone(&self) -> Self {
        let copied = |words: &Words| {
            Words(core::array::from_fn(|at| AtomicU32::new(words.0[at].load(Relaxed))))
        };
        Self {
            held: self.held.clone(),
            words: self.words.iter().map(copied).collect(),
            vacancies: self.vacancies.clone(),
            weights: self.weights.clone(),
            limits: self.limits.clone(),
            dates: self.dates.clone(),
            patience: self.patience,
        }
    }
}

impl<K, V> Residents for Slots<K, V> {
    #[inline]
    fn slots(&self) -> u32 {
        self.held.len() as u32
    }

    #[inline]
    fn word(&self, slot: u32) -> &AtomicU32 {
        &self.words[slot as usize / GROUP].0[slot as usize % GROUP]
    }

    #[inline]
    fn group(&self, group: u32) -> &[AtomicU32; GROUP] {
        &self.words[group as usize].0
    }

    fn weighted(&self) -> bool {
        self.weights.is_some()
    }

    #[inline]
    fn weight(&self, slot: u32) -> usize {
        self.weights.as_ref().map_or(1, |weights| weights[slot as usize])
    }
}

impl<K, V> Entries for Slots<K, V> {
    #[inline]
    fn hash(&self, slot: u32) -> u32 {
        self.get(slot).hash
    }

    #[inline]
    fn deadline(&self, slot: u32) -> u64 {
        self.get(slot).deadline
    }
}

#[cfg(any(test, fuzzing))]
impl<K, V> Slots<K, V> {
    pub(crate) fn validate(&self) {
        assert_eq!(self.words.len(), self.held.len().div_ceil(GROUP));
        let free = self.held.iter().filter(|held| held.is_none()).count();
        assert_eq!(free, self.vacancies.len());
        for slot in 0..self.words.len() * GROUP {
            let taken = self.held.get(slot).is_some_and(Option::is_some);
            let word = self.word(slot as u32).load(Relaxed);
            assert_eq!(taken, word != EMPTY, "slot {slot} has an entry and a word, or neither");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms { weight: 1, stored: 0, limit: 9, deadline: 9, lingers: false };

    /// Takes an entry out and gives back what is free; how many slots are left, if that is told.
    fn take(slots: &mut Slots<u32, ()>, slot: u32) -> Option<u32> {
        slots.word(slot).store(EMPTY, Relaxed);
        slots.take(slot);
        let left = slots.shrink();
        slots.validate();
        left
    }

    #[test]
    fn an_end_that_was_looked_at_in_vain_is_not_looked_at_for_each_that_goes() {
        let mut slots = Slots::new(false, false, false);
        for n in 0..128 {
            let slot = slots.vacant(usize::MAX);
            assert!(slots.fill(slot, 0, n, (n, ()), TERMS).is_none());
        }
        // One stays past the middle, and from the end on all others go.
        let (last, rest) = (99, (0..99).rev());
        assert!((100..128).all(|slot| take(&mut slots, slot).is_none()));
        let mut looks = Vec::new();
        for slot in rest {
            let before = slots.patience;
            assert_eq!(take(&mut slots, slot), None);
            looks.extend((slots.patience > before).then_some(slot));
        }
        assert_eq!(looks, [31, 2], "each look passes 28 free slots");
        assert_eq!(
            take(&mut slots, last),
            Some(0),
            "with nothing left there is nothing to look for"
        );
    }
}
